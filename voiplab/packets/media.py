"""Which dialog a media packet belongs to, as session descriptions say (RFC 3264)."""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from voiplab.packets.packet import endpoint, host
from voiplab.packets.sdp import Codec, Media, SessionDescription
from voiplab.packets.signalling import SeenMessage
from voiplab.packets.sip import tag_of


@dataclass(frozen=True, slots=True)
class Claim:
    """A dialog's word that it receives media at an address:port, from a moment on.

    Attributes:
        time_s: when the session description was seen.
        call_id: the dialog's Call-ID.
        codecs: what payload types stand for there.
        encrypted: whether the media is SRTP.
        has_keys: whether it could be, if the other side has keys too (RFC 8643).
        party: who gave the word: its tag in the dialog, or its address:port without one.
        section: the number of the m= section; offer and answer have the same.
    """

    time_s: float
    call_id: str
    codecs: dict[int, Codec]
    encrypted: bool = False
    has_keys: bool = False
    party: str = ""
    section: int = 0


_Claims = list[Claim]


class MediaPlan:
    """All that the session descriptions of a capture agreed upon.

    Behind a NAT a description names an address at which its sender is not seen. There its ports
    count at the address that the SIP message came from; and where the port is another one, too,
    media that goes from one side of a dialog to nobody known goes to its other side, as it must
    when media is sent back to where it comes from (RFC 4961, RFC 7362).

    Args:
        messages: the SIP messages, in any order.
    """

    def __init__(self, messages: Iterable[SeenMessage]) -> None:
        self._told: defaultdict[str, _Claims] = defaultdict(list)
        self._guessed: defaultdict[str, _Claims] = defaultdict(list)
        self._by_section: defaultdict[tuple[str, int], _Claims] = defaultdict(list)
        for seen in messages:
            self.add(seen)

    def add(self, seen: SeenMessage) -> None:
        """Take one more message."""
        message = seen.message
        description = message.sdp
        if not description:
            return
        party = tag_of(message.header("From" if message.is_request else "To")) or seen.src
        for section, media in enumerate(SessionDescription.parse(description).media):
            if not media.port:
                continue
            claim = Claim(
                seen.time_s, message.call_id, media.codecs, media.encrypted, media.has_keys,
                party, section,
            )  # fmt: skip
            _insert(self._by_section[claim.call_id, section], claim)
            told = set(_told(media))
            for end in told:
                _insert(self._told[end], claim)
            for end in set(_guessed(media, host(seen.src))) - told:
                _insert(self._guessed[end], claim)

    def claims(self, src: str, dst: str, time_s: float) -> list[Claim]:
        """Return what was agreed for packets from src to dst, the receiver's word first.

        Args:
            src: the sender as address:port.
            dst: the receiver as address:port.
            time_s: when a packet was seen; the last word before it counts, or the first ever.
        """
        receiver, sender = self._at(dst, time_s), self._at(src, time_s)
        if receiver is None and sender is not None:
            receiver = self._other_side(sender, time_s)
        elif sender is None and receiver is not None:
            sender = self._other_side(receiver, time_s)
        return [claim for claim in (receiver, sender) if claim is not None]

    def call_id(self, src: str, dst: str, time_s: float) -> str:
        """Return the Call-ID of the dialog that a packet belongs to, or ""."""
        found = self.claims(src, dst, time_s)
        return found[0].call_id if found else ""

    def codecs(self, src: str, dst: str, time_s: float) -> dict[int, Codec]:
        """Return what payload types stand for in packets from src to dst.

        A receiver says which numbers it wants to be sent (RFC 3264, section 5.1). What it said
        before goes on to hold; of numbers that are new to it, so does what it says later in the
        call, as none may change its meaning (section 8.3.2).
        """
        codecs: dict[int, Codec] = {}
        for claim in reversed(self.claims(src, dst, time_s)):
            mine = [
                each
                for each in self._by_section[claim.call_id, claim.section]
                if each.party == claim.party
            ]
            at = bisect_right(mine, claim.time_s, key=_time_s)
            for each in (*reversed(mine[at:]), *mine[:at]):
                codecs.update(each.codecs)
        return codecs

    def encrypted(self, src: str, dst: str, time_s: float) -> bool:
        """Say whether packets from src to dst were agreed to be SRTP."""
        found = self.claims(src, dst, time_s)
        both = len({claim.party for claim in found}) > 1
        return any(claim.encrypted for claim in found) or (
            both and all(claim.has_keys for claim in found)
        )

    def _at(self, end: str, time_s: float) -> Claim | None:
        for claims in (self._told.get(end), self._guessed.get(end)):
            if claims:
                return _in_force(claims, time_s)
        return None

    def _other_side(self, claim: Claim, time_s: float) -> Claim | None:
        others = [
            each
            for each in self._by_section[claim.call_id, claim.section]
            if each.party != claim.party
        ]
        return _in_force(others, time_s) if others else None


def _told(media: Media) -> Iterator[str]:
    yield endpoint(media.address, media.port)
    yield endpoint(media.address, media.rtcp_port)
    for address, port in media.candidates:
        yield endpoint(address, port)


def _guessed(media: Media, seen_at: str) -> Iterator[str]:
    # Multiplexing RTCP is an offer, which may be declined.
    next_port = min(media.port + 1, 65535)
    yield endpoint(media.address, next_port)
    for port in (media.port, media.rtcp_port, next_port):
        yield endpoint(seen_at, port)


def _insert(claims: _Claims, claim: Claim) -> None:
    insort(claims, claim, key=_time_s)


def _in_force(claims: _Claims, time_s: float) -> Claim:
    return claims[max(bisect_right(claims, time_s, key=_time_s) - 1, 0)]


def _time_s(claim: Claim) -> float:
    return claim.time_s
