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
