"""Blocks of RTCP extended reports (RFC 3611, section 4)."""

from dataclasses import dataclass, replace
from struct import Struct
from typing import ClassVar

from voiplab.errors import CaptureError

_HEADER = Struct(">BBH")
_REFERENCE = Struct(">Q")
_DELAY = Struct(">III")
_STATISTICS = Struct(">IHHIIIIII4B")
_VOIP = Struct(">I4B4HbbBB4BBxHHH")


@dataclass(frozen=True, slots=True)
class ReceiverReferenceTime:
    """The clock of one who only listens, so that it too can measure round trips (section 4.4).

    Attributes:
        ntp: the time when it was sent: seconds since 1900, 32 bits before the point, 32 after.
    """

    kind: ClassVar[int] = 4
    ntp: int

    @property
    def content(self) -> bytes:
        """What follows the block's header."""
        return _REFERENCE.pack(self.ntp)


@dataclass(frozen=True, slots=True)
class ReceiverDelay:
    """An answer to a receiver reference time.

    Attributes:
        ssrc: whose.
        last_rr: the middle 32 bits of its NTP time; 0 when none came.
        delay: since it came, in 1/65536 s.
    """

    ssrc: int
    last_rr: int
    delay: int


@dataclass(frozen=True, slots=True)
class DelaySinceLastReceiverReport:
    """Answers to receiver reference times, DLRR (section 4.5).

    Attributes:
        delays: one a receiver.
    """

    kind: ClassVar[int] = 5
    delays: tuple[ReceiverDelay, ...]

    @property
    def content(self) -> bytes:
        """What follows the block's header."""
        return b"".join(_DELAY.pack(each.ssrc, each.last_rr, each.delay) for each in self.delays)


@dataclass(frozen=True, slots=True)
class StatisticsSummary:
    """What a receiver counted over a run of sequence numbers (section 4.6).

    Attributes:
        ssrc: the source that it is about.
        begin_sequence: the first number of the run.
        end_sequence: the number after its last.
        lost: packets lost.
        duplicated: packets that came more than once.
        jitter_min: the least relative transit time between two packets, in timestamp units.
        jitter_max: the greatest.
        jitter_mean: the mean.
        jitter_deviation: the standard deviation.
        ttl: the least, greatest and mean time to live or hop limit, and its standard deviation.
        flags: which of these the receiver filled in: 0x80 lost, 0x40 duplicated, 0x20 jitter,
            0x08 time to live, 0x10 hop limit.
    """

    kind: ClassVar[int] = 6
    ssrc: int
    begin_sequence: int
    end_sequence: int
    lost: int = 0
    duplicated: int = 0
    jitter_min: int = 0
    jitter_max: int = 0
    jitter_mean: int = 0
    jitter_deviation: int = 0
    ttl: tuple[int, int, int, int] = (0, 0, 0, 0)
    flags: int = 0

    @property
    def content(self) -> bytes:
        """What follows the block's header."""
        return _STATISTICS.pack(
            self.ssrc, self.begin_sequence, self.end_sequence, self.lost, self.duplicated,
            self.jitter_min, self.jitter_max, self.jitter_mean, self.jitter_deviation, *self.ttl,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class VoipMetrics:
    """What a telephone measured of a call (section 4.7). 127 stands for "unknown" where marked.

    Attributes:
        ssrc: the source that it is about.
        loss_rate: packets lost, in 1/256.
        discard_rate: packets that came too late or too early, in 1/256.
        burst_density: packets lost or discarded within bursts, in 1/256.
        gap_density: likewise within the gaps between bursts, in 1/256.
        burst_duration_ms: the mean length of bursts.
        gap_duration_ms: the mean length of gaps.
        round_trip_delay_ms: between the RTP interfaces.
        end_system_delay_ms: in the telephone itself.
        signal_level_dbm: of speech (127).
        noise_level_dbm: of silence (127).
        residual_echo_return_loss_db: RERL (127).
        gap_threshold: Gmin: so many packets received in a row end a burst.
        r_factor: 0 to 100 (127); see the E-model, ITU-T G.107.
        external_r_factor: likewise, of a segment outside of IP (127).
        mos_listening_tenths: MOS-LQ times ten (127).
        mos_conversational_tenths: MOS-CQ times ten (127).
        receiver_configuration: packet loss concealment and kind of jitter buffer, in bits.
        jitter_buffer_nominal_ms: its delay for packets that come on time.
        jitter_buffer_maximum_ms: its present greatest delay.
        jitter_buffer_limit_ms: the greatest delay it could grow to.
    """

    kind: ClassVar[int] = 7
    ssrc: int
    loss_rate: int = 0
    discard_rate: int = 0
    burst_density: int = 0
    gap_density: int = 0
    burst_duration_ms: int = 0
    gap_duration_ms: int = 0
    round_trip_delay_ms: int = 0
    end_system_delay_ms: int = 0
    signal_level_dbm: int = 127
    noise_level_dbm: int = 127
    residual_echo_return_loss_db: int = 127
    gap_threshold: int = 16
    r_factor: int = 127
    external_r_factor: int = 127
    mos_listening_tenths: int = 127
    mos_conversational_tenths: int = 127
    receiver_configuration: int = 0
    jitter_buffer_nominal_ms: int = 0
    jitter_buffer_maximum_ms: int = 0
    jitter_buffer_limit_ms: int = 0

    @property
    def content(self) -> bytes:
        """What follows the block's header."""
        return _VOIP.pack(
            self.ssrc, self.loss_rate, self.discard_rate, self.burst_density, self.gap_density,
            self.burst_duration_ms, self.gap_duration_ms, self.round_trip_delay_ms,
            self.end_system_delay_ms, self.signal_level_dbm, self.noise_level_dbm,
            self.residual_echo_return_loss_db, self.gap_threshold, self.r_factor,
            self.external_r_factor, self.mos_listening_tenths, self.mos_conversational_tenths,
            self.receiver_configuration, self.jitter_buffer_nominal_ms,
            self.jitter_buffer_maximum_ms, self.jitter_buffer_limit_ms,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class OtherBlock:
    """A block of another kind, unread.

    Attributes:
        kind: its number in the registry of RTCP XR block types.
        flags: the byte after it, whose meaning depends on the kind.
        content: what follows the block's header.
    """

    kind: int
    flags: int
    content: bytes


Block = (
    ReceiverReferenceTime
    | DelaySinceLastReceiverReport
    | StatisticsSummary
    | VoipMetrics
    | OtherBlock
)


def blocks(content: bytes) -> tuple[Block, ...]:
    """Read the blocks of an extended report.

    Args:
        content: what follows the report's header and SSRC.

    Raises:
        CaptureError: when they claim more or less than there is.
    """
    found, at = [], 0
    while at < len(content):
        if len(content) < at + 4:
            raise CaptureError("The RTCP XR ends within the header of a block.")
        kind, flags, words = _HEADER.unpack_from(content, at)
        end = at + 4 + 4 * words
        if end > len(content):
            raise CaptureError(
                f"A block of the RTCP XR has {len(content) - at} bytes; its header claims "
                f"{end - at}."
            )
        found.append(_block(kind, flags, content[at + 4 : end]))
        at = end
    return tuple(found)


def block_bytes(block: Block) -> bytes:
    """Write a block as it travels.

    >>> block_bytes(ReceiverReferenceTime(1)).hex()
    '040000020000000000000001'
    """
    flags = block.flags if isinstance(block, OtherBlock | StatisticsSummary) else 0
    return _HEADER.pack(block.kind, flags, len(block.content) // 4) + block.content


def _block(kind: int, flags: int, content: bytes) -> Block:
    size = len(content)
    if kind == ReceiverReferenceTime.kind and size == _REFERENCE.size:
        return ReceiverReferenceTime(*_REFERENCE.unpack(content))
    if kind == DelaySinceLastReceiverReport.kind and size % _DELAY.size == 0:
        delays = (ReceiverDelay(*fields) for fields in _DELAY.iter_unpack(content))
        return DelaySinceLastReceiverReport(tuple(delays))
    if kind == StatisticsSummary.kind and size == _STATISTICS.size:
        *counts, least, greatest, mean, deviation = _STATISTICS.unpack(content)
        summary = StatisticsSummary(*counts)
        return replace(summary, ttl=(least, greatest, mean, deviation), flags=flags)
    if kind == VoipMetrics.kind and size == _VOIP.size:
        return VoipMetrics(*_VOIP.unpack(content))
    # RFC 3611, section 3: what is not understood is passed over by its length.
    return OtherBlock(kind, flags, content)
