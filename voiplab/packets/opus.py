"""Opus, decoded by libopus inside libsndfile (RFC 6716, RFC 7587)."""

import io
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from voiplab.packets.ogg import ogg_opus

RATE_HZ = 48000
_LONGEST = RATE_HZ * 120 // 1000
_LONGEST_FRAME_BYTES = 1275
# How long the frames of each configuration last, in samples (RFC 6716, section 3.1, table 2).
_FRAME_SAMPLES = (
    *(480, 960, 1920, 2880) * 3,  # SILK: 10, 20, 40, 60 ms
    *(480, 960) * 2,  # hybrid: 10, 20 ms
    *(120, 240, 480, 960) * 4,  # CELT: 2.5, 5, 10, 20 ms
)


def duration(packet: bytes) -> int:
    """Return how many samples at 48 kHz an Opus packet stands for.

    Args:
        packet: what one RTP packet carries.

    Returns:
        0 when it is no Opus packet (RFC 6716, section 3.4).

    >>> duration(bytes([0x78, 1, 2])), duration(b"")
    (960, 0)
    """
    if not packet:
        return 0
    sizes = (_one, _two_equal, _two, _several)[packet[0] & 3](packet[1:])
    samples = _FRAME_SAMPLES[packet[0] >> 3] * len(sizes)
    fits = samples <= _LONGEST and all(0 <= size <= _LONGEST_FRAME_BYTES for size in sizes)
    return samples if fits else 0


def decode(packets: Sequence[bytes | None]) -> tuple[npt.NDArray[np.float32], list[int]]:
    """Decode Opus packets, in their order.

    In place of a missing packet, and of one that is damaged, libopus is given one without
    content, at which it conceals the loss (RFC 6716, section 4.4).

    Args:
        packets: what each RTP packet carried; None for one that is missing.

    Returns:
        Mono samples from -1 to 1 at 48 kHz, and how many each packet gave. A packet that is
        missing gives as many as the one before it; at the beginning, none.
    """
    import soundfile  # noqa: PLC0415 - heavy: loaded when sound is wanted

    given: list[bytes] = []
    lasts: list[int] = []
    empty = b""
    for packet in packets:
        samples = duration(packet) if packet else 0
        if packet and samples:
            empty = _without_content(packet, samples)
            given.append(packet)
        else:
            samples = duration(empty)
            given.append(empty)
        lasts.append(samples)
    if not any(lasts):
        return np.zeros(0, np.float32), lasts
    begin = next(at for at, samples in enumerate(lasts) if samples)
    file = io.BytesIO(ogg_opus(given[begin:], lasts[begin:]))
    samples_, _ = soundfile.read(file, dtype="float32")
    return samples_, lasts


def _without_content(packet: bytes, samples: int) -> bytes:
    """Return a packet of the same mode and duration whose frames are all empty."""
    frames = samples // _FRAME_SAMPLES[packet[0] >> 3]
    toc = packet[0] & ~3
    return bytes([toc]) if frames == 1 else bytes([toc | 3, frames])


def _one(body: bytes) -> list[int]:
    return [len(body)]


def _two_equal(body: bytes) -> list[int]:
    return [len(body) // 2] * 2 if len(body) % 2 == 0 else [-1]


def _two(body: bytes) -> list[int]:
    size, begin = _size(body, 0)
    return [size, len(body) - begin - size]


def _several(body: bytes) -> list[int]:
    """Return the sizes of any number of frames (section 3.2.5)."""
    if not body or not body[0] & 63:
        return [-1]
    count, at, padding = body[0] & 63, 1, 0
    if body[0] & 64:
        more = 255
        while more == 255 and at < len(body):  # noqa: PLR2004 - 254 bytes, and more to come
            more = body[at]
            padding += min(more, 254)
            at += 1
        if more == 255:  # noqa: PLR2004 - it ends within its length of padding
            return [-1]
    sizes = []
    if body[0] & 128:
        for _ in range(count - 1):
            size, at = _size(body, at)
            sizes.append(size)
        return [*sizes, len(body) - at - padding - sum(sizes)]
    left = len(body) - at - padding
    return [left // count] * count if left % count == 0 else [-1]


def _size(body: bytes, at: int) -> tuple[int, int]:
    """Read the size of a frame (section 3.2.1); return it and where it ends."""
    if at < len(body) and body[at] < 252:  # noqa: PLR2004 - what one byte can say
        return body[at], at + 1
    if at + 1 < len(body):
        return body[at] + 4 * body[at + 1], at + 2
    return -1, len(body)
