"""A tone for 0 and another for 1 (ITU-T V.21, 11/1988, channel 2)."""

from typing import Final

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]
Bits = npt.NDArray[np.uint8]

BAUD: Final = 300
_RATE_HZ = 8000
_TONES_HZ = (1850, 1650)  # for 0, and for 1
_LEVEL = 0.3


def modulate(bits: Bits) -> Samples:
    """Return the sound of bits, without a jump where one tone follows the other.

    Args:
        bits: 0 or 1 each.

    Returns:
        Samples at 8 kHz.

    >>> bits = np.array([1, 0, 0, 1, 1, 0], np.uint8)
    >>> demodulate(modulate(bits), 6).tolist()
    [1, 0, 0, 1, 1, 0]
    """
    count = len(bits) * _RATE_HZ // BAUD
    which = np.arange(count) * BAUD // _RATE_HZ
    tones_hz = np.asarray(_TONES_HZ)[bits[which]]
    return np.asarray(_LEVEL * np.sin(2 * np.pi * np.cumsum(tones_hz) / _RATE_HZ))


def demodulate(samples: Samples, count: int) -> Bits:
    """Return the bits of a sound: for each, the tone of which there is more.

    Args:
        samples: at 8 kHz, from the beginning of the first bit.
        count: how many bits they hold.
    """
    time = np.arange(len(samples)) / _RATE_HZ
    edges = np.arange(count + 1) * _RATE_HZ // BAUD
    strengths = []
    for tone_hz in _TONES_HZ:
        mixed = np.concatenate([[0], np.cumsum(samples * np.exp(-2j * np.pi * tone_hz * time))])
        reach = np.minimum(edges, len(samples))
        strengths.append(np.abs(mixed[reach[1:]] - mixed[reach[:-1]]))
    bits: Bits = (strengths[1] > strengths[0]).astype(np.uint8)
    return bits
