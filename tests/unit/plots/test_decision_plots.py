"""Plots of a decision: true to its figures, and with words that say the same."""

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt

from voiplab.decision import Acceptability, Matrix, Weights, acceptability, rank, winners_along
from voiplab.errors import DecisionError
from voiplab.plots import (
    describe_acceptability,
    describe_call_paths,
    describe_ranking,
    describe_winner_along,
    plot_acceptability,
    plot_call_paths,
    plot_ranking,
    plot_winner_along,
)

MATRIX = Matrix.of(
    {
        "own": {"price": 9, "work": 1, "features": 6},
        "hosted": {"price": 3, "work": 8, "features": 7},
        "box": {"price": 6, "work": 5, "features": 6.5},
    }
)
WEIGHTS = Weights.of({"price": 5, "work": 3, "features": 2})


@pytest.fixture(autouse=True)
def no_window():
    plt.switch_backend("agg")
    yield
    plt.close("all")


# Ranking


def test_bars_are_the_parts_one_after_the_other_best_on_top():
    ranking = rank(MATRIX, WEIGHTS)
    ax = plot_ranking(ranking)
    bars = [(round(bar.get_y() + 0.33), bar.get_x(), bar.get_width()) for bar in ax.patches]
    expected = []
    for row, each in enumerate(ranking.ranked):
        begin = 0.0
        for part in each.parts.values():
            expected.append((row, pytest.approx(begin), pytest.approx(part)))
            begin += part
    assert bars == expected
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == [each.alternative for each in ranking.ranked]


def test_the_key_tells_seven_criteria_apart():
    criteria = [f"c{number}" for number in range(7)]
    matrix = Matrix.of({"a": dict.fromkeys(criteria, 5), "b": dict.fromkeys(criteria, 4)})
    ax = plot_ranking(rank(matrix, Weights.equal(criteria)))
    looks = {(patch.get_facecolor(), patch.get_hatch()) for patch in ax.get_legend().get_patches()}
    assert len(looks) == 7
    assert ax.get_legend().get_texts()[0].get_text() == "c0 (14 %)"


def test_a_ranking_in_words_has_weights_and_worths():
    ranking = rank(MATRIX, WEIGHTS)
    said = describe_ranking(ranking)
    assert said.startswith("Weights: price 50 %, work 30 %, features 20 %. 1. own: 6.00 of 10")
    assert plot_ranking(ranking).get_label() == said


# Acceptability


def test_a_bar_is_an_alternative_s_ranks_whoever_is_first_most_often_on_top():
    found = Acceptability(
        {"own": (0.25, 0.5, 0.25), "hosted": (0.7, 0.2, 0.1), "box": (0.05, 0.3, 0.65)}, {}, 100
    )
    ax = plot_acceptability(found)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["hosted", "own", "box"]
    widths = [bar.get_width() for bar in ax.patches]
    assert widths == pytest.approx([0.7, 0.2, 0.1, 0.25, 0.5, 0.25, 0.05, 0.3, 0.65])
    assert [text.get_text() for text in ax.texts][:3] == ["70", "20", "10"]
    assert ax.get_label() == describe_acceptability(found)


def test_shades_can_be_told_apart_from_their_neighbours():
    ax = plot_acceptability(acceptability(MATRIX, samples=100))
    shades = [patch.get_facecolor()[:3] for patch in ax.get_legend().get_patches()]
    lightness = [sum(shade) for shade in shades]
    assert lightness == sorted(lightness)
    assert len(set(shades)) == 3


# Who wins along a weight


def test_lines_run_from_nothing_to_all_and_the_strip_names_the_winners():
    ax = plot_winner_along(MATRIX, WEIGHTS, "price")
    lines = ax.get_lines()[:3]
    ends = [tuple(line.get_ydata()) for line in lines]
    assert ends == [
        (pytest.approx(0.6 * 1 + 0.4 * 6), 9),
        (pytest.approx(0.6 * 8 + 0.4 * 7), 3),
        (pytest.approx(0.6 * 5 + 0.4 * 6.5), 6),
    ]
    stretches = winners_along(MATRIX, WEIGHTS, "price")
    strip = [(each.get_x(), each.get_x() + each.get_width()) for each in ax.patches]
    assert strip == [(each.start, pytest.approx(each.end)) for each in stretches]
    said = [text.get_text() for text in ax.texts]
    assert {"own", "hosted", "box", "now 50 %"} <= set(said)
    assert ax.get_label() == describe_winner_along(MATRIX, WEIGHTS, "price")


def test_lines_of_more_alternatives_than_colours_differ():
    many = Matrix.of({f"a{n}": {"price": n, "work": 10 - n} for n in range(9)})
    ax = plot_winner_along(many, Weights.equal(many.criteria), "price")
    looks = {(line.get_color(), str(line._unscaled_dash_pattern)) for line in ax.get_lines()[:9]}
    assert len(looks) == 9


def test_an_unknown_criterion_is_named():
    with pytest.raises(DecisionError, match="no criterion 'colour'"):
        plot_winner_along(MATRIX, WEIGHTS, "colour")


# Call paths


def test_speech_goes_where_the_words_say():
    ax = plot_call_paths()
    said = describe_call_paths()
    assert ax.get_label() == said
    assert said.count("signalling goes through") == 3
    assert said.count("speech goes straight between the phones") == 1
    thick = [line for line in ax.get_lines() if line.get_linewidth() == 4]
    # Two legs through a PBX at home, one from phone to phone past a proxy, two to the provider.
    assert len(thick) == 5


def test_plots_leave_the_user_s_style_alone():
    before = dict(mpl.rcParams)
    plot_call_paths()
    plot_ranking(rank(MATRIX, WEIGHTS))
    assert dict(mpl.rcParams) == before
