"""What the tasks of this lab must come to, and what they begin with."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from voiplab import Evidence, Lab
from voiplab.config import Fault, WrittenUser, find_faults
from voiplab.config.by_hand.dial_plan import contexts, document
from voiplab.errors import GradingError
from voiplab.grading import Assignment, Check, Student, Task, Worksheet

PJSIP, EXTENSIONS = "pjsip.conf", "extensions.conf"
CONTEXT = "phones"
LEAST_TALK_S = 2.0
WRITER, HEIR = (0, 1), (2, 3)
"""Which of the student's extensions are used: in their own files, and in those they inherit."""

# Each check is about one kind of thing; a fault that find_faults knows belongs to one of them.
OBJECTS = {
    "transport": {
        "no-transport", "no-bind", "unknown-protocol", "address-taken", "unknown-transport",
        "no-certificate", "old-tls",
    },
    "login": {"unknown-auth", "no-auth", "no-username", "no-password", "other-username"},
    "password": {"weak-password"},
    "aor": {"no-aor", "unknown-aor", "aor-named-otherwise", "no-contact", "contact-kept"},
    "codecs": {"no-codec", "unknown-codec"},
    "context": {"unknown-context"},
    "objects": {
        "no-type", "unknown-type", "unknown-option", "duplicate", "no-number", "quoted",
        "neither-yes-nor-no", "comment-in-value",
    },
}  # fmt: skip
STEPS = {
    "priorities": {
        "n-first", "same-first", "no-priority", "no-priority-1", "priority-skipped",
        "priority-twice", "unknown-directive", "pattern-without-underscore",
    },
    "dial": {
        "no-dial", "never-dialled", "dial-nobody", "dial-old-channel", "dial-unknown-channel",
        "dial-unknown-endpoint", "unclosed-parenthesis", "unknown-application",
        "application-not-loaded", "unknown-included-context", "comment-in-value",
    },
}  # fmt: skip
EXPECTED = {
    "syntax": "lines that Asterisk can read as they are meant",
    "transport": "an address at which Asterisk listens",
    "login": "an auth with its user name for each endpoint",
    "password": "passwords that nobody guesses",
    "aor": "an aor for each endpoint, at which one phone can register, and come back",
    "codecs": "at least one codec for each endpoint",
    "context": "a context that extensions.conf has",
    "objects": "sections of a known type with known options",
    "priorities": "for each number a priority 1, and none left out after it",
    "dial": "numbers that ring endpoints of pjsip.conf",
}
# What each fault of the inherited files is about, without saying what it is.
ABOUT = {
    "hash-comment": "comments",
    "weak-password": "guessing",
    "no-contact": "a default of Asterisk's",
    "unknown-context": "where a call begins",
    "no-codec": "an order",
    "unknown-aor": "names that don't meet",
    "dial-old-channel": "what is no more",
    "no-priority-1": "where a number begins",
}
_PHONE = f"type = endpoint\ncontext = {CONTEXT}"
_CODECS = "disallow = all\nallow = ulaw,alaw\n"
_CODECS_TURNED = "allow = ulaw,alaw\ndisallow = all\n"
_SMALL = ("There", "It", "No", "An", "One", "What", "The", "Nothing")


# What is the student's own


def my_users(student: Student, which: Iterable[int] = WRITER) -> dict[str, str]:
    """Return the student's two users: names by extension, the caller first."""
    return {student.extension(index): student.name(index) for index in which}


def my_secrets(student: Student) -> dict[str, str]:
    """Return the passwords of the student's two users, by extension."""
    return {student.extension(index): student.secret(index) for index in WRITER}


def ring_s(student: Student) -> int:
    """Return for how long the student's phones are to ring."""
    return student.number("ring", 12, 28)


def echo(student: Student) -> str:
    """Return the number at which the student's exchange is to answer with an echo."""
    return f"*{student.number('echo', 10, 89)}"


def table_of_users(student: Student) -> pd.DataFrame:
    """Return who the student's users are, with their passwords."""
    secrets = my_secrets(student)
    rows = [(each, name, secrets[each]) for each, name in my_users(student).items()]
    return pd.DataFrame(rows, columns=["extension", "name", "password"]).set_index("extension")


# Files


def beginning() -> dict[str, str]:
    """Return files with a transport and an empty context, and nobody in them."""
    transport = "[transport-udp]\ntype = transport\nprotocol = udp\nbind = 0.0.0.0\n"
    return {PJSIP: transport, EXTENSIONS: f"[{CONTEXT}]\nexten => 0,1,Hangup()\n"}


def files(student: Student, which: Iterable[int] = WRITER) -> dict[str, str]:
    """Return files as they should be."""
    pjsip, plan = beginning()[PJSIP], f"[{CONTEXT}]\n"
    for index in which:
        extension, name, secret = (
            student.extension(index), student.name(index), student.secret(index),
        )  # fmt: skip
        pjsip += (
            f"\n[{extension}]\n{_PHONE}\n{_CODECS}auth = {extension}\naors = {extension}\n"
            f'callerid = "{name}" <{extension}>\n'
            f"\n[{extension}]\ntype = auth\nusername = {extension}\npassword = {secret}\n"
            f"\n[{extension}]\ntype = aor\nmax_contacts = 1\nremove_existing = yes\n"
        )
        plan += (
            f"exten => {extension},1,Dial(PJSIP/{extension},{ring_s(student)})\n"
            " same => n,Hangup()\n"
        )
    plan += f"exten => {echo(student)},1,Answer()\n same => n,Echo()\n"
    return {PJSIP: pjsip, EXTENSIONS: plan}


def inherited_files(student: Student) -> dict[str, str]:
    """Return files with eight faults; each student's are on other lines."""
    pair = [student.extension(index) for index in HEIR]
    first, second = student.choice("spoilt", (pair, pair[::-1]))
    secret = student.secret(HEIR[pair.index(first)])
    texts = files(student, HEIR)
    for file, right, wrong in (
        (PJSIP, f"[{first}]\n", f"# {first}\n[{first}]\n"),
        (PJSIP, f"password = {secret}", f"password = {first}"),
        (PJSIP, f"[{first}]\ntype = aor\nmax_contacts = 1", f"[{first}]\ntype = aor"),
        (PJSIP, f"[{second}]\n{_PHONE}", f"[{second}]\n{_PHONE[:-1]}"),
        (PJSIP, f"{_CODECS}auth = {second}", f"{_CODECS_TURNED}auth = {second}"),
        (PJSIP, f"aors = {second}", f"aors = {second[:-1]}"),
        (EXTENSIONS, f"Dial(PJSIP/{first}", f"Dial(SIP/{first}"),
        (EXTENSIONS, f"exten => {second},1,", f"exten => {second},2,"),
    ):
        texts[file] = texts[file].replace(right, wrong, 1)
    title = "; Written in a hurry\n" * student.number("title", 1, 4)
    return {file: title + text for file, text in texts.items()}


def lines_of(fault: Fault, text: str) -> range:
    """Return the lines that may be named for a fault: its own, or those of what is incomplete."""
    lines = text.splitlines()
    if fault.kind == "no-codec":
        return range(fault.line - 1, fault.line + 1)
    if lines[fault.line - 1].startswith("["):
        end = next((at for at, line in enumerate(lines) if at >= fault.line and not line), None)
        return range(fault.line, (end or len(lines)) + 1)
    return range(fault.line, fault.line + 1)


# What a task begins with


def start(work: Worksheet) -> Lab:
    """Start a lab on files with nobody in them."""
    return work.start_lab(configuration=beginning())


def start_with_users(work: Worksheet) -> Lab:
    """Start a lab on files with the student's users, and a dial plan that reaches nobody."""
    mine = files(work.student)
    return work.start_lab(configuration=mine | {EXTENSIONS: beginning()[EXTENSIONS]})


def start_with_all(work: Worksheet) -> Lab:
    """Start a lab on files as they should be."""
    return work.start_lab(configuration=files(work.student))


def start_spoilt(work: Worksheet, file: str, right: str, wrong: str) -> Lab:
    """Start a lab on files as they should be but for one thing.

    Args:
        work: the sheet.
        file: in which file.
        right: what should stand there; its first place is spoilt.
        wrong: what stands there instead.
    """
    texts = files(work.student)
    if right not in texts[file]:
        raise GradingError(f"{right!r} stands nowhere in {file}.")
    return work.start_lab(configuration=texts | {file: texts[file].replace(right, wrong, 1)})


def start_inherited(work: Worksheet) -> Lab:
    """Start a lab on the files that the student inherits."""
    return work.start_lab(configuration=inherited_files(work.student))


# What is seen


def see_files(student: Student, lab: Lab) -> dict[str, Any]:
    """Note what the files in force say, and whose phone is registered now."""
    exchange = lab.pbx.exchange
    written = dict(exchange.written)
    modules = lab.configuration().get("modules.conf", "")
    registered = lab.registrations()
    secrets = my_secrets(student)
    users = [user for user in exchange.users if isinstance(user, WrittenUser)]
    return {
        "by_hand": bool(written),
        "faults": [_noted(each) for each in find_faults(written | {"modules.conf": modules})],
        "names": {user.extension: user.name for user in users},
        "secrets": [
            user.extension
            for user in users
            if user.secret.get_secret_value() == secrets.get(user.extension)
        ],
        "registered": list(registered.extension[registered.registered]),
        "steps": _steps(written),
    }


def _noted(fault: Fault) -> dict[str, Any]:
    return {
        "kind": fault.kind,
        "file": fault.file,
        "where": fault.where,
        "problem": fault.problem,
        "remedy": fault.remedy,
    }


def _steps(written: Mapping[str, str]) -> dict[str, list[list[str]]]:
    """What each number of the phones' context does: application and arguments, step by step."""
    context = contexts(document(written)).get(CONTEXT)
    return {
        extension.name: [
            [step.application.lower(), *step.arguments.replace(" ", "").split(",")]
            for step in sorted(extension.called, key=lambda each: each.priority)
        ]
        for extension in (context.extensions.values() if context else ())
    }


# What it must come to


def judge_users(student: Student, seen: Mapping[str, Any]) -> Iterable[Check]:
    """Judge a pjsip.conf, and whether the phones of its users are registered."""
    yield _by_hand(seen)
    yield from _faultless(seen, PJSIP, OBJECTS)
    mine, names = my_users(student), seen["names"]
    yield Check(
        name="users",
        passed={each: names.get(each) for each in mine} == mine,
        expected=", ".join(f"{each}: {name}" for each, name in mine.items()),
        found=", ".join(f"{each}: {name or 'no name'}" for each, name in names.items()) or "nobody",
        where=f"{PJSIP}: the endpoints, and their option callerid",
    )
    wrong = [each for each in mine if each in names and each not in seen["secrets"]]
    yield Check(
        name="secrets",
        passed=not wrong,
        expected="the passwords of the table of your users",
        found=f"another one for {_and(wrong)}" if wrong else "as in the table",
        where=f"{PJSIP}, [{next(iter(wrong), '')}] (auth), password",
    )
    yield _registered(mine, seen)


def judge_dial_plan(student: Student, seen: Mapping[str, Any]) -> Iterable[Check]:
    """Judge an extensions.conf by what it does for each number."""
    yield _by_hand(seen)
    yield from _faultless(seen, EXTENSIONS, STEPS)
    steps, mine = seen["steps"], my_users(student)
    missing = [each for each in mine if each not in steps]
    yield Check(
        name="numbers",
        passed=not missing,
        expected=f"lines for {_and(mine)} in [{CONTEXT}]",
        found=f"none for {_and(missing)}" if missing else "lines for both",
        where=f"{EXTENSIONS}, [{CONTEXT}]",
    )
    dialled = {
        each: step[2] if len(step) > 2 else ""
        for each in mine
        for step in steps.get(each, ())
        if step[0] == "dial"
    }
    wrong = {each: time for each, time in dialled.items() if time != str(ring_s(student))}
    yield Check(
        name="ring time",
        passed=not wrong,
        expected=f"phones that ring for {ring_s(student)} s",
        found=_and(f"{time or 'no end'} for {each}" for each, time in wrong.items())
        if wrong
        else f"{ring_s(student)} s",
        where=f"{EXTENSIONS}, [{CONTEXT}] {next(iter(wrong), '')}: the second argument of Dial",
    )
    applications = [step[0] for step in steps.get(echo(student), ())]
    yield Check(
        name="echo",
        passed=applications[:2] == ["answer", "echo"],
        expected=f"{echo(student)} answers, and then sends back what it hears",
        found=" and then ".join(applications) or f"nothing at {echo(student)}",
        where=f"{EXTENSIONS}, [{CONTEXT}] {echo(student)}; `core show application Echo`",
    )


def judge_call(student: Student, call: Evidence) -> Iterable[Check]:
    """Judge who called whom, and for how long they talked."""
    caller, called = my_users(student)
    yield Check(
        name="who calls whom",
        passed=(call.record.caller, call.record.called) == (caller, called),
        expected=f"{caller} calls {called}",
        found=f"{call.record.caller} calls {call.record.called}",
        where="`lab[caller].phone.call(lab[called])`",
    )
    talk_s = max((each.talk_s or 0.0 for each in call.capture.calls), default=0.0)
    yield Check(
        name="talk",
        passed=talk_s >= LEAST_TALK_S,
        expected=f"a call that is answered, and lasts {LEAST_TALK_S:g} s",
        found=f"{talk_s:.1f} s",
        where="`call.wait(seconds=…)`, and `call.ladder()`",
    )


def judge_search(student: Student, found: Mapping[str, Any]) -> Iterable[Check]:
    """Judge the lines that the student named, by those that were spoilt."""
    for file, text in inherited_files(student).items():
        faults = [each for each in find_faults(inherited_files(student)) if each.file == file]
        places = {each.kind: set(lines_of(each, text)) for each in faults}
        named = {int(line) for line in found.get(file, ())}
        missed = [kind for kind, lines in places.items() if not named & lines]
        yield Check(
            name=f"{file}: found",
            passed=not missed,
            expected=f"{len(places)} faulty lines",
            found=f"{len(places) - len(missed)} of them",
            where=f"{file}; what is left has to do with {_and(ABOUT[kind] for kind in missed)}",
        )
        innocent = sorted(named.difference(*places.values()))
        yield Check(
            name=f"{file}: innocent",
            passed=not innocent,
            expected="no line that is as it should be",
            found=f"line {_and(map(str, innocent))}" if innocent else "none",
            where=f"{file}, line {_and(map(str, innocent))}",
        )


def judge_repair(student: Student, seen: Mapping[str, Any]) -> Iterable[Check]:
    """Judge repaired files, and whether the phones of their users are registered."""
    yield _by_hand(seen)
    yield from _faultless(seen, PJSIP, OBJECTS)
    yield from _faultless(seen, EXTENSIONS, STEPS)
    heirs = my_users(student, HEIR)
    there = set(seen["names"])
    yield Check(
        name="users",
        passed=set(heirs) <= there,
        expected=f"the users {_and(heirs)}, as before",
        found=_and(there),
        where=f"{PJSIP}: the endpoints",
    )
    yield _registered(heirs, seen)


def _by_hand(seen: Mapping[str, Any]) -> Check:
    return Check(
        name="by hand",
        passed=seen["by_hand"],
        expected="a lab on files that you wrote",
        found="files written by hand"
        if seen["by_hand"]
        else "a lab whose users were added by Python",
        where="`lab.load(files)`",
    )


def _faultless(
    seen: Mapping[str, Any], file: str, topics: Mapping[str, set[str]]
) -> Iterator[Check]:
    """A check for each topic, which names the first fault of its kinds."""
    known = set().union(*topics.values())
    faults = [each for each in seen["faults"] if each["file"] == file]
    for topic, kinds in {"syntax": set(), **topics}.items():
        mine = [
            each
            for each in faults
            if (each["kind"] in kinds if kinds else each["kind"] not in known)
        ]
        name = topic if topic != "syntax" else f"{file}: syntax"
        yield Check(
            name=name,
            passed=not mine,
            expected=EXPECTED[topic],
            found=_said(mine[0]["problem"]) if mine else "no fault",
            where=f"{mine[0]['where']}: {_said(mine[0]['remedy'])}" if mine else file,
        )


def _said(sentence: str) -> str:
    """A sentence within another one."""
    first, _, rest = sentence.removesuffix(".").partition(" ")
    return f"{first.lower() if first in _SMALL else first} {rest}"


def _registered(users: Iterable[str], seen: Mapping[str, Any]) -> Check:
    missing = [each for each in users if each not in seen["registered"]]
    return Check(
        name="registered",
        passed=not missing,
        expected="a registered phone for each of them",
        found=f"none for {_and(missing)}" if missing else "one for each",
        where="`lab.complaints()`, and `lab[extension].phone.refusal`",
    )


def _and(names: Iterable[str]) -> str:
    return " and ".join(sorted(names)) or "nobody"


ASSIGNMENT = Assignment(
    name="02-users",
    title="Users and extensions",
    tasks=(
        Task(
            name="users",
            title="Two users in pjsip.conf",
            judge=judge_users,
            observe=see_files,
            prepare=start,
            hints=(
                "Each user is three sections of one name: an endpoint, an auth, an aor.",
                "The endpoint names the other two: `auth = …`, `aors = …`.",
                "An aor needs `max_contacts = 1`, and `remove_existing = yes`.",
                "`Listing(files, find_faults(files))` shows each fault under its line.",
            ),
            points=3,
        ),
        Task(
            name="dial-plan",
            title="Numbers in extensions.conf",
            judge=judge_dial_plan,
            observe=see_files,
            prepare=start_with_users,
            hints=(
                "The first line of a number has priority 1: `exten => 2001,1,Dial(…)`.",
                "`Dial(PJSIP/2001,20)` rings for 20 seconds; `same => n,Hangup()` comes next.",
                "An echo takes two steps: `Answer()` and `Echo()`.",
            ),
            points=2,
        ),
        Task(
            name="call",
            title="A call",
            judge=judge_call,
            answer=Evidence,
            prepare=start_with_all,
            hints=("`call = lab[caller].phone.call(lab[called], say=…)`, `call.wait(3)`.",),
        ),
        Task(
            name="search",
            title="Eight faults",
            judge=judge_search,
            answer=dict,
            prepare=lambda work: inherited_files(work.student),
            hints=(
                "What does a `#` at the beginning of a line mean to Asterisk?",
                "Follow each name: from an endpoint to its auth, its aor, its context.",
                "Which option has a default that makes a phone unwelcome?",
                "Codecs are counted from top to bottom.",
            ),
            points=2,
        ),
        Task(
            name="repair",
            title="The inheritance, repaired",
            judge=judge_repair,
            observe=see_files,
            prepare=start_inherited,
            hints=(
                "One fault after the other: repair, load, read Asterisk's complaints.",
                "The check names file and line of the first fault that is left of each kind.",
            ),
            points=2,
        ),
    ),
)
