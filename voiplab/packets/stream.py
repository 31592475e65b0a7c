"""One RTP stream, measured (RFC 3550)."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from voiplab.packets import sequence
from voiplab.packets.jitter import jitter_ms
from voiplab.packets.media import MediaPlan
from voiplab.packets.scan import Scan, StreamKey
from voiplab.packets.sdp import STATIC_PAYLOAD_TYPES, Codec

# They share a stream with speech, but don't follow its rhythm: RFC 4733 and RFC 3389.
_NOT_SPEECH = {"telephone-event", "cn"}


@dataclass(frozen=True)
class Stream:
    """The packets of one synchronisation source from one address:port to another.

    Attributes:
        capture: the name of the capture that holds it.
        key: its addresses and SSRC.
        rows: a row a packet (scan.RTP_ROW), in the order of arrival.
        codecs: what its payload types stand for, as far as a session description told.
        call_id: the Call-ID of the dialog that negotiated it, or "".
    """

    capture: str
    key: StreamKey
    rows: npt.NDArray[np.void]
    codecs: dict[int, Codec]
    call_id: str = ""

    def codec_of(self, payload_type: int) -> Codec | None:
        """Return what a payload type stands for, or None when nothing tells."""
        return self.codecs.get(payload_type) or STATIC_PAYLOAD_TYPES.get(payload_type)

    @cached_property
    def payload_type(self) -> int:
        """The payload type of most of its speech packets."""
        counts = np.bincount(self.rows["payload_type"], minlength=128)
        speech = [number for number in np.flatnonzero(counts) if self._is_speech(int(number))]
        return int(max(speech or np.flatnonzero(counts), key=lambda number: int(counts[number])))

    @property
    def codec(self) -> Codec | None:
        """The codec of most of its speech packets, or None when nothing tells."""
        return self.codec_of(self.payload_type)

    @cached_property
    def sequence(self) -> sequence.Sequence:
        """What its sequence numbers tell."""
        return sequence.follow(self.rows["sequence"])

    @cached_property
    def timed(self) -> npt.NDArray[np.void]:
        """The rows from which jitter is measured: those that follow the codec's rhythm."""
        kinds = np.unique(self.rows["payload_type"]).tolist()
        steady = [kind for kind in kinds if self._is_speech(kind) and self._same_clock(kind)]
        return self.rows[np.isin(self.rows["payload_type"], steady) & self.sequence.valid]

    @cached_property
    def jitter_ms(self) -> npt.NDArray[np.float64] | None:
        """The running jitter after each of its timed packets; None when the clock is unknown."""
        if self.codec is None:
            return None
        return jitter_ms(self.timed["time_s"], self.timed["timestamp"], self.codec.clock_rate_hz)

    @cached_property
    def lost_s(self) -> npt.NDArray[np.float64]:
        """When each lost packet would have come, in seconds since 1970-01-01 UTC.

        Taken as evenly spread between the packets before and after the gap.
        """
        numbers, first = np.unique(self.sequence.extended, return_index=True)
        times = self.rows["time_s"][self.sequence.valid][first]
        lost_s: npt.NDArray[np.float64] = np.interp(self.sequence.missing(), numbers, times)
        return lost_s

    @property
    def is_convincing(self) -> bool:
        """Whether two packets follow one another in number, as in an RTP stream.

        It is how RFC 3550, appendix A.1, puts a new source on probation.
        """
        numbers = self.rows["sequence"]
        return bool((np.diff(numbers.astype(np.int64)).astype(np.uint16) == 1).any())

    def _is_speech(self, payload_type: int) -> bool:
        codec = self.codec_of(payload_type)
        return codec is None or codec.name.lower() not in _NOT_SPEECH

    def _same_clock(self, payload_type: int) -> bool:
        mine, codec = self.codec_of(payload_type), self.codec
        if mine is None or codec is None:
            return payload_type == self.payload_type
        return mine.clock_rate_hz == codec.clock_rate_hz


def streams_of(scan: Scan, capture: str, plan: MediaPlan) -> list[Stream]:
    """Return the RTP streams of a scanned capture.

    What no session description announced must convince by its sequence numbers.

    Args:
        scan: what the capture holds.
        capture: its name.
        plan: what session descriptions agreed upon.
    """
    order = np.argsort(_smallest(scan.rtp["stream"], len(scan.streams)), kind="stable")
    counts = np.bincount(scan.rtp["stream"], minlength=len(scan.streams))
    found = []
    for key, rows in (
        zip(scan.streams, np.split(scan.rtp[order], np.cumsum(counts)[:-1]), strict=True)
        if scan.streams
        else ()
    ):
        first_s = float(rows["time_s"][0])
        announced = plan.claims(key.src, key.dst, first_s)
        stream = Stream(
            capture=capture,
            key=key,
            rows=rows,
            codecs=plan.codecs(key.src, key.dst, first_s),
            call_id=announced[0].call_id if announced else "",
        )
        if announced or stream.is_convincing:
            found.append(stream)
    return found


def _smallest(numbers: npt.NDArray[np.int32], limit: int) -> npt.NDArray[np.integer]:
    """Take numbers as 16 bits when they fit: those are sorted in linear time."""
    return numbers.astype(np.uint16) if limit <= 1 << 16 else numbers
