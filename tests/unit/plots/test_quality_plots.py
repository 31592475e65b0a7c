"""Curves, budgets and bandwidths drawn: true to their figures, and readable."""

from collections.abc import Iterator

import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.text import Text

from voiplab.plots import (
    describe_bandwidth,
    describe_delay_budget,
    describe_quality_curves,
    plot_bandwidth,
    plot_delay_budget,
    plot_quality_curves,
)
from voiplab.quality import BANDS, Delay, DelayBudget, bandwidth, delay_budget, mos_from_r, predict

LOSSES = [0, 1, 2, 5, 10, 20]


@pytest.fixture(autouse=True)
def no_window() -> Iterator[None]:
    plt.switch_backend("agg")
    yield
    plt.close("all")


def words(ax: Axes) -> str:
    legend = ax.get_legend()
    keys = [text.get_text() for text in legend.get_texts()] if legend else []
    return "\n".join([text.get_text() for text in ax.texts] + keys)


def lines(ax: Axes) -> dict[str, tuple[list[float], list[float]]]:
    return {
        line.get_label(): (list(line.get_xdata()), list(line.get_ydata()))
        for line in ax.lines
        if not line.get_label().startswith("_")
    }


def budget(round_trip_ms: float = 60) -> DelayBudget:
    return delay_budget(
        "opus",
        network=Delay.of_round_trip(round_trip_ms),
        jitter_buffer=Delay.set(40, "two packets"),
        playout=Delay.assumed(20, "one period"),
    )


def test_curves_are_what_was_predicted() -> None:
    table = predict("PCMU", "g729", loss_pct=LOSSES)
    ax = plot_quality_curves(table)
    drawn = lines(ax)
    assert list(drawn) == ["G.711 µ-law, not concealed", "G.729A"]
    for name, (xs, ys) in drawn.items():
        assert xs == LOSSES
        assert ys == list(table[table.curve == name].mos)
    assert ax.get_label() == describe_quality_curves(table)
    assert ax.get_label().startswith(
        "G.711 µ-law, not concealed: MOS 4.36 at 0 % lost, 1.08 at 20 % lost."
    )


def test_bands_stand_at_their_mos() -> None:
    ax = plot_quality_curves(predict("PCMU", loss_pct=LOSSES))
    spans = [patch.get_extents().transformed(ax.transData.inverted()) for patch in ax.patches]
    edges = [mos_from_r(r) for r in (90, 80, 70, 60, 50)]
    assert [span.y0 for span in spans] == pytest.approx([*edges, 1], abs=1e-6)
    assert [text.get_text() for text in ax.texts] == [band.satisfaction for band in BANDS]


def test_wideband_and_narrowband_stand_on_one_scale() -> None:
    table = pd.concat(
        [predict("PCMU", loss_pct=LOSSES), predict("opus-wb-15-cbr", loss_pct=LOSSES)]
    )
    ax = plot_quality_curves(table)
    _, ys = lines(ax)["G.711 µ-law, not concealed"]
    assert ys == list(table[table.codec == "PCMU"].wideband_mos)
    assert ys[0] == pytest.approx(3.63, abs=0.01)
    assert "people who know wideband" in ax.get_ylabel()


def test_what_has_no_rating_is_not_drawn_and_says_so() -> None:
    table = predict("g722", "opus", loss_pct=LOSSES)
    ax = plot_quality_curves(table)
    assert "G.722: only at 0 %" in words(ax)
    assert "Opus: not rated" in words(ax)
    said = describe_quality_curves(table)
    assert "G.722: MOS 4.31 at 0 % lost; not rated from 1 % lost: ITU-T G.113 says" in said
    assert "Opus: not rated. Opus adapts" in said


def test_measured_points_lie_over_their_curve() -> None:
    table = predict("PCMU", loss_pct=LOSSES)
    name = table.curve.iloc[0]
    measured = pd.DataFrame(
        {"curve": [name, name], "loss_pct": [1, 5], "mos": [3.8, 2.1], "estoi": [0.99, 0.5]}
    )
    ax = plot_quality_curves(table, measured)
    points = {
        line.get_marker(): (list(line.get_xdata()), list(line.get_ydata()))
        for line in ax.lines
        if line.get_marker() not in {"None", ""} and len(line.get_xdata())
    }
    assert points["o"] == ([1, 5], [3.8, 2.1])
    assert points["^"][1] == pytest.approx([1 + 3.5 * 0.99, 1 + 3.5 * 0.5])
    (right,) = ax.child_axes
    ax.figure.canvas.draw()
    assert right.get_ylabel() == "ESTOI (triangles)"
    # ESTOI 1 is written where a point of ESTOI 1 would stand.
    written = dict(
        zip(
            (label.get_text() for label in right.get_yticklabels()), right.get_yticks(), strict=True
        )
    )
    assert written["1.0"] == 4.5
    assert written["0.0"] == 1
    assert ax.get_label().endswith(
        f"Measured, {name}: MOS from measured loss 3.80, ESTOI 0.99 at 1 % lost; "
        "MOS from measured loss 2.10, ESTOI 0.50 at 5 % lost."
    )


def test_what_was_only_measured_is_in_the_key_too() -> None:
    measured = pd.DataFrame({"curve": ["Opus"], "loss_pct": [5.0], "estoi": [0.9]})
    ax = plot_quality_curves(predict("PCMU", loss_pct=LOSSES), measured)
    assert "Opus, measured only" in words(ax)
    assert ax.get_label().endswith("Measured, Opus: ESTOI 0.90 at 5 % lost.")


def test_delay_curves_carry_the_limits_of_g114() -> None:
    ax = plot_quality_curves(predict("PCMU", delay_ms=range(0, 601, 50)), against="delay_ms")
    assert ax.get_xlabel() == "delay from mouth to ear (ms)"
    assert "G.114: 150 ms" in words(ax)
    assert "G.114: 400 ms" in words(ax)
    short = plot_quality_curves(predict("PCMU", delay_ms=range(0, 101, 50)), against="delay_ms")
    assert "G.114" not in words(short)


def test_a_budget_is_drawn_to_scale() -> None:
    calls = {"LAN": budget(2), "satellite": budget(600)}
    ax = plot_delay_budget(calls)
    ends = {}
    for bar in ax.patches:
        row = round(bar.get_y() + bar.get_height() / 2)
        ends[row] = max(ends.get(row, 0), bar.get_x() + bar.get_width())
    assert ends == pytest.approx({0: calls["LAN"].total_ms, 1: calls["satellite"].total_ms})
    assert [label.get_text() for label in ax.get_yticklabels()] == ["LAN", "satellite"]
    assert [line.get_xdata()[0] for line in ax.lines] == [150, 400]
    assert "87.5 ms" in words(ax)
    assert "by a setting" in words(ax)
    assert ax.get_label() == describe_delay_budget(calls)
    assert "satellite: 386.5 ms, acceptable where its effect" in ax.get_label()
    assert "network 300.0 (measured)" in ax.get_label()


def test_bandwidths_are_drawn_to_scale() -> None:
    calls = [bandwidth("PCMU"), bandwidth("g729", link="adsl-pppoe", srtp_tag_bits=80)]
    ax = plot_bandwidth(calls)
    for row, call in enumerate(calls):
        bars = [bar for bar in ax.patches if round(bar.get_y() + bar.get_height() / 2) == row]
        assert len(bars) == 5
        assert bars[0].get_width() == call.kbit_per_s_at("speech")
        assert sum(bar.get_width() for bar in bars) == pytest.approx(call.kbit_per_s)
    assert "87.2   (27 % overhead)" in words(ax)
    assert ax.get_label() == describe_bandwidth(calls)


def drawings() -> Iterator[Axes]:
    rich = predict("PCMU", "g729", "gsm-efr", loss_pct=LOSSES)
    name = rich.curve.iloc[0]
    points = pd.DataFrame({"curve": [name], "loss_pct": [20], "mos": [1.1], "estoi": [0.8]})
    yield plot_quality_curves(rich)
    yield plot_quality_curves(rich, points)
    yield plot_quality_curves(predict("g722", delay_ms=range(0, 600, 50)), against="delay_ms")
    yield plot_delay_budget({"LAN": budget()})
    yield plot_delay_budget({f"call {i}": budget(100 * i) for i in range(6)})
    yield plot_bandwidth([bandwidth("PCMU")])
    yield plot_bandwidth([bandwidth("amr-wb-12.65", link=link) for link in ("ip", "pppoe")] * 4)


def beyond_the_axes(ax: Axes) -> list[Text]:
    """Return the labels of ticks that matplotlib keeps but does not draw."""
    left, right = sorted(ax.get_xlim())
    ticks = [tick for tick in ax.xaxis.get_major_ticks() if not left <= tick.get_loc() <= right]
    return [label for tick in ticks for label in (tick.label1, tick.label2)]


def test_nothing_is_cut_or_too_small() -> None:
    for ax in drawings():
        ax.figure.canvas.draw()
        for text in ax.figure.findobj(Text):
            if not (text.get_text() and text.get_visible()) or text in beyond_the_axes(ax):
                continue
            box = text.get_window_extent()
            said = (ax.get_title(loc="left"), text.get_text())
            assert ax.figure.bbox.x0 <= box.x0, said
            assert box.x1 <= ax.figure.bbox.x1, said
            assert ax.figure.bbox.y0 <= box.y0, said
            assert box.y1 <= ax.figure.bbox.y1, said
            assert text.get_fontsize() >= 11, said


def test_nothing_to_draw() -> None:
    assert describe_delay_budget({}) == plot_delay_budget({}).get_label() == "No delay budget."
    assert describe_bandwidth([]) == plot_bandwidth([]).get_label() == "No call."
    assert plot_quality_curves(predict("PCMU", loss_pct=[])).get_label() == "Nothing was predicted."
