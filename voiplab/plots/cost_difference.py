"""How sure it is that one design is cheaper than another."""

import numpy as np
from matplotlib.axes import Axes

from voiplab.costs import Comparison
from voiplab.plots.style import colour_of, drawn_on

_BARS = 60
_WHOLE_PCT = (0.5, 99.5)  # what lies beyond is not drawn


def plot_cost_difference(comparison: Comparison, ax: Axes | None = None) -> Axes:
    """Draw how often the one design costs how much more than the other.

    Left of the black line the one is cheaper. The outermost cases, one in a hundred, lie beyond
    the figure.

    Args:
        comparison: of drawn cases.
        ax: where to draw; a new figure by default.

    Returns:
        The axes, whose label is the text of :func:`describe_cost_difference`.
    """
    one, other = comparison.one, comparison.other
    with drawn_on(ax, width_inches=10, height_inches=4.4) as axes:
        axes.set(xlabel=f"how much more {one.design} costs ({one.currency} a user a month)")
        axes.set_ylabel("share of the cases")
        axes.set_title(
            f"{one.design[:1].upper()}{one.design[1:]} against {other.design}: "
            f"{one.office.users} users",
            pad=46,
        )
        axes.set_label(describe_cost_difference(comparison))
        difference = comparison.difference
        left, right = np.percentile(difference, _WHOLE_PCT)
        width = max(right - left, 1e-9) / _BARS
        # A bar ends at 0, so that none is on both sides.
        edges = width * np.arange(np.floor(left / width), np.ceil(right / width) + 1)
        counts, edges = np.histogram(difference, edges)
        axes.bar(
            edges[:-1], counts / len(difference), np.diff(edges), align="edge",
            color=[colour_of(1) if edge < -width / 2 else colour_of(2) for edge in edges[:-1]],
            edgecolor="white", linewidth=0.5,
        )  # fmt: skip
        axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:g} %")
        axes.axvline(0, color="black", linewidth=1.8)
        cheaper = comparison.probability_cheaper
        for side, design, share, position in (
            ("left", one.design, cheaper, 1), ("right", other.design, 1 - cheaper, 2),
        ):  # fmt: skip
            axes.annotate(
                f"{design}\ncheaper in {100 * share:.0f} % of the cases",
                (0 if side == "left" else 1, 1), xycoords="axes fraction", xytext=(0, 6),
                textcoords="offset points", ha=side, va="bottom", weight="bold", size=11,
                color=colour_of(position), annotation_clip=False,
            )  # fmt: skip
        return axes


def describe_cost_difference(comparison: Comparison) -> str:
    """Return in words what :func:`plot_cost_difference` draws.

    Args:
        comparison: as for :func:`plot_cost_difference`.
    """
    low, middle, high = comparison.band
    one, other = comparison.one, comparison.other
    return (
        f"{one.design} is cheaper than {other.design} in "
        f"{100 * comparison.probability_cheaper:.0f} % of {len(comparison.difference):,} cases "
        f"for {one.office.users} users; it costs {middle:+.2f} {one.currency} a user a month in "
        f"the middle, and from {low:+.2f} to {high:+.2f} in nine cases of ten."
    )
