"""The classic capture file, as tcpdump writes it (draft-ietf-opsawg-pcap)."""

from array import array
from collections.abc import Iterator
from struct import Struct
from typing import BinaryIO

from voiplab.packets.batch import Batch, Clock, Cut

CHUNK_BYTES = 1 << 21
# libpcap's own limit to what one frame may hold; a larger length is damage.
MAX_FRAME_BYTES = 262_144

_FILE_HEADER_BYTES = 24
_RECORD_HEADER_BYTES = 16
_SMALLEST_RUN = 16
_MICROSECONDS, _NANOSECONDS = 1_000_000, 1_000_000_000
_MAGIC = {
    b"\xd4\xc3\xb2\xa1": ("<", _MICROSECONDS),
    b"\xa1\xb2\xc3\xd4": (">", _MICROSECONDS),
    b"\x4d\x3c\xb2\xa1": ("<", _NANOSECONDS),
    b"\xa1\xb2\x3c\x4d": (">", _NANOSECONDS),
}
FILE_HEADER = Struct("<4sHHiIII")
RECORD_HEADER = Struct("<IIII")


def is_pcap(beginning: bytes) -> bool:
    """Say whether a file that begins so is a classic capture."""
    return beginning[:4] in _MAGIC


def batches(file: BinaryIO, cut: Cut) -> Iterator[Batch]:
    """Read a classic capture, piece by piece.

    Args:
        file: the file, at its beginning.
        cut: is told when the file ends in the middle of a frame, or is damaged.

    Yields:
        Its frames, as many at a time as fit into a few megabytes.
    """
    header = file.read(_FILE_HEADER_BYTES)
    order, per_second = _MAGIC[header[:4]]
    if len(header) < _FILE_HEADER_BYTES:
        cut.reason = "ends within its file header"
        return
    # The upper bits of the field say how long the frame check sequence is.
    link = Struct(order + "I").unpack_from(header, 20)[0] & 0xFFFF
    clock = Clock(per_second, per_second)
    rest = b""
    while chunk := file.read(CHUNK_BYTES):
        data = rest + chunk
        starts, lengths, at, announced = _records(data, order)
        if starts:
            yield Batch(data, starts, lengths, link, clock, order)
        if announced > MAX_FRAME_BYTES:
            cut.reason = f"is damaged: a frame of {announced} bytes is announced"
            return
        rest = data[at:]
    if rest:
        cut.reason = "ends in the middle of a packet"


def _records(data: bytes, order: str) -> "tuple[array[int], array[int], int, int]":
    """Find the frames in a piece of a file that begins with a record.

    Records of equal length often follow one another, as RTP packets do: those are found many at
    a time, by looking at every n-th byte.

    Returns:
        Where the frames begin, how long they are, where the first incomplete record begins, and
        the length that it announces, 0 when not even that is there.
    """
    captured_length = Struct(order + "I").unpack_from
    starts, lengths = array("q"), array("q")
    at, before, window = 0, -1, _SMALLEST_RUN
    end = len(data) - _RECORD_HEADER_BYTES
    while at <= end:
        (length,) = captured_length(data, at + 8)
        stride = _RECORD_HEADER_BYTES + length
        if at + stride > len(data):
            return starts, lengths, at, length
        run = 1
        if length == before:
            run = _run(data, at, stride, min(window, (len(data) - at) // stride))
            window = window * 2 if run == window else _SMALLEST_RUN
        first = at + _RECORD_HEADER_BYTES
        starts.extend(range(first, first + run * stride, stride))
        lengths.extend(array("q", [length]) * run)
        at += run * stride
        before = length
    return starts, lengths, at, 0


def _run(data: bytes, at: int, stride: int, most: int) -> int:
    """Count the records from here on, at most so many, that are as long as the first."""
    count = most
    for byte in range(8, 12):
        column = data[at + byte : at + byte + (count - 1) * stride + 1 : stride]
        count -= len(column.lstrip(column[:1]))
    return count
