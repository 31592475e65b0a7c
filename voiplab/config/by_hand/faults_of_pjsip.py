"""Faults in what a pjsip.conf says."""

import re
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Final

from voiplab.config.by_hand.fault import Fault, at
from voiplab.config.by_hand.pjsip import FILE, PjsipObject, described_objects
from voiplab.config.by_hand.reference import reference
from voiplab.config.by_hand.syntax import Document, Section, Setting

_PROTOCOLS: Final = ("udp", "tcp", "tls", "ws", "wss", "flow")
_SOCKET: Final = {"udp": "udp", "tcp": "tcp", "tls": "tcp"}
_OLD_TLS: Final = ("default", "unspecified", "tlsv1", "tlsv1_1", "sslv2", "sslv3")
_SHORTEST_PASSWORD: Final = 8
_USUAL: Final = ("password", "asterisk", "secret", "admin", "voip", "qwerty", "azerty", "changeme")

_SWITCHES: Final = frozenset(
    {"direct_media", "force_rport", "ice_support", "remove_existing", "rewrite_contact"}
    | {"rtp_symmetric", "send_pai", "trust_id_inbound", "use_avpf"}
)
_YES: Final = frozenset({"yes", "true", "y", "t", "1", "on"})
_NO: Final = frozenset({"no", "false", "n", "f", "0", "off"})
"""What Asterisk takes for yes and for no; anything else is no, without a word about it."""

_NUMBERS: Final = frozenset({"max_contacts", "qualify_frequency"})

_QUOTED: Final = frozenset({"auth", "aors", "context", "transport", "username", "password"})

_CHAN_SIP: Final = {
    "secret": "the password is password= of an auth",
    "host": "a phone that registers has an aor, and needs no host",
    "nat": "write force_rport, rewrite_contact and rtp_symmetric in the endpoint",
    "qualify": "write qualify_frequency in the aor",
    "canreinvite": "write direct_media in the endpoint",
    "directmedia": "write direct_media in the endpoint",
    "dtmfmode": "write dtmf_mode in the endpoint",
    "defaultuser": "write username in the auth",
    "fromuser": "write from_user in the endpoint",
    "fromdomain": "write from_domain in the endpoint",
    "mailbox": "write mailboxes in the endpoint",
    "encryption": "write media_encryption = sdes in the endpoint",
}
_CHAN_SIP_TYPES: Final = ("friend", "peer", "user")


def of_pjsip(pjsip: Document, contexts: Collection[str] | None) -> Iterator[Fault]:
    """What is wrong with what a pjsip.conf says.

    Args:
        pjsip: the file.
        contexts: the names of the dial plan's contexts; None when it is not known.
    """
    sections = tuple(section for section in pjsip.sections if not section.template)
    known = tuple(described_objects(sections))
    for section in sections:
        yield from _of_type(section)
    for described in known:
        yield from _of_options(described)
    yield from _of_twins(known)
    named = {(each.kind, each.name): each for each in known}
    yield from _of_transports(known)
    by_address = {each.value("endpoint") for each in known if each.kind == "identify"}
    for endpoint in known:
        if endpoint.kind == "endpoint":
            yield from _of_endpoint(endpoint, named, contexts)
            if endpoint.name not in by_address:
                yield from _of_phone(endpoint)


def label(described: PjsipObject) -> str:
    """How an object is called in a fault: ``[2001] (aor)``."""
    return f"[{described.name}] ({described.kind})"


def nearest(word: str, known: Collection[str]) -> str:
    """The known word that is most like another, or ""."""
    return next(iter(get_close_matches(word.lower(), list(known), n=1)), "")


def _of_type(section: Section) -> Iterator[Fault]:
    kind = section.last("type")
    kinds = reference().objects
    if kind is None:
        yield at(
            section,
            kind="no-type",
            owner=f"[{section.name}]",
            option="type",
            problem="It has no type, so Asterisk passes over the whole section without a word.",
            remedy="Write type = endpoint, auth, aor or transport below the brackets.",
        )
    elif kind.value not in kinds:
        likely = nearest(kind.value, kinds)
        meant = f"Did you mean {likely}?" if likely else f"There are {', '.join(sorted(kinds))}."
        if kind.value.lower() in _CHAN_SIP_TYPES:
            meant = "That was chan_sip's: write an endpoint, an auth and an aor instead."
        yield at(
            kind,
            kind="unknown-type",
            owner=f"[{section.name}]",
            problem=f"There is no type {kind.value!r}, so Asterisk passes over the whole section "
            "without a word.",
            remedy=meant,
        )


def _of_options(described: PjsipObject) -> Iterator[Fault]:
    known = reference().objects[described.kind]
    names = {name.lower() for name in known}
    for setting in described.section.settings:
        name = setting.name.lower()
        if "*" not in known and name not in names and not name.startswith("@"):
            yield _unknown_option(described, setting, names)
        elif name in {"allow", "disallow"}:
            yield from _of_codecs(described, setting)
        else:
            yield from _of_option(described, setting, name)


def _unknown_option(described: PjsipObject, setting: Setting, names: Collection[str]) -> Fault:
    name = setting.name.lower()
    likely = nearest(name, names)
    elsewhere = [kind for kind, options in reference().objects.items() if name in options]
    usual = [kind for kind in ("endpoint", "auth", "aor", "transport") if kind in elsewhere]
    if name in _CHAN_SIP:
        remedy = f"That was chan_sip's: {_CHAN_SIP[name]}."
    elif usual:
        remedy = f"It belongs to type = {' or '.join(usual)}: move it there."
    elif likely:
        remedy = f"Did you mean {likely}?"
    else:
        remedy = f"See `config show help res_pjsip {described.kind}` for those that there are."
    return at(
        setting,
        kind="unknown-option",
        owner=label(described),
        problem=f"An object of type {described.kind} has no option {setting.name!r}: Asterisk "
        "refuses the whole object.",
        remedy=remedy,
    )


def _of_codecs(described: PjsipObject, setting: Setting) -> Iterator[Fault]:
    known = reference().codecs | {"all"}
    for listed in setting.value.split(","):
        name = listed.strip().removeprefix("!").partition(":")[0]
        if name and name not in known and not _remarked(setting):
            likely = nearest(name, known)
            yield at(
                setting,
                kind="unknown-codec",
                owner=label(described),
                problem=f"Asterisk knows no codec {name!r}, and refuses the whole object.",
                remedy=f"Did you mean {likely}?" if likely else "See `core show codecs`.",
            )
    yield from _remark(described, setting)


def _of_option(described: PjsipObject, setting: Setting, name: str) -> Iterator[Fault]:
    value = setting.value
    if _remarked(setting):
        yield from _remark(described, setting)
    elif name in _QUOTED and re.fullmatch(r'".*"|\'.*\'', value):
        yield at(
            setting,
            kind="quoted",
            owner=label(described),
            problem="Asterisk takes the quotation marks for a part of the value.",
            remedy=f"Write {setting.name} = {value[1:-1] if name != 'password' else '…'} "
            "without them.",
        )
    elif name in _SWITCHES and value.lower() not in _YES | _NO:
        yield at(
            setting,
            kind="neither-yes-nor-no",
            owner=label(described),
            problem=f"{value!r} is neither yes nor no, and Asterisk takes it for no.",
            remedy=f"Write {setting.name} = yes or {setting.name} = no.",
        )
    elif name in _NUMBERS and not re.fullmatch("[0-9]{1,9}", value):
        yield at(
            setting,
            kind="no-number",
            owner=label(described),
            problem=f"{value!r} is no number: Asterisk refuses the whole object.",
            remedy=f"Write a number, such as {setting.name} = 1.",
        )


def _remarked(setting: Setting) -> bool:
    unquoted = re.sub(r'"[^"]*"', "", setting.value)
    return re.search(r"\s(#|//)(\s|$)", unquoted) is not None


def _remark(described: PjsipObject, setting: Setting) -> Iterator[Fault]:
    if _remarked(setting):
        yield at(
            setting,
            kind="comment-in-value",
            owner=label(described),
            problem="# and // begin no comment: Asterisk takes what follows for a part of the "
            "value.",
            remedy="Begin comments with a semicolon (;).",
        )


def _of_twins(known: tuple[PjsipObject, ...]) -> Iterator[Fault]:
    first: dict[tuple[str, str], PjsipObject] = {}
    for described in known:
        twin = first.setdefault((described.kind, described.name), described)
        if twin is not described:
            yield at(
                described.section,
                kind="duplicate",
                owner=label(described),
                problem=f"There is another {described.kind} [{described.name}] on line "
                f"{twin.section.line} of {twin.section.file}: Asterisk then loads no "
                f"{described.kind} at all.",
                remedy="Leave one of the two out, or give it another name.",
            )


def _of_transports(known: tuple[PjsipObject, ...]) -> Iterator[Fault]:
    transports = [each for each in known if each.kind == "transport"]
    if not transports:
        yield Fault(
            kind="no-transport",
            file=FILE,
            line=0,
            object="(transport)",
            problem="There is no section of type transport, so Asterisk listens for SIP nowhere "
            "and no phone can reach it.",
            remedy="Write [transport-udp] with type = transport, protocol = udp and bind = "
            "0.0.0.0.",
        )
    taken: dict[tuple[str, str], PjsipObject] = {}
    for transport in transports:
        yield from _of_tls(transport)
        bind, protocol = transport.setting("bind"), transport.value("protocol")
        if bind is None:
            yield at(
                transport.section,
                kind="no-bind",
                owner=label(transport),
                option="bind",
                problem="It has no address to listen at, so Asterisk doesn't start it.",
                remedy="Write bind = 0.0.0.0.",
            )
        if protocol not in _PROTOCOLS:
            place = transport.setting("protocol") or transport.section
            likely = nearest(protocol, _PROTOCOLS)
            yield at(
                place,
                kind="unknown-protocol",
                owner=label(transport),
                problem=f"There is no protocol {protocol!r}: Asterisk refuses the transport.",
                remedy=f"Did you mean {likely}?" if likely else "Write protocol = udp.",
            )
        elif bind is not None and protocol in _SOCKET:
            usual = "5061" if protocol == "tls" else "5060"
            address = bind.value if ":" in bind.value else f"{bind.value}:{usual}"
            first = taken.setdefault((_SOCKET[protocol], address), transport)
            if first is not transport and first.name != transport.name:
                yield at(
                    bind,
                    kind="address-taken",
                    owner=label(transport),
                    problem=f"[{first.name}] listens at {address} already, so Asterisk can't start "
                    "this one.",
                    remedy="Give it another port, or leave one of the two out.",
                )


def _of_tls(transport: PjsipObject) -> Iterator[Fault]:
    if transport.value("protocol") != "tls":
        return
    missing = [name for name in ("cert_file", "priv_key_file") if not transport.value(name)]
    if missing:
        yield at(
            transport.section,
            kind="no-certificate",
            owner=label(transport),
            option=missing[0],
            problem="It has no certificate with its key, so no phone can begin TLS with it.",
            remedy="Write cert_file = and priv_key_file = with the paths of the two.",
        )
    method = transport.setting("method")
    if not method or method.value.lower() in _OLD_TLS:
        yield at(
            method or transport.section,
            kind="old-tls",
            owner=label(transport),
            option="method",
            problem="It speaks an old TLS alone, which phones of today refuse."
            if method
            else "No method is set, and what it then speaks is an old TLS, which phones of today "
            "refuse.",
            remedy="Write method = tlsv1_2.",
        )


def _of_endpoint(
    endpoint: PjsipObject,
    named: Mapping[tuple[str, str], PjsipObject],
    contexts: Collection[str] | None,
) -> Iterator[Fault]:
    yield from _of_reference(endpoint, "auth", "auth", named)
    yield from _of_reference(endpoint, "aors", "aor", named)
    yield from _of_reference(endpoint, "transport", "transport", named)
    if contexts is not None:
        yield from _of_context(endpoint, contexts)
    if not endpoint.codecs:
        allowed = endpoint.setting("allow")
        yield at(
            endpoint.setting("disallow") or endpoint.section,
            kind="no-codec",
            owner=label(endpoint),
            option="allow",
            problem="disallow = all comes after allow, so no codec is left: calls are refused "
            "with 488."
            if allowed
            else "No codec is allowed: calls are refused with 488.",
            remedy="Write disallow = all first, then allow = ulaw,alaw.",
        )
    for name in endpoint.names("auth"):
        if auth := named.get(("auth", name)):
            yield from _of_auth(auth, endpoint, registers=_registers(endpoint, named))
    yield from _of_aors(endpoint, named)


def _of_phone(endpoint: PjsipObject) -> Iterator[Fault]:
    """What a phone needs, and a trunk that is known by its address does not."""
    if endpoint.setting("auth") is None:
        yield at(
            endpoint.section,
            kind="no-auth",
            owner=label(endpoint),
            option="auth",
            problem="It asks for no password: whoever knows its name may call in its name.",
            remedy=f"Write auth = {endpoint.name}, and a section of type auth.",
            weight="risk",
        )
    if not endpoint.names("aors"):
        yield at(
            endpoint.setting("aors") or endpoint.section,
            kind="no-aor",
            owner=label(endpoint),
            option="aors",
            problem="It names no aor: its phones can't register, and calls to it find nobody.",
            remedy=f"Write aors = {endpoint.name}, and a section of type aor of that name.",
        )


def _of_reference(
    endpoint: PjsipObject, option: str, kind: str, named: Mapping[tuple[str, str], PjsipObject]
) -> Iterator[Fault]:
    setting = endpoint.setting(option)
    if setting is None or _remarked(setting) or re.fullmatch(r'".*"', setting.value):
        return
    for name in endpoint.names(option):
        if (kind, name) in named:
            continue
        others = [other for other, called in named if called == name and other != "endpoint"]
        if others and kind not in others:
            found = f"[{name}] is of type {others[0]}, not {kind}"
        else:
            found = f"There is no section [{name}] of type {kind}"
        likely = nearest(name, [called for other, called in named if other == kind])
        consequence = {
            "auth": "nobody can log in as this endpoint",
            "aor": "its phones have nowhere to register, and calls to it find nobody",
            "transport": "Asterisk complains at each call, and takes whichever fits",
        }[kind]
        yield at(
            setting,
            kind=f"unknown-{kind}",
            owner=label(endpoint),
            problem=f"{found}: {consequence}.",
            remedy=f"Did you mean {likely}? If not, write that section."
            if likely
            else f"Write a section [{name}] with type = {kind}.",
            weight="risk" if kind == "transport" else "error",
        )


def _of_context(endpoint: PjsipObject, contexts: Collection[str]) -> Iterator[Fault]:
    setting = endpoint.setting("context")
    name = setting.value if setting else "default"
    if name in contexts or (setting and (_remarked(setting) or name.startswith('"'))):
        return
    likely = nearest(name, contexts)
    meant = f"Did you mean {likely}?" if likely else f"Write [{name}] in extensions.conf."
    yield at(
        setting or endpoint.section,
        kind="unknown-context",
        owner=label(endpoint),
        option="context",
        problem=f"There is no context [{name}] in extensions.conf"
        + ("" if setting else ", which is meant where no context is named")
        + ": whatever this phone dials is answered with 404.",
        remedy=meant,
    )


def _registers(endpoint: PjsipObject, named: Mapping[tuple[str, str], PjsipObject]) -> bool:
    """Whether phones register as the endpoint; a trunk's address is written down instead."""
    aors = [named.get(("aor", name)) for name in endpoint.names("aors")]
    return not any(aor and aor.setting("contact") for aor in aors)


def _of_auth(auth: PjsipObject, endpoint: PjsipObject, *, registers: bool) -> Iterator[Fault]:
    user, password = auth.setting("username"), auth.setting("password")
    owner = label(auth)
    if user is None:
        yield at(
            auth.section,
            kind="no-username",
            owner=owner,
            option="username",
            problem="It has no username: Asterisk refuses the whole object.",
            remedy=f"Write username = {endpoint.name}.",
        )
    elif registers and user.value != endpoint.name and not re.fullmatch(r'".*"', user.value):
        yield at(
            user,
            kind="other-username",
            owner=owner,
            problem=f"The user name is {user.value!r} and the endpoint is {endpoint.name!r}: a "
            "phone that gives its number as its user name is refused.",
            remedy=f"Write username = {endpoint.name}, or tell the phone that its user name for "
            "logging in is another one.",
            weight="risk",
        )
    if password is None:
        if not any(map(auth.setting, ("md5_cred", "password_digest", "oauth_secret"))):
            yield at(
                auth.section,
                kind="no-password",
                owner=owner,
                option="password",
                problem="It has no password: Asterisk refuses the whole object.",
                remedy="Write password = and a long random one.",
            )
    elif why := _weak(password.value, endpoint.name, user.value if user else ""):
        yield at(
            password,
            kind="weak-password",
            owner=owner,
            problem=f"The password {why}: it is soon guessed.",
            remedy="Write a long random one, such as `openssl rand -hex 16` gives.",
            weight="risk",
        )


def _weak(password: str, *names: str) -> str:
    """Why a password is easily guessed, or ""."""
    if password in names:
        return "is the user's number or name"
    if any(name and name in password for name in names):
        return "contains the user's number or name"
    if password.isdigit():
        return "has nothing but digits"
    if len(password) < _SHORTEST_PASSWORD:
        return f"has fewer than {_SHORTEST_PASSWORD} letters"
    if any(word in password.lower() for word in _USUAL):
        return "is, or holds, one of the words that are tried first"
    return ""


def _of_aors(
    endpoint: PjsipObject, named: Mapping[tuple[str, str], PjsipObject]
) -> Iterator[Fault]:
    setting = endpoint.setting("aors")
    if setting is None:
        return
    aors = [named["aor", name] for name in endpoint.names("aors") if ("aor", name) in named]
    dynamic = [aor for aor in aors if aor.setting("contact") is None]
    if dynamic and endpoint.name not in [aor.name for aor in aors]:
        yield at(
            setting,
            kind="aor-named-otherwise",
            owner=label(endpoint),
            problem=f"A phone registers as {endpoint.name}, and Asterisk looks for an aor of that "
            f"name among {', '.join(aor.name for aor in aors)}: it answers 404.",
            remedy=f"Call the aor [{endpoint.name}], and write aors = {endpoint.name}.",
        )
    for aor in dynamic:
        yield from _of_aor(aor)


def _of_aor(aor: PjsipObject) -> Iterator[Fault]:
    contacts = aor.setting("max_contacts")
    if aor.value("max_contacts") == "0":
        yield at(
            contacts or aor.section,
            kind="no-contact",
            owner=label(aor),
            option="max_contacts",
            problem="max_contacts is 0, so that no phone can register: 403 Forbidden."
            if contacts
            else "max_contacts is not set, and Asterisk's default is 0, so that no phone can "
            "register: 403 Forbidden.",
            remedy="Write max_contacts = 1.",
        )
    elif aor.value("max_contacts") == "1" and not (
        _on(aor, "remove_existing") or _on(aor, "remove_unavailable")
    ):
        yield at(
            contacts or aor.section,
            kind="contact-kept",
            owner=label(aor),
            option="remove_existing",
            problem="One phone may register, and a phone that comes back from elsewhere is "
            "refused with 403 until its former registration runs out.",
            remedy="Write remove_existing = yes.",
            weight="risk",
        )


def _on(described: PjsipObject, option: str) -> bool:
    return described.value(option).lower() in _YES
