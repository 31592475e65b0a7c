"""The classic capture file, as tcpdump writes it (draft-ietf-opsawg-pcap)."""

from collections.abc import Iterator
from struct import Struct
from typing import BinaryIO

from voiplab.packets.batch import Batch, Clock, Cut

CHUNK_BYTES = 1 << 22
# libpcap's own limit to what one frame may hold; a larger length is damage.
MAX_FRAME_BYTES = 262_144

_FILE_HEADER_BYTES = 24
_RECORD_HEADER_BYTES = 16
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
    captured_length = Struct(order + "I").unpack_from
    rest = b""
    while chunk := file.read(CHUNK_BYTES):
        data = rest + chunk
        starts: list[int] = []
        lengths: list[int] = []
        end = len(data) - _RECORD_HEADER_BYTES
        at = 0
        while at <= end:
            (length,) = captured_length(data, at + 8)
            following = at + _RECORD_HEADER_BYTES + length
            if following > len(data):
                break
            starts.append(at + _RECORD_HEADER_BYTES)
            lengths.append(length)
            at = following
        if starts:
            yield Batch(data, starts, lengths, link, clock, order)
        if at <= end and length > MAX_FRAME_BYTES:
            cut.reason = f"is damaged: a frame of {length} bytes is announced"
            return
        rest = data[at:]
    if rest:
        cut.reason = "ends in the middle of a packet"
