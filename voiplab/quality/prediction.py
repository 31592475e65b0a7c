"""What the E-model predicts over a range of losses or delays."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from voiplab.quality.codec import find_codec
from voiplab.quality.rating import rate

if TYPE_CHECKING:
    import pandas as pd


def predict(
    *codecs: str,
    loss_pct: Iterable[float] = (0.0,),
    delay_ms: Iterable[float] = (80.0,),
    burst_ratio: float = 1.0,
    concealment: bool = False,
    both_ears: bool = False,
) -> "pd.DataFrame":
    """Rate codecs over losses and delays.

    Args:
        codecs: names that SDP or Asterisk uses, or those of modes.
        loss_pct: losses, in per cent.
        delay_ms: delays from mouth to ear, in ms.
        burst_ratio: as for :func:`voiplab.quality.rate`, and so what follows.
        concealment: whether lost packets of G.711 are hidden.
        both_ears: whether a wideband codec is heard with both ears.

    Returns:
        A row for each codec, loss and delay: curve (the codec's name and what is special), codec,
        loss_pct, delay_ms, r, mos, wideband_mos, scale, reason.

    Raises:
        QualityError: when a figure can't be.

    >>> table = predict("PCMU", loss_pct=[0, 5], delay_ms=[0])
    >>> [round(r, 1) for r in table.r]
    [93.2, 42.1]
    """
    import pandas as pd  # noqa: PLC0415 - heavy: loaded when a table is wanted

    losses, delays = list(loss_pct), list(delay_ms)
    rows = []
    for codec in codecs:
        curve = _curve(codec, burst_ratio, concealment=concealment, both_ears=both_ears)
        for loss in losses:
            for delay in delays:
                found = rate(
                    codec,
                    loss,
                    delay_ms=delay,
                    burst_ratio=burst_ratio,
                    concealment=concealment,
                    both_ears=both_ears,
                )
                figures = (found.r, found.mos, found.wideband_mos, found.scale.value, found.reason)
                rows.append((curve, codec, float(loss), float(delay), *figures))
    return pd.DataFrame(
        rows,
        columns=[
            "curve", "codec", "loss_pct", "delay_ms", "r", "mos", "wideband_mos", "scale", "reason",
        ],
    )  # fmt: skip


def _curve(codec: str, burst_ratio: float, *, concealment: bool, both_ears: bool) -> str:
    known = find_codec(codec)
    special = []
    if known is not None and known.concealed is not None:
        special.append("concealed" if concealment else "not concealed")
    if known is not None and known.both_ears is not None and both_ears:
        special.append("both ears")
    if burst_ratio != 1:
        special.append(f"bursts ×{burst_ratio:g}")
    name = known.name if known else codec
    return f"{name}, {', '.join(special)}" if special else name
