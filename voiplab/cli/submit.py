"""``voiplab submit``: the one file that a student hands in."""

from pathlib import Path
from typing import Annotated

import typer

from voiplab.cli.output import AsJson, print_json, print_table, say
from voiplab.errors import SubmissionError
from voiplab.grading import Assignment, Worksheet
from voiplab.grading.sheet import Sheet
from voiplab.grading.worksheet import sheets


def submit(
    folder: Annotated[Path, typer.Argument(help="The lab's folder.")] = Path(),
    student: Annotated[
        str | None, typer.Option(help="Whose sheet; without it, the only one there is.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="The folder to write the file to; else the lab's.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Write the file that you hand in: what was seen of each task, and what came of it."""
    who = student or _only_student(Assignment.read(folder))
    work = Worksheet.open(student=who, folder=folder)
    handed_in = work.hand_in(to or folder)
    tasks = handed_in.progress.rows()
    if as_json:
        print_json(
            {
                "file": str(handed_in.path),
                "student": who,
                "assignment": work.assignment.name,
                "points": handed_in.progress.points,
                "of": work.assignment.points,
                "tasks": {row.task: row.state.startswith("✓") for row in tasks},
            }
        )
        return
    print_table(("task", "state", "points"), [(row.title, row.state, row.points) for row in tasks])
    say(f"{who}: {handed_in.progress.points:g} of {work.assignment.points:g} points")
    say(f"Hand in: {handed_in.path}")


def _only_student(assignment: Assignment) -> str:
    found = [Sheet.find(folder) for folder in sorted(sheets(assignment.name).glob("*/"))]
    names = [sheet.student for sheet in found if sheet is not None]
    if len(names) == 1:
        return names[0]
    if not names:
        raise SubmissionError(
            f"Nothing of {assignment.name} has been checked here yet: run the lab's notebook first."
        )
    raise SubmissionError(
        f"Several students' sheets are here: {', '.join(names)}. Name yours: --student."
    )
