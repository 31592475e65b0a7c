"""The newer capture file, as Wireshark writes it (draft-ietf-opsawg-pcapng)."""

from collections.abc import Iterator
from struct import Struct
from typing import BinaryIO

from voiplab.packets.batch import Batch, Clock, Cut, Runs, alike
from voiplab.packets.pcap import CHUNK_BYTES

_SECTION_HEADER = 0x0A0D0D0A
_SECTION_HEADER_BYTES = b"\x0a\x0d\x0d\x0a"
_BYTE_ORDER_LITTLE = b"\x4d\x3c\x2b\x1a"
_INTERFACE = 1
_INTERFACE_BYTES = 20
_OBSOLETE_PACKET = 2
_ENHANCED_PACKET = 6
_OPTION_TIME_RESOLUTION, _OPTION_TIME_OFFSET = 9, 14
_SMALLEST_BLOCK_BYTES, _LARGEST_BLOCK_BYTES = 12, 1 << 24
_FRAME_BYTES_AT = 28
_PACKETS = {_ENHANCED_PACKET, _OBSOLETE_PACKET}
# Kind, length, interface and captured length.
_SAME_IN_A_RUN = (*range(12), *range(20, 24))
_TWO_NUMBERS = {order: Struct(order + "II").unpack_from for order in "<>"}
_FOUR_NUMBERS = {order: Struct(order + "IIII").unpack_from for order in "<>"}


def is_pcapng(beginning: bytes) -> bool:
    """Say whether a file that begins so is of the newer format."""
    return beginning[:4] == _SECTION_HEADER_BYTES


def batches(file: BinaryIO, cut: Cut) -> Iterator[Batch]:
    """Read a capture of the newer format, piece by piece.

    Packets that carry no time (simple packet blocks) are left out.

    Args:
        file: the file, at its beginning.
        cut: is told when the file ends in the middle of a block, or is damaged.

    Yields:
        Frames, in the file's order; each batch comes from interfaces of one link type and clock.
    """
    section, rest = _Section(cut), b""
    while (chunk := file.read(CHUNK_BYTES)) and not cut.reason:
        data = rest + chunk
        yield from section.batches(data)
        rest = data[section.end :]
    if rest and not cut.reason:
        cut.reason = "ends in the middle of a packet"


class _Section:
    """What the blocks of a file said so far of those to come.

    Args:
        cut: is told when a block is damaged.

    Attributes:
        end: where the first incomplete block of the last piece began.
    """

    def __init__(self, cut: Cut) -> None:
        self.end = 0
        self._cut = cut
        self._order = "<"
        self._interfaces: list[tuple[int, Clock]] = []

    def batches(self, data: bytes) -> Iterator[Batch]:
        """Read a piece of the file that begins with a block."""
        runs, source, window = Runs(), None, 1
        self.end = 0
        while block := self._block(data, self.end):
            kind, length = block
            count = 1
            if kind in _PACKETS and length > _FRAME_BYTES_AT:
                described = self._described(data, self.end, kind, length)
                if described is None:
                    break
                captured, link_and_clock = described
                if source is not None and source != (*link_and_clock, self._order):
                    yield Batch(data, runs, *source)
                    runs = Runs()
                source = (*link_and_clock, self._order)
                most = min(window, (len(data) - self.end) // length)
                count = alike(data, self.end, length, most, _SAME_IN_A_RUN)
                window = window * 4 if count == window else 1
                runs.add(self.end + _FRAME_BYTES_AT, captured, count, length)
            else:
                self._learn(data[self.end : self.end + length], kind)
            self.end += count * length
        if source is not None and runs:
            yield Batch(data, runs, *source)

    def _block(self, data: bytes, at: int) -> tuple[int, int] | None:
        """Return kind and length of a block; None when it is incomplete or damaged."""
        if at + _SMALLEST_BLOCK_BYTES > len(data):
            return None
        if data[at : at + 4] == _SECTION_HEADER_BYTES:
            self._order = "<" if data[at + 8 : at + 12] == _BYTE_ORDER_LITTLE else ">"
        kind, length = _TWO_NUMBERS[self._order](data, at)
        if length % 4 or not _SMALLEST_BLOCK_BYTES <= length <= _LARGEST_BLOCK_BYTES:
            self._cut.reason = f"is damaged: a block of {length} bytes is announced"
            return None
        return (kind, length) if at + length <= len(data) else None

    def _described(
        self, data: bytes, at: int, kind: int, length: int
    ) -> tuple[int, tuple[int, Clock]] | None:
        """Return how long a packet is, and its link type and clock; None when it is damaged."""
        interface, _, _, captured = _FOUR_NUMBERS[self._order](data, at + 8)
        if kind == _OBSOLETE_PACKET:
            (interface,) = Struct(self._order + "H").unpack_from(data, at + 8)
        if captured > length - _FRAME_BYTES_AT - 4 or interface >= len(self._interfaces):
            self._cut.reason = "is damaged: a packet block contradicts itself"
            return None
        return captured, self._interfaces[interface]

    def _learn(self, block: bytes, kind: int) -> None:
        if kind == _SECTION_HEADER:
            self._interfaces = []
        elif kind == _INTERFACE and len(block) >= _INTERFACE_BYTES:
            (link,) = Struct(self._order + "H").unpack_from(block, 8)
            self._interfaces.append((link, _clock(block, self._order)))


def _clock(block: bytes, order: str) -> Clock:
    """Read how an interface counts time; microseconds when it doesn't say."""
    per_second, offset_s = 1_000_000, 0
    option = Struct(order + "HH")
    at = 16
    while at + 4 <= len(block) - 4:
        code, length = option.unpack_from(block, at)
        value = block[at + 4 : at + 4 + length]
        if code == 0:
            break
        if code == _OPTION_TIME_RESOLUTION and len(value) == 1:
            exponent = value[0] & 0x7F
            per_second = 2**exponent if value[0] & 0x80 else 10**exponent
        elif code == _OPTION_TIME_OFFSET and len(value) == 8:  # noqa: PLR2004 - 64 bits
            (offset_s,) = Struct(order + "q").unpack(value)
        at += 4 + length + -length % 4
    return Clock(1 << 32, per_second, offset_s)
