"""The users whom hand-written files describe: the endpoints of their pjsip.conf."""

import re
from collections.abc import Mapping
from typing import Annotated, Final, Literal, get_args

from pydantic import Field, SecretStr

from voiplab.config.by_hand import dial_plan, pjsip
from voiplab.config.by_hand.pjsip import PjsipObject
from voiplab.config.security import Security
from voiplab.config.user import PHONE_CODECS, Codec, User

SipOver = Literal["udp", "tcp", "tls"]

SIP_PORT: Final = 5060
_PORTS: Final[dict[SipOver, int]] = {"udp": SIP_PORT, "tcp": SIP_PORT, "tls": 5061}
"""Where Asterisk listens when a transport names no port (RFC 3261, section 19.1.2)."""

_CODECS: Final[tuple[Codec, ...]] = get_args(Codec)


class WrittenUser(User):
    """A user as a hand-written pjsip.conf has it, whatever it says.

    Args:
        extension: the endpoint's name.
        secret: the password of its auth; empty when it has none.
        codecs: those that it allows, as far as the lab knows them; may be none.
        username: what its phone logs in as; empty when it need not.
        number: what is dialled to reach it.
        sip_over: the protocol by which its phone reaches the exchange.
        sip_port: at which port.
    """

    extension: str
    name: str = ""
    secret: SecretStr = SecretStr("")
    codecs: tuple[Codec, ...] = ()
    contacts: Annotated[int, Field(ge=0)] = 1
    username: str = ""
    number: str = ""
    sip_over: SipOver = "udp"
    sip_port: int = SIP_PORT


def users_of(files: Mapping[str, str]) -> tuple[WrittenUser, ...]:
    r"""The users whom files describe, in the order of pjsip.conf.

    All that are meant are there, also those that Asterisk refuses because something is wrong.

    Args:
        files: texts by file name.

    >>> text = "[2001]\ntype=endpoint\nauth=a\nallow=alaw\n[a]\ntype=auth\npassword=x\n"
    >>> [(user.extension, user.codecs) for user in users_of({"pjsip.conf": text})]
    [('2001', ('alaw',))]
    """
    sections = tuple(each for each in pjsip.document(files).sections if not each.template)
    named: dict[tuple[str, str], PjsipObject] = {}
    for each in pjsip.described_objects(sections):
        named.setdefault((each.kind, each.name), each)
    numbers = _numbers(files)
    return tuple(
        _user(each, named, numbers.get(name, name))
        for (kind, name), each in named.items()
        if kind == "endpoint"
    )


def number_of(user: User) -> str:
    """What is dialled to reach a user.

    >>> number_of(User(extension="2001"))
    '2001'
    """
    return user.number if isinstance(user, WrittenUser) else user.extension


def _numbers(files: Mapping[str, str]) -> dict[str, str]:
    """The first number that rings each endpoint by its name; its own name before others."""
    numbers: dict[str, str] = {}
    for context in dial_plan.contexts(dial_plan.document(files)).values():
        for extension in context.extensions.values():
            for step in extension.called:
                for name in re.findall(r"PJSIP/([\w.-]+)", step.arguments):
                    if not extension.name.startswith("_") and numbers.get(name) != name:
                        own = extension.name == name
                        numbers[name] = name if own else numbers.get(name, extension.name)
    return numbers


def _user(
    endpoint: PjsipObject, named: Mapping[tuple[str, str], PjsipObject], number: str
) -> WrittenUser:
    auth = next((named[key] for key in _keys(endpoint, "auth", "auth") if key in named), None)
    aor = next((named[key] for key in _keys(endpoint, "aors", "aor") if key in named), None)
    contacts = aor.value("max_contacts") if aor else "0"
    sip_over, sip_port = _reached_by(endpoint, named)
    encryption = endpoint.value("media_encryption")
    return WrittenUser(
        extension=endpoint.name,
        number=number,
        name=_shown(endpoint.value("callerid")),
        secret=SecretStr(auth.value("password") if auth else ""),
        username=auth.value("username") if auth else "",
        codecs=_known(endpoint.codecs),
        sip_over=sip_over,
        sip_port=sip_port,
        security=Security(encryption) if encryption in {"sdes", "dtls"} else None,
        webrtc=endpoint.value("webrtc").lower() in {"yes", "true", "1", "on"},
        contacts=int(contacts) if re.fullmatch("[0-9]{1,9}", contacts) else 0,
    )


def _keys(endpoint: PjsipObject, option: str, kind: str) -> list[tuple[str, str]]:
    return [(kind, name) for name in endpoint.names(option)]


def _shown(caller_id: str) -> str:
    """The name in a caller's identity: ``"Front desk" <2001>``."""
    return re.sub(r"<[^>]*>\s*$", "", caller_id).strip().strip('"')


def _known(codecs: tuple[str, ...]) -> tuple[Codec, ...]:
    if "all" in codecs:
        return PHONE_CODECS
    return tuple(codec for name in codecs for codec in _CODECS if codec == name)


def _reached_by(
    endpoint: PjsipObject, named: Mapping[tuple[str, str], PjsipObject]
) -> tuple[SipOver, int]:
    """Protocol and port of the transport that it names, or of the first that a phone can use."""
    chosen = [named[key] for key in _keys(endpoint, "transport", "transport") if key in named]
    every = [each for (kind, _), each in named.items() if kind == "transport"]
    for each in chosen or every:
        for protocol, usual in _PORTS.items():
            if each.value("protocol") == protocol:
                port = re.search(":([0-9]{1,5})$", each.value("bind"))
                return protocol, int(port[1]) if port else usual
    return "udp", SIP_PORT
