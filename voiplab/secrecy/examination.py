"""Whether a call could be listened to: claims, one by one, each of what was captured."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from voiplab.check import Check
from voiplab.errors import EvidenceError
from voiplab.evidence import Evidence, LegRecord
from voiplab.packets import Capture, Handshake, SeenMessage, SessionDescription
from voiplab.packets.packet import host
from voiplab.secrecy.overheard import TAG_BYTES, Overheard, eavesdrop, keys_in_clear
from voiplab.secrecy.randomness import FALSE_ALARM, LEAST_BYTES

if TYPE_CHECKING:
    from voiplab.packets.stream import Stream

# What RFC 8996 and RFC 9147 leave; RFC 7525 and RFC 9325 ask for no more.
_GOOD_VERSIONS = {"TLS 1.2", "TLS 1.3", "DTLS 1.2", "DTLS 1.3"}


def examine(evidence: Evidence) -> tuple[Check, ...]:
    """Say of a call, claim by claim, whether anybody on the network could have listened to it.

    On a call in clear each of them fails. What the captures can't show, the session descriptions
    inside TLS, is taken from what the PBX had of them.

    Args:
        evidence: what the call left behind.

    Returns:
        ``no SIP in clear``, ``TLS version``, ``TLS cipher suite``, ``SDP asks for SRTP``,
        ``keys out of sight``, ``media is SRTP``, where there was DTLS or SDP asked for it
        ``DTLS handshake``, then ``nothing overheard`` and ``bytes look random``. Use
        :func:`voiplab.check.require` to let a test fail where one does.

    Raises:
        EvidenceError: when there is no capture.
    """
    legs = tuple(_Leg(evidence, record) for record in evidence.record.legs if record.capture)
    if not legs:
        raise EvidenceError(
            f"{evidence.folder} holds no capture: nothing can be said about who could listen. "
            + " ".join(evidence.record.missing)
        )
    return (
        _no_sip_in_clear(legs),
        _tls_version(legs),
        _tls_cipher(legs),
        _sdp(legs),
        _keys(legs),
        _srtp(legs),
        *_dtls(legs),
        _nothing_overheard(legs),
        _random(legs),
    )


def overhear(evidence: Evidence) -> tuple[Overheard, ...]:
    """Eavesdrop on each stream of a call at each phone, and compare with what was said.

    Args:
        evidence: what the call left behind.

    Returns:
        What was overheard, a stream each: first at who hears the caller, and of each direction the
        longest first.
    """
    legs = (_Leg(evidence, record) for record in evidence.measured_legs)
    return tuple(each for leg in legs for each in leg.overheard)


@dataclass(frozen=True)
class _Leg:
    """A phone's end of a call, for who sits on its network."""

    evidence: Evidence
    record: LegRecord

    @property
    def where(self) -> str:
        return str(self.record.capture)

    @cached_property
    def capture(self) -> Capture:
        return self.evidence.capture_at(self.record)

    @cached_property
    def told(self) -> tuple[SeenMessage, ...]:
        """The messages that describe the call's session, as the PBX or the network had them."""
        return tuple(
            seen
            for seen in self.evidence.told_at(self.record).signalling
            if seen.message.call_id == self.record.call_id and seen.message.sdp
        )

    @cached_property
    def profiles(self) -> tuple[str, ...]:
        """What the call's session descriptions ask of its sound, each once."""
        found = (
            media.profile
            for seen in self.told
            for media in SessionDescription.parse(seen.message.sdp or b"").media
            if media.kind == "audio" and media.port
        )
        return tuple(dict.fromkeys(found))

    @property
    def signalling_tls(self) -> tuple[Handshake, ...]:
        pbx = self.evidence.record.pbx_address
        return tuple(
            seen
            for seen in self.capture.handshakes
            if seen.protocol == "TLS" and (not pbx or pbx in {host(seen.client), host(seen.server)})
        )

    @property
    def dtls(self) -> tuple[Handshake, ...]:
        return tuple(seen for seen in self.capture.handshakes if seen.protocol == "DTLS")

    @cached_property
    def streams(self) -> "tuple[Stream, ...]":
        """The streams of its capture, with what was told of them where the wire tells nothing."""
        told = {stream.key: stream for stream in self.evidence.told_at(self.record).media}
        return tuple(told.get(stream.key, stream) for stream in self.capture.media)

    @cached_property
    def overheard(self) -> tuple[Overheard, ...]:
        """What was overheard of each stream."""
        return tuple(self._overheard())

    def _overheard(self) -> Iterator[Overheard]:
        for stream in sorted(self.streams, key=self._place):
            mine = self._sent_by_phone(stream)
            speaker = self.record.user if mine else self.evidence.talks_to(self.record)
            try:
                said = self.evidence.samples(speaker, "said")
            except EvidenceError:
                said = None
            on_the_wire = next(each for each in self.capture.media if each.key == stream.key)
            heard = eavesdrop(self.capture, on_the_wire, codec=stream.codec, said=said)
            yield replace(heard, speaker=speaker, at=self.record.user)

    def _place(self, stream: "Stream") -> tuple[bool, bool]:
        """Where a stream is in order: each direction's longest first, and what was received.

        Before Asterisk passes another phone's packets on as they are, it may send one of its own.
        """
        same_way = [
            each.figures.packets
            for each in self.streams
            if (each.key.src, each.key.dst) == (stream.key.src, stream.key.dst)
        ]
        return stream.figures.packets < max(same_way), self._sent_by_phone(stream)

    def _sent_by_phone(self, stream: "Stream") -> bool:
        return host(stream.key.src) == self.record.address


def _places(legs: Sequence[_Leg]) -> str:
    return ", ".join(leg.where for leg in legs)


def _no_sip_in_clear(legs: Sequence[_Leg]) -> Check:
    seen = [(leg, leg.capture.signalling) for leg in legs if leg.capture.signalling]
    found, where = "none", ""
    if seen:
        leg, messages = seen[0]
        first = messages[0]
        total = sum(len(each) for _, each in seen)
        found = f"{total} messages that anybody can read, the first {first.message.summary}"
        where = f"{leg.where}, {first.time_s - leg.capture.start_s:.3f} s"
    return Check(
        name="no SIP in clear",
        passed=not seen,
        expected="no SIP message that can be read on the network",
        found=found,
        where=where or _places(legs),
    )


def _tls_version(legs: Sequence[_Leg]) -> Check:
    said, bad = [], []
    for leg in legs:
        versions = [seen.version for seen in leg.signalling_tls if seen.established]
        said.append(f"{', '.join(map(_version, versions)) or 'no TLS'} at phone {leg.record.user}")
        if not versions or not set(versions) <= _GOOD_VERSIONS:
            bad.append(leg)
    return Check(
        name="TLS version",
        passed=not bad,
        expected="signalling in TLS 1.2 or later between each phone and the PBX",
        found="; ".join(said),
        where=f"Capture.tls of {_places(bad or legs)}, pjsip.conf: type=transport, method",
    )


def _version(version: str) -> str:
    return version or "TLS whose beginning was not captured"


def _tls_cipher(legs: Sequence[_Leg]) -> Check:
    said, bad = [], []
    for leg in legs:
        ciphers = [seen.cipher for seen in leg.signalling_tls if seen.established]
        names = [cipher.name if cipher else "a suite agreed on unseen" for cipher in ciphers]
        said.append(f"{', '.join(names) or 'none'} at phone {leg.record.user}")
        good = [each is not None and each.forward_secret and each.authenticated for each in ciphers]
        if not good or not all(good):
            bad.append(leg)
    return Check(
        name="TLS cipher suite",
        passed=not bad,
        expected="one that is forward secret (ECDHE or DHE) and authenticated (AEAD)",
        found="; ".join(said),
        where=f"Capture.tls of {_places(bad or legs)}, pjsip.conf: type=transport, cipher",
    )


def _sdp(legs: Sequence[_Leg]) -> Check:
    said, bad = [], []
    for leg in legs:
        said.append(f"{', '.join(leg.profiles) or 'no SDP'} at phone {leg.record.user}")
        if not leg.profiles or not all("SAVP" in profile for profile in leg.profiles):
            bad.append(leg)
    signalling = legs[0].evidence.record.signalling
    return Check(
        name="SDP asks for SRTP",
        passed=not bad,
        expected="RTP/SAVP or RTP/SAVPF (RFC 3711, RFC 5764) in each offer and answer",
        found="; ".join(said),
        where=f"{signalling or _places(bad or legs)}, pjsip.conf: type=endpoint, media_encryption",
    )


def _keys(legs: Sequence[_Leg]) -> Check:
    said, bad = [], []
    for leg in legs:
        in_clear = len(keys_in_clear(leg.capture))
        told = [
            media for seen in leg.told
            for media in SessionDescription.parse(seen.message.sdp or b"").media
        ]  # fmt: skip
        if in_clear:
            how = f"{in_clear} keys that anybody can read"
        elif any(media.crypto_suites for media in told):
            how = "told inside TLS (SDES)"
        elif any(media.fingerprint for media in told):
            how = "agreed on by DTLS"
        else:
            how = "no keys"
        said.append(f"{how} at phone {leg.record.user}")
        if in_clear or how == "no keys":
            bad.append(leg)
    return Check(
        name="keys out of sight",
        passed=not bad,
        expected="keys for SRTP that nobody on the network has seen",
        found="; ".join(said),
        where=f"a=crypto lines in {_places(bad or legs)}, pjsip.conf: type=endpoint, transport",
    )


def _srtp(legs: Sequence[_Leg]) -> Check:
    said, bad = [], []
    for leg in legs:
        looks = list(
            dict.fromkeys(_look(stream, each) for stream, each in _told_and_overheard(leg))
        )
        said.append(f"{', '.join(looks) or 'no media'} at phone {leg.record.user}")
        if not looks or not all(look.startswith("SRTP") for look in looks):
            bad.append(leg)
    return Check(
        name="media is SRTP",
        passed=not bad,
        expected="each stream agreed on as SRTP, with a tag in each packet that holds any sound",
        found="; ".join(said),
        where=f"Capture.arrivals (payload_bytes) of {_places(bad or legs)}",
    )


def _told_and_overheard(leg: _Leg) -> "Iterator[tuple[Stream, Overheard]]":
    """Give each stream of a leg, as it was told of, with what was overheard of it."""
    told = {stream.key: stream for stream in leg.streams}
    for each in leg.overheard:
        yield told[each.stream.key], each


def _look(stream: "Stream", overheard: Overheard) -> str:
    tag = overheard.tag_bytes
    if not stream.encrypted:
        return "RTP in clear"
    if tag is None:
        return "SRTP"
    if tag not in TAG_BYTES:
        return "no tags for SRTP"
    srtp, clear = f"SRTP with tags of {tag} bytes", len(overheard.in_clear)
    if overheard.leaked:
        return f"{clear} of sound in clear among {srtp}"
    # Before a call is answered a phone has nothing to say, with keys or without.
    return f"{srtp}, and {clear} of silence in clear" if clear else srtp


def _dtls(legs: Sequence[_Leg]) -> Iterator[Check]:
    asked = [leg for leg in legs if leg.dtls or any("TLS" in each for each in leg.profiles)]
    if not asked:
        return
    said, bad = [], []
    for leg in asked:
        done = [seen for seen in leg.dtls if seen.established]
        told = dict.fromkeys(f"{seen.version}, {seen.cipher}, {seen.srtp_profile}" for seen in done)
        said.append(f"{'; '.join(told) or 'none that was completed'} at phone {leg.record.user}")
        good = [
            seen.version in _GOOD_VERSIONS and seen.cipher is not None
            and seen.cipher.forward_secret and bool(seen.srtp_profile)
            for seen in done
        ]  # fmt: skip
        if not good or not all(good):
            bad.append(leg)
    yield Check(
        name="DTLS handshake",
        passed=not bad,
        expected="DTLS 1.2 or later, forward secret, with a profile for SRTP (RFC 5764)",
        found="; ".join(said),
        where=f"Capture.tls of {_places(bad or asked)}",
    )


def _nothing_overheard(legs: Sequence[_Leg]) -> Check:
    said, failed, compared = [], False, 0
    for leg in legs:
        for each in leg.overheard:
            place = f"{each.speaker}'s speech at phone {each.at}"
            if each.said is None:
                said.append(f"{place}: nobody knows what was said")
                continue
            said.append(f"{place}: {each.verdict}{_by_key(each)}")
            if each.spoken_s:
                failed |= each.understood is not False
                compared += 1
    return Check(
        name="nothing overheard",
        passed=compared > 0 and not failed,
        expected="no stream whose eavesdropper understands what was said",
        found="; ".join(said) or "no media",
        where=f"voiplab.secrecy.overhear, and listen: {_places(legs)}",
    )


def _by_key(overheard: Overheard) -> str:
    return "" if overheard.key is None else ", opened with a key that was sent in clear"


def _random(legs: Sequence[_Leg]) -> Check:
    said, bad = [], []
    for leg in legs:
        for each in leg.overheard:
            test = each.randomness
            figures = f"{test.entropy_bits:.3f} bits of entropy a byte, p = {test.p:.2g}"
            if len(test.data) < LEAST_BYTES:
                figures = f"{len(test.data)} bytes are too few to tell: it takes {LEAST_BYTES}"
            said.append(f"{each.speaker}'s speech at phone {each.at}: {figures}")
            if not test.passed:
                bad.append(leg)
    return Check(
        name="bytes look random",
        passed=bool(said) and not bad,
        expected=f"payloads that random bytes would resemble (p of at least {FALSE_ALARM / 3:.1g})",
        found="; ".join(said) or "no media",
        where=f"voiplab.secrecy.Randomness of {_places(tuple(dict.fromkeys(bad)) or legs)}",
    )
