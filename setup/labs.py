"""Make each lab's copy for students (lab.ipynb) of its solution.ipynb, which alone is edited.

What stands between nbgrader's markers ### BEGIN SOLUTION and ### END SOLUTION becomes a place for
the student's own lines, and nothing that was shown is kept. With --check, say what is not up to
date, and end with exit code 1 when anything isn't.
"""

import re
import sys
from pathlib import Path

import nbformat

LABS = Path(__file__).parents[1] / "labs"
SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION\n.*?^ *### END SOLUTION$", re.MULTILINE | re.DOTALL)
PLACEHOLDER = r"\1# YOUR CODE HERE\n\1raise NotImplementedError"


def without_solutions(solution: Path) -> str:
    """Return the notebook that students get."""
    notebook = nbformat.read(solution, as_version=4)
    for cell in notebook.cells:
        cell.source = SOLUTION.sub(PLACEHOLDER, cell.source)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return str(nbformat.writes(notebook)) + "\n"


def main() -> int:
    """Write, or check, the copies."""
    stale = []
    for solution in sorted(LABS.glob("*/solution.ipynb")):
        copy, wanted = solution.with_name("lab.ipynb"), without_solutions(solution)
        if copy.exists() and copy.read_text(encoding="utf-8") == wanted:
            continue
        stale.append(copy)
        if "--check" not in sys.argv:
            copy.write_text(wanted, encoding="utf-8")
    for copy in stale:
        sys.stdout.write(f"{copy.relative_to(LABS.parent)} was not up to date\n")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
