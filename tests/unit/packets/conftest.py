"""Real captures, and frames built by hand."""

import socket
import struct
from pathlib import Path
from types import SimpleNamespace

import pytest

CAPTURES = Path(__file__).parents[2] / "fixtures" / "captures"


@pytest.fixture(scope="session")
def captures():
    return CAPTURES


def ethernet(content, ethertype=0x0800):
    return bytes(12) + struct.pack(">H", ethertype) + content


def udp(payload, src, dst):
    ports = int(src.rpartition(":")[2]), int(dst.rpartition(":")[2])
    return struct.pack(">HHHH", *ports, 8 + len(payload), 0) + payload


def ipv4(content, src, dst, *, protocol=17, ip_flags=0):
    return struct.pack(
        ">BBHHHBBH4s4s",
        0x45, 0, 20 + len(content), 1, ip_flags, 64, protocol, 0,
        socket.inet_aton(src.rpartition(":")[0]), socket.inet_aton(dst.rpartition(":")[0]),
    ) + content  # fmt: skip


def ipv6(content, src, dst, *, protocol=17):
    return struct.pack(
        ">IHBB16s16s",
        6 << 28, len(content), protocol, 64,
        socket.inet_pton(socket.AF_INET6, src), socket.inet_pton(socket.AF_INET6, dst),
    ) + content  # fmt: skip


def tcp(payload, src, dst, sequence, flags=0x18):
    ports = int(src.rpartition(":")[2]), int(dst.rpartition(":")[2])
    return struct.pack(">HHIIBBHHH", *ports, sequence, 0, 5 << 4, flags, 1024, 0, 0) + payload


def rtp(sequence, timestamp=0, *, payload_type=0, ssrc=7, payload=bytes(160)):
    return struct.pack(">BBHII", 0x80, payload_type, sequence, timestamp, ssrc) + payload


def pcap(frames, *, order="<", link=1, nanoseconds=False):
    """Frames are pairs of a time in microseconds (or nanoseconds) and bytes."""
    per_second = 1_000_000_000 if nanoseconds else 1_000_000
    magic = 0xA1B23C4D if nanoseconds else 0xA1B2C3D4
    content = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262144, link)
    for time, frame in frames:
        header = *divmod(time, per_second), len(frame), len(frame)
        content += struct.pack(order + "IIII", *header) + frame
    return content


def pcapng(frames, *, order="<", links=(1,), resolution=6):
    """Frames are triples of an interface, a time in ticks and bytes."""

    def block(kind, content):
        content += bytes(-len(content) % 4)
        length = struct.pack(order + "I", 12 + len(content))
        return struct.pack(order + "I", kind) + length + content + length

    option = struct.pack(order + "HHBxxx", 9, 1, resolution) + bytes(4)
    data = block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))
    for link in links:
        data += block(1, struct.pack(order + "HHI", link, 0, 0) + option)
    for interface, time, frame in frames:
        header = interface, time >> 32, time & 0xFFFFFFFF, len(frame), len(frame)
        data += block(6, struct.pack(order + "IIIII", *header) + frame)
    return data


def udp_frame(payload, src="192.0.2.1:4000", dst="192.0.2.2:5000", **ip):
    return ethernet(ipv4(udp(payload, src, dst), src, dst, **ip))


@pytest.fixture(scope="session")
def build():
    """Give what writes frames and files of them, with nothing but struct."""
    builders = (ethernet, ipv4, ipv6, pcap, pcapng, rtp, tcp, udp, udp_frame)
    return SimpleNamespace(**{builder.__name__: builder for builder in builders})
