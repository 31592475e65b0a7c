"""How far one weight may move before another alternative wins."""

from dataclasses import dataclass
from itertools import pairwise

from voiplab.decision.matrix import Matrix
from voiplab.decision.ranking import rank
from voiplab.decision.weights import Weights

_DECIMALS = 9  # what differs by less differs by rounding


@dataclass(frozen=True)
class Stretch:
    """A range of one criterion's share in which one alternative is first.

    Attributes:
        start: the least share of it, from 0.
        end: the greatest one, up to 1.
        winner: who is first.
    """

    start: float
    end: float
    winner: str


@dataclass(frozen=True)
class Tipping:
    """A share of one criterion at which the winner changes.

    Attributes:
        criterion: whose share moves; the others keep their proportions.
        now: what it is.
        at: where the winner changes.
        winner: who wins beyond.
    """

    criterion: str
    now: float
    at: float
    winner: str

    @property
    def change(self) -> float:
        """How far it is: negative when the criterion would have to count for less."""
        return self.at - self.now

    def __str__(self) -> str:
        """What would have to change, in a clause.

        >>> str(Tipping("price", now=0.3, at=0.18, winner="hosted"))
        'hosted wins once price counts for less than 18 % (now 30 %)'
        """
        way = "less" if self.change < 0 else "more"
        return (
            f"{self.winner} wins once {self.criterion} counts for {way} than "
            f"{100 * self.at:.0f} % (now {100 * self.now:.0f} %)"
        )


def winners_along(matrix: Matrix, weights: Weights, criterion: str) -> tuple[Stretch, ...]:
    """Return who is first while one criterion's share goes from 0 to 1.

    The others keep their proportions, so the worth of each alternative is a straight line over
    the share, and the winners are the upper envelope of those lines: exact, nothing is searched.

    Args:
        matrix: the scores, of which the likely ones count.
        weights: of the same criteria.
        criterion: whose share moves.

    Returns:
        The stretches from 0 to 1, one after the other.

    Raises:
        DecisionError: when there is no such criterion, or the weights are of others.

    >>> matrix = Matrix.of({"own": {"price": 8, "work": 2}, "hosted": {"price": 4, "work": 8}})
    >>> for each in winners_along(matrix, Weights.equal(matrix.criteria), "price"):
    ...     print(f"{each.winner} from {each.start:.2f} to {each.end:.2f}")
    hosted from 0.00 to 0.60
    own from 0.60 to 1.00
    """
    at_0, at_1 = _ends(matrix, weights, criterion)
    winner = max(matrix.alternatives, key=lambda name: (at_0[name], at_1[name]))
    stretches, start = [], 0.0
    while True:
        overtaking = [
            (behind / (behind + gain), -gain, name)
            for name in matrix.alternatives
            if (behind := at_0[winner] - at_0[name]) > 0 and (gain := at_1[name] - at_1[winner]) > 0
        ]
        if not overtaking:
            break
        end, _, name = min(overtaking)
        if end > start:
            stretches.append(Stretch(start, end, winner))
        start, winner = end, name
    stretches.append(Stretch(start, 1.0, winner))
    return tuple(stretches)


def _ends(
    matrix: Matrix, weights: Weights, criterion: str
) -> tuple[dict[str, float], dict[str, float]]:
    """What each alternative is worth where a criterion counts for nothing, and for all."""
    without, alone = (
        rank(matrix, weights.with_share(criterion, share))
        if len(matrix.criteria) > 1
        else rank(matrix, weights)
        for share in (0.0, 1.0)
    )
    return (
        {each.alternative: round(each.worth, _DECIMALS) for each in without.ranked},
        {each.alternative: round(each.worth, _DECIMALS) for each in alone.ranked},
    )


def tipping_points(matrix: Matrix, weights: Weights) -> tuple[Tipping, ...]:
    """Return where the winner changes when one share moves and the others keep their proportions.

    Args:
        matrix: the scores.
        weights: of the same criteria.

    Returns:
        For each criterion the nearest such share below and above what it is now; the smallest
        change first.

    >>> matrix = Matrix.of({"own": {"price": 8, "work": 2}, "hosted": {"price": 4, "work": 8}})
    >>> for each in tipping_points(matrix, Weights.equal(matrix.criteria)):
    ...     print(each)
    own wins once price counts for more than 60 % (now 50 %)
    own wins once work counts for less than 40 % (now 50 %)
    """
    found = []
    for criterion in matrix.criteria:
        now = weights[criterion]
        stretches = winners_along(matrix, weights, criterion)
        for before, after in pairwise(stretches):
            if before.start <= now <= before.end:
                found.append(Tipping(criterion, now, after.start, after.winner))
            if after.start < now <= after.end:
                found.append(Tipping(criterion, now, before.end, before.winner))
    return tuple(sorted(found, key=lambda each: abs(each.change)))
