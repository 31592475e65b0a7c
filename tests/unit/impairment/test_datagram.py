"""Frames made by hand, from the layouts of RFC 791, 768, 8200, 9293, 3550."""

import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiplab.impairment import Datagram

MACS = bytes(12)
RTP = struct.pack("!BBHII", 0x80, 0, 4711, 160, 0xDECAFBAD) + bytes(160)
RTCP = struct.pack("!BBHI", 0x81, 201, 7, 1) + bytes(24)


def udp(payload, *, ports=(4000, 4002)):
    return struct.pack("!HHHH", *ports, 8 + len(payload), 0) + payload


def tcp(payload, *, ports=(33000, 5060)):
    return struct.pack("!HHIIBBHHH", *ports, 0, 0, 0x50, 0x18, 0, 0, 0) + payload


def ipv4(transport, *, protocol=17, fragment=0, options=b""):
    length = 20 + len(options) + len(transport)
    start = 0x45 + len(options) // 4
    addresses = socket.inet_aton("10.0.0.1") + socket.inet_aton("10.0.0.2")
    header = struct.pack("!BBHHHBBH", start, 0, length, 1, fragment, 64, protocol, 0)
    return MACS + b"\x08\x00" + header + addresses + options + transport


def ipv6(transport, *, protocol=17):
    addresses = socket.inet_pton(socket.AF_INET6, "fd00::1") * 2
    header = struct.pack("!IHBB", 6 << 28, len(transport), protocol, 64)
    return MACS + b"\x86\xdd" + header + addresses + transport


def test_rtp_is_known_by_its_stream_and_number():
    frame = ipv4(udp(RTP))
    assert Datagram.of(frame) == Datagram(
        src="10.0.0.1:4000",
        dst="10.0.0.2:4002",
        protocol="rtp",
        length_bytes=214,
        ssrc=0xDECAFBAD,
        sequence=4711,
        ports=(4000, 4002),
    )


@pytest.mark.parametrize(
    ("frame", "protocol"),
    [
        (ipv4(udp(RTP)), "rtp"),
        (ipv4(udp(RTP), fragment=0x4000), "rtp"),  # don't fragment
        (ipv4(udp(RTP), options=bytes(8)), "rtp"),
        (ipv6(udp(RTP)), "rtp"),
        (ipv4(udp(RTCP)), "rtcp"),
        (ipv6(udp(RTCP)), "rtcp"),
        (ipv4(udp(b"OPTIONS sip:x SIP/2.0\r\n", ports=(5060, 5060))), "sip"),
        (ipv4(udp(b"\r\n\r\n", ports=(40000, 5060))), "sip"),
        (ipv4(tcp(b"INVITE"), protocol=6), "sip"),
        (ipv4(tcp(b"\x16\x03", ports=(5061, 33000)), protocol=6), "sip"),
        (ipv4(tcp(RTP, ports=(4000, 4002)), protocol=6), "other"),
        (ipv4(udp(b"\x16\xfe\xfd" + bytes(20))), "other"),  # DTLS (RFC 7983)
        (ipv4(udp(b"\x00\x01" + bytes(20))), "other"),  # STUN
        (ipv4(udp(RTP[:11])), "other"),
        (ipv4(udp(b"")), "other"),
        (ipv4(udp(RTP), fragment=185), "other"),  # a later fragment has no ports
        (ipv4(bytes(8), protocol=1), "other"),  # ICMP
    ],
)
def test_protocols_are_told_apart(frame, protocol):
    assert Datagram.of(frame).protocol == protocol


def test_a_fragment_has_addresses_but_no_ports():
    datagram = Datagram.of(ipv4(udp(RTP), fragment=185))
    assert (datagram.src, datagram.dst, datagram.ports) == ("10.0.0.1", "10.0.0.2", ())


def test_the_padding_of_a_short_frame_is_not_content():
    frame = ipv4(udp(b"\x80")) + bytes(30)
    assert Datagram.of(frame).protocol == "other"
    assert Datagram.of(frame).length_bytes == len(frame)


@pytest.mark.parametrize("frame", [b"", MACS, MACS + b"\x08\x06" + bytes(28), MACS + b"\x08\x00"])
def test_what_is_not_ip_is_none(frame):
    assert Datagram.of(frame) is None


@given(st.binary(max_size=120), st.sampled_from([b"\x08\x00", b"\x86\xdd", b"\x08\x06"]))
def test_no_frame_is_too_strange(noise, kind):
    datagram = Datagram.of(MACS + kind + noise)
    assert datagram is None or datagram.length_bytes == 14 + len(noise)
