"""A real JupyterLab in a real browser, and a lab in the notebook's own kernel."""

import base64
import contextlib
import io
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import nbformat
import numpy as np
import pytest
import soundfile
from jupyter_client import BlockingKernelClient
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from voiplab.containers import Engine, image

# What `make lab` gives to JupyterLab: no news, no updates, no extensions from outside.
SETTINGS = Path(__file__).parents[2] / "setup" / "jupyter"
CHROMIUM = shutil.which("chromium")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
)
GIVES_MICROPHONE = "--use-fake-ui-for-media-stream"
# A name that leads to this machine and yet is not a loopback's: a page of it is not secure.
ELSEWHERE = "jupyter.test"

START = """\
from voiplab import BrowserPhone, Lab

lab = Lab.start(users={"2001": "Front desk"}, runs=%(runs)r, browser_phones=True)
me = lab.add_user("2003", name="Me", phone="browser")
"""
SHOW = "phone = BrowserPhone(me)\nphone"

# The traceback of a cell that failed.
FAILURE = ".jp-OutputArea-output:has-text('Traceback (most recent call last)')"

PANGRAM = "The quick brown fox jumps over the lazy dog. Pack my box with five dozen liquor jugs."
OTHER = "She sells sea shells by the sea shore. How much wood would a woodchuck chuck today?"
RATE_HZ = 8000

# Keeps each connection of the page, so that what it receives can be recorded.
KEEP_CONNECTIONS = """
window.connections = [];
const Connection = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Connection {
  constructor(...all) {
    super(...all);
    window.connections.push(this);
  }
};
"""
# What the newest connection receives, in base64: 16-bit samples at 48 kHz.
RECORD = """async (seconds) => {
  const track = window.connections.at(-1).getReceivers()[0].track;
  const recorder = new MediaRecorder(new MediaStream([track]));
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.start();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  recorder.stop();
  await stopped;
  const coded = await new Blob(parts).arrayBuffer();
  const decoder = new OfflineAudioContext(1, 1, 48000);
  const samples = (await decoder.decodeAudioData(coded)).getChannelData(0);
  const bytes = new Uint8Array(Int16Array.from(samples, (each) => each * 32767).buffer);
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(text);
}"""


class Kernel:
    """The kernel behind the notebook, asked beside the page."""

    def __init__(self, connection_file: Path) -> None:
        self._client = BlockingKernelClient(connection_file=str(connection_file))
        self._client.load_connection_file()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=30)

    def run(self, code: str) -> str:
        """Run code in the notebook's namespace and return what it printed."""
        said: list[str] = []

        def listen(message: dict) -> None:
            if message["msg_type"] == "stream":
                said.append(message["content"]["text"])

        reply = self._client.execute_interactive(code, timeout=60, output_hook=listen)
        content = reply["content"]
        assert content["status"] == "ok", "\n".join(content.get("traceback", [str(content)]))
        return "".join(said)

    def begin(self, code: str) -> None:
        """Have code run, and don't wait for it."""
        self._client.execute(code)

    def value(self, expression: str) -> object:
        """The value of an expression, as JSON carries it."""
        return json.loads(self.run(f"import json; print(json.dumps({expression}))"))

    def until(self, expression: str) -> None:
        """Ask until it is so: between two questions the kernel hears what the page sends."""
        deadline = time.monotonic() + 20
        while not self.value(f"bool({expression})"):
            assert time.monotonic() < deadline, f"It never came to {expression}"
            time.sleep(0.02)

    def close(self) -> None:
        self._client.stop_channels()


class Jupyter:
    """A JupyterLab server with folders, token and port of its own."""

    def __init__(self, folder: Path) -> None:
        self.token = secrets.token_hex(16)
        self.root = folder / "notebooks"
        self.root.mkdir()
        self.runtime = folder / "runtime"
        self.runtime.mkdir(mode=0o700)
        self._log = folder / "jupyter.log"
        environment = os.environ | {
            "JUPYTER_RUNTIME_DIR": str(self.runtime),
            "JUPYTER_CONFIG_PATH": str(SETTINGS),
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTER_DATA_DIR": str(folder / "data"),
            "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
            "IPYTHONDIR": str(folder / "ipython"),
            "JUPYTER_PREFER_ENV_PATH": "1",
        }
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
                    "--ServerApp.ip=127.0.0.1",
                    "--ServerApp.port=0",
                    f"--ServerApp.root_dir={self.root}",
                    f"--ServerApp.local_hostnames=['localhost','{ELSEWHERE}']",
                    f"--IdentityProvider.token={self.token}",
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
            )
        self.port = self._await_port()

    def _await_port(self) -> int:
        """The port that the server was given, which it writes down once it listens."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            for written in self.runtime.glob("jpserver-*.json"):
                with contextlib.suppress(json.JSONDecodeError):
                    return int(json.loads(written.read_text())["port"])
            time.sleep(0.05)
        self.stop()
        raise AssertionError(f"JupyterLab did not start:\n{self._log.read_text()[-3000:]}")

    def write(self, name: str, *cells: str) -> None:
        """Put a notebook in the server's folder."""
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        )
        nbformat.write(notebook, self.root / name)

    def url(self, path: str, host: str = "localhost") -> str:
        return f"http://{host}:{self.port}/{path}?token={self.token}"

    def choose_theme(self, name: str) -> None:
        """Have JupyterLab's pages in a theme from when they are next loaded."""
        setting = "lab/api/settings/@jupyterlab/apputils-extension:themes"
        body = json.dumps({"raw": json.dumps({"theme": name})}).encode()
        answer = urlopen(Request(self.url(setting), body, method="PUT"), timeout=10)  # noqa: S310
        assert answer.status == HTTPStatus.NO_CONTENT

    def kernel(self) -> Kernel:
        """The only kernel that runs."""
        (connection_file,) = self.runtime.glob("kernel-*.json")
        return Kernel(connection_file)

    def stop(self) -> None:
        """End the server, which ends its kernels, which end their labs."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jupyter]:
    server = Jupyter(tmp_path_factory.mktemp("jupyter"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def speech(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Sentences as WAV files at 48 kHz, spoken by the voice in the phones' image."""
    folder = tmp_path_factory.mktemp("speech")
    engine = Engine.connect()
    speaker = engine.run(
        image=image(engine, "phone"),
        name=f"speaker-{secrets.token_hex(4)}",
        labels={},
        command=["sleep", "60"],
    )
    try:
        spoken = {}
        for text in (PANGRAM, OTHER):
            speaker.exec(["say", "48000", "1", "en", "/said.wav", text])
            spoken[text] = folder / f"{len(spoken)}.wav"
            spoken[text].write_bytes(speaker.read("/said.wav"))
    finally:
        speaker.remove()
        engine.close()
    return spoken


def started(playwright: Playwright, *arguments: str) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *arguments])


@pytest.fixture(scope="session")
def launch() -> Callable[..., Browser]:
    """Start another browser, with further arguments; it is its starter's to close."""
    return started


@pytest.fixture(scope="session")
def elsewhere() -> str:
    """A host name that is not a loopback's."""
    return ELSEWHERE


@pytest.fixture(scope="module")
def browser(playwright: Playwright, speech: dict[str, Path]) -> Iterator[Browser]:
    """A browser whose microphone says the pangram, over and over."""
    microphone = f"--use-file-for-fake-audio-capture={speech[PANGRAM]}"
    opened = started(playwright, GIVES_MICROPHONE, microphone)
    yield opened
    opened.close()


class Visited:
    """Every host that pages asked for anything."""

    def __init__(self) -> None:
        self.urls: list[str] = []

    def watch(self, context: BrowserContext) -> None:
        context.on("request", lambda request: self.urls.append(request.url))
        context.on("page", lambda page: page.on("websocket", lambda ws: self.urls.append(ws.url)))

    @property
    def hosts(self) -> set[str]:
        """Without what never leaves the page, such as `data:` and `blob:`."""
        parts = [urlsplit(url) for url in self.urls]
        return {part.hostname or "" for part in parts if part.scheme not in {"data", "blob"}}


@pytest.fixture(scope="module")
def visited() -> Visited:
    return Visited()


@pytest.fixture(scope="module")
def notebook(jupyter: Jupyter, browser: Browser, visited: Visited) -> Iterator[Page]:
    """A notebook in JupyterLab in which the phone is shown."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    visited.watch(context)
    context.add_init_script(KEEP_CONNECTIONS)
    page = context.new_page()
    jupyter.write("phone.ipynb", START % {"runs": str(jupyter.root / "runs")}, SHOW)
    run_all(page, jupyter.url("lab/tree/phone.ipynb"))
    page.keyboard.press("Control+s")
    # Saved, it shows the phone again where the page is loaded anew.
    saved = jupyter.root / "phone.ipynb"
    deadline = time.monotonic() + 20
    while "widget-view" not in saved.read_text():
        assert time.monotonic() < deadline, "The notebook was not saved with its phone."
        time.sleep(0.05)
    yield page
    context.close()


def run_all(page: Page, url: str, shows: str = ".voiplab-phone") -> None:
    """Open a notebook in JupyterLab and run its cells, the last of which shows something."""
    page.goto(url)
    # Until then the menu has not heard which kind of document it is for.
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    shown, failure = page.locator(shows), page.locator(FAILURE)
    shown.or_(failure).first.wait_for(timeout=60_000)
    assert not failure.count(), failure.first.inner_text()


@pytest.fixture(scope="session")
def run_notebook() -> Callable[[Page, str, str], None]:
    """Open a notebook at a URL, run all its cells, and wait for what a selector finds."""
    return run_all


@pytest.fixture
def abroad(playwright: Playwright, jupyter: Jupyter) -> Iterator[Page]:
    """A notebook of a browser on another machine, as far as one machine can be two.

    Its page is secure, as over https; its host is not a loopback's; and the lab's media ports are
    on an address of their own.
    """
    arguments = (
        GIVES_MICROPHONE,
        f"--host-resolver-rules=MAP {ELSEWHERE} 127.0.0.1",
        f"--unsafely-treat-insecure-origin-as-secure=http://{ELSEWHERE}:{jupyter.port}",
    )
    start = START.replace("browser_phones=True", "browser_phones='127.0.0.2'")
    jupyter.write("abroad.ipynb", start % {"runs": str(jupyter.root / "runs")}, SHOW)
    opened = started(playwright, *arguments)
    try:
        page = opened.new_page()
        page.add_init_script(KEEP_CONNECTIONS)
        # A workspace of its own: the others' has their notebook open.
        run_all(page, jupyter.url("lab/workspaces/abroad/tree/abroad.ipynb", ELSEWHERE))
        yield page
    finally:
        opened.close()


@pytest.fixture(scope="module")
def kernel(jupyter: Jupyter, notebook: Page) -> Iterator[Kernel]:
    assert notebook
    connected = jupyter.kernel()
    yield connected
    connected.run("lab.stop()")
    connected.close()


@pytest.fixture
def phone(notebook: Page, kernel: Kernel) -> Iterator[Page]:
    """The page with a phone that is registered and has no call, before and after a test."""
    assert kernel
    rest(notebook)
    yield notebook
    rest(notebook)


def rest(page: Page) -> None:
    for key in ("Hang up", "Reject"):
        button = page.get_by_role("button", name=key, exact=True)
        if button.is_visible():
            button.click()
    page.locator('.voiplab-phone[data-registration="registered"][data-call="idle"]').wait_for()


def samples(wav: bytes | Path) -> np.ndarray:
    """A WAV file as samples at 8 kHz, the band of a telephone."""
    read, rate_hz = soundfile.read(io.BytesIO(wav) if isinstance(wav, bytes) else wav)
    return resampled(read, rate_hz)


def resampled(signal: np.ndarray, rate_hz: int) -> np.ndarray:
    """The same signal at 8 kHz: its spectrum, cut off at 4 kHz."""
    length = len(signal) * RATE_HZ // rate_hz
    spectrum = np.fft.rfft(signal)[: length // 2 + 1]
    return np.fft.irfft(spectrum, length) * length / len(signal)


WINDOW = RATE_HZ // 2
AUDIBLE = 0.01  # of full scale: -40 dB


def likeness(said: np.ndarray, heard: np.ndarray) -> float:
    """How much of what was heard is a piece of what was said, from 0 to 1.

    For each half second heard, the best normalised correlation with any half second of what was
    said over and over; the median of those. Half seconds bear it that a jitter buffer stretches
    time here and there, which a correlation over the whole does not.
    """
    looped = np.concatenate([said, said[:WINDOW]])
    power = np.convolve(looped**2, np.ones(WINDOW), "valid")
    found = []
    for start in range(0, len(heard) - WINDOW + 1, WINDOW):
        window = heard[start : start + WINDOW]
        if np.sqrt(np.mean(window**2)) < AUDIBLE:
            continue
        size = len(looped) + WINDOW
        product = np.fft.rfft(looped, size) * np.conj(np.fft.rfft(window, size))
        match = np.fft.irfft(product, size)[: len(power)]
        scale = np.sqrt(np.maximum(power, WINDOW * AUDIBLE**2) * np.sum(window**2))
        found.append(float(np.max(np.abs(match) / scale)))
    return float(np.median(found)) if found else 0.0


@pytest.fixture(scope="session")
def heard_in() -> Callable[[Page, float], np.ndarray]:
    """Record what the page's call receives from now on, for so many seconds."""

    def record(page: Page, seconds: float) -> np.ndarray:
        coded = base64.b64decode(page.evaluate(RECORD, seconds))
        return resampled(np.frombuffer(coded, "<i2") / 32768, 48000)

    return record


@pytest.fixture(scope="session")
def likeness_to(speech: dict[str, Path]) -> Callable[[str, np.ndarray | bytes], float]:
    """How much of what was heard is a sentence, from 0 to 1."""

    def compare(text: str, heard: np.ndarray | bytes) -> float:
        return likeness(
            samples(speech[text]), samples(heard) if isinstance(heard, bytes) else heard
        )

    return compare
