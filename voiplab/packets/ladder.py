"""A call as a ladder: who said what to whom, from top to bottom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from voiplab.packets.drawing import Line, draw
from voiplab.packets.packet import host
from voiplab.packets.signalling import SeenMessage

if TYPE_CHECKING:
    from voiplab.packets.capture import Capture
    from voiplab.packets.stream import Stream

Kind = Literal["request", "provisional", "success", "failure"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A host that takes part.

    Attributes:
        address: its IP address.
        name: what to call it.
    """

    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """A SIP message.

    Attributes:
        time_s: seconds since the ladder's first message.
        src: the number of the actor that sent it.
        dst: the number of the actor that received it.
        label: the message in a few words.
        kind: what class of message it is.
        text: the whole message.
    """

    time_s: float
    src: int
    dst: int
    label: str
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Flow:
    """Media in one direction within a band.

    Attributes:
        src: the number of the sending actor.
        dst: the number of the receiving actor.
        codec: its name, or "payload type N" when nothing tells.
        packets: how many arrived.
    """

    src: int
    dst: int
    codec: str
    packets: int


@dataclass(frozen=True, slots=True)
class Band:
    """Media between two actors.

    Attributes:
        time_s: when its first packet was seen, in seconds since the ladder's first message.
        end_s: when its last packet was seen.
        actors: the numbers of the two, the left one first.
        flows: its directions.
    """

    time_s: float
    end_s: float
    actors: tuple[int, int]
    flows: tuple[Flow, ...]


Rung = Arrow | Band


@dataclass(frozen=True, slots=True)
class Ladder:
    """A call from top to bottom.

    Attributes:
        actors: from left to right.
        rungs: SIP messages and bands of media, by time.
    """

    actors: tuple[Actor, ...]
    rungs: tuple[Rung, ...]

    @classmethod
    def of(cls, capture: "Capture", names: Mapping[str, str] | None = None) -> "Ladder":
        """Read the ladder off a capture, or off the part of it that belongs to a call.

        Args:
            capture: the capture.
            names: what to call hosts, by IP address.
        """
        seen, media = capture.signalling, capture.media
        names = names or {}
        addresses = _in_order(seen, media)
        actors = tuple(Actor(address, names.get(address, address)) for address in addresses)
        column = {address: number for number, address in enumerate(addresses)}
        times = [s.time_s for s in seen] + [m.first_s for m in media]
        start_s = min(times, default=0.0)
        rungs: list[Rung] = [_arrow(each, column, start_s) for each in seen]
        rungs += _bands(media, column, start_s)
        return cls(actors, tuple(sorted(rungs, key=lambda rung: rung.time_s)))

    @property
    def arrows(self) -> tuple[Arrow, ...]:
        """The SIP messages."""
        return tuple(rung for rung in self.rungs if isinstance(rung, Arrow))

    @property
    def bands(self) -> tuple[Band, ...]:
        """The media."""
        return tuple(rung for rung in self.rungs if isinstance(rung, Band))

    def first(self, count: int) -> "Ladder":
        """Return the upper end of the ladder, with only the actors that it needs.

        Args:
            count: how many rungs to keep.
        """
        kept = self.rungs[:count]
        needed = sorted({end for rung in kept for end in _ends(rung)})
        column = {old: new for new, old in enumerate(needed)}
        actors = tuple(self.actors[number] for number in needed)
        return Ladder(actors, tuple(_moved(rung, column) for rung in kept))

    def text(self, most: int = 400) -> str:
        """Draw the ladder for a terminal.

        Args:
            most: how many rungs to draw; a last line says how many more there are.
        """
        shown = self.first(most)
        lines = [line for rung in shown.rungs for line in _lines(rung)]
        drawn = draw([actor.name for actor in shown.actors], lines)
        more = len(self.rungs) - len(shown.rungs)
        return f"{drawn}\n… and {more} more" if more else drawn


def _ends(rung: Rung) -> tuple[int, int]:
    return (rung.src, rung.dst) if isinstance(rung, Arrow) else rung.actors


def _moved(rung: Rung, column: Mapping[int, int]) -> Rung:
    """Return a rung between the same actors, where those have other numbers."""
    if isinstance(rung, Arrow):
        return replace(rung, src=column[rung.src], dst=column[rung.dst])
    left, right = rung.actors
    flows = (replace(flow, src=column[flow.src], dst=column[flow.dst]) for flow in rung.flows)
    return replace(rung, actors=(column[left], column[right]), flows=tuple(flows))


def _lines(rung: Rung) -> list[Line]:
    if isinstance(rung, Arrow):
        return [Line(rung.time_s, rung.src, rung.dst, rung.label)]
    # The time stands at the first line of a band only.
    times = [rung.time_s, *[None] * len(rung.flows)]
    return [
        Line(time_s, flow.src, flow.dst, f"{flow.packets} RTP {flow.codec}", "═")
        for time_s, flow in zip(times, rung.flows, strict=False)
    ]


def _in_order(seen: Sequence[SeenMessage], media: "Sequence[Stream]") -> list[str]:
    """Return the hosts in the order in which they appear."""
    ends = [end for each in seen for end in (each.src, each.dst)]
    ends += [end for stream in media for end in (stream.key.src, stream.key.dst)]
    return list(dict.fromkeys(host(end) for end in ends))


def _arrow(seen: SeenMessage, column: Mapping[str, int], start_s: float) -> Arrow:
    message = seen.message
    kinds: dict[int, Kind] = {0: "request", 1: "provisional", 2: "success"}
    return Arrow(
        time_s=seen.time_s - start_s,
        src=column[host(seen.src)],
        dst=column[host(seen.dst)],
        label=message.summary,
        kind=kinds.get(message.status // 100, "failure"),
        text=bytes(message).decode("utf-8", "replace"),
    )


def _bands(media: "Sequence[Stream]", column: Mapping[str, int], start_s: float) -> list[Band]:
    pairs: dict[tuple[int, int, str], list[Stream]] = {}
    # A stream that several captures saw is told once, as seen last: nearest to its receiver.
    for stream in {stream.key: stream for stream in media}.values():
        ends = sorted((column[host(stream.key.src)], column[host(stream.key.dst)]))
        pairs.setdefault((ends[0], ends[1], stream.call_id), []).append(stream)
    return [
        Band(
            time_s=min(stream.first_s for stream in streams) - start_s,
            end_s=max(stream.last_s for stream in streams) - start_s,
            actors=(left, right),
            flows=tuple(_flow(stream, column) for stream in streams),
        )
        for (left, right, _), streams in pairs.items()
    ]


def _flow(stream: "Stream", column: Mapping[str, int]) -> Flow:
    codec = stream.codec
    return Flow(
        src=column[host(stream.key.src)],
        dst=column[host(stream.key.dst)],
        codec=codec.name if codec else f"payload type {stream.payload_type}",
        packets=stream.packets,
    )
