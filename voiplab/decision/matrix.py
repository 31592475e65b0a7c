"""Alternatives by criteria: what a decision is made of."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from voiplab.decision.score import Basis, Score
from voiplab.decision.weights import Weights
from voiplab.errors import DecisionError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Matrix:
    """A decision matrix: each alternative has a score by each criterion.

    Attributes:
        scores: by alternative, then by criterion.

    Raises:
        DecisionError: when there is nothing to choose from, or a score is missing.

    >>> matrix = Matrix.of({"own": {"price": 9, "work": 2}, "hosted": {"price": 4, "work": 9}})
    >>> matrix.alternatives, matrix.criteria
    (('own', 'hosted'), ('price', 'work'))
    """

    scores: Mapping[str, Mapping[str, Score]]

    def __post_init__(self) -> None:
        if not self.scores or not self.criteria:
            raise DecisionError("A decision needs an alternative and a criterion at least.")
        for alternative, row in self.scores.items():
            differing = set(self.criteria) ^ set(row)
            if differing:
                raise DecisionError(
                    f"{alternative!r} and {self.alternatives[0]!r} are not scored by the same "
                    f"criteria: only one of them has {', '.join(sorted(differing))}."
                )
        rows = {
            name: MappingProxyType({criterion: row[criterion] for criterion in self.criteria})
            for name, row in self.scores.items()
        }
        object.__setattr__(self, "scores", MappingProxyType(rows))

    def __repr__(self) -> str:
        return f"<Matrix of {len(self.alternatives)} alternatives by {len(self.criteria)} criteria>"

    @classmethod
    def of(cls, scores: Mapping[str, Mapping[str, float]]) -> "Matrix":
        """Return a matrix of exact scores.

        Args:
            scores: from 0 to 10, by alternative, then by criterion.
        """
        return cls(
            {
                alternative: {name: Score.exactly(each) for name, each in row.items()}
                for alternative, row in scores.items()
            }
        )

    @classmethod
    def read(cls, path: Path | str) -> "Matrix":
        """Read a matrix from a CSV file, a row a score.

        Args:
            path: a file with the columns ``alternative``, ``criterion``, ``low``, ``likely``,
                ``high``, ``basis`` and ``reason``.

        Raises:
            DecisionError: when the file is missing, or a row is no score.
        """
        scores: dict[str, dict[str, Score]] = {}
        try:
            with Path(path).open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    scores.setdefault(row["alternative"], {})[row["criterion"]] = Score(
                        float(row["low"]),
                        float(row["likely"]),
                        float(row["high"]),
                        Basis(row["basis"]),
                        row["reason"],
                    )
        except (OSError, KeyError, ValueError) as error:
            raise DecisionError(
                f"{path} holds no scores ({type(error).__name__}: {error}): it needs the columns "
                "alternative, criterion, low, likely, high, basis, reason."
            ) from error
        return cls(scores)

    @property
    def alternatives(self) -> tuple[str, ...]:
        """What there is to choose from."""
        return tuple(self.scores)

    @property
    def criteria(self) -> tuple[str, ...]:
        """What it is judged by."""
        return tuple(next(iter(self.scores.values())))

    def __getitem__(self, alternative: str) -> Mapping[str, Score]:
        try:
            return self.scores[alternative]
        except KeyError:
            raise DecisionError(
                f"There is no alternative {alternative!r}: there are "
                f"{', '.join(self.alternatives)}."
            ) from None

    def with_criterion(self, criterion: str, scores: Mapping[str, Score]) -> "Matrix":
        """Return the matrix with one more criterion, or with one replaced.

        Args:
            criterion: its name.
            scores: by alternative.

        Raises:
            DecisionError: when an alternative is missing.
        """
        missing = [name for name in self.alternatives if name not in scores]
        if missing:
            raise DecisionError(f"No {criterion!r} was given for {', '.join(missing)}.")
        return Matrix({name: {**row, criterion: scores[name]} for name, row in self.scores.items()})

    def without(self, *alternatives: str) -> "Matrix":
        """Return the matrix without some alternatives.

        Raises:
            DecisionError: when there is no such alternative, or none is left.
        """
        for each in alternatives:
            self[each]
        return Matrix({name: row for name, row in self.scores.items() if name not in alternatives})

    @cached_property
    def likely(self) -> "NDArray[np.float64]":
        """The scores themselves, a row an alternative and a column a criterion."""
        return self._array("likely")

    @cached_property
    def low(self) -> "NDArray[np.float64]":
        """The lower ends of the ranges, as :attr:`likely`."""
        return self._array("low")

    @cached_property
    def high(self) -> "NDArray[np.float64]":
        """The upper ends of the ranges, as :attr:`likely`."""
        return self._array("high")

    def _array(self, which: str) -> "NDArray[np.float64]":
        found = np.array(
            [[getattr(score, which) for score in row.values()] for row in self.scores.values()],
            dtype=np.float64,
        )
        found.flags.writeable = False
        return found

    def shares_of(self, weights: Weights) -> "NDArray[np.float64]":
        """Return weights in the order of the criteria.

        Raises:
            DecisionError: when they are of other criteria.
        """
        differing = set(weights.shares) ^ set(self.criteria)
        if differing:
            raise DecisionError(
                f"Weights and matrix have not the same criteria: only one of them has "
                f"{', '.join(sorted(differing))}."
            )
        return np.array([weights[name] for name in self.criteria], dtype=np.float64)

    def table(self) -> "pd.DataFrame":
        """Return the scores with their ranges, a row an alternative."""
        import pandas as pd  # noqa: PLC0415 - heavy: loaded when a table is wanted

        return pd.DataFrame(
            {
                criterion: {name: str(row[criterion]) for name, row in self.scores.items()}
                for criterion in self.criteria
            }
        )

    def reasons(self, criterion: str) -> "pd.DataFrame":
        """Return what the scores by one criterion rest on, a row an alternative."""
        import pandas as pd  # noqa: PLC0415 - likewise

        if criterion not in self.criteria:
            raise DecisionError(
                f"There is no criterion {criterion!r}: there are {', '.join(self.criteria)}."
            )
        return pd.DataFrame(
            {
                name: {"score": str(row[criterion]), "basis": str(row[criterion].basis),
                       "reason": row[criterion].reason}
                for name, row in self.scores.items()
            }
        ).T  # fmt: skip
