"""What a receiver said of a stream by RTCP (RFC 3550, section 6.4)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voiplab.analysis.figures import known

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """The reports of one receiver about one source.

    Attributes:
        src: who reports, as address:port.
        dst: to whom.
        about_ssrc: the source that the reports are about.
        reports: how many there were.
        lost: what the last one says was lost in all; negative when more came twice.
        fraction_lost_pct_max: the greatest loss between two reports, in per cent.
        jitter_ms: what the last one says, in ms; None when the clock rate is unknown.
        rtt_ms: the mean round trip between the capture and who reports, in ms, or None.
    """

    src: str
    dst: str
    about_ssrc: int
    reports: int
    lost: int
    fraction_lost_pct_max: float | None
    jitter_ms: float | None
    rtt_ms: float | None


def receptions(rtcp: "pd.DataFrame") -> tuple[Reception, ...]:
    """Sum up what receivers reported.

    Args:
        rtcp: a row a report block; see Capture.rtcp.

    Returns:
        One for each receiver and source, in the order of their first reports.
    """
    told = rtcp[rtcp["kind"].isin(["SR", "RR"]) & rtcp["cumulative_lost"].notna()]
    groups = told.groupby(["src", "dst", "about_ssrc"], sort=False)
    return tuple(
        Reception(
            src=str(src),
            dst=str(dst),
            about_ssrc=int(rows["about_ssrc"].iloc[0]),
            reports=len(rows),
            lost=int(rows["cumulative_lost"].iloc[-1]),
            fraction_lost_pct_max=known(rows["fraction_lost_pct"].max()),
            jitter_ms=known(rows["jitter_ms"].iloc[-1]),
            rtt_ms=known(rows["rtt_ms"].mean()),
        )
        for (src, dst, _), rows in groups
    )
