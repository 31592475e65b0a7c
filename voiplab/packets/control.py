"""RTCP as it crossed the wire: who reported to whom, and of which call."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voiplab.errors import CaptureError
from voiplab.packets.media import MediaPlan
from voiplab.packets.packet import Packet
from voiplab.packets.rtcp import OtherRtcp, RtcpPacket, rtcp_packets

if TYPE_CHECKING:
    from voiplab.packets.stream import Stream


@dataclass(frozen=True, slots=True)
class SeenReport:
    """An RTCP datagram.

    Attributes:
        time_s: when it was seen, in seconds since 1970-01-01 UTC.
        src: the sender as address:port.
        dst: the receiver as address:port.
        packets: what it says; of SRTCP the first packet's kind and SSRC, which alone are in clear.
        call_id: the Call-ID of the dialog it belongs to, or "".
        encrypted: whether it is SRTCP (RFC 3711, section 3.4).
    """

    time_s: float
    src: str
    dst: str
    packets: tuple[RtcpPacket, ...]
    call_id: str = ""
    encrypted: bool = False

    @property
    def summary(self) -> str:
        """The datagram in a few words, as an arrow's label.

        >>> from voiplab.packets.rtcp import Goodbye, ReceiverReport
        >>> SeenReport(0.0, "", "", (ReceiverReport(1), Goodbye((1,)))).summary
        'RTCP RR, BYE'
        """
        kinds = dict.fromkeys(packet.kind for packet in self.packets)
        return f"{'SRTCP' if self.encrypted else 'RTCP'} {', '.join(kinds)}"


def seen_reports(
    packets: Iterable[Packet],
    plan: MediaPlan,
    streams: "Iterable[Stream]",
    encrypted: Callable[[str, str, float], bool],
) -> tuple[SeenReport, ...]:
    """Read RTCP datagrams.

    What can't be read from its first byte on is no RTCP; of what is damaged further on, the good
    beginning counts.

    Args:
        packets: what may be RTCP.
        plan: what session descriptions agreed upon.
        streams: the RTP streams, which tell the call where the addresses don't.
        encrypted: whether what goes from a port to another at a moment is SRTP.

    Returns:
        The datagrams by time.
    """
    calls = {stream.key.ssrc: stream.call_id for stream in streams if stream.call_id}
    seen = (
        _seen(packet, plan, calls, encrypted=encrypted(*_ends(packet), packet.time_s))
        for packet in packets
    )
    readable = (report for report in seen if report.packets)
    return tuple(sorted(readable, key=lambda report: report.time_s))


def _ends(packet: Packet) -> tuple[str, str]:
    return packet.source, packet.destination


def _seen(
    packet: Packet, plan: MediaPlan, calls: Mapping[int, str], *, encrypted: bool
) -> SeenReport:
    claims = plan.claims(*_ends(packet), packet.time_s)
    packets = tuple(_first_in_clear(packet.payload) if encrypted else _good(packet.payload))
    if claims:
        call_id = claims[0].call_id
    else:
        sources = (source for each in packets for source in _sources(each))
        call_id = next((calls[source] for source in sources if source in calls), "")
    return SeenReport(packet.time_s, *_ends(packet), packets, call_id, encrypted)


def _good(payload: bytes) -> Iterator[RtcpPacket]:
    try:
        yield from rtcp_packets(payload)
    except CaptureError:
        return


def _first_in_clear(payload: bytes) -> Iterator[RtcpPacket]:
    yield OtherRtcp(payload[1], payload[0] & 0x1F, payload[4:])


def _sources(packet: RtcpPacket) -> Iterator[int]:
    yield packet.ssrc
    for report in getattr(packet, "reports", ()):
        yield report.ssrc
