"""G.711: speech as logarithms of its samples (ITU-T G.711, 11/1988)."""

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]


def _segments(codes: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the segment and the step within it that each code names."""
    return codes >> 4 & 7, codes & 15


def _mu_law() -> Samples:
    codes = 255 - np.arange(256)  # all bits are inverted on the line
    segment, step = _segments(codes)
    magnitude = ((2 * step + 33) << segment) - 33
    return (np.where(codes & 128, -magnitude, magnitude) / 8192).astype(np.float32)


def _a_law() -> Samples:
    codes = np.arange(256) ^ 0x55  # every other bit is inverted on the line
    segment, step = _segments(codes)
    magnitude = np.where(segment, (2 * step + 33) << np.maximum(segment, 1) - 1, 2 * step + 1)
    return (np.where(codes & 128, magnitude, -magnitude) / 4096).astype(np.float32)


MU_LAW = _mu_law()
"""The sample that each byte stands for, of 8192 (ITU-T G.711, tables 2a and 2b)."""

A_LAW = _a_law()
"""The sample that each byte stands for, of 4096 (ITU-T G.711, tables 1a and 1b)."""


def decode(data: bytes, law: Samples) -> Samples:
    """Return the samples that G.711 bytes stand for.

    Args:
        data: a byte a sample.
        law: MU_LAW (PCMU) or A_LAW (PCMA).

    Returns:
        Samples from -1 to 1.

    >>> (decode(bytes([0x80, 0xFF, 0x00]), MU_LAW) * 8192).tolist()
    [8031.0, 0.0, -8031.0]
    """
    return law[np.frombuffer(data, np.uint8)]
