"""The quality of the calls in progress, second by second, while they go on."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voiplab import background
from voiplab.background import side_by_side
from voiplab.errors import LabStopped, VoipLabError
from voiplab.evidence import QualitySecond
from voiplab.evidence.direction import Direction, measure
from voiplab.evidence.quality_second import delay_ms, timeline_frame, without_holes
from voiplab.lab.ear import Ear
from voiplab.lab.hidden_signalling import HiddenSignalling
from voiplab.lab.live_media import LiveLeg, LiveMedia
from voiplab.lab.switchboard import PbxCall, Switchboard
from voiplab.packets.packet import host
from voiplab.packets.seconds import Second, added_up

if TYPE_CHECKING:
    import pandas as pd

    from voiplab.ami import Ami, Event
    from voiplab.lab.call import Call
    from voiplab.lab.lab import Lab
    from voiplab.lab.phone import Phone
    from voiplab.packets import Ladder
    from voiplab.phones import Leg

INTERVAL_S = 1.0

_log = logging.getLogger(__name__)

# A channel's making and its phone's INVITE lie milliseconds apart; a loaded machine gets more.
_SAME_CALL_S = 2.0
_KEPT_CALLS = 200


@dataclass(frozen=True, slots=True)
class Hearing:
    """What one phone hears in a call.

    Attributes:
        key: what tells it from others.
        call: the id of its call in :attr:`Monitor.calls`; "" as long as Asterisk's report of that
            is awaited.
        sender: who speaks: an extension, or the number that was dialled.
        receiver: whose phone hears.
        codec: the codec's name in SDP; "" before anything came.
        packets: RTP packets that came so far.
        lost: packets that were due and never came.
        ended: whether the phone's call is over.
        latest: its last complete second, or None.
    """

    key: str
    call: str
    sender: str
    receiver: str
    codec: str
    packets: int
    lost: int
    ended: bool
    latest: QualitySecond | None

    @property
    def label(self) -> str:
        """The direction in a few characters: ``2001 → 2002``."""
        return f"{self.sender} → {self.receiver}"


@dataclass(frozen=True, slots=True)
class News:
    """What the monitor has found out since its last round.

    Attributes:
        time_s: when the round was, in seconds since the epoch.
        hearings: the directions with new seconds, and those that have ended since.
        seconds: those seconds, by the keys of the directions; one that was told before is told
            again when it has changed, such as when a packet turned up late.
    """

    time_s: float
    hearings: tuple[Hearing, ...]
    seconds: Mapping[str, tuple[QualitySecond, ...]]


Listener = Callable[[News], None]


@dataclass
class _Direction:
    """A direction, as it is being measured."""

    key: str
    ear: Ear
    call_id: str
    streams: list[int] = field(default_factory=list)
    seconds: dict[int, Second] = field(default_factory=dict)
    waiting: set[int] = field(default_factory=set)
    told_until: int = 0
    call: PbxCall | None = None
    codec: str = ""
    ended: bool = False
    end_told: bool = False
    packets: int = 0
    lost: int = 0
    latest: QualitySecond | None = None


class Monitor:
    """Measures the calls in progress of a lab from its phones' captures, while those grow.

    It costs what comes in: neither the length of a call nor the number of those before matters.
    It runs while anybody listens, or from :meth:`start` until :meth:`stop`; with the lab it ends.

    Args:
        lab: the lab.
        interval_s: how long a round takes, in seconds.
    """

    def __init__(self, lab: "Lab", *, interval_s: float = INTERVAL_S) -> None:
        self._lab = lab
        self._interval_s = interval_s
        self._listeners: list[Listener] = []
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._lock = threading.RLock()
        self._pbx_address = ""
        self._forget()

    def _forget(self) -> None:
        self._ears: dict[str, Ear] = {}
        self._media = LiveMedia()
        self._hidden: HiddenSignalling | None = None
        self._board = Switchboard()
        self._events = 0
        self._ami: Ami | None = None
        self._directions: dict[str, _Direction] = {}
        self._of_stream: dict[int, _Direction] = {}

    def __repr__(self) -> str:
        return f"<Monitor of lab {self._lab.name}, {'running' if self.running else 'stopped'}>"

    # Life and death

    @property
    def running(self) -> bool:
        """Whether it measures."""
        return self._thread is not None

    def start(self) -> None:
        """Begin to measure; nothing happens when it does already.

        Raises:
            LabStopped: when the lab does not run.
        """
        with self._lock:
            if self._thread is not None:
                return
            self._lab.check_running()
            self._pbx_address = self._lab.pbx.container.address
            self._forget()
            self._hidden = HiddenSignalling(self._lab)
            self._stopping = threading.Event()
            self._thread = threading.Thread(
                target=self._go_on, args=(self._stopping,), name="voiplab-monitor", daemon=True
            )
            self._thread.start()

    def stop(self) -> None:
        """End measuring, and all that it has started; what was measured stays to be read."""
        with self._lock:
            thread, self._thread = self._thread, None
            self._stopping.set()
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell someone the news of each round, on the background loop; start if need be.

        Args:
            listener: is to return at once.

        Returns:
            A function that ends that. With the last listener, the monitor stops.
        """
        self.start()
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)
                if not self._listeners:
                    self.stop()

        return unsubscribe

    def _go_on(self, stopping: threading.Event) -> None:
        try:
            while not stopping.is_set():
                started = time.monotonic()
                news = self.look()
                for listener in tuple(self._listeners):
                    background.loop().call_soon_threadsafe(listener, news)
                stopping.wait(max(self._interval_s - (time.monotonic() - started), 0.01))
        except Exception:  # noqa: BLE001 - told in the log, and who reads sees that it stands still
            _log.exception("The monitor of lab %s has stopped", self._lab.name)
            self._thread = None
        finally:
            side_by_side(Ear.close, self._ears.values())

    # A round

    def look(self) -> News:
        """Take in what has come since the last round, and return what is new."""
        with self._lock:
            self._keep_ears()
            self._hear_hidden(self._follow_pbx())
            for ear in self._ears.values():
                for heard in ear.listen():
                    self._media.take(ear, heard)
            self._media.measure()
            self._sort_streams()
            return self._tell()

    def _hear_hidden(self, events: "tuple[Event, ...]") -> None:
        """Take in the SIP that phones speak over TLS, which no ear understands."""
        if self._hidden is None:
            return
        over_tls = {
            ear.address: ear for ear in self._ears.values() if ear.phone.account.transport == "tls"
        }
        for seen in self._hidden.listen(events):
            ear = over_tls.get(host(seen.src)) or over_tls.get(host(seen.dst))
            if ear is not None:
                self._media.follow(ear, seen)

    def _follow_pbx(self) -> "tuple[Event, ...]":
        try:
            pbx = self._lab.pbx
            events, ami = pbx.events(after=self._events), pbx.ami
        except LabStopped:
            events, ami = (), None
        if ami is not self._ami and self._ami is not None:
            self._board.cut_off(time.time())
        self._ami = ami
        self._events += len(events)
        for event in events:
            self._board.follow(event)
        self._board.forget(_KEPT_CALLS)
        return events

    def _keep_ears(self) -> None:
        phones = dict(self._lab.phones)
        for extension in self._ears.keys() - phones.keys():
            self._ears.pop(extension).close()
        new = [phone for extension, phone in phones.items() if extension not in self._ears]

        def begin(extension: str) -> tuple[str, Ear | None]:
            try:
                return extension, Ear(phones[extension], self._interval_s)
            except VoipLabError:
                # It is going, or only just coming.
                return extension, None

        for extension, ear in side_by_side(begin, [phone.extension for phone in new]):
            if ear is not None:
                self._ears[extension] = ear

    def _sort_streams(self) -> None:
        """Find out which direction each new stream belongs to."""
        for number, ear, call_id in self._media.new_streams():
            key = f"{call_id}@{ear.phone.extension}"
            direction = self._directions.get(key)
            if direction is None:
                direction = self._directions[key] = _Direction(key, ear, call_id)
            direction.streams.append(number)
            self._of_stream[number] = direction

    def _tell(self) -> News:
        for stream, changed in self._media.seconds.changed().items():
            direction = self._of_stream.get(stream)
            if direction is not None:
                direction.waiting |= changed
        seconds = {}
        hearings = []
        for direction in self._directions.values():
            if direction.end_told and not direction.waiting:
                continue
            fresh = self._fresh(direction)
            if fresh or direction.ended != direction.end_told:
                direction.end_told = direction.ended
                seconds[direction.key] = tuple(fresh)
                hearings.append(self._hearing(direction))
        return News(time.time(), tuple(hearings), seconds)

    def _fresh(self, direction: _Direction) -> list[QualitySecond]:
        """Bring a direction up to date, and return its complete seconds that are new."""
        leg = self._media.leg(direction.ear, direction.call_id)
        direction.ended = leg is None or leg.ended or direction.ear.closed
        until = int(direction.ear.last_s)
        if direction.ended:
            complete = set(direction.waiting)
        else:
            complete = {each for each in direction.waiting if each < until}
            first = direction.told_until or min(direction.seconds, default=until)
            complete |= set(range(first, until)) - direction.seconds.keys()
        direction.waiting -= complete
        if not complete:
            return []
        self._identify(direction)
        for time_s in complete:
            parts = [self._media.seconds.at(stream, time_s) for stream in direction.streams]
            second = added_up(time_s, [part for part in parts if part is not None])
            before = direction.seconds.get(time_s, Second(time_s))
            direction.packets += second.packets - before.packets
            direction.lost += second.lost - before.lost
            direction.seconds[time_s] = second
        direction.told_until = max(direction.told_until, *(each + 1 for each in complete))
        rated = [self._rated(direction, direction.seconds[each]) for each in sorted(complete)]
        if direction.latest is None or rated[-1].time_s >= direction.latest.time_s:
            direction.latest = rated[-1]
        return rated

    def _identify(self, direction: _Direction) -> None:
        if not direction.codec:
            direction.codec = self._media.codec(direction.streams)
        if direction.call is None:
            leg = self._media.leg(direction.ear, direction.call_id)
            direction.call = None if leg is None else self._call_of_leg(leg)

    def _call_of_leg(self, leg: LiveLeg) -> PbxCall | None:
        """Return Asterisk's call of which a phone's leg is part, or None when it knows of none."""
        near = [
            (abs(party.started_s - leg.started_s), call)
            for call in self._board.calls.values()
            for party in call.parties.values()
            if party.extension == leg.ear.phone.extension and party.calling != leg.incoming
        ]
        distance_s, call = min(near, key=lambda each: each[0], default=(_SAME_CALL_S, None))
        return call if distance_s < _SAME_CALL_S else None

    def _rated(self, direction: _Direction, second: Second) -> QualitySecond:
        sender = self._ears.get(self._sender(direction))
        return QualitySecond.of(
            second,
            direction.codec,
            delay_ms(sender.history if sender else (), direction.ear.history, second.time_s + 1),
        )

    def _sender(self, direction: _Direction) -> str:
        receiver = direction.ear.phone.extension
        if direction.call is not None:
            return direction.call.talks_to(receiver)
        leg = self._media.leg(direction.ear, direction.call_id)
        return leg.peer if leg else ""

    def _hearing(self, direction: _Direction) -> Hearing:
        return Hearing(
            key=direction.key,
            call=direction.call.id if direction.call else "",
            sender=self._sender(direction),
            receiver=direction.ear.phone.extension,
            codec=direction.codec,
            packets=direction.packets,
            lost=direction.lost,
            ended=direction.ended,
            latest=direction.latest,
        )

    # What can be seen

    def calls(self) -> tuple[PbxCall, ...]:
        """Return the calls of the PBX, whoever made them: those in progress and the last ended."""
        with self._lock:
            return tuple(self._board.calls.values())

    def made_by(self, call: str) -> "Call | None":
        """Return the call that this process made, and that is this one of the PBX, or None.

        Args:
            call: its id; see :meth:`calls`.
        """
        with self._lock:
            known = self._board.calls.get(call)
        if known is None:
            return None
        near = [
            (abs(each.dialled_s - known.started_s), each)
            for each in tuple(self._lab.calls)
            if (each.caller.extension, each.number) == (known.caller, known.called)
        ]
        distance_s, made = min(near, key=lambda each: each[0], default=(_SAME_CALL_S, None))
        return made if distance_s < _SAME_CALL_S else None

    def legs(self, call: str) -> "list[tuple[Phone, Leg]]":
        """Return the softphones that take part in a call and obey this process, with their legs.

        Args:
            call: its id; see :meth:`calls`.
        """
        with self._lock:
            live = self._live_legs(call)
        known = [(leg.ear.phone, leg.ear.phone.legs.get(leg.call_id)) for leg in live]
        return [(phone, leg) for phone, leg in known if leg is not None]

    def _live_legs(self, call: str) -> list[LiveLeg]:
        return [
            leg
            for leg in self._media.legs()
            if (found := self._call_of_leg(leg)) is not None and found.id == call
        ]

    def snapshot(self, *, ended: bool = False) -> tuple[Hearing, ...]:
        """Return the directions of the calls in progress, as of the last round.

        Args:
            ended: also those of calls that have ended since the monitor was started.
        """
        with self._lock:
            return tuple(
                self._hearing(each) for each in self._directions.values() if ended or not each.ended
            )

    def seconds(self, key: str) -> tuple[QualitySecond, ...]:
        """Return all seconds of a direction so far.

        Args:
            key: of a :class:`Hearing`.
        """
        with self._lock:
            direction = self._directions[key]
            return tuple(
                self._rated(direction, each) for each in without_holes(_trimmed(direction.seconds))
            )

    def timeline(self, call: str | None = None) -> "pd.DataFrame":
        """Return how the directions fared, second by second of the clock.

        Args:
            call: only those of the call with that id.

        Returns:
            As :func:`voiplab.evidence.quality_timeline` makes it of the call's evidence.
        """
        with self._lock:
            rows = [
                (hearing.label, second)
                for hearing in self.snapshot(ended=True)
                if call in {None, hearing.call}
                for second in self.seconds(hearing.key)
            ]
        return timeline_frame(rows)

    def direction(self, key: str) -> Direction:
        """Return the quality of a direction so far, as a whole.

        Args:
            key: of a :class:`Hearing`.
        """
        with self._lock:
            direction = self._directions[key]
            sender = self._ears.get(self._sender(direction))
            network_ms = delay_ms(
                sender.history if sender else (), direction.ear.history, time.time()
            ) - delay_ms((), (), 0)
            return measure(
                self._media.streams(direction.streams),
                self._sender(direction),
                direction.ear.phone.extension,
                network_ms=network_ms,
            )

    def told(self, call: str) -> int:
        """Return how much there is to tell on a call's ladder, besides its media.

        Args:
            call: its id; see :meth:`calls`.
        """
        with self._lock:
            legs = self._live_legs(call)
            return sum(len(leg.messages) + len(leg.rtcp) + len(leg.events) for leg in legs)

    def ladder(self, call: str) -> "Ladder":
        """Return the ladder of a call so far.

        Args:
            call: its id; see :meth:`calls`.
        """
        with self._lock:
            legs = self._live_legs(call)
            names = {ear.address: f"phone {ear.phone.extension}" for ear in self._ears.values()}
            return self._media.ladder(legs, names | {self._pbx_address: "Asterisk"})


def _trimmed(seconds: Mapping[int, Second]) -> dict[int, Second]:
    """Leave out what is empty: silence before the first packet and after the last is no second."""
    return {time_s: each for time_s, each in seconds.items() if each.packets or each.lost}
