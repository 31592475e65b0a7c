r"""The text that a configuration accepts, and the sentence that refuses the rest.

Asterisk's files are lines of `key = value`, where `;` opens a comment and a new line opens
whatever its writer wishes. A value is accepted only when Asterisk reads back exactly what was
given; the rest is refused here, before anything is written.

| type        | accepted                                                                    |
|-------------|-----------------------------------------------------------------------------|
| Extension   | 2 to 8 digits                                                               |
| ServiceCode | 2 to 8 digits, a star before them if wanted                                 |
| DisplayName | letters of any script, emoji and punctuation but `"`, `;` and `\\`; 79 bytes |
| Secret      | 1 to 64 of the letters a-z and A-Z, digits, `-`, `.`, `_` and `~`           |
| Pin         | 3 to 10 digits                                                              |
"""

import re
import secrets
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, SecretStr, SerializationInfo

NAME_BYTES = 79
"""What Asterisk keeps of a caller's name: `AST_CHANNEL_NAME` is 80 bytes, the last one a zero."""

_ENDS_A_VALUE = '";\\'
_JOINERS = "\u200c\u200d"  # Persian words and family emoji are spelt with these two
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_GLANCE = 60
_BLANK = "CMZ"  # categories of what leaves no mark by itself


def _cut(text: object) -> str:
    """As Python writes it, on one line, and not longer than can be read at a glance."""
    written = ascii(text) if isinstance(text, str) and not text.isprintable() else repr(text)
    return written if len(written) <= _GLANCE else f"{written[:_GLANCE]}…"


def _extension(text: object) -> str:
    if isinstance(text, str) and re.fullmatch(r"[0-9]{2,8}", text):
        return text
    raise ValueError(f"{_cut(text)} is not an extension: it takes 2 to 8 digits, such as '2001'.")


def _service_code(text: object) -> str:
    if isinstance(text, str) and re.fullmatch(r"\*?[0-9]{2,8}", text):
        return text
    raise ValueError(
        f"{_cut(text)} is not a service's number: it takes 2 to 8 digits, with a star before them "
        "if you wish, such as '*43'."
    )


def _display_name(text: object) -> str:
    if not isinstance(text, str):
        raise ValueError(f"{_cut(text)} is not a name: give text, such as 'Front desk'.")  # noqa: TRY004 - pydantic collects ValueErrors
    for character in text:
        if character in _ENDS_A_VALUE:
            raise ValueError(
                f"the name {_cut(text)} holds {character}, which ends a value in Asterisk's files: "
                "leave it out."
            )
        if unicodedata.category(character) in _INVISIBLE and character not in _JOINERS:
            kind = "a new line" if character in "\r\n" else f"the invisible {character!a}"
            raise ValueError(
                f"the name {_cut(text)} holds {kind}: write it on one line, in plain sight."
            )
    name = text.strip()
    size = len(name.encode())
    if size > NAME_BYTES:
        raise ValueError(
            f"the name {_cut(name)} takes {size} bytes, of which Asterisk keeps {NAME_BYTES}: "
            "shorten it."
        )
    if name and all(unicodedata.category(character)[0] in _BLANK for character in name):
        raise ValueError(f"the name {_cut(name)} shows nothing: give it a letter.")
    return name


def _secret(secret: SecretStr) -> SecretStr:
    if re.fullmatch(r"[A-Za-z0-9._~-]{1,64}", secret.get_secret_value()):
        return secret
    raise ValueError(
        "a secret takes 1 to 64 letters without accents, digits, and - . _ ~ (what a phone's "
        "and Asterisk's files both carry unharmed): choose another."
    )


def _pin(pin: SecretStr) -> SecretStr:
    if re.fullmatch(r"[0-9]{3,10}", pin.get_secret_value()):
        return pin
    raise ValueError("a PIN is dialled on a phone and takes 3 to 10 digits: choose another.")


def _written(secret: SecretStr, info: SerializationInfo) -> str:
    """In clear when the writer asks for it, else hidden."""
    revealed = isinstance(info.context, dict) and info.context.get("reveal")
    return secret.get_secret_value() if revealed else str(secret)


def random_secret() -> SecretStr:
    """A secret nobody guesses: 192 random bits.

    >>> len(random_secret().get_secret_value())
    32
    """
    return SecretStr(secrets.token_urlsafe(24))


def random_pin() -> SecretStr:
    """Six random digits, to be dialled.

    >>> len(random_pin().get_secret_value())
    6
    """
    return SecretStr(f"{secrets.randbelow(10**6):06}")


Extension = Annotated[str, BeforeValidator(_extension)]
ServiceCode = Annotated[str, BeforeValidator(_service_code)]
DisplayName = Annotated[str, BeforeValidator(_display_name)]
_Written = PlainSerializer(_written, when_used="json")
Secret = Annotated[SecretStr, AfterValidator(_secret), _Written]
Pin = Annotated[SecretStr, AfterValidator(_pin), _Written]
