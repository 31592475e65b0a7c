"""What a design costs an office over the years: the total cost of ownership."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voiplab.costs.design import Design
from voiplab.costs.flow import Flow, discounted_payments, payments
from voiplab.costs.office import Office
from voiplab.costs.part import Part
from voiplab.costs.scenario import Scenario
from voiplab.costs.unit import MONTH_YEARS
from voiplab.costs.values import Values
from voiplab.errors import CostError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Cost:
    """All that is paid for a design in the years of a study, case by case.

    Attributes:
        design: its name.
        office: for whom.
        scenario: what each assumption was taken for.
        flows: all that is paid for.
    """

    design: str
    office: Office
    scenario: Scenario
    flows: tuple[Flow, ...]

    @property
    def currency(self) -> str:
        """The currency of all figures."""
        return self.scenario.assumptions.currency

    @property
    def total(self) -> Values:
        """All that is paid, not discounted."""
        return self._sum([flow.total(self.office.years) for flow in self.flows])

    @property
    def present_value(self) -> Values:
        """What all of it is worth at the start, by the scenario's discount-rate."""
        return self._sum([self._present_value(flow) for flow in self.flows])

    @property
    def per_user_month(self) -> Values:
        """The even monthly payment a user that is worth as much as all that is paid."""
        return self.present_value / self._user_months

    def by_part(self) -> dict[Part, Values]:
        """Return what each part comes to, as an even monthly payment a user."""
        return {
            part: self._sum([self._present_value(flow) for flow in self.flows if flow.part is part])
            / self._user_months
            for part in Part
        }

    def table(self) -> "pd.DataFrame":
        """Return a row for each thing that is paid for, in the one case of the scenario.

        Returns:
            The columns part, item, quantity (each time), why (how it comes about), price, unit,
            times (how often it is paid), total (in all years), per_user_month and sources: those of
            the price, and of what the quantity follows from. What isn't needed is left out.

        Raises:
            CostError: when many cases were drawn: none of them is *the* one.
        """
        import pandas as pd  # noqa: PLC0415 - heavy: loaded when a table is wanted

        if self.scenario.cases != 1:
            raise CostError(
                f"{self.scenario.cases} cases have no one table: take that of the likely case, "
                "assumptions.likely()."
            )
        years = self.office.years
        rows = [
            (
                flow.part.value,
                flow.item,
                flow.quantity.item(),
                flow.why,
                flow.price.item(),
                self.scenario.assumptions[flow.item].unit,
                int(payments(years, flow.every_years).item()),
                flow.total(years).item(),
                (self._present_value(flow) / self._user_months).item(),
                self._sources(flow),
            )
            for flow in sorted(self.flows, key=lambda flow: list(Part).index(flow.part))
            if flow.quantity.item()
        ]
        columns = ["part", "item", "quantity", "why", "price", "unit", "times", "total"]
        return pd.DataFrame(rows, columns=[*columns, "per_user_month", "sources"])

    @property
    def _user_months(self) -> Values:
        """What a payment of 1 a month for each user is worth at the start."""
        month = np.full(self.scenario.cases, MONTH_YEARS)
        rate = self.scenario["discount-rate"]
        return self.office.users * discounted_payments(self.office.years, month, rate)

    def _present_value(self, flow: Flow) -> Values:
        return flow.present_value(self.office.years, self.scenario["discount-rate"])

    def _sum(self, amounts: list[Values]) -> Values:
        return sum(amounts, start=np.zeros(self.scenario.cases))

    def _sources(self, flow: Flow) -> str:
        items = (flow.item, *flow.counted_by)
        found = [self.scenario.assumptions[item].sources or ("assumption",) for item in items]
        return ", ".join(dict.fromkeys(key for keys in found for key in keys))


def cost_of(design: Design, office: Office, scenario: Scenario) -> Cost:
    """Return what a design costs an office.

    Args:
        design: how it gets telephones.
        office: who gets them.
        scenario: ``assumptions.likely()``, or cases drawn by ``assumptions.draw(…)``.

    Raises:
        CostError: when an item is missing that the design needs.
    """
    return Cost(design.name, office, scenario, tuple(design.flows(office, scenario)))
