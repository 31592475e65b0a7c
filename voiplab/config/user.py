"""A user: who may register a phone, be called, and call."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from voiplab.config.part import Part
from voiplab.config.security import Security
from voiplab.config.text import DisplayName, Extension, Pin, Secret, random_pin, random_secret

Codec = Literal["ulaw", "alaw", "g722", "opus", "g726", "gsm"]
"""Asterisk's names; the first two are G.711's µ-law and A-law."""

PHONE_CODECS: tuple[Codec, ...] = ("ulaw", "alaw")
"""Those of plain telephony (G.711), whose samples every figure of the course can explain."""

BROWSER_CODECS: tuple[Codec, ...] = ("opus", "ulaw", "alaw")
"""Those that every browser has (RFC 7874), the better one first."""

Transport = Literal["udp", "tcp"]


class Mailbox(Part):
    """Where a user's unanswered callers may leave a message.

    Args:
        pin: what opens the mailbox; random unless given.

    >>> Mailbox(pin="2468")
    Mailbox(pin=SecretStr('**********'))
    """

    pin: Pin = Field(default_factory=random_pin)


class User(Part):
    """A user, who becomes an endpoint, an auth, an AoR and an extension.

    Args:
        extension: what is dialled to reach the user, and the user name of the phone.
        name: what the called party's phone shows; may be empty.
        secret: the phone's password; random unless given.
        codecs: what the user may speak, the preferred one first.
        transport: how the user's phone speaks SIP to the exchange while that is not encrypted;
            either is accepted.
        security: what is encrypted between the user's phone and the exchange; None is what the
            exchange has for all.
        webrtc: whether the user's phone is a web page: its SIP comes over a WebSocket (RFC 7118),
            its media is set up by ICE and encrypted with keys agreed on by DTLS (RFC 8827),
            whatever the security of others.
        contacts: how many phones may be registered at once; all of them ring.
        ring_s: how long the phones ring, in seconds.
        call_waiting: whether a second call reaches a busy user's phone. Without it the caller
            gets 486 Busy Here at once.
        mailbox: where unanswered callers leave a message; without one they get the SIP status
            that says why nobody answered.

    Raises:
        ConfigError: one sentence on the first value that can't be.

    >>> desk = User(extension="2001", name="Zoë's desk", codecs=("alaw", "ulaw"))
    >>> desk.secret
    SecretStr('**********')
    >>> User(extension="2001", codecs=())
    Traceback (most recent call last):
    voiplab.errors.ConfigError: User codecs: there is none: name at least one.
    """

    extension: Extension
    name: DisplayName = ""
    secret: Secret = Field(default_factory=random_secret)
    codecs: Annotated[tuple[Codec, ...], Field(min_length=1)] = ("ulaw", "alaw", "g722", "opus")
    transport: Transport = "udp"
    security: Security | None = None
    webrtc: bool = False
    contacts: Annotated[int, Field(ge=1, le=10)] = 1
    ring_s: Annotated[int, Field(ge=1, le=300)] = 25
    call_waiting: bool = False
    mailbox: Mailbox | None = None

    @model_validator(mode="after")
    def _carried_whole(self) -> Self:
        if self.mailbox and "," in self.name:
            raise ValueError(
                f"the name {self.name!r} holds a comma, which ends a name in voicemail.conf: "
                "leave the comma or the mailbox out."
            )
        if len(set(self.codecs)) < len(self.codecs):
            raise ValueError(f"the codecs {', '.join(self.codecs)} name one twice: name it once.")
        if self.security is Security.REQUIRED:
            raise ValueError(
                "what is required of all is the exchange's to say: for one user choose plain, sdes "
                "or dtls."
            )
        if self.webrtc and self.security is not None:
            raise ValueError(
                f"the phone of {self.extension} is a web page, whose media the browser encrypts by "
                "DTLS whatever the exchange says: leave its security out."
            )
        return self
