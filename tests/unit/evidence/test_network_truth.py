"""What became of a call's packets, as its evidence tells it."""

import io
import json
import shutil
import struct
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from voiplab import Evidence, Impairment
from voiplab.errors import EvidenceError
from voiplab.evidence import CallRecord, EvidenceWriter, LegFiles, LegRecord
from voiplab.impairment import Datagram, Settings, TruthLog, TruthRow
from voiplab.packets import pcap_bytes

CALL = Path(__file__).parents[2] / "fixtures" / "evidence" / "2001-2002"
GONE = {0, 1, 20, 40, 41, 42}


@pytest.fixture
def original():
    return Evidence.open(CALL)


@pytest.fixture
def leg(original):
    return next(leg for leg in original.record.legs if leg.user == "2002")


@pytest.fixture
def packets(original, leg):
    return list(original.capture_at(leg).packets())


@pytest.fixture
def speech(packets, leg):
    return [each for each in packets if each.dst == leg.address and len(each.payload) == 172]


def truth(speech, gone):
    """The log of a network that lost the packets with these numbers, and one before the call."""
    file = io.StringIO()
    log = TruthLog(file)
    early = Datagram("10.0.0.1:5060", "10.0.0.2:5060", "sip", 600)
    log.add(TruthRow(speech[0].time_s - 3600, "incoming", early, "lost"))
    for n, each in enumerate(speech):
        head = bytes(each.payload[:12])
        datagram = Datagram(
            f"{each.src}:{each.src_port}",
            f"{each.dst}:{each.dst_port}",
            "rtp",
            214,
            int.from_bytes(head[8:12], "big"),
            int.from_bytes(head[2:4], "big"),
        )
        if n in gone:
            log.add(TruthRow(each.time_s, "incoming", datagram, "lost"))
        else:
            log.add(TruthRow(each.time_s, "incoming", datagram, "delivered", 0.1, 1))
    return file.getvalue().encode()


@pytest.fixture
def lossy(tmp_path, original, leg, packets, speech):
    """The call as it would be had its network lost some packets to 2002."""
    dropped = {id(speech[n]) for n in GONE}
    history = tuple(
        Settings(incoming=Impairment(loss_pct=5), seed=seed, since_s=speech[0].time_s + offset_s)
        for seed, offset_s in ((1, -7200), (2, -3600), (3, 3600))
    )
    record = original.record.model_copy(update={"legs": (leg,)})
    files = LegFiles(
        capture=pcap_bytes(each for each in packets if id(each) not in dropped),
        network=truth(speech, GONE),
        impairments=history,
    )
    return EvidenceWriter(tmp_path).write(
        record, legs={"2002": files}, events=[], cdrs=[], configuration={}
    )


def test_the_truth_about_a_call_is_kept_with_it(lossy, speech):
    kept = Evidence.open(lossy.folder).network_truth("2002")
    assert len(kept) == len(speech)
    assert list(kept.index[kept["fate"] == "lost"]) == sorted(GONE)


def test_what_was_in_force_during_the_call_is_kept_with_it(lossy):
    (leg,) = Evidence.open(lossy.folder).record.legs
    assert [each.seed for each in leg.impairments] == [2]
    assert leg.impairments[0].incoming == Impairment(loss_pct=5)


def test_losses_are_counted_between_the_first_and_the_last_that_arrived(lossy, speech):
    (row,) = lossy.loss_counts("2002").to_dict("records")
    assert row["direction"] == "incoming"
    assert row["sent"] == len(speech)
    assert row["truth_lost"] == row["capture_lost"] == len(GONE) - 2


def test_a_capture_that_ends_sooner_than_the_truth_is_compared_as_far_as_it_goes(lossy):
    path = lossy.folder / "2002.pcap"
    packets = list(lossy.capture_at(lossy.record.legs[0]).packets())
    received = [n for n, each in enumerate(packets) if len(each.payload) == 172]
    path.write_bytes(pcap_bytes(packets[: received[len(received) // 2]]))
    (row,) = Evidence.open(lossy.folder).loss_counts("2002").to_dict("records")
    assert row["truth_lost"] == row["capture_lost"]
    path.write_bytes(pcap_bytes(packets[: received[15]]))
    (row,) = Evidence.open(lossy.folder).loss_counts("2002").to_dict("records")
    assert row["truth_lost"] == row["capture_lost"] == 0


def test_a_report_is_compared_with_the_losses_until_its_highest_packet(lossy, speech):
    """A hand-made receiver report (RFC 3550, section 6.4.2) about the packets up to number 30."""
    ssrc = int.from_bytes(bytes(speech[0].payload[8:12]), "big")
    highest = int.from_bytes(bytes(speech[30].payload[2:4]), "big")
    block = struct.pack("!IIIIII", ssrc, 1, highest, 0, 0, 0)
    report = struct.pack("!BBHI", 0x81, 201, 7, 99) + block
    (frame,) = speech[31].frames
    ports = (speech[31].dst_port + 1, speech[31].src_port + 1)
    addresses = frame.data[30:34] + frame.data[26:30]
    header = struct.pack("!BBHHHBBH", 0x45, 0, 28 + len(report), 1, 0, 64, 17, 0) + addresses
    udp = struct.pack("!HHHH", *ports, 8 + len(report), 0)
    data = frame.data[:14] + header + udp + report
    sent = replace(speech[31], frames=(frame._replace(data=data),))
    seen = list(lossy.capture_at(lossy.record.legs[0]).packets())
    (lossy.folder / "2002.pcap").write_bytes(
        pcap_bytes(sorted([*seen, sent], key=lambda each: each.time_s))
    )
    (row,) = Evidence.open(lossy.folder).loss_counts("2002").to_dict("records")
    assert (row["reported_until"], row["rtcp_lost"], row["truth_lost_until"]) == (highest, 1, 1)


def test_saved_evidence_has_the_same_truth(lossy, tmp_path):
    lossy.save(tmp_path / "saved")
    saved = Evidence.open(tmp_path / "saved")
    assert saved.network_truth("2002").equals(lossy.network_truth("2002"))
    assert saved.loss_counts("2002").equals(lossy.loss_counts("2002"))
    assert saved.record.legs[0].impairments == lossy.record.legs[0].impairments
    assert not (tmp_path / "saved" / "2002-network.csv").exists()


def test_evidence_from_before_there_were_impairments_has_no_truth(original):
    assert original.network_truth("2002").empty
    assert original.loss_counts("2002").empty
    assert all(leg.impairments == () for leg in original.record.legs)


def test_impairments_that_can_not_be_are_named(tmp_path):
    folder = Path(shutil.copytree(CALL, tmp_path / "call"))
    record = json.loads((folder / "call.json").read_text())
    record["legs"][0]["impairments"] = [{"seed": 1, "incoming": {"loss_pct": 120}}]
    (folder / "call.json").write_text(json.dumps(record))
    with pytest.raises(EvidenceError, match=r"damaged at legs\.0\.impairments\.0.*from 0 to 100"):
        Evidence.open(folder)


def test_a_truth_that_is_gone_is_named(lossy):
    (lossy.folder / "2002-network.csv").unlink()
    with pytest.raises(EvidenceError, match=r"2002-network\.csv can't be read"):
        lossy.network_truth("2002")


def test_a_truth_without_a_capture_is_kept_from_the_start_on(tmp_path, speech):
    record = CallRecord(
        lab="demo",
        caller="2002",
        called="*43",
        started=datetime.fromtimestamp(speech[10].time_s, UTC),
        legs=(LegRecord(user="2002", address="", call_id="x", incoming=False),),
    )
    kept = EvidenceWriter(tmp_path).write(
        record,
        legs={"2002": LegFiles(network=truth(speech, set()))},
        events=[],
        cdrs=[],
        configuration={},
    )
    assert len(kept.network_truth("2002")) == len(speech) - 10
