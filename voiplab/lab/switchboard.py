"""The calls of a PBX, as its management interface tells of them."""

from dataclasses import dataclass, field
from enum import StrEnum

from voiplab.ami import Event


class CallState(StrEnum):
    """How far a call has come."""

    RINGING = "ringing"
    """It is being set up: nobody has answered."""
    ANSWERED = "answered"
    """The caller is connected: to somebody, or to something that the PBX plays."""
    ENDED = "ended"
    """All have hung up."""


@dataclass(slots=True)
class Party:
    """A channel of a call: what the PBX has to do with one phone in it.

    Attributes:
        extension: whose phone it is.
        calling: whether the phone calls, rather than being called.
        started_s: when the channel was made, in seconds since the epoch.
        answered_s: when it was answered, likewise, or None.
        ended_s: when it was hung up, or None.
    """

    extension: str
    calling: bool
    started_s: float
    answered_s: float | None = None
    ended_s: float | None = None


@dataclass(slots=True)
class PbxCall:
    """A call, whoever made it.

    Attributes:
        id: Asterisk's Linkedid, which all channels of the call share.
        caller: the calling number.
        called: the number that was dialled.
        started_s: when it began, in seconds since the epoch.
        parties: its channels, by Asterisk's Uniqueid; the caller's first.
    """

    id: str
    caller: str
    called: str
    started_s: float
    parties: dict[str, Party] = field(default_factory=dict)

    @property
    def answered_s(self) -> float | None:
        """When the caller was connected, in seconds since the epoch, or None."""
        return next((each.answered_s for each in self.parties.values() if each.calling), None)

    @property
    def ended_s(self) -> float | None:
        """When the last party hung up, in seconds since the epoch, or None."""
        ends = [each.ended_s for each in self.parties.values()]
        return max((end for end in ends if end is not None), default=None) if all(ends) else None

    @property
    def state(self) -> CallState:
        """How far it has come."""
        if self.ended_s is not None:
            return CallState.ENDED
        return CallState.RINGING if self.answered_s is None else CallState.ANSWERED

    def duration_s(self, now_s: float) -> float:
        """Return how long it has been answered, 0 when nobody has, in seconds.

        Args:
            now_s: the time, in seconds since the epoch.
        """
        if self.answered_s is None:
            return 0.0
        return (self.ended_s or now_s) - self.answered_s

    def talks_to(self, extension: str) -> str:
        """Return whom a party hears: an extension, or the number that was dialled.

        Args:
            extension: the party.
        """
        if extension != self.caller:
            return self.caller
        others = [each for each in self.parties.values() if each.extension != extension]
        answered = [each for each in others if each.answered_s is not None]
        return (answered or others)[0].extension if others else self.called


class Switchboard:
    """Follows a PBX's calls, event by event.

    >>> board = Switchboard()
    >>> new = {"Uniqueid": "1.0", "Linkedid": "1.0", "Channel": "PJSIP/2001-00000000"}
    >>> board.follow(Event(5.0, "Newchannel", new | {"Exten": "2002", "CallerIDNum": "2001"}))
    >>> [call] = board.calls.values()
    >>> call.caller, call.called, call.state.value
    ('2001', '2002', 'ringing')
    """

    def __init__(self) -> None:
        self.calls: dict[str, PbxCall] = {}
        """The calls by their ids, the oldest first."""

    def follow(self, event: Event) -> None:
        """Take an event, in the order in which it was reported."""
        fields = event.fields
        if event.name not in {"Newchannel", "Newstate", "Hangup"}:
            return
        if not fields.get("Channel", "").startswith("PJSIP/"):
            return
        linked, unique = fields.get("Linkedid", ""), fields.get("Uniqueid", "")
        call = self.calls.get(linked)
        if call is None:
            if event.name == "Hangup":
                return
            caller, called = fields.get("CallerIDNum", ""), fields.get("Exten", "")
            call = self.calls[linked] = PbxCall(linked, caller, called, event.time_s)
        party = call.parties.get(unique) or self._moved(unique, call)
        if party is None:
            extension = fields["Channel"].removeprefix("PJSIP/").rpartition("-")[0]
            party = Party(extension, calling=unique == linked, started_s=event.time_s)
            call.parties[unique] = party
        if fields.get("ChannelStateDesc") == "Up" and party.answered_s is None:
            party.answered_s = event.time_s
        if event.name == "Hangup":
            party.ended_s = event.time_s

    def _moved(self, unique: str, to: PbxCall) -> Party | None:
        """Take a party that a transfer has linked to another call from the one where it was."""
        for call in self.calls.values():
            if call is not to and unique in call.parties:
                party = to.parties[unique] = call.parties.pop(unique)
                if not call.parties:
                    del self.calls[call.id]
                return party
        return None

    def cut_off(self, time_s: float) -> None:
        """End all calls, of whose ends a PBX that was killed has told nothing.

        Args:
            time_s: when that was, in seconds since the epoch.
        """
        for call in self.calls.values():
            for party in call.parties.values():
                if party.ended_s is None:
                    party.ended_s = time_s

    def forget(self, keep: int) -> None:
        """Forget the oldest calls that have ended.

        Args:
            keep: how many ended calls to keep.
        """
        ended = [call.id for call in self.calls.values() if call.state is CallState.ENDED]
        for each in ended[: max(len(ended) - keep, 0)]:
            del self.calls[each]
