"""How calls are kept from being listened to."""

from enum import StrEnum


class Security(StrEnum):
    """What is encrypted between the exchange and a phone, and whether it must be.

    >>> Security("sdes").encrypted
    True
    """

    PLAIN = "plain"
    """Nothing: whoever is on the way reads the signalling and hears the speech."""
    SDES = "sdes"
    """SIP over TLS; SRTP, whose keys are told in the SDP (RFC 4568), which TLS hides."""
    DTLS = "dtls"
    """SIP over TLS; SRTP, whose keys the media's two ends agree on by DTLS (RFC 5764)."""
    REQUIRED = "required"
    """An exchange's alone: it speaks nothing but TLS, and takes no speech in clear."""

    @property
    def encrypted(self) -> bool:
        """Whether an eavesdropper gets neither signalling nor speech."""
        return self is not Security.PLAIN
