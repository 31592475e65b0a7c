"""When what was sent was heard: recordings brought onto the same time."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.signal import correlate

Samples = npt.NDArray[np.float64]

_STRETCH_S = 0.25
_SLIP_S = 0.06  # how far one stretch may lie from the last: three packets of 20 ms
_CLEARLY_BETTER = 0.15  # in correlation: a slip must not be a whim of a lost packet
_ALIKE = 0.7  # correlation: where nothing fits so well, the last stretch's delay holds
_QUIET = 1e-2  # of the sent speech's mean power: such a stretch has nothing to align by
_LEAST_POWER = 0.01  # of the heard recording's mean: keeps near-silence from looking alike


@dataclass(frozen=True)
class Aligned:
    """Sent and heard speech, sample for sample at the same time.

    Attributes:
        sent: the part of the sent speech that lies within the heard recording.
        heard: what was heard of it, just as long.
        start_s: where in the sent speech that part begins, in s.
        delays_ms: for each stretch of a quarter of a second, how much later in its recording it
            was heard than it lies in its own, in ms.
    """

    sent: Samples
    heard: Samples
    start_s: float
    delays_ms: tuple[float, ...]

    @property
    def delay_ms(self) -> float:
        """The delay of most stretches (their median), in ms."""
        return float(np.median(self.delays_ms))

    @property
    def slip_ms(self) -> float:
        """How far the delays of the stretches lie apart, in ms."""
        return max(self.delays_ms) - min(self.delays_ms)


def align(sent: Samples, heard: Samples, rate_hz: int) -> Aligned:
    """Find when the sent speech was heard, as a whole and then stretch by stretch.

    As a whole, it lies where the cross-correlation, divided by the power of what is heard there,
    is highest. Each stretch of a quarter of a second, compared with an eighth on either side of it,
    may then lie up to 60 ms away from the last one, where that fits clearly better: a phone's
    clock slips, and jitter buffers stretch time.

    Args:
        sent: samples of the sent speech; not silent.
        heard: samples of the recording in which it is looked for; not silent.
        rate_hz: samples per second of both.

    >>> noise = np.random.default_rng(1).normal(size=8000)
    >>> found = align(noise, np.concatenate([np.zeros(480), noise]), 8000)
    >>> found.delay_ms, found.slip_ms, bool(np.allclose(found.sent, found.heard))
    (60.0, 0.0, True)
    """
    lag = _best_lag(sent, heard)
    first, last = max(0, -lag), min(len(sent), len(heard) - lag)
    size = max(1, round(_STRETCH_S * rate_hz))
    slip = round(_SLIP_S * rate_hz)
    quiet = _QUIET * float(np.mean(sent**2))
    context = size // 2
    pieces, lags = [], []
    for start in range(first, last, size):
        end = min(start + size, last)
        around = sent[max(first, start - context) : min(end + context, last)]
        if float(np.mean(sent[start:end] ** 2)) > quiet:
            lag += _slip(around, heard, max(first, start - context) + lag, slip)
        pieces.append(_slice(heard, start + lag, end - start))
        lags.append(1000 * lag / rate_hz)
    return Aligned(sent[first:last], np.concatenate(pieces), first / rate_hz, tuple(lags))


def _best_lag(sent: Samples, heard: Samples) -> int:
    product = correlate(heard, sent, mode="full", method="fft")
    before = len(sent) - 1
    energy = np.concatenate([[0.0], np.cumsum(heard**2)])
    starts = np.arange(len(product)) - before
    held = (
        energy[np.clip(starts + len(sent), 0, len(heard))] - energy[np.clip(starts, 0, len(heard))]
    )
    least = _LEAST_POWER * len(sent) * float(np.mean(heard**2))
    return int(np.argmax(product / np.sqrt(np.maximum(held, least)))) - before


def _slip(around: Samples, heard: Samples, expected: int, most: int) -> int:
    """Return how much later than expected a stretch was heard, with what lies around it."""
    window = _slice(heard, expected - most, len(around) + 2 * most)
    product = correlate(window, around, mode="valid")
    energy = np.concatenate([[0.0], np.cumsum(window**2)])
    held = energy[len(around) :] - energy[: -len(around)]
    least = max(_LEAST_POWER * float(np.mean(heard**2)) * len(around), 1e-12)
    alike = product / np.sqrt(np.maximum(held, least) * float(np.sum(around**2)))
    best = int(np.argmax(alike))
    fits = alike[best] > max(_ALIKE, alike[most] + _CLEARLY_BETTER)
    return best - most if fits else 0


def _slice(samples: Samples, start: int, length: int) -> Samples:
    """Return so many samples from there on, with silence before the first and after the last."""
    part = np.zeros(length)
    first, last = max(0, start), min(len(samples), start + length)
    if first < last:
        part[first - start : last - start] = samples[first:last]
    return part
