"""The quality of a call, each direction by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Any

from voiplab.quality import PHONE_DELAY_MS, Rating, rate

if TYPE_CHECKING:
    import pandas as pd

    from voiplab.packets.stream import Stream

_NOT_SPEECH = {"telephone-event", "cn"}


@dataclass(frozen=True, slots=True)
class Direction:
    """What one phone received of another's speech.

    Attributes:
        sender: who spoke: an extension, or the number that was dialled.
        receiver: at whose phone it was measured.
        codec: the codec's name in SDP, for example ``PCMU``; "" when nothing was received.
        packets: RTP packets that arrived.
        lost: packets that did not, by their sequence numbers (RFC 3550, appendix A.3).
        loss_pct: lost among expected, in per cent.
        jitter_ms: mean interarrival jitter (RFC 3550, section 6.4.1), in ms; None when unknown.
        jitter_max_ms: its greatest value, in ms; None when unknown.
        burst_ratio: mean length of the bursts of loss over that of independent ones (ITU-T G.107).
        delay_ms: from mouth to ear, in ms: the phones' share by their settings, the network's as
            measured where it was impaired.
        rating: what the E-model makes of it.
    """

    sender: str
    receiver: str
    codec: str
    packets: int
    lost: int
    loss_pct: float
    jitter_ms: float | None
    jitter_max_ms: float | None
    burst_ratio: float
    delay_ms: float
    rating: Rating

    @property
    def label(self) -> str:
        """The direction in a few characters: ``2001 → 2002``."""
        return f"{self.sender} → {self.receiver}"

    @property
    def r(self) -> float | None:
        """The rating factor R on its own scale (`rating.scale`), or None where there is none."""
        return self.rating.r

    @property
    def mos(self) -> float | None:
        """The mean opinion score that follows from R, or None."""
        return self.rating.mos

    def as_dict(self) -> dict[str, Any]:
        """Return the direction in figures, with keys that stay."""
        return {
            "from": self.sender,
            "to": self.receiver,
            "codec": self.codec,
            "packets": self.packets,
            "lost": self.lost,
            "loss_pct": self.loss_pct,
            "jitter_ms": self.jitter_ms,
            "r": self.r,
            "mos": self.mos,
            "scale": None if self.r is None else self.rating.scale.value,
        }


@dataclass(frozen=True, slots=True)
class CallQuality:
    """The quality of a call, a direction at a time; in a notebook it shows itself as a table.

    Attributes:
        directions: as received by each phone.
    """

    directions: tuple[Direction, ...]

    def __iter__(self) -> Iterator[Direction]:
        return iter(self.directions)

    def __len__(self) -> int:
        return len(self.directions)

    def ratings(self) -> dict[str, Rating]:
        """Return each direction's rating by its label."""
        return {direction.label: direction.rating for direction in self.directions}

    def frame(self) -> "pd.DataFrame":
        """Return a row a direction."""
        import pandas as pd  # noqa: PLC0415 - heavy: loaded when a table is wanted

        return pd.DataFrame([direction.as_dict() for direction in self.directions])

    def _repr_html_(self) -> str:
        table = self.frame().rename(
            columns={"loss_pct": "loss %", "jitter_ms": "jitter ms", "r": "R", "mos": "MOS"}
        )
        shown = table.style.format(precision=2, na_rep="–").hide(axis="index")
        return str(shown.to_html())

    def __str__(self) -> str:
        return self.frame().to_string(index=False, float_format=lambda value: f"{value:.2f}")


def measure(
    streams: "Sequence[Stream]", sender: str, receiver: str, *, network_ms: float = 0.0
) -> Direction:
    """Measure what a phone received in a call.

    Args:
        streams: the RTP streams of the call that arrived at the phone.
        sender: who spoke.
        receiver: whose phone it is.
        network_ms: how long the packets were on their way, in ms.

    Returns:
        The direction from the sender to the receiver; its streams are added up, should the call
        have had several one after the other.
    """
    speech = [each for each in streams if is_speech(each)]
    packets = sum(each.packets for each in speech)
    lost = sum(each.figures.lost for each in speech)
    delay_ms = PHONE_DELAY_MS + network_ms
    if packets == 0:
        nothing = Rating.missing(f"No speech arrived at the phone of {receiver}.")
        return Direction(sender, receiver, "", 0, 0, 0.0, None, None, 1.0, delay_ms, nothing)
    duplicated = sum(each.figures.duplicated for each in speech)
    main = max(speech, key=lambda each: each.packets)
    codec, burst_ratio = codec_name(main), main.figures.burst_ratio
    loss_pct = 100 * lost / (packets - duplicated + lost)
    jitter = [(each.packets, *each.jitter_mean_and_max_ms) for each in speech]
    timed = [each for each in jitter if not isnan(each[1])]
    jitter_ms = jitter_max_ms = None
    if timed:
        weight = sum(count for count, _, _ in timed)
        jitter_ms = sum(count * mean_ms for count, mean_ms, _ in timed) / weight
        jitter_max_ms = max(max_ms for _, _, max_ms in timed)
    return Direction(
        sender,
        receiver,
        codec,
        packets,
        lost,
        loss_pct,
        jitter_ms,
        jitter_max_ms,
        burst_ratio,
        delay_ms,
        rate(codec, loss_pct, delay_ms=delay_ms, burst_ratio=burst_ratio),
    )


def codec_name(stream: "Stream") -> str:
    """Return the name that SDP gives to a stream's codec, or "" when nothing tells."""
    return stream.codec.name if stream.codec else ""


def is_speech(stream: "Stream") -> bool:
    """Whether a stream carries speech, as far as anything tells."""
    return codec_name(stream).lower() not in _NOT_SPEECH
