"""One softphone's end of a call."""

import threading
import time
from enum import StrEnum

from voiplab.phones.control import PhoneEvent


class LegState(StrEnum):
    """How far a leg has come, in the order in which it can."""

    TRYING = "trying"
    RINGING = "ringing"
    ESTABLISHED = "established"
    CLOSED = "closed"


_STATE_AFTER = {
    "CALL_RINGING": LegState.RINGING,
    "CALL_PROGRESS": LegState.RINGING,
    "CALL_INCOMING": LegState.RINGING,
    "CALL_ESTABLISHED": LegState.ESTABLISHED,
    "CALL_CLOSED": LegState.CLOSED,
}


class Leg:
    """One softphone's end of a call: a SIP dialog, as that phone lives it.

    Args:
        call_id: the SIP Call-ID of the dialog (RFC 3261, section 8.1.1.4).
        peer: the other side's SIP URI.
        incoming: whether the phone was called.
        started_s: when it began, in seconds since the epoch.

    Attributes:
        reached: whether the other side has said anything on it.
        established_s: when it was answered, in seconds since the epoch, or None.
        closed_s: when it ended, likewise.
        reason: why it ended, as the phone said it.
        recordings: the files inside the phone with what was heard, in their order.
        speech: the file inside the phone with what it was told to say, or "".
        dtmf: the digits that the other side has pressed (RFC 4733).
        on_hold: whether this phone has put the other side on hold.
        muted: whether this phone sends silence instead of what it says.

    >>> Leg("a84b4c76e66710", "sip:2002@pbx", incoming=False, started_s=0.0)
    <Leg to sip:2002@pbx, trying>
    """

    def __init__(self, call_id: str, peer: str, *, incoming: bool, started_s: float) -> None:
        self.call_id = call_id
        self.peer = peer
        self.incoming = incoming
        self.reached = incoming
        self.started_s = started_s
        self.established_s: float | None = None
        self.closed_s: float | None = None
        self.reason = ""
        self.recordings: list[str] = []
        self.speech = ""
        self.dtmf = ""
        self.on_hold = False
        self.muted = False
        self._state = LegState.TRYING
        self._changed = threading.Condition()

    def __repr__(self) -> str:
        return f"<Leg {'from' if self.incoming else 'to'} {self.peer}, {self._state}>"

    @property
    def state(self) -> LegState:
        """How far the leg has come."""
        return self._state

    @property
    def status(self) -> int | None:
        """The final SIP status code that ended the leg before it was answered, or None.

        >>> leg = Leg("a", "sip:2002@pbx", incoming=False, started_s=0.0)
        >>> leg.follow(PhoneEvent(1.0, "CALL_CLOSED", detail="486 Busy Here"))
        >>> leg.status
        486
        """
        code = self.reason[:3]
        return int(code) if code.isdigit() and self.established_s is None else None

    def follow(self, event: PhoneEvent) -> None:
        """Move on with an event of this leg."""
        if event.name == "CALL_DTMF_START":
            self.dtmf += event.detail
        state = _STATE_AFTER.get(event.name)
        if state is None or self._state is LegState.CLOSED:
            return
        with self._changed:
            if state is LegState.RINGING and self._state is LegState.ESTABLISHED:
                return
            self._state = state
            self.reached |= state is not LegState.CLOSED or event.detail[:3].isdigit()
            if state is LegState.ESTABLISHED and self.established_s is None:
                self.established_s = event.time_s
            if state is LegState.CLOSED:
                self.closed_s = event.time_s
                self.reason = event.detail
            self._changed.notify_all()

    def wait(self, *states: LegState, timeout_s: float) -> bool:
        """Wait until the leg is in one of some states.

        Args:
            states: those to wait for.
            timeout_s: the longest to wait, in seconds.

        Returns:
            Whether it came to that in time.
        """
        with self._changed:
            return self._changed.wait_for(lambda: self._state in states, timeout_s)

    def abandon(self, reason: str) -> None:
        """Close the leg because its phone is gone."""
        self.follow(PhoneEvent(time.time(), "CALL_CLOSED", call_id=self.call_id, detail=reason))
