"""What RTCP reported, as a data frame."""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields, replace

import pandas as pd

from voiplab.packets.control import SeenReport
from voiplab.packets.packet import host
from voiplab.packets.printable import printable
from voiplab.packets.rtcp import (
    ApplicationDefined,
    ExtendedReport,
    Feedback,
    Goodbye,
    ReceiverReport,
    ReportBlock,
    RtcpPacket,
    SenderReport,
    SourceDescription,
    round_trip_s,
)
from voiplab.packets.stream import Stream
from voiplab.packets.xr import (
    Block,
    DelaySinceLastReceiverReport,
    ReceiverReferenceTime,
    StatisticsSummary,
    VoipMetrics,
)

_UNKNOWN = 127  # RFC 3611, section 4.7
_UNITS_PER_S = 65536


@dataclass(frozen=True, slots=True)
class _Row:
    time_s: float
    src: str
    dst: str
    kind: str
    ssrc: int
    about_ssrc: int | None = None
    fraction_lost_pct: float | None = None
    cumulative_lost: int | None = None
    highest_sequence: int | None = None
    jitter_ms: float | None = None
    rtt_ms: float | None = None
    call_id: str = ""
    text: str | None = None


def rtcp(seen: Sequence[SeenReport], media: Sequence[Stream], start_s: float) -> pd.DataFrame:
    """Return a row a report block, or a packet that has none; see Capture.rtcp."""
    reading = _Reading(media)
    rows = [
        replace(
            row,
            time_s=row.time_s - start_s,
            call_id=printable(row.call_id),
            text=None if row.text is None else printable(row.text),
        )
        for report in seen
        for packet in report.packets
        for row in reading.rows(report, packet)
    ]
    columns = pd.Index([each.name for each in fields(_Row)])
    frame = pd.DataFrame([astuple(row) for row in rows], columns=columns)
    numbers = ("time_s", "fraction_lost_pct", "jitter_ms", "rtt_ms")
    counts = ("about_ssrc", "cumulative_lost", "highest_sequence")
    return frame.astype(
        {"ssrc": "int64"} | dict.fromkeys(numbers, "float64") | dict.fromkeys(counts, "Int64")
    )


class _Reading:
    """What one report needs of others: when they passed, and the clocks of the media."""

    def __init__(self, media: Sequence[Stream]) -> None:
        self._rates_hz: dict[int, dict[str, int]] = {}
        for stream in media:
            if stream.codec is not None:
                rates_hz = self._rates_hz.setdefault(stream.key.ssrc, {})
                rates_hz[host(stream.key.dst)] = stream.codec.clock_rate_hz
        # When a report of a source passed that bore a time (the middle 32 bits of NTP).
        self._passed_s: dict[tuple[int, int], float] = {}

    def rows(self, report: SeenReport, packet: RtcpPacket) -> Iterator[_Row]:
        """Take a packet, the earlier ones first, and yield its rows."""
        row = _Row(
            report.time_s, report.src, report.dst, packet.kind, packet.ssrc, call_id=report.call_id
        )
        match packet:
            case SenderReport() | ReceiverReport():
                if isinstance(packet, SenderReport):
                    self._passed_s[packet.ssrc, packet.ntp_middle] = report.time_s
                yield from [self._about(row, block) for block in packet.reports] or [row]
            case ExtendedReport():
                for extension in packet.blocks:
                    yield from self._extended(row, extension)
            case _:
                yield from _said(row, packet, encrypted=report.encrypted)

    def _about(self, row: _Row, block: ReportBlock) -> _Row:
        return replace(
            row,
            about_ssrc=block.ssrc,
            fraction_lost_pct=block.fraction_lost_pct,
            cumulative_lost=block.cumulative_lost,
            highest_sequence=block.highest_sequence,
            jitter_ms=self._jitter_ms(row, block.ssrc, block.jitter),
            rtt_ms=self._rtt_ms(row, block.ssrc, block.last_sr, block.delay_since_last_sr),
        )

    def _extended(self, row: _Row, block: Block) -> Iterator[_Row]:
        match block:
            case ReceiverReferenceTime():
                self._passed_s[row.ssrc, block.ntp >> 16 & 0xFFFFFFFF] = row.time_s
                yield replace(row, text="receiver reference time")
            case DelaySinceLastReceiverReport():
                for each in block.delays:
                    rtt_ms = self._rtt_ms(row, each.ssrc, each.last_rr, each.delay)
                    yield replace(row, about_ssrc=each.ssrc, rtt_ms=rtt_ms, text="DLRR")
            case StatisticsSummary():
                yield replace(
                    row,
                    about_ssrc=block.ssrc,
                    jitter_ms=self._jitter_ms(row, block.ssrc, block.jitter_mean),
                    text=f"statistics: {block.lost} lost, {block.duplicated} duplicated",
                )
            case VoipMetrics():
                yield replace(
                    row,
                    about_ssrc=block.ssrc,
                    fraction_lost_pct=100 * block.loss_rate / 256,
                    rtt_ms=float(block.round_trip_delay_ms) or None,
                    text=_rating(block),
                )
            case _:
                yield replace(row, text=f"block type {block.kind}")

    def _jitter_ms(self, row: _Row, about_ssrc: int, jitter: int) -> float | None:
        rates_hz = self._rates_hz.get(about_ssrc, {})
        # What is reported on comes to the one who reports; behind a NAT, to another address.
        rate_hz = rates_hz.get(host(row.src)) or next(iter(rates_hz.values()), None)
        return 1000 * jitter / rate_hz if rate_hz else None

    def _rtt_ms(self, row: _Row, about_ssrc: int, last: int, delay: int) -> float | None:
        """Measure where the capture was made: no clock but its own need be right."""
        passed_s = self._passed_s.get((about_ssrc, last))
        if passed_s is None:
            return None
        arrival = last + round((row.time_s - passed_s) * _UNITS_PER_S)
        round_trip = round_trip_s(arrival=arrival, last_sr=last, delay=delay)
        return None if round_trip is None else 1000 * round_trip


def _said(row: _Row, packet: RtcpPacket, *, encrypted: bool) -> Iterator[_Row]:
    """Yield the rows of a packet that measures nothing."""
    match packet:
        case SourceDescription():
            for chunk in packet.chunks:
                yield replace(row, ssrc=chunk.ssrc, text=chunk.cname)
        case Goodbye():
            for source in packet.sources:
                yield replace(row, ssrc=source, text=packet.reason)
        case Feedback():
            yield replace(row, about_ssrc=packet.about_ssrc, text=packet.name)
        case ApplicationDefined():
            yield replace(row, text=packet.name)
        case _:
            yield replace(row, text="encrypted" if encrypted else None)


def _rating(block: VoipMetrics) -> str:
    """Say how a telephone rates a call, as far as it does."""
    rated = {
        "R": (block.r_factor, 1),
        "MOS-LQ": (block.mos_listening_tenths, 10),
        "MOS-CQ": (block.mos_conversational_tenths, 10),
    }
    known = (f"{name} {value / unit:g}" for name, (value, unit) in rated.items()
             if value != _UNKNOWN)  # fmt: skip
    return ", ".join(["VoIP metrics", *known])
