"""Certificates that are to be refused."""

from datetime import datetime, timedelta
from enum import StrEnum

from voiplab.certificates.authority import Authority
from voiplab.certificates.certificate import Certificate

STRANGER = "Somebody else's authority"
ELSEWHERE = "elsewhere.example"


class Flaw(StrEnum):
    """Why a certificate is not to be trusted."""

    WRONG_NAME = "wrong name"
    """It is made out to another host."""
    EXPIRED = "expired"
    """It was good until an hour ago."""
    UNKNOWN_AUTHORITY = "unknown authority"
    """Nobody here knows the authority that signed it."""


def flawed(flaw: Flaw | str, *, authority: Authority, name: str, now: datetime) -> Certificate:
    """Issue a certificate with a flaw, to see it refused.

    Args:
        flaw: what is to be wrong with it.
        authority: who issues it, unless nobody is to know who did.
        name: whose it would be if all were well.
        now: the time, with a time zone.

    >>> from datetime import UTC
    >>> now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    >>> authority = Authority.create("VoIP Lab demo", now=now)
    >>> flawed("expired", authority=authority, name="pbx", now=now)
    <Certificate of pbx by VoIP Lab demo, until 2026-11-25 11:00 UTC>
    """
    match Flaw(flaw):
        case Flaw.WRONG_NAME:
            return authority.issue(ELSEWHERE, now=now)
        case Flaw.EXPIRED:
            hour = timedelta(hours=1)
            return authority.issue(name, now=now, valid_from=now - 2 * hour, valid_until=now - hour)
        case Flaw.UNKNOWN_AUTHORITY:
            return Authority.create(STRANGER, now=now).issue(name, now=now)
