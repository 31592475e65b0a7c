"""The callers who come to a queue, before anybody has answered them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Final

import numpy as np

from voiplab.errors import TrafficError

if TYPE_CHECKING:
    import pandas as pd

_S_PER_HOUR: Final = 3600


@dataclass(frozen=True, kw_only=True)
class Demand:
    """Callers who come to one queue at random, at the same rate all the time.

    Attributes:
        calls_per_hour: how many come, on average.
        mean_talk_s: how long one talks with an agent, on average.
        mean_patience_s: how long one waits before giving up, on average; infinite for ever.
        queue: which queue they come to.

    Raises:
        TrafficError: when a figure is one that no demand has.

    >>> Demand(calls_per_hour=200, mean_talk_s=180).offered_erlang
    10.0
    """

    calls_per_hour: float
    mean_talk_s: float
    mean_patience_s: float = inf
    queue: str = "queue"

    def __post_init__(self) -> None:
        if not 0 < self.calls_per_hour < inf:
            raise TrafficError(f"More than 0 callers come an hour; not {self.calls_per_hour}.")
        if not 0 < self.mean_talk_s < inf:
            raise TrafficError(f"A call lasts longer than 0 s, and ends; not {self.mean_talk_s} s.")
        if not self.mean_patience_s > 0:
            raise TrafficError(f"Patience lasts longer than 0 s; not {self.mean_patience_s} s.")

    @property
    def offered_erlang(self) -> float:
        """The traffic that these callers offer."""
        return self.calls_per_hour * self.mean_talk_s / _S_PER_HOUR


def offered_calls(demands: Sequence[Demand], *, for_s: float, seed: int) -> "pd.DataFrame":
    """Draw the callers of some time: Poisson arrivals, exponential talk and patience.

    The same seed draws the same callers, whoever is there to answer them: two call centres, or a
    simulated and a real one, can be tried with the same load.

    Args:
        demands: who comes.
        for_s: for how long callers come.
        seed: what the random numbers start from.

    Returns:
        A row a caller, as they come: ``queue``, ``arrived_s``, ``talk_s`` and ``patience_s``. Times
        given otherwise, such as measured ones, can be put in their place.

    Raises:
        TrafficError: when the time isn't a finite number of seconds, more than 0.

    >>> calls = offered_calls([Demand(calls_per_hour=60, mean_talk_s=120)], for_s=3600, seed=1)
    >>> len(calls), list(calls)
    (53, ['queue', 'arrived_s', 'talk_s', 'patience_s'])
    """
    import pandas as pd  # noqa: PLC0415 - heavy

    if not 0 < for_s < inf:
        raise TrafficError(f"Callers come for a finite time, more than 0 s; not {for_s} s.")
    seeds = np.random.SeedSequence(seed).spawn(len(demands))
    drawn = [_drawn(demand, for_s, own) for demand, own in zip(demands, seeds, strict=True)]
    calls = pd.concat(drawn) if drawn else pd.DataFrame(columns=["queue", "arrived_s"])
    return calls.sort_values("arrived_s", kind="stable", ignore_index=True)


def _drawn(demand: Demand, for_s: float, seed: np.random.SeedSequence) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415 - heavy

    # A stream each, so that a longer talk changes nobody's arrival.
    arrivals, talks, patience = (np.random.default_rng(own) for own in seed.spawn(3))
    count = int(arrivals.poisson(demand.calls_per_hour / _S_PER_HOUR * for_s))
    # Given their number, Poisson arrivals are spread evenly over the time.
    arrived_s = np.sort(arrivals.uniform(0, for_s, count))
    patience_s = patience.exponential(1, count)
    return pd.DataFrame(
        {
            "queue": demand.queue,
            "arrived_s": arrived_s,
            "talk_s": talks.exponential(demand.mean_talk_s, count),
            "patience_s": patience_s * demand.mean_patience_s,
        }
    )
