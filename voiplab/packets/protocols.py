"""What flows between two ports: which protocol, how many packets, how many bytes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from voiplab.packets.packet import Packet, Transport
from voiplab.packets.rtp import protocol_of
from voiplab.packets.sip import is_sip

FlowProtocol = Literal["rtp", "srtp", "rtcp", "srtcp", "dtls", "stun", "sip", "tls", "other"]


@dataclass(frozen=True, slots=True)
class ProtocolFlow:
    """What one port sent to another in one protocol.

    Attributes:
        src: the sender as address:port.
        dst: the receiver as address:port.
        protocol: which.
        transport: "udp" or "tcp".
        packets: how many UDP datagrams, or TCP segments that carried something.
        payload_bytes: what UDP or TCP carried in them.
        first_s: when the first was seen, in seconds since 1970-01-01 UTC.
    """

    src: str
    dst: str
    protocol: FlowProtocol
    transport: Transport
    packets: int
    payload_bytes: int
    first_s: float


@dataclass(slots=True)
class _Count:
    first_s: float
    packets: int = 0
    payload_bytes: int = 0


class Traffic:
    """Counts packets that are no RTP, as they come.

    >>> traffic = Traffic()
    >>> traffic.count(Packet(0.0, "192.0.2.1", 53, "192.0.2.2", 53, "udp", b"what?"))
    >>> [(flow.protocol, flow.packets, flow.payload_bytes) for flow in traffic.flows()]
    [('other', 1, 5)]
    """

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, FlowProtocol, Transport], _Count] = {}
        self._sip_over_tcp: set[tuple[str, str]] = set()
        self._tls: set[tuple[str, str]] = set()
        self._dtls: set[frozenset[str]] = set()

    def count(
        self, packet: Packet, *, ends_message: bool = False, ends_record: bool = False
    ) -> None:
        """Take a packet.

        Args:
            packet: of any protocol; RTP is passed over.
            ends_message: whether a SIP message was complete with it.
            ends_record: whether a record of TLS or DTLS was.
        """
        if packet.transport == "udp":
            found = protocol_of(packet.payload)
            if found == "rtp":
                return
            protocol: FlowProtocol = "sip" if is_sip(packet.payload) else found
        elif packet.payload:
            protocol = "other"
        else:
            return
        ends = packet.source, packet.destination
        if packet.transport == "tcp" and ends_message:
            self._sip_over_tcp.add(ends)
        if packet.transport == "tcp" and ends_record:
            self._tls.add(ends)
        if protocol == "dtls":
            self._dtls.add(frozenset(ends))
        count = self._counts.setdefault((*ends, protocol, packet.transport), _Count(packet.time_s))
        count.packets += 1
        count.payload_bytes += len(packet.payload)

    def flows(self) -> Iterator[ProtocolFlow]:
        """Return what was counted, in the order of the first packets."""
        for (src, dst, protocol, transport), count in self._counts.items():
            carried = self._over_tcp(src, dst) if transport == "tcp" else protocol
            yield ProtocolFlow(
                src, dst, carried, transport, count.packets, count.payload_bytes, count.first_s
            )

    def _over_tcp(self, src: str, dst: str) -> FlowProtocol:
        if (src, dst) in self._sip_over_tcp:
            return "sip"
        return "tls" if (src, dst) in self._tls else "other"

    def has_dtls(self, src: str, dst: str) -> bool:
        """Say whether DTLS passed between two ports, either way."""
        return frozenset((src, dst)) in self._dtls
