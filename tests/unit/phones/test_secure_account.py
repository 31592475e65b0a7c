"""How a phone is told to encrypt, and how it is seen that it was refused."""

import socket
import struct

import pytest

from voiplab.phones import Account
from voiplab.phones.refusal import distrusted, hung_up
from voiplab.phones.tap import begins_tls

FIN, RST, ACK, PUSH = 0x01, 0x04, 0x10, 0x08


def segment(src_port: int, dst_port: int, payload: bytes = b"", flags: int = ACK) -> bytes:
    tcp = struct.pack(">HHIIBBHHH", src_port, dst_port, 1, 1, 5 << 4, flags, 1024, 0, 0) + payload
    address = socket.inet_aton("192.0.2.1")
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 1, 0, 64, 6, 0) + address + address
    return bytes(12) + b"\x08\x00" + ip + tcp


def pcap(*frames: bytes) -> bytes:
    content = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    for frame in frames:
        content += struct.pack("<IIII", 1, 0, len(frame), len(frame)) + frame
    return content


@pytest.mark.parametrize(
    ("encryption", "told"),
    [("sdes", ";mediaenc=srtp-mand"), ("dtls", ";mediaenc=dtls_srtp"), ("none", "")],
)
def test_a_phone_is_told_to_encrypt_and_takes_nothing_less(encryption, told):
    account = Account("2001", "x", "pbx:5061", transport="tls", media_encryption=encryption)
    assert "<sip:2001@pbx:5061;transport=tls>" in account.line()
    assert account.line().partition("answermode=auto")[2] == told


def test_an_account_in_clear_is_as_it_always_was():
    assert Account("2001", "x", "pbx:5060").line() == (
        "<sip:2001@pbx:5060;transport=udp>;auth_user=2001;auth_pass=x;regint=60"
        ";audio_codecs=PCMU/8000/1,PCMA/8000/1;answermode=auto"
    )


def test_a_handshake_is_told_from_what_follows_it():
    hello = b"\x16\x03\x01\x00\xf8\x01"
    assert begins_tls(segment(40000, 5061, hello))
    assert not begins_tls(segment(40000, 5061, b"\x17\x03\x03\x00\x20"))
    assert not begins_tls(segment(40000, 5061))
    udp = bytearray(segment(40000, 5061, hello))
    udp[23] = 17
    assert not begins_tls(bytes(udp))
    arp = bytearray(segment(40000, 5061, hello))
    arp[12:14] = b"\x08\x06"
    assert not begins_tls(bytes(arp))


@pytest.mark.parametrize("frame", [b"", bytes(10), bytes(14), segment(1, 2)[:40]])
def test_a_stub_of_a_frame_begins_nothing(frame):
    assert not begins_tls(frame)


def test_only_the_servers_own_ends_count():
    capture = pcap(
        segment(5061, 40000, b"x", PUSH | ACK),
        segment(40000, 5061, flags=FIN | ACK),
        segment(5061, 40000, flags=FIN | ACK),
        segment(5061, 40002, flags=RST),
        segment(5060, 40002, flags=RST),
    )
    assert hung_up(capture, 5061) == 2
    assert hung_up(b"", 5061) == 0


def test_the_phones_reasons_are_read_off_its_log_in_their_order():
    log = (
        "\x1b[31mtls: verify_handler: err          = 10\n"
        "\x1b[;m\x1b[31mtls: verify_handler: error_string = certificate has expired\n"
        "\x1b[;m2001@pbx: 200 OK\n"
        "\x1b[31mtls: verify_handler: error_string = hostname mismatch\n"
    )
    assert distrusted(log) == ["certificate has expired", "hostname mismatch"]
