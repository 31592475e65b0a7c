"""How codecs cut speech into frames, and what those frames take in an RTP packet."""

from dataclasses import dataclass
from math import ceil, isclose

from voiplab.errors import QualityError

_BITS_IN_OCTET = 8


@dataclass(frozen=True, kw_only=True)
class Framing:
    """The frames of a codec.

    Attributes:
        frame_ms: how much speech a frame holds; for a codec that codes sample by sample, one
            sample of telephony (0.125 ms).
        frame_bits: what a frame takes; None where it differs from frame to frame.
        look_ahead_ms: how much speech the codec must know beyond the frame that it codes or
            plays, in ms.
        source: where these figures are published.
        packet_bits: what the payload format adds to each packet, in bits.
        frame_header_bits: what it adds to each frame, in bits.
    """

    frame_ms: float
    frame_bits: int | None
    look_ahead_ms: float
    source: str
    packet_bits: int = 0
    frame_header_bits: int = 0

    def payload_octets(self, ptime_ms: float, bit_rate_kbps: float | None = None) -> int:
        """Return the octets of an RTP payload that holds so much speech.

        Args:
            ptime_ms: speech in a packet, in ms (SDP's ``a=ptime``).
            bit_rate_kbps: the codec's bit rate, in kbit/s, where it has no fixed one.

        Raises:
            QualityError: when no whole number of frames lasts that long, or the bit rate is
                missing, or given to a codec that fixes its own.

        >>> Framing(frame_ms=10, frame_bits=80, look_ahead_ms=5, source="G.729").payload_octets(20)
        20
        """
        frames = ptime_ms / self.frame_ms
        whole = round(frames)
        if whole < 1 or not isclose(frames, whole, abs_tol=1e-6):
            raise QualityError(
                f"Packets of {ptime_ms:g} ms can't be: this codec's frames last {self.frame_ms:g} "
                "ms, and a packet holds a whole number of them. Choose a multiple."
            )
        if self.frame_bits is None:
            if bit_rate_kbps is None or not 0 < bit_rate_kbps < float("inf"):
                raise QualityError(
                    f"This codec has no bit rate of its own; {bit_rate_kbps} was given. Name one "
                    "in kbit/s, such as bit_rate_kbps=24."
                )
            return ceil(bit_rate_kbps * ptime_ms / _BITS_IN_OCTET)
        if bit_rate_kbps is not None:
            raise QualityError(
                f"This codec's bit rate is {self.frame_bits / self.frame_ms:g} kbit/s and can't "
                "be chosen: leave bit_rate_kbps out."
            )
        bits = self.packet_bits + whole * (self.frame_header_bits + self.frame_bits)
        return ceil(bits / _BITS_IN_OCTET)
