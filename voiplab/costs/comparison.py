"""Two designs for the same office, case by case."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from voiplab.costs.cost import Cost, cost_of
from voiplab.costs.design import Design
from voiplab.costs.office import Office
from voiplab.costs.scenario import Scenario
from voiplab.costs.values import Values
from voiplab.errors import CostError

LEVELS: Final = (0.05, 0.5, 0.95)
"""What a band goes from, its middle, and what it goes to: nine cases of ten lie in it."""


@dataclass(frozen=True)
class Comparison:
    """What one design costs more than another, in the same cases.

    Attributes:
        one: a design's cost.
        other: another's.

    Raises:
        CostError: when they are costs of different offices, or in different cases.
    """

    one: Cost
    other: Cost

    def __post_init__(self) -> None:
        if self.one.office != self.other.office or self.one.scenario is not self.other.scenario:
            raise CostError("Costs of different offices, or in different cases, don't compare.")

    @property
    def difference(self) -> Values:
        """How much more the one costs in each case, a user a month; under 0 where it is cheaper."""
        return self.one.per_user_month - self.other.per_user_month

    @property
    def probability_cheaper(self) -> float:
        """The share of cases in which the one costs less than the other."""
        return float(np.mean(self.difference < 0))

    @property
    def band(self) -> tuple[float, float, float]:
        """What the difference is at the levels of :data:`LEVELS`."""
        low, middle, high = np.quantile(self.difference, LEVELS)
        return float(low), float(middle), float(high)


def compare(one: Design, other: Design, office: Office, scenario: Scenario) -> Comparison:
    """Compare two designs on the same cases: prices that both pay are the same for both.

    Args:
        one: a design.
        other: another.
        office: who gets telephones.
        scenario: one case, or many.

    Raises:
        CostError: when an item is missing that one of them needs.
    """
    return Comparison(cost_of(one, office, scenario), cost_of(other, office, scenario))
