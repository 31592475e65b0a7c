"""RTCP packets (RFC 3550, section 6; RFC 3611; RFC 4585)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from struct import Struct
from typing import ClassVar

from voiplab.errors import CaptureError
from voiplab.packets.xr import Block, block_bytes, blocks

VERSION = 2
# What RFC 5761, section 4, leaves to RTCP where it shares a port with RTP.
PACKET_TYPES = range(192, 224)
ITEM_NAMES = {
    1: "CNAME", 2: "NAME", 3: "EMAIL", 4: "PHONE", 5: "LOC", 6: "TOOL", 7: "NOTE", 8: "PRIV",
}  # fmt: skip
_CNAME = 1
# Packet type and format: RFC 4585, section 6; RFC 5104, section 4; REMB and transport-wide
# congestion control are drafts that WebRTC uses.
FEEDBACK_NAMES = {
    (205, 1): "NACK", (205, 3): "TMMBR", (205, 4): "TMMBN", (205, 15): "transport-cc",
    (206, 1): "PLI", (206, 2): "SLI", (206, 3): "RPSI", (206, 4): "FIR", (206, 15): "AFB",
}  # fmt: skip
_KINDS = {
    200: "SR", 201: "RR", 202: "SDES", 203: "BYE", 204: "APP", 205: "RTPFB", 206: "PSFB", 207: "XR",
}  # fmt: skip

_HEADER = Struct(">BBH")
_NUMBER = Struct(">I")
_PAIR = Struct(">II")
_SENDER = Struct(">IQIII")
_BLOCK = Struct(">IIIIII")
_FRACTION = 65536
_NTP_TO_UNIX_S = 2_208_988_800  # from 1900 to 1970 (RFC 5905, figure 4)


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """How one source is received (RFC 3550, section 6.4.1).

    Attributes:
        ssrc: the source.
        fraction_lost: since the report before, in 1/256.
        cumulative_lost: since the beginning; negative when more came twice than was lost.
        highest_sequence: the highest sequence number, extended by the count of its wraps.
        jitter: in timestamp units (section 6.4.1, appendix A.8).
        last_sr: the middle 32 bits of the NTP time of the source's last SR; 0 when none came.
        delay_since_last_sr: in 1/65536 s.
    """

    ssrc: int
    fraction_lost: int = 0
    cumulative_lost: int = 0
    highest_sequence: int = 0
    jitter: int = 0
    last_sr: int = 0
    delay_since_last_sr: int = 0

    @property
    def fraction_lost_pct(self) -> float:
        """The fraction lost since the report before, in percent."""
        return 100 * self.fraction_lost / 256

    def __bytes__(self) -> bytes:
        lost = self.fraction_lost << 24 | self.cumulative_lost & 0xFFFFFF
        return _BLOCK.pack(
            self.ssrc, lost, self.highest_sequence, self.jitter, self.last_sr,
            self.delay_since_last_sr,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SenderReport:
    """What a source has sent, and how it receives others (section 6.4.1).

    Attributes:
        ssrc: the source.
        ntp: when it was sent: seconds since 1900, 32 bits before the point, 32 after.
        rtp_timestamp: the same moment on the clock of its RTP timestamps.
        packets: how many RTP packets it has sent.
        octets: how many bytes of payload.
        reports: how it receives others.
        extension: what a profile adds.

    >>> report = SenderReport(ssrc=1, ntp=2_208_988_800 << 32, reports=(ReportBlock(2),))
    >>> report.sent_s, next(rtcp_packets(bytes(report))) == report
    (0.0, True)
    """

    kind: ClassVar[str] = "SR"
    ssrc: int
    ntp: int = 0
    rtp_timestamp: int = 0
    packets: int = 0
    octets: int = 0
    reports: tuple[ReportBlock, ...] = ()
    extension: bytes = b""

    @property
    def sent_s(self) -> float:
        """When it was sent by the sender's clock, in seconds since 1970-01-01 UTC."""
        return self.ntp / 2**32 - _NTP_TO_UNIX_S

    @property
    def ntp_middle(self) -> int:
        """The 32 bits of its time that reports send back as LSR."""
        return self.ntp >> 16 & 0xFFFFFFFF

    def __bytes__(self) -> bytes:
        sent = _SENDER.pack(self.ssrc, self.ntp, self.rtp_timestamp, self.packets, self.octets)
        content = sent + b"".join(map(bytes, self.reports)) + self.extension
        return _packet(200, len(self.reports), content)


@dataclass(frozen=True, slots=True)
class ReceiverReport:
    """How one who sends no media receives others (section 6.4.2).

    Attributes:
        ssrc: who reports.
        reports: how it receives others.
        extension: what a profile adds.
    """

    kind: ClassVar[str] = "RR"
    ssrc: int
    reports: tuple[ReportBlock, ...] = ()
    extension: bytes = b""

    def __bytes__(self) -> bytes:
        content = _NUMBER.pack(self.ssrc) + b"".join(map(bytes, self.reports)) + self.extension
        return _packet(201, len(self.reports), content)


@dataclass(frozen=True, slots=True)
class SourceItem:
    """One thing that a source says of itself (section 6.5).

    Attributes:
        kind: its number; ITEM_NAMES names them.
        text: what it says.
    """

    kind: int
    text: str


@dataclass(frozen=True, slots=True)
class SourceChunk:
    """What one source says of itself.

    Attributes:
        ssrc: the source.
        items: what it says.
    """

    ssrc: int
    items: tuple[SourceItem, ...] = ()

    @property
    def cname(self) -> str:
        """Its canonical name, which stays when the SSRC changes; or "" (section 6.5.1)."""
        return next((item.text for item in self.items if item.kind == _CNAME), "")

    def __bytes__(self) -> bytes:
        content = _NUMBER.pack(self.ssrc)
        for item in self.items:
            text = _encoded(item.text)
            content += bytes([item.kind, len(text)]) + text
        return content + bytes(4 - len(content) % 4)


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """What sources say of themselves (section 6.5).

    Attributes:
        chunks: one a source.
    """

    kind: ClassVar[str] = "SDES"
    chunks: tuple[SourceChunk, ...] = ()

    @property
    def ssrc(self) -> int:
        """The first source; 0 without one."""
        return self.chunks[0].ssrc if self.chunks else 0

    def __bytes__(self) -> bytes:
        return _packet(202, len(self.chunks), b"".join(map(bytes, self.chunks)))


@dataclass(frozen=True, slots=True)
class Goodbye:
    """Sources that leave (section 6.6).

    Attributes:
        sources: their SSRCs.
        reason: why, or "".
    """

    kind: ClassVar[str] = "BYE"
    sources: tuple[int, ...] = ()
    reason: str = ""

    @property
    def ssrc(self) -> int:
        """The first source; 0 without one."""
        return self.sources[0] if self.sources else 0

    def __bytes__(self) -> bytes:
        content = b"".join(map(_NUMBER.pack, self.sources))
        if self.reason:
            text = _encoded(self.reason)
            content += bytes([len(text)]) + text
        return _packet(203, len(self.sources), content + bytes(-len(content) % 4))


@dataclass(frozen=True, slots=True)
class ApplicationDefined:
    """A packet of an application's own (section 6.7).

    Attributes:
        ssrc: who sends it.
        name: four characters.
        subtype: 0 to 31.
        data: a multiple of four bytes.
    """

    kind: ClassVar[str] = "APP"
    ssrc: int
    name: str
    subtype: int = 0
    data: bytes = b""

    def __bytes__(self) -> bytes:
        name = self.name.encode("latin-1").ljust(4, b"\0")[:4]
        return _packet(204, self.subtype, _NUMBER.pack(self.ssrc) + name + self.data)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a receiver asks a sender to do at once (RFC 4585, section 6.1).

    Attributes:
        packet_type: 205 for the transport layer (RTPFB), 206 for the payload (PSFB).
        format: what is asked; FEEDBACK_NAMES names the known ones.
        ssrc: who asks.
        about_ssrc: whose media it is about.
        data: the request in detail, a multiple of four bytes.
    """

    packet_type: int
    format: int
    ssrc: int
    about_ssrc: int
    data: bytes = b""

    @property
    def kind(self) -> str:
        """RTPFB or PSFB."""
        return _KINDS[self.packet_type]

    @property
    def name(self) -> str:
        """What is asked, by its name, or by its number when it has none here."""
        return FEEDBACK_NAMES.get((self.packet_type, self.format), f"format {self.format}")

    def __bytes__(self) -> bytes:
        content = _PAIR.pack(self.ssrc, self.about_ssrc) + self.data
        return _packet(self.packet_type, self.format, content)


@dataclass(frozen=True, slots=True)
class ExtendedReport:
    """An extended report (RFC 3611).

    Attributes:
        ssrc: who reports.
        blocks: what it reports.
    """

    kind: ClassVar[str] = "XR"
    ssrc: int
    blocks: tuple[Block, ...] = ()

    def __bytes__(self) -> bytes:
        content = _NUMBER.pack(self.ssrc) + b"".join(map(block_bytes, self.blocks))
        return _packet(207, 0, content)


@dataclass(frozen=True, slots=True)
class OtherRtcp:
    """A packet of another type, or one that is encrypted: unread.

    Attributes:
        packet_type: 192 to 223.
        count: the five bits after version and padding.
        content: what follows the header, a multiple of four bytes.
    """

    packet_type: int
    count: int
    content: bytes

    @property
    def kind(self) -> str:
        """What its type is called, or its number."""
        return _KINDS.get(self.packet_type, str(self.packet_type))

    @property
    def ssrc(self) -> int:
        """Who sends it, as in all types of RFC 3550; 0 when it is too short."""
        return int.from_bytes(self.content[:4])

    def __bytes__(self) -> bytes:
        return _packet(self.packet_type, self.count, self.content)


RtcpPacket = (
    SenderReport
    | ReceiverReport
    | SourceDescription
    | Goodbye
    | ApplicationDefined
    | Feedback
    | ExtendedReport
    | OtherRtcp
)


def rtcp_packets(data: bytes) -> Iterator[RtcpPacket]:
    """Read the packets of a compound, or of a reduced-size one (RFC 5506), without padding.

    Args:
        data: what a datagram carries.

    Yields:
        Its packets, one by one.

    Raises:
        CaptureError: where one can't be read; those before it have been given.
    """
    while True:
        if len(data) < _HEADER.size:
            raise CaptureError(f"An RTCP packet has at least 4 bytes; this one has {len(data)}.")
        flags, packet_type, words = _HEADER.unpack_from(data)
        if flags >> 6 != VERSION:
            raise CaptureError(f"An RTCP packet is of version 2; this one says {flags >> 6}.")
        if packet_type not in PACKET_TYPES:
            raise CaptureError(
                f"An RTCP packet's type lies between 192 and 223; this one says {packet_type}."
            )
        end = 4 + 4 * words
        if end > len(data):
            raise CaptureError(f"The RTCP packet has {len(data)} bytes; its header claims {end}.")
        padding = data[end - 1] if flags & 0x20 else 0
        if padding > end - 4 or (flags & 0x20 and not padding):
            raise CaptureError(
                f"The RTCP packet has {end} bytes; its header and padding claim {4 + padding}."
            )
        yield _read(packet_type, flags & 0x1F, data[4 : end - padding])
        data = data[end:]
        if not data:
            return


def round_trip_s(*, arrival: int, last_sr: int, delay: int) -> float | None:
    """Return how long a report's way to its receiver and back takes (RFC 3550, figure 2).

    Args:
        arrival: when the report about a source came to it, as the middle 32 bits of NTP time.
        last_sr: the report's LSR (or, of a DLRR block, LRR); 0 when it answers none.
        delay: the report's DLSR (or DLRR), in 1/65536 s.

    Returns:
        Seconds; None when the report answers none, or claims to have come before it was sent.

    The example of RFC 3550, figure 2:

    >>> round_trip_s(arrival=0xB710_8000, last_sr=0xB705_2000, delay=0x0005_4000)
    6.125
    """
    if not last_sr:
        return None
    units = (arrival - last_sr - delay) & 0xFFFFFFFF
    return units / _FRACTION if units < 1 << 31 else None


def _packet(packet_type: int, count: int, content: bytes) -> bytes:
    return _HEADER.pack(VERSION << 6 | count, packet_type, len(content) // 4) + content


def _read(packet_type: int, count: int, content: bytes) -> RtcpPacket:
    reader = _READERS.get(packet_type)
    return reader(content, count) if reader else OtherRtcp(packet_type, count, content)


def _sender_report(content: bytes, count: int) -> SenderReport:
    _at_least("SR", content, _SENDER.size + count * _BLOCK.size)
    reports, extension = _reports(content[_SENDER.size :], count)
    ssrc, ntp, rtp_timestamp, packets, octets = _SENDER.unpack_from(content)
    return SenderReport(ssrc, ntp, rtp_timestamp, packets, octets, reports, extension)


def _receiver_report(content: bytes, count: int) -> ReceiverReport:
    _at_least("RR", content, 4 + count * _BLOCK.size)
    reports, extension = _reports(content[4:], count)
    return ReceiverReport(_first(content), reports, extension)


def _application_defined(content: bytes, count: int) -> ApplicationDefined:
    _at_least("APP", content, 8)
    return ApplicationDefined(_first(content), content[4:8].decode("latin-1"), count, content[8:])


def _transport_feedback(content: bytes, count: int) -> Feedback:
    _at_least("RTPFB", content, _PAIR.size)
    ssrc, about_ssrc = _PAIR.unpack_from(content)
    return Feedback(205, count, ssrc, about_ssrc, content[8:])


def _payload_feedback(content: bytes, count: int) -> Feedback:
    _at_least("PSFB", content, _PAIR.size)
    ssrc, about_ssrc = _PAIR.unpack_from(content)
    return Feedback(206, count, ssrc, about_ssrc, content[8:])


def _extended_report(content: bytes, _: int) -> ExtendedReport:
    _at_least("XR", content, 4)
    return ExtendedReport(_first(content), blocks(content[4:]))


def _at_least(kind: str, content: bytes, size: int) -> None:
    if len(content) < size:
        raise CaptureError(
            f"The RTCP {kind} has {4 + len(content)} bytes; its fields claim {4 + size}."
        )


def _first(content: bytes) -> int:
    return int.from_bytes(content[:4])


def _reports(content: bytes, count: int) -> tuple[tuple[ReportBlock, ...], bytes]:
    end = count * _BLOCK.size
    reports = []
    for ssrc, lost, *rest in _BLOCK.iter_unpack(content[:end]):
        cumulative = lost & 0xFFFFFF
        signed = cumulative - (1 << 24) if cumulative >> 23 else cumulative
        reports.append(ReportBlock(ssrc, lost >> 24, signed, *rest))
    return tuple(reports), content[end:]


def _source_description(content: bytes, count: int) -> SourceDescription:
    chunks, at = [], 0
    for _ in range(count):
        _at_least("SDES", content, at + 4)
        ssrc = int.from_bytes(content[at : at + 4])
        items, at = _source_items(content, at + 4)
        chunks.append(SourceChunk(ssrc, items))
        at += -at % 4
    return SourceDescription(tuple(chunks))


def _source_items(content: bytes, at: int) -> tuple[tuple[SourceItem, ...], int]:
    """Return the items of a chunk, and where the zero byte that ends them is followed."""
    items: list[SourceItem] = []
    while True:
        _at_least("SDES", content, at + 1)
        if not content[at]:
            return tuple(items), at + 1
        _at_least("SDES", content, at + 2)
        end = at + 2 + content[at + 1]
        _at_least("SDES", content, end)
        items.append(SourceItem(content[at], _decoded(content[at + 2 : end])))
        at = end


def _goodbye(content: bytes, count: int) -> Goodbye:
    at = 4 * count
    _at_least("BYE", content, at)
    sources = tuple(source for (source,) in _NUMBER.iter_unpack(content[:at]))
    if len(content) == at:
        return Goodbye(sources)
    end = at + 1 + content[at]
    _at_least("BYE", content, end)
    return Goodbye(sources, _decoded(content[at + 1 : end]))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _decoded(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")


_READERS: dict[int, Callable[[bytes, int], RtcpPacket]] = {
    200: _sender_report,
    201: _receiver_report,
    202: _source_description,
    203: _goodbye,
    204: _application_defined,
    205: _transport_feedback,
    206: _payload_feedback,
    207: _extended_report,
}
