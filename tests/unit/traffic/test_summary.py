"""Figures of callers, counted by hand, and how often their intervals hold what they should."""

import math

import numpy as np
import pandas as pd
import pytest

from voiplab.errors import TrafficError
from voiplab.traffic import (
    AgentGroup,
    CallCentre,
    Demand,
    checked_callers,
    mean_interval,
    next_interval,
    offered_calls,
    replicate,
    simulate,
    summary,
)


def measured(**changed):
    """Six callers of whom one gave up, one was refused and one was sent away."""
    table = {
        "queue": "queue",
        "arrived_s": [0.0, 10, 20, 30, 40, 50],
        "joined_s": [0.0, 10, 20, 30, np.nan, 50],
        "answered_s": [5.0, 40, np.nan, 31, np.nan, np.nan],
        "ended_s": [25.0, 60, 28, 91, 40, 100],
        "agent": ["A", "B", None, "A", None, None],
        "rang_s": [1.0, 1, np.nan, 1, np.nan, np.nan],
        "outcome": ["answered", "answered", "abandoned", "answered", "refused", "sent away"],
    }
    return pd.DataFrame(table | changed)


def test_six_callers_by_hand():
    found = summary([measured(), measured()], within_s=20, agents=2)
    assert found.callers == 12
    assert found.service_level.value == pytest.approx(2 / 6)
    assert found.mean_wait_s.value == pytest.approx((5 + 30 + 8 + 1 + 50) / 5)
    assert found.mean_wait_of_answered_s.value == pytest.approx((5 + 30 + 1) / 3)
    assert found.abandonment.value == pytest.approx(1 / 6)
    assert found.turned_away.value == pytest.approx(2 / 6)
    # Until the last one came, A was busy for 20 + 19 s and B for 10 s.
    assert found.occupancy.value == pytest.approx((20 + 10 + 19) / (2 * 50))
    wrapped = summary([measured(), measured()], agents=2, wrap_up_s=4)
    assert wrapped.occupancy.value == pytest.approx((24 + 10 + 19) / (2 * 50))


def test_without_agents_there_is_no_occupancy():
    assert summary([measured(), measured()]).occupancy is None


def test_callers_of_the_warm_up_only_keep_agents_busy():
    found = summary([measured()] * 2, agents=2, warm_up_s=0.5)
    assert found.callers == 10
    assert found.mean_wait_s.value == pytest.approx((30 + 8 + 1 + 50) / 4)
    assert found.occupancy.value == pytest.approx((15 + 10 + 19) / (2 * 40))


def test_nobody_is_answered():
    load = offered_calls(
        [Demand(calls_per_hour=200, mean_talk_s=60, mean_patience_s=30)], for_s=3600, seed=1
    )
    found = summary(simulate(CallCentre.of_equals(0), load))
    assert (found.service_level.value, found.abandonment.value) == (0, 1)
    assert math.isnan(found.mean_wait_of_answered_s.value)


def test_one_run_is_cut_into_batches_that_count_everybody():
    load = offered_calls([Demand(calls_per_hour=200, mean_talk_s=180)], for_s=36_000, seed=2)
    callers = simulate(CallCentre.of_equals(13), load)
    found = summary(callers, agents=13)
    assert found.callers == len(load)
    waits = callers["answered_s"] - callers["joined_s"]
    assert found.mean_wait_s.value == pytest.approx(waits.mean(), rel=0.02)
    assert found.mean_wait_s.low < found.mean_wait_s.value < found.mean_wait_s.high


def test_batches_hold_the_theory_about_as_often_as_they_say():
    theory = AgentGroup(agents=13, offered_erlang=10, mean_talk_s=180)
    runs = replicate(
        CallCentre.of_equals(13),
        [Demand(calls_per_hour=200, mean_talk_s=180)],
        for_s=20 * 3600,
        runs=40,
        seed=11,
    )
    held = sum(
        theory.service_level(20) in summary(run, warm_up_s=3600).service_level for run in runs
    )
    assert held >= 33


def test_one_more_run_is_where_it_was_said():
    centre, demands = CallCentre.of_equals(12), [Demand(calls_per_hour=200, mean_talk_s=180)]
    known = summary(
        replicate(centre, demands, for_s=3600, runs=39, seed=1), interval=next_interval
    ).mean_wait_s
    more = replicate(centre, demands, for_s=3600, runs=60, seed=2)
    held = sum(summary([run]).mean_wait_s.value in known for run in more)
    assert 51 <= held <= 60
    mean = summary(replicate(centre, demands, for_s=3600, runs=39, seed=1)).mean_wait_s
    assert mean.value == pytest.approx(known.value)
    assert known.low < mean.low < mean.high < known.high


def test_students_interval():
    # Student's own example (1908), hours of sleep gained: the mean is 0.75, its error 0.5657.
    gained = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    found = mean_interval(gained)
    assert found.value == pytest.approx(0.75)
    assert found.high - found.value == pytest.approx(2.262 * 0.5657, rel=1e-3)


def test_one_sample_tells_nothing_about_its_spread():
    assert (mean_interval([3.0]).low, mean_interval([3.0]).high) == (-math.inf, math.inf)
    assert mean_interval([3.0, math.nan]).value == 3


def test_the_next_sample_takes_39_samples():
    assert next_interval([float(n) for n in range(38)]).high == math.inf
    found = next_interval([float(n) for n in range(79)])
    assert (found.low, found.high) == (1, 77)


@pytest.mark.parametrize(
    ("callers", "sentence"),
    [
        (measured().drop(columns="agent"), "lack agent"),
        (measured(outcome="lost"), "No caller ends 'lost'"),
        (measured(answered_s=np.nan), "have answered_s whose outcome is answered"),
        (measured(joined_s=0.0), "lack joined_s whose outcome is refused"),
        (measured(ended_s=30.0), "Caller 1 arrives, joins"),
    ],
)
def test_a_table_that_is_not_whole_says_so(callers, sentence):
    with pytest.raises(TrafficError, match=sentence):
        checked_callers(callers)


def test_too_few_callers_to_tell():
    with pytest.raises(TrafficError, match="6 callers are too few to tell"):
        summary(measured())
    with pytest.raises(TrafficError, match="Without runs there is nothing"):
        summary([])
    with pytest.raises(TrafficError, match="A confidence is above 0 and under 1; not 95"):
        mean_interval([1.0, 2.0], confidence=95)
