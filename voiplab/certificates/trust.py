"""Why a certificate is not trusted."""

from datetime import datetime
from ipaddress import ip_address

from voiplab.certificates.certificate import Certificate


def why_refused(
    certificate: Certificate, *, trusted: Certificate, name: str | None, now: datetime
) -> str:
    """Say why whoever trusts one authority alone refuses a certificate (RFC 5280, section 6).

    Args:
        certificate: what was presented.
        trusted: the authority's own certificate.
        name: the host that was meant to be reached (RFC 9525); None verifies a client, whose name
            nobody has called.
        now: the time, with a time zone.

    Returns:
        One sentence; "" when all is well.

    >>> from datetime import UTC, timedelta
    >>> from voiplab.certificates import Authority, flawed
    >>> now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    >>> authority = Authority.create("VoIP Lab demo", now=now)
    >>> for flaw in ("wrong name", "expired", "unknown authority"):
    ...     bad = flawed(flaw, authority=authority, name="pbx", now=now)
    ...     print(why_refused(bad, trusted=authority.certificate, name="pbx", now=now))
    The certificate is made out to elsewhere.example, and not to pbx.
    The certificate of pbx expired on 25 November 2026 at 11:00:00 UTC.
    The certificate of pbx was signed by Somebody else's authority, whom nobody here trusts.
    >>> good = authority.issue("pbx", now=now)
    >>> why_refused(good, trusted=authority.certificate, name="pbx", now=now)
    ''
    """
    whose = f"The certificate of {certificate.name}"
    if not _signed_by(certificate, trusted):
        if certificate.issuer == trusted.name:
            return f"{whose} says that {trusted.name} signed it, but the signature is another's."
        return f"{whose} was signed by {certificate.issuer}, whom nobody here trusts."
    if now > certificate.valid_until:
        return f"{whose} expired on {_written(certificate.valid_until)}."
    if now < certificate.valid_from:
        return f"{whose} is good from {_written(certificate.valid_from)} on, and not yet."
    if name is not None and name not in certificate.names:
        names = " and ".join(certificate.names) or "no host"
        return f"The certificate is made out to {names}, and not to {name}."
    return _other_reason(certificate, trusted, name, now)


def _signed_by(certificate: Certificate, authority: Certificate) -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - heavy

    try:
        certificate.x509.verify_directly_issued_by(authority.x509)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _other_reason(
    certificate: Certificate, trusted: Certificate, name: str | None, now: datetime
) -> str:
    """Ask the library's path validation, which knows all the rules, in its own words."""
    from cryptography import x509  # noqa: PLC0415 - heavy
    from cryptography.x509 import verification  # noqa: PLC0415

    builder = verification.PolicyBuilder().store(verification.Store([trusted.x509])).time(now)
    try:
        if name is None:
            builder.build_client_verifier().verify(certificate.x509, [])
        else:
            subject: x509.DNSName | x509.IPAddress
            try:
                subject = x509.IPAddress(ip_address(name))
            except ValueError:
                subject = x509.DNSName(name)
            builder.build_server_verifier(subject).verify(certificate.x509, [])
    except verification.VerificationError as error:
        return f"The certificate of {certificate.name} is not valid: {error}."
    return ""


def _written(time: datetime) -> str:
    return f"{time.day} {time:%B %Y at %H:%M:%S} UTC"
