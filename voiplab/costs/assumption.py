"""A figure that the model takes from outside: how low, how likely, how high, and who says so."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from math import isfinite
from typing import Final

import numpy as np

from voiplab.costs.unit import check_price_unit, check_quantity_unit
from voiplab.costs.values import Values
from voiplab.errors import CostError

_RATE: Final = "fraction a year"  # what grows may shrink
_PERT_WEIGHT: Final = 4.0
_DATE_FORMS: Final = {4: "-01-01", 7: "-01", 10: ""}


class Basis(StrEnum):
    """What a figure rests on."""

    LIST_PRICE = "list price"
    SURVEY = "survey"
    STATUTE = "statute"
    DATA_SHEET = "data sheet"
    MEASURED = "measured"
    ASSUMPTION = "assumption"
    SET = "set by hand"


class Shape(StrEnum):
    """How likely the figures between low and high are.

    A triangle says no more than the three figures do, and leaves more weight near both ends than
    the smooth PERT curve; people who estimate ranges tend to make them too narrow.

    Source: GAO, Cost Estimating and Assessment Guide (GAO-20-195G, 03/2020), on three-point
    estimates, for the triangle; D. G. Malcolm et al., Operations Research 7 (1959), for PERT.
    """

    TRIANGLE = "triangle"
    PERT = "PERT"


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """A price, or a quantity such as minutes a day.

    Attributes:
        item: its name.
        description: what it is, in words.
        low: no less than this is expected.
        likely: the single most likely figure.
        high: no more than this is expected.
        currency: ISO 4217's code, such as GBP; empty for a quantity.
        unit: what a price is for, such as ``a user a month``, or what a quantity counts, such as
            ``hours a server a year``.
        dated: when it held: YYYY, YYYY-MM or YYYY-MM-DD.
        sources: keys of sources; none where the basis is an assumption.
        basis: what it rests on.

    Raises:
        CostError: when the figures aren't in order, a unit isn't known, or a source is missing.
    """

    item: str
    description: str
    low: float
    likely: float
    high: float
    currency: str
    unit: str
    dated: str
    sources: tuple[str, ...]
    basis: Basis

    def __post_init__(self) -> None:
        figures = (self.low, self.likely, self.high)
        if not all(isfinite(figure) for figure in figures):
            raise CostError(f"{self.item}: a figure is a finite number; not {figures}.")
        if self.low < 0 and self.unit != _RATE:
            raise CostError(f"{self.item}: what is counted or paid is 0 or more; not {self.low}.")
        if not self.low <= self.likely <= self.high:
            raise CostError(f"{self.item}: low, likely and high come in this order; not {figures}.")
        if self.currency and not (self.currency.isalpha() and self.currency.isupper()):
            raise CostError(
                f"{self.item}: a currency is a code of ISO 4217, such as GBP; "
                f"not {self.currency!r}."
            )
        if self.currency:
            check_price_unit(self.unit)
        else:
            check_quantity_unit(self.unit)
        self._check_origin()

    @property
    def is_price(self) -> bool:
        """Whether it is money."""
        return bool(self.currency)

    def at(self, share: Values, shape: Shape = Shape.TRIANGLE) -> Values:
        """Return the figures that these shares of all cases stay below.

        Args:
            share: 0 to 1 for each case.
            shape: how likely the figures between low and high are.

        >>> minutes = Assumption(
        ...     item="minutes-outgoing", description="", low=5, likely=10, high=25, currency="",
        ...     unit="minutes a user a working day", dated="2026", sources=(),
        ...     basis=Basis.ASSUMPTION,
        ... )
        >>> minutes.at(np.array([0, 0.25, 1]))
        array([ 5., 10., 25.])
        """
        span = self.high - self.low
        if span == 0:
            return np.full_like(share, self.likely)
        mode = (self.likely - self.low) / span
        if shape is Shape.PERT:
            from scipy.special import betaincinv  # noqa: PLC0415 - heavy, and seldom asked for

            rising = 1 + _PERT_WEIGHT * mode
            falling = 1 + _PERT_WEIGHT * (1 - mode)
            return self.low + span * np.asarray(betaincinv(rising, falling, share))
        left = np.sqrt(share * mode)
        right = 1 - np.sqrt((1 - share) * (1 - mode))
        return self.low + span * np.where(share < mode, left, right)

    def fixed(self, figure: float) -> "Assumption":
        """Return the same with this figure and no range.

        Raises:
            CostError: when the figure can't be.
        """
        return replace(self, low=figure, likely=figure, high=figure, sources=(), basis=Basis.SET)

    def _check_origin(self) -> None:
        try:
            date.fromisoformat(self.dated + _DATE_FORMS[len(self.dated)])
        except (KeyError, ValueError):
            raise CostError(
                f"{self.item}: a date is YYYY, YYYY-MM or YYYY-MM-DD; not {self.dated!r}."
            ) from None
        if not self.sources and self.basis not in {Basis.ASSUMPTION, Basis.SET}:
            raise CostError(f"{self.item}: a figure by {self.basis} names its source.")
