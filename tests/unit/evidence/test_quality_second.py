"""The quality of each second of a call, from evidence that real calls have left."""

from pathlib import Path

import pytest

from voiplab import Evidence
from voiplab.evidence import QualitySecond, quality_timeline
from voiplab.evidence.quality_second import delay_ms, without_holes
from voiplab.impairment import Impairment, Settings
from voiplab.packets.seconds import Second
from voiplab.quality import rate

FOLDER = Path(__file__).parents[2] / "fixtures" / "evidence" / "2001-2002"


@pytest.fixture(scope="module")
def evidence():
    return Evidence.open(FOLDER)


def test_seconds_add_up_to_the_quality_of_the_call(evidence):
    timeline = quality_timeline(evidence)
    for direction in evidence.quality:
        mine = timeline[timeline["direction"] == direction.label]
        assert mine["packets"].sum() == direction.packets
        assert mine["lost"].sum() == direction.lost
        mean_ms = (mine["jitter_ms"] * mine["packets"]).sum() / (direction.packets - 1)
        assert mean_ms == pytest.approx(direction.jitter_ms)


def test_seconds_are_those_of_the_clock(evidence):
    timeline = quality_timeline(evidence)
    for _, mine in timeline.groupby("direction"):
        first = int(mine["time_s"].iloc[0])
        assert mine["time_s"].tolist() == list(range(first, first + len(mine)))
    heard = [
        evidence.capture_at(leg).received_by(leg.address).media[0].first_s
        for leg in evidence.measured_legs
    ]
    assert timeline.groupby("direction")["time_s"].min().tolist() == [int(each) for each in heard]


def test_a_second_is_rated_by_its_own_losses():
    second = QualitySecond.of(Second(5, packets=45, lost=5, jitter_ms=3.0), "PCMU", 80)
    assert second.loss_pct == 10
    assert second.rating == rate("PCMU", 10, delay_ms=80)
    assert second.as_dict()["scale"] == "narrowband"


def test_a_second_in_which_all_was_lost_is_rated_and_one_without_packets_is_not():
    assert QualitySecond.of(Second(5, lost=50), "PCMU", 80).r < 10
    silent = QualitySecond.of(Second(5), "PCMU", 80)
    assert (silent.r, silent.mos, silent.loss_pct, silent.jitter_ms) == (None, None, None, None)
    assert "none was due" in silent.rating.reason


def test_delay_is_that_of_the_settings_in_force():
    slow = Settings(
        incoming=Impairment(delay_ms=100), outgoing=Impairment(delay_ms=7), seed=1, since_s=10.0
    )
    cleared = Settings(seed=1, since_s=20.0)
    history = [slow, cleared]
    assert [delay_ms([], history, time_s) for time_s in (9, 10, 19, 20)] == [80, 180, 180, 80]
    assert delay_ms(history, [], 15) == 87


def test_holes_are_filled_with_empty_seconds():
    filled = list(without_holes({3: Second(3, 50), 6: Second(6, 50)}))
    assert [(each.time_s, each.packets) for each in filled] == [(3, 50), (4, 0), (5, 0), (6, 50)]
    assert list(without_holes({})) == []


def test_a_call_without_speech_has_no_seconds(evidence, tmp_path):
    evidence.save(tmp_path / "silent")
    silent = Evidence.open(tmp_path / "silent")
    leg = silent.record.legs[0].model_copy(update={"address": "192.0.2.99"})
    nobody = Evidence(silent.folder, silent.record.model_copy(update={"legs": (leg,)}))
    timeline = quality_timeline(nobody)
    assert len(timeline) == 0
    assert list(timeline.columns)[:3] == ["direction", "time_s", "packets"]
