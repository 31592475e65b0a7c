"""What a network does to the packets of one direction."""

from dataclasses import asdict, dataclass, fields
from math import isfinite
from typing import Any, Self

from voiplab.errors import ImpairmentError
from voiplab.impairment.gilbert_elliott import GilbertElliott
from voiplab.impairment.jitter import DISTRIBUTIONS, LEAST, Distribution

# Each quantity's least and greatest value.
_RANGES: dict[str, tuple[float, float]] = {
    "loss_pct": (0, 100),
    "delay_ms": (0, 60_000),
    "jitter_ms": (0, 60_000),
    "reorder_pct": (0, 100),
    "reorder_ms": (0, 60_000),
    "duplicate_pct": (0, 100),
    "rate_kbit_s": (1, 10_000_000),
    "queue_ms": (0, 60_000),
}
_SWITCHES = ("keeps_order", "spares_signalling")


@dataclass(frozen=True, slots=True, kw_only=True)
class Impairment:
    """What a network does to the packets of one direction; without arguments, nothing.

    A packet is lost or not; waits for its turn at the bottleneck, or is turned away there;
    then takes its delay, and may arrive twice.

    Attributes:
        loss_pct: packets lost, each by chance alone, in per cent.
        bursts: losses that come in bursts, instead of `loss_pct`.
        delay_ms: the mean delay, in ms, besides the wait at the bottleneck.
        jitter_ms: the standard deviation of that delay, in ms, whatever its distribution (as the
            tables of Linux' netem scale it).
        distribution: the shape of that delay: ``uniform``, ``normal``, ``exponential``, ``pareto``.
        keeps_order: packets leave as they came: one that would overtake waits for the one before.
        reorder_pct: packets held back and overtaken by others, in per cent.
        reorder_ms: how long they are held back, in ms.
        duplicate_pct: packets that arrive twice, in per cent.
        rate_kbit_s: the bottleneck's rate, in kbit/s, counted in whole Ethernet frames (without
            preamble and check sequence); None when there is none.
        queue_ms: the longest that a packet may have to wait there, in ms; beyond, it is dropped.
        spares_signalling: only RTP and RTCP suffer.

    Raises:
        ImpairmentError: when no network could do that, with the reason.

    >>> Impairment(loss_pct=5, delay_ms=100, jitter_ms=10)
    Impairment(loss_pct=5.0, delay_ms=100.0, jitter_ms=10.0)
    >>> Impairment(loss_pct=101)
    Traceback (most recent call last):
    voiplab.errors.ImpairmentError: loss_pct is a number from 0 to 100, not 101.
    """

    loss_pct: float = 0.0
    bursts: GilbertElliott | None = None
    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    distribution: Distribution = "normal"
    keeps_order: bool = True
    reorder_pct: float = 0.0
    reorder_ms: float = 30.0
    duplicate_pct: float = 0.0
    rate_kbit_s: float | None = None
    queue_ms: float = 200.0
    spares_signalling: bool = False

    def __post_init__(self) -> None:
        for name, (least, most) in _RANGES.items():
            value = getattr(self, name)
            if name == "rate_kbit_s" and value is None:
                continue
            if (
                isinstance(value, bool)
                or not isinstance(value, int | float)
                or not isfinite(value)
                or not least <= value <= most
            ):
                raise ImpairmentError(f"{name} is a number from {least} to {most}, not {value!r}.")
            object.__setattr__(self, name, float(value))
        for name in _SWITCHES:
            if not isinstance(getattr(self, name), bool):
                raise ImpairmentError(f"{name} is True or False, not {getattr(self, name)!r}.")
        self._check_delay()
        self._check_bursts()

    def _check_delay(self) -> None:
        if self.distribution not in DISTRIBUTIONS:
            raise ImpairmentError(
                f"No distribution is called {self.distribution!r}: there are "
                f"{', '.join(DISTRIBUTIONS)}."
            )
        least = -LEAST[self.distribution] * self.jitter_ms
        if self.delay_ms < least - 1e-9:
            raise ImpairmentError(
                f"A {self.distribution} jitter of {self.jitter_ms:g} ms strays {least:.4g} ms "
                f"below the mean delay, and no packet arrives before it is sent: make delay_ms "
                f"at least {least:.4g}, not {self.delay_ms:g}."
            )

    def _check_bursts(self) -> None:
        if self.bursts is None:
            return
        if not isinstance(self.bursts, GilbertElliott):
            raise ImpairmentError(
                "bursts is a GilbertElliott, for example GilbertElliott.of(loss_pct=5, "
                f"mean_burst=4), not {self.bursts!r}."
            )
        if self.loss_pct:
            raise ImpairmentError(
                "Losses come either at random (loss_pct) or in bursts (bursts), not both: "
                "the bursts say themselves how much is lost."
            )

    def __repr__(self) -> str:
        said = (
            f"{each.name}={getattr(self, each.name)!r}"
            for each in fields(self)
            if getattr(self, each.name) != each.default
        )
        return f"Impairment({', '.join(said)})"

    @property
    def expected_loss_pct(self) -> float:
        """What is lost in the long run, in per cent, but for what the bottleneck drops."""
        return self.loss_pct if self.bursts is None else self.bursts.loss_pct

    def as_dict(self) -> dict[str, Any]:
        """Return it in plain values, ready for JSON.

        >>> Impairment.from_dict(Impairment(loss_pct=5).as_dict()) == Impairment(loss_pct=5)
        True
        """
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Return what :meth:`as_dict` was made from.

        Raises:
            ImpairmentError: when it was not.
        """
        if not isinstance(values, dict):
            raise ImpairmentError(f"An impairment is a JSON object, not {values!r}.")
        known = {each.name for each in fields(cls)}
        if unknown := sorted(values.keys() - known):
            raise ImpairmentError(
                f"An impairment has no {', '.join(unknown)}: it has {', '.join(sorted(known))}."
            )
        values = dict(values)
        if isinstance(values.get("bursts"), dict):
            try:
                values["bursts"] = GilbertElliott(**values["bursts"])
            except TypeError as error:
                raise ImpairmentError(f"bursts has p, r, k and h: {error}.") from error
        return cls(**values)


NONE = Impairment()
"""The impairment that does nothing."""
