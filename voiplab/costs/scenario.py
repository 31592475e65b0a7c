"""A figure for each assumption: one case, or many drawn ones."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from voiplab.costs.flow import Flow
from voiplab.costs.part import Part
from voiplab.costs.unit import period_years
from voiplab.costs.values import Values
from voiplab.errors import CostError

if TYPE_CHECKING:
    from voiplab.costs.assumptions import Assumptions


class Scenario:
    """What each assumption is taken for, case by case.

    Args:
        assumptions: where the items come from.
        figures: for each item, its figure in each case.
    """

    def __init__(self, assumptions: "Assumptions", figures: Mapping[str, Values]) -> None:
        self._assumptions = assumptions
        self._figures = dict(figures)

    @property
    def assumptions(self) -> "Assumptions":
        """Where the items come from."""
        return self._assumptions

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return max((len(values) for values in self._figures.values()), default=1)

    def __getitem__(self, item: str) -> Values:
        """Return an item's figure in each case.

        Raises:
            CostError: when there is no such item.
        """
        if item not in self._figures:
            self._assumptions.check({item: None})
        return self._figures[item]

    def vary(self, item: str, figures: "Values | list[float]") -> "Scenario":
        """Return a case for each of these figures of one item, with all others as they are.

        Args:
            item: what changes.
            figures: what it changes to.

        Raises:
            CostError: when there is no such item, or there are many cases already.
        """
        if self.cases != 1:
            raise CostError(f"One case can be varied; these are {self.cases}.")
        self._assumptions.check({item: None})
        changed = np.asarray(figures, dtype=np.float64)
        others = {name: np.repeat(values, len(changed)) for name, values in self._figures.items()}
        return Scenario(self._assumptions, {**others, item: changed})

    def pay(  # noqa: PLR0913 - each is a column of the table that explains a cost
        self,
        part: Part,
        item: str,
        quantity: "Values | float",
        *,
        every_years: "Values | float | None" = None,
        counted_by: tuple[str, ...] = (),
        why: str = "",
    ) -> Flow:
        """Return what is paid for so many of an item.

        Args:
            part: what it counts towards.
            item: whose price is paid.
            quantity: how many, each time.
            every_years: how often, in years; None for as often as the price's unit says, and for
                once where it doesn't.
            counted_by: the items that the quantity follows from.
            why: how the quantity comes about, in words.

        Raises:
            CostError: when the item isn't known, or its unit says another period.
        """
        price = self[item]
        unit = self._assumptions[item].unit
        said = period_years(unit)
        if said is not None and every_years is not None and np.any(every_years != np.float64(said)):
            raise CostError(f"{item} is a price {unit!r}: it can't fall due at other times.")
        every = np.inf if every_years is None else every_years
        ones = np.ones(self.cases)
        return Flow(
            part=part,
            item=item,
            quantity=ones * quantity,
            price=ones * price,
            every_years=ones * (every if said is None else said),
            counted_by=counted_by,
            why=why,
        )
