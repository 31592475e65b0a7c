"""What an office asks of its telephones: minutes, calls at once, channels, bandwidth."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from voiplab.costs.office import Office
from voiplab.costs.scenario import Scenario
from voiplab.costs.values import Values
from voiplab.quality import bandwidth
from voiplab.traffic import busy_hour_erlang, circuits_for

MONTHS_PER_YEAR: Final = 12
CODEC: Final = "PCMA"
"""What speech is reckoned in: G.711, which every trunk takes."""

TRAFFIC_ITEMS: Final = ("minutes-outgoing", "minutes-incoming", "busy-hour-share")
"""The items that the number of channels follows from."""


class Destination(StrEnum):
    """Where calls go that are paid by the minute."""

    GEOGRAPHIC = "geographic"
    MOBILE = "mobile"
    EU = "international-eu"
    US = "international-us"


@dataclass(frozen=True, kw_only=True)
class Demand:
    """The traffic of an office.

    Attributes:
        external_erlang: calls to and from outside in the busy hour.
        channels: what they take at the blocking that is aimed at, by Erlang B.
        hosted_calls: calls at once between the office and a provider that hosts its PBX, at the
            same blocking: those to and from outside, and each call inside twice.
        calls_per_month: outgoing calls.
        minutes_per_month: outgoing minutes to each destination.
    """

    external_erlang: Values
    channels: Values
    hosted_calls: Values
    calls_per_month: Values
    minutes_per_month: dict[Destination, Values]

    @classmethod
    def of(cls, office: Office, scenario: Scenario) -> "Demand":
        """Return what the office asks for in each case.

        What is left of the outgoing minutes, after those to geographic, mobile and international
        numbers, goes to free ones.

        Args:
            office: how many use telephones.
            scenario: the items minutes-outgoing, -incoming and -internal, busy-hour-share,
                blocking-target, working-days, call-length, share-geographic, -mobile,
                -international and -international-us.

        Raises:
            CostError: when one of these items is missing.
            TrafficError: when a figure is one that no traffic has.
        """
        outgoing = office.users * scenario["minutes-outgoing"]
        external = outgoing + office.users * scenario["minutes-incoming"]
        inside = office.users * scenario["minutes-internal"]
        share, blocking = scenario["busy-hour-share"], scenario["blocking-target"]
        erlang = busy_hour_erlang(external, share)
        hosted_erlang = busy_hour_erlang(external + 2 * inside, share)
        per_month = outgoing * scenario["working-days"] / MONTHS_PER_YEAR
        return cls(
            external_erlang=erlang,
            channels=circuits_for(erlang, blocking).astype(np.float64),
            hosted_calls=circuits_for(hosted_erlang, blocking).astype(np.float64),
            calls_per_month=per_month / scenario["call-length"],
            minutes_per_month={
                where: per_month * part for where, part in _shares(scenario).items()
            },
        )


def mbit_per_s(calls: Values) -> Values:
    """Return what so many calls take of an Ethernet in each direction, in Mbit/s.

    >>> mbit_per_s(np.array([10.0]))
    array([0.872])
    """
    return calls * (bandwidth(CODEC).kbit_per_s / 1000)


def _shares(scenario: Scenario) -> dict[Destination, Values]:
    geographic, mobile = scenario["share-geographic"], scenario["share-mobile"]
    international, to_us = scenario["share-international"], scenario["share-international-us"]
    # Shares drawn independently may add up to more than all: then they are scaled down to it.
    scale = 1 / np.maximum(1.0, geographic + mobile + international)
    return {
        Destination.GEOGRAPHIC: geographic * scale,
        Destination.MOBILE: mobile * scale,
        Destination.EU: international * (1 - to_us) * scale,
        Destination.US: international * to_us * scale,
    }
