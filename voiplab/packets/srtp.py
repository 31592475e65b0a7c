"""SRTP (RFC 3711) with keys that were told in SDP (RFC 4568), for who has read them."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from voiplab.errors import CaptureError
from voiplab.packets.rtp import HEADER_BYTES, RtpPacket

# RFC 4568, section 6.2, and RFC 6188 for keys of 256 bits: bytes of key and of tag.
_SUITES = {
    "AES_CM_128_HMAC_SHA1_80": (16, 10),
    "AES_CM_128_HMAC_SHA1_32": (16, 4),
    "AES_256_CM_HMAC_SHA1_80": (32, 10),
    "AES_256_CM_HMAC_SHA1_32": (32, 4),
}
_SALT_BYTES = 14
_ENCRYPTION, _AUTHENTICATION, _SALTING = 0, 1, 2  # RFC 3711, section 4.3.1
_AUTHENTICATION_BYTES = 20
_CRYPTO = re.compile(r"^a=crypto:\s*\d+\s+(\S+)\s+inline:([A-Za-z0-9+/=]+)", re.MULTILINE)


@dataclass(frozen=True)
class SrtpKey:
    """A master key, from which those of a stream are made.

    Attributes:
        suite: how it is used, as SDP calls it (RFC 4568, section 6.2).
        master_key: 16 or 32 bytes.
        master_salt: 14 bytes.

    >>> told = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + "AbCd" * 10
    >>> [key.suite for key in SrtpKey.told_in(told.encode())]
    ['AES_CM_128_HMAC_SHA1_80']
    """

    suite: str
    master_key: bytes = field(repr=False)
    master_salt: bytes = field(repr=False)

    @classmethod
    def told_in(cls, sdp: bytes) -> "Iterator[SrtpKey]":
        """Give the keys that a session description tells.

        Those of other suites are passed over, and those that were blotted out by one character.

        Args:
            sdp: the session description.
        """
        for suite, told in _CRYPTO.findall(sdp.decode("utf-8", "replace")):
            if suite not in _SUITES or len(set(told)) == 1:
                continue
            try:
                key_and_salt = base64.b64decode(told, validate=True)
            except binascii.Error:
                continue
            size = _SUITES[suite][0]
            if len(key_and_salt) == size + _SALT_BYTES:
                yield cls(suite, key_and_salt[:size], key_and_salt[size:])

    @property
    def tag_bytes(self) -> int:
        """How long the authentication tag after each packet is."""
        return _SUITES[self.suite][1]

    def session_key(self, label: int, size: int) -> bytes:
        """Derive a key (RFC 3711, section 4.3).

        Args:
            label: 0 for encryption, 1 for authentication, 2 for salting.
            size: how many bytes are wanted.
        """
        x = int.from_bytes(self.master_salt) ^ label << 48
        return _keystream(self.master_key, x << 16, size)

    def decrypt(self, packets: Iterable[bytes]) -> "Iterator[RtpPacket]":
        """Decrypt the packets of one stream from its beginning on (RFC 3711, section 3.3).

        Args:
            packets: SRTP packets in the order of arrival.

        Yields:
            RTP packets. What the key's authentication does not vouch for is left out.
        """
        encryption = self.session_key(_ENCRYPTION, len(self.master_key))
        authentication = self.session_key(_AUTHENTICATION, _AUTHENTICATION_BYTES)
        salt = int.from_bytes(self.session_key(_SALTING, _SALT_BYTES))
        rollovers, highest = 0, None
        for packet in packets:
            if len(packet) < HEADER_BYTES + self.tag_bytes:
                continue
            number = int.from_bytes(packet[2:4])
            guess = _rollovers(rollovers, highest, number)
            body, tag = packet[: -self.tag_bytes], packet[-self.tag_bytes :]
            made = hmac.digest(authentication, body + guess.to_bytes(4), hashlib.sha1)
            if not hmac.compare_digest(made[: self.tag_bytes], tag):
                continue
            if highest is None or (guess, number) > (rollovers, highest):
                rollovers, highest = guess, number
            ssrc, index = int.from_bytes(packet[8:12]), guess << 16 | number
            iv = salt << 16 ^ ssrc << 64 ^ index << 16
            begin = _payload_begins_at(body)
            stream = _keystream(encryption, iv, len(body) - begin)
            clear = bytes(a ^ b for a, b in zip(body[begin:], stream, strict=True))
            try:
                yield RtpPacket.parse(body[:begin] + clear)
            except CaptureError:
                continue


def _rollovers(rollovers: int, highest: int | None, number: int) -> int:
    """Guess how often the sequence has wrapped before a packet (RFC 3711, section 3.3.1)."""
    half = 1 << 15
    if highest is None:
        return rollovers
    if highest < half:
        return max(rollovers - 1, 0) if number - highest > half else rollovers
    return rollovers + 1 if highest - half > number else rollovers


def _payload_begins_at(packet: bytes) -> int:
    begin = HEADER_BYTES + 4 * (packet[0] & 0x0F)
    if packet[0] & 0x10:
        begin += 4 + 4 * int.from_bytes(packet[begin + 2 : begin + 4])
    return min(begin, len(packet))


def _keystream(key: bytes, iv: int, size: int) -> bytes:
    """Return AES in counter mode (RFC 3711, section 4.1.1)."""
    from cryptography.hazmat.primitives.ciphers import (  # noqa: PLC0415 - heavy, for few
        Cipher,
        algorithms,
        modes,
    )

    counter = modes.CTR((iv & (1 << 128) - 1).to_bytes(16))
    return Cipher(algorithms.AES(key), counter).encryptor().update(bytes(size))
