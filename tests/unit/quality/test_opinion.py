"""MOS, GoB and PoW from R, against ITU-T G.107's annex B."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiplab.errors import QualityError
from voiplab.quality import good_or_better_pct, mos_from_r, poor_or_worse_pct, r_from_mos

# The annex's table: R, MOS-CQE, good or better %, poor or worse %. It rounds 4.024 up to 4.03.
ANNEX_B = [(90, 4.34, 97, 0), (80, 4.03, 89, 1), (70, 3.60, 73, 6), (60, 3.10, 50, 17)]
ANNEX_B += [(50, 2.58, 27, 38)]


@pytest.mark.parametrize(("r", "mos", "gob", "pow_"), ANNEX_B)
def test_the_annexs_table(r: float, mos: float, gob: int, pow_: int) -> None:
    assert mos_from_r(r) == pytest.approx(mos, abs=0.01)
    assert round(good_or_better_pct(r)) == gob
    assert round(poor_or_worse_pct(r)) == pow_


def test_the_ends_of_the_scale() -> None:
    assert mos_from_r(-20) == 1
    assert mos_from_r(0) == 1
    assert mos_from_r(3) == 1
    assert mos_from_r(100) == 4.5
    assert mos_from_r(120) == 4.5
    assert r_from_mos(1) == pytest.approx(6.5, abs=0.02)
    assert r_from_mos(4.5) == pytest.approx(100, abs=1e-3)


@given(st.floats(7, 99.9))
def test_mos_and_back(r: float) -> None:
    assert r_from_mos(mos_from_r(r)) == pytest.approx(r, abs=1e-3)


@given(st.floats(-50, 150), st.floats(-50, 150))
def test_a_better_r_never_means_a_worse_opinion(one: float, other: float) -> None:
    worse, better = sorted((one, other))
    assert 1 <= mos_from_r(worse) <= mos_from_r(better) <= 4.5
    assert good_or_better_pct(worse) <= good_or_better_pct(better)
    assert poor_or_worse_pct(worse) >= poor_or_worse_pct(better)


def test_no_opinion_of_what_is_no_number() -> None:
    with pytest.raises(QualityError) as refusal:
        mos_from_r(math.nan)
    assert str(refusal.value) == "R is a finite number; not nan."


@pytest.mark.parametrize("mos", [0.9, 4.6, 5, math.nan])
def test_no_r_for_a_mos_that_the_model_never_gives(mos: float) -> None:
    with pytest.raises(QualityError) as refusal:
        r_from_mos(mos)
    assert str(refusal.value) == (
        f"A mean opinion score of the narrowband E-model lies between 1 and 4.5; not {mos}."
    )
