"""What is kept of an encrypted call: its media, its TLS, and what could be read all the same."""

import gzip
import struct
from pathlib import Path

import pytest

from voiplab.evidence import Evidence, EvidenceWriter, LegFiles
from voiplab.packets import Capture, Frame, Packet, pcap_bytes

CALL = Path(__file__).parents[2] / "fixtures" / "secrecy" / "sdes"
LEAK = b"MESSAGE sip:2002@pbx SIP/2.0\r\nCall-ID: leak\r\nContent-Length: 0\r\n\r\n"


def in_clear(like, time_s):
    """A datagram with SIP that anybody can read, from where a packet came."""
    ports = struct.pack(">HHHH", 5060, 5060, 8 + len(LEAK), 0)
    addresses = like.frames[0].data[26:34]
    header = struct.pack(">BBHHHBBH", 0x45, 0, 28 + len(LEAK), 1, 0, 64, 17, 0) + addresses
    data = bytes(12) + b"\x08\x00" + header + ports + LEAK
    return Packet(time_s, like.src, 5060, like.dst, 5060, "udp", LEAK, 0, (Frame(time_s, 1, data),))


@pytest.fixture
def written(tmp_path):
    """Give what writes the call anew, with packets put into the capture at its first phone."""

    def write(*moments):
        saved = Evidence.open(CALL)
        record = saved.record
        packets = list(saved.capture_at(record.legs[0]).packets())
        begin = packets[0].time_s
        for each in saved.told_at(record.legs[0]).signalling[:1]:
            begin = each.time_s
        more = [in_clear(packets[-1], begin + moment) for moment in moments]
        capture = pcap_bytes(sorted([*packets, *more], key=lambda packet: packet.time_s))
        signalling = (CALL / "pbx-sip.pcap").read_bytes()
        files = {leg.user: LegFiles() for leg in record.legs}
        files[record.legs[0].user] = LegFiles(capture=capture, signalling=signalling)
        return EvidenceWriter(tmp_path).write(
            record, legs=files, events=[], cdrs=[], configuration={}
        )

    return write


def test_all_of_an_encrypted_call_is_kept(written):
    kept = written()
    content = gzip.decompress((CALL / "2001.pcap.gz").read_bytes())
    assert len(list(kept.capture.packets())) == len(list(Capture.open(content).packets()))
    assert kept.capture.signalling == ()


def test_sip_that_leaks_in_spite_of_tls_is_kept(written):
    """Otherwise nobody could say that there was none."""
    kept = written(0.5, 1.0)
    assert [seen.message.call_id for seen in kept.capture.signalling] == ["leak", "leak"]


def test_what_was_said_before_and_after_is_not_of_the_call(written):
    assert written(-20.0, 60.0).capture.signalling == ()
