"""Collect on public data whose figures are known (README of the data sets); skipped where they are absent."""

from __future__ import annotations

import datetime as dt
import shutil
import tomllib
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from salesgoals.collect import Collected, collect_folder
from salesgoals.history import team_on
from salesgoals.problems import SalesgoalsError
from salesgoals.tables import TABLES, read_table, total
from salesgoals.windows import attainment
from salesgoals.workspace import new_workspace

PROJECT = Path(__file__).resolve().parent.parent
TODAY = dt.date(2026, 7, 1)


def collect(source: Path, folder: Path, *names: str) -> Collected:
    workspace = new_workspace(folder, language="en")
    for path in sorted(source.iterdir()):
        if path.is_file() and (not names or path.name in names):
            shutil.copy(path, workspace.inbox)
    assert any(workspace.inbox.iterdir())
    return collect_folder(workspace, TODAY)


def problems(collected: Collected, code: str) -> list[dict[str, object]]:
    return [problem.values for problem in collected.problems if problem.code == code]


@pytest.fixture(scope="module")
def adventureworks(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Collected:
    return collect(shared_data / "adventureworks_dw", tmp_path_factory.mktemp("aw") / "w")


def test_adventureworks_comes_through_to_the_last_ten_thousandth(adventureworks: Collected) -> None:
    line = adventureworks.totals.set_index("table").loc["orders"]
    assert (line.rows_in, line.rows_kept, line.rows_aside) == (60_855, 60_855, 0)
    assert line.amount_in == line.amount_kept == Decimal("80450596.9823")
    orders = adventureworks.tables["orders"]
    assert orders.person_id.nunique() == 17
    assert len(adventureworks.tables["people"]) == 17
    assert set(orders.product_line) == {"Bikes", "Components", "Clothing", "Accessories"}
    assert orders.date.min() == pd.Timestamp("2010-12-29")
    assert orders.date.max() == pd.Timestamp("2013-11-29")


def test_adventureworks_quotas_meet_their_sales(adventureworks: Collected) -> None:
    joined = attainment(adventureworks.tables)
    assert len(joined) == 163
    assert joined.actual.notna().all()
    assert round(joined.actual.sum() / joined.goal.sum(), 4) == 0.8405
    assert round(joined.attainment.mean(), 4) == 0.8548
    assert (joined.attainment >= 1).sum() == 8


def test_adventureworks_files_and_their_fate(adventureworks: Collected) -> None:
    files = adventureworks.files.set_index("file")
    assert files.table["FactSalesQuota.parquet"] == "goals"
    assert files.status["FactSalesQuota.csv"] == "refused"
    assert set(files.index[files.status == "not used"]) == {"DimGeography.parquet", "FactCallCenter.parquet"}
    assert set(files.index[files.status == "looked up in"]) == {"DimProductCategory.parquet",
                                                                "DimProductSubcategory.parquet"}
    assert problems(adventureworks, "match.joined")[0]["keys"] == "ProductSubcategoryKey > ProductCategoryKey"


def test_maven_deals_offices_and_the_product_that_does_not_match(shared_data: Path, tmp_path: Path) -> None:
    collected = collect(shared_data / "maven_crm", tmp_path / "w")
    deals = collected.tables["opportunities"]
    status = deals.status.value_counts()
    assert (len(deals), status["won"], status["lost"]) == (8_800, 4_238, 2_473)
    assert round(status["won"] / (status["won"] + status["lost"]), 4) == 0.6315
    won = deals[deals.status == "won"]
    assert total(won.amount) == Decimal(10_005_534)
    office = team_on(collected.tables, won.person_id, won.closed).department
    assert won.groupby(office).amount.sum().to_dict() == {
        "Central": 3_346_293,
        "East": 3_090_594,
        "West": 3_568_647,
    }
    problem = problems(collected, "collect.product_unknown")[0]
    assert (problem["found"], problem["nearest"], problem["count"]) == ("GTXPro", "GTX Pro", 1_480)
    assert deals.product_line.isna().sum() == 1_480
    stops = [p.values["file"] for p in collected.problems if p.level == "stop"]
    assert stops == ["pivot_export_of_sales_pipeline.csv"]
    assert len(collected.tables["accounts"]) == 85
    assert deals[deals.status == "open"].amount.isna().all()


def test_maven_with_an_alias_matches_every_product(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "maven_crm"
    workspace = new_workspace(tmp_path / "w", language="en")
    for name in ("products.csv", "sales_pipeline.csv", "sales_teams.csv"):
        shutil.copy(source / name, workspace.inbox)
    (workspace.folder / "mapping.toml").write_text('[alias.product]\nGTXPro = "GTX Pro"\n', encoding="utf-8")
    deals = collect_folder(workspace, TODAY).tables["opportunities"]
    assert deals.product_line.notna().all()
    assert (deals.product_id == "GTX Pro").sum() == 1_480


def test_us_regional_sales_is_read_day_first_and_says_so(shared_data: Path, tmp_path: Path) -> None:
    collected = collect(shared_data / "us_regional_sales", tmp_path / "w")
    orders = collected.tables["orders"]
    assert len(orders) == 7_991
    assert total(orders.amount) == Decimal("73036584.2240")
    note = problems(collected, "collect.amount_computed_net")[0]
    assert (note["gross"], round(Decimal(str(note["net"])), 2)) == (
        Decimal("82692726.60"),
        Decimal("73036584.22"),
    )
    assert "sources.dates_mixed" in [p.code for p in collected.problems if p.level == "doubt"]
    assert (orders.date.min(), orders.date.max()) == (pd.Timestamp("2018-05-31"), pd.Timestamp("2020-12-30"))
    assert orders.person_id.nunique() == 28
    assert problems(collected, "collect.person_stand_in")[0]["column"] == "_SalesTeamID"


def test_superstore_with_chinese_headers(shared_data: Path, tmp_path: Path) -> None:
    collected = collect(shared_data / "superstore_cn", tmp_path / "w")
    orders = collected.tables["orders"]
    assert len(orders) == 9_935
    assert total(orders.amount) == Decimal(15_984_343)
    assert (orders.date.dt.year.min(), orders.date.dt.year.max()) == (2013, 2016)
    assert set(orders.product_line) == {"办公用品", "家具", "技术"}
    assert set(collected.tables["people"].name) == {"华东", "华北", "中南", "东北", "西南", "西北"}
    chosen = {v["field"]: v["others"] for v in problems(collected, "match.chosen")}
    assert chosen["date"] == "发货日期"


def test_superstore_returns_do_not_multiply_rows(shared_data: Path, tmp_path: Path) -> None:
    collected = collect(shared_data / "superstore_en", tmp_path / "w")
    orders = collected.tables["orders"]
    assert len(orders) == 9_994
    assert total(orders.amount) == Decimal("2297200.8603")
    assert orders.returned.fillna(False).sum() == 800
    assert set(orders.person_id) == {"Anna Andreadi", "Chuck Magee", "Kelly Williams", "Cassandra Brandow"}


def test_bike_sales_and_chinese_retail(shared_data: Path, tmp_path: Path) -> None:
    bikes = collect(shared_data / "series", tmp_path / "a", "bike_sales_sample.csv")
    assert len(bikes.tables["orders"]) == 2_466
    assert total(bikes.tables["orders"].amount) == Decimal(11_292_885)
    retail = collect(shared_data / "series", tmp_path / "b", "china_retail_monthly_2012_2018.csv")
    market = retail.tables["market"].set_index("month")
    assert len(market) == 70
    assert round(market.growth[pd.Timestamp("2018-05-01")], 6) == 0.085
    assert round(market.growth[pd.Timestamp("2015-11-01")], 6) == 0.112
    assert market.level[pd.Timestamp("2012-01-01")] == 33668.6
    assert problems(retail, "collect.two_months")[0]["count"] == 7


def test_files_without_headers_are_refused_one_by_one(shared_data: Path, tmp_path: Path) -> None:
    with pytest.raises(SalesgoalsError) as caught:
        collect(shared_data / "adventureworks_oltp", tmp_path / "w")
    text = str(caught.value)
    files = [path.name for path in (shared_data / "adventureworks_oltp").iterdir()]
    assert len(files) == 11
    assert all(f"file {name}" in text for name in files)
    assert text.count("no header") == 11
    assert not list((tmp_path / "w" / "tables").iterdir())


# ---- the sample company: its truth is known row by row

SAMPLES = PROJECT / "data" / "samples"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Collected:
    folder = tmp_path_factory.mktemp("sample") / "w"
    workspace = new_workspace(folder, language="zh")
    shutil.copytree(SAMPLES / "inbox", workspace.inbox, dirs_exist_ok=True)
    return collect_folder(workspace, TODAY)


def test_sample_books_agree_with_the_truth_for_every_file(sample: Collected) -> None:
    books = tomllib.loads((SAMPLES / "truth" / "dirt.toml").read_text(encoding="utf-8"))["file"]
    assert len(books) > 10
    sums = sample.totals.groupby(["file", "table"])[
        ["rows_in", "rows_kept", "amount_in", "amount_kept"]
    ].sum()
    for book in books:
        if str(book["table"]).startswith("refused"):
            assert sample.files.set_index("file").status[book["file"]] == "refused"
            continue
        line = sums.loc[book["file"], book["table"]]
        assert (line.rows_in, line.rows_kept) == (book["rows_in"], book["rows_kept"]), book["file"]
        if book["amount_in"] != "0.00":
            assert (line.amount_in, line.amount_kept) == (
                Decimal(book["amount_in"]),
                Decimal(book["amount_kept"]),
            )


REASONS = {"amount_empty": "collect.amount_missing", "amount_text": "collect.amount_unreadable",
           "date_unreadable": "collect.date_unreadable", "duplicate": "collect.duplicate"}


def test_sample_rows_set_aside_are_the_planted_ones(sample: Collected) -> None:
    planted = pd.read_csv(SAMPLES / "truth" / "planted_rows.csv", dtype=str)
    planted = planted[(planted.kept == "False") & planted.kind.isin(list(REASONS))]
    expected = {(row.file, int(row.row), REASONS[row.kind]) for row in planted.itertuples()}
    aside = sample.aside[sample.aside.code.isin(list(REASONS.values()))]
    assert len(expected) > 30
    assert {(row.file, int(row.row), row.code) for row in aside.itertuples()} == expected


def test_sample_tables_are_the_truth(sample: Collected) -> None:
    truth = {name: read_table(SAMPLES / "truth", name) for name in TABLES}
    for name in ("people", "membership", "products", "accounts", "opportunities", "market", "activities"):
        columns = [column for column in TABLES[name].columns if truth[name][column].notna().any()]
        keys = [
            column
            for column in columns
            if TABLES[name].field(column).kind not in ("money", "number", "share")
        ]
        ours, theirs = (
            table[columns].sort_values(keys, ignore_index=True)
            for table in (sample.tables[name], truth[name])
        )
        pd.testing.assert_frame_equal(ours, theirs, obj=name)
    goals = [
        table.sort_values(["person_id", "period_start"], ignore_index=True)[
            ["person_id", "person", "team", "period_start", "period_end", "goal"]
        ]
        for table in (sample.tables["goals"], truth["goals"])
    ]
    pd.testing.assert_frame_equal(*goals)


def test_sample_orders_are_the_truth_but_for_what_nobody_can_know(sample: Collected) -> None:
    truth = read_table(SAMPLES / "truth", "orders").set_index(["order_id", "line"])
    ours = sample.tables["orders"].set_index(["order_id", "line"])
    assert ours.index.is_unique
    assert len(ours) == 20_523
    truth = truth.loc[ours.index]
    for column in ("date", "account_id", "quantity", "amount", "cost", "new_customer"):
        pd.testing.assert_series_equal(ours[column], truth[column])
    unknown = ours.person_id.isna()
    assert unknown.sum() == 2 + 15 + 12 + 10
    assert (ours.person_id[~unknown] == truth.person_id[~unknown]).all()
    misspelt = ours.product_id == "RO800Pro"
    assert misspelt.sum() == 143
    assert (ours.product_id[~misspelt] == truth.product_id[~misspelt]).all()
    assert (ours.product_line[~misspelt] == truth.product_line[~misspelt]).all()
    assert ours.product_line[misspelt].isna().all()
