"""Units of prices and quantities."""

import pytest

from voiplab.costs.unit import check_price_unit, check_quantity_unit, period_years
from voiplab.errors import CostError


@pytest.mark.parametrize(
    ("unit", "years"),
    [
        ("a user a month", 1 / 12),
        ("a month", 1 / 12),
        ("a server a year", 1),
        ("a VM a month", 1 / 12),
        ("an hour", None),
        ("an incident", None),
        ("a kWh", None),
    ],
)
def test_prices_and_when_they_fall_due(unit: str, years: float | None) -> None:
    check_price_unit(unit)
    assert period_years(unit) == years


@pytest.mark.parametrize(
    "unit", ["", "month", "a", "a ", "a user month", "a user per month", "a month a user", "a seat"]
)
def test_what_is_no_price(unit: str) -> None:
    with pytest.raises(CostError) as refusal:
        check_price_unit(unit)
    assert (
        str(refusal.value) == f"A price is 'a user a month', 'a phone' or the like; not {unit!r}."
    )


@pytest.mark.parametrize(
    "unit",
    [
        "channels",
        "fraction a year",
        "hours an office a year",
        "minutes a user a working day",
        "W a phone",
        "users a system",
        "days a year",
    ],
)
def test_quantities(unit: str) -> None:
    check_quantity_unit(unit)


@pytest.mark.parametrize("unit", ["", "dozens", "hours per user", "W phone", "hours a year a user"])
def test_what_is_no_quantity(unit: str) -> None:
    with pytest.raises(CostError, match="A quantity is 'hours a user a year', 'W a phone'"):
        check_quantity_unit(unit)
