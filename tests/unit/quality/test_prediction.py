"""Tables of predictions say the same as single ratings."""

import pandas as pd

from voiplab.quality import predict, rate


def test_a_row_is_a_rating() -> None:
    table = predict("PCMU", "g722", loss_pct=[0, 3], delay_ms=[20, 200], burst_ratio=2)
    assert len(table) == 8
    for row in table.itertuples():
        rating = rate(row.codec, row.loss_pct, delay_ms=row.delay_ms, burst_ratio=2)
        assert (rating.r is None) == pd.isna(row.r)
        assert rating.r is None or (row.r, row.mos) == (rating.r, rating.mos)
        assert row.scale == rating.scale
        assert rating.reason == (None if pd.isna(row.reason) else row.reason)


def test_curves_say_what_is_special() -> None:
    def name(codec: str, **how: object) -> str:
        return str(predict(codec, **how).curve.iloc[0])

    assert name("PCMU") == "G.711 µ-law, not concealed"
    assert name("PCMU", concealment=True) == "G.711 µ-law, concealed"
    assert name("PCMU", burst_ratio=2) == "G.711 µ-law, not concealed, bursts ×2"
    assert name("amr-wb-12.65", both_ears=True) == "AMR-WB at 12.65 kbit/s, both ears"
    assert name("g729", concealment=True) == "G.729A"
    assert name("speex") == "speex"
