"""SRTP with known keys: the vectors of RFC 3711, and a real call."""

import base64
from pathlib import Path

import pytest

from voiplab.packets import Capture
from voiplab.packets.srtp import SrtpKey, _keystream, _rollovers

FOLDER = Path(__file__).parents[2] / "fixtures" / "captures"


def test_keystream():
    """RFC 3711, appendix B.2."""
    key = bytes.fromhex("2B7E151628AED2A6ABF7158809CF4F3C")
    iv = int("F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000", 16)
    stream = _keystream(key, iv, 48)
    assert stream[:32].hex() == "e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab"
    assert stream[32:].hex() == "41e95b3bb0a2e8dd477901e4fca894c0"


def test_session_keys():
    """RFC 3711, appendix B.3."""
    key = SrtpKey(
        "AES_CM_128_HMAC_SHA1_80",
        bytes.fromhex("E1F97A0D3E018BE0D64FA32C06DE4139"),
        bytes.fromhex("0EC675AD498AFEEBB6960B3AABE6"),
    )
    assert key.session_key(0, 16).hex() == "c61e7a93744f39ee10734afe3ff7a087"
    assert key.session_key(2, 14).hex() == "30cbbc08863d8c85d49db34a9ae1"
    assert key.session_key(1, 94).hex().startswith("cebe321f6ff7716b6fd4ab49af256a156d38baa4")


def keys_and_packets():
    capture = Capture.open(FOLDER / "baresip-sdes-srtp.pcap")
    keys = [
        key for seen in capture.signalling if seen.message.sdp
        for key in SrtpKey.told_in(seen.message.sdp)
    ]  # fmt: skip
    stream = capture.media[0].key
    packets = [
        each.payload for each in capture.packets()
        if (each.source, each.destination) == (stream.src, stream.dst)
    ]  # fmt: skip
    return keys, packets


def test_a_real_stream_is_opened_by_its_own_key_only():
    keys, packets = keys_and_packets()
    opened = [list(key.decrypt(packets)) for key in keys]
    assert sorted(len(each) for each in opened) == [0, len(packets)]
    (clear,) = filter(None, opened)
    # Opus at one bit rate: its table-of-contents byte (RFC 6716, 3.1) is nearly always the same.
    assert len({packet.payload[0] for packet in clear}) < 6
    assert len({packet[12] for packet in packets}) > 40


def test_what_was_changed_on_the_way_is_left_out():
    keys, packets = keys_and_packets()
    (key,) = (key for key in keys if list(key.decrypt(packets)))
    changed = [packets[0][:20] + bytes([packets[0][20] ^ 1]) + packets[0][21:], *packets[1:]]
    assert len(list(key.decrypt(changed))) == len(packets) - 1
    assert list(key.decrypt([b"", b"\x80", packets[0][:15]])) == []


@pytest.mark.parametrize(
    ("rollovers", "highest", "number", "expected"),
    [
        (0, None, 7, 0), (0, 10, 11, 0), (0, 65535, 0, 1), (1, 2, 65534, 0), (0, 2, 65534, 0),
        (3, 40_000, 39_000, 3), (3, 60_000, 5, 4),
    ],
)  # fmt: skip
def test_how_often_the_sequence_has_wrapped(rollovers, highest, number, expected):
    assert _rollovers(rollovers, highest, number) == expected


@pytest.mark.parametrize(
    "line",
    [
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAA",
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + "A" * 39 + "?",
        "a=crypto:1 AEAD_AES_128_GCM inline:" + base64.b64encode(bytes(28)).decode(),
        "a=crypto:x AES_CM_128_HMAC_SHA1_80 inline:" + "AB" * 20,
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + "x" * 40,
        "a=fingerprint:sha-256 AA:BB",
    ],
)
def test_other_lines_are_passed_over(line):
    assert list(SrtpKey.told_in(f"v=0\r\n{line}\r\n".encode())) == []


def test_a_key_is_read_with_its_lifetime_and_never_shown():
    told = base64.b64encode(bytes(range(30))).decode()
    line = f"a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:{told}|2^20|1:4\r\n"
    (key,) = SrtpKey.told_in(b"m=audio 1 RTP/SAVP 0\r\n" + line.encode())
    assert (key.master_key, key.master_salt) == (bytes(range(16)), bytes(range(16, 30)))
    assert key.tag_bytes == 4
    assert told not in repr(key)
    assert "master" not in repr(key)
