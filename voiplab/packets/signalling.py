"""SIP messages as they crossed the wire: over UDP, or over TCP put together again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from voiplab.errors import CaptureError
from voiplab.packets.packet import Packet
from voiplab.packets.sip import SipMessage, is_sip, may_become_sip, take_message

# A SIP stream in which this much makes no message has lost a segment, or is no SIP.
_HELD_BYTES = 1 << 20
# So many segments that came before their turn mean that one never comes.
_HELD_SEGMENTS = 256


@dataclass(frozen=True, slots=True)
class SeenMessage:
    """A SIP message, and the packets in which it was seen.

    Attributes:
        message: the message.
        packets: one datagram, or the TCP segments that carried it.
    """

    message: SipMessage
    packets: tuple[Packet, ...]

    @property
    def time_s(self) -> float:
        """When its last packet was seen, in seconds since 1970-01-01 UTC."""
        return self.packets[-1].time_s

    @property
    def src(self) -> str:
        """The sender as address:port."""
        return self.packets[0].source

    @property
    def dst(self) -> str:
        """The receiver as address:port."""
        return self.packets[0].destination


class SipAssembler:
    """Finds the SIP messages in packets that come one by one, whatever their port."""

    def __init__(self) -> None:
        self._connections: dict[tuple[str, int, str, int], _Connection] = {}

    def messages(self, packet: Packet) -> Iterator[SeenMessage]:
        """Take a packet, and yield the messages that it completes.

        What looks like a SIP message and can't be read is passed over.
        """
        if packet.transport == "udp":
            if is_sip(packet.payload):
                yield from _read(packet.payload, (packet,))
        elif packet.payload:
            key = (packet.src, packet.src_port, packet.dst, packet.dst_port)
            if key not in self._connections:
                self._connections[key] = _Connection()
            for message, carriers in self._connections[key].messages(packet):
                yield from _read(message, carriers)


def sip_messages(packets: Iterable[Packet]) -> Iterator[SeenMessage]:
    """Find the SIP messages in packets, whatever their port.

    What looks like a SIP message and can't be read is passed over.

    Args:
        packets: in the order in which they were captured.

    Yields:
        Each message when its last packet has come.
    """
    assembler = SipAssembler()
    for packet in packets:
        yield from assembler.messages(packet)


def _read(data: bytes, carriers: tuple[Packet, ...]) -> Iterator[SeenMessage]:
    try:
        message = SipMessage.parse(data)
    except CaptureError:
        return
    yield SeenMessage(message, carriers)


class _Connection:
    """One direction of a TCP connection (RFC 9293), from a segment on that may begin a message."""

    def __init__(self) -> None:
        self._expected: int | None = None
        self._early: dict[int, Packet] = {}
        self._stream = b""
        self._carriers: list[Packet] = []

    def messages(self, packet: Packet) -> Iterator[tuple[bytes, tuple[Packet, ...]]]:
        """Take a segment, and yield the messages that it completes."""
        if self._expected is None:
            if not may_become_sip(packet.payload.lstrip(b"\r\n")):
                return
            self._expected = packet.sequence
        self._early[packet.sequence] = packet
        if len(self._early) > _HELD_SEGMENTS:
            self._resume()
        while (following := self._next()) is not None:
            self._stream += following.payload[self._offset(following) :]
            self._expected = (following.sequence + len(following.payload)) & 0xFFFFFFFF
            self._carriers.append(following)
            if len(self._stream) > _HELD_BYTES:
                self._resume()
                return
            while (taken := take_message(self._stream)) is not None:
                message, self._stream = taken
                yield message, tuple(self._carriers)
                self._carriers = [following] if self._stream else []
            rest = self._stream.lstrip(b"\r\n")
            if rest and not may_become_sip(rest):
                self._resume()

    def _offset(self, packet: Packet) -> int:
        """Return how many of a segment's bytes have come before."""
        return ((self._expected or 0) - packet.sequence) & 0xFFFFFFFF

    def _next(self) -> Packet | None:
        """Return a held segment that continues the stream, and drop those that only repeat."""
        for sequence, packet in list(self._early.items()):
            offset = self._offset(packet)
            if offset < len(packet.payload):
                return self._early.pop(sequence)
            if offset < 1 << 31:
                del self._early[sequence]
        return None

    def _resume(self) -> None:
        """Give up on a segment that never came: go on at the next message's beginning."""
        starts = sorted(p.sequence for p in self._early.values() if is_sip(p.payload))
        self._expected = starts[0] if starts else None
        self._stream, self._carriers = b"", []
        self._early = {s: p for s, p in self._early.items() if starts and s >= starts[0]}
