"""Interarrival jitter (RFC 3550, section 6.4.1 and appendix A.8)."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from voiplab.packets.segments import Integers, Segments, grown

_GAIN = 1 / 16
_RUN = 64

_STATE = np.dtype(
    [
        ("packets", "i8"),
        ("timestamp", "u4"),
        *((name, "f8") for name in ("arrival_s", "jitter_ms", "sum_ms", "largest_ms")),
    ]
)

Floats = npt.NDArray[np.float64]


class JitterCounts(NamedTuple):
    """The jitter of streams, a value a stream; NaN where fewer than two packets came.

    Attributes:
        mean_ms: the mean of the running estimate, without the 0 that it starts from.
        max_ms: its largest value.
    """

    mean_ms: Floats
    max_ms: Floats


class JitterMeter:
    """Measures the interarrival jitter of many streams, as packets come.

    J(i) = J(i-1) + (|D(i-1, i)| - J(i-1)) / 16, where D is the difference of two packets'
    spacing at the receiver and at the sender (RFC 3550, section 6.4.1).
    """

    def __init__(self) -> None:
        self._state = np.zeros(0, _STATE)

    def update(
        self,
        segments: Segments,
        arrival_s: Floats,
        timestamps: npt.NDArray[np.uint32],
        clock_rates_hz: Integers,
    ) -> Floats:
        """Take packets.

        Args:
            segments: whose they are.
            arrival_s: when each arrived, in seconds, in the order of arrival.
            timestamps: their RTP timestamps.
            clock_rates_hz: how fast the timestamps of each segment advance.

        Returns:
            The estimate after each packet, in milliseconds.
        """
        if not len(arrival_s):
            return np.zeros(0)
        self._state = state = grown(self._state, int(segments.names.max()) + 1)
        streams, begins, lasts = segments.names, segments.begins, segments.lasts
        started = state["packets"][streams] > 0
        earlier_s = np.where(started, state["arrival_s"][streams], arrival_s[begins])
        earlier = np.where(started, state["timestamp"][streams], timestamps[begins])
        # Timestamps wrap at 2³²: their differences are taken as signed 32-bit numbers.
        sent = (timestamps - segments.before(timestamps, earlier)).view(np.int32)
        received_s = arrival_s - segments.before(arrival_s, earlier_s)
        differences_ms = np.abs(received_s - sent / segments.each(clock_rates_hz)) * 1000
        jitter_ms = _smoothed(differences_ms, segments, state["jitter_ms"][streams])

        state["packets"][streams] += segments.counts
        state["arrival_s"][streams] = arrival_s[lasts]
        state["timestamp"][streams] = timestamps[lasts]
        state["jitter_ms"][streams] = jitter_ms[lasts]
        state["sum_ms"][streams] += np.add.reduceat(jitter_ms, begins)
        largest_ms = np.maximum.reduceat(jitter_ms, begins)
        state["largest_ms"][streams] = np.maximum(state["largest_ms"][streams], largest_ms)
        return jitter_ms

    def result(self) -> JitterCounts:
        """Return what was measured so far."""
        state = self._state
        measured = np.where(state["packets"] > 1, state["packets"] - 1.0, np.nan)
        return JitterCounts(state["sum_ms"] / measured, state["largest_ms"] + 0 * measured)


def jitter_ms(
    arrival_s: npt.ArrayLike, timestamps: npt.ArrayLike, clock_rate_hz: int
) -> npt.NDArray[np.float64]:
    """Return the running jitter estimate after each packet of one stream; see JitterMeter.

    Args:
        arrival_s: when each packet arrived, in seconds, in the order of arrival.
        timestamps: the packets' RTP timestamps.
        clock_rate_hz: how fast the timestamps advance.

    Returns:
        The estimate in milliseconds, as many values as packets; the first is 0.

    >>> jitter_ms([0.000, 0.020, 0.056], [0, 160, 320], 8000).round(3).tolist()
    [0.0, 0.0, 1.0]
    """
    arrival = np.asarray(arrival_s, np.float64)
    segments = Segments.of(np.zeros(len(arrival), np.int64))
    sent = np.asarray(timestamps, np.int64).astype(np.uint32)
    return JitterMeter().update(segments, arrival, sent, np.array([clock_rate_hz]))


def _smoothed(values: Floats, segments: Segments, before: Floats) -> Floats:
    """Return y with y[i] = y[i-1] + (values[i] - y[i-1]) / 16 in each segment.

    Within a run, y[i] = keep^(i+1) · (y before the run + gain · Σ values[k] / keep^(k+1)).
    All terms are positive and a run is short, so that no precision is lost.

    Args:
        values: what to smooth.
        segments: the streams of the values.
        before: the y before each segment.
    """
    keep = (1 - _GAIN) ** np.arange(1, _RUN + 1)
    runs = -(-segments.counts // _RUN)
    first_runs = np.cumsum(runs) - runs
    at = np.arange(len(values)) + segments.each(first_runs * _RUN - segments.begins)
    padded = np.zeros((int(runs.sum()), _RUN))
    padded.reshape(-1)[at] = values
    padded *= _GAIN / keep
    sums = np.cumsum(padded, axis=1, out=padded)
    starts = np.full(len(sums), np.nan)
    starts[first_runs] = before
    entries, reached = starts.tolist(), 0.0
    decay, gathered = float(keep[-1]), sums[:, -1].tolist()
    for run, entry in enumerate(entries):
        if entry == entry:  # noqa: PLR0124 - NaN where a run goes on from the one before
            reached = entry
        else:
            entries[run] = reached
        reached = decay * (reached + gathered[run])
    sums += np.array(entries)[:, None]
    sums *= keep
    smoothed: Floats = sums.reshape(-1)[at]
    return smoothed
