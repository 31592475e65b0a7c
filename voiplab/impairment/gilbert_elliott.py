"""Losses that come in bursts: the Gilbert–Elliott model."""

from dataclasses import dataclass
from typing import Self

from voiplab.errors import ImpairmentError


@dataclass(frozen=True, slots=True, kw_only=True)
class GilbertElliott:
    """A path that is now good, now bad, and loses packets differently in either state.

    A two-state Markov chain that moves once a packet (Gilbert, "Capacity of a Burst-Noise
    Channel", 1960; Elliott, "Estimates of Error Rates for Codes on Burst-Noise Channels", 1963);
    the four letters as in Hohlfeld, Geib and Haßlinger, "Packet Loss in Real-Time Services:
    Markovian Models Generating QoE Impairments" (2008), and in netem's ``gemodel``. The model
    starts in its long-term mixture of states, so its averages hold from the first packet on.

    Attributes:
        p: probability that a good path is bad at the next packet.
        r: probability that a bad path is good at the next packet.
        k: probability that a packet arrives while the path is good.
        h: probability that a packet arrives while the path is bad.

    >>> GilbertElliott.of(loss_pct=20, mean_burst=4)
    GilbertElliott(p=0.0625, r=0.25, k=1.0, h=0.0)
    """

    p: float
    r: float
    k: float = 1.0
    h: float = 0.0

    def __post_init__(self) -> None:
        for name in ("p", "r", "k", "h"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                raise ImpairmentError(
                    f"In GilbertElliott, {name} is a probability, from 0 to 1, not {value!r}."
                )
            object.__setattr__(self, name, float(value))
        if self.p + self.r == 0:
            raise ImpairmentError(
                "In GilbertElliott, p and r are both 0: the path would stay for ever as it is. "
                "For losses without bursts, take Impairment(loss_pct=…)."
            )

    @classmethod
    def of(cls, *, loss_pct: float, mean_burst: float) -> Self:
        """Return Gilbert's model (nothing lost while good, all while bad) with given averages.

        Args:
            loss_pct: how many packets are lost in the long run, in per cent; less than 100.
            mean_burst: how many are lost in a row, on average; at least 1.

        Raises:
            ImpairmentError: when no such model exists.
        """
        if not (0 <= loss_pct < 100 and mean_burst >= 1):  # noqa: PLR2004 - per cent
            raise ImpairmentError(
                "Bursts need a loss_pct from 0 to less than 100 and a mean_burst of at least "
                f"1 packet, not {loss_pct!r} and {mean_burst!r}."
            )
        r, loss = 1 / mean_burst, loss_pct / 100
        p = r * loss / (1 - loss)
        if p > 1:
            raise ImpairmentError(
                f"A loss of {loss_pct:g} % does not come in bursts of {mean_burst:g} packets on "
                f"average: between bursts at least one arrives. Bursts of {loss / (1 - loss):.3g} "
                "or more do."
            )
        return cls(p=p, r=r)

    @property
    def bad_share(self) -> float:
        """How much of the time the path is bad: p / (p + r)."""
        return self.p / (self.p + self.r)

    @property
    def loss_pct(self) -> float:
        """How many packets are lost in the long run, in per cent.

        >>> GilbertElliott.of(loss_pct=5, mean_burst=4).loss_pct
        5.0
        """
        bad = self.bad_share
        return round(100 * (bad * (1 - self.h) + (1 - bad) * (1 - self.k)), 12)

    @property
    def mean_burst(self) -> float | None:
        """How many packets are lost in a row on average; None when none ever are.

        Each run of losses has one beginning, a lost packet after one that arrived, so the mean
        length is the share of lost packets over the share of beginnings.

        >>> GilbertElliott.of(loss_pct=5, mean_burst=4).mean_burst
        4.0
        """
        bad, good = self.bad_share, 1 - self.bad_share
        lost_when_good, lost_when_bad = 1 - self.k, 1 - self.h
        begun = good * self.k * ((1 - self.p) * lost_when_good + self.p * lost_when_bad)
        begun += bad * self.h * (self.r * lost_when_good + (1 - self.r) * lost_when_bad)
        lost = bad * lost_when_bad + good * lost_when_good
        return round(lost / begun, 12) if begun > 0 else None

    @property
    def burst_ratio(self) -> float | None:
        """BurstR of ITU-T G.107: the mean burst over what it would be with losses at random.

        >>> GilbertElliott.of(loss_pct=5, mean_burst=4).burst_ratio
        3.8
        """
        mean = self.mean_burst
        return None if mean is None else round(mean * (1 - self.loss_pct / 100), 12)
