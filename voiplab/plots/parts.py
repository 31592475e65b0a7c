"""Wholes and their parts, side by side."""

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from voiplab.plots.key import key_below
from voiplab.plots.style import colour_of, drawn_on

_ROOM_FOR_FIGURE = 0.05  # of the axis
_COLUMNS = 4


def plot_parts(
    wholes: Mapping[str, Mapping[str, float]], *, unit: str, title: str, ax: Axes | None = None
) -> Axes:
    """Draw a bar a whole, of the parts that it consists of.

    Args:
        wholes: the size of each part by its name, by the name of the whole.
        unit: what the sizes are in.
        title: what is drawn.
        ax: where to draw; a new figure by default.

    Returns:
        The axes, whose label is the text of :func:`describe_parts`.

    >>> import matplotlib.pyplot as plt
    >>> ax = plot_parts({"a call": {"ring": 3.0, "talk": 60.0}}, unit="s", title="A call's time")
    >>> ax.get_label()
    'a call: 63 s (ring 3, talk 60).'
    >>> plt.close(ax.figure)
    """
    names = list(dict.fromkeys(part for parts in wholes.values() for part in parts))
    rows = -(-max(1, len(names)) // _COLUMNS)
    height = 1.7 + 0.62 * max(1, len(wholes)) + 0.25 * rows
    with drawn_on(ax, width_inches=10.5, height_inches=height) as axes:
        axes.set(xlabel=unit)
        axes.set_title(title)
        axes.set_label(describe_parts(wholes, unit=unit))
        greatest = max((sum(parts.values()) for parts in wholes.values()), default=1.0) or 1.0
        axes.set_xlim(0, 1.12 * greatest)
        axes.set_ylim(max(1, len(wholes)) - 0.4, -0.6)
        axes.set_yticks(range(len(wholes)), list(wholes))
        axes.tick_params(axis="y", length=0)
        axes.grid(visible=False)
        for row, parts in enumerate(wholes.values()):
            _bar(axes, row, {names.index(name): size for name, size in parts.items()}, greatest)
        if not wholes:
            axes.text(0.5, 0.5, "nothing", transform=axes.transAxes, ha="center")
            return axes
        handles = [
            Patch(facecolor=colour_of(place), label=name) for place, name in enumerate(names)
        ]
        key_below(axes, handles, columns=_COLUMNS)
        return axes


def describe_parts(wholes: Mapping[str, Mapping[str, float]], *, unit: str) -> str:
    """Return in words what :func:`plot_parts` draws.

    Args:
        wholes: as for :func:`plot_parts`.
        unit: likewise.

    Returns:
        A sentence a whole.
    """
    if not wholes:
        return "Nothing."
    return " ".join(
        f"{name}: {sum(parts.values()):.0f} {unit} "
        f"({', '.join(f'{part} {size:.0f}' for part, size in parts.items())})."
        for name, parts in wholes.items()
    )


def _bar(axes: Axes, row: int, parts: Mapping[int, float], greatest: float) -> None:
    """Draw a whole; a part's figure stands in it where there is room."""
    begin = 0.0
    for place, size in parts.items():
        colour = colour_of(place)
        axes.barh(row, size, left=begin, height=0.62, color=colour, edgecolor="white")
        if size > _ROOM_FOR_FIGURE * greatest:
            axes.text(
                begin + size / 2, row, f"{size:.0f}", ha="center", va="center", size=11,
                bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "linewidth": 0},
            )  # fmt: skip
        begin += size
    axes.text(begin + 0.01 * greatest, row, f"{begin:.0f}", va="center", weight="bold")
