"""Who wins, and how much that is worth: in sentences."""

from dataclasses import dataclass

from voiplab.decision.acceptability import Acceptability, acceptability
from voiplab.decision.matrix import Matrix
from voiplab.decision.ranking import Ranking, rank
from voiplab.decision.tipping import Tipping, tipping_points
from voiplab.decision.weights import Weights

_SOLID, _FAIR = 0.8, 0.5
_WORTH_NAMING = 0.005
_LEVEL = 0.05  # points: what one decimal shows as 0


@dataclass(frozen=True)
class Verdict:
    """The winner by some weights, and how robust that is.

    Attributes:
        ranking: by these weights.
        near: how often each came first by weights near these, the scores drawn from their ranges.
        nearest: the smallest change of one weight that makes another win; None when there is none.
    """

    ranking: Ranking
    near: Acceptability
    nearest: Tipping | None

    @property
    def share(self) -> float:
        """The share of weightings near these by which the winner comes first."""
        return self.near.first[self.ranking.winner]

    @property
    def robustness(self) -> str:
        """``solid`` from 80 % of the weightings near these, ``fair`` from 50 %, else ``weak``."""
        if self.share >= _SOLID:
            return "solid"
        return "fair" if self.share >= _FAIR else "weak"

    def __str__(self) -> str:
        """Three sentences: who wins, how often near these weights, and what would change it."""
        ranking = self.ranking
        first = f"{ranking.winner} comes first with {ranking.ranked[0].worth:.1f} of 10"
        if ranking.runner_up is not None:
            first += (
                f", {ranking.lead:.1f} before {ranking.runner_up}"
                if ranking.lead >= _LEVEL
                else f", as good as level with {ranking.runner_up}"
            )
        near = f"It is first in {100 * self.share:.0f} % of all weightings near yours"
        rival = max(
            (name for name in self.near.first if name != ranking.winner),
            key=self.near.first.__getitem__,
            default=None,
        )
        if rival is not None and self.near.first[rival] >= _WORTH_NAMING:
            near += f" ({rival} in {100 * self.near.first[rival]:.0f} %)"
        tips = (
            f"{self.nearest}."
            if self.nearest is not None
            else "No change of a single weight makes another win."
        )
        return f"{first}. {near}: {self.robustness}. {tips}"


def judge(matrix: Matrix, weights: Weights) -> Verdict:
    """Rank by some weights, and say how robust the winner is.

    Args:
        matrix: the scores.
        weights: of the same criteria.

    Raises:
        DecisionError: when the weights are of other criteria.

    >>> matrix = Matrix.of({"own": {"price": 9, "work": 1}, "hosted": {"price": 3, "work": 8}})
    >>> print(judge(matrix, Weights.of({"price": 7, "work": 3})))
    own comes first with 6.6 of 10, 2.1 before hosted. It is first in 87 % of all weightings near \
yours (hosted in 13 %): solid. hosted wins once price counts for less than 54 % (now 70 %).
    """
    tips = tipping_points(matrix, weights)
    return Verdict(
        rank(matrix, weights), acceptability(matrix, near=weights), tips[0] if tips else None
    )
