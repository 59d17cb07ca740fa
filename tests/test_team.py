"""Taking stock of the team: what is planted in the sample is found, what is not known stays blank."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sales_team import make_team
from sample_files import facts, truth

import salesgoals as sg
from salesgoals.abilities.peers import LEAST_PEERS, groups_of_peers
from salesgoals.problems import SalesgoalsError
from salesgoals.tables import TABLES, as_table, empty_table
from salesgoals.team import study_team

Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def company() -> Tables:
    return {name: truth(name) for name in TABLES}


@pytest.fixture(scope="module")
def described(company: Tables) -> pd.DataFrame:
    return sg.describe_people(company).set_index("person_id")


@pytest.fixture(scope="module")
def compared(company: Tables) -> pd.DataFrame:
    return sg.compare_with_peers(company)


@pytest.fixture(scope="module")
def newcomers(company: Tables) -> pd.DataFrame:
    return sg.progress_of_newcomers(company).set_index("person_id")


def of(compared: pd.DataFrame, person: str, measure: str) -> pd.Series:
    return compared.set_index(["person_id", "measure"]).loc[(person, measure)]


def planted(story: str) -> Any:
    return next(row for row in facts()["joins"] if row["ramp"] == story)["person_id"]


def test_sums_and_rates_are_those_of_the_records(company: Tables, described: pd.DataFrame) -> None:
    assert len(described) == facts()["company"]["people_on_last_day"]
    person = "00021"
    orders = company["orders"]
    year = orders[(orders.person_id == person) & (orders.date >= "2025-07-01")]
    row = described.loc[person]
    assert row.sales == pytest.approx(year.amount.sum())
    assert row.sales_month == pytest.approx(year.amount.sum() / 12)
    assert row.margin == pytest.approx(1 - year.cost.sum() / year.amount.sum())
    bought = year[year.amount > 0]
    assert row.new_share == pytest.approx(
        bought[bought.new_customer].account_id.nunique() / bought.account_id.nunique())
    deals = company["opportunities"]
    closed = deals[(deals.person_id == person) & deals.status.isin(["won", "lost"])
                   & (deals.closed >= "2025-07-01")]
    assert row.won_rate == pytest.approx((closed.status == "won").mean())
    sizes = bought.groupby("order_id").amount.sum()
    assert row.deal_size == pytest.approx(np.exp(np.log(sizes).mean()))
    own = company["accounts"][company["accounts"].person_id == person]
    assert (row.accounts, row.potential) == (len(own), own.potential.sum())
    log = company["activities"]
    visits = log[(log.person_id == person) & (log.type == "拜访") & (log.date >= "2025-07-01")]["count"].sum()
    assert row.visits == pytest.approx(visits / (365 / 7), rel=0.02)
    still_open = deals[(deals.person_id == person) & (deals.status == "open")]
    assert row.pipeline == still_open.amount.sum()


def test_the_lucky_veteran_is_luck_and_no_talent(described: pd.DataFrame, compared: pd.DataFrame) -> None:
    fact = facts()["lucky_veteran"]
    row = described.loc[fact["person_id"]]
    assert row.windfall
    assert row.largest_order == pytest.approx(fact["amount"])
    assert row.largest_share == pytest.approx(fact["share_of_own_last_12"], abs=0.02)
    sales = of(compared, fact["person_id"], "sales")
    assert sales.value > 2 * sales.center  # as it stands in the list
    assert sales.shrunk < 1.05 * sales.center  # what remains without the one order
    assert sales.verdict != "above"
    assert of(compared, fact["person_id"], "visits").verdict == "below"


def test_without_the_huge_order_hardly_anything_changes(company: Tables, compared: pd.DataFrame) -> None:
    order = facts()["lucky_veteran"]["order_id"]
    orders = company["orders"]
    without = sg.compare_with_peers({**company, "orders": orders[orders.order_id != order]})
    before = of(compared, facts()["lucky_veteran"]["person_id"], "sales")
    after = of(without, facts()["lucky_veteran"]["person_id"], "sales")
    assert before.value > 3 * after.value
    assert before.shrunk == pytest.approx(after.shrunk, rel=0.10)
    assert "above" not in (before.verdict, after.verdict)


def test_newcomers_are_good_slow_and_too_early(newcomers: pd.DataFrame, compared: pd.DataFrame) -> None:
    verdicts = {"good_ramp": "good", "slow_ramp": "slow", "new": "early"}
    assert newcomers.verdict[[planted(story) for story in verdicts]].tolist() == list(verdicts.values())
    assert len(newcomers) == 3
    new = compared[compared.person_id.isin(newcomers.index)]
    assert set(new.verdict) == {"newcomer"}
    assert new.shrunk.isna().all()


def test_newcomers_stay_what_they_are_with_another_curve(company: Tables, newcomers: pd.DataFrame) -> None:
    prior = sg.progress_of_newcomers(company, sg.fit_ramp(
        sg.monthly_sales({**company, "orders": company["orders"].iloc[:100]}),
        company["people"])).set_index("person_id")
    assert prior.hires.eq(0).all()
    assert prior.verdict.to_dict() == newcomers.verdict.to_dict()


def test_months_of_newcomers_add_up_to_their_progress(company: Tables, newcomers: pd.DataFrame) -> None:
    months = sg.months_of_newcomers(company)
    sums = months.groupby("person_id")[["actual", "expected"]].sum()
    assert sums.actual.to_dict() == pytest.approx(newcomers.actual.to_dict())
    assert sums.expected.to_dict() == pytest.approx(newcomers.expected.to_dict())
    sold = company["orders"].groupby("person_id").amount.sum()
    assert sums.actual.to_dict() == pytest.approx(sold[sums.index].to_dict())
    assert ((months.low <= months.expected) & (months.expected <= months.high)).all()
    assert (months.groupby("person_id").tenure.first() == 1).all()


def test_what_leaves_with_the_manager_of_the_first_team(company: Tables) -> None:
    fact = facts()["bus_factor"]
    risk = sg.sales_at_risk(company).set_index("person_id")
    row = risk.loc[fact["person_id"]]
    assert round(row.team_share, 4) == fact["share_of_team_last_12"]
    assert round(row.two_share, 4) == fact["two_accounts_share_of_own_last_12"]
    assert row.half_accounts == 2
    luck = risk.loc[facts()["lucky_veteran"]["person_id"]]
    assert luck.team_share < 0.2  # one order that will not come again is no dependence


def test_a_team_that_stays_together_adds_up(company: Tables) -> None:
    risk = sg.sales_at_risk(company)
    team = risk[risk.team == "华东一组"]
    assert team.team_share.sum() == pytest.approx(1)
    moved = risk[risk.person_id == facts()["moves"][0]["person_id"]].iloc[0]
    assert moved.team == facts()["moves"][0]["to_team"]


def test_capacity_is_what_the_board_says(company: Tables) -> None:
    forecast = sg.forecast_sales(sg.monthly_sales(company), people=company["people"],
                                 ramp=sg.fit_ramp(sg.monthly_sales(company), company["people"]))
    capacity = sg.plan_capacity(company, forecast)
    board = sg.estimate_board(company, forecast).set_index("estimate").total
    assert capacity.capacity.sum() == pytest.approx(board["capacity"])
    assert (capacity.full - capacity.growing - capacity.absent).to_numpy() == pytest.approx(
        capacity.capacity.to_numpy())
    assert capacity.groupby("month").people.sum().tolist() == [34.0] * 12
    more = sg.plan_capacity(company, forecast, [("2026-09", 2), ("2026-12", 1)])
    assert more.capacity.sum() == pytest.approx(capacity.capacity.sum())
    added = more.groupby("month")[["hires", "added"]].sum()
    assert added.hires.tolist() == [0, 0, 2, 2, 2, *[3] * 7]
    assert (added.added[:2] == 0).all()
    assert added.added.iloc[2] < 0.2 * added.added.iloc[-1]
    with pytest.raises(SalesgoalsError, match="whole number"):
        sg.plan_capacity(company, forecast, [("2026-09", -1)])


def test_leave_costs_capacity() -> None:
    tables = make_team(12)
    forecast = sg.forecast_sales(sg.monthly_sales(tables), "2026-01", people=tables["people"])
    capacity = sg.plan_capacity(tables, forecast)
    by_month = capacity.groupby("month")[["absent", "growing", "people"]].sum()
    assert (by_month.absent[by_month.index < "2026-03-01"] >= 0).all()
    assert by_month.absent.iloc[-1] > by_month.absent.iloc[3]  # P005 leaves in June
    assert by_month.growing.iloc[0] > 0                          # P003 joined in October


def test_capability_and_potential(company: Tables, described: pd.DataFrame, compared: pd.DataFrame) -> None:
    placed = sg.capability_and_potential(company).set_index("person_id")
    assert not placed.index.isin(["00052", "00053", "00054"]).any()
    row = placed.loc["00021"]
    assert row.potential == described.potential["00021"]
    sales = of(compared, "00021", "sales")
    assert row.capability == pytest.approx(sales.shrunk / sales.center)
    assert row.taken == pytest.approx(12 * sales.shrunk / row.potential)
    assert set(placed.corner) == {"strong_much", "strong_little", "growing_much", "growing_little"}
    assert placed.room.min() >= 0


def test_learnt_curve_stands_beside_what_was_seen(company: Tables) -> None:
    cohorts = sg.ramp_cohorts(company)
    assert cohorts.people.iloc[0] == 3
    assert (cohorts.people.diff().dropna() <= 0).all()
    assert (cohorts.share.isna() == (cohorts.people == 0)).all()
    assert ((cohorts.low < cohorts.curve) & (cohorts.curve < cohorts.high)).all()
    assert (cohorts.curve.diff().dropna() > 0).all()


def test_past_looks_know_nothing_of_later_months(company: Tables) -> None:
    orders = company["orders"]
    early = {**company, "orders": orders[orders.date < "2025-07-01"]}
    one = sg.compare_with_peers(company, until="2025-06")
    other = sg.compare_with_peers(early)
    columns = [name for name in one if name not in ("department", "team")]
    pd.testing.assert_frame_equal(one[columns], other[columns])


@settings(deadline=None, max_examples=7)
@given(st.integers(0, 10_000), st.integers(1, 14), st.sampled_from(
    ["orders", "people", "membership", "accounts", "opportunities", "activities", "products"]))
def test_whatever_is_missing_stays_blank_and_is_named(seed: int, people: int, missing: str) -> None:
    tables = make_team(people, seed=seed, special=people > 7)
    tables[missing] = empty_table(missing)
    described = sg.describe_people(tables)
    for column in ("won_rate", "cycle_days", "margin", "visits", "new_share", "pipeline"):
        assert described[column].isna().all(), column  # none of it is in these data
    compared, risk = sg.compare_with_peers(tables), sg.sales_at_risk(tables)
    if missing == "orders":
        assert compared.empty
        assert risk.empty
    if not len(tables["people"]) or people < LEAST_PEERS:
        assert not compared.verdict.isin(["newcomer"]).any()
    if len(described) < LEAST_PEERS:
        assert compared.shrunk.isna().all()
    told = {problem.code for problem in sg.gaps_of_team(tables)}
    assert ({"team.no_sales"} if missing == "orders" else {
        "team.no_deals", "team.no_cost", "team.no_potential", "team.no_activities"}) <= told
    assert "team.no_hire_dates" in told or missing == "orders" or tables["people"].hire_date.notna().any()


def test_hire_dates_that_contradict_the_sales_are_doubted() -> None:
    tables = make_team(12, special=False)
    tables["people"]["hire_date"] = pd.Timestamp("2025-10-01")
    gaps = {gap.code: gap for gap in sg.gaps_of_team(tables)}
    assert gaps["team.sold_before_hired"].level == "doubt"
    assert gaps["team.sold_before_hired"].values["count"] == 12
    assert sg.describe_people(tables).tenure.isna().all()
    assert sg.progress_of_newcomers(tables).empty
    assert not (sg.compare_with_peers(tables).verdict == "newcomer").any()


def test_peers_are_of_one_role_where_there_are_enough() -> None:
    people = pd.DataFrame({"role": ["rep"] * 8 + ["boss"] * 3 + ["head"] * 3 + [None], "ramp": 1.0})
    people.loc[0, "ramp"] = 0.3
    groups = groups_of_peers(people)
    assert 0 not in groups.index
    assert groups.value_counts().to_dict() == {"rep": 7, "": 7}
    assert groups_of_peers(people.iloc[:5]).empty


def test_new_customers_without_a_flag_need_a_year_before() -> None:
    tables = make_team(10, special=False)
    orders = tables["orders"].assign(account_id=tables["orders"].person_id)
    late = (orders.date > "2025-06-01") & (orders.product_line == "L1")
    orders["account_id"] = orders.account_id.where(~late, "new " + orders.person_id)
    described = sg.describe_people({**tables, "orders": orders})
    assert described.new_share.tolist() == pytest.approx([0.5] * 10)
    short = orders[orders.date >= "2024-06-01"]
    assert sg.describe_people({**tables, "orders": short}).new_share.isna().all()


def test_studies_hold_codes_and_can_be_written(company: Tables, tmp_path: Path) -> None:
    forecast = sg.forecast_sales(sg.monthly_sales(company), people=company["people"])
    for tables in (company, {name: empty_table(name) for name in TABLES}):
        studies = study_team(tables, forecast)
        assert all(name.startswith("team_") for name in studies)
        for name, table in studies.items():
            table.to_parquet(tmp_path / f"{name}.parquet")
            assert not table.attrs
    assert set(study_team(company, forecast)["team_gaps"].code) == set()


def test_the_public_sales_of_a_bicycle_maker(shared_data: Path) -> None:
    folder = shared_data / "adventureworks_dw"
    sales = pd.read_parquet(folder / "FactResellerSales.parquet")
    tables = {name: empty_table(name) for name in TABLES}
    tables["orders"] = as_table("orders", pd.DataFrame({
        "order_id": sales.SalesOrderNumber, "date": pd.to_datetime(sales.OrderDate),
        "person_id": sales.EmployeeKey.astype(str), "account_id": sales.ResellerKey.astype(str),
        "amount": sales.SalesAmount.astype(float), "cost": sales.TotalProductCost.astype(float)}))
    compared = sg.compare_with_peers(tables)
    assert compared.person_id.nunique() == 17
    assert set(compared.measure) == {"sales", "deal_size", "new_share", "margin"}
    assert {"team.no_hire_dates", "team.no_deals", "team.no_potential", "team.no_activities"} == {
        gap.code for gap in sg.gaps_of_team(tables)}
    assert sg.progress_of_newcomers(tables).empty
    assert sg.capability_and_potential(tables).empty
