"""Sound, as it moves over time."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from voiplab.plots.style import colour_of, drawn_on

_COLUMNS = 1600  # as many strokes as a figure has room for
_TALLEST = 0.44  # of a row
_FLOOR_DB = 60.0


def plot_waveform(
    sounds: Mapping[str, tuple[npt.NDArray[np.floating], int]],
    ax: Axes | None = None,
    *,
    marked_s: tuple[float, float] | None = None,
) -> Axes:
    """Draw sounds one under the other, to one scale of time and of loudness.

    Each stroke spans the least and the greatest sample of its moment.

    Args:
        sounds: by name, samples (mono) and how many of them make a second.
        ax: where to draw; a new figure by default.
        marked_s: a stretch to mark, from and to, in seconds.

    Returns:
        The axes, whose label is the text of :func:`describe_waveform`.

    >>> import matplotlib.pyplot as plt
    >>> ax = plot_waveform({"silence": (np.zeros(8000), 8000)})
    >>> ax.get_label()
    'silence: 1.0 s, no sound.'
    >>> plt.close(ax.figure)
    """
    loudest = max((np.abs(samples).max(initial=0) for samples, _ in sounds.values()), default=0)
    with drawn_on(ax, height_inches=1.1 + 1.35 * max(1, len(sounds))) as axes:
        axes.set_xlabel("time (s)")
        axes.set_label(describe_waveform(sounds))
        axes.set_yticks([-row for row in range(len(sounds))], list(sounds))
        axes.set_ylim(0.45 - max(1, len(sounds)), 0.55)
        axes.tick_params(axis="y", length=0)
        axes.grid(visible=False)
        axes.spines["left"].set_visible(False)
        for row, (samples, rate_hz) in enumerate(sounds.values()):
            time_s, least, greatest = _strokes(samples, rate_hz)
            scale = _TALLEST / loudest if loudest else 0.0
            axes.fill_between(
                time_s, least * scale - row, greatest * scale - row,
                color=colour_of(row), linewidth=0.6,
            )  # fmt: skip
        if marked_s is not None:
            axes.axvspan(*marked_s, color="#E69F00", alpha=0.45, linewidth=0, zorder=0)
        axes.margins(x=0.01)
        return axes


def describe_waveform(sounds: Mapping[str, tuple[npt.NDArray[np.floating], int]]) -> str:
    """Return in words what :func:`plot_waveform` draws.

    Args:
        sounds: as for :func:`plot_waveform`.

    >>> tone = np.sin(np.arange(4000))
    >>> describe_waveform({"tone": (np.concatenate([np.zeros(4000), tone]), 8000)})
    'tone: 1.0 s, sound from 0.5 s to 1.0 s.'
    """
    if not sounds:
        return "No sound."
    return " ".join(
        f"{name}: {len(samples) / rate_hz:.1f} s, {_extent(samples, rate_hz)}."
        for name, (samples, rate_hz) in sounds.items()
    )


def _extent(samples: npt.NDArray[np.floating], rate_hz: int) -> str:
    level = np.abs(samples)
    loudest = level.max(initial=0)
    audible = np.flatnonzero(level > loudest * 10 ** (-_FLOOR_DB / 20))
    if not loudest or not len(audible):
        return "no sound"
    return f"sound from {audible[0] / rate_hz:.1f} s to {(audible[-1] + 1) / rate_hz:.1f} s"


def _strokes(
    samples: npt.NDArray[np.floating], rate_hz: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return times, least and greatest samples of as many moments as can be seen."""
    size = max(1, len(samples) // _COLUMNS)
    whole = np.asarray(samples[: len(samples) // size * size], np.float64).reshape(-1, size)
    times: npt.NDArray[np.float64] = np.arange(len(whole)) * size / rate_hz
    return times, whole.min(axis=1, initial=0), whole.max(axis=1, initial=0)
