"""RTP packets (RFC 3550, section 5.1), and what else shares their ports."""

from dataclasses import dataclass
from struct import Struct
from typing import Literal

from voiplab.errors import CaptureError

VERSION = 2
HEADER_BYTES = 12
_HEADER = Struct(">BBHII")
_EXTENSION = Struct(">HH")

Protocol = Literal["rtp", "rtcp", "stun", "dtls", "other"]


@dataclass(frozen=True, slots=True)
class RtpPacket:
    """An RTP packet.

    Attributes:
        payload_type: 0 to 127; RFC 3551 names the static ones, SDP the others.
        sequence_number: 0 to 65535, one more in each packet.
        timestamp: the sampling instant of the first byte, in the codec's clock.
        ssrc: the synchronisation source: who sends this stream.
        payload: the coded media.
        marker: for speech, the first packet after a silence.
        csrc: the sources that a mixer put together.
        extension_profile: what kind of header extension there is; None for none.
        extension: the header extension's content, a multiple of four bytes.
        padding: how many bytes of padding follow the payload, the count itself included.

    >>> packet = RtpPacket(payload_type=0, sequence_number=7, timestamp=160, ssrc=1, payload=b"hi")
    >>> RtpPacket.parse(bytes(packet)) == packet
    True
    """

    payload_type: int
    sequence_number: int
    timestamp: int
    ssrc: int
    payload: bytes = b""
    marker: bool = False
    csrc: tuple[int, ...] = ()
    extension_profile: int | None = None
    extension: bytes = b""
    padding: int = 0

    @classmethod
    def parse(cls, data: bytes) -> "RtpPacket":
        """Read an RTP packet.

        Raises:
            CaptureError: when these bytes are none.
        """
        if len(data) < HEADER_BYTES:
            raise CaptureError(f"An RTP packet has at least 12 bytes; this one has {len(data)}.")
        flags, second, sequence_number, timestamp, ssrc = _HEADER.unpack_from(data)
        if flags >> 6 != VERSION:
            raise CaptureError(f"An RTP packet is of version 2; this one says {flags >> 6}.")
        sources = flags & 0x0F
        at = HEADER_BYTES + 4 * sources
        profile, extension = None, b""
        if flags & 0x10:
            if len(data) < at + 4:
                raise CaptureError("The RTP packet ends within its header extension.")
            profile, words = _EXTENSION.unpack_from(data, at)
            extension = data[at + 4 : at + 4 + 4 * words]
            at += 4 + 4 * words
        padding = data[-1] if flags & 0x20 else 0
        end = len(data) - padding
        if at > end or (flags & 0x20 and not padding):
            raise CaptureError(
                f"The RTP packet has {len(data)} bytes; "
                f"its header and padding claim {at + padding}."
            )
        return cls(
            payload_type=second & 0x7F,
            sequence_number=sequence_number,
            timestamp=timestamp,
            ssrc=ssrc,
            payload=data[at:end],
            marker=bool(second & 0x80),
            csrc=Struct(f">{sources}I").unpack_from(data, HEADER_BYTES),
            extension_profile=profile,
            extension=extension,
            padding=padding,
        )

    def __bytes__(self) -> bytes:
        extended = self.extension_profile is not None
        flags = VERSION << 6 | bool(self.padding) << 5 | extended << 4 | len(self.csrc)
        header = _HEADER.pack(
            flags,
            self.marker << 7 | self.payload_type,
            self.sequence_number,
            self.timestamp,
            self.ssrc,
        )
        header += Struct(f">{len(self.csrc)}I").pack(*self.csrc)
        if self.extension_profile is not None:
            header += _EXTENSION.pack(self.extension_profile, len(self.extension) // 4)
            header += self.extension
        tail = bytes(self.padding - 1) + bytes([self.padding]) if self.padding else b""
        return header + self.payload + tail


def protocol_of(payload: bytes) -> Protocol:
    """Tell what a datagram on a media port is, by its first two bytes.

    Sources: RFC 7983, section 7 (the first byte) and RFC 5761, section 4 (RTP and RTCP).

    Args:
        payload: what the datagram carries.

    Returns:
        What it is; "other" for anything that can't be told.

    >>> protocol_of(bytes([0x80, 0]) + bytes(10)), protocol_of(bytes([0x80, 200]) + bytes(6))
    ('rtp', 'rtcp')
    """
    if len(payload) < 8:  # noqa: PLR2004 - the shortest of them, an empty RTCP report
        return "other"
    first, second = payload[0], payload[1]
    if 128 <= first <= 191:  # noqa: PLR2004 - RFC 7983
        if 192 <= second <= 223:  # noqa: PLR2004 - RFC 5761
            return "rtcp"
        return "rtp" if len(payload) >= HEADER_BYTES else "other"
    if 20 <= first <= 63:  # noqa: PLR2004 - RFC 7983
        return "dtls"
    if first <= 3 and payload[4:8] == b"\x21\x12\xa4\x42":  # noqa: PLR2004 - RFC 7983
        return "stun"
    return "other"
