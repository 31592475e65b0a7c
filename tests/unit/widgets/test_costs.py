"""The panel of a bill: what its sliders change, and what it says of it."""

from pathlib import Path

import numpy as np
import pytest

from voiplab.costs import Assumptions, Hosted, Office, SelfHosted, TraditionalLines, cost_of
from voiplab.errors import CostError
from voiplab.widgets.costs import CostPanel

PRICES = Assumptions.read(Path(__file__).parents[3] / "notebooks" / "data" / "prices.csv")
DESIGNS = (TraditionalLines(), SelfHosted(), Hosted())


@pytest.fixture
def panel(monkeypatch):
    # The sliders have come to rest when a test says so.
    monkeypatch.setattr("voiplab.widgets.debounce.Debounce.ask", lambda _self: None)
    made = CostPanel(PRICES)
    yield made
    made.close()


def test_sliders_begin_at_the_likely_figures_and_go_beyond_the_range(panel):
    for item, field in panel.figures.items():
        assert field.value == PRICES[item].likely
        assert field.min == 0
        assert field.max == 2 * PRICES[item].high
        assert 0 < field.step < field.max / 20


def test_it_reckons_what_the_library_does(panel):
    panel.users.value = "200"
    panel.figures["asterisk-operation-hours"].value = 300.0
    panel.reckon()
    moved = {item: field.value for item, field in panel.figures.items()}
    assert moved["asterisk-operation-hours"] == 300
    drawn = PRICES.fixed(moved).draw(1000, seed=1)
    bills = [cost_of(each, Office(users=200), drawn).per_user_month for each in DESIGNS]
    for place, design in enumerate(DESIGNS):
        middle, share = panel.costs[design.name]
        assert middle == pytest.approx(np.median(bills[place]))
        assert share == np.mean(np.argmin(bills, axis=0) == place)


def test_a_dearer_seat_makes_hosting_dearer_and_nothing_else(panel):
    before = dict(panel.costs)
    panel.figures["hosted-seat-standard"].value = 40.0
    panel.reckon()
    assert panel.costs["hosted service"][0] > before["hosted service"][0] + 10
    assert panel.costs["self-hosted Asterisk"][0] == before["self-hosted Asterisk"][0]


def test_it_says_which_is_the_cheapest(panel):
    panel.users.value = "5"
    panel.reckon()
    share = panel.costs["hosted service"][1]
    assert panel.report.sentence == (
        f"Hosted service is the cheapest in {100 * share:.0f} % of the cases."
    )
    drawn = eval(panel.report.python, {"prices": PRICES})  # noqa: S307 - it is the panel's own line
    assert drawn.cases == 1000
    assert set(drawn["hosted-seat-standard"]) == {panel.figures["hosted-seat-standard"].value}


def test_the_table_goes_from_cheap_to_dear(panel):
    rows = panel.table.value.split("<tr>")[2:]
    ranked = sorted(panel.costs.items(), key=lambda each: each[1][0])
    assert len(rows) == len(DESIGNS)
    for row, (name, (middle, share)) in zip(rows, ranked, strict=True):
        assert f'<th scope="row">{name}</th>' in row
        assert f"<td>{middle:.2f}<" in row
        assert f"<td>{100 * share:.0f} %<" in row
    assert "GBP a user a month" in panel.table.value


def test_a_table_without_what_the_sliders_move_is_refused():
    without = Assumptions([each for item, each in PRICES.items() if item != "minutes-incoming"])
    with pytest.raises(CostError, match="There is no assumption 'minutes-incoming'"):
        CostPanel(without)
