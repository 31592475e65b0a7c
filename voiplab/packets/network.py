"""From a link-layer frame to the datagram or segment in it.

Sources: the LINKTYPE registry of tcpdump.org, IEEE 802.1Q, RFC 791 and RFC 8200 (IP),
RFC 768 (UDP), RFC 9293 (TCP).
"""

from socket import AF_INET, AF_INET6, inet_ntop
from struct import Struct
from struct import error as StructError  # noqa: N812 - it is an exception class
from typing import Final

from voiplab.packets.packet import Frame, Packet, Transport

ETHERNET: Final = 1
_IPV4, _IPV6 = 0x0800, 0x86DD
_VLAN_TAGS = {0x8100, 0x88A8, 0x9100}
_TCP, _UDP = 6, 17
_FRAGMENT_HEADER = 44
_EXTENSION_HEADERS = {0, 43, 60, 135}  # hop-by-hop, routing, destination, mobility
_RAW_IP = {12, 14, 101, 228, 229}
# Where the protocol field lies, and where what it announces begins.
_LINK_HEADERS = {ETHERNET: (12, 14), 113: (14, 16), 276: (0, 20)}
_LOOPBACK = {0, 108}

_U16 = Struct(">H").unpack_from
_PORTS = Struct(">HHH").unpack_from
# How long, and for how many packets at once, fragments are kept (RFC 8200, section 4.5).
_REASSEMBLY_S = 60
_FRAGMENTS_KEPT = 1024

_FragmentKey = tuple[str, str, int, int]


class Network:
    """Takes frames and gives the packets in them, putting fragments together again.

    >>> Network().packet(Frame(0.0, ETHERNET, b"not a frame")) is None
    True
    """

    def __init__(self) -> None:
        self._fragments: dict[_FragmentKey, _Fragments] = {}

    def packet(self, frame: Frame) -> Packet | None:
        """Return the packet that a frame completes.

        Returns:
            None when the frame holds no UDP or TCP, is damaged, or is a fragment of a packet of
            which more is to come.
        """
        try:
            at = ip_begins_at(frame)
            if at is None:
                return None
            if frame.data[at] >> 4 == 4:  # noqa: PLR2004 - IP version 4
                return self._ipv4(frame, at)
            if frame.data[at] >> 4 == 6:  # noqa: PLR2004 - IP version 6
                return self._ipv6(frame, at)
        except (IndexError, ValueError, StructError):
            # The frame is shorter than its headers claim: there is no packet in it.
            return None
        return None

    def _ipv4(self, frame: Frame, at: int) -> Packet | None:
        data = frame.data
        header_bytes = (data[at] & 0x0F) * 4
        total = _U16(data, at + 2)[0] or len(data) - at  # 0: segmentation left to the card
        src = inet_ntop(AF_INET, data[at + 12 : at + 16])
        dst = inet_ntop(AF_INET, data[at + 16 : at + 20])
        fragment = _U16(data, at + 6)[0]
        content = data[at + header_bytes : at + total]
        if fragment & 0x3FFF == 0:
            return _transport(data[at + 9], content, src, dst, (frame,))
        key = (src, dst, _U16(data, at + 4)[0], data[at + 9])
        return self._reassemble(
            key, (fragment & 0x1FFF) * 8, content, frame, more=bool(fragment & 0x2000)
        )

    def _ipv6(self, frame: Frame, at: int) -> Packet | None:
        data = frame.data
        src = inet_ntop(AF_INET6, data[at + 8 : at + 24])
        dst = inet_ntop(AF_INET6, data[at + 24 : at + 40])
        end = at + 40 + _U16(data, at + 4)[0]
        protocol, begin = data[at + 6], at + 40
        while protocol in _EXTENSION_HEADERS:
            protocol, begin = data[begin], begin + 8 + data[begin + 1] * 8
        if protocol != _FRAGMENT_HEADER:
            return _transport(protocol, data[begin:end], src, dst, (frame,))
        protocol = data[begin]
        offset = _U16(data, begin + 2)[0]
        key = (src, dst, int.from_bytes(data[begin + 4 : begin + 8]), protocol)
        content = data[begin + 8 : end]
        return self._reassemble(key, offset & 0xFFF8, content, frame, more=bool(offset & 1))

    def _reassemble(
        self,
        key: _FragmentKey,
        offset: int,
        content: bytes,
        frame: Frame,
        *,
        more: bool,
    ) -> Packet | None:
        if len(self._fragments) > _FRAGMENTS_KEPT:
            self._fragments.pop(next(iter(self._fragments)))
        gathered = self._fragments.get(key)
        if gathered is None or frame.time_s - gathered.frames[0].time_s > _REASSEMBLY_S:
            gathered = self._fragments[key] = _Fragments()
        gathered.add(offset, content, frame, last=not more)
        whole = gathered.whole()
        if whole is None:
            return None
        del self._fragments[key]
        return _transport(key[3], whole, key[0], key[1], tuple(gathered.frames))


class _Fragments:
    """The fragments of one IP packet, as far as they have come."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self._parts: dict[int, bytes] = {}
        self._total: int | None = None

    def add(self, offset: int, content: bytes, frame: Frame, *, last: bool) -> None:
        self.frames.append(frame)
        self._parts[offset] = content
        if last:
            self._total = offset + len(content)

    def whole(self) -> bytes | None:
        """Return the content when nothing is missing."""
        if self._total is None:
            return None
        content = b""
        for offset in sorted(self._parts):
            if offset > len(content):
                return None
            content = content[:offset] + self._parts[offset]
        return content if len(content) == self._total else None


def ip_begins_at(frame: Frame) -> int | None:
    """Return where in a frame its IP packet begins, or None when it carries none.

    Raises:
        IndexError, struct.error: when the frame is shorter than its headers claim.
    """
    data, link = frame.data, frame.link
    if link in _RAW_IP:
        return 0
    if link in _LOOPBACK:
        return 4
    if link not in _LINK_HEADERS:
        return None
    protocol_at, at = _LINK_HEADERS[link]
    protocol = _U16(data, protocol_at)[0]
    while protocol in _VLAN_TAGS:
        protocol, at = _U16(data, at + 2)[0], at + 4
    return at if protocol in {_IPV4, _IPV6} else None


def _transport(
    protocol: int, content: bytes, src: str, dst: str, frames: tuple[Frame, ...]
) -> Packet | None:
    if protocol == _UDP:
        src_port, dst_port, length = _PORTS(content)
        payload, kind, sequence = content[8 : length or None], "udp", 0
    elif protocol == _TCP:
        src_port, dst_port = _U16(content)[0], _U16(content, 2)[0]
        payload, kind = content[(content[12] >> 4) * 4 :], "tcp"
        sequence = int.from_bytes(content[4:8])
        if content[13] & 2:
            sequence += 1  # SYN takes one number of its own
    else:
        return None
    transport: Transport = "udp" if kind == "udp" else "tcp"
    return Packet(
        frames[-1].time_s, src, src_port, dst, dst_port, transport, payload, sequence, frames
    )
