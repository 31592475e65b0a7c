"""How good a received stream of speech is, as the E-model rates it."""

from dataclasses import dataclass, replace
from enum import StrEnum

from voiplab.quality.codec import Codec, EquipmentImpairment, find_codec
from voiplab.quality.e_model import rating_factor
from voiplab.quality.opinion import mos_from_r
from voiplab.quality.satisfaction import band_of
from voiplab.quality.transmission import Transmission
from voiplab.quality.wideband import (
    BEST_WIDEBAND_R,
    WidebandTransmission,
    mos_from_wideband_r,
    wideband_rating_factor,
)

_NARROWBAND_R = 93.2


class Scale(StrEnum):
    """Which E-model a rating comes from, and so what its R and MOS mean."""

    NARROWBAND = "narrowband"
    """ITU-T G.107: R up to 93.2; the MOS is that of people who know telephones."""

    WIDEBAND = "wideband"
    """ITU-T G.107.1: R up to 129; the MOS is that of people who know wideband calls as well."""


@dataclass(frozen=True)
class Rating:
    """A rating, or the reason why there is none.

    R goes on from the narrowband scale to the wideband one: 93.2 is a faultless narrowband call on
    both, so R may be compared across them. MOS may not: the same R gives a lower MOS where people
    know wideband. To compare calls of both kinds by MOS, take `wideband_mos` of each.

    Attributes:
        r: the rating factor R on its own scale, or None.
        mos: the mean opinion score on that scale (MOS-CQEN or MOS-CQEW, 1 to 4.5), or None.
        satisfaction: how satisfied users are, in the Recommendation's words; "not rated" where
            `r` is None. ITU-T G.107.1 has no words of its own: on the wideband scale they are
            those of the narrowband R with the same MOS.
        reason: why there is no rating, in a sentence; None where there is one.
        scale: which E-model it comes from.
    """

    r: float | None
    mos: float | None
    satisfaction: str
    reason: str | None = None
    scale: Scale = Scale.NARROWBAND

    @classmethod
    def of(cls, r: float, scale: Scale = Scale.NARROWBAND) -> "Rating":
        """Return the rating that a rating factor stands for.

        >>> Rating.of(85).satisfaction
        'satisfied'
        >>> Rating.of(116, Scale.WIDEBAND).satisfaction
        'satisfied'
        """
        scale = Scale(scale)
        if scale is Scale.WIDEBAND:
            words = band_of(_on_100(r)).satisfaction
            return cls(r, mos_from_wideband_r(r), words, scale=scale)
        return cls(r, mos_from_r(r), band_of(r).satisfaction)

    @classmethod
    def missing(cls, reason: str, scale: Scale = Scale.NARROWBAND) -> "Rating":
        """Return the absence of a rating.

        Args:
            reason: why, in a sentence.
            scale: on which scale it is missing.

        >>> Rating.missing("No packet arrived.").r is None
        True
        """
        return cls(None, None, "not rated", reason, Scale(scale))

    @property
    def best_r(self) -> float:
        """The R of a faultless call on this scale: 93.2 or 129.

        >>> Rating.of(80).best_r
        93.2
        """
        return BEST_WIDEBAND_R if self.scale is Scale.WIDEBAND else _NARROWBAND_R

    @property
    def rx(self) -> float | None:
        """R on the scale of 0 to 100 from which MOS is read (ITU-T G.107.1, annex A).

        >>> round(Rating.of(116, Scale.WIDEBAND).rx, 1)
        89.9
        """
        if self.r is None:
            return None
        return _on_100(self.r) if self.scale is Scale.WIDEBAND else self.r

    @property
    def wideband_mos(self) -> float | None:
        """What people say of the call who know wideband calls, whichever this one was.

        >>> round(Rating.of(93.2).wideband_mos, 2)
        3.7
        """
        return None if self.r is None else mos_from_wideband_r(self.r)


def rate(  # noqa: PLR0913 - each is a fact about the stream
    codec: str,
    loss_pct: float,
    *,
    delay_ms: float,
    burst_ratio: float = 1.0,
    concealment: bool = False,
    both_ears: bool = False,
) -> Rating:
    """Rate a stream of speech by its codec, its losses and its delay.

    All else is the E-model's default. The echo, of which nothing is known, comes back over the
    same path: T = Ta and Tr = 2 Ta. A wideband codec is rated on the wideband scale, which the
    rating says.

    Source: ITU-T G.107 (06/2015) and G.107.1 (06/2019), with the values of G.113 (09/2024).

    Args:
        codec: the name that SDP or Asterisk uses, such as ``PCMU`` or ``ulaw``; a mode's name
            where a codec has several, such as ``amr-wb-12.65``.
        loss_pct: packets that did not arrive, or too late to be played, in per cent.
        delay_ms: from mouth to ear, in ms.
        burst_ratio: mean length of the bursts of loss, as a multiple of what random loss gives.
        concealment: whether the receiver hides lost packets of G.711 (its appendix I). The lab's
            phones do not.
        both_ears: whether the listener wears a headset of two, which shows a wideband codec's
            faults better, and for which some robustness factors are published.

    Returns:
        The rating; for a codec without published values one without figures, that says why.

    Raises:
        QualityError: when a figure can't be, such as a loss of 120 %.

    >>> healthy = rate("PCMU", 0, delay_ms=60)
    >>> f"{healthy.r:.1f} {healthy.mos:.2f} {healthy.satisfaction}"
    '91.5 4.37 very satisfied'
    >>> rate("PCMU", 5, delay_ms=60).satisfaction
    'not recommended'
    >>> wide = rate("G722", 0, delay_ms=60)
    >>> f"{wide.r:.1f} of {wide.best_r:.0f}, MOS {wide.mos:.2f}, {wide.scale}"
    '114.8 of 129, MOS 4.31, wideband'
    """
    # Made before the codec is looked up: impossible figures are refused for every codec.
    connection = Transmission(
        Ppl=loss_pct, BurstR=burst_ratio, Ta=delay_ms, T=delay_ms, Tr=2 * delay_ms
    )
    if not codec:
        return Rating.missing("The codec is unknown: no session description named it.")
    known = find_codec(codec)
    if known is None:
        return Rating.missing(
            f"No equipment impairment factor is known here for the codec {codec!r}."
        )
    found, scale = _impairment(known, concealment=concealment, both_ears=both_ears)
    if found is None:
        return Rating.missing(str(known.unrated), scale)
    if loss_pct > 0 and found.bpl is None:
        return Rating.missing(_no_robustness(known), scale)
    bpl = connection.Bpl if found.bpl is None else found.bpl
    if scale is Scale.NARROWBAND:
        return Rating.of(rating_factor(replace(connection, Ie=found.ie, Bpl=bpl)))
    wide = WidebandTransmission(
        Ie=found.ie,
        Bpl=bpl,
        Ppl=loss_pct,
        BurstR=burst_ratio,
        Ta=delay_ms,
        T=delay_ms,
        Tr=2 * delay_ms,
    )
    return Rating.of(wideband_rating_factor(wide), scale)


def _impairment(
    codec: Codec, *, concealment: bool, both_ears: bool
) -> tuple[EquipmentImpairment | None, Scale]:
    """Return the codec's impairment, or None, and on which scale it is."""
    wide = codec.both_ears if both_ears and codec.both_ears else codec.wideband
    if wide is not None:
        return wide, Scale.WIDEBAND
    narrow = codec.concealed if concealment and codec.concealed else codec.narrowband
    return narrow, Scale.NARROWBAND


def _no_robustness(codec: Codec) -> str:
    if codec.both_ears is not None and codec.both_ears.bpl is not None:
        return (
            f"ITU-T G.113 publishes the packet-loss robustness factor (Bpl,WB) of {codec.name} "
            "only for listening with both ears: ask with both_ears=True."
        )
    return (
        f"ITU-T G.113 says how {codec.name} sounds without loss, but no packet-loss robustness "
        "factor (Bpl) of it is known here."
    )


def _on_100(wideband_r: float) -> float:
    return 100 * wideband_r / BEST_WIDEBAND_R
