"""Payments over the years, and what they are worth at the start."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiplab.costs import Flow, Part, discounted_payments, payments

ONCE = np.inf


def by_hand(years: float, every: float, rate: float) -> float:
    """Each payment on its own."""
    if every == ONCE:
        return 1.0
    worth, time, count = 0.0, 0.0, 0
    while time < years - 1e-6 or not count:
        worth += (1 + rate) ** -time
        count += 1
        time = count * every
    return worth


@given(
    st.integers(1, 15),
    st.sampled_from([1 / 12, 1.0, 1.5, 4.0, 7.0, ONCE]),
    st.floats(0, 0.4),
)
def test_the_present_value_is_the_sum_of_each_payments(
    years: int, every: float, rate: float
) -> None:
    found = discounted_payments(years, np.array([every]), np.array([rate])).item()
    assert found == pytest.approx(by_hand(years, every, rate))


@given(st.integers(1, 15), st.floats(0.05, 20))
def test_without_a_discount_payments_are_counted(years: int, every: float) -> None:
    periods, free = np.array([every]), np.array([0.0])
    assert discounted_payments(years, periods, free) == payments(years, periods)
    assert payments(years, periods).item() == pytest.approx(by_hand(years, every, 0), abs=1)


@given(st.integers(1, 10), st.floats(0.05, 20), st.floats(0, 0.3), st.floats(0, 0.3))
def test_a_higher_rate_never_makes_the_later_worth_more(
    years: int, every: float, one: float, other: float
) -> None:
    lower, higher = sorted((one, other))
    worth = discounted_payments(years, np.array([every, every]), np.array([lower, higher]))
    assert worth[1] <= worth[0] + 1e-9


def test_something_that_lasts_for_less_is_bought_again() -> None:
    flow = Flow(
        part=Part.EQUIPMENT,
        item="ip-desk-phone",
        quantity=np.array([10.0, 10.0, 10.0]),
        price=np.array([100.0, 100.0, 100.0]),
        every_years=np.array([4.0, 5.0, 7.0]),
    )
    assert flow.amount.tolist() == [1000, 1000, 1000]
    assert flow.total(5).tolist() == [2000, 1000, 1000]
    assert flow.total(12).tolist() == [3000, 3000, 2000]
    worth = flow.present_value(5, np.array([0.1, 0.1, 0.1]))
    assert worth.tolist() == pytest.approx([1000 + 1000 / 1.1**4, 1000, 1000])
