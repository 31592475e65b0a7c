"""Writing captures."""

from collections.abc import Iterable
from os import PathLike
from pathlib import Path

from voiplab.errors import CaptureError
from voiplab.packets.network import ETHERNET
from voiplab.packets.packet import Packet
from voiplab.packets.pcap import FILE_HEADER, MAX_FRAME_BYTES, RECORD_HEADER

_MAGIC = b"\xd4\xc3\xb2\xa1"


def pcap_bytes(packets: Iterable[Packet]) -> bytes:
    """Return a classic capture that holds packets, in the order given.

    Times are written in microseconds; frames are those that the packets came in.

    Args:
        packets: packets that were read from captures of one link type.

    Returns:
        The content of a pcap file (draft-ietf-opsawg-pcap).

    Raises:
        CaptureError: when the packets come from links of several types.

    >>> len(pcap_bytes([]))
    24
    """
    link: int | None = None
    content = bytearray()
    for packet in packets:
        for frame in packet.frames:
            if link is None:
                link = frame.link
            elif link != frame.link:
                raise CaptureError(
                    f"Frames of link types {link} and {frame.link} can't share one pcap file. "
                    "Write the packets of each capture to a file of its own."
                )
            seconds, microseconds = divmod(round(frame.time_s * 1_000_000), 1_000_000)
            length = len(frame.data)
            content += RECORD_HEADER.pack(seconds, microseconds, length, length)
            content += frame.data
    header = FILE_HEADER.pack(
        _MAGIC, 2, 4, 0, 0, MAX_FRAME_BYTES, ETHERNET if link is None else link
    )
    return header + bytes(content)


def write_pcap(path: str | PathLike[str], packets: Iterable[Packet]) -> None:
    """Write packets into a capture that tcpdump and Wireshark read.

    Args:
        path: the file; one that exists is replaced.
        packets: packets that were read from captures of one link type, in their order.

    Raises:
        CaptureError: when the packets come from links of several types, or the file can't be
            written.
    """
    content = pcap_bytes(packets)
    try:
        Path(path).write_bytes(content)
    except OSError as error:
        raise CaptureError(
            f"{path} can't be written: {error.strerror}. Make room there, or choose another place."
        ) from error
