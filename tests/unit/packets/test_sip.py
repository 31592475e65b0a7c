"""SIP messages are read as RFC 3261 says, over UDP and over TCP."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiplab.errors import CaptureError
from voiplab.packets import CaptureReader, SipMessage, read_packets, sip_messages
from voiplab.packets.sip import Header, is_sip, tag_of, take_message, user_of

# After RFC 4475, section 3.1.1.1: what is torturous but valid.
TORTURE = b"""\
INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0\r
TO :\r
 sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n\r
from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>\r
  ;\r
  tag = 98asjd8\r
MaX-fOrWaRdS: 0068\r
Call-ID: wsinv.ndaksdj@192.0.2.1\r
Content-Length   : 5\r
cseq: 0009\r
  INVITE\r
Via  : SIP  /   2.0\r
 /UDP\r
    192.0.2.2;branch=390skdjuw\r
s :\r
NewFangledHeader:   newfangled value\r
 continued newfangled value\r
v:  SIP  / 2.0  / TCP     spindle.example.com   ;\r
  branch  =   z9hG4bK9ikj8\r
\r
v=0\r
trailing bytes of the datagram"""


def test_folded_compact_and_repeated_headers_are_read():
    message = SipMessage.parse(TORTURE)
    assert message.method == "INVITE"
    assert message.uri == "sip:vivekg@chair-dnrc.example.com;unknownparam"
    assert message.header("max-forwards") == "0068"
    assert message.header("NewFangledHeader") == "newfangled value continued newfangled value"
    assert len(message.header_values("Via")) == 2
    assert message.header("Subject") == ""
    assert tag_of(message.header("From")) == "98asjd8"
    assert user_of(message.header("From")) == "jdrosen"
    assert user_of(message.header("To")) == "vivekg"
    assert message.body == b"v=0\r\n"


def test_a_response_is_read():
    message = SipMessage.parse(b"SIP/2.0 486 Busy Here\r\ni: x\r\nCSeq: 7 INVITE\r\nl: 0\r\n\r\n")
    assert (message.status, message.reason, message.is_request) == (486, "Busy Here", False)
    assert (message.call_id, message.sequence, message.summary) == (
        "x",
        (7, "INVITE"),
        "486 Busy Here",
    )


@pytest.mark.parametrize("reason", [b"", b" ", b" \xc3\x89chec"])
def test_a_reason_phrase_may_be_missing_or_foreign(reason):
    assert SipMessage.parse(b"SIP/2.0 404" + reason + b"\r\n\r\n").status == 404


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Not a SIP message: its first line is ''."),
        (b"HTTP/1.1 200 OK\r\n\r\n", "Not a SIP message: its first line is 'HTTP/1.1 200 OK'."),
        (b"SIP/2.0 20 OK\r\n\r\n", "Not a SIP message: its first line is 'SIP/2.0 20 OK'."),
        (
            b"BYE sip:a SIP/2.0\r\nnonsense\r\n\r\n",
            "A SIP header has no colon or no name: 'nonsense'.",
        ),
        (b"BYE sip:a SIP/2.0\r\n: x\r\n\r\n", "A SIP header has no colon or no name: ': x'."),
    ],
)
def test_what_is_no_message_is_refused_in_one_sentence(data, sentence):
    with pytest.raises(CaptureError) as refusal:
        SipMessage.parse(data)
    assert str(refusal.value) == sentence


token = st.text("abcdefghijklmnopqrstuvwxyzABC0123456789-", min_size=1, max_size=12)
value = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp", "Zs"]), max_size=30
)


@given(token, token, st.lists(st.tuples(token, value)), st.binary(max_size=80))
def test_a_message_survives_being_written_and_read(method, uri, headers, body):
    named = [Header(f"X-{name}", text) for name, text in headers]
    length = Header("Content-Length", str(len(body)))
    message = SipMessage(method=method, uri=f"sip:{uri}", headers=(*named, length), body=body)
    assert SipMessage.parse(bytes(message)) == message
    assert take_message(bytes(message) + b"BYE") == (bytes(message), b"BYE")


@given(st.binary(max_size=300))
def test_random_bytes_are_a_message_or_one_sentence(data):
    with suppress(CaptureError):
        SipMessage.parse(data)
    is_sip(data)
    take_message(data)


@given(st.data())
def test_a_message_with_random_damage_is_a_message_or_one_sentence(data):
    damaged = bytearray(TORTURE)
    for _ in range(data.draw(st.integers(1, 10))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with suppress(CaptureError):
        message = SipMessage.parse(bytes(damaged))
        assert message.summary
        assert message.sequence
        user_of(message.header("From"))


def segments(build, stream, sizes, first=4_294_967_290):
    """Cut a stream into TCP segments; the sequence numbers wrap on the way."""
    ends = "192.0.2.1:5060", "192.0.2.2:5060"
    frames, at = [], 0
    for size in sizes:
        part = stream[at : at + size]
        header = build.tcp(part, *ends, (first + at) % 2**32)
        frames.append(build.ethernet(build.ipv4(header, *ends, protocol=6)))
        at += size
    return frames


def methods(build, frames):
    reader = CaptureReader(build.pcap(list(enumerate(frames))))
    return [seen.message.method for seen in sip_messages(reader)]


STREAM = b"".join(
    b"%s sip:b@192.0.2.2 SIP/2.0\r\nCall-ID: 1\r\nContent-Length: 4\r\n\r\nbody" % method
    for method in (b"INVITE", b"ACK", b"BYE")
)


def test_messages_are_found_in_tcp_however_it_was_cut(build):
    whole = len(STREAM)
    for sizes in ([whole], [50, 30, whole - 80], [1] * whole, [whole // 3] * 3 + [2]):
        assert methods(build, segments(build, STREAM, sizes)) == ["INVITE", "ACK", "BYE"]


def test_segments_that_come_late_or_twice_are_put_right(build):
    frames = segments(build, STREAM, [60, 60, 60, len(STREAM) - 180])
    shuffled = [frames[0], frames[2], frames[2], frames[1], frames[0], frames[3]]
    assert methods(build, shuffled) == ["INVITE", "ACK", "BYE"]


def test_a_segment_that_repeats_a_part_adds_only_what_is_new(build):
    frames = segments(build, STREAM, [60, len(STREAM) - 60])
    overlapping = segments(build, STREAM, [90, 90])[0], frames[1]
    assert methods(build, [frames[0], *overlapping]) == ["INVITE", "ACK", "BYE"]


def test_a_message_knows_the_segments_that_carried_it(build):
    frames = segments(build, STREAM, [50, 60, len(STREAM) - 110])
    reader = CaptureReader(build.pcap(list(enumerate(frames))))
    carriers = [
        [reader_frame.data for packet in seen.packets for reader_frame in packet.frames]
        for seen in sip_messages(reader)
    ]
    assert carriers[0] == frames[:2]
    assert carriers[1] == frames[1:]


def test_a_capture_that_starts_within_a_connection_finds_the_next_message(build):
    at = STREAM.index(b"ACK")
    frames = segments(build, STREAM, [30, at - 30, len(STREAM) - at])
    assert methods(build, frames[1:]) == ["ACK", "BYE"]


def test_keep_alives_and_other_protocols_are_no_messages(build):
    frames = [(0, build.udp_frame(b"\r\n\r\n")), (1, build.udp_frame(b"GET / HTTP/1.1\r\n\r\n"))]
    assert list(sip_messages(read_packets(build.pcap(frames)))) == []


def test_what_begins_as_a_message_and_is_none_stops_nothing(build):
    stream = b"GET / HTTP/1.1\r\n\r\n" + STREAM
    assert methods(build, segments(build, stream, [3, 15, len(STREAM)])) == ["INVITE", "ACK", "BYE"]


def test_rubbish_between_messages_costs_only_its_own_segment(build):
    at = STREAM.index(b"ACK")
    stream = STREAM[:at] + b"\1\2\3\n" + STREAM[at:]
    frames = segments(build, stream, [at, 4, len(STREAM) - at])
    assert methods(build, frames) == ["INVITE", "ACK", "BYE"]
