"""Costs drawn: true to their figures, and readable."""

from collections.abc import Iterator

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from matplotlib.text import Text

from voiplab.costs import (
    Assumption,
    Assumptions,
    Basis,
    BreakEven,
    Flow,
    Office,
    Part,
    Scenario,
    compare,
    cost_by_users,
    cost_of,
    tornado,
)
from voiplab.plots import (
    describe_cheapest,
    describe_cost_by_users,
    describe_cost_difference,
    describe_cost_parts,
    describe_erlang_b,
    describe_tornado,
    plot_cheapest,
    plot_cost_by_users,
    plot_cost_difference,
    plot_cost_parts,
    plot_erlang_b,
    plot_tornado,
)
from voiplab.traffic import erlang_b


@pytest.fixture(autouse=True)
def no_window() -> Iterator[None]:
    plt.switch_backend("agg")
    yield
    plt.close("all")


class Own:
    """A server for all, and an hour a month."""

    name = "own server"

    def flows(self, office: Office, scenario: Scenario) -> Iterator[Flow]:
        del office
        yield scenario.pay(Part.EQUIPMENT, "server-small", 1)
        yield scenario.pay(Part.STAFF, "staff-hour", 1, every_years=1 / 12)


class Rented:
    """A seat for each."""

    name = "rented seats"

    def flows(self, office: Office, scenario: Scenario) -> Iterator[Flow]:
        yield scenario.pay(Part.LICENCES, "hosted-seat-standard", office.users)


def price(item: str, low: float, likely: float, high: float, unit: str) -> Assumption:
    return Assumption(
        item=item, description="", low=low, likely=likely, high=high, currency="GBP", unit=unit,
        dated="2026", sources=(), basis=Basis.ASSUMPTION,
    )  # fmt: skip


RATE = Assumption(
    item="discount-rate", description="", low=0, likely=0, high=0, currency="",
    unit="fraction a year", dated="2026", sources=(), basis=Basis.ASSUMPTION,
)  # fmt: skip
ASSUMPTIONS = Assumptions(
    [
        price("server-small", 600, 1200, 2400, "a server"),
        price("staff-hour", 20, 30, 60, "an hour"),
        price("hosted-seat-standard", 3, 5, 6, "a user a month"),
        RATE,
    ]
)
TEN = Office(users=10, years=1)


def words(ax: Axes) -> str:
    legend = ax.get_legend()
    keys = [text.get_text() for text in legend.get_texts()] if legend else []
    return "\n".join([text.get_text() for text in ax.texts] + keys)


def test_parts_are_drawn_to_scale_one_after_the_other() -> None:
    case = ASSUMPTIONS.likely()
    costs = [cost_of(Own(), TEN, case), cost_of(Rented(), TEN, case)]
    ax = plot_cost_parts(costs)
    bars = [(bar.get_x(), bar.get_width(), bar.get_y() + 0.3) for bar in ax.patches]
    seen = [bar for bar in bars if bar[1]]
    # 1,200 over 12 months and 10 users; 30 over 10 users; 5.
    assert seen == [pytest.approx(bar) for bar in ((0, 10, 0), (10, 3, 0), (0, 5, 1))]
    assert ax.get_xlabel() == "GBP a user a month"
    assert "10 users, a year" in ax.get_title(loc="left")
    assert words(ax).splitlines() == [
        "10.0", "3.0", "13.0", "5.0", "5.0", "equipment", "staff", "licences",
    ]  # fmt: skip
    assert ax.get_label() == describe_cost_parts(costs)
    assert ax.get_label().startswith(
        "own server: 13.00 GBP a user a month (equipment 10.00, staff 3.00)."
    )


def test_a_part_keeps_its_colour_and_hatch() -> None:
    case = ASSUMPTIONS.likely()
    alone = plot_cost_parts([cost_of(Rented(), TEN, case)])
    both = plot_cost_parts([cost_of(Own(), TEN, case), cost_of(Rented(), TEN, case)])
    looks = [
        [(to_hex(bar.get_facecolor()), bar.get_hatch()) for bar in ax.patches if bar.get_width()]
        for ax in (alone, both)
    ]
    assert looks[0][0] == looks[1][2]
    parts = plot_cost_parts([cost_of(Own(), TEN, case)]).patches
    assert len({(to_hex(bar.get_facecolor()), bar.get_hatch()) for bar in parts}) == len(Part)


def test_offices_of_different_sizes_are_told_apart() -> None:
    case = ASSUMPTIONS.likely()
    costs = [cost_of(Own(), Office(users=users), case) for users in (10, 100)]
    ax = plot_cost_parts(costs)
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "10 users, own server", "100 users, own server",
    ]  # fmt: skip
    assert ax.get_label().startswith("10 users, own server: ")


def test_costs_by_users_are_what_the_table_says() -> None:
    drawn = ASSUMPTIONS.draw(500, seed=1)
    table = cost_by_users([Own(), Rented()], [5, 10, 100], TEN, drawn)
    sizes = BreakEven(likely=20, low=15, middle=26, high=None)
    ax = plot_cost_by_users(table, currency="GBP", break_evens={"own beats rented": sizes})
    own = table[table["design"] == "own server"]
    assert list(ax.lines[0].get_xdata()) == [5, 10, 100]
    assert list(ax.lines[0].get_ydata()) == list(own["middle"])
    band = next(each for each in ax.collections if isinstance(each, PolyCollection))
    heights = band.get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == pytest.approx((own["low"].min(), own["high"].max()))
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert "own beats rented:\nfrom 26 users on (15 to more than 5,000)" in words(ax)
    assert ax.get_label() == describe_cost_by_users(
        table, currency="GBP", break_evens={"own beats rented": sizes}
    )
    assert ax.get_label().endswith(
        "own beats rented: from 26 users on in half of the cases (15 to more than 5,000)."
    )


def test_a_break_even_that_is_none_says_so() -> None:
    table = cost_by_users([Own()], [5, 10], TEN, ASSUMPTIONS.draw(20, seed=1))
    none = {"never": BreakEven(None, None, None, None)}
    ax = plot_cost_by_users(table, currency="GBP", break_evens=none)
    assert len(ax.lines) == 1
    assert ax.get_label().endswith("never: for no number of users in half of the cases.")


def test_shares_of_the_cheapest_fill_the_figure() -> None:
    table = cost_by_users([Own(), Rented()], [5, 20, 80], TEN, ASSUMPTIONS.draw(500, seed=1))
    ax = plot_cheapest(table)
    areas = [each for each in ax.collections if isinstance(each, PolyCollection)]
    top = areas[1].get_paths()[0].vertices
    assert top[:, 1].max() == pytest.approx(1)
    own = table[table["design"] == "own server"]["cheapest"]
    first = areas[0].get_paths()[0].vertices[:, 1]
    assert first.max() == pytest.approx(own.max())
    assert ax.get_label() == describe_cheapest(table)
    assert "5 users, cheapest: rented seats in 100 %." in ax.get_label()


def test_a_tornados_bars_go_from_the_likely_to_both_ends() -> None:
    table = tornado(Own(), Rented(), TEN, ASSUMPTIONS)
    ax = plot_tornado(table, one="own server", other="rented seats", currency="GBP")
    # 10 + 3 - 5 = 8 more; a server at 600 is 5 less, at 2,400 10 more.
    bars = [(bar.get_x(), bar.get_width()) for bar in ax.patches[:6]]
    assert bars == [
        pytest.approx(bar)
        for bar in ((8, -5), (8, 10), (8, -1), (8, 3), (8, 2), (8, -1))
    ]  # fmt: skip
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "server small\n(GBP a server)",
        "staff hour\n(GBP an hour)",
        "hosted seat standard\n(GBP a user a month)",
    ]
    assert "← own server cheaper" in words(ax)
    assert "2400" in words(ax)
    assert ax.get_label() == describe_tornado(
        table, one="own server", other="rented seats", currency="GBP"
    )
    assert ax.get_label().startswith(
        "own server costs 8.00 GBP a user a month more than rented seats with all at their likely "
        "value. server-small 600 a server: +3.00, 2400: +18.00."
    )
    few = plot_tornado(table, one="a", other="b", currency="GBP", most=1)
    assert len(few.get_yticklabels()) == 1


def test_the_difference_is_drawn_on_its_own_side() -> None:
    comparison = compare(Own(), Rented(), Office(users=27, years=1), ASSUMPTIONS.draw(4000, seed=2))
    ax = plot_cost_difference(comparison)
    left, right = {}, {}
    for bar in ax.patches:
        side = left if bar.get_x() + bar.get_width() <= 1e-9 else right
        side.setdefault(to_hex(bar.get_facecolor()), 0)
        side[to_hex(bar.get_facecolor())] += bar.get_height()
    assert len(left) == len(right) == 1
    assert set(left) != set(right)
    cheaper = comparison.probability_cheaper
    assert sum(left.values()) == pytest.approx(cheaper, abs=0.01)
    assert sum(right.values()) == pytest.approx(1 - cheaper, abs=0.01)
    assert f"own server\ncheaper in {100 * cheaper:.0f} % of the cases" in words(ax)
    assert ax.get_label() == describe_cost_difference(comparison)
    assert np.quantile(comparison.difference, 0.5) == comparison.band[1]


def test_lost_calls_are_erlangs() -> None:
    ax = plot_erlang_b(10)
    curve = ax.lines[1]
    assert list(curve.get_ydata()) == [erlang_b(int(n), 10) for n in curve.get_xdata()]
    assert "18 circuits: 0.71 %" in words(ax)
    assert ax.get_label() == describe_erlang_b(10)


def drawings() -> Iterator[Axes]:
    drawn = ASSUMPTIONS.draw(300, seed=1)
    designs = [Own(), Rented()]
    yield plot_cost_parts([cost_of(each, TEN, drawn) for each in designs])
    table = cost_by_users(designs, [5, 50, 500, 5000], TEN, drawn)
    sizes = BreakEven(20, 15, 26, 40)
    yield plot_cost_by_users(table, currency="GBP", break_evens={"own beats rented": sizes})
    yield plot_cheapest(table)
    moves = tornado(*designs, TEN, ASSUMPTIONS)
    yield plot_tornado(moves, one="own server", other="rented seats", currency="GBP")
    yield plot_cost_difference(compare(*designs, TEN, drawn))
    yield plot_erlang_b(0.3)
    yield plot_erlang_b(120)


def test_nothing_is_cut_or_too_small() -> None:
    for ax in drawings():
        ax.figure.canvas.draw()
        left, right = sorted(ax.get_xlim())
        bottom, top = sorted(ax.get_ylim())
        beyond = [
            label
            for axis, first, last in ((ax.xaxis, left, right), (ax.yaxis, bottom, top))
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks())
            if not first <= tick.get_loc() <= last
            for label in (tick.label1, tick.label2)
        ]
        for text in ax.figure.findobj(Text):
            if not (text.get_text() and text.get_visible()) or text in beyond:
                continue
            box, said = text.get_window_extent(), (ax.get_title(loc="left"), text.get_text())
            assert ax.figure.bbox.x0 <= box.x0, said
            assert box.x1 <= ax.figure.bbox.x1, said
            assert ax.figure.bbox.y0 <= box.y0, said
            assert box.y1 <= ax.figure.bbox.y1, said
            assert text.get_fontsize() >= 11, said


def test_nothing_to_draw() -> None:
    table = cost_by_users([], [], TEN, ASSUMPTIONS.likely())
    assert plot_cost_parts([]).get_label() == "Nothing."
    assert plot_cost_by_users(table, currency="GBP").get_label() == "Nothing."
    assert plot_cheapest(table).get_label() == "Nothing."
    still = tornado(Own(), Own(), TEN, ASSUMPTIONS)
    ax = plot_tornado(still, one="own", other="own", currency="GBP")
    assert ax.get_label() == "Nothing moves it."
