"""A packet, as a capture holds it."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Transport = Literal["udp", "tcp"]


class Frame(NamedTuple):
    """The bytes of one link-layer frame, and when they were seen.

    Attributes:
        time_s: seconds since 1970-01-01 UTC.
        link: the link type, a number of the LINKTYPE registry (1 is Ethernet).
        data: from the link layer's first byte to the end of what was captured.
    """

    time_s: float
    link: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Packet:
    """A UDP datagram or a TCP segment, with its addresses.

    Attributes:
        time_s: when its last frame was seen, in seconds since 1970-01-01 UTC.
        src: the sender's IP address.
        src_port: the sender's port.
        dst: the receiver's IP address.
        dst_port: the receiver's port.
        transport: "udp" or "tcp".
        payload: what the transport carried.
        sequence: the sequence number of the first byte of a TCP segment; 0 for UDP.
        frames: the link-layer frames that carried it; several when IP fragmented it.
    """

    time_s: float
    src: str
    src_port: int
    dst: str
    dst_port: int
    transport: Transport
    payload: bytes
    sequence: int = 0
    frames: tuple[Frame, ...] = field(default=(), repr=False)

    @property
    def source(self) -> str:
        """The sender as address:port."""
        return endpoint(self.src, self.src_port)

    @property
    def destination(self) -> str:
        """The receiver as address:port."""
        return endpoint(self.dst, self.dst_port)


def endpoint(address: str, port: int) -> str:
    """Write an address and a port as one, with the brackets that IPv6 needs (RFC 3986).

    >>> endpoint("192.0.2.1", 5060), endpoint("2001:db8::1", 5060)
    ('192.0.2.1:5060', '[2001:db8::1]:5060')
    """
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def host(endpoint: str) -> str:
    """Return the address of an address:port.

    >>> host("192.0.2.1:5060"), host("[2001:db8::1]:5060")
    ('192.0.2.1', '2001:db8::1')
    """
    return endpoint.rpartition(":")[0].strip("[]")
