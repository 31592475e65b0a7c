"""Erlang's waiting formula against published values, and against its other form."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gammaincc, gammaln

from voiplab.errors import TrafficError
from voiplab.traffic import AgentGroup, agents_for, erlang_b, erlang_c


def test_an_example_of_the_trade() -> None:
    # Call Centre Helper's example, as in pyworkforce's documentation: 100 calls of 3 minutes in
    # half an hour, 80 % within 20 s. pyworkforce 0.5.1 answers 14, 0.1741, 0.8884, 0.7143.
    group = AgentGroup.for_service_level(10, mean_talk_s=180, share=0.8, within_s=20)
    assert group.agents == 14
    assert group.waiting == pytest.approx(0.1741, abs=5e-5)
    assert group.service_level(20) == pytest.approx(0.8884, abs=5e-5)
    assert group.occupancy == pytest.approx(0.7143, abs=5e-5)


def test_three_mechanics() -> None:
    # Bronson, Schaum's Outline of Operations Research (1982), 24.6: 300 jobs a year of 2 days.
    group = AgentGroup(agents=3, offered_erlang=300 / 182.5, mean_talk_s=2 * 86_400)
    assert group.mean_queue == pytest.approx(0.352, abs=5e-4)
    assert group.mean_wait_s / 86_400 == pytest.approx(0.43, abs=5e-3)


def test_nine_of_ten_callers_at_once() -> None:
    # Wolfram Language documentation, ErlangC: 30 calls an hour of 5 minutes, 90 % not delayed.
    assert [erlang_c(agents, 2.5) <= 0.1 for agents in (5, 6)] == [False, True]
    assert agents_for(2.5, mean_talk_s=300, share=0.9, within_s=0) == 6


def test_one_and_two_agents_by_hand() -> None:
    assert erlang_c(1, 0.7) == pytest.approx(0.7)
    # M/M/2: C = 2 r^2 / (1 + r), where r is the occupancy.
    assert erlang_c(2, 1.2) == pytest.approx(2 * 0.6**2 / 1.6)
    single = AgentGroup(agents=1, offered_erlang=0.75, mean_talk_s=90)
    assert (single.mean_queue, single.mean_wait_s) == pytest.approx((2.25, 270))


@given(st.integers(1, 300), st.floats(0.01, 0.999))
def test_the_formula_as_it_is_written(agents: int, load: float) -> None:
    offered = load * agents
    log_of_last = agents * math.log(offered) - gammaln(agents + 1) - offered
    last = math.exp(log_of_last) / (1 - load)
    expected = last / (gammaincc(agents, offered) + last)
    assert erlang_c(agents, offered) == pytest.approx(expected, rel=1e-7, abs=1e-300)


@given(st.integers(0, 300), st.floats(0, 400))
def test_more_wait_than_would_be_lost(agents: int, offered: float) -> None:
    assert erlang_b(agents, offered) <= erlang_c(agents, offered) <= 1


@given(st.integers(1, 200), st.floats(0.01, 200), st.floats(0, 300))
def test_an_agent_more_is_never_worse(agents: int, offered: float, within_s: float) -> None:
    fewer = AgentGroup(agents=agents, offered_erlang=offered, mean_talk_s=180)
    more = AgentGroup(agents=agents + 1, offered_erlang=offered, mean_talk_s=180)
    assert more.waiting <= fewer.waiting
    assert more.mean_wait_s <= fewer.mean_wait_s
    assert more.service_level(within_s) >= fewer.service_level(within_s)


@given(st.floats(0.01, 300), st.floats(0, 0.999), st.floats(0, 120))
def test_the_fewest_agents_that_will_do(offered: float, share: float, within_s: float) -> None:
    group = AgentGroup.for_service_level(offered, 180, share=share, within_s=within_s)
    assert group.service_level(within_s) >= share
    if group.agents > 1:
        fewer = AgentGroup(agents=group.agents - 1, offered_erlang=offered, mean_talk_s=180)
        assert fewer.service_level(within_s) < share


@given(st.integers(1, 100), st.floats(0.1, 0.99), st.floats(0, 0.999))
def test_a_percentile_is_what_the_service_level_says(
    agents: int, load: float, share: float
) -> None:
    group = AgentGroup(agents=agents, offered_erlang=load * agents, mean_talk_s=180)
    wait_s = group.wait_percentile_s(share)
    if wait_s:
        assert group.service_level(wait_s) == pytest.approx(share, abs=1e-9)
    else:
        assert group.waiting <= 1 - share + 1e-12


def test_the_line_that_grows_without_end() -> None:
    group = AgentGroup(agents=5, offered_erlang=8, mean_talk_s=60)
    assert (group.waiting, group.service_level(1e6), group.occupancy) == (1, 0, 1)
    assert group.mean_wait_s == group.mean_queue == group.wait_percentile_s(0.1) == math.inf
    assert group.answered == pytest.approx(5 / 8)


def test_no_traffic_takes_no_agents() -> None:
    assert agents_for(0, mean_talk_s=60) == 0
    idle = AgentGroup(agents=2, offered_erlang=0, mean_talk_s=60)
    assert (idle.waiting, idle.mean_wait_s, idle.service_level(0), idle.occupancy) == (0, 0, 1, 0)


def test_what_has_no_answer_says_so() -> None:
    with pytest.raises(TrafficError, match=r"0 agents or more; not -1\."):
        erlang_c(-1, 1)
    with pytest.raises(TrafficError, match="traffic is a finite number of erlang"):
        AgentGroup(agents=3, offered_erlang=math.nan, mean_talk_s=60)
    with pytest.raises(TrafficError, match="longer than 0 s, and ends; not 0 s"):
        AgentGroup(agents=3, offered_erlang=1, mean_talk_s=0)
    with pytest.raises(TrafficError, match="Patience lasts longer than 0 s; not nan s"):
        AgentGroup(agents=3, offered_erlang=1, mean_talk_s=60, mean_patience_s=math.nan)
    with pytest.raises(TrafficError, match="0 waiting places or more; not -1"):
        AgentGroup(agents=3, offered_erlang=1, mean_talk_s=60, waiting_places=-1)
    with pytest.raises(TrafficError, match="waiting places fill for ever"):
        AgentGroup(agents=0, offered_erlang=1, mean_talk_s=60, waiting_places=2)
    group = AgentGroup(agents=3, offered_erlang=1, mean_talk_s=60)
    with pytest.raises(TrafficError, match="0 s or more; not -1 s"):
        group.service_level(-1)
    with pytest.raises(TrafficError, match="share of 0 to under 1; not 1"):
        group.wait_percentile_s(1)
    with pytest.raises(TrafficError, match="in time is 0 to under 1; not 1"):
        agents_for(3, mean_talk_s=60, share=1)
