"""What a machine listens on, as its kernel tells."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

TABLES: Final = ("tcp", "udp", "tcp6", "udp6")
"""The kernel's tables of sockets, under /proc/net."""

_LISTEN = "0A"
_UNCONNECTED = "07"
_WORD_DIGITS = 8


@dataclass(frozen=True, order=True)
class Listener:
    """A port that takes what anybody sends to it.

    Attributes:
        protocol: ``tcp`` or ``udp``.
        port: its number.
        address: the address it is bound to; ``0.0.0.0`` and ``::`` are all of them.
    """

    protocol: str
    port: int
    address: str


def listeners(table: str, text: str) -> Iterator[Listener]:
    """Read the kernel's table of sockets, without those that only the machine itself can reach.

    Source: Linux, Documentation/networking/proc_net_tcp.rst: addresses are hexadecimal words in
    the byte order of the machine, here taken to be little-endian.

    Args:
        table: which of :data:`TABLES` it is.
        text: what it says.

    >>> text = '''sl  local_address rem_address   st
    ... 0: 00000000:13C4 00000000:0000 07
    ... 1: 0B00007F:B112 00000000:0000 07'''
    >>> list(listeners("udp", text))
    [Listener(protocol='udp', port=5060, address='0.0.0.0')]
    """
    protocol = table.removesuffix("6")
    wanted = _LISTEN if protocol == "tcp" else _UNCONNECTED
    for line in text.splitlines()[1:]:
        _, local, _, state, *_ = line.split()
        digits, _, port = local.partition(":")
        address = _address(digits)
        if state == wanted and not address.is_loopback:
            yield Listener(protocol, int(port, 16), str(address))


def _address(digits: str) -> IPv4Address | IPv6Address:
    words = [digits[at : at + _WORD_DIGITS] for at in range(0, len(digits), _WORD_DIGITS)]
    return ip_address(b"".join(bytes.fromhex(word)[::-1] for word in words))
