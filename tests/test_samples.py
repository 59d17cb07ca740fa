"""The sample company: fresh, as big as promised, the planted facts in it, every column described."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from sample_files import INBOX, SAMPLES, TRUTH, dirt, facts, truth

from salesgoals.tables import TABLES, check_relations, check_table, total, write_table

# ---- the files are what the script writes

def test_committed_files_are_what_the_script_writes_now() -> None:
    run = subprocess.run([sys.executable, str(SAMPLES / "make_samples.py"), "--check"], capture_output=True,
                         text=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_stale_files_are_named(tmp_path: Path) -> None:
    for folder in (INBOX, TRUTH):
        shutil.copytree(folder, tmp_path / folder.name)
    changed = tmp_path / "inbox" / "accounts.csv"
    changed.write_bytes(changed.read_bytes().replace(b"None", b"Nine"))
    (tmp_path / "inbox" / "left_over.txt").touch()
    (tmp_path / "inbox" / "products.xls").unlink()
    write_table(tmp_path / "truth", "people", truth("people").assign(role="x"))
    code = ("import sys, pathlib; sys.path.insert(0, sys.argv[1]); import make_samples\n"
            "print(*(pathlib.Path(n).name for n in make_samples.stale_files(pathlib.Path(sys.argv[2]))))")
    run = subprocess.run([sys.executable, "-c", code, str(SAMPLES), str(tmp_path)], capture_output=True,
                         text=True, encoding="utf-8", check=True)
    assert run.stdout.split() == ["accounts.csv", "left_over.txt", "products.xls", "people.parquet"]


def test_files_are_small() -> None:
    sizes = [path.stat().st_size for path in SAMPLES.rglob("*") if path.is_file()]
    assert len(sizes) > 24
    assert sum(sizes) < 6_000_000


# ---- the company is as big as promised

def test_company_is_as_promised() -> None:
    people, membership, orders = truth("people"), truth("membership"), truth("orders")
    assert membership.department.nunique() == 3
    assert len(membership[["department", "team"]].drop_duplicates()) == 6
    assert len(people) == 36
    assert people.name.value_counts().tolist()[:2] == [2, 1]
    assert truth("products").product_line.nunique() == 8
    months = orders.date.dt.to_period("M")
    assert months.nunique() == 30
    assert (str(months.min()), str(months.max())) == ("2024-01", "2026-06")
    assert 19_000 <= len(orders) <= 22_000
    assert (people.hire_date >= "2024-01-01").sum() == 3
    assert people.leave_date.notna().sum() == 2
    assert membership.person_id.value_counts().tolist()[:2] == [2, 1]
    for year in (2024, 2025):
        assert 120e6 < orders.amount[orders.date.dt.year == year].sum() < 200e6
    assert facts()["company"]["order_lines"] == len(orders)
    assert facts()["company"]["sales"] == float(total(orders.amount))


def test_truth_obeys_the_canonical_tables() -> None:
    tables = {name: truth(name) for name in TABLES}
    assert all(len(table) for table in tables.values())
    assert [problem for name, table in tables.items() for problem in check_table(name, table)] == []
    assert check_relations(tables) == []
    for name in ("orders", "opportunities", "activities", "accounts"):
        assert set(tables[name].person_id.dropna()) <= set(tables["people"].person_id), name
    assert not tables["orders"].duplicated(["order_id", "line"]).any()


def test_nobody_sells_before_joining_after_leaving_or_on_days_off() -> None:
    orders = truth("orders").merge(truth("people"), on="person_id")
    assert (orders.date >= orders.hire_date).all()
    assert not (orders.date > orders.leave_date).any()
    assert not ((orders.person_id == "00037") & orders.date.between("2025-02-01", "2025-05-31")).any()
    holidays = pd.to_datetime(["2024-02-12", "2025-01-29", "2025-10-01", "2026-02-17"])
    assert not orders.date.isin(holidays).any()
    assert orders.date.isin(pd.to_datetime(["2024-02-04", "2025-01-26", "2026-02-28"])).any()  # make-up days


def test_spring_festival_moves_and_its_month_is_below_its_neighbours() -> None:
    sales = truth("orders").set_index("date").amount.resample("MS").sum()
    sales.index = sales.index.strftime("%Y-%m")
    for low, before, after in (("2024-02", "2024-01", "2024-03"), ("2025-01", "2024-12", "2025-02"),
                               ("2026-02", "2026-01", "2026-03")):
        assert sales[low] < 0.85 * min(sales[before], sales[after])


def test_quarters_end_in_a_rush() -> None:
    sales = truth("orders")[lambda t: t.order_id != facts()["lucky_veteran"]["order_id"]]
    month = sales.groupby(sales.date.dt.month).amount.sum() / [3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2]
    for quarter in range(4):
        first, second, last = month.iloc[quarter * 3: quarter * 3 + 3]
        assert last > 1.1 * max(first, second)


# ---- the planted facts are there, measured again

def between(table: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    return table[table.date.between(first, last)]


def test_growing_segment_and_losing_line() -> None:
    orders = truth("orders").merge(truth("accounts")[["account_id", "segment"]], on="account_id")
    growing = orders[orders.segment == facts()["growing_segment"]["segment"]]
    now, before = (between(growing, *year).amount.sum() for year in
                   (("2025-07-01", "2026-06-30"), ("2024-07-01", "2025-06-30")))
    assert now / before - 1 == pytest.approx(facts()["growing_segment"]["growth_last_12"], abs=1e-4)
    assert now / before > 1.3
    assert abs(facts()["growing_segment"]["growth_of_others_without_the_big_deal"]) < 0.08
    half = orders.date.dt.year.astype(str) + "_h" + (orders.date.dt.month > 6).add(1).astype(str)
    sums = orders.groupby(["product_line", half])[["amount", "cost"]].sum()
    margin = (1 - sums.cost / sums.amount).unstack()
    loser = facts()["losing_line"]["product_line"]
    assert margin.loc[loser].is_monotonic_decreasing
    assert margin.loc[loser, "2024_h1"] - margin.loc[loser, "2026_h1"] > 0.1
    assert margin.loc[loser, "2026_h1"] == pytest.approx(facts()["losing_line"]["margin_2026_h1"], abs=1e-4)
    assert ((margin.drop(loser)["2026_h1"] - margin.drop(loser)["2024_h1"]).abs() < 0.02).all()
    assert facts()["losing_line"]["sales_growth_last_12"] > 0.1  # bought by price


def test_lucky_veteran_owes_the_year_to_one_deal() -> None:
    lucky = facts()["lucky_veteran"]
    own = between(truth("orders"), "2025-07-01", "2026-06-30")[lambda t: t.person_id == lucky["person_id"]]
    deal = own[own.order_id == lucky["order_id"]].amount.sum()
    assert deal == lucky["amount"]
    assert deal / own.amount.sum() > 0.7
    people = between(truth("orders"), "2024-07-01", "2025-06-30").groupby("person_id").amount.sum()
    assert people[lucky["person_id"]] < people.median()


def test_newcomers_have_different_ramps() -> None:
    orders, found = truth("orders"), {}
    settled = orders[orders.person_id.isin(truth("people").query("hire_date < '2024-01-01'").person_id)]
    settled = settled[settled.order_id != facts()["lucky_veteran"]["order_id"]]
    usual = settled.groupby([settled.date.dt.to_period("M"), "person_id"]).amount.sum().groupby("date").mean()
    for join in facts()["joins"]:
        own = orders[orders.person_id == join["person_id"]]
        months = own.groupby(own.date.dt.to_period("M")).amount.sum()
        found[join["ramp"]] = (months / usual).loc[str(join["hire_date"])[:7]:]
    assert found["good_ramp"].iloc[5:12].mean() > 1.0
    assert found["slow_ramp"].iloc[2:9].mean() < 0.5
    assert len(found["new"]) <= 5


def test_two_customers_carry_the_first_seller() -> None:
    bus = facts()["bus_factor"]
    own = between(truth("orders"), "2025-07-01", "2026-06-30")[lambda t: t.person_id == bus["person_id"]]
    top = own.groupby("account_id").amount.sum().nlargest(2)
    assert list(top.index) == bus["account_ids"]
    assert top.sum() / own.amount.sum() > 0.5


def test_some_people_have_months_without_a_sale() -> None:
    named = {entry["person_id"]: entry for entry in facts()["zero_months"]}
    assert named["00048"]["count"] >= 4
    orders = truth("orders")
    for person, entry in named.items():
        sold = orders[orders.person_id == person].date.dt.strftime("%Y-%m")
        assert not sold.isin(entry["months"]).any()
    assert Counter(orders.amount < 0)[True] > 150


def test_goals_were_last_year_plus_the_same_share_for_all() -> None:
    goals, orders = truth("goals"), truth("orders")
    year = goals.period_start.dt.year
    assert year.value_counts().index.tolist() == [2025, 2026]
    for of_year, uplift in ((2025, 0.18), (2026, 0.15)):
        goal = goals[year == of_year].groupby("person_id").goal.sum()
        before = orders[orders.date.dt.year == of_year - 1].groupby("person_id").amount.sum()
        there = truth("people").query(f"hire_date < '{of_year - 1}-01-01' and leave_date.isna()").person_id
        shares = 1.0 if of_year == 2025 else 0.465  # January to June of the company's fixed months
        ratio = (goal / (before * shares)).loc[there.drop(there[there.isin(["00037", "00048"])].index)]
        assert ratio.between(1 + uplift - 0.01, 1 + uplift + 0.01).all()
    assert (goals.goal % 1000 == 0).all()
    assert (goals.goal == 0).sum() == dirt("销售目标.xlsx", "goals")["written"]["zero_goals"] == 4
    moved = goals[goals.person_id == "00017"]
    assert moved[moved.period_start < "2025-07-01"].team.unique() == ["华东二组"]
    assert moved[moved.period_start >= "2025-07-01"].team.unique() == ["华南一组"]


def test_market_levels_and_published_growth_disagree_in_the_restated_year_only() -> None:
    market = truth("market").set_index(["segment", "month"]).sort_index()
    implied = market.level / market.level.groupby("segment").shift(12) - 1
    gap = (market.growth - implied).abs().dropna().reset_index()
    restated = gap.month.dt.year == 2025
    assert facts()["market_restated"]["first_month"] == "2025-01"
    assert (gap[0][restated] > 0.05).all()
    assert (gap[0][~restated] < 0.005).all()


# ---- every file and column is described

@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_readme_names_every_file_and_column(name: str) -> None:
    text = (SAMPLES / name).read_text(encoding="utf-8")
    files = [path.name for folder in (INBOX, TRUTH) for path in folder.iterdir()]
    assert len(files) == 24
    assert [file for file in files if file not in text] == []
    columns: set[str] = set()
    texts = {"orders_2024.csv": "gbk", "orders_2026h1_salesforce.csv": "utf-8", "accounts.csv": "utf-8-sig",
             "opportunities_fxiaoke.csv": "utf-8", "activities_jiandaoyun.tsv": "utf-8",
             "market_index.csv": "utf-8"}
    for file, encoding in texts.items():
        header = (INBOX / file).read_bytes().split(b"\n")[0].decode(encoding).strip()
        columns.update(next(csv.reader([header], delimiter="\t" if file.endswith("tsv") else ",")))
    for file, rows in (("orders_2025_kingdee.xlsx", (3, 4)), ("花名册.xlsx", (2,))):
        for row in rows:
            columns.update(str(cell.value) for cell in openpyxl.load_workbook(INBOX / file).worksheets[0][row]
                           if cell.value)
    assert len(columns) > 60
    assert sorted(column for column in columns if column not in text) == []
    assert "synthetic" in text.lower() or "合成" in text
