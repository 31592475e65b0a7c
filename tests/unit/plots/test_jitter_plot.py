"""The jitter figure: what it shows, what it says, and what it leaves alone."""

from collections.abc import Iterator

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg

from voiplab.plots import describe_jitter, plot_jitter

THERE, BACK = "2001 → 2002", "2002 → 2001"


@pytest.fixture(autouse=True)
def no_window() -> Iterator[None]:
    plt.switch_backend("agg")
    yield
    plt.close("all")


def timeline(packets: int, jitter_ms: float, lost: dict[int, int] | None = None) -> pd.DataFrame:
    """Packets every 20 ms; `lost` says how many are missing before the packet of that index."""
    missing = np.zeros(packets, int)
    for index, count in (lost or {}).items():
        missing[index] = count
    sent_s = (np.arange(packets) + np.cumsum(missing)) * 0.02
    return pd.DataFrame({"time_s": sent_s, "jitter_ms": jitter_ms, "lost": missing})


def words(ax: Axes) -> str:
    return "\n".join(text.get_text() for text in ax.texts)


def test_jitter_is_drawn_as_it_was_measured() -> None:
    data = timeline(400, 1.5)
    ax = plot_jitter({THERE: data, BACK: timeline(300, 0.2)})
    drawn = ax.lines[0]
    assert list(drawn.get_xdata()) == list(data["time_s"])
    assert list(drawn.get_ydata()) == list(data["jitter_ms"])
    assert ax.get_xlabel() == "time since the call was answered (s)"
    assert ax.get_ylabel() == "jitter (ms)"


def test_a_healthy_call_looks_calm_and_says_that_nothing_was_lost() -> None:
    ax = plot_jitter({THERE: timeline(400, 0.1), BACK: timeline(400, 0.2)})
    assert ax.get_ylim()[0] == 0
    assert ax.get_ylim()[1] > 20
    assert words(ax).count("no packet lost") == 2
    assert "20 ms: from one packet to the next" in words(ax)


def test_lost_packets_are_marked_at_their_time() -> None:
    data = timeline(400, 0.1, {100: 1, 200: 5})
    ax = plot_jitter({THERE: data})
    strokes = next(line for line in ax.lines if line.get_marker() == "|")
    # The first is missing at 2.00 s, the others from 4.02 s to 4.10 s.
    assert strokes.get_xdata() == pytest.approx([2.00, 4.06])
    (bars,) = ax.collections
    assert [(a[0], b[0]) for a, b in bars.get_segments()] == [
        pytest.approx((1.98, 2.02)),
        pytest.approx((4.00, 4.12)),
    ]
    assert "6 of 406 lost (1.5 %)" in words(ax)
    assert "no packet lost" not in words(ax)


def test_one_direction_may_lose_what_the_other_does_not() -> None:
    ax = plot_jitter({THERE: timeline(400, 0.1), BACK: timeline(400, 0.1, {7: 1})})
    assert f"{THERE}   no packet lost" in words(ax)
    assert f"{BACK}   1 of 401 lost (0.2 %)" in words(ax)
    assert len(ax.collections) == 1


def test_curves_stay_below_the_text() -> None:
    data = timeline(400, 0.1, {7: 1})
    data.loc[50, "jitter_ms"] = 180
    ax = plot_jitter({THERE: data, BACK: data})
    lowest = min(text.get_window_extent().y0 for text in ax.texts if "lost" in text.get_text())
    assert ax.transData.transform((0, 180))[1] < lowest


@pytest.mark.parametrize("packets", [3000, 60_000])
def test_nothing_is_cut_or_covered(packets: int) -> None:
    data = timeline(packets, 27.7, dict.fromkeys(range(50, packets, 40), 3))
    ax = plot_jitter({THERE: data, BACK: data})
    assert isinstance(ax.figure.canvas, FigureCanvasAgg)
    ax.figure.canvas.draw()
    sheet = ax.figure.bbox
    inside = [*ax.texts, *ax.get_yticklabels(), ax.xaxis.label, ax.yaxis.label, ax.title]
    inside += [
        tick.label1 for tick in ax.xaxis.get_major_ticks() if tick.get_loc() < ax.get_xlim()[1]
    ]
    for text in inside:
        box = text.get_window_extent()
        assert sheet.x0 <= box.x0, text
        assert box.x1 <= sheet.x1, text
        assert text.get_fontsize() >= 11
    boxes = [text.get_window_extent() for text in ax.texts if "lost" in text.get_text()]
    assert not boxes[0].overlaps(boxes[1])


def test_several_panels_keep_their_text_to_themselves() -> None:
    figure, axes = plt.subplots(1, 2, figsize=(13, 4.5), layout="constrained")
    data = timeline(3000, 27.7, {50: 3})
    plot_jitter({THERE: data, BACK: data}, ax=axes[0])
    figure.canvas.draw()
    right = axes[0].get_window_extent().x1
    assert all(text.get_window_extent().x1 <= right for text in axes[0].texts)


def test_no_packet_and_one_packet() -> None:
    data = {THERE: timeline(0, 0), BACK: timeline(1, 0)}
    ax = plot_jitter(data)
    assert f"{THERE}   no packet arrived" in words(ax)
    assert f"{BACK}   no packet lost" in words(ax)
    assert "from one packet to the next" not in words(ax)
    assert describe_jitter(data) == (
        "2001 → 2002: no packet arrived. 2002 → 2001: 1 packet arrived, none lost; "
        "jitter 0.0 ms on average, 0.0 ms at most."
    )


def test_no_direction() -> None:
    ax = plot_jitter({})
    assert "no stream of packets" in words(ax)
    assert ax.get_label() == "No stream of packets."


def test_jitter_that_nobody_could_measure() -> None:
    data = {THERE: timeline(10, float("nan"))}
    assert "jitter unknown" in words(plot_jitter(data))
    assert describe_jitter(data) == "2001 → 2002: 10 packets arrived, none lost; jitter unknown."


def test_the_sentence_holds_the_figures_and_goes_with_the_axes() -> None:
    data = {THERE: timeline(97, 4.04, {50: 3}), BACK: timeline(100, 0.1)}
    data[THERE].loc[10, "jitter_ms"] = 12.3
    said = describe_jitter(data)
    assert said == (
        "2001 → 2002: 97 packets arrived, 3 lost (3.0 %); "
        "jitter 4.1 ms on average, 12.3 ms at most. "
        "2002 → 2001: 100 packets arrived, none lost; "
        "jitter 0.1 ms on average, 0.1 ms at most."
    )
    assert plot_jitter(data).get_label() == said


def test_it_draws_where_it_is_told_and_closes_nothing() -> None:
    figure, mine = plt.subplots()
    assert plot_jitter({THERE: timeline(5, 0.1)}, ax=mine) is mine
    assert plt.get_fignums() == [figure.number]
    assert plot_jitter({THERE: timeline(5, 0.1)}).figure is not figure
    assert len(plt.get_fignums()) == 2


def test_the_students_own_style_survives() -> None:
    with mpl.rc_context({"font.size": 7.5, "axes.grid": False}):
        before = dict(mpl.rcParams)
        plot_jitter({THERE: timeline(5, 0.1)})
        assert dict(mpl.rcParams) == before


def test_what_it_is_given_stays_as_it_was() -> None:
    data = timeline(50, 0.1, {7: 2})
    copy = data.copy(deep=True)
    plot_jitter({THERE: data})
    pd.testing.assert_frame_equal(data, copy)
