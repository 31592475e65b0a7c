"""One pass over a capture: its RTP headers as columns, its SIP messages as values.

Nearly all packets of a telephony capture are RTP over UDP, IPv4 and Ethernet. Their headers are
read many at a time, as records of fixed layout; every other frame is read on its own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from socket import inet_ntoa
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from voiplab.packets.batch import Batch
from voiplab.packets.dtmf import may_be_event
from voiplab.packets.media import MediaPlan
from voiplab.packets.network import ETHERNET, Network
from voiplab.packets.packet import Frame, Packet, endpoint
from voiplab.packets.payload_types import rhythm_hz
from voiplab.packets.protocols import Traffic
from voiplab.packets.reader import CaptureReader
from voiplab.packets.rtp import HEADER_BYTES, protocol_of
from voiplab.packets.signalling import SeenMessage, SipAssembler
from voiplab.packets.stream_numbers import StreamNumbers
from voiplab.packets.stream_statistics import RTP_ROW, StreamStatistics
from voiplab.packets.tls import Handshake, HandshakeFinder

_UDP_PAYLOAD_AT = 42
_EVENT_BYTES = HEADER_BYTES + 4  # the size of a telephone event: see dtmf.py
_ROWS_AT_ONCE = 1 << 17
_BEFORE_FRAME = 16  # the time of a frame lies this far before it: see batch.py


class StreamKey(NamedTuple):
    """What tells one RTP stream from another: the five-tuple and the SSRC.

    Attributes:
        src: the sender as address:port.
        dst: the receiver as address:port.
        ssrc: the synchronisation source (RFC 3550, section 3).
    """

    src: str
    dst: str
    ssrc: int


@dataclass(frozen=True, slots=True)
class Scan:
    """What one capture holds.

    Attributes:
        streams: what may be RTP streams, by their number.
        statistics: what was measured of them.
        messages: its SIP messages, in their order.
        rtcp: its RTCP packets, in their order.
        events: its RTP packets that may be telephone events, in their order.
        traffic: its packets counted, but for those in streams.
        first_s: when its first frame was seen, in seconds since 1970-01-01 UTC; NaN without one.
        problem: why it counts as truncated, or "".
        handshakes: its connections of TLS and DTLS.
    """

    streams: tuple[StreamKey, ...]
    statistics: StreamStatistics
    messages: tuple[SeenMessage, ...]
    rtcp: tuple[Packet, ...]
    events: tuple[Packet, ...]
    traffic: Traffic
    first_s: float
    problem: str
    handshakes: tuple[Handshake, ...] = ()


def scan(reader: CaptureReader, plan: MediaPlan | None = None) -> Scan:
    """Read a capture once.

    Args:
        reader: the capture.
        plan: what session descriptions agreed upon; None to go by those of the capture, as far
            as they have come when a stream's first packets are measured.

    Returns:
        What it holds.
    """
    pass_ = Pass()
    known = MediaPlan(()) if plan is None else plan
    statistics = StreamStatistics(
        lambda stream, payload_type: rhythm_hz(
            known.codecs(*pass_.keys[stream][:2], statistics.first_s(stream)), payload_type
        )
    )
    told = 0
    for rows in _gathered(pass_.read(batch) for batch in reader.batches()):
        if plan is None:
            for message in pass_.messages[told:]:
                known.add(message)
            told = len(pass_.messages)
        statistics.update(rows)
    return Scan(
        streams=tuple(pass_.keys),
        statistics=statistics,
        messages=tuple(pass_.messages),
        rtcp=tuple(pass_.rtcp),
        events=tuple(sorted(pass_.events, key=lambda packet: packet.time_s)),
        traffic=pass_.traffic,
        first_s=pass_.first_s,
        problem=reader.problem,
        handshakes=pass_.handshakes.finish(),
    )


def rows_of(reader: CaptureReader, key: StreamKey) -> npt.NDArray[np.void]:
    """Read the packets of one stream again.

    Args:
        reader: the capture.
        key: the stream.

    Returns:
        A row a packet (RTP_ROW), in the order of arrival.
    """
    pass_ = Pass(only_rtp=True)
    kept = [np.empty(0, RTP_ROW)]
    for batch in reader.batches():
        rows = pass_.read(batch)
        kept.append(rows[rows["stream"] == pass_.streams.get(key, -1)])
    return np.concatenate(kept)


def _gathered(tables: Iterable[npt.NDArray[np.void]]) -> Iterator[npt.NDArray[np.void]]:
    """Put small tables together: measuring costs something each time, however few the rows."""
    gathered: list[npt.NDArray[np.void]] = []
    rows = 0
    for table in tables:
        gathered.append(table)
        rows += len(table)
        if rows >= _ROWS_AT_ONCE:
            yield np.concatenate(gathered)
            gathered, rows = [], 0
    if rows:
        yield np.concatenate(gathered)


class Pass:
    """What has been seen so far of a capture that is read batch by batch."""

    def __init__(self, *, only_rtp: bool = False) -> None:
        self._only_rtp = only_rtp
        self.streams: dict[StreamKey, int] = {}
        self.messages: list[SeenMessage] = []
        self.rtcp: list[Packet] = []
        self.events: list[Packet] = []
        self.traffic = Traffic()
        self.first_s = float("nan")
        self.keys: list[StreamKey] = []
        self._numbering = StreamNumbers(self._number_of)
        self._network = Network()
        self._sip = SipAssembler()
        self.handshakes = HandshakeFinder()

    def read(self, batch: Batch) -> npt.NDArray[np.void]:
        """Take a batch, and return the rows of its RTP packets."""
        if self.first_s != self.first_s:
            self.first_s = next(batch.frames())[0]
        indexes, rows = self._plain(batch)
        others = np.ones(len(batch.starts), bool)
        others[indexes] = False
        other_indexes, other_rows = self._others(batch, np.flatnonzero(others))
        if not len(other_rows):
            return rows
        order = np.argsort(np.concatenate([indexes, other_indexes]), kind="stable")
        return np.concatenate([rows, other_rows])[order]

    def _plain(self, batch: Batch) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.void]]:
        """Return which frames are RTP in plain UDP, IPv4 and Ethernet, and their rows."""
        layout = _layout(batch.order)
        starts, lengths = batch.starts, batch.lengths
        large = np.flatnonzero(lengths >= _UDP_PAYLOAD_AT + HEADER_BYTES)
        if batch.link != ETHERNET or not len(large):
            return np.empty(0, np.intp), np.empty(0, RTP_ROW)
        windows: npt.NDArray[np.void] = np.ndarray(
            shape=(len(batch.data) - layout.itemsize + 1,),
            dtype=f"V{layout.itemsize}",  # copied whole, not field by field
            buffer=batch.data,
            strides=(1,),
        )
        whole = windows[starts[large] - _BEFORE_FRAME]
        headers = whole.view(layout)
        udp_length = headers["udp_length"].astype(np.intp)
        size = np.minimum(udp_length - 8, lengths[large] - _UDP_PAYLOAD_AT)
        is_rtp = (
            (headers["ethertype"] == 0x0800)  # noqa: PLR2004 - IPv4
            & (headers["version_and_length"] == 0x45)  # noqa: PLR2004 - IPv4 without options
            & (headers["ip_length"] >= udp_length + 20)
            & (headers["fragment"] & 0x3FFF == 0)
            & (headers["protocol"] == 17)  # noqa: PLR2004 - UDP
            & (headers["rtp_flags"] >> 6 == 2)  # noqa: PLR2004 - version 2
            & ((headers["payload_type"] < 192) | (headers["payload_type"] > 223))  # noqa: PLR2004 - not RTCP
            & (size >= HEADER_BYTES)
        )
        if not is_rtp.all():
            large, size, headers = large[is_rtp], size[is_rtp], whole[is_rtp].view(layout)
        rows = np.empty(len(headers), RTP_ROW)
        ticks = headers["high"].astype(np.uint64) * np.uint64(batch.clock.ticks_per_high)
        rows["time_s"] = (ticks + headers["low"]) / batch.clock.ticks_per_second
        rows["time_s"] += batch.clock.offset_s
        rows["sequence"] = headers["sequence"]
        rows["timestamp"] = headers["timestamp"]
        rows["payload_type"] = headers["payload_type"] & 0x7F
        rows["payload_bytes"] = size - HEADER_BYTES
        keys = np.empty(len(headers), [("flow", "V12"), ("ssrc", "V4")])
        keys["flow"], keys["ssrc"] = headers["flow"], headers["ssrc_bytes"]
        rows["stream"] = self._numbering.of(keys.view(np.uint64).reshape(-1, 2))
        for index in large[size == _EVENT_BYTES].tolist():
            self._keep_event(self._packet(batch, index))
        return large, rows

    def _number_of(self, key: bytes) -> int:
        src = endpoint(inet_ntoa(key[0:4]), int.from_bytes(key[8:10]))
        dst = endpoint(inet_ntoa(key[4:8]), int.from_bytes(key[10:12]))
        return self._number(StreamKey(src, dst, int.from_bytes(key[12:16])))

    def _number(self, key: StreamKey) -> int:
        if key not in self.streams:
            self.streams[key] = len(self.keys)
            self.keys.append(key)
        return self.streams[key]

    def _others(
        self, batch: Batch, indexes: npt.NDArray[np.intp]
    ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.void]]:
        found: list[tuple[int, tuple[float, int, int, int, int, int]]] = []
        for index in indexes.tolist():
            packet = self._packet(batch, index)
            if packet is None:
                continue
            if not self._only_rtp:
                complete = list(self._sip.messages(packet))
                self.messages += complete
                ends_record = self.handshakes.take(packet)
                self.traffic.count(packet, ends_message=bool(complete), ends_record=ends_record)
            if packet.transport == "udp":
                kind = protocol_of(packet.payload)
                if kind == "rtcp":
                    self.rtcp.append(packet)
                elif kind == "rtp":
                    found.append((index, self._row(packet)))
                    self._keep_event(packet)
        rows = np.array([row for _, row in found], RTP_ROW)
        return np.array([index for index, _ in found], np.intp), rows

    def _packet(self, batch: Batch, index: int) -> Packet | None:
        start = batch.starts[index]
        data = batch.data[start : start + batch.lengths[index]]
        return self._network.packet(Frame(batch.time_s(index), batch.link, data))

    def _keep_event(self, packet: Packet | None) -> None:
        if packet is not None and may_be_event(packet.payload):
            self.events.append(packet)

    def _row(self, packet: Packet) -> tuple[float, int, int, int, int, int]:
        header = packet.payload
        key = StreamKey(packet.source, packet.destination, int.from_bytes(header[8:12]))
        return (
            packet.time_s,
            self._number(key),
            int.from_bytes(header[4:8]),
            int.from_bytes(header[2:4]),
            len(header) - HEADER_BYTES,
            header[1] & 0x7F,
        )


def _layout(order: str) -> np.dtype[np.void]:
    """Return where the fields lie, from 16 bytes before an Ethernet frame on."""
    fields = {
        "high": (order + "u4", -16),
        "low": (order + "u4", -12),
        "ethertype": (">u2", 12),
        "version_and_length": ("u1", 14),
        "ip_length": (">u2", 16),
        "fragment": (">u2", 20),
        "protocol": ("u1", 23),
        "flow": ("V12", 26),
        "udp_length": (">u2", 38),
        "rtp_flags": ("u1", 42),
        "payload_type": ("u1", 43),
        "sequence": (">u2", 44),
        "timestamp": (">u4", 46),
        "ssrc_bytes": ("V4", 50),
    }
    return np.dtype(
        {
            "names": list(fields),
            "formats": [kind for kind, _ in fields.values()],
            "offsets": [_BEFORE_FRAME + at for _, at in fields.values()],
            "itemsize": _BEFORE_FRAME + _UDP_PAYLOAD_AT + HEADER_BYTES,
        }
    )
