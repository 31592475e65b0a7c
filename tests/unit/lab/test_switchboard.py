"""A PBX's calls, followed by events as Asterisk 22 reported them."""

from voiplab.ami import Event
from voiplab.lab.switchboard import CallState, Switchboard


def board(*events):
    followed = Switchboard()
    for time_s, name, channel, unique, linked, rest in events:
        fields = {"Channel": channel, "Uniqueid": unique, "Linkedid": linked, **rest}
        followed.follow(Event(time_s, name, fields))
    return followed


CALLER = "PJSIP/2001-00000000", "7.0", "7.0"
CALLEE = "PJSIP/2002-00000001", "7.1", "7.0"
OTHER = "PJSIP/2003-00000002", "7.2", "7.0"
RING = {"ChannelStateDesc": "Ring", "CallerIDNum": "2001", "Exten": "2002"}
DOWN = {"ChannelStateDesc": "Down", "CallerIDNum": "2002", "Exten": "s"}
UP = {"ChannelStateDesc": "Up"}

DIALLED = [(10.0, "Newchannel", *CALLER, RING), (10.1, "Newchannel", *CALLEE, DOWN)]
ANSWERED = [*DIALLED, (12.0, "Newstate", *CALLEE, UP), (12.1, "Newstate", *CALLER, UP)]
ENDED = [*ANSWERED, (20.1, "Hangup", *CALLER, UP), (20.2, "Hangup", *CALLEE, UP)]


def only(followed):
    (call,) = followed.calls.values()
    return call


def test_a_call_goes_from_ringing_to_its_end():
    states = [only(board(*events)).state for events in (DIALLED, ANSWERED, ENDED)]
    assert states == [CallState.RINGING, CallState.ANSWERED, CallState.ENDED]
    call = only(board(*ENDED))
    assert (call.caller, call.called, call.started_s) == ("2001", "2002", 10.0)
    assert (call.answered_s, call.ended_s) == (12.1, 20.2)


def test_duration_is_counted_from_the_answer():
    assert only(board(*DIALLED)).duration_s(15.0) == 0
    assert only(board(*ANSWERED)).duration_s(15.1) == 3.0
    assert only(board(*ENDED)).duration_s(99.0) == 20.2 - 12.1


def test_a_call_that_one_side_has_left_has_not_ended():
    assert only(board(*ENDED[:-1])).state is CallState.ANSWERED


def test_each_party_hears_the_other():
    call = only(board(*ANSWERED))
    assert (call.talks_to("2001"), call.talks_to("2002")) == ("2002", "2001")


def test_of_several_phones_that_rang_the_caller_hears_the_one_that_answered():
    rang = [*DIALLED, (10.2, "Newchannel", *OTHER, DOWN)]
    answered = [*rang, (12.0, "Newstate", *OTHER, UP), (12.1, "Newstate", *CALLER, UP)]
    assert only(board(*answered)).talks_to("2001") == "2003"


def test_what_the_pbx_plays_has_no_party():
    call = only(board(DIALLED[0], (10.1, "Newstate", *CALLER, UP)))
    assert call.talks_to("2001") == "2002"
    assert call.state is CallState.ANSWERED


def test_a_party_that_was_transferred_goes_along():
    fresh = "PJSIP/2004-00000003", "8.0", "8.0"
    moved = ("PJSIP/2002-00000001", "7.1", "8.0")
    events = [
        *ANSWERED,
        (15.0, "Newchannel", *fresh, RING | {"CallerIDNum": "2004"}),
        (16.0, "Newstate", *moved, UP),
        (17.0, "Hangup", *CALLER, UP),
    ]
    first, second = board(*events).calls.values()
    assert [each.extension for each in second.parties.values()] == ["2004", "2002"]
    assert first.state is CallState.ENDED


def test_what_is_no_phone_and_no_call_is_passed_over():
    local = "Local/s@queue-00000001;1", "7.3", "7.0"
    followed = board(
        (9.0, "Hangup", *CALLER, UP),
        (9.5, "Newchannel", *local, RING),
        (9.6, "Registry", "", "", "", {}),
    )
    assert not followed.calls


def test_calls_of_a_pbx_that_was_killed_have_ended_with_it():
    followed = board(*ENDED[:-1])
    followed.cut_off(30.0)
    assert only(followed).state is CallState.ENDED
    assert only(followed).ended_s == 30.0
    assert [each.ended_s for each in only(followed).parties.values()] == [20.1, 30.0]


def test_only_ended_calls_are_forgotten():
    followed = board(*ENDED, (30.0, "Newchannel", "PJSIP/2003-9", "9.0", "9.0", RING))
    followed.forget(keep=1)
    assert list(followed.calls) == ["7.0", "9.0"]
    followed.forget(keep=0)
    assert list(followed.calls) == ["9.0"]
