"""Dates on a line, and the frames of a fax: drawn where they are."""

from datetime import date

import pytest
from matplotlib import pyplot as plt

from voiplab.plots import (
    Moment,
    describe_frames,
    describe_timeline,
    plot_frames,
    plot_timeline,
)

TODAY = date(2026, 11, 25)
MOMENTS = [
    Moment(group="UK", what="switched off", day=date(2027, 1, 31)),
    Moment(group="France", what="copper closed", day=date(2030, 12, 31), shown="end of 2030"),
    Moment(group="UK", what="no new lines", day=date(2023, 9, 5), shown="September 2023"),
]


@pytest.fixture(autouse=True)
def no_window():
    plt.switch_backend("agg")
    yield
    plt.close("all")


def marks(ax):
    """The marks, by the words beside them."""
    what = [text.get_text().partition(": ")[2] for text in ax.texts]
    drawn = [line for line in ax.lines if line.get_marker() == "o"]
    assert [line.get_ydata()[0] for line in drawn] == list(range(len(what)))
    return dict(zip(what, drawn, strict=True))


def test_each_moment_lies_at_its_date_in_a_row_of_its_own():
    ax = plot_timeline(MOMENTS, today=TODAY, title="The end")
    found = marks(ax)
    assert list(found) == ["no new lines", "switched off", "copper closed"]
    lies_at = {what: line.get_xdata()[0] for what, line in found.items()}
    assert lies_at == {
        "no new lines": pytest.approx(2023 + 247 / 365),
        "switched off": pytest.approx(2027 + 30 / 365),
        "copper closed": pytest.approx(2030 + 364 / 365),
    }


def test_words_stand_where_there_is_room_and_groups_at_their_middle():
    ax = plot_timeline(MOMENTS, today=TODAY, title="The end")
    assert [text.get_horizontalalignment() for text in ax.texts] == ["left", "left", "right"]
    groups = {
        label.get_text(): at
        for at, label in zip(ax.get_yticks(), ax.get_yticklabels(), strict=True)
    }
    assert groups == {"UK": 0.5, "France": 2}


def test_what_is_to_come_is_hollow():
    found = marks(plot_timeline(MOMENTS, today=TODAY, title="The end"))
    assert found["switched off"].get_markerfacecolor() == "white"
    assert found["no new lines"].get_markerfacecolor() != "white"


def test_a_group_has_one_colour():
    found = marks(plot_timeline(MOMENTS, today=TODAY, title="The end"))
    colours = {what: line.get_color() for what, line in found.items()}
    assert colours["switched off"] == colours["no new lines"] != colours["copper closed"]


def test_dates_are_written_as_precisely_as_they_are_known():
    ax = plot_timeline(MOMENTS, today=TODAY, title="The end")
    assert [text.get_text() for text in ax.texts] == [
        "September 2023: no new lines",
        "31 January 2027: switched off",
        "end of 2030: copper closed",
    ]
    assert describe_timeline(MOMENTS, today=TODAY) == (
        "UK: September 2023, no new lines; 31 January 2027, switched off (to come). "
        "France: end of 2030, copper closed (to come)."
    )
    assert ax.get_label() == describe_timeline(MOMENTS, today=TODAY)


def test_no_moment_is_said_to_be_nothing():
    ax = plot_timeline([], today=TODAY, title="The end")
    assert (ax.texts[0].get_text(), ax.get_label()) == ("nothing", "Nothing.")


def test_frames_are_drawn_at_their_figures():
    series = {"as sound": [(0, 100), (5, 29)], "relayed": [(0, 100), (5, 99.6)]}
    ax = plot_frames(series)
    drawn = {line.get_label(): list(zip(*line.get_data(), strict=True)) for line in ax.lines}
    assert drawn == series
    assert describe_frames(series) == (
        "as sound: 100 % of frames whole with 0 % of packets lost, 29 % with 5 %. "
        "relayed: 100 % of frames whole with 0 % of packets lost, 100 % with 5 %."
    )


def test_nothing_sent_is_said_to_be_nothing():
    ax = plot_frames({})
    assert (ax.texts[0].get_text(), ax.get_label()) == ("nothing was sent", "Nothing was sent.")
