"""What the packets of one RTP stream carry, read from its capture."""

import socket
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from voiplab.errors import CaptureError
from voiplab.packets.batch import Batch
from voiplab.packets.network import ETHERNET, Network
from voiplab.packets.packet import Frame, host
from voiplab.packets.reader import CaptureReader
from voiplab.packets.rtp import RtpPacket, protocol_of
from voiplab.packets.scan import StreamKey

_UDP_PAYLOAD_AT = 42
_SSRC_AT = 8


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
    ssrc = key.ssrc.to_bytes(4)
    for batch in reader.batches():
        plain, mine = _plain(batch, key)
        for index in np.flatnonzero(mine | ~plain).tolist():
            start = batch.starts[index]
            data = batch.data[start : start + batch.lengths[index]]
            if mine[index]:
                size = int.from_bytes(data[38:40]) - 8
                yield batch.time_s(index), data[_UDP_PAYLOAD_AT : _UDP_PAYLOAD_AT + size]
                continue
            packet = network.packet(Frame(batch.time_s(index), batch.link, data))
            if (
                packet is not None
                and packet.payload[_SSRC_AT : _SSRC_AT + 4] == ssrc
                and (packet.source, packet.destination) == key[:2]
                and packet.transport == "udp"
                and protocol_of(packet.payload) == "rtp"
            ):
                yield packet.time_s, packet.payload


def _plain(batch: Batch, key: StreamKey) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return which frames are whole UDP datagrams over plain IPv4 and Ethernet, and whose."""
    starts = np.array(batch.starts, np.intp)
    plain = np.array(batch.lengths, np.intp) >= _LAYOUT.itemsize
    mine = np.zeros(len(starts), bool)
    if batch.link != ETHERNET or not plain.any():
        return np.zeros(len(starts), bool), mine
    windows: npt.NDArray[np.void] = np.ndarray(
        shape=(len(batch.data) - _LAYOUT.itemsize + 1,),
        dtype=_LAYOUT,
        buffer=batch.data,
        strides=(1,),
    )
    long_enough = np.flatnonzero(plain)
    headers = windows[starts[long_enough]]
    plain[long_enough] = (
        (headers["ethertype"] == 0x0800)  # noqa: PLR2004 - IPv4
        & (headers["version_and_length"] == 0x45)  # noqa: PLR2004 - IPv4 without options
        & (headers["fragment"] & 0x3FFF == 0)
        & (headers["protocol"] == 17)  # noqa: PLR2004 - UDP
    )
    if ":" not in host(key.src):
        mine[long_enough] = (
            plain[long_enough]
            & (headers["flow"] == _flow(key)).all(axis=1)
            & (headers["ssrc"] == key.ssrc)
            & (headers["flags"] >> 6 == 2)  # noqa: PLR2004 - version 2
            & ((headers["payload_type"] < 192) | (headers["payload_type"] > 223))  # noqa: PLR2004 - not RTCP
        )
    return plain, mine


def _flow(key: StreamKey) -> npt.NDArray[np.uint32]:
    """Return addresses and ports as they stand in IPv4 and UDP headers."""
    addresses = b"".join(socket.inet_aton(host(end)) for end in key[:2])
    ports = b"".join(int(end.rpartition(":")[2]).to_bytes(2) for end in key[:2])
    return np.frombuffer(addresses + ports, ">u4")


_LAYOUT = np.dtype(
    {
        "names": [
            "ethertype",
            "version_and_length",
            "fragment",
            "protocol",
            "flow",
            "flags",
            "payload_type",
            "ssrc",
        ],
        "formats": [">u2", "u1", ">u2", "u1", (">u4", (3,)), "u1", "u1", ">u4"],
        "offsets": [12, 14, 20, 23, 26, 42, 43, 50],
        "itemsize": 54,
    }
)
