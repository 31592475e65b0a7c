"""The classic capture file, as tcpdump writes it (draft-ietf-opsawg-pcap)."""

from collections.abc import Iterator
from struct import Struct
from typing import BinaryIO

from voiplab.packets.batch import Batch, Clock, Cut, Runs, alike

CHUNK_BYTES = 1 << 21
# libpcap's own limit to what one frame may hold; a larger length is damage.
MAX_FRAME_BYTES = 262_144

_FILE_HEADER_BYTES = 24
_RECORD_HEADER_BYTES = 16
_CAPTURED_LENGTH = (8, 9, 10, 11)
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
        runs, at, announced = _records(data, order)
        if runs:
            yield Batch(data, runs, link, clock, order)
        if announced > MAX_FRAME_BYTES:
            cut.reason = f"is damaged: a frame of {announced} bytes is announced"
            return
        rest = data[at:]
    if rest:
        cut.reason = "ends in the middle of a packet"


def _records(data: bytes, order: str) -> tuple[Runs, int, int]:
    """Find the frames in a piece of a file that begins with a record.

    Returns:
        Where the frames lie, where the first incomplete record begins, and the length that it
        announces, 0 when not even that is there.
    """
    captured_length = Struct(order + "I").unpack_from
    runs = Runs()
    at, before, window = 0, -1, _SMALLEST_RUN
    end = len(data) - _RECORD_HEADER_BYTES
    while at <= end:
        (length,) = captured_length(data, at + 8)
        stride = _RECORD_HEADER_BYTES + length
        if at + stride > len(data):
            return runs, at, length
        count = 1
        if length == before:
            most = min(window, (len(data) - at) // stride)
            count = alike(data, at, stride, most, _CAPTURED_LENGTH)
            window = window * 4 if count == window else _SMALLEST_RUN
        runs.add(at + _RECORD_HEADER_BYTES, length, count, stride)
        at += count * stride
        before = length
    return runs, at, 0
