"""What a phone's row and buttons say, by the state of its leg."""

import threading

import pytest

from voiplab.phones import Answering, Leg, PhoneEvent
from voiplab.widgets.phones import PhonesPanel, PhoneState


def leg(*events, incoming=False, peer="sip:2002@pbx:5060"):
    made = Leg("abc", peer, incoming=incoming, started_s=100.0)
    for time_s, name, detail in events:
        made.follow(PhoneEvent(time_s, name, "abc", detail=detail))
    return made


def state(a_leg=None, *, registered=True):
    return PhoneState("2001", "Front desk", registered, a_leg, Answering.MANUAL)


ANSWERED = (110.0, "CALL_ESTABLISHED", "")
RINGS = (101.0, "CALL_INCOMING", "")


@pytest.mark.parametrize(
    ("a_leg", "words"),
    [
        (None, ""),
        (leg(), "calling 2002"),
        (leg(RINGS, incoming=True), "2002 is calling"),
        (leg(ANSWERED), "with 2002, 1:05"),
        (leg(ANSWERED, (120.0, "CALL_CLOSED", "Connection reset")), "call with 2002 ended"),
        (leg((102.0, "CALL_CLOSED", "486 Busy Here")), "call with 2002 ended: 486 Busy Here"),
    ],
)
def test_a_row_says_what_the_phone_does(a_leg, words):
    assert state(a_leg).words(175.0) == words


def test_hold_and_mute_are_said():
    talking = leg(ANSWERED)
    talking.on_hold = talking.muted = True
    assert state(talking).words(110.0) == "with 2002, 0:00, on hold, muted"


@pytest.fixture
def panel():
    states = {}
    made = PhonesPanel(phones=dict, names=dict, made=lambda _leg: None)
    for refresh in made._refreshes:
        refresh.stop()
    made.states = states
    yield made
    made.close()


def enabled(panel):
    buttons = ("call", "answer", "reject", "hang_up", "hold", "mute", "transfer", "listen")
    return {name for name in buttons if not getattr(panel, name).disabled}


@pytest.mark.parametrize(
    ("a_leg", "offered"),
    [
        (None, {"call"}),
        (leg(), {"hang_up", "listen"}),
        (leg(RINGS, incoming=True), {"answer", "reject", "listen"}),
        (leg(RINGS, ANSWERED, incoming=True), {"hang_up", "hold", "mute", "transfer", "listen"}),
        (leg(ANSWERED, (120.0, "CALL_CLOSED", "")), {"call", "listen"}),
    ],
)
def test_only_what_can_be_done_is_offered(panel, a_leg, offered):
    panel._show({"2001": state(a_leg)})
    assert enabled(panel) == offered


def test_a_phone_that_is_not_registered_can_not_call(panel):
    panel._show({"2001": state(registered=False)})
    assert enabled(panel) == set()
    assert panel.table.rows[0]["registered"] == "no"


def test_the_first_phone_is_chosen_and_none_when_there_is_none(panel):
    panel._show({"2001": state(), "2002": state()})
    assert panel.table.chosen == "2001"
    panel._show({})
    assert panel.table.chosen == ""
    assert panel.desk.layout.display == "none"


def test_buttons_say_which_way_they_go(panel):
    talking = leg(ANSWERED)
    panel._show({"2001": state(talking)})
    assert (panel.hold.description, panel.mute.description) == ("Hold", "Mute")
    talking.on_hold = talking.muted = True
    panel._show({"2001": state(talking)})
    assert (panel.hold.description, panel.mute.description) == ("Resume", "Unmute")


def test_keys_make_a_number_while_there_is_no_call(panel):
    panel._show({"2001": state()})
    for key in "*43":
        panel.keypad.press(key)
    assert panel.number.value == "*43"


def test_a_call_needs_a_number(panel):
    panel._show({"2001": state()})
    panel._call()
    assert panel.number.sentence == "Type a number first, such as 2002."
    assert panel.report.state == "idle"


def test_what_the_phone_does_when_called_is_shown_without_being_set(panel):
    panel._show({"2001": state()})
    assert panel.answering.value == "manual"
    assert panel.report.state == "idle"


def test_why_a_call_was_not_answered_waits_until_nothing_else_is_done(panel):
    go = threading.Event()
    panel.do(lambda _work: go.wait(), says="Answering.", done="Answered.")
    panel._tell_failures(["2001 called 2002: busy."])
    assert panel.report.sentence == "Answering."
    go.set()
    panel.wait()
    panel._tell_failures([])
    assert (panel.report.state, panel.report.sentence) == ("failed", "2001 called 2002: busy.")
