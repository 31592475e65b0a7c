"""How long `import voiplab` takes, and what it brings with it."""

import json
import subprocess
import sys
from statistics import median

from figure import Figure, spread

HEAVY = ("pandas", "matplotlib", "ipywidgets", "soundfile", "docker")
RUNS = 7

_PROBE = """
import json, sys, time
started = time.perf_counter()
{statement}
took_s = time.perf_counter() - started
print(json.dumps([took_s, [name for name in {heavy!r} if name in sys.modules]]))
"""


def _imported(statement: str) -> tuple[list[float], set[str]]:
    times, brought = [], set()
    for _ in range(RUNS):
        probe = _PROBE.format(statement=statement, heavy=HEAVY)
        printed = subprocess.run(
            [sys.executable, "-c", probe], check=True, capture_output=True, text=True
        ).stdout
        took_s, heavy = json.loads(printed)
        times.append(took_s)
        brought |= set(heavy)
    return times, brought


def measure() -> list[Figure]:
    """Import in fresh interpreters, and look at what was loaded."""
    figures = []
    for name, statement in (
        ("import voiplab", "import voiplab"),
        ("from voiplab import Lab", "from voiplab import Lab"),
    ):
        times, brought = _imported(statement)
        figures.append(
            Figure(
                name,
                median(times),
                0.3,
                "s",
                f"{spread(times, 's')} in {RUNS} fresh interpreters; "
                f"heavy packages loaded: {', '.join(sorted(brought)) or 'none'}",
            )
        )
        if brought & {"pandas", "matplotlib", "ipywidgets"}:
            raise SystemExit(f"{statement} loads {brought}: it must not before they are used")
    return figures
