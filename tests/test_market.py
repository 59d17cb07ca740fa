"""The market step: sums are exact, published examples hold, planted facts are found, and luck is not news."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from company_of_truth import TRUTH
from hypothesis import given, settings
from hypothesis import strategies as st
from market_company import plain_company, tables_of

import salesgoals as sg
from salesgoals import market
from salesgoals.collect import collect_folder
from salesgoals.markets.bridge import CAUSES
from salesgoals.problems import SalesgoalsError
from salesgoals.tables import TABLES, as_table, empty_table
from salesgoals.workspace import new_workspace

TESTED = {"growth_above", "growth_below", "share_won", "share_lost", "margin_rising", "margin_falling",
          "losing_line"}
BEFORE, NOW = pd.Timestamp("2024-05-10"), pd.Timestamp("2025-05-10")
Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def sample() -> Tables:
    return {name: as_table(name, pd.read_parquet(path)) if (path := TRUTH / f"{name}.parquet").exists()
            else empty_table(name) for name in TABLES}


def codes(table: pd.DataFrame) -> set[str]:
    return {note.code for note in table.attrs["notes"]}


sale = st.fixed_dictionaries({
    "date": st.sampled_from([BEFORE, NOW, pd.Timestamp("2024-06-01"), pd.Timestamp("2025-06-01")]),
    "account_id": st.sampled_from(["1", "2", "3", None]),
    "product_id": st.sampled_from(["p", "q", "r", None]), "product_line": st.sampled_from(["x", "y"]),
    "quantity": st.sampled_from([None, 0, 1, 2, 7, 250, -3]),
    "amount": st.integers(-100_000, 900_000).map(lambda fen: fen / 100),
    "cost": st.sampled_from([None, 10.0, 333.33])})
figures = st.lists(st.fixed_dictionaries({
    "month": st.sampled_from([pd.Timestamp("2025-05-01"), pd.Timestamp("2025-06-01"),
                              pd.Timestamp("2024-05-01")]),
    "segment": st.sampled_from(["A", "B", None]), "level": st.sampled_from([None, 50.0, 80.0]),
    "growth": st.sampled_from([None, -0.2, 0.0, 0.31])}), max_size=6)
ACCOUNTS = [{"account_id": "1", "segment": "A"}, {"account_id": "2", "segment": "b"}, {"account_id": "3"}]


@given(st.lists(sale, min_size=1, max_size=25), figures, st.sampled_from([None, "segment", "product_line"]))
@settings(deadline=None, max_examples=25)
def test_market_mix_and_share_add_up_to_the_change(sales: list[dict], series: list[dict],
                                                   by: str | None) -> None:
    tables = tables_of(sales, accounts=ACCOUNTS, market=series)
    found = market.growth_against_market(tables, by)
    known = found[found.share.notna()]
    gap = known.change - known.market - known.mix - known.share
    assert (gap.abs() <= 1e-9 * (1 + known[["before", "now"]].abs().max(axis=1))).all()
    if len(found):
        assert found.months.iloc[0] in (1, 2)
        assert found.months.iloc[0] == 2 or found.now.sum() <= tables["orders"].amount.abs().sum()
        assert found.change.sum() == pytest.approx((found.now - found.before).sum())
        assert (found.share.notna() == (found.basis != "unknown")).all()


@given(st.lists(sale, min_size=1, max_size=25), st.sampled_from([None, "segment", "product_line"]))
@settings(deadline=None, max_examples=25)
def test_causes_add_up_to_the_last_fen(sales: list[dict], by: str | None) -> None:
    found = market.price_volume_mix(tables_of(sales, accounts=ACCOUNTS), by)
    for row in found.to_dict("records"):
        fen = {name: round(row[name] * 100) for name in ("before", "now", "change", *CAUSES)}
        assert all(abs(row[name] * 100 - fen[name]) < 1e-3 for name in fen)
        assert sum(fen[name] for name in CAUSES) == fen["change"] == fen["now"] - fen["before"]


def test_the_published_example_of_volume_mix_and_price() -> None:
    """250 + 750 - 900 = 100: volume, mix and price of the example quoted in the literature."""
    sales = [{"date": BEFORE, "product_id": "a", "quantity": 80, "amount": 400.0},
             {"date": BEFORE, "product_id": "b", "quantity": 20, "amount": 600.0},
             {"date": NOW, "product_id": "a", "quantity": 70, "amount": 770.0},
             {"date": NOW, "product_id": "b", "quantity": 55, "amount": 330.0}]
    row = market.price_volume_mix(tables_of(sales), by=None).iloc[0]
    assert (row.volume, row.mix, row.price, row.change) == (250.0, 750.0, -900.0, 100.0)


def test_new_lost_and_returned_goods_stand_on_their_own() -> None:
    sales = [{"date": BEFORE, "product_id": "old", "quantity": 1, "amount": 10.0},
             {"date": BEFORE, "product_id": "kept", "quantity": 4, "amount": 40.0},
             {"date": NOW, "product_id": "kept", "quantity": 4, "amount": 44.0},
             {"date": NOW, "product_id": "new", "quantity": 2, "amount": 7.0},
             {"date": NOW, "product_id": "kept", "quantity": -1, "amount": -11.0},
             {"date": NOW, "product_id": "kept", "amount": 5.0}]
    found = market.price_volume_mix(tables_of(sales), by=None)
    row = found.iloc[0]
    assert row[CAUSES].to_dict() == {"volume": 0, "mix": 0, "price": 4, "new": 7, "lost": -10, "returns": -11,
                                     "unmeasured": 5}
    assert codes(found) >= {"market.returns", "market.no_quantity"}


def test_a_product_whose_code_was_changed_is_still_the_same() -> None:
    sales = [{"date": BEFORE, "product_id": "1", "quantity": 2, "amount": 20.0},
             {"date": NOW, "product_id": "9", "quantity": 2, "amount": 22.0}]
    products = [{"product_id": "1", "product": "Pump", "product_line": "x"},
                {"product_id": "9", "product": "Pump", "product_line": "x"}]
    row = market.price_volume_mix(tables_of(sales, products=products)).iloc[0]
    assert (row.price, row.new, row.lost) == (2.0, 0.0, 0.0)


@given(st.lists(sale, min_size=4, max_size=30))
@settings(deadline=None, max_examples=20)
def test_causes_of_a_margin_are_shapleys(sales: list[dict]) -> None:
    sales = [{**row, "quantity": abs(row["quantity"] or 5) or 5, "amount": abs(row["amount"]) + 1,
              "product_id": row["product_id"] or "p", "cost": row["cost"] or 1.0} for row in sales]
    found = market.margin_causes(tables_of(sales), by=None)
    if not len(found):
        return
    row = found.iloc[0]
    assert row[["price", "cost", "mix", "other"]].sum() == pytest.approx(row.points, abs=1e-9)
    assert [row.price, row.cost, row.mix] == pytest.approx(_brute_force(sales), abs=1e-9)


def _brute_force(sales: list[dict]) -> list[float]:
    """Change price, cost and quantities one after another, in all six orders, and take the mean."""
    frame = pd.DataFrame(sales)
    common = {date.replace(year=2025) for date in frame.date if date.year == 2024} & set(frame.date)
    frame = frame[[date.replace(year=2025) in common for date in frame.date]]
    columns = ["quantity", "amount", "cost"]
    sums = {year: frame[frame.date.dt.year == year].groupby("product_id")[columns].sum()
            for year in (2024, 2025)}
    names = sorted(set(sums[2024].index) | set(sums[2025].index))

    def value(product: str, year: int, column: str) -> float:
        own, other = sums[year], sums[4049 - year]
        if column == "quantity":
            return own.quantity.get(product, 0.0)
        table = own if product in own.index else other
        return table[column][product] / table.quantity[product]

    def margin(years: dict[str, int]) -> float:
        pieces = {name: value(name, years["mix"], "quantity") for name in names}
        sold = sum(pieces[name] * value(name, years["price"], "amount") for name in names)
        return 1 - sum(pieces[name] * value(name, years["cost"], "cost") for name in names) / sold

    shares = dict.fromkeys(("price", "cost", "mix"), 0.0)
    for order in permutations(shares):
        years = dict.fromkeys(shares, 2024)
        for factor in order:
            was = margin(years)
            years[factor] = 2025
            shares[factor] += (margin(years) - was) / 6
    return list(shares.values())


def test_a_part_is_compared_with_its_own_market_and_else_with_the_whole() -> None:
    sales = [{"date": day, "account_id": who, "amount": amount} for day, who, amount in
             [(BEFORE, "1", 100.0), (NOW, "1", 150.0), (BEFORE, "2", 200.0), (NOW, "2", 200.0)]]
    accounts = [{"account_id": "1", "segment": "Shops "}, {"account_id": "2", "segment": "offices"}]
    series = [{"month": NOW.replace(day=1), "segment": "shops", "level": 132.0, "growth": 0.1},
              {"month": NOW.replace(day=1), "segment": "schools", "level": 110.0, "growth": 0.1}]
    found = market.growth_against_market(tables_of(sales, accounts=accounts, market=series)).set_index("part")
    assert found.basis.to_dict() == {"offices": "total", "Shops ": "own"}
    assert found.loc["Shops ", ["market", "mix", "share"]].tolist() == pytest.approx([10, 0, 40])
    assert found.loc["offices", ["market", "share"]].tolist() == pytest.approx([20, -20])


def test_only_months_on_record_in_both_years_are_compared() -> None:
    sales = [{"date": pd.Timestamp(day), "amount": 10.0} for day in
             ("2024-03-30", "2024-05-30", "2025-03-30", "2025-04-30", "2025-05-30")]
    found = market.growth_against_market(tables_of(sales), by=None)
    assert found.months.iloc[0] == 2
    assert (found.before.iloc[0], found.now.iloc[0]) == (20.0, 20.0)
    assert {"market.fewer_months", "market.no_market"} <= codes(found)
    earlier = market.growth_against_market(tables_of(sales), by=None, months=1, until="2025-03")
    assert earlier.months.iloc[0] == 1


def test_an_unfinished_last_month_is_doubted() -> None:
    sales = [{"date": pd.Timestamp(day), "amount": amount} for day, amount in
             (("2024-05-30", 100.0), ("2024-06-30", 100.0), ("2025-05-30", 100.0), ("2025-06-04", 10.0))]
    assert "market.last_month_short" in codes(market.growth_against_market(tables_of(sales), by=None))


@pytest.mark.parametrize(("function", "code"), [
    ("growth_against_market", "market.no_year_before"), ("price_volume_mix", "market.no_year_before"),
    ("margin_course", "market.no_cost"), ("margin_causes", "market.no_cost"),
    ("below_cost", "market.no_cost"), ("customer_shares", "market.no_customers"),
    ("customer_changes", "market.no_year_before"), ("seasons", "market.no_season"),
    ("season_indices", "market.no_season"), ("benchmarks", "market.no_market"),
    ("strengths_and_weaknesses", "market.no_market")])
def test_what_the_data_do_not_hold_is_said_and_the_table_is_empty(function: str, code: str) -> None:
    found = getattr(market, function)(tables_of([{"date": NOW, "amount": 5.0}]))
    assert code in codes(found)
    assert len(found) == 0
    assert codes(getattr(market, function)(tables_of([])))


def test_wrong_words_are_refused_with_what_is_allowed() -> None:
    tables = tables_of([{"date": NOW, "amount": 5.0}])
    with pytest.raises(SalesgoalsError, match="segment, region, product_line"):
        market.growth_against_market(tables, by="color")
    with pytest.raises(SalesgoalsError, match="YYYY-MM"):
        market.growth_against_market(tables, until="soon")


def test_customers_kept_new_back_and_lost() -> None:
    days = {"kept": ["2024-05-01", "2025-05-01"], "lost": ["2024-05-01"], "new": ["2025-05-02"],
            "back": ["2023-01-01", "2025-05-01"]}
    sales = [{"date": pd.Timestamp(day), "account_id": name, "amount": 10.0}
             for name, dates in days.items() for day in dates]
    found = market.customer_changes(tables_of(sales)).set_index("kind")
    assert found.customers.to_dict() == {"kept_more": 1, "kept_less": 0, "new": 1, "back": 1, "lost": 1}
    assert found.change.sum() == 10.0


def test_concentration_of_ten_equal_customers_and_of_nine() -> None:
    def measured(count: int) -> pd.Series:
        sales = [{"date": NOW, "account_id": str(n), "amount": 10.0} for n in range(count)]
        return market.concentration(tables_of(sales)).set_index("measure").now

    equal = measured(10)
    assert (equal.top_1, equal.for_80, equal.hhi) == pytest.approx((.1, 8, .1))
    assert equal.gini == pytest.approx(0, abs=1e-12)
    assert measured(9).drop("customers").isna().all()


@given(st.lists(st.integers(1, 10_000), min_size=10, max_size=60))
@settings(deadline=None, max_examples=20)
def test_gini_is_the_mean_difference(amounts: list[int]) -> None:
    sales = [{"date": NOW, "account_id": str(n), "amount": float(value)} for n, value in enumerate(amounts)]
    found = market.concentration(tables_of(sales)).set_index("measure").now
    values = np.array(amounts, dtype=float)
    apart = np.abs(values[:, None] - values).mean() / (2 * values.mean())
    assert found.gini == pytest.approx(apart, abs=1e-9)
    assert found.hhi == pytest.approx(((values / values.sum()) ** 2).sum())


def test_chinas_retail_sales_disagree_where_the_base_was_restated(shared_data: Path, tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path / "w", language="en", company="retail")
    name = "china_retail_monthly_2012_2018.csv"
    (workspace.inbox / name).write_bytes((shared_data / "series" / name).read_bytes())
    series = collect_folder(workspace).tables["market"]
    tables = {name: empty_table(name) for name in TABLES} | {"market": series}
    apart = market.market_disagreements(tables).set_index("month")
    for month, computed, published in (("2018-05-01", .031, .085), ("2015-11-01", .190, .112)):
        row = apart.loc[pd.Timestamp(month)]
        assert (round(row.from_levels, 3), round(row.published, 3)) == (computed, published)
    listed = market.benchmarks(tables).iloc[0]
    assert listed.records == 70
    assert listed["disagree"] == len(apart)
    days = [{"date": day + pd.DateOffset(days=9), "amount": 1.0} for day in
            pd.date_range("2016-06-01", "2018-05-01", freq="MS")]
    found = market.growth_against_market(tables | {"orders": as_table("orders", pd.DataFrame(days))}, by=None)
    assert found.market_months.iloc[0] == 12    # January and February stand in one record
    assert found.market_from.iloc[0] == "published"
    assert .085 <= found.market_growth.iloc[0] <= .11
    assert "market.restated" in codes(found)


def test_planted_facts_are_found_and_nothing_else(sample: Tables) -> None:
    found = market.strengths_and_weaknesses(sample)
    assert found[["code", "part"]].values.tolist() == [
        ["growth_above", "餐饮连锁"], ["one_order", "XSDD20251120007"], ["losing_line", "商用净水机"],
        ["market_restated", found.part.iloc[3]]]
    growing, order, losing, restated = (found.iloc[row] for row in range(4))
    assert growing.figure == pytest.approx(.5492, abs=.0005)
    assert growing.compared == pytest.approx(.0255, abs=.0005)
    assert growing.low > growing.compared
    assert order.amount == pytest.approx(9495439.2)
    assert losing.market == pytest.approx(.2087, abs=.0005)
    assert losing.cause == "price"
    assert restated.n == 12
    course = market.margin_course(sample)
    own = course[course.part == "商用净水机"].margin.round(4).tolist()
    assert own == [.3635, .3327, .2953, .2582, .2157]
    assert market.benchmarks(sample)["disagree"].tolist() == [12] * 6


def test_companies_without_planted_facts_get_hardly_any_finding() -> None:
    """Measured on 150 such companies each of 60, 150 and 300 customers: 0, 1 and 2 got a finding."""
    wrong = sum(bool(set(market.strengths_and_weaknesses(plain_company(seed, customers)).code) & TESTED)
                for seed in range(20) for customers in (60, 120, 250))
    assert wrong <= 3


def test_shuffled_customers_take_the_growing_segment_away(sample: Tables) -> None:
    draw = np.random.default_rng(5)
    wrong = 0
    for _ in range(8):
        accounts = sample["accounts"]
        mixed = accounts.assign(segment=draw.permutation(accounts.segment.to_numpy()),
                                region=draw.permutation(accounts.region.to_numpy()))
        found = market.strengths_and_weaknesses(sample | {"accounts": mixed})
        wrong += bool(set(found.code[found["by"] == "segment"]) & TESTED)
    assert wrong == 0


def test_seasons_mark_the_festival_and_years_not_decreed() -> None:
    days = pd.date_range("2024-01-01", "2026-12-31", freq="D")
    sales = tables_of(pd.DataFrame({"date": days, "amount": 10.0}))
    course = market.seasons(sales)
    assert [f"{month:%Y-%m}" for month in course.month[course.festival.astype(bool)]] == [
        "2024-02", "2025-02", "2026-02"]
    assert course.working_days.iloc[-12:].tolist() == [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]
    assert course.decreed.all()
    later = market.seasons(tables_of(pd.DataFrame({
        "date": pd.date_range("2030-01-01", "2031-12-31", freq="D"), "amount": 10.0})))
    assert not later.decreed.any()
    assert codes(later) == {"market.not_decreed"}
    indices = market.season_indices(sales)
    assert indices["index"].mean() == pytest.approx(1, abs=.08)


def test_working_days_agree_with_a_second_calendar() -> None:
    calendar = pytest.importorskip("chinese_calendar")
    months = pd.date_range("2019-01-01", "2026-12-01", freq="MS")
    from salesgoals.markets.seasons import working_days

    wanted = [sum(calendar.is_workday(day.date())
                  for day in pd.date_range(month, month + pd.offsets.MonthEnd())) for month in months]
    assert working_days(months, "CN").working_days.tolist() == wanted


@pytest.mark.parametrize("function", ["growth_against_market", "price_volume_mix", "margin_course",
                                      "margin_causes", "below_cost", "customer_shares", "concentration",
                                      "customer_changes", "seasons", "benchmarks",
                                      "strengths_and_weaknesses"])
def test_functions_change_no_input_and_keep_no_state(function: str) -> None:
    tables = plain_company(1, customers=40)
    before = {name: table.copy(deep=True) for name, table in tables.items()}
    call: Any = getattr(market, function)
    first = call(tables)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, before[name])
        assert not table.attrs
    pd.testing.assert_frame_equal(call(tables), first)


def test_the_study_holds_plain_tables_that_can_be_kept(sample: Tables, tmp_path: Path) -> None:
    settings_of = sg.sample_workspace().settings
    for tables in (sample, tables_of([]), tables_of([{"date": NOW, "amount": 5.0}])):
        for name, table in market.study_market(tables, settings_of).items():
            assert name.startswith("market_")
            assert not table.attrs
            assert "person_id" not in table
            table.to_parquet(tmp_path / f"{name}.parquet")
            assert list(pd.read_parquet(tmp_path / f"{name}.parquet").columns) == list(table.columns)
