"""Whatever the bytes: an answer or a sentence, never a crash or a hang."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiplab.errors import CaptureError
from voiplab.packets import Capture, Ladder, read_packets


def read_all(content):
    capture = Capture.open(content)
    assert len(capture.streams) == len(capture.media)
    for row in range(len(capture.media)):
        assert capture.timeline(row, 10.0).packets.sum() == capture.streams.packets[row]
        capture.arrivals(row)
    assert len(capture.dialogs) == len(capture.calls)
    Ladder.of(capture).text()
    list(capture.packets())
    return capture


@given(st.binary(max_size=400))
def test_random_files(content):
    with suppress(CaptureError):
        read_all(content)


beginnings = st.sampled_from([
    b"\xd4\xc3\xb2\xa1\2\0\4\0" + bytes(8) + b"\0\0\4\0\1\0\0\0",
    b"\xa1\xb2\x3c\x4d\0\2\0\4" + bytes(8) + b"\0\4\0\0\0\0\0\x65",
    b"\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\1\0\0\0" + b"\xff" * 8 + b"\x1c\0\0\0",
    b"\x1f\x8b\x08\0\0\0\0\0\0\3",
])  # fmt: skip


@given(beginnings, st.binary(max_size=400))
def test_random_files_that_begin_well(beginning, rest):
    with suppress(CaptureError):
        read_all(beginning + rest)


@given(st.lists(st.binary(max_size=120), max_size=20), st.sampled_from([0, 1, 101, 113, 276, 9999]))
def test_random_frames(build, frames, link):
    read_all(build.pcap(list(enumerate(frames)), link=link))


@given(st.lists(st.binary(max_size=60), max_size=20))
def test_random_datagrams_on_a_media_port(build, payloads):
    frames = [build.udp_frame(b"\x80" + payload) for payload in payloads]
    read_all(build.pcap(list(enumerate(frames))))


@pytest.mark.parametrize("name", ["baresip-opus", "sipp-ipv6-cooked"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_real_captures_with_random_damage(captures, name, data):
    damaged = bytearray((captures / f"{name}.pcap").read_bytes()[:6000])
    for _ in range(data.draw(st.integers(1, 40))):
        damaged[data.draw(st.integers(24, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    read_all(bytes(damaged))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_good_beginning_is_kept_whatever_follows(captures, data):
    content = (captures / "baresip-opus.pcap").read_bytes()
    whole = list(read_packets(content))
    rest = data.draw(st.binary(min_size=1, max_size=60))
    assert list(read_packets(content + rest))[: len(whole)] == whole
