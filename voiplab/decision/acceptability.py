"""How much of all that one may think important speaks for an alternative."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voiplab.decision.matrix import Matrix
from voiplab.decision.weights import Weights
from voiplab.errors import DecisionError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

NEAR = 2.0
"""By what factor, at most, each weight is more or less in weightings called near."""

_TIE = 1e-9  # points: what is no closer is decided by lot


@dataclass(frozen=True)
class Acceptability:
    """How often each alternative came where, over many weightings.

    Attributes:
        ranks: for each alternative, the share of weightings by which it was first, second, …
        central: for each alternative that was ever first, the average of the weights by which it
            was: whom it suits.
        samples: how many weightings were tried.
    """

    ranks: Mapping[str, tuple[float, ...]]
    central: Mapping[str, Weights]
    samples: int

    def __repr__(self) -> str:
        firsts = sorted(self.first.items(), key=lambda each: -each[1])
        return ", ".join(f"{name} {share:.0%}" for name, share in firsts).replace("%", " %")

    @property
    def first(self) -> dict[str, float]:
        """For each alternative, the share of weightings by which it came first."""
        return {name: shares[0] for name, shares in self.ranks.items()}

    def error(self, alternative: str) -> float:
        """Return the standard error of the share of first places, which chance leaves in it."""
        share = self.ranks[alternative][0]
        return float(np.sqrt(share * (1 - share) / self.samples))

    def central_table(self) -> "pd.DataFrame":
        """Return whom each alternative suits: its central weights in %, a row an alternative."""
        import pandas as pd  # noqa: PLC0415 - heavy: loaded when a table is wanted

        table = pd.DataFrame({name: dict(each.shares) for name, each in self.central.items()}).T
        return (100 * table).round().astype(int)


def acceptability(  # noqa: PLR0913 - all but the matrix are named
    matrix: Matrix,
    *,
    near: Weights | None = None,
    factor: float = NEAR,
    ranges: bool = True,
    samples: int = 20_000,
    seed: int = 7,
) -> Acceptability:
    """Try many weightings at random, and count how often each alternative comes where.

    Without `near`, all weightings are equally probable. With it, each weight is these weights'
    times something between 1/factor and factor (each doubling as probable as the next): what
    counts for nothing goes on counting for nothing.

    Source: Lahdelma, Hokkanen and Salminen, SMAA: stochastic multiobjective acceptability
    analysis (1998), for acceptability and central weights; Lahdelma and Salminen, SMAA-2 (2001),
    for all ranks.

    Args:
        matrix: the scores.
        near: weights to stay near; None for all.
        factor: how far from these weights: 1 tries only them.
        ranges: whether scores are drawn from their ranges (triangular: low, likely, high) anew
            each time; else they are the likely ones.
        samples: how many weightings to try.
        seed: what chance is drawn from.

    Raises:
        DecisionError: when factor or samples can't be, or weights are of other criteria.

    >>> matrix = Matrix.of({"own": {"price": 8, "work": 2}, "hosted": {"price": 4, "work": 8}})
    >>> found = acceptability(matrix, samples=50_000)
    >>> round(found.first["hosted"], 2)  # while price counts for less than 6/(6 + 4)
    0.6
    """
    if not 1 <= factor < float("inf"):
        raise DecisionError(f"Weights can't be near by a factor of {factor}: give 1 or more.")
    if samples < 1:
        raise DecisionError(f"{samples} weightings can't be tried: give 1 or more.")
    chance = np.random.default_rng(seed)
    if near is None:
        weights = chance.dirichlet(np.ones(len(matrix.criteria)), samples)
    else:
        shares = matrix.shares_of(near)
        weights = shares * factor ** chance.uniform(-1, 1, (samples, len(shares)))
        weights /= weights.sum(axis=1, keepdims=True)
    if ranges:
        worth = np.einsum("nac,nc->na", _drawn(matrix, samples, chance), weights)
    else:
        worth = weights @ matrix.likely.T
    order = np.argsort(-(worth + _TIE * chance.random(worth.shape)), axis=1)
    return _counted(matrix, weights, order)


def _drawn(matrix: Matrix, samples: int, chance: np.random.Generator) -> "NDArray[np.float64]":
    """Scores drawn from triangles, by the inverse of their distribution; a point stays a point."""
    low, likely, high = matrix.low, matrix.likely, matrix.high
    u = chance.random((samples, *likely.shape))
    span = high - low
    rising = low + np.sqrt(u * span * (likely - low))
    falling = high - np.sqrt((1 - u) * span * (high - likely))
    return np.where(u * span < likely - low, rising, falling)


def _counted(
    matrix: Matrix, weights: "NDArray[np.float64]", order: "NDArray[np.intp]"
) -> Acceptability:
    ranks, central = {}, {}
    for place, name in enumerate(matrix.alternatives):
        ranks[name] = tuple((order == place).mean(axis=0).tolist())
        won = weights[order[:, 0] == place]
        if len(won):
            central[name] = Weights.of(
                dict(zip(matrix.criteria, won.mean(axis=0).tolist(), strict=True))
            )
    return Acceptability(ranks, central, len(order))
