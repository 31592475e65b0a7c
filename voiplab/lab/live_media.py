"""What the phones of a lab exchange, as it passes: signalling, media, and whose they are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from voiplab.evidence.direction import codec_name
from voiplab.packets import Ladder, pcap_bytes
from voiplab.packets.control import seen_reports
from voiplab.packets.dtmf import PressedKey, pressed_keys
from voiplab.packets.media import MediaPlan
from voiplab.packets.packet import Packet, host
from voiplab.packets.payload_types import rhythm_hz
from voiplab.packets.reader import CaptureReader
from voiplab.packets.scan import StreamKey
from voiplab.packets.seconds import Second, StreamSeconds
from voiplab.packets.signalling import SeenMessage
from voiplab.packets.sip import user_of
from voiplab.packets.stream import Stream
from voiplab.packets.stream_statistics import RTP_ROW, StreamFigures

if TYPE_CHECKING:
    import pandas as pd

    from voiplab.lab.ear import Ear, Heard
    from voiplab.packets.growing import GrowingCapture

_CHALLENGES = {401, 407}
_SUCCESS, _REDIRECTION = 200, 300

# So long after its first packet, a stream that no session description announced belongs to none.
_ANNOUNCED_WITHIN_S = 5.0

Rows = npt.NDArray[np.void]


@dataclass
class LiveLeg:
    """One phone's end of a call, as its capture tells of it.

    Attributes:
        ear: at which phone.
        call_id: the SIP Call-ID.
        incoming: whether the phone was called.
        peer: the other side's number.
        started_s: when the first INVITE passed, in seconds since the epoch.
        established: whether it was answered.
        ended: whether it is over.
        messages: the SIP messages so far.
        rtcp: what may be RTCP.
        events: RTP packets that may be telephone events.
    """

    ear: "Ear"
    call_id: str
    incoming: bool
    peer: str
    started_s: float
    established: bool = False
    ended: bool = False
    messages: list[SeenMessage] = field(default_factory=list)
    rtcp: list[Packet] = field(default_factory=list)
    events: list[Packet] = field(default_factory=list)

    def follow(self, seen: SeenMessage) -> None:
        """Take one more message."""
        self.messages.append(seen)
        message = seen.message
        if message.method == "BYE":
            self.ended = True
        if message.transaction_method == "INVITE":
            if _SUCCESS <= message.status < _REDIRECTION:
                self.established = True
            refused = message.status >= _REDIRECTION and message.status not in _CHALLENGES
            if refused and not self.established:
                self.ended = True


@dataclass(frozen=True)
class _LiveStream(Stream):
    """A stream whose packets were not kept: a second knows when its first and last came."""

    heard: tuple[Second, ...] = ()

    @cached_property
    def rows(self) -> Rows:
        """A row a packet, evenly spread over what of each second was not silent."""
        parts = [np.linspace(each.first_s, each.last_s, each.packets) for each in self.heard]
        rows = np.zeros(sum(map(len, parts)), RTP_ROW)
        rows["time_s"] = np.concatenate([np.empty(0), *parts])
        return rows


@dataclass(frozen=True)
class _Told:
    """What a ladder is read off."""

    signalling: tuple[SeenMessage, ...]
    keys: tuple[PressedKey, ...]
    media: tuple[Stream, ...]
    rtcp: "pd.DataFrame"
    start_s: float


class LiveMedia:
    """Sorts what several phones' ears hear, and measures it.

    Attributes:
        seconds: the streams of calls, measured; what it calls them by are numbers of this class.
    """

    def __init__(self) -> None:
        self.seconds = StreamSeconds(self._rate_hz)
        self._plan = MediaPlan(())
        self._legs: dict[tuple[str, str], LiveLeg] = {}
        self._keys: list[StreamKey] = []
        self._numbers: dict[tuple[str, StreamKey], int] = {}
        # By capture: the number of each of its streams, -1 where it is not known yet or never.
        self._local: dict[GrowingCapture, Rows] = {}
        self._held: dict[tuple[GrowingCapture, int], list[Rows]] = {}
        self._ears: dict[GrowingCapture, Ear] = {}
        self._ready: list[Rows] = []
        self._new: list[tuple[int, Ear, str]] = []
        self._nothing = CaptureReader(pcap_bytes([]))

    def take(self, ear: "Ear", heard: "Heard") -> None:
        """Take what an ear has heard."""
        piece, capture = heard.piece, heard.capture
        self._ears[capture] = ear
        for seen in piece.messages:
            self.follow(ear, seen)
        for packets, kind in ((piece.rtcp, "rtcp"), (piece.events, "events")):
            for packet in packets:
                call_id = self._plan.call_id(packet.source, packet.destination, packet.time_s)
                leg = self._legs.get((ear.phone.extension, call_id))
                if leg is not None:
                    getattr(leg, kind).append(packet)
        if len(piece.rows):
            self._sort(capture, piece.rows)

    def follow(self, ear: "Ear", seen: SeenMessage) -> None:
        """Take a SIP message of a phone."""
        message, key = seen.message, (ear.phone.extension, seen.message.call_id)
        if key not in self._legs:
            if message.method != "INVITE":
                return
            incoming = host(seen.dst) == ear.address
            peer = user_of(message.header("From" if incoming else "To"))
            self._legs[key] = LiveLeg(ear, message.call_id, incoming, peer, seen.time_s)
        self._legs[key].follow(seen)
        self._plan.add(seen)

    def _sort(self, capture: "GrowingCapture", rows: Rows) -> None:
        local = self._local.get(capture, np.empty(0, np.int32))
        if len(local) < len(capture.streams):
            more = np.full(len(capture.streams) - len(local), -1, np.int32)
            local = self._local[capture] = np.concatenate([local, more])
        numbers = local[rows["stream"]]
        known = numbers >= 0
        if known.any():
            ready = rows[known]
            ready["stream"] = numbers[known]
            self._ready.append(ready)
        if not known.all():
            unknown = rows[~known]
            for stream in np.unique(unknown["stream"]).tolist():
                mine = unknown[unknown["stream"] == stream]
                self._held.setdefault((capture, stream), []).append(mine)

    def measure(self) -> None:
        """Measure what was taken; packets of a stream that nothing has announced yet wait."""
        for (capture, stream), held in list(self._held.items()):
            key, ear = capture.streams[stream], self._ears[capture]
            first_s, last_s = float(held[0]["time_s"][0]), float(held[-1]["time_s"][-1])
            call_id = self._plan.call_id(key.src, key.dst, first_s)
            if call_id:
                number = self._number(ear, key, call_id)
                self._local[capture][stream] = number
                for rows in self._held.pop((capture, stream)):
                    rows["stream"] = number
                    self._ready.append(rows)
            elif last_s - first_s > _ANNOUNCED_WITHIN_S:
                # It may be announced yet: only what came before is given up.
                del self._held[capture, stream]
        if self._ready:
            ready, self._ready = self._ready, []
            self.seconds.update(np.concatenate(ready))

    def _number(self, ear: "Ear", key: StreamKey, call_id: str) -> int:
        name = ear.phone.extension, key
        if name not in self._numbers:
            self._numbers[name] = len(self._keys)
            self._keys.append(key)
            if host(key.dst) == ear.address:
                self._new.append((self._numbers[name], ear, call_id))
        return self._numbers[name]

    def _rate_hz(self, stream: int, payload_type: int) -> int:
        key = self._keys[stream]
        codecs = self._plan.codecs(key.src, key.dst, self.seconds.first_s(stream))
        return rhythm_hz(codecs, payload_type)

    def new_streams(self) -> "list[tuple[int, Ear, str]]":
        """Return the streams that are new since this was last asked, as far as phones hear them.

        Returns:
            The number of each, where it was heard, and the Call-ID of its call.
        """
        new, self._new = self._new, []
        return new

    # What is known

    def leg(self, ear: "Ear", call_id: str) -> LiveLeg | None:
        """Return a phone's end of a call, or None when none was seen."""
        return self._legs.get((ear.phone.extension, call_id))

    def legs(self) -> tuple[LiveLeg, ...]:
        """Return the phones' ends of all calls, the oldest first."""
        return tuple(self._legs.values())

    def streams(self, numbers: Iterable[int]) -> list[Stream]:
        """Return streams as they have been measured so far.

        Args:
            numbers: theirs.
        """
        wanted = sorted(set(numbers))
        figures = list(self.seconds.figures()) if wanted else []
        return [self._stream(number, figures[number]) for number in wanted]

    def _stream(self, number: int, figures: StreamFigures) -> Stream:
        key = self._keys[number]
        return _LiveStream(
            self._nothing,
            key,
            figures,
            self._plan.codecs(key.src, key.dst, figures.first_s),
            self._plan.call_id(key.src, key.dst, figures.first_s),
            self._plan.encrypted(key.src, key.dst, figures.first_s),
            heard=tuple(each for each in self.seconds.of(number) if each.packets),
        )

    def codec(self, numbers: Sequence[int]) -> str:
        """Return the codec's name in SDP of the stream with the most packets, or ""."""
        streams = self.streams(numbers)
        return codec_name(max(streams, key=lambda each: each.packets)) if streams else ""

    def ladder(self, legs: Sequence[LiveLeg], names: Mapping[str, str]) -> Ladder:
        """Return the ladder of a call so far.

        Args:
            legs: its legs.
            names: what to call hosts, by IP address.
        """
        from voiplab.packets import rtcp_table  # noqa: PLC0415 - loads pandas

        messages = sorted(
            chain.from_iterable(leg.messages for leg in legs), key=lambda each: each.time_s
        )
        call_ids = {leg.call_id for leg in legs}
        media = [
            each
            for each in self.streams(self._numbers_of({leg.ear.phone.extension for leg in legs}))
            if each.call_id in call_ids
        ]
        reports = seen_reports(
            chain.from_iterable(leg.rtcp for leg in legs), self._plan, media, self._plan.encrypted
        )
        start_s = messages[0].time_s if messages else 0.0
        told = _Told(
            signalling=tuple(messages),
            keys=tuple(
                pressed_keys(
                    sorted(
                        chain.from_iterable(leg.events for leg in legs),
                        key=lambda each: each.time_s,
                    ),
                    messages,
                    self._plan,
                )
            ),
            media=tuple(sorted(media, key=lambda each: each.first_s)),
            rtcp=rtcp_table.rtcp(reports, media, start_s),
            start_s=start_s,
        )
        return Ladder.of(told, names)

    def _numbers_of(self, extensions: set[str]) -> Iterator[int]:
        for (extension, _), number in self._numbers.items():
            if extension in extensions:
                yield number
