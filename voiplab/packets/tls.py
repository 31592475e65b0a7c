"""TLS and DTLS as an onlooker sees them: who agreed upon what, before it became unreadable.

Sources: RFC 8446 (TLS 1.3), RFC 5246 (TLS 1.2), RFC 6347 (DTLS 1.2), RFC 5764 (keys for SRTP),
RFC 6066 (server names), RFC 7301 (ALPN).
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from voiplab.packets.packet import Packet
from voiplab.packets.rtp import protocol_of
from voiplab.packets.tls_names import ALERTS, SRTP_PROFILES, VERSIONS, CipherSuite
from voiplab.packets.tls_records import (
    ALERT,
    APPLICATION_DATA,
    CHANGE_CIPHER_SPEC,
    HANDSHAKE,
    Record,
    RecordStream,
    datagram_records,
)

_CLIENT_HELLO, _SERVER_HELLO, _CERTIFICATE = 1, 2, 11
_SERVER_NAME, _ALPN, _USE_SRTP, _SUPPORTED_VERSIONS = 0, 16, 14, 43
_LEVELS = {1: "warning", 2: "fatal"}
# RFC 8446, section 4.1.3: the random of a server that asks for another hello.
_RETRY = hashlib.sha256(b"HelloRetryRequest").digest()
_RANDOM_BYTES = 32
# A message of a handshake that is longer is none.
_LONGEST_MESSAGE = 1 << 17
# Where no hello was seen, so many whole records make a connection TLS and not chance.
_CONVINCING_RECORDS = 3


class Alert(NamedTuple):
    """What one side had to say before all was encrypted (RFC 8446, section 6).

    Attributes:
        time_s: when it was seen, in seconds since 1970-01-01 UTC.
        src: who said it, as address:port.
        level: "warning" or "fatal".
        name: as in the RFC, for example "unknown_ca".
    """

    time_s: float
    src: str
    level: str
    name: str


@dataclass(slots=True)
class Handshake:
    """A connection of TLS or DTLS, and what an onlooker learns of it.

    In TLS 1.3 all that follows the server's hello is encrypted: certificates, the application
    protocol that was chosen, and the reason why one side breaks off.

    Attributes:
        time_s: when its first record was seen, in seconds since 1970-01-01 UTC.
        client: who began, as address:port; where no hello was seen, who has the higher port.
        server: the other side.
        protocol: "TLS" or "DTLS".
        version: what the server chose, for example "TLS 1.3"; "" where its hello was not seen.
        cipher: what the server chose, or None.
        offered_versions: what the client would have taken, the best first.
        offered_ciphers: likewise.
        server_name: whom the client asked for (SNI), or "".
        alpn: the application protocol that the server chose, where it says so in clear.
        offered_alpn: what the client would have taken.
        srtp_profile: how speech is encrypted with the keys of this handshake, or "".
        offered_srtp_profiles: what the client would have taken.
        server_certificates: the server's and those that vouch for it, where they are in clear; DER.
        client_certificates: the client's, likewise.
        alerts: what was said in clear.
        client_encrypts: whether the client was seen to go over to encryption.
        server_encrypts: whether the server was.
        encrypted_bytes: how much was in records of application data, both ways.
        random: what tells this client's hello from any other; b"" where it was not seen.
    """

    time_s: float
    client: str
    server: str
    protocol: Literal["TLS", "DTLS"]
    version: str = ""
    cipher: CipherSuite | None = None
    offered_versions: tuple[str, ...] = ()
    offered_ciphers: tuple[CipherSuite, ...] = ()
    server_name: str = ""
    alpn: str = ""
    offered_alpn: tuple[str, ...] = ()
    srtp_profile: str = ""
    offered_srtp_profiles: tuple[str, ...] = ()
    server_certificates: tuple[bytes, ...] = ()
    client_certificates: tuple[bytes, ...] = ()
    alerts: tuple[Alert, ...] = ()
    client_encrypts: bool = False
    server_encrypts: bool = False
    encrypted_bytes: int = 0
    random: bytes = field(default=b"", repr=False)

    @property
    def established(self) -> bool:
        """Whether both sides went over to encryption."""
        return self.client_encrypts and self.server_encrypts

    @property
    def refusal(self) -> Alert | None:
        """The first fatal alert in clear, or None."""
        return next((alert for alert in self.alerts if alert.level == "fatal"), None)


class HandshakeFinder:
    """Finds TLS and DTLS in packets that come one by one, whatever their port.

    >>> finder = HandshakeFinder()
    >>> finder.take(Packet(0.0, "192.0.2.1", 5061, "192.0.2.2", 40000, "tcp", b"SIP/2.0 200 OK"))
    False
    >>> finder.finish()
    ()
    """

    def __init__(self) -> None:
        self._streams: dict[tuple[str, str], RecordStream] = {}
        self._latest: dict[tuple[str, str], Packet] = {}
        self._connections: dict[frozenset[str], list[_Connection]] = {}

    def take(self, packet: Packet) -> bool:
        """Take a packet.

        Returns:
            Whether it completes a record.
        """
        if packet.transport == "udp":
            if protocol_of(packet.payload) != "dtls":
                return False
            records = datagram_records(packet.payload)
        elif packet.payload:
            ends = packet.source, packet.destination
            if ends not in self._streams:
                self._streams[ends] = RecordStream()
            self._latest[ends] = packet
            records = self._streams[ends].records(packet)
        else:
            return False
        complete = False
        for record in records:
            complete = True
            self._follow(packet, record)
        return complete

    def finish(self) -> tuple[Handshake, ...]:
        """Return the connections by time, when no packet is to come any more."""
        for ends, stream in self._streams.items():
            for record in stream.rest():
                self._follow(self._latest[ends], record)
        found = [
            connection.handshake
            for same_ends in self._connections.values()
            for connection in same_ends
            if connection.convincing
        ]
        return tuple(sorted(found, key=lambda handshake: handshake.time_s))

    def _follow(self, packet: Packet, record: Record) -> None:
        same_ends = self._connections.setdefault(frozenset((packet.source, packet.destination)), [])
        hello = _opening(record)
        known = same_ends[-1] if same_ends else None
        if known is None or (hello and not known.may_follow(hello)):
            known = _Connection(packet, begins=bool(hello))
            same_ends.append(known)
        known.take(packet, record)


class _Connection:
    """One connection, record by record."""

    def __init__(self, packet: Packet, *, begins: bool) -> None:
        client, server = packet.source, packet.destination
        if not begins and packet.src_port < packet.dst_port:
            client, server = server, client
        self._datagrams = packet.transport == "udp"
        self.handshake = Handshake(
            packet.time_s, client, server, "DTLS" if self._datagrams else "TLS"
        )
        self._records = 0
        self._messages = {client: _Messages(), server: _Messages()}

    @property
    def convincing(self) -> bool:
        seen = self.handshake
        return bool(seen.random or seen.version) or self._records >= _CONVINCING_RECORDS

    def may_follow(self, random: bytes) -> bool:
        """Whether a client's hello belongs here: repeated, or asked for once more."""
        return self.handshake.random in {b"", random} and not self.handshake.established

    def take(self, packet: Packet, record: Record) -> None:
        seen, side = self.handshake, packet.source
        self._records += 1
        by_client = side == seen.client
        encrypts = seen.client_encrypts if by_client else seen.server_encrypts
        if record.kind == APPLICATION_DATA or record.epoch:
            seen.encrypted_bytes += len(record.content) * (record.kind == APPLICATION_DATA)
            self._goes_over(by_client=by_client)
        elif record.kind == CHANGE_CIPHER_SPEC:
            # To TLS 1.3 it means nothing, and a client may send it before its second hello.
            if seen.version not in {"", "TLS 1.3"}:
                self._goes_over(by_client=by_client)
        elif encrypts:
            return
        elif record.kind == ALERT:
            self._alert(packet, record.content)
        elif record.kind == HANDSHAKE:
            for kind, body in self._messages[side].of(record.content, datagrams=self._datagrams):
                self._message(kind, body, by_client=by_client)

    def _goes_over(self, *, by_client: bool) -> None:
        if by_client:
            self.handshake.client_encrypts = True
        else:
            self.handshake.server_encrypts = True

    def _alert(self, packet: Packet, content: bytes) -> None:
        if len(content) == 2 and content[0] in _LEVELS:  # noqa: PLR2004 - level, description
            name = ALERTS.get(content[1], f"alert {content[1]}")
            alert = Alert(packet.time_s, packet.source, _LEVELS[content[0]], name)
            self.handshake.alerts = (*self.handshake.alerts, alert)

    def _message(self, kind: int, body: bytes, *, by_client: bool) -> None:
        try:
            if kind == _CLIENT_HELLO and by_client:
                self._client_hello(body)
            elif kind == _SERVER_HELLO and not by_client:
                self._server_hello(body)
            elif kind == _CERTIFICATE:
                found = tuple(_certificates(_Bytes(body)))
                if by_client:
                    self.handshake.client_certificates = found
                else:
                    self.handshake.server_certificates = found
        except _TooShortError:
            # It says that it is longer than it is: an onlooker learns nothing of it.
            return

    def _client_hello(self, body: bytes) -> None:
        seen, rest = self.handshake, _Bytes(body)
        version, random = rest.number(2), rest.take(_RANDOM_BYTES)
        rest.vector(1)  # the session's id
        if self._datagrams:
            rest.vector(1)  # the cookie
        codes = list(rest.vector(2).numbers(2))
        rest.vector(1)  # compression
        extensions = dict(_extensions(rest))
        seen.random = random
        seen.offered_ciphers = tuple(CipherSuite(code) for code in codes if not _is_grease(code))
        offered = [version]
        if _SUPPORTED_VERSIONS in extensions:
            offered = list(extensions[_SUPPORTED_VERSIONS].vector(1).numbers(2))
        seen.offered_versions = tuple(_version(each) for each in offered if not _is_grease(each))
        if _SERVER_NAME in extensions:
            seen.server_name = _server_name(extensions[_SERVER_NAME])
        seen.offered_alpn = tuple(_alpn(extensions.get(_ALPN)))
        seen.offered_srtp_profiles = tuple(_srtp_profiles(extensions.get(_USE_SRTP)))

    def _server_hello(self, body: bytes) -> None:
        seen, rest = self.handshake, _Bytes(body)
        version, random = rest.number(2), rest.take(_RANDOM_BYTES)
        rest.vector(1)  # the session's id
        code = rest.number(2)
        rest.take(1)  # compression
        extensions = dict(_extensions(rest))
        if _SUPPORTED_VERSIONS in extensions:
            version = extensions[_SUPPORTED_VERSIONS].number(2)
        seen.version, seen.cipher = _version(version), CipherSuite(code)
        if random != _RETRY:
            seen.alpn = next(_alpn(extensions.get(_ALPN)), "")
            seen.srtp_profile = next(_srtp_profiles(extensions.get(_USE_SRTP)), "")


class _Messages:
    """The messages of one side's handshake, put together from records and fragments."""

    def __init__(self) -> None:
        self._stream = b""
        self._fragments: dict[tuple[int, int, int], dict[int, bytes]] = {}

    def of(self, content: bytes, *, datagrams: bool) -> Iterator[tuple[int, bytes]]:
        """Take a record's content, and give the messages that it completes."""
        yield from self._of_datagram(content) if datagrams else self._of_stream(content)

    def _of_stream(self, content: bytes) -> Iterator[tuple[int, bytes]]:
        self._stream += content
        while len(self._stream) >= 4:  # noqa: PLR2004 - kind and length
            end = 4 + int.from_bytes(self._stream[1:4])
            if end > _LONGEST_MESSAGE:
                self._stream = b""
            if len(self._stream) < end:
                return
            message, self._stream = self._stream[:end], self._stream[end:]
            yield message[0], message[4:]

    def _of_datagram(self, content: bytes) -> Iterator[tuple[int, bytes]]:
        """Put the fragments of DTLS together (RFC 6347, section 4.2.2)."""
        rest = _Bytes(content)
        try:
            while rest.left:
                kind, total, number = rest.number(1), rest.number(3), rest.number(2)
                offset = rest.number(3)
                fragment = rest.take(rest.number(3))
                if total > _LONGEST_MESSAGE:
                    return
                parts = self._fragments.setdefault((kind, number, total), {})
                parts[offset] = fragment
                whole = b""
                for at in sorted(parts):
                    if at <= len(whole):
                        whole = whole[:at] + parts[at]
                if len(whole) == total:
                    del self._fragments[kind, number, total]
                    yield kind, whole
        except _TooShortError:
            return


class _TooShortError(Exception):
    """A message that ends before its time."""


class _Bytes:
    """Bytes that are read from their beginning."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> bool:
        return self._at < len(self._data)

    def take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        if len(taken) < count:
            raise _TooShortError
        self._at += count
        return taken

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size))

    def vector(self, size: int) -> "_Bytes":
        """Take what a length of so many bytes stands before."""
        return _Bytes(self.take(self.number(size)))

    def numbers(self, size: int) -> Iterator[int]:
        while self.left:
            yield self.number(size)

    def all(self) -> bytes:
        return self._data[self._at :]


def _opening(record: Record) -> bytes:
    """Return the random of the client's hello that a record begins with, or b""."""
    header = 4 if len(record.content) > 4 and record.content[4] == 3 else 12  # noqa: PLR2004 - TLS: version 3.x
    at = header + 2
    if record.kind == HANDSHAKE and not record.epoch and record.content[:1] == b"\x01":
        return record.content[at : at + _RANDOM_BYTES]
    return b""


def _extensions(rest: _Bytes) -> Iterator[tuple[int, _Bytes]]:
    if rest.left:
        listed = rest.vector(2)
        while listed.left:
            kind = listed.number(2)
            yield kind, listed.vector(2)


def _server_name(extension: _Bytes) -> str:
    names = extension.vector(2)
    names.number(1)  # the kind of name; there is one kind
    return names.vector(2).all().decode("ascii", "replace")


def _alpn(extension: _Bytes | None) -> Iterator[str]:
    if extension is not None:
        names = extension.vector(2)
        while names.left:
            yield names.vector(1).all().decode("utf-8", "replace")


def _srtp_profiles(extension: _Bytes | None) -> Iterator[str]:
    if extension is not None:
        for code in extension.vector(2).numbers(2):
            yield SRTP_PROFILES.get(code, f"0x{code:04X}")


def _certificates(body: _Bytes) -> Iterator[bytes]:
    listed = body.vector(3)
    while listed.left:
        yield listed.vector(3).all()


def _version(code: int) -> str:
    return VERSIONS.get(code, f"0x{code:04X}")


def _is_grease(code: int) -> bool:
    """Whether a number means nothing, and is there so that servers bear it (RFC 8701)."""
    return code & 0x0F0F == 0x0A0A and code >> 8 == code & 0xFF  # noqa: PLR2004 - RFC 8701, section 2
