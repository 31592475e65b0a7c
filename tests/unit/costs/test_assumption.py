"""Ranges: what is refused, and how figures are drawn from them."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from voiplab.costs import Assumption, Basis, Shape
from voiplab.errors import CostError

MINUTES = Assumption(
    item="minutes-outgoing",
    description="Calls made",
    low=5,
    likely=10,
    high=30,
    currency="",
    unit="minutes a user a working day",
    dated="2026-11-25",
    sources=(),
    basis=Basis.ASSUMPTION,
)
PHONE = replace(
    MINUTES, item="ip-desk-phone", low=50, likely=100, high=180, currency="GBP", unit="a phone"
)
SHARES = np.array([0, 0.001, 0.1, 0.2, 0.5, 0.9, 0.999, 1])


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"likely": 4}, "low, likely and high come in this order; not (5, 4, 30)."),
        ({"high": 9}, "low, likely and high come in this order; not (5, 10, 9)."),
        ({"high": math.inf}, "a figure is a finite number; not (5, 10, inf)."),
        ({"low": math.nan}, "a figure is a finite number; not (nan, 10, 30)."),
        ({"low": -1}, "what is counted or paid is 0 or more; not -1."),
        ({"dated": "November"}, "a date is YYYY, YYYY-MM or YYYY-MM-DD; not 'November'."),
        ({"dated": "2026-13"}, "a date is YYYY, YYYY-MM or YYYY-MM-DD; not '2026-13'."),
        ({"dated": ""}, "a date is YYYY, YYYY-MM or YYYY-MM-DD; not ''."),
        ({"basis": Basis.SURVEY}, "a figure by survey names its source."),
        ({"currency": "pounds"}, "a currency is a code of ISO 4217, such as GBP; not 'pounds'."),
    ],
    ids=str,
)
def test_what_is_refused(changed: dict[str, object], sentence: str) -> None:
    with pytest.raises(CostError) as refusal:
        replace(MINUTES, **changed)
    assert str(refusal.value) == f"minutes-outgoing: {sentence}"


def test_units_are_checked_by_what_they_are_of() -> None:
    with pytest.raises(CostError, match="A price is"):
        replace(PHONE, unit="W a phone")
    with pytest.raises(CostError, match="A quantity is"):
        replace(PHONE, currency="")


def test_only_a_rate_of_growth_may_be_negative() -> None:
    growth = replace(MINUTES, low=-0.02, likely=0, high=0.05, unit="fraction a year")
    assert growth.low == -0.02


@pytest.mark.parametrize("dated", ["2026", "2026-11", "2026-11-25"])
def test_dates(dated: str) -> None:
    assert replace(MINUTES, dated=dated, sources=("ofcom",), basis=Basis.SURVEY).dated == dated


def test_a_triangle_is_scipys() -> None:
    expected = stats.triang.ppf(SHARES, c=5 / 25, loc=5, scale=25)
    assert MINUTES.at(SHARES) == pytest.approx(expected)


def test_a_pert_is_scipys_beta() -> None:
    expected = stats.beta.ppf(SHARES, 1 + 4 * 0.2, 1 + 4 * 0.8, loc=5, scale=25)
    assert MINUTES.at(SHARES, Shape.PERT) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("shape", "mean"),
    # The mean of a triangle, and PERT's of Malcolm and others (1959).
    [(Shape.TRIANGLE, (5 + 10 + 30) / 3), (Shape.PERT, (5 + 4 * 10 + 30) / 6)],
)
def test_means(shape: Shape, mean: float) -> None:
    even = (np.arange(100_000) + 0.5) / 100_000
    assert MINUTES.at(even, shape).mean() == pytest.approx(mean, rel=1e-4)


@st.composite
def ranges(draw: st.DrawFn) -> Assumption:
    low, likely, high = sorted(draw(st.lists(st.floats(0, 1e6), min_size=3, max_size=3)))
    return replace(PHONE, low=low, likely=likely, high=high)


drawn_shares = st.integers(0, 2**32).map(lambda step: step / 2**32)


@given(ranges(), st.lists(drawn_shares, min_size=2, max_size=20), st.sampled_from(Shape))
def test_figures_stay_in_range_and_in_order(
    each: Assumption, shares: list[float], shape: Shape
) -> None:
    figures = each.at(np.sort(np.array(shares)), shape)
    slack = 1e-9 * max(1.0, each.high)
    assert (figures >= each.low - slack).all()
    assert (figures <= each.high + slack).all()
    assert (np.diff(figures) >= -slack).all()


def test_without_a_range_there_is_one_figure() -> None:
    assert PHONE.fixed(70).at(SHARES).tolist() == [70] * len(SHARES)
    assert PHONE.fixed(70).basis is Basis.SET
    with pytest.raises(CostError, match="0 or more; not -1"):
        PHONE.fixed(-1)
