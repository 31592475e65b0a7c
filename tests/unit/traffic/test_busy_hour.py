"""From a day's minutes to circuits."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiplab.errors import TrafficError
from voiplab.traffic import CircuitGroup, busy_hour_erlang, circuits_for


def test_a_published_example() -> None:
    # Westbay's call minutes calculator: 10,000 minutes a day, 17 % of them in the busy hour.
    offered = busy_hour_erlang(10_000, 0.17)
    assert offered == pytest.approx(28.33, abs=0.005)
    assert circuits_for(offered, blocking=0.01) == 40


@pytest.mark.parametrize("minutes", [-1, math.inf, math.nan])
def test_minutes_that_cannot_be(minutes: float) -> None:
    with pytest.raises(TrafficError, match=f"number of minutes, 0 or more; not {minutes}"):
        busy_hour_erlang(minutes, 0.17)


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan])
def test_a_share_that_cannot_be(share: float) -> None:
    with pytest.raises(TrafficError, match=f"share of a day is 0 to 1; not {share}"):
        busy_hour_erlang(100, share)


@given(st.integers(0, 200), st.floats(0, 200))
def test_what_is_offered_is_carried_or_lost(circuits: int, offered: float) -> None:
    group = CircuitGroup(circuits=circuits, offered_erlang=offered)
    assert group.carried_erlang + group.lost_erlang == pytest.approx(offered)
    assert -1e-9 <= group.carried_erlang <= circuits * (1 + 1e-9)
    assert 0 <= group.occupancy <= 1 + 1e-9


@given(st.floats(1, 150))
def test_large_groups_are_used_better(offered: float) -> None:
    small = CircuitGroup.for_blocking(offered, 0.01)
    large = CircuitGroup.for_blocking(3 * offered, 0.01)
    assert large.occupancy > small.occupancy
    assert large.circuits < 3 * small.circuits


def test_a_group_that_cannot_be() -> None:
    with pytest.raises(TrafficError, match="0 circuits or more; not -3"):
        CircuitGroup(circuits=-3, offered_erlang=1)
