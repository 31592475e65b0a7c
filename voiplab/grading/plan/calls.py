"""Case 2: two users call each other, both ways, and hear each other well."""

from typing import TYPE_CHECKING

from voiplab.errors import EvidenceError
from voiplab.evidence import one_way_ms
from voiplab.grading.plan.bench import SAID, Bench
from voiplab.grading.plan.notes import Notes
from voiplab.quality import PHONE_DELAY_MS, UNNOTICED_MS, Listening, compare_recordings

if TYPE_CHECKING:
    from voiplab.evidence import Direction, Evidence
    from voiplab.lab import Phone

SETUP_MS = 3000.0
"""What setting up a local call may take in the mean (ITU-T E.721, 05/1999)."""

LOSS_PCT = 3.0
"""What conversational speech may lose of its packets (ITU-T G.1010, 11/2001, table I.1)."""

JITTER_MS = 40.0
"""What the jitter buffer of the lab's phones can even out: two packets of 20 ms."""

LEAST_R = 80.0
"""From here on, users are satisfied (ITU-T G.107, annex B)."""

LEAST_STOI = 0.9
"""What is intelligible beyond doubt (STOI: 0 to 1; clean G.711 reaches 0.99 and more)."""

_PAUSE_S = 0.8


def call_both_ways(bench: Bench, notes: Notes) -> None:
    """Let each of two users call the other; both speak, and both are listened to.

    Args:
        bench: the lab under test.
        notes: where to write down what is seen.
    """
    one, other = bench.phones
    for caller, called in ((one, other), (other, one)):
        bench.progress(f"{caller.extension} calls {called.extension}, and both speak")
        evidence = converse(bench, caller, called)
        notes.exhibit(f"{caller.extension} calls {called.extension}", evidence.folder)
        judge_call(evidence, notes)


def converse(bench: Bench, caller: "Phone", called: "Phone") -> "Evidence":
    """Make a call in which both sides speak, and return what it leaves behind."""
    call = caller.call(bench.lab[called.extension], say=SAID[0], reply=SAID[1])
    call.wait(call.speech_s + _PAUSE_S)
    call.hang_up()
    return call.evidence


def judge_call(evidence: "Evidence", notes: Notes) -> None:
    """Look at a call's set-up, and at each of its directions.

    Args:
        evidence: of the call.
        notes: where to write down what is seen.
    """
    record = evidence.record
    label = f"{record.caller} calls {record.called}"
    setup_ms = evidence.setup_ms
    notes.check(
        f"{label}: set-up",
        f"at most {SETUP_MS:.0f} ms (ITU-T E.721)",
        "no answer was seen" if setup_ms is None else f"{setup_ms:.0f} ms",
        passed=setup_ms is not None and setup_ms <= SETUP_MS,
        where=_where(evidence),
    )
    notes.check(
        f"{label}: directions",
        "speech arrives at both phones",
        ", ".join(each.label for each in evidence.directions if each.packets) or "at none",
        passed=sum(each.packets > 0 for each in evidence.directions) > 1,
        where=_where(evidence),
    )
    outcome = "is not set up" if setup_ms is None else f"is set up in {setup_ms:.0f} ms"
    notes.observe(f"{record.caller} calls {record.called}: the call {outcome}.")
    for direction in evidence.directions:
        _judge_direction(evidence, direction, notes)


def _judge_direction(evidence: "Evidence", direction: "Direction", notes: Notes) -> None:
    record, where = evidence.record, _where(evidence)
    name = f"{record.caller} calls {record.called}: {direction.label}"
    way_ms = one_way_ms(evidence, direction.sender, direction.receiver)
    delay_ms = None if way_ms is None else PHONE_DELAY_MS + way_ms
    notes.check(
        f"{name}, mouth to ear",
        f"at most {UNNOTICED_MS:.0f} ms (ITU-T G.114)",
        "not measurable: no packet was seen at both ends"
        if delay_ms is None
        else f"{delay_ms:.1f} ms: {PHONE_DELAY_MS:.0f} ms in the phones by their settings, "
        f"{way_ms:.2f} ms on the network as measured",
        passed=delay_ms is not None and delay_ms <= UNNOTICED_MS,
        where=where,
    )
    notes.check(
        f"{name}, loss",
        f"less than {LOSS_PCT:g} % (ITU-T G.1010)",
        f"{direction.lost} of {direction.packets + direction.lost} packets: "
        f"{direction.loss_pct:.1f} %",
        passed=direction.packets > 0 and direction.loss_pct < LOSS_PCT,
        where=where,
    )
    jitter_ms, most_ms = direction.jitter_ms, direction.jitter_max_ms
    notes.check(
        f"{name}, jitter",
        f"at most {JITTER_MS:.0f} ms, which the phones' buffer evens out",
        "unknown"
        if jitter_ms is None
        else f"{jitter_ms:.1f} ms in the mean, {most_ms:.1f} ms at its greatest",
        passed=jitter_ms is not None and jitter_ms <= JITTER_MS,
        where=where,
    )
    notes.check(
        f"{name}, rating",
        f"R of {LEAST_R:.0f} or more: users are satisfied (ITU-T G.107)",
        _rated(direction),
        passed=direction.r is not None and direction.r >= LEAST_R,
        where=where,
    )
    listening = _listening(evidence, direction)
    stoi = listening.stoi
    notes.check(
        f"{name}, intelligibility",
        f"STOI of {LEAST_STOI:g} or more",
        f"{stoi:.2f}" if stoi is not None else listening.missing.get("stoi", "unknown"),
        passed=stoi is not None and stoi >= LEAST_STOI,
        where=where,
    )
    notes.observe(
        f"{direction.label}: {direction.codec or 'no codec'}, {direction.loss_pct:.1f} % lost, "
        f"{'unknown' if delay_ms is None else f'{delay_ms:.0f} ms'} from mouth to ear, "
        f"{_rated(direction)}, STOI {'unknown' if stoi is None else f'{stoi:.2f}'}."
    )


def _where(evidence: "Evidence") -> str:
    return f"the evidence in {evidence.folder.name}"


def _rated(direction: "Direction") -> str:
    rating = direction.rating
    if rating.r is None:
        return rating.reason or "not rated"
    return f"R {rating.r:.1f}, MOS {rating.mos:.2f}, {rating.satisfaction}"


def _listening(evidence: "Evidence", direction: "Direction") -> Listening:
    try:
        return compare_recordings(
            evidence.recording(direction.sender, "said"),
            evidence.recording(direction.receiver, "heard"),
        )
    except EvidenceError as error:
        return Listening(missing={"stoi": str(error).splitlines()[0]})
