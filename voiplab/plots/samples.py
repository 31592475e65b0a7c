"""Sound under the magnifying glass: sample by sample."""

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from voiplab.plots.style import colour_of, drawn_on


def plot_samples(
    samples: npt.NDArray[np.floating],
    rate_hz: int,
    ax: Axes | None = None,
    *,
    packet_ms: float = 20.0,
) -> Axes:
    """Draw each sample of a few milliseconds of sound, and where packets begin and end.

    Args:
        samples: mono, from −1 to 1.
        rate_hz: how many of them make a second.
        ax: where to draw; a new figure by default.
        packet_ms: how much sound goes into a packet, in ms.

    Returns:
        The axes, whose label is the text of :func:`describe_samples`.

    >>> import matplotlib.pyplot as plt
    >>> ax = plot_samples(np.zeros(160), 8000)
    >>> ax.get_label()
    '160 samples in 20 ms, one each 0.125 ms, from 0.000 to 0.000 of full scale.'
    >>> plt.close(ax.figure)
    """
    time_ms = np.arange(len(samples)) * 1000 / rate_hz
    with drawn_on(ax) as axes:
        axes.set_label(describe_samples(samples, rate_hz))
        axes.set_title(f"{rate_hz:,} samples a second: one each {1000 / rate_hz:g} ms")
        axes.set(xlabel="time (ms)", ylabel="sample (of full scale)")
        axes.axhline(0, color="#444444", linewidth=0.8)
        axes.vlines(time_ms, 0, samples, color=colour_of(5), linewidth=1.2)
        axes.plot(time_ms, samples, ".", color=colour_of(0), markersize=4.5)
        least, greatest = axes.get_ylim()
        axes.set_ylim(least, greatest + 0.14 * (greatest - least))
        _packets(axes, float(time_ms[-1]) if len(samples) else 0.0, packet_ms, rate_hz)
        axes.margins(x=0.01)
        return axes


def describe_samples(samples: npt.NDArray[np.floating], rate_hz: int) -> str:
    """Return in words what :func:`plot_samples` draws.

    Args:
        samples: as for :func:`plot_samples`.
        rate_hz: how many of them make a second.
    """
    if not len(samples):
        return "No sample."
    return (
        f"{len(samples)} samples in {1000 * len(samples) / rate_hz:g} ms, one each "
        f"{1000 / rate_hz:g} ms, from {samples.min():.3f} to {samples.max():.3f} of full scale."
    )


def _packets(axes: Axes, end_ms: float, packet_ms: float, rate_hz: int) -> None:
    """Mark the packets that the sound fills."""
    for number in range(int(end_ms // packet_ms) + 1):
        begin = number * packet_ms
        if number:
            axes.axvline(begin, color="#D55E00", linewidth=1.5, linestyle=(0, (4, 3)))
        axes.annotate(
            f"packet {number + 1}: {rate_hz * packet_ms / 1000:.0f} samples",
            (begin + packet_ms / 2, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, -4),
            textcoords="offset points",
            ha="center",
            va="top",
            color="#B34700",
        )
