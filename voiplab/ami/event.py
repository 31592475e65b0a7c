"""An event, as Asterisk's management interface reports it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in Asterisk.

    Attributes:
        time_s: when it arrived here, in seconds since the epoch.
        name: Asterisk's name for it, for example ``DialEnd``.
        fields: its headers, as Asterisk spells them.

    >>> Event(0.0, "Hangup", {"Cause": "16"}).fields["Cause"]
    '16'
    """

    time_s: float
    name: str
    fields: Mapping[str, str]
