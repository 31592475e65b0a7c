"""What came of bits that were sent as sound."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.signal import correlate

from voiplab.errors import QualityError
from voiplab.modem.line import Line
from voiplab.modem.modem import RATE_HZ, Modem, Samples

Bits = npt.NDArray[np.uint8]

_SLIP = RATE_HZ // 4

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
        slip_ms: how far apart in time the frames came, beyond what they were sent, in ms: what a
            jitter buffer or a clock left out or put in.

    >>> Transmission.of(np.zeros(16, np.uint8), np.eye(1, 16, 3, np.uint8)[0], frame_octets=1)
    Transmission(bits=16, wrong=1, frames=2, intact=1, slip_ms=0.0)
    """

    bits: int
    wrong: int
    frames: int
    intact: int
    slip_ms: float = 0.0

    @classmethod
    def of(
        cls, sent: Bits, got: Bits, *, frame_octets: int, slip_ms: float = 0.0
    ) -> "Transmission":
        """Compare what came with what was sent.

        Args:
            sent: whole frames.
            got: as many bits.
            frame_octets: how long a frame is.
            slip_ms: how far apart in time the frames came.
        """
        wrong = (sent != got).reshape(-1, 8 * frame_octets).sum(axis=1)
        return cls(sent.size, int(wrong.sum()), wrong.size, int((wrong == 0).sum()), slip_ms)

    @property
    def wrong_pct(self) -> float:
        """How many bits were wrong, in per cent: 50 is what guessing gives."""
        return 100 * self.wrong / self.bits

    @property
    def intact_pct(self) -> float:
        """How many frames came whole, in per cent."""
        return 100 * self.intact / self.frames

    def as_dict(self) -> dict[str, Any]:
        """Return its figures: frames, intact_pct, wrong_pct, slip_ms."""
        return {
            "frames": self.frames,
            "intact_pct": self.intact_pct,
            "wrong_pct": self.wrong_pct,
            "slip_ms": self.slip_ms,
        }


def transmit(modem: Modem, line: Line, *, frames: int = FRAMES) -> Transmission:
    """Send frames of random bits by a modem over a line, and count what comes.

    Args:
        modem: what makes sound of the bits.
        line: what carries the sound.
        frames: how many frames to send.

    Raises:
        QualityError: when there is nothing to send.

    >>> from voiplab.modem import V21
    >>> transmit(V21, Line(codec="PCMU"), frames=5)
    Transmission(bits=1080, wrong=0, frames=5, intact=5, slip_ms=0.0)
    """
    sent = random_frames(modem, frames, seed=line.seed)
    return receive(modem, sent, line.carry(modem.modulate(sent)))


def receive(modem: Modem, sent: Bits, heard: Samples) -> Transmission:
    """Look for each frame of what was sent in what was heard, and count its wrong bits.

    The receiver is better than any real one: it knows when to expect each frame, finds it although
    a jitter buffer has slipped by up to 0.25 s since the last, and no clock drifts within a frame.

    Args:
        modem: what made sound of the bits.
        sent: whole frames.
        heard: a recording at 8 kHz in which their sound is; it may begin before them.

    Raises:
        QualityError: when the recording is shorter than the sound of one frame.
    """
    sound = modem.modulate(sent)
    if len(heard) < modem.frame_samples + modem.tail:
        raise QualityError(
            f"The recording lasts {len(heard) / RATE_HZ:.2f} s, and a frame of {modem.name} "
            f"{modem.frame_samples / RATE_HZ:.2f} s: record the whole transmission."
        )
    padded = np.pad(heard, (_SLIP, len(sound)))
    length = modem.frame_samples + modem.tail
    lag = _found(sound[:length], padded)
    got, lags = [], []
    for begin in range(0, len(sound) - modem.tail, modem.frame_samples):
        window_at = max(0, begin + lag - _SLIP)
        window = padded[window_at : window_at + length + 2 * _SLIP]
        at = window_at + _found(sound[begin : begin + length], window)
        lag = at - begin
        lags.append(lag)
        got.append(modem.demodulate(padded[at : at + length], modem.frame_bits))
    return Transmission.of(
        sent,
        np.concatenate(got),
        frame_octets=modem.frame_octets,
        slip_ms=1000 * (max(lags) - min(lags)) / RATE_HZ,
    )


def random_frames(modem: Modem, frames: int, *, seed: int) -> Bits:
    """Return the bits of so many frames of a modem, at random.

    Args:
        modem: whose frames they are.
        frames: how many.
        seed: what chance is drawn from.

    Raises:
        QualityError: when there is nothing to send.
    """
    if frames < 1:
        raise QualityError(f"At least one frame is sent; not {frames}.")
    chance = np.random.default_rng([seed, 1])
    return chance.integers(0, 2, frames * modem.frame_bits, np.uint8)


def _found(part: Samples, within: Samples) -> int:
    """Return where a part of the sound lies in what was heard."""
    return int(np.argmax(correlate(within, part, mode="valid", method="fft")))
