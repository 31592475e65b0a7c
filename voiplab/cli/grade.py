"""``voiplab grade``: what a class has handed in, judged anew without a lab."""

from pathlib import Path
from typing import Annotated

import typer

from voiplab.cli.output import AsJson, print_json, print_table, progress, say
from voiplab.errors import GradingError
from voiplab.grading.marking import LABS, grade

TABLE = "grades.csv"


def grade_(
    folder: Annotated[Path, typer.Argument(help="The folder with the files handed in.")],
    table: Annotated[
        Path | None, typer.Option("--csv", help=f"The table to write; else FOLDER/{TABLE}.")
    ] = None,
    only: Annotated[str | None, typer.Option(help="Grade this lab, and refuse all others.")] = None,
    labs: Annotated[Path, typer.Option(help="The folder with your own copy of the labs.")] = LABS,
    *,
    as_json: AsJson = False,
) -> None:
    """Judge what was handed in by the labs' checks, and write the class's table."""
    with progress(quiet=as_json) as step:
        book = grade(folder, labs=labs, only=only, progress=step)
    table = table or folder / TABLE
    try:
        table.write_text(book.csv(), encoding="utf-8")
    except OSError as error:
        raise GradingError(f"{table} can't be written: {error.strerror}.") from error
    if as_json:
        print_json({"grades": [each.as_dict() for each in book.grades], "csv": str(table)})
    else:
        print_table(
            ("student", "lab", *book.tasks, "total", "of", "state"),
            [
                (
                    each.student or each.file,
                    each.assignment,
                    *(_points(each.as_dict()["tasks"], task) for task in book.tasks),
                    f"{each.points:g}" if each.tasks else "",
                    f"{each.of:g}" if each.tasks else "",
                    each.state,
                )
                for each in book.grades
            ],
        )
        for each in book.grades:
            for remark in each.remarks:
                say(f"{each.file}: {remark}")
        say(f"Table: {table}")
    if not book.clean:
        raise typer.Exit(1)


def _points(tasks: dict[str, float], task: str) -> str:
    return f"{tasks[task]:g}" if task in tasks else ""
