"""A stream's packets, decoded and put where they were played."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from voiplab.packets.concealment import Concealment, repeat_after, repeat_before
from voiplab.packets.decoder import Decoder, Samples
from voiplab.packets.payloads import Payloads
from voiplab.packets.playout import DUPLICATE, LOST, PLAYED, Playout

_LONGEST_PAUSE_S = 30.0
_FARTHEST_BACK_S = 2.0


class Rendition:
    """The packets of a stream, decoded and put where they were played.

    Args:
        packets: the packets of the stream.
        fates: what became of each.
        kinds: what decodes each payload type that is speech.
        rate_hz: how many samples make a second.
        clock_rate_hz: how fast timestamps advance.
    """

    def __init__(
        self,
        packets: Payloads,
        fates: Playout,
        kinds: dict[int, Decoder],
        rate_hz: int,
        clock_rate_hz: int,
    ) -> None:
        once = fates.fate != DUPLICATE
        self._rate_hz = rate_hz
        self._missing = fates.fate[once] != PLAYED
        self._decode(packets, fates.packet[once], kinds)
        came = np.flatnonzero(fates.fate[once] != LOST)
        starts = fates.ticks[once][came] * rate_hz // clock_rate_hz
        starts += np.rint(fates.shift_s[once][came] * rate_hz).astype(np.int64)
        pauses = starts[1:] - (starts + self._sizes[came])[:-1]
        too_long = np.maximum(pauses - int(_LONGEST_PAUSE_S * rate_hz), 0)
        self._pauses_cut = int((too_long > 0).sum())
        # Where the clock of the capture was set back, sound goes on after what came before.
        backwards = np.where(pauses < -int(_FARTHEST_BACK_S * rate_hz), pauses, 0)
        placed = starts.copy()
        placed[1:] -= np.cumsum(too_long + backwards)
        first = int(placed.argmin()) if len(placed) else 0
        self.start_s = int(starts[first]) / rate_hz if len(starts) else 0.0
        # What was lost follows what came before it.
        before = np.maximum.accumulate(
            np.where(fates.fate[once] != LOST, np.arange(int(once.sum())), 0)
        )
        so_far = np.cumsum(self._sizes) - self._sizes
        self._starts = so_far - so_far[before]
        if len(placed):
            self._starts += (placed - placed[first])[np.searchsorted(came, before)]

    def _decode(
        self, packets: Payloads, which: npt.NDArray[np.int64], kinds: dict[int, Decoder]
    ) -> None:
        """Decode the packets of each payload type, in the order of sending."""
        types = np.full(len(which), next(iter(kinds)), np.int64)
        types[~self._missing] = packets.payload_type[which[~self._missing]]
        # What is missing is taken for what came before it.
        types = types[np.maximum.accumulate(np.where(self._missing, 0, np.arange(len(which))))]
        self._sizes = np.zeros(len(which), np.int64)
        self._begins = np.zeros(len(which), np.int64)
        self._concealed = np.zeros(len(which), bool)
        parts = [np.zeros(0, np.float32)]
        for kind, decoder in kinds.items():
            mine = np.flatnonzero(types == kind)
            samples, sizes = decoder.decode(
                [
                    None if missing else packets.payload[packet]
                    for packet, missing in zip(
                        which[mine].tolist(), self._missing[mine].tolist(), strict=True
                    )
                ]
            )
            self._sizes[mine] = sizes
            self._begins[mine] = sum(map(len, parts)) + np.cumsum(sizes) - sizes
            self._concealed[mine] = self._missing[mine] & decoder.conceals
            parts.append(samples)
        self._decoded = np.concatenate(parts)
        np.clip(self._decoded, -1, 1, out=self._decoded)

    @property
    def remarks(self) -> list[str]:
        """What can't be heard as it was."""
        remarks = []
        if damaged := int((~self._missing & (self._sizes == 0)).sum()):
            remarks.append(f"{counted(damaged)} could not be decoded.")
        if self._pauses_cut:
            remarks.append(
                f"Pauses of more than {_LONGEST_PAUSE_S:.0f} s were cut to that, "
                f"{self._pauses_cut} in all: what follows was played later than it seems."
            )
        return remarks

    def samples(self, concealment: Concealment | None) -> Samples:
        """Return the sound from the first packet to the last.

        Args:
            concealment: what is heard in place of a missing packet; None for what the decoder
                gives there, or silence.
        """
        audible = ~self._missing
        if concealment != "silence":
            audible |= self._concealed
        heard = np.flatnonzero(audible)
        starts, ends = self._starts[heard], (self._starts + self._sizes)[heard]
        begins = self._begins[heard]
        samples = np.zeros(int(ends.max(initial=0)), np.float32)
        for first, last in _runs(starts, ends, begins):
            source = self._decoded[begins[first] : begins[last] + ends[last] - starts[last]]
            samples[starts[first] : ends[last]] = source
        lossy = np.flatnonzero(np.diff(heard) > 1)
        gaps = zip(ends[lossy].tolist(), starts[lossy + 1].tolist(), strict=True)
        if concealment == "repeat":
            repeat_before(samples, gaps, self._rate_hz)
        elif concealment == "next":
            sizes = self._sizes[heard[lossy + 1]].tolist()
            repeat_after(samples, gaps, sizes)
        return samples


def _runs(
    starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64], begins: npt.NDArray[np.int64]
) -> Iterator[tuple[int, int]]:
    """Give the first and the last of packets that follow one another without a gap.

    Args:
        starts: where each packet's sound begins when it is played.
        ends: where it ends.
        begins: where it begins among all that was decoded.
    """
    if not len(starts):
        return
    goes_on = (starts[1:] == ends[:-1]) & (np.diff(begins) == (ends - starts)[:-1])
    breaks = np.flatnonzero(~goes_on)
    firsts, lasts = [0, *(breaks + 1).tolist()], [*breaks.tolist(), len(starts) - 1]
    yield from zip(firsts, lasts, strict=True)


def counted(count: int) -> str:
    """Return a number of packets in words."""
    return "1 packet" if count == 1 else f"{count} packets"
