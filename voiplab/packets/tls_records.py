"""The records of TLS and DTLS in what crossed a network."""

from collections.abc import Iterator
from typing import NamedTuple

from voiplab.packets.packet import Packet

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA = 20, 21, 22, 23

_TLS_HEADER_BYTES = 5
_DTLS_HEADER_BYTES = 13
_LONGEST = (1 << 14) + 2048  # RFC 5246, section 6.2.3
# So many segments that came before their turn mean that one never comes.
_HELD_SEGMENTS = 64


class Record(NamedTuple):
    """A record (RFC 8446, section 5.1; RFC 6347, section 4.1).

    Attributes:
        kind: 20 change cipher spec, 21 alert, 22 handshake, 23 application data.
        content: what it holds, encrypted or not.
        epoch: of DTLS: 0 as long as nothing is encrypted; 0 in TLS.
    """

    kind: int
    content: bytes
    epoch: int = 0


def begins_record(data: bytes) -> bool:
    """Say whether bytes may be the beginning of a record of TLS.

    >>> begins_record(bytes([22, 3, 1, 2, 0])), begins_record(b"INVITE sip:")
    (True, False)
    """
    return (
        len(data) >= _TLS_HEADER_BYTES
        and CHANGE_CIPHER_SPEC <= data[0] <= APPLICATION_DATA
        and data[1] == 3  # noqa: PLR2004 - SSL 3.0 and whatever came of it
        and data[2] <= 4  # noqa: PLR2004 - TLS 1.3
        and 0 < int.from_bytes(data[3:5]) <= _LONGEST
    )


def datagram_records(payload: bytes) -> Iterator[Record]:
    """Give the records in a datagram of DTLS, as far as they are whole.

    A record of DTLS 1.3 that is encrypted has another header (RFC 9147, section 4), and ends what
    is given.
    """
    at = 0
    while at + _DTLS_HEADER_BYTES <= len(payload):
        kind, major = payload[at], payload[at + 1]
        length = int.from_bytes(payload[at + 11 : at + 13])
        end = at + _DTLS_HEADER_BYTES + length
        if not CHANGE_CIPHER_SPEC <= kind <= APPLICATION_DATA or major != 254 or end > len(payload):  # noqa: PLR2004 - ones' complement of 1
            return
        epoch = int.from_bytes(payload[at + 3 : at + 5])
        yield Record(kind, payload[at + _DTLS_HEADER_BYTES : end], epoch)
        at = end


class RecordStream:
    """One direction of a TCP connection (RFC 9293), from a segment on that begins a record.

    Attributes:
        gaps: how often a segment never came, so that records are missing.
    """

    def __init__(self) -> None:
        self.gaps = 0
        self._expected: int | None = None
        self._early: dict[int, Packet] = {}
        self._pending = b""

    def records(self, packet: Packet) -> Iterator[Record]:
        """Take a segment, and give the records that it completes."""
        if self._expected is None:
            if not begins_record(packet.payload):
                return
            self._expected = packet.sequence
        self._early[packet.sequence] = packet
        if len(self._early) > _HELD_SEGMENTS:
            self._resume()
        yield from self._in_turn()

    def rest(self) -> Iterator[Record]:
        """Give the records in what still waits for a segment that will not come."""
        while self._early:
            self._resume()
            yield from self._in_turn()

    def _in_turn(self) -> Iterator[Record]:
        while (following := self._next()) is not None:
            self._pending += following.payload[self._offset(following) :]
            self._expected = (following.sequence + len(following.payload)) & 0xFFFFFFFF
            yield from self._whole()

    def _whole(self) -> Iterator[Record]:
        while len(self._pending) >= _TLS_HEADER_BYTES:
            if not begins_record(self._pending):
                self._resume()
                return
            end = _TLS_HEADER_BYTES + int.from_bytes(self._pending[3:5])
            if len(self._pending) < end:
                return
            record = Record(self._pending[0], self._pending[_TLS_HEADER_BYTES:end])
            self._pending = self._pending[end:]
            yield record

    def _offset(self, packet: Packet) -> int:
        """Return how many of a segment's bytes have come before."""
        return ((self._expected or 0) - packet.sequence) & 0xFFFFFFFF

    def _next(self) -> Packet | None:
        """Return a held segment that continues the stream, and drop those that only repeat."""
        if self._expected is None:
            return None
        for sequence, packet in list(self._early.items()):
            offset = self._offset(packet)
            if offset < len(packet.payload):
                return self._early.pop(sequence)
            if offset < 1 << 31:
                del self._early[sequence]
        return None

    def _resume(self) -> None:
        """Give up on a segment that never came: go on where a record begins."""
        self.gaps += 1
        starts = sorted(p.sequence for p in self._early.values() if begins_record(p.payload))
        self._expected = starts[0] if starts else None
        self._pending = b""
        self._early = {s: p for s, p in self._early.items() if starts and s >= starts[0]}
