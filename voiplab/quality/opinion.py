"""What people say of a connection, as far as the rating factor R predicts it."""

from math import atan2, cos, erfc, isfinite, pi, sqrt

from voiplab.errors import QualityError

_BEST_MOS = 4.5
_R_OF_WORST_MOS = 6.5  # below, the Recommendation's cubic dips under 1


def mos_from_r(r: float) -> float:
    """Return the mean opinion score, in a conversation, that the E-model predicts (MOS-CQE).

    The Recommendation's cubic falls a little under 1, to 0.99, between R = 0 and 6.5; as no
    opinion is worse than "bad" (1), it is held there.

    Source: ITU-T G.107 (06/2015), annex B.

    Args:
        r: a rating factor of the narrowband E-model.

    Returns:
        1 (bad) to 4.5 (as good as narrowband telephony gets).

    Raises:
        QualityError: when `r` is not a number.

    >>> round(mos_from_r(93.2), 2)
    4.41
    """
    if not isfinite(r):
        raise QualityError(f"R is a finite number; not {r}.")
    if r <= _R_OF_WORST_MOS:
        return 1.0
    if r >= 100:  # noqa: PLR2004 - the scale's end
        return _BEST_MOS
    return max(1.0, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6)


def r_from_mos(mos: float) -> float:
    """Return the rating factor whose mean opinion score this is.

    Source: ITU-T G.107 (06/2015), appendix I.

    Args:
        mos: 1 to 4.5.

    Returns:
        R, from 6.5 to 100.

    Raises:
        QualityError: when the narrowband E-model gives no such score.

    >>> round(r_from_mos(4.03))
    80
    """
    if not 1 <= mos <= _BEST_MOS:
        raise QualityError(
            f"A mean opinion score of the narrowband E-model lies between 1 and 4.5; not {mos}."
        )
    under_root = max(0.0, -903_522 + 1_113_960 * mos - 202_500 * mos**2)
    angle = atan2(15 * sqrt(under_root), 18_566 - 6_750 * mos) / 3
    return 20 / 3 * (8 - sqrt(226) * cos(angle + pi / 3))


def good_or_better_pct(r: float) -> float:
    """Return how many users, in per cent, find the connection good or better (GoB).

    Source: ITU-T G.107 (06/2015), annex B.

    >>> round(good_or_better_pct(70))
    73
    """
    return 100 * _normal((r - 60) / 16)


def poor_or_worse_pct(r: float) -> float:
    """Return how many users, in per cent, find the connection poor or worse (PoW).

    Source: ITU-T G.107 (06/2015), annex B.

    >>> round(poor_or_worse_pct(50))
    38
    """
    return 100 * _normal((45 - r) / 16)


def _normal(x: float) -> float:
    """Return the share of a standard normal distribution that lies under x."""
    return erfc(-x / sqrt(2)) / 2
