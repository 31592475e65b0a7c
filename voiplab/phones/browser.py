"""What a phone in a browser needs to know: who it is, and where the PBX is."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserAccount:
    """Who a phone in a browser registers as, and how it reaches the PBX from outside the lab.

    Attributes:
        lab: the lab's name.
        extension: the user part of its address of record (AoR).
        name: what the called party's phone shows; may be empty.
        password: its secret; never shown.
        websocket_port: where SIP is listened for (RFC 7118), a TCP port on 127.0.0.1.
        media_ports: where RTP goes: address and UDP port, by the PBX's own port.

    >>> BrowserAccount(
    ...     lab="demo",
    ...     extension="2003",
    ...     name="Me",
    ...     password="secret",
    ...     websocket_port=32768,
    ...     media_ports={10000: ("127.0.0.1", 32769)},
    ... )  # doctest: +ELLIPSIS
    BrowserAccount(lab='demo', extension='2003', name='Me', websocket_port=32768, ...)
    """

    lab: str
    extension: str
    name: str
    password: str = field(repr=False)
    websocket_port: int
    media_ports: Mapping[int, tuple[str, int]]
