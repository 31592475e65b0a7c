"""Robustness of a winner, against what can be worked out by hand or by another way."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from voiplab.decision import (
    Matrix,
    Score,
    Weights,
    acceptability,
    best_case,
    dominated_by,
    judge,
    never_first,
    rank,
    tipping_points,
    winners_along,
)
from voiplab.errors import DecisionError

CRITERIA = ("price", "work", "features")
score = st.integers(0, 10).map(float)
matrices = st.lists(st.tuples(score, score, score), min_size=2, max_size=5, unique=True).map(
    lambda rows: Matrix.of(
        {f"a{place}": dict(zip(CRITERIA, row, strict=True)) for place, row in enumerate(rows)}
    )
)
weightings = st.tuples(*[st.integers(1, 20)] * 3).map(
    lambda given: Weights.of(dict(zip(CRITERIA, given, strict=True)))
)
TWO = Matrix.of({"own": {"price": 8, "work": 2}, "hosted": {"price": 4, "work": 8}})


# Acceptability


def test_two_criteria_leave_the_lengths_of_a_line():
    # own wins where 8p + 2(1-p) > 4p + 8(1-p): p > 0.6.
    found = acceptability(TWO, samples=200_000)
    assert found.first["own"] == pytest.approx(0.4, abs=5 * found.error("own"))
    assert found.first["hosted"] == pytest.approx(0.6, abs=5 * found.error("hosted"))
    # The mean of p over 0.6 to 1, and over 0 to 0.6.
    assert found.central["own"]["price"] == pytest.approx(0.8, abs=0.002)
    assert found.central["hosted"]["price"] == pytest.approx(0.3, abs=0.002)


def test_each_best_at_one_thing_has_a_third_of_the_triangle():
    matrix = Matrix.of(
        {name: {each: 10.0 * (each == name) for each in CRITERIA} for name in CRITERIA}
    )
    found = acceptability(matrix, samples=200_000)
    for name in CRITERIA:
        assert found.first[name] == pytest.approx(1 / 3, abs=5 * found.error(name))
        # Where p is the greatest of three, its mean is (1 + 1/2 + 1/3) / 3: the largest of
        # three pieces of a stick broken at random.
        assert found.central[name][name] == pytest.approx(11 / 18, abs=0.003)


def test_a_compromise_has_the_volume_between_two_planes():
    # All but 'middle' are best at one thing; 'middle' scores m everywhere, and wins where no
    # weight is above m/10: for m = 5 that is 1 - 3/4 of the triangle.
    matrix = Matrix.of(
        {name: {each: 10.0 * (each == name) for each in CRITERIA} for name in CRITERIA}
        | {"middle": dict.fromkeys(CRITERIA, 5.0)}
    )
    found = acceptability(matrix, samples=200_000)
    assert found.first["middle"] == pytest.approx(1 / 4, abs=5 * found.error("middle"))


def test_near_weights_each_is_up_to_twice_or_half_as_much():
    # own wins where price weighs more than 3/2 of work. Near 2 to 1, their ratio is 2 times 4 to
    # the power of the mean of two even draws from -1 to 1, whose density is a triangle.
    near = Weights.of({"price": 2, "work": 1})
    found = acceptability(TWO, near=near, samples=200_000)
    below = (1 - np.log(2 / 1.5) / np.log(4)) ** 2 / 2
    assert found.first["hosted"] == pytest.approx(below, abs=5 * found.error("hosted"))
    exact = acceptability(TWO, near=near, factor=1)
    assert exact.first == {"own": 1, "hosted": 0}


def test_central_weights_near_are_a_mean_of_shares():
    # The share 3a / (3a + b) over all a and b from 1/10 to 10, each doubling alike: on a grid.
    steps = 10.0 ** np.linspace(-1, 1, 2001)
    shares = 3 * steps[:, None] / (3 * steps[:, None] + steps[None, :])
    only = Matrix.of({"only": {"price": 5, "work": 5}})
    near = Weights.of({"price": 3, "work": 1})
    found = acceptability(only, near=near, factor=10, samples=200_000)
    assert found.central["only"]["price"] == pytest.approx(shares.mean(), abs=0.004)
    assert abs(shares.mean() - 0.75) > 0.02  # which the ratio of means would be


def test_what_counts_for_nothing_goes_on_counting_for_nothing():
    found = acceptability(TWO, near=Weights.of({"price": 1, "work": 0}), factor=10)
    assert found.first == {"own": 1, "hosted": 0}
    assert found.central["own"]["work"] == 0


def test_ranges_are_drawn_from_triangles():
    # One criterion: a score of exactly 5 against a triangle from 2 over 4 to 8, which is above 5
    # with the probability (8 - 5)^2 / ((8 - 2) (8 - 4)) = 9/24.
    matrix = Matrix({"sure": {"price": Score.exactly(5)}, "unsure": {"price": Score(2, 4, 8)}})
    found = acceptability(matrix, samples=200_000)
    assert found.first["unsure"] == pytest.approx(9 / 24, abs=5 * found.error("unsure"))
    assert acceptability(matrix, ranges=False).first == {"sure": 1, "unsure": 0}
    # And above 3, left of its peak, with 1 - (3 - 2)^2 / ((8 - 2) (4 - 2)) = 11/12.
    matrix = Matrix({"sure": {"price": Score.exactly(3)}, "unsure": {"price": Score(2, 4, 8)}})
    found = acceptability(matrix, samples=200_000)
    assert found.first["unsure"] == pytest.approx(11 / 12, abs=5 * found.error("unsure"))


def test_alike_alternatives_share_by_lot():
    matrix = Matrix.of({"one": {"price": 5, "work": 5}, "same": {"price": 5, "work": 5}})
    found = acceptability(matrix, samples=100_000)
    assert found.first["one"] == pytest.approx(0.5, abs=5 * found.error("one"))


@given(matrices)
def test_each_rank_is_taken_once_and_each_alternative_has_one(matrix):
    ranks = np.array(list(acceptability(matrix, samples=500).ranks.values()))
    assert ranks.sum(axis=0) == pytest.approx(1)
    assert ranks.sum(axis=1) == pytest.approx(1)


def test_the_same_seed_gives_the_same():
    assert acceptability(TWO, seed=3).ranks == acceptability(TWO, seed=3).ranks
    assert acceptability(TWO, seed=3).ranks != acceptability(TWO, seed=4).ranks


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"factor": 0.5}, "factor of 0.5"),
        ({"factor": float("nan")}, "factor of nan"),
        ({"samples": 0}, "0 weightings"),
    ],
)
def test_what_can_t_be_tried_is_refused(wrong, said):
    with pytest.raises(DecisionError, match=said):
        acceptability(TWO, **wrong)


# Tipping


@given(matrices, weightings, st.sampled_from(CRITERIA))
def test_the_winner_along_a_weight_is_the_winner_there(matrix, weights, criterion):
    stretches = winners_along(matrix, weights, criterion)
    assert stretches[0].start == 0
    assert stretches[-1].end == 1
    for before, after in itertools.pairwise(stretches):
        assert before.end == after.start
        assert before.winner != after.winner
    for share in np.linspace(0, 1, 41):
        ranking = rank(matrix, weights.with_share(criterion, float(share)))
        (said, *_) = (each for each in stretches if each.start <= share <= each.end)
        best = ranking.ranked[0].worth
        assert ranking[said.winner].worth == pytest.approx(best, abs=1e-9)


@given(matrices, weightings)
def test_at_a_tipping_point_two_are_worth_the_same_and_beyond_it_the_other_more(matrix, weights):
    ranking = rank(matrix, weights)
    assume(ranking.lead > 0.01)
    for each in tipping_points(matrix, weights):
        at = rank(matrix, weights.with_share(each.criterion, each.at))
        assert at[each.winner].worth == pytest.approx(at[ranking.winner].worth, abs=1e-9)
        step = 1e-6 if each.change > 0 else -1e-6
        share = each.at + step
        if 0 <= share <= 1:
            beyond = rank(matrix, weights.with_share(each.criterion, share))
            assert beyond[each.winner].worth > beyond[ranking.winner].worth - 1e-12


@given(matrices, weightings)
def test_nothing_tips_before_the_nearest_tipping_point(matrix, weights):
    ranking = rank(matrix, weights)
    assume(ranking.lead > 0.01)
    tips = tipping_points(matrix, weights)
    nearest = abs(tips[0].change) if tips else 1.0
    for criterion in CRITERIA:
        for change in np.linspace(-0.99, 0.99, 23) * nearest:
            share = weights[criterion] + float(change)
            if 0 <= share <= 1:
                moved = rank(matrix, weights.with_share(criterion, share))
                assert moved[ranking.winner].worth == pytest.approx(moved.ranked[0].worth)


def test_a_tipping_point_says_what_would_have_to_change():
    own, hosted = tipping_points(TWO, Weights.of({"price": 7, "work": 3}))
    assert (own.criterion, own.at, own.winner) == ("price", pytest.approx(0.6), "hosted")
    assert str(own) == "hosted wins once price counts for less than 60 % (now 70 %)"
    assert str(hosted) == "hosted wins once work counts for more than 40 % (now 30 %)"


def test_what_wins_everywhere_has_no_tipping_point():
    matrix = Matrix.of({"old": {"price": 3, "work": 5}, "new": {"price": 4, "work": 6}})
    weights = Weights.equal(matrix.criteria)
    assert tipping_points(matrix, weights) == ()
    assert "No change of a single weight" in str(judge(matrix, weights))


def test_one_criterion_alone_can_t_be_moved():
    matrix = Matrix.of({"old": {"price": 3}, "new": {"price": 4}})
    (stretch,) = winners_along(matrix, Weights.of({"price": 1}), "price")
    assert stretch.winner == "new"


# Dominance


@given(matrices)
def test_the_best_case_is_as_good_as_the_best_of_a_fine_grid(matrix):
    grid = [
        Weights.of(dict(zip(CRITERIA, (i, j, 20 - i - j), strict=True)))
        for i in range(21)
        for j in range(21 - i)
    ]
    for name in matrix.alternatives:
        found = best_case(matrix, name)
        ranking = rank(matrix, found.weights)
        others = [each.worth for each in ranking.ranked if each.alternative != name]
        assert ranking[name].worth - max(others) == pytest.approx(found.lead, abs=1e-6)
        for weights in grid:
            tried = rank(matrix, weights)
            rest = max(each.worth for each in tried.ranked if each.alternative != name)
            assert tried[name].worth - rest <= found.lead + 1e-6


@given(matrices)
def test_what_is_never_first_is_never_drawn_first(matrix):
    found = acceptability(matrix, ranges=False, samples=2000)
    for name in never_first(matrix):
        assert found.first[name] == 0


@given(matrices)
def test_what_is_beaten_by_all_criteria_is_never_first(matrix):
    for name in matrix.alternatives:
        if any(
            all(matrix[other][each].likely > matrix[name][each].likely for each in CRITERIA)
            for other in dominated_by(matrix, name)
        ):
            assert name in never_first(matrix)


def test_second_best_at_everything_is_never_first_without_being_beaten_by_one():
    matrix = Matrix.of({
        "own": {"price": 9, "work": 1},
        "hosted": {"price": 1, "work": 9},
        "between": {"price": 4, "work": 4},
    })  # fmt: skip
    assert dominated_by(matrix, "between") == ()
    assert never_first(matrix) == ("between",)
    assert best_case(matrix, "between").lead == pytest.approx(-1)


def test_an_only_alternative_wins():
    assert best_case(Matrix.of({"own": {"price": 3}}), "own").can_win


# In words


@pytest.mark.parametrize(("price", "robustness"), [(90, "solid"), (70, "fair"), (61, "fair")])
def test_a_verdict_says_how_robust_it_is(price, robustness):
    verdict = judge(TWO, Weights.of({"price": price, "work": 100 - price}))
    assert verdict.ranking.winner == "own"
    assert verdict.robustness == robustness
    assert f"first in {100 * verdict.share:.0f} %" in str(verdict)
    assert str(verdict.nearest) in str(verdict)


def test_a_winner_of_few_weightings_near_is_weak():
    # With three that are alike but for little, the first is first by little.
    matrix = Matrix.of({
        "a": {"price": 5.1, "work": 5, "features": 5},
        "b": {"price": 5, "work": 5.09, "features": 5},
        "c": {"price": 5, "work": 5, "features": 5.09},
    })  # fmt: skip
    verdict = judge(matrix, Weights.equal(CRITERIA))
    assert verdict.share < 0.5
    assert verdict.robustness == "weak"


def test_what_can_only_draw_level_can_t_win():
    matrix = Matrix.of({"old": {"price": 3, "work": 5}, "new": {"price": 4, "work": 5}})
    assert best_case(matrix, "old").lead == 0
    assert never_first(matrix) == ("old",)
