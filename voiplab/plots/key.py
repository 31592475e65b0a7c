"""The key of a figure, under its axes."""

from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation

_BELOW_AXES_PT = 46  # under tick labels and the axis' name
_POINTS_PER_INCH = 72


def key_below(axes: Axes, handles: Sequence[Artist], *, columns: int) -> None:
    """Say under the axes what colours, lines and marks mean.

    Args:
        axes: what the key belongs to, of which the horizontal axis has a name.
        handles: what to explain, each with its label.
        columns: in how many columns.
    """
    if axes.figure is None:
        return
    down = ScaledTranslation(0, -_BELOW_AXES_PT / _POINTS_PER_INCH, axes.figure.dpi_scale_trans)
    axes.legend(
        handles=list(handles),
        loc="upper left",
        bbox_to_anchor=(-0.05, 0),
        bbox_transform=axes.transAxes + down,
        ncols=columns,
        fontsize=11,
        frameon=False,
        borderaxespad=0,
        handlelength=2.8,
    )
