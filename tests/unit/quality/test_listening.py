"""What was heard against what was sent: real recordings, known noise, lost packets, slips."""

import re
import warnings
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import soundfile
from scipy.signal import resample_poly

from voiplab.errors import QualityError
from voiplab.quality import compare_recordings, compare_speech
from voiplab.quality.alignment import align
from voiplab.quality.spectral import level_difference_db, log_spectral_distance_db

CALL = Path(__file__).parents[2] / "fixtures" / "evidence" / "2001-2002"
RATE_HZ = 8000
FRAME = 160  # 20 ms


@pytest.fixture(scope="module")
def hello() -> np.ndarray:
    return soundfile.read(CALL / "2001-said.wav")[0]


@pytest.fixture(scope="module")
def speech(hello: np.ndarray) -> np.ndarray:
    """Some six seconds: the recorded word at different speeds, so that it repeats nowhere."""
    speeds = [(1, 1), (9, 10), (11, 10), (6, 5), (5, 6), (19, 20)]
    return np.concatenate([resample_poly(hello, up, down) for up, down in speeds])


def lossy(speech: np.ndarray, loss: float, seed: int) -> np.ndarray:
    heard = speech.copy()
    for packet in np.flatnonzero(np.random.default_rng(seed).random(len(speech) // FRAME) < loss):
        heard[packet * FRAME : (packet + 1) * FRAME] = 0
    return heard


def noisy(speech: np.ndarray, snr_db: float) -> np.ndarray:
    noise = np.random.default_rng(5).normal(size=len(speech))
    gain = np.sqrt(np.mean(speech**2) / np.mean(noise**2)) * 10 ** (-snr_db / 20)
    return speech + gain * noise


def test_the_same_is_the_same(speech: np.ndarray) -> None:
    same = compare_speech(speech, speech, RATE_HZ)
    assert same.delay_ms == 0
    assert same.slip_ms == 0
    assert same.level_db == pytest.approx(0, abs=1e-9)
    assert same.correlation == pytest.approx(1)
    assert same.log_spectral_distance_db == pytest.approx(0, abs=1e-9)
    assert same.stoi == pytest.approx(1, abs=1e-4)
    assert same.estoi == pytest.approx(1, abs=1e-4)
    assert same.compared_s == pytest.approx(len(speech) / RATE_HZ)


@pytest.mark.parametrize(("speaker", "listener"), [("2001", "2002"), ("2002", "2001")])
def test_a_real_call_without_loss(speaker: str, listener: str) -> None:
    call = compare_recordings(CALL / f"{speaker}-said.wav", CALL / f"{listener}-heard.wav")
    assert call.delay_ms == pytest.approx(60, abs=20)
    assert call.slip_ms == 0
    assert call.level_db == pytest.approx(0, abs=0.1)
    # G.711 adds its quantisation and nothing else.
    assert call.correlation is not None
    assert 0.999 < call.correlation < 1
    assert call.estoi is not None
    assert 0.99 < call.estoi < 1
    assert call.log_spectral_distance_db is not None
    assert 0.5 < call.log_spectral_distance_db < 3


def test_more_noise_is_worse(speech: np.ndarray) -> None:
    heard = [compare_speech(speech, noisy(speech, snr_db), RATE_HZ) for snr_db in (30, 20, 10, 0)]
    for figure in ("stoi", "estoi", "correlation"):
        values = [getattr(one, figure) for one in heard]
        assert values == sorted(values, reverse=True), figure
        assert values[0] - values[-1] > 0.1, figure
    distances = [one.log_spectral_distance_db for one in heard]
    assert distances == sorted(distances)


def test_correlation_follows_the_noise(speech: np.ndarray) -> None:
    # Independent noise of the same power: 1/sqrt(2); a tenth of it: 1/sqrt(1.1).
    for snr_db, expected in ((0, 2**-0.5), (10, 1.1**-0.5)):
        heard = compare_speech(speech, noisy(speech, snr_db), RATE_HZ)
        assert heard.correlation == pytest.approx(expected, abs=0.01)


def test_more_lost_packets_are_worse_on_average(speech: np.ndarray) -> None:
    means = []
    for loss in (0.01, 0.03, 0.05, 0.10, 0.20):
        heard = [compare_speech(speech, lossy(speech, loss, seed), RATE_HZ) for seed in range(6)]
        assert all(one.delay_ms == 0 and one.slip_ms == 0 for one in heard)
        means.append(
            [
                np.mean([getattr(one, figure) for one in heard])
                for figure in ("stoi", "estoi", "correlation", "log_spectral_distance_db")
            ]
        )
    assert (np.diff(np.array(means), axis=0) * [-1, -1, -1, 1] > 0).all(), means


@pytest.mark.parametrize("late_ms", [-200, 0, 1, 41.625, 700])
def test_the_whole_is_found_where_it_lies(speech: np.ndarray, late_ms: float) -> None:
    late = round(late_ms * 8)
    moved = np.concatenate([np.zeros(late), speech]) if late > 0 else speech[-late:]
    found = align(speech, moved, RATE_HZ)
    assert found.delay_ms == late_ms
    assert found.slip_ms == 0
    assert np.array_equal(found.sent, found.heard)
    assert found.start_s == max(0, -late_ms / 1000)


@pytest.mark.parametrize("slip_ms", [3, 20, 40, -3, -20, -40])
def test_a_slip_in_the_middle_is_followed(speech: np.ndarray, slip_ms: int) -> None:
    # A phone's clock runs out and it inserts, or drops, a little in the middle of a call.
    slip, middle = slip_ms * 8, len(speech) // 2
    if slip > 0:
        heard = np.concatenate([speech[:middle], np.zeros(slip), speech[middle:]])
    else:
        heard = np.concatenate([speech[:middle], speech[middle - slip :]])
    figures = compare_speech(speech, np.concatenate([np.zeros(480), heard]), RATE_HZ)
    assert figures.slip_ms == pytest.approx(abs(slip_ms))
    assert figures.estoi is not None
    assert figures.estoi > 0.93
    assert figures.correlation is not None
    assert figures.correlation > 0.9


@pytest.mark.parametrize("packets", [(2, 2, 2), (2, 2), (1, -1, 1), (-2, -2, -2)])
def test_several_slips_cost_the_speech_nothing(
    speech: np.ndarray, packets: tuple[int, ...]
) -> None:
    """A phone that runs late adds packets of silence one by one, each soon after the last."""
    slips_at = [int((0.3 + 0.04 * n) * len(speech)) for n in range(len(packets))]
    pieces = np.split(speech, slips_at)
    heard = [pieces[0]]
    for count, piece in zip(packets, pieces[1:], strict=True):
        heard += [np.zeros(160 * max(count, 0)), piece[160 * max(-count, 0) :]]
    figures = compare_speech(speech, np.concatenate(heard), 8000)
    reached = np.cumsum([0, *packets])
    assert figures.slip_ms == pytest.approx(20 * (reached.max() - reached.min()))
    assert figures.estoi is not None
    assert figures.estoi > 0.97


def test_loudness_does_not_count_but_is_told(speech: np.ndarray) -> None:
    soft = compare_speech(speech, speech / 4, RATE_HZ)
    assert soft.level_db == pytest.approx(-12.04, abs=0.01)
    assert soft.log_spectral_distance_db == pytest.approx(0, abs=1e-6)
    assert soft.estoi == pytest.approx(1, abs=1e-3)


def test_only_what_lies_within_both_is_compared(speech: np.ndarray) -> None:
    cut = compare_speech(speech, speech[: 3 * RATE_HZ], RATE_HZ)
    assert cut.compared_s == pytest.approx(3)
    assert cut.estoi == pytest.approx(1, abs=1e-3)


def test_another_sampling_rate(speech: np.ndarray) -> None:
    heard = compare_speech(speech, resample_poly(speech, 6, 1), RATE_HZ, heard_rate_hz=48_000)
    assert heard.delay_ms == pytest.approx(0, abs=0.2)
    assert heard.estoi is not None
    assert heard.estoi > 0.999


def test_a_lost_upper_band_counts(speech: np.ndarray) -> None:
    wide = noisy(resample_poly(speech, 2, 1), 20)
    narrow = compare_speech(wide, resample_poly(wide, 1, 2), 16_000, heard_rate_hz=RATE_HZ)
    assert narrow.log_spectral_distance_db is not None
    assert narrow.log_spectral_distance_db > 5


def test_the_same_comparison_gives_the_same_figures(speech: np.ndarray) -> None:
    heard = lossy(speech, 0.3, 1)
    once, again = (compare_speech(speech, heard, RATE_HZ).as_dict() for _ in range(2))
    assert once == pytest.approx(again, abs=1e-9)


def test_silence_heard_is_told_in_a_sentence(speech: np.ndarray) -> None:
    for silence in (np.zeros(8000), np.zeros(0)):
        nothing = compare_speech(speech, silence, RATE_HZ)
        figures = {name: value for name, value in nothing.as_dict().items() if name != "compared_s"}
        assert set(figures.values()) == {None}
        assert set(nothing.missing) == set(figures)
        assert set(nothing.missing.values()) == {"Nothing was heard: the recording is silent."}
        assert "recording is silent" in nothing._repr_html_()


def test_too_little_speech_is_told_in_a_sentence_and_warns_of_nothing(hello: np.ndarray) -> None:
    loudest = int(np.argmax(np.abs(hello)))
    word = hello[max(0, loudest - 1200) : loudest + 1200]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        short = compare_speech(word, word, RATE_HZ)
    assert short.stoi is None
    assert short.estoi is None
    assert short.missing["estoi"].startswith("There is too little speech: STOI needs 0.4 s")
    assert short.correlation == pytest.approx(1)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (np.zeros(8000), "The sent recording is silent: there is nothing to compare with."),
        (np.ones(80), "The sent recording lasts 10 ms: too short to compare. Send at least"),
        (np.ones((8000, 2)), "The sent recording must be one row of finite numbers"),
        (np.full(8000, np.nan), "The sent recording must be one row of finite numbers"),
    ],
    ids=["silent", "short", "stereo", "nan"],
)
def test_what_cannot_be_compared_is_refused(sent: np.ndarray, sentence: str) -> None:
    with pytest.raises(QualityError, match=re.escape(sentence)):
        compare_speech(sent, np.ones(8000), RATE_HZ)


def test_a_file_that_is_no_recording_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "noise.wav"
    wrong.write_bytes(b"no recording")
    for path in (wrong, tmp_path / "absent.wav"):
        with pytest.raises(QualityError, match=f"The recording {re.escape(str(path))} can't be"):
            compare_recordings(path, path)


def test_the_log_spectral_distance_is_the_difference_in_db(speech: np.ndarray) -> None:
    loud = noisy(speech, 0)  # no line under the floor
    assert log_spectral_distance_db(loud, loud * 10 ** (3 / 20), RATE_HZ) == pytest.approx(
        3, abs=0.01
    )
    assert level_difference_db(loud, loud * 10 ** (3 / 20), RATE_HZ) == pytest.approx(3)


def test_stoi_agrees_with_its_package(speech: np.ndarray) -> None:
    from pystoi import stoi  # noqa: PLC0415 - the reference alone

    heard = noisy(speech, 10)
    level_db = level_difference_db(speech, heard, RATE_HZ)
    figures = compare_speech(speech, heard, RATE_HZ)
    levelled = heard * 10 ** (-level_db / 20)
    assert figures.stoi == pytest.approx(stoi(speech, levelled, RATE_HZ), abs=1e-3)
    assert figures.estoi == pytest.approx(stoi(speech, levelled, RATE_HZ, extended=True), abs=1e-3)


@pytest.mark.skipif(find_spec("pesq") is not None, reason="PESQ is installed")
def test_without_pesq_the_reason_names_the_extra_and_its_licence(speech: np.ndarray) -> None:
    figures = compare_speech(speech, speech, RATE_HZ)
    assert figures.pesq_narrowband is None
    assert "pip install 'voiplab[pesq]'" in figures.missing["pesq_narrowband"]
    assert "only for understanding and evaluating" in figures.missing["pesq_wideband"]


pesq_alone = pytest.mark.skipif(
    find_spec("pesq") is None, reason="the extra 'pesq' isn't installed"
)


@pesq_alone
def test_pesq_of_the_same(speech: np.ndarray) -> None:
    # The greatest values of P.862.1 and P.862.2: of a raw score of 4.5 and 4.644.
    assert compare_speech(speech, speech, RATE_HZ).pesq_narrowband == pytest.approx(4.549, abs=1e-3)
    wide = resample_poly(speech, 2, 1)
    same = compare_speech(wide, wide, 16_000)
    assert same.pesq_narrowband == pytest.approx(4.549, abs=1e-3)
    assert same.pesq_wideband == pytest.approx(4.644, abs=1e-3)


@pesq_alone
def test_pesq_hears_noise_and_says_what_it_needs(speech: np.ndarray) -> None:
    scores = [
        compare_speech(speech, noisy(speech, snr_db), RATE_HZ).pesq_narrowband
        for snr_db in (30, 20, 10, 0)
    ]
    assert scores == sorted(scores, reverse=True)
    narrow = compare_speech(speech, speech, RATE_HZ)
    assert narrow.missing["pesq_wideband"] == (
        "It needs recordings with at least 16000 samples a second, not 8000."
    )


@pesq_alone
def test_pesq_that_cannot_judge_says_so(hello: np.ndarray) -> None:
    loudest = int(np.argmax(np.abs(hello)))
    word = hello[loudest - 400 : loudest + 400]  # 0.1 s: it needs a quarter of a second
    short = compare_speech(word, word, RATE_HZ)
    assert short.pesq_narrowband is None
    assert short.missing["pesq_narrowband"].startswith("PESQ can't judge these recordings")
