"""Make each lab's copy for students (lab.ipynb) of its solution.ipynb, which alone is edited.

What stands between the markers ### BEGIN SOLUTION and ### END SOLUTION becomes a place for the
student's own lines; a cell that calls work.check("task") is graded, and worth the task's points.
This script tells nbgrader so, in the metadata of solution.ipynb's cells; the copy is made by
nbgrader's own steps, and is what `nbgrader generate_assignment` makes.

    labs.py [LAB ...]                  bring what is not up to date up to date
    labs.py [LAB ...] --check          say what is not, with exit code 1 when anything isn't
    labs.py [LAB ...] --course FOLDER  make a course folder for nbgrader

LAB is a lab's folder, such as labs/06-hear-the-network; without it, all are meant.
"""

import argparse
import ast
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)

from voiplab.errors import GradingError
from voiplab.grading import Assignment

LABS = Path(__file__).parents[1] / "labs"
SOLUTION, COPY = "solution.ipynb", "lab.ipynb"
BEGIN = "### BEGIN SOLUTION"
SCHEMA = 3

# Those of nbgrader's GenerateAssignment that change a notebook's cells, in its order.
STEPS = (
    LockCells,
    ClearSolutions,
    ClearOutput,
    CheckCellMetadata,
    ComputeChecksums,
    ClearHiddenTests,
    ClearMarkScheme,
    ComputeChecksums,
    CheckCellMetadata,
)

# What students are not given, and what running a notebook leaves behind.
NOT_GIVEN = shutil.ignore_patterns("*.ipynb", "*.zip", "broken", "__pycache__", ".*")
CONFIG = '''"""nbgrader's settings for this course: see labs/README.md of VoIP Lab."""

c = get_config()  # noqa: F821 - nbgrader's own
c.CourseDirectory.course_id = "voip-lab"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.pyc", "*.zip"]
# A lab on the engine starts within seconds; a long call, or a build, takes its time.
c.ExecutePreprocessor.timeout = 600
'''


def checked_tasks(source: str) -> Iterator[str]:
    """Yield the names of the tasks that a cell checks: of each work.check("name", …)."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="work"), attr="check"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield name


def with_metadata(solution: Path) -> NotebookNode:
    """Return a solution whose cells say to nbgrader what they are.

    Raises:
        GradingError: when a task is not checked exactly once, or a cell is of two kinds.
    """
    notebook = nbformat.read(solution, as_version=4)
    assignment = Assignment.read(solution.parent)
    checked: list[str] = []
    for cell in notebook.cells:
        cell.metadata.pop("nbgrader", None)
        if cell.cell_type != "code":
            continue
        tasks = list(checked_tasks(cell.source))
        checked += tasks
        if tasks and (len(tasks) > 1 or BEGIN in cell.source):
            raise GradingError(f"{cell.id} of {solution}: give each check a cell of its own.")
        if tasks:
            task = assignment[tasks[0]]
            cell.metadata.nbgrader = _told(f"check-{task.name}", grade=True, points=task.points)
        elif BEGIN in cell.source:
            cell.metadata.nbgrader = _told(f"answer-{cell.id}", grade=False)
    if checked != [task.name for task in assignment]:
        raise GradingError(
            f"{solution} checks {checked}; {solution.parent.name}/checks.py has the tasks "
            f"{[task.name for task in assignment]}: check each once, in that order."
        )
    return notebook


def _told(grade_id: str, *, grade: bool, points: float | None = None) -> NotebookNode:
    told = {
        "schema_version": SCHEMA,
        "grade_id": grade_id,
        "grade": grade,
        "solution": not grade,
        "locked": grade,
        "task": False,
    }
    return NotebookNode(told if points is None else told | {"points": points})


def students_copy(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook that students get of a solution with metadata."""
    copy, resources = nbformat.from_dict(notebook.copy()), {}
    for step in STEPS:
        copy, resources = step().preprocess(copy, resources)
    return copy


def text_of(notebook: NotebookNode) -> str:
    """Return a notebook as it lies in its file."""
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def wanted_texts(solution: Path) -> dict[Path, str]:
    """Return what a lab's notebooks should be, by file."""
    notebook = with_metadata(solution)
    text = text_of(notebook)
    copy = students_copy(nbformat.reads(text, as_version=4))
    return {solution: text, solution.with_name(COPY): text_of(copy)}


def stale_texts(solutions: list[Path]) -> dict[Path, str]:
    """Return what the files that are not up to date should be."""
    wanted: dict[Path, str] = {}
    for solution in solutions:
        wanted |= wanted_texts(solution)
    return {
        path: text
        for path, text in wanted.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }


def make_course(folder: Path, solutions: list[Path]) -> None:
    """Make a course folder for nbgrader: each lab under source/, and its settings."""
    for solution in solutions:
        place = folder / "source" / solution.parent.name
        shutil.copytree(solution.parent, place, ignore=NOT_GIVEN, dirs_exist_ok=True)
        # By the name under which students know it.
        (place / COPY).write_text(text_of(with_metadata(solution)), encoding="utf-8")
    (folder / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")


def main() -> int:
    """Write, check, or lay out the labs."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("labs", nargs="*", type=Path, metavar="LAB", help="a lab's folder")
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 if stale")
    parser.add_argument("--course", type=Path, metavar="FOLDER", help="make a course for nbgrader")
    arguments = parser.parse_args()
    labs = [lab.resolve() for lab in arguments.labs] or sorted(LABS.iterdir())
    solutions = [lab / SOLUTION for lab in labs if arguments.labs or (lab / SOLUTION).exists()]
    if arguments.course is not None:
        make_course(arguments.course, solutions)
        return 0
    stale = stale_texts(solutions)
    for path, text in stale.items():
        if not arguments.check:
            path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path.relative_to(LABS.parent)} was not up to date\n")
    return 1 if stale and arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
