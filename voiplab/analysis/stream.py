"""One RTP stream of a capture, measured and rated."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voiplab.analysis.figures import known
from voiplab.packets.printable import printable
from voiplab.quality import Rating, rate

if TYPE_CHECKING:
    import pandas as pd

_NOT_SPEECH = {
    "telephone-event": "telephone-event carries keys (RFC 4733), no speech.",
    "cn": "CN carries the noise of silences (RFC 3389), no speech.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamReport:
    """What arrived of one stream, and what the E-model makes of it.

    Attributes:
        src: the sender as address:port.
        dst: the receiver as address:port.
        ssrc: the synchronisation source.
        codec: its name in SDP, or None when nothing tells.
        packets: how many arrived.
        lost: how many did not, by their sequence numbers.
        loss_pct: lost among expected, in per cent.
        jitter_ms_mean: mean interarrival jitter (RFC 3550), in ms; None when unknown.
        jitter_ms_max: its greatest value, in ms; None when unknown.
        start_s: when its first packet was seen, in seconds since the capture's first frame.
        duration_s: from its first to its last packet.
        encrypted: whether it was negotiated as SRTP: counted all the same, but not to be heard.
        call_id: the Call-ID of the dialog that negotiated it, or "".
        capture: the name of the capture that holds it.
        rating: what the E-model makes of codec, loss, bursts and the assumed delay.
    """

    src: str
    dst: str
    ssrc: int
    codec: str | None
    packets: int
    lost: int
    loss_pct: float
    jitter_ms_mean: float | None
    jitter_ms_max: float | None
    start_s: float
    duration_s: float
    encrypted: bool
    call_id: str
    capture: str
    rating: Rating

    @classmethod
    def of(cls, row: "pd.Series[Any]", *, delay_ms: float, encrypted: bool) -> "StreamReport":
        """Read a stream off a row of `Capture.streams`.

        Args:
            row: the row.
            delay_ms: from mouth to ear, as assumed.
            encrypted: whether it was negotiated as SRTP.
        """
        codec = row["codec"] if isinstance(row["codec"], str) else None
        return cls(
            src=row["src"],
            dst=row["dst"],
            ssrc=int(row["ssrc"]),
            codec=codec,
            packets=int(row["packets"]),
            lost=int(row["lost"]),
            loss_pct=float(row["loss_pct"]),
            jitter_ms_mean=known(row["jitter_ms_mean"]),
            jitter_ms_max=known(row["jitter_ms_max"]),
            start_s=float(row["start_s"]),
            duration_s=float(row["duration_s"]),
            encrypted=encrypted,
            call_id=row["call_id"],
            capture=row["capture"],
            rating=_rating(codec, row, delay_ms),
        )

    @property
    def label(self) -> str:
        """The direction in a few characters: ``192.0.2.1:4000 → 192.0.2.2:5000``."""
        return f"{self.src} → {self.dst}"

    @property
    def is_speech(self) -> bool:
        """Whether it may carry speech: neither keys nor the noise of silences."""
        return self.codec is None or self.codec.lower() not in _NOT_SPEECH

    def as_dict(self) -> dict[str, Any]:
        """Return the stream in figures, with keys that stay."""
        return {
            "src": self.src,
            "dst": self.dst,
            "ssrc": self.ssrc,
            "codec": self.codec and printable(self.codec),
            "packets": self.packets,
            "lost": self.lost,
            "jitter_ms_mean": self.jitter_ms_mean,
            "jitter_ms_max": self.jitter_ms_max,
            "r": known(self.rating.r, digits=1),
            "mos": known(self.rating.mos, digits=2),
        }


def _rating(codec: str | None, row: "pd.Series[Any]", delay_ms: float) -> Rating:
    if codec is None:
        return Rating.missing("The codec is unknown: no session description named it.")
    if reason := _NOT_SPEECH.get(codec.lower()):
        return Rating.missing(reason)
    burst_ratio = float(row["burst_ratio"])
    return rate(codec, float(row["loss_pct"]), delay_ms=delay_ms, burst_ratio=burst_ratio)
