"""How a connection over TLS was refused: by the phone, as its log says; by the server, as seen."""

import re

from voiplab.errors import CaptureError
from voiplab.packets import read_packets

_VERIFICATION = re.compile(r"verify_handler: error_string = (.+)")

# A segment's flags (RFC 9293, section 3.1), in an Ethernet frame that carries IPv4
_ETHERNET_BYTES, _FLAGS, _FIN_OR_RST = 14, 13, 0x05


def distrusted(log: str) -> list[str]:
    r"""Return why the phone did not trust certificates, in OpenSSL's words, the oldest first.

    Args:
        log: what baresip has written.

    >>> distrusted("tls: verify_handler: error_string = certificate has expired\nother\n")
    ['certificate has expired']
    """
    return _VERIFICATION.findall(log)


def hung_up(capture: bytes, port: int) -> int:
    """Count the segments by which a server has ended connections.

    Args:
        capture: a pcap file, perhaps still growing.
        port: the server's TCP port.
    """
    try:
        return sum(
            packet.transport == "tcp"
            and packet.src_port == port
            and _ends(packet.frames[0].data[_ETHERNET_BYTES:])
            for packet in read_packets(capture)
        )
    except CaptureError:
        # Not even the file's header is there yet.
        return 0


def _ends(datagram: bytes) -> bool:
    header_bytes = (datagram[0] & 0x0F) * 4
    return bool(datagram[header_bytes + _FLAGS] & _FIN_OR_RST)
