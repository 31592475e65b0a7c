"""Keys pressed in a call: named events in RTP (RFC 4733), and SIP INFO (RFC 6086)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from struct import Struct
from typing import Literal

from voiplab.errors import CaptureError
from voiplab.packets.media import MediaPlan
from voiplab.packets.packet import Packet
from voiplab.packets.rtp import HEADER_BYTES, RtpPacket
from voiplab.packets.sdp import Codec
from voiplab.packets.signalling import SeenMessage
from voiplab.packets.sip import tag_of

# RFC 4733, section 3.2.
DIGITS = "0123456789*#ABCD"
_FLASH = 16
_EVENT = Struct(">BBH")
_LONGEST = 0xFFFF
_FIRST_DYNAMIC = 96
# Longer than any pause between the updates of one event, shorter than an event's longest segment.
_SAME_EVENT_S = 5

_RELAY_LINE = re.compile(
    r"^[ \t]*(signal|duration)[ \t]*=[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE
)

Way = Literal["RFC 4733", "SIP INFO"]


@dataclass(frozen=True, slots=True)
class TelephoneEvent:
    """What one RTP packet says of a key (RFC 4733, section 2.3).

    Attributes:
        event: its number: 0 to 15 for the keys 0 to 9, *, # and A to D.
        end: whether the key has been let go.
        volume: of the tone, in dB below 0 dBm0: 0 to 63.
        duration: since the key was pressed, in timestamp units.

    >>> TelephoneEvent.parse(bytes.fromhex("0b8a0320"))
    TelephoneEvent(event=11, end=True, volume=10, duration=800)
    """

    event: int
    end: bool = False
    volume: int = 10
    duration: int = 0

    @classmethod
    def parse(cls, payload: bytes) -> "TelephoneEvent":
        """Read an RTP payload; what follows the first event is ignored.

        Raises:
            CaptureError: when it is too short.
        """
        if len(payload) < _EVENT.size:
            raise CaptureError(f"A telephone event has 4 bytes; this one has {len(payload)}.")
        event, flags, duration = _EVENT.unpack_from(payload)
        return cls(event, bool(flags & 0x80), flags & 0x3F, duration)

    @property
    def digit(self) -> str:
        """The key, "flash", or the event's number.

        >>> TelephoneEvent(11).digit, TelephoneEvent(16).digit, TelephoneEvent(36).digit
        ('#', 'flash', 'event 36')
        """
        if self.event < len(DIGITS):
            return DIGITS[self.event]
        return "flash" if self.event == _FLASH else f"event {self.event}"

    def __bytes__(self) -> bytes:
        return _EVENT.pack(self.event, self.end << 7 | self.volume, self.duration)


@dataclass(frozen=True, slots=True)
class PressedKey:
    """A key, from when it was pressed until it was let go.

    Attributes:
        time_s: when the first word of it was seen, in seconds since 1970-01-01 UTC.
        src: the sender as address:port.
        dst: the receiver as address:port.
        digit: the key; see TelephoneEvent.digit.
        duration_ms: how long it was held, or None when nothing tells.
        volume_dbm0: how loud its tone is; None in SIP INFO.
        packets: how many told of it, updates and retransmissions included.
        ended: whether one of them said that it was let go.
        call_id: the Call-ID of the dialog it belongs to, or "".
        way: how it was told.
    """

    time_s: float
    src: str
    dst: str
    digit: str
    duration_ms: float | None
    volume_dbm0: int | None
    packets: int
    ended: bool
    call_id: str
    way: Way


def may_be_event(payload: bytes) -> bool:
    """Whether a datagram may be a telephone event: RTP of a dynamic type with four bytes in it."""
    return (
        len(payload) == HEADER_BYTES + _EVENT.size
        and payload[0] == 0x80  # noqa: PLR2004 - version 2, nothing but the fixed header
        and payload[1] & 0x7F >= _FIRST_DYNAMIC
    )


def pressed_keys(
    packets: Iterable[Packet], messages: Iterable[SeenMessage], plan: MediaPlan
) -> list[PressedKey]:
    """Put together what packets and messages tell of pressed keys.

    Args:
        packets: RTP packets, by time; those that are no telephone events are passed over.
        messages: SIP messages, by time.
        plan: what session descriptions agreed upon.

    Returns:
        The keys, by time.
    """
    keys = [*_from_rtp(packets, plan), *_from_info(messages)]
    return sorted(keys, key=lambda key: key.time_s)


@dataclass(slots=True)
class _Press:
    """An event of which more may come."""

    key: PressedKey
    clock_rate_hz: int
    seen_s: float
    earlier: int = 0  # the duration of the segments before this one, in timestamp units
    longest: int = 0

    def take(self, event: TelephoneEvent, time_s: float) -> None:
        self.seen_s = time_s
        self.longest = max(self.longest, event.duration)
        self.key = replace(
            self.key,
            packets=self.key.packets + 1,
            ended=self.key.ended or event.end,
            duration_ms=1000 * (self.earlier + self.longest) / self.clock_rate_hz,
        )

    def goes_on(self, time_s: float) -> bool:
        return abs(time_s - self.seen_s) < _SAME_EVENT_S


def _from_rtp(packets: Iterable[Packet], plan: MediaPlan) -> list[PressedKey]:
    presses: list[_Press] = []
    # By source, destination, SSRC, event and timestamp, which all packets of an event share.
    latest: dict[tuple[str, str, int, int, int], _Press] = {}
    for packet in packets:
        if not may_be_event(packet.payload):
            continue
        rtp = RtpPacket.parse(packet.payload)
        codec = _event_codec(plan, packet, rtp.payload_type)
        if codec is None:
            continue
        event = TelephoneEvent.parse(rtp.payload)
        stream = packet.source, packet.destination, rtp.ssrc, event.event
        press = latest.get((*stream, rtp.timestamp))
        if press is None or not press.goes_on(packet.time_s):
            # A key held for longer than the field can say goes on in a new segment (2.5.1.3).
            press = latest.get((*stream, (rtp.timestamp - _LONGEST) & 0xFFFFFFFF))
            if press is not None and press.longest == _LONGEST and press.goes_on(packet.time_s):
                press.earlier, press.longest = press.earlier + _LONGEST, 0
            else:
                press = _Press(_begun(packet, event, plan), codec.clock_rate_hz, packet.time_s)
                presses.append(press)
            latest[*stream, rtp.timestamp] = press
        press.take(event, packet.time_s)
    return [press.key for press in presses]


def _event_codec(plan: MediaPlan, packet: Packet, payload_type: int) -> Codec | None:
    codecs = plan.codecs(packet.source, packet.destination, packet.time_s)
    codec = codecs.get(payload_type)
    return codec if codec is not None and codec.name.lower() == "telephone-event" else None


def _begun(packet: Packet, event: TelephoneEvent, plan: MediaPlan) -> PressedKey:
    return PressedKey(
        time_s=packet.time_s,
        src=packet.source,
        dst=packet.destination,
        digit=event.digit,
        duration_ms=None,
        volume_dbm0=-event.volume,
        packets=0,
        ended=False,
        call_id=plan.call_id(packet.source, packet.destination, packet.time_s),
        way="RFC 4733",
    )


def _from_info(messages: Iterable[SeenMessage]) -> Iterator[PressedKey]:
    told: dict[tuple[str, str, str, str, int], PressedKey] = {}
    for seen in messages:
        message = seen.message
        if message.method != "INFO":
            continue
        pressed = _relayed(message.header("Content-Type"), message.body)
        if pressed is None:
            continue
        digit, duration_ms = pressed
        # A retransmission has the same number as the request it repeats.
        tag, number = tag_of(message.header("From")), message.sequence[0]
        identity = seen.src, seen.dst, message.call_id, tag, number
        earlier = told.get(identity)
        told[identity] = (
            replace(earlier, packets=earlier.packets + 1)
            if earlier
            else PressedKey(
                seen.time_s, seen.src, seen.dst, digit, duration_ms, None, 1,
                ended=True, call_id=message.call_id, way="SIP INFO",
            )
        )  # fmt: skip
    yield from told.values()


def _relayed(content_type: str, body: bytes) -> tuple[str, float | None] | None:
    """Return the key and its duration in a SIP INFO, or None when there is none."""
    kind = content_type.partition(";")[0].strip().lower()
    text = body.decode("ascii", "replace")
    if kind == "application/dtmf":
        fields = {"signal": text.strip()}
    elif kind == "application/dtmf-relay":
        fields = {name.lower(): value for name, value in _RELAY_LINE.findall(text)}
    else:
        return None
    signal, duration = fields.get("signal", ""), fields.get("duration", "")
    if signal.isascii() and signal.isdigit() and int(signal[:3]) <= _FLASH:
        digit = TelephoneEvent(int(signal[:3])).digit
    elif len(signal) == 1 and signal.upper() in DIGITS:
        digit = signal.upper()
    else:
        return None
    known = duration.isascii() and duration.isdigit()
    return digit, float(duration[:7]) if known else None
