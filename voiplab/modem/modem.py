"""The two modems of every fax machine: a slow one to agree with, a fast one for the page."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from voiplab.modem import fsk, psk

Samples = npt.NDArray[np.float64]
Bits = npt.NDArray[np.uint8]

RATE_HZ: Final = 8000
"""How many samples make a second of a modem's sound: telephony's."""


class Modem(NamedTuple):
    """Makes sound of bits, and bits of sound.

    Attributes:
        name: the Recommendation that describes it.
        bits_per_s: how many bits a second of its sound carries.
        frame_octets: how long a frame is that a fax machine sends by it, with the flags around it.
        tail: by how many samples its sound outlasts its bits.
        modulate: takes bits (0 or 1), returns their sound, from -1 to 1.
        demodulate: takes sound and how many bits it holds, returns them.
    """

    name: str
    bits_per_s: int
    frame_octets: int
    tail: int
    modulate: Callable[[Bits], Samples]
    demodulate: Callable[[Samples, int], Bits]

    @property
    def frame_bits(self) -> int:
        """How many bits a frame has."""
        return 8 * self.frame_octets

    @property
    def frame_samples(self) -> int:
        """How many samples after a frame the next one begins."""
        return self.frame_bits * RATE_HZ // self.bits_per_s


V21: Final = Modem("V.21", fsk.BAUD, 27, 0, fsk.modulate, fsk.demodulate)
"""300 bit/s, by which fax machines tell each other what they can, and whether a page has come.

Source: ITU-T V.21 (11/1988), channel 2; ITU-T T.30, section 5.3. The frame is one that tells a
machine's identification: 20 digits, 5 octets around them, and two flags.
"""

V27TER: Final = Modem("V.27ter", 3 * psk.BAUD, 264, psk.TAIL, psk.modulate, psk.demodulate)
"""4,800 bit/s, which each fax machine has for the page; many have faster ones beside it.

Source: ITU-T V.27 ter (11/1988), section 2. The frame is one of a page that is corrected: 256
octets of the page, 6 around them, and two flags (ITU-T T.30, annex A; T.4, annex A).
"""
