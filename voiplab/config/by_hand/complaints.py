"""What Asterisk complains about, read from its log."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape
from typing import Final, Literal

from voiplab.config.by_hand.fault import head

_LINE: Final = re.compile(
    r"^\[(?P<time>[^]]+)\] (?P<level>NOTICE|WARNING|ERROR)\[\d+\](?:\[C-[0-9a-f]+\])*: "
    r"(?P<source>\S+?):(?P<at>\d+) (?P<function>\S+): (?P<text>.*)$"
)
_PLACE: Final = (
    re.compile(r"line (?P<line>\d+) of (?:/etc/asterisk/)?(?P<file>[\w.-]+\.conf)"),
    re.compile(r"configuration file '(?P<file>[\w.-]+)'()"),
    re.compile(r"[Cc]onfig file '(?P<file>[\w.-]+)'()"),
)
_LINE_ALONE: Final = re.compile(r"at line (?P<line>\d+) of *$")

_ROUTINE: Final = re.compile(
    r"^(loader\.c: \d+ modules will be loaded|cdr\.c: CDR simple logging enabled|indications\.c: "
    r"|confbridge/|cdrel_custom/config\.c: |cdr_manager\.c: Added mapping|cdr\.c: Using|"
    r"res_pjsip/config_transport\.c: .* is not fully reloadable|"
    r"\S+: Type 'system' is not reloadable)"
)
"""What Asterisk says each time it starts, or reads its files anew, with nothing wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """Something that Asterisk complains about.

    Attributes:
        level: how serious Asterisk finds it.
        source: the file of Asterisk's own source that says so, for example ``config.c``.
        text: what it says.
        file: the configuration file that it is about, or "" when that can't be told.
        line: the line of that file; 0 when that can't be told.
        times: how often it was said: a file is read once for each type of object in it.
    """

    level: Literal["NOTICE", "WARNING", "ERROR"]
    source: str
    text: str
    file: str = ""
    line: int = 0
    times: int = 1

    @property
    def where(self) -> str:
        """File and line, as far as they can be told."""
        return f"{self.file}, line {self.line}" if self.file and self.line else self.file

    def __str__(self) -> str:
        where = f" ({self.where})" if self.where else ""
        times = f" ({self.times} times)" if self.times > 1 else ""
        return f"{self.level}{where}: {self.text}{times}"


class Complaints(tuple[Complaint, ...]):
    """Complaints in the order of the log; a notebook shows them as a table."""

    __slots__ = ()

    def __str__(self) -> str:
        return "\n".join(map(str, self)) or "Asterisk has no complaint."

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        if not self:
            return "<p>Asterisk has no complaint.</p>"
        cell = '<td style="text-align: left">{}</td>'.format
        rows = "".join(
            f"<tr>{cell(each.level)}{cell(escape(each.where))}{cell(escape(each.text))}"
            f"{cell(each.times)}</tr>"
            for each in self
        )
        return (
            f"<table><thead><tr>{head('level', 'where', 'what Asterisk says', 'times')}"
            f"</tr></thead><tbody>{rows}</tbody></table>"
        )


def read_complaints(log: str, *, since: str = "") -> Complaints:
    r"""Find the complaints in Asterisk's log.

    Args:
        log: lines as Asterisk's console shows them, with the date format of the lab's logger.conf.
        since: leave out what is older: a time in that format.

    Returns:
        Each complaint once, with how often it was said.

    >>> log = "[2026-11-25 04:40:00.123] WARNING[7]: config.c:2330 process_text_line: No '=' " \
    ...       "(equal sign) in line 5 of /etc/asterisk/pjsip.conf\n"
    >>> read_complaints(log)[0].where
    'pjsip.conf, line 5'
    """
    merged: dict[Complaint, int] = {}
    for complaint in _placed(_told(log.splitlines(), since)):
        merged[complaint] = merged.get(complaint, 0) + 1
    return Complaints(replace(complaint, times=times) for complaint, times in merged.items())


def _told(lines: Iterable[str], since: str) -> list[Complaint]:
    return [
        Complaint(level=found["level"], source=found["source"], text=found["text"].rstrip())  # type: ignore[arg-type]
        for line in lines
        if (found := _LINE.match(line)) is not None
        and found["time"] >= since
        and not _ROUTINE.match(f"{found['source']}: {found['text']}")
    ]


def _placed(complaints: list[Complaint]) -> Iterator[Complaint]:
    """Each with its file and line; a line without a file has that of the next complaint."""
    file = ""
    placed: list[Complaint] = []
    for complaint in reversed(complaints):
        alone = _LINE_ALONE.search(complaint.text)
        found = next((match for place in _PLACE if (match := place.search(complaint.text))), None)
        if found is not None:
            file = found["file"]
            line = int(found["line"]) if "line" in found.groupdict() else 0
            placed.append(replace(complaint, file=file, line=line))
        elif alone is not None:
            placed.append(replace(complaint, file=file, line=int(alone["line"])))
        else:
            placed.append(complaint)
    return reversed(placed)
