"""From what changed in the files to what Asterisk must be told."""

from collections.abc import Mapping
from typing import Final

from voiplab.errors import ConfigError

_RELOADS: Final = {
    "pjsip.conf": "module reload res_pjsip.so",
    "voicemail.conf": "voicemail reload",
    "confbridge.conf": "module reload app_confbridge.so",
    "musiconhold.conf": "moh reload",
    "features.conf": "module reload features",
    "indications.conf": "module reload indications",
    "rtp.conf": "module reload res_rtp_asterisk.so",
    "cdr.conf": "module reload cdr",
    "cdr_custom.conf": "module reload cdr_custom.so",
    "cdr_manager.conf": "module reload cdr_manager.so",
    "cel.conf": "module reload cel",
    "ccss.conf": "module reload ccss",
    "http.conf": "module reload http",
    "logger.conf": "logger reload",
    "manager.conf": "manager reload",
    "extensions.conf": "dialplan reload",
}
"""The dial plan comes last: by then all that it refers to is there."""


def needs_restart(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """The changed files that Asterisk reads only when it starts.

    >>> from voiplab.config import Exchange, render
    >>> old = render(Exchange())
    >>> needs_restart(old, old | {"modules.conf": ""})
    ['modules.conf']
    """
    return [name for name in _changed(old, new) if name not in _RELOADS]


def reload_commands(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """The commands that put new files in force, to be given to Asterisk's CLI in this order.

    Args:
        old: the files in force, as `render` returned them.
        new: the files that replaced them.

    Raises:
        ConfigError: a file changed that Asterisk reads only when it starts.

    >>> from voiplab.config import Exchange, User, render
    >>> exchange = Exchange()
    >>> reload_commands(render(exchange), render(exchange.with_user(User(extension="2001"))))
    ['module reload res_pjsip.so', 'dialplan reload']
    """
    if files := needs_restart(old, new):
        raise ConfigError(
            f"Asterisk reads {', '.join(files)} only when it starts: restart it to put the change "
            "in force."
        )
    changed = _changed(old, new)
    return [command for name, command in _RELOADS.items() if name in changed]


def _changed(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
