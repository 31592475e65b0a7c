"""A call's ladder: who said what to whom, from top to bottom."""

from collections.abc import Iterator

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from voiplab.packets import Actor, Arrow, Band, Flow, Ladder
from voiplab.packets.ladder import MOST_ACTORS
from voiplab.packets.legend import COLOURS, LIFELINE, MEDIA, MEDIA_GROUND, legend
from voiplab.plots.style import drawn_on

_ROW_INCHES = 0.42
_HEAD_INCHES = 1.5
_COLUMN_INCHES = 3.4
_TIME_INCHES = 1.6
_NAME_HALF_WIDTH = 0.27
_LONGEST_LABEL = 44
_MOST_RUNGS = 80


def plot_ladder(ladder: Ladder, ax: Axes | None = None, most: int = _MOST_RUNGS) -> Axes:
    """Draw a call's messages as arrows between lifelines, and its media as a band.

    Rows follow one another in time but are evenly spaced: most messages of a call come within
    a few milliseconds. The time of each stands at its left. Retransmissions are dashed.

    Args:
        ladder: the call.
        ax: where to draw; a new figure, as high as the call needs, by default.
        most: how many rungs to draw; a last line says how many more there are.

    Returns:
        The axes, whose label is the ladder as text.

    >>> import matplotlib.pyplot as plt
    >>> ax = plot_ladder(Ladder(actors=(), rungs=()))
    >>> ax.get_title(loc="left")
    'No message was captured'
    >>> plt.close(ax.figure)
    """
    shown = ladder.first(most, MOST_ACTORS)
    rows = list(_rows(shown))
    width = _TIME_INCHES + _COLUMN_INCHES * max(1, len(shown.actors) - 1) + 1.5
    height = _HEAD_INCHES + _ROW_INCHES * max(1, len(rows))
    with drawn_on(ax, width_inches=max(9, width), height_inches=height) as axes:
        axes.set_axis_off()
        axes.set_label(ladder.text(most))
        if not rows:
            axes.set_title("No message was captured")
            return axes
        axes.set_title("SIP messages and media, in their order")
        axes.set_xlim(-0.62, len(shown.actors) - 1 + 0.4)
        axes.set_ylim(len(rows) + 1.2, -1.6)
        _media(axes, rows)
        _lifelines(axes, shown.actors, len(rows))
        for row, (rung, flow) in enumerate(rows):
            if isinstance(rung, Arrow):
                _arrow(axes, row, rung, rung.label, COLOURS[rung.kind].light)
            else:
                _arrow(axes, row, rung.flows[flow], rung.flows[flow].label, MEDIA.light)
            if flow == 0:
                _time(axes, row, rung.time_s)
        _key(axes, shown, len(rows), more=len(ladder.rungs) - len(shown.rungs))
        return axes


def _rows(ladder: Ladder) -> Iterator[tuple[Arrow | Band, int]]:
    """Each row from top to bottom: an arrow, or one flow of a band of media."""
    for rung in ladder.rungs:
        for flow in range(1 if isinstance(rung, Arrow) else len(rung.flows)):
            yield rung, flow


def _lifelines(axes: Axes, actors: tuple[Actor, ...], rows: int) -> None:
    for column, actor in enumerate(actors):
        axes.plot([column, column], [-0.75, rows - 0.3], color=LIFELINE.light, linewidth=1.2)
        box = FancyBboxPatch(
            (column - _NAME_HALF_WIDTH, -1.5),
            2 * _NAME_HALF_WIDTH,
            0.75,
            boxstyle="round,pad=0,rounding_size=0.06",
            mutation_aspect=4,
            facecolor="#F4F4F4",
            edgecolor=LIFELINE.light,
        )
        axes.add_patch(box)
        axes.text(column, -1.13, actor.name, ha="center", va="center", weight="bold")


def _media(axes: Axes, rows: list[tuple[Arrow | Band, int]]) -> None:
    """Lay a coloured ground under each band, down to the last row within its time."""
    for first, (band, flow) in enumerate(rows):
        if isinstance(band, Band) and flow == 0:
            within = [row for row, (rung, _) in enumerate(rows) if rung.time_s <= band.end_s]
            axes.fill_between(
                band.actors, first - 0.62, within[-1] + 0.38, color=MEDIA_GROUND.light, linewidth=0
            )


def _arrow(axes: Axes, row: int, line: Arrow | Flow, label: str, colour: str) -> None:
    if len(label) > _LONGEST_LABEL:
        label = f"{label[: _LONGEST_LABEL - 1]}…"
    if line.src == line.dst:
        axes.text(line.src + 0.03, row, f"↻ {label}", va="center", fontsize=11, color=colour)
        return
    axes.annotate(
        "",
        xy=(line.dst, row),
        xytext=(line.src, row),
        arrowprops={
            "arrowstyle": "-|>,head_width=0.25,head_length=0.55",
            "color": colour,
            "linewidth": 2.6 if isinstance(line, Flow) else 1.6,
            "linestyle": "--" if isinstance(line, Arrow) and line.retransmitted else "-",
            "shrinkA": 0,
            "shrinkB": 0,
        },
    )
    axes.annotate(
        label.replace("$", r"\$"),
        ((line.src + line.dst) / 2, row),
        xytext=(0, 2.5),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=11,
        color=colour,
    )


def _time(axes: Axes, row: int, time_s: float) -> None:
    axes.text(-0.12, row, f"{time_s:.3f} s", ha="right", va="center", fontsize=11, color="#555555")


def _key(axes: Axes, ladder: Ladder, rows: int, *, more: int) -> None:
    """Say below what the colours of this ladder mean, and what was left out."""
    entries = legend(ladder.rungs)
    left, right = axes.get_xlim()
    per_line = max(1, int((right - left) / 0.55))
    for position, (meaning, colour) in enumerate(entries):
        line, place = divmod(position, per_line)
        axes.text(
            left + 0.1 + place * (right - left - 0.1) / min(per_line, len(entries)),
            rows + 0.25 + 0.7 * line,
            f"→ {meaning}",
            color=colour.light,
            fontsize=11,
            va="center",
        )
    if more:
        axes.text(-0.12, rows + 1.0, f"… and {more} more", fontsize=11, color="#555555")
