import threading

from voiplab.phones.control import PhoneEvent
from voiplab.phones.leg import Leg, LegState


def leg() -> Leg:
    return Leg("a84b4c76e66710", "sip:2002@pbx", incoming=False, started_s=0.0)


def test_a_leg_rings_then_is_answered_then_ends():
    call = leg()
    states = []
    for name in ("CALL_RINGING", "CALL_ESTABLISHED", "CALL_CLOSED"):
        call.follow(PhoneEvent(1.0, name))
        states.append(call.state)
    assert states == [LegState.RINGING, LegState.ESTABLISHED, LegState.CLOSED]


def test_a_late_ringing_does_not_undo_an_answer():
    call = leg()
    call.follow(PhoneEvent(1.0, "CALL_ESTABLISHED"))
    call.follow(PhoneEvent(2.0, "CALL_RINGING"))
    assert call.state is LegState.ESTABLISHED


def test_nothing_follows_the_end():
    call = leg()
    call.follow(PhoneEvent(1.0, "CALL_CLOSED", detail="486 Busy Here"))
    call.follow(PhoneEvent(2.0, "CALL_ESTABLISHED"))
    assert call.state is LegState.CLOSED
    assert call.status == 486
    assert call.established_s is None


def test_an_answered_call_has_no_refusal_status():
    call = leg()
    call.follow(PhoneEvent(1.0, "CALL_ESTABLISHED"))
    call.follow(PhoneEvent(2.0, "CALL_CLOSED", detail="200 call completed elsewhere"))
    assert call.status is None


def test_who_waits_is_woken_by_the_event():
    call = leg()
    answered = threading.Thread(
        target=call.follow, args=(PhoneEvent(1.0, "CALL_ESTABLISHED"),), daemon=True
    )
    answered.start()
    assert call.wait(LegState.ESTABLISHED, timeout_s=5)


def test_waiting_for_what_does_not_come_ends():
    assert leg().wait(LegState.ESTABLISHED, timeout_s=0.01) is False


def test_pressed_digits_are_kept_in_their_order():
    call = leg()
    for digit in "42#":
        call.follow(PhoneEvent(1.0, "CALL_DTMF_START", detail=digit))
    assert call.dtmf == "42#"
