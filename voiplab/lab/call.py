"""A call in the lab."""

import io
import threading
import time
import wave
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from voiplab.ami import Event
from voiplab.errors import CallFailed, EvidenceError, PhoneError
from voiplab.evidence import CallView, Evidence
from voiplab.lab.call_request import CallRequest
from voiplab.lab.collect import collect
from voiplab.lab.user import User
from voiplab.phones import Leg
from voiplab.phones.leg import LegState

if TYPE_CHECKING:
    from voiplab.lab.lab import Lab
    from voiplab.lab.phone import Phone

_FAREWELL_S = 1.0
_SLOW_FAREWELL_S = 10.0

# What a status code that refuses a call means to the caller (RFC 3261, section 21).
_MEANING = {
    403: "the PBX does not allow it",
    404: "no such number",
    408: "nobody answered in time",
    480: "not reachable: its phone is not registered, or does not want to be disturbed",
    486: "busy, or the call was refused",
    487: "the caller gave up",
    488: "no codec in common, or one side encrypts its speech and the other does not",
    500: "the PBX failed; see its log",
    503: "the PBX can't take the call; see its log",
    603: "the call was declined",
}


class Call(CallView):
    """A call in the lab, from its caller's point of view.

    Args:
        lab: where it takes place.
        caller: the calling phone.
        request: what it was asked for.
    """

    def __init__(self, lab: "Lab", caller: "Phone", request: CallRequest) -> None:
        self._lab = lab
        self.caller = caller
        self.request = request
        self.number = request.number
        self.started = datetime.now(UTC)
        self._leg: Leg | None = None
        self._dialled_s = 0.0
        self._evidence: Evidence | None = None
        self._collecting = threading.Lock()

    def __repr__(self) -> str:
        return f"<Call {self.caller.extension} → {self.number}, {self.state}>"

    def dial(self) -> None:
        """Dial, and return while the call is being set up."""
        self.started = datetime.now(UTC)
        self._dialled_s = time.time()
        self._leg = self.caller.dial(self.number)

    @property
    def leg(self) -> Leg:
        """The caller's end of the call."""
        if self._leg is None:
            raise CallFailed(f"{self.caller.extension} has not dialled {self.number} yet.")
        return self._leg

    @property
    def state(self) -> str:
        """How far the call has come: trying, ringing, established or closed."""
        return self._leg.state.value if self._leg is not None else "not dialled"

    @property
    def dialled_s(self) -> float:
        """When it was dialled, in seconds since the epoch."""
        return self._dialled_s

    @property
    def duration_s(self) -> float | None:
        """From established until the end or now, in seconds; None when never established."""
        if self.leg.established_s is None:
            return None
        return (self.leg.closed_s or time.time()) - self.leg.established_s

    @property
    def speech_s(self) -> float:
        """How long the caller speaks, by what it was last told to say, in seconds."""
        said = self.caller.said(self.leg)
        if not said:
            return 0.0
        with wave.open(io.BytesIO(said)) as speech:
            return float(speech.getnframes() / speech.getframerate())

    def legs(self) -> "list[tuple[Phone, Leg]]":
        """Return each phone of the lab that takes part, with its leg; the caller's first.

        Ringing phones of a group take part, and so does the one that a call is transferred to:
        whatever Asterisk links to the caller's channel.
        """
        linked = [(self.caller, self.leg)]
        for event in self._linked_channels():
            phone = self._lab.phones.get(_extension_of(event))
            leg = phone and phone.incoming_near(event.time_s)
            if phone and leg and all(leg is not other for _, other in linked):
                linked.append((phone, leg))
        return linked

    @property
    def linked_id(self) -> str:
        """What Asterisk calls the caller's channel, and all that it brings about; "" for none."""
        own = self._own_channel(self._new_channels())
        return own.fields.get("Linkedid", "") if own else ""

    def _linked_channels(self) -> list[Event]:
        """Asterisk's report of each channel that the caller's own has brought about."""
        channels = self._new_channels()
        own = self._own_channel(channels)
        if own is None:
            return []
        linked = own.fields.get("Linkedid")
        return [
            each for each in channels if each is not own and each.fields.get("Linkedid") == linked
        ]

    def _new_channels(self) -> list[Event]:
        return [
            event
            for event in self._lab.pbx.events()
            if event.name == "Newchannel" and event.time_s >= self._dialled_s
        ]

    def _own_channel(self, channels: list[Event]) -> Event | None:
        for event in channels:
            if _extension_of(event) == self.caller.extension and (
                event.fields.get("Exten") == self.number
            ):
                return event
        return None

    def wait_until_answered(self, timeout_s: float = 30.0) -> None:
        """Wait until the called side answers.

        Args:
            timeout_s: how long it may ring, in seconds; then the call is given up.

        Raises:
            CallFailed: when it is refused or not answered in time.
        """
        decided = self.leg.wait(LegState.ESTABLISHED, LegState.CLOSED, timeout_s=timeout_s)
        if self.leg.established_s is not None:
            if self.caller.account.transport == "tls":
                self._lab.pbx.keep_sip_log()
            return
        if not decided:
            self.hang_up()
            outcome = f"nobody answered within {timeout_s:g} s"
        else:
            outcome = _MEANING.get(self.leg.status or 0, "the call ended")
        reason = f" ({self.leg.reason})" if decided and self.leg.reason else ""
        raise CallFailed(
            f"{self.caller.extension} called {self.number}: {outcome}{reason}. "
            f"{self.caller.last_words()}{self._why_unreached()}{self._where_it_is_kept()}",
            self.leg.status,
        )

    def _why_unreached(self) -> str:
        if self.leg.reached or self.caller.registered:
            return ""
        explanation = self.caller.explanation()
        return f"Phone {self.caller.extension} is not registered. {explanation} ".replace("  ", " ")

    def _where_it_is_kept(self) -> str:
        try:
            return f"What was seen of it is in {self.evidence.folder}."
        except EvidenceError as error:
            return str(error)

    def wait(self, seconds: float) -> bool:
        """Let the call go on for a while.

        Args:
            seconds: how long, in seconds; less when the call ends before.

        Returns:
            Whether the call still stands.
        """
        return not self.leg.wait(LegState.CLOSED, timeout_s=seconds)

    def hang_up(self) -> None:
        """End the call and keep its evidence. Hanging up twice is allowed."""
        _end(self.caller, self.leg)
        for phone, leg in self.legs():
            # Asterisk ends the others by itself, unless it was killed or the call transferred.
            if not leg.wait(LegState.CLOSED, timeout_s=_FAREWELL_S):
                _end(phone, leg)
        self.collect()

    def hold(self) -> None:
        """Put the called side on hold."""
        self.caller.hold(self.leg)

    def resume(self) -> None:
        """Take the called side back from hold."""
        self.caller.resume(self.leg)

    def mute(self) -> None:
        """Let the caller send silence; what it says meanwhile is not heard."""
        self.caller.mute(self.leg)

    def unmute(self) -> None:
        """Let the called side hear the caller again."""
        self.caller.unmute(self.leg)

    def transfer(self, to: User | str) -> None:
        """Send the called side to someone else; the caller leaves the call.

        Args:
            to: a user, or any number of the PBX.
        """
        self.caller.transfer(self.leg, to.extension if isinstance(to, User) else to)

    def send_dtmf(self, digits: str) -> None:
        """Press keys during the call (RFC 4733).

        Args:
            digits: one or more of ``0123456789*#``.
        """
        self.caller.send_dtmf(self.leg, digits)

    def collect(self) -> Evidence:
        """Keep what can be seen of the call so far; of a call that has ended, all there is.

        Returns:
            The evidence, read back from its folder.
        """
        # Panels ask on threads of their own: who comes second is given what the first has found.
        with self._collecting:
            if self._evidence is None or not self._evidence.final:
                self._evidence = collect(self._lab, self)
                for phone, _ in self.legs():
                    phone.settle()
            return self._evidence

    @property
    def kept(self) -> bool:
        """Whether all the evidence that there is has been kept."""
        return self._evidence is not None and self._evidence.final

    @property
    def evidence(self) -> Evidence:
        """What the call leaves behind: captures, recordings, events, CDR, configuration."""
        return self.collect()


def _end(phone: "Phone", leg: Leg) -> None:
    try:
        phone.hang_up(leg)
        leg.wait(LegState.CLOSED, timeout_s=_SLOW_FAREWELL_S)
    except PhoneError as error:
        # A phone that is gone has no call any more.
        leg.abandon(str(error))


def _extension_of(channel: Event) -> str:
    """Whose channel it is: Asterisk names it after its endpoint, ``PJSIP/2001-0000000a``."""
    return channel.fields.get("Channel", "").removeprefix("PJSIP/").rpartition("-")[0]
