"""A modem's sound on real phones: what a clean line, losses and a codec leave of its frames."""

import io

import numpy as np
import pytest
import soundfile

from voiplab.errors import PhoneError
from voiplab.experiments import Trial, send_faxes
from voiplab.impairment import Impairment
from voiplab.modem import V21

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def faxes(runs):
    lossy = Impairment(loss_pct=10, spares_signalling=True)
    tried = [
        Trial(label="clean"),
        Trial(label="lossy", incoming=lossy, seed=5),
        Trial(label="opus", codec="opus"),
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VOIPLAB_RUNS", str(runs))
        return send_faxes(tried, frames=12).table.set_index("label")


def test_a_clean_line_carries_most_frames(faxes):
    clean = faxes.loc["clean"]
    assert clean.loss_pct == 0
    # A slip of the phone's buffer spoils a frame; it is rare.
    assert clean.intact_pct >= 60
    assert clean.wrong_pct < 5


def test_a_lossy_line_carries_few(faxes):
    lossy = faxes.loc["lossy"]
    assert 4 < lossy.loss_pct < 18
    assert lossy.intact_pct <= 45 < faxes.loc["clean"].intact_pct


def test_a_codec_for_voices_carries_none_of_a_page(faxes):
    assert faxes.loc["opus"].loss_pct == 0
    assert faxes.loc["opus"].intact_pct == 0


def wav(samples, rate_hz, channels=1):
    file = io.BytesIO()
    soundfile.write(file, np.repeat(samples[:, None], channels, axis=1), rate_hz, format="WAV")
    return file.getvalue()


@pytest.mark.parametrize(("rate_hz", "channels"), [(16000, 1), (8000, 2)])
def test_a_sound_of_another_kind_is_refused(lab, rate_hz, channels):
    with pytest.raises(PhoneError, match="16 bits at 8000 Hz"):
        lab["2001"].phone.play(wav(np.zeros(100), rate_hz, channels))


def test_what_is_no_sound_is_refused(lab):
    with pytest.raises(PhoneError, match="plays WAV files"):
        lab["2001"].phone.play(b"no sound")


def test_a_sound_begun_in_a_call_is_heard_there(lab):
    bits = np.random.default_rng(1).integers(0, 2, 300, np.uint8)
    sound = V21.modulate(bits)
    call = lab["2001"].phone.call(lab["2002"])
    call.wait(seconds=0.5)
    lab["2001"].phone.play(wav(sound, 8000))
    call.wait(seconds=len(sound) / 8000 + 1)
    call.hang_up()
    said, _ = call.samples("2001", "said")
    assert len(said) == len(sound)
    heard, _ = call.samples("2002")
    part = sound[800:3200]
    best = np.correlate(heard, part, mode="valid").max()
    assert best / np.sum(part**2) > 0.8
