"""Time each chapter as the test run does: with an engine, and where there is none.

    with-engine.sh chapter_times.py [NOTEBOOK ...]

Without NOTEBOOK, all chapters are timed. Prints a table in Markdown; the exit code is 1 when a cell
failed. A chapter that can't do without an engine is timed with one only.
"""

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from syllabus.course import Course, Part
from syllabus.index import table
from syllabus.standards import code_cells

PROJECT = Path(__file__).parents[1]
NOWHERE = {"DOCKER_HOST": "unix:///nowhere/docker.sock"}
# As setup/test.sh runs them.
NBVAL = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "@setup/nbval.args")


@dataclass(frozen=True)
class Run:
    """A run of a chapter.

    Attributes:
        seconds: from starting the test run to its end, its kernel's start included.
        told: what it printed, when a cell failed.
    """

    seconds: float
    told: str | None

    def __str__(self) -> str:
        return "failed" if self.told else f"{self.seconds:.0f}"


def run(part: Part, **environment: str) -> Run:
    """Run a chapter under nbval, in an environment changed by these variables."""
    begun_s = time.monotonic()
    done = subprocess.run(  # noqa: S603 - this project's own test run
        [sys.executable, *NBVAL, str(part.path)],
        cwd=PROJECT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return Run(time.monotonic() - begun_s, done.stdout if done.returncode else None)


def main() -> int:
    """Time and tell."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    arguments = parser.parse_args()
    meant = {path.resolve() for path in arguments.notebooks}
    rows, failed = [], []
    for part in Course.read(PROJECT).chapters:
        if meant and part.path not in meant:
            continue
        runs = [run(part)]
        if part.facts.engine != "needed":
            runs.append(run(part, **NOWHERE))
        failed += [each.told for each in runs if each.told]
        times = [str(each) for each in runs] + ["–"] * (2 - len(runs))
        rows.append((part.name, *times, str(len(code_cells(part.notebook)))))
        sys.stderr.write(f"{' | '.join(rows[-1])}\n")
    sys.stdout.write(table(("chapter", "with engine, s", "without, s", "code cells"), rows) + "\n")
    for told in failed:
        sys.stderr.write(f"{told}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
