"""What someone on the network recovers, of plain calls and of encrypted ones."""

import gzip
import shutil
from pathlib import Path

import numpy as np
import pytest

from voiplab.errors import CaptureError
from voiplab.evidence import Evidence
from voiplab.packets import Capture
from voiplab.secrecy import eavesdrop, keys_in_clear, overhear, tag_bytes

CAPTURES = Path(__file__).parents[2] / "fixtures" / "captures"


def test_a_call_in_clear_is_understood_and_can_be_played(saved):
    heard = overhear(saved("plain"))[0]
    assert heard.understood
    assert heard.listening.estoi > 0.95
    assert heard.listening.correlation > 0.95
    assert (heard.rate_hz, str(heard.codec)) == (8000, "PCMU/8000")
    assert heard.duration_s > 3
    assert heard.player().data[:4] == b"fLaC"
    html = heard._repr_html_()
    assert "understood (ESTOI" in html
    assert "<audio" in html
    assert str(heard).endswith(").")


def test_what_is_encrypted_gives_noise_that_can_be_played_without_harm(saved):
    import io  # noqa: PLC0415 - beside what needs it

    import soundfile  # noqa: PLC0415 - likewise

    heard = overhear(saved("sdes"))[0]
    assert heard.understood is False
    assert abs(heard.listening.estoi) < 0.15
    assert np.sqrt(np.mean(heard.samples**2)) > 0.2
    played, _ = soundfile.read(io.BytesIO(heard.player().data))
    assert np.sqrt(np.mean(played**2)) < 0.06


def test_the_sound_is_as_long_whether_tags_follow_each_packet_or_not(saved):
    for name in ("plain", "sdes", "dtls"):
        heard = overhear(saved(name))[0]
        assert heard.duration_s == pytest.approx(heard.stream.packets * 0.02, abs=0.06)


@pytest.mark.parametrize(("name", "tag"), [("plain", 0), ("sdes", 10), ("dtls", 10)])
def test_tags_show_in_the_length_of_packets(saved, name, tag):
    assert {each.tag_bytes for each in overhear(saved(name))} == {tag}


def test_of_opus_nobody_can_tell_tags():
    capture = Capture.open(CAPTURES / "baresip-opus.pcap")
    assert tag_bytes(capture.media[0]) is None


def test_a_key_that_was_sent_in_clear_opens_what_is_encrypted(saved):
    heard = overhear(saved("keys-in-clear"))
    assert {each.key.suite for each in heard} == {"AES_CM_128_HMAC_SHA1_80"}
    assert all(each.understood and each.listening.estoi > 0.95 for each in heard)
    assert all(each.randomness.passed for each in heard)
    assert "opened with a key that was sent in clear" in str(heard[0])
    assert "key=" not in repr(heard[0].key)


def test_opus_is_opened_as_well():
    capture = Capture.open(CAPTURES / "baresip-sdes-srtp.pcap")
    assert len(keys_in_clear(capture)) == 2
    for row in range(2):
        heard = eavesdrop(capture, row)
        assert heard.key is not None
        assert str(heard.codec) == "opus/48000/2"
        assert 0.1 < np.abs(heard.samples).max() < 0.9
        assert np.sqrt(np.mean(heard.samples**2)) < 0.2


def test_keys_that_dtls_agreed_on_are_not_seen(saved):
    for capture in (Capture.open(CAPTURES / "baresip-dtls-srtp.pcap"), saved("dtls").capture):
        assert keys_in_clear(capture) == ()


def test_the_log_of_the_pbx_holds_no_keys(saved):
    assert keys_in_clear(saved("sdes").told) == ()


def test_what_nobody_knows_can_not_be_compared():
    heard = eavesdrop(Capture.open(CAPTURES / "baresip-asterisk-tcp-udp.pcap"))
    with pytest.raises(CaptureError, match="what was said"):
        heard.understood  # noqa: B018 - reading it raises
    assert "understood" not in str(heard)


def test_an_eavesdropper_must_know_the_codec():
    capture = Capture.open(CAPTURES / "aiortc-webrtc.pcapng")
    with pytest.raises(CaptureError, match="codec"):
        eavesdrop(capture)
    assert len(eavesdrop(capture, codec="opus").samples) > 48000


def test_a_packet_before_the_stream_of_its_direction_comes_last(saved, tmp_path):
    call = tmp_path / "call"
    shutil.copytree(saved("plain").folder, call)
    leg = saved("plain").measured_legs[0]
    received = saved("plain").capture_at(leg).received_by(leg.address).media[0]
    file = call / leg.capture
    ssrc = received.key.ssrc.to_bytes(4, "big")
    other = bytes(byte ^ 0xFF for byte in ssrc)
    file.write_bytes(gzip.compress(gzip.decompress(file.read_bytes()).replace(ssrc, other, 1)))
    at_phone = [each for each in overhear(Evidence.open(call)) if each.at == leg.user]
    assert [each.stream.figures.packets > 1 for each in at_phone] == [True, True, False]
    assert [each.understood for each in at_phone] == [True, True, None]
