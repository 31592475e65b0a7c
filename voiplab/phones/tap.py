"""What crossed a phone's network, as its own captures saw it."""

import struct
import threading

from voiplab.containers import Container
from voiplab.errors import EvidenceError
from voiplab.phones.access_network import AccessNetwork

FOLDER = "/var/lib/phone/capture"
CAPTURE = f"{FOLDER}/phone.pcap"

# libpcap's file format, draft-ietf-opsawg-pcap, sections 4 and 5
_FILE_HEADER_BYTES = 24
_RECORD_HEADER_BYTES = 16
# An Ethernet frame that carries IPv4 (RFC 791), and in it TCP (RFC 9293)
_ETHERNET_BYTES = 14
_ETHERTYPE, _IPV4 = slice(12, 14), b"\x08\x00"
_PROTOCOL, _TCP = 23, 6
_DATA_OFFSET = 12
_HEADERS_BYTES = 54

_LITTLE_ENDIAN = bytes.fromhex("d4c3b2a1")


class Tap:
    """A growing capture at a phone, fetched piece by piece: what it received, and what it sent.

    It is the phone's own capture; from the moment at which its network was first impaired, the
    one between phone and impairment.

    Args:
        container: the phone's.
        name: whose phone it is, for messages.
        network: the phone's network.
    """

    def __init__(self, container: Container, name: str, network: AccessNetwork) -> None:
        self._container = container
        self._name = name
        self._network = network
        self._own = _Growing(container, CAPTURE)
        self._own_is_complete = False
        self._after: _Growing | None = None
        # Two calls of the phone may be looked at at the same time.
        self._fetching = threading.Lock()

    def fetch(self) -> bytes:
        """Return the capture since the last mark, as a file that begins with its header.

        Raises:
            EngineError: when a container can't be read.
        """
        with self._fetching:
            return self._fetch()

    def _fetch(self) -> bytes:
        impaired = self._network.capture
        if not self._own_is_complete:
            self._own.fetch()
        if impaired is None:
            return self._own.header + self._own.content
        container, file, since_s = impaired
        after = self._after
        if after is None or after.container.id != container.id:
            after = self._begin_anew(container, file)
        if not self._own_is_complete:
            self._own_is_complete = self._own.cut(since_s)
        after.fetch()
        return (self._own.header or after.header) + self._own.content + after.content

    def _begin_anew(self, container: Container, file: str) -> "_Growing":
        """Follow another capture; when it isn't the first, the phone's own has begun anew too."""
        if self._after is not None:
            self._own = _Growing(self._container, CAPTURE)
            self._own_is_complete = False
            self._own.fetch()
        self._after = _Growing(container, file)
        return self._after

    def network_side(self) -> bytes:
        """Return the phone's own capture: what came before impairments, and what went after them.

        Returns:
            A pcap file, whole since the phone's start.

        Raises:
            EngineError: when the container can't be read.
        """
        return self._container.read_from(CAPTURE, 0)

    def mark(self) -> None:
        """Forget what was fetched so far: no call needs it any more.

        What began connections that later calls go over, the handshakes of TLS, is kept.
        """
        with self._fetching:
            for growing in (self._own, self._after):
                if growing is not None:
                    growing.forget()

    @property
    def settled_bytes(self) -> int:
        """How much of the phone's own capture, from its beginning on, no call needs any more."""
        return self._own.forgotten

    def check(self) -> None:
        """Make sure that the capture is still being written.

        Raises:
            EvidenceError: when it has stopped or found no room, with the reason.
        """
        if self._network.capture is not None:
            self._network.check()
            return
        looked = self._container.exec(["tap-trouble"], check=False)
        reason = looked.stdout.decode(errors="replace").strip()
        if reason:
            raise EvidenceError(
                f"The capture at phone {self._name} is not complete: {reason}. Make room on the "
                "engine's disk (`docker system df`) or give more to Lab(capture_room=…), then "
                "start the lab anew."
            )


def begins_tls(frame: bytes) -> bool:
    """Whether an Ethernet frame holds a TCP segment that begins with a handshake of TLS.

    Its first byte is then the content type 22, its second the protocol's major version 3
    (RFC 8446, section 5.1).
    """
    if len(frame) < _HEADERS_BYTES or frame[_ETHERTYPE] != _IPV4 or frame[_PROTOCOL] != _TCP:
        return False
    segment = frame[_ETHERNET_BYTES + (frame[_ETHERNET_BYTES] & 0x0F) * 4 :]
    payload = segment[(segment[_DATA_OFFSET] >> 4) * 4 :]
    return payload[:2] == b"\x16\x03"


class _Growing:
    """A pcap file that grows, in a container.

    Attributes:
        container: where it is.
        header: the file's header, or b"" before it is there.
        records: those that were fetched and are kept.
        handshakes: those of forgotten ones that began a connection over TLS.
        forgotten: how many bytes of the file, from its beginning on, hold what is not kept.
    """

    def __init__(self, container: Container, file: str) -> None:
        self.container = container
        self._file = file
        self._offset = 0
        self.header = b""
        self.records = bytearray()
        self.handshakes = bytearray()
        self.forgotten = 0

    @property
    def content(self) -> bytes:
        """All records that are kept."""
        return bytes(self.handshakes + self.records)

    def fetch(self) -> None:
        """Fetch what is new."""
        fresh = self.container.read_from(self._file, self._offset)
        self._offset += len(fresh)
        self.records += fresh
        if not self.header and len(self.records) >= _FILE_HEADER_BYTES:
            self.header = bytes(self.records[:_FILE_HEADER_BYTES])
            del self.records[:_FILE_HEADER_BYTES]

    def forget(self) -> None:
        """Let go of all whole records that are kept."""
        at, order = 0, self._order
        while at + _RECORD_HEADER_BYTES <= len(self.records):
            (length,) = struct.unpack_from(f"{order}I", self.records, at + 8)
            if at + _RECORD_HEADER_BYTES + length > len(self.records):
                break
            record = self.records[at : at + _RECORD_HEADER_BYTES + length]
            if begins_tls(bytes(record[_RECORD_HEADER_BYTES:])):
                self.handshakes += record
            at += len(record)
        del self.records[:at]
        self.forgotten = self._offset - len(self.records)

    @property
    def _order(self) -> str:
        return "<" if self.header[:4] == _LITTLE_ENDIAN else ">"

    def cut(self, time_s: float) -> bool:
        """Drop the records from a time on.

        Args:
            time_s: in seconds since the epoch.

        Returns:
            Whether there were any: nothing before that time is still to come.
        """
        order = self._order
        until = (int(time_s), int(time_s % 1 * 1_000_000))
        at = 0
        while at + _RECORD_HEADER_BYTES <= len(self.records):
            seconds, microseconds, length = struct.unpack_from(f"{order}III", self.records, at)
            if (seconds, microseconds) >= until:
                del self.records[at:]
                return True
            at += _RECORD_HEADER_BYTES + length
        return False
