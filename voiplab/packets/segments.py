"""Rows of many streams in one array, worked on all at once."""

from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]


class Segments(NamedTuple):
    """Where in an array the rows of each stream lie: one stream's together, in their order.

    Attributes:
        names: the number of the stream that each segment belongs to.
        begins: where each segment begins.
        counts: how many rows each has; none is empty.
    """

    names: Integers
    begins: Integers
    counts: Integers

    @classmethod
    def of(cls, names: npt.NDArray[np.integer]) -> Self:
        """Find the segments of rows whose streams are known.

        >>> Segments.of(np.array([7, 7, 3, 3, 3])).counts.tolist()
        [2, 3]
        """
        first = np.ones(min(len(names), 1), bool)
        begins = np.flatnonzero(np.concatenate([first, names[1:] != names[:-1]]))
        counts = np.diff(np.append(begins, len(names)))
        return cls(names[begins].astype(np.int64), begins, counts)

    def each(self, values: npt.ArrayLike) -> npt.NDArray[Any]:
        """Give each row its segment's value."""
        repeated: npt.NDArray[Any] = np.repeat(np.asarray(values), self.counts)
        return repeated

    @property
    def lasts(self) -> Integers:
        """Where the last row of each segment lies."""
        lasts: Integers = self.begins + self.counts - 1
        return lasts

    def before(self, values: npt.NDArray[Any], first: npt.ArrayLike) -> npt.NDArray[Any]:
        """Give each row the value of the row before it, and the first of each segment its own."""
        shifted = np.empty_like(values)
        shifted[1:] = values[:-1]
        shifted[self.begins] = first
        return shifted

    def running_sums(self, values: Integers) -> Integers:
        """Add up the values of each segment, row after row."""
        sums = np.cumsum(values)
        sums -= self.each(sums[self.begins] - values[self.begins])
        return sums

    def running_maxima(self, values: Integers) -> Integers:
        """Return the largest of 0 and the values so far, row after row."""
        floor = np.maximum(values, 0)
        lift = self.each(np.arange(len(self.begins)) << int(floor.max(initial=0)).bit_length())
        maxima: Integers = np.maximum.accumulate(floor + lift)
        maxima -= lift
        return maxima


def distinct(values: Integers) -> Integers:
    """Return each value once, rising.

    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    # np.unique would look each value up in a hash table: slower for values that nearly rise.
    rising = np.sort(values)
    last = np.ones(min(len(values), 1), bool)
    different: Integers = rising[np.concatenate([rising[1:] != rising[:-1], last])]
    return different


def grown(state: npt.NDArray[np.void], count: int) -> npt.NDArray[np.void]:
    """Return a table with at least so many rows, the new ones zero.

    >>> len(grown(np.zeros(3, [("packets", "i8")]), 5))
    6
    """
    if len(state) >= count:
        return state
    larger = np.zeros(max(count, 2 * len(state)), state.dtype)
    larger[: len(state)] = state
    return larger
