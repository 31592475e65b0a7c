"""What a phone's network does in both directions, since when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any, Self

from voiplab.errors import ImpairmentError
from voiplab.impairment.impairment import NONE, Impairment


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a phone's network does in both directions.

    Attributes:
        incoming: what happens to what the phone receives.
        outgoing: what happens to what it sends.
        seed: what chance is drawn from: an integer.
        since_s: when that came into force, in seconds since the epoch; None before it has.

    >>> Settings(incoming=Impairment(loss_pct=5), seed=7)
    Settings(incoming=Impairment(loss_pct=5.0), outgoing=Impairment(), seed=7, since_s=None)
    """

    incoming: Impairment = NONE
    outgoing: Impairment = NONE
    seed: int
    since_s: float | None = None

    def __post_init__(self) -> None:
        if isinstance(self.seed, bool) or not isinstance(self.seed, int):
            raise ImpairmentError(f"A seed is an integer, not {self.seed!r}.")
        for name in ("incoming", "outgoing"):
            if not isinstance(getattr(self, name), Impairment):
                raise ImpairmentError(
                    f"{name} is an Impairment, for example Impairment(loss_pct=5), "
                    f"not {getattr(self, name)!r}."
                )

    def in_force(self, time_s: float) -> Self:
        """Return the same, in force since a time in seconds since the epoch."""
        return replace(self, since_s=time_s)

    def as_dict(self) -> dict[str, Any]:
        """Return it in plain values, ready for JSON."""
        return {
            "since_s": self.since_s,
            "seed": self.seed,
            "incoming": self.incoming.as_dict(),
            "outgoing": self.outgoing.as_dict(),
        }

    @classmethod
    def from_dict(cls, values: Any) -> Self:  # noqa: ANN401 - JSON
        """Return what :meth:`as_dict` was made from.

        Raises:
            ImpairmentError: when it was not.
        """
        try:
            return cls(
                since_s=values["since_s"],
                seed=values["seed"],
                incoming=Impairment.from_dict(values["incoming"]),
                outgoing=Impairment.from_dict(values["outgoing"]),
            )
        except (KeyError, TypeError) as error:
            raise ImpairmentError(
                f"Settings have since_s, seed, incoming and outgoing; these have not: {values!r}."
            ) from error


def during(history: Sequence[Settings], start_s: float, end_s: float) -> tuple[Settings, ...]:
    """Return what was in force within a span of time.

    Args:
        history: what came into force, one after the other.
        start_s: in seconds since the epoch.
        end_s: likewise.

    >>> first, then, later = (Settings(seed=n, since_s=10.0 * n) for n in (1, 2, 3))
    >>> [each.seed for each in during([first, then, later], 25, 28)]
    [2]
    """
    until = [*(each.since_s or 0.0 for each in history[1:]), inf]
    return tuple(
        each
        for each, over_s in zip(history, until, strict=False)
        if over_s > start_s and (each.since_s or 0.0) <= end_s
    )
