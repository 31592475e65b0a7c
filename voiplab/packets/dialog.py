"""Calls, as their SIP messages tell them (RFC 3261, sections 12 to 15)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from voiplab.packets.signalling import SeenMessage
from voiplab.packets.sip import tag_of, user_of

_FIRST_FINAL = 200
_FIRST_ALERTING = 180
_CANCELLED = 487


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
    a Call-ID stay two; and an INVITE after the BYE, which repeats no earlier one, begins another.

    Args:
        messages: in the order in which they were seen.

    Returns:
        The calls whose INVITE was seen, in the order of their first INVITEs.
    """
    calls: list[_Gathered] = []
    latest: dict[tuple[str, str], _Gathered] = {}
    for seen in messages:
        message = seen.message
        from_key = (message.call_id, tag_of(message.header("From")))
        to_key = (message.call_id, tag_of(message.header("To")))
        # A request of the callee's carries the caller's tag in To.
        key = to_key if from_key not in latest and to_key in latest else from_key
        if message.method == "INVITE" and (key not in latest or latest[key].is_followed_by(seen)):
            latest[key] = _Gathered()
            calls.append(latest[key])
        if key in latest:
            latest[key].add(seen)
    return [_dialog(call.messages) for call in calls]


class _Gathered:
    """The messages of a call, as far as they have come."""

    def __init__(self) -> None:
        self.messages: list[SeenMessage] = []
        self._transactions: set[str] = set()
        self._ended = False

    def add(self, seen: SeenMessage) -> None:
        self.messages.append(seen)
        self._ended = self._ended or seen.message.method == "BYE"
        if seen.message.method == "INVITE":
            self._transactions.add(seen.message.header("Via"))

    def is_followed_by(self, seen: SeenMessage) -> bool:
        """Whether the call has ended, and an INVITE is none of its own that comes again."""
        again = seen.message.header("Via") in self._transactions
        return self._ended and _opens(seen) and not again


def _dialog(call: list[SeenMessage]) -> Dialog:
    first = call[0]
    answers = _answers(call)
    final = _final(answers, first.src)
    status = final.message.status if final else None
    answered = next((s for s in answers if _is_success(s)), None) if _succeeds(status) else None
    alerting = next(
        (s for s in answers if _FIRST_ALERTING <= s.message.status < _FIRST_FINAL), None
    )
    if alerting and answered and alerting.time_s > answered.time_s:
        alerting = None
    bye = next((s for s in call if s.message.method == "BYE"), None)
    return Dialog(
        call_id=first.message.call_id,
        caller=user_of(first.message.header("From")),
        callee=user_of(first.message.header("To")),
        status=status,
        reason=final.message.reason if final else "",
        start_s=first.time_s,
        alerting_s=alerting.time_s if alerting else None,
        answered_s=answered.time_s if answered else None,
        end_s=bye.time_s if bye else None,
        hung_up_by=_hung_up_by(call, bye, status),
    )


def _answers(call: list[SeenMessage]) -> list[SeenMessage]:
    """Return the responses to the INVITEs that open the call."""
    opening = {s.message.sequence[0] for s in call if _opens(s)}
    return [
        s
        for s in call
        if s.message.status
        and s.message.sequence[1] == "INVITE"
        and s.message.sequence[0] in opening
    ]


def _final(answers: list[SeenMessage], caller: str) -> SeenMessage | None:
    """Return the last word on the call that the caller was given.

    Each INVITE that asks again, with a password or elsewhere, has a number of its own. Of one
    that was forked, a proxy sends the caller one response, or each that succeeds (section 16.7).
    """
    finals = [s for s in answers if s.message.status >= _FIRST_FINAL]
    told = [s for s in finals if s.dst == caller] or finals
    if not told:
        return None
    number = max(s.message.sequence[0] for s in told)
    last = [s for s in told if s.message.sequence[0] == number]
    return next((s for s in last if _is_success(s)), last[0])


def _hung_up_by(
    call: list[SeenMessage], bye: SeenMessage | None, status: int | None
) -> Literal["caller", "callee"] | None:
    # A proxy cancels, too, what it forked: only where the call came to nothing was it the caller.
    given_up = status in {None, _CANCELLED}
    cancel = next((s for s in call if s.message.method == "CANCEL"), None) if given_up else None
    ending = bye or cancel
    if ending is None:
        return None
    tags = {tag_of(s.message.header("From")) for s in (call[0], ending)}
    same = ending.src == call[0].src if tags == {""} else len(tags) == 1
    return "caller" if same else "callee"


def _opens(seen: SeenMessage) -> bool:
    """Whether a message is an INVITE outside a dialog; inside, To has a tag."""
    return seen.message.method == "INVITE" and not tag_of(seen.message.header("To"))


def _is_success(seen: SeenMessage) -> bool:
    return _succeeds(seen.message.status)


def _succeeds(status: int | None) -> bool:
    return status is not None and status // 100 == 2  # noqa: PLR2004 - 2xx
