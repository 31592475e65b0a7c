"""The rating of a stream, from what was measured of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voiplab.quality.codec import impairment_of
from voiplab.quality.emodel import Connection, r_factor
from voiplab.quality.mos import mos_from_r, satisfaction

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Rating:
    """How people would rate what they hear.

    Attributes:
        r: the transmission rating factor (ITU-T G.107), or None.
        mos: the mean opinion score in conversation, MOS-CQE, or None.
        satisfaction: what users say of such a connection, or None.
        reason: why there is no rating; "" when there is one.
    """

    r: float | None
    mos: float | None
    satisfaction: str | None
    reason: str = ""

    @classmethod
    def missing(cls, reason: str) -> "Rating":
        """Return the rating of what can't be rated.

        Args:
            reason: why, in a sentence.
        """
        return cls(None, None, None, reason)

    def __str__(self) -> str:
        if self.r is None or self.mos is None:
            return f"not rated: {self.reason}"
        return f"R {self.r:.1f}, MOS {self.mos:.2f}: {self.satisfaction}"


def rate(
    codec: str | None,
    loss_pct: float,
    *,
    burst_ratio: float = 1,
    delay_ms: float = 0,
    concealed: bool = True,
) -> Rating:
    """Rate a direction of a call with the E-model, everything else at its default.

    Args:
        codec: the name that SDP gives it, for example "PCMA"; None when it is unknown.
        loss_pct: how many of a hundred packets were lost.
        burst_ratio: mean length of the bursts over that expected of independent losses.
        delay_ms: the one-way delay from mouth to ear.
        concealed: for G.711, whether the receiver hides lost packets.

    Returns:
        The rating, or why there is none: G.113 has no values for the codec, or none for loss.

    >>> print(rate("PCMU", 0))
    R 93.2, MOS 4.41: very satisfied
    >>> print(rate("PCMU", 5))
    R 77.4, MOS 3.92: some users dissatisfied
    """
    found = impairment_of(codec, concealed=concealed)
    if isinstance(found, str):
        return Rating.missing(found)
    if found.bpl is None and loss_pct:
        return Rating.missing(
            f"{found.source} gives no packet-loss robustness factor for {found.codec}."
        )
    connection = Connection(
        ie=found.ie,
        bpl=found.bpl or Connection().bpl,
        loss_pct=loss_pct,
        burst_ratio=burst_ratio,
        delay_ms=delay_ms,
        echo_delay_ms=delay_ms,
        round_trip_ms=2 * delay_ms,
    )
    r = r_factor(connection)
    return Rating(r, mos_from_r(r), satisfaction(r))


def rate_streams(
    streams: "pd.DataFrame", *, delay_ms: float = 0, concealed: bool = True
) -> "pd.DataFrame":
    """Return a table of streams with the columns r, mos and satisfaction added.

    Args:
        streams: as `Capture.streams` gives it.
        delay_ms: the one-way delay from mouth to ear.
        concealed: for G.711, whether the receiver hides lost packets.
    """
    ratings = [
        rate(
            codec if isinstance(codec, str) else None,
            loss_pct,
            burst_ratio=burst_ratio,
            delay_ms=delay_ms,
            concealed=concealed,
        )
        for codec, loss_pct, burst_ratio in zip(
            streams["codec"],
            streams["loss_pct"].tolist(),
            streams["burst_ratio"].tolist(),
            strict=True,
        )
    ]
    nan = float("nan")
    rated = streams.copy()
    rated["r"] = [nan if rating.r is None else rating.r for rating in ratings]
    rated["mos"] = [nan if rating.mos is None else rating.mos for rating in ratings]
    rated["satisfaction"] = [rating.satisfaction or "" for rating in ratings]
    return rated
