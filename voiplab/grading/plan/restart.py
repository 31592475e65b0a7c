"""A restart of the PBX, as its phones lived through it."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Manner(StrEnum):
    """How a PBX goes down."""

    CLEAN = "clean"
    """It is told to restart: ``core restart now``."""
    KILL = "kill"
    """Its process is killed, as by a power cut, and started again."""


class Return(BaseModel):
    """How a phone came back; all times count from the moment at which the PBX went down.

    Attributes:
        extension: whose phone.
        registered_before_s: how long before that it had last registered, in seconds; negative when
            the PBX took it once more while it ended; None when nobody saw it.
        back_s: when the registrar accepted it again, in seconds; None when it did not.
        refusal: what the registrar last answered instead, for example ``401 Unauthorized``.
    """

    model_config = ConfigDict(frozen=True)

    extension: str
    registered_before_s: float | None = None
    back_s: float | None = None
    refusal: str = ""


class CutOff(BaseModel):
    """What a phone saw of its call's end; times count from when the PBX went down, in seconds.

    Attributes:
        extension: whose phone.
        silent_s: when the last packet of speech reached it; None when none ever did.
        told_s: when it learnt that the call was over; None when nobody told it.
        told: how it learnt, in its own words.
        gave_up_s: when its user hung up, because nobody had told the phone.
    """

    model_config = ConfigDict(frozen=True)

    extension: str
    silent_s: float | None = None
    told_s: float | None = None
    told: str = ""
    gave_up_s: float | None = None


class Restart(BaseModel):
    """A restart of the PBX.

    Attributes:
        manner: how it went down.
        up_s: how long after that it answered again, in seconds.
        remembered: the extensions that it still had as registered when it came up.
        returns: how each phone came back.
        cut_off: what became of the call in progress, at each of its phones.
        call_at_once: what came of a call made as soon as it was up again, in words.
    """

    model_config = ConfigDict(frozen=True)

    manner: Manner
    up_s: float
    remembered: tuple[str, ...] = ()
    returns: tuple[Return, ...] = ()
    cut_off: tuple[CutOff, ...] = ()
    call_at_once: str = ""

    def plot(self) -> "Axes":
        """Draw when the server was up, each phone in its call, and registered again."""
        from voiplab.grading.plan.figure import plot_restart  # noqa: PLC0415 - loads matplotlib

        return plot_restart(self)

    def as_dict(self) -> dict[str, Any]:
        """Return it in figures, with keys that stay."""
        return self.model_dump(mode="json")
