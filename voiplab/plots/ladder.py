"""A call's ladder: who said what to whom, from top to bottom."""

from collections.abc import Iterator

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from voiplab.packets import Arrow, Band, Ladder
from voiplab.plots.style import drawn_on

_COLOURS = {
    "request": "#0072B2",
    "provisional": "#8A6D00",
    "success": "#00795A",
    "failure": "#C04A00",
}
_MEANINGS = {
    "request": "request",
    "provisional": "1xx: under way",
    "success": "2xx: granted",
    "failure": "3xx to 6xx: refused",
}
_MEDIA_COLOUR = "#7B4173"
_MEDIA_FILL = "#F1E4EF"
_LIFELINE_COLOUR = "#999999"
_ROW_INCHES = 0.42
_HEAD_INCHES = 1.5
_COLUMN_INCHES = 3.4
_TIME_INCHES = 1.6
_NAME_HALF_WIDTH = 0.27


def plot_ladder(ladder: Ladder, ax: Axes | None = None) -> Axes:
    """Draw a call's messages as arrows between lifelines, and its media as a band.

    Rows follow one another in time but are evenly spaced: most messages of a call come within
    a few milliseconds. The time of each stands at its left.

    Args:
        ladder: the call.
        ax: where to draw; a new figure, as high as the call needs, by default.

    Returns:
        The axes, whose label is the ladder as text.

    >>> import matplotlib.pyplot as plt
    >>> ax = plot_ladder(Ladder(actors=(), rungs=()))
    >>> ax.get_title(loc="left")
    'No message was captured'
    >>> plt.close(ax.figure)
    """
    rows = list(_rows(ladder))
    width = _TIME_INCHES + _COLUMN_INCHES * max(1, len(ladder.actors) - 1) + 1.5
    height = _HEAD_INCHES + _ROW_INCHES * max(1, len(rows))
    with drawn_on(ax, width_inches=max(9, width), height_inches=height) as axes:
        axes.set_axis_off()
        axes.set_label(ladder.text())
        if not rows:
            axes.set_title("No message was captured")
            return axes
        axes.set_title("SIP messages and media, in their order")
        axes.set_xlim(-0.62, len(ladder.actors) - 1 + 0.4)
        axes.set_ylim(len(rows) + 0.6, -1.6)
        _lifelines(axes, ladder, len(rows))
        _media(axes, rows)
        for row, (rung, flow) in enumerate(rows):
            if isinstance(rung, Arrow):
                _arrow(axes, row, rung.src, rung.dst, rung.label, _COLOURS[rung.kind])
            else:
                sent = rung.flows[flow]
                label = f"{sent.packets} RTP packets, {sent.codec}"
                _arrow(axes, row, sent.src, sent.dst, label, _MEDIA_COLOUR, media=True)
            if isinstance(rung, Arrow) or flow == 0:
                _time(axes, row, rung.time_s)
        _key(axes, ladder, len(rows))
        return axes


def _rows(ladder: Ladder) -> Iterator[tuple[Arrow | Band, int]]:
    """Each row from top to bottom: a message, or one flow of a band of media."""
    for rung in ladder.rungs:
        for flow in range(1 if isinstance(rung, Arrow) else len(rung.flows)):
            yield rung, flow


def _lifelines(axes: Axes, ladder: Ladder, rows: int) -> None:
    for column, actor in enumerate(ladder.actors):
        axes.plot([column, column], [-0.75, rows - 0.3], color=_LIFELINE_COLOUR, linewidth=1.2)
        box = FancyBboxPatch(
            (column - _NAME_HALF_WIDTH, -1.5),
            2 * _NAME_HALF_WIDTH,
            0.75,
            boxstyle="round,pad=0,rounding_size=0.06",
            mutation_aspect=4,
            facecolor="#F4F4F4",
            edgecolor=_LIFELINE_COLOUR,
        )
        axes.add_patch(box)
        axes.text(column, -1.13, actor.name, ha="center", va="center", weight="bold")


def _media(axes: Axes, rows: list[tuple[Arrow | Band, int]]) -> None:
    """Lay a coloured ground under the rows of each band."""
    for row, (rung, flow) in enumerate(rows):
        if isinstance(rung, Band) and flow == 0:
            left, right = rung.actors
            axes.fill_between(
                [left, right], row - 0.62, row + len(rung.flows) - 0.38,
                color=_MEDIA_FILL, linewidth=0,
            )  # fmt: skip


def _arrow(  # noqa: PLR0913, PLR0917 - where from, where to, and how it looks
    axes: Axes, row: int, src: int, dst: int, label: str, colour: str, *, media: bool = False
) -> None:
    axes.annotate(
        "",
        xy=(dst, row),
        xytext=(src, row),
        arrowprops={
            "arrowstyle": "-|>,head_width=0.25,head_length=0.55",
            "color": colour,
            "linewidth": 2.6 if media else 1.6,
            "shrinkA": 0,
            "shrinkB": 0,
        },
    )
    axes.annotate(
        label,
        ((src + dst) / 2, row),
        xytext=(0, 2.5),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=11,
        color=colour,
    )


def _time(axes: Axes, row: int, time_s: float) -> None:
    axes.text(-0.12, row, f"{time_s:.3f} s", ha="right", va="center", fontsize=11, color="#555555")


def _key(axes: Axes, ladder: Ladder, rows: int) -> None:
    """Say below what the colours of this ladder mean."""
    present = [kind for kind in _COLOURS if any(arrow.kind == kind for arrow in ladder.arrows)]
    entries = [(_MEANINGS[kind], _COLOURS[kind]) for kind in present]
    if ladder.bands:
        entries.append(("media", _MEDIA_COLOUR))
    left, right = axes.get_xlim()
    step = (right - left - 0.1) / max(1, len(entries))
    for position, (meaning, colour) in enumerate(entries):
        axes.text(
            left + 0.1 + position * step, rows + 0.25, f"→ {meaning}",
            color=colour, fontsize=11, va="center",
        )  # fmt: skip
