"""How far apart packets arrive: quantiles without keeping the packets."""

import numpy as np
import numpy.typing as npt

from voiplab.packets.segments import Integers

# The upper half of a 32-bit float has 128 values an octave: neighbours are 0.8 % apart or less.
_CELL_BITS = 16
_CELLS_SINCE = 1 << 16

Floats = npt.NDArray[np.float64]


class SpacingHistogram:
    """Counts how far apart the packets of many streams arrive, in cells less than 0.8 % wide.

    A quantile is the middle of its cell, so that it is told to within 0.4 %.
    """

    def __init__(self) -> None:
        # Stream and cell as one number, rising, and how often each occurred; then what came since.
        self._parts = [(np.zeros(0, np.int64), np.zeros(0, np.int64))]

    def update(self, streams: Integers, spacings_s: Floats) -> None:
        """Take the spacing between packets and those before them.

        Args:
            streams: whose each is.
            spacings_s: in seconds; less than 0, where a clock was set back, counts as 0.
        """
        cells = np.maximum(spacings_s, 0).astype(np.float32).view(np.uint32) >> _CELL_BITS
        self._parts.append(np.unique(streams << _CELL_BITS | cells, return_counts=True))
        since = sum(len(found) for found, _ in self._parts[1:])
        # Putting parts together costs as much as all that there is: let that double first.
        if since > max(len(self._parts[0][0]), _CELLS_SINCE):
            self._parts = [self._merged()]

    def _merged(self) -> tuple[Integers, Integers]:
        cells, counts = (np.concatenate(each) for each in zip(*self._parts, strict=True))
        merged, where = np.unique(cells, return_inverse=True)
        return merged, np.bincount(where, counts, len(merged)).astype(np.int64)

    def quantiles_ms(self, streams: int, fractions: tuple[float, ...]) -> list[Floats]:
        """Return quantiles of every stream's spacings.

        Args:
            streams: how many streams there are.
            fractions: the part of the spacings that is not larger, for each wanted quantile.

        Returns:
            For each fraction a value a stream, in milliseconds; NaN where there is no spacing.
        """
        found, counts = self._merged()
        if not len(found):
            return [np.full(streams, np.nan)] * len(fractions)
        reached = np.cumsum(counts)
        ends = np.searchsorted(found, np.arange(1, streams + 1) << _CELL_BITS)
        before = np.concatenate([[0], reached])[np.concatenate([[0], ends])]
        first, total = before[:-1], np.diff(before)
        cells = (found & (1 << _CELL_BITS) - 1).astype(np.uint32) << _CELL_BITS
        middle = np.uint32(1 << (_CELL_BITS - 1))
        cells_ms = 1000 * np.where(cells, cells + middle, 0).astype(np.uint32).view(np.float32)
        quantiles = []
        for fraction in fractions:
            rank = first + np.maximum(np.ceil(fraction * total), 1)
            at = np.minimum(np.searchsorted(reached, rank), len(cells_ms) - 1)
            quantiles.append(np.where(total > 0, cells_ms[at], np.nan).astype(np.float64))
        return quantiles
