"""Weights, scores and the weighted sum: what they refuse, and what they add up to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiplab.decision import (
    Basis,
    Matrix,
    Score,
    Weights,
    rank,
    read_profiles,
    score_between,
)
from voiplab.errors import DecisionError

OFFICE = {
    "own": {"price": 9, "work": 1, "features": 6},
    "hosted": {"price": 3, "work": 8, "features": 7},
    "box": {"price": 6, "work": 5, "features": 6},
}
points = st.dictionaries(
    st.sampled_from(["price", "work", "features", "growth"]),
    st.floats(0.01, 100),
    min_size=2,
    max_size=4,
)


def test_each_part_is_share_times_score():
    ranking = rank(Matrix.of(OFFICE), Weights.of({"price": 2, "work": 1, "features": 1}))
    assert [each.alternative for each in ranking.ranked] == ["own", "box", "hosted"]
    assert dict(ranking["own"].parts) == {"price": 4.5, "work": 0.25, "features": 1.5}
    assert ranking["own"].worth == 6.25
    assert ranking.lead == pytest.approx(6.25 - 5.75)


def test_weights_are_matched_by_name_not_by_place():
    matrix = Matrix.of(OFFICE)
    one = rank(matrix, Weights.of({"price": 2, "work": 1, "features": 1}))
    other = rank(matrix, Weights.of({"features": 1, "work": 1, "price": 2}))
    assert [each.worth for each in one.ranked] == [each.worth for each in other.ranked]


def test_of_two_alike_the_first_comes_first():
    alike = Matrix.of({"b": {"price": 5, "work": 5}, "a": {"price": 5, "work": 5}})
    assert rank(alike, Weights.equal(alike.criteria)).winner == "b"


@given(points, st.floats(0.1, 50))
def test_only_proportions_of_points_matter(given_points, factor):
    scaled = {name: factor * each for name, each in given_points.items()}
    one, other = Weights.of(given_points), Weights.of(scaled)
    for name in one:
        assert one[name] == pytest.approx(other[name])
    assert sum(one.shares.values()) == pytest.approx(1)


@given(points, st.floats(0, 1))
def test_a_moved_share_leaves_the_others_in_proportion(given_points, share):
    before = Weights.of(given_points)
    moved, *others = before
    after = before.with_share(moved, share)
    assert after[moved] == share
    assert sum(after.shares.values()) == pytest.approx(1)
    for name in others:
        assert after[name] * before[others[0]] == pytest.approx(after[others[0]] * before[name])


def test_a_share_taken_from_the_only_one_is_spread_evenly():
    after = Weights.of({"price": 1, "work": 0, "features": 0}).with_share("price", 0.5)
    assert dict(after.shares) == {"price": 0.5, "work": 0.25, "features": 0.25}


@pytest.mark.parametrize(
    "wrong", [{}, {"price": 0}, {"price": -1, "work": 2}, {"price": float("nan")}]
)
def test_points_that_weigh_nothing_are_refused(wrong):
    with pytest.raises(DecisionError, match="can't be made into weights"):
        Weights.of(wrong)


@pytest.mark.parametrize("wrong", [(5, 4, 6), (-1, 0, 1), (9, 10, 11), (1, 3, 2)])
def test_a_score_off_its_scale_or_range_is_refused(wrong):
    with pytest.raises(DecisionError, match="A score can't be"):
        Score(*wrong)


def test_a_missing_score_is_named():
    with pytest.raises(DecisionError, match="only one of them has work"):
        Matrix.of({"own": {"price": 9, "work": 1}, "hosted": {"price": 3}})


def test_weights_of_other_criteria_are_refused():
    with pytest.raises(DecisionError, match="only one of them has features"):
        rank(Matrix.of(OFFICE), Weights.of({"price": 1, "work": 1}))


def test_a_criterion_can_be_added_and_an_alternative_left_out():
    matrix = Matrix.of(OFFICE).without("box")
    grown = matrix.with_criterion("growth", {"own": Score(2, 4, 6), "hosted": Score(8, 9, 10)})
    assert grown.alternatives == ("own", "hosted")
    assert grown["own"]["growth"] == Score(2, 4, 6)
    with pytest.raises(DecisionError, match="given for hosted"):
        matrix.with_criterion("growth", {"own": Score(2, 4, 6)})
    with pytest.raises(DecisionError, match="no alternative 'box'"):
        matrix.without("box")


def test_a_matrix_is_what_its_file_says(tmp_path):
    path = tmp_path / "scores.csv"
    path.write_text(
        "alternative,criterion,low,likely,high,basis,reason\n"
        'own,work,1,2,4,judged,"a shell, and nobody to ask"\n'
        "hosted,work,8,9,10,rule,the provider runs it\n"
    )
    matrix = Matrix.read(path)
    assert matrix["own"]["work"] == Score(1, 2, 4, Basis.JUDGED, "a shell, and nobody to ask")
    table = matrix.reasons("work")
    assert table.loc["hosted"].tolist() == ["9 (8–10)", "rule", "the provider runs it"]
    assert matrix.table().loc["own", "work"] == "2 (1–4)"


COLUMNS = "alternative,criterion,low,likely,high,basis,reason\n"


@pytest.mark.parametrize("text", ["alternative,criterion\n", "", COLUMNS + "own,work,1,2,4,x,\n"])
def test_a_file_that_holds_no_scores_is_refused(tmp_path, text):
    path = tmp_path / "scores.csv"
    path.write_text(text)
    with pytest.raises(DecisionError):
        Matrix.read(path)


def test_profiles_are_what_their_file_says(tmp_path):
    path = tmp_path / "profiles.csv"
    path.write_text(
        "profile,criterion,points\nshop,price,3\nshop,work,1\nbank,price,0\nbank,work,2\n"
    )
    profiles = read_profiles(path)
    assert list(profiles) == ["shop", "bank"]
    assert profiles["shop"]["price"] == 0.75
    with pytest.raises(DecisionError, match="holds no profiles"):
        read_profiles(tmp_path / "missing.csv")


def test_a_quantity_is_scored_between_two_ends():
    assert score_between(0, 200, low=50, likely=100, high=500) == Score(2.5, 5, 10, Basis.RULE)
    cheap = score_between(30, 0, low=3, likely=6, high=12)
    assert (cheap.low, cheap.likely, cheap.high) == (6, 8, 9)
    grown = score_between(10, 100_000, low=100, likely=1000, high=10_000, logarithmic=True)
    assert [grown.low, grown.likely, grown.high] == pytest.approx([2.5, 5, 7.5])


@pytest.mark.parametrize(
    ("ends", "quantities", "said"),
    [
        ((1, 1), (0, 1, 2), "give two that differ"),
        ((0, 1), (2, 1, 3), "don't rise"),
    ],
)
def test_a_rule_that_can_t_be_applied_says_why(ends, quantities, said):
    low, likely, high = quantities
    with pytest.raises(DecisionError, match=said):
        score_between(*ends, low=low, likely=likely, high=high)
    with pytest.raises(DecisionError, match="positive"):
        score_between(0, 10, low=1, likely=2, high=3, logarithmic=True)
