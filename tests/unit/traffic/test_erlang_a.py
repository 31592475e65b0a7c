"""Callers that give up, and lines with an end, against published values and a linear solver."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from voiplab.errors import TrafficError
from voiplab.traffic import AgentGroup, agents_for, erlang_a, erlang_b, erlang_c

agent_counts = st.integers(1, 60)
loads = st.floats(0.05, 2)
patiences = st.floats(5, 3000)


def impatient(agents: int, load: float, patience_s: float) -> AgentGroup:
    return AgentGroup(
        agents=agents,
        offered_erlang=load * agents,
        mean_talk_s=180,
        mean_patience_s=patience_s,
    )


def test_the_published_comparison_of_c_and_a() -> None:
    # Garnett, Mandelbaum and Reiman (2002), and Mandelbaum and Zeltyn (2005), introduction:
    # 50 agents, 48 calls a minute of one minute; patience endless, and 2 minutes.
    c = AgentGroup(agents=50, offered_erlang=48, mean_talk_s=60)
    a = AgentGroup(agents=50, offered_erlang=48, mean_talk_s=60, mean_patience_s=120)
    assert a.abandonment == pytest.approx(0.031, abs=5e-4)
    assert [c.mean_wait_s, a.mean_wait_s] == pytest.approx([20.8, 3.7], abs=0.05)
    assert [g.wait_percentile_s(0.9) for g in (c, a)] == pytest.approx([58.1, 12.5], abs=0.06)
    assert [c.mean_queue, a.mean_queue] == pytest.approx([17, 3], abs=0.5)
    assert [c.occupancy, a.occupancy] == pytest.approx([0.96, 0.93], abs=0.005)


@pytest.mark.parametrize("places", [0, 1, 7])
@pytest.mark.parametrize("patience_s", [30, math.inf])
@pytest.mark.parametrize(("agents", "offered"), [(1, 0.5), (4, 3.0), (4, 9.0)])
def test_the_balance_of_rates_solved(
    agents: int, offered: float, patience_s: float, places: int
) -> None:
    group = AgentGroup(
        agents=agents,
        offered_erlang=offered,
        mean_talk_s=100,
        mean_patience_s=patience_s,
        waiting_places=places,
    )
    states = agents + places + 1
    rates = np.zeros((states, states))
    for callers in range(states - 1):
        rates[callers, callers + 1] = offered / 100
        busy = min(callers + 1, agents)
        rates[callers + 1, callers] = busy / 100 + (callers + 1 - busy) / patience_s
    rates -= np.diag(rates.sum(axis=1))
    balance = np.vstack([rates.T, np.ones(states)])
    share, *_ = np.linalg.lstsq(balance, np.append(np.zeros(states), 1), rcond=None)
    queued = np.maximum(np.arange(states) - agents, 0)
    assert group.blocking == pytest.approx(share[-1])
    assert group.waiting == pytest.approx(share[agents:-1].sum(), abs=1e-12)
    assert group.mean_queue == pytest.approx(queued @ share, abs=1e-12)
    assert group.abandonment == pytest.approx(queued @ share / patience_s / (offered / 100))
    busy = np.minimum(np.arange(states), agents)
    assert group.occupancy == pytest.approx(busy @ share / agents)


@given(agent_counts, loads, patiences, st.floats(0, 200))
def test_the_integral_over_the_offered_wait(
    agents: int, load: float, patience_s: float, within_s: float
) -> None:
    # Zeltyn and Mandelbaum (2005), M/M/n+G: the density of the wait that is offered to a caller
    # is arrivals x exp(arrivals x H(x) - n mu x) / (1 / B(n - 1) + arrivals x J).
    group = impatient(agents, load, patience_s)
    arrivals, finishing = group.arrivals_per_s, agents / 180

    def weight(wait_s: float) -> float:
        patient_s = patience_s * -math.expm1(-wait_s / patience_s)
        return math.exp(arrivals * patient_s - finishing * wait_s)

    peak_s = patience_s * max(0.0, math.log(load)) + 1e-9
    end_s = peak_s + 60 * max(patience_s, 180 / agents)

    def integral(function, start_s, stop_s):
        bends = sorted({start_s, stop_s, *(
            point for point in (peak_s, *np.geomspace(1e-3, end_s, 25))
            if start_s < point < stop_s
        )})  # fmt: skip
        return sum(quad(function, a, b)[0] for a, b in pairwise(bends))

    whole = 1 / erlang_b(agents - 1, group.offered_erlang) + arrivals * integral(weight, 0, end_s)
    in_time = integral(lambda x: weight(x) * math.exp(-x / patience_s), 0, within_s)
    waiting = arrivals * integral(weight, 0, end_s) / whole
    assert group.waiting == pytest.approx(waiting, rel=1e-5, abs=1e-12)
    assert group.service_level(within_s) == pytest.approx(
        1 - waiting + arrivals * in_time / whole, rel=1e-5
    )


@given(agent_counts, loads, patiences)
def test_littles_law(agents: int, load: float, patience_s: float) -> None:
    group = impatient(agents, load, patience_s)
    assert group.mean_queue == pytest.approx(group.arrivals_per_s * group.mean_wait_s, rel=1e-6)
    assert group.abandonment == pytest.approx(group.mean_wait_s / patience_s, rel=1e-9)


@given(agent_counts, loads, patiences, st.one_of(st.none(), st.integers(0, 40)))
def test_each_caller_has_one_end(
    agents: int, load: float, patience_s: float, places: int | None
) -> None:
    group = AgentGroup(
        agents=agents,
        offered_erlang=load * agents,
        mean_talk_s=180,
        mean_patience_s=patience_s,
        waiting_places=places,
    )
    # Whoever is answered at all is answered before the end of all days.
    answered = group.service_level(1e9)
    assert answered + group.abandonment + group.blocking == pytest.approx(1, abs=1e-9)
    assert group.answered == pytest.approx(answered, abs=1e-9)


@given(agent_counts, loads, patiences, st.floats(0, 300))
def test_an_agent_more_is_never_worse(
    agents: int, load: float, patience_s: float, within_s: float
) -> None:
    fewer = impatient(agents, load, patience_s)
    more = AgentGroup(
        agents=agents + 1,
        offered_erlang=fewer.offered_erlang,
        mean_talk_s=180,
        mean_patience_s=patience_s,
    )
    assert more.abandonment <= fewer.abandonment + 1e-12
    assert more.mean_wait_s <= fewer.mean_wait_s + 1e-9
    assert more.service_level(within_s) >= fewer.service_level(within_s) - 1e-12


@given(agent_counts, loads, patiences)
def test_waiting_loses_fewer_than_hanging_up_at_once(
    agents: int, load: float, patience_s: float
) -> None:
    group = impatient(agents, load, patience_s)
    lost = erlang_b(agents, group.offered_erlang)
    assert group.abandonment <= lost * (1 + 1e-9)
    assert lost <= group.waiting * (1 + 1e-9)
    assert group.waiting <= erlang_c(agents, group.offered_erlang) * (1 + 1e-9)


@given(agent_counts, loads)
def test_no_patience_is_erlang_b(agents: int, load: float) -> None:
    hasty = impatient(agents, load, 1e-6)
    assert hasty.abandonment == pytest.approx(erlang_b(agents, load * agents), rel=1e-4)
    without = AgentGroup(
        agents=agents, offered_erlang=load * agents, mean_talk_s=180, waiting_places=0
    )
    assert without.blocking == pytest.approx(erlang_b(agents, load * agents), rel=1e-9)
    assert without.mean_wait_s == without.waiting == 0


@given(agent_counts, st.floats(0.05, 0.95), st.floats(0, 100))
def test_endless_patience_is_erlang_c(agents: int, load: float, within_s: float) -> None:
    patient = AgentGroup(agents=agents, offered_erlang=load * agents, mean_talk_s=180)
    for group in (
        impatient(agents, load, 1e9),
        AgentGroup(
            agents=agents, offered_erlang=load * agents, mean_talk_s=180, waiting_places=2000
        ),
    ):
        assert group.waiting == pytest.approx(patient.waiting, rel=1e-3)
        assert group.mean_wait_s == pytest.approx(patient.mean_wait_s, rel=1e-3)
        assert group.mean_wait_of_answered_s == pytest.approx(
            patient.mean_wait_of_answered_s, rel=1e-3
        )
        assert group.service_level(within_s) == pytest.approx(
            patient.service_level(within_s), rel=1e-3
        )


@given(agent_counts, loads, patiences)
def test_those_who_are_answered_and_those_who_give_up_waited(
    agents: int, load: float, patience_s: float
) -> None:
    group = impatient(agents, load, patience_s)
    moments = np.arange(0, 60) * 1.0
    # The share still waiting falls as fast as callers are answered and give up.
    answered = [group.service_level(float(moment)) for moment in moments]
    assert answered == sorted(answered)
    # Who is answered has waited as long as the service level lacks, summed over time.
    step_s = 0.01 * patience_s
    lacking = [group.answered - group.service_level(step_s * (n + 0.5)) for n in range(3000)]
    assert group.mean_wait_of_answered_s * group.answered == pytest.approx(
        step_s * sum(lacking), rel=2e-2, abs=1e-4 * patience_s
    )


@given(agent_counts, loads, patiences, st.floats(0.5, 0.999))
def test_a_percentile_is_reached(agents: int, load: float, patience_s: float, share: float) -> None:
    group = impatient(agents, load, patience_s)
    wait_s = group.wait_percentile_s(share)
    assert wait_s >= 0
    assert (wait_s == 0) == (group.waiting <= 1 - share)
    assert wait_s <= impatient(agents, load, patience_s).wait_percentile_s((1 + share) / 2)


def test_nobody_answers() -> None:
    group = AgentGroup(agents=0, offered_erlang=3, mean_talk_s=180, mean_patience_s=60)
    assert group.abandonment == pytest.approx(1)
    assert group.mean_wait_s == pytest.approx(60)
    assert group.wait_percentile_s(0.5) == pytest.approx(60 * math.log(2))
    assert (group.service_level(1e9), group.occupancy) == (0, 0)
    assert group.mean_wait_of_answered_s == math.inf


def test_patience_saves_agents_and_loses_callers() -> None:
    assert agents_for(100, mean_talk_s=240, mean_patience_s=120) < agents_for(100, mean_talk_s=240)


def test_half_again_too_many_callers_leave_a_third() -> None:
    assert erlang_a(200, 300, mean_talk_s=180, mean_patience_s=600) == pytest.approx(
        1 / 3, rel=1e-3
    )


def test_a_queue_too_long_to_reckon_with() -> None:
    group = AgentGroup(agents=1, offered_erlang=50, mean_talk_s=1, mean_patience_s=1e9)
    with pytest.raises(TrafficError, match="5,000,000 callers would wait"):
        group.waiting  # noqa: B018 - asking is the test
