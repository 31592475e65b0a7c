"""What came of bits that were sent as sound."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from voiplab.errors import QualityError
from voiplab.modem.line import Line
from voiplab.modem.modem import Modem

Bits = npt.NDArray[np.uint8]

FRAMES: Final = 100
"""How many frames are sent, unless told otherwise."""


@dataclass(frozen=True)
class Transmission:
    """Frames that were sent, and what became of them.

    Attributes:
        bits: how many bits were sent.
        wrong: how many of them did not come as they were sent.
        frames: in how many frames.
        intact: how many of these came without a wrong bit.

    >>> Transmission.of(np.zeros(16, np.uint8), np.eye(1, 16, 3, np.uint8)[0], frame_octets=1)
    Transmission(bits=16, wrong=1, frames=2, intact=1)
    """

    bits: int
    wrong: int
    frames: int
    intact: int

    @classmethod
    def of(cls, sent: Bits, got: Bits, *, frame_octets: int) -> "Transmission":
        """Compare what came with what was sent.

        Args:
            sent: whole frames.
            got: as many bits.
            frame_octets: how long a frame is.
        """
        wrong = (sent != got).reshape(-1, 8 * frame_octets).sum(axis=1)
        return cls(sent.size, int(wrong.sum()), wrong.size, int((wrong == 0).sum()))

    @property
    def wrong_pct(self) -> float:
        """How many bits were wrong, in per cent: 50 is what guessing gives."""
        return 100 * self.wrong / self.bits

    @property
    def intact_pct(self) -> float:
        """How many frames came whole, in per cent."""
        return 100 * self.intact / self.frames

    def as_dict(self) -> dict[str, Any]:
        """Return its figures: frames, intact_pct, wrong_pct."""
        return {
            "frames": self.frames,
            "intact_pct": self.intact_pct,
            "wrong_pct": self.wrong_pct,
        }


def transmit(modem: Modem, line: Line, *, frames: int = FRAMES) -> Transmission:
    """Send frames of random bits by a modem over a line, and count what comes.

    Sender and receiver begin together, and no clock drifts: a machine that must find all that by
    itself loses more.

    Args:
        modem: what makes sound of the bits.
        line: what carries the sound.
        frames: how many frames to send.

    Raises:
        QualityError: when there is nothing to send.

    >>> from voiplab.modem import V21
    >>> transmit(V21, Line(codec="PCMU"), frames=5)
    Transmission(bits=1000, wrong=0, frames=5, intact=5)
    """
    sent = random_frames(modem, line.seed, frames)
    # A symbol may hold several bits: the last is filled up.
    rest = -len(sent) % 3
    sound = modem.modulate(np.concatenate([sent, np.zeros(rest, np.uint8)]))
    got = modem.demodulate(line.carry(sound), len(sent) + rest)[: len(sent)]
    return Transmission.of(sent, got, frame_octets=modem.frame_octets)


def random_frames(modem: Modem, seed: int, frames: int) -> Bits:
    """Return the bits of so many frames of a modem, at random.

    Raises:
        QualityError: when there is nothing to send.
    """
    if frames < 1:
        raise QualityError(f"At least one frame is sent; not {frames}.")
    chance = np.random.default_rng([seed, 1])
    return chance.integers(0, 2, 8 * modem.frame_octets * frames, np.uint8)
