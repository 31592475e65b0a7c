"""What chance has in store for each packet of a flow, drawn from a seed."""

from dataclasses import dataclass
from random import Random

from voiplab.impairment.impairment import Impairment
from voiplab.impairment.jitter import deviation


@dataclass(frozen=True, slots=True)
class Draw:
    """What chance decides for one packet.

    Attributes:
        lost: it does not arrive.
        delay_ms: what it takes, in ms, besides the wait at the bottleneck.
        held_back: others overtake it.
        copies: how often it arrives.
    """

    lost: bool
    delay_ms: float
    held_back: bool
    copies: int


class Luck:
    """The luck of one flow: the n-th packet of a flow draws the same from the same seed.

    Each packet takes six uniform variates, in the order in which they are named below, whether
    they are needed or not: who changes the delay does not change which packets are lost.

    Args:
        impairment: what may happen.
        seed: any text; another seed is another luck.

    >>> once, again = (Luck(Impairment(loss_pct=50), seed="7") for _ in range(2))
    >>> [once.draw().lost for _ in range(8)] == [again.draw().lost for _ in range(8)]
    True
    """

    def __init__(self, impairment: Impairment, *, seed: str) -> None:
        self._impairment = impairment
        # Python promises that these stay: the seeding by text (version 2) and random() itself.
        self._uniform = Random(seed).random  # noqa: S311 - nothing is to be kept secret
        first = self._uniform()
        self._bad = impairment.bursts is not None and first < impairment.bursts.bad_share

    def draw(self) -> Draw:
        """Draw for the flow's next packet."""
        loss, state, jitter_u, jitter_v, order, copy = (self._uniform() for _ in range(6))
        impairment = self._impairment
        lost = loss < self._loss_probability()
        if impairment.bursts is not None:
            moves = impairment.bursts.r if self._bad else impairment.bursts.p
            self._bad ^= state < moves
        strays = impairment.jitter_ms * deviation(impairment.distribution, jitter_u, jitter_v)
        return Draw(
            lost=lost,
            delay_ms=max(impairment.delay_ms + strays, 0.0),
            held_back=100 * order < impairment.reorder_pct,
            copies=2 if 100 * copy < impairment.duplicate_pct else 1,
        )

    def _loss_probability(self) -> float:
        bursts = self._impairment.bursts
        if bursts is None:
            return self._impairment.loss_pct / 100
        return 1 - (bursts.h if self._bad else bursts.k)
