"""How long a jitter buffer should wait: what is gained by fewer late packets, and lost by delay."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from voiplab.packets import Capture, FixedBuffer
from voiplab.quality import PACKET_MS, rate

if TYPE_CHECKING:
    import pandas as pd


def try_buffers(
    capture: Capture,
    which: "int | pd.Series[Any]",
    waits_ms: Iterable[float],
    *,
    network_ms: float = 0.0,
    concealment: bool = False,
) -> "pd.DataFrame":
    """Play a stream through fixed jitter buffers that wait longer and longer, and rate each.

    What comes too late to be played counts as lost. The delay from mouth to ear is that of the
    phones (a packet is filled, and one is being played), of the network for its fastest packets,
    and what the buffer adds to that.

    Args:
        capture: what holds the stream.
        which: its row in `capture.streams`, or the row's number.
        waits_ms: how long each buffer waits, in ms: see :class:`voiplab.packets.FixedBuffer`.
        network_ms: how long the fastest packets were on their way, in ms.
        concealment: whether the receiver hides lost packets of G.711 (its appendix I).

    Returns:
        A row a buffer: wait_ms, lost_pct (never came), late_pct (came too late), delay_ms (from
        mouth to ear), r, mos, scale (None where the codec can't be rated).

    Raises:
        CaptureError: when there is no such stream, or it can't be decoded.
    """
    import pandas as pd  # noqa: PLC0415 - heavy: loaded when a table is wanted

    rows = []
    for wait_ms in waits_ms:
        sound = capture.sound(which, FixedBuffer(delay_ms=wait_ms))
        sent = sound.played + sound.late + sound.lost
        lost_pct, late_pct = 100 * sound.lost / sent, 100 * sound.late / sent
        # A buffer goes by the packets that it has seen, which need not be the fastest of all.
        delay_ms = 2 * PACKET_MS + network_ms + float(sound.playout["deadline_ms"].mean())
        rated = rate(
            sound.codec.name, lost_pct + late_pct, delay_ms=delay_ms, concealment=concealment
        )
        figures = (rated.r, rated.mos, rated.scale.value)
        rows.append((float(wait_ms), lost_pct, late_pct, delay_ms, *figures))
    columns = ["wait_ms", "lost_pct", "late_pct", "delay_ms", "r", "mos", "scale"]
    return pd.DataFrame(rows, columns=columns)
