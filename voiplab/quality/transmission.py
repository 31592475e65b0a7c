"""A connection from mouth to ear, as the E-model's parameters describe it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from voiplab.errors import QualityError

_INFINITY = math.inf
_LIMITS: Final = {
    "SLR": ("send loudness rating, in dB", -100, 100),
    "RLR": ("receive loudness rating, in dB", -100, 100),
    "STMR": ("sidetone masking rating, in dB", 0, 200),
    "Ds": ("D-value of the sending telephone, in dB", -100, 100),
    "Dr": ("D-value of the receiving telephone, in dB", -100, 100),
    "TELR": ("talker echo loudness rating, in dB", 0, 200),
    "WEPL": ("weighted echo path loss, in dB", 0, 200),
    "T": ("mean one-way delay of the echo path, in ms", 0, _INFINITY),
    "Tr": ("round-trip delay, in ms", 0, _INFINITY),
    "Ta": ("absolute one-way delay, in ms", 0, _INFINITY),
    "mT": ("shortest delay that is noticed, in ms", 1, _INFINITY),
    "sT": ("sensitivity to delay", 0.1, 10),
    "qdu": ("number of quantisation distortion units", 0.01, 1000),
    "Ie": ("equipment impairment factor", 0, 95),
    "Bpl": ("packet-loss robustness factor", 0.01, _INFINITY),
    "Ppl": ("packet loss, in per cent", 0, 100),
    "BurstR": ("burst ratio", 0.01, _INFINITY),
    "Nc": ("circuit noise, in dBm0p", -200, 100),
    "Nfor": ("noise floor at the receiving side, in dBmp", -200, 100),
    "Ps": ("room noise at the sending side, in dB(A)", 0, 200),
    "Pr": ("room noise at the receiving side, in dB(A)", 0, 200),
    "A": ("advantage factor", 0, 20),
}


@dataclass(frozen=True, kw_only=True)
class Transmission:
    """The E-model's parameters of a connection, by the Recommendation's own symbols.

    The defaults are the Recommendation's: a good, quiet connection without delay (R = 93.2).
    What can't be is refused; what merely lies outside the range for which the model was
    validated is not.

    Source: ITU-T G.107 (06/2015), table 2.

    Args:
        SLR: send loudness rating, in dB.
        RLR: receive loudness rating, in dB.
        STMR: sidetone masking rating, in dB: how softly talkers hear themselves.
        Ds: D-value of the sending telephone, in dB: how much it prefers the voice to the room.
        Dr: the same of the receiving telephone, in dB.
        TELR: talker echo loudness rating, in dB: how softly talkers hear their echo.
        WEPL: weighted echo path loss, in dB: what the listener's echo loses on its round.
        T: mean one-way delay of the echo path, in ms.
        Tr: round-trip delay of the closed four-wire loop, in ms.
        Ta: absolute delay from mouth to ear, in ms.
        mT: the shortest delay that this use of the connection notices, in ms.
        sT: how sensitive this use is to delay: 1 by default, 0.55 (with mT 120) for low and
            0.4 (with mT 150) for very low interactivity.
        qdu: quantisation distortion units; 1 is one G.711 coder and decoder.
        Ie: equipment impairment factor of the codec, without loss.
        Bpl: packet-loss robustness factor of the codec.
        Ppl: packet loss, in per cent.
        BurstR: mean length of the bursts of loss, as a multiple of what random loss gives.
        Nc: circuit noise referred to the 0 dBr point, in dBm0p.
        Nfor: noise floor at the receiving side, in dBmp.
        Ps: room noise at the sending side, in dB(A).
        Pr: room noise at the receiving side, in dB(A).
        A: advantage factor: what users forgive for the sake of, say, mobility.

    Raises:
        QualityError: when a value can't be.

    >>> Transmission(Ppl=1.5, Ta=80).Bpl
    4.3
    """

    SLR: float = 8
    RLR: float = 2
    STMR: float = 15
    Ds: float = 3
    Dr: float = 3
    TELR: float = 65
    WEPL: float = 110
    T: float = 0
    Tr: float = 0
    Ta: float = 0
    mT: float = 100  # noqa: N815 - the Recommendation's symbol
    sT: float = 1  # noqa: N815 - as above
    qdu: float = 1
    Ie: float = 0
    Bpl: float = 4.3
    Ppl: float = 0
    BurstR: float = 1
    Nc: float = -70
    Nfor: float = -64
    Ps: float = 35
    Pr: float = 35
    A: float = 0

    def __post_init__(self) -> None:
        refuse_what_cannot_be({field.name: getattr(self, field.name) for field in fields(self)})

    @property
    def LSTR(self) -> float:  # noqa: N802 - the Recommendation's symbol
        """Listener sidetone rating, in dB: how softly listeners hear their room in the receiver.

        >>> Transmission().LSTR
        18
        """
        return self.STMR + self.Dr


def refuse_what_cannot_be(values: Mapping[str, float]) -> None:
    """Refuse values that no connection can have.

    Args:
        values: by the Recommendation's symbols.

    Raises:
        QualityError: naming the first value that can't be.

    >>> refuse_what_cannot_be({"Ppl": 5})
    """
    for name, value in values.items():
        meaning, lowest, highest = _LIMITS[name]
        # Written so that NaN, which compares with nothing, is refused too.
        if not (lowest <= value <= highest and value < _INFINITY):
            limits = (
                f"{lowest:g} or more"
                if highest == _INFINITY
                else f"between {lowest:g} and {highest:g}"
            )
            raise QualityError(f"{name} ({meaning}) is a finite number, {limits}; not {value}.")
