"""The course: its notebooks in their order, and what of it is still to come."""

import os
import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

import nbformat
from nbformat import NotebookNode
from pydantic import BaseModel, ConfigDict, ValidationError

from syllabus.errors import CourseError
from syllabus.facts import Facts

INDEX, SOURCES = "index", "sources"
GENERATED = (INDEX, SOURCES)
LAB_COPY, LAB_SOLUTION = "lab.ipynb", "solution.ipynb"
MARK = re.compile(r"^0?(?P<mark>[0-9]+|S[0-9])-")


class Planned(BaseModel):
    """A chapter, or a lab, that is not there yet."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    question: str


class Road(BaseModel):
    """A way through the course for somebody: names of chapters and labs, in their order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    who: str
    steps: tuple[str, ...]
    why: str


class SurveyQuestion(BaseModel):
    """A question of the survey that the course began with, and what answers it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    answer: str
    until_then: tuple[str, ...] = ()


class Outline(BaseModel):
    """What is said by hand, in course.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prose: dict[str, str]
    planned: dict[str, Planned] = {}
    roads: tuple[Road, ...] = ()
    survey: dict[str, SurveyQuestion] = {}

    @classmethod
    def read(cls, path: Path) -> "Outline":
        """Read it.

        Raises:
            CourseError: when it can't be understood.
        """
        try:
            return cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, ValidationError) as error:
            raise CourseError(f"{path}: {error}") from None


@dataclass(frozen=True, eq=False, kw_only=True)
class Part:
    """A chapter or a lab.

    Attributes:
        name: its notebook's name for a chapter, its folder's for a lab (``labs/06-…``).
        path: the notebook that is edited.
        opened: the notebook that readers open: for a lab, the students' copy.
        notebook: what the former holds.
    """

    name: str
    path: Path
    opened: Path
    notebook: NotebookNode

    @property
    def is_lab(self) -> bool:
        """Whether it is a lab."""
        return self.name.startswith("labs/")

    @property
    def mark(self) -> str:
        """What it is called in a list: 0, 12, S1."""
        found = MARK.match(PurePosixPath(self.name).name)
        if found is None:
            raise CourseError(f"{self.path}: its name must begin with its number, such as 04-.")
        return found["mark"]

    @cached_property
    def facts(self) -> Facts:
        """What it says of itself."""
        return Facts.of(self.notebook, self.name)

    @cached_property
    def title(self) -> str:
        """Its title: the first line.

        Raises:
            CourseError: when it has none.
        """
        first = self.notebook.cells[0] if self.notebook.cells else None
        if first is None or first.cell_type != "markdown" or not first.source.startswith("# "):
            raise CourseError(f"{self.name} must begin with a Markdown cell: # and its title.")
        return str(first.source.partition("\n")[0].removeprefix("# "))


@dataclass(frozen=True, eq=False, kw_only=True)
class Course:
    """All of it.

    Attributes:
        root: the project's folder.
        chapters: in their order.
        labs: in theirs.
        outline: what is said by hand.
    """

    root: Path
    chapters: tuple[Part, ...]
    labs: tuple[Part, ...]
    outline: Outline

    @classmethod
    def read(cls, root: Path) -> "Course":
        """Read a project's notebooks, but for the generated ones, and its course.toml."""
        chapters = tuple(
            _part(path.stem, path, path)
            for path in sorted((root / "notebooks").glob("*.ipynb"))
            if path.stem not in GENERATED
        )
        labs = tuple(
            _part(f"labs/{path.parent.name}", path, path.with_name(LAB_COPY))
            for path in sorted((root / "labs").glob(f"*/{LAB_SOLUTION}"))
        )
        outline = Outline.read(root / "notebooks" / "course.toml")
        return cls(root=root, chapters=chapters, labs=labs, outline=outline)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Chapters, then labs."""
        return self.chapters + self.labs

    @property
    def planned(self) -> dict[str, Planned]:
        """What is not there yet, by name."""
        there = {part.name for part in self.parts}
        return {name: each for name, each in self.outline.planned.items() if name not in there}

    @property
    def fulfilled(self) -> tuple[str, ...]:
        """Names of what course.toml calls planned, and what is there."""
        return tuple(name for name in self.outline.planned if name not in self.planned)

    def __getitem__(self, name: str) -> Part:
        """Return the chapter or lab of that name.

        Raises:
            CourseError: when there is none.
        """
        for part in self.parts:
            if part.name == name:
                return part
        raise CourseError(f"{name!r} is neither a chapter nor a lab of the course.")

    def link(self, part: Part, *, seen_from: Path) -> str:
        """Return a Markdown link to a part, relative to a notebook's file."""
        return f"[{part.title}]({relative(part.opened, seen_from)})"


def _part(name: str, path: Path, opened: Path) -> Part:
    notebook = nbformat.read(path, as_version=4)
    return Part(name=name, path=path, opened=opened, notebook=notebook)


def relative(target: Path, seen_from: Path) -> str:
    """Return the way from a notebook's file to another."""
    return Path(os.path.relpath(target, seen_from.parent)).as_posix()
