"""Certificates, as OpenSSL (an independent judge) sees them in a handshake of TLS."""

import pickle
import re
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from voiplab.certificates import Authority, Certificate, Flaw, flawed, why_refused
from voiplab.errors import CertificateError

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create("VoIP Lab test", now=NOW)


def current() -> Authority:
    """One whose certificates are good on the clock that OpenSSL reads."""
    return Authority.create("VoIP Lab now", now=datetime.now(UTC))


def files(folder: Path, certificate: Certificate) -> str:
    path = folder / "own.pem"
    path.write_text(certificate.pem + certificate.key)
    return str(path)


def shake_hands(
    folder: Path, *, server: Certificate, client: Certificate, trusted: Certificate, name: str
) -> str:
    """Do a handshake of TLS in memory, as phone and PBX do; why OpenSSL refused, or ""."""
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(files(folder, server))
    serving.load_verify_locations(cadata=trusted.pem)
    serving.verify_mode = ssl.CERT_REQUIRED
    calling = ssl.create_default_context(cadata=trusted.pem)
    calling.load_cert_chain(files(folder, client))
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        calling.wrap_bio(to_client, to_server, server_hostname=name),
        serving.wrap_bio(to_server, to_client, server_side=True),
    ]
    for _ in range(4):
        for end in ends:
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                pass
            except ssl.SSLCertVerificationError as error:
                return error.verify_message
    return ""


def test_what_an_authority_issues_is_taken_by_openssl(tmp_path):
    authority, now = current(), datetime.now(UTC)
    server, client = authority.issue("pbx", now=now), authority.issue("2001", now=now)
    trusted = authority.certificate
    assert shake_hands(tmp_path, server=server, client=client, trusted=trusted, name="pbx") == ""
    assert why_refused(server, trusted=trusted, name="pbx", now=now) == ""
    assert why_refused(client, trusted=trusted, name=None, now=now) == ""


@pytest.mark.parametrize(
    ("flaw", "openssl", "sentence"),
    [
        (Flaw.WRONG_NAME, "Hostname mismatch", "made out to elsewhere.example, and not to pbx"),
        (Flaw.EXPIRED, "certificate has expired", r"of pbx expired on \d+ \w+ \d{4} at "),
        (Flaw.UNKNOWN_AUTHORITY, "unable to get local issuer", "whom nobody here trusts"),
    ],
)
def test_a_flawed_server_is_refused_by_openssl_and_by_us(tmp_path, flaw, openssl, sentence):
    authority, now = current(), datetime.now(UTC)
    bad = flawed(flaw, authority=authority, name="pbx", now=now)
    client, trusted = authority.issue("2001", now=now), authority.certificate
    said = shake_hands(tmp_path, server=bad, client=client, trusted=trusted, name="pbx")
    assert openssl in said
    reason = why_refused(bad, trusted=trusted, name="pbx", now=now)
    assert re.search(sentence, reason)


@pytest.mark.parametrize("flaw", [Flaw.EXPIRED, Flaw.UNKNOWN_AUTHORITY])
def test_a_flawed_phone_is_refused_by_openssl_and_by_us(tmp_path, flaw):
    authority, now = current(), datetime.now(UTC)
    bad = flawed(flaw, authority=authority, name="2001", now=now)
    server, trusted = authority.issue("pbx", now=now), authority.certificate
    assert shake_hands(tmp_path, server=server, client=bad, trusted=trusted, name="pbx")
    assert why_refused(bad, trusted=trusted, name=None, now=now)


def test_a_certificate_is_good_for_a_short_while(authority):
    good = authority.issue("pbx", now=NOW)
    trusted = authority.certificate

    def refused(now: datetime) -> str:
        return why_refused(good, trusted=trusted, name="pbx", now=now)

    assert refused(NOW) == ""
    assert timedelta(0) < good.valid_until - NOW <= timedelta(days=7)
    assert "expired on 2 December 2026 at 12:00:00 UTC" in refused(NOW + timedelta(days=8))
    assert "is good from 25 November 2026 at 11:00:00 UTC on" in refused(NOW - timedelta(days=1))


def test_a_signature_in_anothers_name_is_found_out(authority):
    impostor = Authority.create(authority.name, now=NOW)
    forged = impostor.issue("pbx", now=NOW)
    reason = why_refused(forged, trusted=authority.certificate, name="pbx", now=NOW)
    assert reason == (
        "The certificate of pbx says that VoIP Lab test signed it, but the signature is another's."
    )


def test_a_phone_can_not_sign_for_others(authority):
    phone = authority.issue("2001", now=NOW)
    forged = Authority(phone).issue("pbx", now=NOW)
    assert why_refused(forged, trusted=authority.certificate, name="pbx", now=NOW)
    assert why_refused(forged, trusted=phone, name="pbx", now=NOW)


def test_names_and_addresses_are_both_good(authority):
    both = authority.issue("pbx", now=NOW, addresses=["192.0.2.5"])
    assert both.names == ("pbx", "192.0.2.5")
    for name, refused in (("pbx", False), ("192.0.2.5", False), ("192.0.2.6", True)):
        reason = why_refused(both, trusted=authority.certificate, name=name, now=NOW)
        assert bool(reason) is refused


def test_it_says_what_it_is_for_and_no_more(authority):
    extensions = authority.issue("pbx", now=NOW).x509.extensions
    assert set(extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == {
        ExtendedKeyUsageOID.SERVER_AUTH,
        ExtendedKeyUsageOID.CLIENT_AUTH,
    }
    assert not extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    own = authority.certificate.x509.extensions
    assert own.get_extension_for_class(x509.BasicConstraints).value.ca
    assert own.get_extension_for_class(x509.BasicConstraints).value.path_length == 0


def test_serial_numbers_are_random_and_keys_new_each_time(authority):
    several = [authority.issue("pbx", now=NOW) for _ in range(5)]
    assert len({each.serial_number for each in several}) == 5
    assert len({each.key for each in several}) == 5
    assert all(each.serial_number > 1 << 64 for each in several)


def test_no_key_is_shown(authority):
    own = authority.issue("pbx", now=NOW)
    for shown in (repr(authority), str(authority), repr(own), f"{own}", repr([own])):
        assert "PRIVATE" not in shown
    assert pickle.loads(pickle.dumps(own)) == own  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    "times",
    [
        {"valid_from": NOW, "valid_until": NOW - timedelta(days=1)},
        {"valid_until": datetime(1900, 1, 1, tzinfo=UTC)},
    ],
)
def test_impossible_times_are_refused_in_a_sentence(authority, times):
    with pytest.raises(CertificateError, match="No certificate can be made out to 'pbx'"):
        authority.issue("pbx", now=NOW, **times)


@pytest.mark.parametrize("name", ["", "é" * 3, "x" * 65])
def test_impossible_names_are_refused_in_a_sentence(authority, name):
    with pytest.raises(CertificateError, match="No certificate can be made out"):
        authority.issue(name, now=NOW)


@pytest.mark.parametrize("text", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_what_is_no_certificate_says_so(text):
    with pytest.raises(CertificateError, match="is no certificate"):
        _ = Certificate(text).name


def test_only_what_has_its_own_key_can_be_presented(authority):
    one, other = (authority.issue("pbx", now=NOW) for _ in range(2))
    one.check_key()
    for key, reason in (
        ("", "without its private key"),
        (other.key, "not that of the certificate of pbx"),
        ("-----BEGIN PRIVATE KEY-----\n", "can't be read"),
        (one.pem, "can't be read"),
    ):
        with pytest.raises(CertificateError, match=reason):
            Certificate(one.pem, key).check_key()


def test_the_library_waits_until_it_is_used():
    probe = (
        "import sys, voiplab.certificates, voiplab.lab; "
        "print([name for name in sys.modules if name.startswith('cryptography')])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", probe], check=True, capture_output=True, text=True
    ).stdout
    assert shown.strip() == "[]"
