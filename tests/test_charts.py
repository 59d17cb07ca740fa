from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import pytest
import vl_convert
from small_company import small_company

from salesgoals.forecast import forecast_sales
from salesgoals.goal import chance, totals_at
from salesgoals.readers import Report, open_report
from salesgoals.show.calendar import find_long_holidays
from salesgoals.show.charts import (
    chart_carriers,
    chart_chance,
    chart_fairness,
    chart_history,
    chart_methods,
    chart_people,
    chart_products,
    chart_quality,
    chart_tenure,
    who_carries,
)
from salesgoals.show.charts_base import round_ticks, text_width, wrap_text
from salesgoals.show.charts_methods import share_moved
from salesgoals.show.numbers import format_chance, format_money
from salesgoals.show.render import use_charts
from salesgoals.words import in_language


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return open_report(small_company(tmp_path_factory.mktemp("charts"), people=12))


@pytest.fixture(autouse=True)
def our_look() -> Iterator[None]:
    theme = alt.theme.active
    use_charts()
    yield
    alt.theme.enable(theme)


def draw_all(report: Report) -> dict[str, alt.LayerChart | None]:
    people, goals = report.plan.people, report.plan.goals
    return {
        "history": chart_history(report.history, report.forecast, goals, report.currency),
        "chance": chart_chance(report.forecast, float(goals.goal.sum()), report.currency),
        "people": chart_people(people, report.currency),
        "carriers": chart_carriers(people, report.currency),
        "products": chart_products(goals, report.history, report.currency),
        "fairness": chart_fairness(people),
        "tenure": chart_tenure(people, report.forecast.people.months_seen),
        "methods": chart_methods(report.methods),
        "quality": chart_quality(report.totals)}


def rows_of(chart: alt.LayerChart) -> list[list[dict[str, Any]]]:
    """The rows of each layer, wherever the description keeps them."""
    spec = chart.to_dict()
    kept = spec.get("datasets", {})
    data = [layer.get("data", spec.get("data")) for layer in spec["layer"]]
    return [kept[one["name"]] if "name" in one else one["values"] for one in data]


def column(chart: alt.LayerChart, name: str) -> list[Any]:
    return [row[name] for rows in rows_of(chart) for row in rows if name in row]


def finding(chart: alt.LayerChart | None) -> str:
    assert chart is not None
    return str(chart.to_dict()["description"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_chart_says_its_finding_and_old_readers_can_draw_it(report: Report, language: str) -> None:
    with in_language(language):
        charts = draw_all(report)
        assert len(charts) == 9
        for name, chart in charts.items():
            assert chart is not None, name
            spec = chart.to_dict()
            title = "".join(spec["title"]["text"])
            assert title.replace(" ", "") == spec["description"].replace(" ", ""), name
            assert any(letter.isdigit() for letter in spec["description"]), name
            picture = vl_convert.vegalite_to_svg(spec, vl_version="5.8")
            assert picture.count("<path") > 5, name
            assert not {"NaN", "undefined"} & set(picture.replace('"', " ").replace(",", " ").split()), name


def test_no_chart_carries_many_rows(tmp_path: Path) -> None:
    large = open_report(small_company(tmp_path, people=300, months=13, lines=1))
    drawn = {name: chart for name, chart in draw_all(large).items() if chart is not None}
    assert len(drawn) == 8  # all but the product lines, of which there is one
    for name, chart in drawn.items():
        assert 0 < sum(map(len, rows_of(chart))) < 1_000, name
    people = chart_people(large.plan.people)
    assert people is not None
    note = "".join(people.to_dict()["title"]["subtitle"])
    rest = large.plan.people.goal.sort_values(ascending=False).iloc[25:]
    assert f"275 add up to {format_money(float(rest.sum()))}" in note


def test_history_draws_the_figures_of_the_tables(report: Report) -> None:
    chart = chart_history(report.history, report.forecast, report.plan.goals, "CNY")
    assert chart is not None
    million = 1e6 if "million" in json.dumps(chart.to_dict()) else 1e3
    assert sum(column(chart, "actual")) == pytest.approx(report.history.amount.sum() / million, rel=1e-4)
    goals = [row["goal"] for row in next(rows for rows in rows_of(chart) if rows and "goal" in rows[0])]
    assert sum(goals) == pytest.approx(report.plan.goals.goal.sum() / million, rel=1e-4)
    assert "the goal is up 15%" in finding(chart)


def test_history_marks_the_long_holidays(report: Report) -> None:
    marked = chart_history(report.history, report.forecast, report.plan.goals)
    assert marked is not None
    assert {("2026-02", "Spring Festival"), ("2026-10", "National Day"), ("2025-01", "Spring Festival")} <= {
        (row["month"], row["holiday"]) for row in rows_of(marked)[0]}
    plain = chart_history(report.history, report.forecast, report.plan.goals, country="US")
    assert plain is not None
    assert rows_of(plain)[0] == []
    with in_language("zh"):
        months = pd.date_range("2027-01-01", periods=12, freq="MS")
        assert find_long_holidays("CN", months).values.tolist() == [
            [pd.Timestamp("2027-02-01"), "春节"], [pd.Timestamp("2027-10-01"), "国庆"]]
    assert find_long_holidays("ZZ", months).empty


def test_history_is_silent_without_sales(report: Report) -> None:
    assert chart_history(report.history.iloc[:0], report.forecast, report.plan.goals) is None
    assert chart_history(report.history.assign(amount=0.0), report.forecast, report.plan.goals) is None


def test_history_of_some_months_compares_with_no_year(report: Report) -> None:
    short = report.history[report.history.month >= "2026-03-01"]
    assert "less than a year" in finding(chart_history(short, report.forecast, report.plan.goals))


def test_a_month_without_sales_stays_a_month(report: Report) -> None:
    gap = report.history[report.history.month != "2026-01-01"]
    chart = chart_history(gap, report.forecast, report.plan.goals)
    assert chart is not None
    months = {row["month"]: row["actual"] for rows in rows_of(chart) for row in rows if "actual" in row}
    assert months["2026-01"] == 0


def test_the_chance_chart_says_what_chance_says(report: Report) -> None:
    goal = float(report.plan.goals.goal.sum())
    chart = chart_chance(report.forecast, goal, "CNY")
    assert f"has a chance of {format_chance(chance(report.forecast, goal))};" in finding(chart)
    even = totals_at(report.forecast, (0.5,)).total.iloc[0]
    assert f"CNY {format_money(even, like=goal)} would be an even bet" in finding(chart)
    assert chart is not None
    curve = [row["chance"] for row in rows_of(chart)[0]]
    assert curve == sorted(curve, reverse=True)
    totals = [row["total"] * 1e6 for row in rows_of(chart)[0]]
    assert "million" in json.dumps(chart.to_dict())
    for place in (5, 25, 45):
        assert curve[place] == pytest.approx(chance(report.forecast, totals[place]), abs=1e-4)
    assert len(curve) > 30
    assert curve[0] > 0.95
    assert curve[-1] < 0.05


def test_the_names_of_two_near_totals_stand_one_above_the_other(report: Report) -> None:
    chart = chart_chance(report.forecast, 1.1 * float(report.forecast.unit["last_12"]), "CNY")
    assert chart is not None
    heights = {row["at"] for rows in chart.to_dict()["datasets"].values() for row in rows if "at" in row}
    assert max(heights) - min(heights) > .1     # of the curve's height: a line of letters needs .09


def test_a_wish_beyond_reach_leaves_the_curve_readable(report: Report) -> None:
    chart = chart_chance(report.forecast, 50 * float(report.forecast.unit["mean"]), "CNY")
    assert "<1%" in finding(chart)
    assert chart is not None
    assert rows_of(chart)[0][30]["chance"] > 0.01
    assert chart_chance(report.forecast, 0.0) is None


def people_of(goals: list[float], last: list[float], names: list[str] | None = None) -> pd.DataFrame:
    count = len(goals)
    return pd.DataFrame({
        "person_id": [f"P{number}" for number in range(count)], "department": "d", "team": "t",
        "person": names or [chr(65 + number) for number in range(count)], "goal": goals, "last_12": last,
        "chance": [0.3] * count, "ramp": 1.0})


@pytest.mark.parametrize(("goals", "last", "says"), [
    ([200.0, 110, 110, 110, 110], [100.0] * 5, "Of 5 people one carries 71% of the growth: A"),
    ([150.0, 160, 105, 105, 105, 105], [100.0] * 6, "Of 6 people 2 carry 85% of the growth: B and A"),
    ([110.0] * 6, [100.0] * 6, "The growth is spread: it takes 3 of 6 people to carry half of it"),
    ([190.0] * 8 + [101.0] * 22, [100.0] * 30, "Half of the growth rests on 5 of 30 people"),
    ([90.0, 100], [100.0, 100], "The goals add up to 190, no more than the 200 of the last 12 months")])
def test_who_carries_counts_people_by_growth(goals: list[float], last: list[float], says: str) -> None:
    assert who_carries(people_of(goals, last)) == says


def test_a_newcomer_without_history_counts_in_full() -> None:
    assert who_carries(people_of([100.0, 101, 101, 101], [float("nan"), 100, 100, 100])).endswith("growth: A")


def test_people_are_sorted_and_namesakes_told_apart(report: Report) -> None:
    chart = chart_people(report.plan.people, "CNY")
    assert chart is not None
    rows = rows_of(chart)[0]
    assert [row["next"] for row in rows] == sorted((row["next"] for row in rows), reverse=True)
    names = [row["name"] for row in rows]
    assert len(names) == len(set(names)) == 12
    assert {"Person 1 (P001)", "Person 1 (P002)", "Person 3"} <= set(names)
    assert chart_people(report.plan.people.head(1)) is None


def test_many_people_are_added_up_by_team(tmp_path: Path) -> None:
    many = open_report(small_company(tmp_path, people=40, months=13, lines=1))
    chart = chart_carriers(many.plan.people, "CNY")
    assert chart is not None
    rows = rows_of(chart)[0]
    assert {row["name"] for row in rows} == {"North 1", "North 2", "South 1", "South 2"}
    assert len(rows) == 4


def test_products_name_the_line_with_most_growth() -> None:
    goals = pd.DataFrame({"product_line": ["a", "b"], "goal": [200, 110]})
    history = pd.DataFrame({"month": pd.date_range("2025-01-01", periods=12, freq="MS").repeat(2),
                            "product_line": ["a", "b"] * 12, "amount": 100 / 12})
    assert finding(chart_products(goals, history)) == (
        "Most of the growth is asked of a: 91% of all growth (+100%)")
    even = goals.assign(goal=[110, 112])
    assert finding(chart_products(even, history)) == (
        "All product lines are asked for similar growth: +10% to +12%")
    assert chart_products(goals.head(1), history[history.product_line == "a"]) is None
    nameless = history.assign(product_line=["", "b"] * 12)
    unset = goals.assign(product_line=["no product line", "b"])
    assert finding(chart_products(unset, nameless)).startswith("Most of the growth is asked of b")


def test_fairness_tells_even_from_uneven(report: Report) -> None:
    people = report.plan.people
    even = people.assign(chance=[0.30 + number / 200 for number in range(len(people))])
    assert finding(chart_fairness(even)) == "Everybody's chance is alike: from 30% to 36%"
    uneven = people.assign(chance=[0.1] + [0.5] * 10 + [0.9])
    assert finding(chart_fairness(uneven)) == (
        f"Chances differ: 10% for Person 1 (P001), 90% for {people.person.iloc[-1]}")
    assert chart_fairness(people.assign(chance=float("nan"))) is None
    chart = chart_fairness(people)
    assert chart is not None
    assert sum(column(chart, "size")) == people.chance.notna().sum()


def test_tenure_compares_newcomers_with_the_others(report: Report) -> None:
    people = report.plan.people.assign(chance=[0.4] * 11 + [0.1])
    months = pd.Series([30] * 11 + [4], index=people.person_id)
    chart = chart_tenure(people, months)
    assert finding(chart) == "The 1 with less than a year have a median chance of 10%, the others 40%"
    assert chart_tenure(people, months.replace(4, 30)) is None


def test_methods_measure_what_moves() -> None:
    methods = people_of([0.0] * 2, [0.0] * 2).assign(history=[80, 20], equal=[50, 50], capability=[70, 30],
                                                     potential=float("nan"))
    assert share_moved(methods).to_dict() == {"equal": pytest.approx(0.3), "capability": pytest.approx(0.1)}
    chart = chart_methods(methods)
    assert finding(chart) == ("Against a split by history, equal split would move 30% of the goal between "
                              "people, capability only 10%")
    part = chart_methods(methods.assign(equal=[60, 60]))
    assert "the goals here would change by +20% with equal split" in finding(part)
    assert chart_methods(methods.drop(columns=["equal", "capability"])) is None


def test_quality_is_silent_when_nothing_was_set_aside(report: Report) -> None:
    assert finding(chart_quality(report.totals)).startswith("Of 1,000 rows 99.0% were kept and 10 set aside")
    assert chart_quality(report.totals.assign(rows_aside=0)) is None
    assert chart_quality(pd.DataFrame()) is None


def test_a_company_of_one_draws_what_can_be_said(tmp_path: Path) -> None:
    alone = open_report(small_company(tmp_path, people=1, months=14, lines=1))
    drawn = {name for name, chart in draw_all(alone).items() if chart is not None}
    assert drawn == {"history", "chance", "quality"}


def test_long_names_and_long_titles_stay_inside(tmp_path: Path) -> None:
    long = {number: f"Wolfeschlegelsteinhausenberger {number}" for number in range(1, 13)}
    report = open_report(small_company(tmp_path, people=12, names=long))
    for name, chart in draw_all(report).items():
        assert chart is not None
        spec = chart.to_dict()
        assert all(text_width(line, 16) <= 910 for line in spec["title"]["text"]), name
        picture = vl_convert.vegalite_to_svg(spec)
        width = float(picture.split('width="')[1].split('"')[0])
        assert width <= 925, name


def test_history_from_one_forecast_of_three_months() -> None:
    history = pd.DataFrame({"month": pd.date_range("2026-01-01", periods=3, freq="MS"), "person_id": "1",
                            "amount": [10.0, 0.0, 30.0]})
    forecast = forecast_sales(history, months=3)
    goals = pd.DataFrame({"month": forecast.unit_months.month, "goal": [20, 20, 20]})
    assert "add up to 60" in finding(chart_history(history, forecast, goals))


def test_chinese_quotation_marks_are_as_wide_as_letters() -> None:
    assert text_width("“平均”", 16) == text_width("平均平均", 16)


@pytest.mark.parametrize("text", ["目标比最近十二个月高，预测低。" * 12, "It rests on two of us " * 12])
def test_wrapping_loses_nothing_and_fits(text: str) -> None:
    lines = wrap_text(text, 16, 900)
    assert len(lines) > 1
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(text_width(line, 16) <= 900 for line in lines)
    assert not any(line[0] in "，。、" for line in lines)


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 870), (-30, 112), (0, 3.2e7), (0, 0)])
def test_ticks_are_round_few_and_inside(low: float, high: float) -> None:
    ticks = round_ticks(low, high)
    assert 1 <= len(ticks) <= 13
    assert low <= min(ticks)
    assert max(ticks) <= max(high, low)
