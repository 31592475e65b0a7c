"""Money that is paid once, or again and again."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from voiplab.costs.part import Part
from voiplab.costs.values import Values

_WHOLE: Final = 1e-9  # twelve twelfths of a year are a year
_NO_RATE: Final = 1e-12  # less than that discounts nothing, and can't be divided by


def payments(years: float, every_years: Values) -> Values:
    """Return how often something is paid that falls due at the start of each of its periods.

    Args:
        years: how long the study lasts.
        every_years: the period in years; infinite for what is paid once.

    >>> payments(5, np.array([np.inf, 7, 3, 1, 1 / 12]))
    array([ 1.,  1.,  2.,  5., 60.])
    """
    return np.maximum(1.0, np.ceil(years / every_years - _WHOLE))


def discounted_payments(years: float, every_years: Values, rate: Values) -> Values:
    """Return what payments of 1 are worth at the start, each discounted to there.

    Source: the present value of an annuity-due, the sum over k of 1 / (1 + rate) ** (k x period);
    HM Treasury, The Green Book, annex on discounting.

    Args:
        years: how long the study lasts.
        every_years: the period in years; infinite for what is paid once.
        rate: the discount rate, a fraction a year.

    >>> discounted_payments(2, np.array([np.inf, 1.0]), np.array([0.1, 0.1])).round(4)
    array([1.    , 1.9091])
    >>> discounted_payments(5, np.array([1 / 12]), np.array([0.0]))
    array([60.])
    """
    times = payments(years, every_years)
    once = times == 1
    # A single payment is not discounted, however far the next one would be.
    period = np.where(once, 1.0, every_years)
    per_period = -np.expm1(-period * np.log1p(rate))
    over_all = -np.expm1(-period * times * np.log1p(rate))
    free = (rate < _NO_RATE) | once
    return np.where(free, times, over_all / np.where(free, 1.0, per_period))


@dataclass(frozen=True, kw_only=True)
class Flow:
    """One thing that money is paid for.

    Attributes:
        part: what it counts towards.
        item: the item whose price is paid.
        quantity: how many of it, each time.
        price: for one.
        every_years: how often, at the start of each period; infinite for once.
        counted_by: the items that the quantity follows from.
        why: how the quantity comes about, in words.
    """

    part: Part
    item: str
    quantity: Values
    price: Values
    every_years: Values
    counted_by: tuple[str, ...] = ()
    why: str = ""

    @property
    def amount(self) -> Values:
        """What is paid each time."""
        return self.quantity * self.price

    def total(self, years: float) -> Values:
        """Return all that is paid in so many years, not discounted."""
        return self.amount * payments(years, self.every_years)

    def present_value(self, years: float, rate: Values) -> Values:
        """Return what all of it is worth at the start."""
        return self.amount * discounted_payments(years, self.every_years, rate)
