"""Gathering a call's evidence while the lab still has it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from voiplab.ami import Event
from voiplab.background import side_by_side
from voiplab.containers import wait_until
from voiplab.errors import NotReady, VoipLabError
from voiplab.evidence import (
    CallRecord,
    Evidence,
    EvidenceWriter,
    LegFiles,
    LegRecord,
    signalling_of,
    tells_the_end,
)
from voiplab.phones.leg import LegState

if TYPE_CHECKING:
    from voiplab.lab.call import Call
    from voiplab.lab.lab import Lab
    from voiplab.lab.phone import Phone
    from voiplab.phones import Leg

T = TypeVar("T")

_COMPLETE_WITHIN_S = 5.0

# Asterisk makes no channel, so no record, for what it refuses before the dial plan.
_WITHOUT_CDR = {401, 403, 404, 407, 488}


def collect(lab: "Lab", call: "Call") -> Evidence:
    """Write what can be seen of a call into its folder, and open it.

    What can't be had (a phone that is gone, a full disk) is named in the record's `missing`.

    Args:
        lab: where the call takes place.
        call: the call, in progress or ended.

    Returns:
        The evidence; final when the call has ended.

    Raises:
        EvidenceError: when the folder can't be written.
    """
    missing: list[str] = []
    legs = call.legs()
    hidden = [leg for phone, leg in legs if phone.account.transport == "tls"]
    signalling: bytes = _or(missing, lambda: _signalling(lab, hidden), b"") if hidden else b""
    gathered = side_by_side(lambda each: _gather(*each, signalling, missing), legs)
    cdrs, events = _cdrs_and_events(lab, call, missing)
    software: dict[str, str] = _or(missing, lab.software, {})
    configuration: dict[str, str] = _or(missing, lab.configuration, {})
    record = CallRecord(
        lab=lab.name,
        caller=call.caller.extension,
        called=call.number,
        started=call.started,
        ended=all(leg.state is LegState.CLOSED for _, leg in legs),
        duration_s=call.duration_s,
        status=call.leg.status,
        reason=call.leg.reason,
        pbx_address=_or(missing, lambda: lab.pbx.address, ""),
        legs=tuple(leg for leg, _ in gathered),
        software=software,
        missing=tuple(missing),
    )
    return EvidenceWriter(lab.runs / lab.name).write(
        record,
        legs={leg.user: files for leg, files in gathered},
        events=[{"time_s": event.time_s, "event": event.name, **event.fields} for event in events],
        cdrs=cdrs,
        configuration=configuration,
    )


def _signalling(lab: "Lab", legs: "list[Leg]") -> bytes:
    """Fetch the SIP of encrypted legs from the PBX; of those that have ended, to their ends."""
    fetched = b""

    def complete() -> bytes | None:
        nonlocal fetched
        call_ids = [leg.call_id for leg in legs]
        fetched = signalling_of(lab.pbx.sip_logs(), call_ids, lab.pbx.address)
        ended = [leg.call_id for leg in legs if leg.state is LegState.CLOSED and leg.reached]
        return fetched if all(tells_the_end(fetched, each) for each in ended) else None

    try:
        return wait_until(
            "the end of the call in the PBX's log of its SIP",
            complete,
            timeout_s=_COMPLETE_WITHIN_S,
            containers=[lab.pbx.container],
            interval_s=0.1,
        )
    except NotReady:
        return fetched


def _gather(
    phone: "Phone", leg: "Leg", signalling: bytes, missing: list[str]
) -> tuple[LegRecord, LegFiles]:
    record = LegRecord(
        user=phone.extension,
        address=_or(missing, lambda: phone.address, ""),
        call_id=leg.call_id,
        incoming=leg.incoming,
        transport=phone.account.transport,
        media_encryption=phone.account.media_encryption,
    )
    capture = _or(missing, lambda: _capture(phone, leg), b"")
    _or(missing, phone.tap.check, None)
    return record, LegFiles(
        capture=capture,
        signalling=signalling if phone.account.transport == "tls" else b"",
        heard=_or(missing, lambda: phone.heard(leg), b""),
        said=_or(missing, lambda: phone.said(leg), b""),
        network=_or(missing, phone.network.truth_csv, b""),
        impairments=tuple(_or(missing, phone.network.history, [])),
    )


def _capture(phone: "Phone", leg: "Leg") -> bytes:
    """Fetch the phone's capture; of a leg that has ended, up to its last message."""
    fetched = phone.tap.fetch()
    if leg.state is not LegState.CLOSED or not leg.reached or phone.account.transport == "tls":
        # What went over TLS, the PBX has told to its end.
        return fetched

    def complete() -> bytes | None:
        nonlocal fetched
        if tells_the_end(fetched, leg.call_id):
            return fetched
        fetched = phone.tap.fetch()
        return None

    try:
        return wait_until(
            f"the end of the call in the capture at phone {phone.extension}",
            complete,
            timeout_s=_COMPLETE_WITHIN_S,
            containers=[phone.container],
        )
    except NotReady:
        # A call that a crash cut off has no last message; what there is, is all there is.
        return fetched


def _cdrs_and_events(
    lab: "Lab", call: "Call", missing: list[str]
) -> tuple[list[dict[str, str]], list[Event]]:
    cdrs: list[dict[str, str]] = _or(missing, lambda: _cdrs(lab, call), [])
    reported: tuple[Event, ...] = _or(missing, lab.pbx.events, ())
    linked = {cdr["linkedid"] for cdr in cdrs}
    since_s = call.dialled_s
    events = [
        event
        for event in reported
        if event.fields.get("Linkedid") in linked
        or (not linked and event.time_s >= since_s and "Linkedid" in event.fields)
    ]
    return cdrs, events


def _cdrs(lab: "Lab", call: "Call") -> list[dict[str, str]]:
    """Return the call's detail records; Asterisk writes them when the call has ended."""

    def written() -> list[dict[str, str]] | None:
        records = lab.pbx.call_records()
        own = [record for record in records if record["sip_call_id"] == call.leg.call_id]
        # A dial plan that was written by hand does not note the SIP Call-ID.
        linked = {record["linkedid"] for record in own} or {call.linked_id}
        return [record for record in records if record["linkedid"] in linked] or None

    leg = call.leg
    if leg.state is not LegState.CLOSED or not leg.reached or leg.status in _WITHOUT_CDR:
        return written() or []
    return wait_until(
        f"the call detail record of {call.caller.extension} → {call.number}",
        written,
        timeout_s=_COMPLETE_WITHIN_S,
        containers=[lab.pbx.container],
    )


def _or(missing: list[str], ask: Callable[[], T], otherwise: T) -> T:
    """Ask for a piece of evidence; where it can't be had, note why and go on with the others."""
    try:
        return ask()
    except VoipLabError as error:
        missing.append(str(error).splitlines()[0])
        return otherwise
