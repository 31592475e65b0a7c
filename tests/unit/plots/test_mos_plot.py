"""The MOS figure: marks at their R, bands by their names, and reasons where there is no rating."""

import subprocess
import sys
from collections.abc import Iterator

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.text import Text

from voiplab.plots import describe_mos, plot_mos
from voiplab.quality import BANDS, Rating, rate

THERE, BACK = "2001 → 2002", "2002 → 2001"


@pytest.fixture(autouse=True)
def no_window() -> Iterator[None]:
    plt.switch_backend("agg")
    yield
    plt.close("all")


def words(ax: Axes) -> str:
    return "\n".join(text.get_text() for text in ax.texts)


def test_each_direction_has_its_mark_and_its_figures() -> None:
    ax = plot_mos({THERE: Rating.of(91.52), BACK: Rating.of(61.38)})
    marks = [(float(line.get_xdata()[0]), float(line.get_ydata()[0])) for line in ax.lines]
    assert marks == [(0, 91.52), (1, 61.38)]
    assert [label.get_text() for label in ax.get_xticklabels()] == [THERE, BACK]
    assert "R 91.5   MOS 4.37" in words(ax)
    assert "R 61.4   MOS 3.17" in words(ax)


def test_the_bands_are_named_and_stand_at_their_r() -> None:
    ax = plot_mos({THERE: Rating.of(75)})
    assert [text.get_text() for text in ax.texts[: len(BANDS)]] == [
        band.satisfaction for band in BANDS
    ]
    spans = [patch.get_extents().transformed(ax.transData.inverted()) for patch in ax.patches]
    assert [span.y0 for span in spans] == pytest.approx([90, 80, 70, 60, 50, 0], abs=1e-6)
    assert len({patch.get_facecolor() for patch in ax.patches}) == len(BANDS)


def test_mos_stands_beside_r() -> None:
    ax = plot_mos({THERE: Rating.of(75)})
    (mos,) = ax.child_axes
    assert [label.get_text() for label in mos.get_yticklabels()] == [
        "4.5", "4.3", "4.0", "3.6", "3.1", "2.6", "1.0",
    ]  # fmt: skip
    assert list(mos.get_yticks()) == [100, 90, 80, 70, 60, 50, 0]


def test_a_direction_without_a_rating_says_why() -> None:
    data = {THERE: rate("opus", 0, delay_ms=60), BACK: Rating.missing("Nobody spoke.")}
    ax = plot_mos(data)
    assert not ax.lines
    assert words(ax).count("not rated") == 2
    assert "Nobody spoke." in words(ax)
    assert describe_mos(data) == (
        f"2001 → 2002: not rated. {data[THERE].reason} 2002 → 2001: not rated. Nobody spoke."
    )


def test_a_hopeless_rating_stays_on_the_sheet() -> None:
    ax = plot_mos({THERE: Rating.of(-42.4)})
    assert ax.get_ylim() == (0, 100)
    assert float(ax.lines[0].get_ydata()[0]) == 0
    assert "R −42.4   MOS 1.00" in words(ax)


def test_a_wideband_rating_stands_where_its_mos_is_and_says_so() -> None:
    data = {THERE: rate("g722", 0, delay_ms=60)}
    ax = plot_mos(data)
    (height,) = (float(line.get_ydata()[0]) for line in ax.lines)
    assert height == pytest.approx(114.79 / 1.29, abs=0.01)
    assert "wideband: R to 129" in words(ax)
    assert describe_mos(data) == ("2001 → 2002: R 114.8 of 129 (wideband), MOS 4.31 (satisfied).")


def test_nothing_rated() -> None:
    ax = plot_mos({})
    assert "nothing was rated" in words(ax)
    assert ax.get_label() == "Nothing was rated."


@pytest.mark.parametrize("directions", [1, 2, 4])
@pytest.mark.parametrize(
    "rating",
    [Rating.of(92.9), Rating.of(1), rate("g722", 0, delay_ms=60), rate("g722", 1, delay_ms=60)],
)
def test_nothing_is_cut_or_too_small(directions: int, rating: Rating) -> None:
    ax = plot_mos({f"200{i} → 300{i}": rating for i in range(directions)})
    ax.figure.canvas.draw()
    for text in ax.figure.findobj(Text):
        if not (text.get_text() and text.get_visible()):
            continue
        box = text.get_window_extent()
        assert ax.figure.bbox.x0 <= box.x0, text
        assert box.x1 <= ax.figure.bbox.x1, text
        assert ax.figure.bbox.y0 <= box.y0, text
        assert box.y1 <= ax.figure.bbox.y1, text
        assert text.get_fontsize() >= 11
    said = [text.get_window_extent() for text in ax.texts[len(BANDS) :]]
    names = [text.get_window_extent() for text in ax.texts[: len(BANDS)]]
    assert not any(one.overlaps(name) for one in said for name in names)
    assert not any(one.overlaps(other) for one in said for other in said if one is not other)


def test_the_sentence_holds_the_figures_and_goes_with_the_axes() -> None:
    data = {THERE: Rating.of(91.52), BACK: Rating.of(61.38)}
    said = describe_mos(data)
    assert said == (
        "2001 → 2002: R 91.5, MOS 4.37 (very satisfied). "
        "2002 → 2001: R 61.4, MOS 3.17 (many users dissatisfied)."
    )
    assert plot_mos(data).get_label() == said


def test_it_draws_where_it_is_told_and_closes_nothing() -> None:
    figure, mine = plt.subplots()
    assert plot_mos({THERE: Rating.of(80)}, ax=mine) is mine
    assert plt.get_fignums() == [figure.number]


def test_the_students_own_style_survives() -> None:
    with mpl.rc_context({"font.size": 7.5, "axes.grid": True}):
        before = dict(mpl.rcParams)
        plot_mos({THERE: Rating.of(80)})
        assert dict(mpl.rcParams) == before


def test_voiplab_alone_draws_nothing() -> None:
    script = "import sys, voiplab; print('matplotlib' in sys.modules, 'pandas' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert out.stdout.split() == ["False", "False"]
