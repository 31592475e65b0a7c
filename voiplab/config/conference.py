"""A conference: one extension at which all callers hear each other."""

from voiplab.config.part import Part
from voiplab.config.text import Extension, Pin


class Conference(Part):
    """A room in which everyone hears everyone.

    Args:
        extension: what is dialled.
        pin: what callers are asked for, or None for an open room.

    >>> Conference(extension="8000", pin="4321")
    Conference(extension='8000', pin=SecretStr('**********'))
    """

    extension: Extension
    pin: Pin | None = None
