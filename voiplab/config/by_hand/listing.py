"""Files shown with their line numbers, and under each line what is said of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from voiplab.config.by_hand.complaints import Complaint
from voiplab.config.by_hand.fault import Fault
from voiplab.config.redaction import redact

_PRE: Final = "margin: 0; white-space: pre-wrap; line-height: 1.45; font-size: 0.95em"
_NUMBER: Final = "opacity: 0.7; user-select: none"
_MARKED: Final = "background: #FFE9D6; color: #1A1A1A"
_REMARK: Final = "color: #8A3800; background: #FFF6EE; font-family: sans-serif"


@dataclass(frozen=True)
class Listing:
    r"""Files to be read: each line with its number, secrets hidden.

    Args:
        files: texts by file name.
        remarks: faults or complaints, each of which is shown under its line.

    >>> print(Listing({"pjsip.conf": "[2001]\ntype = aor\n"}))
    pjsip.conf
      1  [2001]
      2  type = aor
    """

    files: Mapping[str, str]
    remarks: Iterable[Fault | Complaint] = ()

    def __str__(self) -> str:
        lines: list[str] = []
        for name, rows in self._rows().items():
            lines.append(name)
            for number, text, said in rows:
                lines.append(f"{number or '':>3}  {text}".rstrip())
                lines += [f"     ^ {remark}" for remark in said]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return "".join(
            f'<div style="margin: 0.6em 0"><b>{escape(name)}</b><pre style="{_PRE}">'
            + "\n".join(_row(*row) for row in rows)
            + "</pre></div>"
            for name, rows in self._rows().items()
        )

    def _rows(self) -> dict[str, list[tuple[int, str, list[str]]]]:
        said: dict[tuple[str, int], list[str]] = {}
        for remark in self.remarks:
            said.setdefault((remark.file, remark.line), []).append(_words(remark))
        rows = {
            name: [
                (number, line, said.get((name, number), []))
                for number, line in enumerate(text.splitlines(), 1)
            ]
            for name, text in sorted(redact(self.files).items(), key=_pjsip_first)
        }
        return {
            name: [*(((0, "", said[name, 0]),) if (name, 0) in said else ()), *lines]
            for name, lines in rows.items()
        }


def _pjsip_first(file: tuple[str, str]) -> tuple[bool, str]:
    return file[0] != "pjsip.conf", file[0]


def _words(remark: Fault | Complaint) -> str:
    if isinstance(remark, Fault):
        return f"{remark.problem} {remark.remedy}"
    return f"{remark.level}: {remark.text}"


def _row(number: int, text: str, said: list[str]) -> str:
    shown = f'<span style="{_NUMBER}">{number or "":>3}  </span>{escape(text)}'
    if not said:
        return shown
    remarks = "".join(f'\n     <span style="{_REMARK}">▲ {escape(each)}</span>' for each in said)
    return f'<span style="{_MARKED}">{shown}</span>{remarks}'
