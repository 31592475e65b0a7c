"""Which design wins for how many users."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from voiplab.costs.comparison import LEVELS, compare
from voiplab.costs.cost import cost_of
from voiplab.costs.design import Design
from voiplab.costs.office import Office
from voiplab.costs.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

FEWEST_USERS: Final = 5
MOST_USERS: Final = 5000
_SIZES_TRIED: Final = 40

SHARES: Final = (0.1, 0.5, 0.9)
"""The shares of cases that a break-even is told for."""


def office_sizes(count: int, fewest: int = FEWEST_USERS, most: int = MOST_USERS) -> list[int]:
    """Return numbers of users from few to many, evenly on a logarithmic scale.

    >>> office_sizes(4)
    [5, 50, 500, 5000]
    """
    return [int(users) for users in np.unique(np.geomspace(fewest, most, count).round())]


def cost_by_users(
    designs: Sequence[Design], users: Iterable[int], office: Office, scenario: Scenario
) -> "pd.DataFrame":
    """Return what each design costs offices of different sizes.

    Args:
        designs: which ways to have telephones.
        users: how many users the offices have.
        office: what else they are like.
        scenario: drawn cases, for bands and probabilities.

    Returns:
        A row a size and design: users, design, likely (each assumption at its likely value), low,
        middle, high (5, 50 and 95 % of the cases stay below), all a user a month; cheapest: the
        share of cases in which no other design costs less.

    Raises:
        CostError: when an item is missing that a design needs.
    """
    import pandas as pd  # noqa: PLC0415 - heavy: loaded when a table is wanted

    likely = scenario.assumptions.likely()
    rows = []
    for size in users:
        at = replace(office, users=size)
        drawn = np.array([cost_of(each, at, scenario).per_user_month for each in designs])
        cheapest = drawn.argmin(axis=0)
        for position, each in enumerate(designs):
            expected = cost_of(each, at, likely).per_user_month.item()
            band = np.quantile(drawn[position], LEVELS)
            share = float(np.mean(cheapest == position))
            rows.append((size, each.name, expected, *band, share))
    columns = ["users", "design", "likely", "low", "middle", "high", "cheapest"]
    return pd.DataFrame(rows, columns=columns)


@dataclass(frozen=True)
class BreakEven:
    """The size at which one design begins to be cheaper than another.

    Attributes:
        likely: the number of users from which on it is, with each assumption at its likely value.
        low: where it is cheaper in 10 % of the cases.
        middle: in half of them.
        high: in 90 % of them. None, for each, where no size from 5 to 5,000 users does it.
    """

    likely: int | None
    low: int | None
    middle: int | None
    high: int | None


def break_even(one: Design, other: Design, office: Office, scenario: Scenario) -> BreakEven:
    """Return from how many users on one design is cheaper than another.

    Costs go in steps (a server more, a channel more), so sizes may lie beyond where the other is
    cheaper once again: what is returned is the last size at which the lead changes hands, found
    among sizes from 5 to 5,000 users and narrowed down to a user.

    Args:
        one: the design that is cheaper for many users.
        other: the one that is cheaper for few.
        office: what the offices are like.
        scenario: drawn cases.

    Raises:
        CostError: when an item is missing that one of them needs.
    """
    likely = scenario.assumptions.likely()

    @cache
    def share_at(users: int) -> float:
        return compare(one, other, replace(office, users=users), scenario).probability_cheaper

    def leads(users: int) -> bool:
        return compare(one, other, replace(office, users=users), likely).difference.item() < 0

    def leads_in(share: float) -> Callable[[int], bool]:
        return lambda users: share_at(users) >= share

    low, middle, high = (_from(leads_in(share)) for share in SHARES)
    return BreakEven(_from(leads), low, middle, high)


def _from(holds: Callable[[int], bool]) -> int | None:
    """Return the size from which on it holds, as far as the sizes tried tell."""
    sizes = office_sizes(_SIZES_TRIED)
    if not holds(sizes[-1]):
        return None
    beyond = sizes[-1]
    for size in reversed(sizes[:-1]):
        if not holds(size):
            return _narrowed(holds, size, beyond)
        beyond = size
    return beyond


def _narrowed(holds: Callable[[int], bool], fails_at: int, holds_at: int) -> int:
    while holds_at - fails_at > 1:
        middle = (fails_at + holds_at) // 2
        if holds(middle):
            holds_at = middle
        else:
            fails_at = middle
    return holds_at
