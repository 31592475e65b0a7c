"""Interarrival jitter (RFC 3550, section 6.4.1 and appendix A.8)."""

import numpy as np
import numpy.typing as npt

_GAIN = 1 / 16
_RUN = 256


def jitter_ms(
    arrival_s: npt.ArrayLike, timestamps: npt.ArrayLike, clock_rate_hz: int
) -> npt.NDArray[np.float64]:
    """Return the running jitter estimate after each packet.

    J(i) = J(i-1) + (|D(i-1, i)| - J(i-1)) / 16, where D is the difference of two packets'
    spacing at the receiver and at the sender (RFC 3550, section 6.4.1).

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
    # Timestamps wrap at 2³²: their differences are taken as signed 32-bit numbers.
    sent = np.diff(np.asarray(timestamps, np.int64)).astype(np.uint32).astype(np.int32)
    differences_ms = np.abs(np.diff(arrival) - sent / clock_rate_hz) * 1000
    return np.concatenate([[0.0][: len(arrival)], _smoothed(differences_ms)])


def _smoothed(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return y with y[i] = y[i-1] + (values[i] - y[i-1]) / 16, starting from 0.

    Within a run, y[i] = keep^(i+1) · (y before the run + gain · Σ values[k] / keep^(k+1)).
    All terms are positive and a run is short, so that no precision is lost.
    """
    keep = (1 - _GAIN) ** np.arange(1, _RUN + 1)
    padded = np.zeros(-(-len(values) // _RUN) * _RUN)
    padded[: len(values)] = values
    sums = np.cumsum(_GAIN * padded.reshape(-1, _RUN) / keep, axis=1)
    before = np.zeros(len(sums))
    for run in range(1, len(sums)):
        before[run] = keep[-1] * (before[run - 1] + sums[run - 1, -1])
    smoothed: npt.NDArray[np.float64] = (keep * (before[:, None] + sums)).reshape(-1)
    return smoothed[: len(values)]
