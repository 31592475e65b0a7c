"""One direction of a network, and what becomes of each packet on it."""

from dataclasses import dataclass
from typing import Literal

from voiplab.impairment.datagram import Datagram
from voiplab.impairment.impairment import NONE, Impairment
from voiplab.impairment.luck import Luck

Direction = Literal["incoming", "outgoing"]
"""Seen from the phone: what it receives, what it sends."""

Outcome = Literal["delivered", "lost", "overflow"]
"""What becomes of a packet; `overflow`: the bottleneck's queue had no room for it."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a packet.

    Attributes:
        outcome: ``delivered``, ``lost`` or ``overflow``.
        release_s: when it leaves the path, in seconds on the clock of its arrival.
        copies: how often it leaves it; 0 when it does not.
    """

    outcome: Outcome
    release_s: float
    copies: int


class Path:
    """One direction of a network.

    Each RTP stream, by its SSRC, has a luck of its own, and all other packets have one together:
    the n-th packet of a call's speech meets the same fate in every run with the same seed,
    whatever else is under way. Streams are numbered in the order in which they appear after
    a change. What a bottleneck drops depends on when packets come, too.

    Args:
        direction: which one it is; the two differ in their luck.

    >>> path = Path("incoming")
    >>> path.impair(Impairment(delay_ms=50), seed=7)
    >>> path.fate(Datagram("10.0.0.1:4000", "10.0.0.2:4000", "rtp", 214, 1, 1), time_s=10.0)
    Fate(outcome='delivered', release_s=10.05, copies=1)
    """

    def __init__(self, direction: Direction) -> None:
        self.direction = direction
        self.impairment = NONE
        self._seed = 0
        self._lucks: dict[int | None, Luck] = {}
        self._busy_until_s = float("-inf")
        self._last_release_s = float("-inf")

    def impair(self, impairment: Impairment, *, seed: int) -> None:
        """Do this to each packet from now on; those under way keep their time.

        Args:
            impairment: what to do.
            seed: what chance is drawn from.
        """
        self.impairment = impairment
        self._seed = seed
        self._lucks.clear()

    def fate(self, datagram: Datagram, *, time_s: float) -> Fate:
        """Decide what becomes of a packet.

        Args:
            datagram: the packet; to be asked about once, in the order of arrival.
            time_s: when it arrives, in seconds; any clock that never goes back.
        """
        impairment = self.impairment
        if impairment.spares_signalling and not datagram.is_media:
            return Fate("delivered", time_s, 1)
        draw = self._luck_of(datagram).draw()
        if draw.lost:
            return Fate("lost", time_s, 0)
        sent_s = self._through_bottleneck(datagram.length_bytes, time_s)
        if sent_s is None:
            return Fate("overflow", time_s, 0)
        release_s = sent_s + draw.delay_ms / 1000
        if draw.held_back:
            return Fate("delivered", release_s + impairment.reorder_ms / 1000, draw.copies)
        if impairment.keeps_order:
            release_s = self._last_release_s = max(release_s, self._last_release_s)
        return Fate("delivered", release_s, draw.copies)

    def _luck_of(self, datagram: Datagram) -> Luck:
        flow = datagram.ssrc if datagram.protocol == "rtp" else None
        luck = self._lucks.get(flow)
        if luck is None:
            streams = len(self._lucks.keys() - {None})
            which = "others" if flow is None else f"stream {streams}"
            luck = Luck(self.impairment, seed=f"{self._seed}/{self.direction}/{which}")
            self._lucks[flow] = luck
        return luck

    def _through_bottleneck(self, length: int, time_s: float) -> float | None:
        """Return when the last bit has left the bottleneck, or None when the queue is full."""
        rate = self.impairment.rate_kbit_s
        if rate is None:
            return time_s
        start_s = max(time_s, self._busy_until_s)
        if start_s - time_s > self.impairment.queue_ms / 1000:
            return None
        self._busy_until_s = start_s + 8 * length / (1000 * rate)
        return self._busy_until_s
