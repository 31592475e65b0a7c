"""What widgets say to people: each sentence passes through `_`, where gettext finds it."""

import gettext
from typing import Final

DOMAIN: Final = "voiplab"


def _(sentence: str) -> str:
    """Return a sentence in the reader's language: as it is where there is no translation.

    >>> _("Nobody is here.")
    'Nobody is here.'
    """
    return gettext.dgettext(DOMAIN, sentence)


def ngettext(one: str, several: str, count: int) -> str:
    """Return the sentence for a number of things, which is put in the place of ``{count}``.

    >>> ngettext("{count} user was added.", "{count} users were added.", 1)
    '1 user was added.'
    """
    return gettext.dngettext(DOMAIN, one, several, count).format(count=count)
