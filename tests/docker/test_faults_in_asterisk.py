"""What is called a fault is one: Asterisk shows it, and files without faults work."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from voiplab import Lab
from voiplab.config import Exchange, User, find_faults, read_files, render
from voiplab.config.by_hand import reference
from voiplab.containers import Engine
from voiplab.errors import CallFailed, NotReady, PhoneError, VoipLabError

pytestmark = pytest.mark.engine

WRITTEN = Path(__file__).parents[1] / "fixtures" / "written"
FAULTS = tomllib.loads((WRITTEN / "faults.toml").read_text())["fault"]
GOOD = read_files(WRITTEN / "good")
ANSWERED = 200
UNANSWERED_S = 3.0
SHOWN_BELOW = {
    "weak-password", "no-auth", "other-username", "contact-kept", "include-of-itself",
}  # fmt: skip


@pytest.fixture(scope="module")
def by_hand(engine: Engine, runs: Path) -> Iterator[Lab]:
    with Lab(configuration=GOOD, runs=runs, engine=engine) as lab:
        yield lab


def spoilt(fault: dict) -> dict[str, str]:
    file = fault.get("file", "pjsip.conf")
    text = GOOD[file]
    old, new = fault["replace"], fault["by"]
    pairs = zip(old, new, strict=True) if isinstance(old, list) else [(old, new)]
    for was, becomes in pairs:
        text = text.replace(was, becomes, 1)
    return GOOD | {file: text}


def registration(lab: Lab) -> str:
    """What phone 2001 is told: "ok", a status with its reason, or "" for no answer."""
    phone = lab["2001"].phone if "2001" in lab.phones else lab.phones["2002"]
    phone.account = replace(phone.account, extension="2001")
    try:
        phone.register(timeout_s=UNANSWERED_S)
    except PhoneError as error:
        return str(error).partition(": ")[2]
    except NotReady:
        return ""
    return "ok"


def call(lab: Lab) -> tuple[int | None, bool]:
    """The status with which a call to 2002 ends (None: answered), and whether 2002 was called."""
    caller, called = lab["2001"].phone, lab["2002"].phone
    before = len(called.legs)
    status = None
    try:
        made = caller.call("2002", answered_within_s=5)
        made.hang_up()
    except CallFailed as error:
        status = error.status
    return status, len(called.legs) > before


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{each['kind']}-{each['line']}" for each in FAULTS])
def test_asterisk_shows_the_fault(by_hand, fault):
    if not fault.keys() & {"register", "call", "complaint", "shown"}:
        assert fault["kind"] in SHOWN_BELOW
        return
    files = spoilt(fault)
    found = find_faults(files | {"modules.conf": by_hand.configuration()["modules.conf"]})
    assert fault["kind"] in {each.kind for each in found}
    by_hand.load(files)
    if "register" in fault:
        answer = registration(by_hand)
        wanted = fault["register"]
        assert re.match(wanted, answer) if wanted else answer == "", answer
    else:
        assert registration(by_hand) == "ok"
    if "call" in fault:
        status, rang = call(by_hand)
        assert rang == (fault["call"] == ANSWERED)
        assert (status or ANSWERED) == fault["call"] or fault["call"] == 0, status
    complaints = str(by_hand.complaints())
    if "complaint" in fault:
        assert re.search(fault["complaint"], complaints), complaints
    if "shown" in fault:
        command, wanted = fault["shown"]
        assert re.search(wanted, by_hand.asterisk(command))


def test_files_that_asterisk_breaks_down_over_are_said_to_be_so_and_the_next_start_it_again(
    by_hand,
):
    pjsip = GOOD["pjsip.conf"].replace("[2001]", "#include pjsip.conf\n[2001]", 1)
    with pytest.raises(NotReady, match="Maximum Include level"):
        by_hand.load(GOOD | {"pjsip.conf": pjsip})
    assert by_hand.load(GOOD) == ()
    assert [phone.registered for phone in by_hand.phones.values()] == [True, True]


def test_good_files_work_without_a_complaint(by_hand):
    assert by_hand.load(GOOD) == ()
    assert [phone.registered for phone in by_hand.phones.values()] == [True, True]
    assert call(by_hand) == (None, True)
    assert by_hand.complaints() == ()


def test_a_password_that_is_the_number_is_guessed_at_once(by_hand):
    by_hand.load(spoilt(risk("weak-password")))
    account = replace(by_hand["2001"].phone.account, password="2001", username="")  # noqa: S106 - the guess
    with by_hand.spare_phone(account) as intruder:
        intruder.register()
        assert intruder.registered


def test_without_an_auth_anybody_registers(by_hand):
    by_hand.load(spoilt(risk("no-auth")))
    account = replace(by_hand["2001"].phone.account, password="anything", username="")  # noqa: S106 - none is asked for
    with by_hand.spare_phone(account) as intruder:
        intruder.register()
        assert intruder.registered


def test_a_phone_that_logs_in_as_its_number_is_refused_where_the_user_name_is_another(by_hand):
    by_hand.load(spoilt(risk("other-username")))
    assert by_hand["2001"].phone.registered
    account = replace(by_hand["2001"].phone.account, username="")
    with by_hand.spare_phone(account) as other, pytest.raises(PhoneError, match=r"40[13]"):
        other.register()


def test_a_phone_that_comes_from_elsewhere_is_refused_while_its_former_self_is_kept(by_hand):
    by_hand.load(spoilt(risk("contact-kept")))
    account = by_hand["2001"].phone.account
    with by_hand.spare_phone(account) as same, pytest.raises(PhoneError, match="403"):
        same.register()
    by_hand.load(GOOD)
    with by_hand.spare_phone(account) as same:
        same.register()
        assert same.registered


def risk(kind: str) -> dict:
    return next(each for each in FAULTS if each["kind"] == kind)


def test_the_reference_is_what_this_asterisk_says_of_itself(by_hand):
    by_hand.load(GOOD)
    documentation = by_hand.pbx.container.read(reference.DOCUMENTATION)
    answers = {command: by_hand.asterisk(command) for command in reference.COMMANDS}
    known = reference.extract(documentation, answers)
    kept = reference.reference()
    assert known["objects"] == {kind: dict(options) for kind, options in kept.objects.items()}
    assert known["codecs"] == sorted(kept.codecs)
    assert {name: tuple(each) for name, each in known["applications"].items()} == kept.applications
    assert known["version"] == kept.version


def test_every_option_that_asterisk_shows_is_known(by_hand):
    by_hand.load(GOOD)
    for kind in ("endpoint", "auth", "aor"):
        shown = re.findall(
            r"^ (\w+) +: ", by_hand.asterisk(f"pjsip show {kind} 2001"), re.MULTILINE
        )
        unknown = set(shown) - reference.reference().objects[kind].keys() - {"ParameterName"}
        assert unknown <= {"contact"}, kind


def test_words_that_are_neither_yes_nor_no_are_no(by_hand):
    from voiplab.config.by_hand import faults_of_pjsip  # noqa: PLC0415 - its own set of options

    switches = sorted(faults_of_pjsip._SWITCHES - {"remove_existing"})
    lines = "\n".join(f"{switch} = ja" for switch in switches)
    pjsip = GOOD["pjsip.conf"].replace("direct_media = no", lines, 1)
    assert by_hand.load(GOOD | {"pjsip.conf": pjsip}) == ()
    shown = by_hand.asterisk("pjsip show endpoint 2001")
    for switch in switches:
        assert re.search(rf"^ {switch} +: (false|no)$", shown, re.MULTILINE), switch


def test_python_lab_is_taken_over_by_files_and_then_refuses_python(engine, runs):
    with Lab(users={"2001": "Anna", "2003": "Carl"}, runs=runs, engine=engine) as lab:
        assert lab.load(GOOD) == ()
        assert [user.extension for user in lab.users] == ["2001", "2002"]
        assert sorted(lab.phones) == ["2001", "2002"]
        assert call(lab) == (None, True)
        for change in (
            lambda: lab.add_user("2009"),
            lambda: lab.remove_user("2001"),
            lambda: lab.change_user("2001", name="Zoë"),
            lambda: lab.add_conference("8000"),
        ):
            with pytest.raises(VoipLabError, match=r"written by hand.*lab\.load"):
                change()
        taken_up = Lab.attach(lab.name, runs=runs)
        assert [user.extension for user in taken_up.users] == ["2001", "2002"]
        assert taken_up["2002"].phone.registered
        taken_up.stop()


def test_what_the_rendered_files_say_is_read_as_asterisk_reads_it(engine, runs):
    exchange = Exchange(users=(User(extension="2001", name="Zoë"), User(extension="2002")))
    with Lab(exchange=exchange, runs=runs, engine=engine) as lab:
        assert find_faults(render(exchange)) == ()
        assert lab.complaints() == ()
