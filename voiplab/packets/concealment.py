"""What is heard in place of a packet that did not come in time."""

from collections.abc import Iterable
from typing import Literal

import numpy as np
import numpy.typing as npt

Concealment = Literal["silence", "repeat", "next"]

_REPEATED_S = 0.020
_FADED_S = 0.060


def repeat_before(
    samples: npt.NDArray[np.float32], gaps: Iterable[tuple[int, int]], rate_hz: int
) -> None:
    """Fill gaps with the 20 ms before them, over and over, fading away in 60 ms.

    A simple relative of ITU-T G.711, appendix I, which repeats the last pitch periods, and
    has faded to silence after 60 ms as well.

    Args:
        samples: the sound, which is changed.
        gaps: where each begins and ends.
        rate_hz: how many samples make a second.
    """
    faded = int(_FADED_S * rate_hz)
    for begin, end in gaps:
        before = samples[max(0, begin - int(_REPEATED_S * rate_hz)) : begin]
        count = min(end - begin, faded)
        if count > 0 and len(before):
            samples[begin : begin + count] = np.resize(before, count) * (
                1 - np.arange(count) / faded
            )


def repeat_after(
    samples: npt.NDArray[np.float32], gaps: Iterable[tuple[int, int]], sizes: Iterable[int]
) -> None:
    """Play the packet after each gap twice: once at its end, and in its own place.

    Args:
        samples: the sound, which is changed.
        gaps: where each begins and ends.
        sizes: how many samples the packet after it has.
    """
    for (begin, end), size in zip(gaps, sizes, strict=True):
        count = min(end - begin, size)
        if count > 0:
            samples[end - count : end] = samples[end : end + count]
