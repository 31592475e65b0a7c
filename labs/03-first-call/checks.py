"""What the tasks of this lab must come to, and what they begin with."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

import pandas as pd

from voiplab import Evidence, Lab
from voiplab.errors import CallFailed
from voiplab.grading import Assignment, Check, Student, Task, Worksheet
from voiplab.packets.packet import host

USERS = 2
LEAST_TALK_S = 3.0
TOLERANCE_MS = 0.5
UNKNOWN = "an extension that nobody has"


def my_users(student: Student) -> dict[str, str]:
    """Return the student's two users: names by extension, the caller first."""
    return {student.extension(index): student.name(index) for index in range(USERS)}


def table_of_users(student: Student) -> pd.DataFrame:
    """Return who the student's users are, and what they do in the call."""
    caller, _ = my_users(student)
    rows = [
        (extension, name, "calls" if extension == caller else "is called")
        for extension, name in my_users(student).items()
    ]
    table = pd.DataFrame(rows, columns=["extension", "name", "in the call"])
    table["hangs up"] = table.extension == hangs_up(student)
    return table.set_index("extension")


def hangs_up(student: Student) -> str:
    """Return which of the student's users hangs up."""
    return student.choice("hangs up", tuple(my_users(student)))


def call_that_fails(lab: Lab, caller: str, number: str) -> Evidence:
    """Let someone call, and return what is left of the call that can't be answered."""
    with suppress(CallFailed):
        lab[caller].phone.call(number).hang_up()
    return lab.calls[-1].evidence


# What a task begins with


def start(work: Worksheet, *, more: Mapping[str, str] | None = None) -> Lab:
    """Start the lab with the student's users."""
    return work.start_lab(users=my_users(work.student) | dict(more or {}))


def make_call(work: Worksheet) -> Evidence:
    """Start the lab, and make the call of task 2."""
    lab = start(work)
    caller, called = (lab[extension].phone for extension in my_users(work.student))
    call = caller.call(called.extension, say="Hello, it is me.", reply="I hear you.")
    call.wait(LEAST_TALK_S + 1)
    if hangs_up(work.student) == called.extension:
        called.hang_up(called.active_legs()[0])
    call.hang_up()
    return call.evidence


def start_with_three(work: Worksheet) -> Lab:
    """Start the lab with a third user, who keeps the line busy."""
    return start(work, more={work.student.extension(2): work.student.name(2)})


# What is seen


def see_users(_student: Student, lab: Lab) -> dict[str, Any]:
    """Note who is a user of the lab now, and whose phone is registered."""
    registered = lab.registrations()
    return {
        "names": {user.extension: user.name for user in lab.users},
        "registered": list(registered.extension[registered.registered]),
    }


# What it must come to


def judge_users(student: Student, seen: Mapping[str, Any]) -> Iterable[Check]:
    """Judge who is there."""
    mine, names = my_users(student), seen["names"]
    yield Check(
        name="extensions",
        passed=set(names) == set(mine),
        expected=f"the users {_and(mine)}",
        found=_and(names),
        where="the table of your users, and `lab.users`",
    )
    wrong = [each for each in mine if each in names and names[each] != mine[each]]
    yield Check(
        name="names",
        passed=not wrong,
        expected=", ".join(f"{each}: {mine[each]}" for each in wrong or mine),
        found=", ".join(f"{each}: {names[each]}" for each in wrong or names),
        where="`work.start_lab(users={extension: name, …})`",
    )
    missing = [each for each in mine if each in names and each not in seen["registered"]]
    yield Check(
        name="registered",
        passed=not missing,
        expected="a registered phone for each of them",
        found=f"none for {_and(missing)}" if missing else "all are",
        where="`lab.registrations()`",
    )


def judge_call(student: Student, call: Evidence) -> Iterable[Check]:
    """Judge who called whom, for how long, who heard whom, and who hung up."""
    caller, called = my_users(student)
    yield Check(
        name="who calls whom",
        passed=(call.record.caller, call.record.called) == (caller, called),
        expected=f"{caller} calls {called}",
        found=f"{call.record.caller} calls {call.record.called}",
        where="`lab[caller].phone.call(lab[called])`",
    )
    dialog = next((each for each in call.capture.calls if each.caller == call.record.caller), None)
    talk_s = (dialog and dialog.talk_s) or 0.0
    yield Check(
        name="talk",
        passed=talk_s >= LEAST_TALK_S,
        expected=f"at least {LEAST_TALK_S:g} s from the answer to BYE",
        found=f"{talk_s:.1f} s",
        where="`call.wait(seconds=…)`, and the ladder",
    )
    deaf = [each.receiver for each in call.quality if each.packets == 0]
    yield Check(
        name="speech",
        passed=bool(call.quality) and not deaf,
        expected="speech that arrives at both phones",
        found=f"none at {_and(deaf)}" if deaf else "at both",
        where="`call.quality`, a row a direction",
    )
    who = _hung_up(call)
    yield Check(
        name="who hangs up",
        passed=who == hangs_up(student),
        expected=f"{hangs_up(student)} hangs up",
        found=f"{who} does" if who else "nobody does",
        where="the first BYE of `call.ladder()`",
    )


def _hung_up(call: Evidence) -> str | None:
    """Whose phone sent the first BYE."""
    phones = {leg.address: leg.user for leg in call.record.legs}
    byes = (seen for seen in call.capture.signalling if seen.message.method == "BYE")
    first = next(byes, None)
    return phones.get(host(first.src)) if first else None


def judge_delay(student: Student, seen: Mapping[str, Any]) -> Iterable[Check]:
    """Judge the delay by the capture at the caller's phone."""
    call, answer = seen["call"], seen["ms"]
    yield _own(student, call)
    leg = next(leg for leg in call.record.legs if not leg.incoming)
    expected = call.capture_at(leg).calls[0].pdd_ms
    yield Check(
        name="post-dial delay",
        passed=abs(answer - expected) <= TOLERANCE_MS,
        expected=f"from the caller's first INVITE to the first 180, to {TOLERANCE_MS:g} ms",
        found=f"{answer:.2f} ms",
        where="the column `pdd_ms` of `call.capture.dialogs`, in the row of the caller's dialog; "
        "or the times in the ladder",
    )


def judge_ladder(student: Student, seen: Mapping[str, Any]) -> Iterable[Check]:
    """Judge what was read off the ladder by the messages themselves."""
    call = seen["call"]
    yield _own(student, call)
    leg = next(leg for leg in call.record.legs if not leg.incoming)
    statuses = [
        each.message.status
        for each in call.capture_at(leg).signalling
        if each.message.transaction_method == "INVITE" and each.message.status
    ]
    facts = {
        "dialogs": (len(call.capture.calls), "how many different Call-IDs there are"),
        "challenge": (
            next(each for each in statuses if each >= 400),
            "the first answer to the caller's first INVITE",
        ),
        "ringing": (180, "the answer that comes when the called phone rings"),
        "answered": (
            next(each for each in statuses if 200 <= each < 300),
            "the answer that ends the ringing",
        ),
        "says_bye": (_hung_up(call), "the sender of the first BYE"),
    }
    for name, (fact, where) in facts.items():
        said = seen.get(name)
        yield Check(
            name=name,
            passed=str(said) == str(fact),
            expected="what `call.ladder()` shows",
            found=str(said),
            where=where,
        )


def judge_streams(student: Student, seen: Mapping[str, Any]) -> Iterable[Check]:
    """Judge what was read off the streams by the packets."""
    call = seen["call"]
    yield _own(student, call)
    yield Check(
        name="count",
        passed=seen.get("count") == len(call.capture.media),
        expected="a stream for each direction between each phone and Asterisk",
        found=str(seen.get("count")),
        where="the rows of `call.capture.streams`",
    )
    called = next(leg for leg in call.record.legs if leg.incoming)
    heard = next(each for each in call.capture.media if host(each.key.dst) == called.address)
    yield Check(
        name="codec",
        passed=str(seen.get("codec")).upper() == str(heard.codec.name).upper(),
        expected="the codec's name in SDP",
        found=str(seen.get("codec")),
        where="the column `codec`",
    )
    yield Check(
        name="port",
        passed=str(seen.get("port")) == heard.key.dst.rpartition(":")[2],
        expected="the UDP port at which the called phone receives speech",
        found=str(seen.get("port")),
        where="`dst` in the row whose dst is the called phone, "
        "and `m=audio` in the SDP that this phone sends",
    )


def judge_refusals(student: Student, seen: Mapping[str, Any]) -> Iterable[Check]:
    """Judge three calls that came to nothing, by their final status and by who was asked."""
    caller, called = my_users(student)
    wanted = {
        "busy": (486, 1, called, "Asterisk itself refuses: the called phone never gets an INVITE"),
        "refused": (486, 2, called, "the called phone rings, and its user refuses"),
        "unknown": (404, 1, UNKNOWN, "the dial plan has no such number"),
    }
    for kind, (status, dialogs, number, why) in wanted.items():
        call = seen["calls"][kind]
        dialog = call.capture.calls[0]
        is_called = call.record.called == number or number is UNKNOWN
        found = (
            f"{call.record.caller} calls {call.record.called}: {dialog.status} {dialog.reason}, "
            f"{len(call.capture.calls)} INVITE dialogs"
        )
        yield Check(
            name=f"{kind} call",
            passed=(call.record.caller, dialog.status, len(call.capture.calls))
            == (caller, status, dialogs)
            and is_called,
            expected=f"{caller} calls {number}; {why}",
            found=found,
            where=f"the ladder of the call {kind!r}",
        )
        code = seen["codes"].get(kind)
        yield Check(
            name=f"{kind} code",
            passed=str(code) == str(status),
            expected="the final status code that the caller's phone is told",
            found=str(code),
            where="`status` in the first row of the call's `capture.dialogs`",
        )


def _own(student: Student, call: Evidence) -> Check:
    users = {leg.user for leg in call.record.legs}
    mine = my_users(student)
    return Check(
        name="your call",
        passed=users == set(mine),
        expected=f"a call between {_and(mine)}",
        found=_and(users),
        where="task 2",
    )


def _and(names: Iterable[str]) -> str:
    return " and ".join(sorted(names)) or "nobody"


ASSIGNMENT = Assignment(
    name="03-first-call",
    title="The first call",
    tasks=(
        Task(
            name="users",
            title="Two users",
            judge=judge_users,
            observe=see_users,
            prepare=Worksheet.stop_lab,
            hints=(
                "`users` is a dictionary: an extension, a colon, a name, for each of the two.",
                "`work.student.extension(0)` and `work.student.name(0)` are your caller's.",
            ),
        ),
        Task(
            name="call",
            title="A call",
            judge=judge_call,
            answer=Evidence,
            prepare=start,
            hints=(
                "`call = lab[caller].phone.call(lab[called], say=…, reply=…)`, `call.wait(5)`.",
                "`call.hang_up()` lets the caller hang up, and keeps the evidence.",
                "A phone hangs up by `phone.hang_up(phone.active_legs()[0])`.",
            ),
            points=2,
        ),
        Task(
            name="post-dial-delay",
            title="How long until it rings?",
            judge=judge_delay,
            prepare=make_call,
            hints=(
                "Two dialogs, two rows: the caller's begins first.",
                "`call.capture.dialogs.pdd_ms`",
            ),
        ),
        Task(
            name="ladder",
            title="Reading the ladder",
            judge=judge_ladder,
            prepare=make_call,
            hints=(
                "Time runs downwards. Each number at the head of an answer is a status code.",
                "Click an arrow to read the message, with its Call-ID.",
            ),
            points=2,
        ),
        Task(
            name="streams",
            title="Where the speech is",
            judge=judge_streams,
            prepare=make_call,
            hints=(
                "Asterisk stands between the two phones, and speaks with each of them.",
                "`src` and `dst` are address:port; `call.names()` says whose address.",
            ),
            points=2,
        ),
        Task(
            name="refusals",
            title="Three calls that come to nothing",
            judge=judge_refusals,
            prepare=start_with_three,
            hints=(
                "Somebody who talks to a third user is busy.",
                "`lab[called].phone.answering = Answering.REFUSE`, and afterwards `AUTO` again.",
                "`calls[kind].capture.dialogs` has the status that each dialog ended with.",
            ),
            points=2,
        ),
    ),
)
