"""Sound, by what frequencies it holds from moment to moment."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from voiplab.plots.style import drawn_on

_WINDOW_S = 0.032  # long enough to tell a voice's harmonics apart, short enough for its syllables
_RANGE_DB = 60.0  # below the loudest: what can be heard beside it
_GAP_HZ = 600.0


def plot_spectrogram(
    sounds: Mapping[str, tuple[npt.NDArray[np.floating], int]],
    ax: Axes | None = None,
    *,
    highest_hz: float = 4000.0,
) -> Axes:
    """Draw sounds one under the other: frequency upwards, time to the right, darker for louder.

    Each sound has its own scale of loudness: dark is its loudest, white 60 dB less. Speech shows
    as stripes (a voice's harmonics) that come and go; noise fills everything.

    Args:
        sounds: by name, samples (mono) and how many of them make a second.
        ax: where to draw; a new figure by default.
        highest_hz: up to which frequency; a telephone's bandwidth by default.

    Returns:
        The axes, whose label is the text of :func:`describe_spectrogram`.

    >>> import matplotlib.pyplot as plt
    >>> tone = np.sin(2 * np.pi * 1000 * np.arange(8000) / 8000)
    >>> ax = plot_spectrogram({"tone": (tone, 8000)})
    >>> ax.get_label()
    'tone: 1.0 s, half of its energy below 1000 Hz, in 9 % of the picture.'
    >>> plt.close(ax.figure)
    """
    rows = max(1, len(sounds))
    with drawn_on(ax, height_inches=0.9 + 1.5 * rows) as axes:
        axes.set_label(describe_spectrogram(sounds, highest_hz=highest_hz))
        axes.set_xlabel("time (s)")
        axes.grid(visible=False)
        step = highest_hz + _GAP_HZ
        ticks, names, longest_s = [], [], 0.0
        for row, (name, (samples, rate_hz)) in enumerate(sounds.items()):
            base = (rows - 1 - row) * step
            duration_s = max(len(samples), 1) / rate_hz
            longest_s = max(longest_s, duration_s)
            picture = _picture(samples, rate_hz, highest_hz)
            axes.imshow(
                picture, cmap="Blues", aspect="auto", origin="lower", vmin=0, vmax=_RANGE_DB,
                extent=(0, duration_s, base, base + highest_hz), interpolation="nearest",
            )  # fmt: skip
            axes.text(
                0.006, base + highest_hz * 0.93, name, transform=axes.get_yaxis_transform(),
                ha="left", va="top", fontweight="bold",
                bbox={"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "pad": 2.5},
            )  # fmt: skip
            ticks += [base, base + highest_hz / 2, base + highest_hz]
            names += ["0", f"{highest_hz / 2000:g}", f"{highest_hz / 1000:g}"]
        axes.set_yticks(ticks, names)
        axes.set_ylabel("frequency (kHz)")
        axes.set_xlim(0, longest_s or 1)
        axes.set_ylim(-1, rows * step - _GAP_HZ + 1)
        return axes


def describe_spectrogram(
    sounds: Mapping[str, tuple[npt.NDArray[np.floating], int]], *, highest_hz: float = 4000.0
) -> str:
    """Return in words what :func:`plot_spectrogram` draws.

    Args:
        sounds: as for :func:`plot_spectrogram`.
        highest_hz: likewise.

    >>> describe_spectrogram({})
    'No sound.'
    """
    if not sounds:
        return "No sound."
    return " ".join(
        _words(name, samples, rate_hz, highest_hz) for name, (samples, rate_hz) in sounds.items()
    )


def _words(name: str, samples: npt.NDArray[np.floating], rate_hz: int, highest_hz: float) -> str:
    duration_s = len(samples) / rate_hz
    if not len(samples) or not np.abs(samples).max():
        return f"{name}: {duration_s:.1f} s, no sound."
    power = np.abs(np.fft.rfft(np.asarray(samples, np.float64))) ** 2
    half = int(np.searchsorted(np.cumsum(power), power.sum() / 2))
    middle_hz = half * rate_hz / len(samples)
    filled = 100 * float(np.mean(_picture(samples, rate_hz, highest_hz) > _RANGE_DB / 2))
    return (
        f"{name}: {duration_s:.1f} s, half of its energy below {middle_hz:.0f} Hz, "
        f"in {filled:.0f} % of the picture."
    )


def _picture(
    samples: npt.NDArray[np.floating], rate_hz: int, highest_hz: float
) -> npt.NDArray[np.float64]:
    """Return loudness in dB above what is drawn white: a row a frequency, a column a moment."""
    from scipy.signal import spectrogram  # noqa: PLC0415 - heavy: loaded when one is drawn

    size = int(_WINDOW_S * rate_hz)
    given = np.asarray(samples, np.float64)
    if len(given) < size:
        given = np.pad(given, (0, size - len(given)))
    frequencies, _, power = spectrogram(given, rate_hz, nperseg=size, noverlap=size // 2)
    power = power[frequencies <= highest_hz]
    loudest = float(power.max()) or 1.0
    loudness: npt.NDArray[np.float64] = 10 * np.log10(np.maximum(power / loudest, 1e-12))
    # Above half of its rate a recording holds nothing.
    beyond = max(0, int(highest_hz * size / rate_hz) + 1 - len(loudness))
    return np.pad(np.clip(loudness + _RANGE_DB, 0, _RANGE_DB), ((0, beyond), (0, 0)))
