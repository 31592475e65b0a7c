"""From an exchange to the files that Asterisk reads."""

import unicodedata
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from voiplab.config.cdr import CDR_FILE, CDR_MAPPING
from voiplab.config.modules import modules
from voiplab.errors import ConfigError

if TYPE_CHECKING:
    from jinja2 import Environment

    from voiplab.config.exchange import Exchange

HTTP_PORT: Final = 8088
"""Where Asterisk listens for a browser's WebSocket, at the path `/ws` (TCP)."""

TLS_PORT: Final = 5061
"""Where Asterisk listens for SIP over TLS (RFC 3261, section 19.1.2)."""

KEYS: Final = "/etc/asterisk/keys"
"""The folder in which Asterisk finds the certificates and its private key."""

FILES: Final = (
    "acl.conf",
    "asterisk.conf",
    "ccss.conf",
    "cdr.conf",
    "cdr_custom.conf",
    "cdr_manager.conf",
    "cel.conf",
    "confbridge.conf",
    "extensions.conf",
    "features.conf",
    "http.conf",
    "indications.conf",
    "logger.conf",
    "manager.conf",
    "modules.conf",
    "musiconhold.conf",
    "pjproject.conf",
    "pjsip.conf",
    "pjsip_transports.conf",
    "rtp.conf",
    "stasis.conf",
    "udptl.conf",
    "voicemail.conf",
)

_TRANSPORTS: Final = "pjsip_transports.conf"
"""What a pjsip.conf that is written by hand has itself."""


def render(exchange: "Exchange") -> dict[str, str]:
    """Write an exchange as Asterisk's configuration.

    Args:
        exchange: what Asterisk is to be.

    Returns:
        The text of each file, by its name in `/etc/asterisk`. The secrets are in clear.

    Raises:
        ConfigError: a value would not stay within its line. The models refuse such values
            first; this is the second lock on the same door.

    >>> from voiplab.config import Exchange, User
    >>> files = render(Exchange(users=(User(extension="2001", name="Front desk"),)))
    >>> 'callerid = "Front desk" <2001>' in files["pjsip.conf"]
    True
    """
    environment = _environment()
    written = dict(exchange.written)
    return written | {
        name: environment.get_template(f"{name}.j2").render(
            exchange=exchange,
            modules=modules(webrtc=exchange.webrtc),
            http_port=HTTP_PORT,
            tls_port=TLS_PORT,
            keys=KEYS,
            cdr_mapping=CDR_MAPPING,
            cdr_file=PurePosixPath(CDR_FILE).name,
        )
        for name in FILES
        if name not in written and not (written and name == _TRANSPORTS)
    }


def within_its_line(value: object) -> str:
    r"""The text of a value, if it can't leave the line of configuration that it is written in.

    Every expression of every template passes through here.

    >>> within_its_line(5060)
    '5060'
    >>> within_its_line("2\n1")
    Traceback (most recent call last):
    voiplab.errors.ConfigError: '2\n1' can't be written in a configuration file: '\n' is in it.
    """
    match value:
        case SecretStr():
            text = value.get_secret_value()
        case str():
            text = value
        case int():
            text = str(value)
        case _:
            raise ConfigError(
                f"{value} is a {type(value).__name__}, not text that a configuration file can hold."
            )
    for character in text:
        if unicodedata.category(character) in {"Cc", "Zl", "Zp"} or character in ';"\\':
            raise ConfigError(
                f"{text!r:.60} can't be written in a configuration file: {character!r} is in it."
            )
    return text


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - 40 ms saved

    return Environment(
        loader=PackageLoader("voiplab.config"),
        undefined=StrictUndefined,
        finalize=within_its_line,
        autoescape=False,  # noqa: S701 - not HTML; `within_its_line` guards instead
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
