import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from voiplab import Evidence
from voiplab.errors import EvidenceError
from voiplab.evidence import tells_the_end
from voiplab.packets import Capture, pcap_bytes

SAVED = Path(__file__).parents[2] / "fixtures" / "evidence"
CALL = SAVED / "2001-2002"
TSHARK_ROW = re.compile(
    r"^\s+[\d.]+\s+[\d.]+\s+(?P<src>[\d.]+)\s+\d+\s+(?P<dst>[\d.]+)\s+\d+\s+0x\w+\s+\w+"
    r"\s+(?P<packets>\d+)\s+(?P<lost>\d+) \([\d.]+%\)(?:\s+[\d.]+){4}\s+(?P<jitter>[\d.]+)",
    re.MULTILINE,
)


@pytest.fixture
def evidence():
    return Evidence.open(CALL)


@pytest.fixture
def copy(tmp_path):
    return Path(shutil.copytree(CALL, tmp_path / "call"))


def received_by(evidence, user):
    """What TShark says that a phone received."""
    (leg,) = [leg for leg in evidence.record.legs if leg.user == user]
    rows = TSHARK_ROW.finditer((SAVED / f"{user}.tshark.txt").read_text())
    (row,) = [row for row in rows if row["dst"] == leg.address]
    return row


def test_each_direction_agrees_with_tshark(evidence):
    assert [each.label for each in evidence.quality] == ["2001 → 2002", "2002 → 2001"]
    for each in evidence.quality:
        row = received_by(evidence, each.receiver)
        assert each.packets == int(row["packets"])
        assert each.lost == int(row["lost"])
        assert each.jitter_ms == pytest.approx(float(row["jitter"]), rel=0.02)


def test_a_packet_taken_out_is_a_packet_lost(copy):
    (leg,) = [leg for leg in Evidence.open(copy).record.legs if leg.user == "2002"]
    path = copy / leg.capture
    packets = list(Capture.open(path).packets())
    heard = [
        n for n, each in enumerate(packets) if each.dst == leg.address and len(each.payload) == 172
    ]
    gone = set(heard[10:13]) | {heard[40]}
    path.write_bytes(pcap_bytes(each for n, each in enumerate(packets) if n not in gone))
    damaged = Evidence.open(copy)
    direction = next(each for each in damaged.quality if each.receiver == "2002")
    assert direction.lost == 4
    assert direction.packets == len(heard) - 4
    assert direction.loss_pct == pytest.approx(100 * 4 / len(heard))
    assert direction.mos < Evidence.open(CALL).quality.directions[0].mos
    line = damaged.timelines()["2001 → 2002"]
    assert line["lost"].sum() == 4
    assert sorted(line.loc[line["lost"] > 0, "lost"]) == [1, 3]


def test_the_set_up_time_is_from_invite_to_200(evidence):
    messages = evidence.capture_at(evidence.record.legs[0]).messages
    invite_s = messages.loc[messages["method"] == "INVITE", "time_s"].iloc[0]
    granted = messages[(messages["status"] == 200) & messages["cseq"].str.contains("INVITE")]
    assert evidence.setup_ms == pytest.approx(1000 * (granted["time_s"].iloc[0] - invite_s))


def test_the_summary_can_be_printed_as_json(evidence):
    summary = evidence.summary()
    assert summary["evidence"] == str(CALL)
    assert summary["directions"][0]["from"] == "2001"


def test_recordings_are_found_by_user_and_kind(evidence):
    assert evidence.recording("2001").name == "2001-heard.wav"
    assert evidence.recording("2002", "said").name == "2002-said.wav"
    with pytest.raises(EvidenceError, match="no recording of what 2009 heard"):
        evidence.recording("2009")


def test_a_recording_can_be_had_as_numbers(evidence):
    heard, rate_hz = evidence.samples("2002")
    said, _ = evidence.samples("2001", "said")
    assert (rate_hz, heard.ndim) == (8000, 1)
    match = max(np.correlate(heard, said, "valid")) / np.linalg.norm(said) ** 2
    assert match == pytest.approx(1, abs=0.05)


def test_the_player_holds_the_sound(evidence):
    assert 'src="data:audio' in evidence.listen("2001")._repr_html_()


def test_a_saved_copy_is_smaller_and_tells_the_same(evidence, tmp_path):
    evidence.save(tmp_path / "copy")
    evidence.save(tmp_path / "copy")  # what was there goes
    saved = Evidence.open(tmp_path / "copy")
    assert saved.summary()["directions"] == evidence.summary()["directions"]
    assert saved.setup_ms == evidence.setup_ms
    assert np.array_equal(saved.samples("2001")[0], evidence.samples("2001")[0])
    assert saved.events().equals(evidence.events())
    size, whole = (
        sum(file.stat().st_size for file in each.folder.rglob("*") if file.is_file())
        for each in (saved, evidence)
    )
    assert size < 0.6 * whole
    saved.save(tmp_path / "copy of the copy")
    again = Evidence.open(tmp_path / "copy of the copy")
    assert again.summary()["directions"] == evidence.summary()["directions"]


def test_tables_have_what_asterisk_reported(evidence):
    assert list(evidence.cdr()["disposition"]) == ["ANSWERED"]
    assert "BridgeEnter" in set(evidence.events()["event"])
    assert "pjsip.conf" in evidence.configuration()


def test_a_folder_that_is_no_evidence_is_named(tmp_path):
    with pytest.raises(EvidenceError, match=r"has no call\.json"):
        Evidence.open(tmp_path)


def test_a_damaged_record_is_named_with_the_place(copy):
    record = copy / "call.json"
    record.write_text(record.read_text().replace('"caller": "2001"', '"caller": 7'))
    with pytest.raises(EvidenceError, match="damaged at caller"):
        Evidence.open(copy)
    record.write_text("{")
    with pytest.raises(EvidenceError, match="damaged"):
        Evidence.open(copy)


def test_a_lost_file_is_named(copy):
    (copy / "events.jsonl").unlink()
    with pytest.raises(EvidenceError, match=r"events\.jsonl can't be read"):
        Evidence.open(copy).events()


@pytest.mark.parametrize("user", ["2001", "2002"])
def test_a_capture_tells_the_end_only_when_it_holds_it(evidence, user):
    (leg,) = [leg for leg in evidence.record.legs if leg.user == user]
    packets = list(evidence.capture_at(leg).packets())
    assert tells_the_end(pcap_bytes(packets), leg.call_id)
    assert not tells_the_end(pcap_bytes(packets), "another call")
    farewell = max(n for n, each in enumerate(packets) if b"BYE" in each.payload)
    assert not tells_the_end(pcap_bytes(packets[:farewell]), leg.call_id)
    assert not tells_the_end(b"", leg.call_id)


def test_a_challenge_is_not_the_end(evidence):
    leg = evidence.record.legs[0]
    packets = list(evidence.capture_at(leg).packets())
    challenged = next(n for n, each in enumerate(packets) if each.payload.startswith(b"ACK"))
    assert not tells_the_end(pcap_bytes(packets[: challenged + 1]), leg.call_id)
