"""What queues gain from sharing their agents."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiplab.errors import TrafficError
from voiplab.traffic import (
    Agent,
    AgentGroup,
    CallCentre,
    CallQueue,
    Demand,
    Pooling,
    replicate,
    summary,
)


@given(
    st.lists(st.tuples(st.integers(1, 30), st.floats(0.05, 0.95)), min_size=2, max_size=5),
    st.one_of(st.floats(30, 1e5), st.just(math.inf)),
)
def test_together_callers_wait_less(groups: list[tuple[int, float]], patience_s: float) -> None:
    pooling = Pooling(
        [
            AgentGroup(
                agents=agents,
                offered_erlang=agents * load,
                mean_talk_s=180,
                mean_patience_s=patience_s,
            )
            for agents, load in groups
        ]
    )
    assert pooling.together.mean_wait_s <= pooling.mean_wait_apart_s * (1 + 1e-9)
    apart, together = pooling.agents_needed()
    assert together <= apart


def test_a_group_by_itself_gains_nothing() -> None:
    alone = AgentGroup(agents=6, offered_erlang=4, mean_talk_s=180)
    pooling = Pooling([alone])
    assert pooling.together == alone
    assert pooling.service_level_apart(20) == pytest.approx(alone.service_level(20))


def test_a_larger_group_has_more_callers() -> None:
    small = AgentGroup(agents=2, offered_erlang=1, mean_talk_s=60)
    large = AgentGroup(agents=6, offered_erlang=5, mean_talk_s=60)
    pooling = Pooling([small, large])
    assert pooling.mean_wait_apart_s == pytest.approx(
        (small.mean_wait_s + 5 * large.mean_wait_s) / 6
    )
    assert pooling.service_level_apart(10) == pytest.approx(
        (small.service_level(10) + 5 * large.service_level(10)) / 6
    )


def test_places_are_shared_too() -> None:
    small = AgentGroup(agents=2, offered_erlang=1, mean_talk_s=60, waiting_places=3)
    assert Pooling([small, small]).together.waiting_places == 6


def test_a_simulation_with_two_skills_lies_between() -> None:
    # Half of the agents help out in the other queue, when they have nothing to do in their own.
    apart = AgentGroup(agents=4, offered_erlang=3, mean_talk_s=120)
    pooling = Pooling([apart, apart])
    demands = [
        Demand(calls_per_hour=90, mean_talk_s=120, queue=queue) for queue in ("french", "english")
    ]
    skills = [
        {"french": 0},
        {"english": 0},
        {"french": 0, "english": 1},
        {"english": 0, "french": 1},
    ]
    centre = CallCentre(
        queues=(CallQueue(name="french"), CallQueue(name="english")),
        agents=tuple(
            Agent(name=f"agent {number}", penalties=skills[number % 4]) for number in range(8)
        ),
    )
    found = summary(
        replicate(centre, demands, for_s=30 * 3600, runs=4, seed=8), warm_up_s=3600
    ).mean_wait_s
    assert pooling.together.mean_wait_s < found.low < found.high < pooling.mean_wait_apart_s


def test_groups_that_differ_take_a_simulation() -> None:
    quick = AgentGroup(agents=6, offered_erlang=4, mean_talk_s=60)
    slow = AgentGroup(agents=6, offered_erlang=4, mean_talk_s=300)
    with pytest.raises(TrafficError, match="here are 2 kinds of group"):
        Pooling([quick, slow])
    with pytest.raises(TrafficError, match="here are 0 kinds of group"):
        Pooling([])
