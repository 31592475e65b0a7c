"""Wholes drawn of their parts: true to their figures."""

import pytest
from matplotlib import pyplot as plt

from voiplab.plots import describe_parts, plot_parts

WAYS = {"by hand": {"compile": 80.0, "install": 7.0}, "packages": {"install": 9.0}}


@pytest.fixture(autouse=True)
def no_window():
    plt.switch_backend("agg")
    yield
    plt.close("all")


def test_bars_are_as_long_as_the_parts_and_begin_where_the_last_one_ended():
    ax = plot_parts(WAYS, unit="s", title="Time")
    drawn = [(bar.get_x(), bar.get_width(), round(bar.get_y() + 0.31)) for bar in ax.patches]
    assert drawn == [(0, 80, 0), (80, 7, 0), (0, 9, 1)]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["by hand", "packages"]


def test_a_part_has_one_colour_in_all_wholes():
    ax = plot_parts(WAYS, unit="s", title="Time")
    compiled, installed, packaged = (bar.get_facecolor() for bar in ax.patches)
    assert installed == packaged != compiled


def test_totals_and_what_has_room_are_written():
    ax = plot_parts(WAYS, unit="s", title="Time")
    assert [text.get_text() for text in ax.texts] == ["80", "7", "87", "9", "9"]
    assert describe_parts(WAYS, unit="s") == (
        "by hand: 87 s (compile 80, install 7). packages: 9 s (install 9)."
    )


def test_nothing_is_said_to_be_nothing():
    ax = plot_parts({}, unit="s", title="Time")
    assert (ax.texts[0].get_text(), ax.get_label()) == ("nothing", "Nothing.")
