"""A certificate, and the private key that belongs to it."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from voiplab.errors import CertificateError

if TYPE_CHECKING:
    from cryptography import x509


@dataclass(frozen=True)
class Certificate:
    """Who somebody is, signed by an authority (X.509, RFC 5280), and the key that proves it.

    Attributes:
        pem: the certificate, as text (RFC 7468). It is public.
        key: its private key, likewise; never shown. "" where only its owner has it.
    """

    pem: str
    key: str = field(default="", repr=False)

    def __repr__(self) -> str:
        return f"<Certificate of {self.name} by {self.issuer}, until {self.valid_until:%F %R} UTC>"

    @property
    def x509(self) -> "x509.Certificate":
        """The certificate as the library `cryptography` has it.

        Raises:
            CertificateError: when the text is no certificate.
        """
        return _read(self.pem)

    def check_key(self) -> None:
        """Make sure that it can be presented: that its private key is there.

        Raises:
            CertificateError: when it is not, or is another's.

        >>> Certificate("-----BEGIN CERTIFICATE-----").check_key()
        Traceback (most recent call last):
        voiplab.errors.CertificateError: A certificate without its private key proves nothing: \
present one that an authority has just issued.
        """
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - heavy
            load_pem_private_key,
        )

        if not self.key:
            raise CertificateError(
                "A certificate without its private key proves nothing: present one that an "
                "authority has just issued."
            )
        try:
            own = load_pem_private_key(self.key.encode(), password=None)
        except (ValueError, TypeError) as error:
            raise CertificateError(
                f"The private key of the certificate of {self.name} can't be read: {error}."
            ) from error
        if own.public_key() != self.x509.public_key():
            raise CertificateError(
                f"The private key is not that of the certificate of {self.name}: each was made "
                "with its own."
            )

    @property
    def name(self) -> str:
        """Whose it is: the common name of its subject."""
        return _common_name(self.x509.subject)

    @property
    def issuer(self) -> str:
        """Who says to have signed it: the common name of its issuer."""
        return _common_name(self.x509.issuer)

    @property
    def names(self) -> tuple[str, ...]:
        """The hosts that it is good for: names and IP addresses (RFC 5280, section 4.2.1.6)."""
        from cryptography import x509  # noqa: PLC0415 - as above

        try:
            found = self.x509.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        except x509.ExtensionNotFound:
            return ()
        addresses = found.value.get_values_for_type(x509.IPAddress)
        return (
            *found.value.get_values_for_type(x509.DNSName),
            *(str(address) for address in addresses),
        )

    @property
    def valid_from(self) -> datetime:
        """From when on it is good."""
        return self.x509.not_valid_before_utc

    @property
    def valid_until(self) -> datetime:
        """Until when it is good."""
        return self.x509.not_valid_after_utc

    @property
    def serial_number(self) -> int:
        """What tells it from the authority's others."""
        return self.x509.serial_number


@lru_cache(maxsize=128)
def _read(pem: str) -> "x509.Certificate":
    from cryptography import x509  # noqa: PLC0415 - heavy: loaded when one is looked at

    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except ValueError as error:
        raise CertificateError(
            f"{pem[:30]!r}… is no certificate: {error}. Give one that begins with "
            "-----BEGIN CERTIFICATE-----."
        ) from error


def _common_name(name: "x509.Name") -> str:
    from cryptography.x509.oid import NameOID  # noqa: PLC0415 - as above

    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()
