"""RTCP packets are read and written as RFC 3550, RFC 3611 and RFC 4585 say."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiplab.errors import CaptureError
from voiplab.packets.rtcp import (
    ApplicationDefined,
    ExtendedReport,
    Feedback,
    Goodbye,
    OtherRtcp,
    ReceiverReport,
    ReportBlock,
    SenderReport,
    SourceChunk,
    SourceDescription,
    SourceItem,
    round_trip_s,
    rtcp_packets,
)
from voiplab.packets.xr import (
    DelaySinceLastReceiverReport,
    OtherBlock,
    ReceiverDelay,
    ReceiverReferenceTime,
    StatisticsSummary,
    VoipMetrics,
)

number8 = st.integers(0, 255)
number16 = st.integers(0, 2**16 - 1)
number32 = st.integers(0, 2**32 - 1)
number64 = st.integers(0, 2**64 - 1)
signed8 = st.integers(-128, 127)
words = st.lists(st.binary(min_size=4, max_size=4), max_size=8).map(b"".join)
text = st.binary(max_size=255).map(lambda data: data.decode("utf-8", "surrogateescape"))
reports = st.lists(
    st.builds(
        ReportBlock, number32, number8, st.integers(-(2**23), 2**23 - 1), *[number32] * 4
    ),
    max_size=31,
).map(tuple)  # fmt: skip
chunks = st.builds(
    SourceChunk,
    number32,
    st.lists(st.builds(SourceItem, st.integers(1, 255), text), max_size=4).map(tuple),
)
summaries = st.builds(
    StatisticsSummary, number32, number16, number16, *[number32] * 6,
    st.tuples(*[number8] * 4), number8,
)  # fmt: skip
metrics = st.builds(
    VoipMetrics, number32, *[number8] * 4, *[number16] * 4, signed8, signed8, *[number8] * 7,
    *[number16] * 3,
)  # fmt: skip
delays = st.lists(st.builds(ReceiverDelay, *[number32] * 3), max_size=5).map(tuple)
blocks = st.one_of(
    st.builds(ReceiverReferenceTime, number64),
    st.builds(DelaySinceLastReceiverReport, delays),
    summaries,
    metrics,
    st.builds(OtherBlock, st.integers(8, 255), number8, words),
)
packets = st.one_of(
    st.builds(SenderReport, number32, number64, *[number32] * 3, reports, words),
    st.builds(ReceiverReport, number32, reports, words),
    st.builds(SourceDescription, st.lists(chunks, max_size=31).map(tuple)),
    st.builds(Goodbye, st.lists(number32, max_size=31).map(tuple), text),
    st.builds(
        ApplicationDefined, number32, st.text("abz \xff\0", min_size=4, max_size=4),
        st.integers(0, 31), words,
    ),
    st.builds(Feedback, st.sampled_from([205, 206]), st.integers(0, 31), number32, number32, words),
    st.builds(ExtendedReport, number32, st.lists(blocks, max_size=5).map(tuple)),
    st.builds(
        OtherRtcp, st.sampled_from([192, 193, 199, 208, 223]), st.integers(0, 31), words
    ),
)  # fmt: skip


@given(st.lists(packets, min_size=1, max_size=4))
def test_a_compound_survives_being_written_and_read(compound):
    assert list(rtcp_packets(b"".join(map(bytes, compound)))) == compound


@given(st.binary(max_size=120), st.integers(192, 223), st.integers(0, 31))
def test_what_is_read_is_written_as_the_same(content, packet_type, count):
    content += bytes(-len(content) % 4)
    data = struct.pack(">BBH", 0x80 | count, packet_type, len(content) // 4) + content
    with suppress(CaptureError):
        (packet,) = rtcp_packets(data)
        assert list(rtcp_packets(bytes(packet))) == [packet]


@given(st.binary(max_size=200))
def test_random_bytes_are_packets_or_one_sentence(data):
    with suppress(CaptureError):
        assert list(rtcp_packets(b"\x81" + data))


def test_a_sender_report_is_read_field_by_field():
    block = struct.pack(">IBBBBIIII", 2, 64, 0xFF, 0xFF, 0xFE, 0x0001_0007, 80, 9, 10)
    data = struct.pack(">BBHIIIIII", 0x81, 200, 12, 1, 3, 1 << 31, 5, 6, 7) + block
    (report,) = rtcp_packets(data)
    assert report == SenderReport(
        ssrc=1,
        ntp=(3 << 32) + (1 << 31),
        rtp_timestamp=5,
        packets=6,
        octets=7,
        reports=(
            ReportBlock(
                ssrc=2,
                fraction_lost=64,
                cumulative_lost=-2,
                highest_sequence=65543,
                jitter=80,
                last_sr=9,
                delay_since_last_sr=10,
            ),
        ),
    )
    assert report.reports[0].fraction_lost_pct == 25
    assert report.ntp_middle == 0x0003_8000
    assert report.sent_s == 3.5 - 2_208_988_800


def test_what_a_source_says_of_itself_is_read():
    items = b"\1\4a@bc\6\3lab\0"
    data = struct.pack(">BBHI", 0x81, 202, 4, 7) + items
    (description,) = rtcp_packets(data)
    assert description.chunks[0].cname == "a@bc"
    assert description.chunks[0].items[1] == SourceItem(6, "lab")


def test_a_goodbye_has_its_reason():
    (goodbye,) = rtcp_packets(b"\x82\xcb\0\4\0\0\0\1\0\0\0\2\6camera\0")
    assert goodbye == Goodbye((1, 2), "camera")


def test_voip_metrics_are_read_field_by_field():
    fields = bytes([26, 0, 128, 3]) + struct.pack(">4H", 300, 9000, 120, 60)
    fields += struct.pack(">bbBB", -20, -70, 55, 16) + bytes([88, 127, 42, 40, 0x93, 0])
    fields += struct.pack(">3H", 40, 60, 100)
    data = struct.pack(">BBHI", 0x80, 207, 10, 1) + struct.pack(">BBHI", 7, 0, 8, 2) + fields
    (report,) = rtcp_packets(data)
    (metrics,) = report.blocks
    assert (metrics.ssrc, metrics.loss_rate, metrics.burst_density) == (2, 26, 128)
    assert (metrics.burst_duration_ms, metrics.gap_duration_ms) == (300, 9000)
    assert (metrics.round_trip_delay_ms, metrics.end_system_delay_ms) == (120, 60)
    assert (metrics.signal_level_dbm, metrics.noise_level_dbm) == (-20, -70)
    assert (metrics.r_factor, metrics.mos_listening_tenths) == (88, 42)
    assert (metrics.receiver_configuration, metrics.jitter_buffer_limit_ms) == (0x93, 100)


def test_a_block_of_an_unexpected_length_stays_unread():
    data = struct.pack(">BBHI", 0x80, 207, 3, 1) + b"\4\0\0\1four"
    assert list(rtcp_packets(data)) == [ExtendedReport(1, (OtherBlock(4, 0, b"four"),))]


def test_feedback_is_called_by_its_name():
    assert next(rtcp_packets(b"\x81\xce\0\2\0\0\0\1\0\0\0\2")).name == "PLI"
    assert Feedback(205, 1, 1, 2).name == "NACK"
    assert (Feedback(206, 9, 1, 2).name, Feedback(206, 9, 1, 2).kind) == ("format 9", "PSFB")


def test_padding_is_left_out():
    plain = bytes(Goodbye((1,)))
    padded = b"\xa1" + plain[1:3] + b"\3" + plain[4:] + b"\0\0\0\0\0\0\0\x08"
    assert list(rtcp_packets(padded)) == [Goodbye((1,))]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "An RTCP packet has at least 4 bytes; this one has 0."),
        (b"\x40\xc8\0\0", "An RTCP packet is of version 2; this one says 1."),
        (b"\x80\x00\0\0", "An RTCP packet's type lies between 192 and 223; this one says 0."),
        (b"\x80\xc8\0\1", "The RTCP packet has 4 bytes; its header claims 8."),
        (b"\x80\xc8\0\0", "The RTCP SR has 4 bytes; its fields claim 28."),
        (b"\x82\xc9\0\1" + bytes(4), "The RTCP RR has 8 bytes; its fields claim 56."),
        (b"\x81\xca\0\0", "The RTCP SDES has 4 bytes; its fields claim 8."),
        (b"\x81\xca\0\2\0\0\0\0\1\7ab", "The RTCP SDES has 12 bytes; its fields claim 17."),
        (b"\x81\xca\0\1" + bytes(4), "The RTCP SDES has 8 bytes; its fields claim 9."),
        (b"\x81\xcb\0\2" + bytes(4) + b"\4abc", "The RTCP BYE has 12 bytes; its fields claim 13."),
        (b"\x80\xcc\0\1" + bytes(4), "The RTCP APP has 8 bytes; its fields claim 12."),
        (b"\x81\xcd\0\1" + bytes(4), "The RTCP RTPFB has 8 bytes; its fields claim 12."),
        (b"\x81\xce\0\1" + bytes(4), "The RTCP PSFB has 8 bytes; its fields claim 12."),
        (b"\x80\xcf\0\0", "The RTCP XR has 4 bytes; its fields claim 8."),
        (
            b"\x80\xcf\0\2" + bytes(4) + b"\4\0\0\2",
            "A block of the RTCP XR has 4 bytes; its header claims 12.",
        ),
        (b"\xa0\xc9\0\1\0\0\0\0", "The RTCP packet has 8 bytes; its header and padding claim 4."),
        (
            b"\xa0\xc9\0\1\0\0\0\5",
            "The RTCP packet has 8 bytes; its header and padding claim 9.",
        ),
    ],
)  # fmt: skip
def test_what_is_no_packet_is_refused_in_one_sentence(data, sentence):
    with pytest.raises(CaptureError) as refusal:
        list(rtcp_packets(data))
    assert str(refusal.value) == sentence


def test_a_block_header_that_is_cut_is_refused():
    # Only padding that is no multiple of four can cut it.
    data = b"\xa0\xcf\0\3" + bytes(4) + b"\x08\0\0\0" + b"\0\0\0\6"
    with pytest.raises(CaptureError) as refusal:
        list(rtcp_packets(data))
    assert str(refusal.value) == "The RTCP XR ends within the header of a block."


def test_what_came_before_the_damage_is_kept():
    packets = rtcp_packets(bytes(ReceiverReport(1)) + b"\x80")
    assert next(packets) == ReceiverReport(1)
    with pytest.raises(CaptureError):
        next(packets)


def test_a_round_trip_takes_what_the_rfc_says():
    """RFC 3550, figure 2: reported at 46864.500 s, sent at 46853.125 s, held for 5.250 s."""
    in_units = [round(seconds * 65536) for seconds in (46864.5, 46853.125, 5.25)]
    assert round_trip_s(arrival=in_units[0], last_sr=in_units[1], delay=in_units[2]) == 6.125


def test_a_round_trip_survives_the_wrap_of_its_clock():
    assert round_trip_s(arrival=65536, last_sr=2**32 - 65536, delay=65536) == 1


@pytest.mark.parametrize(("last_sr", "delay"), [(0, 0), (5, 100)])
def test_a_report_that_answers_nothing_tells_no_round_trip(last_sr, delay):
    assert round_trip_s(arrival=50, last_sr=last_sr, delay=delay) is None
