"""All that a capture holds, by port and protocol."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from voiplab.packets.media import MediaPlan
from voiplab.packets.protocols import FlowProtocol, ProtocolFlow
from voiplab.packets.rtp import HEADER_BYTES
from voiplab.packets.scan import Scan
from voiplab.packets.stream import Stream


def flows_of(scanned: Scan, streams: Iterable[Stream], plan: MediaPlan) -> list[ProtocolFlow]:
    """Return what each port of a capture sent to another, by protocol.

    Args:
        scanned: what the capture holds.
        streams: its RTP streams.
        plan: what session descriptions agreed upon.

    Returns:
        The flows, by the time of their first packets.
    """
    merged: dict[tuple[str, str, FlowProtocol, str], ProtocolFlow] = {}
    for flow in (*_datagrams(scanned, plan), *_media(scanned, streams)):
        key = flow.src, flow.dst, flow.protocol, flow.transport
        merged[key] = _together(merged[key], flow) if key in merged else flow
    return sorted(merged.values(), key=lambda flow: flow.first_s)


def _together(one: ProtocolFlow, other: ProtocolFlow) -> ProtocolFlow:
    return replace(
        one,
        packets=one.packets + other.packets,
        payload_bytes=one.payload_bytes + other.payload_bytes,
        first_s=min(one.first_s, other.first_s),
    )


def _datagrams(scanned: Scan, plan: MediaPlan) -> Iterator[ProtocolFlow]:
    for flow in scanned.traffic.flows():
        if flow.protocol == "rtcp" and (
            plan.encrypted(flow.src, flow.dst, flow.first_s)
            or scanned.traffic.has_dtls(flow.src, flow.dst)
        ):
            yield replace(flow, protocol="srtcp")
        else:
            yield flow


def _media(scanned: Scan, streams: Iterable[Stream]) -> Iterator[ProtocolFlow]:
    encrypted = {stream.key: stream.encrypted for stream in streams}
    for key, figures in zip(scanned.streams, scanned.statistics.figures(), strict=True):
        # What only looks like RTP makes no stream.
        protocol: FlowProtocol = "other"
        if key in encrypted:
            protocol = "srtp" if encrypted[key] else "rtp"
        size = figures.payload_bytes + HEADER_BYTES * figures.packets
        yield ProtocolFlow(
            key.src, key.dst, protocol, "udp", figures.packets, size, figures.first_s
        )
