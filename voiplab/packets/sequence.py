"""Sequence numbers that wrap, repeat, come late or start anew (RFC 3550, appendix A.1)."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_MAX_DROPOUT = 3000
_MAX_MISORDER = 100


class Sequence(NamedTuple):
    """What the sequence numbers of a stream tell.

    Attributes:
        valid: which packets belong to the sequence; the others are strays.
        extended: the sequence number of each valid packet without its wrap, in the order of
            arrival. After a restart of the sender the numbers go on where they had come to.
        expected: how many packets were sent, from the first to the last that came.
        lost: how many of them never came.
        duplicated: how many packets came that had come before.
        reordered: how many packets came after one with a larger number (RFC 4737, section 3.3).
        restarts: how often the sender began a new sequence.
    """

    valid: npt.NDArray[np.bool_]
    extended: npt.NDArray[np.int64]
    expected: int
    lost: int
    duplicated: int
    reordered: int
    restarts: int

    def missing(self) -> npt.NDArray[np.int64]:
        """Return the extended sequence numbers of the packets that never came."""
        if not len(self.extended):
            return self.extended
        came = np.zeros(self.expected, bool)
        came[self.extended - self.extended.min()] = True
        missing: npt.NDArray[np.int64] = np.flatnonzero(~came) + self.extended.min()
        return missing

    @property
    def burst_ratio(self) -> float:
        """Mean length of the bursts of loss over that of independent losses (ITU-T G.107).

        1 when nothing, or everything between two packets, was lost.
        """
        missing = self.missing()
        if not len(missing):
            return 1.0
        bursts = 1 + int((np.diff(missing) > 1).sum())
        return float(len(missing) / bursts * (1 - self.lost / self.expected))


def follow(numbers: npt.NDArray[np.uint16]) -> Sequence:
    """Follow the sequence numbers of a stream.

    A jump forward by 3000 or more, or back by more than 100, that the next packet confirms, is a
    sender that started anew: nothing counts as lost there. One that the next packet does not
    confirm is a stray, and takes no part in the counts (RFC 3550, appendix A.1).

    Args:
        numbers: the 16-bit sequence numbers, in the order of arrival.

    >>> follow(np.array([65534, 65535, 1, 0, 0, 3], np.uint16))[2:]
    (6, 1, 1, 1, 0)
    """
    wide = numbers.astype(np.int64)
    valid = np.ones(len(wide), bool)
    steps = _signed(np.diff(wide))
    starts: list[int] = []
    if ((steps >= _MAX_DROPOUT) | (steps < -_MAX_MISORDER)).any():
        valid, starts = _probation(wide.tolist())
    wide = wide[valid]
    steps = _signed(np.diff(wide))
    restarts = np.searchsorted(np.flatnonzero(valid), starts)
    steps[restarts - 1] = 0
    extended = np.concatenate([wide[:1], wide[:1] + np.cumsum(steps)])
    for at in restarts.tolist():
        # A new sequence goes on from the largest number so far.
        extended[at:] += extended[:at].max() + 1 - extended[at]
    return _counted(valid, extended, len(starts))


def _signed(differences: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Take differences of 16-bit numbers as the shorter way around."""
    return differences.astype(np.uint16).astype(np.int16).astype(np.int64)


def _probation(numbers: list[int]) -> tuple[npt.NDArray[np.bool_], list[int]]:
    """Return which packets belong to the stream, and where it starts anew."""
    valid = np.ones(len(numbers), bool)
    starts: list[int] = []
    largest, confirming = numbers[0], -1
    for at, number in enumerate(numbers[1:], 1):
        ahead = (number - largest) & 0xFFFF
        if ahead < _MAX_DROPOUT:
            largest, confirming = number, -1
        elif ahead <= (1 << 16) - _MAX_MISORDER:
            if number == confirming:
                valid[at - 1] = True
                starts.append(at - 1)
                largest, confirming = number, -1
            else:
                valid[at] = False
                confirming = (number + 1) & 0xFFFF
    return valid, starts


def _counted(
    valid: npt.NDArray[np.bool_], extended: npt.NDArray[np.int64], restarts: int
) -> Sequence:
    if not len(extended):
        return Sequence(valid, extended, 0, 0, 0, 0, restarts)
    distinct, first = np.unique(extended, return_index=True)
    expected = int(distinct[-1] - distinct[0]) + 1
    late = extended < np.maximum.accumulate(extended)
    return Sequence(
        valid=valid,
        extended=extended,
        expected=expected,
        lost=expected - len(distinct),
        duplicated=len(extended) - len(distinct),
        reordered=int(late[first].sum()),
        restarts=restarts,
    )
