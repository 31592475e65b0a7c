"""Rules that make a score of a fact, so that nobody has to like the result."""

from math import log

from voiplab.decision.score import BEST, Basis, Score
from voiplab.errors import DecisionError


def score_between(  # noqa: PLR0913 - all but the ends are named
    worst: float,
    best: float,
    *,
    low: float,
    likely: float,
    high: float,
    logarithmic: bool = False,
    reason: str = "",
) -> Score:
    """Score a quantity by where it lies between the worst that one would bear and the best.

    Halfway between them scores 5. What lies beyond either end scores 0 or 10.

    Args:
        worst: the quantity that scores 0; it may be the greater of the two, as a price's is.
        best: the quantity that scores 10.
        low: the least that the quantity may be.
        likely: what it probably is.
        high: the most that it may be.
        logarithmic: whether each doubling counts the same, as for numbers of users: from 10 to 20
            is then as far as from 1,000 to 2,000. All quantities must be positive.
        reason: the facts.

    Raises:
        DecisionError: when the ends are the same, the quantities not in rising order, or not
            positive though the scale is logarithmic.

    >>> score_between(40, 0, low=10, likely=20, high=30, reason="USD a month")
    Score(5, 2.5 to 7.5)
    >>> score_between(10, 100_000, low=1000, likely=1000, high=1e6, logarithmic=True)
    Score(5, 5 to 10)
    """
    if worst == best:
        raise DecisionError(f"Both ends of the scale are {worst:g}: give two that differ.")
    if not low <= likely <= high:
        raise DecisionError(f"{low:g}, {likely:g}, {high:g} don't rise: give low, likely, high.")
    if logarithmic:
        if min(worst, best, low) <= 0:
            raise DecisionError("A logarithmic scale has positive quantities only.")
        worst, best, low, likely, high = (log(each) for each in (worst, best, low, likely, high))
    least, middle, most = sorted(
        min(max((each - worst) / (best - worst), 0.0), 1.0) * BEST for each in (low, likely, high)
    )
    return Score(least, middle, most, Basis.RULE, reason)
