"""Case 1: a user is created, and a phone can register as that user, and as nobody else."""

import re
import time
from dataclasses import replace

from voiplab.grading.plan.bench import Bench, refusal
from voiplab.grading.plan.notes import Notes
from voiplab.phones import Softphone

_REFUSALS = ("401", "403", "404")
_WRONG = "not-the-password"


def administer_users(bench: Bench, notes: Notes) -> None:
    """See that a phone registers as a user who is there, and as nobody else.

    The user is created for that, and stays where the lab has no two users with phones yet. In a
    lab on hand-written files, whose users are those of the files, two of them register.

    Args:
        bench: the lab under test.
        notes: where to write down what is seen.
    """
    bench.take_pair()
    nobody = bench.free_extension()
    with bench.spare_phone(nobody) as stranger:
        bench.progress(f"a phone tries to register as {nobody}, whom nobody knows")
        _refused(notes, f"before: no user {nobody}", stranger, "pjsip show endpoints")
        user = _described(bench, notes) if bench.lab.exchange.written else _created(bench, notes)
        if user:
            bench.progress(f"a phone tries to register as {user} with a wrong password")
            stranger.account = replace(bench.account(user), password=_WRONG)
            _refused(notes, f"{user} with a wrong password", stranger, f"pjsip show auth {user}")
    if bench.pair:
        bench.clear_up()
    else:
        # Who was created stays for the next cases.
        bench.pair = list(bench.added)


def _refused(notes: Notes, name: str, stranger: Softphone, where: str) -> None:
    answer = refusal(stranger) or "200 OK"
    passed = answer.startswith(_REFUSALS)
    notes.check(name, "the registrar refuses", answer, passed=passed, where=where)
    notes.observe(f"A phone tries to register ({name}): {answer}.")


def _created(bench: Bench, notes: Notes) -> str:
    began_s = time.time()
    newcomer = bench.add_user()
    see_registered(bench, notes, bench.lab[newcomer].phone, since_s=began_s)
    return newcomer


def _described(bench: Bench, notes: Notes) -> str:
    """Let the phones of two users register whom the files describe."""
    found = ", ".join(user.extension for user in bench.lab.users) or "nobody"
    if not notes.check(
        "users",
        "the files describe two users at least",
        found,
        passed=len(bench.pair) > 1,
        where="the endpoints of pjsip.conf",
    ):
        return ""
    for phone in bench.phones:
        bench.progress(f"the phone of {phone.extension} registers with what the files say")
        began_s = time.time()
        refusal(phone)
        see_registered(bench, notes, phone, since_s=began_s)
    return bench.pair[0]


def see_registered(bench: Bench, notes: Notes, phone: Softphone, *, since_s: float) -> None:
    """Look at a registration from both sides: the phone's, and the PBX's.

    Args:
        bench: the lab under test.
        notes: where to write down what is seen.
        phone: the phone that should be registered.
        since_s: when its user began to be made, or it to register, in seconds since the epoch.
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
    # An AoR need not have its user's name.
    contacts = contacts_of(bench.lab.asterisk("pjsip show contacts")).values()
    contact = next((each for each in contacts if f"@{phone.address}:" in each), "none")
    notes.check(
        f"the server knows where {extension} is",
        f"a contact at {phone.address}",
        contact,
        passed=contact != "none",
        where="pjsip show contacts",
    )
    if answers:
        took_ms = (answers[-1].time_s - since_s) * 1000
        notes.observe(
            f"The user {extension}: {took_ms:.0f} ms after the beginning, its phone is answered "
            f"{answer!r}. The server looks for it at: {contact}."
        )


def contacts_of(shown: str) -> dict[str, str]:
    """Return the contact of each AoR.

    Args:
        shown: what Asterisk prints on ``pjsip show contacts``.

    >>> contacts_of("  Contact:  2001/sip:2001@172.18.0.3:5060   2c5c1efd39 Avail  0.972")
    {'2001': 'sip:2001@172.18.0.3:5060'}
    """
    return dict(re.findall(r"Contact:\s+(\S+?)/(sips?:[^\s;]+)", shown))
