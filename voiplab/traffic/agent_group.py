"""A group of agents, the callers that come to it, and how these wait."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import exp, inf, isinf, log
from typing import Protocol

from voiplab.errors import TrafficError
from voiplab.traffic.erlang_c import erlang_c
from voiplab.traffic.states import States


@dataclass(frozen=True, kw_only=True)
class AgentGroup:
    """Agents that answer callers in the order in which these came.

    Callers come at random and from many. What they talk, and how long they are willing to wait,
    follows exponential distributions. Which formula that is: with neither patience nor places
    given, Erlang C (M/M/c); with a patience, Erlang A (M/M/c+M); with places, M/M/c/K. No places
    at all is Erlang B.

    Source: see :func:`voiplab.traffic.erlang_c` and :class:`voiplab.traffic.states.States`.

    Attributes:
        agents: how many answer.
        offered_erlang: the traffic that wants to be carried.
        mean_talk_s: how long an agent is busy with a caller, wrap-up included.
        mean_patience_s: how long a caller waits before giving up; infinite when none does.
        waiting_places: how many callers can wait; None for any number.

    Raises:
        TrafficError: when a figure is one that no group has.

    >>> group = AgentGroup(agents=14, offered_erlang=10, mean_talk_s=180)
    >>> round(group.waiting, 4), round(group.mean_wait_s, 2), round(group.service_level(20), 4)
    (0.1741, 7.84, 0.8884)
    >>> impatient = AgentGroup(agents=50, offered_erlang=48, mean_talk_s=60, mean_patience_s=120)
    >>> round(impatient.abandonment, 3), round(impatient.mean_wait_s, 1)
    (0.031, 3.7)
    """

    agents: int
    offered_erlang: float
    mean_talk_s: float
    mean_patience_s: float = inf
    waiting_places: int | None = None

    def __post_init__(self) -> None:
        erlang_c(self.agents, self.offered_erlang)
        if not 0 < self.mean_talk_s < inf:
            raise TrafficError(f"A call lasts longer than 0 s, and ends; not {self.mean_talk_s} s.")
        if not self.mean_patience_s > 0:
            raise TrafficError(f"Patience lasts longer than 0 s; not {self.mean_patience_s} s.")
        if self.waiting_places is not None and self.waiting_places < 0:
            raise TrafficError(f"There are 0 waiting places or more; not {self.waiting_places}.")
        if self.agents == 0 and self.waiting_places and isinf(self.mean_patience_s):
            raise TrafficError(
                "Where nobody answers and nobody gives up, waiting places fill for ever: "
                "give the callers a patience, or no places."
            )

    @classmethod
    def for_service_level(
        cls,
        offered_erlang: float,
        mean_talk_s: float,
        *,
        share: float = 0.8,
        within_s: float = 20,
        mean_patience_s: float = inf,
    ) -> "AgentGroup":
        """Return the smallest group that answers this share of the callers in time.

        Args:
            offered_erlang: the traffic that wants to be carried.
            mean_talk_s: how long an agent is busy with a caller.
            share: how many of the callers are to be answered in time, 0 to under 1.
            within_s: what in time is.
            mean_patience_s: how long a caller waits before giving up.

        Raises:
            TrafficError: as for :class:`AgentGroup`, or when no number of agents would do.

        >>> AgentGroup.for_service_level(10, mean_talk_s=180).agents
        14
        """
        if not 0 <= share < 1:
            raise TrafficError(f"The share answered in time is 0 to under 1; not {share}.")
        group = cls(
            agents=0,
            offered_erlang=offered_erlang,
            mean_talk_s=mean_talk_s,
            mean_patience_s=mean_patience_s,
        )
        if not offered_erlang:
            return group

        def enough(agents: int) -> bool:
            # Nobody is busy more than all the time: fewer agents needn't be reckoned with.
            able = agents >= share * offered_erlang
            return able and replace(group, agents=agents).service_level(within_s) >= share

        return replace(group, agents=_fewest(enough))

    @property
    def arrivals_per_s(self) -> float:
        """How many callers come a second, on average."""
        return self.offered_erlang / self.mean_talk_s

    @property
    def waiting(self) -> float:
        """The share of callers that wait, however long, 0 to 1."""
        return self._line.waiting

    @property
    def blocking(self) -> float:
        """The share of callers that find no place to wait in, 0 to 1."""
        return self._line.blocking

    @property
    def abandonment(self) -> float:
        """The share of callers that give up, 0 to 1."""
        return self._line.abandonment

    @property
    def answered(self) -> float:
        """The share of callers that are answered in the end, 0 to 1.

        Of an overloaded group whose callers never give up, those that it can keep up with.
        """
        if self._overloaded:
            return self.agents / self.offered_erlang if self.offered_erlang else 0.0
        return 1 - self.blocking - self.abandonment

    @property
    def mean_wait_s(self) -> float:
        """How long a caller waits until answered or giving up; who found no place isn't counted."""
        joined = 1 - self.blocking
        return self._line.waited_s / joined if joined else 0.0

    @property
    def mean_wait_of_answered_s(self) -> float:
        """How long a caller waits who is answered: the average speed of answer."""
        return self._line.waited_and_answered_s / self.answered if self.answered else inf

    @property
    def mean_queue(self) -> float:
        """How many callers wait at a time, on average."""
        return self._line.mean_queue

    @property
    def occupancy(self) -> float:
        """How much of the time an agent is busy, 0 to 1."""
        return self.offered_erlang * self.answered / self.agents if self.agents else 0.0

    def service_level(self, within_s: float = 20) -> float:
        """Return the share of all callers that are answered within this time, 0 to 1.

        Those who gave up or found no place count as callers that weren't.

        Raises:
            TrafficError: when the time is less than nothing.

        >>> round(AgentGroup(agents=12, offered_erlang=10, mean_talk_s=180).service_level(20), 3)
        0.64
        """
        if not within_s >= 0:
            raise TrafficError(f"A caller is answered within 0 s or more; not {within_s} s.")
        return self._line.answered_within(within_s)

    def wait_percentile_s(self, share: float) -> float:
        """Return the wait that this share of the callers doesn't exceed, in seconds.

        Counted are all who find an agent or a place, those who give up with what they waited.

        Raises:
            TrafficError: when the share isn't 0 to under 1.

        >>> round(AgentGroup(agents=14, offered_erlang=10, mean_talk_s=180).wait_percentile_s(0.9))
        25
        """
        if not 0 <= share < 1:
            raise TrafficError(f"A percentile is of a share of 0 to under 1; not {share}.")
        return self._line.wait_exceeded_by((1 - share) * (1 - self.blocking))

    @property
    def _overloaded(self) -> bool:
        """Whether the line grows without end."""
        endless = isinf(self.mean_patience_s) and self.waiting_places is None
        return endless and self.offered_erlang >= self.agents

    @property
    def _line(self) -> "_Line":
        if not isinf(self.mean_patience_s) or self.waiting_places is not None:
            return _BoundedLine(
                agents=self.agents,
                arrivals_per_s=self.arrivals_per_s,
                mean_talk_s=self.mean_talk_s,
                mean_patience_s=self.mean_patience_s,
                waiting_places=self.waiting_places,
            )
        if self._overloaded:
            return _GrowingLine()
        return _PatientLine(
            waiting=erlang_c(self.agents, self.offered_erlang),
            offered_erlang=self.offered_erlang,
            spare_per_s=(self.agents - self.offered_erlang) / self.mean_talk_s,
            mean_talk_s=self.mean_talk_s,
        )


def agents_for(
    offered_erlang: float,
    mean_talk_s: float,
    *,
    share: float = 0.8,
    within_s: float = 20,
    mean_patience_s: float = inf,
) -> int:
    """Return the fewest agents that answer this share of the callers in time.

    "80 % within 20 s" is the custom of the trade, and no standard: see
    :meth:`AgentGroup.for_service_level`, whose arguments and errors these are.

    >>> agents_for(10, mean_talk_s=180)
    14
    >>> agents_for(10, mean_talk_s=180, mean_patience_s=120)
    12
    """
    return AgentGroup.for_service_level(
        offered_erlang,
        mean_talk_s,
        share=share,
        within_s=within_s,
        mean_patience_s=mean_patience_s,
    ).agents


def erlang_a(
    agents: int, offered_erlang: float, *, mean_talk_s: float, mean_patience_s: float
) -> float:
    """Return the share of callers that give up before they are answered, 0 to 1.

    Source: C. Palm (1957); O. Garnett, A. Mandelbaum and M. Reiman, "Designing a call center with
    impatient customers", Manufacturing & Service Operations Management 4(3), 2002.

    Args:
        agents: how many answer.
        offered_erlang: the traffic that wants to be carried.
        mean_talk_s: how long an agent is busy with a caller.
        mean_patience_s: how long a caller waits before giving up.

    Raises:
        TrafficError: as for :class:`AgentGroup`.

    >>> round(erlang_a(50, 48, mean_talk_s=60, mean_patience_s=120), 4)
    0.0309
    """
    return AgentGroup(
        agents=agents,
        offered_erlang=offered_erlang,
        mean_talk_s=mean_talk_s,
        mean_patience_s=mean_patience_s,
    ).abandonment


class _Line(Protocol):
    """What waits for a group. The shares are of all callers."""

    @property
    def waiting(self) -> float: ...
    @property
    def blocking(self) -> float: ...
    @property
    def abandonment(self) -> float: ...
    @property
    def waited_s(self) -> float: ...
    @property
    def waited_and_answered_s(self) -> float: ...
    @property
    def mean_queue(self) -> float: ...
    def answered_within(self, seconds: float) -> float: ...
    def wait_exceeded_by(self, share: float) -> float: ...


@dataclass(frozen=True, kw_only=True)
class _PatientLine:
    """Erlang C: who waits, waits for an exponential time, as long as agents have time to spare."""

    waiting: float
    offered_erlang: float
    spare_per_s: float
    mean_talk_s: float
    blocking: float = 0.0
    abandonment: float = 0.0

    @property
    def waited_s(self) -> float:
        return self.waiting / self.spare_per_s

    @property
    def waited_and_answered_s(self) -> float:
        return self.waited_s

    @property
    def mean_queue(self) -> float:
        return self.offered_erlang / self.mean_talk_s * self.waited_s

    def answered_within(self, seconds: float) -> float:
        return 1 - self.waiting * exp(-self.spare_per_s * seconds)

    def wait_exceeded_by(self, share: float) -> float:
        return log(self.waiting / share) / self.spare_per_s if self.waiting > share else 0.0


@dataclass(frozen=True)
class _GrowingLine:
    """More than the agents can do, from callers who never give up."""

    waiting: float = 1.0
    blocking: float = 0.0
    abandonment: float = 0.0
    waited_s: float = inf
    waited_and_answered_s: float = inf
    mean_queue: float = inf

    def answered_within(self, seconds: float) -> float:  # noqa: ARG002 - however long that is
        return 0.0

    def wait_exceeded_by(self, share: float) -> float:  # noqa: ARG002 - likewise
        return inf


class _BoundedLine(States):
    """Erlang A, and lines with an end."""

    def wait_exceeded_by(self, share: float) -> float:
        from scipy.optimize import brentq  # noqa: PLC0415 - heavy

        def too_many(seconds: float) -> float:
            return self.waits_longer(seconds) - share

        if too_many(0) <= 0:
            return 0.0
        latest_s = 1.0
        while too_many(latest_s) > 0:
            latest_s *= 2
        return float(brentq(too_many, 0, latest_s))


def _fewest(enough: Callable[[int], bool]) -> int:
    """Return the least number that is enough, where every greater one is too."""
    most = 1
    while not enough(most):
        most *= 2
    least = most // 2 + 1
    while least < most:
        middle = (least + most) // 2
        least, most = (least, middle) if enough(middle) else (middle + 1, most)
    return least
