"""What a ladder is made of: actors, messages between them, and media."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["request", "provisional", "success", "failure", "dtmf", "rtcp"]
SIP_KINDS: frozenset[Kind] = frozenset({"request", "provisional", "success", "failure"})


@dataclass(frozen=True, slots=True)
class Actor:
    """A host that takes part.

    Attributes:
        address: its IP address; the first that was seen when it has several.
        name: what to call it.
    """

    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """A SIP message, a key that was pressed, or RTCP.

    Attributes:
        time_s: seconds since the ladder's first message.
        src: the number of the actor that sent it.
        dst: the number of the actor that received it.
        label: it in a few words.
        kind: what class of message it is.
        text: the whole message, or what there is to know.
        retransmitted: whether it says again what was said before (RFC 3261, section 17).
    """

    time_s: float
    src: int
    dst: int
    label: str
    kind: Kind
    text: str
    retransmitted: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """Media in one direction within a band.

    Attributes:
        src: the number of the sending actor.
        dst: the number of the receiving actor.
        codec: its name, or "payload type N" when nothing tells.
        packets: how many arrived.
        text: what there is to know.
        streams: how many streams it is made of.
        encrypted: whether it is SRTP.
    """

    src: int
    dst: int
    codec: str
    packets: int
    text: str = ""
    streams: int = 1
    encrypted: bool = False

    @property
    def label(self) -> str:
        """The flow in a few words.

        >>> Flow(0, 1, "PCMU", 240).label
        '240 RTP PCMU'
        """
        several = f" in {self.streams} streams" if self.streams > 1 else ""
        return f"{self.packets} {'SRTP' if self.encrypted else 'RTP'} {self.codec}{several}"


@dataclass(frozen=True, slots=True)
class Band:
    """Media between two actors, without a pause of both.

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


def ends(rung: Rung) -> tuple[int, int]:
    """Return the numbers of the actors that a rung lies between."""
    return (rung.src, rung.dst) if isinstance(rung, Arrow) else rung.actors


def bands_at(rungs: tuple[Rung, ...], time_s: float) -> list[Band]:
    """Return the bands in which media flows at a moment.

    Args:
        rungs: of one ladder.
        time_s: seconds since its first message.
    """
    return [
        rung for rung in rungs if isinstance(rung, Band) and rung.time_s <= time_s <= rung.end_s
    ]
