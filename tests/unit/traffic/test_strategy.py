"""Who is rung, by Asterisk's rules."""

import numpy as np
import pytest

from voiplab.traffic import STRATEGIES, Candidate, next_start, ranking


def positions(strategy, candidates, *, start=0, now_s=1000.0, seed=1):
    order = ranking(strategy, candidates, start=start, now_s=now_s, rng=np.random.default_rng(seed))
    return [ranked.position for ranked in order]


def four(**figures):
    return [
        Candidate(position=position, **{name: of[position] for name, of in figures.items()})
        for position in range(4)
    ]


def test_linear_and_rrmemory_go_round_from_where_they_start():
    for strategy in ("linear", "rrmemory"):
        assert positions(strategy, four()) == [0, 1, 2, 3]
        assert positions(strategy, four(), start=2) == [2, 3, 0, 1]


def test_the_fewest_calls_first():
    assert positions("fewestcalls", four(calls=[3, 1, 2, 0])) == [3, 1, 2, 0]


def test_the_last_call_that_ended_longest_ago_first():
    # Who has had no call yet counts as longest ago.
    assert positions("leastrecent", four(last_call_s=[900, 100, None, 950])) == [2, 1, 0, 3]


def test_leastrecent_looks_at_whole_seconds_only():
    assert positions("leastrecent", four(last_call_s=[900.1, 900.9, 900.5, 899.9])) == [3, 2, 1, 0]


def test_of_equals_the_one_configured_last_comes_first():
    for strategy in ("ringall", "fewestcalls", "leastrecent"):
        assert positions(strategy, four()) == [3, 2, 1, 0]


@pytest.mark.parametrize("strategy", sorted(set(STRATEGIES) - {"wrandom"}))
def test_a_penalty_counts_most(strategy):
    order = positions(strategy, four(penalty=[1, 0, 2, 0], calls=[0, 9, 0, 9]), start=2)
    assert [{1, 3}, {0}, {2}] == [set(order[:2]), {order[2]}, {order[3]}]


def first_share(strategy, penalties):
    candidates = [Candidate(position=n, penalty=of) for n, of in enumerate(penalties)]
    first = [positions(strategy, candidates, seed=seed)[0] for seed in range(2000)]
    return np.bincount(first, minlength=len(penalties)) / len(first)


def test_random_is_fair():
    assert first_share("random", [0, 0, 0]) == pytest.approx([1 / 3] * 3, abs=0.04)


def test_wrandom_lets_a_penalty_weigh():
    # The lower of a number below 1000 and one below 3000 is the first's in 5 of 6 cases.
    assert first_share("wrandom", [0, 2]) == pytest.approx([5 / 6, 1 / 6], abs=0.04)


def test_the_next_start_is_after_whoever_was_tried():
    order = ranking("rrmemory", four(), start=1, now_s=0, rng=np.random.default_rng(1))
    assert [next_start(order, tried, start=1) for tried in (1, 2, 3)] == [2, 3, 0]


def test_when_all_were_tried_it_begins_anew_or_goes_on():
    rng = np.random.default_rng(1)
    assert next_start(ranking("linear", four(), start=1, now_s=0, rng=rng), 4, start=1) == 0
    assert next_start(ranking("linear", four(), start=3, now_s=0, rng=rng), 4, start=3) == 4
