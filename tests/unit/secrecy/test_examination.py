"""Claims about a call, one by one; each fails where it should, and nowhere else."""

import gzip
import re
import shutil

import numpy as np
import pytest
import soundfile

from voiplab.check import require
from voiplab.errors import EvidenceError
from voiplab.evidence import Evidence
from voiplab.packets import Capture, write_pcap
from voiplab.secrecy import examine, overhear

CLAIMS = [
    "no SIP in clear", "TLS version", "TLS cipher suite", "SDP asks for SRTP",
    "keys out of sight", "media is SRTP", "nothing overheard", "bytes look random",
]  # fmt: skip
OF_DTLS = [*CLAIMS[:6], "DTLS handshake", *CLAIMS[6:]]


def failed(checks):
    return [check.name for check in checks if not check.passed]


def named(checks, name):
    (check,) = (check for check in checks if check.name == name)
    return check


@pytest.mark.parametrize(("name", "claims"), [("sdes", CLAIMS), ("dtls", OF_DTLS)])
def test_every_claim_holds_of_an_encrypted_call(saved, name, claims):
    checks = examine(saved(name))
    assert [check.name for check in checks] == claims
    assert failed(checks) == []
    require(checks)


def test_every_claim_fails_on_the_same_call_in_clear(saved):
    checks = examine(saved("plain"))
    assert failed(checks) == CLAIMS
    for check in checks:
        assert check.where
        assert check.reason.count("expected") == 1
    with pytest.raises(AssertionError, match="no SIP in clear"):
        require(checks)


def test_one_phone_in_clear_gives_the_call_away(saved):
    checks = examine(saved("half"))
    assert failed(checks) == CLAIMS
    assert named(checks, "TLS version").found == "TLS 1.3 at phone 2001; no TLS at phone 2002"
    assert named(checks, "no SIP in clear").where.startswith("2002.pcap")
    heard = named(checks, "nothing overheard").found.split("; ")
    assert [": understood" in each for each in heard] == [False, False, True, True]


def test_encryption_is_worth_nothing_when_its_keys_are_sent_in_clear(saved):
    checks = examine(saved("keys-in-clear"))
    assert failed(checks) == [
        "no SIP in clear", "TLS version", "TLS cipher suite", "keys out of sight",
        "nothing overheard",
    ]  # fmt: skip
    assert "opened with a key that was sent in clear" in named(checks, "nothing overheard").found
    assert "keys that anybody can read" in named(checks, "keys out of sight").found


def test_what_an_encrypted_call_was_made_with_is_named(saved):
    found = {check.name: check.found for check in examine(saved("dtls"))}
    assert found["TLS version"] == "TLS 1.3 at phone 2001; TLS 1.3 at phone 2002"
    assert "TLS_AES_256_GCM_SHA384" in found["TLS cipher suite"]
    assert "UDP/TLS/RTP/SAVPF" in found["SDP asks for SRTP"]
    assert "agreed on by DTLS" in found["keys out of sight"]
    assert "DTLS 1.2, TLS_ECDHE" in found["DTLS handshake"]
    assert "SRTP_AES128_CM_HMAC_SHA1_80" in found["DTLS handshake"]
    assert "SRTP with tags of 10 bytes" in found["media is SRTP"]


def test_silence_that_was_sent_before_the_keys_were_there_is_told_and_gives_nothing_away(saved):
    call = saved("silence-in-clear")
    checks = examine(call)
    assert failed(checks) == []
    assert "and 1 of silence in clear at phone 2002" in named(checks, "media is SRTP").found
    assert [len(each.in_clear) for each in overhear(call)] == [0, 1, 0, 0]


@pytest.mark.parametrize("sound", [bytes([0x90, 0x10] * 80), bytes([0xFF] * 159 + [0xFD])])
def test_a_packet_of_sound_in_clear_among_encrypted_ones_is_found(saved, tmp_path, sound):
    folder = tmp_path / "leaked"
    shutil.copytree(saved("silence-in-clear").folder, folder)
    capture = folder / "2002.pcap.gz"
    frames, found = re.subn(rb"[\xff\x7f]{160}", sound, gzip.decompress(capture.read_bytes()))
    assert found == 1
    capture.write_bytes(gzip.compress(frames))
    checks = examine(Evidence.open(folder))
    assert failed(checks) == ["media is SRTP"]
    assert "1 of sound in clear among SRTP" in named(checks, "media is SRTP").found


def changed(saved, folder, name, keep):
    """The evidence without those packets at phone 2001 that `keep` does not want."""
    source = saved(name).folder
    shutil.copytree(source, folder)
    packets = [each for each in Capture.open(folder / "2001.pcap.gz").packets() if keep(each)]
    write_pcap(folder / "2001.pcap.gz", packets)
    return Evidence.open(folder)


def test_tls_whose_beginning_nobody_saw_is_no_proof(saved, tmp_path):
    late = changed(
        saved, tmp_path / "late", "sdes",
        lambda packet: packet.transport == "udp" or not packet.payload.startswith(b"\x16\3"),
    )  # fmt: skip
    checks = examine(late)
    assert failed(checks) == ["TLS version", "TLS cipher suite"]
    assert "whose beginning was not captured at phone 2001" in named(checks, "TLS version").found


def test_without_dtls_a_call_that_asks_for_it_fails(saved, tmp_path):
    without = changed(
        saved, tmp_path / "without", "dtls",
        lambda packet: packet.transport == "tcp" or not 20 <= packet.payload[0] <= 63,
    )  # fmt: skip
    checks = examine(without)
    assert failed(checks) == ["DTLS handshake"]
    assert "none that was completed at phone 2001" in named(checks, "DTLS handshake").found


def test_too_little_media_is_no_proof(saved, tmp_path):
    first = {}
    short = changed(
        saved, tmp_path / "short", "sdes",
        lambda packet: packet.transport == "tcp"
        or packet.time_s < first.setdefault("s", packet.time_s) + 0.1,
    )  # fmt: skip
    checks = examine(short)
    assert failed(checks) == ["nothing overheard", "bytes look random"]
    assert "too little to tell" in named(checks, "nothing overheard").found
    assert "too few to tell" in named(checks, "bytes look random").found


def test_no_media_is_no_proof(saved, tmp_path):
    silent = changed(saved, tmp_path / "silent", "sdes", lambda packet: packet.transport == "tcp")
    assert "media is SRTP" in failed(examine(silent))


def test_no_recording_of_what_was_said_is_no_proof(saved, tmp_path):
    shutil.copytree(saved("sdes").folder, tmp_path / "unsaid")
    text = (tmp_path / "unsaid" / "call.json").read_text()
    for user in ("2001", "2002"):
        text = text.replace(f'"{user}-said.flac"', "null")
    (tmp_path / "unsaid" / "call.json").write_text(text)
    checks = examine(Evidence.open(tmp_path / "unsaid"))
    assert failed(checks) == ["nothing overheard"]
    assert "nobody knows what was said" in named(checks, "nothing overheard").found


def silenced(saved, folder, name, *users):
    """The evidence as if users had said nothing: what was sent stays as it was."""
    shutil.copytree(saved(name).folder, folder)
    for user in users:
        path = folder / f"{user}-said.flac"
        samples, rate_hz = soundfile.read(path)
        soundfile.write(path, np.zeros_like(samples), rate_hz)
    return Evidence.open(folder)


def test_who_says_nothing_is_no_witness(saved, tmp_path):
    one = silenced(saved, tmp_path / "one", "sdes", "2002")
    assert failed(examine(one)) == []
    assert "2002's speech at phone 2001: silence was said" in str(
        named(examine(one), "nothing overheard")
    )
    both = silenced(saved, tmp_path / "both", "sdes", "2001", "2002")
    assert failed(examine(both)) == ["nothing overheard"]
    assert all(str(each).endswith("silence was said.") for each in overhear(both))


def test_no_capture_is_an_error_with_a_sentence(saved, tmp_path):
    shutil.copytree(saved("plain").folder, tmp_path / "blind")
    text = (tmp_path / "blind" / "call.json").read_text()
    for user in ("2001", "2002"):
        text = text.replace(f'"{user}.pcap.gz"', "null")
    (tmp_path / "blind" / "call.json").write_text(text)
    with pytest.raises(EvidenceError, match="nothing can be said"):
        examine(Evidence.open(tmp_path / "blind"))


def test_each_direction_is_overheard_at_each_phone(saved):
    heard = overhear(saved("plain"))
    assert len(heard) == 4
    assert all(each.understood for each in heard)
    assert not any(each.understood for each in overhear(saved("sdes")))
