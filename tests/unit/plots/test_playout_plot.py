"""The picture of a jitter buffer."""

from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from voiplab.packets import Capture, FixedBuffer
from voiplab.plots import describe_playout, plot_playout

CAPTURES = Path(__file__).parents[2] / "fixtures" / "captures"


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


@pytest.fixture
def spoilt():
    return Capture.open(CAPTURES / "impaired-g722.pcap").sound(0, FixedBuffer(delay_ms=10))


def lines(axes):
    return {line.get_label(): line for line in axes.get_lines()}


def test_every_packet_has_a_mark_by_its_fate(spoilt):
    axes = plot_playout(spoilt)
    shown = lines(axes)
    table = spoilt.playout
    assert spoilt.lost == 9
    assert spoilt.late > 0
    for label, fate in [
        (f"{spoilt.played} played", "played"),
        (f"{spoilt.late} too late", "late"),
        ("9 lost", "lost"),
    ]:
        those = table[table["fate"] == fate]
        assert shown[label].get_xdata().tolist() == those["time_s"].tolist()
        if fate != "lost":
            assert shown[label].get_ydata().tolist() == those["delay_ms"].tolist()


def test_late_packets_lie_above_the_deadline_and_played_ones_under_it(spoilt):
    table = spoilt.playout.dropna()
    above = table["delay_ms"] > table["deadline_ms"]
    assert (above == (table["fate"] == "late"))[table["fate"] != "duplicate"].all()
    label = f"deadline (mean wait {spoilt.buffering_ms:.0f} ms)"
    deadline = lines(plot_playout(spoilt))[label]
    assert set(deadline.get_ydata()) == set(spoilt.playout["deadline_ms"])


def test_lost_packets_have_a_strip_under_the_scale(spoilt):
    axes = plot_playout(spoilt)
    bottom = axes.get_ylim()[0]
    marks = lines(axes)["9 lost"].get_ydata()
    assert bottom < marks[0] < 0
    assert min(axes.get_yticks()) == 0


def test_where_nothing_is_lost_or_late_nothing_speaks_of_it():
    calm = Capture.open(CAPTURES / "baresip-g722.pcap").sound(0)
    axes = plot_playout(calm)
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["168 played", f"deadline (mean wait {calm.buffering_ms:.0f} ms)"]
    assert axes.get_ylim()[0] == 0


def test_the_text_says_what_the_picture_shows(spoilt):
    text = describe_playout(spoilt)
    assert plot_playout(spoilt).get_label() == text
    assert f"{spoilt.played} of 168 packets played" in text
    assert f"{spoilt.late} too late, 9 lost on the way, 1 came twice" in text
    assert f"the slowest {spoilt.playout['delay_ms'].max():.1f} ms" in text


def test_it_is_drawn_where_asked_even_where_there_is_little_room(spoilt):
    _, (left, right) = plt.subplots(1, 2, figsize=(9, 4))
    assert plot_playout(spoilt, ax=right) is right
    assert not left.get_lines()
    assert right.get_legend()._ncols == 2
