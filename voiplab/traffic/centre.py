"""A call centre: its queues, its agents, and who serves what."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

from voiplab.errors import TrafficError
from voiplab.traffic.strategy import STRATEGIES, Strategy


@dataclass(frozen=True, kw_only=True)
class CallQueue:
    """A queue as Asterisk's `queues.conf` describes it, as far as it decides who waits for whom.

    Attributes:
        name: what the callers and the agents know it by.
        strategy: whose phone rings, see :mod:`voiplab.traffic.strategy`.
        wrap_up_s: how long an agent is left alone after a call (`wrapuptime`).
        ring_at_most_s: how long a phone rings before another one is tried (`timeout`).
        retry_s: how long a caller then waits before the next attempt (`retry`).
        weight: of two queues that want the same agent, the heavier one goes first (`weight`).
        longest: how many callers can be in it, waiting; None for any number (`maxlen`).
        join_empty: whether callers may join while no agent is logged in (`joinempty`).
        recheck_s: how often a waiting caller looks whether it is their turn. Asterisk does once a
            second (`RECHECK` in app_queue.c); 0 has everyone told at once, as in theory.

    Raises:
        TrafficError: when there is no such strategy, or a figure is one that no queue has.

    >>> CallQueue(strategy="linear").name
    'queue'
    """

    name: str = "queue"
    strategy: Strategy = "rrmemory"
    wrap_up_s: float = 0.0
    ring_at_most_s: float = 15.0
    retry_s: float = 5.0
    weight: int = 0
    longest: int | None = None
    join_empty: bool = True
    recheck_s: float = 0.0

    def __post_init__(self) -> None:
        if self.strategy not in STRATEGIES:
            raise TrafficError(
                f"Queue {self.name} has the strategy {self.strategy!r}: choose one of "
                f"{', '.join(STRATEGIES)}."
            )
        for what in ("wrap_up_s", "ring_at_most_s", "retry_s", "recheck_s"):
            if not 0 <= getattr(self, what) < inf:
                raise TrafficError(
                    f"Queue {self.name} has {what}={getattr(self, what)}: it is 0 s or more."
                )
        if not self.retry_s:
            raise TrafficError(f"Queue {self.name} tries again at once for ever: give it a pause.")
        if self.longest is not None and self.longest < 1:
            raise TrafficError(f"Queue {self.name} has room for 1 caller or more; {self.longest}?")


@dataclass(frozen=True, kw_only=True)
class Agent:
    """Somebody who answers calls.

    Attributes:
        name: what the results call this agent.
        penalties: the queues this agent serves, each with a penalty: nobody is rung while
            somebody with a lower one is free.
        shifts: from when to when this agent is logged in, in seconds. A call that has begun is
            talked to its end.
        answers_after_s: how long this agent's phone rings before it is answered.

    Raises:
        TrafficError: when a penalty is negative, or a shift ends before it begins.

    >>> Agent(name="Ada", penalties={"sales": 0, "support": 1}, shifts=((0, 3600),)).serves("sales")
    True
    """

    name: str
    penalties: Mapping[str, int] = field(default_factory=lambda: {"queue": 0})
    shifts: tuple[tuple[float, float], ...] = ((0.0, inf),)
    answers_after_s: float = 0.0

    def __post_init__(self) -> None:
        for queue, penalty in self.penalties.items():
            if penalty < 0:
                raise TrafficError(f"{self.name}'s penalty in {queue} is 0 or more; not {penalty}.")
        ends = [moment for shift in self.shifts for moment in shift]
        if ends != sorted(ends) or any(not 0 <= begin < end for begin, end in self.shifts):
            raise TrafficError(f"{self.name}'s shifts follow one another: {self.shifts} don't.")
        if not 0 <= self.answers_after_s < inf:
            raise TrafficError(f"{self.name} answers after 0 s or more: {self.answers_after_s} s?")

    def serves(self, queue: str) -> bool:
        """Return whether this agent takes calls from this queue."""
        return queue in self.penalties


@dataclass(frozen=True, kw_only=True)
class CallCentre:
    """Queues, and the agents that serve them, in the order in which they are configured.

    Raises:
        TrafficError: when two have the same name, or an agent serves a queue that isn't there.

    >>> centre = CallCentre.of_equals(3, CallQueue(wrap_up_s=10))
    >>> [agent.name for agent in centre.agents]
    ['agent 1', 'agent 2', 'agent 3']
    """

    queues: tuple[CallQueue, ...]
    agents: tuple[Agent, ...]

    def __post_init__(self) -> None:
        for what in (self.queues, self.agents):
            for name, count in Counter(one.name for one in what).items():
                if count > 1:
                    raise TrafficError(f"{count} have the name {name}: give each its own.")
        names = {queue.name for queue in self.queues}
        for agent in self.agents:
            for unknown in sorted(set(agent.penalties) - names):
                raise TrafficError(
                    f"{agent.name} serves {unknown}, which isn't one of the queues "
                    f"{', '.join(sorted(names))}."
                )

    @classmethod
    def of_equals(
        cls, agents: int, queue: CallQueue | None = None, *, answers_after_s: float = 0.0
    ) -> "CallCentre":
        """Return one queue that is served by agents of whom none is better than another.

        Args:
            agents: how many there are.
            queue: what they serve; a plain queue by default.
            answers_after_s: how long their phones ring before they answer.
        """
        queue = queue or CallQueue()
        return cls(
            queues=(queue,),
            agents=tuple(
                Agent(
                    name=f"agent {number}",
                    penalties={queue.name: 0},
                    answers_after_s=answers_after_s,
                )
                for number in range(1, agents + 1)
            ),
        )

    def closes_s(self, queue: str) -> float:
        """Return when the last agent who serves this queue logs out; infinite for never."""
        ends = [shift[1] for agent in self.agents if agent.serves(queue) for shift in agent.shifts]
        return max(ends, default=0.0)
