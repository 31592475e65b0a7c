"""How good a received stream of speech is, as the E-model rates it."""

from dataclasses import dataclass, replace

from voiplab.quality.codec import EquipmentImpairment, find_codec
from voiplab.quality.e_model import rating_factor
from voiplab.quality.opinion import mos_from_r
from voiplab.quality.satisfaction import band_of
from voiplab.quality.transmission import Transmission


@dataclass(frozen=True)
class Rating:
    """A rating, or the reason why there is none.

    Attributes:
        r: the rating factor R of the narrowband E-model, or None.
        mos: the mean opinion score that follows from it (MOS-CQE, 1 to 4.5), or None.
        satisfaction: how satisfied users are, in the Recommendation's words; "not rated" where
            `r` is None.
        reason: why there is no rating, in a sentence; None where there is one.
    """

    r: float | None
    mos: float | None
    satisfaction: str
    reason: str | None = None

    @classmethod
    def of(cls, r: float) -> "Rating":
        """Return the rating that a rating factor stands for.

        >>> Rating.of(85).satisfaction
        'satisfied'
        """
        return cls(r, mos_from_r(r), band_of(r).satisfaction)

    @classmethod
    def missing(cls, reason: str) -> "Rating":
        """Return the absence of a rating.

        Args:
            reason: why, in a sentence.

        >>> Rating.missing("No packet arrived.").r is None
        True
        """
        return cls(None, None, "not rated", reason)


def rate(
    codec: str,
    loss_pct: float,
    *,
    delay_ms: float,
    burst_ratio: float = 1.0,
    concealment: bool = False,
) -> Rating:
    """Rate a stream of speech by its codec, its losses and its delay.

    All else is the E-model's default. The echo, of which nothing is known, comes back over the
    same path: T = Ta and Tr = 2 Ta.

    Source: ITU-T G.107 (06/2015), with the values of G.113 (11/2007), appendix I.

    Args:
        codec: the name that SDP or Asterisk uses, such as ``PCMU`` or ``ulaw``.
        loss_pct: packets that did not arrive, or too late to be played, in per cent.
        delay_ms: from mouth to ear, in ms.
        burst_ratio: mean length of the bursts of loss, as a multiple of what random loss gives.
        concealment: whether the receiver hides lost packets of G.711 (its appendix I). The lab's
            phones do not.

    Returns:
        The rating; for a codec without published values one without figures, that says why.

    Raises:
        QualityError: when a figure can't be, such as a loss of 120 %.

    >>> healthy = rate("PCMU", 0, delay_ms=60)
    >>> f"{healthy.r:.1f} {healthy.mos:.2f} {healthy.satisfaction}"
    '91.5 4.37 very satisfied'
    >>> rate("PCMU", 5, delay_ms=60).satisfaction
    'not recommended'
    """
    # Made before the codec is looked up: impossible figures are refused for every codec.
    connection = Transmission(
        Ppl=loss_pct, BurstR=burst_ratio, Ta=delay_ms, T=delay_ms, Tr=2 * delay_ms
    )
    impairment = _impairment(codec, loss_pct, concealment=concealment)
    if isinstance(impairment, str):
        return Rating.missing(impairment)
    bpl = connection.Bpl if impairment.bpl is None else impairment.bpl
    return Rating.of(rating_factor(replace(connection, Ie=impairment.ie, Bpl=bpl)))


def _impairment(encoding: str, loss_pct: float, *, concealment: bool) -> EquipmentImpairment | str:
    """Return the codec's impairment, or why there is none."""
    if not encoding:
        return "The codec is unknown: no session description named it."
    codec = find_codec(encoding)
    if codec is None:
        return f"No equipment impairment factor is known here for the codec {encoding!r}."
    found = codec.concealed if concealment and codec.concealed else codec.narrowband
    if found is None:
        return str(codec.unrated)
    if loss_pct > 0 and found.bpl is None:
        return (
            f"ITU-T G.113 says how {codec.name} sounds without loss, but publishes no "
            "packet-loss robustness factor (Bpl) for it."
        )
    return found
