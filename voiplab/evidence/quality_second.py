"""The quality of a call, second by second: while it goes on, and from its evidence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from math import isnan
from typing import TYPE_CHECKING, Any

from voiplab.evidence.direction import codec_name, is_speech
from voiplab.evidence.folder import Evidence
from voiplab.evidence.record import LegRecord
from voiplab.impairment import Settings
from voiplab.quality import PHONE_DELAY_MS, Rating, rate

if TYPE_CHECKING:
    import pandas as pd

    from voiplab.packets.seconds import Second

COLUMNS = ("direction", "time_s", "packets", "lost", "loss_pct", "jitter_ms", "r", "mos", "scale")
"""The columns of :func:`quality_timeline`."""

_NONE_CAME = "No packet came, and none was due."


@dataclass(frozen=True, slots=True)
class QualitySecond:
    """What one phone heard in one second of the clock.

    Attributes:
        time_s: its beginning, in whole seconds since 1970-01-01 UTC.
        packets: RTP packets that came.
        lost: those that were due and never came.
        loss_pct: lost among those due, in per cent; None when none was due.
        jitter_ms: the mean of the running interarrival jitter (RFC 3550, appendix A.8); None when
            nothing came.
        rating: what the E-model makes of this second by itself: as if the whole call were like
            it, its losses independent of one another.
    """

    time_s: int
    packets: int
    lost: int
    loss_pct: float | None
    jitter_ms: float | None
    rating: Rating

    @classmethod
    def of(cls, second: "Second", codec: str, delay_ms: float) -> "QualitySecond":
        """Rate a second.

        Args:
            second: what was measured.
            codec: the codec's name in SDP.
            delay_ms: from mouth to ear, in ms.
        """
        loss_pct = second.loss_pct
        return cls(
            second.time_s,
            second.packets,
            second.lost,
            loss_pct=None if isnan(loss_pct) else loss_pct,
            jitter_ms=None if isnan(second.jitter_ms) else second.jitter_ms,
            rating=_rating(codec, loss_pct, delay_ms),
        )

    @property
    def r(self) -> float | None:
        """The rating factor R on its own scale, or None where there is none."""
        return self.rating.r

    @property
    def mos(self) -> float | None:
        """The mean opinion score that follows from R, or None."""
        return self.rating.mos

    def as_dict(self) -> dict[str, Any]:
        """Return the second in figures, with the keys of :data:`COLUMNS`."""
        figures = {key: each for key, each in asdict(self).items() if key != "rating"}
        scale = None if self.r is None else self.rating.scale.value
        return figures | {"r": self.r, "mos": self.mos, "scale": scale}


@lru_cache(maxsize=4096)
def _rating(codec: str, loss_pct: float, delay_ms: float) -> Rating:
    if isnan(loss_pct):
        return Rating.missing(_NONE_CAME)
    return rate(codec, loss_pct, delay_ms=delay_ms)


def delay_ms(sender: Sequence[Settings], receiver: Sequence[Settings], time_s: float) -> float:
    """Return the delay from mouth to ear at a moment, by the settings of all that delays.

    That is what the phones add, and the mean of what their networks are told to add; not the wait
    at a bottleneck.

    Args:
        sender: what the sending phone's network did, one after the other.
        receiver: likewise the receiving phone's.
        time_s: when, in seconds since the epoch.

    Returns:
        The delay in ms.

    >>> from voiplab.impairment import Impairment
    >>> slow = Settings(incoming=Impairment(delay_ms=100), seed=1, since_s=10.0)
    >>> delay_ms([], [slow], 9), delay_ms([], [slow], 10)
    (80.0, 180.0)
    """
    outgoing, incoming = _in_force(sender, time_s), _in_force(receiver, time_s)
    return (
        PHONE_DELAY_MS
        + (outgoing.outgoing.delay_ms if outgoing else 0.0)
        + (incoming.incoming.delay_ms if incoming else 0.0)
    )


def _in_force(history: Sequence[Settings], time_s: float) -> Settings | None:
    began = [each for each in history if each.since_s is not None and each.since_s <= time_s]
    return began[-1] if began else None


def without_holes(seconds: Mapping[int, "Second"]) -> "Iterator[Second]":
    """Return seconds by time, with an empty one wherever there is none between two others."""
    from voiplab.packets.seconds import Second  # noqa: PLC0415 - loads numpy

    for time_s in range(min(seconds, default=0), max(seconds, default=-1) + 1):
        yield seconds.get(time_s) or Second(time_s)


def quality_timeline(evidence: Evidence) -> "pd.DataFrame":
    """Return how each direction of a call fared, second by second of the clock.

    It is what :meth:`voiplab.lab.Monitor.timeline` showed while the call went on.

    Args:
        evidence: of the call.

    Returns:
        A row a second of each direction, from the first to the last packet of its speech:
        direction (``2001 → 2002``), time_s (seconds since 1970-01-01 UTC), packets, lost (each in
        the second in which it was due), loss_pct, jitter_ms, r, mos, scale; see
        :class:`QualitySecond`. What there is none of is missing.
    """
    told = quality_seconds(evidence)
    return timeline_frame((label, each) for label, found in told.items() for each in found)


def quality_seconds(evidence: Evidence) -> dict[str, list[QualitySecond]]:
    """Return the same as values: the seconds of each direction by its label.

    Args:
        evidence: of the call.
    """
    history = {leg.user: leg.impairments for leg in evidence.record.legs}
    told = {}
    for leg in evidence.measured_legs:
        sender = evidence.talks_to(leg)
        codec, seconds = _seconds(evidence, leg)
        delays = history.get(sender, ()), leg.impairments
        told[f"{sender} → {leg.user}"] = [
            QualitySecond.of(each, codec, delay_ms(*delays, each.time_s + 1)) for each in seconds
        ]
    return told


def _seconds(evidence: Evidence, leg: LegRecord) -> "tuple[str, Iterator[Second]]":
    """Return the codec that a phone heard, and what it heard in each second."""
    import numpy as np  # noqa: PLC0415 - not needed to open evidence

    from voiplab.packets.payload_types import rhythm_hz  # noqa: PLC0415 - as above
    from voiplab.packets.seconds import StreamSeconds, added_up  # noqa: PLC0415 - as above

    received = evidence.capture_at(leg).received_by(leg.address).media
    streams = [each for each in received if is_speech(each)]
    measured = StreamSeconds(lambda stream, kind: rhythm_hz(streams[stream].codecs, kind))
    by_time: dict[int, list[Second]] = {}
    for number, stream in enumerate(streams):
        rows = stream.rows.copy()
        rows["stream"] = np.int32(number)
        measured.update(rows)
        for second in measured.of(number):
            by_time.setdefault(second.time_s, []).append(second)
    together = {time_s: added_up(time_s, parts) for time_s, parts in by_time.items()}
    main = max(streams, key=lambda each: each.packets, default=None)
    return codec_name(main) if main else "", without_holes(together)


def timeline_frame(rows: Iterable[tuple[str, QualitySecond]]) -> "pd.DataFrame":
    """Return a data frame of :data:`COLUMNS`.

    Args:
        rows: seconds, each with the label of its direction.
    """
    import pandas as pd  # noqa: PLC0415 - heavy: loaded when a table is wanted

    told = [{"direction": label, **second.as_dict()} for label, second in rows]
    frame = pd.DataFrame(told, columns=pd.Index(COLUMNS))
    figures = ["loss_pct", "jitter_ms", "r", "mos"]
    return frame.astype(dict.fromkeys(figures, "float64"))
