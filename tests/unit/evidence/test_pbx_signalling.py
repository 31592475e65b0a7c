"""What a PBX has logged of its SIP, cut down to a call and without keys."""

import socket
import struct

import pytest

from voiplab.evidence import signalling_of, tells_the_end
from voiplab.packets import Capture

KEY = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"
PHONE, PBX = "192.0.2.7", "192.0.2.1"
ALL = "0.0.0.0"  # noqa: S104 - what Asterisk writes for its own address


def frame(text: str, src: str, dst: str) -> bytes:
    """A message as Asterisk writes it: UDP on Ethernet, its own address the one of all."""
    payload = text.encode()
    datagram = struct.pack(">HHHH", 40000, 5061, 8 + len(payload), 0) + payload
    header = struct.pack(
        ">BBHHHBBH4s4s", 0x45, 0, 20 + len(datagram), 0, 0, 128, 17, 0,
        socket.inet_aton(src), socket.inet_aton(dst),
    )  # fmt: skip
    return bytes(12) + b"\x08\x00" + header + datagram


def message(start: str, call_id: str, sequence: str, body: str = "") -> str:
    kind = "Content-Type: application/sdp\r\n" if body else ""
    return (
        f"{start}\r\nVia: SIP/2.0/TLS 192.0.2.7;branch=z9hG4bK1\r\nFrom: <sip:2001@pbx>;tag=a\r\n"
        f"To: <sip:2002@pbx>;tag=b\r\nCall-ID: {call_id}\r\nCSeq: {sequence}\r\n{kind}"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    )


def log(*frames: tuple[float, bytes]) -> bytes:
    content = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    for time_s, data in frames:
        content += struct.pack("<IIII", int(time_s), 0, len(data), len(data)) + data
    return content


OFFER = (
    "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n"
    "m=audio 30000 RTP/SAVP 0\r\n"
    f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}\r\n"
)
INVITE = frame(message("INVITE sip:2002@pbx SIP/2.0", "mine", "1 INVITE", OFFER), PHONE, ALL)
BYE = frame(message("BYE sip:2002@pbx SIP/2.0", "mine", "2 BYE"), PHONE, ALL)
OK = frame(message("SIP/2.0 200 OK", "mine", "2 BYE"), ALL, PHONE)
OTHER = frame(message("INVITE sip:2002@pbx SIP/2.0", "other", "1 INVITE"), PHONE, ALL)


def test_a_call_is_taken_out_of_several_logs():
    logs = [log((10, INVITE), (11, OTHER)), log((12, BYE), (12, OK))]
    shown = Capture.open(signalling_of(logs, ["mine"], PBX))
    assert [seen.message.call_id for seen in shown.signalling] == ["mine"] * 3
    assert [(seen.packets[0].src, seen.packets[0].dst) for seen in shown.signalling] == [
        (PHONE, PBX),
        (PHONE, PBX),
        (PBX, PHONE),
    ]


def test_it_tells_the_end_once_it_is_there():
    before = signalling_of([log((10, INVITE), (12, BYE))], ["mine"], PBX)
    after = signalling_of([log((10, INVITE), (12, BYE), (12, OK))], ["mine"], PBX)
    assert not tells_the_end(before, "mine")
    assert tells_the_end(after, "mine")


def test_keys_are_blotted_out_and_nothing_else_is():
    original = log((10, INVITE))
    shown = signalling_of([original], ["mine"], PBX)
    assert KEY.encode() in original
    assert KEY.encode() not in shown
    [seen] = Capture.open(shown).signalling
    assert f"inline:{'x' * len(KEY)}".encode() in seen.message.body
    assert b"m=audio 30000 RTP/SAVP 0" in seen.message.body


@pytest.mark.parametrize("cut", [1, 20, len(OK) - 1])
def test_a_log_that_is_still_being_written_is_read_as_far_as_it_goes(cut):
    whole = log((10, INVITE), (12, BYE), (12, OK))
    shown = Capture.open(signalling_of([whole[:-cut]], ["mine"], PBX))
    assert len(shown.signalling) == 2


def test_nothing_of_a_call_that_never_came():
    assert not Capture.open(signalling_of([log((10, OTHER))], ["mine"], PBX)).signalling
    assert not Capture.open(signalling_of([], ["mine"], PBX)).signalling
