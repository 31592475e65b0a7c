"""How many circuits or agents a traffic takes: Erlang's formulas, and callers to try them on."""

from voiplab.traffic.agent_group import AgentGroup, agents_for, erlang_a
from voiplab.traffic.busy_hour import MINUTES_PER_HOUR, busy_hour_erlang
from voiplab.traffic.callers import checked_callers, talked_s, waited_s
from voiplab.traffic.centre import Agent, CallCentre, CallQueue
from voiplab.traffic.demand import Demand, offered_calls
from voiplab.traffic.erlang_b import circuits_for, erlang_b, offered_erlang_for
from voiplab.traffic.erlang_c import erlang_c
from voiplab.traffic.estimate import Estimate, mean_interval, next_interval
from voiplab.traffic.group import CircuitGroup
from voiplab.traffic.pooling import Pooling
from voiplab.traffic.simulation import replicate, simulate
from voiplab.traffic.strategy import STRATEGIES, Candidate, Strategy, next_start, ranking
from voiplab.traffic.summary import Summary, summary

__all__ = [
    "MINUTES_PER_HOUR",
    "STRATEGIES",
    "Agent",
    "AgentGroup",
    "CallCentre",
    "CallQueue",
    "Candidate",
    "CircuitGroup",
    "Demand",
    "Estimate",
    "Pooling",
    "Strategy",
    "Summary",
    "agents_for",
    "busy_hour_erlang",
    "checked_callers",
    "circuits_for",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "mean_interval",
    "next_interval",
    "next_start",
    "offered_calls",
    "offered_erlang_for",
    "ranking",
    "replicate",
    "simulate",
    "summary",
    "talked_s",
    "waited_s",
]
