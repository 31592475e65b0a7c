"""Who a softphone registers as."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from voiplab.errors import PhoneError

REGISTRATION_INTERVAL_S = 60
# A connection that a PBX has lost is made anew by the next registration, and by nothing before.
_CONNECTED_REGISTRATION_INTERVAL_S = 30

# What each codec samples at, in Hz, and what baresip calls it.
SAMPLING_RATE_HZ: Mapping[str, int] = {"ulaw": 8000, "alaw": 8000, "g722": 16000, "opus": 48000}
_BARESIP_CODEC = {
    "ulaw": "PCMU/8000/1",
    "alaw": "PCMA/8000/1",
    "g722": "G722/16000/1",
    "opus": "opus/48000/2",
}

_BARESIP_ENCRYPTION = {"none": "", "sdes": ";mediaenc=srtp-mand", "dtls": ";mediaenc=dtls_srtp"}


@dataclass(frozen=True, slots=True)
class Account:
    """Who a phone registers as, and where.

    Attributes:
        extension: the user part of its address of record (AoR).
        password: its secret; never shown.
        registrar: host and port of the registrar, for example ``pbx:5060``.
        codecs: Asterisk's names of the codecs that it offers, the preferred one first.
        transport: what SIP is sent over.
        media_encryption: how the keys for the speech (SRTP, RFC 3711) are agreed on: told in the
            SDP (RFC 4568), or by DTLS (RFC 5764). Speech in clear is then refused.
        username: what it logs in as, where that is not the extension.
    """

    extension: str
    password: str = field(repr=False)
    registrar: str
    codecs: tuple[str, ...] = ("ulaw", "alaw")
    transport: Literal["udp", "tcp", "tls"] = "udp"
    media_encryption: Literal["none", "sdes", "dtls"] = "none"
    username: str = ""

    @property
    def aor(self) -> str:
        """The address of record (RFC 3261, section 6).

        >>> Account("2001", "secret", "pbx:5060").aor
        'sip:2001@pbx:5060'
        """
        return self.uri(self.extension)

    def uri(self, number: str) -> str:
        """Return where a number of the exchange is called; baresip adds the account's transport.

        >>> Account("2001", "secret", "pbx:5061", transport="tls").uri("2002")
        'sip:2002@pbx:5061'
        """
        return f"sip:{number}@{self.registrar}"

    def line(self) -> str:
        """Return baresip's way to write the account. It holds the password: don't log it.

        Raises:
            PhoneError: when the user name or the password would end there.
        """
        for what, text in (("user name", self.username), ("password", self.password)):
            if re.search(r'[\s;"<>\x00-\x1f\x7f]', text):
                raise PhoneError(
                    f"Phone {self.extension} can't be given its {what}, which holds a space, a "
                    "semicolon, a quotation mark or < or >: choose another one."
                )
        codecs = ",".join(_BARESIP_CODEC[codec] for codec in self.codecs)
        return (
            f"<{self.aor};transport={self.transport}>"
            f";auth_user={self.username or self.extension};auth_pass={self.password}"
            f";regint={self._registration_interval_s};audio_codecs={codecs};answermode=auto"
            + _BARESIP_ENCRYPTION[self.media_encryption]
        )

    @property
    def _registration_interval_s(self) -> int:
        if self.transport == "udp":
            return REGISTRATION_INTERVAL_S
        return _CONNECTED_REGISTRATION_INTERVAL_S

    @property
    def rate_hz(self) -> int:
        """What the preferred codec samples speech at, in Hz."""
        return SAMPLING_RATE_HZ[self.codecs[0]]
