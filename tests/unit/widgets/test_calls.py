"""The panel of calls: its rows, the ladder of the chosen one, and what it lets be done."""

import time
from pathlib import Path

import pytest

from voiplab import Evidence
from voiplab.errors import CallFailed
from voiplab.lab.switchboard import Party, PbxCall
from voiplab.widgets.calls import CallsPanel

FOLDER = Path(__file__).parents[2] / "fixtures" / "evidence" / "2001-2002"


def call(name, *, answered_s=None, ended_s=None, called="2002"):
    party = Party("2001", True, 100.0, answered_s, ended_s)  # noqa: FBT003 - it calls
    return PbxCall(name, "2001", called, 100.0, {name: party})


@pytest.fixture
def calls():
    return []


@pytest.fixture
def hung_up():
    return []


@pytest.fixture
def told():
    return []


@pytest.fixture
def panel(calls, hung_up, told):
    ladder = Evidence.open(FOLDER).ladder()

    def hang_up(name):
        if name == "9.0":
            raise CallFailed("No phone of this lab takes part in the call.")
        hung_up.append(name)

    made = CallsPanel(
        calls=lambda: tuple(calls),
        ladder=lambda _name: ladder,
        told=lambda _name: len(told),
        hang_up=hang_up,
        python=lambda name, what: f"call[{name}].{what}()",
    )
    made._refresh.stop()
    yield made
    made.close()


def refresh(panel):
    panel._show(panel._read())


def test_each_call_has_a_row_the_newest_first(panel, calls):
    calls += [call("7.0", answered_s=103.0, ended_s=178.9), call("8.0"), call("9.0", ended_s=101.0)]
    refresh(panel)
    rows = {row["id"]: (row["state"], row["duration"]) for row in panel.table.rows}
    assert list(rows) == ["9.0", "8.0", "7.0"]
    assert rows == {
        "9.0": ("not answered", "–"),
        "8.0": ("ringing", "–"),
        "7.0": ("ended", "1:15"),
    }


def test_the_duration_of_a_call_in_progress_grows(panel, calls):
    calls.append(call("7.0", answered_s=time.time() - 61))
    refresh(panel)
    assert panel.table.rows[0]["duration"] in {"1:01", "1:02"}


def test_choosing_a_call_shows_its_ladder_and_its_python(panel, calls):
    calls.append(call("7.0", answered_s=103.0))
    refresh(panel)
    assert panel.view.html == ""
    panel.table.chosen = "7.0"
    refresh(panel)
    assert "INVITE" in panel.view.html
    assert panel.view.label == "Ladder of the call 2001 → 2002"
    assert panel.report.python == "call[7.0].ladder()"
    assert not panel.hang_up.disabled


def test_a_ladder_that_has_not_grown_is_not_drawn_again(panel, calls, told):
    calls.append(call("7.0", answered_s=103.0))
    panel.table.show([])
    refresh(panel)
    panel.table.chosen = "7.0"
    refresh(panel)
    assert panel._read().ladder is None
    told.append("BYE")
    assert panel._read().ladder is not None


def test_an_ended_call_can_be_read_and_not_hung_up(panel, calls):
    calls.append(call("7.0", answered_s=103.0, ended_s=110.0))
    refresh(panel)
    panel.table.chosen = "7.0"
    refresh(panel)
    assert panel.hang_up.disabled
    assert panel.view.html


def test_a_call_that_is_gone_is_chosen_no_more(panel, calls):
    calls.append(call("7.0", answered_s=103.0))
    refresh(panel)
    panel.table.chosen = "7.0"
    refresh(panel)
    calls.clear()
    refresh(panel)
    assert panel.table.chosen == ""
    assert panel.view.html == ""


def test_hanging_up_says_what_it_did(panel, calls, hung_up):
    calls.append(call("7.0", answered_s=103.0))
    refresh(panel)
    panel.table.chosen = "7.0"
    panel._hang_up()
    panel.wait()
    assert hung_up == ["7.0"]
    assert panel.report.sentence == "The call has ended."
    assert panel.report.python == "call[7.0].hang_up()"


def test_what_fails_is_said_in_a_sentence(panel, calls):
    calls.append(call("9.0", answered_s=103.0))
    refresh(panel)
    panel.table.chosen = "9.0"
    panel._hang_up()
    panel.wait()
    assert panel.report.state == "failed"
    assert panel.report.sentence == "No phone of this lab takes part in the call."
