"""Trials can be kept, and what is computed of a call agrees with the call's evidence."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile

from voiplab import Evidence
from voiplab.errors import EvidenceError
from voiplab.experiments import Trials
from voiplab.experiments.trial_table import outcome

CALL = Path(__file__).parents[2] / "fixtures" / "evidence" / "2001-2002"


@pytest.fixture(scope="module")
def evidence():
    return Evidence.open(CALL)


@pytest.fixture
def trials(evidence):
    rows = [{"label": label, "codec": "ulaw"} | outcome(evidence) for label in ("first", "")]
    return Trials.of(rows, [evidence, evidence], {"asterisk": "22"})


def test_an_outcome_is_that_of_the_direction_in_which_the_caller_spoke(evidence):
    found, there = outcome(evidence), evidence.quality.directions[0]
    assert (there.sender, there.receiver) == ("2001", "2002")
    same = ("packets", "lost", "loss_pct", "jitter_ms", "r", "mos", "delay_ms", "burst_ratio")
    assert {name: found[name] for name in same} == {name: getattr(there, name) for name in same}
    assert found["correlation"] == pytest.approx(1, abs=0.01)
    assert found["log_spectral_distance_db"] < 3


def test_speech_played_backwards_is_not_what_was_said(tmp_path):
    folder = Path(shutil.copytree(CALL, tmp_path / "call"))
    samples, rate_hz = soundfile.read(CALL / "2002-heard.wav")
    soundfile.write(folder / "2002-heard.wav", samples[::-1], rate_hz)
    assert outcome(Evidence.open(folder))["correlation"] < 0.5


def test_trials_come_back_as_they_were_saved(trials, tmp_path):
    trials.save(tmp_path)
    opened = Trials.open(tmp_path)
    pd.testing.assert_frame_equal(opened.points, trials.points, check_dtype=False, rtol=1e-5)
    assert [rate for _, rate in opened.heard] == [8000, 8000]
    assert np.abs(opened.heard[0][0] - trials.heard[0][0]).max() < 1e-4
    assert 'src="data:audio' in opened.listen(0)._repr_html_()
    assert "first" in opened._repr_html_()
    assert opened.listen_to_all().data.count("<audio") == 2


def test_sounds_that_were_not_kept_are_missed(evidence, tmp_path):
    rows = [{"label": "", "codec": "ulaw"} | outcome(evidence)] * 2
    Trials.of(rows, [evidence] * 2, {}, keep_sounds=False).save(tmp_path)
    with pytest.raises(EvidenceError, match="heard in trial 1 was not kept"):
        Trials.open(tmp_path).listen(1)


def test_a_folder_without_trials_is_named(tmp_path):
    with pytest.raises(EvidenceError, match="holds no trials"):
        Trials.open(tmp_path)
