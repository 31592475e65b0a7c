"""How many circuits or agents a traffic takes: Erlang's formulas, and callers to try them on."""

from voiplab.traffic.agent_group import AgentGroup, agents_for, erlang_a
from voiplab.traffic.busy_hour import MINUTES_PER_HOUR, busy_hour_erlang
from voiplab.traffic.erlang_b import circuits_for, erlang_b, offered_erlang_for
from voiplab.traffic.erlang_c import erlang_c
from voiplab.traffic.group import CircuitGroup

__all__ = [
    "MINUTES_PER_HOUR",
    "AgentGroup",
    "CircuitGroup",
    "agents_for",
    "busy_hour_erlang",
    "circuits_for",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "offered_erlang_for",
]
