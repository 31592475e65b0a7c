"""Calls that nobody else can listen to: made, switched to while the lab runs, and refused."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from voiplab import Call, Lab
from voiplab.certificates import Authority, Flaw, flawed
from voiplab.containers import Engine, wait_until
from voiplab.errors import CallFailed, CertificateError, CommandFailed, ConfigError, PhoneError
from voiplab.lab import Phone
from voiplab.phones.tap import CAPTURE
from voiplab.quality import compare_recordings

pytestmark = pytest.mark.engine

SENTENCE = "The quick brown fox jumps over the lazy dog, twice a day."
REPLY = "I hear you very well, and nobody else does."
SIP = re.compile(rb"SIP/2\.0|a=crypto|m=audio")


@pytest.fixture(scope="module")
def secure(engine: Engine, runs: Path) -> Iterator[Lab]:
    """A lab that encrypts with keys told in the SDP; a test leaves it as it found it."""
    users = {"2001": "Front desk", "2002": "Office"}
    with Lab(users=users, security="sdes", runs=runs, engine=engine) as shared:
        yield shared


@pytest.fixture(scope="module")
def strict(engine: Engine, runs: Path) -> Iterator[Lab]:
    """A lab that refuses all that is in clear; likewise."""
    users = {"2001": "Front desk", "2002": "Office"}
    with Lab(users=users, security="required", runs=runs, engine=engine) as shared:
        yield shared


def talk(lab: Lab, caller: str, called: str, seconds: float = 4) -> Call:
    """A call in which both sides speak."""
    call = lab[caller].phone.call(lab[called], say=SENTENCE, reply=REPLY)
    call.wait(seconds)
    call.hang_up()
    return call


def assert_heard(call: Call, *users: str) -> None:
    """What each said was understood by the other, and what it said itself is not that."""
    for sender, receiver in (users, users[::-1]):
        heard = call.evidence.recording(receiver, "heard")
        compared = compare_recordings(call.evidence.recording(sender, "said"), heard)
        assert compared.stoi > 0.9, (sender, compared)
        own = compare_recordings(call.evidence.recording(receiver, "said"), heard)
        assert own.stoi < 0.6, (receiver, own)


def in_clear(phone: Phone) -> int:
    """How much SIP has ever crossed a phone's network for all to read."""
    return len(SIP.findall(phone.container.read(CAPTURE)))


def offers(call: Call) -> set[str]:
    """The profiles of RTP that the call's session descriptions name, as the PBX had them."""
    bodies = b"".join(seen.message.body for seen in call.evidence.told.signalling)
    return {each.decode() for each in re.findall(rb"^m=audio \d+ (\S+)", bodies, re.MULTILINE)}


def registered_over(lab: Lab) -> dict[str, str]:
    """What each user's phone is reached over, as the PBX believes."""
    shown = {user.extension: lab.asterisk(f"pjsip show aor {user.extension}") for user in lab.users}
    return {
        extension: "tls" if re.search("contact.*;transport=TLS", aor) else "udp"
        for extension, aor in shown.items()
    }


# Calls


def test_a_call_with_keys_by_sdes_is_heard_by_its_two_sides_alone(secure: Lab) -> None:
    call = talk(secure, "2001", "2002")
    assert_heard(call, "2001", "2002")
    assert [in_clear(secure[user].phone) for user in ("2001", "2002")] == [0, 0]
    assert offers(call) == {"RTP/SAVP"}
    assert call.evidence.record.encrypted
    assert call.evidence.record.missing == ()


def test_a_call_with_keys_by_dtls_is_heard_from_its_first_word_on(secure: Lab) -> None:
    for user in ("2001", "2002"):
        secure.change_user(user, security="dtls")
    try:
        call = talk(secure, "2001", "2002")
        assert_heard(call, "2001", "2002")
        assert [in_clear(secure[user].phone) for user in ("2001", "2002")] == [0, 0]
        assert offers(call) == {"UDP/TLS/RTP/SAVPF"}
        assert {leg.media_encryption for leg in call.evidence.record.legs} == {"dtls"}
        # A handshake that has to be repeated takes a second (RFC 6347, section 4.2.4.1).
        [answer] = [
            seen.time_s
            for seen in call.evidence.told.call(call.leg.call_id).signalling
            if seen.message.status == 200 and seen.message.transaction_method == "INVITE"
        ]
        first = [stream.first_s for stream in call.evidence.told.media]
        assert all(time_s - answer < 0.5 for time_s in first)
    finally:
        for user in ("2001", "2002"):
            secure.change_user(user, security=None)


def test_where_encryption_is_required_it_is_had(strict: Lab) -> None:
    strict.change_user("2002", security="dtls")
    try:
        call = talk(strict, "2001", "2002")
        assert_heard(call, "2001", "2002")
        assert [in_clear(strict[user].phone) for user in ("2001", "2002")] == [0, 0]
        assert offers(call) == {"RTP/SAVP", "UDP/TLS/RTP/SAVPF"}
        encryption = {leg.user: leg.media_encryption for leg in call.evidence.record.legs}
        assert encryption == {"2001": "sdes", "2002": "dtls"}
    finally:
        strict.change_user("2002", security=None)


def test_the_same_call_in_clear_is_seen_in_clear(lab: Lab) -> None:
    call = talk(lab, "2001", "2002", seconds=1)
    assert min(in_clear(lab[user].phone) for user in ("2001", "2002")) > 10
    assert offers(call) == {"RTP/AVP"}
    assert call.evidence.record.encrypted is False
    assert call.evidence.record.signalling is None


# What is kept of them


def test_what_is_measured_and_drawn_needs_no_sip_on_the_wire(secure: Lab) -> None:
    call = talk(secure, "2002", "2001", seconds=2)
    evidence = call.evidence
    assert not evidence.capture.signalling
    assert {each.label for each in call.quality} == {"2001 → 2002", "2002 → 2001"}
    assert all((each.codec, each.lost) == ("PCMU", 0) for each in call.quality)
    assert 0 < call.setup_ms < 5000
    text = call.ladder().text()
    for part in ("phone 2001", "Asterisk", "INVITE (SDP)", "SRTP PCMU", "BYE"):
        assert part in text


def test_each_calls_capture_holds_the_handshake_that_it_relies_on(secure: Lab) -> None:
    for _ in range(2):
        call = secure["2001"].phone.call("*43")
        call.wait(0.3)
        call.hang_up()
        payloads = [packet.payload for packet in call.evidence.capture.packets()]
        assert any(payload.startswith(b"\x16\x03\x01") for payload in payloads)  # ClientHello
        assert any(payload.startswith(b"\x17\x03\x03") for payload in payloads)


def test_calls_are_measured_while_they_go_on_though_their_sip_is_hidden(secure: Lab) -> None:
    talk(secure, "2002", "2001", seconds=0.3)  # over when the monitor begins: not told
    monitor = secure.monitor()
    monitor.start()
    try:
        call = secure["2001"].phone.call(secure["2002"], say=SENTENCE, reply=REPLY)
        call.wait(3)
        assert {each.codec for each in monitor.snapshot()} == {"PCMU"}
        assert "INVITE (SDP)" in monitor.ladder(monitor.calls()[-1].id).text()
        call.hang_up()
        expected = {each.receiver: each.packets for each in call.quality}

        def measured() -> dict[str, int]:
            heard = monitor.snapshot(ended=True)
            return {each.receiver: each.packets for each in heard if each.ended}

        wait_until("the last packets", lambda: measured() == expected, timeout_s=15)
    finally:
        monitor.stop()


def test_no_key_is_in_the_evidence(secure: Lab) -> None:
    call = talk(secure, "2001", "2002", seconds=1)
    logged = b"".join(secure.pbx.sip_logs())
    keys = set(re.findall(rb"inline:([A-Za-z0-9+/=]{20,})", logged))
    assert len(keys) > 3  # or else there is nothing to hide
    keys.add(secure.authority.certificate.key.encode())
    for path in call.evidence.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"PRIVATE KEY" not in content, path
            assert not [key for key in keys if key in content], path


def test_evidence_of_before_still_opens_and_says_nothing_of_encryption(secure: Lab) -> None:
    call = secure["2001"].phone.call("*43")
    call.hang_up()
    record = call.evidence.record
    old = json.loads(record.model_dump_json(exclude={"signalling"}))
    for leg in old["legs"]:
        del leg["transport"], leg["media_encryption"]
    read = type(record).model_validate(old)
    assert read.encrypted is None
    assert read.signalling is None


# Switched while the lab runs


def test_a_user_is_switched_to_secure_and_back_while_others_talk(secure: Lab) -> None:
    third = secure.add_user("2003", name="Third", security="plain")
    try:
        assert registered_over(secure) == {"2001": "tls", "2002": "tls", "2003": "udp"}
        talking = secure["2001"].phone.call(secure["2002"])
        for security, transport, profile in (
            ("dtls", "tls", "UDP/TLS/RTP/SAVPF"),
            ("plain", "udp", "RTP/AVP"),
            ("sdes", "tls", "RTP/SAVP"),
        ):
            secure.change_user("2003", security=security)
            assert registered_over(secure)["2003"] == transport
            call = third.phone.call("*43", say=SENTENCE)
            call.wait(4)
            call.hang_up()
            said, heard = (call.evidence.recording("2003", kind) for kind in ("said", "heard"))
            assert compare_recordings(said, heard).stoi > 0.9
            assert offers(call) == {profile}
            assert call.evidence.record.encrypted is (security != "plain")
        assert talking.wait(0.2)
        talking.hang_up()
        assert all(direction.lost == 0 for direction in talking.quality)
    finally:
        secure.remove_user("2003")


def test_a_plain_lab_takes_a_secure_user_without_a_restart(lab: Lab) -> None:
    boot = lab.asterisk("core show uptime seconds")
    guest = lab.add_user("2003", security="sdes")
    try:
        call = talk(lab, "2003", "2002")
        assert_heard(call, "2003", "2002")
        assert in_clear(guest.phone) == 0
        assert {leg.user: leg.encrypted for leg in call.evidence.record.legs} == {
            "2003": True,
            "2002": False,
        }
        assert call.evidence.record.encrypted is False
        assert call.evidence.record.missing == ()
        assert int(re.search(r"\d+", lab.asterisk("core show uptime seconds"))[0]) >= int(
            re.search(r"\d+", boot)[0]
        )
    finally:
        lab.remove_user("2003")


def test_all_who_have_no_security_of_their_own_are_switched_with_the_exchange(secure: Lab) -> None:
    secure.change_user("2002", security="sdes")
    try:
        for security, transport in (("plain", "udp"), ("dtls", "tls")):
            secure.change(lambda exchange, now=security: exchange.with_security(now))
            assert registered_over(secure) == {"2001": transport, "2002": "tls"}
            call = talk(secure, "2001", "2002", seconds=1)
            encryption = {leg.user: leg.media_encryption for leg in call.evidence.record.legs}
            assert encryption == {
                "2001": "none" if security == "plain" else security,
                "2002": "sdes",
            }
        with pytest.raises(ConfigError, match="only when it starts"):
            secure.change(lambda exchange: exchange.with_security("required"))
    finally:
        secure.change(lambda exchange: exchange.with_security("sdes"))
        secure.change_user("2002", security=None)
    assert registered_over(secure) == {"2001": "tls", "2002": "tls"}


def test_a_second_kernel_has_the_authority_and_the_calls(secure: Lab, runs: Path) -> None:
    other = Lab.attach(secure.name, runs=runs)
    try:
        assert other.authority == secure.authority
        assert all(other[user].phone.registered for user in ("2001", "2002"))
        late = other.add_user("2003")
        call = talk(other, "2003", "2001", seconds=1)
        assert call.evidence.record.encrypted
        assert call.evidence.record.missing == ()
        assert in_clear(late.phone) == 0
        other.remove_user("2003")
    finally:
        other.stop()
        secure.take_up()


def test_what_a_killed_pbx_had_of_a_call_is_kept(secure: Lab) -> None:
    call = secure["2001"].phone.call(secure["2002"], say=SENTENCE)
    call.wait(1)
    secure.pbx.kill()
    try:
        wait_until("the PBX's end", lambda: not secure.pbx.container.running, timeout_s=10)
        call.hang_up()
        told = call.evidence.told
        assert {"INVITE", "ACK"} <= {seen.message.method for seen in told.signalling}
        assert "2001 → 2002" in {each.label for each in call.quality if each.packets > 20}
        assert call.evidence.record.encrypted
    finally:
        secure.pbx.restart()
        for user in ("2001", "2002"):
            secure[user].phone.register()
    assert talk(secure, "2001", "2002", seconds=1).evidence.record.missing == ()


# Certificates


def test_the_authoritys_key_is_out_of_asterisks_reach(secure: Lab) -> None:
    assert "PRIVATE KEY" in secure.pbx.container.read("/root/ca.key").decode()
    with pytest.raises(CommandFailed, match="Permission denied"):
        secure.pbx.container.exec(["cat", "/root/ca.key"])


@pytest.mark.parametrize(
    ("flaw", "openssl", "why"),
    [
        (Flaw.WRONG_NAME, "hostname mismatch", "made out to elsewhere.example, and not to pbx"),
        (Flaw.EXPIRED, "certificate has expired", r"The certificate of pbx expired on \d"),
        (Flaw.UNKNOWN_AUTHORITY, "unable to get local issuer", "whom nobody here trusts"),
    ],
)
def test_a_phone_refuses_a_flawed_server_and_says_why(
    strict: Lab, flaw: Flaw, openssl: str, why: str
) -> None:
    phone, now = strict["2001"].phone, datetime.now(UTC)
    strict.pbx.present(flawed(flaw, authority=strict.authority, name="pbx", now=now))
    try:
        with pytest.raises(PhoneError, match=f"does not trust the server's .*{openssl}.*{why}"):
            phone.register()
        assert not phone.registered
        assert not strict.registrations().set_index("extension").loc["2001", "registered"]
        with pytest.raises(CallFailed, match=f"Phone 2001 is not registered.*{why}"):
            phone.call("*43")
    finally:
        strict.pbx.present(strict.authority.issue("pbx", now=now))
        for user in ("2001", "2002"):
            strict[user].phone.register()
    assert strict["2001"].phone.registered


@pytest.mark.parametrize(
    ("flaw", "why"),
    [
        (Flaw.EXPIRED, r"The certificate of 2001 expired on \d"),
        (Flaw.UNKNOWN_AUTHORITY, "whom nobody here trusts"),
    ],
)
def test_the_server_refuses_a_flawed_phone_and_the_student_sees_why(
    strict: Lab, flaw: Flaw, why: str
) -> None:
    phone, now = strict["2001"].phone, datetime.now(UTC)
    try:
        with pytest.raises(PhoneError, match=f"the server ended the connection.*{why}"):
            phone.present(flawed(flaw, authority=strict.authority, name="2001", now=now))
        assert not phone.registered
    finally:
        phone.present(strict.authority.issue("2001", now=now))
    assert phone.registered
    assert talk(strict, "2001", "2002", seconds=1).evidence.record.encrypted


def test_a_certificate_without_its_key_is_not_even_tried(strict: Lab) -> None:
    shown = strict.pbx.certificate
    assert shown.key == strict["2001"].phone.certificate.key == ""
    for present in (strict.pbx.present, strict["2001"].phone.present):
        with pytest.raises(CertificateError, match="without its private key"):
            present(shown)
    assert strict["2001"].phone.registered


def test_a_neighbours_certificate_is_worth_nothing_here(strict: Lab) -> None:
    phone, now = strict["2001"].phone, datetime.now(UTC)
    neighbour = Authority.create("VoIP Lab next-door", now=now)
    try:
        with pytest.raises(PhoneError, match="VoIP Lab next-door, whom nobody here trusts"):
            phone.present(neighbour.issue("2001", now=now))
    finally:
        phone.present(strict.authority.issue("2001", now=now))


# What can't be


def test_nothing_in_clear_gets_through_where_encryption_is_required(strict: Lab) -> None:
    phone = strict["2001"].phone
    secure = phone.account
    try:
        phone.account = replace(
            secure, registrar="pbx:5060", transport="udp", media_encryption="none"
        )
        with pytest.raises(PhoneError, match="requires encryption: it listens for SIP over TLS"):
            phone.register(timeout_s=2)
        with pytest.raises(CallFailed, match=r"not registered\. This PBX requires encryption"):
            phone.call("*43", answered_within_s=1)
        phone.account = replace(secure, media_encryption="none")
        phone.register()
        with pytest.raises(CallFailed, match="one side encrypts its speech") as failed:
            phone.call("*43")
        assert failed.value.status == 488
        with pytest.raises(CallFailed, match="one side encrypts its speech") as failed:
            strict["2002"].phone.call(strict["2001"])
        assert failed.value.status == 488
    finally:
        phone.account = secure
        phone.register()


def test_a_user_can_not_be_made_plain_where_encryption_is_required(strict: Lab) -> None:
    for change in (
        lambda: strict.change_user("2001", security="plain"),
        lambda: strict.add_user("2003", security="plain"),
        lambda: strict.add_user("2003", phone="browser"),
    ):
        with pytest.raises(ConfigError):
            change()
    assert [user.extension for user in strict.users] == ["2001", "2002"]
    assert strict["2001"].phone.account.transport == "tls"
