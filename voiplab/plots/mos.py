"""How good a call is, against what users make of it."""

import textwrap
from collections.abc import Mapping

from matplotlib.axes import Axes

from voiplab.plots.style import colour_of, drawn_on
from voiplab.quality import BANDS, Rating, Scale, mos_from_r

BAND_COLOURS = ("#A6D8CC", "#D3ECE4", "#FBF3C4", "#F9DDA4", "#F3BC8B", "#E59A7C")
_BEST_R = 100.0
_LOW_R = 18  # under it, a label goes above its mark
_COLUMNS_WITH_ROOM = 2  # for a label in one line


def plot_mos(ratings: Mapping[str, Rating], ax: Axes | None = None) -> Axes:
    """Draw each direction's rating on the bands of user satisfaction.

    A mark stands at R, those under 0 at 0; a direction that could not be rated says why. One on
    the wideband scale, whose R goes up to 129, stands where its MOS is, and says so.

    Source: ITU-T G.107 (06/2015), annex B, for the bands.

    Args:
        ratings: for each direction, such as ``"2001 → 2002"``, its rating.
        ax: where to draw; a new figure by default.

    Returns:
        The axes (R on the left, MOS on the right), whose label is the text of
        :func:`describe_mos`.

    >>> import matplotlib.pyplot as plt
    >>> ax = plot_mos({"2001 → 2002": Rating.of(91.5)})
    >>> ax.get_label()
    '2001 → 2002: R 91.5, MOS 4.37 (very satisfied).'
    >>> plt.close(ax.figure)
    """
    columns = max(1, len(ratings))
    with drawn_on(ax, width_inches=max(9, 3.5 + 1.4 * columns)) as axes:
        names_from = -0.5 - 0.45 * columns
        axes.set_xlim(names_from, columns - 0.5)
        axes.set_ylim(0, _BEST_R)
        axes.set_title("How users would rate this call")
        axes.set_ylabel("rating factor R")
        axes.set_xticks(range(len(ratings)), list(ratings))
        axes.tick_params(axis="x", length=0, pad=12)
        axes.grid(visible=False)
        axes.set_label(describe_mos(ratings))
        _bands(axes, names_from)
        for position, rating in enumerate(ratings.values()):
            _mark(axes, position, columns, rating)
        if not ratings:
            axes.text(0, 50, "nothing was rated", ha="center", va="center")
        return axes


def describe_mos(ratings: Mapping[str, Rating]) -> str:
    """Return in words what :func:`plot_mos` draws.

    Args:
        ratings: as for :func:`plot_mos`.

    Returns:
        A sentence a direction.

    >>> describe_mos({"2001 → 2002": Rating.missing("No packet arrived.")})
    '2001 → 2002: not rated. No packet arrived.'
    """
    if not ratings:
        return "Nothing was rated."
    return " ".join(_sentence(direction, rating) for direction, rating in ratings.items())


def _sentence(direction: str, rating: Rating) -> str:
    if rating.r is None or rating.mos is None:
        return f"{direction}: not rated. {rating.reason}"
    scale = f" of {rating.best_r:.0f} (wideband)" if rating.scale is Scale.WIDEBAND else ""
    return f"{direction}: R {rating.r:.1f}{scale}, MOS {rating.mos:.2f} ({rating.satisfaction})."


def _bands(axes: Axes, names_from: float) -> None:
    upper = _BEST_R
    edges = [upper]
    for band, colour in zip(BANDS, BAND_COLOURS, strict=True):
        lower = max(band.lowest_r, 0)
        axes.axhspan(lower, upper, color=colour, linewidth=0, zorder=0)
        axes.annotate(
            band.satisfaction,
            (names_from, (lower + upper) / 2),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            size=11,
            in_layout=False,
        )
        edges.append(lower)
        upper = lower
    axes.set_yticks(edges)
    mos = axes.secondary_yaxis("right")
    mos.set_yticks(edges, [f"{mos_from_r(r):.1f}" for r in edges])
    mos.set_ylabel("mean opinion score (MOS)")


def _mark(axes: Axes, position: int, columns: int, rating: Rating) -> None:
    if rating.r is None or rating.mos is None or rating.rx is None:
        reason = textwrap.fill(str(rating.reason), width=max(13, 56 // columns))
        axes.text(
            position,
            40,
            f"not rated\n{reason}",
            ha="center",
            va="center",
            size=11,
            bbox={"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": "#444444"},
            in_layout=False,
        )
        return
    height = max(0, rating.rx)
    axes.plot(position, height, "o", color=colour_of(position), markersize=14, clip_on=False)
    above = height < _LOW_R
    between = "   " if columns <= _COLUMNS_WITH_ROOM else "\n"
    apart = " " if columns <= _COLUMNS_WITH_ROOM else "\n"
    wide = f"\nwideband:{apart}R to {rating.best_r:.0f}"
    scale = wide if rating.scale is Scale.WIDEBAND else ""
    axes.annotate(
        f"R {rating.r:.1f}{between}MOS {rating.mos:.2f}{scale}".replace("-", "−"),
        (position, height),
        xytext=(0, 12 if above else -12),
        textcoords="offset points",
        ha="center",
        va="bottom" if above else "top",
        weight="bold",
        in_layout=False,
    )
