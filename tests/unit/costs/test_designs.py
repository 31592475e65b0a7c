"""Three designs for ten users and two years, worked out by hand from round figures."""

from dataclasses import replace
from typing import Final

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from voiplab.costs import (
    Assumptions,
    Demand,
    Design,
    Hosted,
    Office,
    Part,
    SelfHosted,
    TraditionalLines,
    cost_of,
)
from voiplab.costs.hosted import discount_share
from voiplab.errors import CostError

TEN: Final = Office(users=10, years=2)
DESIGNS: Final = [
    TraditionalLines(),
    SelfHosted(),
    SelfHosted(rented=True, softphones=True, spare=False, supported=True),
    Hosted(),
    Hosted(softphones=True),
]
# Paid at the start of each month or year, at 10 % a year.
MONTHS: Final = sum(1.1 ** -(month / 12) for month in range(24))
YEARS: Final = 1 + 1 / 1.1
KWH_OF_A_WATT: Final = 8.766  # in a year

# 1,200 minutes a month: see test_demand.py.
GEOGRAPHIC, MOBILE, EU, US, CALLS, CHANNELS = 600, 300, 60, 60, 400, 4


def names(design: Design) -> str:
    return design.name


def test_traditional_lines_by_hand(round_figures: Assumptions) -> None:
    cost = cost_of(TraditionalLines(), TEN, round_figures.likely())
    pbx = 2000 + 10 * 100 + CHANNELS * 50
    expected = {
        Part.EQUIPMENT: pbx + 10 * 150 + 400,
        Part.MIGRATION: 10 * 60 + 2 * 7.5 * 30 + 10 * 0.5 * 20,
        Part.MAINTENANCE: 0.1 * pbx * YEARS,
        Part.STAFF: (12 + 10 * 1.2) / 12 * 30 * MONTHS,
        Part.LICENCES: 0,
        Part.LINES: (CHANNELS * 20 + 10 * 1) * MONTHS + 2 * 100,
        Part.CALLS: (CALLS * 0.1 + GEOGRAPHIC * 0.02 + MOBILE * 0.1 + EU * 0.2 + US * 0.3) * MONTHS,
        Part.INTERNET: 0,
        Part.ENERGY: ((100 + 10 * 1) * 1.5 + 10 * 2) * KWH_OF_A_WATT * 0.25 * YEARS,
        Part.SECURITY: 0,
    }
    assert by_part(cost) == pytest.approx(expected)
    assert cost.present_value.item() == pytest.approx(sum(expected.values()))
    assert cost.per_user_month.item() == pytest.approx(sum(expected.values()) / MONTHS / 10)


def test_self_hosted_by_hand(round_figures: Assumptions) -> None:
    cost = cost_of(SelfHosted(), TEN, round_figures.likely())
    expected = {
        Part.EQUIPMENT: 2 * 500 + 400 + 10 * 80 + 400,
        Part.MIGRATION: 50 + 3 * 400 + 10 * 1 * 30 + 10 * 0.5 * 20,
        Part.MAINTENANCE: 0,
        Part.STAFF: (1.5 * 60 + 10 * 0.6) / 12 * 30 * MONTHS,
        Part.LICENCES: 0,
        Part.LINES: (CHANNELS * 6 + 10 * 0.4) * MONTHS + CHANNELS * 5,
        Part.CALLS: (GEOGRAPHIC * 0.01 + MOBILE * 0.05 + EU * 0.02 + US * 0.03) * MONTHS,
        Part.INTERNET: 30 * MONTHS,
        Part.ENERGY: (2 * 20 * 1.5 + 10 * 4) * KWH_OF_A_WATT * 0.25 * YEARS,
        Part.SECURITY: 0.1 * 1000 * YEARS,
    }
    assert by_part(cost) == pytest.approx(expected)


def test_hosted_by_hand(round_figures: Assumptions) -> None:
    cost = cost_of(Hosted(), TEN, round_figures.likely())
    expected = {
        Part.EQUIPMENT: 10 * 80 + 400,
        Part.MIGRATION: 10 * 25 + 50 + 1 * 400 + 10 * 0.5 * 30 + 10 * 0.5 * 20,
        Part.MAINTENANCE: 0,
        Part.STAFF: (12 + 10 * 0.3) / 12 * 30 * MONTHS,
        Part.LICENCES: 10 * 15 * MONTHS,  # ten get no discount
        Part.LINES: 0,
        Part.CALLS: (EU + US) * 0.05 * MONTHS,
        Part.INTERNET: 30 * MONTHS,
        Part.ENERGY: 10 * 4 * KWH_OF_A_WATT * 0.25 * YEARS,
        Part.SECURITY: 0,
    }
    assert by_part(cost) == pytest.approx(expected)


def by_part(cost) -> dict[Part, float]:
    """Undo the division by users and months."""
    return {part: values.item() * MONTHS * 10 for part, values in cost.by_part().items()}


def quantities(design: Design, office: Office, assumptions: Assumptions) -> dict[str, float]:
    table = cost_of(design, office, assumptions.likely()).table()
    return table.groupby("item")["quantity"].sum().to_dict()


def test_small_offices_get_isdn2_in_pairs_and_others_isdn30(round_figures: Assumptions) -> None:
    few = quantities(TraditionalLines(), replace(TEN, users=6), round_figures)
    # 0.3 erlang: three channels, two lines.
    assert few["isdn2-channel-rental"] == 4
    assert few["isdn2-connection"] == 2
    assert few["pbx-trunk-card"] == 3
    assert "isdn30-channel-rental" not in few
    many = quantities(TraditionalLines(), replace(TEN, users=100), round_figures)
    # 5 erlang: eleven channels.
    assert many["isdn30-channel-rental"] == many["isdn30-connection"] == 11
    assert "isdn2-channel-rental" not in many


def test_what_is_there_is_not_bought(round_figures: Assumptions) -> None:
    new = quantities(TraditionalLines(), TEN, round_figures)
    kept = quantities(TraditionalLines(), replace(TEN, pbx_there=True), round_figures)
    assert set(new) - set(kept) == {
        "isdn2-connection", "pbx-base", "pbx-port", "pbx-trunk-card", "digital-handset", "ups",
        "pbx-installation", "user-hour",
    }  # fmt: skip
    assert kept["pbx-maintenance"] == new["pbx-maintenance"] == 3200


def test_what_is_not_there_is_bought(round_figures: Assumptions) -> None:
    bare = replace(TEN, poe_there=False, telephone_wiring_there=False, internet_there=False)
    assert quantities(TraditionalLines(), bare, round_figures)["structured-cabling"] == 10
    for design in (SelfHosted(), Hosted()):
        shared = quantities(design, TEN, round_figures)
        own = quantities(design, bare, round_figures)
        assert set(own) - set(shared) == {"poe-switch-port", "internet-sogea"}
        assert own["poe-switch-port"] == 10
    alone = quantities(Hosted(softphones=True), bare, round_figures)
    assert "poe-switch-port" not in alone
    unsaved = quantities(Hosted(), replace(TEN, backup_internet=False), round_figures)
    assert "internet-backup" not in unsaved


@pytest.mark.parametrize(
    ("users", "access"),
    # A third of 18 and of 60 Mbit/s holds 68 and 227 calls of 87.2 kbit/s, of 100 Mbit/s 378.
    [
        (100, "internet-sogea"),
        (2000, "internet-fttp"),
        (5000, "leased-line-100"),
        (9000, "leased-line-1000"),
    ],
)
def test_the_smallest_access_that_fits(round_figures: Assumptions, users: int, access: str) -> None:
    office = Office(users=users, internet_there=False)
    found = quantities(SelfHosted(), office, round_figures)
    accesses = {"internet-sogea", "internet-fttp", "leased-line-100", "leased-line-1000"}
    assert accesses & set(found) == {access}
    assert found[access] == 1


@pytest.mark.parametrize(
    ("users", "server", "servers"),
    [
        (50, "small", 2),
        (51, "medium", 2),
        (500, "medium", 2),
        (501, "large", 2),
        (5001, "large", 3),
    ],
)
def test_servers_by_size(round_figures: Assumptions, users: int, server: str, servers: int) -> None:
    found = quantities(SelfHosted(), Office(users=users), round_figures)
    assert found[f"server-{server}"] == servers
    assert SelfHosted(spare=False).servers(Office(users=users)) == servers - 1
    assert SelfHosted(rented=True).servers(Office(users=users)) == -(-users // 500) + 1


def test_options_show_in_the_name_and_in_what_is_paid_for(round_figures: Assumptions) -> None:
    every = SelfHosted(rented=True, softphones=True, spare=False, supported=True)
    assert every.name == ("self-hosted Asterisk, rented server, softphones, no spare, with support")
    found = quantities(every, TEN, round_figures)
    assert found["vm-month"] == found["asterisk-support"] == 1
    assert found["headset"] == 10
    assert not {"server-small", "ups", "ip-desk-phone", "electricity"} & set(found)
    assert Hosted(softphones=True).name == "hosted service, softphones"


def test_minutes_beyond_the_bundle_are_paid(round_figures: Assumptions) -> None:
    talkative = round_figures.fixed({"minutes-outgoing": 100, "hosted-included-minutes": 1000})
    found = quantities(Hosted(), TEN, talkative)
    # 10 x 100 x 20 minutes a month, three quarters at home, less 10 x 1,000.
    assert found["sip-minute-mobile"] == pytest.approx(0.75 * 20_000 - 10_000)


@pytest.mark.parametrize(("users", "share"), [(1, 0), (10, 0), (100, 0.5), (1000, 1), (5000, 1)])
def test_the_discount_grows_with_the_users(users: int, share: float) -> None:
    assert discount_share(users) == pytest.approx(share)


@pytest.mark.parametrize("design", DESIGNS, ids=names)
@given(users=st.integers(1, 4999))
def test_more_users_never_cost_less_in_all(
    round_figures: Assumptions, design: Design, users: int
) -> None:
    case = round_figures.likely()
    # With the eighth channel ISDN30 takes the place of ISDN2, which is dearer by the channel.
    channels = [
        Demand.of(Office(users=count), case).channels.item() for count in (users, users + 1)
    ]
    assume(not (isinstance(design, TraditionalLines) and channels[0] < 8 <= channels[1]))
    fewer = cost_of(design, Office(users=users), case).present_value.item()
    more = cost_of(design, Office(users=users + 1), case).present_value.item()
    assert more >= fewer


@pytest.mark.parametrize("design", DESIGNS, ids=names)
@settings(max_examples=25)
@given(users=st.integers(1, 3000), factor=st.floats(0.1, 10))
def test_prices_twice_as_high_make_twice_the_cost(
    round_figures: Assumptions, design: Design, users: int, factor: float
) -> None:
    raised = round_figures.fixed(
        {item: factor * each.likely for item, each in round_figures.prices.items()}
    )
    office = Office(users=users)
    before = cost_of(design, office, round_figures.likely()).present_value.item()
    after = cost_of(design, office, raised.likely()).present_value.item()
    assert after == pytest.approx(factor * before)


@pytest.mark.parametrize("design", DESIGNS, ids=names)
@given(users=st.integers(1, 3000), years=st.integers(1, 12))
def test_without_a_discount_the_worth_is_the_sum(
    round_figures: Assumptions, design: Design, users: int, years: int
) -> None:
    case = round_figures.fixed({"discount-rate": 0}).likely()
    cost = cost_of(design, Office(users=users, years=years), case)
    assert cost.present_value.item() == pytest.approx(cost.total.item())
    assert cost.per_user_month.item() == pytest.approx(cost.total.item() / users / 12 / years)
    assert cost.table()["total"].sum() == pytest.approx(cost.total.item())
    assert cost.table()["per_user_month"].sum() == pytest.approx(cost.per_user_month.item())


@pytest.mark.parametrize("design", DESIGNS, ids=names)
def test_what_is_free_is_no_part(round_figures: Assumptions, design: Design) -> None:
    office = Office(users=120, internet_there=False, poe_there=False)
    flows = cost_of(design, office, round_figures.likely()).flows
    for part in {flow.part for flow in flows}:
        items = {flow.item for flow in flows if flow.part is part}
        free = cost_of(design, office, round_figures.fixed(dict.fromkeys(items, 0)).likely())
        assert free.by_part()[part].item() == 0


@pytest.mark.parametrize("design", DESIGNS, ids=names)
def test_each_drawn_case_costs_what_it_does_alone(
    round_figures: Assumptions, design: Design
) -> None:
    office = Office(users=130, internet_there=False)
    drawn = round_figures.draw(30, seed=4)
    together = cost_of(design, office, drawn).per_user_month
    for case in range(30):
        alone = round_figures.fixed({item: drawn[item][case] for item in round_figures}).likely()
        assert together[case] == pytest.approx(cost_of(design, office, alone).per_user_month.item())


def test_the_table_explains_each_figure(round_figures: Assumptions, prices: Assumptions) -> None:
    table = cost_of(SelfHosted(), TEN, round_figures.likely()).table()
    row = table.set_index("item").loc["sip-channel-rental"]
    assert (row["part"], row["quantity"], row["price"]) == ("lines and numbers", 4, 6)
    assert (row["unit"], row["times"], row["total"]) == ("a channel a month", 24, 576)
    assert row["why"] == "channels by Erlang B"
    assert row["sources"] == "assumption"
    phone = table.set_index("item").loc["ip-desk-phone"]
    assert (phone["times"], phone["total"]) == (1, 800)
    sourced = cost_of(SelfHosted(), TEN, prices.likely()).table().set_index("item")
    keys = sourced.loc["ip-desk-phone", "sources"].split(", ")
    life = prices["life-phone"].sources or ("assumption",)
    assert keys == list(dict.fromkeys([*prices["ip-desk-phone"].sources, *life]))


def test_many_cases_have_no_one_table(round_figures: Assumptions) -> None:
    with pytest.raises(CostError, match="7 cases have no one table"):
        cost_of(Hosted(), TEN, round_figures.draw(7, seed=1)).table()


@pytest.mark.parametrize("changed", [{"users": 0}, {"years": 0}])
def test_offices_that_cannot_be(changed: dict[str, int]) -> None:
    with pytest.raises(CostError, match=r"1 (user|year) or more; not 0"):
        replace(TEN, **changed)


def test_a_missing_item_is_named(round_figures: Assumptions) -> None:
    without = Assumptions([each for item, each in round_figures.items() if item != "ups"])
    with pytest.raises(CostError, match="There is no assumption 'ups'"):
        cost_of(SelfHosted(), TEN, without.likely())


def test_a_price_a_month_is_paid_each_month(round_figures: Assumptions) -> None:
    case = round_figures.likely()
    with pytest.raises(CostError, match="'a month': it can't fall due at other times"):
        case.pay(Part.INTERNET, "internet-backup", 1, every_years=1)
    assert case.pay(Part.INTERNET, "internet-backup", 1).every_years.item() == 1 / 12
    assert case.pay(Part.EQUIPMENT, "ups", 1).every_years.item() == np.inf


@pytest.mark.parametrize("design", DESIGNS, ids=names)
def test_the_courses_own_prices_do_for_every_design(prices: Assumptions, design: Design) -> None:
    for users in (5, 50, 5000):
        cost = cost_of(design, Office(users=users), prices.draw(200, seed=1))
        assert (cost.per_user_month > 0).all()
        assert cost.currency == "GBP"
