"""Three bits in each turn of a carrier's phase (ITU-T V.27 ter, 11/1988, section 2).

The scrambler is left out: it makes any bits look random, and those sent here are.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.signal import upfirdn

Samples = npt.NDArray[np.float64]
Symbols = npt.NDArray[np.complex128]
Bits = npt.NDArray[np.uint8]

BAUD: Final = 1600
_RATE_HZ = 8000
_CARRIER_HZ = 1800
_BITS = 3
_LEVEL = 0.3
_ROLL_OFF = 0.5
_REACH = 4  # symbols that a pulse reaches to either side
_SAMPLES = _RATE_HZ // BAUD
TAIL: Final = (2 * _REACH + 1) * _SAMPLES
"""By how many samples the sound of bits outlasts them: the last symbol's pulse."""

_PARTS = 8  # of the time between two samples, in which the receiver looks for the best moment

# By how many eighths of a circle the phase turns, by the value of the three bits (table 1).
_TURNS = np.array([1, 0, 2, 3, 6, 7, 5, 4])
_VALUES = np.argsort(_TURNS)


def modulate(bits: Bits) -> Samples:
    """Return the sound of bits.

    Args:
        bits: 0 or 1 each; their number is a multiple of 3.

    Returns:
        Samples at 8 kHz.

    >>> bits = np.array([1, 0, 0, 1, 1, 0], np.uint8)
    >>> demodulate(modulate(bits), 6).tolist()
    [1, 0, 0, 1, 1, 0]
    """
    values = bits.reshape(-1, _BITS) @ np.array([4, 2, 1])
    phases = np.cumsum(np.concatenate([[0], _TURNS[values]]))
    shaped = upfirdn(_pulse(_SAMPLES), np.exp(0.25j * np.pi * phases), up=_SAMPLES)
    time = np.arange(len(shaped)) / _RATE_HZ
    sound = np.real(shaped * np.exp(2j * np.pi * _CARRIER_HZ * time))
    return np.asarray(_LEVEL * sound / np.abs(shaped).max(initial=1e-9))


def demodulate(samples: Samples, count: int) -> Bits:
    """Return the bits of a sound.

    The receiver needs no training: it finds the moment of sampling at which the phases lie
    nearest to what they can be, and takes the line for flat.

    Args:
        samples: at 8 kHz, as :func:`modulate` begins them.
        count: how many bits they hold.
    """
    time = np.arange(len(samples)) / _RATE_HZ
    base = samples * np.exp(-2j * np.pi * _CARRIER_HZ * time)
    fine = upfirdn(_pulse(_SAMPLES * _PARTS), base, up=_PARTS)
    middle = 2 * _REACH * _SAMPLES * _PARTS  # the delay of both filters together
    number = count // _BITS + 1
    tried = range(-_SAMPLES * _PARTS // 2, _SAMPLES * _PARTS // 2)
    turns = [_turns(fine, middle + shift, number) for shift in tried]
    best = min(turns, key=lambda each: float(np.mean(np.abs(each - np.rint(each)))))
    values = _VALUES[np.rint(best).astype(np.int64) % 8]
    bits: Bits = (values[:, None] >> np.array([2, 1, 0]) & 1).astype(np.uint8).ravel()
    return bits


def _turns(fine: Symbols, begin: int, number: int) -> Samples:
    """Return by how many eighths of a circle the phase turns from each symbol to the next."""
    at = begin + np.arange(number) * _SAMPLES * _PARTS
    symbols = fine[np.clip(at, 0, len(fine) - 1)]
    return np.asarray(np.angle(symbols[1:] * symbols[:-1].conj()) / (np.pi / 4))


def _pulse(per_symbol: int) -> Samples:
    """Return a root raised cosine, of which sender and receiver have one each.

    Source: J. G. Proakis, Digital Communications (4th edition, 2001), section 9.2.
    """
    t = np.arange(-_REACH * per_symbol, _REACH * per_symbol + 1) / per_symbol
    r = _ROLL_OFF
    # Where numerator and denominator vanish together, a step aside gives the limit.
    t = np.where(np.isclose(t, 0) | np.isclose(np.abs(4 * r * t), 1), t + 1e-6, t)
    top = np.sin(np.pi * t * (1 - r)) + 4 * r * t * np.cos(np.pi * t * (1 + r))
    pulse = top / (np.pi * t * (1 - (4 * r * t) ** 2))
    return np.asarray(pulse / np.sqrt(np.sum(pulse**2)))
