"""The users whom hand-written files describe: the endpoints of their pjsip.conf."""

import re
from collections.abc import Mapping
from typing import Annotated, Final, get_args

from pydantic import Field, SecretStr

from voiplab.config.by_hand import dial_plan, pjsip
from voiplab.config.by_hand.pjsip import PjsipObject
from voiplab.config.user import PHONE_CODECS, Codec, Transport, User

_CODECS: Final[tuple[Codec, ...]] = get_args(Codec)


class WrittenUser(User):
    """A user as a hand-written pjsip.conf has it, whatever it says.

    Args:
        extension: the endpoint's name.
        secret: the password of its auth; empty when it has none.
        codecs: those that it allows, as far as the lab knows them; may be none.
        username: what its phone logs in as; empty when it need not.
        number: what is dialled to reach it.
    """

    extension: str
    name: str = ""
    secret: SecretStr = SecretStr("")
    codecs: tuple[Codec, ...] = ()
    contacts: Annotated[int, Field(ge=0)] = 1
    username: str = ""
    number: str = ""


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
    return WrittenUser(
        extension=endpoint.name,
        number=number,
        name=_shown(endpoint.value("callerid")),
        secret=SecretStr(auth.value("password") if auth else ""),
        username=auth.value("username") if auth else "",
        codecs=_known(endpoint.codecs),
        transport=_transport(endpoint, named),
        webrtc=endpoint.value("webrtc").lower() in {"yes", "true", "1", "on"},
        contacts=int(contacts) if contacts.isdigit() else 0,
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


def _transport(endpoint: PjsipObject, named: Mapping[tuple[str, str], PjsipObject]) -> Transport:
    """The protocol of the transport that it names, or of the first that a phone can use."""
    chosen = [named[key] for key in _keys(endpoint, "transport", "transport") if key in named]
    every = [each for (kind, _), each in named.items() if kind == "transport"]
    for each in chosen or every:
        for protocol in get_args(Transport):
            if each.value("protocol") == protocol:
                return protocol  # type: ignore[no-any-return]
    return "udp"
