"""Theory, simulation and measurement, by number of agents, as they are drawn and told."""

import math

import matplotlib.pyplot as plt
import pytest
from matplotlib.colors import to_hex

from voiplab.errors import TrafficError
from voiplab.plots import describe_staffing, plot_staffing
from voiplab.plots.style import STYLE, colour_of
from voiplab.traffic import AgentGroup, Estimate, Summary

GROUP = AgentGroup(agents=12, offered_erlang=10, mean_talk_s=180)


def found(value, half, **other):
    estimate = Estimate(value=value, low=value - half, high=value + half)
    figures = dict.fromkeys(
        (
            "service_level",
            "mean_wait_s",
            "mean_wait_of_answered_s",
            "abandonment",
            "turned_away",
            "occupancy",
        ),
        estimate,
    )
    return Summary(**{"callers": 200, "within_s": 20} | figures | other)


@pytest.fixture
def drawn():
    axes = []
    yield axes.append
    for ax in axes:
        plt.close(ax.figure)


def test_the_curve_the_band_and_the_points(drawn):
    simulated = {11: found(0.5, 0.1), 12: found(0.64, 0.05), 14: found(0.89, 0.02)}
    ax = plot_staffing(GROUP, simulated=simulated, measured={12: found(0.6, 0.15)})
    drawn(ax)
    curve = next(line for line in ax.lines if line.get_label().startswith("theory"))
    expected = [
        AgentGroup(agents=agents, offered_erlang=10, mean_talk_s=180).service_level(20)
        for agents in (11, 12, 14)
    ]
    assert curve.get_xdata().tolist() == [11, 12, 14]
    assert curve.get_ydata() == pytest.approx(expected)
    band = ax.collections[0].get_paths()[0].vertices
    assert {(11, 0.4), (11, 0.6), (14, 0.91)} <= {(x, round(y, 9)) for x, y in band}
    (measured,) = ax.containers
    (bars,) = measured.lines[2]
    assert bars.get_segments()[0].tolist() == [[12, pytest.approx(0.45)], [12, pytest.approx(0.75)]]
    texts = [text.get_text() for text in ax.get_legend().get_texts()]
    assert texts == ["simulated, 95 %", "theory: Erlang C", "measured, 95 %"]
    with plt.style.context(STYLE):
        assert to_hex(curve.get_color()) == colour_of(0).lower()


def test_its_words():
    simulated, measured = {12: found(0.64, 0.05)}, {12: found(0.6, 0.15), 14: found(0.875, 0.1)}
    assert describe_staffing(GROUP, simulated=simulated, measured=measured) == (
        "Of 10 erlang, service level by number of agents. "
        "12 agents: 64 % in theory (Erlang C), 64 % simulated (59 % to 69 %), "
        "60 % measured (45 % to 75 %). "
        "14 agents: 88.8 % in theory (Erlang C), 87.5 % measured (77.5 % to 97.5 %)."
    )


def test_the_axes_say_it_too(drawn):
    ax = plot_staffing(GROUP, simulated={12: found(40, 5)}, figure="mean_wait_s")
    drawn(ax)
    assert ax.get_label() == (
        "Of 10 erlang, mean wait by number of agents. "
        "12 agents: 40.4 s in theory (Erlang C), 40 s simulated (35 s to 45 s)."
    )


def test_where_the_line_grows_without_end_no_curve_is_drawn(drawn):
    ax = plot_staffing(GROUP, simulated={9: found(600, 90), 12: found(40, 5)}, figure="mean_wait_s")
    drawn(ax)
    (curve,) = ax.lines
    assert curve.get_xdata().tolist() == [12]
    assert "9 agents: without end in theory (Erlang C), 600 s simulated" in ax.get_label()


def test_an_interval_that_is_not_known_is_not_drawn(drawn):
    unknown = found(0, 0, mean_wait_s=Estimate(value=12, low=0, high=math.inf))
    ax = plot_staffing(
        GROUP, simulated={12: found(40, 5)}, measured={12: unknown}, figure="mean_wait_s"
    )
    drawn(ax)
    assert "12 s measured (0 s to without end)" in ax.get_label()
    assert all(math.isfinite(limit) for limit in ax.get_ylim())


def test_impatient_callers_and_few_places_are_named(drawn):
    impatient = AgentGroup(agents=1, offered_erlang=10, mean_talk_s=180, mean_patience_s=60)
    few = AgentGroup(agents=1, offered_erlang=10, mean_talk_s=180, waiting_places=5)
    for group, name in ((impatient, "Erlang A"), (few, "5 waiting places")):
        ax = plot_staffing(group, simulated={12: found(0.1, 0.05)}, figure="abandonment")
        drawn(ax)
        assert f"in theory ({name})" in ax.get_label()


def test_without_known_agents_there_is_no_occupancy():
    words = describe_staffing(
        GROUP, simulated={12: found(1, 0, occupancy=None)}, figure="occupancy"
    )
    assert (
        words
        == "Of 10 erlang, occupancy by number of agents. 12 agents: 83.3 % in theory (Erlang C)."
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"simulated": {}}, "0 numbers of agents simulated"),
        ({"simulated": {9: found(1, 0), 10: found(1, 0, within_s=30)}}, "and 2 such times"),
        ({"simulated": {9: found(1, 0)}, "figure": "callers"}, "'callers' isn't drawn: choose"),
    ],
)
def test_what_cannot_be_drawn_says_so(arguments, sentence):
    with pytest.raises(TrafficError, match=sentence):
        describe_staffing(GROUP, **arguments)
