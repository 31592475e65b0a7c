"""What the packets of one RTP stream carry, read from its capture."""

import socket
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from voiplab.errors import CaptureError
from voiplab.packets.network import ETHERNET, Network
from voiplab.packets.packet import Frame, host
from voiplab.packets.reader import CaptureReader
from voiplab.packets.rtp import RtpPacket, protocol_of
from voiplab.packets.scan import StreamKey

_UDP_AT = 34
_UDP_PAYLOAD_AT = 42


class Payloads(NamedTuple):
    """The packets of one stream, in the order of arrival.

    Attributes:
        time_s: when each came, in seconds since 1970-01-01 UTC.
        sequence: its sequence number, 16 bits.
        timestamp: its timestamp, 32 bits.
        payload_type: its payload type.
        marker: whether its marker is set: with speech, that it is the first after a silence.
        payload: what it carries.
    """

    time_s: npt.NDArray[np.float64]
    sequence: npt.NDArray[np.uint16]
    timestamp: npt.NDArray[np.uint32]
    payload_type: npt.NDArray[np.uint8]
    marker: npt.NDArray[np.bool_]
    payload: list[bytes]


def payloads_of(reader: CaptureReader, key: StreamKey) -> Payloads:
    """Read a stream's packets again.

    Args:
        reader: the capture that holds it.
        key: its addresses and SSRC.
    """
    times: list[float] = []
    packets: list[RtpPacket] = []
    for time_s, datagram in _datagrams(reader, key):
        try:
            packets.append(RtpPacket.parse(datagram))
        except CaptureError:  # its padding, say, is longer than itself: no sound is in it
            continue
        times.append(time_s)
    return Payloads(
        time_s=np.array(times, np.float64),
        sequence=np.array([packet.sequence_number for packet in packets], np.uint16),
        timestamp=np.array([packet.timestamp for packet in packets], np.uint32),
        payload_type=np.array([packet.payload_type for packet in packets], np.uint8),
        marker=np.array([packet.marker for packet in packets], bool),
        payload=[packet.payload for packet in packets],
    )


def _datagrams(reader: CaptureReader, key: StreamKey) -> Iterator[tuple[float, bytes]]:
    """Give each datagram of a stream, and when it came."""
    network = Network()
    ssrc, flow = key.ssrc.to_bytes(4), _flow(key)
    for frame in reader.frames():
        if _is_plain(frame):
            # Nearly all frames are: what is of other streams is told apart without more ado.
            data = frame.data
            if data[26:38] != flow or data[50:54] != ssrc:
                continue
            datagram = data[_UDP_PAYLOAD_AT : _UDP_AT + int.from_bytes(data[38:40])]
            time_s = frame.time_s
        else:
            packet = network.packet(frame)
            if packet is None or packet.transport != "udp" or packet.payload[8:12] != ssrc:
                continue
            if (packet.source, packet.destination) != (key.src, key.dst):
                continue
            datagram, time_s = packet.payload, packet.time_s
        if protocol_of(datagram) == "rtp":
            yield time_s, datagram


def _is_plain(frame: Frame) -> bool:
    """Say whether a frame is a whole UDP datagram over IPv4 without options, and Ethernet."""
    data = frame.data
    return (
        frame.link == ETHERNET
        and data[12:15] == b"\x08\x00\x45"
        and data[23:24] == b"\x11"
        and data[20:22] in {b"\x00\x00", b"\x40\x00"}
    )


def _flow(key: StreamKey) -> bytes:
    """Return addresses and ports as they stand in IPv4 and UDP headers; b"" for IPv6."""
    ends = key.src, key.dst
    if ":" in host(key.src):
        return b""
    ports = (int(end.rpartition(":")[2]).to_bytes(2) for end in ends)
    return b"".join([*(socket.inet_aton(host(end)) for end in ends), *ports])
