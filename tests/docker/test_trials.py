"""Trials on real phones: what the network was told to do is what became of the speech."""

import pytest

from voiplab.experiments import Trial, run_trials
from voiplab.impairment import Impairment

pytestmark = pytest.mark.engine

BAD = Impairment(loss_pct=15, spares_signalling=True)
FAR = Impairment(delay_ms=200, spares_signalling=True)


@pytest.fixture(scope="module")
def told():
    return []


@pytest.fixture(scope="module")
def trials(told, runs):
    tried = [
        Trial(label="perfect"),
        Trial(label="lossy", incoming=BAD, seed=5),
        Trial(label="the same again", incoming=BAD, seed=5),
        Trial(label="far away", incoming=FAR),
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VOIPLAB_RUNS", str(runs))
        return run_trials(tried, at_once=2, progress=lambda *step: told.append(step))


def test_each_trial_has_its_row_in_order(trials, told):
    assert list(trials.points.label) == ["perfect", "lossy", "the same again", "far away"]
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert [rate_hz for _, rate_hz in trials.heard] == [8000] * 4
    assert trials.software["asterisk"].startswith("22.")


def test_a_perfect_network_loses_nothing_and_everything_is_understood(trials):
    perfect = trials.points.iloc[0]
    assert perfect.lost == 0
    assert perfect.estoi > 0.95
    assert perfect.mos > 4.3


def test_a_lossy_network_is_rated_and_heard_as_worse(trials):
    perfect, lossy = trials.points.iloc[0], trials.points.iloc[1]
    assert 8 < lossy.loss_pct < 22  # three standard deviations of 15 % of 400 packets, and more
    assert lossy.mos < 2
    assert lossy.estoi < perfect.estoi - 0.03
    assert lossy.log_spectral_distance_db > perfect.log_spectral_distance_db + 0.5


def test_the_same_seed_loses_the_same_share(trials):
    first, second = trials.points.iloc[1], trials.points.iloc[2]
    assert first.loss_pct == pytest.approx(second.loss_pct, abs=0.7)


def test_delay_is_rated_and_not_heard(trials):
    perfect, far = trials.points.iloc[0], trials.points.iloc[3]
    assert far.delay_ms == pytest.approx(perfect.delay_ms + 200, abs=20)
    assert far.lost == 0
    assert far.mos < perfect.mos - 0.3
    assert far.estoi > 0.95
