"""What several designs pay for: telephones, access to the internet, energy, people's time."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from voiplab.costs.demand import MONTHS_PER_YEAR, TRAFFIC_ITEMS, mbit_per_s
from voiplab.costs.flow import Flow
from voiplab.costs.office import Office
from voiplab.costs.part import Part
from voiplab.costs.scenario import Scenario
from voiplab.costs.unit import MONTH_YEARS, YEAR_YEARS
from voiplab.costs.values import Values

HOURS_PER_DAY: Final = 7.5
"""A working day."""

_HOURS_PER_YEAR: Final = 8766
_W_PER_KW: Final = 1000
_NUMBERS_PER_RANGE: Final = 100
_PHONES_PER_UPS: Final = 100
"""Telephones and ports at some 6 W each, from a UPS of 1,500 VA."""


def telephones(office: Office, scenario: Scenario, *, softphones: bool) -> Iterator[Flow]:
    """Yield what IP telephones take: sets or headsets, ports and energy."""
    users = office.users
    life = scenario["life-phone"]
    if softphones:
        yield scenario.pay(
            Part.EQUIPMENT, "headset", users, every_years=life, counted_by=("life-phone",),
            why="one a user",
        )  # fmt: skip
        yield scenario.pay(Part.LICENCES, "softphone-licence", users, why="one a user")
        return
    yield scenario.pay(
        Part.EQUIPMENT, "ip-desk-phone", users, every_years=life, counted_by=("life-phone",),
        why="one a user",
    )  # fmt: skip
    if not office.poe_there:
        yield scenario.pay(
            Part.EQUIPMENT, "poe-switch-port", users, every_years=scenario["life-switch"],
            counted_by=("life-switch",), why="one a telephone",
        )  # fmt: skip
        yield energy(scenario, users, "power-switch-port", why="switch ports")
    yield energy(scenario, users, "power-ip-phone", why="telephones")
    yield ups(scenario, -(-users // _PHONES_PER_UPS), why="telephones live through a power cut")


def ups(scenario: Scenario, count: int, why: str) -> Flow:
    """Return what uninterruptible power supplies cost."""
    return scenario.pay(
        Part.EQUIPMENT, "ups", count, every_years=scenario["life-ups"], counted_by=("life-ups",),
        why=why,
    )  # fmt: skip


def energy(
    scenario: Scenario, count: "Values | float", power: str, *, why: str, cooled: bool = False
) -> Flow:
    """Return what equipment takes that is never switched off.

    Args:
        scenario: where power and prices come from.
        count: how many.
        power: the item that says what one takes, in W.
        why: what it is, in words.
        cooled: whether it stands in a room that is cooled.
    """
    cooling = scenario["cooling-factor"] if cooled else np.ones(1)
    kwh = scenario[power] * count * cooling * _HOURS_PER_YEAR / _W_PER_KW
    return scenario.pay(
        Part.ENERGY, "electricity", kwh, every_years=YEAR_YEARS,
        counted_by=(power, "cooling-factor") if cooled else (power,), why=f"kWh a year: {why}",
    )  # fmt: skip


def internet(office: Office, scenario: Scenario, calls: Values) -> Iterator[Flow]:
    """Yield the access to the internet that is wide enough for so many calls, and its stand-in.

    Calls may take a part of an access' upstream alone, so that they never wait long behind data.

    Args:
        office: whether an access is there already.
        scenario: the widths and prices of accesses.
        calls: at once.
    """
    if office.backup_internet:
        yield scenario.pay(Part.INTERNET, "internet-backup", 1, why="a second access")
    if office.internet_there:
        return
    needed = mbit_per_s(calls) / scenario["voice-share-of-access"]
    counted = (*TRAFFIC_ITEMS, "blocking-target", "voice-share-of-access")
    above = np.zeros_like(needed)
    widths = {
        "internet-sogea": scenario["upstream-sogea"],
        "internet-fttp": scenario["upstream-fttp"],
        "leased-line-100": np.array([100.0]),
        "leased-line-1000": np.array([np.inf]),
    }
    for item, width in widths.items():
        fits = np.where((needed > above) & (needed <= width), 1.0, 0.0)
        yield scenario.pay(
            Part.INTERNET, item, fits, counted_by=counted, why="the smallest that fits"
        )
        above = np.maximum(above, width)


def yearly_hours(scenario: Scenario, item: str, count: "Values | float", *, why: str) -> Flow:
    """Return what the administrators' time costs that is spent each year, paid by the month.

    Args:
        scenario: where hours and their price come from.
        item: the item that says how many hours a year one takes.
        count: of how many.
        why: what is done, in words.
    """
    per_month = scenario[item] * count / MONTHS_PER_YEAR
    return scenario.pay(
        Part.STAFF, "staff-hour", per_month, every_years=MONTH_YEARS, counted_by=(item,), why=why
    )


def hours_once(scenario: Scenario, item: str, count: "Values | float", *, why: str) -> Flow:
    """Return what the administrators' time costs that is spent once.

    Args:
        scenario: where hours and their price come from.
        item: the item that says how many hours one takes.
        count: of how many.
        why: what is done, in words.
    """
    return scenario.pay(
        Part.MIGRATION, "staff-hour", scenario[item] * count, counted_by=(item,), why=why
    )


def training(office: Office, scenario: Scenario) -> Flow:
    """Return what users' time costs while they learn."""
    return scenario.pay(
        Part.MIGRATION, "user-hour", office.users * scenario["training-hours"],
        counted_by=("training-hours",), why="users learn",
    )  # fmt: skip


def porting(office: Office, scenario: Scenario) -> Flow:
    """Return what moving the office's numbers to another provider costs."""
    return scenario.pay(
        Part.MIGRATION, "number-porting-range", -(-office.users // _NUMBERS_PER_RANGE),
        why="a range for each 100 users",
    )  # fmt: skip
