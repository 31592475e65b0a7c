"""How many callers are with a group of agents: a birth and death process."""

from functools import lru_cache
from math import ceil, expm1, log, sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from voiplab.errors import TrafficError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_STATES: Final = 5_000_000
_NEGLIGIBLE: Final = 1e-20


class States:
    """Callers that talk and wait, where waiting ends, or patience does: M/M/c/K+M.

    The state is the number of callers that are there. One more comes at one rate; one fewer stays
    at the rate at which agents finish and waiting callers lose patience. A caller that finds `k`
    others waiting is answered after `k + 1` departures, unless its patience ends before. Since
    departures go faster the more are waiting, `exp(-wait / patience)` is a product of powers of
    random numbers, and follows a beta distribution.

    Source: C. Palm, "Research on telephone traffic carried by full availability groups", Tele 1
    (1957); A. Mandelbaum and S. Zeltyn, "The Palm/Erlang-A queue, with applications to call
    centers" (2005), sections 3 and 4. The probabilities are multiplied from the likeliest state
    outwards, so that nothing overflows or cancels.

    Args:
        agents: how many answer, 0 or more.
        arrivals_per_s: how many callers come, on average.
        mean_talk_s: how long one talks, on average.
        mean_patience_s: how long one waits before giving up, on average; infinite for ever.
        waiting_places: how many can wait; None for any number, if patience ends.
    """

    def __init__(
        self,
        *,
        agents: int,
        arrivals_per_s: float,
        mean_talk_s: float,
        mean_patience_s: float,
        waiting_places: int | None,
    ) -> None:
        self._agents = agents
        self._answered_per_s = agents / mean_talk_s
        self._abandoned_per_s = 1 / mean_patience_s
        self._has_end = waiting_places is not None
        if waiting_places is None:
            waiting_places = _enough_places(
                arrivals_per_s, self._answered_per_s, self._abandoned_per_s
            )
        if agents + waiting_places > _MOST_STATES:
            raise TrafficError(
                f"With a patience of {mean_patience_s:g} s, more than {_MOST_STATES:,} callers "
                "would wait: leave the patience infinite, or take fewer waiting places."
            )
        self.probabilities = stationary(
            agents,
            arrivals_per_s=arrivals_per_s,
            mean_talk_s=mean_talk_s,
            mean_patience_s=mean_patience_s,
            waiting_places=waiting_places,
        )

    @property
    def blocking(self) -> float:
        """The share of callers that find no place, 0 to 1."""
        return float(self.probabilities[-1]) if self._has_end else 0.0

    @property
    def waiting(self) -> float:
        """The share of callers that wait before they are answered or give up, 0 to 1."""
        return float(self._found.sum())

    @property
    def abandonment(self) -> float:
        """The share of callers that give up, 0 to 1."""
        return self._abandoned_per_s * self.waited_s

    @property
    def waited_s(self) -> float:
        """How long a caller waits, on average; those who found no place as if for no time."""
        return float((self._found * (self._ahead + 1) / self._left_per_s).sum())

    @property
    def waited_and_answered_s(self) -> float:
        """How long a caller waits, on average; those who weren't answered as if for no time."""
        if not self._agents:
            return 0.0
        until_answered_s = np.cumsum(1 / self._left_per_s)
        return float((self._found * self._answered * until_answered_s).sum())

    @property
    def mean_queue(self) -> float:
        """How many wait at a time, on average."""
        queued = self.probabilities[self._agents :]
        return float((np.arange(queued.size) * queued).sum())

    def answered_within(self, seconds: float) -> float:
        """Return the share of callers that are answered within this time, 0 to 1."""
        return float(self.probabilities[: self._agents].sum() + self._answered_after(seconds))

    def waits_longer(self, seconds: float) -> float:
        """Return the share of callers that are still waiting after this time, 0 to 1."""
        from scipy.special import betainc, gammaincc  # noqa: PLC0415 - heavy

        patience_left = np.exp(-self._abandoned_per_s * seconds)
        if not self._agents:
            return float(self._found.sum() * patience_left)
        if not self._abandoned_per_s:
            unanswered = gammaincc(self._ahead + 1, self._answered_per_s * seconds)
        else:
            ratio = self._answered_per_s / self._abandoned_per_s
            unanswered = betainc(ratio, self._ahead + 1, patience_left)
        return float((self._found * unanswered).sum() * patience_left)

    def _answered_after(self, seconds: float) -> float:
        from scipy.special import betainc, gammainc  # noqa: PLC0415 - heavy

        if not self._agents:
            return 0.0
        if not self._abandoned_per_s:
            in_time = gammainc(self._ahead + 1, self._answered_per_s * seconds)
        else:
            ratio = self._answered_per_s / self._abandoned_per_s
            in_time = betainc(self._ahead + 1, ratio + 1, -expm1(-self._abandoned_per_s * seconds))
        return float((self._found * self._answered * in_time).sum())

    @property
    def _found(self) -> "NDArray[np.float64]":
        """How likely a caller finds all agents busy, a place free, and so many waiting."""
        end = -1 if self._has_end else None
        return self.probabilities[self._agents : end]

    @property
    def _ahead(self) -> "NDArray[np.float64]":
        return np.arange(self._found.size, dtype=np.float64)

    @property
    def _left_per_s(self) -> "NDArray[np.float64]":
        """At what rate callers leave a queue that this caller has joined behind so many."""
        return self._answered_per_s + (self._ahead + 1) * self._abandoned_per_s

    @property
    def _answered(self) -> "NDArray[np.float64]":
        """How likely a caller that waits behind so many is answered."""
        return self._answered_per_s / self._left_per_s


@lru_cache(maxsize=64)
def stationary(
    agents: int,
    *,
    arrivals_per_s: float,
    mean_talk_s: float,
    mean_patience_s: float,
    waiting_places: int,
) -> "NDArray[np.float64]":
    """Return how likely it is that 0, 1, ... callers are there, in the long run.

    Args:
        agents: as for :class:`States`, like the others.
        arrivals_per_s: likewise.
        mean_talk_s: likewise.
        mean_patience_s: likewise.
        waiting_places: how many can wait.

    Returns:
        A probability for each number up to agents and waiting places together; read only.

    >>> from math import inf
    >>> stationary(1, arrivals_per_s=1, mean_talk_s=1, mean_patience_s=inf, waiting_places=2)
    array([0.25, 0.25, 0.25, 0.25])
    """
    callers = np.arange(1, agents + waiting_places + 1)
    talking = np.minimum(callers, agents)
    ratios = arrivals_per_s / (talking / mean_talk_s + (callers - talking) / mean_patience_s)
    # The ratios fall: the likeliest state is the last one that isn't less likely than its elder.
    likeliest = int((ratios >= 1).sum())
    above = np.cumprod(ratios[likeliest:])
    below = np.cumprod(1 / ratios[:likeliest][::-1])[::-1]
    weights = np.concatenate([below, [1.0], above])
    probabilities: NDArray[np.float64] = weights / weights.sum()
    probabilities.setflags(write=False)
    return probabilities


def _enough_places(arrivals_per_s: float, answered_per_s: float, abandoned_per_s: float) -> int:
    """Return after how many waiting callers a longer queue is too unlikely to count."""
    if not arrivals_per_s:
        return 1
    depth = -log(_NEGLIGIBLE)
    balanced = max(0.0, (arrivals_per_s - answered_per_s) / abandoned_per_s)
    # Beyond the balance, the k-th ratio is at most 1 / (1 + k x), and ln(1 + x) > 0.69 x up to 1.
    falling = sqrt(depth / 0.345 * arrivals_per_s / abandoned_per_s) + depth / log(2)
    if arrivals_per_s < answered_per_s:
        falling = min(falling, depth / log(answered_per_s / arrivals_per_s))
    return ceil(min(balanced + falling, _MOST_STATES)) + 1
