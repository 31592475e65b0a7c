"""Case 3: the PBX restarts in the midst of a call, and its phones come back by themselves."""

import contextlib
import time
from typing import TYPE_CHECKING

from voiplab.containers import wait_until
from voiplab.errors import CallFailed, NotReady
from voiplab.grading.plan.bench import SAID, Bench
from voiplab.grading.plan.case import Shown
from voiplab.grading.plan.notes import Notes
from voiplab.grading.plan.restart import CutOff, Manner, Restart, Return
from voiplab.grading.plan.users import contacts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voiplab.evidence import Evidence
    from voiplab.lab import Call
    from voiplab.pbx import Asterisk
    from voiplab.phones import Leg, Softphone

_TALK_S = 2.0
_RING_S = 10.0
_TELL_EVERY_S = 10.0
_ANSWERED = "answered"
_LISTEN_TO_NOTHING_S = 3.0
# What a registrar says to somebody who won't be let in however often he asks.
_FINAL = ("401", "403", "404")

_IN_WORDS = {Manner.CLEAN: "told to restart", Manner.KILL: "killed and started again"}


def restart_both_ways(bench: Bench, notes: Notes) -> None:
    """Restart the PBX in order, then kill it, each time in the midst of a call.

    Nobody tells the phones to register again.

    Args:
        bench: the lab under test.
        notes: where to write down what is seen.
    """
    for manner in Manner:
        restart = measure_restart(bench, manner, notes)
        judge_restart(restart, bench.patience_s, notes)
        outcome = _try_call(bench, back=True)
        notes.check(
            f"{manner}: the line can be used afterwards",
            "a call is answered",
            outcome,
            passed=outcome == _ANSWERED,
            where="pjsip show contacts",
        )


def measure_restart(bench: Bench, manner: Manner, notes: Notes) -> Restart:
    """Restart the PBX during a call, and see how long everybody takes to be there again.

    Args:
        bench: the lab under test.
        manner: how the PBX goes down.
        notes: where the evidence of the call is named, and the restart is kept.

    Returns:
        What was measured.
    """
    lab = bench.lab
    caller, called = bench.phones
    call = caller.call(lab[called.extension], say=SAID[0], reply=SAID[1])
    call.wait(_TALK_S)
    legs = call.legs()
    bench.progress(f"Asterisk is {_IN_WORDS[manner]}, in the midst of a call")
    down_s = time.time()
    gone_s = _restart(lab.pbx, manner)
    up_s = time.time()
    remembered = contacts_of(lab.asterisk("pjsip show contacts"))
    cut_off, evidence = _end_call(bench, call, legs, down_s)
    notes.exhibit(f"the call that a {manner} restart met", evidence.folder, Shown.LADDER)
    at_once = _try_call(bench)
    _await_return(bench, down_s, gone_s)
    restart = Restart(
        manner=manner,
        up_s=up_s - down_s,
        remembered=tuple(sorted(remembered)),
        returns=tuple(_return(phone, down_s, gone_s) for phone in lab.phones.values()),
        cut_off=cut_off,
        call_at_once=at_once,
    )
    notes.restarts.append(restart)
    return restart


def _restart(pbx: "Asterisk", manner: Manner) -> float:
    """Restart the PBX, and return when the former one had ended."""
    if manner is Manner.CLEAN:
        return pbx.restart_in_order()
    pbx.kill()
    gone_s = time.time()
    pbx.restart()
    return gone_s


def _first_accepted_s(phone: "Softphone", *, since_s: float) -> float | None:
    """When a phone was first registered after a time, in seconds since the epoch."""
    return next((each for each in _accepted_s(phone) if each > since_s), None)


def _last_accepted_s(phone: "Softphone", *, until_s: float) -> float | None:
    """When a phone was last registered before a time, in seconds since the epoch."""
    return next((each for each in reversed(_accepted_s(phone)) if each <= until_s), None)


def _accepted_s(phone: "Softphone") -> list[float]:
    return [each.time_s for each in phone.registrar_answers if each.name == "REGISTER_OK"]


def _end_call(
    bench: Bench, call: "Call", legs: "Sequence[tuple[Softphone, Leg]]", down_s: float
) -> "tuple[tuple[CutOff, ...], Evidence]":
    """Listen for a while whether the call is over, and hang up where nobody has said so."""
    bench.progress("what has become of the call?")
    call.wait(_LISTEN_TO_NOTHING_S)
    gave_up_s = time.time()
    told = {phone.account.extension: leg.closed_s for phone, leg in legs}
    reasons = {phone.account.extension: leg.reason for phone, leg in legs}
    call.hang_up()
    evidence = call.evidence
    silent = _last_heard_s(evidence)
    return tuple(
        CutOff(
            extension=extension,
            silent_s=_since(down_s, silent.get(extension)),
            told_s=_since(down_s, closed_s),
            told=reasons[extension] if closed_s is not None else "",
            gave_up_s=gave_up_s - down_s if closed_s is None else None,
        )
        for extension, closed_s in told.items()
    ), evidence


def _last_heard_s(evidence: "Evidence") -> dict[str, float]:
    """When the last packet of speech reached each phone, in seconds since the epoch."""
    heard = {}
    for leg in evidence.measured_legs:
        streams = evidence.told_at(leg).received_by(leg.address).media
        if streams:
            heard[leg.user] = max(stream.last_s for stream in streams)
    return heard


def _since(down_s: float, time_s: float | None) -> float | None:
    return None if time_s is None else time_s - down_s


def _try_call(bench: Bench, *, back: bool = False) -> str:
    """Call from one user to the other, or back, and say what came of it."""
    one, other = reversed(bench.phones) if back else bench.phones
    try:
        call = one.call(bench.lab[other.extension], answered_within_s=_RING_S)
    except CallFailed as error:
        return f"refused with {error.status}" if error.status else "not answered"
    call.hang_up()
    return _ANSWERED


def _await_return(bench: Bench, down_s: float, gone_s: float) -> None:
    """Wait until each phone has registered by itself, was refused for good, or time is up."""
    until_s = down_s + bench.patience_s
    told_s = 0.0

    def all_back() -> bool:
        nonlocal told_s
        missing = [each for each in bench.lab.phones.values() if not _decided(each, gone_s)]
        if missing and time.time() - told_s > _TELL_EVERY_S:
            told_s = time.time()
            names = " and ".join(phone.account.extension for phone in missing)
            bench.progress(
                f"{told_s - down_s:.0f} s after the restart: waiting for {names} to register by "
                f"themselves, {until_s - told_s:.0f} s at most"
            )
        return not missing

    # Who is not back in time is told of by what its phone has seen.
    with contextlib.suppress(NotReady):
        wait_until(
            "the phones to register again",
            all_back,
            timeout_s=max(0.0, until_s - time.time()),
            containers=[bench.lab.pbx.container],
            interval_s=0.1,
        )


def _decided(phone: "Softphone", gone_s: float) -> bool:
    """Whether a phone is back, or was told that it never will be.

    What it was told by the PBX that was about to go down does not count.
    """
    if _first_accepted_s(phone, since_s=gone_s) is not None:
        return True
    return _refusal(phone, gone_s).startswith(_FINAL)


def _refusal(phone: "Softphone", gone_s: float) -> str:
    """What the registrar said last since the former PBX ended, if it was not yes."""
    answers = [each for each in phone.registrar_answers if each.time_s > gone_s]
    return answers[-1].detail if answers and answers[-1].name == "REGISTER_FAIL" else ""


def _return(phone: "Softphone", down_s: float, gone_s: float) -> Return:
    before_s = _last_accepted_s(phone, until_s=gone_s)
    back_s = _first_accepted_s(phone, since_s=gone_s)
    return Return(
        extension=phone.account.extension,
        registered_before_s=None if before_s is None else down_s - before_s,
        back_s=_since(down_s, back_s),
        refusal="" if back_s else _refusal(phone, gone_s),
    )


def judge_restart(restart: Restart, patience_s: float, notes: Notes) -> None:
    """Look at what a restart has done to phones and call.

    Args:
        restart: what was measured.
        patience_s: how long a phone may take to come back, in seconds.
        notes: where to write down what is seen.
    """
    manner = restart.manner
    notes.check(
        f"{manner}: the server is back", "it answers", f"after {restart.up_s:.1f} s", passed=True
    )
    if not restart.returns:
        notes.check(f"{manner}: phones", "phones that come back", "none", passed=False)
    for each in restart.returns:
        notes.check(
            f"{manner}: the phone of {each.extension} is back",
            f"it registers by itself within {patience_s:.0f} s",
            _found(each),
            passed=each.back_s is not None and each.back_s <= patience_s,
            where="pjsip show contacts; the log of the phone's container",
        )
    if manner is Manner.CLEAN:
        notes.check(
            "clean: the phones are told that their call is over",
            "each is told",
            ", ".join(_farewell(each) for each in restart.cut_off),
            passed=all(each.told_s is not None for each in restart.cut_off),
            where="the call's ladder",
        )
    for sentence in describe_restart(restart):
        notes.observe(sentence)


def describe_restart(restart: Restart) -> tuple[str, ...]:
    """Say in sentences what was measured.

    Args:
        restart: what was measured.

    >>> back = Return(extension="2001", registered_before_s=10, back_s=44.0)
    >>> (sentence,) = describe_restart(Restart(manner=Manner.KILL, up_s=1.4, returns=(back,)))
    >>> sentence.partition(". ")[0]
    'Killed: Asterisk answers again after 1.4 s'
    """
    how = "Clean restart" if restart.manner is Manner.CLEAN else "Killed"
    returns = ", ".join(_told_return(each) for each in restart.returns)
    remembered = ", ".join(restart.remembered)
    first = (
        f"{how}: Asterisk answers again after {restart.up_s:.1f} s. Registered again by "
        f"themselves: {returns or 'nobody'}."
    )
    sentences = [first]
    if restart.call_at_once:
        kept = (
            f"its database still has {remembered} as registered"
            if remembered
            else "it no longer knows where its users are: a connection's contact ends with it"
        )
        sentences.append(
            f"When it comes up, {kept}; a call made at once is {restart.call_at_once}."
        )
    if restart.cut_off:
        ends = "; ".join(_told_end(each) for each in restart.cut_off)
        sentences.append(f"The call in progress: {ends}.")
    return tuple(sentences)


def _found(back: Return) -> str:
    if back.back_s is not None:
        return f"after {back.back_s:.1f} s"
    return f"refused: {back.refusal}" if back.refusal else "not back"


def _told_return(back: Return) -> str:
    if back.back_s is None or back.registered_before_s is None:
        return f"{back.extension} {_found(back)}"
    apart_s = back.back_s + back.registered_before_s
    return f"{back.extension} {_found(back)} ({apart_s:.1f} s after its last time)"


def _farewell(end: CutOff) -> str:
    if end.told_s is None:
        return f"{end.extension}: nobody told it"
    return f"{end.extension} after {end.told_s * 1000:.0f} ms"


def _told_end(end: CutOff) -> str:
    silence = "never heard anything" if end.silent_s is None else _silence(end.silent_s)
    if end.told_s is not None:
        return f"{end.extension} {silence} and is told after {end.told_s * 1000:.0f} ms"
    return (
        f"{end.extension} {silence}, is told nothing, and still shows the call "
        f"{end.gave_up_s:.1f} s after, when its user hangs up"
    )


def _silence(silent_s: float) -> str:
    if silent_s < 0:
        return f"hears the last packet {-silent_s * 1000:.0f} ms before"
    return f"hears the last packet after {silent_s * 1000:.0f} ms"
