"""The wideband E-model of ITU-T G.107.1 (06/2019), with its corrigendum 1 (01/2020).

R = Ro,WB − Is,WB − Id,WB − Ie,eff,WB + A, on a scale that goes on where the narrowband one ends:
a faultless narrowband call lies at 93.2 on both, a faultless wideband one at 129. That edition
fixes Ro,WB at 129 and Is,WB at 0: noise, loudness, sidetone and quantisation, of which the
editions of 2011 and 2015 still treated a part, are left for further study.

The Recommendation's text wasn't at hand. Each formula here was compared with two programs that
were written from it, and with ITU-T G.1070 (06/2018), which uses the same echo terms; where they
differ, the docstring says so.
"""

import math
from dataclasses import dataclass, fields
from typing import Final

from voiplab.quality.e_model import absolute_delay_impairment
from voiplab.quality.opinion import mos_from_r
from voiplab.quality.transmission import Transmission, refuse_what_cannot_be

BEST_WIDEBAND_R: Final = 129.0
"""Ro,WB: the R of a faultless wideband call. Source: ITU-T G.107.1, section 7.2."""

_STRETCH = 1.29  # G.107.1, annex A: from the wideband scale's 129 to the narrowband's 100
_SETTLED_MS = 100


@dataclass(frozen=True, kw_only=True)
class WidebandTransmission:
    """The wideband E-model's parameters of a connection, by the Recommendation's symbols.

    The defaults are a faultless connection without delay. Those of TELR and WEPL are ITU-T
    G.107's, which the wideband model is said to keep; Bpl,WB differs from codec to codec, and
    its default is G.107's too.

    Source: ITU-T G.107.1 (06/2019), table 1.

    Args:
        TELR: talker echo loudness rating, in dB: how softly talkers hear their echo.
        WEPL: weighted echo path loss, in dB: what the listener's echo loses on its round.
        T: mean one-way delay of the echo path, in ms.
        Tr: round-trip delay of the closed four-wire loop, in ms.
        Ta: absolute delay from mouth to ear, in ms.
        Ie: wideband equipment impairment factor Ie,WB of the codec, without loss.
        Bpl: wideband packet-loss robustness factor Bpl,WB of the codec.
        Ppl: packet loss, in per cent.
        BurstR: burst ratio. The Recommendation's formula has none: it holds for random losses
            (BurstR 1). Other values go in as in ITU-T G.107, for want of another rule.
        A: advantage factor; no value is recommended but 0.

    Raises:
        QualityError: when a value can't be.

    >>> WidebandTransmission(Ie=13).TELR
    65
    """

    TELR: float = 65
    WEPL: float = 110
    T: float = 0
    Tr: float = 0
    Ta: float = 0
    Ie: float = 0
    Bpl: float = 4.3
    Ppl: float = 0
    BurstR: float = 1
    A: float = 0

    def __post_init__(self) -> None:
        refuse_what_cannot_be({field.name: getattr(self, field.name) for field in fields(self)})


def wideband_rating_factor(connection: WidebandTransmission) -> float:
    """Return R on the wideband scale: about 0 (hopeless) to 129.

    Source: ITU-T G.107.1, section 7.1.

    >>> round(wideband_rating_factor(WidebandTransmission()), 1)
    128.8
    >>> round(wideband_rating_factor(WidebandTransmission(Ie=20, Bpl=4.3, Ppl=2)), 1)
    85.0
    """
    return (
        BEST_WIDEBAND_R
        - wideband_delay_impairment(connection)
        - wideband_effective_equipment_impairment(connection)
        + connection.A
    )


def wideband_delay_impairment(connection: WidebandTransmission) -> float:
    """Return Id,WB: the talker's echo, the listener's echo and the late answer.

    Source: ITU-T G.107.1, section 7.4.

    >>> round(wideband_delay_impairment(WidebandTransmission()), 2)
    0.15
    """
    return (
        wideband_talker_echo_impairment(connection)
        + wideband_listener_echo_impairment(connection)
        + wideband_absolute_delay_impairment(connection)
    )


def wideband_talker_echo_impairment(connection: WidebandTransmission) -> float:
    """Return Idte,WB: talkers hear their own words again.

    The undisturbed rating from which the echo's is taken is Ro,WB here, as in ITU-T G.1070. The
    text of 06/2019 put there a term of the noise, which the wideband model doesn't define; the
    corrigendum is said to have replaced it. A program that kept the term, with narrowband noise,
    gives 0.36 in place of 0.94 at 150 ms.

    Source: ITU-T G.107.1, section 7.4.

    >>> round(wideband_talker_echo_impairment(WidebandTransmission(T=150)), 2)
    0.94
    """
    t = connection.T
    correction = 0.08 * t + 10 if t < _SETTLED_MS else 18
    echo_rating = (
        connection.TELR
        + correction
        - 40 * math.log10((1 + t / 10) / (1 + t / 150))
        + 6 * math.exp(-0.3 * t * t)
    )
    half = (BEST_WIDEBAND_R - (80 + 3 * (echo_rating - 14))) / 2
    return (half + math.sqrt(half**2 + 100) - 1) * (1 - math.exp(-t))


def wideband_listener_echo_impairment(connection: WidebandTransmission) -> float:
    """Return Idle,WB: listeners hear the talker's words twice.

    Source: ITU-T G.107.1, section 7.4: as narrowband, with Ro,WB.

    >>> round(wideband_listener_echo_impairment(WidebandTransmission(Tr=100)), 3)
    0.652
    """
    undisturbed = 10.5 * (connection.WEPL + 7) * math.pow(connection.Tr + 1, -0.25)
    half = (BEST_WIDEBAND_R - undisturbed) / 2
    return half + math.sqrt(half**2 + 169)


def wideband_absolute_delay_impairment(connection: WidebandTransmission) -> float:
    """Return Idd,WB: 1.29 times what the same delay takes of a narrowband call.

    Source: ITU-T G.107.1, section 7.4.

    >>> round(wideband_absolute_delay_impairment(WidebandTransmission(Ta=200)), 2)
    3.93
    """
    return _STRETCH * absolute_delay_impairment(Transmission(Ta=connection.Ta))


def wideband_effective_equipment_impairment(connection: WidebandTransmission) -> float:
    """Return Ie,eff,WB: what the codec does to speech, made worse by lost packets.

    Its ceiling is 95, as narrowband, and not 129.

    Source: ITU-T G.107.1, section 7.5.

    >>> round(
    ...     wideband_effective_equipment_impairment(WidebandTransmission(Ie=20, Bpl=4.3, Ppl=2)), 2
    ... )
    43.81
    """
    ie, ppl = connection.Ie, connection.Ppl
    return ie + (95 - ie) * ppl / (ppl / connection.BurstR + connection.Bpl)


def mos_from_wideband_r(r: float) -> float:
    """Return the mean opinion score that the wideband E-model predicts (MOS-CQEW).

    It is what people say who know wideband calls: a faultless narrowband call, R 93.2 on this
    scale too, gets no more than 3.7 from them.

    Source: ITU-T G.107.1, annex A.

    Args:
        r: a rating factor on the wideband scale.

    Raises:
        QualityError: when `r` is not a number.

    >>> round(mos_from_wideband_r(129), 2), round(mos_from_wideband_r(93.2), 2)
    (4.5, 3.7)
    """
    return mos_from_r(r / _STRETCH)
