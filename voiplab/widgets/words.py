"""What widgets say to people: each sentence passes through `_`, where gettext finds it."""

import gettext
from functools import cache
from typing import Final

DOMAIN: Final = "voiplab"


def _(sentence: str) -> str:
    """Return a sentence in the reader's language: as it is where there is no translation.

    >>> _("Nobody is here.")
    'Nobody is here.'
    """
    return _translations().gettext(sentence)


def ngettext(one: str, several: str, count: int) -> str:
    """Return the sentence for a number of things, which is put in the place of ``{count}``.

    >>> ngettext("{count} user was added.", "{count} users were added.", 1)
    '1 user was added.'
    """
    return _translations().ngettext(one, several, count).format(count=count)


@cache
def _translations() -> gettext.NullTranslations:
    """Return the sentences of the reader's language: they are looked for once, not at each use."""
    return gettext.translation(DOMAIN, fallback=True)
