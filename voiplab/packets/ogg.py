"""Opus packets put into an Ogg file (RFC 3533, RFC 7845), which audio libraries can read."""

import zlib
from collections.abc import Iterator, Sequence
from struct import Struct

_PAGE = Struct("<4sBBqIIIB")
_MOST_SEGMENTS = 255
_SEGMENT_BYTES = 255
_BEGINNING, _END = 0x02, 0x04
_CHECKSUM_AT = 22
_HEAD = Struct("<8sBBHIhB")
_TAGS = b"OpusTags" + bytes(8)
_SERIAL = 1
_BITS_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def ogg_opus(packets: Sequence[bytes], durations: Sequence[int]) -> bytes:
    r"""Return an Ogg file of one Opus stream, mono.

    Args:
        packets: the Opus packets, in their order; none longer than 65,024 bytes.
        durations: how many samples at 48 kHz each stands for.

    >>> file = ogg_opus([b"\xf8"], [960])
    >>> file[:4], file.count(b"OggS")
    (b'OggS', 3)
    """
    head = _HEAD.pack(b"OpusHead", 1, 1, 0, 48000, 0, 0)
    pages = [_page(0, _BEGINNING, 0, [head]), _page(1, 0, 0, [_TAGS])]
    position = 0
    rest = list(_shared_out(packets, durations))
    for number, (content, duration) in enumerate(rest, start=2):
        position += duration
        flags = _END if number == len(rest) + 1 else 0
        pages.append(_page(number, flags, position, content))
    return b"".join(pages)


def _shared_out(
    packets: Sequence[bytes], durations: Sequence[int]
) -> Iterator[tuple[list[bytes], int]]:
    """Share packets out among pages, whole ones only, with each page's duration."""
    content: list[bytes] = []
    segments = duration = 0
    for packet, lasts in zip(packets, durations, strict=True):
        needed = len(packet) // _SEGMENT_BYTES + 1
        if segments + needed > _MOST_SEGMENTS:
            yield content, duration
            content, segments, duration = [], 0, 0
        content.append(packet)
        segments += needed
        duration += lasts
    if content:
        yield content, duration


def _page(number: int, flags: int, position: int, packets: list[bytes]) -> bytes:
    """Return a page (RFC 3533, section 6)."""
    table = b"".join(
        bytes([_SEGMENT_BYTES]) * (len(packet) // _SEGMENT_BYTES)
        + bytes([len(packet) % _SEGMENT_BYTES])
        for packet in packets
    )
    header = _PAGE.pack(b"OggS", 0, flags, position, _SERIAL, number, 0, len(table))
    page = header + table + b"".join(packets)
    checksum = _checksum(page).to_bytes(4, "little")
    return page[:_CHECKSUM_AT] + checksum + page[_CHECKSUM_AT + 4 :]


def _checksum(page: bytes) -> int:
    """Return Ogg's CRC: that of zlib with the bits the other way round, starting from 0."""
    mirrored = zlib.crc32(page.translate(_BITS_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)
