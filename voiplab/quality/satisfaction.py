"""What a rating factor R means for users, in words."""

from dataclasses import dataclass
from math import inf
from typing import Final

from voiplab.errors import QualityError


@dataclass(frozen=True)
class Band:
    """A range of the rating factor R, and how satisfied its users are.

    Attributes:
        lowest_r: the R at which the band begins.
        satisfaction: the Recommendation's words.
    """

    lowest_r: float
    satisfaction: str


BANDS: Final = (
    Band(90, "very satisfied"),
    Band(80, "satisfied"),
    Band(70, "some users dissatisfied"),
    Band(60, "many users dissatisfied"),
    Band(50, "nearly all users dissatisfied"),
    Band(-inf, "not recommended"),
)
"""From best to worst. Source: ITU-T G.107 (06/2015), annex B; G.109 (09/1999) for the last."""


def band_of(r: float) -> Band:
    """Return the band in which a rating factor lies.

    Args:
        r: a rating factor of the narrowband E-model.

    Raises:
        QualityError: when `r` is not a number.

    >>> band_of(93.2).satisfaction
    'very satisfied'
    """
    for band in BANDS:
        if r >= band.lowest_r:
            return band
    raise QualityError(f"R is a number; not {r}.")
