"""A certificate authority: whom all in a lab trust."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

from voiplab.certificates.certificate import Certificate
from voiplab.errors import CertificateError

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

LIFE = timedelta(days=7)
"""How long what an authority issues is good: longer than a lab, too short to be worth stealing."""

HEAD_START = timedelta(hours=1)
"""How much earlier than now it is good from: clocks differ."""


@dataclass(frozen=True)
class Authority:
    """A certificate authority (CA).

    Attributes:
        certificate: its own, signed by itself, with the key that signs all others.

    >>> from datetime import UTC, datetime
    >>> now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    >>> authority = Authority.create("VoIP Lab demo", now=now)
    >>> authority.issue("pbx", now=now)
    <Certificate of pbx by VoIP Lab demo, until 2026-12-02 12:00 UTC>
    """

    certificate: Certificate

    @classmethod
    def create(cls, name: str, *, now: datetime) -> "Authority":
        """Make an authority with a new key (ECDSA on P-256, FIPS 186-5).

        Args:
            name: what it is called in what it issues.
            now: the time, with a time zone.
        """
        key = _new_key()
        return cls(_signed(name, key=key, now=now, authority=None, names=()))

    def issue(
        self,
        name: str,
        *,
        now: datetime,
        addresses: Iterable[str] = (),
        valid_from: datetime | None = None,
        valid_until: datetime | None = None,
    ) -> Certificate:
        """Issue a certificate, for a server as well as for a client, with a new key.

        Args:
            name: whose it is: the host name at which it is reached, or a phone's extension.
            now: the time, with a time zone.
            addresses: IP addresses at which it is reached too.
            valid_from: without it, an hour ago.
            valid_until: without it, in a week.

        Raises:
            CertificateError: when no certificate can say so.
        """
        return _signed(
            name,
            key=_new_key(),
            now=now,
            authority=self,
            names=(name, *addresses),
            valid_from=valid_from,
            valid_until=valid_until,
        )

    @property
    def name(self) -> str:
        """What it is called."""
        return self.certificate.name


def _new_key() -> "ec.EllipticCurvePrivateKey":
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - heavy

    return ec.generate_private_key(ec.SECP256R1())


def _signed(  # noqa: PLR0913 - a certificate says that much
    name: str,
    *,
    key: "ec.EllipticCurvePrivateKey",
    now: datetime,
    authority: Authority | None,
    names: tuple[str, ...],
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> Certificate:
    from cryptography import x509  # noqa: PLC0415 - heavy
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        Encoding,
        NoEncryption,
        PrivateFormat,
        load_pem_private_key,
    )
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID  # noqa: PLC0415

    try:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if authority is None else authority.certificate.x509.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(valid_from or now - HEAD_START)
            .not_valid_after(valid_until or now + LIFE)
        )
        alternatives = [_general_name(each) for each in names]
    except ValueError as error:
        raise CertificateError(
            f"No certificate can be made out to {name!r}: {error}. Check its name, its addresses "
            "and its times."
        ) from error
    public = key.public_key()
    issuer_public = public if authority is None else authority.certificate.x509.public_key()
    builder = (
        builder.add_extension(
            x509.BasicConstraints(ca=authority is None, path_length=0 if not authority else None),
            critical=True,
        )
        .add_extension(_usage(of_authority=authority is None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_public),  # type: ignore[arg-type]  # any that signs
            critical=False,
        )
    )
    if authority is not None:
        purposes = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        builder = builder.add_extension(
            x509.SubjectAlternativeName(alternatives), critical=False
        ).add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    signing = (
        key
        if authority is None
        else load_pem_private_key(authority.certificate.key.encode(), password=None)
    )
    signed = builder.sign(signing, hashes.SHA256())  # type: ignore[arg-type]  # a key of ours
    return Certificate(
        pem=signed.public_bytes(Encoding.PEM).decode(),
        key=key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
    )


def _general_name(name: str) -> "x509.GeneralName":
    from cryptography import x509  # noqa: PLC0415 - heavy

    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(*, of_authority: bool) -> "x509.KeyUsage":
    from cryptography import x509  # noqa: PLC0415 - heavy

    return x509.KeyUsage(
        digital_signature=not of_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=of_authority,
        crl_sign=of_authority,
        encipher_only=False,
        decipher_only=False,
    )
