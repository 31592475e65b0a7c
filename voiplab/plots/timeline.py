"""What happened when, and what is to come."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from matplotlib.axes import Axes

from voiplab.plots.style import colour_of, drawn_on

_MOST_TICKS: Final = 14


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A date and what it is for.

    Attributes:
        group: whose it is, such as a country.
        what: what happens.
        day: when.
        shown: the date as it is to be written; a month may be all that is known.
    """

    group: str
    what: str
    day: date
    shown: str = ""

    @property
    def written(self) -> str:
        """The date in words.

        >>> Moment(group="UK", what="end", day=date(2027, 1, 31)).written
        '31 January 2027'
        """
        return self.shown or f"{self.day.day} {self.day:%B %Y}"


def plot_timeline(
    moments: Sequence[Moment], *, today: date, title: str, ax: Axes | None = None
) -> Axes:
    """Draw moments one under the other, those of a group together, the earliest first.

    What has happened is filled, what is to come hollow.

    Args:
        moments: in any order; groups come in the order in which they are first named.
        today: what is past and what is to come is parted here.
        title: what is drawn.
        ax: where to draw; a new figure by default.

    Returns:
        The axes, whose label is the text of :func:`describe_timeline`.

    >>> import matplotlib.pyplot as plt
    >>> end = Moment(group="UK", what="switched off", day=date(2027, 1, 31))
    >>> ax = plot_timeline([end], today=date(2026, 11, 25), title="The end")
    >>> ax.get_label()
    'UK: 31 January 2027, switched off (to come).'
    >>> plt.close(ax.figure)
    """
    rows = _in_order(moments)
    groups = list(dict.fromkeys(each.group for each in rows))
    with drawn_on(ax, width_inches=10.5, height_inches=1.6 + 0.34 * max(1, len(rows))) as axes:
        axes.set_title(title)
        axes.set_label(describe_timeline(moments, today=today))
        axes.set_ylim(max(1, len(rows)) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.grid(visible=False, axis="y")
        if not rows:
            axes.set_yticks([])
            axes.text(0.5, 0.5, "nothing", transform=axes.transAxes, ha="center")
            return axes
        first, last = _span(rows, today)
        axes.set_xlim(first, last)
        step = max(1, round((last - first) / _MOST_TICKS))
        years = range(math.ceil(first), math.floor(last) + 1, step)
        axes.set_xticks(list(years), [str(year) for year in years])
        axes.axvline(_year(today), color="black", linewidth=1.4, linestyle=(0, (4, 2)), zorder=1)
        for row, each in enumerate(rows):
            _mark(axes, row, each, colour_of(groups.index(each.group)), today)
        where = {
            group: [n for n, each in enumerate(rows) if each.group == group] for group in groups
        }
        axes.set_yticks([sum(those) / len(those) for those in where.values()], groups)
        axes.set_xlabel(f"year (hollow: to come after {today.day} {today:%B %Y}, the dashed line)")
        return axes


def describe_timeline(moments: Sequence[Moment], *, today: date) -> str:
    """Return in words what :func:`plot_timeline` draws.

    Args:
        moments: as for :func:`plot_timeline`.
        today: likewise.

    Returns:
        A sentence a group.
    """
    if not moments:
        return "Nothing."
    rows = _in_order(moments)
    sentences = []
    for group in dict.fromkeys(each.group for each in rows):
        parts = [
            f"{each.written}, {each.what}{' (to come)' if each.day > today else ''}"
            for each in rows
            if each.group == group
        ]
        sentences.append(f"{group}: {'; '.join(parts)}.")
    return " ".join(sentences)


def _year(day: date) -> float:
    """Return a date as a number of years."""
    begin = date(day.year, 1, 1)
    return day.year + (day - begin) / (date(day.year + 1, 1, 1) - begin)


def _span(rows: Sequence[Moment], today: date) -> tuple[float, float]:
    """Return from when to when an axis reaches that has room for all marks."""
    years = [_year(each.day) for each in rows] + [_year(today)]
    wide = max(max(years) - min(years), 1.0)
    return min(years) - 0.03 * wide, max(years) + 0.03 * wide


def _in_order(moments: Sequence[Moment]) -> list[Moment]:
    groups = list(dict.fromkeys(each.group for each in moments))
    return sorted(moments, key=lambda each: (groups.index(each.group), each.day))


def _mark(axes: Axes, row: int, moment: Moment, colour: str, today: date) -> None:
    """Draw a moment; its words stand on the side where there is more room."""
    filled = colour if moment.day <= today else "white"
    axes.plot(
        _year(moment.day), row, "o", markersize=11, color=colour, markerfacecolor=filled,
        markeredgewidth=2.5, zorder=3,
    )  # fmt: skip
    first, last = axes.get_xlim()
    early = _year(moment.day) < (first + last) / 2
    axes.annotate(
        f"{moment.written}: {moment.what}", (_year(moment.day), row),
        xytext=(10 if early else -10, 0), textcoords="offset points",
        ha="left" if early else "right", va="center", size=11, zorder=4,
        bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "linewidth": 0, "alpha": 0.85},
    )  # fmt: skip
