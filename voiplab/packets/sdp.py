"""Session descriptions (SDP, RFC 8866) and what RTP needs of them (RFC 3264, RFC 3551)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias, cast

Direction = Literal["sendrecv", "sendonly", "recvonly", "inactive"]
_Lines: TypeAlias = list[tuple[str, str]]
_DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")


class Codec(NamedTuple):
    """What a payload type stands for.

    Attributes:
        name: as in the media types registry, for example "PCMU".
        clock_rate_hz: how fast RTP timestamps advance.
        channels: 1 for mono.

    >>> str(Codec("opus", 48000, 2))
    'opus/48000/2'
    """

    name: str
    clock_rate_hz: int
    channels: int = 1

    def __str__(self) -> str:
        channels = f"/{self.channels}" if self.channels > 1 else ""
        return f"{self.name}/{self.clock_rate_hz}{channels}"


# RFC 3551, tables 4 and 5. G722 samples at 16 kHz, yet its RTP clock is 8 kHz (section 4.5.2).
STATIC_PAYLOAD_TYPES = {
    0: Codec("PCMU", 8000),
    3: Codec("GSM", 8000),
    4: Codec("G723", 8000),
    5: Codec("DVI4", 8000),
    6: Codec("DVI4", 16000),
    7: Codec("LPC", 8000),
    8: Codec("PCMA", 8000),
    9: Codec("G722", 8000),
    10: Codec("L16", 44100, 2),
    11: Codec("L16", 44100),
    12: Codec("QCELP", 8000),
    13: Codec("CN", 8000),
    14: Codec("MPA", 90000),
    15: Codec("G728", 8000),
    16: Codec("DVI4", 11025),
    17: Codec("DVI4", 22050),
    18: Codec("G729", 8000),
    25: Codec("CelB", 90000),
    26: Codec("JPEG", 90000),
    28: Codec("nv", 90000),
    31: Codec("H261", 90000),
    32: Codec("MPV", 90000),
    33: Codec("MP2T", 90000),
    34: Codec("H263", 90000),
}


@dataclass(frozen=True, slots=True)
class Media:
    """One m= section.

    Attributes:
        kind: "audio", "video", …
        address: where its sender wants to receive it.
        port: likewise; 0 when it is refused.
        rtcp_port: where its sender wants to receive RTCP (RFC 3605, RFC 5761).
        profile: for example "RTP/AVP", or "RTP/SAVP" when it is encrypted.
        payload_types: in the order of preference.
        codecs: what each payload type stands for, as far as known.
        direction: what its sender is ready to do.
        ptime_ms: how long a packet's media lasts, or None when it is left open.
        fmtp: what each payload type's codec is asked to do, as written.
        crypto_suites: how its sender would encrypt (RFC 4568); the keys are not kept.
        fingerprint: of the certificate that will appear in DTLS (RFC 8122), or "".
        setup: who begins the DTLS handshake (RFC 4145, RFC 5763), or "".
        candidates: where else its sender may be reached, as address and port (RFC 8839).
    """

    kind: str
    address: str
    port: int
    rtcp_port: int
    profile: str
    payload_types: tuple[int, ...]
    codecs: dict[int, Codec]
    direction: Direction
    ptime_ms: float | None = None
    fmtp: dict[int, str] = field(default_factory=dict)
    crypto_suites: tuple[str, ...] = ()
    fingerprint: str = ""
    setup: str = ""
    candidates: tuple[tuple[str, int], ...] = ()

    @property
    def encrypted(self) -> bool:
        """Whether the media goes as SRTP (RFC 3711, RFC 5764)."""
        return "SAVP" in self.profile

    @property
    def has_keys(self) -> bool:
        """Whether its sender could do SRTP, even where the profile leaves it open (RFC 8643)."""
        return bool(self.crypto_suites or self.fingerprint)


@dataclass(frozen=True, slots=True)
class SessionDescription:
    """A session description.

    Attributes:
        address: the session's connection address; "" when each media has its own.
        media: its m= sections.
    """

    address: str
    media: tuple[Media, ...]

    @classmethod
    def parse(cls, body: bytes) -> "SessionDescription":
        r"""Read a session description; lines that make no sense are passed over.

        >>> described = SessionDescription.parse(
        ...     b"v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP 0 101\r\n"
        ...     b"a=rtpmap:101 telephone-event/8000\r\n")
        >>> [str(codec) for codec in described.media[0].codecs.values()]
        ['PCMU/8000', 'telephone-event/8000']
        """
        sections: list[_Lines] = [[]]
        for line in body.decode("utf-8", "replace").splitlines():
            kind, equals, value = line.strip().partition("=")
            if equals and len(kind) == 1:
                if kind == "m":
                    sections.append([])
                sections[-1].append((kind, value.strip()))
        found = (_media(section, sections[0]) for section in sections[1:])
        media = tuple(each for each in found if each is not None)
        return cls(_address(sections[0]) or "", media)


def _media(lines: _Lines, session: _Lines) -> Media | None:
    words = lines[0][1].split()
    if len(words) < 3:  # noqa: PLR2004 - kind, port, profile
        return None
    port = _number(words[1].partition("/")[0], 65535)
    if port is None:
        return None
    types = tuple(n for word in words[3:] if (n := _number(word, 127)) is not None)
    codecs = {n: STATIC_PAYLOAD_TYPES[n] for n in types if n in STATIC_PAYLOAD_TYPES}
    attributes = _attributes(lines)
    for value in attributes.get("rtpmap", ()):
        codecs.update(_rtpmap(value))
    # What is said of the whole session holds for each media that does not say otherwise.
    common = _attributes(session) | attributes
    suites = (value.split()[1:2] for value in attributes.get("crypto", ()))
    return Media(
        kind=words[0],
        address=_address(lines) or _address(session) or "",
        port=port,
        rtcp_port=_rtcp_port(port, attributes),
        profile=words[2],
        payload_types=types,
        codecs=codecs,
        direction=_direction(lines) or _direction(session) or "sendrecv",
        ptime_ms=_ptime_ms(attributes.get("ptime", [""])[-1]),
        fmtp=_fmtp(attributes.get("fmtp", ())),
        crypto_suites=tuple(suite for found in suites for suite in found),
        fingerprint=common.get("fingerprint", [""])[0],
        setup=common.get("setup", [""])[0],
        candidates=_candidates(attributes.get("candidate", ())),
    )


def _attributes(lines: _Lines) -> dict[str, list[str]]:
    """Return the values of each a= line, by its name."""
    attributes: dict[str, list[str]] = {}
    for kind, value in lines:
        if kind == "a":
            name, _, rest = value.partition(":")
            attributes.setdefault(name, []).append(rest.strip())
    return attributes


def _rtcp_port(port: int, attributes: dict[str, list[str]]) -> int:
    if "rtcp-mux" in attributes:
        return port
    told = (_number(value.partition(" ")[0], 65535) for value in attributes.get("rtcp", ()))
    return next((number for number in told if number is not None), min(port + 1, 65535))


def _fmtp(values: Iterable[str]) -> dict[int, str]:
    parted = (value.partition(" ") for value in values)
    return {
        number: text.strip()
        for word, _, text in parted
        if (number := _number(word, 127)) is not None
    }


def _candidates(values: Iterable[str]) -> tuple[tuple[str, int], ...]:
    found = []
    for value in values:
        # foundation, component, transport, priority, address, port, "typ", kind
        words = value.split()
        if len(words) > 5 and (port := _number(words[5], 65535)):  # noqa: PLR2004 - as listed
            found.append((words[4], port))
    return tuple(found)


def _ptime_ms(value: str) -> float | None:
    return float(value) if re.fullmatch(r"\d{1,4}(\.\d{1,6})?", value, re.ASCII) else None


def _rtpmap(value: str) -> dict[int, Codec]:
    payload_type, _, encoding = value.partition(" ")
    parts = encoding.strip().split("/")
    number = _number(payload_type, 127)
    rate = _number(parts[1], 10_000_000) if len(parts) > 1 else None
    if number is None or not rate or not parts[0]:
        return {}
    channels = _number(parts[2], 255) if len(parts) > 2 else None  # noqa: PLR2004 - name/rate/channels
    return {number: Codec(parts[0], rate, channels or 1)}


def _address(lines: _Lines) -> str | None:
    for kind, value in lines:
        words = value.split()
        if kind == "c" and len(words) > 2:  # noqa: PLR2004 - network type, address type, address
            return words[2].partition("/")[0]
    return None


def _direction(lines: _Lines) -> Direction | None:
    for kind, value in lines:
        if kind == "a" and value in _DIRECTIONS:
            return cast("Direction", value)
    return None


def _number(text: str, largest: int) -> int | None:
    if not (text.isascii() and text.isdigit()) or len(text) > 10:  # noqa: PLR2004 - no field is longer
        return None
    return number if (number := int(text)) <= largest else None
