"""Which dialog a media packet belongs to, as session descriptions say (RFC 3264)."""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from voiplab.packets.packet import endpoint
from voiplab.packets.sdp import Codec, SessionDescription
from voiplab.packets.signalling import SeenMessage


@dataclass(frozen=True, slots=True)
class Claim:
    """A dialog's word that it receives media at an address:port, from a moment on.

    Attributes:
        time_s: when the session description was seen.
        call_id: the dialog's Call-ID.
        codecs: what payload types stand for there.
        encrypted: whether the media is SRTP.
    """

    time_s: float
    call_id: str
    codecs: dict[int, Codec]
    encrypted: bool


class MediaPlan:
    """All that the session descriptions of a capture agreed upon.

    Args:
        messages: the SIP messages, in any order.
    """

    def __init__(self, messages: Iterable[SeenMessage]) -> None:
        self._claims: defaultdict[str, list[Claim]] = defaultdict(list)
        for seen in messages:
            self.add(seen)

    def add(self, seen: SeenMessage) -> None:
        """Take one more message."""
        if not seen.message.has_sdp:
            return
        for media in SessionDescription.parse(seen.message.body).media:
            claim = Claim(seen.time_s, seen.message.call_id, media.codecs, media.encrypted)
            if media.port:
                for port in {media.port, media.rtcp_port}:
                    claims = self._claims[endpoint(media.address, port)]
                    insort(claims, claim, key=lambda each: each.time_s)

    def claims(self, src: str, dst: str, time_s: float) -> list[Claim]:
        """Return what was agreed for packets from src to dst, the receiver's word first.

        Args:
            src: the sender as address:port.
            dst: the receiver as address:port.
            time_s: when a packet was seen; the last word before it counts, or the first ever.
        """
        found = []
        for end in (dst, src):
            claims = self._claims.get(end)
            if claims:
                at = bisect_right(claims, time_s, key=lambda claim: claim.time_s)
                found.append(claims[max(at - 1, 0)])
        return found

    def call_id(self, src: str, dst: str, time_s: float) -> str:
        """Return the Call-ID of the dialog that a packet belongs to, or ""."""
        found = self.claims(src, dst, time_s)
        return found[0].call_id if found else ""

    def codecs(self, src: str, dst: str, time_s: float) -> dict[int, Codec]:
        """Return what payload types stand for in packets from src to dst.

        A receiver says which numbers it wants to be sent (RFC 3264, section 5.1).
        """
        codecs: dict[int, Codec] = {}
        for claim in reversed(self.claims(src, dst, time_s)):
            codecs.update(claim.codecs)
        return codecs
