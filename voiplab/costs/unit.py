"""What a price is for, and what a quantity counts."""

from typing import Final

from voiplab.errors import CostError

MONTH_YEARS: Final = 1 / 12
YEAR_YEARS: Final = 1.0

_PERIODS: Final = {"month": MONTH_YEARS, "year": YEAR_YEARS}
_SPELLS: Final = (*_PERIODS, "working day")
_THINGS: Final = {
    *("call", "channel", "day", "EUR", "gateway", "headset", "hour", "incident", "kWh", "line"),
    *("minute", "move", "number", "office", "phone", "point", "port", "range", "server"),
    *("session", "system", "UPS", "USD", "user", "VM"),
}
_COUNTS: Final = {
    *("channels", "days", "factor", "fraction", "hours", "incidents", "kbit/s", "Mbit/s"),
    *("minutes", "moves", "users", "W", "years"),
}


def check_price_unit(unit: str) -> None:
    """Refuse what no price is for; ``a user a month`` is one.

    Raises:
        CostError: when a word isn't known.

    >>> check_price_unit("a user a month")
    >>> check_price_unit("per seat")
    Traceback (most recent call last):
    voiplab.errors.CostError: A price is 'a user a month', 'a phone' or the like; not 'per seat'.
    """
    if not unit.startswith(("a ", "an ")) or not _all_known(f" {unit}"):
        raise CostError(f"A price is 'a user a month', 'a phone' or the like; not {unit!r}.")


def check_quantity_unit(unit: str) -> None:
    """Refuse what no quantity counts; ``minutes a user a working day`` is one.

    Raises:
        CostError: when a word isn't known.

    >>> check_quantity_unit("hours a server a year")
    >>> check_quantity_unit("dozens")
    Traceback (most recent call last):
    voiplab.errors.CostError: A quantity is 'hours a user a year', 'W a phone' or the like; \
not 'dozens'.
    """
    count, space, rest = unit.partition(" ")
    if count not in _COUNTS or not _all_known(space + rest):
        raise CostError(
            f"A quantity is 'hours a user a year', 'W a phone' or the like; not {unit!r}."
        )


def period_years(unit: str) -> float | None:
    """Return how often a price of this unit falls due, in years; None when that isn't said.

    >>> period_years("a server a year"), period_years("a phone")
    (1.0, None)
    """
    return next((years for name, years in _PERIODS.items() if unit.endswith(f"a {name}")), None)


def _all_known(words: str) -> bool:
    """Tell whether it is made of `` a thing`` and `` a month`` alone."""
    things = words.replace(" an ", " a ").split(" a ")
    return not things[0] and all(
        thing in _THINGS or (thing in _SPELLS and place == len(things) - 1)
        for place, thing in enumerate(things[1:], start=1)
    )
