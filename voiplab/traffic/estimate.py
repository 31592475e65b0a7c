"""A figure that was found by trying, and how far it can be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, nan, sqrt

import numpy as np

from voiplab.errors import TrafficError


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A value, and the interval that goes with it.

    Attributes:
        value: what was found.
        low: where the interval begins.
        high: where it ends; infinite when too little was tried to tell.
        confidence: how often such an interval holds what it is for.

    >>> estimate = Estimate(value=12.0, low=10.5, high=13.5)
    >>> 11 in estimate, str(estimate)
    (True, '12 (10.5 to 13.5)')
    """

    value: float
    low: float
    high: float
    confidence: float = 0.95

    def within(self, least: float, most: float) -> "Estimate":
        """Return this estimate of something that can't be less or more than this.

        >>> print(Estimate(value=0.98, low=0.95, high=1.01).within(0, 1))
        0.98 (0.95 to 1)
        """
        return replace(self, low=max(self.low, least), high=min(self.high, most))

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def __str__(self) -> str:
        return f"{self.value:.3g} ({self.low:.3g} to {self.high:.3g})"


def mean_interval(samples: Sequence[float], confidence: float = 0.95) -> Estimate:
    """Return the mean of samples, and where the mean of all such samples is to be found.

    Source: Student's t interval, with samples from independent runs or from batches of one run, as
    in A. M. Law, Simulation Modeling and Analysis (5th edition, 2015), section 9.5.

    Args:
        samples: a figure of each run or batch; missing ones (NaN) are left out, and where all are,
            so is the mean.
        confidence: how often such an interval holds the mean, above 0 and under 1.

    Raises:
        TrafficError: when the confidence is another.

    >>> print(mean_interval([9.0, 10.0, 11.0]))
    10 (7.52 to 12.5)
    """
    from scipy.stats import t  # noqa: PLC0415 - heavy

    known = _known(samples, confidence)
    mean = float(known.mean()) if known.size else nan
    if known.size <= 1:
        return Estimate(value=mean, low=-inf, high=inf, confidence=confidence)
    half = float(t.ppf((1 + confidence) / 2, known.size - 1) * known.std(ddof=1))
    half /= sqrt(known.size)
    return Estimate(value=mean, low=mean - half, high=mean + half, confidence=confidence)


def next_interval(samples: Sequence[float], confidence: float = 0.95) -> Estimate:
    """Return the mean of samples, and where one more such sample is to be found.

    This is the interval to hold a single measurement against. It assumes no distribution: of n + 1
    samples, each is as likely as the others to be the smallest or the largest. 39 samples are
    needed for 95 %; of fewer, the interval is without end.

    Source: W. Q. Meeker, G. J. Hahn and L. A. Escobar, Statistical Intervals (2nd edition, 2017),
    section 5.5, on distribution-free prediction intervals.

    Args:
        samples: a figure of each run; missing ones (NaN) are left out.
        confidence: how often such an interval holds the next sample, above 0 and under 1.

    Raises:
        TrafficError: as for :func:`mean_interval`.

    >>> print(next_interval([float(n) for n in range(1, 40)]))
    20 (1 to 39)
    """
    known = np.sort(_known(samples, confidence))
    # Not to lose a place to 0.05 / 2 x 40 being a little less than 1.
    rank = int((1 - confidence) / 2 * (known.size + 1) + 1e-9)
    mean = float(known.mean()) if known.size else nan
    if not rank:
        return Estimate(value=mean, low=-inf, high=inf, confidence=confidence)
    return Estimate(
        value=mean,
        low=float(known[rank - 1]),
        high=float(known[-rank]),
        confidence=confidence,
    )


def _known(
    samples: Sequence[float], confidence: float
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    if not 0 < confidence < 1:
        raise TrafficError(f"A confidence is above 0 and under 1; not {confidence}.")
    every = np.asarray(samples, dtype=np.float64)
    return every[~np.isnan(every)]
