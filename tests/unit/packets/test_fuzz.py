"""Whatever the bytes: an answer or a sentence, never a crash or a hang."""

from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiplab.errors import CaptureError
from voiplab.packets import Capture, Ladder, protocol_of, read_packets
from voiplab.packets.rtcp import ReceiverReport, ReportBlock
from voiplab.packets.sip import is_sip
from voiplab.packets.tls_records import begins_record


def read_all(content):
    capture = Capture.open(content)
    assert len(capture.streams) == len(capture.media)
    for row in range(len(capture.media)):
        assert capture.timeline(row, 10.0).packets.sum() == capture.streams.packets[row]
        capture.arrivals(row)
    read_tables(capture)
    return capture


def read_tables(capture):
    """All that a capture tells, but for what asks a stream at a time; and that it can be shown."""
    tables = (
        capture.messages, capture.dialogs, capture.streams, capture.rtcp, capture.dtmf,
        capture.protocols, capture.tls,
    )  # fmt: skip
    for table in tables:
        assert table.tail(50).to_string().encode()
    assert len(capture.dialogs) == len(capture.calls)
    assert len(capture.dtmf) == len(capture.keys)
    assert len(capture.tls) == len(capture.handshakes)
    assert capture.protocols.packets.sum() == sum(1 for _ in carrying(capture.packets()))
    Ladder.of(capture).text()


def carrying(packets):
    """Those that carry something: UDP always does, TCP not when it only acknowledges."""
    return (packet for packet in packets if packet.transport == "udp" or packet.payload)


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


@pytest.mark.parametrize(
    "name", ["baresip-opus", "sipp-ipv6-cooked", "baresip-asterisk-tls13-srtp"]
)
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


# Real frames, damaged. The seed is the capture's name, so that a run repeats.
FUZZED_PACKETS = 100_000
FILES = sorted((Path(__file__).parents[2] / "fixtures" / "captures").glob("*.pcap*"))
EACH = -(-FUZZED_PACKETS // len(FILES))
# By link type: where it says what it carries, and where that begins.
LINKS = {1: (12, 14), 113: (14, 16), 276: (0, 20)}


def damaged(frame, others, chance):
    """A frame of which some bytes are missing, repeated, of another frame, or other ones."""
    data = bytearray(frame)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at, kind = chance.randrange(len(data) + 1), chance.randrange(6)
        if kind == 0:
            del data[at:]
        elif kind == 1:
            del data[at : at + chance.randrange(1, 9)]
        elif kind == 2:
            data[at:at] = data[at : at + chance.randrange(1, 40)]
        elif kind == 3:
            data[at:] = chance.choice(others)[at:]
        elif at < len(data):
            data[at] = chance.randrange(256) if kind == 4 else data[at] ^ 1 << chance.randrange(8)
    return bytes(data)


def worth_damaging(path, chance):
    """Frames of a capture and their link type; each protocol as often as another."""
    frames = {}
    for packet in read_packets(path):
        protocol = "sip" if is_sip(packet.payload) else protocol_of(packet.payload)
        protocol = "tls" if begins_record(packet.payload) else protocol
        frames.setdefault(protocol, []).extend(packet.frames)
    link = next(iter(frames.values()))[0].link
    protocols = chance.choices(sorted(frames), k=EACH)
    return [chance.choice(frames[protocol]).data for protocol in protocols], link


def untouched(build, link):
    """The frames of a call between two hosts of its own: signalling, media, a key, a report."""
    head = b"Call-ID: untouched\r\nFrom: <sip:anna@x>;tag=1\r\nTo: <sip:bert@x>%s\r\nCSeq: 1 INVITE"
    sdp = b"\r\nc: application/sdp\r\n\r\nv=0\r\nc=IN IP4 203.0.113.2\r\n"
    sdp += b"m=audio 5000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n"
    invite = b"INVITE sip:bert@x SIP/2.0\r\n" + head % b"" + sdp
    answer = b"SIP/2.0 200 OK\r\n" + head % b";tag=2" + sdp
    bye = b"BYE sip:bert@x SIP/2.0\r\n" + (head % b";tag=2").replace(b"1 INVITE", b"2 BYE")
    media = [build.rtp(number, 160 * number) for number in range(100)]
    key = build.rtp(100, 16_000, payload_type=101, payload=b"\5\x8a\3\x20")
    report = bytes(ReceiverReport(7, (ReportBlock(9, cumulative_lost=3),)))
    anna, bert = "203.0.113.1:5060", "203.0.113.2:5060"
    voice, control = (
        ("203.0.113.1:4000", "203.0.113.2:5000"),
        ("203.0.113.1:4001", "203.0.113.2:5001"),
    )
    sent = [(invite, anna, bert), (answer, bert, anna), *((data, *voice) for data in (*media, key)),
            (report, *control), (bye + b"\r\n\r\n", anna, bert)]  # fmt: skip
    protocol_at, begin = LINKS[link]
    header = bytearray(begin)
    header[protocol_at : protocol_at + 2] = b"\x08\0"
    return [bytes(header) + build.ipv4(build.udp(data, src, dst), src, dst)
            for data, src, dst in sent]  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_among_damaged_packets_the_good_ones_are_all_told(build, path):
    chance = Random(path.stem)  # noqa: S311 - nothing is to be kept secret
    originals, link = worth_damaging(path, chance)
    fuzzed = [damaged(frame, originals, chance) for frame in originals]
    assert sum(new != old for new, old in zip(fuzzed, originals, strict=True)) > 0.9 * EACH
    good = untouched(build, link)
    step = len(fuzzed) // len(good)
    for number, frame in enumerate(good):
        fuzzed.insert(number * (step + 1), frame)
    capture = Capture.open(build.pcap([(n * 1000, f) for n, f in enumerate(fuzzed)], link=link))
    read_tables(capture)
    assert not capture.truncated
    mine = capture.call("untouched")
    (call,) = mine.calls
    assert (call.status, call.hung_up_by) == (200, "caller")
    assert mine.streams[["packets", "lost", "duplicated"]].values.tolist() == [[101, 0, 0]]
    assert mine.dtmf[["digit", "duration_ms"]].values.tolist() == [["5", 100]]
    assert mine.rtcp[["kind", "cumulative_lost"]].values.tolist() == [["RR", 3]]
    assert len(list(mine.packets())) == len(good)
