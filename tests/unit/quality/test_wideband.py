"""The wideband E-model against values that were worked out elsewhere, and against sense."""

import inspect
import math
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiplab.errors import QualityError
from voiplab.quality import (
    WidebandTransmission,
    mos_from_r,
    mos_from_wideband_r,
    wideband_absolute_delay_impairment,
    wideband_delay_impairment,
    wideband_effective_equipment_impairment,
    wideband_listener_echo_impairment,
    wideband_rating_factor,
    wideband_talker_echo_impairment,
)


def test_a_faultless_call() -> None:
    # As another program has it: 129 less the listener's echo of 0.153685; MOS 4.499152.
    r = wideband_rating_factor(WidebandTransmission())
    assert r == pytest.approx(128.846315, abs=1e-6)
    assert mos_from_wideband_r(r) == pytest.approx(4.499152, abs=1e-6)


@pytest.mark.parametrize(
    ("ie", "mos"),
    # G.107.1's annex A at R = 129 - Ie,WB, as published for the modes of AMR-WB.
    [(0, 4.5), (1, 4.4940), (8, 4.4206), (13, 4.3371), (41, 3.5123), (56, 2.9220)],
)
def test_mos_of_impairments(ie: float, mos: float) -> None:
    assert mos_from_wideband_r(129 - ie) == pytest.approx(mos, abs=1e-4)


@pytest.mark.parametrize(("r", "mos"), [(64.5, 2.575), (116.1, 4.339), (-3, 1), (150, 4.5)])
def test_mos_is_the_narrowbands_at_r_over_129(r: float, mos: float) -> None:
    assert mos_from_wideband_r(r) == pytest.approx(mos)
    assert mos_from_wideband_r(r) == mos_from_r(r / 1.29)


@pytest.mark.parametrize(
    ("delay_ms", "listener_echo", "absolute_delay"),
    # As another program, written from the Recommendation's equations, has them.
    [(50, 0.652075, 0), (150, 1.012266, 0.210955), (200, None, 3.927294)],
)
def test_delay(delay_ms: float, listener_echo: float | None, absolute_delay: float) -> None:
    connection = WidebandTransmission(Ta=delay_ms, T=delay_ms, Tr=2 * delay_ms)
    if listener_echo is not None:
        assert wideband_listener_echo_impairment(connection) == pytest.approx(
            listener_echo, abs=1e-5
        )
    assert wideband_absolute_delay_impairment(connection) == pytest.approx(absolute_delay, abs=2e-4)
    assert wideband_delay_impairment(connection) == pytest.approx(
        wideband_listener_echo_impairment(connection)
        + wideband_absolute_delay_impairment(connection)
        + wideband_talker_echo_impairment(connection)
    )


@pytest.mark.parametrize(
    ("t", "telr", "impairment"),
    # By hand, from ITU-T G.1070 (06/2018): TERV = TELR + K - 40 lg((1+T/10)/(1+T/150))
    # + 6 exp(-0.3 T²), K = 0.08 T + 10 up to 100 ms and 18 from there, Re = 80 + 3 (TERV - 14).
    # T 50, TELR 65: K 14, TERV 52.8715, Re 196.6145. T 100, TELR 40: K 18, TERV 25.2182,
    # Re 113.6547, Idte 7.6726 + 12.6043 - 1.
    [(0, 65, 0.0), (50, 65, 0.447965), (100, 40, 19.2770)],
)
def test_talker_echo(t: float, telr: float, impairment: float) -> None:
    echo = wideband_talker_echo_impairment(WidebandTransmission(T=t, TELR=telr))
    assert echo == pytest.approx(impairment, abs=1e-3)


def test_talker_echo_has_no_step_at_100_ms() -> None:
    below, above = (
        wideband_talker_echo_impairment(WidebandTransmission(T=t, TELR=45)) for t in (99.999, 100)
    )
    assert below == pytest.approx(above, abs=1e-3)


@pytest.mark.parametrize(
    ("ie", "bpl", "ppl", "burst_ratio", "expected"),
    [
        (20, 4.3, 2, 1, 43.8095),  # AMR-WB at 12.65 kbit/s, both ears: published
        (13, 4.3, 0, 1, 13),
        (0, 4.3, 4.3, 1, 47.5),
        (20, 4.3, 2, 2, 20 + 75 * 2 / 5.3),
    ],
)
def test_equipment_and_loss(
    ie: float, bpl: float, ppl: float, burst_ratio: float, expected: float
) -> None:
    connection = WidebandTransmission(Ie=ie, Bpl=bpl, Ppl=ppl, BurstR=burst_ratio)
    assert wideband_effective_equipment_impairment(connection) == pytest.approx(expected, abs=1e-4)


@given(st.floats(0, 2000), st.floats(0, 2000), st.floats(20, 65))
def test_more_delay_never_raises_r(one: float, other: float, telr: float) -> None:
    r = [
        wideband_rating_factor(WidebandTransmission(TELR=telr, T=ms, Ta=ms, Tr=2 * ms))
        for ms in sorted((one, other))
    ]
    assert r[1] <= r[0] + 0.05  # within the first ms the echo's formula rises by a hundredth


@given(st.floats(0, 100), st.floats(0, 100))
def test_more_loss_never_raises_r(one: float, other: float) -> None:
    less, more = sorted((one, other))
    connection = WidebandTransmission(Ppl=less)
    assert wideband_rating_factor(replace(connection, Ppl=more)) <= wideband_rating_factor(
        connection
    )


def test_an_advantage_raises_r_by_as_much() -> None:
    plain = wideband_rating_factor(WidebandTransmission())
    assert wideband_rating_factor(WidebandTransmission(A=5)) == pytest.approx(plain + 5)


def test_every_parameter_has_its_place_in_the_docstring() -> None:
    for field in fields(WidebandTransmission):
        assert f"\n    {field.name}: " in inspect.cleandoc(str(WidebandTransmission.__doc__))


@pytest.mark.parametrize("wrong", [{"Ppl": 101}, {"Ta": -1}, {"Bpl": 0}, {"TELR": math.nan}])
def test_what_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(QualityError, match="is a finite number"):
        WidebandTransmission(**wrong)
