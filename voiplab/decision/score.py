"""How well one alternative does by one criterion, and how sure that is."""

from dataclasses import dataclass
from enum import StrEnum

from voiplab.errors import DecisionError

BEST = 10.0
"""The scale's upper end; its lower end is 0."""


class Basis(StrEnum):
    """Where a score comes from."""

    RULE = "rule"
    MEASURED = "measured"
    JUDGED = "judged"


@dataclass(frozen=True)
class Score:
    """A score from 0 (as bad as it gets) to 10, with the range in which it may well lie.

    Attributes:
        low: the least that can be defended.
        likely: the score itself.
        high: the most that can be defended.
        basis: whether it follows from facts by a rule, was measured, or is somebody's judgement.
        reason: the facts, or the argument.

    Raises:
        DecisionError: when it isn't on the scale, or the range doesn't hold the score.

    >>> Score(4, 6, 7)
    Score(6, 4 to 7)
    >>> Score.exactly(10).certain
    True
    """

    low: float
    likely: float
    high: float
    basis: Basis = Basis.JUDGED
    reason: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.likely <= self.high <= BEST:
            raise DecisionError(
                f"A score can't be {self.likely} from {self.low} to {self.high}: give three "
                f"numbers from 0 to {BEST:g} in rising order."
            )
        object.__setattr__(self, "basis", Basis(self.basis))

    def __repr__(self) -> str:
        return f"Score({self.likely:g}, {self.low:g} to {self.high:g})"

    def __str__(self) -> str:
        """The score, and its range where there is one.

        >>> str(Score(4, 6.25, 7)), str(Score.exactly(10))
        ('6.2 (4–7)', '10')
        """
        likely = _brief(self.likely)
        if self.certain:
            return likely
        return f"{likely} ({_brief(self.low)}–{_brief(self.high)})"

    @classmethod
    def exactly(cls, value: float, basis: Basis = Basis.RULE, reason: str = "") -> "Score":
        """Return a score that leaves no doubt."""
        return cls(value, value, value, basis, reason)

    @property
    def certain(self) -> bool:
        """Whether its range is a point."""
        return self.low == self.high


def _brief(value: float) -> str:
    """With one decimal, and without it where it is 0: 10, 6.2."""
    return f"{value:.1f}".removesuffix(".0")
