"""Alternatives from best to worst, and what each criterion adds to their worth."""

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from voiplab.decision import BEST, Ranking
from voiplab.plots.key import key_below
from voiplab.plots.style import colour_of, drawn_on

_ROOM_FOR_FIGURE = 0.35  # points
_COLOURS = 6
_COLUMNS = 4


def plot_ranking(ranking: Ranking, *, title: str = "", ax: Axes | None = None) -> Axes:
    """Draw a bar an alternative, the best on top: its worth, split by criterion.

    Args:
        ranking: as :func:`voiplab.decision.rank` returns.
        title: for whom it is; by default who comes first.
        ax: where to draw; a new figure by default.

    Returns:
        The axes, whose label is the text of :func:`describe_ranking`.

    >>> import matplotlib.pyplot as plt
    >>> from voiplab.decision import Matrix, Weights, rank
    >>> matrix = Matrix.of({"own": {"price": 9, "work": 2}, "hosted": {"price": 4, "work": 9}})
    >>> ax = plot_ranking(rank(matrix, Weights.equal(matrix.criteria)))
    >>> ax.get_title(loc="left")
    'hosted comes first'
    >>> plt.close(ax.figure)
    """
    criteria = list(ranking.weights)
    rows = -(-len(criteria) // _COLUMNS)
    height = 1.6 + 0.5 * len(ranking.ranked) + 0.27 * rows
    with drawn_on(ax, width_inches=10.5, height_inches=height) as axes:
        axes.set(xlabel="worth: weight times score, of 10 points")
        axes.set_title(title or f"{ranking.winner} comes first")
        axes.set_label(describe_ranking(ranking))
        axes.set_xlim(0, BEST)
        axes.set_ylim(len(ranking.ranked) - 0.45, -0.55)
        axes.set_yticks(range(len(ranking.ranked)), [each.alternative for each in ranking.ranked])
        axes.tick_params(axis="y", length=0)
        axes.grid(visible=False)
        for row, each in enumerate(ranking.ranked):
            begin = 0.0
            for place, criterion in enumerate(criteria):
                size = each.parts[criterion]
                axes.barh(
                    row, size, left=begin, height=0.66, color=colour_of(place),
                    hatch=_hatch(place), edgecolor="white", linewidth=1,
                )  # fmt: skip
                if size >= _ROOM_FOR_FIGURE:
                    axes.text(
                        begin + size / 2, row, f"{size:.1f}", ha="center", va="center", size=11,
                        bbox={"boxstyle": "round,pad=0.12", "facecolor": "white", "linewidth": 0},
                    )  # fmt: skip
                begin += size
            axes.text(begin + 0.08, row, f"{begin:.2f}", va="center", weight="bold")
        handles = [
            Patch(
                facecolor=colour_of(place),
                edgecolor="white",
                hatch=_hatch(place),
                label=f"{criterion} ({100 * ranking.weights[criterion]:.0f} %)",
            )
            for place, criterion in enumerate(criteria)
        ]
        key_below(axes, handles, columns=_COLUMNS)
        return axes


def describe_ranking(ranking: Ranking) -> str:
    """Return in words what :func:`plot_ranking` draws.

    Args:
        ranking: as for :func:`plot_ranking`.

    Returns:
        The weights, then a sentence an alternative.

    >>> from voiplab.decision import Matrix, Weights, rank
    >>> matrix = Matrix.of({"own": {"price": 9, "work": 2}, "hosted": {"price": 4, "work": 9}})
    >>> print(describe_ranking(rank(matrix, Weights.equal(matrix.criteria))))
    Weights: price 50 %, work 50 %. 1. hosted: 6.50 of 10 (price 2.0, work 4.5). 2. own: 5.50 \
of 10 (price 4.5, work 1.0).
    """
    weights = ", ".join(f"{name} {100 * ranking.weights[name]:.0f} %" for name in ranking.weights)
    bars = " ".join(
        f"{place}. {each.alternative}: {each.worth:.2f} of 10 "
        f"({', '.join(f'{name} {part:.1f}' for name, part in each.parts.items())})."
        for place, each in enumerate(ranking.ranked, 1)
    )
    return f"Weights: {weights}. {bars}"


def _hatch(place: int) -> str:
    """Tell the second round of colours from the first."""
    return "///" if place >= _COLOURS else ""
