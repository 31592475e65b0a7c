"""The SIP of a call as the PBX had it: where it went over TLS, no capture shows it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from ipaddress import ip_address

from voiplab.config import TLS_PORT
from voiplab.packets import pcap_bytes, read_packets, sip_messages
from voiplab.packets.packet import Frame, Packet

# An Ethernet frame with an IPv4 header without options, as Asterisk writes them.
_SOURCE, _DESTINATION = slice(26, 30), slice(30, 34)
_ANY_ADDRESS = bytes(4)

# SDES: the key's parameters (RFC 4568, section 6.1)
_KEY = re.compile(rb"(?<=inline:)[A-Za-z0-9+/=]+")


def signalling_of(logs: Iterable[bytes], call_ids: Iterable[str] | None, pbx_address: str) -> bytes:
    """Take some calls' messages out of what a PBX has logged of its SIP.

    Args:
        logs: the PBX's logs: pcap files, whose last packets may be cut short.
        call_ids: the dialogs' Call-IDs; None for all of them.
        pbx_address: the PBX's IP address, to stand where it wrote that of all its interfaces.

    Returns:
        A pcap file, in which an `x` stands for each character of a key of SRTP.
    """
    wanted = None if call_ids is None else set(call_ids)
    packets = [
        _shown(packet, ip_address(pbx_address).packed)
        for log in logs
        if wanted is None or any(call_id.encode() in log for call_id in wanted)
        for packet in _of_calls(log, wanted)
    ]
    return pcap_bytes(sorted(packets, key=lambda packet: packet.time_s))


def is_sip_over_tls(packet: Packet) -> bool:
    """Whether a packet belongs to a connection on which SIP goes encrypted (RFC 3261, 19.1.2)."""
    return packet.transport == "tcp" and TLS_PORT in {packet.src_port, packet.dst_port}


def _of_calls(log: bytes, call_ids: set[str] | None) -> Iterator[Packet]:
    for seen in sip_messages(read_packets(log)):
        if call_ids is None or seen.message.call_id in call_ids:
            yield from seen.packets


def _shown(packet: Packet, pbx: bytes) -> Packet:
    frames = []
    for frame in packet.frames:
        data = bytearray(_KEY.sub(lambda key: b"x" * len(key[0]), frame.data))
        for address in (_SOURCE, _DESTINATION):
            if data[address] == _ANY_ADDRESS:
                data[address] = pbx
        frames.append(Frame(frame.time_s, frame.link, bytes(data)))
    return replace(packet, frames=tuple(frames))
