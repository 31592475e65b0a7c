"""One RTP stream, measured (RFC 3550)."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from voiplab.packets import payload_types, sequence
from voiplab.packets.jitter import jitter_ms
from voiplab.packets.media import MediaPlan
from voiplab.packets.reader import CaptureReader
from voiplab.packets.scan import Scan, StreamKey, rows_of, scan
from voiplab.packets.sdp import Codec
from voiplab.packets.stream_statistics import StreamFigures, StreamStatistics


@dataclass(frozen=True)
class Stream:
    """The packets of one synchronisation source from one address:port to another.

    What is known of the whole stream was measured when the capture was read; what is known of
    each packet is read from the capture again when it is first asked for.

    Attributes:
        reader: the capture that holds it.
        key: its addresses and SSRC.
        figures: what was measured of it.
        codecs: what its payload types stand for, as far as a session description told.
        call_id: the Call-ID of the dialog that negotiated it, or "".
        encrypted: whether it is SRTP, as agreed in SDP, or keyed by DTLS between its ports.
    """

    reader: CaptureReader = field(repr=False)
    key: StreamKey
    figures: StreamFigures
    codecs: dict[int, Codec]
    call_id: str = ""
    encrypted: bool = False

    @property
    def capture(self) -> str:
        """The name of the capture that holds it."""
        return self.reader.name

    @property
    def packets(self) -> int:
        """How many packets came."""
        return self.figures.packets

    @property
    def first_s(self) -> float:
        """When the first packet came, in seconds since 1970-01-01 UTC."""
        return self.figures.first_s

    @property
    def last_s(self) -> float:
        """When the last packet came, in seconds since 1970-01-01 UTC."""
        return self.figures.last_s

    def codec_of(self, payload_type: int) -> Codec | None:
        """Return what a payload type stands for, or None when nothing tells."""
        return payload_types.codec_of(self.codecs, payload_type)

    @cached_property
    def payload_type(self) -> int:
        """The payload type of most of its speech packets."""
        counts = self.figures.payload_types
        speech = [each for each in sorted(counts) if payload_types.is_speech(self.codecs, each)]
        return max(speech or sorted(counts), key=counts.__getitem__)

    @property
    def codec(self) -> Codec | None:
        """The codec of most of its speech packets, or None when nothing tells."""
        return self.codec_of(self.payload_type)

    @property
    def jitter_mean_and_max_ms(self) -> tuple[float, float]:
        """Mean and maximum of the running jitter estimate; NaN when it can't be measured."""
        rate_hz = payload_types.rhythm_hz(self.codecs, self.payload_type)
        return self.figures.jitter_ms.get(rate_hz, (float("nan"), float("nan")))

    @cached_property
    def rows(self) -> npt.NDArray[np.void]:
        """A row a packet (stream_statistics.RTP_ROW), in the order of arrival."""
        return rows_of(self.reader, self.key)

    @cached_property
    def sequence(self) -> sequence.Sequence:
        """What its sequence numbers tell."""
        return sequence.follow(self.rows["sequence"])

    @cached_property
    def timed(self) -> npt.NDArray[np.void]:
        """The rows from which jitter is measured: those that follow the codec's rhythm."""
        kinds = np.unique(self.rows["payload_type"]).tolist()
        steady = [kind for kind in kinds if self._is_timed(kind)]
        return self.rows[np.isin(self.rows["payload_type"], steady) & self.sequence.valid]

    @cached_property
    def jitter_ms(self) -> npt.NDArray[np.float64] | None:
        """The running jitter after each of its timed packets; None when the clock is unknown."""
        if not payload_types.rhythm_hz(self.codecs, self.payload_type) or self.codec is None:
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

    def _is_timed(self, payload_type: int) -> bool:
        mine = payload_types.rhythm_hz(self.codecs, self.payload_type)
        if mine:
            return payload_types.rhythm_hz(self.codecs, payload_type) == mine
        return payload_type == self.payload_type


def streams_of(scanned: Scan, reader: CaptureReader, plan: MediaPlan) -> list[Stream]:
    """Return the RTP streams of a scanned capture.

    What no session description announced must convince by its sequence numbers: two packets
    that follow one another, as RFC 3550, appendix A.1, asks of a new source.

    Args:
        scanned: what the capture holds.
        reader: the capture. It is read once more when a clock rate becomes known only from
            session descriptions that come later, or from another capture.
        plan: what session descriptions agreed upon.
    """
    statistics = scanned.statistics
    if not _agreed(scanned.streams, statistics, plan):
        statistics = scan(reader, plan).statistics
    found = []
    for key, figures in zip(scanned.streams, statistics.figures(), strict=True):
        announced = plan.claims(key.src, key.dst, figures.first_s)
        if announced or figures.in_order:
            codecs = plan.codecs(key.src, key.dst, figures.first_s)
            call_id = announced[0].call_id if announced else ""
            encrypted = plan.encrypted(key.src, key.dst, figures.first_s)
            encrypted = encrypted or scanned.traffic.has_dtls(key.src, key.dst)
            found.append(Stream(reader, key, figures, codecs, call_id, encrypted))
    return found


def _agreed(keys: tuple[StreamKey, ...], statistics: StreamStatistics, plan: MediaPlan) -> bool:
    """Say whether jitter was measured with the clock rates that were agreed upon."""
    return all(
        rate_hz
        == payload_types.rhythm_hz(
            plan.codecs(keys[stream].src, keys[stream].dst, statistics.first_s(stream)),
            payload_type,
        )
        for (stream, payload_type), rate_hz in statistics.clock_rates_hz.items()
    )
