"""What came of a task's checks."""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from voiplab.check import Check
from voiplab.errors import EvidenceError

FILE = "result.json"

# Okabe and Ito's green and vermilion: told apart by most eyes, 3:1 on white and on black.
_GREEN, _VERMILION = "#009E73", "#D55E00"


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of a task's checks; in a notebook it shows itself.

    Attributes:
        task: the task's name.
        title: the task's title.
        checks: what was looked at.
        at: when.
        version: which text of ``checks.py`` judged.

    >>> check = Check(name="lost", passed=False, expected="39", found="38", where="`lost`")
    >>> print(Result(task="t", title="Lost", checks=(check,), at=datetime(2026, 11, 25)))
    ✗ Lost: not yet
      ✗ lost: expected 39, found 38; look at `lost`
    """

    task: str
    title: str
    checks: tuple[Check, ...]
    at: datetime
    version: str = ""

    @property
    def passed(self) -> bool:
        """Whether all is as it should be."""
        return all(check.passed for check in self.checks)

    def __repr__(self) -> str:
        mark, state = ("✓", "done") if self.passed else ("✗", "not yet")
        first = f"{mark} {self._asked}{state}"
        return "\n".join([first, *(f"  {check}" for check in self.checks)])

    @property
    def _asked(self) -> str:
        """The title, as it stands before the answer."""
        return self.title + (" " if self.title.endswith("?") else ": ")

    def _repr_html_(self) -> str:
        colour, state = (_GREEN, "✓ done") if self.passed else (_VERMILION, "✗ not yet")
        rows = "".join(_row(check) for check in self.checks)
        return (
            f'<div style="border-left: 4px solid {colour}; padding: 0.3em 1em; max-width: 60em">'
            f"<strong>{html.escape(self._asked)}{state}</strong>"
            f'<ul style="list-style: none; padding: 0; margin: 0.3em 0 0">{rows}</ul></div>'
        )

    def write(self, folder: Path) -> None:
        """Write it into a folder."""
        content = asdict(self) | {"at": self.at.isoformat()}
        text = json.dumps(content, ensure_ascii=False, indent=1)
        (folder / FILE).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read it from a folder.

        Raises:
            EvidenceError: when there is none, or it is damaged.
        """
        try:
            return cls.of(json.loads((folder / FILE).read_bytes()))
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise EvidenceError(
                f"{FILE} is missing or damaged ({type(error).__name__}): check the task anew."
            ) from error

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Self:
        """Return the result that was written so."""
        return cls(
            task=str(content["task"]),
            title=str(content["title"]),
            checks=tuple(
                Check(
                    name=str(each["name"]),
                    passed=each["passed"] is True,
                    expected=str(each["expected"]),
                    found=str(each["found"]),
                    where=str(each["where"]),
                )
                for each in content["checks"]
            ),
            at=datetime.fromisoformat(content["at"]),
            version=str(content["version"]),
        )


def _row(check: Check) -> str:
    if check.passed:
        return f"<li>✓ {marked_up(check.name)}: {marked_up(check.found)}</li>"
    said = [
        f"✗ {marked_up(check.name)}: found {marked_up(check.found)}",
        f"expected: {marked_up(check.expected)}",
        *([f"look at: {marked_up(check.where)}"] if check.where else []),
    ]
    return "<li>" + '<br><span style="padding-left: 1.3em"></span>'.join(said) + "</li>"


def marked_up(text: str) -> str:
    """Return text as HTML, with what stands between backquotes as code.

    >>> marked_up("the column `lost` < 5")
    'the column <code>lost</code> &lt; 5'
    """
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))
