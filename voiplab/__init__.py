"""Learn telephony over IP with a real Asterisk, real softphones and real packets."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voiplab.config import Conference, Exchange, RingGroup
    from voiplab.errors import VoipLabError
    from voiplab.evidence import Evidence
    from voiplab.impairment import GilbertElliott, Impairment
    from voiplab.lab import Call, Lab, Phone, RecordedLab, User, live_or_recorded
    from voiplab.phones import Answering
    from voiplab.widgets import BrowserPhone

__all__ = [
    "Answering",
    "BrowserPhone",
    "Call",
    "Conference",
    "Evidence",
    "Exchange",
    "GilbertElliott",
    "Impairment",
    "Lab",
    "Phone",
    "RecordedLab",
    "RingGroup",
    "User",
    "VoipLabError",
    "live_or_recorded",
]

# Where each name lives: it is imported when it is first asked for, so that `import voiplab` is
# quick and the pure packages can be used without the others.
_HOME = {
    "Answering": "voiplab.phones",
    "BrowserPhone": "voiplab.widgets",
    "Call": "voiplab.lab",
    "Conference": "voiplab.config",
    "Evidence": "voiplab.evidence",
    "Exchange": "voiplab.config",
    "GilbertElliott": "voiplab.impairment",
    "Impairment": "voiplab.impairment",
    "Lab": "voiplab.lab",
    "Phone": "voiplab.lab",
    "RecordedLab": "voiplab.lab",
    "RingGroup": "voiplab.config",
    "User": "voiplab.lab",
    "VoipLabError": "voiplab.errors",
    "live_or_recorded": "voiplab.lab",
}


def __getattr__(name: str) -> object:
    try:
        home = _HOME[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
