"""How long packets were on their way from one phone to another."""

from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voiplab.evidence import Evidence
    from voiplab.packets.stream import Stream


def one_way_ms(evidence: "Evidence", sender: str, receiver: str) -> float | None:
    """Return how long speech was on its way from phone to phone, in the middle, in ms.

    Both phones' captures are stamped by one clock. Packets are recognised by their RTP timestamps,
    which are in clear in SRTP too (RFC 3711, section 3.1), and which Asterisk passes on: whole, or
    where it has to encrypt anew, in whole milliseconds.

    Args:
        evidence: of the call.
        sender: who spoke, by extension.
        receiver: who heard.

    Returns:
        The median over all packets that both captures hold; None when they share none.
    """
    legs = {leg.user: leg for leg in evidence.record.legs if leg.capture}
    if sender not in legs or receiver not in legs:
        return None
    sending, receiving = legs[sender], legs[receiver]
    sent = _times(
        stream
        for stream in evidence.told_at(sending).media
        if stream.key.src.rpartition(":")[0] == sending.address
    )
    heard = _times(evidence.told_at(receiving).received_by(receiving.address).media)
    ways_ms = [(heard[stamp] - sent[stamp]) * 1000 for stamp in sent.keys() & heard.keys()]
    return float(median(ways_ms)) if ways_ms else None


def _times(streams: "Iterable[Stream]") -> dict[int, float]:
    """When each packet was seen, in seconds since the epoch, by its RTP timestamp in ms."""
    times: dict[int, float] = {}
    for stream in streams:
        ticks = stream.codec.clock_rate_hz // 1000 if stream.codec else 0
        if not ticks:
            continue
        rows = stream.rows
        stamps_ms = (rows["timestamp"] // ticks).tolist()
        for stamp_ms, time_s in zip(stamps_ms, rows["time_s"].tolist(), strict=True):
            times.setdefault(stamp_ms, time_s)
    return times
