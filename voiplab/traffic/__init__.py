"""How many circuits a traffic takes: Erlang's loss formula, and the busy hour it is applied to."""

from voiplab.traffic.busy_hour import MINUTES_PER_HOUR, busy_hour_erlang
from voiplab.traffic.erlang_b import circuits_for, erlang_b, offered_erlang_for
from voiplab.traffic.group import CircuitGroup

__all__ = [
    "MINUTES_PER_HOUR",
    "CircuitGroup",
    "busy_hour_erlang",
    "circuits_for",
    "erlang_b",
    "offered_erlang_for",
]
