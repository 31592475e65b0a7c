"""A call as a ladder: who said what to whom, from top to bottom."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from voiplab.packets.arrows import folded, key_arrows, message_arrows, report_arrows
from voiplab.packets.drawing import Line, draw
from voiplab.packets.ladder_html import draw_html
from voiplab.packets.packet import host
from voiplab.packets.rung import SIP_KINDS, Actor, Arrow, Band, Kind, Rung, bands_at, ends

if TYPE_CHECKING:
    from voiplab.packets.capture import Capture

MOST_ACTORS = 8
"""How many lifelines have room beside one another in a drawing."""

_SHOWN_IN_A_NOTEBOOK = 200


@dataclass(frozen=True, slots=True)
class Ladder:
    """A call from top to bottom.

    In a notebook it shows itself: a click on an arrow opens the whole message.

    Attributes:
        actors: from left to right.
        rungs: SIP messages, keys, RTCP and bands of media, by time.
    """

    actors: tuple[Actor, ...]
    rungs: tuple[Rung, ...]

    @classmethod
    def of(cls, capture: "Capture", names: Mapping[str, str] | None = None) -> "Ladder":
        """Read the ladder off a capture, or off the part of it that belongs to a call.

        Args:
            capture: the capture.
            names: what to call hosts, by IP address; addresses of one name are one actor.
        """
        from voiplab.packets.bands import bands  # noqa: PLC0415 - loads numpy

        seen, keys, rtcp = capture.signalling, capture.keys, capture.rtcp
        told = {(key.src, key.dst) for key in keys}
        media = [
            stream
            for stream in capture.media
            # Keys are told one by one.
            if (stream.key.src, stream.key.dst) not in told
            or stream.codec is None
            or stream.codec.name.lower() != "telephone-event"
        ]
        points = [(each.src, each.dst) for each in seen]
        points += [(stream.key.src, stream.key.dst) for stream in media]
        points += [*told, *zip(rtcp["src"], rtcp["dst"], strict=True)]
        addresses = dict.fromkeys(host(end) for pair in points for end in pair)
        actors, column = _actors(tuple(addresses), names or {})
        arrows = message_arrows(seen, keys, column) + key_arrows(keys, column)
        arrows += report_arrows(rtcp, capture.start_s, column)
        rungs: list[Rung] = [*folded(sorted(arrows, key=_time_s)), *bands(media, seen, column)]
        start_s = min(map(_time_s, rungs), default=0.0)
        return cls(actors, tuple(_since(rung, start_s) for rung in sorted(rungs, key=_time_s)))

    @property
    def arrows(self) -> tuple[Arrow, ...]:
        """The SIP messages."""
        arrows = (rung for rung in self.rungs if isinstance(rung, Arrow))
        return tuple(arrow for arrow in arrows if arrow.kind in SIP_KINDS)

    @property
    def bands(self) -> tuple[Band, ...]:
        """The media."""
        return tuple(rung for rung in self.rungs if isinstance(rung, Band))

    def first(self, count: int, most_actors: int | None = None) -> "Ladder":
        """Return the upper end of the ladder, with only the actors that it needs.

        Args:
            count: how many rungs to keep.
            most_actors: where more actors would be needed, it ends before.
        """
        kept = self.rungs[:count]
        if most_actors is not None:
            kept = kept[: _among(kept, most_actors)]
        needed = sorted({end for rung in kept for end in ends(rung)})
        column = {old: new for new, old in enumerate(needed)}
        actors = tuple(self.actors[number] for number in needed)
        return Ladder(actors, tuple(_moved(rung, column) for rung in kept))

    def text(self, most: int = 400) -> str:
        """Draw the ladder for a terminal.

        Lifelines are doubled while media flows between them. The drawing ends before a ninth
        actor, which no terminal has room for.

        Args:
            most: how many rungs to draw; a last line says how many more there are.
        """
        return "\n".join(line for line, _ in self.lines(most))

    def lines(self, most: int = 400) -> list[tuple[str, Kind | Literal["media", ""]]]:
        """Return the lines of `text`, each with the class of what it shows; "" for none.

        Args:
            most: how many rungs to draw; a last line says how many more there are.
        """
        shown = self.first(most, MOST_ACTORS)
        lines = [(line, _kind(rung)) for rung in shown.rungs for line in _lines(rung, shown.rungs)]
        drawn = draw([actor.name for actor in shown.actors], [line for line, _ in lines])
        kinds: list[Kind | Literal["media", ""]] = ["", *(kind for _, kind in lines)]
        more = len(self.rungs) - len(shown.rungs)
        left_out = [(f"… and {more} more", kinds[0])] if more else []
        return list(zip(drawn, kinds, strict=True)) + left_out

    def html(self, most: int = _SHOWN_IN_A_NOTEBOOK) -> str:
        """Draw the ladder for a page: without a script, and with no address outside.

        A click on an arrow, or Enter, opens the whole message below it.

        Args:
            most: how many rungs to draw; a last line says how many more there are.

        >>> "No message" in Ladder((), ()).html()
        True
        """
        shown = self.first(most, MOST_ACTORS)
        return draw_html(shown.actors, shown.rungs, more=len(self.rungs) - len(shown.rungs))

    def _repr_html_(self) -> str:
        return self.html()


def _actors(
    addresses: tuple[str, ...], names: Mapping[str, str]
) -> tuple[tuple[Actor, ...], dict[str, int]]:
    """Return the actors in the order in which they appear, and the number of each address's."""
    actors: list[Actor] = []
    numbers: dict[str, int] = {}
    column = {}
    for address in addresses:
        name = names.get(address, address)
        if name not in numbers:
            numbers[name] = len(actors)
            actors.append(Actor(address, name))
        column[address] = numbers[name]
    return tuple(actors), column


def _among(rungs: tuple[Rung, ...], most_actors: int) -> int:
    """Return how many rungs, from the top, have no more actors than that."""
    needed: set[int] = set()
    for count, rung in enumerate(rungs):
        needed.update(ends(rung))
        if len(needed) > most_actors:
            return count
    return len(rungs)


def _time_s(rung: Rung) -> float:
    return rung.time_s


def _since(rung: Rung, start_s: float) -> Rung:
    """Return a rung with times counted from the ladder's first."""
    if isinstance(rung, Arrow):
        return replace(rung, time_s=rung.time_s - start_s)
    return replace(rung, time_s=rung.time_s - start_s, end_s=rung.end_s - start_s)


def _moved(rung: Rung, column: Mapping[int, int]) -> Rung:
    """Return a rung between the same actors, where those have other numbers."""
    if isinstance(rung, Arrow):
        return replace(rung, src=column[rung.src], dst=column[rung.dst])
    left, right = rung.actors
    flows = (replace(flow, src=column[flow.src], dst=column[flow.dst]) for flow in rung.flows)
    return replace(rung, actors=(column[left], column[right]), flows=tuple(flows))


def _kind(rung: Rung) -> Kind | Literal["media"]:
    return rung.kind if isinstance(rung, Arrow) else "media"


def _lines(rung: Rung, rungs: tuple[Rung, ...]) -> list[Line]:
    busy = frozenset(end for band in bands_at(rungs, rung.time_s) for end in band.actors)
    if isinstance(rung, Arrow):
        stroke = "╌" if rung.retransmitted else "─"
        return [Line(rung.time_s, rung.src, rung.dst, rung.label, stroke, busy)]
    # The time stands at the first line of a band only.
    times = [rung.time_s, *[None] * len(rung.flows)]
    return [
        Line(time_s, flow.src, flow.dst, flow.label, "═", busy)
        for time_s, flow in zip(times, rung.flows, strict=False)
    ]
