"""Certificates: an authority, what it issues, and why a certificate is refused."""

from voiplab.certificates.authority import Authority
from voiplab.certificates.certificate import Certificate
from voiplab.certificates.flaw import Flaw, flawed
from voiplab.certificates.trust import why_refused

__all__ = ["Authority", "Certificate", "Flaw", "flawed", "why_refused"]
