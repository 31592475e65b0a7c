"""How much each criterion counts."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isclose, isfinite
from pathlib import Path
from types import MappingProxyType

from voiplab.errors import DecisionError

_ROUNDING = 1e-9  # what floating-point sums leave


@dataclass(frozen=True)
class Weights:
    """How much each criterion counts: shares that sum to 1.

    Attributes:
        shares: by criterion.

    Raises:
        DecisionError: when a share is negative, or they don't sum to 1.

    >>> Weights.of({"price": 3, "features": 1})
    Weights(price 75 %, features 25 %)
    """

    shares: Mapping[str, float]

    def __post_init__(self) -> None:
        wrong = [name for name, share in self.shares.items() if not 0 <= share <= 1 + _ROUNDING]
        if wrong or not isclose(sum(self.shares.values()), 1, abs_tol=_ROUNDING):
            raise DecisionError(
                f"{dict(self.shares)} are no weights: shares lie between 0 and 1 and sum to 1. "
                "Weights.of() makes such of any points."
            )
        object.__setattr__(self, "shares", MappingProxyType(dict(self.shares)))

    def __repr__(self) -> str:
        return f"Weights({', '.join(f'{name} {self[name]:.0%}' for name in self)})".replace(
            "%", " %"
        )

    def __getitem__(self, criterion: str) -> float:
        try:
            return self.shares[criterion]
        except KeyError:
            raise DecisionError(
                f"There is no criterion {criterion!r}: there are {', '.join(self.shares)}."
            ) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.shares)

    @classmethod
    def of(cls, points: Mapping[str, float]) -> "Weights":
        """Make shares of points.

        Args:
            points: how much each criterion counts, in any unit.

        Raises:
            DecisionError: when points are negative, or all of them 0.
        """
        total = sum(points.values())
        if not all(isfinite(each) and each >= 0 for each in points.values()) or total <= 0:
            raise DecisionError(
                f"{dict(points)} can't be made into weights: give points of 0 or more, and at "
                "least one criterion some."
            )
        return cls({name: each / total for name, each in points.items()})

    @classmethod
    def equal(cls, criteria: Iterable[str]) -> "Weights":
        """Return weights by which all criteria count the same.

        >>> Weights.equal(["price", "features"])
        Weights(price 50 %, features 50 %)
        """
        return cls.of(dict.fromkeys(criteria, 1.0))

    def with_share(self, criterion: str, share: float) -> "Weights":
        """Return weights of which one is another; the others keep their proportions.

        Where the others were all 0, they get equal shares.

        Args:
            criterion: which one.
            share: what it becomes, from 0 to 1.

        Raises:
            DecisionError: when there is no such criterion, or no such share.

        >>> Weights.of({"price": 2, "features": 1, "work": 1}).with_share("price", 0.2)
        Weights(price 20 %, features 40 %, work 40 %)
        """
        if not 0 <= share <= 1:
            raise DecisionError(f"A share of {share} can't be: give one from 0 to 1.")
        rest = 1 - self[criterion]
        others = {name: each for name, each in self.shares.items() if name != criterion}
        if not others and share != 1:
            raise DecisionError(f"{criterion!r} is the only criterion: its share is 1.")
        scale = {
            name: each / rest if rest > 0 else 1 / len(others) for name, each in others.items()
        }
        return Weights(
            {name: share if name == criterion else (1 - share) * scale[name] for name in self}
        )


def read_profiles(path: Path | str) -> dict[str, Weights]:
    """Read the weights of several kinds of organisation.

    Args:
        path: a CSV file with the columns ``profile``, ``criterion`` and ``points``.

    Returns:
        Weights by profile, in the file's order.

    Raises:
        DecisionError: when the file is missing, a column is, or points are no numbers.
    """
    points: dict[str, dict[str, float]] = {}
    try:
        with Path(path).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                points.setdefault(row["profile"], {})[row["criterion"]] = float(row["points"])
    except (OSError, KeyError, ValueError) as error:
        raise DecisionError(
            f"{path} holds no profiles ({type(error).__name__}: {error}): it needs the columns "
            "profile, criterion, points."
        ) from error
    return {name: Weights.of(each) for name, each in points.items()}
