"""The E-model against ITU-T G.107's own figures, and against what no model of speech may do."""

import inspect
import math
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiplab.errors import QualityError, VoipLabError
from voiplab.quality import (
    Transmission,
    absolute_delay_impairment,
    basic_signal_to_noise_ratio,
    delay_impairment,
    effective_equipment_impairment,
    listener_echo_impairment,
    mos_from_r,
    rating_factor,
    simultaneous_impairment,
    talker_echo_impairment,
)
from voiplab.quality.transmission import _LIMITS

percentages = st.floats(0, 100)
delays_ms = st.floats(1, 5000)


def test_the_defaults_give_the_recommendations_r_and_mos() -> None:
    r = rating_factor(Transmission())
    assert round(r, 1) == 93.2
    assert round(mos_from_r(r), 2) == 4.41


def test_r_is_the_sum_of_its_terms() -> None:
    connection = Transmission(Ta=250, T=120, Tr=300, TELR=50, Ie=11, Bpl=19, Ppl=2, A=5)
    assert rating_factor(connection) == pytest.approx(
        basic_signal_to_noise_ratio(connection)
        - simultaneous_impairment(connection)
        - delay_impairment(connection)
        - effective_equipment_impairment(connection)
        + 5
    )
    assert delay_impairment(connection) == pytest.approx(
        talker_echo_impairment(connection)
        + listener_echo_impairment(connection)
        + absolute_delay_impairment(connection)
    )


@pytest.mark.parametrize(
    ("delay_ms", "idd"),
    # By hand from the formula: 25 ((1 + x^6)^(1/6) - 3 (1 + (x/3)^6)^(1/6) + 2), x = log2(Ta/100).
    [(0, 0.0), (100, 0.0), (200, 3.0445), (400, 24.0701), (800, 40.8325)],
)
def test_absolute_delay(delay_ms: float, idd: float) -> None:
    assert absolute_delay_impairment(Transmission(Ta=delay_ms)) == pytest.approx(idd, abs=1e-3)


def test_people_who_take_turns_rarely_suffer_less_from_delay() -> None:
    lively = Transmission(Ta=400)
    calm = replace(lively, sT=0.55, mT=120)
    calmer = replace(lively, sT=0.4, mT=150)
    assert rating_factor(lively) < rating_factor(calm) < rating_factor(calmer)


@pytest.mark.parametrize(
    ("ie", "bpl", "ppl", "burst_ratio", "expected"),
    [
        (0, 4.3, 0, 1, 0),
        (11, 19, 0, 1, 11),
        (0, 4.3, 4.3, 1, 47.5),  # a loss of Bpl per cent takes half of what there is
        (0, 25.1, 5, 1, 95 * 5 / 30.1),
        (11, 19, 3, 2, 11 + 84 * 3 / 20.5),
    ],
)
def test_equipment_and_loss(
    ie: float, bpl: float, ppl: float, burst_ratio: float, expected: float
) -> None:
    connection = Transmission(Ie=ie, Bpl=bpl, Ppl=ppl, BurstR=burst_ratio)
    assert effective_equipment_impairment(connection) == pytest.approx(expected)


@pytest.mark.parametrize(
    "worse",
    [
        {"TELR": 30, "T": 80},
        {"WEPL": 20, "Tr": 200},
        {"SLR": 18},
        {"SLR": -10, "RLR": -10},
        {"STMR": 3},
        {"STMR": 40},
        {"qdu": 8},
        {"Nc": -40},
        {"Nfor": -45},
        {"Ps": 70},
        {"Pr": 70},
        {"Dr": -15, "Pr": 60},
        {"Ds": -3, "Ps": 70},
        {"Ie": 15},
        {"Ppl": 1},
        {"Ta": 300},
    ],
    ids=str,
)
def test_each_parameter_can_make_things_worse(worse: dict[str, float]) -> None:
    assert rating_factor(Transmission(**worse)) < rating_factor(Transmission()) - 0.5


@pytest.mark.parametrize(
    ("parameters", "r"),
    # As two implementations give it that were written apart from the Recommendation.
    [
        ({"T": 100, "Ta": 100, "Tr": 200, "TELR": 45}, 70.146),
        ({"T": 50, "TELR": 35, "STMR": 5, "Dr": 13}, 63.842),
        ({"T": 50, "TELR": 35, "STMR": 25}, 60.789),
        ({"Ps": 65, "Pr": 65}, 60.565),
        ({"qdu": 8}, 79.935),
        ({"STMR": 40}, 84.195),
        ({"SLR": 0, "RLR": -5}, 79.013),
        ({"WEPL": 20, "Tr": 300}, 61.366),
        ({"Ta": 300, "sT": 0.55, "mT": 120}, 83.112),
    ],
    ids=str,
)
def test_each_part_of_the_model(parameters: dict[str, float], r: float) -> None:
    assert rating_factor(Transmission(**parameters)) == pytest.approx(r, abs=1e-3)


def test_an_advantage_raises_r_by_as_much() -> None:
    assert rating_factor(Transmission(A=10)) == pytest.approx(rating_factor(Transmission()) + 10)


def test_an_echo_within_a_millisecond_is_sidetone() -> None:
    assert talker_echo_impairment(Transmission(T=0.99, TELR=20)) == 0
    assert talker_echo_impairment(Transmission(T=1, TELR=20)) > 0


def test_too_soft_a_sidetone_shows_in_the_echo() -> None:
    echo = talker_echo_impairment(Transmission(T=100, TELR=35))
    assert talker_echo_impairment(Transmission(T=100, TELR=35, STMR=30)) > echo


def test_a_loud_sidetone_masks_the_echo() -> None:
    echo = talker_echo_impairment(Transmission(T=100, TELR=35))
    assert talker_echo_impairment(Transmission(T=100, TELR=35, STMR=5)) < echo


@given(percentages, percentages, st.floats(0.5, 10))
def test_more_loss_never_raises_r(one: float, other: float, burst_ratio: float) -> None:
    less, more = sorted((one, other))
    connection = Transmission(Ppl=less, BurstR=burst_ratio)
    assert rating_factor(replace(connection, Ppl=more)) <= rating_factor(connection)


@given(delays_ms, delays_ms, st.floats(20, 65))
def test_more_delay_never_raises_r(one: float, other: float, telr: float) -> None:
    less, more = sorted((one, other))
    # The listener's echo, the talker's echo and the pauses, each with its own delay.
    r = [rating_factor(Transmission(TELR=telr, T=ms, Ta=ms, Tr=2 * ms)) for ms in (less, more)]
    assert r[1] <= r[0] + 1e-9


@given(
    st.builds(
        Transmission,
        **{
            name: st.floats(lowest, min(highest, 1e6))
            for name, (_, lowest, highest) in _LIMITS.items()
        },
    )
)
def test_every_connection_that_can_be_has_a_finite_r(connection: Transmission) -> None:
    assert math.isfinite(rating_factor(connection))


def test_every_parameter_has_its_limits_and_its_place_in_the_docstring() -> None:
    names = [field.name for field in fields(Transmission)]
    assert names == list(_LIMITS)
    for name in names:
        assert f"\n    {name}: " in inspect.cleandoc(str(Transmission.__doc__))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (
            {"Ppl": 120},
            "Ppl (packet loss, in per cent) is a finite number, between 0 and 100; not 120.",
        ),
        (
            {"Ta": -1},
            "Ta (absolute one-way delay, in ms) is a finite number, 0 or more; not -1.",
        ),
        (
            {"Ppl": math.nan},
            "Ppl (packet loss, in per cent) is a finite number, between 0 and 100; not nan.",
        ),
        (
            {"Tr": math.inf},
            "Tr (round-trip delay, in ms) is a finite number, 0 or more; not inf.",
        ),
        ({"BurstR": 0}, "BurstR (burst ratio) is a finite number, 0.01 or more; not 0."),
        (
            {"Bpl": 0},
            "Bpl (packet-loss robustness factor) is a finite number, 0.01 or more; not 0.",
        ),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(wrong: dict[str, float], sentence: str) -> None:
    with pytest.raises(QualityError) as refusal:
        Transmission(**wrong)
    assert str(refusal.value) == sentence
    assert isinstance(refusal.value, VoipLabError)


def test_a_published_worked_example() -> None:
    # Rozhon and Voznak, VSB-TU Ostrava, lecture on speech quality: G.729A with voice detection,
    # 2 % random loss, 150 ms: Ie,eff 19.0, Id 3.8, R 70.5; with G.711 and its PLC R 82.5.
    path = Transmission(Ta=150, T=150, Tr=300, Ppl=2)
    g729, concealed = replace(path, Ie=11, Bpl=19), replace(path, Bpl=25.1)
    assert effective_equipment_impairment(g729) == pytest.approx(19.0)
    assert delay_impairment(path) == pytest.approx(3.8, abs=0.05)
    assert rating_factor(g729) == pytest.approx(70.5, abs=0.1)
    assert rating_factor(concealed) == pytest.approx(82.5, abs=0.1)
    # Bursts of twice the length: Ie,eff 35.8 in place of 30.2 without concealment.
    assert effective_equipment_impairment(Transmission(Ppl=2)) == pytest.approx(30.2, abs=0.05)
    bursty = Transmission(Ppl=2, BurstR=2)
    assert effective_equipment_impairment(bursty) == pytest.approx(35.8, abs=0.05)
