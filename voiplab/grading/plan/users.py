"""Case 1: a user is created, and a phone can register as that user, and as nobody else."""

import re
import time
from dataclasses import replace

from voiplab.grading.plan.bench import Bench, refusal
from voiplab.grading.plan.notes import Notes
from voiplab.phones import Softphone

_NAMES = ("Alice", "Bob")
_REFUSALS = ("401", "403", "404")
_WRONG = "not-the-password"


def administer_users(bench: Bench, notes: Notes) -> None:
    """Create a user; see that a phone registers afterwards, not before, nor with another password.

    Where the lab has no two users with phones yet, those who are created stay for the next cases.

    Args:
        bench: the lab under test.
        notes: where to write down what is seen.
    """
    newcomer = bench.free_extension()
    bench.take_pair()
    with bench.spare_phone(newcomer) as stranger:
        bench.progress(f"a phone tries to register as {newcomer}, whom nobody knows")
        before = refusal(stranger)
        notes.check(
            f"before: no user {newcomer}",
            "the registrar refuses",
            before or "200 OK",
            passed=before.startswith(_REFUSALS),
            where="pjsip show endpoints",
        )
        _create(bench, notes, newcomer)
        bench.progress(f"a phone tries to register as {newcomer} with a wrong password")
        stranger.account = replace(bench.account(newcomer), password=_WRONG)
        wrong = refusal(stranger)
        notes.check(
            "wrong password",
            "the registrar refuses",
            wrong or "200 OK",
            passed=wrong.startswith(_REFUSALS),
            where=f"pjsip show auth {newcomer}",
        )
    notes.observe(
        f"Before, a phone that calls itself {newcomer} is refused: {before or 'not at all'}. "
        f"With a wrong password it is refused afterwards, too: {wrong or 'not at all'}."
    )
    if bench.pair:
        bench.lab.remove_user(newcomer)
        bench.added.remove(newcomer)
        return
    second = bench.free_extension()
    bench.progress(f"adding user {second}")
    bench.lab.add_user(second, name=_NAMES[1])
    bench.added.append(second)
    bench.pair = [newcomer, second]


def _create(bench: Bench, notes: Notes, newcomer: str) -> None:
    bench.progress(f"adding user {newcomer}")
    began_s = time.time()
    user = bench.lab.add_user(newcomer, name=_NAMES[0])
    bench.added.append(newcomer)
    see_registered(bench, notes, user.phone, since_s=began_s)


def see_registered(bench: Bench, notes: Notes, phone: Softphone, *, since_s: float) -> None:
    """Look at a registration from both sides: the phone's, and the PBX's.

    Args:
        bench: the lab under test.
        notes: where to write down what is seen.
        phone: the phone that should be registered.
        since_s: when its user's creation began, in seconds since the epoch.
    """
    extension = phone.account.extension
    answers = [each for each in phone.registrar_answers if each.time_s >= since_s]
    answer = answers[-1].detail if answers else "no answer"
    notes.check(
        f"the phone of {extension} registers",
        "200 OK",
        answer,
        passed=phone.registered,
        where=f"pjsip show endpoint {extension}",
    )
    contacts = contacts_of(bench.lab.asterisk("pjsip show contacts"))
    contact = contacts.get(extension, "none")
    notes.check(
        f"the server knows where {extension} is",
        f"a contact at {phone.address}",
        contact,
        passed=phone.address in contact,
        where=f"pjsip show aor {extension}",
    )
    if answers:
        notes.observe(
            f"The user {extension} is created while the server runs; "
            f"{(answers[-1].time_s - since_s) * 1000:.0f} ms later its phone, started meanwhile, "
            f"is registered at {contact}."
        )


def contacts_of(shown: str) -> dict[str, str]:
    """Return the contact of each AoR.

    Args:
        shown: what Asterisk prints on ``pjsip show contacts``.

    >>> contacts_of("  Contact:  2001/sip:2001@172.18.0.3:5060   2c5c1efd39 Avail  0.972")
    {'2001': 'sip:2001@172.18.0.3:5060'}
    """
    return dict(re.findall(r"Contact:\s+(\S+?)/(sips?:\S+)", shown))
