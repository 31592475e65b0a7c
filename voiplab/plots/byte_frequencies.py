"""How often each value of a byte occurs."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from voiplab.plots.style import colour_of, drawn_on

_VALUES = 256
_SIGMAS = 3.0


def plot_byte_frequencies(payloads: Mapping[str, bytes], ax: Axes | None = None) -> Axes:
    """Draw how often each of the 256 values occurs, against an even distribution.

    At 1 a value is as frequent as if all were; random bytes stay within the grey band, three
    standard deviations wide, but for one value in 370.

    Args:
        payloads: by name, bytes.
        ax: where to draw; a new figure by default.

    Returns:
        The axes, whose label is the text of :func:`describe_byte_frequencies`.

    >>> import matplotlib.pyplot as plt
    >>> ax = plot_byte_frequencies({"even": bytes(range(256)) * 40})
    >>> ax.get_label()
    'even: the most frequent value 1.0 times as often as the average, the rarest 1.00 times.'
    >>> plt.close(ax.figure)
    """
    with drawn_on(ax) as axes:
        axes.set_label(describe_byte_frequencies(payloads))
        axes.set(xlabel="value of the byte", ylabel="times as often as if all were equal")
        axes.set_yscale("log")
        fewest = min((len(data) for data in payloads.values()), default=0)
        if fewest:
            deviation = _SIGMAS * np.sqrt(_VALUES / fewest)
            axes.axhspan(
                max(1 - deviation, 1e-3), 1 + deviation, color="#999999", alpha=0.35, linewidth=0,
                label="where random bytes are",
            )  # fmt: skip
        for number, (name, data) in enumerate(payloads.items()):
            shares = _shares(data)
            axes.plot(
                np.arange(_VALUES), np.where(shares > 0, shares, np.nan), drawstyle="steps-mid",
                linewidth=1.3, color=colour_of(number), label=name,
            )  # fmt: skip
        axes.set_xticks([0, 64, 128, 192, 255])
        axes.set_xlim(-0.5, 255.5)
        axes.yaxis.set_major_formatter("{x:g}")
        if payloads:
            axes.legend(loc="upper center", ncols=3, bbox_to_anchor=(0.5, 1.16), frameon=False)
        return axes


def describe_byte_frequencies(payloads: Mapping[str, bytes]) -> str:
    """Return in words what :func:`plot_byte_frequencies` draws.

    Args:
        payloads: as for :func:`plot_byte_frequencies`.

    >>> describe_byte_frequencies({"none": b""})
    'none: no bytes.'
    """
    return " ".join(_words(name, data) for name, data in payloads.items()) or "No bytes."


def _words(name: str, data: bytes) -> str:
    if not data:
        return f"{name}: no bytes."
    shares = _shares(data)
    return (
        f"{name}: the most frequent value {shares.max():.1f} times as often as the "
        f"average, the rarest {shares.min():.2f} times."
    )


def _shares(data: bytes) -> npt.NDArray[np.float64]:
    counts = np.bincount(np.frombuffer(data, np.uint8), minlength=_VALUES)
    shares: npt.NDArray[np.float64] = counts * _VALUES / max(len(data), 1)
    return shares
