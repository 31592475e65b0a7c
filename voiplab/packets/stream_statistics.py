"""RTP streams, measured while their packets come, in memory that does not grow with them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isnan

import numpy as np
import numpy.typing as npt

from voiplab.packets.jitter import JitterMeter
from voiplab.packets.segments import Integers, Segments, distinct, grown
from voiplab.packets.sequence import SequenceFollower
from voiplab.packets.spacing import SpacingHistogram

# Columns of an RTP table: which stream, and the header's fields.
RTP_ROW = np.dtype(
    [
        ("time_s", "f8"),
        ("stream", "i4"),
        ("timestamp", "u4"),
        ("sequence", "u2"),
        ("payload_bytes", "u2"),
        ("payload_type", "u1"),
    ],
    align=True,
)

_STATE = np.dtype(
    [
        *((name, "i8") for name in ("packets", "payload_bytes")),
        *((name, "f8") for name in ("first_s", "last_s", "latest_s")),
        ("sequence", "u2"),
        ("in_order", "?"),
    ]
)
_QUANTILES = (0.5, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class StreamFigures:
    """What was measured of one stream.

    Attributes:
        packets: how many came, strays and duplicates too.
        payload_bytes: what they carried, all together.
        first_s: when the first came, in seconds since 1970-01-01 UTC.
        last_s: when the last came.
        latest_s: the latest time of any; more than last_s where the clock was set back.
        payload_types: how many packets came of each.
        in_order: whether two packets followed one another in number.
        expected: how many packets were sent, from the first to the last that came.
        lost: how many of them never came.
        duplicated: how many packets came that had come before.
        reordered: how many packets came after one with a larger number (RFC 4737, section 3.3).
        restarts: how often the sender began a new sequence.
        loss_runs: how many runs of packets were lost, one right after the other.
        loss_run_max: the packets in the longest of them.
        bursts: how many bursts of loss there were by RFC 3611 (losses.LossCounts).
        burst_packets: how many packets were sent during bursts.
        burst_lost: how many of those never came.
        interarrival_ms: the median, 95th and 99th percentile of the spacing of packets.
        jitter_ms: mean and maximum of the interarrival jitter, by clock rate in Hz, for those of
            which two packets or more came.
    """

    packets: int
    payload_bytes: int
    first_s: float
    last_s: float
    latest_s: float
    in_order: bool
    expected: int
    lost: int
    duplicated: int
    reordered: int
    restarts: int
    loss_runs: int
    loss_run_max: int
    bursts: int
    burst_packets: int
    burst_lost: int
    interarrival_ms: tuple[float, float, float]
    payload_types: dict[int, int]
    jitter_ms: dict[int, tuple[float, float]]

    @property
    def duration_s(self) -> float:
        """From the first packet to the latest."""
        return self.latest_s - self.first_s

    @property
    def loss_pct(self) -> float:
        """How many of the packets sent never came, in percent."""
        return _pct(self.lost, self.expected)

    @property
    def loss_run_mean(self) -> float:
        """How many packets were lost in a row, on average; 0 when none was."""
        return self.lost / self.loss_runs if self.loss_runs else 0.0

    @property
    def loss_free_run_mean(self) -> float:
        """How many packets came between losses, on average: all of them when none was lost."""
        return (self.expected - self.lost) / (self.loss_runs + 1)

    @property
    def burst_ratio(self) -> float:
        """Mean length of the runs of loss over that of independent losses (ITU-T G.107).

        1 when nothing was lost.
        """
        return self.loss_run_mean * (1 - self.lost / self.expected) if self.lost else 1.0

    @property
    def burst_density_pct(self) -> float:
        """How many of the packets sent during bursts were lost (RFC 3611, section 4.7.2)."""
        return _pct(self.burst_lost, self.burst_packets)

    @property
    def gap_density_pct(self) -> float:
        """How many of the packets sent outside of bursts were lost (RFC 3611, section 4.7.2)."""
        return _pct(self.lost - self.burst_lost, self.expected - self.burst_packets)

    @property
    def burst_ms(self) -> float:
        """How long a burst lasted on average; 0 without one (RFC 3611, section 4.7.2)."""
        return self._packet_ms * self.burst_packets / self.bursts if self.bursts else 0.0

    @property
    def gap_ms(self) -> float:
        """How long it was on average before, between and after bursts (RFC 3611, section 4.7.2)."""
        return self._packet_ms * (self.expected - self.burst_packets) / (self.bursts + 1)

    @property
    def _packet_ms(self) -> float:
        """What time a packet stands for."""
        return 1000 * self.duration_s / (self.expected - 1) if self.expected > 1 else 0.0


class StreamStatistics:
    """Measures RTP streams as their packets come, as many at a time as one likes.

    How packets are split over calls makes no difference to any figure.

    Args:
        clock_rate_hz: given a stream's number and a payload type, says how fast the timestamps
            of such packets advance, or 0 where they are not to count for jitter. It is asked
            once for each, after the stream's first packet was counted.

    >>> rows = np.zeros(3, RTP_ROW)
    >>> rows["sequence"], rows["time_s"] = [1, 2, 4], [0, 0.02, 0.06]
    >>> statistics = StreamStatistics(lambda stream, payload_type: 8000)
    >>> statistics.update(rows)
    >>> next(statistics.figures()).lost
    1
    """

    def __init__(self, clock_rate_hz: Callable[[int, int], int]) -> None:
        self.clock_rates_hz: dict[tuple[int, int], int] = {}
        self._clock_rate_hz = clock_rate_hz
        self._state = np.zeros(0, _STATE)
        self._streams = 0
        # By stream and payload type as one number: how many came, and the clock they follow or -1.
        self._packets: dict[int, int] = {}
        self._clock_of: dict[int, int] = {}
        # The number of each stream's clocks, by their rates.
        self._clocks: dict[tuple[int, int], int] = {}
        self._pending = np.zeros(0, RTP_ROW)
        self._follower = SequenceFollower()
        self._jitter = JitterMeter()
        self._spacing = SpacingHistogram()

    def first_s(self, stream: int) -> float:
        """Return when the first packet of a stream came."""
        return float(self._state["first_s"][stream])

    def update(self, rows: npt.NDArray[np.void]) -> None:
        """Take packets.

        Args:
            rows: a row a packet (RTP_ROW), in the order of arrival; streams are numbered from 0.
        """
        if not len(rows):
            return
        rows = _by_stream(rows)
        self._count(rows)
        if len(self._pending):
            # Those on probation come before the others of their stream: the sort is stable.
            awaited = np.isin(self._pending["stream"], rows["stream"])
            rows = _by_stream(np.concatenate([self._pending[awaited], rows]))
            self._pending = self._pending[~awaited]
        segments = Segments.of(rows["stream"])
        followed = self._follower.update(segments, np.ascontiguousarray(rows["sequence"]))
        if len(followed.pending):
            self._pending = np.concatenate([self._pending, rows[followed.pending]])
        if not followed.valid.all():
            rows = rows[followed.valid]
        if len(rows):
            self._time(rows)

    def _count(self, rows: npt.NDArray[np.void]) -> None:
        segments = Segments.of(rows["stream"])
        streams, begins, lasts = segments.names, segments.begins, segments.lasts
        self._streams = max(self._streams, int(streams[-1]) + 1)
        self._state = state = grown(self._state, self._streams)
        times_s = np.ascontiguousarray(rows["time_s"])
        fresh = state["packets"][streams] == 0
        state["first_s"][streams[fresh]] = times_s[begins[fresh]]
        state["latest_s"][streams[fresh]] = times_s[begins[fresh]]
        state["last_s"][streams[fresh]] = np.nan

        spacings_s = times_s - segments.before(times_s, state["last_s"][streams])
        known = np.ones(len(rows), bool)
        known[begins[fresh]] = False
        self._spacing.update(segments.each(streams)[known], spacings_s[known])
        numbers = np.ascontiguousarray(rows["sequence"])
        steps = numbers - segments.before(numbers, state["sequence"][streams])
        state["in_order"][streams] |= np.logical_or.reduceat((steps == 1) & known, begins)

        state["packets"][streams] += segments.counts
        state["payload_bytes"][streams] += np.add.reduceat(
            rows["payload_bytes"], begins, dtype=np.int64
        )
        state["last_s"][streams] = times_s[lasts]
        latest_s = np.maximum.reduceat(times_s, begins)
        state["latest_s"][streams] = np.maximum(state["latest_s"][streams], latest_s)
        state["sequence"][streams] = numbers[lasts]
        kinds = _kinds(rows)
        for kind, count in zip(kinds.names.tolist(), kinds.counts.tolist(), strict=True):
            if kind not in self._packets:
                self._packets[kind] = 0
                self._clock_of[kind] = self._clock(*divmod(kind, 128))
            self._packets[kind] += count

    def _time(self, rows: npt.NDArray[np.void]) -> None:
        """Measure the jitter of rows, each against those of its stream that share its clock."""
        kinds = _kinds(rows)
        clocks = np.array([self._clock_of[kind] for kind in kinds.names.tolist()])
        of_clock = kinds.each(clocks)
        segments = Segments.of(of_clock)
        if clocks.min() < 0 or len(distinct(segments.names)) < len(segments.names):
            order = np.argsort(of_clock, kind="stable")
            order = order[np.searchsorted(of_clock[order], 0) :]
            rows, segments = _taken(rows, order), Segments.of(of_clock[order])
        rates = np.array([rate for _, rate in self._clocks], np.int64)
        self._jitter.update(
            segments,
            np.ascontiguousarray(rows["time_s"]),
            np.ascontiguousarray(rows["timestamp"]),
            rates[segments.names],
        )

    def _clock(self, stream: int, payload_type: int) -> int:
        """Return the number of the clock that packets of a payload type follow, or -1."""
        rate_hz = self._clock_rate_hz(stream, payload_type)
        self.clock_rates_hz[stream, payload_type] = rate_hz
        return self._clocks.setdefault((stream, rate_hz), len(self._clocks)) if rate_hz else -1

    def figures(self) -> Iterator[StreamFigures]:
        """Return what was measured so far, stream by stream."""
        count = self._streams
        state = self._state[:count]
        sequence = self._follower.result()
        columns: list[npt.NDArray[np.generic] | Integers] = [
            *(state[name] for name in ("packets", "payload_bytes", "first_s", "last_s")),
            *(state[name] for name in ("latest_s", "in_order")),
            *sequence[:-1],
            *sequence.losses,
        ]
        quantiles_ms = np.stack(self._spacing.quantiles_ms(count, _QUANTILES), axis=1).tolist()
        payload_types: list[dict[int, int]] = [{} for _ in range(count)]
        for kind, packets in self._packets.items():
            stream, payload_type = divmod(kind, 128)
            payload_types[stream][payload_type] = packets
        jitter_ms: list[dict[int, tuple[float, float]]] = [{} for _ in range(count)]
        measured = zip(*(values.tolist() for values in self._jitter.result()), strict=True)
        for (stream, rate_hz), (mean_ms, max_ms) in zip(self._clocks, measured, strict=False):
            if not isnan(mean_ms):
                jitter_ms[stream][rate_hz] = mean_ms, max_ms
        for values in zip(
            *(column[:count].tolist() for column in columns),
            map(tuple, quantiles_ms), payload_types, jitter_ms,
            strict=True,
        ):  # fmt: skip
            yield StreamFigures(*values)


def _kinds(rows: npt.NDArray[np.void]) -> Segments:
    """Find the packets of one stream and payload type that follow one another."""
    return Segments.of(rows["stream"].astype(np.int64) << 7 | rows["payload_type"])


def _pct(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


def _by_stream(rows: npt.NDArray[np.void]) -> npt.NDArray[np.void]:
    """Put the rows of each stream together, in their order."""
    streams = rows["stream"]
    # Numbers of 16 bits are sorted in linear time.
    small = int(streams.max()) < 1 << 16
    numbers = streams.astype(np.uint16) if small else streams
    return _taken(rows, np.argsort(numbers, kind="stable"))


def _taken(rows: npt.NDArray[np.void], indexes: Integers) -> npt.NDArray[np.void]:
    # numpy takes records whole much faster than field by field.
    return rows.view(f"V{RTP_ROW.itemsize}")[indexes].view(RTP_ROW)
