"""The report as a value."""

import gzip
import json
import struct

import pytest

from voiplab.analysis import Report
from voiplab.packets import Capture, pcap_bytes
from voiplab.packets.sip import is_sip
from voiplab.quality import rate


def test_a_call_and_its_streams_in_figures(captures):
    report = Report(Capture.open(captures / "sipp-g711a-dtmf.pcap")).as_dict()
    assert list(report) == ["truncated", "calls", "streams"]
    assert report["truncated"] is False
    (call,) = report["calls"]
    assert list(call) == ["call_id", "from", "to", "status", "pdd_ms", "duration_s"]
    assert (call["from"], call["to"], call["status"]) == ("sipp", "service", 200)
    assert call["duration_s"] == pytest.approx(3.11, abs=0.01)
    first = report["streams"][0]
    assert list(first) == [
        "src", "dst", "ssrc", "codec", "packets", "lost", "jitter_ms_mean", "jitter_ms_max", "r",
        "mos",
    ]  # fmt: skip
    assert first["src"].startswith("172.20.0.3:")
    assert (first["codec"], first["packets"], first["lost"]) == ("PCMA", 90, 0)
    assert first["r"] == pytest.approx(rate("PCMA", 0, delay_ms=80).r, abs=0.05)


def test_what_is_unknown_is_none_and_the_whole_is_json(captures):
    report = Report(Capture.open(captures / "sipp-g711a-dtmf.pcap"))
    keys = [each for each in report.streams if each.codec == "telephone-event"]
    assert len(keys) == 2
    for each in keys:
        figures = each.as_dict()
        assert figures["jitter_ms_mean"] is figures["r"] is figures["mos"] is None
        assert "no speech" in each.rating.reason
    json.dumps(report.as_dict(), allow_nan=False)


def test_losses_and_their_bursts_lower_the_rating(without):
    calm = Report(without("baresip-asterisk-tcp-udp.pcap", lambda _: False))

    def lost(numbers):
        def is_lost(packet):
            rtp = len(packet.payload) == 172 and packet.dst == receiver
            return rtp and struct.unpack_from(">H", packet.payload, 2)[0] - begin in numbers

        return Report(without("baresip-asterisk-tcp-udp.pcap", is_lost)).streams[0]

    stream = calm.capture.media[0]
    receiver, begin = calm.streams[0].dst.partition(":")[0], int(stream.rows["sequence"][0])
    scattered = lost({20, 40, 60, 80, 100, 120})
    burst = lost({20, 21, 22, 23, 24, 25})
    assert (scattered.lost, burst.lost) == (6, 6)
    expected = rate("PCMU", burst.loss_pct, delay_ms=80, burst_ratio=6 * (1 - burst.loss_pct / 100))
    assert burst.rating.r == pytest.approx(expected.r)
    assert calm.streams[0].rating.r > scattered.rating.r > burst.rating.r


def test_the_assumed_delay_is_the_rating_s_own(captures):
    capture = Capture.open(captures / "sipp-g711a-dtmf.pcap")
    far = Report(capture, delay_ms=400).streams[0].rating
    assert far.r == pytest.approx(rate("PCMA", 0, delay_ms=400).r)
    assert far.r < Report(capture).streams[0].rating.r


def test_rtp_without_sip_is_measured_as_far_as_it_goes(without):
    report = Report(without("baresip-opus.pcap", lambda packet: is_sip(packet.payload)))
    assert report.calls == ()
    assert [each.codec for each in report.streams] == [None, None]
    assert [each.packets for each in report.streams] == [129, 129]
    assert all("no session description" in each.rating.reason for each in report.streams)
    (whole,) = report.ladders(5).values()
    assert whole.bands
    assert not whole.arrows


def test_sip_without_rtp_is_a_call_without_streams(without):
    report = Report(without("baresip-opus.pcap", lambda packet: not is_sip(packet.payload)))
    assert len(report.calls) == 1
    assert report.streams == ()
    assert list(report.ladders(5)) == [report.calls[0].call_id]


def test_a_call_that_never_ends_has_no_duration(without):
    report = Report(without("baresip-opus.pcap", lambda each: each.payload.startswith(b"BYE ")))
    (call,) = report.as_dict()["calls"]
    assert call["status"] == 200
    assert call["duration_s"] is None


def test_a_capture_that_ends_too_early_gives_what_it_holds(captures):
    content = (captures / "baresip-opus.pcap").read_bytes()
    report = Report(Capture.open(content[:-7]))
    assert report.as_dict()["truncated"] is True
    (problem,) = report.problems
    assert "ends" in problem
    assert len(report.calls) == 1


def test_streams_that_were_negotiated_as_srtp_say_so(captures):
    plain = (captures / "baresip-opus.pcap").read_bytes()
    secured = plain.replace(b"RTP/AVP ", b"RTP/SAVP")
    assert secured != plain
    assert not any(each.encrypted for each in Report(Capture.open(plain)).streams)
    assert all(each.encrypted for each in Report(Capture.open(secured)).streams)


def test_ladders_are_made_for_as_many_calls_as_asked(captures):
    report = Report(Capture.open(captures / "baresip-asterisk-tcp-udp.pcap"))
    assert len(report.ladders(5)) == 2
    assert list(report.ladders(1)) == [report.calls[0].call_id]


def test_several_captures_are_one_report(captures):
    path = captures / "baresip-opus.pcap"
    report = Report(Capture.open(path, gzip.compress(path.read_bytes())))
    assert len(report.calls) == 1
    assert len(report.streams) == 4


def test_a_capture_without_telephony_is_an_empty_report():
    report = Report(Capture.open(pcap_bytes([])))
    assert report.as_dict() == {"truncated": False, "calls": [], "streams": []}
    assert report.ladders(5) == {}
