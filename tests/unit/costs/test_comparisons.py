"""Two designs compared: probabilities, break-even, tornado and what turns the conclusion round."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest

from voiplab.costs import (
    Assumptions,
    Comparison,
    Flow,
    Hosted,
    Office,
    Part,
    Scenario,
    SelfHosted,
    TraditionalLines,
    break_even,
    compare,
    cost_by_users,
    cost_of,
    explain_movers,
    office_sizes,
    reversals,
    tornado,
)
from voiplab.errors import CostError

FORTY = Office(users=40)


@dataclass(frozen=True)
class OneServer:
    """A server for everybody, and nothing else."""

    name: str = "one server"

    def flows(self, office: Office, scenario: Scenario) -> Iterator[Flow]:
        del office
        yield scenario.pay(Part.EQUIPMENT, "server-small", 1)


@dataclass(frozen=True)
class HeadsetEach:
    """A headset for each user, and nothing else."""

    name: str = "a headset each"

    def flows(self, office: Office, scenario: Scenario) -> Iterator[Flow]:
        yield scenario.pay(Part.EQUIPMENT, "headset", office.users)


def test_break_even_by_hand(round_figures: Assumptions) -> None:
    # 500 for all against 40 for each: the same for 12.5 users.
    drawn = round_figures.draw(4000, seed=1)
    found = break_even(OneServer(), HeadsetEach(), FORTY, drawn)
    assert found.likely == 13
    # The ratio of two triangles, by quadrature over both.
    even = (np.arange(2000) + 0.5) / 2000
    server = round_figures["server-small"].at(even)[:, None]
    headset = round_figures["headset"].at(even)[None, :]
    for users, share in ((found.low, 0.1), (found.middle, 0.5), (found.high, 0.9)):
        assert users is not None
        fewer, enough = (np.mean(server < headset * n) for n in (users - 1, users))
        assert fewer - 0.02 < share <= enough + 0.02


def test_no_break_even_where_none_is(round_figures: Assumptions) -> None:
    dear = round_figures.fixed({"server-small": 1e7})
    found = break_even(OneServer(), HeadsetEach(), FORTY, dear.draw(50, seed=1))
    assert (found.likely, found.low, found.middle, found.high) == (None, None, None, None)
    free = round_figures.fixed({"server-small": 0})
    found = break_even(OneServer(), HeadsetEach(), FORTY, free.draw(50, seed=1))
    assert (found.likely, found.low, found.middle, found.high) == (5, 5, 5, 5)


def test_sizes_go_from_few_to_many() -> None:
    sizes = office_sizes(13)
    assert sizes[0] == 5
    assert sizes[-1] == 5000
    assert sizes == sorted(set(sizes))
    assert office_sizes(3, fewest=10, most=1000) == [10, 100, 1000]


def test_cost_by_users_is_the_cost_of_each(round_figures: Assumptions) -> None:
    designs = [SelfHosted(), Hosted()]
    drawn = round_figures.draw(500, seed=2)
    table = cost_by_users(designs, [10, 300], FORTY, drawn)
    assert table["users"].tolist() == [10, 10, 300, 300]
    row = table.iloc[3]
    at = Office(users=300)
    costs = [cost_of(design, at, drawn).per_user_month for design in designs]
    assert row["design"] == "hosted service"
    assert row["likely"] == pytest.approx(
        cost_of(Hosted(), at, round_figures.likely()).per_user_month.item()
    )
    assert [row["low"], row["middle"], row["high"]] == pytest.approx(
        np.quantile(costs[1], [0.05, 0.5, 0.95]).tolist()
    )
    assert row["cheapest"] == np.mean(costs[1] < costs[0])
    assert table.groupby("users")["cheapest"].sum().tolist() == pytest.approx([1, 1])


def test_a_comparison_takes_both_in_the_same_cases(round_figures: Assumptions) -> None:
    drawn = round_figures.draw(2000, seed=3)
    found = compare(SelfHosted(), Hosted(), FORTY, drawn)
    back = compare(Hosted(), SelfHosted(), FORTY, drawn)
    assert found.difference.tolist() == pytest.approx((-back.difference).tolist())
    assert found.probability_cheaper + back.probability_cheaper == pytest.approx(1)
    assert found.probability_cheaper == np.mean(found.difference < 0)
    low, middle, high = found.band
    assert np.mean(found.difference < low) == pytest.approx(0.05, abs=0.002)
    assert np.mean(found.difference < middle) == pytest.approx(0.5, abs=0.002)
    assert np.mean(found.difference < high) == pytest.approx(0.95, abs=0.002)


def test_what_both_pay_alike_makes_no_difference(round_figures: Assumptions) -> None:
    drawn = round_figures.draw(500, seed=3)
    assert np.ptp(compare(OneServer(), OneServer(), FORTY, drawn).difference) == 0
    moves = tornado(Hosted(), Hosted(softphones=True), FORTY, round_figures)
    assert "hosted-seat-standard" not in set(moves["item"])
    assert "ip-desk-phone" in set(moves["item"])


def test_costs_of_different_offices_do_not_compare(round_figures: Assumptions) -> None:
    case = round_figures.likely()
    one = cost_of(Hosted(), FORTY, case)
    for other in (
        cost_of(Hosted(), Office(users=41), case),
        cost_of(Hosted(), FORTY, round_figures.draw(1, seed=1)),
    ):
        with pytest.raises(CostError, match="different offices, or in different cases"):
            Comparison(one, other)


def test_a_tornado_by_hand(round_figures: Assumptions) -> None:
    office = Office(users=10, years=1)
    free = round_figures.fixed({"discount-rate": 0})
    table = tornado(OneServer(), HeadsetEach(), office, free)
    months = 10 * 12
    assert table["item"].tolist() == ["headset", "server-small"]
    headset, server = table.to_dict("records")
    ends = (headset["at_low"], headset["at_likely"], headset["at_high"])
    assert ends == pytest.approx([(500 - 10 * price) / months for price in (20, 40, 80)])
    assert headset["swing"] == pytest.approx(600 / months)
    ends = (server["at_low"], server["at_likely"], server["at_high"])
    assert ends == pytest.approx([(price - 400) / months for price in (300, 500, 900)])


def test_what_moves_most_is_told_in_sentences(round_figures: Assumptions) -> None:
    office = Office(users=10, years=1)
    free = round_figures.fixed({"discount-rate": 0})
    table = tornado(OneServer(), HeadsetEach(), office, free)
    told = explain_movers(table, one="the server", other="headsets", currency="GBP", count=2)
    # 500 or 900 against 400, and 500 against 200 or 800, over 120.
    assert told == [
        (
            "headset (20 to 80 a headset): at 20, the server is dearer by 2.50 GBP a user a month; "
            "at 80, headsets is dearer by 2.50 GBP a user a month. By itself it decides which is "
            "cheaper."
        ),
        (
            "server-small (300 to 900 a server): at 300, headsets is dearer by 0.83 GBP a user a "
            "month; at 900, the server is dearer by 4.17 GBP a user a month. By itself it decides "
            "which is cheaper."
        ),
    ]
    twenty = tornado(OneServer(), HeadsetEach(), Office(users=100, years=1), free)
    told = explain_movers(twenty, one="the server", other="headsets", currency="GBP", count=1)
    assert told[0].endswith("By itself it does not change which is cheaper.")


def test_a_tornado_is_sorted_and_turns_round_with_its_designs(round_figures: Assumptions) -> None:
    table = tornado(SelfHosted(), TraditionalLines(), FORTY, round_figures)
    assert table["swing"].is_monotonic_decreasing
    back = tornado(TraditionalLines(), SelfHosted(), FORTY, round_figures)
    both = table.merge(back, on="item", suffixes=("", "_back"))
    assert len(both) == len(table)
    assert both["at_low"].tolist() == pytest.approx((-both["at_low_back"]).tolist())


def test_reversals_by_hand(round_figures: Assumptions) -> None:
    table = reversals(OneServer(), HeadsetEach(), Office(users=10), round_figures)
    found = table.set_index("item")
    # 500 against 10 x 40: the server may cost 400, or headsets 50.
    assert found.loc["server-small", "turns_at"] == pytest.approx(400)
    assert found.loc["headset", "turns_at"] == pytest.approx(50)
    assert found["within"].tolist() == [True, True]
    assert found.loc["headset", "times"] == pytest.approx(1.25)
    assert table["item"].tolist() == ["headset", "server-small"]  # 1.25 is nearer than 0.8


def test_reversals_outside_the_range_come_last(round_figures: Assumptions) -> None:
    table = reversals(OneServer(), HeadsetEach(), Office(users=30), round_figures)
    # 500 against 30 x 40: 1,200 is more than 900, and 16.7 less than 20.
    assert table["within"].tolist() == [False, False]
    assert dict(zip(table["item"], table["turns_at"], strict=True)) == pytest.approx(
        {"server-small": 1200, "headset": 500 / 30}
    )
    none = reversals(OneServer(), HeadsetEach(), Office(users=1000), round_figures)
    assert none["item"].tolist() == ["headset"]  # 40,000 for a server isn't tried


def test_the_lead_changes_hands_where_a_reversal_says(round_figures: Assumptions) -> None:
    case = round_figures.likely()
    table = reversals(SelfHosted(), Hosted(), FORTY, round_figures)
    assert len(table) > 5
    for row in table.itertuples():
        around = [0.999 * row.turns_at, 1.001 * row.turns_at]
        before, after = compare(
            SelfHosted(), Hosted(), FORTY, case.vary(row.item, around)
        ).difference
        assert before * after < 0, row.item


class Humped:
    """Costs nothing where a headset is 30 or 70, less between, and more beyond."""

    name = "humped"

    def flows(self, office: Office, scenario: Scenario) -> Iterator[Flow]:
        del office
        headset = scenario["headset"]
        yield scenario.pay(Part.EQUIPMENT, "server-small", (headset - 30) * (headset - 70))


def test_of_several_turning_points_the_nearest_counts(round_figures: Assumptions) -> None:
    nothing = round_figures.fixed({"ups": 0})
    free = SimpleNamespace(
        name="free", flows=lambda _office, case: [case.pay(Part.ENERGY, "ups", 1)]
    )
    for likely, turns_at in ((40, 30), (60, 70)):
        table = reversals(Humped(), free, FORTY, nothing.fixed({"headset": likely}))
        found = table.set_index("item").loc["headset", "turns_at"]
        assert found == pytest.approx(turns_at)


def test_one_case_only_is_varied(round_figures: Assumptions) -> None:
    varied = round_figures.likely().vary("headset", [1, 2, 3])
    assert varied.cases == 3
    assert varied["headset"].tolist() == [1, 2, 3]
    assert varied["ups"].tolist() == [400, 400, 400]
    with pytest.raises(CostError, match="One case can be varied; these are 3"):
        varied.vary("ups", [1])
