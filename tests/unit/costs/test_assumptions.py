"""The table of prices and quantities: read, refused, drawn from."""

from pathlib import Path

import numpy as np
import pytest

from voiplab.costs import Assumptions, Basis, Shape
from voiplab.errors import CostError

HEADER = "item,description,low,likely,high,currency,unit,dated,source,basis\n"
PHONE = "ip-desk-phone,Desk telephone,50,100,180,GBP,GBP a phone,2026,list-a list-b,list price\n"
MINUTES = "minutes-outgoing,Calls made,2,6,15,,minutes a user a working day,2026-11,,assumption\n"


@pytest.fixture
def table(tmp_path: Path):
    def write(text: str) -> Path:
        sources = "key,url\nlist-a,https://a.example/?x=1&y=2\nlist-b,https://b.example\n"
        (tmp_path / "sources.csv").write_text(sources, encoding="utf-8")
        path = tmp_path / "prices.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_table_is_read(table) -> None:
    found = Assumptions.read(table(HEADER + PHONE + MINUTES))
    assert list(found) == ["ip-desk-phone", "minutes-outgoing"]
    phone = found["ip-desk-phone"]
    assert (phone.low, phone.likely, phone.high) == (50, 100, 180)
    assert (phone.currency, phone.unit) == ("GBP", "a phone")
    assert phone.sources == ("list-a", "list-b")
    assert phone.basis is Basis.LIST_PRICE
    assert found.currency == "GBP"
    assert list(found.prices) == ["ip-desk-phone"]
    assert list(found.quantities) == ["minutes-outgoing"]
    assert found.quantities.currency == ""


def test_a_unit_needs_no_currency_of_its_own(table) -> None:
    found = Assumptions.read(table(HEADER + PHONE.replace("GBP a phone", "a phone")))
    assert found["ip-desk-phone"].unit == "a phone"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "item,low\n",
            "prices.csv has the columns item, description, low, likely, high, currency,",
        ),
        ("", "prices.csv has the columns"),
        (HEADER + PHONE + PHONE, "ip-desk-phone comes twice in the table: keep one of them."),
        (
            HEADER + PHONE.replace("100", "about 100"),
            "prices.csv, line 2, ip-desk-phone: low, likely and high are figures; not '50',",
        ),
        (
            HEADER + MINUTES + PHONE.replace("list price", "rumour"),
            "prices.csv, line 3, ip-desk-phone: a basis is list price, survey,",
        ),
        (
            HEADER + PHONE.replace("180", "80"),
            "prices.csv, line 2: ip-desk-phone: low, likely and high come in this order",
        ),
        (
            HEADER + PHONE.replace("list-b", "list-c"),
            "ip-desk-phone: the source 'list-c' isn't in the sources.",
        ),
        (
            HEADER + PHONE + PHONE.replace("ip-desk-phone", "headset").replace("GBP", "EUR"),
            "Prices in EUR and GBP can't be added: convert them to one.",
        ),
        (HEADER + PHONE.replace("GBP a phone", "USD a phone"), "A price is 'a user a month'"),
    ],
    ids=str,
)
def test_what_is_refused(table, text: str, sentence: str) -> None:
    with pytest.raises(CostError) as refusal:
        Assumptions.read(table(text))
    assert sentence in str(refusal.value)


def test_sources_may_lie_elsewhere(table, tmp_path: Path) -> None:
    path = table(HEADER + PHONE)
    (tmp_path / "other.csv").write_text("key,url\nlist-a,https://a.example\n", encoding="utf-8")
    with pytest.raises(CostError, match="the source 'list-b' isn't in the sources"):
        Assumptions.read(path, tmp_path / "other.csv")


def test_an_unknown_item_is_told_with_the_nearest(round_figures: Assumptions) -> None:
    for ask in (
        lambda: round_figures.fixed({"minutes-outgoin": 3}),
        lambda: round_figures.likely()["minutes-outgoin"],
        lambda: round_figures.likely().vary("minutes-outgoin", [3]),
    ):
        with pytest.raises(CostError) as refusal:
            ask()
        assert str(refusal.value) == (
            "There is no assumption 'minutes-outgoin'; 'minutes-outgoing'?"
        )
    with pytest.raises(CostError, match=r"There is no assumption '~~'\."):
        round_figures.fixed({"~~": 1})


def test_the_likely_case(round_figures: Assumptions) -> None:
    case = round_figures.likely()
    assert case.cases == 1
    assert {item: case[item].item() for item in round_figures} == {
        item: each.likely for item, each in round_figures.items()
    }


def test_a_figure_set_by_hand_has_no_range(round_figures: Assumptions) -> None:
    drawn = round_figures.fixed({"staff-hour": 44}).draw(50, seed=1)
    assert set(drawn["staff-hour"]) == {44}
    assert len(set(drawn["user-hour"])) == 50


def test_the_same_seed_draws_the_same_whatever_else_is_there(
    round_figures: Assumptions, assumption
) -> None:
    few = Assumptions([round_figures["staff-hour"], assumption("sbc", 1, 2, 3, "a session")])
    drawn, again = round_figures.draw(100, seed=5), few.draw(100, seed=5)
    assert drawn["staff-hour"].tolist() == again["staff-hour"].tolist()
    assert drawn["staff-hour"].tolist() != few.draw(100, seed=6)["staff-hour"].tolist()


def test_items_are_drawn_independently(round_figures: Assumptions) -> None:
    drawn = round_figures.draw(20_000, seed=2)
    varied = [item for item, each in round_figures.items() if each.low < each.high]
    together = np.corrcoef([drawn[item] for item in varied])
    np.fill_diagonal(together, 0)
    assert np.abs(together).max() < 0.04


def test_what_is_drawn_has_the_ranges_mean(round_figures: Assumptions) -> None:
    low, likely, high = 20, 30, 50
    alone = Assumptions([round_figures["staff-hour"]])
    for shape, mean in (
        (Shape.TRIANGLE, (low + likely + high) / 3),
        (Shape.PERT, (low + 4 * likely + high) / 6),
    ):
        drawn = alone.draw(50_000, seed=3, shape=shape)["staff-hour"]
        assert drawn.mean() == pytest.approx(mean, rel=0.005)
        assert low <= drawn.min() <= drawn.max() <= high


def test_no_case_is_refused(round_figures: Assumptions) -> None:
    with pytest.raises(CostError, match="At least one case can be drawn; not 0"):
        round_figures.draw(0, seed=1)


def test_the_table_as_a_frame(table) -> None:
    found = Assumptions.read(table(HEADER + PHONE + MINUTES))
    frame = found.frame()
    assert list(frame.columns) == HEADER.strip().split(",")
    assert frame.source.tolist() == ["list-a, list-b", ""]
    assert frame.basis.tolist() == ["list price", "assumption"]


def test_the_table_as_a_page_shows_it(table) -> None:
    found = Assumptions.read(table(HEADER + PHONE + MINUTES.replace("Calls made", "<b>Calls")))
    for page in (found._repr_html_(), found.fixed({"minutes-outgoing": 3})._repr_html_()):
        assert '<a href="https://a.example/?x=1&amp;y=2">list-a</a>' in page
        assert '<th scope="row">ip-desk-phone</th>' in page
        assert "<td>50</td><td>100</td><td>180</td>" in page
        assert ">GBP a phone</td>" in page
        assert "&lt;b&gt;Calls" in page
        assert "<summary>1 prices and 1 quantities," in page
    assert "minutes-outgoing" not in found.prices._repr_html_()


def test_the_courses_own_table_is_read(prices: Assumptions, prices_path: Path) -> None:
    assert prices.currency == "GBP"
    sourced = [each for each in prices.values() if each.sources]
    assert len(sourced) >= 40
    assert all(each.description for each in prices.values())
    # Reading it as text says the same of a few.
    lines = {
        line.split(",")[0]: line for line in prices_path.read_text(encoding="utf-8").splitlines()
    }
    for item in ("staff-hour", "hosted-seat-standard"):
        each = prices[item]
        assert f",{each.low:g},{each.likely:g},{each.high:g},GBP," in lines[item]
