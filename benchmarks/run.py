"""Measure everything, print it, and write benchmarks/latest.json.

Each figure is a ratio against a reference measured in the same run, or a quantity with its
bound. Give names of benchmarks to run only those.
"""

import importlib
import json
import sys
from pathlib import Path

BENCHMARKS = (
    "import_time",
    "agreement",
    "capture",
    "lab_start",
    "call_setup",
    "browser_call",
    "phones",
    "panels",
)
LATEST = Path(__file__).with_name("latest.json")


def main() -> int:
    """Run the benchmarks; the exit code is 1 when a bound does not hold."""
    wanted = sys.argv[1:] or BENCHMARKS
    unknown = set(wanted) - set(BENCHMARKS)
    if unknown:
        print(f"There is no benchmark {', '.join(sorted(unknown))}: {', '.join(BENCHMARKS)}.")
        return 2
    figures = []
    for name in wanted:
        print(f"== {name}", flush=True)
        for figure in importlib.import_module(name).measure():
            print(figure, flush=True)
            figures.append(figure)
    LATEST.write_text(
        json.dumps({figure.name: figure.as_json() for figure in figures}, indent=2) + "\n"
    )
    print(f"Written to {LATEST.name}.")
    return 0 if all(figure.within for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
