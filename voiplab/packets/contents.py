"""All that some captures hold, whichever part of it is asked for."""

from functools import cached_property
from math import isnan
from typing import TYPE_CHECKING

from voiplab.packets.control import SeenReport, seen_reports
from voiplab.packets.dtmf import PressedKey, pressed_keys
from voiplab.packets.media import MediaPlan
from voiplab.packets.packet import Packet
from voiplab.packets.protocols import ProtocolFlow
from voiplab.packets.reader import CaptureReader
from voiplab.packets.sights import each_once
from voiplab.packets.signalling import SeenMessage
from voiplab.packets.tls import Handshake

if TYPE_CHECKING:
    from voiplab.packets.scan import Scan
    from voiplab.packets.stream import Stream


class Contents:
    """All that some captures hold, read when it is first asked for.

    Args:
        readers: the captures.
    """

    def __init__(self, readers: tuple[CaptureReader, ...]) -> None:
        self._readers = readers

    @cached_property
    def scans(self) -> "tuple[Scan, ...]":
        """What each capture holds."""
        from voiplab.packets.scan import scan  # noqa: PLC0415 - loads numpy

        return tuple(scan(reader) for reader in self._readers)

    @cached_property
    def start_s(self) -> float:
        """When the first frame was seen, in seconds since 1970-01-01 UTC; 0 without one."""
        times = [scan.first_s for scan in self.scans if not isnan(scan.first_s)]
        return min(times, default=0.0)

    @cached_property
    def messages(self) -> tuple[SeenMessage, ...]:
        """All messages by time, without a second sight of the same message elsewhere."""
        kept = each_once(
            (scan.messages for scan in self.scans),
            identity=lambda seen: (seen.src, seen.dst, bytes(seen.message)),
        )
        return tuple(sorted(kept, key=lambda seen: seen.time_s))

    @cached_property
    def carried(self) -> dict[Packet, tuple[str, ...]]:
        """The Call-IDs of the messages that each packet carried a part of."""
        carried: dict[Packet, tuple[str, ...]] = {}
        for scan in self.scans:
            for seen in scan.messages:
                for packet in seen.packets:
                    carried[packet] = (*carried.get(packet, ()), seen.message.call_id)
        return carried

    @cached_property
    def plan(self) -> MediaPlan:
        """What all session descriptions agreed upon."""
        return MediaPlan(self.messages)

    @cached_property
    def streams(self) -> "tuple[Stream, ...]":
        """The RTP streams of all captures, by the time of their first packet."""
        from voiplab.packets.stream import streams_of  # noqa: PLC0415 - loads numpy

        found = [
            stream
            for reader, scan in zip(self._readers, self.scans, strict=True)
            for stream in streams_of(scan, reader, self.plan)
        ]
        return tuple(sorted(found, key=lambda stream: stream.first_s))

    @cached_property
    def reports(self) -> tuple[SeenReport, ...]:
        """The RTCP datagrams of all captures, by time."""
        datagrams = each_once((scan.rtcp for scan in self.scans), _datagram)
        return seen_reports(datagrams, self.plan, self.streams, self._encrypted)

    @cached_property
    def keys(self) -> tuple[PressedKey, ...]:
        """The keys pressed in all captures, by time."""
        packets = each_once((scan.events for scan in self.scans), _datagram)
        in_order = sorted(packets, key=lambda packet: packet.time_s)
        return tuple(pressed_keys(in_order, self.messages, self.plan))

    @cached_property
    def handshakes(self) -> tuple[Handshake, ...]:
        """The connections of TLS and DTLS in all captures, by time."""
        kept = each_once(
            (scan.handshakes for scan in self.scans),
            identity=lambda seen: (seen.client, seen.server, seen.random),
        )
        return tuple(sorted(kept, key=lambda seen: seen.time_s))

    @cached_property
    def flows(self) -> tuple[tuple[str, ProtocolFlow], ...]:
        """What each port sent to another, by protocol, with the name of the capture."""
        from voiplab.packets.flows import flows_of  # noqa: PLC0415 - loads numpy

        return tuple(
            (reader.name, flow)
            for reader, scan in zip(self._readers, self.scans, strict=True)
            for flow in flows_of(
                scan, [each for each in self.streams if each.reader is reader], self.plan
            )
        )

    def _encrypted(self, src: str, dst: str, time_s: float) -> bool:
        return self.plan.encrypted(src, dst, time_s) or any(
            scan.traffic.has_dtls(src, dst) for scan in self.scans
        )


def _datagram(packet: Packet) -> tuple[str, str, bytes]:
    return packet.source, packet.destination, packet.payload
