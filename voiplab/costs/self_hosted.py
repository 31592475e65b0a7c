"""An Asterisk of one's own, and SIP trunks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from voiplab.costs.common import (
    energy,
    hours_once,
    internet,
    porting,
    telephones,
    training,
    ups,
    yearly_hours,
)
from voiplab.costs.demand import TRAFFIC_ITEMS, Demand
from voiplab.costs.flow import Flow
from voiplab.costs.office import Office
from voiplab.costs.part import Part
from voiplab.costs.scenario import Scenario
from voiplab.costs.unit import MONTH_YEARS, YEAR_YEARS

_SERVERS: Final = {"small": 50, "medium": 500, "large": 5000}
"""How many users a server of each size serves."""

_USERS_PER_VM: Final = 500
_SIZED: Final = (*TRAFFIC_ITEMS, "blocking-target")


@dataclass(frozen=True, kw_only=True)
class SelfHosted:
    """Asterisk on servers of one's own, or rented ones, and SIP trunks.

    Attributes:
        rented: whether the servers are rented in a cloud.
        softphones: headsets and programs in place of telephones on desks.
        spare: whether a second server stands ready.
        supported: whether support is paid for, beside one's own staff.
    """

    rented: bool = False
    softphones: bool = False
    spare: bool = True
    supported: bool = False

    @property
    def name(self) -> str:
        """What tables and figures call it."""
        options = (
            ("rented server", self.rented),
            ("softphones", self.softphones),
            ("no spare", not self.spare),
            ("with support", self.supported),
        )
        return ", ".join(
            ["self-hosted Asterisk", *(option for option, chosen in options if chosen)]
        )

    def flows(self, office: Office, scenario: Scenario) -> Iterator[Flow]:
        """Yield all that is paid for, as :class:`voiplab.costs.Design` says."""
        demand = Demand.of(office, scenario)
        servers = self.servers(office)
        yield from self._servers(office, scenario, servers)
        yield from telephones(office, scenario, softphones=self.softphones)
        yield from self._trunks(office, scenario, demand)
        at_once = demand.hosted_calls if self.rented else demand.channels
        yield from internet(office, scenario, at_once)
        yield from self._people(office, scenario, servers)

    def servers(self, office: Office) -> int:
        """Return how many servers there are, with the spare one.

        >>> SelfHosted().servers(Office(users=50))
        2
        """
        capacity = _USERS_PER_VM if self.rented else _SERVERS["large"]
        return -(-office.users // capacity) + self.spare

    def _servers(self, office: Office, scenario: Scenario, servers: int) -> Iterator[Flow]:
        if self.rented:
            yield scenario.pay(
                Part.EQUIPMENT, "vm-month", servers, why="servers, one of them spare"
            )
        else:
            size = _size(office.users)
            yield scenario.pay(
                Part.EQUIPMENT, f"server-{size}", servers, every_years=scenario["life-server"],
                counted_by=("life-server",), why="one to work, one spare" if self.spare else "",
            )  # fmt: skip
            yield ups(scenario, 1, why="the servers live through a power cut")
            yield energy(scenario, servers, f"power-server-{size}", why="servers", cooled=True)
        yield scenario.pay(Part.LICENCES, "asterisk-licence", 1, why="free software")
        if self.supported:
            yield scenario.pay(Part.MAINTENANCE, "asterisk-support", servers, why="servers")

    def _trunks(self, office: Office, scenario: Scenario, demand: Demand) -> Iterator[Flow]:
        yield scenario.pay(
            Part.LINES, "sip-channel-rental", demand.channels, counted_by=_SIZED,
            why="channels by Erlang B",
        )  # fmt: skip
        yield scenario.pay(
            Part.LINES, "sip-channel-setup", demand.channels, counted_by=_SIZED, why="once"
        )
        yield scenario.pay(Part.LINES, "sip-ddi-rental", office.users, why="a number a user")
        for where, minutes in demand.minutes_per_month.items():
            yield scenario.pay(
                Part.CALLS, f"sip-minute-{where}", minutes, every_years=MONTH_YEARS,
                counted_by=("minutes-outgoing", "working-days"), why="minutes a month",
            )  # fmt: skip

    def _people(self, office: Office, scenario: Scenario, servers: int) -> Iterator[Flow]:
        yield porting(office, scenario)
        yield scenario.pay(
            Part.MIGRATION, "contractor-day", scenario["asterisk-installation-days"],
            counted_by=("asterisk-installation-days",), why="days: designed, installed, tested",
        )  # fmt: skip
        yield hours_once(scenario, "asterisk-migration-hours", office.users, why="each user moved")
        yield training(office, scenario)
        at_work = servers - self.spare + self.spare * scenario["spare-server-hours"]
        yield yearly_hours(
            scenario,
            "asterisk-operation-hours",
            at_work,
            why="updates, backups, monitoring, security; a part of it for the spare",
        )
        yield yearly_hours(
            scenario, "asterisk-admin-hours", office.users, why="moves, adds, changes"
        )
        yield scenario.pay(
            Part.SECURITY, "security-incident-cost", scenario["security-incident-rate"],
            every_years=YEAR_YEARS, counted_by=("security-incident-rate",),
            why="expected incidents a year",
        )  # fmt: skip


def _size(users: int) -> str:
    return next((size for size, most in _SERVERS.items() if users <= most), "large")
