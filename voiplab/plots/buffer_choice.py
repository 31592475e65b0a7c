"""How long a jitter buffer should wait."""

import pandas as pd
from matplotlib.axes import Axes

from voiplab.plots.style import colour_of, drawn_on

_ROOM_ABOVE = 0.16
_UNSEEN_PCT = 0.05


def plot_buffer_choice(buffers: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw what becomes of a call's MOS as its jitter buffer waits longer, and mark the best.

    Each point says how many packets came too late for it.

    Args:
        buffers: a row a buffer, as :func:`voiplab.analysis.try_buffers` returns.
        ax: where to draw; a new figure by default.

    Returns:
        The axes, whose label is the text of :func:`describe_buffer_choice`.

    >>> import matplotlib.pyplot as plt
    >>> table = pd.DataFrame({"wait_ms": [20.0, 60.0], "late_pct": [9.0, 0.0], "mos": [2.1, 4.2]})
    >>> ax = plot_buffer_choice(table)
    >>> ax.get_label()
    'A buffer of 20 ms: 9.0 % too late, MOS 2.10. 60 ms: 0.0 % too late, MOS 4.20. Best: 60 ms.'
    >>> plt.close(ax.figure)
    """
    with drawn_on(ax) as axes:
        axes.set_title("A longer buffer loses less, and delays more")
        axes.set(xlabel="the jitter buffer's wait (ms)", ylabel="mean opinion score (MOS)")
        axes.set_label(describe_buffer_choice(buffers))
        rated = buffers.dropna(subset=["mos"])
        axes.plot(rated["wait_ms"], rated["mos"], "o-", color=colour_of(0))
        for wait_ms, late_pct, mos in rated[["wait_ms", "late_pct", "mos"]].itertuples(index=False):
            axes.annotate(
                f"{late_pct:.1f} %" if late_pct >= _UNSEEN_PCT else "0",
                (wait_ms, mos), xytext=(0, 10), textcoords="offset points",
                ha="center", size=11, color=colour_of(1),
            )  # fmt: skip
        if len(rated):
            _best(axes, rated)
        axes.set_ylim(1, 4.6 + _ROOM_ABOVE)
        axes.annotate(
            "at each point: packets too late", (1, 1), xycoords="axes fraction",
            ha="right", va="top", size=11, color=colour_of(1),
        )  # fmt: skip
        return axes


def describe_buffer_choice(buffers: pd.DataFrame) -> str:
    """Return in words what :func:`plot_buffer_choice` draws.

    Args:
        buffers: as for :func:`plot_buffer_choice`.
    """
    rated = buffers.dropna(subset=["mos"])
    if not len(rated):
        return "No buffer could be rated."
    points = [
        f"{row.wait_ms:g} ms: {row.late_pct:.1f} % too late, MOS {row.mos:.2f}."
        for row in rated.itertuples()
    ]
    best = rated.iloc[int(rated["mos"].argmax())]
    return f"A buffer of {' '.join(points)} Best: {best['wait_ms']:g} ms."


def _best(axes: Axes, rated: pd.DataFrame) -> None:
    best = rated.iloc[int(rated["mos"].argmax())]
    axes.plot(best["wait_ms"], best["mos"], "o", color=colour_of(2), markersize=15, zorder=3)
    axes.annotate(
        f"best: {best['wait_ms']:g} ms", (best["wait_ms"], best["mos"]), xytext=(8, -12),
        textcoords="offset points", ha="left", va="top", weight="bold", color="#00795A",
    )  # fmt: skip
