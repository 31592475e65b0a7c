"""What became of each packet of a stream at its receiver: played, late, lost or a duplicate."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from voiplab.packets.jitter_buffer import JitterBuffer
from voiplab.packets.payloads import Payloads
from voiplab.packets.sequence import Sequence, follow

if TYPE_CHECKING:
    import pandas as pd

FATES = ("played", "late", "lost", "duplicate")
PLAYED, LATE, LOST, DUPLICATE = range(4)

_JUMP_S = 2.0  # no queue on a telephone's way is as long
_TALKSPURT_GAP = 1.5
_RESOLUTION_S = 1e-6  # of a capture's clock

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Playout:
    """What a jitter buffer made of a stream: a value a packet, in the order of sending.

    Attributes:
        packet: which packet of the stream it is, in the order of arrival; -1 when it was lost.
        sequence: its sequence number, 16 bits.
        time_s: when it came, in seconds since the stream's first packet; for a lost one, when
            it would have come, between its neighbours.
        ticks: its timestamp less that of the first packet, in the codec's clock.
        shift_s: what to add to it, in seconds, for the moment when it is to be played, in
            seconds since the stream's first packet came.
        delay_ms: how much longer its way took than that of the fastest packet of the stream;
            NaN when it was lost.
        deadline_ms: how long its way might have taken, by the same measure.
        fate: a number: the place in FATES.
        jumps: how often the timestamps jumped, against the time that passed, by 2 s or more: a
            sender that began anew, or a capture whose clock was set. The time that passed counts.
        strays: how many packets don't fit into the sequence.
    """

    packet: Integers
    sequence: npt.NDArray[np.uint16]
    time_s: Floats
    ticks: Integers
    shift_s: Floats
    delay_ms: Floats
    deadline_ms: Floats
    fate: npt.NDArray[np.uint8]
    jumps: int = 0
    strays: int = 0

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many packets met each fate."""
        numbers = np.bincount(self.fate, minlength=len(FATES)).tolist()
        return dict(zip(FATES, numbers, strict=True))

    @property
    def buffering_ms(self) -> float:
        """How long the packets that were played had waited, on average; NaN without any."""
        played = self.fate == PLAYED
        if not played.any():
            return float("nan")
        return float((self.deadline_ms - self.delay_ms)[played].mean())

    def table(self, offset_s: float = 0.0) -> "pd.DataFrame":
        """Return it as a data frame.

        Args:
            offset_s: what to add to the times.
        """
        import pandas as pd  # noqa: PLC0415 - heavy: loaded when a table is wanted

        return pd.DataFrame(
            {
                "time_s": self.time_s + offset_s,
                "sequence": self.sequence,
                "delay_ms": self.delay_ms,
                "deadline_ms": self.deadline_ms,
                "fate": np.array(FATES, object)[self.fate],
            }
        )


def play(
    packets: Payloads, speech: npt.NDArray[np.bool_], clock_rate_hz: int, buffer: JitterBuffer
) -> Playout:
    """Let a jitter buffer decide when packets are played.

    Args:
        packets: the packets of a stream.
        speech: which of them carry speech; the others only count as having come.
        clock_rate_hz: how fast their timestamps advance.
        buffer: what decides.
    """
    follows = follow(packets.sequence)
    rows = np.flatnonzero(follows.valid)
    extended = follows.extended
    own = speech[rows]
    rows, extended = rows[own], extended[own]
    strays = int((speech & ~follows.valid).sum())
    if not len(rows):
        return _nothing(strays)
    time_s = packets.time_s[rows] - packets.time_s[rows[0]]
    ticks = _unwrapped(packets.timestamp[rows])
    transit_s = time_s - ticks / clock_rate_hz
    steps_s = np.diff(transit_s, prepend=transit_s[0])
    jumps = np.abs(steps_s) > _JUMP_S
    # What a jump is worth is taken back, so that the packets after it go on where others ended.
    anchor_s = np.cumsum(np.where(jumps, steps_s, 0.0))

    _, first = np.unique(extended, return_index=True)
    is_first = np.zeros(len(rows), bool)
    is_first[first] = True
    begins = packets.marker[rows] | jumps
    begins[first] |= _after_a_pause(extended[first], ticks[first])
    begins[0] = True
    offset_s = np.zeros(len(rows))
    offset_s[is_first] = buffer.offsets_s(
        time_s[is_first].tolist(),
        (ticks / clock_rate_hz + anchor_s)[is_first].tolist(),
        begins[is_first].tolist(),
    )
    way_s = transit_s - anchor_s
    fastest_s = way_s.min()
    fate = np.where(way_s > offset_s + _RESOLUTION_S, LATE, PLAYED)
    fate[~is_first] = DUPLICATE
    came = Playout(
        packet=rows,
        sequence=packets.sequence[rows],
        time_s=time_s,
        ticks=ticks,
        shift_s=anchor_s + offset_s,
        delay_ms=1000 * (way_s - fastest_s),
        deadline_ms=1000 * (offset_s - fastest_s),
        fate=fate.astype(np.uint8),
        jumps=int(jumps.sum()),
        strays=strays,
    )
    return _with_lost(came, extended, first, follows)


def _nothing(strays: int) -> Playout:
    none, never = np.zeros(0, np.int64), np.zeros(0)
    return Playout(
        packet=none,
        sequence=none.astype(np.uint16),
        time_s=never,
        ticks=none,
        shift_s=never,
        delay_ms=never,
        deadline_ms=never,
        fate=none.astype(np.uint8),
        strays=strays,
    )


def _unwrapped(timestamps: npt.NDArray[np.uint32]) -> Integers:
    """Return timestamps from 0 on, as differences of signed 32-bit numbers (they wrap)."""
    steps = np.diff(timestamps.astype(np.int64)).astype(np.uint32).astype(np.int32)
    return np.concatenate([[0], np.cumsum(steps, dtype=np.int64)])


def _after_a_pause(extended: Integers, ticks: Integers) -> npt.NDArray[np.bool_]:
    """Return which packets' timestamps say that nothing was sent just before them."""
    steps = np.diff(ticks)
    in_turn = np.diff(extended) == 1
    usual = np.median(steps[in_turn]) if in_turn.any() else 0
    return np.append(False, in_turn & (steps > _TALKSPURT_GAP * usual))


def _with_lost(came: Playout, extended: Integers, first: Integers, follows: Sequence) -> Playout:
    """Put the lost packets in their places, and all in the order of sending."""
    missing = follows.missing()
    missing = missing[(missing > extended.min()) & (missing < extended.max())]
    count = len(missing)
    order = np.lexsort((np.arange(len(extended)), extended))
    into = np.searchsorted(extended[order], missing)

    def between(values: npt.NDArray[Any]) -> Floats:
        found: Floats = np.interp(missing, extended[first], values[first].astype(np.float64))
        return found

    def merged(values: npt.NDArray[Any], lost: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.insert(values[order], into, lost)

    return Playout(
        packet=merged(came.packet, np.full(count, -1)),
        sequence=merged(came.sequence, missing.astype(np.uint16)),
        time_s=merged(came.time_s, between(came.time_s)),
        ticks=merged(came.ticks, between(came.ticks).round().astype(np.int64)),
        shift_s=merged(came.shift_s, between(came.shift_s)),
        delay_ms=merged(came.delay_ms, np.full(count, np.nan)),
        deadline_ms=merged(came.deadline_ms, between(came.deadline_ms)),
        fate=merged(came.fate, np.full(count, LOST, np.uint8)),
        jumps=came.jumps,
        strays=came.strays,
    )
