"""How losses follow one another: bursts, and what lies between them (RFC 3611)."""

from typing import NamedTuple, Self

import numpy as np

from voiplab.packets.segments import Integers, grown

# So many packets received in a row end a burst (RFC 3611, section 4.7.2, recommends 16).
GMIN = 16

_STATE = np.dtype(
    [
        *((name, "i8") for name in ("runs", "longest", "bursts", "burst_packets", "burst_lost")),
        # The burst that is not over yet: its first number, the one after its last, its losses.
        *((name, "i8") for name in ("begin", "end", "lost")),
    ]
)


class LossCounts(NamedTuple):
    """How the losses of streams follow one another, a value a stream.

    Attributes:
        runs: how many runs of packets were lost, one right after the other.
        longest: the packets in the longest of them.
        bursts: how many bursts there were by RFC 3611, section 4.7.2: the longest sequences that
            begin and end with a lost packet and in which fewer than GMIN in a row came. A single
            loss with GMIN packets on either side is none.
        burst_packets: how many packets were sent during bursts.
        burst_lost: how many of those never came.
    """

    runs: Integers
    longest: Integers
    bursts: Integers
    burst_packets: Integers
    burst_lost: Integers


class Losses:
    """Counts the runs and bursts of loss of many streams, as losses become known."""

    def __init__(self) -> None:
        self._state = np.zeros(0, _STATE)

    def update(self, streams: Integers, begins: Integers, lengths: Integers) -> None:
        """Take runs of lost packets.

        Args:
            streams: the stream of each run; all runs of one stream together.
            begins: the extended sequence number of the first lost packet of each run, rising
                within a stream, from one call to the next too.
            lengths: how many packets each run lost.
        """
        if not len(streams):
            return
        self._state = state = grown(self._state, int(streams.max()) + 1)
        np.add.at(state["runs"], streams, 1)
        np.maximum.at(state["longest"], streams, lengths)
        touched = np.unique(streams)
        open_ = touched[state["lost"][touched] > 0]
        streams = np.concatenate([open_, streams])
        order = np.argsort(streams, kind="stable")
        streams = streams[order]
        ends = np.concatenate([state["end"][open_], begins + lengths])[order]
        begins = np.concatenate([state["begin"][open_], begins])[order]
        lost = np.concatenate([state["lost"][open_], lengths])[order]
        apart = (streams[1:] != streams[:-1]) | (begins[1:] - ends[:-1] >= GMIN)
        first = np.flatnonzero(np.concatenate([[True], apart]))
        last = np.append(first[1:], len(streams)) - 1
        streams, begins, ends = streams[first], begins[first], ends[last]
        lost = np.add.reduceat(lost, first)
        over = np.append(streams[1:] == streams[:-1], False)
        self._count(streams[over], (ends - begins)[over], lost[over])
        unfinished = streams[~over]
        state["begin"][unfinished], state["end"][unfinished] = begins[~over], ends[~over]
        state["lost"][unfinished] = lost[~over]

    def _count(self, streams: Integers, packets: Integers, lost: Integers) -> None:
        bursts = lost > 1
        for name, values in (("bursts", 1), ("burst_packets", packets[bursts])):
            np.add.at(self._state[name], streams[bursts], values)
        np.add.at(self._state["burst_lost"], streams[bursts], lost[bursts])

    def copy(self) -> Self:
        """Return the same counts, to go on from here without changing these."""
        copy = type(self)()
        copy._state = self._state.copy()  # noqa: SLF001 - of its own kind
        return copy

    def result(self, streams: int) -> LossCounts:
        """Return the counts, as if all streams ended here.

        Args:
            streams: how many streams there are.
        """
        ended = self.copy()
        ended._state = state = grown(ended._state, streams)[:streams]  # noqa: SLF001 - as above
        ended._count(np.arange(streams), state["end"] - state["begin"], state["lost"])  # noqa: SLF001
        return LossCounts(*(state[name] for name in LossCounts._fields))
