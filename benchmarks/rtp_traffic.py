"""Captures of RTP, as large as wanted: made from a seed, written piece by piece."""

import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

PORTS = range(20_000, 30_000, 2)
FRAME_BYTES = 214

_PACKETS_A_PIECE = 50_000
_INTERVAL_S = 0.02
_SAMPLES = 160
_START_S = 1_700_000_000
_LOST, _LATE = 0.01, 0.005
_JITTER_S, _LATENESS_S = 0.002, 0.025

# An Ethernet frame with IPv4, UDP and 20 ms of G.711 in RTP.
_FRAME = [
    ("ethernet", "V12"), ("ethertype", ">u2"),
    ("version", "u1"), ("service", "u1"), ("ip_bytes", ">u2"), ("identification", ">u2"),
    ("fragment", ">u2"), ("ttl", "u1"), ("protocol", "u1"), ("ip_sum", ">u2"),
    ("src", ">u4"), ("dst", ">u4"),
    ("src_port", ">u2"), ("dst_port", ">u2"), ("udp_bytes", ">u2"), ("udp_sum", ">u2"),
    ("flags", "u1"), ("payload_type", "u1"), ("sequence", ">u2"), ("timestamp", ">u4"),
    ("ssrc", ">u4"), ("payload", "u1", _SAMPLES),
]  # fmt: skip
_PCAP = np.dtype([("s", "<u4"), ("us", "<u4"), ("captured", "<u4"), ("sent", "<u4"), *_FRAME])
_PCAPNG = np.dtype(
    [
        ("kind", "<u4"), ("bytes", "<u4"), ("interface", "<u4"), ("high", "<u4"), ("low", "<u4"),
        ("captured", "<u4"), ("sent", "<u4"), *_FRAME, ("padding", "V2"), ("bytes_again", "<u4"),
    ]
)  # fmt: skip


def write_pcap(path: Path, packets: int, streams: int = 200) -> None:
    """Write a classic capture of interleaved G.711 streams.

    One packet in a hundred is lost, one in two hundred comes 25 ms late, after its successor; the
    others have an exponential jitter of 2 ms.

    Args:
        path: where.
        packets: how many.
        streams: how many streams they belong to.
    """
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, 1))
        for ticks, records in _pieces(packets, streams, _PCAP):
            records["s"], records["us"] = np.divmod(ticks, 1_000_000)
            file.write(records.data)


def write_pcapng(path: Path, packets: int, streams: int = 200) -> None:
    """Write the same in the newer format; see write_pcap."""
    with path.open("wb") as file:
        file.write(struct.pack("<IIIHHqI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1, 28))
        file.write(struct.pack("<IIHHII", 1, 20, 1, 0, 0, 20))
        for ticks, records in _pieces(packets, streams, _PCAPNG):
            records["kind"], records["bytes"] = 6, _PCAPNG.itemsize
            records["bytes_again"] = _PCAPNG.itemsize
            records["high"], records["low"] = np.divmod(ticks, 1 << 32)
            file.write(records.data)


def _pieces(
    packets: int, streams: int, layout: np.dtype[np.void]
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.void]]]:
    """Make the records piece by piece, and when each was seen, in microseconds."""
    rng = np.random.default_rng(1)
    rounds = max(_PACKETS_A_PIECE // streams, 1)
    first = 0
    while packets:
        stream, number = (each.ravel() for each in np.indices((streams, rounds)))
        kept = rng.random(len(stream)) >= _LOST
        stream, number = stream[kept], number[kept] + first
        sent_s = _INTERVAL_S * (number + stream / streams)
        # Not the first: tshark would expect nothing before the second, and so miss a loss.
        late = (rng.random(len(stream)) < _LATE) & (number > 0)
        late_s = np.where(late, _LATENESS_S, 0)
        seen_s = sent_s + rng.exponential(_JITTER_S, len(stream)) + late_s
        order = np.argsort(seen_s)[:packets]
        stream, number, seen_s = stream[order], number[order], seen_s[order]

        records = np.zeros(len(order), layout)
        records["captured"] = records["sent"] = FRAME_BYTES
        records["ethertype"], records["version"] = 0x0800, 0x45
        records["ip_bytes"], records["udp_bytes"] = FRAME_BYTES - 14, FRAME_BYTES - 34
        records["ttl"], records["protocol"] = 64, 17
        records["src"] = 0x0A000001 + stream // 100
        records["dst"] = 0x0A000101 + stream // 100
        records["src_port"] = PORTS.start + 2 * (stream % 100)
        records["dst_port"] = PORTS.start + 1000 + 2 * (stream % 100)
        records["flags"] = 0x80
        records["sequence"] = (number + 331 * stream) & 0xFFFF
        records["timestamp"] = (number * _SAMPLES) & 0xFFFFFFFF
        records["ssrc"] = 0x10000 + stream
        records["payload"] = rng.integers(0x40, 0x80, (len(order), _SAMPLES), np.uint8)
        yield _START_S * 1_000_000 + (seen_s * 1e6).astype(np.int64), records
        packets -= len(order)
        first += rounds
