"""The control room of a recording: what evidence tells, and nothing that acts."""

from datetime import date
from pathlib import Path

import ipywidgets
import pytest

from voiplab import BrowserPhone, Evidence, RecordedLab
from voiplab.errors import PhoneError
from voiplab.evidence import Provenance
from voiplab.lab.call_request import CallRequest
from voiplab.lab.recording import Answer, LabRecording, NewUser, Registration
from voiplab.widgets import control_room
from voiplab.widgets.recorded_room import Texts

CALL = Evidence.open(Path(__file__).parents[2] / "fixtures" / "evidence" / "2001-2002")
MADE = Provenance(
    recorded=date(2026, 11, 25), command="make notebooks", software={"asterisk": "22.10.1"}
)
RECORDING = LabRecording(
    name="lab-1",
    users=[
        NewUser(extension="2001", name="Front <desk>"),
        NewUser(extension="2002", phone=False),
        NewUser(extension="2000", name="You", phone="browser"),
    ],
    answers=[Answer(line="core show uptime", printed="System uptime: 2 seconds")],
    registrations=[
        [Registration(extension="2001", name="", registered=True, contact="sip:2001@192.0.2.1")]
    ],
    calls=[(CallRequest(caller="2001", number="2002", say="Bonjour"), CALL)],
)


def within(widget, kind):
    """The widgets of a kind inside another, from top to bottom."""
    found = [widget] if isinstance(widget, kind) else []
    for child in getattr(widget, "children", ()):
        found += within(child, kind)
    return found


@pytest.fixture
def lab():
    return RecordedLab(RECORDING, MADE)


@pytest.fixture
def room(lab):
    made = control_room(lab)
    yield made
    made.close()


def test_it_says_above_each_page_that_it_is_a_recording(room):
    assert room.title == "Recording of 25 November 2026, not a live lab: lab-1"
    assert room.pages.tabs.titles == ["Quality", "Ladders", "Users", "Server"]
    (about,) = [
        each.value for each in within(room["A recording"], ipywidgets.HTML) if "<p>" in each.value
    ][:1]
    assert "make notebooks" in about
    assert "make setup" in about


def test_nothing_in_it_acts(room):
    buttons = within(room, ipywidgets.Button)
    assert [each.description for each in buttons] == ["Hang up"]
    room["Calls"]._refresh.once()
    room["Calls"].table.chosen = room["Calls"].table.rows[0]["id"]
    room["Calls"]._refresh.once()
    assert all(each.disabled for each in buttons)


def test_the_chart_is_the_last_call_s_from_evidence(room):
    rows, seconds = room["Quality"]._history()
    assert {row["label"]: row["state"] for row in rows} == dict.fromkeys(
        ["2001 → 2002", "2002 → 2001"], "from evidence"
    )
    assert all(seconds.values())


def test_the_ladder_is_the_call_s(room, lab):
    panel = room["Calls"]
    panel._refresh.once()
    (row,) = panel.table.rows
    assert (row["caller"], row["called"], row["state"]) == ("2001", "2002", "ended")
    panel.table.chosen = row["id"]
    panel._refresh.once()
    assert panel.view.html == lab.calls[0].ladder().html()
    assert panel.report.python == "lab.calls[-1].ladder()"


def test_what_each_phone_heard_can_be_played(room):
    heard = [bytes(each.value) for each in within(room["A recording"], ipywidgets.Audio)]
    legs = CALL.record.legs
    assert heard == [CALL.recording(leg.user).read_bytes() for leg in legs if leg.heard]
    said = " ".join(each.value for each in within(room["A recording"], ipywidgets.HTML))
    assert "What 2001 Front &lt;desk&gt; heard" in said


def test_users_are_a_table_to_read(room):
    (table,) = [each for each in room["Users"].body.children[0].children if hasattr(each, "rows")]
    assert not table.choosable
    assert [tuple(row.values()) for row in table.rows] == [
        ("2000", "You", "in the browser", "not registered"),
        ("2001", "Front <desk>", "softphone", "sip:2001@192.0.2.1"),
        ("2002", "", "none of the lab's", "not registered"),
    ]
    (files,) = within(room["Users"], Texts)
    files.chosen.value = "pjsip.conf"
    assert files.source.text == CALL.configuration()["pjsip.conf"]


def test_the_server_is_none_but_its_answers_are_there(room):
    (answers,) = within(room["Server"], Texts)
    assert answers.source.text == "System uptime: 2 seconds"
    said = " ".join(each.value for each in within(room["Server"], ipywidgets.HTML))
    assert "no server behind this page: it is a recording of 25 November 2026" in said
    assert "asterisk 22.10.1" in said


def test_a_recording_without_calls_has_a_room_too():
    room = control_room(RecordedLab(LabRecording(name="lab-2"), MADE))
    assert within(room["Users"], Texts)[0].source.text == "Nothing was recorded."
    room["Calls"]._refresh.once()
    assert room["Calls"].table.rows == []
    room.close()


def test_a_browser_phone_shows_itself_and_says_why_it_does_not_register(lab):
    phone = BrowserPhone(lab["2000"])
    sent = []
    phone.send = sent.append
    assert (phone.extension, phone.name) == ("2000", "You")
    phone._handle_custom_msg({"ask": "account"}, [])
    assert sent[0]["account"] is None
    # What the page shows when it is given none: see browser_phone.js.
    phone.set_state({"notice": {"name": "line_cut", "values": {}}})
    assert "there is no PBX at which a phone could register" in phone.message
    phone.close()
    with pytest.raises(PhoneError, match="2001 had no phone in a browser"):
        BrowserPhone(lab["2001"])
