"""Calls between real phones through a real Asterisk, and what is measured of them."""

import re
import wave
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from voiplab import Answering, Evidence, Lab
from voiplab.containers import wait_until
from voiplab.errors import CallFailed, PhoneError
from voiplab.phones.leg import LegState

pytestmark = pytest.mark.engine

SENTENCE = "The quick brown fox jumps over the lazy dog, twice a day."


def phone_counted(phone) -> tuple[int, int]:
    """Packets sent and received in the last call, by the phone's own count."""
    return [
        (int(sent), int(received))
        for sent, received in re.findall(r"packets:\s+(\d+)\s+(\d+)", phone.container.logs(200))
    ][-1]


@pytest.fixture(scope="module")
def healthy(lab):
    """A call of some seconds in which both sides spoke."""
    call = lab["2001"].phone.call(lab["2002"], say=SENTENCE, reply="I hear you well.")
    call.wait(seconds=5)
    call.hang_up()
    return call


def test_a_healthy_call_loses_nothing_and_rates_well(healthy):
    directions = {(each.sender, each.receiver): each for each in healthy.quality}
    assert set(directions) == {("2001", "2002"), ("2002", "2001")}
    for each in directions.values():
        assert each.lost == 0
        assert each.loss_pct == 0
        assert each.codec == "PCMU"
        assert each.packets >= 5 * 50 - 10  # 50 packets a second (RFC 3551, 20 ms each)
        assert 0 <= each.jitter_ms < 20
        assert each.mos >= 4.3


def test_the_capture_counts_as_many_packets_as_the_phones_do(healthy):
    for receiver in ("2001", "2002"):
        phone = healthy._lab[receiver].phone
        counted = phone_counted(phone)[1]
        (direction,) = [each for each in healthy.quality if each.receiver == receiver]
        # What is under way when a phone hangs up still reaches the capture, but not its count.
        assert 0 <= direction.packets - counted <= 2


def signal_tap(container, signal):
    each_tap = '[ "$(cat $each/comm)" != tcpdump ] || kill -"$0" "${each##*/}"'
    container.exec(["sh", "-c", f"for each in /proc/[0-9]*; do {each_tap}; done", signal])


def test_a_capture_that_is_not_let_run_for_a_second_misses_nothing(lab):
    call = lab["2001"].phone.call(lab["2002"])
    tapped = lab["2002"].phone.container
    signal_tap(tapped, "STOP")
    try:
        call.wait(seconds=1)
    finally:
        signal_tap(tapped, "CONT")
    call.wait(seconds=0.5)
    call.hang_up()
    (heard,) = [each for each in call.quality if each.receiver == "2002"]
    assert heard.lost == 0
    assert heard.packets > 60


def test_what_was_said_is_what_was_heard(healthy):
    said, heard = (
        samples(healthy.evidence.recording("2001", "said")),
        samples(healthy.evidence.recording("2002", "heard")),
    )
    assert likeness(said, heard) > 0.9
    other = samples(healthy.evidence.recording("2002", "said"))
    assert likeness(other, heard) < 0.6


def samples(path):
    with wave.open(str(path)) as file:
        assert file.getframerate() == 8000
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(float)


def likeness(part, whole) -> float:
    """How much of a recording is found in another: 1 is all, unharmed.

    Each loud stretch of 0.4 s is sought for itself: a phone's sound buffer may slip in between.
    """
    stretches = part[: len(part) // 3200 * 3200].reshape(-1, 3200)
    loudness = (stretches**2).mean(axis=1)
    loud = stretches[loudness > 0.1 * loudness.max()]
    return float(np.median([best_correlation(stretch, whole) for stretch in loud]))


def best_correlation(part, whole) -> float:
    """The best normalised correlation of a part anywhere in a whole."""
    size = len(part) + len(whole) - 1
    products = np.fft.irfft(np.fft.rfft(whole, size) * np.fft.rfft(part[::-1], size), size)
    energy = np.convolve(whole**2, np.ones(len(part)), "full")
    return float(np.max(products / np.sqrt(np.sum(part**2) * np.maximum(energy, 1.0))))


def test_a_call_leaves_its_evidence(healthy):
    evidence = healthy.evidence
    assert evidence.record.missing == ()
    names = {path.name for path in evidence.folder.iterdir()}
    assert {"call.json", "2001.pcap", "2002.pcap", "2001-heard.wav", "2002-heard.wav"} <= names
    assert {"events.jsonl", "cdr.csv", "configuration"} <= names
    assert list(evidence.cdr()["disposition"]) == ["ANSWERED"]
    assert {"Newchannel", "DialBegin", "BridgeEnter", "Hangup"} <= set(evidence.events()["event"])
    assert "[2001]" in evidence.configuration()["pjsip.conf"]


def test_no_secret_is_in_the_evidence(lab, healthy):
    secrets = [user.settings.secret.get_secret_value() for user in lab.users]
    secrets.append(lab.exchange.ami_secret.get_secret_value())
    for path in healthy.evidence.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [secret for secret in secrets if secret.encode() in content], path


def test_the_evidence_opens_again_and_says_the_same(healthy):
    assert Evidence.open(healthy.evidence.folder).summary() == healthy.evidence.summary()


def test_the_summary_has_the_documented_keys(healthy):
    summary = healthy.evidence.summary()
    assert set(summary) == {"setup_ms", "directions", "evidence"}
    assert 0 < summary["setup_ms"] < 5000
    for direction in summary["directions"]:
        assert list(direction) == [
            "from", "to", "codec", "packets", "lost", "loss_pct", "jitter_ms", "r", "mos",
            "scale",
        ]  # fmt: skip


def test_the_ladder_tells_the_call_from_invite_to_bye(healthy):
    text = healthy.ladder().text()
    for message in ("INVITE", "401", "180 Ringing", "200 OK", "ACK", "BYE"):
        assert message in text
    for actor in ("phone 2001", "phone 2002", "Asterisk"):
        assert actor in text


@pytest.mark.parametrize("codec", ["alaw", "g722", "opus"])
def test_other_codecs_carry_speech_too(lab, codec):
    user = lab.add_user("2050", name="Other", codecs=[codec])
    try:
        call = user.phone.call("*43", say=SENTENCE)
        call.wait(seconds=4)
        call.hang_up()
        (direction,) = call.quality
        assert direction.codec.upper() == {"alaw": "PCMA", "g722": "G722", "opus": "OPUS"}[codec]
        assert direction.packets > 100
        assert direction.lost == 0
    finally:
        lab.remove_user("2050")


def test_the_echo_test_sends_back_what_was_said(lab):
    call = lab["2001"].phone.call("*43", say=SENTENCE)
    call.wait(seconds=5)
    call.hang_up()
    said = samples(call.evidence.recording("2001", "said"))
    assert likeness(said, samples(call.evidence.recording("2001", "heard"))) > 0.9


def test_a_held_call_hears_no_speech_until_it_is_taken_back(lab):
    call = lab["2001"].phone.call(lab["2002"])
    call.wait(seconds=1)
    call.hold()
    call.wait(seconds=1)
    call.resume()
    call.wait(seconds=1)
    call.hang_up()
    directions = sdp_directions(call)
    assert directions.index("sendonly") < len(directions) - 1
    assert directions[-1] == "sendrecv"
    assert len(samples(call.evidence.recording("2001", "heard"))) > 2 * 8000


def sdp_directions(call) -> list[str]:
    offers = [
        seen.message.body.decode()
        for seen in call.evidence.capture.call(call.leg.call_id).signalling
        if seen.message.is_request and seen.message.has_sdp
    ]
    return [re.search(r"a=(sendrecv|sendonly|recvonly|inactive)", offer)[1] for offer in offers]


def test_pressed_digits_arrive(lab):
    call = lab["2001"].phone.call(lab["2002"])

    def arrived():
        return [leg.dtmf for _, leg in call.legs()[1:]] == ["42#"]

    try:
        call.send_dtmf("42#")
        wait_until("the digits", arrived, timeout_s=10)
    finally:
        call.hang_up()


def test_a_transferred_call_goes_on_at_the_third_phone(lab):
    third = lab.add_user("2003", name="Third")
    try:
        call = lab["2001"].phone.call(lab["2002"])
        call.transfer(third)
        assert call.leg.wait(LegState.CLOSED, timeout_s=10)
        wait_until("the third phone to take part", lambda: len(call.legs()) == 3, timeout_s=10)
        arrived = call.legs()[2][1]
        assert arrived.wait(LegState.ESTABLISHED, timeout_s=10)
        assert not arrived.wait(LegState.CLOSED, timeout_s=1.5)
        call.hang_up()
        assert {leg.user for leg in call.evidence.record.legs} == {"2001", "2002", "2003"}
        assert {each.receiver for each in call.quality if each.packets > 50} >= {"2002", "2003"}
    finally:
        lab.remove_user("2003")


def test_a_ring_group_rings_all_its_members(lab):
    lab.add_user("2003", name="Third")
    try:
        lab.add_ring_group("600", [lab["2002"], "2003"])
        for member in ("2002", "2003"):
            lab[member].phone.answering = Answering.MANUAL
        call = lab["2001"].phone.call("600", answered_within_s=None)
        legs = [
            lab[member].phone.wait_for_incoming("2001", after_s=call.dialled_s, timeout_s=10)
            for member in ("2002", "2003")
        ]
        assert all(legs)
        lab["2003"].phone.answer(legs[1])
        call.wait_until_answered(10)
        call.hang_up()
    finally:
        lab["2002"].phone.answering = Answering.AUTO
        lab.change(lambda exchange: exchange.without_ring_group("600"))
        lab.remove_user("2003")


def test_two_phones_meet_in_a_conference(lab):
    lab.add_conference("8001")
    try:
        one = lab["2001"].phone.call("8001")
        other = lab["2002"].phone.call("8001")
        one.wait(seconds=3)
        lab["2001"].phone.say(SENTENCE)
        other.wait(seconds=6)
        one.hang_up()
        other.hang_up()
        said = samples(one.evidence.recording("2001", "said"))
        assert likeness(said, samples(other.evidence.recording("2002", "heard"))) > 0.8
    finally:
        lab.change(lambda exchange: exchange.without_conference("8001"))


def test_an_unanswered_call_leaves_a_message(lab, tmp_path):
    user = lab.add_user("2060", name="Away", voicemail=True)
    try:
        lab.change_user("2060", ring_s=1)
        user.phone.answering = Answering.MANUAL
        call = lab["2001"].phone.call(user)
        call.wait(seconds=1)
        call.send_dtmf("#")  # past the greeting, to the tone
        call.wait(seconds=1)
        lab["2001"].phone.say(SENTENCE)
        call.wait(seconds=5)
        call.hang_up()
        said = samples(call.evidence.recording("2001", "said"))
        kept = lab.pbx.container.folder("/var/spool/asterisk/voicemail/default/2060/INBOX")
        (tmp_path / "message.wav").write_bytes(kept["msg0000.wav"])
        assert likeness(said, samples(tmp_path / "message.wav")) > 0.8
    finally:
        lab.remove_user("2060")


# Calls that fail, each with the status that says why


def test_an_unknown_number_is_not_found(lab):
    with pytest.raises(CallFailed, match="2001 called 9999: no such number") as failed:
        lab["2001"].phone.call("9999")
    assert failed.value.status == 404
    assert lab.calls[-1].evidence.record.status == 404


def test_a_busy_callee_is_busy(lab):
    third = lab.add_user("2003", name="Third")
    try:
        talking = lab["2001"].phone.call(lab["2002"])
        with pytest.raises(CallFailed, match="busy") as failed:
            third.phone.call(lab["2002"])
        assert failed.value.status == 486
        assert talking.wait(seconds=0.2)
        talking.hang_up()
    finally:
        lab.remove_user("2003")


@pytest.mark.parametrize(
    ("answering", "status"), [(Answering.REFUSE, 486), (Answering.DO_NOT_DISTURB, 480)]
)
def test_a_refusing_callee_refuses(lab, answering, status):
    callee = lab["2002"].phone
    callee.answering = answering
    try:
        with pytest.raises(CallFailed) as failed:
            lab["2001"].phone.call(lab["2002"])
        assert failed.value.status == status
    finally:
        callee.answering = Answering.AUTO


def test_an_unregistered_callee_is_unavailable(lab):
    lab.add_user("2070", name="No phone", phone=False)
    try:
        with pytest.raises(CallFailed, match="not registered") as failed:
            lab["2001"].phone.call(lab["2070"])
        assert failed.value.status == 480
    finally:
        lab.remove_user("2070")


def test_a_call_that_nobody_answers_is_given_up(lab):
    lab["2002"].phone.answering = Answering.MANUAL
    try:
        with pytest.raises(CallFailed, match="nobody answered within 1 s"):
            lab["2001"].phone.call(lab["2002"], answered_within_s=1)
        assert lab.calls[-1].state == "closed"
    finally:
        lab["2002"].phone.answering = Answering.AUTO


@pytest.mark.parametrize("number", ["", "20 02", "2002\r\nX: y", "2002;x=1", "é", "1" * 41])
def test_what_can_not_be_dialled_is_refused_in_a_sentence(lab, number):
    with pytest.raises(PhoneError, match="can't be dialled"):
        lab["2001"].phone.call(number)


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
def test_what_can_not_be_said_is_refused_in_a_sentence(lab, text):
    with pytest.raises(PhoneError, match="1 to 500 characters"):
        lab["2001"].phone.call(lab["2002"], say=text)


def test_an_unknown_voice_is_refused_in_a_sentence(lab):
    with pytest.raises(PhoneError, match="espeak-ng"):
        lab["2001"].phone.call(lab["2002"], say="hello", voice="klingon-9")


def test_text_that_looks_like_a_command_is_only_spoken(lab):
    call = lab["2001"].phone.call(lab["2002"], say="$(reboot); `id` && rm -rf / --voice=x")
    assert call.wait(seconds=0.5)
    call.hang_up()


def test_users_change_while_a_call_goes_on(lab):
    call = lab["2001"].phone.call(lab["2002"], say=SENTENCE)
    user = lab.add_user("2080", name="New")
    lab.change_user("2080", name="Renamed")
    assert user.name == "Renamed"
    lab.change_user("2001", name="Front desk renamed")
    lab.remove_user("2080")
    assert call.wait(seconds=1)
    call.hang_up()
    assert all(direction.lost == 0 for direction in call.quality)
    assert "2080" not in [each.extension for each in lab.users]
    lab.change_user("2001", name="Front desk")


def test_a_call_in_progress_can_be_looked_at(lab):
    call = lab["2001"].phone.call(lab["2002"], say=SENTENCE)
    call.wait(seconds=2)
    assert not call.evidence.final
    assert all(direction.packets > 50 for direction in call.quality)
    call.hang_up()
    assert call.evidence.final


def test_a_shared_lab_is_still_a_lab(lab):
    assert isinstance(lab, Lab)
    assert all(lab.registrations()["registered"])


def test_several_threads_may_ask_for_the_evidence_at_once(lab):
    """As panels do: each on its own thread, as soon as a call has ended."""
    for _ in range(3):
        call = lab["2001"].phone.call(lab["2002"])
        call.wait(seconds=0.5)
        call.caller.hang_up(call.leg)
        assert call.leg.wait(LegState.CLOSED, timeout_s=10)
        with ThreadPoolExecutor(6) as threads:
            found = list(threads.map(type(call).collect, [call] * 6))
        assert len({id(each) for each in found}) == 1
        assert [each.label for each in found[0].quality] == ["2001 → 2002", "2002 → 2001"]
        assert found[0].record.missing == ()


def test_a_long_contact_is_told_whole(lab):
    # `pjsip show contacts` cuts it off: "Contact:  20010203/sip:20010203-0x55b13a021d00@192.16".
    user = lab.add_user("20010203", name="Long")
    contact = lab.registrations().set_index("extension").contact["20010203"]
    lab.remove_user("20010203")
    assert re.fullmatch(r"sip:20010203-0x[0-9a-f]+@[0-9.]+:5060", contact)
    assert user.extension not in lab.registrations().extension.tolist()
