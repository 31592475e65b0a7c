"""A provider's service, paid by the user."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np

from voiplab.costs.common import hours_once, internet, porting, telephones, training, yearly_hours
from voiplab.costs.demand import Demand, Destination
from voiplab.costs.flow import Flow
from voiplab.costs.office import Office
from voiplab.costs.part import Part
from voiplab.costs.scenario import Scenario
from voiplab.costs.unit import MONTH_YEARS

_NO_DISCOUNT_USERS: Final = 10
_FULL_DISCOUNT_USERS: Final = 1000


@dataclass(frozen=True, kw_only=True)
class Hosted:
    """A hosted service with calls at home included.

    Attributes:
        softphones: headsets and programs in place of telephones on desks.
        seat: the item whose price is paid for each user.
    """

    softphones: bool = False
    seat: str = "hosted-seat-standard"

    @property
    def name(self) -> str:
        """What tables and figures call it."""
        return "hosted service, softphones" if self.softphones else "hosted service"

    def flows(self, office: Office, scenario: Scenario) -> Iterator[Flow]:
        """Yield all that is paid for, as :class:`voiplab.costs.Design` says."""
        demand = Demand.of(office, scenario)
        yield from self._seats(office, scenario, demand)
        yield from telephones(office, scenario, softphones=self.softphones)
        yield from internet(office, scenario, demand.hosted_calls)
        yield from self._people(office, scenario)

    def _seats(self, office: Office, scenario: Scenario, demand: Demand) -> Iterator[Flow]:
        discount = scenario["hosted-volume-discount"] * discount_share(office.users)
        yield scenario.pay(
            Part.LICENCES, self.seat, office.users * (1 - discount),
            counted_by=("hosted-volume-discount",), why="seats, less the discount",
        )  # fmt: skip
        minutes = demand.minutes_per_month
        at_home = minutes[Destination.GEOGRAPHIC] + minutes[Destination.MOBILE]
        beyond = np.maximum(0.0, at_home - office.users * scenario["hosted-included-minutes"])
        yield scenario.pay(
            Part.CALLS, "sip-minute-mobile", beyond, every_years=MONTH_YEARS,
            counted_by=("minutes-outgoing", "hosted-included-minutes"),
            why="minutes a month beyond those included",
        )  # fmt: skip
        yield scenario.pay(
            Part.CALLS, "hosted-minute-international",
            minutes[Destination.EU] + minutes[Destination.US], every_years=MONTH_YEARS,
            counted_by=("minutes-outgoing", "share-international"), why="minutes a month",
        )  # fmt: skip

    def _people(self, office: Office, scenario: Scenario) -> Iterator[Flow]:
        yield scenario.pay(Part.MIGRATION, "hosted-setup", office.users, why="by the provider")
        yield porting(office, scenario)
        yield scenario.pay(
            Part.MIGRATION, "contractor-day", scenario["hosted-installation-days"],
            counted_by=("hosted-installation-days",), why="days: planned, set up, tested",
        )  # fmt: skip
        yield hours_once(scenario, "hosted-migration-hours", office.users, why="each user moved")
        yield training(office, scenario)
        yield yearly_hours(scenario, "hosted-operation-hours", 1, why="accounts, bills, changes")
        yield yearly_hours(scenario, "hosted-admin-hours", office.users, why="moves, adds, changes")


def discount_share(users: int) -> float:
    """Return how much of the discount for a thousand users so many get: 0 to 1.

    None up to 10 users, all of it from 1,000 on, evenly by the logarithm between: providers agree
    on it and don't publish it.

    >>> discount_share(10), round(discount_share(100), 2), discount_share(5000)
    (0.0, 0.5, 1.0)
    """
    over = log(max(1, users) / _NO_DISCOUNT_USERS)
    return min(1.0, max(0.0, over / log(_FULL_DISCOUNT_USERS / _NO_DISCOUNT_USERS)))
