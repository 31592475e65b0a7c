"""SIP messages (RFC 3261)."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from voiplab.errors import CaptureError

# RFC 3261, section 7.3.3, and the later headers of the SIP parameters registry.
COMPACT_FORMS = {
    "a": "Accept-Contact",
    "b": "Referred-By",
    "c": "Content-Type",
    "d": "Request-Disposition",
    "e": "Content-Encoding",
    "f": "From",
    "i": "Call-ID",
    "j": "Reject-Contact",
    "k": "Supported",
    "l": "Content-Length",
    "m": "Contact",
    "n": "Identity-Info",
    "o": "Event",
    "r": "Refer-To",
    "s": "Subject",
    "t": "To",
    "u": "Allow-Events",
    "v": "Via",
    "x": "Session-Expires",
    "y": "Identity",
}
_VERSION = "SIP/2.0"
_METHOD = re.compile(r"[A-Za-z0-9.!%*_+`'~-]+")
_STATUS_LINE = re.compile(r"SIP/2\.0[ \t]+(\d{3})(?:[ \t]+(.*))?")
_BEGINNING = re.compile(
    rb"SIP/2\.0 [1-6]\d\d[ \r\n]|"
    rb"[A-Za-z0-9.!%*_+`'~-]{1,64}[ \t][^\r\n]{1,4096}[ \t]SIP/2\.0[ \t]*\r?\n"
)
_START_OF_BEGINNING = re.compile(
    rb"SIP(?:/[0-9. ]{0,8}[^\r\n]{0,256})?\r?|"
    rb"[A-Za-z0-9.!%*_+`'~-]{1,64}(?:[ \t][^\r\n]{0,4096})?\r?"
)
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_LINE_BREAK = re.compile(r"\r?\n")
_FOLD = re.compile(r"\r?\n[ \t]+")
_CONTENT_LENGTH = re.compile(
    rb"(?:^|\n)(?:content-length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*\r?\n", re.IGNORECASE
)
_USER = re.compile(r"sips?:([^@:>\s]+)(?::[^@>\s]*)?@|tel:([^;>\s]+)", re.IGNORECASE)
_BOUNDARY = re.compile(r';\s*boundary\s*=\s*(?:"([^"]+)"|([^\s;"]+))', re.IGNORECASE)
_MOST_DIGITS = 10  # of a number below 2**32


class Header(NamedTuple):
    """One header field: its long name, and its value without surrounding space."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class SipMessage:
    r"""A SIP request or response.

    Attributes:
        method: of a request; "" in a response.
        uri: the Request-URI of a request; "" in a response.
        status: the status code of a response; 0 in a request.
        reason: the reason phrase of a response; "" in a request.
        headers: in their order, compact names made long, folded lines joined.
        body: as many bytes as Content-Length says, or all when it doesn't.

    >>> message = SipMessage.parse(b"BYE sip:2001@192.0.2.1 SIP/2.0\r\ni: 1@lab\r\n\r\n")
    >>> message.method, message.call_id
    ('BYE', '1@lab')
    """

    method: str = ""
    uri: str = ""
    status: int = 0
    reason: str = ""
    headers: tuple[Header, ...] = ()
    body: bytes = b""

    @classmethod
    def parse(cls, data: bytes) -> "SipMessage":
        """Read one message; what follows its body is ignored, as in a datagram (section 18.3).

        Raises:
            CaptureError: when these bytes are no SIP message.
        """
        blank = _BLANK_LINE.search(data)
        head = data[: blank.start()] if blank else data.rstrip(b"\r\n")
        text = head.decode("utf-8", "surrogateescape")
        first, _, rest = _FOLD.sub(" ", text).partition("\n")
        headers = tuple(_header(line) for line in _LINE_BREAK.split(rest) if line.strip())
        body = data[blank.end() :] if blank else b""
        message = _start_line(first.rstrip("\r"), headers)
        length = message.header("Content-Length")
        if length.isascii() and length.isdigit():
            body = body[: int(length[:9])]
        return cls(message.method, message.uri, message.status, message.reason, headers, body)

    def __bytes__(self) -> bytes:
        if self.status:
            first = f"{_VERSION} {self.status} {self.reason}"
        else:
            first = f"{self.method} {self.uri} {_VERSION}"
        lines = [first, *(f"{name}: {value}" for name, value in self.headers), "", ""]
        return "\r\n".join(lines).encode("utf-8", "surrogateescape") + self.body

    def header(self, name: str) -> str:
        """Return the value of the first header of a name, or "" when there is none.

        Args:
            name: the long name, in any case.
        """
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def header_values(self, name: str) -> list[str]:
        """Return the values of all headers of a name, in their order."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def is_request(self) -> bool:
        """Whether it asks; a response answers."""
        return not self.status

    @property
    def call_id(self) -> str:
        """The Call-ID, which all messages of a dialog share."""
        return self.header("Call-ID")

    @property
    def sequence(self) -> tuple[int, str]:
        """The number and the method of CSeq.

        A number that is missing or malformed is -1, and such a method "".
        """
        number, method = (*self.header("CSeq").split(None, 1), "", "")[:2]
        sound = number.isascii() and number.isdigit() and len(number.lstrip("0")) <= _MOST_DIGITS
        return int(number) if sound else -1, method.strip()

    @property
    def transaction_method(self) -> str:
        """The method of the request, or of the one that the response answers."""
        return self.method or self.sequence[1]

    @property
    def summary(self) -> str:
        """The message in a few words, as an arrow's label.

        >>> SipMessage(status=180, reason="Ringing").summary
        '180 Ringing'
        """
        described = "SDP" if self.has_sdp else ""
        first = f"{self.status} {self.reason}".strip() if self.status else self.method
        return f"{first} ({described})" if described else first

    @property
    def has_sdp(self) -> bool:
        """Whether its body describes a media session."""
        return bool(self.sdp)

    @property
    def sdp(self) -> bytes:
        r"""The session description in its body, alone or a part among others (RFC 5621); or b"".

        >>> SipMessage(headers=(Header("Content-Type", "application/sdp"),), body=b"v=0").sdp
        b'v=0'
        """
        content_type = self.header("Content-Type")
        kind = content_type.partition(";")[0].strip().lower()
        if kind == "application/sdp":
            return self.body
        boundary = _BOUNDARY.search(content_type)
        if boundary is None or not kind.startswith("multipart/"):
            return b""
        line = "--" + (boundary[1] or boundary[2])
        return _sdp_part(self.body.split(line.encode("utf-8", "surrogateescape")))


def user_of(name_addr: str) -> str:
    """Return the user part of the URI in a From, To or Contact header, or the whole.

    >>> user_of('"Front desk" <sip:2001@192.0.2.1>;tag=a'), user_of("<sip:192.0.2.1>")
    ('2001', '<sip:192.0.2.1>')
    >>> user_of("tel:+33123456789;phone-context=x")
    '+33123456789'
    """
    found = _USER.match(name_addr.rpartition("<")[2].lstrip())
    return (found[1] or found[2]) if found else name_addr


def tag_of(name_addr: str) -> str:
    """Return the tag of a From or To header, or "".

    >>> tag_of("<sip:2001@192.0.2.1;x=1>;tag=a")
    'a'
    """
    found = re.search(r";\s*tag\s*=\s*([^;\s]+)", name_addr.rpartition(">")[2], re.IGNORECASE)
    return found[1] if found else ""


def is_sip(payload: bytes) -> bool:
    """Say whether a payload begins as a SIP message does, on whatever port it came."""
    return _BEGINNING.match(payload) is not None


def may_become_sip(stream: bytes) -> bool:
    r"""Say whether a stream begins as a SIP message does, as far as its first line has come.

    >>> may_become_sip(b"INVI"), may_become_sip(b"GET / HTTP/1.1\r\n")
    (True, False)
    """
    return is_sip(stream) or _START_OF_BEGINNING.fullmatch(stream) is not None


def take_message(stream: bytes) -> tuple[bytes, bytes] | None:
    r"""Cut the first message off a stream (RFC 3261, section 18.3).

    Args:
        stream: what a connection has carried so far, from a message's beginning.

    Returns:
        The message and what follows it, or None while the message is not complete.

    >>> take_message(b"\r\nBYE sip:a@b SIP/2.0\r\nl: 0\r\n\r\nINV")
    (b'BYE sip:a@b SIP/2.0\r\nl: 0\r\n\r\n', b'INV')
    """
    stream = stream.lstrip(b"\r\n")
    blank = _BLANK_LINE.search(stream)
    if blank is None:
        return None
    length = _CONTENT_LENGTH.search(stream, 0, blank.end())
    end = blank.end() + (int(length[1]) if length else 0)
    return (stream[:end], stream[end:]) if end <= len(stream) else None


def _sdp_part(parts: list[bytes]) -> bytes:
    """Return the content of the part of a multipart body that is a session description."""
    for part in parts[1:]:
        head, _, content = part.lstrip(b"\r\n").partition(b"\r\n\r\n")
        if b"application/sdp" in head.lower():
            return content
    return b""


def _start_line(line: str, headers: tuple[Header, ...]) -> SipMessage:
    if status := _STATUS_LINE.fullmatch(line):
        return SipMessage(status=int(status[1]), reason=status[2] or "", headers=headers)
    method, _, rest = line.expandtabs(1).strip().partition(" ")
    uri = rest.removesuffix(_VERSION)
    if _METHOD.fullmatch(method) and uri != rest and uri[-1:].isspace() and uri.strip():
        return SipMessage(method=method, uri=uri.strip(), headers=headers)
    raise CaptureError(f"Not a SIP message: its first line is {line[:60]!r}.")


def _header(line: str) -> Header:
    name, colon, value = line.partition(":")
    name = name.strip()
    if not colon or not name:
        raise CaptureError(f"A SIP header has no colon or no name: {line[:60]!r}.")
    return Header(COMPACT_FORMS.get(name.lower(), name), value.strip())
