"""What differs between two configurations, to be read."""

from collections.abc import Mapping
from difflib import unified_diff

from voiplab.config.redaction import redact


def diff(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """The unified difference between two renderings, without secrets.

    A secret that changed is not shown as a change.

    Args:
        old: what `render` returned for one exchange.
        new: what it returned for the other.

    Returns:
        The lines, or an empty text when nothing else than secrets differs.

    >>> from voiplab.config import Exchange, User, render
    >>> exchange = Exchange()
    >>> change = diff(render(exchange), render(exchange.with_user(User(extension="2001"))))
    >>> "+callerid = <2001>" in change.splitlines()
    True
    """
    before, after = redact(old), redact(new)
    return "".join(
        line
        for name in sorted(before.keys() | after.keys())
        for line in unified_diff(
            before.get(name, "").splitlines(keepends=True),
            after.get(name, "").splitlines(keepends=True),
            f"old/{name}",
            f"new/{name}",
        )
    )
