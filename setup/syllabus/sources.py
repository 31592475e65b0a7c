"""Where the course's figures come from: sources.csv, and the page that shows it."""

import csv
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

from nbformat import NotebookNode
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from syllabus.citations import cited_in
from syllabus.course import SOURCES, Course
from syllabus.errors import CourseError
from syllabus.pages import page

DATED = r"^$|^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"


class Source(BaseModel):
    """A document: a line of sources.csv.

    Attributes:
        key: how it is cited.
        publisher: who answers for it.
        title: what it is called.
        dated: its own date: a year, a month or a day; empty when it has none.
        url: where it is.
        read: the day on which a copy was read by us; None when none was.
        note: what is taken from it; when it wasn't read, where that is known from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    publisher: Annotated[str, Field(pattern=r"^\S(.*\S)?$")]
    title: Annotated[str, Field(pattern=r"^\S(.*\S)?$")]
    dated: Annotated[str, Field(pattern=DATED)]
    url: Annotated[str, Field(pattern=r"^https?://[^\s<>]+$")]
    read: date | None
    note: Annotated[str, Field(pattern=r"^\S(.*\S)?$")]


COLUMNS = tuple(Source.model_fields)


def read_sources(path: Path) -> tuple[Source, ...]:
    """Read sources.csv.

    Raises:
        CourseError: when a line is not what it must be, or a key occurs twice.
    """
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file, strict=True)
        if lines.fieldnames is None or tuple(lines.fieldnames) != COLUMNS:
            raise CourseError(f"{path} must begin with the line {','.join(COLUMNS)}.")
        sources = tuple(_source(line, f"{path}, line {lines.line_num}") for line in lines)
    keys = [source.key for source in sources]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise CourseError(f"{path} has {', '.join(twice)} twice.")
    return sources


def _source(line: Mapping[str, str], place: str) -> Source:
    try:
        return Source.model_validate(dict(line) | {"read": line["read"] or None})
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()
        )
        raise CourseError(f"{place}: {wrong}.") from None


def uses_of(course: Course) -> dict[str, list[str]]:
    """Return what cites each key: links to chapters and labs, then names of tables of data."""
    seen_from = course.root / "notebooks" / f"{SOURCES}.ipynb"
    uses: dict[str, list[str]] = {}
    for part in course.parts:
        texts = [cell.source for cell in part.notebook.cells if cell.cell_type == "markdown"]
        for key in cited_in("\n".join(texts)):
            uses.setdefault(key, []).append(course.link(part, seen_from=seen_from))
    for path in sorted((course.root / "notebooks" / "data").glob("*.csv")):
        for key in keys_in(path):
            uses.setdefault(key, []).append(f"`data/{path.name}`")
    return uses


def keys_in(path: Path) -> list[str]:
    """Return the keys in a table's column ``source``, each once; a row may have several."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [line.get("source") or "" for line in csv.DictReader(file)]
    return list(dict.fromkeys(key for row in rows for key in re.split(r"[\s,;]+", row) if key))


def sources_page(
    sources: Iterable[Source],
    uses: Mapping[str, list[str]],
    introduction: str,
    kernel: NotebookNode | None = None,
) -> NotebookNode:
    """Return the page: a cell for each publisher, a heading for each key.

    Args:
        sources: what is shown.
        uses: what cites each key.
        introduction: the first cell.
        kernel: the metadata of a notebook with the kernel that the page has.
    """
    by_publisher: dict[str, list[Source]] = {}
    for source in sorted(sources, key=_order):
        by_publisher.setdefault(source.publisher, []).append(source)
    cells = [introduction]
    for publisher, those in by_publisher.items():
        entries = [_entry(source, uses.get(source.key, ())) for source in those]
        cells.append("\n\n".join([f"## {publisher}", *entries]))
    return page(cells, of=SOURCES, kernel=kernel or NotebookNode())


def _order(source: Source) -> tuple[str, list[tuple[int, str]]]:
    # Numbers by their value: G.711 before G.1010.
    parts = re.findall(r"\d+|\D+", source.key)
    return source.publisher.casefold(), [
        (int(part), "") if part.isdigit() else (-1, part) for part in parts
    ]


def _entry(source: Source, uses: Iterable[str]) -> str:
    read = f"Read on {_day(source.read)}." if source.read else "**Not read by us.**"
    note = source.note if source.note.endswith(".") else f"{source.note}."
    lines = [
        f"### {source.key}",
        f"**[{source.title}](<{source.url}>)**, {_written(source.dated)}. {note} {read}",
    ]
    if cited := ", ".join(uses):
        lines.append(f"Cited in: {cited}")
    return "\n\n".join(lines)


def _written(dated: str) -> str:
    if not dated:
        return "undated"
    year, *rest = map(int, dated.split("-"))
    match rest:
        case []:
            return str(year)
        case [month]:
            return f"{date(year, month, 1):%B %Y}"
        case _:
            return _day(date.fromisoformat(dated))


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
