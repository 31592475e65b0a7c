"""Networks that people really have: impairments with their sources."""

from dataclasses import dataclass

from voiplab.errors import ImpairmentError
from voiplab.impairment.impairment import Impairment


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A network with a name.

    Attributes:
        name: what to call it.
        stands_for: what it stands for, in a sentence.
        sources: where its values come from, a sentence each.
        incoming: what happens to what the phone receives.
        outgoing: what happens to what it sends.
    """

    name: str
    stands_for: str
    sources: tuple[str, ...]
    incoming: Impairment
    outgoing: Impairment


PRESETS: tuple[Preset, ...] = ()


def preset(name: str) -> Preset:
    """Return the preset with a name.

    Raises:
        ImpairmentError: when there is none.
    """
    for each in PRESETS:
        if each.name == name:
            return each
    names = ", ".join(each.name for each in PRESETS)
    raise ImpairmentError(f"No preset is called {name!r}: there are {names}.")
