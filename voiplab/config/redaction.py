"""A configuration that may be shown: each secret replaced by a mark."""

import re
from collections.abc import Mapping
from typing import Final

MARK: Final = "(secret)"

_NAMES: Final = "password|secret|pin|md5_cred|password_digest|oauth_secret|refresh_token"
_ASSIGNED: Final = re.compile(
    rf"^([ \t;]*(?:{_NAMES})[ \t]*\+?=>?)[ \t]*\S.*$", re.MULTILINE | re.IGNORECASE
)
_MAILBOX: Final = re.compile(r"^([ \t;]*\d+[ \t]*=>?)[ \t]*[^,\n]*", re.MULTILINE)


def redact(files: Mapping[str, str]) -> dict[str, str]:
    """The same files with every secret replaced by `(secret)`.

    Args:
        files: what `render` returned, hand-written ones among them.

    >>> from voiplab.config import Exchange, User, render
    >>> exchange = Exchange(users=(User(extension="2001", secret="hunter2"),))
    >>> "password = (secret)" in redact(render(exchange))["pjsip.conf"]
    True
    """
    return {
        name: (_MAILBOX if name == "voicemail.conf" else _ASSIGNED).sub(rf"\1 {MARK}", text)
        for name, text in files.items()
    }
