"""Hand-written files, from a folder or as they are given."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from voiplab.errors import ConfigError

NEEDED: Final = ("pjsip.conf", "extensions.conf")
_OURS: Final = ("asterisk.conf", "logger.conf", "manager.conf")
"""What the lab itself needs: how it is told what Asterisk does, and tells it what to do."""

_LARGEST_BYTES: Final = 1_000_000


def read_files(configuration: Mapping[str, str] | Path | str) -> dict[str, str]:
    """Take up hand-written files.

    Args:
        configuration: a folder with ``pjsip.conf``, ``extensions.conf`` and perhaps more files
            that end in ``.conf``; or the texts by file name.

    Returns:
        The texts by file name.

    Raises:
        ConfigError: when one of the two is missing, a file can't be read, or one is the lab's own.

    >>> read_files({"pjsip.conf": ""})
    Traceback (most recent call last):
    voiplab.errors.ConfigError: There is no extensions.conf among pjsip.conf: write one.
    """
    if isinstance(configuration, Mapping):
        files = dict(configuration)
    else:
        files = _from_folder(Path(configuration))
    for name, text in files.items():
        _check(name, text)
    for name in NEEDED:
        if name not in files:
            among = ", ".join(sorted(files)) or "no files at all"
            raise ConfigError(f"There is no {name} among {among}: write one.")
    return {name: text.replace("\r\n", "\n") for name, text in files.items()}


def _from_folder(folder: Path) -> dict[str, str]:
    if not folder.is_dir():
        raise ConfigError(
            f"{folder} is no folder: name the one that holds pjsip.conf and extensions.conf."
        )
    files: dict[str, str] = {}
    for path in sorted(folder.glob("*.conf")):
        try:
            files[path.name] = path.read_bytes().decode()
        except OSError as error:
            raise ConfigError(f"{path} can't be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            before = path.read_bytes()[: error.start]
            raise ConfigError(
                f"{path.name}, line {before.count(10) + 1}: this is not UTF-8. Save the file as "
                "plain text in UTF-8."
            ) from None
    return files


def _check(name: str, text: str) -> None:
    if not re.fullmatch(r"\w[\w.-]*\.conf", name):
        raise ConfigError(
            f"{name!r:.60} is no name of a configuration file: it takes letters, digits, - and _, "
            "and .conf at its end."
        )
    if not isinstance(text, str):
        raise ConfigError(f"{name} is {type(text).__name__}, not text: give what the file holds.")
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise ConfigError(f"{name}, line {line}: there is a zero byte. Save it as plain text.")
    if len(text) > _LARGEST_BYTES:
        raise ConfigError(f"{name} has more than {_LARGEST_BYTES} letters: leave some out.")
    if name in _OURS:
        raise ConfigError(
            f"{name} is the lab's own, by which it speaks with Asterisk: leave it out."
        )
