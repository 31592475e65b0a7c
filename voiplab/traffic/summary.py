"""What callers went through, in figures: the same for simulated and for measured ones."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING, Final

import numpy as np

from voiplab.errors import TrafficError
from voiplab.traffic.callers import checked_callers, waited_s
from voiplab.traffic.estimate import Estimate, mean_interval

if TYPE_CHECKING:
    import pandas as pd

BATCHES: Final = 10
"""In how many batches one run is cut: Schmeiser (1982) found 10 to 30 to be enough."""

_LEAST_RUN: Final = 5
_LEAST_BATCH: Final = 10
_MOST: Final = {
    "service_level": 1.0,
    "mean_wait_s": inf,
    "mean_wait_of_answered_s": inf,
    "abandonment": 1.0,
    "turned_away": 1.0,
}


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Figures of a queue, each with an interval. Shares are of all callers, from 0 to 1.

    Attributes:
        callers: how many there were.
        within_s: within what time a caller is to be answered.
        service_level: the share answered within that time; who gave up wasn't.
        mean_wait_s: how long a caller was in the queue until answered or gone; who was refused
            isn't counted.
        mean_wait_of_answered_s: the same of those who were answered.
        abandonment: the share that gave up.
        turned_away: the share that was refused or sent away.
        occupancy: how much of the time an agent was busy; None when it isn't known how many there
            were.
    """

    callers: int
    within_s: float
    service_level: Estimate
    mean_wait_s: Estimate
    mean_wait_of_answered_s: Estimate
    abandonment: Estimate
    turned_away: Estimate
    occupancy: Estimate | None = None


def summary(  # noqa: PLR0913 - what is counted is described by so much
    callers: "pd.DataFrame | Sequence[pd.DataFrame]",
    *,
    within_s: float = 20,
    agents: float | None = None,
    wrap_up_s: float = 0,
    warm_up_s: float = 0,
    interval: Callable[[Sequence[float]], Estimate] = mean_interval,
) -> Summary:
    """Return how callers fared.

    Several runs are independent of each other: each gives one sample of every figure. A single
    run, such as a measured one, is cut into batches of callers who came one after the other. Long
    batches are nearly independent of each other, and their means are the samples; of short ones,
    the intervals come out too narrow. A short run is better repeated than cut.

    A centre starts empty, so that its first callers wait less than the others: leave them out as
    warming up, unless that is what a run is held against.

    Source: the methods of independent replications and of batch means, A. M. Law, Simulation
    Modeling and Analysis (5th edition, 2015), section 9.5; on the number of batches,
    B. Schmeiser, "Batch size effects in the analysis of simulation output", Operations Research
    30(3), 1982.

    Args:
        callers: one run, or several, as :mod:`voiplab.traffic.callers` describes.
        within_s: within what time a caller is to be answered.
        agents: how many were logged in, on average.
        wrap_up_s: how long an agent is busy after a call.
        warm_up_s: until when callers aren't counted.
        interval: :func:`voiplab.traffic.mean_interval` says where the mean of all such runs is;
            :func:`voiplab.traffic.next_interval`, where one more run would be.

    Raises:
        TrafficError: when the callers' table isn't whole, or there are too few of them.

    >>> from voiplab.traffic import CallCentre, Demand, replicate
    >>> demands = [Demand(calls_per_hour=200, mean_talk_s=180)]
    >>> runs = replicate(CallCentre.of_equals(14), demands, for_s=7200, runs=10, seed=7)
    >>> found = summary(runs, agents=14, warm_up_s=900)
    >>> 0.8884 in found.service_level, 7.84 in found.mean_wait_s, 10 / 14 in found.occupancy
    (True, True, True)
    """
    samples = list(_samples(callers, warm_up_s=warm_up_s, wrap_up_s=wrap_up_s))
    if not samples:
        raise TrafficError("Without runs there is nothing to sum up.")
    figures = [_figures(sample, within_s) for sample in samples]
    occupancies = [sample.busy_s / sample.lasted_s / agents for sample in samples] if agents else []
    return Summary(
        callers=sum(len(sample.callers) for sample in samples),
        within_s=within_s,
        occupancy=interval(occupancies).within(0, 1) if occupancies else None,
        **{
            figure: interval([of[figure] for of in figures]).within(0, _MOST[figure])
            for figure in figures[0]
        },
    )


@dataclass(frozen=True)
class _Sample:
    """Callers that are counted together, and how long agents were busy while they came."""

    callers: "pd.DataFrame"
    busy_s: float
    lasted_s: float


def _samples(
    callers: "pd.DataFrame | Sequence[pd.DataFrame]", *, warm_up_s: float, wrap_up_s: float
) -> Iterator[_Sample]:
    import pandas as pd  # noqa: PLC0415 - heavy

    runs = [callers] if isinstance(callers, pd.DataFrame) else list(callers)
    parts = BATCHES if len(runs) == 1 else 1
    for run in runs:
        ordered = checked_callers(run)
        counted = ordered[ordered["arrived_s"] >= warm_up_s]
        if len(counted) < (_LEAST_RUN if parts == 1 else _LEAST_BATCH * parts):
            raise TrafficError(
                f"{len(counted)} callers are too few to tell: of several runs, each takes "
                f"{_LEAST_RUN}, and one that stands alone {_LEAST_BATCH * BATCHES}."
            )
        ends = np.linspace(0, len(counted), parts + 1).round().astype(int)
        arrived_s = counted["arrived_s"].to_numpy()
        for begin, end in pairwise(ends):
            from_s, to_s = arrived_s[begin], arrived_s[min(end, len(counted) - 1)]
            yield _Sample(
                counted.iloc[begin:end], _busy_s(ordered, from_s, to_s, wrap_up_s), to_s - from_s
            )


def _busy_s(callers: "pd.DataFrame", from_s: float, to_s: float, wrap_up_s: float) -> float:
    """Return for how long agents were busy between two moments, all together."""
    answered = callers.dropna(subset="answered_s")
    begun = answered["answered_s"].clip(from_s, to_s)
    done = (answered["ended_s"] + wrap_up_s).clip(from_s, to_s)
    return float((done - begun).sum())


def _figures(sample: _Sample, within_s: float) -> dict[str, float]:
    outcome = sample.callers["outcome"]
    answered = outcome == "answered"
    wait_s = waited_s(sample.callers)
    return {
        "service_level": float((answered & (wait_s <= within_s)).mean()),
        "mean_wait_s": float(wait_s.mean()),
        "mean_wait_of_answered_s": float(wait_s[answered].mean()),
        "abandonment": float((outcome == "abandoned").mean()),
        "turned_away": float(outcome.isin(["refused", "sent away"]).mean()),
    }
