"""How much of all that one may think important speaks for each alternative."""

from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from voiplab.decision import Acceptability
from voiplab.plots.key import key_below
from voiplab.plots.style import drawn_on

# From first to last: each step keeps its order in grey, too.
_SHADES = ("#00527F", "#3A8BBF", "#8EC3E3", "#C9E2F0", "#E3E3E3", "#EEEEEE", "#F6F6F6")
_NAMED = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")
_INK_TURNS = 2
_ROOM_FOR_FIGURE = 0.045


def plot_acceptability(
    found: Acceptability, *, title: str = "Over all weightings", ax: Axes | None = None
) -> Axes:
    """Draw a bar an alternative: how many weightings brought it to which place.

    Args:
        found: as :func:`voiplab.decision.acceptability` returns, of at most seven alternatives.
        title: which weightings were tried.
        ax: where to draw; a new figure by default.

    Returns:
        The axes, whose label is the text of :func:`describe_acceptability`.

    >>> import matplotlib.pyplot as plt
    >>> from voiplab.decision import Matrix, acceptability
    >>> matrix = Matrix.of({"own": {"price": 9, "work": 2}, "hosted": {"price": 4, "work": 9}})
    >>> ax = plot_acceptability(acceptability(matrix))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['hosted', 'own']
    >>> plt.close(ax.figure)
    """
    names = _by_first(found)
    with drawn_on(ax, width_inches=10.5, height_inches=1.9 + 0.5 * len(names)) as axes:
        axes.set(xlabel="share of the weightings that were tried")
        axes.set_title(title)
        axes.set_label(describe_acceptability(found))
        axes.set_xlim(0, 1)
        axes.xaxis.set_major_formatter(PercentFormatter(1, symbol=" %"))
        axes.set_ylim(len(names) - 0.45, -0.55)
        axes.set_yticks(range(len(names)), names)
        axes.tick_params(axis="y", length=0)
        axes.grid(visible=False)
        for row, name in enumerate(names):
            begin = 0.0
            for place, share in enumerate(found.ranks[name]):
                axes.barh(
                    row, share, left=begin, height=0.66, color=_SHADES[place],
                    edgecolor="#555555", linewidth=0.6,
                )  # fmt: skip
                if share >= _ROOM_FOR_FIGURE:
                    axes.text(
                        begin + share / 2, row, f"{100 * share:.0f}", ha="center", va="center",
                        size=11, color="white" if place < _INK_TURNS else "black",
                    )  # fmt: skip
                begin += share
        handles = [
            Patch(facecolor=_SHADES[place], edgecolor="#555555", label=_NAMED[place])
            for place in range(len(names))
        ]
        key_below(axes, handles, columns=len(names))
        return axes


def describe_acceptability(found: Acceptability) -> str:
    """Return in words what :func:`plot_acceptability` draws.

    Args:
        found: as for :func:`plot_acceptability`.

    Returns:
        A sentence an alternative, whoever is most often first in front.

    >>> from voiplab.decision import Acceptability
    >>> describe_acceptability(Acceptability({"own": (0.25, 0.75), "hosted": (0.75, 0.25)}, {}, 8))
    'hosted: first in 75 %, second in 25 %. own: first in 25 %, second in 75 %.'
    """
    return " ".join(
        f"{name}: "
        + ", ".join(
            f"{_NAMED[place]} in {100 * share:.0f} %"
            for place, share in enumerate(found.ranks[name])
        )
        + "."
        for name in _by_first(found)
    )


def _by_first(found: Acceptability) -> list[str]:
    return sorted(found.ranks, key=lambda name: [-share for share in found.ranks[name]])
