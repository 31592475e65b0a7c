"""A shell line that was run on a machine, and what it left on the screen."""

import html
import re
from dataclasses import dataclass

from voiplab.installation.meter import is_chatter

LINES_SHOWN = 8
WIDEST = 140
LONGEST_NAME = 16


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A shell line that has ended.

    Attributes:
        line: what was typed.
        folder: where.
        host: the machine's name.
        exit_code: 0 when all went well; None when it was interrupted.
        seconds: how long it took.
        output: all that it wrote, errors in their place among the rest.
    """

    line: str
    folder: str
    host: str
    exit_code: int | None
    seconds: float
    output: str

    @property
    def ok(self) -> bool:
        """Whether it ended well."""
        return self.exit_code == 0

    @property
    def prompt(self) -> str:
        """What stands before the line on a terminal."""
        return prompt(self.host, self.folder)

    @property
    def verdict(self) -> str:
        """How it ended, and how long it took."""
        how = "interrupted" if self.exit_code is None else f"exit code {self.exit_code}"
        return f"{'✓' if self.ok else f'✗ {how},'} {self.seconds:.1f} s"

    @property
    def gist(self) -> str:
        """The last lines of the output, without those that only say that work goes on."""
        lines = [line.rstrip() for line in self.output.splitlines() if line.strip()]
        telling = [line for line in lines if not is_chatter(line)] if self.ok else lines
        return "\n".join(line[:WIDEST] for line in telling[-LINES_SHOWN:])

    def __repr__(self) -> str:
        said = f"\n{self.gist}" if self.gist else ""
        return f"{self.prompt} {self.line}{said}\n{self.verdict}"

    def _ipython_display_(self) -> None:
        """Show nothing: it is on the screen since it ran."""

    def as_html(self) -> str:
        """Return what stays on the screen, as HTML."""
        said = f"\n{html.escape(self.gist)}" if self.gist else ""
        return screen(
            f"<b>{html.escape(self.prompt)} {html.escape(self.line)}</b>{said}", self.verdict
        )


def prompt(host: str, folder: str) -> str:
    """Return what stands before the line on a terminal.

    >>> prompt("install", "/root/asterisk-22.10.1+dfsg+more")
    'root@install:~/asterisk-22.10.1…#'
    """
    place = re.sub(r"^/root(?=/|$)", "~", folder)
    place = re.sub(rf"([^/]{{{LONGEST_NAME}}})[^/]+", r"\1…", place)
    return f"root@{host}:{place}#"


def screen(content: str, below: str) -> str:
    """Return a terminal's screen as HTML.

    Args:
        content: what is on it, as HTML.
        below: what stands under it, as text.
    """
    return (
        '<div style="max-width: 62em"><pre style="background: #1A1A1A; color: #F5F5F5; '
        "padding: 0.5em 0.8em; margin: 0; border-radius: 4px; white-space: pre-wrap; "
        f'overflow-wrap: anywhere">{content}</pre>'
        f'<div style="font-size: 0.9em; padding: 0.1em 0.8em">{html.escape(below)}</div></div>'
    )
