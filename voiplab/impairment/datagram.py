"""What a path must know of a packet: whose it is, and how long."""

import struct
from dataclasses import dataclass
from socket import AF_INET, AF_INET6, inet_ntop
from typing import Literal

Protocol = Literal["rtp", "rtcp", "sip", "other"]

_ETHERNET_BYTES = 14
_IPV4, _IPV6 = 0x0800, 0x86DD
_IPV6_BYTES = 40
_TCP, _UDP, _NONE = 6, 17, 59
_IPV4_BYTES = 20
_UDP_BYTES = 8
_RTP_BYTES = 12
_SIP_PORTS = {5060, 5061}  # RFC 3261, section 19.1.2
_FRAGMENT_OFFSET = 0x1FFF

# The first byte of RTP and RTCP (RFC 7983, section 7); the second of RTCP (RFC 5761, section 4).
_FIRST_OF_MEDIA = range(128, 192)
_SECOND_OF_RTCP = range(192, 224)


@dataclass(frozen=True, slots=True)
class Datagram:
    """An IP packet, as much of it as decides its fate.

    Attributes:
        src: the sender's address and port.
        dst: the receiver's, likewise.
        protocol: ``rtp``, ``rtcp``, ``sip`` or ``other``.
        length_bytes: how long its Ethernet frame is.
        ssrc: of RTP, the source (RFC 3550, section 5.1).
        sequence: of RTP, the sequence number.
        ports: the port numbers of both sides; of a later fragment, none.
        is_tcp: whether it is a TCP segment.
    """

    src: str
    dst: str
    protocol: Protocol
    length_bytes: int
    ssrc: int | None = None
    sequence: int | None = None
    ports: tuple[int, ...] = ()
    is_tcp: bool = False

    @property
    def is_media(self) -> bool:
        """Whether it is RTP or RTCP."""
        return self.protocol in {"rtp", "rtcp"}

    @classmethod
    def of(cls, frame: bytes) -> "Datagram | None":
        """Read an Ethernet frame.

        Args:
            frame: from its destination address on, without check sequence.

        Returns:
            What it carries; None when that is not IP, as in ARP.
        """
        if len(frame) < _ETHERNET_BYTES:
            return None
        (kind,) = struct.unpack_from("!H", frame, 12)
        if kind == _IPV4:
            return _of_ipv4(frame)
        if kind == _IPV6:
            return _of_ipv6(frame)
        return None


def _of_ipv4(frame: bytes) -> Datagram | None:
    start = _ETHERNET_BYTES
    if len(frame) < start + _IPV4_BYTES:
        return None
    header_bytes = (frame[start] & 0x0F) * 4
    length, fragment = struct.unpack_from("!H2xH", frame, start + 2)
    src, dst = (inet_ntop(AF_INET, frame[start + at : start + at + 4]) for at in (12, 16))
    # A frame that the sender's kernel has left to be cut up states no length.
    end = start + length if length else len(frame)
    transport = _NONE if fragment & _FRAGMENT_OFFSET else frame[start + 9]
    return _datagram(src, dst, transport, frame[start + header_bytes : end], len(frame))


def _of_ipv6(frame: bytes) -> Datagram | None:
    start = _ETHERNET_BYTES
    if len(frame) < start + _IPV6_BYTES:
        return None
    src, dst = (f"[{inet_ntop(AF_INET6, frame[start + at : start + at + 16])}]" for at in (8, 24))
    return _datagram(src, dst, frame[start + 6], frame[start + _IPV6_BYTES :], len(frame))


def _datagram(src: str, dst: str, transport: int, payload: bytes, length: int) -> Datagram:
    if transport not in {_TCP, _UDP} or len(payload) < _UDP_BYTES:
        return Datagram(src, dst, "other", length)
    ports = struct.unpack_from("!HH", payload)
    src, dst = f"{src}:{ports[0]}", f"{dst}:{ports[1]}"
    is_tcp = transport == _TCP
    if not _SIP_PORTS.isdisjoint(ports):
        return Datagram(src, dst, "sip", length, ports=ports, is_tcp=is_tcp)
    content = b"" if is_tcp else payload[_UDP_BYTES:]
    if len(content) >= _UDP_BYTES and content[0] in _FIRST_OF_MEDIA:
        if content[1] in _SECOND_OF_RTCP:
            return Datagram(src, dst, "rtcp", length, ports=ports)
        if len(content) >= _RTP_BYTES:
            sequence, ssrc = struct.unpack_from("!2xH4xI", content)
            return Datagram(src, dst, "rtp", length, ssrc, sequence, ports)
    return Datagram(src, dst, "other", length, ports=ports, is_tcp=is_tcp)
