"""What a phone's network does in both directions, since when."""

from dataclasses import dataclass, replace
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
