"""A piece of a capture, and where in it the frames lie."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class Clock(NamedTuple):
    """How a capture writes the time of a frame: two 32-bit numbers, high and low.

    Attributes:
        ticks_per_high: what one unit of the high number is worth, in ticks.
        ticks_per_second: what a second is worth, in ticks.
        offset_s: seconds to add.
    """

    ticks_per_high: int
    ticks_per_second: int
    offset_s: int = 0

    def time_s(self, high: int, low: int) -> float:
        """Return seconds since 1970-01-01 UTC.

        >>> Clock(1_000_000, 1_000_000).time_s(1_700_000_000, 250_000)
        1700000000.25
        """
        return (high * self.ticks_per_high + low) / self.ticks_per_second + self.offset_s


class Runs:
    """Where frames lie: runs of equally long ones, evenly spaced, as RTP often comes.

    Iterating gives where each frame begins and how long it is. The columns are arrays of 64-bit
    numbers, which numpy takes as they are.

    Attributes:
        starts: where the first frame of each run begins.
        lengths: how many bytes of each of its frames were captured.
        counts: how many frames there are in each run.
        strides: how far apart their beginnings are.

    >>> runs = Runs()
    >>> runs.add(16, 60, 2, 76)
    >>> list(runs)
    [(16, 60), (92, 60)]
    """

    __slots__ = ("counts", "lengths", "starts", "strides")

    def __init__(self) -> None:
        self.starts, self.lengths = array("q"), array("q")
        self.counts, self.strides = array("q"), array("q")

    def add(self, start: int, length: int, count: int, stride: int) -> None:
        """Take a run."""
        self.starts.append(start)
        self.lengths.append(length)
        self.counts.append(count)
        self.strides.append(stride)

    def __bool__(self) -> bool:
        return bool(self.starts)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        columns = self.starts, self.lengths, self.counts, self.strides
        for start, length, count, stride in zip(*columns, strict=True):
            for at in range(count):
                yield start + at * stride, length


@dataclass(frozen=True)
class Batch:
    """Frames of one link type and clock, one after the other in ``data``.

    Both file formats write the two numbers of the time 16 and 12 bytes before the frame.

    Attributes:
        data: the bytes of the file that hold them.
        runs: where in data they lie; there is at least one.
        link: their link type.
        clock: how their times are written.
        order: the byte order of the file's numbers, "<" or ">".
    """

    data: bytes
    runs: Runs
    link: int
    clock: Clock
    order: str

    @cached_property
    def starts(self) -> "npt.NDArray[np.int64]":
        """Where each frame begins in data."""
        import numpy as np  # noqa: PLC0415 - not needed to read frames one by one

        runs = self.runs
        counts, strides = np.asarray(runs.counts), np.asarray(runs.strides)
        # What would have come before each run, had its frames lain there too.
        origins = np.asarray(runs.starts) - (np.cumsum(counts) - counts) * strides
        starts: npt.NDArray[np.int64] = np.arange(int(counts.sum()), dtype=np.int64)
        starts *= np.repeat(strides, counts)
        starts += np.repeat(origins, counts)
        return starts

    @cached_property
    def lengths(self) -> "npt.NDArray[np.int64]":
        """How many bytes of each frame were captured."""
        import numpy as np  # noqa: PLC0415 - as above

        return np.repeat(np.asarray(self.runs.lengths), np.asarray(self.runs.counts))

    def frames(self) -> Iterator[tuple[float, bytes]]:
        """Give each frame: when it was seen, in seconds since 1970-01-01 UTC, and its bytes."""
        for start, length in self.runs:
            yield self._time_s(start), self.data[start : start + length]

    def time_s(self, index: int) -> float:
        """Return when a frame was seen, in seconds since 1970-01-01 UTC."""
        return self._time_s(int(self.starts[index]))

    def _time_s(self, start: int) -> float:
        high, low = _TIME[self.order].unpack_from(self.data, start - 16)
        return self.clock.time_s(high, low)


_TIME = {order: Struct(order + "II") for order in "<>"}


def alike(data: bytes, at: int, stride: int, most: int, columns: tuple[int, ...]) -> int:
    """Count the records, at most so many, that have the same bytes in some columns as the first.

    It looks at every n-th byte of a column at once.

    Args:
        data: the records, one after the other.
        at: where the first begins.
        stride: how long each is.
        most: how many there are at most, 1 or more.
        columns: where in a record to look.

    >>> alike(b"a1a2a3b4", 0, 2, 4, (0,))
    3
    """
    for column in columns:
        first = at + column
        values = data[first : first + (most - 1) * stride + 1 : stride]
        most -= len(values.lstrip(values[:1]))
    return most


@dataclass(slots=True)
class Cut:
    """Where and why a capture ended before its time.

    Attributes:
        reason: a sentence without its subject, or "" when the capture is whole.
    """

    reason: str = ""
