"""What is wrong with a hand-written configuration, where, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Final, Literal

from voiplab.config.by_hand.syntax import Section, Setting, Slip

_DIALLED: Final = frozenset({"exten", "same"})
"""Lines of the dial plan, whose first word says nothing about which one it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault.

    Attributes:
        kind: which mistake it is, in a few words with hyphens.
        file: the file to look at.
        line: on which of its lines, counted from 1; 0 for the file as a whole.
        object: the section, with its type where it has one: ``[2001] (aor)``; or "".
        option: the option in it, or "".
        problem: what is wrong, and what comes of it, in a sentence.
        remedy: what to do, in a sentence.
        weight: ``error`` when something will not work, ``risk`` when it works and is not safe.

    >>> fault = Fault(
    ...     kind="no-contact",
    ...     file="pjsip.conf",
    ...     line=12,
    ...     object="[2001] (aor)",
    ...     option="max_contacts",
    ...     problem="It is not set, and Asterisk's default is 0.",
    ...     remedy="Write max_contacts = 1.",
    ... )
    >>> print(fault)
    pjsip.conf, line 12, [2001] (aor), max_contacts: It is not set, and Asterisk's default is 0. \
Write max_contacts = 1.
    """

    kind: str
    file: str
    line: int
    problem: str
    remedy: str
    object: str = ""
    option: str = ""
    weight: Literal["error", "risk"] = "error"

    @property
    def where(self) -> str:
        """File and line, object and option, as far as they are known."""
        line = f"line {self.line}" if self.line else ""
        return ", ".join(part for part in (self.file, line, self.object, self.option) if part)

    def __str__(self) -> str:
        return f"{self.where}: {self.problem} {self.remedy}"


class Faults(tuple[Fault, ...]):
    """Faults, in the order of files and lines; a notebook shows them as a table."""

    __slots__ = ()

    @classmethod
    def of(cls, faults: Iterable[Fault]) -> "Faults":
        """Sort faults by file and line, each of them once."""
        return cls(
            sorted(
                set(faults),
                key=lambda each: (each.file != "pjsip.conf", each.file, each.line, each.kind),
            )
        )

    def __str__(self) -> str:
        return "\n".join(map(str, self)) or "No fault was found."

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        if not self:
            return "<p>No fault was found.</p>"
        rows = "".join(
            f"<tr>{_cell(_place(each))}{_cell(f'{each.object} {each.option}'.strip())}"
            f"{_cell(each.problem)}{_cell(each.remedy)}</tr>"
            for each in self
        )
        return (
            f"<table><thead><tr>{head('where', 'object, option', 'what is wrong', 'what to do')}"
            f"</tr></thead><tbody>{rows}</tbody></table>"
        )


def head(*titles: str) -> str:
    """The cells of a table's head, above text."""
    return "".join(f'<th style="text-align: left">{escape(title)}</th>' for title in titles)


def _place(fault: Fault) -> str:
    return f"{fault.file}, line {fault.line}" if fault.line else fault.file


def _cell(text: str) -> str:
    return f'<td style="text-align: left">{escape(text)}</td>'


def at(  # noqa: PLR0913 - a fault has that many sides
    place: Setting | Section | Slip,
    *,
    kind: str,
    problem: str,
    remedy: str,
    owner: str = "",
    weight: Literal["error", "risk"] = "error",
    option: str = "",
) -> Fault:
    """Make a fault of a line.

    Args:
        place: the line.
        kind: which mistake it is.
        problem: what is wrong.
        remedy: what to do.
        owner: the object that it belongs to.
        weight: how bad it is.
        option: the option, unless the line is a setting, which names it.
    """
    named = place.name if isinstance(place, Setting) and place.name not in _DIALLED else ""
    return Fault(
        kind=kind,
        file=place.file,
        line=place.line,
        object=owner,
        option=option or named,
        problem=problem,
        remedy=remedy,
        weight=weight,
    )
