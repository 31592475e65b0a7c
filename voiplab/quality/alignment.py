"""When what was sent was heard: recordings brought onto the same time."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.signal import correlate, resample_poly

Samples = npt.NDArray[np.float64]

_COARSE_HZ = 8000  # delays are looked for at this rate, and then found to a sample
_STEP_S = 0.04
_FRAME_S = 0.12  # what is compared around each step
_REACH_S = 0.3  # how far a step's delay may lie from that of the whole
# What a slip must be worth, in correlation: losses of a frame or two are no slips.
_SLIP_COST = 1.5
_QUIET = 1e-2  # of the sent speech's mean power: such a step has nothing to align by
_LEAST_POWER = 0.01  # of the heard recording's mean: keeps near-silence from looking alike


@dataclass(frozen=True)
class Aligned:
    """Sent and heard speech, sample for sample at the same time.

    Attributes:
        sent: the part of the sent speech that lies within the heard recording.
        heard: what was heard of it, just as long.
        start_s: where in the sent speech that part begins, in s.
        delays_ms: for each step of 40 ms, how much later in its recording it was heard than it
            lies in its own, in ms.
    """

    sent: Samples
    heard: Samples
    start_s: float
    delays_ms: tuple[float, ...]

    @property
    def delay_ms(self) -> float:
        """The delay of most steps (their median), in ms."""
        return float(np.median(self.delays_ms))

    @property
    def slip_ms(self) -> float:
        """How far the delays of the steps lie apart, in ms."""
        return max(self.delays_ms) - min(self.delays_ms)


def align(sent: Samples, heard: Samples, rate_hz: int) -> Aligned:
    """Find when the sent speech was heard, as a whole and then step by step.

    As a whole, it lies where the cross-correlation, divided by the power of what is heard there,
    is highest. From there the delay may slip by up to 0.3 s, as often as need be: a
    phone's clock and its jitter buffer insert and leave out packets. The delays are those of the
    path through time (found by dynamic programming: R. Bellman, 1957) that is most alike in all,
    less a price for each slip.

    Args:
        sent: samples of the sent speech; not silent.
        heard: samples of the recording in which it is looked for; not silent.
        rate_hz: samples per second of both.

    >>> noise = np.random.default_rng(1).normal(size=8000)
    >>> found = align(noise, np.concatenate([np.zeros(480), noise]), 8000)
    >>> found.delay_ms, found.slip_ms, bool(np.allclose(found.sent, found.heard))
    (60.0, 0.0, True)
    """
    factor = max(1, rate_hz // _COARSE_HZ)
    coarse_sent, coarse_heard = _decimated(sent, factor), _decimated(heard, factor)
    coarse_hz = rate_hz / factor
    whole = _best_lag(coarse_sent, coarse_heard)
    step = round(_STEP_S * coarse_hz)
    reach = round(_REACH_S * coarse_hz)
    likeness = _likeness(coarse_sent, coarse_heard, whole - reach, 2 * reach + 1, step)
    lags = [(whole - reach + offset) * factor for offset in _path(likeness)]
    size = step * factor
    first = max(0, -lags[0])
    pieces, kept = [np.zeros(0)], []
    last = first
    for number in range(first // size, len(lags)):
        start, end = max(first, number * size), min((number + 1) * size, len(sent))
        lag = lags[number] + _nudge(sent[start:end], heard, start + lags[number], factor - 1)
        if start + lag >= len(heard):
            break
        pieces.append(_slice(heard, start + lag, end - start))
        kept.append(1000 * lag / rate_hz)
        last = end
    return Aligned(sent[first:last], np.concatenate(pieces), first / rate_hz, tuple(kept))


def _decimated(samples: Samples, factor: int) -> Samples:
    return samples if factor == 1 else np.asarray(resample_poly(samples, 1, factor), np.float64)


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


def _likeness(sent: Samples, heard: Samples, earliest: int, count: int, step: int) -> Samples:
    """Return how alike each step of the sent speech is to what is heard at each lag.

    Returns:
        A row a step, a column a lag: the correlation, from −1 to 1; nothing but 0 where the sent
        speech is quiet.
    """
    frame = round(_FRAME_S / _STEP_S * step)
    around = (frame - step) // 2
    quiet = _QUIET * float(np.mean(sent**2))
    least = _LEAST_POWER * frame * float(np.mean(heard**2))
    rows = np.zeros((-(-len(sent) // step), count))
    for number in range(len(rows)):
        begin = number * step - around
        part = _slice(sent, begin, frame)
        power = float(np.sum(part**2))
        if power <= quiet * frame:
            continue
        window = _slice(heard, begin + earliest, frame + count - 1)
        energy = np.concatenate([[0.0], np.cumsum(window**2)])
        held = np.maximum(energy[frame:] - energy[:-frame], least)
        rows[number] = correlate(window, part, mode="valid", method="fft") / np.sqrt(held * power)
    return rows


def _path(likeness: Samples) -> list[int]:
    """Return the column of each row on the path that is worth most, slips paid for."""
    worth = likeness[0].copy()
    came_from = np.empty(likeness.shape, np.intp)
    stay = np.arange(likeness.shape[1])
    for number, row in enumerate(likeness):
        if not number:
            continue
        best = int(np.argmax(worth))
        slips = worth < worth[best] - _SLIP_COST
        came_from[number] = np.where(slips, best, stay)
        worth = np.where(slips, worth[best] - _SLIP_COST, worth) + row
    columns = [int(np.argmax(worth))]
    for number in range(len(likeness) - 1, 0, -1):
        columns.append(int(came_from[number, columns[-1]]))
    return columns[::-1]


def _nudge(part: Samples, heard: Samples, expected: int, most: int) -> int:
    """Return by how many samples a part of the speech was heard later than expected."""
    window = _slice(heard, expected - most, len(part) + 2 * most)
    product = correlate(window, part, mode="valid")
    return int(np.argmax(product)) - most if product.max() > 0 else 0


def _slice(samples: Samples, start: int, length: int) -> Samples:
    """Return so many samples from there on, with silence before the first and after the last."""
    part = np.zeros(length)
    first, last = max(0, start), min(len(samples), start + length)
    if first < last:
        part[first - start : last - start] = samples[first:last]
    return part
