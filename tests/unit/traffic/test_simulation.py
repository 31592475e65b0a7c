"""The simulation against theory, and against call centres small enough to follow by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiplab.errors import TrafficError
from voiplab.traffic import (
    STRATEGIES,
    Agent,
    AgentGroup,
    CallCentre,
    CallQueue,
    Demand,
    checked_callers,
    mean_interval,
    offered_calls,
    replicate,
    simulate,
    summary,
    talked_s,
    waited_s,
)


def calls(*rows):
    """Callers as (arrived, talk) or (arrived, talk, patience) or (..., queue)."""
    return pd.DataFrame(
        [(*row, math.inf, "queue")[:3] + ((*row, "queue")[3:4] or ("queue",)) for row in rows],
        columns=["arrived_s", "talk_s", "patience_s", "queue"],
    ).fillna({"queue": "queue"})


def agents(*names, **figures):
    return tuple(Agent(name=name, **figures) for name in names)


def centre(*staff, **rules):
    return CallCentre(queues=(CallQueue(**rules),), agents=staff)


def test_two_agents_and_three_callers():
    callers = simulate(
        centre(*agents("A", "B"), strategy="linear"), calls((0, 10), (1, 20), (2, 5))
    )
    assert callers["answered_s"].tolist() == [0, 1, 10]
    assert callers["ended_s"].tolist() == [10, 21, 15]
    assert callers["agent"].tolist() == ["A", "B", "A"]
    assert waited_s(callers).tolist() == [0, 0, 8]
    assert talked_s(callers).tolist() == [10, 20, 5]


def test_the_order_of_coming_is_the_order_of_answering():
    callers = simulate(centre(*agents("A")), calls((0, 10), (1, 10), (2, 10), (3, 10)))
    assert callers["answered_s"].tolist() == [0, 10, 20, 30]


def test_impatience():
    callers = simulate(centre(*agents("A")), calls((0, 10), (1, 10, 5), (2, 10, 9)))
    assert callers["outcome"].tolist() == ["answered", "abandoned", "answered"]
    assert callers["ended_s"].tolist() == [10, 6, 20]
    assert waited_s(callers).tolist() == [0, 5, 8]


def test_whoever_gives_up_as_their_turn_comes_leaves_it_to_the_next():
    callers = simulate(centre(*agents("A")), calls((0, 10), (1, 10, 9), (2, 10)))
    assert callers["outcome"].tolist() == ["answered", "abandoned", "answered"]
    assert callers["answered_s"].tolist()[2] == 10


def test_wrap_up_keeps_the_next_caller_waiting():
    callers = simulate(centre(*agents("A"), wrap_up_s=4), calls((0, 10), (1, 10)))
    assert callers["answered_s"].tolist() == [0, 14]


def test_a_phone_that_rings_takes_the_callers_time_and_the_agents():
    callers = simulate(centre(*agents("A", answers_after_s=3)), calls((0, 10), (1, 10)))
    assert callers["answered_s"].tolist() == [3, 16]
    assert callers["rang_s"].tolist() == [3, 3]


def test_giving_up_while_it_rings_frees_the_agent():
    callers = simulate(centre(*agents("A", answers_after_s=3)), calls((0, 10, 2), (1, 10)))
    assert callers["outcome"].tolist() == ["abandoned", "answered"]
    assert callers["answered_s"].tolist()[1] == 5


def test_nobody_answers_the_first_phone():
    staff = (Agent(name="away", answers_after_s=100), Agent(name="B"))
    rules = {"strategy": "linear", "ring_at_most_s": 15, "retry_s": 5}
    callers = simulate(centre(*staff, **rules), calls((0, 10), (100, 10)))
    # Each caller begins at the top again.
    assert waited_s(callers).tolist() == [20, 20]
    remembered = simulate(
        centre(*staff, **rules | {"strategy": "rrmemory"}), calls((0, 10), (100, 10), (200, 10))
    )
    assert waited_s(remembered).tolist() == [20, 20, 20]
    # Of equals the last is rung first; who has had no call yet is always tried before the other.
    starving = simulate(
        centre(*reversed(staff), **rules | {"strategy": "leastrecent"}), calls((0, 10, 60))
    )
    assert starving["outcome"].tolist() == ["abandoned"]


def test_ringall_serves_one_caller_at_a_time():
    staff = (Agent(name="slow", answers_after_s=5), Agent(name="quick", answers_after_s=2))
    callers = simulate(centre(*staff, strategy="ringall"), calls((0, 60), (0.5, 60)))
    assert callers["agent"].tolist() == ["quick", "slow"]
    assert callers["answered_s"].tolist() == [2, 7]


def test_recheck_makes_callers_notice_late():
    callers = simulate(centre(*agents("A"), recheck_s=1), calls((0, 10.3), (0.5, 10)))
    assert callers["answered_s"].tolist() == [0, 10.5]


def test_a_full_queue_and_an_empty_one_refuse():
    callers = simulate(centre(*agents("A"), longest=1), calls((0, 10), (1, 10), (2, 10)))
    assert callers["outcome"].tolist() == ["answered", "answered", "refused"]
    late = agents("A", shifts=((5, 100),))
    callers = simulate(centre(*late, join_empty=False), calls((0, 10), (6, 10)))
    assert callers["outcome"].tolist() == ["refused", "answered"]
    assert callers["joined_s"].isna().tolist() == [True, False]


def test_shifts():
    staff = agents("A", shifts=((5, 20), (40, 50)))
    callers = simulate(centre(*staff), calls((0, 10), (1, 10), (2, 10), (60, 1), (61, 1, 3)))
    assert callers["answered_s"].tolist()[:3] == [5, 15, 40]
    # The second call was talked to its end after the shift; after the last, all are sent away.
    assert callers["ended_s"].tolist() == [15, 25, 50, 60, 64]
    assert callers["outcome"].tolist() == ["answered"] * 3 + ["sent away", "abandoned"]


def test_penalties_keep_the_second_line_for_later():
    queues = (CallQueue(name="sales"), CallQueue(name="support"))
    staff = (
        Agent(name="seller", penalties={"sales": 0}),
        Agent(name="both", penalties={"support": 0, "sales": 1}),
    )
    load = pd.DataFrame(
        {
            "queue": ["sales", "sales", "support", "sales"],
            "arrived_s": [0.0, 1, 2, 3],
            "talk_s": 10.0,
            "patience_s": math.inf,
        }
    )
    callers = simulate(CallCentre(queues=queues, agents=staff), load)
    assert callers["agent"].tolist() == ["seller", "both", "both", "seller"]
    assert callers["answered_s"].tolist() == [0, 1, 11, 10]


def test_the_heavier_queue_goes_first():
    queues = (CallQueue(name="all"), CallQueue(name="vip", weight=1))
    staff = agents("A", penalties={"all": 0, "vip": 0})
    load = pd.DataFrame(
        {
            "queue": ["all", "all", "vip"],
            "arrived_s": [0.0, 1, 2],
            "talk_s": 10.0,
            "patience_s": math.inf,
        }
    )
    callers = simulate(CallCentre(queues=queues, agents=staff), load)
    assert callers["answered_s"].tolist() == [0, 20, 10]


def test_the_heavier_queue_keeps_as_many_agents_free_as_it_has_callers():
    # Of two agents, one is rung for the VIP; the other isn't given away before that is over.
    queues = (CallQueue(name="all", retry_s=5), CallQueue(name="vip", weight=1))
    staff = agents("A", "B", penalties={"all": 0, "vip": 0}, answers_after_s=4)
    load = pd.DataFrame(
        {"queue": ["vip", "all"], "arrived_s": [0.0, 1], "talk_s": 60.0, "patience_s": math.inf}
    )
    callers = simulate(CallCentre(queues=queues, agents=staff), load)
    assert callers["answered_s"].tolist() == [4, 10]


def test_rrmemory_shares_the_calls_and_linear_does_not():
    load = offered_calls([Demand(calls_per_hour=60, mean_talk_s=60)], for_s=100 * 3600, seed=4)
    counts = {
        strategy: simulate(CallCentre.of_equals(4, CallQueue(strategy=strategy)), load)["agent"]
        .value_counts(normalize=True)
        .reindex([f"agent {n}" for n in range(1, 5)])
        .tolist()
        for strategy in ("linear", "rrmemory", "fewestcalls")
    }
    assert counts["fewestcalls"] == pytest.approx([0.25] * 4, abs=0.001)
    assert counts["rrmemory"] == pytest.approx([0.25] * 4, abs=0.02)
    # Agent 1 is busy a / (1 + a) of the time, as the one circuit of a group that is tried first.
    assert counts["linear"] == sorted(counts["linear"], reverse=True)
    assert counts["linear"][0] == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_whoever_is_rung_callers_wait_equally_long(strategy):
    # With agents who are all alike, and answer at once, the strategy is of no matter to callers.
    load = offered_calls([Demand(calls_per_hour=300, mean_talk_s=60)], for_s=7200, seed=9)
    linear = simulate(CallCentre.of_equals(6, CallQueue(strategy="linear")), load)
    other = simulate(CallCentre.of_equals(6, CallQueue(strategy=strategy)), load)
    assert waited_s(other).tolist() == pytest.approx(waited_s(linear).tolist())


@pytest.mark.parametrize("number", [11, 12, 13, 14, 16])
def test_erlang_c_is_within_the_interval(number):
    theory = AgentGroup(agents=number, offered_erlang=10, mean_talk_s=180)
    runs = replicate(
        CallCentre.of_equals(number),
        [Demand(calls_per_hour=200, mean_talk_s=180)],
        for_s=24 * 3600,
        runs=5,
        seed=20,
    )
    found = summary(runs, agents=number, warm_up_s=2 * 3600)
    assert theory.mean_wait_s in found.mean_wait_s
    assert theory.service_level(20) in found.service_level
    assert theory.occupancy in found.occupancy


@pytest.mark.parametrize("number", [6, 8, 10, 12])
def test_erlang_a_is_within_the_interval(number):
    theory = AgentGroup(agents=number, offered_erlang=10, mean_talk_s=180, mean_patience_s=90)
    runs = replicate(
        CallCentre.of_equals(number),
        [Demand(calls_per_hour=200, mean_talk_s=180, mean_patience_s=90)],
        for_s=16 * 3600,
        runs=5,
        seed=21,
    )
    found = summary(runs, agents=number, warm_up_s=3600)
    assert theory.abandonment in found.abandonment
    assert theory.mean_wait_s in found.mean_wait_s
    assert theory.mean_wait_of_answered_s in found.mean_wait_of_answered_s
    assert theory.service_level(20) in found.service_level
    assert theory.occupancy in found.occupancy


def test_a_queue_with_an_end_is_within_the_interval():
    theory = AgentGroup(agents=4, offered_erlang=5, mean_talk_s=120, waiting_places=3)
    runs = replicate(
        CallCentre.of_equals(4, CallQueue(longest=3)),
        [Demand(calls_per_hour=150, mean_talk_s=120)],
        for_s=30 * 3600,
        runs=5,
        seed=22,
    )
    found = summary(runs, agents=4, warm_up_s=3600)
    assert theory.blocking in found.turned_away
    assert theory.mean_wait_s in found.mean_wait_s
    assert theory.service_level(20) in found.service_level


def test_ringing_is_as_if_agents_took_longer():
    # Three seconds of ringing are a part of how long a call takes its agent, and of the wait.
    load = offered_calls([Demand(calls_per_hour=200, mean_talk_s=180)], for_s=36_000, seed=6)
    rung = simulate(CallCentre.of_equals(13, answers_after_s=3), load)
    longer = simulate(CallCentre.of_equals(13), load.assign(talk_s=load["talk_s"] + 3))
    assert waited_s(rung).tolist() == pytest.approx((waited_s(longer) + 3).tolist())


def test_the_same_seed_is_the_same_run():
    demands = [Demand(calls_per_hour=200, mean_talk_s=180, mean_patience_s=60)]
    rules = CallQueue(strategy="random")
    one, same = (
        replicate(CallCentre.of_equals(9, rules), demands, for_s=3600, runs=2, seed=5)
        for _ in range(2)
    )
    assert all(a.equals(b) for a, b in zip(one, same, strict=True))
    assert not one[0].equals(one[1])


@settings(max_examples=40)
@given(
    number=st.integers(0, 5),
    strategy=st.sampled_from(STRATEGIES),
    patience_s=st.floats(1, 300),
    wrap_up_s=st.floats(0, 30),
    answers_after_s=st.floats(0, 20),
    recheck_s=st.sampled_from([0, 1]),
    longest=st.one_of(st.none(), st.integers(1, 5)),
    seed=st.integers(0, 100),
)
def test_no_caller_is_lost_and_no_agent_talks_to_two(  # noqa: PLR0913, PLR0917 - hypothesis names them
    number, strategy, patience_s, wrap_up_s, answers_after_s, recheck_s, longest, seed
):
    demand = Demand(calls_per_hour=120, mean_talk_s=90, mean_patience_s=patience_s)
    load = offered_calls([demand], for_s=1800, seed=seed)
    rules = CallQueue(strategy=strategy, wrap_up_s=wrap_up_s, recheck_s=recheck_s, longest=longest)
    callers = checked_callers(
        simulate(CallCentre.of_equals(number, rules, answers_after_s=answers_after_s), load)
    )
    assert callers["arrived_s"].tolist() == pytest.approx(load["arrived_s"].tolist())
    answered = callers[callers["outcome"] == "answered"].sort_values("answered_s")
    for _, own in answered.groupby("agent"):
        pause_s = own["answered_s"].to_numpy()[1:] - own["ended_s"].to_numpy()[:-1]
        assert (pause_s >= wrap_up_s + answers_after_s - 1e-6).all()
    gone = callers[callers["outcome"] == "abandoned"]
    assert np.allclose(waited_s(gone), load["patience_s"][gone.index])


def test_demands_of_several_queues_come_in_their_order():
    load = offered_calls(
        [
            Demand(calls_per_hour=60, mean_talk_s=60, queue="sales"),
            Demand(calls_per_hour=120, mean_talk_s=60, mean_patience_s=30, queue="support"),
        ],
        for_s=360_000,
        seed=3,
    )
    assert load["arrived_s"].is_monotonic_increasing
    counts = load["queue"].value_counts()
    assert counts.to_dict() == pytest.approx({"support": 12_000, "sales": 6_000}, rel=0.05)
    means = load.groupby("queue")["patience_s"].mean()
    assert means["sales"] == math.inf
    assert means["support"] == pytest.approx(30, rel=0.03)
    gaps_s = load[load["queue"] == "sales"]["arrived_s"].diff().dropna()
    # Of an exponential distribution, the spread is the mean.
    assert gaps_s.std() == pytest.approx(gaps_s.mean(), rel=0.05)
    assert 60 in mean_interval([one.mean() for one in np.array_split(gaps_s, 20)])


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda: CallQueue(strategy="fastest"), "strategy 'fastest': choose one of"),
        (lambda: CallQueue(wrap_up_s=-1), "wrap_up_s=-1: it is 0 s or more"),
        (lambda: CallQueue(retry_s=0), "tries again at once for ever"),
        (lambda: CallQueue(longest=0), "room for 1 caller or more; 0"),
        (lambda: Agent(name="A", penalties={"queue": -1}), "A's penalty in queue is 0 or more"),
        (lambda: Agent(name="A", shifts=((5, 3),)), "shifts follow one another"),
        (lambda: Agent(name="A", shifts=((5, 9), (8, 12))), "shifts follow one another"),
        (lambda: Agent(name="A", answers_after_s=math.inf), "answers after 0 s or more"),
        (lambda: centre(*agents("A", "A")), "2 have the name A"),
        (lambda: centre(*agents("A", penalties={"vip": 0})), "serves vip, which isn't one"),
        (lambda: Demand(calls_per_hour=0, mean_talk_s=60), "More than 0 callers"),
        (lambda: Demand(calls_per_hour=9, mean_talk_s=0), "longer than 0 s, and ends"),
        (lambda: Demand(calls_per_hour=9, mean_talk_s=1, mean_patience_s=0), "Patience lasts"),
        (lambda: offered_calls([], for_s=math.inf, seed=1), "a finite time, more than 0 s"),
        (lambda: simulate(centre(), calls((0, 1, 1, "vip"))), "for vip, which isn't a queue"),
        (lambda: simulate(centre(), calls((0, -1))), "talks for -1"),
        (lambda: simulate(centre(), calls((0, 1)).drop(columns="talk_s")), "lack talk_s"),
    ],
)
def test_what_cannot_be_says_so(wrong, sentence):
    with pytest.raises(TrafficError, match=sentence):
        wrong()
