"""A recorded lab answers what it was asked, and refuses all else."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from voiplab import Evidence, Lab, RecordedLab
from voiplab.errors import EvidenceError, NotRecorded, UnknownUser
from voiplab.evidence import Provenance
from voiplab.lab import Call, Phone, User
from voiplab.lab.call_request import CallRequest
from voiplab.lab.recording import Answer, LabRecording, NewUser, Registration

CALL = Path(__file__).parents[2] / "fixtures" / "evidence" / "2001-2002"
MADE = Provenance(
    recorded=date(2026, 11, 25), command="make notebooks", software={"asterisk": "22"}
)
SAID = CallRequest(caller="2001", number="2002", say="Bonjour", reply="Yes")


def registration(extension, *, registered):
    return Registration(extension=extension, name="", registered=registered, contact="sip:x@y")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    saved = tmp_path_factory.mktemp("recording") / "lab"
    LabRecording(
        name="lab-1",
        users=[
            NewUser(extension="2002", name="Office", codecs=("alaw",)),
            NewUser(extension="2001", name="Front desk"),
            NewUser(extension="2000", phone="browser"),
        ],
        answers=[
            Answer(line="core show uptime", printed="1 second\n"),
            Answer(line="core show uptime", printed="9 seconds\n"),
        ],
        registrations=[[registration("2001", registered=True)]],
        calls=[(SAID, Evidence.open(CALL))],
    ).save(saved)
    MADE.write(saved)
    return saved


@pytest.fixture
def lab(folder):
    return RecordedLab.open(folder)


def test_users_are_those_that_were_added(lab):
    assert [user.extension for user in lab.users] == ["2000", "2001", "2002"]
    assert lab["2001"].name == "Front desk"
    assert lab.add_user("2001", name="Front desk") is lab["2001"]
    assert lab.add_user("2002", name="Office", codecs=["alaw"]).number == "2002"
    with pytest.raises(UnknownUser, match="there are: 2000, 2001, 2002"):
        lab["2003"]


@pytest.mark.parametrize(
    ("extension", "more"),
    [
        ("2003", {"name": "Front desk"}),
        ("2001", {}),
        ("2001", {"name": "Front desk", "phone": False}),
        ("2001", {"name": "Front desk", "codecs": ["ulaw"]}),
        ("2001", {"name": "Front desk", "voicemail": True}),
        ("2001", {"name": "Front desk", "security": "sdes"}),
    ],
)
def test_a_user_that_was_not_added_just_so_is_refused(lab, extension, more):
    with pytest.raises(NotRecorded, match="nobody added a user like this"):
        lab.add_user(extension, **more)


def test_the_call_is_returned_for_the_very_same_request(lab):
    call = lab["2001"].phone.call(lab["2002"], say="Bonjour", reply="Yes")
    assert call is lab["2001"].phone.call("2002", say="Bonjour", reply="Yes")
    assert lab.calls == [call]
    assert call.quality.directions == Evidence.open(CALL).quality.directions
    assert call.state == "closed"
    assert call.duration_s == Evidence.open(CALL).record.duration_s
    assert call.wait(seconds=call.duration_s - 0.1)
    assert not call.wait(seconds=call.duration_s + 0.1)
    call.hang_up()


@pytest.mark.parametrize(
    ("caller", "number", "more"),
    [
        ("2002", "2001", {"say": "Bonjour", "reply": "Yes"}),
        ("2001", "*43", {"say": "Bonjour", "reply": "Yes"}),
        ("2001", "2002", {}),
        ("2001", "2002", {"say": "Bonsoir", "reply": "Yes"}),
        ("2001", "2002", {"say": "Bonjour"}),
        ("2001", "2002", {"say": "Bonjour", "reply": "Yes", "voice": "fr"}),
    ],
)
def test_a_call_that_was_not_made_is_refused(lab, caller, number, more):
    with pytest.raises(NotRecorded, match=r"that was not recorded\. Its calls: 2001 calls 2002"):
        lab[caller].phone.call(number, **more)


def test_asterisk_answers_what_it_was_asked_as_often_as_it_was(lab):
    printed = [lab.asterisk("core show uptime") for _ in range(3)]
    assert printed == ["1 second\n", "9 seconds\n", "9 seconds\n"]
    assert lab.answers == {"core show uptime": "9 seconds\n"}
    with pytest.raises(NotRecorded, match=r"nobody typed `core show channels`.*`core show up"):
        lab.asterisk("core show channels")


def test_registrations_are_the_recorded_table(lab):
    table = lab.registrations()
    assert list(table.columns) == ["extension", "name", "registered", "contact"]
    assert table.registered.tolist() == [True]
    empty = RecordedLab(LabRecording(name="lab-2"), MADE)
    with pytest.raises(NotRecorded, match="nobody asked in it who is registered"):
        empty.registrations()


def test_it_says_that_it_is_a_recording_and_how_to_have_a_lab(lab):
    assert repr(lab) == "<RecordedLab lab-1 of 25 November 2026, users: 3, calls: 1>"
    assert repr(lab["2001"]) == "<RecordedUser 2001, of 25 November 2026>"
    assert repr(lab["2001"].phone) == "<RecordedPhone 2001, of 25 November 2026>"
    assert repr(lab.calls[0]) == "<RecordedCall 2001 → 2002, of 25 November 2026>"
    assert lab.software() == {"asterisk": "22"}
    with pytest.raises(NotRecorded) as refused:
        lab.add_conference("8000")
    told = str(refused.value)
    assert told.startswith("This is a recording of 25 November 2026, not a live lab: it has no ")
    assert "`make setup`" in told
    assert "Traceback" not in "\n".join(refused.value._render_traceback_())


def test_a_phone_that_was_not_there_is_refused(lab):
    with pytest.raises(NotRecorded, match="user 2000 had no softphone"):
        lab["2000"].phone  # noqa: B018 - asking is the test
    with pytest.raises(NotRecorded, match="no PBX at which a phone could register"):
        lab["2000"].browser_account()


def names(kind):
    return {name for name in dir(kind) if not name.startswith("_")}


def of_an_instance():
    """The public attributes that `__init__` gives, by the class of what they are of."""
    lab = Lab("demo", users={"2001": "Front desk"})
    call = Call(lab, None, SAID)
    yield Lab, names(lab)
    yield Call, names(call)
    yield User, names(User(lab, "2001"))
    # A phone's __init__ connects: its attributes are read off its code.
    yield Phone, names(Phone) | {"account", "container", "network"}


@pytest.mark.parametrize(
    ("live", "public"), [*of_an_instance()], ids=["lab", "call", "user", "phone"]
)
def test_what_a_live_one_has_is_offered_or_refused(lab, live, public):
    recorded = {Lab: lab, Call: lab.calls[0], User: lab["2001"], Phone: lab["2001"].phone}[live]
    refused = set()
    for name in public:
        try:
            getattr(recorded, name)
        except NotRecorded:
            refused.add(name)
    assert refused == public - names(recorded)
    assert {Lab: "pbx", Call: "legs", User: "settings", Phone: "registered"}[live] in refused


def test_what_no_lab_has_is_no_recording_s_fault(lab):
    with pytest.raises(AttributeError, match="RecordedLab has no attribute 'registratons'"):
        lab.registratons()
    assert not hasattr(lab, "_repr_html_")


def test_stopping_it_changes_nothing(lab):
    lab.stop()
    assert lab.asterisk("core show uptime") == "1 second\n"


def test_a_damaged_recording_is_told(folder, tmp_path):
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    (copy / "lab.json").write_text(json.dumps({"format": 1}))
    with pytest.raises(EvidenceError, match=r"lab\.json is damaged: Field required"):
        RecordedLab.open(copy)
    (copy / "lab.json").unlink()
    with pytest.raises(EvidenceError, match=r"lab\.json can't be read: No such file"):
        RecordedLab.open(copy)


def test_what_was_recorded_before_goes(folder, tmp_path):
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    LabRecording(name="lab-3").save(copy)
    assert [path.name for path in copy.rglob("*")] == ["lab.json"]
