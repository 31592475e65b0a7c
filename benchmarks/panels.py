"""What the panels of the control room cost with twenty calls: in the kernel, and in the page."""

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import psutil
from browser_call import CHROMIUM, served
from figure import Figure, spread
from jupyter_client import BlockingKernelClient, KernelManager
from playwright.sync_api import CDPSession, sync_playwright

from voiplab.evidence import QualitySecond
from voiplab.packets.seconds import Second
from voiplab.widgets.quality_chart import QualityChart, point

CALLS, TURNS, TURN_S, SETTLE_S = 20, 3, 10, 4
STATIC = Path(__file__).parents[1] / "voiplab" / "widgets" / "static"
ENGINE = {"dockerd", "containerd", "containerd-shim-runc-v2", "containerd-shim", "tail"}

START = f"""
import time
from voiplab import Lab
from voiplab.widgets.calls import calls_panel
from voiplab.widgets.phones import phones_panel
from voiplab.widgets.quality import quality_panel

lab = Lab.start(users={{str(3000 + number): "" for number in range({2 * CALLS})}})
phones = [user.phone for user in lab.users]
for caller, callee in zip(phones[::2], lab.users[1::2]):
    caller.call(callee)
assert sum(call.state == "established" for call in lab.calls) == {CALLS}
"""
BARE = "shown = []"
MONITOR = "lab.monitor().start()"
PANELS = """
shown = [phones_panel(lab), quality_panel(lab), calls_panel(lab)]
while not lab.monitor().calls():
    time.sleep(0.1)
shown[2].table.chosen = lab.monitor().calls()[0].id
"""
CLOSE = """
for panel in shown:
    panel.close()
lab.monitor().stop()
"""
# A page with the chart, in which the benchmark takes the kernel's place.
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Quality</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="quality_chart.css">
<body style="width:900px"><main></main><script type="module">
import chart from "./quality_chart.js";
const traits = STATE;
const model = {
  get: (name) => traits[name],
  on: (name, listener) => name === "msg:custom" && (window.hear = listener),
  off() {},
  send() {},
};
chart.render({ model, el: document.querySelector("main") });
</script></body></html>"""


class Kernel:
    """A notebook's kernel, which is told what to do and is free in between."""

    def __init__(self) -> None:
        self._manager = KernelManager(kernel_name="python3")
        self._manager.start_kernel()
        self._client: BlockingKernelClient = self._manager.client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=60)

    def run(self, code: str) -> str:
        """Run code and return what it printed."""
        said = []

        def listen(message: dict) -> None:
            if message["msg_type"] == "stream":
                said.append(message["content"]["text"])

        reply = self._client.execute_interactive(code, timeout=180, output_hook=listen)
        if reply["content"]["status"] != "ok":
            raise SystemExit("\n".join(reply["content"]["traceback"]))
        return "".join(said)

    def share(self) -> tuple[float, float]:
        """What part of a core the kernel uses in a turn, and the engine, in per cent."""
        before_s, engine_s, started = self._cpu_s(), _engine_cpu_s(), time.perf_counter()
        time.sleep(TURN_S)
        took_s = time.perf_counter() - started
        kernel = 100 * (self._cpu_s() - before_s) / took_s
        return kernel, 100 * (_engine_cpu_s() - engine_s) / took_s

    def _cpu_s(self) -> float:
        return float(self.run("print(time.process_time())"))

    def close(self) -> None:
        """End it, which ends its lab."""
        self.run("lab.stop()")
        self._client.stop_channels()
        self._manager.shutdown_kernel()


def _engine_cpu_s() -> float:
    used_s = 0.0
    for process in psutil.process_iter(["name", "cpu_times"]):
        times = process.info["cpu_times"]
        if process.info["name"] in ENGINE and times is not None:
            used_s += times.user + times.system
    return used_s


def measure() -> list[Figure]:
    """Take turns: the lab alone, its monitor, the three panels; then the chart in a page."""
    return [*_in_the_kernel(), _in_the_page()]


def _in_the_kernel() -> Iterator[Figure]:
    shares: dict[str, list[tuple[float, float]]] = {BARE: [], MONITOR: [], PANELS: []}
    kernel = Kernel()
    try:
        kernel.run(START)
        kernel.run(PANELS + CLOSE)  # what is loaded once is loaded before the clock starts
        for _ in range(TURNS):
            for state, found in shares.items():
                kernel.run(BARE)
                kernel.run(state)
                time.sleep(SETTLE_S)
                found.append(kernel.share())
                kernel.run(CLOSE)
    finally:
        kernel.close()
    bare = [share for share, _ in shares[BARE]]
    for state, name, bound in (
        # A tenth of a core is what twenty calls may be watched for where their phones, the PBX and
        # the engine need the rest of two; measuring, which goes on without a page, gets less.
        (PANELS, "panels of phones, calls and quality", 10.0),
        (MONITOR, "measuring alone", 4.0),
    ):
        ours = [share - idle for (share, _), idle in zip(shares[state], bare, strict=True)]
        engine = [
            with_it - without
            for (_, with_it), (_, without) in zip(shares[state], shares[BARE], strict=True)
        ]
        yield Figure(
            f"{name}, {CALLS} calls: share of a core",
            median(ours),
            bound,
            "%",
            f"{TURNS} turns of {TURN_S} s in a kernel: {spread(ours, '%')} more than the lab "
            f"alone, which takes {spread(bare, '%')}; the engine {spread(engine, '%')} more",
        )


def _in_the_page() -> Figure:
    """Draw forty directions for a minute's worth of seconds, one a second as they would come."""
    chart = QualityChart(lambda: ((), {}))
    state = {name: getattr(chart, name) for name in ("note", "texts", "bands", "colours")}
    keys = [str(each) for each in range(2 * CALLS)]
    past = {key: [_point(at, key) for at in range(300)] for key in keys}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        Path(folder, "index.html").write_text(PAGE.replace("STATE", json.dumps(state)))
        for name in ("quality_chart.js", "quality_chart.css"):
            shutil.copy(STATIC / name, folder)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM
        )
        with served(folder) as url:
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            page.goto(url)
            page.wait_for_function("() => window.hear")
            page.evaluate("message => window.hear(message)", _message(keys, past))
            page.wait_for_timeout(1000)
            session = page.context.new_cdp_session(page)
            session.send("Performance.enable")
            before_s, started = _busy_s(session), time.perf_counter()
            for at in range(300, 300 + TURN_S):
                page.evaluate(
                    "message => window.hear(message)",
                    _message(keys, {key: [_point(at, key)] for key in keys}),
                )
                page.wait_for_timeout(1000)
            share = 100 * (_busy_s(session) - before_s) / (time.perf_counter() - started)
        browser.close()
    return Figure(
        f"the chart of {2 * CALLS} directions in the page: share of a core",
        share,
        10.0,
        "%",
        f"the page's main thread over {TURN_S} s, one second of each direction a second, "
        "five minutes drawn",
    )


def _busy_s(session: CDPSession) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(each["value"] for each in metrics if each["name"] == "TaskDuration")


def _point(at: int, key: str) -> list[object]:
    lost = (at * 7 + int(key)) % 5
    second = Second(1_700_000_000 + at, packets=50 - lost, lost=lost, jitter_ms=2.0 + lost)
    return list(point(QualitySecond.of(second, "PCMU", 80)))


def _message(keys: list[str], seconds: dict[str, list[list[object]]]) -> dict[str, object]:
    row = {"state": "in progress", "packets": 15_000, "lost": 300, "reason": ""}
    rows = [{"key": key, "label": f"{key} → 2002", **row} for key in keys]
    return {"rows": rows, "seconds": seconds, "replace": False}
