"""Jitter buffers: when to play packets that come at an uneven pace.

The clocks of sender and receiver are not set by one another. What can be seen of a packet's delay
is its transit: when it came, by the receiver's clock, less when it was sent, by its RTP timestamp.
Transits differ from delays by a constant, and slowly drift where the two clocks do (by 100 parts
in a million: 0.36 s an hour). So a buffer goes by the recent packets only, and by adding a constant
of its choice to the moment of sending it has the moment to play.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from voiplab.errors import CaptureError

_MEMORY_S = 10.0  # a drift of 100 ppm is 1 ms in it
_PATIENCE_S = 2.0
_SLIP_S = 0.010


class JitterBuffer(Protocol):
    """Decides when packets are played."""

    def offsets_s(
        self, arrival_s: Sequence[float], sent_s: Sequence[float], talkspurts: Sequence[bool]
    ) -> list[float]:
        """Return for each packet what to add to the moment of sending, to play it.

        A packet that comes after that moment is late. Nothing is decided by what comes later.

        Args:
            arrival_s: when each packet came, by the receiver's clock, in the order of arrival.
            sent_s: when it was sent, by the sender's clock.
            talkspurts: whether it is the first after a silence: there, moving the moments of
                playing is not heard.
        """


@dataclass(frozen=True)
class FixedBuffer:
    """Lets every packet wait as long as one that came as fast as usual must wait.

    It goes by the first packet of a stream, and at the beginning of a talkspurt by the fastest of
    the last 10 s. Within a talkspurt it moves only when all packets of the last 10 s came later
    than what it goes by, or all came earlier, by 10 ms or more, as happens where clocks drift:
    then at once (a slip: a little silence is put in, or a little sound left out).

    Attributes:
        delay_ms: how long a packet waits that came as fast as what the buffer goes by. One that
            is slower by more is late.

    >>> FixedBuffer(delay_ms=40).offsets_s([0.1, 0.12, 0.17], [0, 0.02, 0.04], [True, False, False])
    [0.14, 0.14, 0.14]
    """

    delay_ms: float = 60.0

    def __post_init__(self) -> None:
        if not self.delay_ms >= 0:
            raise CaptureError(
                f"A jitter buffer can't wait for {self.delay_ms} ms: give 0 or more."
            )

    def offsets_s(
        self, arrival_s: Sequence[float], sent_s: Sequence[float], talkspurts: Sequence[bool]
    ) -> list[float]:
        """Return for each packet what to add to the moment of sending, to play it."""
        transits = _transits(arrival_s, sent_s)
        wait_s = self.delay_ms / 1000
        reference = before_fastest = before_slowest = transits[0] if transits else 0.0
        offsets = []
        for fastest, slowest, begins in zip(
            _least(transits, arrival_s, _MEMORY_S),
            _greatest(transits, arrival_s, _MEMORY_S),
            talkspurts,
            strict=True,
        ):
            if begins:
                reference = fastest
            elif before_fastest - reference >= _SLIP_S:
                reference = before_fastest
            elif reference - before_slowest >= _SLIP_S:
                reference = before_slowest
            offsets.append(reference + wait_s)
            before_fastest, before_slowest = fastest, slowest
        return offsets


@dataclass(frozen=True)
class AdaptiveBuffer:
    """Waits as long as the recent packets' delay and its variation make it seem needed.

    Estimates and spike detection are those of algorithm 4 of R. Ramjee, J. Kurose, D. Towsley and
    H. Schulzrinne, "Adaptive playout mechanisms for packetized audio applications in wide-area
    networks", INFOCOM 1994: the moment of playing is the estimated delay and four times its
    variation after that of sending, chosen anew for each talkspurt.

    Phones without silence suppression send one talkspurt, as long as the call. So within one the
    moment moves as well, by 10 ms or more at once: later, as soon as the estimate asks for it;
    earlier, when it has asked for less for 2 s.

    Attributes:
        least_ms: it waits at least so long for the fastest packets of the last 10 s.
        most_ms: it never waits longer for them.
        start_ms: how long it waits before it has an estimate.
    """

    least_ms: float = 20.0
    most_ms: float = 200.0
    start_ms: float = 60.0

    def __post_init__(self) -> None:
        if not 0 <= self.least_ms <= self.start_ms <= self.most_ms:
            raise CaptureError(
                f"A jitter buffer can't wait for {self.least_ms} to {self.most_ms} ms, and "
                f"{self.start_ms} ms at first: give 0 <= least_ms <= start_ms <= most_ms."
            )

    def offsets_s(
        self, arrival_s: Sequence[float], sent_s: Sequence[float], talkspurts: Sequence[bool]
    ) -> list[float]:
        """Return for each packet what to add to the moment of sending, to play it."""
        transits = _transits(arrival_s, sent_s)
        least_s, most_s = self.least_ms / 1000, self.most_ms / 1000
        wanted = [
            min(max(estimate, fastest + least_s), fastest + most_s)
            for estimate, fastest in zip(
                _estimates(transits, self.start_ms / 1000),
                _least(transits, arrival_s, _MEMORY_S),
                strict=True,
            )
        ]
        offset = before = wanted[0] if wanted else 0.0
        offsets = []
        for now, lately, begins in zip(
            wanted, _greatest(wanted, arrival_s, _PATIENCE_S), talkspurts, strict=True
        ):
            if begins:
                offset = now
            elif abs(before - offset) >= _SLIP_S:
                offset = before
            offsets.append(offset)
            before = lately
        return offsets


def _transits(arrival_s: Sequence[float], sent_s: Sequence[float]) -> list[float]:
    return [arrival - sent for arrival, sent in zip(arrival_s, sent_s, strict=True)]


def _least(values: Iterable[float], at_s: Sequence[float], last_s: float) -> Iterator[float]:
    """Give the least of the values of the last seconds, after each of them."""
    rising: deque[tuple[float, float]] = deque()
    for value, now_s in zip(values, at_s, strict=True):
        while rising and rising[-1][0] >= value:
            rising.pop()
        rising.append((value, now_s))
        while now_s - rising[0][1] > last_s:
            rising.popleft()
        yield rising[0][0]


def _greatest(values: Iterable[float], at_s: Sequence[float], last_s: float) -> Iterator[float]:
    """Give the greatest of the values of the last seconds, after each of them."""
    return (-value for value in _least((-value for value in values), at_s, last_s))


def _estimates(transits: Sequence[float], start_s: float) -> Iterator[float]:
    """Give delay and four times its variation after each packet: algorithm 4, see above.

    The paper counts in timestamps of 8 kHz: its 800 is 100 ms, its 63 is 8 ms.
    """
    spike_s, calm_s, gain = 0.100, 0.008, 0.125
    if not transits:
        return
    delay = last = one_before = transits[0]
    variation = start_s / 4
    slope, in_spike = 0.0, False
    yield delay + 4 * variation
    for transit in islice(transits, 1, None):
        ended = False
        if not in_spike:
            if abs(transit - last) > 2 * variation + spike_s:
                slope, in_spike = 0.0, True
        else:
            slope = slope / 2 + abs(2 * transit - last - one_before) / 8
            if slope <= calm_s:
                in_spike, ended = False, True
        if not ended:
            if in_spike:
                delay += transit - last
            else:
                delay += gain * (transit - delay)
            variation += gain * (abs(transit - delay) - variation)
        one_before, last = last, transit
        yield delay + 4 * variation
