"""What each assumption does to a comparison, one at a time."""

from typing import TYPE_CHECKING, Final

from voiplab.costs.assumptions import Assumptions
from voiplab.costs.comparison import compare
from voiplab.costs.design import Design
from voiplab.costs.office import Office

if TYPE_CHECKING:
    import pandas as pd

_NOTHING: Final = 1e-9  # of a currency's unit


def tornado(one: Design, other: Design, office: Office, assumptions: Assumptions) -> "pd.DataFrame":
    """Return how the difference of two designs moves with each assumption alone.

    Each goes to its low and to its high value with all others at their likely one. What two
    assumptions do together doesn't show: see the drawn cases for that.

    Args:
        one: a design.
        other: another.
        office: who gets telephones.
        assumptions: the ranges.

    Returns:
        A row for each assumption that moves anything, the one that moves most first: item, low,
        likely, high, unit, at_low, at_likely, at_high (what the one costs more than the other, a
        user a month), swing (between the ends).

    Raises:
        CostError: when an item is missing that one of them needs.
    """
    import pandas as pd  # noqa: PLC0415 - heavy: loaded when a table is wanted

    case = assumptions.likely()
    rows = []
    for each in assumptions.values():
        ends = case.vary(each.item, [each.low, each.likely, each.high])
        at_low, at_likely, at_high = compare(one, other, office, ends).difference.tolist()
        swing = max(at_low, at_likely, at_high) - min(at_low, at_likely, at_high)
        figures = (each.low, each.likely, each.high, each.unit, at_low, at_likely, at_high)
        rows.append((each.item, *figures, swing))
    columns = ["item", "low", "likely", "high", "unit", "at_low", "at_likely", "at_high", "swing"]
    table = pd.DataFrame(rows, columns=columns)
    moved = table[table["swing"] > _NOTHING]
    return moved.sort_values("swing", ascending=False, kind="stable").reset_index(drop=True)


def explain_movers(
    table: "pd.DataFrame", *, one: str, other: str, currency: str, count: int = 3
) -> list[str]:
    """Return a sentence on each of the assumptions that move a comparison most.

    Args:
        table: as :func:`tornado` returns.
        one: what is compared.
        other: with what.
        currency: what the table is in.
        count: how many sentences.
    """
    return [
        f"{row['item']} ({row['low']:g} to {row['high']:g} {row['unit']}): "
        f"at {row['low']:g}, {_dearer(row['at_low'], one, other, currency)}; "
        f"at {row['high']:g}, {_dearer(row['at_high'], one, other, currency)}. By itself it "
        f"{'decides' if row['at_low'] * row['at_high'] < 0 else 'does not change'} "
        "which is cheaper."
        for row in table.head(count).to_dict("records")
    ]


def _dearer(difference: float, one: str, other: str, currency: str) -> str:
    dear = one if difference > 0 else other
    return f"{dear} is dearer by {abs(difference):.2f} {currency} a user a month"
