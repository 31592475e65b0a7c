"""A lab whose PBX is configured by hand: its phones follow what its files say."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from voiplab.background import side_by_side
from voiplab.config import PHONE_CODECS, Exchange, Security, User, WrittenUser, read_files
from voiplab.containers import wait_until
from voiplab.errors import ConfigError, NotReady, PhoneError
from voiplab.pbx import Asterisk
from voiplab.phones import Account, Softphone
from voiplab.phones.account import SAMPLING_RATE_HZ

_MEDIA_ENCRYPTION: dict[Security | None, Literal["none", "sdes", "dtls"]] = {
    None: "none",
    Security.SDES: "sdes",
    Security.DTLS: "dtls",
}

_ANSWERED_WITHIN_S = 3.0
_GOODBYE_S = 1.0
_NAMES_OF_OTHERS = {"pbx"}


def with_phone(users: Iterable[User]) -> list[User]:
    """The users who can have a softphone: not those in a browser, nor with a name no container has.

    Args:
        users: those whom the files describe.
    """
    return [
        user
        for user in users
        if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}", user.extension)
        and user.extension not in _NAMES_OF_OTHERS
        and not user.webrtc
    ]


def account_by_hand(user: WrittenUser, host: str) -> Account:
    """What a user's phone registers with, as far as a phone can.

    Where the files allow no codec that the phone has, it offers those of plain telephony all the
    same, and Asterisk says no.
    """
    codecs = tuple(codec for codec in user.codecs if codec in SAMPLING_RATE_HZ)
    return Account(
        user.extension,
        user.secret.get_secret_value(),
        f"{host}:{user.sip_port}",
        codecs or PHONE_CODECS,
        transport=user.sip_over,
        media_encryption=_MEDIA_ENCRYPTION[user.security],
        username=user.username,
    )


def exchange_of(
    configuration: Mapping[str, str] | Path | str, plain: Exchange, users: Mapping[str, str] | None
) -> Exchange:
    """The exchange that a lab on hand-written files begins with.

    Args:
        configuration: a folder, or the files' texts by name.
        plain: what the rest of its configuration comes from.
        users: those that the lab was to begin with besides.

    Raises:
        ConfigError: when there are any, or the files can't be taken.
    """
    if plain.security is not Security.PLAIN:
        raise ConfigError(
            "What is encrypted in a lab on hand-written files is for its pjsip.conf to say: leave "
            "out security=, and write a transport with protocol = tls and media_encryption there."
        )
    if users or plain.users:
        raise ConfigError(
            "The users of a lab on hand-written files are those of its pjsip.conf: leave out "
            "users=, and write them there."
        )
    return plain.with_written(read_files(configuration))


@contextmanager
def refusals_allowed(exchange: Exchange) -> Iterator[None]:
    """Where the files are written by hand, let a phone be refused."""
    with suppress(*((PhoneError, NotReady) if exchange.written else ())):
        yield


def register(phone: Softphone) -> None:
    """Let a phone register; that it is refused is a result like any other here."""
    with suppress(PhoneError, NotReady):
        phone.register(timeout_s=_ANSWERED_WITHIN_S)


def take_leave(phones: Iterable[Softphone], pbx: Asterisk) -> None:
    """Let phones say goodbye, and Asterisk forget them: what each may is asked anew.

    Args:
        phones: those of the lab, none of them in a call.
        pbx: where they are registered.
    """
    for phone in phones:
        with suppress(PhoneError):
            phone.leave()
    with suppress(NotReady):
        wait_until(
            "the phones' goodbyes",
            lambda: "/registrar/contact/" not in pbx.command("database show registrar contact"),
            timeout_s=_GOODBYE_S,
        )
    pbx.command("database deltree registrar")


def idle(phones: Iterable[Softphone]) -> bool:
    """Whether no phone is in a call."""
    return not any(phone.active_legs() for phone in phones)


def register_all(phones: Iterable[Softphone]) -> None:
    """Let phones register side by side, whatever comes of it."""
    side_by_side(register, list(phones))
