"""An office's traffic, by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiplab.costs import Assumptions, Demand, Destination, Office
from voiplab.costs.demand import mbit_per_s
from voiplab.traffic import CircuitGroup


def test_ten_users_by_hand(round_figures: Assumptions) -> None:
    demand = Demand.of(Office(users=10), round_figures.likely())
    # 10 users x (6 + 6) minutes, a quarter of them in an hour of 60 minutes.
    assert demand.external_erlang.item() == pytest.approx(120 * 0.25 / 60)
    # B(3, 0.5) = 0.0127 is too much, B(4, 0.5) = 0.0016 will do.
    assert demand.channels.item() == 4
    # With 10 x 5 minutes inside, each there and back: 0.917 erlang. B(4) = 0.0118, B(5) = 0.0022.
    assert demand.hosted_calls.item() == 5
    # 60 minutes on each of 20 days a month, three minutes each.
    assert demand.calls_per_month.item() == pytest.approx(400)
    assert {where: minutes.item() for where, minutes in demand.minutes_per_month.items()} == (
        pytest.approx(
            {
                Destination.GEOGRAPHIC: 600,
                Destination.MOBILE: 300,
                Destination.EU: 60,
                Destination.US: 60,
            }
        )
    )


def test_shares_never_make_more_than_all(round_figures: Assumptions) -> None:
    greedy = round_figures.fixed({"share-geographic": 0.9, "share-mobile": 0.6})
    demand = Demand.of(Office(users=10), greedy.likely())
    assert sum(demand.minutes_per_month.values()).item() == pytest.approx(1200)
    assert demand.minutes_per_month[Destination.GEOGRAPHIC].item() == pytest.approx(
        1200 * 0.9 / 1.6
    )


@given(users=st.integers(1, 3000))
def test_channels_keep_to_the_blocking(round_figures: Assumptions, users: int) -> None:
    demand = Demand.of(Office(users=users), round_figures.likely())
    group = CircuitGroup(
        circuits=int(demand.channels.item()), offered_erlang=demand.external_erlang.item()
    )
    assert group.blocking <= 0.01
    assert demand.hosted_calls.item() >= demand.channels.item()


def test_a_call_takes_what_the_bandwidth_of_g711_says() -> None:
    assert mbit_per_s(np.array([100.0])).item() == pytest.approx(8.72)
