"""Streams that collide, change, wrap and start anew; captures cut, damaged, or set back."""

import gzip

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiplab.packets import Capture, CaptureReader, pcap, pcapng, read_packets, scan

SDP = b"v=0\r\nc=IN IP4 192.0.2.2\r\nm=audio 5000 RTP/AVP %d\r\na=rtpmap:%d opus/48000/2\r\n"


def invite(build, payload_type=96):
    head = b"INVITE sip:b SIP/2.0\r\nCall-ID: 1\r\nContent-Type: application/sdp\r\n\r\n"
    return build.udp_frame(head + SDP % (payload_type, payload_type))


def spoken(build, numbers, *, start_us=0, ssrc=7, src="192.0.2.1:4000", **fields):
    """Packets 20 ms apart, with the time of each."""
    return [
        (
            start_us + 20_000 * at,
            build.udp_frame(
                build.rtp(number % 65536, 160 * number % 2**32, ssrc=ssrc, **fields), src=src
            ),
        )
        for at, number in enumerate(numbers)
    ]


def test_two_senders_with_one_ssrc_stay_two_streams(build):
    one = spoken(build, range(50), src="192.0.2.1:4000")
    other = spoken(build, range(9000, 9050), start_us=7000, src="192.0.2.3:4000")
    streams = Capture.open(build.pcap(sorted(one + other))).streams
    assert streams.src.tolist() == ["192.0.2.1:4000", "192.0.2.3:4000"]
    assert streams.ssrc.tolist() == [7, 7]
    assert streams[["packets", "lost", "duplicated", "restarts"]].values.tolist() == [
        [50, 0, 0, 0]
    ] * 2  # fmt: skip
    assert streams.jitter_ms_max.tolist() == pytest.approx([0, 0], abs=1e-3)


def test_a_sender_that_changes_its_ssrc_begins_another_stream_of_the_call(build):
    before = spoken(build, range(60_000, 60_020), ssrc=7)
    after = spoken(build, range(100, 130), ssrc=8, start_us=400_000)
    streams = Capture.open(build.pcap([(0, invite(build, 0)), *before, *after])).streams
    assert streams.ssrc.tolist() == [7, 8]
    assert streams.packets.tolist() == [20, 30]
    assert streams.lost.tolist() == [0, 0]
    assert streams.call_id.tolist() == ["1", "1"]
    assert streams.start_s.tolist() == pytest.approx([0, 0.4])


def test_numbers_that_wrap_three_times_are_counted_on(build):
    numbers = [64_999, *range(65_000, 65_000 + 3 * 65_536, 2000)]
    capture = Capture.open(build.pcap(spoken(build, numbers)))
    row = capture.streams.iloc[0]
    assert (row.packets, row.restarts, row.reordered) == (len(numbers), 0, 0)
    assert row.lost == numbers[-1] - numbers[0] + 1 - len(numbers)
    assert (row.loss_bursts, row.loss_burst_max) == (len(numbers) - 2, 1999)
    assert len(capture.stream(0).sequence.missing()) == row.lost


def test_a_sender_that_starts_anew_loses_nothing(build):
    frames = spoken(build, [*range(500, 540), *range(30_000, 30_040), *range(10, 50)])
    capture = Capture.open(build.pcap(frames))
    row = capture.streams.iloc[0]
    assert (row.packets, row.lost, row["duplicated"], row.restarts) == (120, 0, 0, 2)
    assert capture.timeline(0).packets.sum() == 120
    assert len(capture.arrivals(0)) == 120


def test_a_clock_set_back_gives_figures_all_the_same(build):
    frames = spoken(build, range(50)) + spoken(build, range(50, 100), start_us=0)
    capture = Capture.open(build.pcap([(time + 10**9, frame) for time, frame in frames]))
    row = capture.streams.iloc[0]
    assert (row.packets, row.lost) == (100, 0)
    assert row.duration_s == pytest.approx(0.98)
    assert row.interarrival_ms_p50 == pytest.approx(20, rel=0.005)
    assert np.isfinite(row.jitter_ms_max)
    assert row.jitter_ms_max == pytest.approx(1000 / 16, rel=0.01)
    assert len(capture.arrivals(0)) == 100


def test_media_without_signalling_is_measured_where_its_clock_is_known(build):
    known = spoken(build, [0, 1, 3, 4], payload_type=8)
    unknown = spoken(build, [0, 1, 3, 4], payload_type=96, src="192.0.2.3:4000")
    streams = Capture.open(build.pcap(sorted(known + unknown))).streams.set_index("src")
    assert streams.call_id.tolist() == ["", ""]
    assert streams.lost.tolist() == [1, 1]
    assert streams.codec["192.0.2.1:4000"] == "PCMA"
    assert streams.jitter_ms_max.isna().to_dict() == {
        "192.0.2.1:4000": False,
        "192.0.2.3:4000": True,
    }


def opus(build):
    return [
        (time, frame)
        for time, frame in (
            (20_000 * n, build.udp_frame(build.rtp(n, 960 * n, payload_type=96))) for n in range(30)
        )
    ]


def test_a_clock_rate_that_is_told_only_afterwards_is_the_one_that_counts(build):
    before = Capture.open(build.pcap([(0, invite(build)), *opus(build)])).streams
    after = Capture.open(build.pcap([*opus(build), (10**6, invite(build))])).streams
    elsewhere = Capture.open(build.pcap(opus(build)), build.pcap([(10**6, invite(build))])).streams
    for streams in (before, after, elsewhere):
        assert streams.codec.tolist() == ["opus"]
        assert streams.jitter_ms_max[0] == pytest.approx(0, abs=1e-3)
        assert not np.isnan(streams.jitter_ms_mean[0])


def frames_of(content):
    return [frame for packet in read_packets(content) for frame in packet.frames]


@pytest.fixture(scope="module")
def formats(build, captures):
    """One real capture in every format."""
    content = (captures / "impaired-g722.pcap").read_bytes()
    timed = [(round(frame.time_s * 1e6), frame.data) for frame in frames_of(content)]
    # Two interfaces that count time alike, then two that don't.
    alike = build.pcapng([(n % 2, *each) for n, each in enumerate(timed)], links=(1, 1))
    return {
        "pcap": build.pcap(timed),
        "pcap of the other byte order": build.pcap(timed, order=">"),
        "pcapng": build.pcapng([(0, *each) for each in timed]),
        "pcapng of the other byte order": build.pcapng([(0, *each) for each in timed], order=">"),
        "pcapng of two interfaces": alike,
        "gzip": gzip.compress(alike),
    }


FORMATS = [
    "pcap", "pcap of the other byte order", "pcapng", "pcapng of the other byte order",
    "pcapng of two interfaces", "gzip",
]  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_figures(captures, formats, name):
    expected = Capture.open(captures / "impaired-g722.pcap").streams.drop(columns="capture")
    assert Capture.open(formats[name]).streams.drop(columns="capture").equals(expected)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(("chunk_bytes", "rows"), [(500, 3), (30_000, 50)])
def test_the_size_of_what_is_read_at_once_makes_no_difference(
    formats, monkeypatch, name, chunk_bytes, rows
):
    content = formats[name]
    whole = Capture.open(content).streams
    packets = frames_of(content)
    for module in (pcap, pcapng):
        monkeypatch.setattr(module, "CHUNK_BYTES", chunk_bytes)
    monkeypatch.setattr(scan, "_ROWS_AT_ONCE", rows)
    assert frames_of(content) == packets
    pieces = Capture.open(content).streams
    jitter = ["jitter_ms_mean", "jitter_ms_max"]
    assert pieces.drop(columns=jitter).equals(whole.drop(columns=jitter))
    assert np.allclose(pieces[jitter], whole[jitter], rtol=1e-9)


@pytest.mark.parametrize("name", ["pcap", "pcapng", "gzip"])
@settings(max_examples=25, deadline=None)
@given(kept=st.floats(0.001, 0.999))
def test_a_cut_anywhere_keeps_what_comes_before(formats, name, kept):
    content = formats[name][: max(int(kept * len(formats[name])), 400)]
    whole, cut = frames_of(formats[name]), frames_of(content)
    assert cut == whole[: len(cut)]
    capture = Capture.open(content)
    assert capture.streams.packets.sum() <= len(cut) <= len(whole)
    # A cut between two frames can't be told from a whole capture.
    assert capture.truncated or CaptureReader(content).problem == ""
    if capture.truncated:
        assert "ends in the middle of" in capture.problems[0]


def test_streams_before_damage_are_measured_and_the_damage_is_named(build):
    good = build.pcap(spoken(build, [0, 1, 3, 4]))
    capture = Capture.open(good + bytes(8) + b"\xff" * 1000)
    assert capture.streams[["packets", "lost"]].values.tolist() == [[4, 1]]
    assert capture.problems[0].endswith("is damaged: a frame of 4294967295 bytes is announced.")


@pytest.mark.parametrize(
    ("at", "value", "said"),
    [
        (4, 2, "a block of 2 bytes is announced"),
        (8, 5, "a packet block contradicts itself"),
        (20, 60_000, "a packet block contradicts itself"),
    ],
)
def test_a_damaged_block_is_named_and_those_before_it_count(build, at, value, said):
    frames = [(0, *each) for each in spoken(build, range(4))]
    block_bytes = len(build.pcapng(frames)) - len(build.pcapng(frames[:3]))
    content = bytearray(build.pcapng(frames))
    last = len(content) - block_bytes
    content[last + at : last + at + 4] = value.to_bytes(4, "little")
    capture = Capture.open(bytes(content))
    assert capture.streams.packets.tolist() == [3]
    assert capture.problems[0].endswith(f"is damaged: {said}.")
