"""What commands print: tables for people, JSON for programs."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from voiplab.config import Security
from voiplab.packets import Ladder
from voiplab.packets.printable import printable

Encryption = Annotated[
    Security | None,
    typer.Option(help="What is encrypted between PBX and phones; without it, nothing."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, with keys that stay.")]

# The terminal's own colours, which its user can read on its ground; see packets.legend.
_LADDER_COLOURS = {
    "request": "blue",
    "provisional": "yellow",
    "success": "green",
    "failure": "red",
    "dtmf": "magenta",
    "rtcp": "dim",
    "media": "magenta",
}
_BETWEEN_LIFELINES = r"(?<=[│║])[^│║]*[─═╌↻][^│║]*"

# Nothing limits the width of a file or of a pipe: no line need be folded there.
_UNLIMITED = 10_000

_people = Console(highlight=False, width=None if sys.stdout.isatty() else _UNLIMITED)
_errors = Console(stderr=True, highlight=False)


def say(line: str) -> None:
    """Print a line for people."""
    _people.print(Text(printable(line)))


def print_ladder(ladder: Ladder, most: int) -> None:
    """Print a ladder, in colour on a terminal: never folded, whatever its width.

    Args:
        ladder: the ladder.
        most: how many rungs to print.
    """
    for line, kind in ladder.lines(most):
        text = Text(line)
        text.highlight_regex(_BETWEEN_LIFELINES, _LADDER_COLOURS.get(kind, ""))
        _people.print(text, soft_wrap=True)


def complain(sentence: str) -> None:
    """Print what went wrong to the standard error stream."""
    _errors.print(Text(printable(sentence), style="red"))


def print_json(value: object) -> None:
    """Print a value as JSON."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table for people; numbers are set to the right.

    Args:
        columns: the headings.
        rows: the cells, a sequence a row; None shows as a dash.
    """
    cells = [list(row) for row in rows]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, column in enumerate(columns):
        numbers = all(isinstance(row[index], int | float | None) for row in cells)
        if numbers and cells:
            table.add_column(column, justify="right", no_wrap=True)
        else:
            table.add_column(column, overflow="fold")
    for row in cells:
        table.add_row(*(Text(_cell(value)) for value in row))
    _people.print(table)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.2f}" if isinstance(value, float) else printable(str(value))


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show the step being taken: a moving line on a terminal, plain lines elsewhere.

    Args:
        quiet: show nothing.

    Yields:
        A function to be told each step.
    """
    if quiet:
        yield lambda _step: None
    elif _errors.is_terminal:
        with _errors.status("starting") as status:
            yield lambda step: status.update(Text(step))
    else:
        yield lambda step: _errors.print(Text(f"… {step}"))
