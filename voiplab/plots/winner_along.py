"""Who wins while one criterion counts for more and more."""

from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from voiplab.decision import BEST, Matrix, Weights, rank, winners_along
from voiplab.plots.style import colour_of, drawn_on

_DASHES = ("-", (0, (5, 2)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.5, 1.5)))
_COLOURS = 6
_NAME_APART = 0.42  # points between two names at the right
_NARROW = 0.12


def plot_winner_along(
    matrix: Matrix, weights: Weights, criterion: str, *, ax: Axes | None = None
) -> Axes:
    """Draw the worth of each alternative while one criterion's share goes from 0 to 100 %.

    The others keep their proportions. The strip on top names who is first where; the upright
    line is where the weights are.

    Args:
        matrix: the scores.
        weights: of the same criteria, two at least.
        criterion: whose share moves.
        ax: where to draw; a new figure by default.

    Returns:
        The axes, whose label is the text of :func:`describe_winner_along`.

    Raises:
        DecisionError: when there is no such criterion, or the weights are of others.

    >>> import matplotlib.pyplot as plt
    >>> matrix = Matrix.of({"own": {"price": 9, "work": 2}, "hosted": {"price": 4, "work": 9}})
    >>> ax = plot_winner_along(matrix, Weights.equal(matrix.criteria), "price")
    >>> ax.get_xlabel()
    'share of the weight that price has'
    >>> plt.close(ax.figure)
    """
    stretches = winners_along(matrix, weights, criterion)
    without = rank(matrix, weights.with_share(criterion, 0))
    alone = rank(matrix, weights.with_share(criterion, 1))
    with drawn_on(ax, width_inches=10.5, height_inches=5.4) as axes:
        colours = {name: colour_of(place) for place, name in enumerate(matrix.alternatives)}
        axes.set(xlabel=f"share of the weight that {criterion} has", ylabel="worth, of 10 points")
        axes.set_title(f"Who wins as {criterion} counts for more", pad=34)
        axes.set_label(describe_winner_along(matrix, weights, criterion))
        axes.set_xlim(0, 1)
        axes.set_ylim(0, BEST)
        axes.xaxis.set_major_formatter(PercentFormatter(1, symbol=" %"))
        for place, name in enumerate(matrix.alternatives):
            axes.plot(
                [0, 1],
                [without[name].worth, alone[name].worth],
                color=colours[name],
                linestyle=_DASHES[(place // _COLOURS + place) % len(_DASHES)],
            )
        ends = sorted((alone[name].worth, name) for name in matrix.alternatives)
        heights = _apart([worth for worth, _name in ends])
        for (worth, name), height in zip(ends, heights, strict=True):
            axes.annotate(
                name, (1, worth), xytext=(1.025, height), textcoords="data", va="center",
                size=11, color="black", annotation_clip=False,
                arrowprops={
                    "arrowstyle": "-", "color": colours[name], "linewidth": 1.5,
                    "relpos": (0, 0.5), "shrinkA": 0, "shrinkB": 0,
                },
            )  # fmt: skip
        now = weights[criterion]
        axes.axvline(now, color="black", linewidth=1.4, linestyle=(0, (4, 2)))
        axes.text(now + 0.008, 0.25, f"now {100 * now:.0f} %", size=11)
        for each in stretches:
            axes.axvspan(
                each.start, each.end, ymin=1.01, ymax=1.075, clip_on=False,
                facecolor=colours[each.winner], edgecolor="white", alpha=0.35,
            )  # fmt: skip
            wide = each.end - each.start > _NARROW
            axes.annotate(
                each.winner if wide else each.winner[:3] + "…",
                ((each.start + each.end) / 2, 1.042), xycoords=("data", "axes fraction"),
                ha="center", va="center", size=11, annotation_clip=False,
            )  # fmt: skip
        return axes


def describe_winner_along(matrix: Matrix, weights: Weights, criterion: str) -> str:
    """Return in words what :func:`plot_winner_along` draws.

    Args:
        matrix: as for :func:`plot_winner_along`.
        weights: likewise.
        criterion: likewise.

    Returns:
        Who is first in which range of the share.

    >>> matrix = Matrix.of({"own": {"price": 8, "work": 2}, "hosted": {"price": 4, "work": 8}})
    >>> describe_winner_along(matrix, Weights.equal(matrix.criteria), "price")
    'While price counts for 0 to 60 %, hosted is first; 60 to 100 %, own is first. It is 50 % now.'
    """
    parts = "; ".join(
        f"{100 * each.start:.0f} to {100 * each.end:.0f} %, {each.winner} is first"
        for each in winners_along(matrix, weights, criterion)
    )
    return f"While {criterion} counts for {parts}. It is {100 * weights[criterion]:.0f} % now."


def _apart(worths: list[float]) -> list[float]:
    """Return heights for names that stand by rising worths, far enough from each other to read.

    >>> _apart([1, 5, 5])
    [1, 5, 5.42]
    >>> [round(height, 2) for height in _apart([9, 10, 10])]
    [9, 9.58, 10.0]
    """
    heights: list[float] = []
    for worth in worths:
        heights.append(max(worth, heights[-1] + _NAME_APART) if heights else worth)
    highest = BEST
    for place in reversed(range(len(heights))):
        heights[place] = min(heights[place], highest)
        highest = heights[place] - _NAME_APART
    return heights
