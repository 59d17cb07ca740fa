"""Pay in reports: a person sees the own pay and nobody else's, the company cost and flaws, a team nothing."""

from __future__ import annotations

import io
import json
import re
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pandas as pd
import pytest
from small_company import small_company

import salesgoals as sg
from salesgoals.paying.scheme_file import PAY_FILE
from salesgoals.payroll import practice_pay
from salesgoals.plans import load_plan, make_plan, save_plan
from salesgoals.readers import Report, open_report
from salesgoals.run.cli import main
from salesgoals.show.charts_incentives import chart_pay_cost, chart_pay_curve, chart_pay_gain
from salesgoals.show.incentives_parts import pay_section, show_flaws, show_statement
from salesgoals.show.parts import provenance
from salesgoals.show.widgets_incentives import pay_slider, plan_slider
from salesgoals.tables import write_table
from salesgoals.words import in_language
from salesgoals.workspace import Workspace, open_workspace

Terms = sg.incentives.PayTerms


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    names = {number: f"Xq{number}zk" for number in range(1, 9)}
    workspace = small_company(tmp_path_factory.mktemp("pay") / "w", people=8, names=names)
    sg.write_example_plan(workspace)
    return workspace


@pytest.fixture(scope="module")
def terms(company: Workspace) -> Terms:
    return sg.apply_pay_plan(company, load_plan(company))


def shown(report: Report) -> str:
    return json.dumps([content.to_dict() if hasattr(content, "to_dict") else getattr(content, "html", content)
                       for content in pay_section(report) if content is not None], default=str,
                      ensure_ascii=False)


def test_a_person_sees_the_own_pay_and_nobody_elses(company: Workspace) -> None:
    for by in ("P001", "P008"):
        report = open_report(company, "person", by)
        inside, kept = shown(report), repr(report.pay)
        assert f"Xq{int(by[1:])}zk" in inside
        for number in range(1, 9):
            if f"P{number:03d}" != by:
                assert f"Xq{number}zk" not in inside + kept
                assert f"P{number:03d}" not in inside + kept
        assert report.pay.cost is None
        assert report.pay.flaws == []
        assert len(report.pay.terms.plan.group) == 1
        assert report.pay.terms.plan.budget is None


def test_a_team_sees_no_pay_and_the_company_cost_and_flaws(company: Workspace) -> None:
    team = open_report(company, "team", "North/North 1")
    assert team.pay is None
    assert pay_section(team) == []
    whole = open_report(company)
    assert whole.pay.cost.total.expected > 0
    said = shown(whole)
    assert "Pay by group" in said
    assert "Better changed" in said or "Good to know" in said
    with in_language("zh"):
        assert "各人群的奖金" in shown(open_report(company))


def test_without_a_plan_one_sentence_says_how_to_get_one(company: Workspace, tmp_path: Path) -> None:
    bare = small_company(tmp_path / "w", people=4, months=14)
    assert pay_section(open_report(bare))[0].startswith("The workspace has no pay plan yet")
    assert pay_section(open_report(bare, "person", "P001")) == []
    (bare.folder / PAY_FILE).write_text("title = 1", encoding="utf-8")
    report = open_report(bare)
    assert report.pay.terms is None
    assert "cannot be used" in pay_section(report)[0]
    assert "curves" in pay_section(report)[1].html
    assert pay_section(open_report(bare, "person", "P001")) == []


def test_goals_for_margin_and_new_customers_come_from_the_plans_metrics(company: Workspace) -> None:
    saved = load_plan(company)
    goals = saved.plan.goals.groupby(["person_id", "person", "department", "team", "month"],
                                     as_index=False).goal.sum().assign(metric="margin")
    studies = {**saved.studies, "metrics_goals": goals.assign(goal=goals.goal // 3),
               "metrics_people": pd.DataFrame({"person_id": ["P001"], "metric": "margin", "expected": 5.})}
    saved = sg.plans.replace(saved, studies=studies)
    terms = sg.apply_pay_plan(company, saved)
    group = terms.group_of("P001")
    assert terms.counts(group, "margin")
    assert not len(terms.without_goal(group, "margin"))
    assert terms.expected["mean"].tolist() == [5.]
    page = sg.explain_pay(terms, "P001", saved.forecast)
    assert page.goals.set_index("metric").goal["margin"] < page.goals.set_index("metric").goal["amount"]
    assert page.table.pay.is_monotonic_increasing
    assert page.table.chance.dropna().is_monotonic_decreasing
    assert page.goals.pay.sum() == page.table.pay[page.table.attainment == 1].iloc[0]


def test_namesakes_are_told_apart_and_the_version_is_named(company: Workspace, tmp_path: Path) -> None:
    twins = small_company(tmp_path / "w", people=3)  # persons 1 and 2 are both called Person 1
    with in_language("zh"):
        report = open_report(twins, "person", "P002")
        assert report.title == "Person 1（P002）"
        assert "proposed" not in provenance(report).html
    assert open_report(company, "person", "P002").title == "Xq2zk"


def test_a_joining_date_that_sales_contradict_makes_nobody_a_newcomer(tmp_path: Path) -> None:
    workspace = small_company(tmp_path / "w", people=6)
    sg.write_example_plan(workspace)
    people = workspace.tables["people"]
    wrong = people.hire_date.mask(people.person_id == "P001", pd.Timestamp("2026-05-01"))
    late = people.assign(hire_date=wrong)
    write_table(workspace.folder / "tables", "people", late)
    workspace = open_workspace(workspace.folder)
    save_plan(workspace, make_plan(workspace, 3_000_000, "2026-07"))
    saved = load_plan(workspace)
    for groups in (sg.apply_pay_plan(workspace, saved).people, practice_pay(workspace)[1].people):
        named = groups.set_index("person_id").group
        assert named["P001"] == named["P002"] != named["P006"]
    assert set(saved.studies["metrics_milestones"].person_id) == {"P006"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_charts_say_what_the_figures_say(company: Workspace, language: str) -> None:
    saved = load_plan(company)
    with in_language(language):
        terms = sg.apply_pay_plan(company, saved)
        before = sg.apply_pay_plan(company, saved, sg.example_pay_plan("before"))
        cost = sg.cost_of_plan(terms, saved.forecast)
        gain = sg.compare_pay(before, terms, saved.forecast)
        curve = chart_pay_curve(terms, "P001", saved.forecast, "CNY").to_dict()
        drawn = chart_pay_cost(cost, "CNY").to_dict()
        gains = chart_pay_gain(gain, "CNY").to_dict()
        at_goal = float(sg.pay_at(terms, "P001", 1).pay.sum())
        assert sg.format_money(at_goal, "CNY") in curve["description"]
        assert sg.format_money(cost.total.expected, "CNY") in drawn["description"]
        assert re.findall(r"\d+", gains["description"])[0] == str((gain.gain > .005 * gain.before).sum())
        low, high = next(layer["encoding"]["x"]["scale"]["domain"] for layer in gains["layer"]
                         if "x" in layer["encoding"])
        bars = [row["gain"] for rows in gains["datasets"].values() for row in rows if "gain" in row]
        room = .25 * (high - low)  # what a label needs at most
        assert low + room <= min(*bars, 0) <= max(*bars, 0) <= high - room
        for chart in (curve, drawn, gains):
            text = json.dumps(chart, ensure_ascii=False)
            assert bool(re.search(r"[\u4e00-\u9fff]", text)) == (language == "zh")
        assert chart_pay_curve(terms, "nobody", saved.forecast) is None
        assert chart_pay_gain(gain.assign(gain=0.)) is None
        assert chart_pay_curve(before, "P001", saved.forecast, "CNY") is not None


def test_sliders_show_what_the_functions_say_in_their_own_language(company: Workspace, terms: Terms) -> None:
    forecast = load_plan(company).forecast
    with in_language("zh"):
        box = pay_slider(terms, "CNY", "P002")
    who, slider, shown = box.children
    seen = {shown.value}
    for result in (60, 130):
        slider.value = result
        with in_language("zh"):
            statement = sg.pay_at(terms, "P002", f"{result / 100:.2f}")
            assert shown.value.endswith(show_statement(terms, statement, "CNY").html + "</div>")
        seen.add(shown.value)
    who.value = "P003"
    seen.add(shown.value)
    assert len(seen) == 4
    threshold, faster, picture = plan_slider(terms, forecast, "CNY").children
    first = picture.value
    assert "±0 against now" in first
    assert sg.format_money(sg.cost_of_plan(terms, forecast).total.expected, "CNY") in first
    faster.value = 3.
    dearer = picture.value
    assert re.search(r"\(\+[\d.,]+\w? against now", dearer)
    threshold.value = 90
    assert len({first, dearer, picture.value}) == 3
    assert sg.format_money(sg.cost_of_plan(sg.change_curves(terms, .9, 3.), forecast).total.expected,
                           "CNY") in picture.value


def test_no_flaws_is_said_too() -> None:
    assert "No flaws found" in show_flaws([]).html


def run(*words: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(list(words))
    return code, out.getvalue(), err.getvalue()


def test_the_command_shows_cost_and_one_persons_pay(company: Workspace, terms: Terms) -> None:
    folder = str(company.folder)
    code, text, _ = run("pay", folder)
    assert code in (0, 3)
    assert "nine years in ten" in text
    code, text, _ = run("pay", folder, "--json")
    found = json.loads(text)
    assert found["total"]["expected"] > 0
    assert len(found["people"]) == 8
    code, text, _ = run("pay", folder, "--person", "P002", "--attainment", "110%", "--json")
    assert code == 0
    assert json.loads(text)["pay"] == str(sg.pay_at(terms, "P002", "1.1").pay.sum())
    code, text, _ = run("pay", folder, "--person", "Xq3zk", "--lang", "zh")
    assert (code, "奖金" in text) == (0, True)
    assert run("pay", folder, "--person", "nobody")[0] == 1
    assert run("pay", folder, "--person", "P002", "--attainment", "lots")[0] == 1
    assert run("pay", folder, "--attainment", "1.1")[0] == 2
    assert run("pay", folder, "--example")[0] == 1


def test_the_command_writes_statements_from_a_table_of_results(company: Workspace, tmp_path: Path,
                                                               terms: Terms) -> None:
    goals = terms.goals[terms.goals.month < "2026-10-01"]
    table = goals.assign(result=(goals.goal * 1.05).round(2), month=goals.month.dt.strftime("%Y-%m"))
    given = tmp_path / "results.csv"
    table[["person_id", "month", "metric", "result"]].to_csv(given, index=False)
    target = tmp_path / "out.csv"
    asked = ("pay", str(company.folder), "--results", str(given), "--out", str(target), "--json")
    code, text, error = run(*asked)
    assert code in (0, 3), error
    statement = pd.read_csv(target, dtype=str)
    expected = sg.pay(terms, goals.assign(result=(goals.goal * 1.05).round(2)))
    assert json.loads(text)["total"] == str(expected.pay.sum())
    assert statement.pay.astype(float).sum() == pytest.approx(float(expected.pay.sum()))
    heads = {"person_id": "人员编号", "month": "月份", "metric": "指标", "result": "结果"}
    table.rename(columns=heads)[list(heads.values())].to_csv(given, index=False, encoding="utf-8-sig")
    assert json.loads(run(*asked)[1])["total"] == json.loads(text)["total"]
    given.write_text("person_id,month,metric,result\nP001,soon,amount,5\nP001,2026-07,amount,much\n",
                     encoding="utf-8")
    code, _, error = run("pay", str(company.folder), "--results", str(given))
    assert code == 1
    assert "2 rows" in error
