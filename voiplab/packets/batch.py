"""A run of captured frames that lie in one piece of memory."""

from dataclasses import dataclass
from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from array import array


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


class Batch(NamedTuple):
    """Frames of one link type and clock, one after the other in ``data``.

    Both file formats write the two numbers of the time 16 and 12 bytes before the frame.

    Attributes:
        data: the bytes of the file that hold them.
        starts: where each frame begins in data (64-bit numbers, as numpy takes them).
        lengths: how many bytes of each frame were captured (likewise).
        link: their link type.
        clock: how their times are written.
        order: the byte order of the file's numbers, "<" or ">".
    """

    data: bytes
    starts: "array[int]"
    lengths: "array[int]"
    link: int
    clock: Clock
    order: str

    def time_s(self, index: int) -> float:
        """Return when a frame was seen, in seconds since 1970-01-01 UTC."""
        high, low = _TIME[self.order].unpack_from(self.data, self.starts[index] - 16)
        return self.clock.time_s(high, low)


_TIME = {order: Struct(order + "II") for order in "<>"}


@dataclass(slots=True)
class Cut:
    """Where and why a capture ended before its time.

    Attributes:
        reason: a sentence without its subject, or "" when the capture is whole.
    """

    reason: str = ""
