"""What a capture holds, as data frames."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from voiplab.packets.dialog import Dialog
from voiplab.packets.printable import printable
from voiplab.packets.signalling import SeenMessage
from voiplab.packets.sip import user_of
from voiplab.packets.stream import Stream

_MESSAGES = (
    "time_s", "src", "dst", "method", "status", "reason", "call_id", "cseq", "from", "to",
    "summary",
)  # fmt: skip
_DIALOGS = (
    "call_id", "from", "to", "status", "reason", "pdd_ms", "ring_s", "talk_s", "hung_up_by",
    "start_s", "end_s",
)  # fmt: skip
_STREAMS = (
    "src", "dst", "ssrc", "payload_type", "codec", "clock_rate_hz", "packets", "lost", "loss_pct",
    "burst_ratio", "loss_bursts", "loss_burst_mean", "loss_burst_max", "loss_gap_mean",
    "duplicated", "reordered", "restarts", "jitter_ms_mean", "jitter_ms_max",
    "interarrival_ms_p50", "interarrival_ms_p95", "interarrival_ms_p99",
    "xr_burst_density_pct", "xr_burst_ms", "xr_gap_density_pct", "xr_gap_ms",
    "start_s", "duration_s", "call_id", "encrypted", "capture",
)  # fmt: skip


def messages(seen: Sequence[SeenMessage], start_s: float) -> pd.DataFrame:
    """Return a row a SIP message; see Capture.messages."""
    rows = [
        (
            each.time_s - start_s,
            each.src,
            each.dst,
            each.message.method,
            each.message.status,
            printable(each.message.reason),
            printable(each.message.call_id),
            printable(each.message.header("CSeq")),
            printable(user_of(each.message.header("From"))),
            printable(user_of(each.message.header("To"))),
            printable(each.message.summary),
        )
        for each in seen
    ]
    return pd.DataFrame(rows, columns=pd.Index(_MESSAGES)).astype({"status": "int64"})


def dialogs(calls: Sequence[Dialog], start_s: float) -> pd.DataFrame:
    """Return a row a call; see Capture.dialogs."""
    rows = [
        (
            printable(call.call_id),
            printable(call.caller),
            printable(call.callee),
            call.status,
            printable(call.reason),
            call.pdd_ms,
            call.ring_s,
            call.talk_s,
            call.hung_up_by,
            call.start_s - start_s,
            None if call.end_s is None else call.end_s - start_s,
        )
        for call in calls
    ]
    frame = pd.DataFrame(rows, columns=pd.Index(_DIALOGS))
    numbers = ("pdd_ms", "ring_s", "talk_s", "start_s", "end_s")
    return frame.astype({"status": "Int64"} | dict.fromkeys(numbers, "float64"))


def streams(media: Sequence[Stream], start_s: float) -> pd.DataFrame:
    """Return a row an RTP stream; see Capture.streams."""
    frame = pd.DataFrame([_row(stream, start_s) for stream in media], columns=pd.Index(_STREAMS))
    return frame.astype({"clock_rate_hz": "Int64"})


def _row(stream: Stream, start_s: float) -> tuple[Any, ...]:
    figures, codec = stream.figures, stream.codec
    return (
        stream.key.src,
        stream.key.dst,
        stream.key.ssrc,
        stream.payload_type,
        codec.name if codec else None,
        codec.clock_rate_hz if codec else None,
        figures.packets,
        figures.lost,
        figures.loss_pct,
        figures.burst_ratio,
        figures.loss_runs,
        figures.loss_run_mean,
        figures.loss_run_max,
        figures.loss_free_run_mean,
        figures.duplicated,
        figures.reordered,
        figures.restarts,
        *stream.jitter_mean_and_max_ms,
        *figures.interarrival_ms,
        figures.burst_density_pct,
        figures.burst_ms,
        figures.gap_density_pct,
        figures.gap_ms,
        figures.first_s - start_s,
        figures.duration_s,
        printable(stream.call_id),
        stream.encrypted,
        stream.capture,
    )


def timeline(stream: Stream, interval_s: float, start_s: float) -> pd.DataFrame:
    """Return a row an interval; see Capture.timeline."""
    if not interval_s > 0:
        raise ValueError(f"An interval lasts longer than {interval_s} s.")
    first_s = stream.first_s
    count = int(stream.figures.duration_s / interval_s) + 1

    def interval(times_s: Any) -> Any:  # noqa: ANN401 - arrays of any shape
        return np.clip(((times_s - first_s) / interval_s).astype(np.intp), 0, count - 1)

    packets = np.bincount(interval(stream.rows["time_s"]), minlength=count)
    frame = pd.DataFrame(
        {
            "time_s": first_s - start_s + interval_s * np.arange(count),
            "packets": packets,
            "lost": np.bincount(interval(stream.lost_s), minlength=count),
            "jitter_ms": np.nan,
        }
    )
    if stream.jitter_ms is not None:
        which = interval(stream.timed["time_s"])
        sums = np.bincount(which, stream.jitter_ms, minlength=count)
        counts = np.bincount(which, minlength=count)
        frame["jitter_ms"] = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    return frame


def arrivals(stream: Stream, start_s: float) -> pd.DataFrame:
    """Return a row a packet; see Capture.arrivals."""
    rows = stream.timed
    # A lost packet is reported by the next that came; one after the last, by that one.
    reported = np.searchsorted(np.maximum.accumulate(rows["time_s"]), stream.lost_s)
    lost = np.bincount(np.clip(reported, 0, max(len(rows) - 1, 0)), minlength=len(rows))
    return pd.DataFrame(
        {
            "time_s": rows["time_s"] - start_s,
            "sequence": rows["sequence"],
            "timestamp": rows["timestamp"],
            "payload_bytes": rows["payload_bytes"],
            "jitter_ms": np.nan if stream.jitter_ms is None else stream.jitter_ms,
            "lost": lost[: len(rows)],
        }
    )
