"""Alternatives in the order that weights give them."""

from collections.abc import Mapping
from dataclasses import dataclass

from voiplab.decision.matrix import Matrix
from voiplab.decision.weights import Weights
from voiplab.errors import DecisionError

_DECIMALS = 9  # what differs by less differs by rounding


@dataclass(frozen=True)
class Ranked:
    """An alternative and what it is worth.

    Attributes:
        alternative: its name.
        parts: what each criterion adds to its worth: share times score.
    """

    alternative: str
    parts: Mapping[str, float]

    @property
    def worth(self) -> float:
        """The weighted sum of its scores, from 0 to 10."""
        return sum(self.parts.values())


@dataclass(frozen=True)
class Ranking:
    """Alternatives from best to worst.

    Attributes:
        weights: what they were weighed with.
        ranked: the alternatives; of two that are worth the same, the matrix's first comes first.
    """

    weights: Weights
    ranked: tuple[Ranked, ...]

    def __repr__(self) -> str:
        return ", ".join(f"{each.alternative} {each.worth:.2f}" for each in self.ranked)

    def __getitem__(self, alternative: str) -> Ranked:
        for each in self.ranked:
            if each.alternative == alternative:
                return each
        raise DecisionError(f"There is no alternative {alternative!r} in this ranking.")

    @property
    def winner(self) -> str:
        """The best."""
        return self.ranked[0].alternative

    @property
    def runner_up(self) -> str | None:
        """The second best, if there is one."""
        return self.ranked[1].alternative if len(self.ranked) > 1 else None

    @property
    def lead(self) -> float:
        """By how much the best is before the second best, in points."""
        if len(self.ranked) == 1:
            return self.ranked[0].worth
        return self.ranked[0].worth - self.ranked[1].worth


def rank(matrix: Matrix, weights: Weights) -> Ranking:
    """Rank alternatives by the weighted sum of their likely scores.

    Source: Keeney and Raiffa, Decisions with Multiple Objectives (1976), chapter 3: the additive
    value function, which asks that what one criterion is worth doesn't depend on the others.

    Args:
        matrix: the scores.
        weights: of the same criteria.

    Raises:
        DecisionError: when the weights are of other criteria.

    >>> matrix = Matrix.of({"own": {"price": 9, "work": 2}, "hosted": {"price": 4, "work": 9}})
    >>> rank(matrix, Weights.equal(matrix.criteria))
    hosted 6.50, own 5.50
    >>> rank(matrix, Weights.of({"price": 3, "work": 1})).winner
    'own'
    """
    shares = matrix.shares_of(weights)
    ranked = [
        Ranked(name, dict(zip(matrix.criteria, (row * shares).tolist(), strict=True)))
        for name, row in zip(matrix.alternatives, matrix.likely, strict=True)
    ]
    return Ranking(weights, tuple(sorted(ranked, key=lambda each: -round(each.worth, _DECIMALS))))
