"""TLS and DTLS as an onlooker sees them."""

import struct
from pathlib import Path
from random import Random

import pytest
from cryptography import x509

from voiplab.packets import Capture, CipherSuite
from voiplab.packets.tls_names import _CIPHER_SUITES, ALERTS, SRTP_PROFILES, VERSIONS

FOLDER = Path(__file__).parents[2] / "fixtures" / "captures"
REFERENCES = {path.name.partition(".")[0]: path for path in sorted(FOLDER.glob("*.tshark-tls.txt"))}
FIELDS = (
    "src", "tcp_src", "udp_src", "dst", "tcp_dst", "udp_dst", "tls_type", "dtls_type",
    "tls_ciphers", "dtls_ciphers", "tls_version", "dtls_version", "supported", "server_name",
    "srtp", "alerts",
)  # fmt: skip
CLIENT, SERVER = "192.0.2.1:40000", "192.0.2.2:5061"


def opened(name):
    (path,) = FOLDER.glob(f"{name}.pcap*")
    return Capture.open(path)


def reference(name):
    """What tshark's fields say of each hello and alert."""
    version, command, *lines = REFERENCES[name].read_text().splitlines()
    assert version.startswith("TShark (Wireshark)")
    assert name in command
    return [dict(zip(FIELDS, line.split("\t"), strict=True)) for line in lines]


def ends(row):
    src, dst = (row["tcp_src"] or row["udp_src"], row["tcp_dst"] or row["udp_dst"])
    return f"{row['src']}:{src}", f"{row['dst']}:{dst}"


def numbers(text):
    return [int(each, 0) for each in text.split(",") if each]


@pytest.mark.parametrize("name", REFERENCES)
def test_hellos_and_alerts_agree_with_tshark(name):
    ours = {(each.client, each.server): each for each in opened(name).handshakes}
    theirs = reference(name)
    opening = {ends(row) for row in theirs if (row["tls_type"] or row["dtls_type"]) == "1"}
    assert set(ours) == opening
    for row in theirs:
        kind = (row["tls_type"] or row["dtls_type"]).partition(",")[0]
        ciphers = [CipherSuite(code) for code in numbers(row["tls_ciphers"] or row["dtls_ciphers"])]
        versions = [
            VERSIONS[code]
            for code in numbers(row["supported"] or row["tls_version"] or row["dtls_version"])
        ]
        profiles = [SRTP_PROFILES[code] for code in numbers(row["srtp"])]
        if kind == "1":
            seen = ours[ends(row)]
            assert list(seen.offered_ciphers) == ciphers
            assert list(seen.offered_versions) == versions
            assert seen.server_name == row["server_name"]
            assert list(seen.offered_srtp_profiles) == profiles
        elif kind == "2":
            seen = ours[ends(row)[::-1]]
            assert [seen.cipher] == ciphers
            assert [seen.version] == versions
            assert [seen.srtp_profile] == (profiles or [""])
    said = [(ends(row)[0], ALERTS[number]) for row in theirs for number in numbers(row["alerts"])]
    assert said == [
        (alert.src, alert.name) for each in ours.values() for alert in each.alerts
    ]  # fmt: skip


def test_the_references_hold_every_case():
    rows = [row for name in REFERENCES for row in reference(name)]
    assert {code for row in rows for code in numbers(row["alerts"])} == {48, 70}
    versions = {each.version for name in REFERENCES for each in opened(name).handshakes}
    assert versions == {"TLS 1.2", "TLS 1.3", "DTLS 1.2", ""}


def test_cipher_suites_are_called_as_openssl_calls_them():
    lines = (FOLDER / "cipher-suites.openssl.txt").read_text().splitlines()
    agreed = 0
    for line in lines[2:]:
        pair, _, rest = line.strip().partition(" - ")
        code = int(pair.replace(",0x", ""), 16)
        if code in _CIPHER_SUITES:
            agreed += 1
            suite, openssl = CipherSuite(code), rest.split()
            assert suite.name == openssl[0]
            exchange, sealing = openssl[4], openssl[7]
            ephemeral = exchange in {"Kx=any", "Kx=ECDH", "Kx=DH", "Kx=ECDHEPSK", "Kx=DHEPSK"}
            assert suite.forward_secret == (ephemeral and "anon" not in suite.name)
            assert suite.authenticated == (sealing == "Mac=AEAD")
    assert agreed > 70
    assert CipherSuite(0xFE01).name == "0xFE01"
    assert not CipherSuite(0xFE01).forward_secret
    assert not CipherSuite(0x13FF).forward_secret


def test_certificates_are_seen_up_to_tls_1_2():
    (seen, _) = opened("baresip-asterisk-tls12-srtp").handshakes
    (der,) = seen.server_certificates
    assert x509.load_der_x509_certificate(der).subject.rfc4514_string() == "CN=vf-pbx"
    for seen in opened("baresip-asterisk-tls13-srtp").handshakes:
        assert not seen.server_certificates
        assert seen.established


def test_a_table_tells_what_was_agreed():
    table = opened("baresip-asterisk-tls13-srtp").tls
    assert set(table.version) == {"TLS 1.3"}
    assert set(table.cipher) == {"TLS_AES_256_GCM_SHA384"}
    assert table.forward_secret.all()
    assert table.authenticated.all()
    assert (table.encrypted_bytes > 3000).all()
    assert set(opened("baresip-opus").tls.columns) == set(table.columns)
    assert len(opened("baresip-opus").tls) == 0


def test_who_refused_and_why():
    table = opened("baresip-asterisk-tls12-unknown-authority").tls
    assert set(table.refusal) == {"unknown_ca"}
    assert not table.established.any()
    assert set(opened("baresip-asterisk-tls10-refused").tls.refusal) == {"protocol_version"}


def test_dtls_that_gives_media_its_keys_belongs_to_its_call():
    capture = opened("baresip-dtls-srtp")
    (call,) = capture.calls
    part = capture.call(call.call_id)
    assert len(part.handshakes) == 2
    assert set(part.tls.srtp_profile) == {"SRTP_AES128_CM_HMAC_SHA1_80"}
    tls = opened("baresip-asterisk-tls12-srtp")
    mine = tls.received_by("192.168.80.3").handshakes
    assert [each.client for each in mine] == [tls.handshakes[0].client]


def test_a_handshake_that_two_captures_saw_appears_once(captures):
    path = captures / "baresip-asterisk-tls12-srtp.pcap"
    assert len(Capture.open(path, path).handshakes) == 2


def test_the_protocol_of_ports_is_tls():
    flows = opened("baresip-asterisk-tls12-srtp").protocols
    assert set(flows[flows.transport == "tcp"].protocol) == {"tls"}
    assert "sip" not in set(flows.protocol)


def record(kind, content, version=b"\3\3"):
    return bytes([kind]) + version + struct.pack(">H", len(content)) + content


def hello(*, random=bytes(32), kind=1, cipher=b"\xc0\x30", extensions=b""):
    ciphers = struct.pack(">H", len(cipher)) + cipher if kind == 1 else cipher
    compression = b"\1\0" if kind == 1 else b"\0"
    body = b"\3\3" + random + b"\0" + ciphers + compression
    body += struct.pack(">H", len(extensions)) + extensions
    return bytes([kind]) + len(body).to_bytes(3) + body


def sent(build, *segments):
    """Segments are triples of source, destination and content, numbered as TCP does."""
    numbers, frames = {}, []
    for number, (src, dst, content) in enumerate(segments):
        at = numbers.get(src, 4294967290)  # it wraps within the first segment
        frame = build.ethernet(build.ipv4(build.tcp(content, src, dst, at), src, dst, protocol=6))
        frames.append((1000 * number, frame))
        numbers[src] = (at + len(content)) % (1 << 32)
    return frames


def test_a_hello_in_small_pieces_out_of_order_and_twice(build):
    whole = record(22, hello(random=bytes(range(32))))
    pieces = [whole[at : at + 7] for at in range(0, len(whole), 7)]
    first, *rest = sent(build, *((CLIENT, SERVER, piece) for piece in pieces))
    Random(1).shuffle(rest)  # noqa: S311 - nothing is to be kept secret
    capture = Capture.open(build.pcap([first, *rest, *rest, first]))
    (seen,) = capture.handshakes
    assert (seen.client, seen.server, seen.version) == (CLIENT, SERVER, "")
    assert seen.random == bytes(range(32))
    assert seen.offered_ciphers == (CipherSuite(0xC030),)


def test_a_message_over_several_records(build):
    whole = hello()
    parts = [record(22, whole[:10]), record(22, whole[10:30]), record(22, whole[30:])]
    (seen,) = Capture.open(
        build.pcap(sent(build, *((CLIENT, SERVER, part) for part in parts)))
    ).handshakes
    assert seen.offered_versions == ("TLS 1.2",)


def test_an_alert_after_encryption_began_is_not_read(build):
    talk = [
        (CLIENT, SERVER, record(22, hello())),
        (SERVER, CLIENT, record(22, hello(kind=2)) + record(21, b"\1\x5a")),
        (SERVER, CLIENT, record(20, b"\1")),
        (SERVER, CLIENT, record(21, b"\2\x28")),
    ]
    (seen,) = Capture.open(build.pcap(sent(build, *talk))).handshakes
    assert [(each.src, each.level, each.name) for each in seen.alerts] == [
        (SERVER, "warning", "user_canceled")
    ]
    assert seen.refusal is None
    assert not seen.established


def test_a_second_connection_of_the_same_ports_is_another(build):
    def talk(random):
        return [
            (CLIENT, SERVER, record(22, hello(random=random * 32))),
            (SERVER, CLIENT, record(22, hello(kind=2)) + record(20, b"\1") + record(23, b"secret")),
            (CLIENT, SERVER, record(20, b"\1") + record(23, b"secret")),
        ]

    seen = Capture.open(build.pcap(sent(build, *talk(b"a"), *talk(b"b")))).handshakes
    assert [each.random[:1] for each in seen] == [b"a", b"b"]
    assert all(each.established and each.encrypted_bytes == 12 for each in seen)


def test_a_retry_is_no_answer(build):
    extensions = b"\0\x2b\0\2\3\4"
    retry = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
    talk = [
        (CLIENT, SERVER, record(22, hello())),
        (SERVER, CLIENT, record(22, hello(kind=2, random=retry, extensions=extensions))),
        (CLIENT, SERVER, record(20, b"\1") + record(22, hello())),
        (SERVER, CLIENT, record(22, hello(kind=2, cipher=b"\x13\1", extensions=extensions))),
    ]
    (seen,) = Capture.open(build.pcap(sent(build, *talk))).handshakes
    assert (seen.version, seen.cipher.name) == ("TLS 1.3", "TLS_AES_128_GCM_SHA256")


def test_a_connection_that_began_before_the_capture(build):
    whole = opened("baresip-asterisk-tls12-srtp")
    (first, _) = whole.handshakes
    packets = [
        packet for packet in whole.packets()
        if packet.transport == "tcp" and first.client in {packet.source, packet.destination}
    ]  # fmt: skip
    late = [
        (int(p.time_s * 1e6), p.frames[0].data) for p in packets if p.time_s > first.time_s + 0.5
    ]
    (seen,) = Capture.open(build.pcap(late)).handshakes
    assert (seen.client, seen.version, seen.cipher) == (first.client, "", None)
    assert 0 < seen.encrypted_bytes < first.encrypted_bytes


def test_other_talk_over_tcp_is_no_tls(build):
    talk = [
        (CLIENT, SERVER, b"GET / HTTP/1.1\r\n\r\n"),
        (SERVER, CLIENT, b"\x16\3\1\0\5hello"),
    ]
    assert Capture.open(build.pcap(sent(build, *talk))).handshakes == ()


@pytest.mark.parametrize("missing", [1, 3, 6])
def test_after_a_lost_segment_what_is_whole_is_told(build, missing):
    talk = [
        (CLIENT, SERVER, record(22, hello())),
        (SERVER, CLIENT, record(22, hello(kind=2))),
        *((SERVER, CLIENT, record(23, bytes(90))) for _ in range(300)),
        (CLIENT, SERVER, record(23, bytes(90))),
    ]
    frames = sent(build, *talk)
    del frames[missing]
    (seen,) = Capture.open(build.pcap(frames)).handshakes
    assert seen.random == bytes(32)
    assert seen.encrypted_bytes >= 200 * 90


def test_records_after_a_lost_segment_count_though_few_follow(build):
    talk = [
        (CLIENT, SERVER, record(22, hello())),
        (SERVER, CLIENT, record(22, hello(kind=2)) + record(20, b"\1")),
        *(
            (end, other, record(23, bytes(90)))
            for end, other in [(CLIENT, SERVER), (SERVER, CLIENT)] * 3
        ),
    ]
    frames = sent(build, *talk)
    del frames[2:4]
    (seen,) = Capture.open(build.pcap(frames)).handshakes
    assert seen.established
    assert seen.encrypted_bytes == 4 * 90


def test_truncated_captures_tell_what_they_hold(captures):
    content = (captures / "baresip-asterisk-tls12-srtp.pcap").read_bytes()
    for cut in range(24, 6000, 97):
        capture = Capture.open(content[:cut])
        assert len(capture.tls) == len(capture.handshakes) <= 2
