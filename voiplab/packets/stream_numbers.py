"""Which stream a packet belongs to, for many packets at once."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

_SLOT_BITS = 16
_SLOT_SHIFT = np.uint64(64 - _SLOT_BITS)
_FACTOR = 0x9E3779B97F4A7C15  # 2⁶⁴ over the golden ratio: spreads neighbours (Fibonacci hashing)


class StreamNumbers:
    """Numbers streams by what stands in the headers of their packets.

    Args:
        number_of: gives the number of a stream that is new, from its 16 bytes.

    >>> names = []
    >>> numbers = StreamNumbers(lambda key: names.append(key) or len(names) - 1)
    >>> numbers.of(np.array([[1, 2], [3, 4], [1, 2]], np.uint64)).tolist()
    [0, 1, 0]
    """

    def __init__(self, number_of: Callable[[bytes], int]) -> None:
        self._number_of = number_of
        self._factor = _FACTOR
        self._turn = 0
        # Known keys by their mixture, which rises.
        self._keys = np.zeros((0, 2), np.uint64)
        self._mixed = np.zeros(0, np.uint64)
        self._numbers = np.zeros(0, np.int32)
        # Where in these a key lies that shares the upper bits of its mixture.
        self._slots = np.zeros(1 << _SLOT_BITS, np.int64)

    def of(self, keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.int32]:
        """Return the stream's number of each packet.

        Args:
            keys: 16 bytes of each as two numbers: its addresses, ports and SSRC.
        """
        if len(keys) and not len(self._keys):
            self._learn(keys[:1])
        while True:
            mixed = self._mix(keys)
            at = self._slots.take(mixed >> _SLOT_SHIFT)
            others = np.flatnonzero((self._keys[at] != keys).any(axis=1))
            at[others] = np.searchsorted(self._mixed[:-1], mixed[others])
            new = others[(self._keys[at[others]] != keys[others]).any(axis=1)]
            if not len(new):
                return self._numbers.take(at)
            self._learn(np.unique(keys[new], axis=0))

    def _mix(self, keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
        factor = np.uint64(self._factor)
        first = keys[:, 0]
        if self._turn:
            first = first << np.uint64(self._turn) | first >> np.uint64(64 - self._turn)
        mixed: npt.NDArray[np.uint64] = (first * factor ^ keys[:, 1]) * factor
        return mixed

    def _learn(self, keys: npt.NDArray[np.uint64]) -> None:
        numbers = np.array([self._number_of(key.tobytes()) for key in keys], np.int32)
        self._keys = np.concatenate([self._keys, keys])
        self._numbers = np.concatenate([self._numbers, numbers])
        while True:
            mixed = self._mix(self._keys)
            order = np.argsort(mixed, kind="stable")
            self._mixed = mixed[order]
            if (self._mixed[1:] != self._mixed[:-1]).all():
                break
            # Two keys were mixed into one number: mix them otherwise. No factor parts keys that
            # differ in the highest bit of either half, so the halves are turned, too.
            self._factor = (self._factor * 3 + 2) % (1 << 64)
            self._turn = self._turn % 63 + 1
        self._keys, self._numbers = self._keys[order], self._numbers[order]
        self._slots[self._mixed >> _SLOT_SHIFT] = np.arange(len(self._keys))
