"""Charts, tables, sentences and the report's section of the market step."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from company_of_truth import make_true_company
from market_company import plain_company, tables_of

import salesgoals as sg
from salesgoals import market
from salesgoals.markets.findings import SIDES
from salesgoals.problems import Problem
from salesgoals.run.cli import main
from salesgoals.show.charts_customers import chart_customers
from salesgoals.show.charts_margins import chart_margins
from salesgoals.show.charts_market import chart_bridge, chart_growth_parts
from salesgoals.show.market_parts import market_section, say_findings, say_notes, show_market
from salesgoals.show.widgets_market import choose_market
from salesgoals.tables import write_table
from salesgoals.words import all_words, in_language
from salesgoals.workspace import Workspace

NOW = pd.Timestamp("2025-05-10")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = make_true_company(tmp_path_factory.mktemp("market") / "w")
    forecast, _ = sg.estimate(workspace)
    total = round(float(forecast.unit["mean"]))
    sg.save_plan(workspace, sg.make_plan(workspace, total, "2026-07"))
    return workspace


def values_of(chart: Any) -> list[dict[str, Any]]:
    spec = chart.to_dict()
    inline = [place["data"].get("values", []) for place in [spec, *spec["layer"]] if "data" in place]
    return [row for rows in [*inline, *spec.get("datasets", {}).values()] for row in rows]


def title_of(chart: Any) -> str:
    return " ".join(chart.to_dict()["title"]["text"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_charts_say_what_the_figures_show(company: Workspace, language: str) -> None:
    tables = company.tables
    with in_language(language):
        growth = chart_growth_parts(market.growth_against_market(tables), "CNY")
        margins = chart_margins(market.margin_course(tables))
        customers = chart_customers(market.customer_shares(tables))
        bridge = chart_bridge(market.price_volume_mix(tables), "CNY")
        titles = [title_of(chart) for chart in (growth, margins, customers, bridge)]
        assert "商用净水机" in titles[1]
        assert "36%" in titles[1]
        assert "22%" in titles[1]
        assert "80%" in titles[2] or "八成" in titles[2]
        for chart in (growth, margins, customers, bridge):
            assert chart.to_dict()["description"]
            assert len(values_of(chart)) > 3
    assert {row["kind"] for row in values_of(growth) if "kind" in row} == {
        all_words()[f"market.chart_{name}"][language] for name in ("with", "won", "lost")}


def test_a_bridge_walks_from_one_year_to_the_next(company: Workspace) -> None:
    table = market.price_volume_mix(company.tables)
    rows = [row for row in values_of(chart_bridge(table)) if "from" in row and "kind" in row][:7]
    steps = [row for row in rows if row["kind"] != "year"]
    assert steps[0]["from"] == pytest.approx(table.before.sum() / 1e6, rel=1e-5)
    assert steps[-1]["to"] == pytest.approx(table.now.sum() / 1e6, rel=1e-5)
    for one, two in pairwise(steps):
        assert one["to"] == pytest.approx(two["from"], rel=1e-5)
    assert chart_bridge(table, part="no such part") is None


def test_where_nothing_can_be_said_there_is_no_chart_but_a_sentence() -> None:
    tables = tables_of([{"date": NOW, "amount": 5.0, "account_id": "1"}])
    assert chart_growth_parts(market.growth_against_market(tables)) is None
    assert chart_bridge(market.price_volume_mix(tables)) is None
    assert chart_margins(market.margin_course(tables)) is None
    assert chart_customers(market.customer_shares(tables)) is None
    for table in (market.growth_against_market(tables), market.price_volume_mix(tables)):
        assert "year before" in repr(show_market(table))
    assert "stands out" not in repr(say_findings(market.strengths_and_weaknesses(tables)))
    both = [Problem(f"market.no_{name}", level="note") for name in ("sales", "market")]
    assert say_notes(both) == [
        "There are no sales in the data, so nothing can be said about the market."]


def test_without_market_figures_the_chart_shows_the_change_and_says_so() -> None:
    tables = plain_company(3)
    tables["market"] = tables["market"].iloc[:0]
    chart = chart_growth_parts(market.growth_against_market(tables))
    assert "cannot be told apart" in " ".join(chart.to_dict()["title"]["subtitle"])
    assert "of it" in title_of(chart)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_finding_can_be_said(language: str) -> None:
    rows = [{"code": code, "side": side, "by": "segment", "part": "Shops", "amount": -1234567.0,
             "figure": .25, "low": .1, "high": .4, "compared": .05, "market": .07, "cause": "price",
             "month": NOW, "n": 12, "p": .001} for code, side in SIDES.items()]
    with in_language(language):
        told = repr(say_findings(pd.DataFrame(rows), "CNY"))
    assert told.count("Shops") >= 9
    assert "{" not in told
    assert "nan" not in told


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_table_reads_in_words(company: Workspace, language: str) -> None:
    tables, headers = company.tables, 0
    with in_language(language):
        for table in (market.growth_against_market(tables), market.price_volume_mix(tables),
                      market.margin_causes(tables), market.margin_course(tables), market.below_cost(tables),
                      market.customer_shares(tables), market.concentration(tables),
                      market.customer_changes(tables), market.seasons(tables), market.season_indices(tables),
                      market.benchmarks(tables), market.market_disagreements(tables)):
            text = repr(show_market(table, 3))
            assert "_" not in text
            assert "nan" not in text.lower().split()
            headers += 1
    assert headers == 12


def test_the_report_on_the_whole_company_has_the_section_and_others_do_not(company: Workspace) -> None:
    whole = market_section(sg.open_report(company))
    text = " ".join(repr(part) for part in whole)
    assert "餐饮连锁" in text
    assert "商用净水机" in text
    assert sum(part is not None and hasattr(part, "to_dict") for part in whole) == 4
    team = sg.report_names(company, "team").name.iloc[0]
    report = sg.open_report(company, "team", team)
    assert market_section(report) == []
    assert not any(name.startswith("market") for name in report.studies)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_command_prints_findings_and_tables(company: Workspace, capsys: pytest.CaptureFixture[str],
                                                language: str) -> None:
    assert main(["market", str(company.folder), "--lang", language]) == 0
    told = capsys.readouterr().out
    assert "餐饮连锁" in told
    assert all_words()["market.cli_causes"][language] in told


def test_records_too_short_to_compare_are_not_called_free_of_findings(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = sg.new_workspace(tmp_path / "w", language="en")
    for name, table in tables_of(orders=pd.DataFrame({
            "date": pd.date_range("2025-01-05", periods=6, freq="MS"), "amount": 100.0})).items():
        write_table(workspace.folder / "tables", name, table)
    assert main(["market", str(workspace.folder), "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert "growth is not known" in told
    assert all_words()["market.nothing_found"]["en"] not in told


def test_where_the_market_is_not_known_no_columns_of_dashes_stand(company: Workspace) -> None:
    tables = {**company.tables, "market": company.tables["market"].iloc[:0]}
    with in_language("en"):
        shown = show_market(sg.growth_against_market(tables)).html
        assert not re.search(f">{all_words()['market.column_mix']['en']}</th>", shown)
        assert ">mix</th>" in show_market(sg.growth_against_market(company.tables)).html
        nowhere = sg.growth_against_market({**tables, "accounts": tables["accounts"].assign(segment=None)})
        notes = say_notes(nowhere.attrs["notes"])
    assert all_words()["market.part_never_known"]["en"] in notes


def test_the_widget_draws_anew_in_its_own_language(company: Workspace) -> None:
    with in_language("zh"):
        box = choose_market(company.tables, "CNY")
    (by, months), shown = box.children[0].children, box.children[1]
    first = shown.value
    by.value = "region"
    second = shown.value
    months.value = 3
    third = shown.value
    assert len({first, second, third}) == 3
    assert all(text.startswith("<img") for text in (first, second, third))
    empty = choose_market(tables_of([{"date": NOW, "amount": 5.0}]))
    assert "year before" in empty.children[1].value


def test_a_file_of_market_figures_named_in_plain_words_is_enough(tmp_path: Path) -> None:
    workspace = sg.new_workspace(tmp_path / "w", language="en", company="Plain")
    lines = [f"{year}-{month:02}-10,{n},Shops,{100 + 10 * (year - 2024)}" for year in (2024, 2025)
             for month in range(1, 13) for n in range(3)]
    (workspace.inbox / "orders.csv").write_text(
        "\n".join(["Order Date,Order Number,Customer Name,Amount", *lines]), encoding="utf-8")
    figures = [f"2025-{month:02},all,1000,4%,office" for month in range(1, 13)]
    (workspace.inbox / "market.csv").write_text(
        "\n".join(["month,segment,level,growth,source", *figures]), encoding="utf-8")
    sg.save_collected(workspace, sg.collect_folder(workspace))
    found = market.growth_against_market(sg.open_workspace(workspace.folder).tables, by=None).iloc[0]
    assert (found.growth, found.market_growth) == pytest.approx((.1, .04))
    assert found.share == pytest.approx(found.before * .06)
