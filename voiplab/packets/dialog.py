"""Calls, as their SIP messages tell them (RFC 3261, sections 12 to 15)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from voiplab.packets.signalling import SeenMessage
from voiplab.packets.sip import tag_of, user_of

_FIRST_FINAL = 200
_FIRST_ALERTING = 180
_AUTHENTICATE = {401, 407}


@dataclass(frozen=True, slots=True)
class Dialog:
    """A call between two user agents.

    Attributes:
        call_id: the Call-ID.
        caller: the user in From.
        callee: the user in To.
        status: the final status code of the INVITE, or None when none was seen.
        reason: its reason phrase.
        start_s: when the first INVITE was seen, in seconds since 1970-01-01 UTC.
        alerting_s: when the first 18x response was seen, or None.
        answered_s: when the 2xx response was seen, or None.
        end_s: when the BYE was seen, or None.
        hung_up_by: who sent the BYE or the CANCEL, or None.
    """

    call_id: str
    caller: str
    callee: str
    status: int | None
    reason: str
    start_s: float
    alerting_s: float | None
    answered_s: float | None
    end_s: float | None
    hung_up_by: Literal["caller", "callee"] | None

    @property
    def pdd_ms(self) -> float | None:
        """Post-dial delay: from INVITE to ringing, or to the answer when nothing rang."""
        heard = self.alerting_s if self.alerting_s is not None else self.answered_s
        return None if heard is None else (heard - self.start_s) * 1000

    @property
    def ring_s(self) -> float | None:
        """From ringing to the answer."""
        if self.alerting_s is None or self.answered_s is None:
            return None
        return self.answered_s - self.alerting_s

    @property
    def talk_s(self) -> float | None:
        """From the answer to the BYE."""
        if self.answered_s is None or self.end_s is None:
            return None
        return self.end_s - self.answered_s


def dialogs(messages: Iterable[SeenMessage]) -> list[Dialog]:
    """Put the messages of each call together.

    Calls are told apart by Call-ID and by the caller's tag, so that two calls which wrongly share
    a Call-ID stay two.

    Args:
        messages: in the order in which they were seen.

    Returns:
        The calls whose INVITE was seen, in the order of their first INVITEs.
    """
    calls: dict[tuple[str, str], list[SeenMessage]] = {}
    for seen in messages:
        message = seen.message
        from_key = (message.call_id, tag_of(message.header("From")))
        to_key = (message.call_id, tag_of(message.header("To")))
        # A request of the callee's carries the caller's tag in To.
        key = to_key if from_key not in calls and to_key in calls else from_key
        if key in calls:
            calls[key].append(seen)
        elif message.method == "INVITE":
            calls[key] = [seen]
    return [_dialog(key[1], call) for key, call in calls.items()]


def _dialog(caller_tag: str, call: list[SeenMessage]) -> Dialog:
    first = call[0]
    initial = {s.message.sequence[0] for s in call if _opens(s)}
    answers = [
        s
        for s in call
        if s.message.sequence[1] == "INVITE"
        and s.message.status
        and (s.message.sequence[0] in initial)
    ]
    alerting = next(
        (s for s in answers if _FIRST_ALERTING <= s.message.status < _FIRST_FINAL), None
    )
    finals = [s for s in answers if s.message.status >= _FIRST_FINAL]
    wanted = [s for s in finals if s.message.status not in _AUTHENTICATE]
    final = next(iter(wanted), finals[-1] if finals else None)
    answered = final if final and final.message.status < 300 else None  # noqa: PLR2004 - 2xx
    bye = next((s for s in call if s.message.method == "BYE"), None)
    ending = bye or next((s for s in call if s.message.method == "CANCEL"), None)
    hung_up_by: Literal["caller", "callee"] | None = None
    if ending is not None:
        by_caller = tag_of(ending.message.header("From")) == caller_tag
        hung_up_by = "caller" if by_caller else "callee"
    return Dialog(
        call_id=first.message.call_id,
        caller=user_of(first.message.header("From")),
        callee=user_of(first.message.header("To")),
        status=final.message.status if final else None,
        reason=final.message.reason if final else "",
        start_s=first.time_s,
        alerting_s=alerting.time_s if alerting else None,
        answered_s=answered.time_s if answered else None,
        end_s=bye.time_s if bye else None,
        hung_up_by=hung_up_by,
    )


def _opens(seen: SeenMessage) -> bool:
    """Whether a message is an INVITE outside a dialog; inside, To has a tag."""
    return seen.message.method == "INVITE" and not tag_of(seen.message.header("To"))
