"""Queues that share their agents, against queues that each have their own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from voiplab.errors import TrafficError
from voiplab.traffic.agent_group import AgentGroup, agents_for


@dataclass(frozen=True)
class Pooling:
    """Groups of agents, each with its own callers, and the one group that they could be.

    Everybody in the one group answers everybody's calls; their calls last equally long. Agents who
    serve some queues only, or some rather than others, take a simulation:
    :func:`voiplab.traffic.simulate`.

    Attributes:
        apart: the groups, each for itself.

    Raises:
        TrafficError: when there are none, or their calls, patience or places differ.

    >>> languages = [AgentGroup(agents=6, offered_erlang=4, mean_talk_s=180)] * 3
    >>> pooling = Pooling(languages)
    >>> round(pooling.mean_wait_apart_s), round(pooling.together.mean_wait_s)
    (26, 2)
    >>> pooling.agents_needed(share=0.8, within_s=20)
    (21, 16)
    """

    apart: Sequence[AgentGroup]

    def __post_init__(self) -> None:
        kinds = {
            (group.mean_talk_s, group.mean_patience_s, group.waiting_places) for group in self.apart
        }
        if len(kinds) != 1:
            raise TrafficError(
                "Groups can be pooled by formula when their callers talk and wait equally long: "
                f"here are {len(kinds)} kinds of group. Simulate them."
            )

    @property
    def together(self) -> AgentGroup:
        """All agents and all callers as one group, with the places of all."""
        first = self.apart[0]
        return AgentGroup(
            agents=sum(group.agents for group in self.apart),
            offered_erlang=sum(group.offered_erlang for group in self.apart),
            mean_talk_s=first.mean_talk_s,
            mean_patience_s=first.mean_patience_s,
            waiting_places=first.waiting_places and first.waiting_places * len(self.apart),
        )

    @property
    def mean_wait_apart_s(self) -> float:
        """How long a caller waits, on average over all groups."""
        return self._mean(lambda group: group.mean_wait_s)

    def service_level_apart(self, within_s: float = 20) -> float:
        """Return the share of all groups' callers that are answered within this time, 0 to 1."""
        return self._mean(lambda group: group.service_level(within_s))

    def agents_needed(self, *, share: float = 0.8, within_s: float = 20) -> tuple[int, int]:
        """Return how many agents reach this service level: in groups of their own, and in one."""
        return (
            sum(self._agents_for(group, share, within_s) for group in self.apart),
            self._agents_for(self.together, share, within_s),
        )

    def _mean(self, figure: Callable[[AgentGroup], float]) -> float:
        offered = self.together.offered_erlang
        if not offered:
            return figure(self.together)
        return sum(figure(group) * group.offered_erlang for group in self.apart) / offered

    @staticmethod
    def _agents_for(group: AgentGroup, share: float, within_s: float) -> int:
        return agents_for(
            group.offered_erlang,
            group.mean_talk_s,
            share=share,
            within_s=within_s,
            mean_patience_s=group.mean_patience_s,
        )
