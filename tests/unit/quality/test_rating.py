"""Rating a stream by its codec, its losses and its delay."""

import math
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiplab.errors import QualityError
from voiplab.quality import (
    BANDS,
    CODECS,
    Rating,
    Scale,
    Transmission,
    band_of,
    find_codec,
    rate,
    rating_factor,
)

rated = st.sampled_from(["PCMU", "PCMA", "G729"])


@pytest.mark.parametrize("name", ["PCMU", "ulaw", "pcma", "ALAW"])
def test_a_healthy_g711_call(name: str) -> None:
    rating = rate(name, 0, delay_ms=40)
    assert rating.r is not None
    assert rating.mos is not None
    assert 91 < rating.r < 93.2
    assert 4.3 < rating.mos < 4.41
    assert rating.satisfaction == "very satisfied"
    assert rating.reason is None


@pytest.mark.parametrize(
    ("codec", "loss_pct", "concealment", "r"),
    # R = 93.2 - Ie,eff at no delay, with G.113's Ie and Bpl.
    [
        ("PCMU", 1, False, 93.2 - 95 * 1 / 5.3),
        ("PCMU", 1, True, 93.2 - 95 * 1 / 26.1),
        ("PCMA", 5, False, 93.2 - 95 * 5 / 9.3),
        ("G729", 0, False, 82.2),
        ("G729", 2, True, 93.2 - (11 + 84 * 2 / 21)),
        ("gsm", 0, False, 73.2),
        ("G726-32", 0, False, 86.2),
    ],
)
def test_codecs_and_losses(codec: str, loss_pct: float, concealment: bool, r: float) -> None:  # noqa: FBT001 - a case
    rating = rate(codec, loss_pct, delay_ms=0, concealment=concealment)
    assert rating.r == pytest.approx(r, abs=0.01)


def test_the_echo_comes_back_over_the_same_path() -> None:
    there_and_back = Transmission(T=120, Ta=120, Tr=240, Ppl=1)
    assert rate("PCMU", 1, delay_ms=120).r == pytest.approx(rating_factor(there_and_back))


def test_losses_in_bursts_hurt_more() -> None:
    random = rate("PCMU", 3, delay_ms=40)
    bursty = rate("PCMU", 3, delay_ms=40, burst_ratio=2)
    assert random.r is not None
    assert bursty.r is not None
    assert bursty.r < random.r


@given(rated, st.floats(0, 100), st.floats(0, 100), st.floats(0, 1000))
def test_more_loss_is_never_better(codec: str, one: float, other: float, delay_ms: float) -> None:
    better, worse = (rate(codec, loss, delay_ms=delay_ms) for loss in sorted((one, other)))
    assert better.r is not None
    assert worse.r is not None
    assert worse.r <= better.r


@given(rated, st.floats(0, 100), st.floats(1, 2000), st.floats(1, 2000))
def test_more_delay_is_never_better(codec: str, loss: float, one: float, other: float) -> None:
    better, worse = (rate(codec, loss, delay_ms=delay) for delay in sorted((one, other)))
    assert better.r is not None
    assert worse.r is not None
    assert worse.r <= better.r + 1e-9


@pytest.mark.parametrize(
    ("codec", "loss_pct", "says"),
    [
        ("opus", 0, "Opus adapts"),
        ("gsm", 1, "no packet-loss robustness factor (Bpl) of it is known here"),
        ("G722", 1, "no packet-loss robustness factor (Bpl) of it is known here"),
        ("amr-wb", 0, "AMR-WB has nine modes"),
        ("amr-wb-12.65", 1, "only for listening with both ears: ask with both_ears=True"),
        ("amr-12.2", 0, "has no value for AMR"),
        ("iLBC", 0, "No equipment impairment factor of iLBC"),
        ("", 0, "The codec is unknown: no session description named it."),
        ("speex", 0, "No equipment impairment factor is known here for the codec 'speex'."),
    ],
)
def test_what_cannot_be_rated_says_why(codec: str, loss_pct: float, says: str) -> None:
    rating = rate(codec, loss_pct, delay_ms=40)
    assert rating.r is None
    assert rating.mos is None
    assert rating.satisfaction == "not rated"
    assert rating.reason is not None
    assert says in rating.reason


@pytest.mark.parametrize("codec", ["PCMU", "opus", "unheard-of"])
@pytest.mark.parametrize(
    ("loss_pct", "delay_ms", "sentence"),
    [
        (
            120,
            0,
            "Ppl (packet loss, in per cent) is a finite number, between 0 and 100; not 120.",
        ),
        (
            0,
            -5,
            "T (mean one-way delay of the echo path, in ms) is a finite number, 0 or more; not -5.",
        ),
        (
            math.nan,
            0,
            "Ppl (packet loss, in per cent) is a finite number, between 0 and 100; not nan.",
        ),
    ],
)
def test_impossible_figures_are_refused_for_every_codec(
    codec: str, loss_pct: float, delay_ms: float, sentence: str
) -> None:
    with pytest.raises(QualityError) as refusal:
        rate(codec, loss_pct, delay_ms=delay_ms)
    assert str(refusal.value) == sentence


def test_every_codec_is_rated_or_says_why_not_and_names_its_source() -> None:
    for codec in CODECS:
        impairments = [codec.narrowband, codec.concealed, codec.wideband, codec.both_ears]
        given = [impairment for impairment in impairments if impairment]
        assert bool(given) == (codec.unrated is None)
        assert codec.narrowband is None or codec.wideband is None
        assert all("G.113" in one.source or "Alahmadi" in one.source for one in given)
        assert all(find_codec(encoding.upper()) is codec for encoding in codec.encodings)


def test_what_was_not_found_twice_says_so() -> None:
    doubtful = {
        codec.name
        for codec in CODECS
        for impairment in (codec.narrowband, codec.concealed, codec.wideband, codec.both_ears)
        if impairment and not impairment.checked
    }
    assert doubtful == {
        "GSM full rate",
        "G.722",
        "G.722 at 56 kbit/s",
        "G.722 at 48 kbit/s",
        "Opus, wideband, 13 kbit/s VBR",
        "Opus, wideband, 15 kbit/s CBR",
    }


@pytest.mark.parametrize(
    ("codec", "loss_pct", "both_ears", "r"),
    # R = 128.846 - Ie,eff,WB at no delay, with G.113's Ie,WB and Bpl,WB.
    [
        ("G722", 0, False, 128.846 - 13),
        ("amr-wb-23.05", 0, False, 128.846 - 1),
        ("amr-wb-12.65", 0, True, 128.846 - 20),
        ("amr-wb-12.65", 2, True, 128.846 - (20 + 75 * 2 / 6.3)),
        ("amr-wb-14.25", 0, True, 128.846 - 10),  # nothing is published for both ears
        ("opus-wb-15-cbr", 3, False, 128.846 - (18.06 + 76.94 * 3 / 21.74)),
    ],
)
def test_wideband_codecs(codec: str, loss_pct: float, both_ears: bool, r: float) -> None:  # noqa: FBT001 - a case
    rating = rate(codec, loss_pct, delay_ms=0, both_ears=both_ears)
    assert rating.r == pytest.approx(r, abs=0.01)
    assert rating.scale is Scale.WIDEBAND
    assert rating.best_r == 129
    assert rating.mos == rating.wideband_mos
    assert rating.rx == pytest.approx(r / 1.29, abs=0.01)


def test_the_scales_are_not_mixed_up() -> None:
    narrow, wide = rate("PCMU", 0, delay_ms=0), rate("G722", 0, delay_ms=0)
    assert narrow.scale is Scale.NARROWBAND
    assert wide.scale == "wideband"
    assert narrow.r is not None and wide.r is not None  # noqa: PT018 - for the types alone
    assert narrow.mos is not None and wide.mos is not None  # noqa: PT018 - as above
    assert wide.r > narrow.r
    # By each scale's own MOS the better call looks worse: that is why there is another.
    assert wide.mos < narrow.mos
    assert narrow.wideband_mos == pytest.approx(3.70, abs=0.01)
    assert wide.wideband_mos == wide.mos
    assert Rating.missing("Nobody spoke.").wideband_mos is None
    assert Rating.missing("Nobody spoke.").rx is None
    assert rate("amr-wb-12.65", 1, delay_ms=0).scale is Scale.WIDEBAND


def test_no_two_codecs_share_a_name() -> None:
    encodings = [encoding for codec in CODECS for encoding in codec.encodings]
    assert len(encodings) == len(set(encodings))


def test_the_bands_of_satisfaction() -> None:
    assert [band.lowest_r for band in BANDS] == [90, 80, 70, 60, 50, -math.inf]
    assert band_of(90).satisfaction == "very satisfied"
    assert band_of(89.99).satisfaction == "satisfied"
    assert band_of(70).satisfaction == "some users dissatisfied"
    assert band_of(60).satisfaction == "many users dissatisfied"
    assert band_of(50).satisfaction == "nearly all users dissatisfied"
    assert band_of(-3).satisfaction == "not recommended"
    assert Rating.of(85).satisfaction == "satisfied"
    with pytest.raises(QualityError):
        band_of(math.nan)


def test_quality_needs_no_numerical_library() -> None:
    script = (
        "import sys, voiplab.quality\n"
        "heavy = ('numpy', 'pandas', 'matplotlib', 'scipy', 'soundfile', 'pystoi', 'pesq')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
