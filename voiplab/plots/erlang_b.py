"""How the calls that are lost grow fewer with each circuit."""

from math import sqrt

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from voiplab.plots.style import colour_of, drawn_on
from voiplab.traffic import circuits_for, erlang_b

_LEAST_BLOCKING = 1e-4


def plot_erlang_b(offered_erlang: float, *, blocking: float = 0.01, ax: Axes | None = None) -> Axes:
    """Draw the share of lost calls against the number of circuits, and the fewest that will do.

    Source: Erlang's loss formula, see :func:`voiplab.traffic.erlang_b`.

    Args:
        offered_erlang: the traffic of the busy hour.
        blocking: the share of calls that may be lost.
        ax: where to draw; a new figure by default.

    Returns:
        The axes, whose label is the text of :func:`describe_erlang_b`.

    Raises:
        TrafficError: when there is no such traffic or share.

    >>> import matplotlib.pyplot as plt
    >>> ax = plot_erlang_b(10)
    >>> ax.get_xlabel()
    'circuits'
    >>> plt.close(ax.figure)
    """
    enough = circuits_for(offered_erlang, blocking)
    # A spread of a Poisson traffic is the root of its mean.
    most = enough + 2 + round(sqrt(offered_erlang))
    circuits = range(most + 1)
    shares = [erlang_b(count, offered_erlang) for count in circuits]
    with drawn_on(ax, width_inches=9.5, height_inches=4.4) as axes:
        axes.set(xlabel="circuits", ylabel="calls that find all busy", yscale="log")
        axes.set_title(f"{offered_erlang:.3g} erlang offered: how many circuits?")
        axes.set_label(describe_erlang_b(offered_erlang, blocking=blocking))
        axes.set_ylim(max(_LEAST_BLOCKING, min(shares) / 2), 1.5)
        axes.set_xlim(-0.5, most + 0.5)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:g} %"))
        axes.axhline(blocking, color="black", linewidth=1.6, linestyle=(0, (4, 2)))
        axes.annotate(
            f"{100 * blocking:g} % may be lost", (0, blocking),
            xytext=(4, 5), textcoords="offset points", size=11,
        )  # fmt: skip
        colours = [colour_of(2) if count == enough else colour_of(0) for count in circuits]
        axes.plot(circuits, shares, color=colour_of(0), linewidth=1.2)
        axes.scatter(circuits, shares, c=colours, s=[130 if n == enough else 45 for n in circuits],
                     zorder=3, edgecolor="white")  # fmt: skip
        axes.annotate(
            f"{enough} circuits: {100 * shares[enough]:.2g} %",
            (enough, shares[enough]), xytext=(-14, -6), textcoords="offset points",
            ha="right", va="top", weight="bold",
        )  # fmt: skip
        return axes


def describe_erlang_b(offered_erlang: float, *, blocking: float = 0.01) -> str:
    """Return in words what :func:`plot_erlang_b` draws.

    Args:
        offered_erlang: as for :func:`plot_erlang_b`.
        blocking: likewise.

    >>> describe_erlang_b(10)
    'Of 10 erlang, 17 circuits lose 1.3 %, 18 lose 0.71 % and 19 lose 0.37 %; 1 % may be lost.'
    """
    enough = circuits_for(offered_erlang, blocking)
    around = [
        f"{count}{' circuits' * (not place)} lose {100 * erlang_b(count, offered_erlang):.2g} %"
        for place, count in enumerate(range(max(0, enough - 1), enough + 2))
    ]
    *first, last = around
    return (
        f"Of {offered_erlang:.3g} erlang, {', '.join(first)} and {last}; "
        f"{100 * blocking:g} % may be lost."
    )
