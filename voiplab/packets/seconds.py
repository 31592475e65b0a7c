"""RTP streams, measured second by second while their packets come."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import nan

import numpy as np
import numpy.typing as npt

from voiplab.packets.segments import Segments
from voiplab.packets.sequence import Followed
from voiplab.packets.stream_statistics import StreamStatistics

# A packet that lies further back is taken for a stray: see sequence.py.
_MAY_STILL_COME = 100


@dataclass(frozen=True, slots=True)
class Second:
    """What was measured of a stream in one second of the clock.

    Attributes:
        time_s: its beginning, in whole seconds since 1970-01-01 UTC.
        packets: how many packets came.
        lost: how many were due and never came, each counted in the second in which it would have
            come: evenly spread between the packets before and after the gap.
        jitter_ms: the mean of the running interarrival jitter (RFC 3550, appendix A.8) over the
            packets that came; NaN when none did, or nothing tells the clock rate.
        first_s: when the first packet came; NaN when none did.
        last_s: when the last came.
    """

    time_s: int
    packets: int = 0
    lost: int = 0
    jitter_ms: float = nan
    first_s: float = nan
    last_s: float = nan

    @property
    def loss_pct(self) -> float:
        """How many of the packets that were due never came, in per cent; NaN when none was due.

        >>> Second(0, packets=49, lost=1).loss_pct
        2.0
        """
        due = self.packets + self.lost
        return 100 * self.lost / due if due else nan


def added_up(time_s: int, parts: Iterable[Second]) -> Second:
    """Put the same second of several streams together; one that none had is empty.

    >>> added_up(7, [Second(7, 40, 1, 2.0), Second(7, 10, 0, 4.5)]).jitter_ms
    2.5
    """
    parts = list(parts)
    if len(parts) == 1:
        return parts[0]
    came = [each for each in parts if each.packets]
    timed = [each for each in came if each.jitter_ms == each.jitter_ms]
    weight = sum(each.packets for each in timed)
    return Second(
        time_s,
        packets=sum(each.packets for each in parts),
        lost=sum(each.lost for each in parts),
        jitter_ms=sum(each.jitter_ms * each.packets for each in timed) / weight if weight else nan,
        first_s=min((each.first_s for each in came), default=nan),
        last_s=max((each.last_s for each in came), default=nan),
    )


class _Tally:
    """A second that is still being counted."""

    __slots__ = ("first_s", "jitter_sum_ms", "last_s", "lost", "packets", "timed")

    def __init__(self) -> None:
        self.packets = self.lost = self.timed = 0
        self.jitter_sum_ms = 0.0
        self.first_s = self.last_s = nan


class _Gaps:
    """Where a stream has come to, and which of its packets are missing."""

    __slots__ = ("highest", "highest_s", "least", "missing")

    def __init__(self, number: int, time_s: float) -> None:
        self.highest, self.highest_s, self.least = number - 1, time_s, number
        # The second in which each counts as lost, as long as it may still come.
        self.missing: dict[int, int] = {}


class StreamSeconds(StreamStatistics):
    """Measures RTP streams second by second, as many at a time as one likes.

    The losses of a stream's seconds add up to those of its figures. How packets are split over
    calls makes no difference.

    Args:
        clock_rate_hz: as for StreamStatistics.

    >>> from voiplab.packets.stream_statistics import RTP_ROW
    >>> rows = np.zeros(3, RTP_ROW)
    >>> rows["sequence"], rows["time_s"] = [1, 2, 4], [0.96, 0.98, 1.02]
    >>> seconds = StreamSeconds(lambda stream, payload_type: 8000)
    >>> seconds.update(rows)
    >>> [(each.packets, each.lost) for each in seconds.of(0)]
    [(2, 0), (1, 1)]
    """

    def __init__(self, clock_rate_hz: Callable[[int, int], int]) -> None:
        super().__init__(clock_rate_hz)
        self._tallies: list[dict[int, _Tally]] = []
        self._gaps: dict[int, _Gaps] = {}
        self._changed: dict[int, set[int]] = {}

    def of(self, stream: int) -> list[Second]:
        """Return the seconds of a stream in which packets came or were lost, by time."""
        return [_finished(time_s, tally) for time_s, tally in sorted(self._tallies[stream].items())]

    def at(self, stream: int, time_s: int) -> Second | None:
        """Return one second of a stream, or None when nothing came nor was lost in it."""
        tally = self._tallies[stream].get(time_s)
        return None if tally is None else _finished(time_s, tally)

    def changed(self) -> dict[int, set[int]]:
        """Return which seconds of which streams have changed since this was last asked."""
        changed, self._changed = self._changed, {}
        return changed

    def update(self, rows: npt.NDArray[np.void]) -> None:
        """Take packets; see StreamStatistics.update."""
        if len(rows):
            streams = int(rows["stream"].max()) + 1
            self._tallies += [{} for _ in range(streams - len(self._tallies))]
            self._tally(rows)
        super().update(rows)

    def _tally(self, rows: npt.NDArray[np.void]) -> None:
        order = np.lexsort((rows["time_s"], rows["stream"]))
        times_s, streams = rows["time_s"][order], rows["stream"][order]
        parts = Segments.of(_second_of(streams, times_s))
        for begin, last, count in zip(
            parts.begins.tolist(), parts.lasts.tolist(), parts.counts.tolist(), strict=True
        ):
            first_s, last_s = float(times_s[begin]), float(times_s[last])
            tally = self._at(int(streams[begin]), first_s)
            tally.packets += count
            # min and max give the other one where a tally has none yet.
            tally.first_s = min(first_s, tally.first_s)
            tally.last_s = max(last_s, tally.last_s)

    def _note_jitter(self, rows: npt.NDArray[np.void], jitter_ms: npt.NDArray[np.float64]) -> None:
        parts = Segments.of(_second_of(rows["stream"], rows["time_s"]))
        sums_ms = np.add.reduceat(jitter_ms, parts.begins).tolist()
        for begin, count, sum_ms in zip(
            parts.begins.tolist(), parts.counts.tolist(), sums_ms, strict=True
        ):
            tally = self._at(int(rows["stream"][begin]), float(rows["time_s"][begin]))
            tally.timed += count
            tally.jitter_sum_ms += sum_ms

    def _note_sequence(self, rows: npt.NDArray[np.void], followed: Followed) -> None:
        segments, extended = followed.segments, followed.extended
        times_s = rows["time_s"]
        for stream, begin in zip(segments.names.tolist(), segments.begins.tolist(), strict=True):
            if stream not in self._gaps:
                self._gaps[stream] = _Gaps(int(extended[begin]), float(times_s[begin]))
        gaps = [self._gaps[stream] for stream in segments.names.tolist()]
        relative = extended - segments.each([each.highest for each in gaps])
        largest = segments.running_maxima(relative)
        before = segments.before(largest, 0)
        rises = relative > before
        # Where the largest number before each packet came, or before this call: -1 or less.
        came_at = np.maximum.accumulate(np.where(rises, np.arange(len(rows)), -1))
        odd = np.flatnonzero(relative != before + 1)
        which = np.searchsorted(segments.begins, odd, "right") - 1
        for at, segment in zip(odd.tolist(), which.tolist(), strict=True):
            gap, begin = gaps[segment], int(segments.begins[segment])
            number, time_s = int(extended[at]), float(times_s[at])
            if not rises[at]:
                self._came_late(int(segments.names[segment]), gap, number)
                continue
            since = int(came_at[at - 1]) if at > begin else -1
            since_s = float(times_s[since]) if since >= begin else gap.highest_s
            first = gap.highest + int(before[at]) + 1
            self._lose(int(segments.names[segment]), gap, first, number, (since_s, time_s))
        for gap, last, reached in zip(
            gaps, came_at[segments.lasts].tolist(), largest[segments.lasts].tolist(), strict=True
        ):
            if reached:
                gap.highest, gap.highest_s = gap.highest + reached, float(times_s[last])

    def _lose(
        self, stream: int, gap: _Gaps, first: int, end: int, between_s: tuple[float, float]
    ) -> None:
        """Count the numbers from first up to end as lost between two times."""
        times_s = np.linspace(*between_s, end - first + 2)[1:-1].tolist()
        for number, time_s in zip(range(first, end), times_s, strict=True):
            gap.missing[number] = int(time_s // 1)
            self._at(stream, time_s).lost += 1
        if len(gap.missing) > 2 * _MAY_STILL_COME:
            oldest = end - _MAY_STILL_COME
            gap.missing = {each: at for each, at in gap.missing.items() if each >= oldest}

    def _came_late(self, stream: int, gap: _Gaps, number: int) -> None:
        if number < gap.least:
            # It was sent before the first that came: so were those between the two.
            first_s = self.first_s(stream)
            self._lose(stream, gap, number + 1, gap.least, (first_s, first_s))
            gap.least = number
        elif number in gap.missing:
            self._at(stream, gap.missing.pop(number)).lost -= 1

    def _at(self, stream: int, time_s: float) -> _Tally:
        second = int(time_s // 1)
        self._changed.setdefault(stream, set()).add(second)
        tallies = self._tallies[stream]
        if second not in tallies:
            tallies[second] = _Tally()
        return tallies[second]


def _second_of(
    streams: npt.NDArray[np.integer], times_s: npt.NDArray[np.float64]
) -> npt.NDArray[np.int64]:
    """Return one number for the stream and the second of each packet."""
    return streams.astype(np.int64) << 40 | np.floor(times_s).astype(np.int64)


def _finished(time_s: int, tally: _Tally) -> Second:
    jitter_ms = tally.jitter_sum_ms / tally.timed if tally.timed else nan
    return Second(time_s, tally.packets, tally.lost, jitter_ms, tally.first_s, tally.last_s)
