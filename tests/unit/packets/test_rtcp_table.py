"""What RTCP reported, as a table: whose report about whom, in milliseconds."""

import gzip

import pytest

from voiplab.packets import Capture
from voiplab.packets.rtcp import (
    ExtendedReport,
    Feedback,
    Goodbye,
    ReceiverReport,
    ReportBlock,
    SenderReport,
    SourceChunk,
    SourceDescription,
    SourceItem,
)
from voiplab.packets.xr import (
    DelaySinceLastReceiverReport,
    ReceiverDelay,
    ReceiverReferenceTime,
    StatisticsSummary,
    VoipMetrics,
)

ANNA, BERT = "192.0.2.1:4001", "192.0.2.2:5001"
SPEAKER, LISTENER = 7, 9


def invite(sdp, call_id=b"1"):
    head = b"INVITE sip:b@192.0.2.2 SIP/2.0\r\nCall-ID: %s\r\nc: application/sdp\r\n\r\n" % call_id
    return head + sdp


OFFER = invite(
    b"v=0\r\nc=IN IP4 192.0.2.2\r\nm=audio 5000 RTP/AVP 96\r\na=rtpmap:96 opus/48000/2\r\n"
)


def capture(build, datagrams, offer=OFFER):
    """A call, its media from Anna to Bert, and datagrams: (microseconds, from, to, packets)."""
    frames = [(0, build.udp_frame(offer, "192.0.2.1:5060", "192.0.2.2:5060"))]
    frames += [
        (20_000 * n, build.udp_frame(
            build.rtp(n, 960 * n, payload_type=96, ssrc=SPEAKER), "192.0.2.1:4000", "192.0.2.2:5000"
        ))
        for n in range(1, 5)
    ]  # fmt: skip
    frames += [
        (time, build.udp_frame(b"".join(map(bytes, packets)), src, dst))
        for time, src, dst, packets in datagrams
    ]
    return Capture.open(build.pcap(frames))


def test_a_report_is_told_in_milliseconds_and_percent(build):
    sent = SenderReport(SPEAKER, ntp=0x0000_1000_0000_0000)
    block = ReportBlock(
        SPEAKER, 64, -3, 65540, jitter=480, last_sr=0x1000_0000, delay_since_last_sr=65536 // 2
    )
    whole = capture(
        build,
        [
            (1_000_000, ANNA, BERT, [sent]),
            (1_750_000, BERT, ANNA, [ReceiverReport(LISTENER, (block,))]),
        ],
    )
    sender, receiver = (row for _, row in whole.rtcp.iterrows())
    assert (sender.kind, sender.ssrc, sender.src, sender.dst) == ("SR", SPEAKER, ANNA, BERT)
    assert sender.time_s == 1
    assert sender[["about_ssrc", "jitter_ms", "rtt_ms", "text"]].isna().all()
    assert (receiver.kind, receiver.ssrc, receiver.about_ssrc) == ("RR", LISTENER, SPEAKER)
    assert (receiver.fraction_lost_pct, receiver.cumulative_lost) == (25, -3)
    assert receiver.highest_sequence == 65540
    assert receiver.jitter_ms == 10
    assert receiver.rtt_ms == pytest.approx(250, abs=0.02)
    assert whole.rtcp.call_id.tolist() == ["1", "1"]


def test_a_report_on_what_was_not_captured_has_no_times(build):
    block = ReportBlock(SPEAKER + 1, jitter=480, last_sr=5)
    row = capture(build, [(1, BERT, ANNA, [ReceiverReport(LISTENER, (block,))])]).rtcp.iloc[0]
    assert row[["jitter_ms", "rtt_ms"]].isna().all()


def test_those_who_only_listen_learn_the_round_trip_from_extended_reports(build):
    asked = ExtendedReport(LISTENER, (ReceiverReferenceTime(0x0000_2000_8000_0000),))
    delay = ReceiverDelay(LISTENER, last_rr=0x2000_8000, delay=0)
    answered = ExtendedReport(SPEAKER, (DelaySinceLastReceiverReport((delay,)),))
    table = capture(build, [(0, BERT, ANNA, [asked]), (40_000, ANNA, BERT, [answered])]).rtcp
    assert table.text.tolist() == ["receiver reference time", "DLRR"]
    assert table.rtt_ms[1] == pytest.approx(40, abs=0.02)
    assert table.about_ssrc[1] == LISTENER


def test_extended_reports_tell_what_a_telephone_measured(build):
    rated = VoipMetrics(
        SPEAKER, loss_rate=64, round_trip_delay_ms=120, r_factor=88, mos_listening_tenths=41
    )
    counted = StatisticsSummary(SPEAKER, 0, 99, lost=3, duplicated=1, jitter_mean=96)
    report = ExtendedReport(LISTENER, (rated, counted))
    first, second = (row for _, row in capture(build, [(1, BERT, ANNA, [report])]).rtcp.iterrows())
    assert first.text == "VoIP metrics, R 88, MOS-LQ 4.1"
    assert (first.fraction_lost_pct, first.rtt_ms) == (25, 120)
    assert (second.text, second.jitter_ms) == ("statistics: 3 lost, 1 duplicated", 2)


def test_names_reasons_and_requests_are_told(build):
    chunk = SourceChunk(SPEAKER, (SourceItem(1, "anna@lab"), SourceItem(6, "tool")))
    compound = [
        ReceiverReport(SPEAKER),
        SourceDescription((chunk,)),
        Feedback(206, 1, SPEAKER, LISTENER),
        Goodbye((SPEAKER,), "tired"),
    ]
    whole = capture(build, [(1, ANNA, BERT, compound)])
    assert whole.rtcp[["kind", "text"]].fillna("").values.tolist() == [
        ["RR", ""],
        ["SDES", "anna@lab"],
        ["PSFB", "PLI"],
        ["BYE", "tired"],
    ]
    assert whole.reports[0].summary == "RTCP RR, SDES, PSFB, BYE"


def test_damage_leaves_what_came_before_it(build):
    frame = build.udp_frame(bytes(ReceiverReport(SPEAKER)) + b"\x80\xc8\0\7", ANNA, BERT)
    assert Capture.open(build.pcap([(0, frame)])).rtcp.kind.tolist() == ["RR"]


def test_what_only_looks_like_rtcp_is_none(build):
    frame = build.udp_frame(b"\x80\xc8\x00\x07 as DNS may begin", dst="192.0.2.9:53")
    assert len(Capture.open(build.pcap([(0, frame)])).rtcp) == 0


def test_of_encrypted_reports_only_kind_and_sender_are_read(build):
    offer = OFFER.replace(b"RTP/AVP", b"RTP/SAVP")
    secret = bytes(SenderReport(SPEAKER))[:8] + bytes(range(42))
    (row,) = capture(build, [(1, ANNA, BERT, [secret])], offer).rtcp.itertuples()
    assert (row.kind, row.ssrc, row.text, row.call_id) == ("SR", SPEAKER, "encrypted", "1")


def test_reports_belong_to_a_call_and_a_receiver(build):
    reports = [
        (1, ANNA, BERT, [ReceiverReport(1)]),
        (2, BERT, ANNA, [ReceiverReport(2)]),
        (3, "192.0.2.7:1", "192.0.2.8:1", [ReceiverReport(3)]),
        # From a port that nobody told of: the stream that it is about tells the call.
        (4, "192.0.2.7:1", "192.0.2.8:1", [ReceiverReport(4, (ReportBlock(SPEAKER),))]),
    ]
    whole = capture(build, reports)
    assert whole.rtcp.ssrc.tolist() == [1, 2, 3, 4]
    assert whole.call("1").rtcp.ssrc.tolist() == [1, 2, 4]
    assert whole.received_by("192.0.2.2").rtcp.ssrc.tolist() == [1]


def test_a_report_that_two_captures_saw_is_one_report(captures):
    path = captures / "baresip-opus.pcap"
    once, twice = Capture.open(path), Capture.open(path, gzip.compress(path.read_bytes()))
    assert len(once.rtcp) == 6
    assert twice.rtcp.equals(once.rtcp)


def test_baresip_says_hello_and_goodbye(captures):
    table = Capture.open(captures / "baresip-opus.pcap").rtcp
    assert table.kind.tolist() == ["APP", "APP", "BYE", "SDES", "BYE", "SDES"]
    assert table.text.tolist()[3] == "sip:bert@172.20.0.4;transport=udp"
    assert set(table.call_id) == {"193e43930704f31d"}


def test_baresip_reports_as_tshark_reads_it(captures):
    """tshark's rtcp.ssrc.jitter: 61, 93, 158, 120 units of 1/48000 s."""
    table = Capture.open(captures / "baresip-rtcp.pcap").rtcp
    reports = table[table.kind == "SR"]
    assert (reports.jitter_ms * 48).tolist() == pytest.approx([61, 93, 158, 120])
    assert reports.cumulative_lost.tolist() == [0] * 4
    # It says of no report that it has received one: there is no round trip to tell.
    assert reports.rtt_ms.isna().all()


def test_gstreamer_reports_as_tshark_reads_it(captures):
    """tshark's rtcp.ssrc.jitter: 127, 2, 0 units of 1/8000 s; rtcp.ssrc.cum_nr: -1."""
    capture = Capture.open(captures / "gstreamer-rtcp.pcapng")
    reports = capture.rtcp[capture.rtcp.kind == "RR"]
    assert (reports.jitter_ms * 8).tolist() == pytest.approx([127, 2, 0])
    assert reports.cumulative_lost.tolist() == [-1] * 3
    # Loopback: the report answers within a millisecond, once a sender report has come.
    assert reports.rtt_ms.isna().tolist() == [True, False, False]
    assert reports.rtt_ms.dropna().between(0, 1).all()
    (stream,) = capture.media
    assert set(reports.about_ssrc) == {stream.key.ssrc}
