"""How far apart packets arrive: quantiles without keeping the packets."""

import numpy as np
import numpy.typing as npt

from voiplab.packets.segments import Integers

# The upper half of a 32-bit float has 128 values an octave: neighbours are 0.8 % apart or less.
_CELL_BITS = 16

Floats = npt.NDArray[np.float64]


class SpacingHistogram:
    """Counts how far apart the packets of many streams arrive, in cells less than 0.8 % wide.

    A quantile is the middle of its cell, so that it is told to within 0.4 %.
    """

    def __init__(self) -> None:
        # Stream and cell as one number, rising, and how often each occurred.
        self._cells = np.zeros(0, np.int64)
        self._counts = np.zeros(0, np.int64)

    def update(self, streams: Integers, spacings_s: Floats) -> None:
        """Take the spacing between packets and those before them.

        Args:
            streams: whose each is.
            spacings_s: in seconds; less than 0, where a clock was set back, counts as 0.
        """
        cells = np.maximum(spacings_s, 0).astype(np.float32).view(np.uint32) >> _CELL_BITS
        found, counts = np.unique(streams << _CELL_BITS | cells, return_counts=True)
        self._cells, where = np.unique(np.concatenate([self._cells, found]), return_inverse=True)
        counts = np.concatenate([self._counts, counts])
        self._counts = np.bincount(where, counts, len(self._cells)).astype(np.int64)

    def quantiles_ms(self, streams: int, fractions: tuple[float, ...]) -> list[Floats]:
        """Return quantiles of every stream's spacings.

        Args:
            streams: how many streams there are.
            fractions: the part of the spacings that is not larger, for each wanted quantile.

        Returns:
            For each fraction a value a stream, in milliseconds; NaN where there is no spacing.
        """
        if not len(self._cells):
            return [np.full(streams, np.nan)] * len(fractions)
        reached = np.cumsum(self._counts)
        ends = np.searchsorted(self._cells, np.arange(1, streams + 1) << _CELL_BITS)
        before = np.concatenate([[0], reached])[np.concatenate([[0], ends])]
        first, total = before[:-1], np.diff(before)
        cells = (self._cells & (1 << _CELL_BITS) - 1).astype(np.uint32) << _CELL_BITS
        middle = np.uint32(1 << (_CELL_BITS - 1))
        cells_ms = 1000 * np.where(cells, cells + middle, 0).astype(np.uint32).view(np.float32)
        found = []
        for fraction in fractions:
            rank = first + np.maximum(np.ceil(fraction * total), 1)
            at = np.minimum(np.searchsorted(reached, rank), len(cells_ms) - 1)
            found.append(np.where(total > 0, cells_ms[at], np.nan).astype(np.float64))
        return found
