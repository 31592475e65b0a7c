"""Losses counted three ways: by who made them, by who listened in, and by who missed them."""

from typing import TYPE_CHECKING

from voiplab.packets import Capture

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = (
    "direction", "ssrc", "sent", "truth_lost", "capture_lost", "reported_until",
    "truth_lost_until", "rtcp_lost",
)  # fmt: skip
_SEQUENCE_NUMBERS = 1 << 16


def loss_counts(capture: Capture, truth: "pd.DataFrame", address: str) -> "pd.DataFrame":
    """Count the losses of each RTP stream that crossed a phone's network.

    Args:
        capture: the call at the phone.
        truth: what became of each packet (:func:`voiplab.impairment.truth_frame`).
        address: the phone's IP address.

    Returns:
        A row a stream: direction (incoming or outgoing, seen from the phone), ssrc, sent (packets
        that came to the network), truth_lost (those that did not leave it, between the first and
        the last that did, since nobody can miss what comes before or after), capture_lost (of
        incoming streams, by the gaps in sequence numbers), reported_until (the highest sequence
        number in the receiver's last RTCP report), truth_lost_until (as truth_lost, up to that
        packet), rtcp_lost (the report's cumulative number of packets lost; RFC 3550, section
        6.4.1).
    """
    import pandas as pd  # noqa: PLC0415 - heavy: loaded when a table is wanted

    media = truth[truth["protocol"] == "rtp"]
    rows = [
        _counted(capture, stream, address)
        for _, stream in media.groupby(["direction", "ssrc"], sort=False)
        if (stream["fate"] == "delivered").any()
    ]
    table = pd.DataFrame(rows, columns=pd.Index(_COLUMNS))
    return table.astype(dict.fromkeys(_COLUMNS[2:], "Int64"))


def _counted(
    capture: Capture, stream: "pd.DataFrame", address: str
) -> tuple[str | int | None, ...]:
    direction, ssrc = str(stream["direction"].iloc[0]), int(stream["ssrc"].iloc[0])
    arrived = stream[stream["fate"] == "delivered"]
    captured = capture.streams[capture.streams["ssrc"] == ssrc]
    if direction == "incoming":
        captured = captured[captured["dst"].str.startswith(f"{address}:")]
        # Of a call that goes on, the truth may have been read a little later than the capture.
        left_s = arrived["time_s"] + arrived["delay_ms"] / 1000
        seen = int((captured["packets"] - captured["duplicated"]).sum())
        arrived = arrived.loc[left_s.sort_values(kind="stable").index[:seen]]
    heard = stream[stream["time_s"].between(arrived["time_s"].min(), arrived["time_s"].max())]
    return (
        direction,
        ssrc,
        len(stream),
        int((heard["fate"] != "delivered").sum()),
        int(captured["lost"].sum()) if direction == "incoming" else None,
        *_reported(capture, heard, ssrc),
    )


def _reported(
    capture: Capture, heard: "pd.DataFrame", ssrc: int
) -> tuple[int | None, int | None, int | None]:
    reports = capture.rtcp
    reports = reports[reports["about_ssrc"] == ssrc]
    if reports.empty:
        return None, None, None
    last = reports.iloc[-1]
    highest = int(last["highest_sequence"])
    # Long calls use a number again: the last packet that had it before the report is meant.
    until = heard[
        (heard["sequence"] == highest % _SEQUENCE_NUMBERS)
        & (heard["time_s"] <= capture.start_s + last["time_s"])
    ]
    if until.empty:
        return highest, None, int(last["cumulative_lost"])
    lost = heard.loc[: until.index[-1], "fate"] != "delivered"
    return highest, int(lost.sum()), int(last["cumulative_lost"])
