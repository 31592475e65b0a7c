"""The SIP that TLS hides from the phones' captures, while calls go on."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from voiplab.ami import Event
from voiplab.errors import VoipLabError
from voiplab.evidence import signalling_of
from voiplab.packets import read_packets, sip_messages
from voiplab.packets.signalling import SeenMessage

if TYPE_CHECKING:
    from voiplab.lab.lab import Lab

# After any of these there are new messages; the last of them may come a round later.
_TELLING = {"Newchannel", "Newstate", "Hangup", "Hold", "Unhold"}
_ROUNDS = 2


class HiddenSignalling:
    """Reads the PBX's log of its SIP whenever there is something new in it.

    Of calls that were over when this began, nothing is told.

    Args:
        lab: whose PBX.
    """

    def __init__(self, lab: "Lab") -> None:
        self._lab = lab
        self._logs_read = 0
        self._rounds = _ROUNDS
        self._wanted: set[str] | None = {
            leg.call_id for phone in lab.phones.values() for leg in phone.active_legs()
        }

    def listen(self, events: Iterable[Event]) -> Iterator[SeenMessage]:
        """Return the messages that are new.

        Args:
            events: what the PBX has reported since this was last asked.
        """
        if any(event.name in _TELLING for event in events):
            self._rounds = _ROUNDS
        if not self._rounds or not self._lab.exchange.encrypts:
            return
        self._rounds -= 1
        try:
            logs, address = self._lab.pbx.sip_logs(), self._lab.pbx.address
        except VoipLabError:
            # The PBX is gone, or has not come yet.
            return
        fresh, self._logs_read = logs[self._logs_read :], len(logs)
        wanted, self._wanted = self._wanted, None
        yield from sip_messages(read_packets(signalling_of(fresh, wanted, address)))
