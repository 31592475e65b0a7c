"""What the tasks of this lab must come to, and what they begin with."""

import textwrap
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from IPython.display import HTML

from voiplab import Call, Evidence, Lab
from voiplab.certificates import Flaw, flawed
from voiplab.errors import PhoneError
from voiplab.evidence import LegRecord
from voiplab.grading import Assignment, Check, Student, Task, Worksheet
from voiplab.packets.packet import host
from voiplab.secrecy import SrtpKey, examine, overhear

RECORDED = Path(__file__).parent / "keys-in-clear"
KINDS = ("sdes", "dtls")
LETTERS = "ABC"
LEAST_TALK_S = 3.0
SAID = "The contract is signed on Thursday at half past nine."
REPLY = "Good. Do not tell anybody before that."


# Who and what is the student's own


def users(student: Student) -> dict[str, str]:
    """Return the student's two users: names by extension."""
    return {student.extension(index): student.name(index) for index in (0, 1)}


def code(student: Student) -> int:
    """Return what is said in the call of task 1, for the solution alone: students listen."""
    return student.number("code", 1000, 9999)


def kind(student: Student) -> str:
    """Return how the keys for SRTP are to be agreed on in task 3: "sdes" or "dtls"."""
    return student.choice("kind", KINDS)


def wanted_stream(student: Student) -> tuple[str, str]:
    """Return of whom, and at whose phone, the speech of task 2 is to be opened."""
    return student.choice("stream", tuple((who, at) for who in _RECORDED for at in _RECORDED))


def flaws(student: Student) -> dict[str, str]:
    """Return what is wrong with the certificates of task 5, for the solution alone."""
    left = [flaw.value for flaw in Flaw]
    order = [left.pop(student.number(f"flaw {count}", 0, count)) for count in (2, 1, 0)]
    return dict(zip(LETTERS, order, strict=True))


_RECORDED = ("2001", "2002")


# What tasks begin with


def begin(work: Worksheet) -> Lab:
    """Start the student's lab: two users, and nothing encrypted."""
    return work.start_lab(users=users(work.student), security="plain")


def begin_secure(work: Worksheet) -> Lab:
    """Start the student's lab with all calls encrypted, as it is after task 3."""
    return work.start_lab(users=users(work.student), security=kind(work.student))


def call_about_a_code(work: Worksheet) -> Evidence:
    """Let the student's users make the call that is intercepted in task 1."""
    lab = work.lab or begin(work)
    caller, called = users(work.student)
    digits = ", ".join(str(code(work.student)))
    said = f"The code of the safe is: {digits}. Again: {digits}."
    call = lab[caller].phone.call(lab[called], say=said, reply="Thank you, I have it.")
    call.wait(call.speech_s)
    call.hang_up()
    return call.evidence


def recorded_call() -> Evidence:
    """Return the recording of task 2: SRTP, and its keys in plain SIP."""
    return Evidence.open(RECORDED)


def talk(lab: Lab) -> Call:
    """Let the first user call the second, both speak for a few seconds, and hang up."""
    caller, called = (user.extension for user in lab.users)
    call = lab[caller].phone.call(lab[called], say=SAID, reply=REPLY)
    call.wait(call.speech_s)
    call.hang_up()
    return call


def present(work: Worksheet, letter: str) -> None:
    """Let the server present certificate A, B or C; it is restarted with it."""
    if work.lab is None:
        raise PhoneError('No lab runs: lab = work.prepare("certificates") starts one.')
    flaw = flaws(work.student)[letter]
    bad = flawed(flaw, authority=work.lab.authority, name="pbx", now=datetime.now(UTC))
    work.lab.pbx.present(bad)


def present_good(work: Worksheet) -> None:
    """Let the server present a good certificate again."""
    if work.lab is not None:
        work.lab.pbx.present(work.lab.authority.issue("pbx", now=datetime.now(UTC)))


def claims(call: Evidence | Call) -> HTML:
    """Return what must be so of a call that nobody can listen to, and whether it is."""
    rows = "".join(
        f"<tr><td>{'✓' if check.passed else '✗'}</td>"
        f"<td {_LEFT}><b>{escape(check.name)}</b></td>"
        f"<td {_LEFT}>{escape(textwrap.shorten(check.found, 140, placeholder=' …'))}</td></tr>"
        for check in examine(call.evidence)
    )
    head = f"<tr><th></th><th {_LEFT}>claim</th><th {_LEFT}>found</th></tr>"
    return HTML(f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>")


# A page that isn't trusted loses its style sheets, and keeps this.
_LEFT = 'style="text-align: left"'


# What they must come to


def judge_code(student: Student, answer: int) -> Iterable[Check]:
    """Judge task 1 by what was said."""
    expected = code(student)
    yield Check(
        name="overheard code",
        passed=answer == expected,
        expected="the four digits that were said twice in the call",
        found=f"{answer}, and that was said" if answer == expected else f"{answer}",
        where="the player under `eavesdrop(…)`: is it the caller's direction?",
    )


def judge_key(student: Student, answer: str) -> Iterable[Check]:
    """Judge task 2 by opening the stream with what was found."""
    who, at = wanted_stream(student)
    line = f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{answer.strip().removeprefix('inline:')}"
    keys = list(SrtpKey.told_in(line.encode()))
    yield Check(
        name="a key",
        passed=bool(keys),
        expected="40 characters of base64: 30 bytes, of which 16 are the key and 14 the salt",
        found=f"{len(answer)} characters",
        where="the a=crypto lines: what stands after `inline:`, without what follows",
    )
    if not keys:
        return
    opened = _opened(keys[0], who, at)
    yield Check(
        name="the right key",
        passed=opened > 0,
        expected=f"the key of {who}'s speech at phone {at}",
        found=f"it opens {opened} packets there",
        where="who sends speech, sends its key: in the SDP that comes from the same address",
    )


def _opened(key: SrtpKey, who: str, at: str) -> int:
    """Return how many packets of somebody's speech at a phone a key opens."""
    call = recorded_call()
    leg = _leg(call, at)
    packets = [
        packet.payload
        for packet in call.capture_at(leg).packets()
        if packet.transport == "udp" and (packet.src == leg.address) == (who == at)
    ]
    return len(list(key.decrypt(packets)))


def judge_secure(student: Student, call: Evidence) -> Iterable[Check]:
    """Judge task 3 by each claim about what was captured."""
    yield from _yours(student, call)
    wanted = kind(student)
    done = [leg.media_encryption for leg in call.record.legs]
    yield Check(
        name="keys as asked",
        passed=bool(done) and set(done) == {wanted},
        expected=f"keys agreed on by {wanted.upper()}, for both phones",
        found=", ".join(str(each) for each in done) or "no phones",
        where="`lab.change_user(extension, security=…)`",
    )
    yield from examine(call)


def judge_half(student: Student, seen: Mapping[str, object]) -> Iterable[Check]:
    """Judge task 4 by what can be overheard at each phone."""
    call, answer = seen["call"], seen["heard_at"]
    assert isinstance(call, Evidence)  # noqa: S101 - the type, for who reads on
    yield from _yours(student, call)
    first, second = users(student)
    secure = {leg.user: bool(leg.encrypted) for leg in call.record.legs}
    yield Check(
        name="half encrypted",
        passed=secure == {first: True, second: False},
        expected=f"a call that is encrypted at phone {first}, and in clear at phone {second}",
        found=", ".join(
            f"{'encrypted' if each else 'in clear'} at {user}" for user, each in secure.items()
        ),
        where='`lab.change_user(extension, security="plain")`',
    )
    expected = sorted(leg.user for leg in call.record.legs if _understood_at(call, leg))
    given = sorted(str(each) for each in answer) if isinstance(answer, list) else answer
    yield Check(
        name="who can listen where",
        passed=given == expected,
        expected="the phones on whose network an eavesdropper understands what is said",
        found=str(given),
        where="`overhear(call)`: each stream's addresses, and whether it is `understood`",
    )


def _understood_at(call: Evidence, leg: LegRecord) -> bool:
    return any(
        each.understood
        for each in overhear(call)
        if leg.address in {host(each.stream.key.src), host(each.stream.key.dst)}
    )


def judge_certificates(student: Student, answer: Mapping[str, str]) -> Iterable[Check]:
    """Judge task 5 by what was wrong with each certificate."""
    for letter, flaw in flaws(student).items():
        said = str(answer.get(letter, "nothing"))
        yield Check(
            name=f"certificate {letter}",
            passed=said == flaw,
            expected=f"why the phone refused certificate {letter}: one of {', '.join(Flaw)}",
            found=said,
            where=f'`checks.present(work, "{letter}")`, then what `phone.register()` says',
        )


def _yours(student: Student, call: Evidence) -> Iterable[Check]:
    mine, took_part = sorted(users(student)), sorted(leg.user for leg in call.record.legs)
    yield Check(
        name="your call",
        passed=took_part == mine,
        expected=f"a call between {' and '.join(mine)}",
        found=" and ".join(took_part) or "nobody",
        where="`checks.talk(lab)`, with the lab of this notebook",
    )
    talked_s = call.record.duration_s or 0.0
    yield Check(
        name="long enough",
        passed=talked_s >= LEAST_TALK_S,
        expected=f"at least {LEAST_TALK_S:g} s of talk, so that there is something to overhear",
        found=f"{talked_s:.1f} s",
        where="`checks.talk(lab)`",
    )


def _leg(call: Evidence, user: str) -> LegRecord:
    return next(leg for leg in call.record.legs if leg.user == user)


ASSIGNMENT = Assignment(
    name="05-secure-calls",
    title="Secure calls",
    tasks=(
        Task(
            name="intercept",
            title="Listen to a call",
            judge=judge_code,
            answer=int,
            hints=(
                "Who says the code? Whoever calls: find the row of the table whose src is theirs.",
                "`eavesdrop(capture, row)` as the last line of a cell shows a player.",
                "`eavesdrop(capture, row, codec=…)` is not needed: G.711 has its own number (0).",
            ),
            prepare=call_about_a_code,
        ),
        Task(
            name="keys-in-clear",
            title="A key left in the lock",
            judge=judge_key,
            answer=str,
            hints=(
                "`capture.signalling` holds the messages; `seen.message.sdp` is bytes, or None.",
                "Each side tells the key with which it encrypts what it sends itself.",
                "`seen.src` says who sent a message: that one's key opens the speech from there.",
            ),
            points=2,
        ),
        Task(
            name="secure",
            title="A call that nobody can listen to",
            judge=judge_secure,
            answer=Evidence,
            hints=(
                "`lab.change_user(extension, security=…)` takes effect at once, for one user.",
                "Both phones must be encrypted: a call is as safe as its weaker half.",
                "`require(examine(call.evidence))` says which claim fails, and where to look.",
            ),
            prepare=begin,
            points=2,
        ),
        Task(
            name="half",
            title="Half a secret",
            judge=judge_half,
            hints=(
                "The server decrypts what comes from one phone, and encrypts it for the other.",
                "Both directions cross both networks: does it matter who speaks?",
            ),
            prepare=begin_secure,
            points=2,
        ),
        Task(
            name="certificates",
            title="Whom does a phone trust?",
            judge=judge_certificates,
            answer=dict,
            hints=(
                "Present a certificate, let the phone register, and read the error to its end.",
                "The words to answer with are: " + ", ".join(Flaw) + ".",
            ),
            prepare=begin_secure,
            points=2,
        ),
    ),
)
