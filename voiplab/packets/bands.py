"""The media of a ladder: bands between two actors, from first to last packet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voiplab.packets.packet import host
from voiplab.packets.rung import Band, Flow
from voiplab.packets.signalling import SeenMessage
from voiplab.packets.sip import tag_of

if TYPE_CHECKING:
    from voiplab.packets.stream import Stream

# So long without a packet either way, and the media has paused: a call on hold.
_PAUSE_S = 2.0
# A band of more streams tells those of one direction and codec together.
_TOLD_ONE_BY_ONE = 6
_STREAMS_IN_A_TEXT = 20


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Packets of a stream without a pause."""

    stream: "Stream"
    first_s: float
    last_s: float
    packets: int


def bands(
    media: "Sequence[Stream]", seen: Sequence[SeenMessage], column: Mapping[str, int]
) -> list[Band]:
    """Return the bands of media.

    A band ends where both directions pause for two seconds around a renegotiation: a call that
    was held and taken up again has two.

    Args:
        media: the RTP streams.
        seen: the SIP messages.
        column: the number of the actor at each IP address.
    """
    renegotiated_s: dict[str, list[float]] = {}
    for each in seen:
        if _renegotiates(each):
            renegotiated_s.setdefault(each.message.call_id, []).append(each.time_s)
    pairs: dict[tuple[int, int, str], list[_Stretch]] = {}
    # A stream that several captures saw is told once, as seen last: nearest to its receiver.
    for stream in {stream.key: stream for stream in media}.values():
        ends = sorted((column[host(stream.key.src)], column[host(stream.key.dst)]))
        pair = pairs.setdefault((ends[0], ends[1], stream.call_id), [])
        pair += _stretches(stream, renegotiated_s.get(stream.call_id, []))
    return [
        _band(left, right, session, column)
        for (left, right, _), stretches in pairs.items()
        for session in _sessions(stretches)
    ]


def _renegotiates(seen: SeenMessage) -> bool:
    """Whether a message offers other media within a dialog (RFC 3261, section 14; RFC 3311)."""
    message = seen.message
    return message.method in {"INVITE", "UPDATE"} and bool(tag_of(message.header("To")))


def _stretches(stream: "Stream", renegotiated_s: list[float]) -> list[_Stretch]:
    """Cut a stream at its pauses, if it was renegotiated: only then are its packets read again."""
    if not any(stream.first_s < time_s < stream.last_s for time_s in renegotiated_s):
        return [_Stretch(stream, stream.first_s, stream.last_s, stream.packets)]
    times_s = stream.rows["time_s"]
    parts = np.split(times_s, np.flatnonzero(np.diff(times_s) >= _PAUSE_S) + 1)
    return [_Stretch(stream, float(part[0]), float(part[-1]), len(part)) for part in parts]


def _sessions(stretches: list[_Stretch]) -> list[list[_Stretch]]:
    """Put together what overlaps, or follows without a pause."""
    sessions: list[list[_Stretch]] = []
    end_s = 0.0
    for each in sorted(stretches, key=lambda stretch: stretch.first_s):
        if sessions and each.first_s < end_s + _PAUSE_S:
            sessions[-1].append(each)
        else:
            sessions.append([each])
            end_s = each.last_s
        end_s = max(end_s, each.last_s)
    return sessions


def _band(left: int, right: int, session: list[_Stretch], column: Mapping[str, int]) -> Band:
    by_stream: dict[int, list[_Stretch]] = {}
    for stretch in session:
        by_stream.setdefault(id(stretch.stream), []).append(stretch)
    flows = [_flow(stretches, column) for stretches in by_stream.values()]
    return Band(
        time_s=min(stretch.first_s for stretch in session),
        end_s=max(stretch.last_s for stretch in session),
        actors=(left, right),
        flows=tuple(flows if len(flows) <= _TOLD_ONE_BY_ONE else _told_together(flows)),
    )


def _told_together(flows: list[Flow]) -> list[Flow]:
    groups: dict[tuple[int, int, str], list[Flow]] = {}
    for flow in flows:
        groups.setdefault((flow.src, flow.dst, flow.codec), []).append(flow)
    return [
        Flow(
            src=src,
            dst=dst,
            codec=codec,
            packets=sum(flow.packets for flow in group),
            text="\n\n".join(flow.text for flow in group[:_STREAMS_IN_A_TEXT]),
            streams=len(group),
            encrypted=all(flow.encrypted for flow in group),
        )
        for (src, dst, codec), group in groups.items()
    ]


def _flow(stretches: list[_Stretch], column: Mapping[str, int]) -> Flow:
    stream = stretches[0].stream
    figures = stream.figures
    codec = f"payload type {stream.payload_type}" if stream.codec is None else stream.codec.name
    packets = sum(stretch.packets for stretch in stretches)
    mean_ms, max_ms = stream.jitter_mean_and_max_ms
    duration_s = stretches[-1].last_s - stretches[0].first_s
    lines = [
        f"{stream.key.src} → {stream.key.dst}, SSRC 0x{stream.key.ssrc:08x}",
        f"{packets} RTP packets of {codec} in {duration_s:.3f} s",
    ]
    spoilt = f"{figures.lost} lost, {figures.duplicated} duplicated, {figures.reordered} reordered"
    lines.append(f"of the whole stream {spoilt}")
    if mean_ms == mean_ms:  # noqa: PLR0124 - NaN, where the clock rate is unknown
        lines.append(f"jitter {mean_ms:.2f} ms on average, {max_ms:.2f} ms at most")
    return Flow(
        src=column[host(stream.key.src)],
        dst=column[host(stream.key.dst)],
        codec=codec,
        packets=packets,
        text="\n".join(lines),
        encrypted=stream.encrypted,
    )
