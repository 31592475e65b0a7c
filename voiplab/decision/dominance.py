"""Alternatives that no weighting can make win."""

from dataclasses import dataclass

import numpy as np

from voiplab.decision.matrix import Matrix
from voiplab.decision.weights import Weights

_NOTHING = 1e-9  # points: what the linear programme's arithmetic leaves


@dataclass(frozen=True)
class BestCase:
    """What would have to be important for an alternative to look its best.

    Attributes:
        alternative: which one.
        weights: those by which it does best against the best of the others.
        lead: by how much it is then before it, in points: 0 when it can only draw level, negative
            when it is still behind.
    """

    alternative: str
    weights: Weights
    lead: float

    @property
    def can_win(self) -> bool:
        """Whether there are weights by which it is better than all others."""
        return self.lead > _NOTHING


def best_case(matrix: Matrix, alternative: str) -> BestCase:
    """Find the weights by which an alternative does best against the best of the others.

    A linear programme: the greatest lead t such that, by some weights, the alternative is worth
    at least t more than each other one.

    Args:
        matrix: the scores, of which the likely ones count.
        alternative: which one.

    Raises:
        DecisionError: when there is no such alternative.

    >>> matrix = Matrix.of({
    ...     "own": {"price": 9, "work": 1},
    ...     "hosted": {"price": 1, "work": 9},
    ...     "in between": {"price": 4, "work": 4},
    ... })
    >>> best_case(matrix, "own").can_win, best_case(matrix, "in between").can_win
    (True, False)
    >>> best_case(matrix, "in between").lead
    -1.0
    """
    from scipy.optimize import linprog  # noqa: PLC0415 - heavy: loaded when it is asked

    own = np.array([score.likely for score in matrix[alternative].values()])
    others = np.array(
        [
            row
            for name, row in zip(matrix.alternatives, matrix.likely, strict=True)
            if name != alternative
        ]
    ).reshape(-1, len(own))
    if not len(others):
        return BestCase(alternative, Weights.equal(matrix.criteria), float(own.mean()))
    # The variables are the shares and t; t + (other - own) · shares <= 0 for each other one.
    solution = linprog(
        np.append(np.zeros(len(own)), -1),
        A_ub=np.column_stack([others - own, np.ones(len(others))]),
        b_ub=np.zeros(len(others)),
        A_eq=[np.append(np.ones(len(own)), 0)],
        b_eq=[1],
        bounds=[(0, 1)] * len(own) + [(None, None)],
    )
    shares = np.clip(solution.x[:-1], 0, None)
    weights = Weights.of(dict(zip(matrix.criteria, shares.tolist(), strict=True)))
    return BestCase(alternative, weights, round(float(solution.x[-1]), 9) + 0.0)  # and no -0.0


def never_first(matrix: Matrix) -> tuple[str, ...]:
    """Return the alternatives that no weighting can make win, with the likely scores.

    One that another beats, or equals, by each criterion is one of them; so may be one that is
    second best by each.
    """
    return tuple(name for name in matrix.alternatives if not best_case(matrix, name).can_win)


def dominated_by(matrix: Matrix, alternative: str) -> tuple[str, ...]:
    """Return the alternatives that are nowhere worse than one, and somewhere better.

    >>> matrix = Matrix.of({"old": {"price": 3, "work": 5}, "new": {"price": 4, "work": 5}})
    >>> dominated_by(matrix, "old"), dominated_by(matrix, "new")
    (('new',), ())
    """
    own = np.array([score.likely for score in matrix[alternative].values()])
    return tuple(
        name
        for name, row in zip(matrix.alternatives, matrix.likely, strict=True)
        if (row >= own).all() and (row > own).any()
    )
