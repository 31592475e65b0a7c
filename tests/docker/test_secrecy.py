"""Calls of a real lab, listened to from the network: in clear by everybody, encrypted by nobody."""

import pytest

from voiplab import Lab
from voiplab.check import require
from voiplab.secrecy import eavesdrop, examine, overhear

pytestmark = pytest.mark.engine

SAID = "The contract is signed on Thursday at half past nine."
REPLY = "Good. Do not tell anybody before that."
TALK_S = 3.4


@pytest.fixture(scope="module")
def own_lab(engine, runs):
    users = {"2001": "Front desk", "2002": "Office"}
    with Lab(users=users, runs=runs, engine=engine, security="plain") as lab:
        yield lab


@pytest.fixture(scope="module")
def calls(own_lab):
    """One call each: what is encrypted is changed while the lab runs."""
    made = {}
    for security in ("plain", "sdes", "dtls"):
        for user in ("2001", "2002"):
            own_lab.change_user(user, security=security)
        made[security] = talk(own_lab)
    made["again"] = talk(own_lab)
    return made


def talk(lab):
    call = lab["2001"].phone.call(lab["2002"], say=SAID, reply=REPLY)
    call.wait(TALK_S)
    call.hang_up()
    return call.evidence


def whole(evidence):
    """Each direction's stream at each phone, without packets that Asterisk sent before it."""
    return [each for each in overhear(evidence) if each.duration_s > TALK_S / 2]


def failed(evidence):
    return [check.name for check in examine(evidence) if not check.passed]


@pytest.mark.parametrize("security", ["sdes", "dtls"])
def test_an_encrypted_call_can_not_be_listened_to(calls, security):
    require(examine(calls[security]))


def test_the_same_call_in_clear_fails_every_claim_and_is_understood(calls):
    assert failed(calls["plain"]) == [check.name for check in examine(calls["sdes"])]
    for each in whole(calls["plain"]):
        assert each.understood
        assert each.player().data


def test_a_later_call_on_the_same_connection_is_proven_too(calls):
    require(examine(calls["again"]))


def test_what_the_phones_said_to_each_other_is_all_the_same(calls):
    """Otherwise the comparison would say little."""
    for security in ("plain", "sdes", "dtls"):
        heard = [each.duration_s for each in whole(calls[security])]
        assert heard == pytest.approx([TALK_S] * 4, abs=0.6)
        assert calls[security].samples("2001", "said")[0].any()


def test_nothing_is_read_on_the_wire_of_a_server_that_requires_encryption(engine, runs):
    with Lab(
        users={"2001": "A", "2002": "B"}, runs=runs, engine=engine, security="required"
    ) as lab:
        evidence = talk(lab)
    require(examine(evidence))
    assert not len(evidence.capture.messages)
    assert eavesdrop(evidence.capture, codec="PCMU").randomness.passed
