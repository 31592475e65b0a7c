"""Lines of the public telephone network, and a PBX of one's own."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from voiplab.costs.common import HOURS_PER_DAY, energy, hours_once, training, ups, yearly_hours
from voiplab.costs.demand import TRAFFIC_ITEMS, Demand
from voiplab.costs.flow import Flow
from voiplab.costs.office import Office
from voiplab.costs.part import Part
from voiplab.costs.scenario import Scenario
from voiplab.costs.unit import MONTH_YEARS
from voiplab.costs.values import Values

_SIZED = (*TRAFFIC_ITEMS, "blocking-target")


@dataclass(frozen=True)
class TraditionalLines:
    """ISDN lines and a traditional PBX.

    Lines are ISDN2, two channels each, as long as fewer channels are needed than the smallest
    ISDN30 has; then ISDN30.
    """

    @property
    def name(self) -> str:
        """What tables and figures call it."""
        return "traditional lines and PBX"

    def flows(self, office: Office, scenario: Scenario) -> Iterator[Flow]:
        """Yield all that is paid for, as :class:`voiplab.costs.Design` says."""
        demand = Demand.of(office, scenario)
        yield from self._lines(office, scenario, demand)
        yield from self._calls(scenario, demand)
        yield from self._pbx(office, scenario, demand)
        yield from self._running(office, scenario)

    def _lines(self, office: Office, scenario: Scenario, demand: Demand) -> Iterator[Flow]:
        smallest = scenario["isdn30-minimum-channels"]
        small = demand.channels < smallest
        pairs = np.where(small, np.ceil(demand.channels / 2), 0)
        channels = np.where(small, 0, demand.channels)
        for item, quantity in (
            ("isdn2-channel-rental", 2 * pairs),
            ("isdn30-channel-rental", channels),
        ):
            yield scenario.pay(
                Part.LINES, item, quantity, counted_by=_SIZED, why="channels by Erlang B"
            )
        if not office.pbx_there:
            for item, quantity in (("isdn2-connection", pairs), ("isdn30-connection", channels)):
                yield scenario.pay(
                    Part.LINES, item, quantity, counted_by=_SIZED, why="new lines, once"
                )
        yield scenario.pay(Part.LINES, "isdn-ddi-rental", office.users, why="a number a user")

    def _calls(self, scenario: Scenario, demand: Demand) -> Iterator[Flow]:
        yield scenario.pay(
            Part.CALLS, "pstn-call-setup", demand.calls_per_month, every_years=MONTH_YEARS,
            counted_by=("minutes-outgoing", "working-days", "call-length"),
            why="outgoing calls a month",
        )  # fmt: skip
        for where, minutes in demand.minutes_per_month.items():
            yield scenario.pay(
                Part.CALLS, f"pstn-minute-{where}", minutes, every_years=MONTH_YEARS,
                counted_by=("minutes-outgoing", "working-days"), why="minutes a month",
            )  # fmt: skip

    def _pbx(self, office: Office, scenario: Scenario, demand: Demand) -> Iterator[Flow]:
        systems = _systems(office, scenario)
        bought = (
            ("pbx-base", systems, ("pbx-users-a-system",), "systems"),
            ("pbx-port", office.users, (), "one a user"),
            ("pbx-trunk-card", demand.channels, _SIZED, "one a channel"),
        )
        capital = sum(scenario[item] * count for item, count, _, _ in bought)
        yield scenario.pay(
            Part.MAINTENANCE, "pbx-maintenance", capital, counted_by=("pbx-base", "pbx-port"),
            why="of what the PBX costs new",
        )  # fmt: skip
        if office.pbx_there:
            return
        for item, count, counted_by, why in bought:
            yield scenario.pay(
                Part.EQUIPMENT, item, count, every_years=scenario["life-pbx"],
                counted_by=(*counted_by, "life-pbx"), why=why,
            )  # fmt: skip
        yield scenario.pay(
            Part.EQUIPMENT, "digital-handset", office.users, every_years=scenario["life-pbx"],
            counted_by=("life-pbx",), why="one a user",
        )  # fmt: skip
        if not office.telephone_wiring_there:
            yield scenario.pay(
                Part.EQUIPMENT, "structured-cabling", office.users, why="a second outlet a desk"
            )
        yield ups(scenario, 1, why="the PBX lives through a power cut")
        yield scenario.pay(Part.MIGRATION, "pbx-installation", office.users, why="each extension")
        yield hours_once(
            scenario, "pbx-installation-days", HOURS_PER_DAY, why="beside the installer"
        )
        yield training(office, scenario)

    def _running(self, office: Office, scenario: Scenario) -> Iterator[Flow]:
        systems = _systems(office, scenario)
        users = office.users
        yield yearly_hours(scenario, "pbx-operation-hours", systems, why="looking after the PBX")
        yield yearly_hours(scenario, "pbx-admin-hours", users, why="moves, adds, changes")
        yield energy(scenario, systems, "power-pbx-base", why="PBX", cooled=True)
        yield energy(scenario, users, "power-pbx-port", why="PBX ports", cooled=True)
        yield energy(scenario, users, "power-digital-phone", why="telephones")


def _systems(office: Office, scenario: Scenario) -> Values:
    return np.ceil(office.users / scenario["pbx-users-a-system"])
