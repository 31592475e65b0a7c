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

NEAR = 0.5
"""The share of the weight that is handed to chance in weightings called near."""

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
    spread: float | None = None,
    ranges: bool = True,
    samples: int = 20_000,
    seed: int = 7,
) -> Acceptability:
    """Try many weightings at random, and count how often each alternative comes where.

    Without `near`, all weightings are equally probable. With it, each of them keeps a part of
    these weights and hands the rest, `spread`, to chance: 0 tries only them, 1 all there are.

    Source: Lahdelma, Hokkanen and Salminen, SMAA: stochastic multiobjective acceptability
    analysis (1998), for acceptability and central weights; Lahdelma and Salminen, SMAA-2 (2001),
    for all ranks.

    Args:
        matrix: the scores.
        near: weights to stay near; None for all.
        spread: the share of the weight that is dealt out at random, from 0 to 1; by default
            a half near weights.
        ranges: whether scores are drawn from their ranges (triangular: low, likely, high) anew
            each time; else they are the likely ones.
        samples: how many weightings to try.
        seed: what chance is drawn from.

    Raises:
        DecisionError: when spread or samples can't be, or weights are of other criteria.

    >>> matrix = Matrix.of({"own": {"price": 8, "work": 2}, "hosted": {"price": 4, "work": 8}})
    >>> found = acceptability(matrix, samples=50_000)
    >>> round(found.first["hosted"], 2)  # while price counts for less than 6/(6 + 4)
    0.6
    """
    spread = (1.0 if near is None else NEAR) if spread is None else spread
    if not 0 <= spread <= 1:
        raise DecisionError(f"A spread of {spread} can't be: give one from 0 to 1.")
    if near is None and spread != 1:
        raise DecisionError("Say which weights to stay near: near=…")
    if samples < 1:
        raise DecisionError(f"{samples} weightings can't be tried: give 1 or more.")
    chance = np.random.default_rng(seed)
    weights = chance.dirichlet(np.ones(len(matrix.criteria)), samples)
    if near is not None:
        weights = (1 - spread) * matrix.shares_of(near) + spread * weights
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
