"""A delay budget: what it adds up to, what each part rests on, what G.114 makes of it."""

import math

import pytest

from voiplab.errors import QualityError
from voiplab.quality import UNNOTICED_MS, Basis, Delay, DelayBudget, circuit_budget, delay_budget


def budget(**changed: Delay) -> DelayBudget:
    parts = {
        "capture": Delay.assumed(5, "one period"),
        "packetisation": Delay.set(20, "ptime"),
        "look_ahead": Delay.assumed(1, "filters"),
        "network": Delay.measured(30, "two captures"),
        "jitter_buffer": Delay.set(40, "two packets"),
        "playout": Delay.assumed(4, "one period"),
    }
    return DelayBudget(**{**parts, **changed})


def test_the_parts_add_up() -> None:
    call = budget()
    assert call.total_ms == 100
    assert call.share("network") == 0.3
    assert sum(call.share(part) for part in call.parts) == pytest.approx(1)
    assert list(call.parts) == [
        "capture", "packetisation", "look-ahead", "network", "jitter buffer", "playout",
    ]  # fmt: skip


def test_what_was_measured_is_told_from_what_was_not() -> None:
    call = budget(jitter_buffer=Delay.measured(38, "the emulated buffer"))
    assert call.measured_ms == 68
    table = call.frame()
    assert list(table.basis) == ["assumed", "set", "assumed", "measured", "measured", "assumed"]
    assert table.ms.sum() == call.total_ms
    assert all(table.source)
    assert "two captures" in call._repr_html_()


@pytest.mark.parametrize(
    ("total_ms", "verdict"),
    # ITU-T G.114 (05/2003), section 4.
    [
        (100, "not noticed in most conversations"),
        (150, "not noticed in most conversations"),
        (150.1, "acceptable where its effect on conversations is known"),
        (400, "acceptable where its effect on conversations is known"),
        (400.1, "unacceptable for planning"),
    ],
)
def test_the_limits_of_g114(total_ms: float, verdict: str) -> None:
    assert budget(network=Delay.measured(total_ms - 70, "RTCP")).verdict == verdict


def test_a_round_trip_counts_half() -> None:
    half = Delay.of_round_trip(70)
    assert half.ms == 35
    assert half.basis is Basis.MEASURED
    assert "RFC 3550" in half.source


@pytest.mark.parametrize(
    ("codec", "look_ahead_ms"),
    [("PCMU", 0), ("g729", 5), ("G722", 23 / 16), ("opus", 6.5), ("amr-wb-12.65", 5)],
)
def test_codecs_look_ahead(codec: str, look_ahead_ms: float) -> None:
    call = delay_budget(
        codec,
        network=Delay.measured(10, "RTCP"),
        jitter_buffer=Delay.set(40, "two packets"),
        playout=Delay.assumed(20, "one period"),
        ptime_ms=30,
    )
    assert call.look_ahead.ms == look_ahead_ms
    assert call.packetisation == Delay.set(30, "a=ptime (RFC 8866, section 6.4)")
    assert call.total_ms == pytest.approx(100 + look_ahead_ms)


def test_a_codec_without_known_look_ahead_is_refused() -> None:
    with pytest.raises(QualityError, match="look-ahead of the codec 'speex' isn't known"):
        delay_budget(
            "speex",
            network=Delay.measured(10, "RTCP"),
            jitter_buffer=Delay.set(40, "two packets"),
            playout=Delay.assumed(20, "one period"),
        )


@pytest.mark.parametrize("ms", [-0.1, math.nan, math.inf])
def test_impossible_delays_are_refused(ms: float) -> None:
    with pytest.raises(QualityError) as refusal:
        Delay.measured(ms, "a broken clock")
    assert str(refusal.value) == f"A delay is a finite number of ms, 0 or more; not {ms}."


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(QualityError, match="no part 'wire'; there are capture, packetisation"):
        budget().share("wire")


def test_no_delay_at_all() -> None:
    nothing = Delay.assumed(0, "nothing")
    call = DelayBudget(
        capture=nothing, packetisation=nothing, look_ahead=nothing, network=nothing,
        jitter_buffer=nothing, playout=nothing,
    )  # fmt: skip
    assert call.total_ms == 0
    assert call.share("network") == 0


@pytest.mark.parametrize(("distance_km", "total_ms"), [(0, 3.125), (500, 5.125), (1000, 7.125)])
def test_a_circuit_takes_its_way_and_a_sample(distance_km: float, total_ms: float) -> None:
    call = circuit_budget(distance_km)
    assert call.total_ms == pytest.approx(total_ms)
    assert call.parts["network"].source == f"ITU-T G.114 (11/1988), {distance_km} km"
    assert call.measured_ms == 0


def test_no_circuit_on_earth_is_noticed() -> None:
    assert circuit_budget(20_000).total_ms < UNNOTICED_MS


def test_a_circuit_has_no_negative_length() -> None:
    with pytest.raises(QualityError, match="0 or more"):
        circuit_budget(-1000)
