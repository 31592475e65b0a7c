"""What a notebook says of itself in its metadata, and the table that readers see of it."""

import re
from typing import Annotated, Literal

from nbformat import NotebookNode
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from syllabus.errors import CourseError

Words = Annotated[str, Field(min_length=1, pattern=r"^\S.*\S$")]
TABLE = re.compile(r"^\|.*\|$(?:\n^\|.*\|$)+", re.MULTILINE)


class Facts(BaseModel):
    """The facts of a chapter or a lab: ``metadata.voiplab`` of its notebook.

    Attributes:
        question: the question that it answers.
        abilities: what readers will be able to do, or practise in a lab.
        minutes: how long it takes to read and do.
        engine: whether it needs a container engine; "or recordings" stand in without one.
        lab: the folder of the lab that belongs to a chapter.
        before: chapters to read first, by the names of their files.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: Annotated[Words, Field(pattern=r"\?$")]
    abilities: Words
    minutes: Annotated[int, Field(gt=0)]
    engine: Literal["needed", "or recordings", "no"]
    lab: str | None = None
    before: tuple[str, ...] = ()

    @classmethod
    def of(cls, notebook: NotebookNode, name: str) -> "Facts":
        """Return what a notebook says of itself.

        Raises:
            CourseError: when it says nothing, or something else.
        """
        try:
            return cls.model_validate(notebook.metadata.get("voiplab"))
        except ValidationError as error:
            wrong = "; ".join(
                f"{'.'.join(map(str, each['loc'])) or 'all of it'}: {each['msg']}"
                for each in error.errors()
            )
            raise CourseError(f"metadata.voiplab of {name}: {wrong}.") from None


ENGINE = {
    "needed": "yes (`make lab` has set one up)",
    "or recordings": "yes; without one, recordings of the same stand in",
    "no": "no",
}


def table_of(
    facts: Facts, *, is_lab: bool = False, before: str | None = None, lab: str | None = None
) -> str:
    """Return the table of facts as Markdown.

    Args:
        facts: what it tells.
        is_lab: whether abilities are practised, rather than gained.
        before: links to what is to be read first.
        lab: a link to the lab that belongs to it.
    """
    rows = [
        ("Question", facts.question),
        ("You will practise" if is_lab else "You will be able to", facts.abilities),
        ("Before", before),
        ("Time", f"{facts.minutes} minutes"),
        ("Needs a container engine", ENGINE[facts.engine]),
        ("Lab", lab),
    ]
    head, *body = (f"| {name} | {words} |" for name, words in rows if words)
    return "\n".join([head, "|---|---|", *body])


def with_table(source: str, table: str) -> str:
    """Return a first cell with the table in the place of the one that is there, or at its end."""
    if found := TABLE.search(source):
        return source[: found.start()] + table + source[found.end() :]
    return f"{source.rstrip()}\n\n{table}"
