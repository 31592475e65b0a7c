"""Calls as their messages tell them, however they end (RFC 3261; call flows after RFC 3665)."""

import pytest

from voiplab.packets.dialog import dialogs
from voiplab.packets.packet import Packet
from voiplab.packets.signalling import sip_messages

HOSTS = {"anna": "192.0.2.1", "proxy": "192.0.2.9", "bert": "192.0.2.2", "carl": "192.0.2.3"}


def message(first, *, number=1, about="INVITE", sender="a", to="", branch="z9hG4bK1"):  # noqa: PLR0913 - a message has many parts
    """A message; tags are the first letters of those who gave them."""
    caller, callee = ("anna", "bert") if sender == "a" else ("bert", "anna")
    tag = f";tag={to}" if to else ""
    return (
        f"{first}\r\nVia: SIP/2.0/UDP x;branch={branch}\r\nCall-ID: 1\r\n"
        f"From: <sip:{caller}@x>;tag={sender}\r\nTo: <sip:{callee}@x>{tag}\r\n"
        f"CSeq: {number} {about}\r\n\r\n"
    ).encode()


def invite(**more):
    return message("INVITE sip:bert@x SIP/2.0", **more)


def request(method, *, to="b", **more):
    return message(f"{method} sip:bert@x SIP/2.0", about=method, to=to, **more)


def response(status, *, to="b", **more):
    return message(f"SIP/2.0 {status} Word", to=to, **more)


def calls(*steps):
    """Steps are a way such as "anna>bert" and a message; each comes a second after the other."""
    packets = []
    for time_s, (way, data) in enumerate(steps):
        src, dst = (HOSTS[end] for end in way.split(">"))
        packets.append(Packet(float(time_s), src, 5060, dst, 5060, "udp", data))
    return dialogs(sip_messages(packets))


def one(*steps):
    (found,) = calls(*steps)
    return found


THERE, BACK = "anna>bert", "bert>anna"
ANSWERED = [
    (THERE, invite()), (BACK, response(180)), (BACK, response(200)), (THERE, request("ACK")),
]  # fmt: skip


def test_a_call_has_its_times():
    call = one(*ANSWERED, (THERE, request("BYE", number=2)))
    assert (call.caller, call.callee, call.status, call.reason) == ("anna", "bert", 200, "Word")
    assert (call.start_s, call.alerting_s, call.answered_s, call.end_s) == (0, 1, 2, 4)
    assert (call.pdd_ms, call.ring_s, call.talk_s, call.hung_up_by) == (1000, 1, 2, "caller")


def test_the_one_who_sends_bye_hangs_up():
    bye = request("BYE", sender="b", to="a", number=7)
    assert one(*ANSWERED, (BACK, bye)).hung_up_by == "callee"
    both = [(BACK, bye), (THERE, request("BYE", number=2))]
    assert one(*ANSWERED, *both).hung_up_by == "callee"


def test_without_tags_the_address_tells_who_hangs_up():
    steps = [(way, data.replace(b";tag=a", b"").replace(b";tag=b", b"")) for way, data in ANSWERED]
    bye = request("BYE").replace(b";tag=a", b"").replace(b";tag=b", b"")
    assert one(*steps, (BACK, bye)).hung_up_by == "callee"
    assert one(*steps, (THERE, bye)).hung_up_by == "caller"


def test_a_call_without_end_has_none():
    call = one(*ANSWERED)
    assert (call.status, call.end_s, call.talk_s, call.hung_up_by) == (200, None, None, None)


CANCEL = message("CANCEL sip:bert@x SIP/2.0", about="CANCEL")


def test_a_call_given_up_was_ended_by_its_caller():
    call = one(
        (THERE, invite()),
        (BACK, response(180)),
        (THERE, CANCEL),
        (BACK, response(200, about="CANCEL")),
        (BACK, response(487)),
        (THERE, request("ACK")),
    )
    assert (call.status, call.alerting_s, call.answered_s) == (487, 1, None)
    assert (call.pdd_ms, call.ring_s, call.talk_s, call.end_s) == (1000, None, None, None)
    assert call.hung_up_by == "caller"


def test_a_call_given_up_before_any_answer_has_no_status():
    call = one((THERE, invite()), (THERE, CANCEL))
    assert (call.status, call.pdd_ms, call.hung_up_by) == (None, None, "caller")


def test_a_cancel_that_comes_too_late_ends_nothing():
    call = one(*ANSWERED[:2], (THERE, CANCEL), *ANSWERED[2:])
    assert (call.status, call.hung_up_by) == (200, None)


@pytest.mark.parametrize("status", [302, 404, 486, 503, 603])
def test_a_refusal_is_the_status(status):
    call = one((THERE, invite()), (BACK, response(status)), (THERE, request("ACK")))
    assert (call.status, call.answered_s, call.hung_up_by) == (status, None, None)


@pytest.mark.parametrize(("first", "last"), [(401, 200), (407, 486), (302, 200), (302, 480)])
def test_an_invite_that_asks_again_has_the_last_word(first, last):
    call = one(
        (THERE, invite()),
        (BACK, response(first)),
        (THERE, request("ACK")),
        (THERE, invite(number=2, branch="z9hG4bK2")),
        (BACK, response(180, number=2)),
        (BACK, response(last, number=2)),
    )
    assert (call.status, call.start_s, call.alerting_s) == (last, 0, 4)


def test_a_password_that_is_asked_for_in_vain_is_the_status():
    assert one((THERE, invite()), (BACK, response(401))).status == 401
    unanswered = (THERE, invite(number=2, branch="z9hG4bK2"))
    assert one((THERE, invite()), (BACK, response(401)), unanswered).status == 401


def test_a_hold_begins_no_call_and_ends_none():
    hold = [
        (THERE, invite(number=2, to="b", branch="z9hG4bK2")),
        (BACK, response(200, number=2)),
        (BACK, invite(number=9, sender="b", to="a", branch="z9hG4bK9")),
        (THERE, response(488, number=9, sender="b", to="a")),
    ]
    call = one(*ANSWERED, *hold, (THERE, request("BYE", number=3)))
    assert (call.status, call.answered_s, call.end_s, call.hung_up_by) == (200, 2, 8, "caller")


def test_messages_that_come_again_change_nothing():
    steps = [*ANSWERED, (THERE, request("BYE", number=2))]
    again = [(way, data) for way, data in steps for _ in range(3)]
    call = one(*again, (THERE, invite()))
    assert (call.status, call.start_s, call.alerting_s, call.answered_s) == (200, 0, 3, 6)
    assert call.end_s == 12


IN, OUT, TO_CARL, FROM_CARL = "anna>proxy", "proxy>anna", "proxy>carl", "carl>proxy"
TO_BERT, FROM_BERT = "proxy>bert", "bert>proxy"


def test_of_a_forked_call_the_caller_hears_who_answers():
    call = one(
        (IN, invite()),
        (TO_BERT, invite(branch="z9hG4bK2")),
        (TO_CARL, invite(branch="z9hG4bK3")),
        (FROM_CARL, response(180, to="c")),
        (OUT, response(180, to="c")),
        (FROM_BERT, response(486)),
        (FROM_CARL, response(200, to="c")),
        (OUT, response(200, to="c")),
        (IN, request("BYE", to="c", number=2)),
    )
    assert (call.status, call.alerting_s, call.answered_s, call.end_s) == (200, 3, 6, 8)
    assert call.hung_up_by == "caller"


def test_a_proxy_that_cancels_the_other_branch_does_not_hang_up():
    steps = [
        (IN, invite()),
        (TO_BERT, invite(branch="z9hG4bK2")),
        (TO_CARL, invite(branch="z9hG4bK3")),
        (FROM_BERT, response(200)),
        (OUT, response(200)),
        (TO_CARL, CANCEL),
        (FROM_CARL, response(487, to="c")),
    ]
    call = one(*steps)
    assert (call.status, call.hung_up_by) == (200, None)


def test_of_a_forked_call_that_nobody_takes_the_proxy_says_why():
    call = one(
        (IN, invite()),
        (TO_BERT, invite(branch="z9hG4bK2")),
        (TO_CARL, invite(branch="z9hG4bK3")),
        (FROM_BERT, response(486)),
        (FROM_CARL, response(603, to="c")),
        (OUT, response(603, to="c")),
    )
    assert (call.status, call.hung_up_by) == (603, None)


def test_ringing_that_comes_after_the_answer_is_none():
    call = one((THERE, invite()), (BACK, response(200)), (BACK, response(180)))
    assert (call.pdd_ms, call.ring_s) == (1000, None)


def test_two_calls_that_share_a_call_id_stay_two():
    crossing = [
        (BACK, invite(sender="c")),
        (THERE, response(486, sender="c", to="d")),
    ]
    found = calls(*ANSWERED, *crossing, (THERE, request("BYE", number=2)))
    assert [call.status for call in found] == [200, 486]
    assert [call.hung_up_by for call in found] == ["caller", None]


def test_a_call_made_again_with_the_same_tags_is_another():
    bye = (THERE, request("BYE", number=2))
    again = [(way, data.replace(b"z9hG4bK1", b"z9hG4bK7")) for way, data in ANSWERED]
    found = calls(*ANSWERED, bye, *again)
    assert [(call.start_s, call.end_s) for call in found] == [(0, 4), (5, None)]


def test_messages_without_their_invite_are_no_call():
    assert calls(*ANSWERED[1:], (THERE, request("BYE", number=2))) == []


def test_a_call_of_which_only_a_hold_was_seen_has_no_set_up():
    call = one((THERE, invite(to="b", number=5)), (BACK, response(200, number=5)))
    assert (call.status, call.pdd_ms, call.talk_s) == (None, None, None)
