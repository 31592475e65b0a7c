"""What a rating R means to people (ITU-T G.107, annex B, and G.109)."""

from math import atan2, cos, pi, sqrt
from statistics import NormalDist
from typing import Final, NamedTuple


class Band(NamedTuple):
    """A range of R, and what users say of it.

    Attributes:
        lowest_r: where it begins.
        satisfaction: what users say.
    """

    lowest_r: float
    satisfaction: str


# G.107, table B.1; G.109 calls what is below 50 "not recommended".
BANDS: Final = (
    Band(90, "very satisfied"),
    Band(80, "satisfied"),
    Band(70, "some users dissatisfied"),
    Band(60, "many users dissatisfied"),
    Band(50, "nearly all users dissatisfied"),
    Band(float("-inf"), "not recommended"),
)


def mos_from_r(r: float) -> float:
    """Return the estimated mean opinion score in conversation, MOS-CQE (G.107, B-4).

    The Recommendation's polynomial dips below 1 for R under 6.5; no opinion is worse than 1.

    >>> round(mos_from_r(93.2), 2)
    4.41
    """
    if r <= 0:
        return 1.0
    if r >= 100:  # noqa: PLR2004 - the end of the scale
        return 4.5
    return max(1.0, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6)


def r_from_mos(mos: float) -> float:
    """Return the rating that gives a mean opinion score (G.107, appendix I).

    Args:
        mos: from 1 to 4.5.

    Raises:
        ValueError: when the score is outside of that range.

    >>> round(r_from_mos(4.03))
    80
    """
    if not 1 <= mos <= 4.5:  # noqa: PLR2004 - the scale
        raise ValueError(f"The E-model gives scores between 1 and 4.5, not {mos}.")
    h = atan2(15 * sqrt(max(0, -903522 + 1113960 * mos - 202500 * mos**2)), 18566 - 6750 * mos) / 3
    return 20 / 3 * (8 - sqrt(226) * cos(h + pi / 3))


def satisfaction(r: float) -> str:
    """Return what users say of a connection with this rating (G.107, table B.1).

    >>> satisfaction(93.2), satisfaction(49)
    ('very satisfied', 'not recommended')
    """
    return next(band.satisfaction for band in BANDS if r >= band.lowest_r)


def good_or_better_pct(r: float) -> float:
    """Return how many of a hundred users would say good or better (G.107, B-1)."""
    return 100 * NormalDist(60, 16).cdf(r)


def poor_or_worse_pct(r: float) -> float:
    """Return how many of a hundred users would say poor or worse (G.107, B-2)."""
    return 100 * (1 - NormalDist(45, 16).cdf(r))
