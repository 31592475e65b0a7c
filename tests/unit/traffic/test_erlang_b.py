"""Erlang's loss formula against published tables, and against another way to compute it."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gammaincc, gammaln

from voiplab.errors import TrafficError
from voiplab.traffic import circuits_for, erlang_b, offered_erlang_for

offers = st.floats(0.01, 500)
groups = st.integers(0, 600)
blockings = st.floats(1e-4, 0.9)


@pytest.mark.parametrize(
    ("circuits", "offered_erlang", "blocking"),
    [
        (15, 8.108, 0.01),  # Westbay Engineers, erlang.com: "How much traffic can a group handle?"
        # The table of Erlang's loss formula in textbooks, column 1 %.
        (1, 0.0101, 0.01),
        (5, 1.36, 0.01),
        (10, 4.46, 0.01),
        (20, 12.03, 0.01),
        (30, 20.34, 0.01),
        (50, 37.90, 0.01),
        (100, 84.06, 0.01),
    ],
)
def test_published_values(circuits: int, offered_erlang: float, blocking: float) -> None:
    assert erlang_b(circuits, offered_erlang) == pytest.approx(blocking, rel=0.01)
    assert offered_erlang_for(circuits, blocking) == pytest.approx(offered_erlang, rel=0.005)


@pytest.mark.parametrize(
    ("circuits", "column"),
    # Collins, Carrier Grade Voice over IP (2nd edition), appendix A: erlang at these blockings.
    [
        (5, {0.001: 0.8, 0.01: 1.4, 0.02: 1.7, 0.05: 2.2}),
        (8, {0.001: 2.1, 0.01: 3.1, 0.02: 3.6, 0.05: 4.5}),
        (9, {0.001: 2.6, 0.01: 3.8, 0.02: 4.3, 0.05: 5.4}),
    ],
)
def test_a_published_table(circuits: int, column: dict[float, float]) -> None:
    found = {blocking: offered_erlang_for(circuits, blocking) for blocking in column}
    assert found == pytest.approx(column, abs=0.051)


def test_one_and_two_circuits_by_hand() -> None:
    assert erlang_b(1, 3) == pytest.approx(3 / 4)
    assert erlang_b(2, 3) == pytest.approx((9 / 2) / (1 + 3 + 9 / 2))


@given(st.integers(1, 400), offers)
def test_the_incomplete_gamma_function_says_the_same(circuits: int, offered: float) -> None:
    # B = (a^n / n!) / sum(a^k / k!), and the sum is e^a Q(n + 1, a).
    log_of_last = circuits * math.log(offered) - gammaln(circuits + 1) - offered
    expected = math.exp(log_of_last) / gammaincc(circuits + 1, offered)
    assert erlang_b(circuits, offered) == pytest.approx(expected, rel=1e-7, abs=1e-300)


@given(groups, offers)
def test_one_circuit_more_loses_less(circuits: int, offered: float) -> None:
    fewer, more = erlang_b(circuits, offered), erlang_b(circuits + 1, offered)
    assert 0 <= more < fewer <= 1 or more == fewer == 0


@given(st.integers(1, 300), offers, offers)
def test_more_traffic_loses_more(circuits: int, one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert erlang_b(circuits, less) <= erlang_b(circuits, more)


@given(offers, blockings)
def test_the_fewest_circuits_that_will_do(offered: float, blocking: float) -> None:
    circuits = circuits_for(offered, blocking)
    assert erlang_b(circuits, offered) <= blocking
    assert circuits == 0 or erlang_b(circuits - 1, offered) > blocking


@given(st.integers(1, 300), blockings)
def test_a_group_and_its_traffic_belong_together(circuits: int, blocking: float) -> None:
    offered = offered_erlang_for(circuits, blocking)
    assert erlang_b(circuits, offered) == pytest.approx(blocking, rel=1e-6)
    assert circuits_for(0.999 * offered, blocking) <= circuits


def test_many_are_sized_at_once_as_each_alone() -> None:
    offered = np.array([0.0, 0.2, 4.46, 28.33, 300.0])
    each = [circuits_for(float(one), 0.01) for one in offered]
    assert each == list(circuits_for(offered, 0.01)) == [0, 3, 10, 40, 324]
    assert list(circuits_for(np.array([10.0, 10.0]), np.array([0.01, 0.1]))) == [18, 13]
    assert type(circuits_for(10.0, 0.01)) is int


def test_no_circuits() -> None:
    assert offered_erlang_for(0, 0.01) == 0
    assert circuits_for(5, blocking=1) == 0


@pytest.mark.parametrize("offered", [-1.0, math.nan, math.inf])
def test_a_traffic_that_cannot_be(offered: float) -> None:
    sentence = f"A traffic is a finite number of erlang, 0 or more; not {offered}."
    for ask in (lambda: erlang_b(3, offered), lambda: circuits_for(offered, 0.01)):
        with pytest.raises(TrafficError) as refusal:
            ask()
        assert str(refusal.value) == sentence


@pytest.mark.parametrize("blocking", [0, -0.1, 1.1, math.nan])
def test_a_blocking_that_no_circuits_have(blocking: float) -> None:
    for ask in (circuits_for, offered_erlang_for):
        with pytest.raises(TrafficError, match="lost is above 0, up to 1; not"):
            ask(3, blocking)


def test_what_has_no_answer_says_so() -> None:
    with pytest.raises(TrafficError, match=r"0 circuits or more; not -1\."):
        erlang_b(-1, 1)
    with pytest.raises(TrafficError, match="there is no greatest traffic"):
        offered_erlang_for(3, 1)
