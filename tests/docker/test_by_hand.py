"""A lab on hand-written files: phones, calls and evidence are those of any lab."""

from pathlib import Path

import pytest

from voiplab import Lab
from voiplab.config import read_files
from voiplab.errors import CallFailed, ConfigError, PhoneError, UnknownUser

pytestmark = pytest.mark.engine

GOOD = read_files(Path(__file__).parents[1] / "fixtures" / "written" / "good")


def with_pjsip(*changes: tuple[str, str]) -> dict[str, str]:
    text = GOOD["pjsip.conf"]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return GOOD | {"pjsip.conf": text}


@pytest.fixture(scope="module")
def by_hand(engine, runs):
    with Lab(configuration=GOOD, runs=runs, engine=engine) as lab:
        yield lab


def test_a_call_leaves_evidence_as_in_any_lab(by_hand):
    by_hand.load(GOOD)
    call = by_hand["2001"].phone.call(by_hand["2002"], say="One two three.", reply="Four five.")
    call.wait(seconds=3)
    call.hang_up()
    evidence = call.evidence
    assert evidence.record.missing == ()
    assert [leg.user for leg in evidence.record.legs] == ["2001", "2002"]
    assert [(each.lost, each.packets > 100) for each in evidence.quality] == [(0, True)] * 2
    assert not evidence.events().empty
    (cdr,) = evidence.cdr().to_dict("records")
    assert (cdr["src"], cdr["dst"], cdr["disposition"]) == ("2001", "2002", "ANSWERED")
    kept = (evidence.folder / "configuration" / "pjsip.conf").read_text()
    assert "callerid" in kept
    assert "for-tests-only" not in kept


def test_a_changed_dial_plan_is_in_force_while_a_call_goes_on(by_hand):
    by_hand.load(GOOD)
    with pytest.raises(CallFailed, match="404"):
        by_hand["2002"].phone.call("600")
    call = by_hand["2001"].phone.call(by_hand["2002"])
    plan = GOOD["extensions.conf"] + "exten => 600,1,Answer()\n same => n,Echo()\n"
    assert by_hand.load(GOOD | {"extensions.conf": plan}) == ()
    assert call.wait(seconds=1)
    call.hang_up()
    by_hand["2002"].phone.call("600").hang_up()


@pytest.mark.parametrize(
    ("transport", "reached"),
    [
        ("protocol = tcp\nbind = 0.0.0.0", ("tcp", "pbx:5060")),
        ("protocol = udp\nbind = 0.0.0.0:5070", ("udp", "pbx:5070")),
    ],
)
def test_another_transport_takes_a_restart_and_phones_find_it(by_hand, transport, reached):
    files = with_pjsip(("protocol = udp\nbind = 0.0.0.0", transport))
    assert by_hand.load(files) == ()
    for phone in by_hand.phones.values():
        assert phone.registered
        assert (phone.account.transport, phone.account.registrar) == reached
    by_hand["2001"].phone.call(by_hand["2002"]).hang_up()


def test_speech_is_encrypted_where_the_files_say_so(by_hand):
    keys = (
        "cert_file = /etc/asterisk/keys/pbx.crt\npriv_key_file = /etc/asterisk/keys/pbx.key\n"
        "method = tlsv1_2"
    )
    files = with_pjsip(
        ("protocol = udp\nbind = 0.0.0.0", f"protocol = tls\nbind = 0.0.0.0\n{keys}"),
        ("direct_media = no", "direct_media = no\nmedia_encryption = sdes\nrewrite_contact = yes"),
    )
    assert by_hand.load(files) == ()
    call = by_hand["2001"].phone.call(by_hand["2002"], say="One two three.")
    call.wait(seconds=2)
    call.hang_up()
    assert call.evidence.record.encrypted


def test_names_need_not_be_numbers_and_numbers_need_not_be_names(by_hand):
    pjsip = GOOD["pjsip.conf"].replace("[2001]", "[anna]").replace("= 2001", "= anna")
    files = {
        "pjsip.conf": pjsip.replace("[2002]", "[bert]").replace("= 2002", "= bert"),
        "extensions.conf": "[phones]\nexten => 11,1,Dial(PJSIP/anna)\n"
        "exten => 12,1,Dial(PJSIP/bert)\n",
    }
    assert by_hand.load(files) == ()
    assert sorted(by_hand.phones) == ["anna", "bert"]
    call = by_hand["anna"].phone.call(by_hand["bert"])
    call.hang_up()
    assert (call.number, [leg.user for leg in call.evidence.record.legs]) == (
        "12",
        ["anna", "bert"],
    )
    with pytest.raises(UnknownUser, match=r"Write an endpoint \[2001\] in pjsip.conf"):
        by_hand["2001"]


def test_passwords_may_hold_what_a_phone_can_carry(by_hand):
    odd = "p@ss!w0rd#$%&*()+,=?[]{}|~^:/'é"
    assert by_hand.load(with_pjsip(("for-tests-only-anna", odd))) == ()
    assert by_hand["2001"].phone.registered


def test_a_password_that_a_phone_cannot_carry_is_said_to_be_one(by_hand):
    by_hand.load(with_pjsip(("for-tests-only-anna", "hunter\\;2")))
    phone = by_hand["2001"].phone
    assert not phone.registered
    with pytest.raises(PhoneError, match="holds a space, a semicolon") as refused:
        phone.register()
    assert "hunter" not in str(refused.value)
    assert by_hand["2002"].phone.registered


def test_files_that_cannot_be_taken_change_nothing(by_hand):
    by_hand.load(GOOD)
    with pytest.raises(ConfigError, match=r"There is no extensions\.conf"):
        by_hand.load({"pjsip.conf": GOOD["pjsip.conf"]})
    assert all(phone.registered for phone in by_hand.phones.values())


@pytest.mark.parametrize("more", [{"users": {"2001": "Anna"}}, {"security": "sdes"}])
def test_what_the_files_say_is_not_said_twice(more):
    with pytest.raises(ConfigError, match="leave out"):
        Lab(configuration=GOOD, **more)
