"""Lifelines and arrows in characters, for a terminal."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

_TIME_WIDTH = 10
_NARROWEST = 26
_LONGEST_LABEL = 46


class Line(NamedTuple):
    """One line between two lifelines.

    Attributes:
        time_s: what stands at its left, in seconds; None for nothing.
        src: the number of the lifeline it begins at.
        dst: the number of the lifeline it leads to.
        label: what is written on it.
        stroke: the character it is drawn with.
        busy: the numbers of the lifelines that are doubled beside it.
    """

    time_s: float | None
    src: int
    dst: int
    label: str
    stroke: str = "─"
    busy: Collection[int] = ()


def draw(names: Sequence[str], lines: Sequence[Line]) -> list[str]:
    r"""Draw lines between lifelines.

    Args:
        names: what stands above each lifeline.
        lines: from top to bottom; a label that is too long is cut.

    Returns:
        The heading, and a text for each line.

    >>> print(*draw(["A", "B"], [Line(0, 0, 1, "INVITE"), Line(0.02, 1, 0, "200 OK")]), sep="\n")
               A                         B
    0.000 s    │───────── INVITE ───────▶│
    0.020 s    │◀──────── 200 OK ────────│
    """
    lines = [line._replace(label=_short(line.label)) for line in lines]
    width = max(
        [_NARROWEST, *(_columns(line) for line in lines), *(len(name) + 4 for name in names)]
    )
    drawn = [_heading(names, width)]
    drawn += [_line(line, len(names), width) for line in lines]
    return [text.rstrip() for text in drawn]


def _short(label: str) -> str:
    label = " ".join(label.split())
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"


def _columns(line: Line) -> int:
    """Return how wide the space between two lifelines must be for a line's label."""
    spaces = max(abs(line.src - line.dst), 1)
    return -(-(len(line.label) + 8) // spaces)


def _heading(names: Sequence[str], width: int) -> str:
    heading = ""
    for number, name in enumerate(names):
        middle = _TIME_WIDTH + 1 + number * width
        begin = max(middle - len(name) // 2, len(heading) + bool(number))
        heading = heading.ljust(begin) + name
    return heading


def _line(line: Line, count: int, width: int) -> str:
    time = "" if line.time_s is None else f"{line.time_s:.3f} s"
    cells = list(" " * (1 + (count - 1) * width))
    cells[::width] = ["║" if number in line.busy else "│" for number in range(count)]
    if line.src == line.dst:
        label = f"↻ {line.label}"
        at = min(line.src * width + 2, max(len(cells) - len(label), 0))
        cells[at : at + len(label)] = label
    else:
        left, right = sorted((line.src * width, line.dst * width))
        label = f" {line.label} "
        stroke = list(label.center(right - left - 1, "\0").replace("\0", line.stroke))
        if line.dst > line.src:
            stroke[-1] = "▶"
        else:
            stroke[0] = "◀"
        cells[left + 1 : right] = stroke
    return time.ljust(_TIME_WIDTH + 1) + "".join(cells)
