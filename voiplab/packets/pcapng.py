"""The newer capture file, as Wireshark writes it (draft-ietf-opsawg-pcapng)."""

from array import array
from collections.abc import Iterator
from struct import Struct
from typing import BinaryIO

from voiplab.packets.batch import Batch, Clock, Cut

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
_FRAMES_PER_BATCH = 4096


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
        Frames, in the file's order; each batch comes from one interface.
    """
    interfaces: list[tuple[int, Clock]] = []
    pending = _Pending()
    for kind, block, order in _blocks(file, cut):
        if kind == _SECTION_HEADER:
            interfaces = []
        elif kind == _INTERFACE and len(block) >= _INTERFACE_BYTES:
            interfaces.append((Struct(order + "H").unpack_from(block, 8)[0], _clock(block, order)))
        elif kind in {_ENHANCED_PACKET, _OBSOLETE_PACKET} and len(block) > _FRAME_BYTES_AT:
            number = "I" if kind == _ENHANCED_PACKET else "H"
            (interface,) = Struct(order + number).unpack_from(block, 8)
            (captured,) = Struct(order + "I").unpack_from(block, 20)
            if captured > len(block) - _FRAME_BYTES_AT - 4 or interface >= len(interfaces):
                cut.reason = "is damaged: a packet block contradicts itself"
                break
            link, clock = interfaces[interface]
            if (full := pending.add(block, captured, link, clock, order)) is not None:
                yield full
    if (last := pending.take()) is not None:
        yield last


def _blocks(file: BinaryIO, cut: Cut) -> Iterator[tuple[int, bytes, str]]:
    """Read the blocks of a file: of which kind, the whole of it, and its byte order."""
    order = "<"
    while header := file.read(_SMALLEST_BLOCK_BYTES):
        if len(header) < _SMALLEST_BLOCK_BYTES:
            cut.reason = "ends in the middle of a packet"
            return
        if header[:4] == _SECTION_HEADER_BYTES:
            order = "<" if header[8:] == _BYTE_ORDER_LITTLE else ">"
        kind, length = Struct(order + "II").unpack_from(header)
        if length % 4 or not _SMALLEST_BLOCK_BYTES <= length <= _LARGEST_BLOCK_BYTES:
            cut.reason = f"is damaged: a block of {length} bytes is announced"
            return
        block = header + file.read(length - len(header))
        if len(block) < length:
            cut.reason = "ends in the middle of a packet"
            return
        yield kind, block, order


class _Pending:
    """Blocks of one interface, gathered until they make a batch."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._lengths = array("q")
        self._source: tuple[int, Clock, str] | None = None

    def add(self, block: bytes, captured: int, link: int, clock: Clock, order: str) -> Batch | None:
        """Take a packet block, and return the batch that it ends, if it ends one."""
        ended = None
        if self._source != (link, clock, order) or len(self._blocks) == _FRAMES_PER_BATCH:
            ended = self.take()
            self._source = (link, clock, order)
        self._blocks.append(block)
        self._lengths.append(captured)
        return ended

    def take(self) -> Batch | None:
        """Return what was gathered, and start anew."""
        if not self._blocks or self._source is None:
            return None
        starts, at = array("q"), 0
        for block in self._blocks:
            starts.append(at + _FRAME_BYTES_AT)
            at += len(block)
        batch = Batch(b"".join(self._blocks), starts, self._lengths, *self._source)
        self._blocks, self._lengths = [], array("q")
        return batch


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
