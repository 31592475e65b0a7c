"""From a click on Call in the browser to the first sound at the other end.

The page is the phone's own, without a notebook around it: what is measured is the browser, the
PBX and the softphone that answers at once.
"""

import functools
import http.server
import json
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from statistics import median

from figure import Figure, spread
from playwright.sync_api import Page, sync_playwright

from voiplab import Lab, User
from voiplab.packets import Capture
from voiplab.widgets.phone_texts import TEXTS

CALLS = 12
STATIC = Path(__file__).parents[1] / "voiplab" / "widgets" / "static"
# Quiet, and with a microphone that beeps.
CHROMIUM = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]
# A page with the phone, in which the benchmark takes the notebook's place.
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Phone</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="browser_phone.css">
<main></main><script type="module">
import phone from "./browser_phone.js";
const traits = STATE, listeners = [];
const model = {
  get: (name) => traits[name],
  set: (name, value) => (traits[name] = value),
  save_changes() {},
  on: (_, listener) => listeners.push(listener),
  async send({ ask }) {
    if (ask) listeners.forEach(async (listener) => listener({ account: await account() }));
  },
};
phone.render({ model, el: document.querySelector("main") });
document.addEventListener("click", () => (window.clicked = Date.now() / 1000), true);
</script></html>"""


@contextmanager
def served(folder: str) -> Iterator[str]:
    """Serve a folder on a port of the loopback that the system chooses."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


def account(user: User) -> dict[str, object]:
    """What the notebook would answer to the page."""
    known = asdict(user.browser_account())
    ports = {str(port): at for port, at in known["media_ports"].items()}
    return known | {"media_ports": ports}


def call(page: Page, lab: Lab) -> tuple[float, float]:
    """One call: milliseconds from the click to the answer shown, and to the first RTP packet."""
    callee = lab["2001"].phone
    callee.tap.mark()
    page.get_by_label("Number to call").fill("2001")
    page.get_by_role("button", name="Call", exact=True).click()
    page.locator('[data-call="established"]').wait_for()
    answered = page.evaluate("Date.now() / 1000")
    page.wait_for_function("() => document.querySelector('.vp-timer').textContent === '00:01'")
    clicked = page.evaluate("window.clicked")
    page.get_by_role("button", name="Hang up", exact=True).click()
    page.locator('[data-call="idle"]').wait_for()
    heard, *_ = Capture.open(callee.tap.fetch()).received_by(callee.address).media
    return (answered - clicked) * 1000, (heard.first_s - clicked) * 1000


def measure() -> list[Figure]:
    """Call a softphone that answers at once, several times, from one page."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Lab(users={"2001": "Callee"}, browser_phones=True) as lab,
        sync_playwright() as playwright,
    ):
        me = lab.add_user("2003", name="Me", phone="browser")
        state = json.dumps({"extension": "2003", "name": "Me", "texts": dict(TEXTS)})
        Path(folder, "index.html").write_text(PAGE.replace("STATE", state))
        for name in ("browser_phone.js", "browser_phone.css"):
            shutil.copy(STATIC / name, folder)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM
        )
        with served(folder) as url:
            page = browser.new_page()
            page.expose_function("account", lambda: account(me))
            page.goto(url)
            page.locator('[data-registration="registered"]').wait_for()
            times = [call(page, lab) for _ in range(CALLS)]
        browser.close()
    answered, sounds = zip(*times, strict=True)
    return [
        Figure(
            "click on Call to the first RTP packet at the callee",
            median(sounds),
            1000,
            "ms",
            f"{CALLS} calls: first packet {spread(list(sounds), 'ms')}, "
            f"answer shown {spread(list(answered), 'ms')}",
        )
    ]
