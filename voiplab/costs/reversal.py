"""What would turn a conclusion round."""

from typing import TYPE_CHECKING, Final

import numpy as np

from voiplab.costs.assumption import Assumption
from voiplab.costs.assumptions import Assumptions
from voiplab.costs.comparison import compare
from voiplab.costs.design import Design
from voiplab.costs.office import Office

if TYPE_CHECKING:
    import pandas as pd

_FIGURES_TRIED: Final = 200
_TIMES_HIGH: Final = 10
_UNDER_LIKELY: Final = 100
_FRACTION: Final = "fraction"


def reversals(
    one: Design, other: Design, office: Office, assumptions: Assumptions
) -> "pd.DataFrame":
    """Return for each assumption the figure at which the cheaper design changes, all others likely.

    Figures are tried from 0 (a quantity: a hundredth of the likely one) to ten times the high one
    (a fraction: to 1); of several at which the lead changes hands, the nearest to the likely one
    counts.

    Args:
        one: a design.
        other: another.
        office: who gets telephones.
        assumptions: the ranges.

    Returns:
        A row for each assumption that can do it: item, low, likely, high, unit, turns_at, within
        (whether that lies in the range), times (turns_at over the likely figure); those within the
        range first, and the nearest to the likely figure first.

    Raises:
        CostError: when an item is missing that one of them needs.
    """
    import pandas as pd  # noqa: PLC0415 - heavy: loaded when a table is wanted

    rows = []
    for each in assumptions.values():
        turns_at = _turning_point(one, other, office, assumptions, each)
        if turns_at is not None:
            within = each.low <= turns_at <= each.high
            times = turns_at / each.likely if each.likely else np.inf
            figures = (each.low, each.likely, each.high, each.unit)
            rows.append((each.item, *figures, turns_at, within, times))
    columns = ["item", "low", "likely", "high", "unit", "turns_at", "within", "times"]
    table = pd.DataFrame(rows, columns=columns)
    distance = np.abs(np.log(table["times"].astype(float).clip(1e-6, 1e6)))
    order = table.assign(distance=distance).sort_values(
        ["within", "distance"], ascending=[False, True]
    )
    return order.drop(columns="distance").reset_index(drop=True)


def _turning_point(
    one: Design, other: Design, office: Office, assumptions: Assumptions, each: Assumption
) -> float | None:
    from scipy.optimize import brentq  # noqa: PLC0415 - heavy, and nothing else here wants it

    case = assumptions.likely()

    def difference(figure: float) -> float:
        return compare(one, other, office, case.vary(each.item, [figure])).difference.item()

    most = 1.0 if each.unit.startswith(_FRACTION) else _TIMES_HIGH * each.high
    # Something may be free, but no call lasts for no time, and no telephone.
    least = 0.0 if each.is_price else each.likely / _UNDER_LIKELY
    tried = np.linspace(least, most, _FIGURES_TRIED)
    signs = np.sign(compare(one, other, office, case.vary(each.item, tried)).difference)
    found = [
        float(brentq(difference, tried[left], tried[left + 1]))
        for left in np.flatnonzero(signs[:-1] * signs[1:] < 0)
    ]
    return min(found, key=lambda figure: abs(figure - each.likely), default=None)
