"""Sequence numbers that wrap, repeat, come late or start anew (RFC 3550, appendix A.1)."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from voiplab.packets.losses import LossCounts, Losses
from voiplab.packets.segments import Integers, Segments, distinct, grown

_MAX_DROPOUT = 3000
_MAX_MISORDER = 100

_STATE = np.dtype(
    [
        ("started", "?"),
        # The largest extended sequence number, and what to add for its 16 bits on the wire.
        *((name, "i8") for name in ("highest", "offset")),
        *((name, "i8") for name in ("least", "packets", "distinct", "rises", "restarts")),
    ]
)


class Followed(NamedTuple):
    """What became of packets whose sequence numbers were followed.

    Attributes:
        valid: which of them belong to their stream; the others are strays.
        pending: where strays lie that the next packet of their stream may yet confirm.
        segments: the streams of the valid ones.
        extended: the sequence number of each valid one without its wrap. After a restart of the
            sender the numbers go on where they had come to.
    """

    valid: npt.NDArray[np.bool_]
    pending: Integers
    segments: Segments
    extended: Integers


class SequenceCounts(NamedTuple):
    """What the sequence numbers of streams tell, a value a stream.

    Attributes:
        expected: how many packets were sent, from the first to the last that came.
        lost: how many of them never came.
        duplicated: how many packets came that had come before.
        reordered: how many packets came after one with a larger number (RFC 4737, section 3.3).
        restarts: how often the sender began a new sequence.
        losses: how the losses follow one another.
    """

    expected: Integers
    lost: Integers
    duplicated: Integers
    reordered: Integers
    restarts: Integers
    losses: LossCounts


class SequenceFollower:
    """Follows the sequence numbers of many streams, as packets come.

    A jump forward by 3000 or more, or back by 100 or more, that the next packet confirms, is a
    sender that started anew: nothing counts as lost there. One that the next packet does not
    confirm is a stray, and takes no part in the counts (RFC 3550, appendix A.1). So nothing that
    lies further back can still come, and no older number need be remembered.
    """

    def __init__(self) -> None:
        self._state = np.zeros(0, _STATE)
        # Numbers that came and next to which one may still come, with their streams.
        self._recent = np.zeros((2, 0), np.int64)
        self._losses = Losses()

    def update(self, segments: Segments, numbers: npt.NDArray[np.uint16]) -> Followed:
        """Take packets.

        Args:
            segments: whose they are.
            numbers: their 16-bit sequence numbers, in the order of arrival. Packets that were
                pending after the last call come first among their stream's.
        """
        self._state = state = grown(self._state, int(segments.names.max(initial=-1)) + 1)
        self._start(segments, numbers)
        before = state["highest"][segments.names].copy()
        valid, pending, extended = self._extend(segments, numbers)
        if not valid.all():
            segments = Segments.of(segments.each(segments.names)[valid])
            before = state["highest"][segments.names]
            extended = extended[valid]
        self._count(segments, extended, before)
        return Followed(valid, pending, segments, extended)

    def _start(self, segments: Segments, numbers: npt.NDArray[np.uint16]) -> None:
        first = numbers[segments.begins].astype(np.int64)
        fresh = ~self._state["started"][segments.names]
        streams, first = segments.names[fresh], first[fresh]
        self._state["started"][streams] = True
        self._state["least"][streams] = first
        self._state["highest"][streams] = first - 1

    def _extend(
        self, segments: Segments, numbers: npt.NDArray[np.uint16]
    ) -> tuple[npt.NDArray[np.bool_], Integers, Integers]:
        """Return which packets are valid, which are pending, and all extended numbers."""
        highest = self._state["highest"][segments.names]
        largest = (highest + self._state["offset"][segments.names]).astype(np.uint16)
        steps = (numbers - segments.before(numbers, largest)).view(np.int16)
        relative = segments.running_sums(steps.astype(np.int64))
        ahead = relative - segments.before(segments.running_maxima(relative), 0)
        extended = relative + segments.each(highest)
        valid = np.ones(len(numbers), bool)
        pending: list[int] = []
        jumps = np.flatnonzero((ahead >= _MAX_DROPOUT) | (ahead <= -_MAX_MISORDER))
        for segment in np.unique(np.searchsorted(segments.begins, jumps, "right") - 1).tolist():
            begin = int(segments.begins[segment])
            rows = slice(begin, begin + int(segments.counts[segment]))
            confirming = self._probation(
                int(segments.names[segment]), numbers[rows].tolist(), valid[rows], extended[rows]
            )
            if confirming:
                pending.append(rows.stop - 1)
        return valid, np.array(pending, np.int64), extended

    def _probation(
        self,
        stream: int,
        numbers: list[int],
        valid: npt.NDArray[np.bool_],
        extended: Integers,
    ) -> bool:
        """Follow one stream packet by packet, and say whether its last one is pending."""
        state = self._state[stream]
        highest, offset = int(state["highest"]), int(state["offset"])
        confirming = -1
        for at, number in enumerate(numbers):
            ahead = (number - highest - offset) & 0xFFFF
            if number == confirming and _MAX_DROPOUT <= ahead <= (1 << 16) - _MAX_MISORDER:
                valid[at - 1] = True
                extended[at - 1] = highest + 1
                highest += 2
                offset = (number - highest) & 0xFFFF
                state["restarts"] += 1
                extended[at] = highest
                confirming = -1
            elif ahead < _MAX_DROPOUT:
                highest += ahead
                extended[at] = highest
                confirming = -1
            elif ahead > (1 << 16) - _MAX_MISORDER:
                extended[at] = highest + ahead - (1 << 16)
                confirming = -1
            else:
                valid[at] = False
                confirming = (number + 1) & 0xFFFF
        state["offset"] = offset
        return confirming >= 0

    def _count(self, segments: Segments, extended: Integers, highest: Integers) -> None:
        """Count valid packets, given what the largest number of each stream was before them."""
        if not len(extended):
            return
        state, streams = self._state, segments.names
        relative = extended - segments.each(highest)
        largest = segments.running_maxima(relative)
        rises = relative > segments.before(largest, 0)
        state["highest"][streams] = highest + largest[segments.lasts]
        state["packets"][streams] += segments.counts
        state["rises"][streams] += np.add.reduceat(rises, segments.begins, dtype=np.int64)

        touched = np.zeros(len(state), bool)
        touched[streams] = True
        again = touched[self._recent[0]]
        old, others = self._recent[:, again], self._recent[:, ~again]
        of_stream = np.zeros(len(state), np.int64)
        of_stream[streams] = np.arange(len(streams))
        # Each stream's numbers, old and new, are sorted as one number with that of its segment.
        lowest = np.minimum(highest, np.minimum.reduceat(extended, segments.begins))
        np.minimum.at(lowest, of_stream[old[0]], old[1])
        rows = np.concatenate([of_stream[old[0]], segments.each(np.arange(len(streams)))])
        numbers = np.concatenate([old[1], extended]) - lowest[rows]
        bits = int(numbers.max()).bit_length()
        came = distinct(rows << bits | numbers)
        rows = came >> bits
        numbers = (came & (1 << bits) - 1) + lowest[rows]
        came_of = Segments.of(rows)
        state["distinct"][streams] += came_of.counts
        np.subtract.at(state["distinct"], old[0], 1)
        state["least"][streams] = np.minimum(state["least"][streams], numbers[came_of.begins])
        self._recent = np.concatenate([others, self._settle(streams[rows], numbers)], axis=1)

    def _settle(self, streams: Integers, numbers: Integers) -> Integers:
        """Count the losses between numbers where none can come any more; return the rest."""
        open_ = numbers > self._state["highest"][streams] - _MAX_MISORDER
        follows = np.append(streams[1:] == streams[:-1], False)
        next_open = np.append(open_[1:], False)
        gaps = np.append(np.diff(numbers) - 1, 0)
        lossy = follows & ~next_open & (gaps > 0)
        self._losses.update(streams[lossy], numbers[lossy] + 1, gaps[lossy])
        kept = np.flatnonzero(open_ | (follows & next_open))
        return np.stack([streams[kept], numbers[kept]])

    def result(self) -> SequenceCounts:
        """Return the counts, as if all streams ended here."""
        state = self._state
        losses = self._losses.copy()
        streams, numbers = self._recent[:, np.lexsort(self._recent[::-1])]
        gaps = np.where(np.diff(streams), 0, np.diff(numbers) - 1)
        lossy = np.flatnonzero(gaps > 0)
        losses.update(streams[lossy], numbers[lossy] + 1, gaps[lossy])
        expected = np.where(state["started"], state["highest"] - state["least"] + 1, 0)
        return SequenceCounts(
            expected=expected,
            lost=expected - state["distinct"],
            duplicated=state["packets"] - state["distinct"],
            reordered=state["distinct"] - state["rises"],
            restarts=state["restarts"].copy(),
            losses=losses.result(len(state)),
        )


class Sequence(NamedTuple):
    """What the sequence numbers of one stream tell.

    Attributes:
        valid: which packets belong to the sequence; the others are strays.
        extended: the sequence number of each valid packet without its wrap, in the order of
            arrival. After a restart of the sender the numbers go on where they had come to.
        expected: how many packets were sent, from the first to the last that came.
        lost: how many of them never came.
        duplicated: how many packets came that had come before.
        reordered: how many packets came after one with a larger number (RFC 4737, section 3.3).
        restarts: how often the sender began a new sequence.
        loss_runs: how many runs of packets were lost, one right after the other.
    """

    valid: npt.NDArray[np.bool_]
    extended: Integers
    expected: int
    lost: int
    duplicated: int
    reordered: int
    restarts: int
    loss_runs: int

    @property
    def burst_ratio(self) -> float:
        """Mean length of the runs of loss over that of independent losses (ITU-T G.107).

        1 when nothing was lost.
        """
        if not self.lost:
            return 1.0
        return self.lost / self.loss_runs * (1 - self.lost / self.expected)

    def missing(self) -> Integers:
        """Return the extended sequence numbers of the packets that never came."""
        came = distinct(self.extended)
        gaps = np.append(np.diff(came) - 1, 0)[: len(came)]
        after = Segments(came, np.cumsum(gaps) - gaps, gaps)
        missing: Integers = np.arange(1, int(gaps.sum()) + 1) + after.each(came - after.begins)
        return missing


def follow(numbers: npt.NDArray[np.uint16]) -> Sequence:
    """Follow the sequence numbers of one stream; see SequenceFollower.

    Args:
        numbers: the 16-bit sequence numbers, in the order of arrival.

    >>> follow(np.array([65534, 65535, 1, 0, 0, 3], np.uint16))[2:]
    (6, 1, 1, 1, 0, 1)
    """
    follower = SequenceFollower()
    followed = follower.update(Segments.of(np.zeros(len(numbers), np.int64)), numbers)
    counts = follower.result()
    found = (*counts[:-1], counts.losses.runs)
    return Sequence(followed.valid, followed.extended, *(int(each.sum()) for each in found))
