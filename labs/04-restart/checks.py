"""What the tasks of this lab must come to, and what they begin with."""

import re
import time
from collections.abc import Iterable, Mapping

from voiplab import Call, Evidence, Lab
from voiplab.containers import wait_until
from voiplab.grading import Assignment, Check, Student, Task, Worksheet
from voiplab.phones import Softphone

GRANTED_S = 20  # what the lab's server grants to a phone that registers, unless it is changed
RENEWED = 0.9  # of what was granted has gone when baresip registers again
NEAR_S = 3.0  # a stopwatch that is started by hand, and a server that takes its time to end
PATIENCE_S = 60.0
UPTIME_S = 0.5  # Asterisk tells how long it has been up in whole seconds: half of one is meant

FACTS = {
    "After the restart in order, each phone was told by a BYE that its call was over.": True,
    "After the kill, each phone was told by a BYE that its call was over.": False,
    "After the kill, the phones went on showing a call in which nobody was heard.": True,
    "After the restart in order, the phones registered again at once, because they were told.": (
        False
    ),
    "When a phone registers again depends on when it last did, and on what it was granted.": True,
    "The server could call the phones as soon as it was up: it keeps contacts in a database.": True,
}
_LETTERS = "ABCDEF"


def files(student: Student) -> dict[str, str]:
    """Return the configuration with which the student's lab begins, as if written by hand."""
    users = "\n".join(
        f"""\
; ---- {student.name(index)}
[{student.extension(index)}](phone)
auth = {student.extension(index)}
aors = {student.extension(index)}
callerid = "{student.name(index)}" <{student.extension(index)}>

[{student.extension(index)}]
type = auth
auth_type = userpass
username = {student.extension(index)}
password = {student.secret(index)}

[{student.extension(index)}](line)
"""
        for index in (0, 1)
    )
    return {"pjsip.conf": _PJSIP + users, "extensions.conf": _EXTENSIONS}


_PJSIP = f"""\
[transport-udp]
type = transport
protocol = udp
bind = 0.0.0.0:5060

[phone](!)
type = endpoint
context = phones
disallow = all
allow = ulaw
direct_media = no
rewrite_contact = yes
rtp_symmetric = yes
force_rport = yes

[line](!)
type = aor
max_contacts = 1
remove_existing = yes
; For how long a registration holds, in seconds: the most that is granted, and the least.
maximum_expiration = {GRANTED_S}
minimum_expiration = 5
; How often the server asks by OPTIONS whether a phone is still there, in seconds; 0 is never.
qualify_frequency = 0

"""

_EXTENSIONS = """\
[phones]
exten => _XXXX,1,Dial(PJSIP/${EXTEN},20)
 same => n,Hangup()
"""


def begin(work: Worksheet) -> Lab:
    """Start the student's lab, with two phones that register."""
    return work.start_lab(configuration=files(work.student))


def wait_for_registration(phone: Softphone, since_s: float) -> float:
    """Wait until a phone has registered by itself, and return when it did.

    Args:
        phone: which.
        since_s: registrations before that don't count, in seconds since the epoch.
    """

    def registered() -> float | None:
        times = [each.time_s for each in phone.registrar_answers if each.name == "REGISTER_OK"]
        return next((time_s for time_s in times if time_s > since_s), None)

    return wait_until(
        f"phone {phone.account.extension} to register", registered, timeout_s=PATIENCE_S
    )


def statements(student: Student) -> dict[str, str]:
    """Return what may be true of the two restarts, in an order of the student's."""
    left = list(FACTS)
    order = [left.pop(student.number(f"fact {n}", 0, n)) for n in range(len(left) - 1, -1, -1)]
    return dict(zip(_LETTERS, order, strict=True))


def seconds(student: Student) -> int:
    """Return within how many seconds the student's phones are to be back."""
    return student.number("back within", 9, 13)


def gone_s(student: Student) -> int:
    """Return how often the student's server is to ask, in seconds, at the least."""
    return student.number("asked every", 3, 6)


# What is seen of the lab, as it is now


def observe_lab(_student: Student, given: object) -> dict[str, object]:
    """Take down what there is to know of a lab: its restarts, its registrations, its settings."""
    lab = given["lab"] if isinstance(given, Mapping) else given
    now_s = time.time()
    events = lab.pbx.events()
    uptime = re.search(r"System uptime: (\d+)", lab.asterisk("core show uptime seconds"))
    contacts = lab.asterisk("pjsip show contacts")
    shown: dict[str, object] = {
        "users": [user.extension for user in lab.users],
        "booted_s": now_s - float(uptime[1]) if uptime else now_s,
        "goodbyes_s": [event.time_s for event in events if event.name == "Shutdown"],
        "registered_s": {
            extension: [
                each.time_s for each in phone.registrar_answers if each.name == "REGISTER_OK"
            ]
            for extension, phone in lab.phones.items()
        },
        "settings": {user.extension: _settings(lab, user.extension) for user in lab.users},
        "missed": [
            event.fields.get("AOR", "")
            for event in events
            if event.name == "ContactStatus" and event.fields.get("ContactStatus") == "Unreachable"
        ],
        "contacts": dict(re.findall(r"Contact:\s+(\S+?)/sip:\S+\s+\S+\s+(\w+)", contacts)),
    }
    if isinstance(given, Mapping):
        shown |= {name: value for name, value in given.items() if name != "lab"}
    return shown


def _settings(lab: Lab, extension: str) -> dict[str, float]:
    shown = lab.asterisk(f"pjsip show aor {extension}")
    wanted = ("maximum_expiration", "qualify_frequency")
    found = {name: re.search(rf"^ {name}\s+: ([\d.]+)", shown, re.MULTILINE) for name in wanted}
    return {name: float(value[1]) for name, value in found.items() if value}


# What it must be


def judge_clean(student: Student, seen: Mapping[str, object]) -> Iterable[Check]:
    """Judge task 1: an orderly restart in the midst of a call, and how long phones took."""
    yield from _own(student, seen)
    yield Check(
        name="in order",
        passed=_said_goodbye(seen),
        expected="a server that said goodbye before it last started",
        found="it did" if _said_goodbye(seen) else "one that was cut off, or never restarted",
        where="lab.pbx.restart_in_order()",
    )
    yield from _judge_call(student, seen, told=True)
    yield from _judge_return(student, seen)


def judge_kill(student: Student, seen: Mapping[str, object]) -> Iterable[Check]:
    """Judge task 2: a kill in the midst of a call, and how long phones took."""
    yield from _own(student, seen)
    yield Check(
        name="killed",
        passed=not _said_goodbye(seen),
        expected="a server that was cut off before it last started",
        found="one that said goodbye" if _said_goodbye(seen) else "it was",
        where="lab.pbx.kill(), then lab.pbx.restart()",
    )
    yield from _judge_call(student, seen, told=False)
    yield from _judge_return(student, seen)


def _own(student: Student, seen: Mapping[str, object]) -> Iterable[Check]:
    mine = {extension for _, extension in _mine(student)}
    yield Check(
        name="your lab",
        passed=set(seen["users"]) == mine,
        expected=f"your users, {' and '.join(sorted(mine))}",
        found=", ".join(seen["users"]) or "nobody",
        where="the cell that begins the lab",
    )


def _mine(student: Student) -> tuple[tuple[str, str], ...]:
    return ("first", student.extension(0)), ("second", student.extension(1))


def _said_goodbye(seen: Mapping[str, object]) -> bool:
    """Tell whether the server has said goodbye since the call was dialled."""
    dialled_s = seen["call"].record.started.timestamp()
    return any(each > dialled_s for each in seen["goodbyes_s"])


def _last_heard_s(seen: Mapping[str, object]) -> float:
    """Return when the server last sent something in the call, before it was up again."""
    evidence, up_s = seen["call"].evidence, seen["booted_s"] - UPTIME_S
    sent_s = [
        packet.time_s
        for packet in evidence.capture.packets()
        if packet.src == evidence.record.pbx_address and packet.time_s < up_s
    ]
    return max(sent_s, default=up_s)


def _judge_call(student: Student, seen: Mapping[str, object], *, told: bool) -> Iterable[Check]:
    call = seen["call"]
    record = call.record
    yield Check(
        name="your call",
        passed={record.caller, record.called} == {extension for _, extension in _mine(student)}
        and 0 < seen["booted_s"] - record.started.timestamp() < PATIENCE_S,
        expected="a call between your users, made shortly before the restart",
        found=f"{record.caller} → {record.called}, dialled "
        f"{seen['booted_s'] - record.started.timestamp():.0f} s before the server was up",
        where="the call that you give to the check",
    )
    goodbyes = goodbyes_of_server(call)
    yield Check(
        name="the call's end",
        passed=(goodbyes > 0) is told,
        expected="a BYE from the server" if told else "no BYE from the server",
        found=f"{goodbyes}",
        where="call.ladder()",
    )


def goodbyes_of_server(call: Call | Evidence) -> int:
    """Return how many of a call's phones the server has told that it is over."""
    evidence = call.evidence
    server = evidence.record.pbx_address
    return len(
        {
            seen.message.call_id
            for seen in evidence.capture.signalling
            if seen.message.method == "BYE" and seen.packets[0].src == server
        }
    )


def _judge_return(student: Student, seen: Mapping[str, object]) -> Iterable[Check]:
    back, down_s = seen["back"], seen["booted_s"] - _last_heard_s(seen)
    for nth, extension in _mine(student):
        times_s = seen["registered_s"].get(extension, [])
        after = [each for each in times_s if each > seen["booted_s"] - UPTIME_S]
        before = [each for each in times_s if each <= seen["booted_s"] - UPTIME_S]
        measured = after[0] - seen["booted_s"] if after else None
        answer = back.get(extension)
        near = (
            measured is not None
            and answer is not None
            and measured - NEAR_S <= answer <= measured + down_s + NEAR_S
        )
        yield Check(
            name=f"{nth} phone back",
            passed=near,
            expected=f"the seconds from the restart to the next registration of {extension}",
            found=f"{_figure(answer)}, where the phone itself noted {_figure(measured)}",
            where="phone.registrar_answers, and the time just before the restart",
        )
        waited = after[0] - before[-1] if after and before else 0.0
        yield Check(
            name=f"{nth} phone by itself",
            passed=waited > 0.8 * RENEWED * GRANTED_S,
            expected=f"a phone that comes when its {GRANTED_S} s are nearly over",
            found=f"one that registered {waited:.1f} s after its last time",
            where="wait, and don't call phone.register()",
        )


def _figure(value: float | None) -> str:
    return "none" if value is None else f"{value:.1f} s"


def judge_why(student: Student, answer: Mapping[str, bool]) -> Iterable[Check]:
    """Judge task 3 by what is true."""
    for letter, sentence in statements(student).items():
        given = answer.get(letter)
        yield Check(
            name=f"statement {letter}",
            passed=given is FACTS[sentence],
            expected="True or False, as you measured it",
            found=f"{given}",
            where="the two ladders, and what you measured in tasks 1 and 2",
        )


def judge_interval(student: Student, seen: Mapping[str, object]) -> Iterable[Check]:
    """Judge task 4: what is in force, and that phones were back in time after a restart."""
    yield from _own(student, seen)
    wanted_s = seconds(student)
    for nth, extension in _mine(student):
        settings = seen["settings"].get(extension, {})
        granted_s = settings.get("maximum_expiration", 0.0)
        yield Check(
            name=f"{nth} phone granted",
            passed=wanted_s - 4 <= granted_s * RENEWED <= wanted_s,
            expected=f"as long as can be, so that nine tenths of it are at most {wanted_s} s",
            found=f"{granted_s:.0f} s, of which that is {granted_s * RENEWED:.1f} s",
            where="maximum_expiration of [line] in pjsip.conf, once it is loaded",
        )
        times_s = seen["registered_s"].get(extension, [])
        after = [each - seen["booted_s"] for each in times_s if each > seen["booted_s"] - UPTIME_S]
        before = [each for each in times_s if each <= seen["booted_s"] - UPTIME_S]
        yield Check(
            name=f"{nth} phone back in time",
            passed=bool(before) and bool(after) and after[0] <= wanted_s + NEAR_S,
            expected=f"a restart after which the phone is back within {wanted_s} s",
            found=_return_found(before, after),
            where="restart the server after loading, and wait for the phones",
        )


def _return_found(before: list[float], after: list[float]) -> str:
    if not after:
        return "no registration since the last start"
    if not before:
        return "a server that was not restarted since the lab began"
    return f"{after[0]:.1f} s after the start"


def judge_unplugged(student: Student, seen: Mapping[str, object]) -> Iterable[Check]:
    """Judge task 5: a server that asks, and has noticed that one phone does not answer."""
    yield from _own(student, seen)
    asked_s, there, gone = gone_s(student), student.extension(0), student.extension(1)
    for nth, extension in _mine(student):
        settings = seen["settings"].get(extension, {})
        every_s = settings.get("qualify_frequency", 0.0)
        yield Check(
            name=f"{nth} phone asked",
            passed=0 < every_s <= asked_s,
            expected=f"a server that asks every {asked_s} s, or more often",
            found=f"every {every_s:.0f} s" if every_s else "never",
            where="qualify_frequency of [line] in pjsip.conf, once it is loaded",
        )
    now = seen["contacts"]
    yield Check(
        name="first phone is there",
        passed=now.get(there) == "Avail",
        expected="a phone that answers now",
        found=now.get(there, "no contact"),
        where='lab.asterisk("pjsip show contacts")',
    )
    yield Check(
        name="second phone was missed",
        passed=gone in seen["missed"] and now.get(gone) != "Avail",
        expected="a phone that has stopped to answer, and a server that says so",
        found=f"reported as unreachable: {', '.join(seen['missed']) or 'nobody'}; "
        f"now it is {now.get(gone, 'without a contact')}",
        where="lab.events(), ContactStatus",
    )


ASSIGNMENT = Assignment(
    name="04-restart",
    title="Restart",
    tasks=(
        Task(
            name="restart-in-order",
            title="What a restart in order does to phones and calls",
            observe=observe_lab,
            judge=judge_clean,
            prepare=begin,
            hints=(
                "Note the time, then restart; a phone's own notes are in phone.registrar_answers.",
                "checks.wait_for_registration(phone, since_s) waits, and returns when it was.",
                "Do that for each extension and phone of lab.phones.items(), and subtract down_s.",
            ),
        ),
        Task(
            name="kill",
            title="What a kill does to them",
            observe=observe_lab,
            judge=judge_kill,
            prepare=begin,
            hints=(
                "Make the call anew first: the one of task 1 is over.",
                "lab.pbx.kill() cuts the server off; lab.pbx.restart() starts it again.",
            ),
        ),
        Task(
            name="why",
            title="What makes the difference?",
            judge=judge_why,
            answer=dict,
            hints=(
                "Look for BYE in both ladders, and for who sends it.",
                "Compare how long the phones took with how long ago they had last registered.",
            ),
        ),
        Task(
            name="interval",
            title="Phones that come back sooner",
            observe=observe_lab,
            judge=judge_interval,
            prepare=begin,
            points=2,
            hints=(
                "The server grants maximum_expiration; phones come again after 9/10 of that.",
                "Change the text: files['pjsip.conf'].replace(…), then lab.load(files).",
                "After loading, restart once more, and wait for both phones.",
            ),
        ),
        Task(
            name="unplugged",
            title="A server that notices who is gone",
            observe=observe_lab,
            judge=judge_unplugged,
            prepare=begin,
            points=2,
            hints=(
                "qualify_frequency = 0 is never; the server waits 3 s for each answer.",
                "A cable is pulled with a network that loses 100 % both ways: see chapter 8.",
                "Then wait until lab.asterisk('pjsip show contacts') says Unavail.",
            ),
        ),
    ),
)
