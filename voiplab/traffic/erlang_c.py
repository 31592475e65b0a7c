"""Erlang's waiting formula: nobody is lost, whoever finds no agent free waits."""

from voiplab.errors import TrafficError
from voiplab.traffic.erlang_b import erlang_b


def erlang_c(agents: int, offered_erlang: float) -> float:
    """Return the share of callers that have to wait, 0 to 1.

    Callers come at random, talk for as long as an exponential distribution says, wait in one line
    and never give up. Where they bring as much as the agents can do, or more, the line grows
    without end, and everybody waits.

    Source: A. K. Erlang (1917); reckoned from the loss formula, C = B / (1 - (1 - B) a / c), as in
    ITU-D's Teletraffic Engineering Handbook, chapter on delay systems.

    Args:
        agents: how many answer.
        offered_erlang: the traffic that wants to be carried.

    Raises:
        TrafficError: as for :func:`voiplab.traffic.erlang_b`.

    >>> round(erlang_c(agents=14, offered_erlang=10), 4)
    0.1741
    >>> erlang_c(agents=10, offered_erlang=10), erlang_c(agents=3, offered_erlang=0)
    (1.0, 0.0)
    """
    if agents < 0:
        raise TrafficError(f"A group has 0 agents or more; not {agents}.")
    blocking = erlang_b(agents, offered_erlang)
    if offered_erlang >= agents:
        return 1.0
    return blocking / (1 - (1 - blocking) * offered_erlang / agents)
