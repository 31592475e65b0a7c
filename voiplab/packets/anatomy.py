"""A captured frame, taken apart: which of its bytes belong to which protocol, and what they say."""

import html
from dataclasses import dataclass
from typing import NamedTuple

from voiplab.errors import CaptureError
from voiplab.packets.network import ETHERNET, ip_begins_at
from voiplab.packets.packet import Frame, Packet
from voiplab.packets.rtp import RtpPacket, protocol_of
from voiplab.packets.sdp import STATIC_PAYLOAD_TYPES

_BYTES_A_ROW = 16
_UDP_HEADER_BYTES = 8
_IPV6_HEADER_BYTES = 40
# Okabe and Ito's colours, lightened to lie behind black text (contrast above 7:1).
COLOURS = ("#BFDCEE", "#F6D0B5", "#BFE3D6", "#F0D3E2", "#F8E3B0", "#DCEFFA")


class Field(NamedTuple):
    """A field of a header: its name in the standard, its value, and what that means."""

    name: str
    value: str
    meaning: str


class Layer(NamedTuple):
    """The bytes of a frame that one protocol wrote.

    Attributes:
        name: the protocol's.
        start: its first byte's place in the frame.
        end: the place after its last byte.
        fields: what they say, as far as telephony is concerned.
    """

    name: str
    start: int
    end: int
    fields: tuple[Field, ...] = ()

    @property
    def size_bytes(self) -> int:
        """How many bytes it has."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Anatomy:
    """A frame and its layers; in a notebook it shows itself as a coloured hex dump.

    Attributes:
        frame: the bytes, as they were captured (without preamble and frame check sequence).
        layers: from the outermost to the innermost; together they are the whole frame.
    """

    frame: bytes
    layers: tuple[Layer, ...]

    @classmethod
    def of(cls, packet: Packet) -> "Anatomy":
        """Take apart the frame that carried a UDP packet.

        Sources: IEEE 802.3, RFC 791 (IPv4), RFC 8200 (IPv6), RFC 768 (UDP), RFC 3550 (RTP).

        Args:
            packet: a packet of a capture.

        Raises:
            CaptureError: when it is TCP, or came in several fragments.
        """
        if packet.transport != "udp" or len(packet.frames) != 1:
            raise CaptureError(
                f"Only a UDP packet in one frame is taken apart here; this one is "
                f"{packet.transport.upper()} in {len(packet.frames)} frames."
            )
        frame = packet.frames[0]
        ip_at = ip_begins_at(frame) or 0
        payload_at = ip_at + _ip_header_bytes(frame, ip_at) + _UDP_HEADER_BYTES
        layers = [
            _link(frame, ip_at),
            _ip(frame, ip_at, payload_at - _UDP_HEADER_BYTES, packet),
            Layer("UDP", payload_at - _UDP_HEADER_BYTES, payload_at, _udp_fields(packet)),
            *_content(packet.payload, payload_at),
        ]
        end = layers[-1].end
        if end < len(frame.data):
            layers.append(Layer("padding", end, len(frame.data)))
        return cls(frame.data, tuple(layer for layer in layers if layer.size_bytes))

    def text(self) -> str:
        """Write a line a layer, for a terminal.

        >>> print(Anatomy(bytes(14), (Layer("Ethernet", 0, 14),)).text())
        Ethernet     14 bytes
        """
        return "\n".join(
            f"{layer.name:<10} {layer.size_bytes:4} bytes   "
            + ", ".join(f"{field.name} {field.value}" for field in layer.fields)
            for layer in self.layers
        ).rstrip()

    def _repr_html_(self) -> str:
        rows = "".join(
            _table_row(layer, COLOURS[number % len(COLOURS)])
            for number, layer in enumerate(self.layers)
        )
        return (
            f'<pre style="line-height: 1.5; color: inherit">{self._dump()}</pre>'
            f'<table><thead><tr><th style="text-align: left">protocol</th><th>bytes</th>'
            '<th style="text-align: left">what they say</th></tr></thead>'
            f"<tbody>{rows}</tbody></table>"
        )

    def _dump(self) -> str:
        colours = [
            COLOURS[number % len(COLOURS)]
            for number, layer in enumerate(self.layers)
            for _ in range(layer.size_bytes)
        ]
        lines = []
        for at in range(0, len(self.frame), _BYTES_A_ROW):
            row = "".join(
                f'<span style="background: {colour}; color: #1A1A1A"> {byte:02x} </span>'
                for byte, colour in zip(
                    self.frame[at : at + _BYTES_A_ROW], colours[at:], strict=False
                )
            )
            lines.append(f"{at:04x}  {row}")
        return "\n".join(lines)


def _table_row(layer: Layer, colour: str) -> str:
    said = "<br>".join(
        f"{html.escape(field.name)}: <b>{html.escape(field.value)}</b> {html.escape(field.meaning)}"
        for field in layer.fields
    )
    return (
        f'<tr><td style="text-align: left; background: {colour}; color: #1A1A1A">'
        f"{html.escape(layer.name)}</td><td>{layer.size_bytes}</td>"
        f'<td style="text-align: left">{said}</td></tr>'
    )


def _link(frame: Frame, ip_at: int) -> Layer:
    if frame.link != ETHERNET:
        return Layer("link layer", 0, ip_at)
    fields = (
        Field("to", frame.data[0:6].hex(":"), "(the next device on this cable, not the far end)"),
        Field("from", frame.data[6:12].hex(":"), ""),
    )
    return Layer("Ethernet", 0, ip_at, fields)


def _ip_header_bytes(frame: Frame, at: int) -> int:
    version = frame.data[at] >> 4
    return (frame.data[at] & 0x0F) * 4 if version == 4 else _IPV6_HEADER_BYTES  # noqa: PLR2004


def _ip(frame: Frame, at: int, end: int, packet: Packet) -> Layer:
    version = frame.data[at] >> 4
    hops = frame.data[at + 8] if version == 4 else frame.data[at + 7]  # noqa: PLR2004
    service = frame.data[at + 1] if version == 4 else _traffic_class(frame, at)  # noqa: PLR2004
    return Layer(
        f"IPv{version}",
        at,
        end,
        (
            Field("from", packet.src, ""),
            Field("to", packet.dst, ""),
            Field("hops left", str(hops), "(each router takes one)"),
            Field("DSCP", str(service >> 2), "(46 asks routers to hurry: expedited forwarding)"),
        ),
    )


def _traffic_class(frame: Frame, at: int) -> int:
    return (frame.data[at] & 0x0F) << 4 | frame.data[at + 1] >> 4


def _udp_fields(packet: Packet) -> tuple[Field, ...]:
    return (
        Field("from port", str(packet.src_port), ""),
        Field("to port", str(packet.dst_port), "(agreed upon in SIP's session descriptions)"),
    )


def _content(payload: bytes, at: int) -> list[Layer]:
    if protocol_of(payload) != "rtp":
        return [Layer(protocol_of(payload), at, at + len(payload))]
    packet = RtpPacket.parse(payload)
    header_end = at + len(payload) - len(packet.payload) - packet.padding
    codec = STATIC_PAYLOAD_TYPES.get(packet.payload_type)
    fields = (
        Field("payload type", str(packet.payload_type), f"({codec})" if codec else "(see SDP)"),
        Field("marker", str(int(packet.marker)), "(1 begins a talk spurt)"),
        Field("sequence number", str(packet.sequence_number), "(one more in each packet)"),
        Field("timestamp", str(packet.timestamp), "(of the first sample, in the codec's clock)"),
        Field("SSRC", f"{packet.ssrc:#010x}", "(who sends this stream)"),
    )
    return [
        Layer("RTP", at, header_end, fields),
        Layer("speech", header_end, header_end + len(packet.payload)),
        Layer("RTP padding", header_end + len(packet.payload), at + len(payload)),
    ]
