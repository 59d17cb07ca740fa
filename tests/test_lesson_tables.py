"""The small tables of the lessons, against sums made another way."""

from __future__ import annotations

import tomllib

import pandas as pd
import pytest
from company_of_truth import TRUTH, make_true_company

import salesgoals as sg
from salesgoals.lessons import add_aliases
from salesgoals.problems import Problem, keep_problems
from salesgoals.workspace import ISSUES_FILE, Workspace, new_workspace

FACTS = tomllib.loads((TRUTH / "facts.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_true_company(tmp_path_factory.mktemp("tables") / "w")


def test_attainment_agrees_with_the_planted_facts(company: Workspace) -> None:
    years = sg.attainment_by_year(company.tables).set_index("year")
    goals = FACTS["unfair_goals"]
    for year in ("2025", "2026"):
        assert years.goal[year] == goals[f"goal_{year}"]
        assert round(years.attainment[year], 4) == goals[f"attainment_{year}"]
        assert years.people[year] == goals[f"people_with_goal_{year}"]
        assert round(years.share_at_goal[year] * years.people[year]) == goals[f"people_at_goal_{year}"]


def test_tables_are_counted(company: Workspace) -> None:
    counts = sg.count_tables(company).set_index("table").rows
    assert counts["people"] == FACTS["company"]["people"]
    assert counts["orders"] == FACTS["company"]["order_lines"]
    assert (counts > 0).all()


def test_the_newest_person_is_the_one_hired_last(company: Workspace) -> None:
    newest = max(FACTS["joins"], key=lambda one: one["hire_date"])
    assert sg.newest_person(company) == newest["person_id"]


def test_chances_fall_when_the_total_rises_and_are_even_where_they_should_be(company: Workspace) -> None:
    forecast, _ = sg.estimate(company)
    start = f"{forecast.months.month.min():%Y-%m}"
    tables = []
    for total in (140_000_000, 200_000_000):
        methods = sg.compare_methods(company.tables, total, start)
        tables.append(sg.summarise_chances(sg.chances_by_method(forecast, methods)).set_index("method"))
    assert (tables[0]["median"] > tables[1]["median"]).all()
    assert (tables[0].hardly <= tables[1].hardly).all()
    spread = tables[0].highest - tables[0].lowest
    assert spread.idxmin() == "equal_chance"
    assert spread["equal"] > 0.5


def test_every_assumption_has_a_sentence_and_a_figure(company: Workspace) -> None:
    forecast, _ = sg.estimate(company)
    table = sg.list_assumptions(forecast)
    assert len(table) == 5
    assert table.value.str.contains(r"\d").all()


def test_aliases_are_written_where_they_belong(tmp_path: pytest.TempPathFactory) -> None:
    workspace = new_workspace(tmp_path / "w", language="en", company="x")
    path = workspace.folder / "mapping.toml"
    add_aliases(workspace, "product", {"A1": "A 1", 'quo"te': "净水\\器"})
    add_aliases(workspace, "product", {"B": "b"})
    add_aliases(workspace, "person", {"C": "c"})
    for nonsense in (..., None, "A1", [("A", "B")], 3):
        add_aliases(workspace, "product", nonsense)
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    assert found["alias"] == {"product": {"A1": "A 1", 'quo"te': "净水\\器", "B": "b"}, "person": {"C": "c"}}


def test_spelling_twins_come_from_the_issues(company: Workspace) -> None:
    planted = FACTS["misspelt_product"]
    where = {"level": "doubt", "count": 1, "amount": 0, "rows": "1", "nearest": "-"}
    issues = [Problem("collect.product_unknown", found=name, **where)
              for name in (planted["written"], "unheard of")]
    (company.folder / "tables" / ISSUES_FILE).write_text(keep_problems(issues), encoding="utf-8")
    assert sg.spelling_twins(company) == {planted["written"]: planted["product"]}


def test_who_moved_between_two_splits(company: Workspace) -> None:
    before = sg.plan_goals(company.tables, 176_000_000, "2026-07", unit=100)
    one = before.people.iloc[0]
    pin = pd.DataFrame([{"scope": "person", "name": one.person_id, "pin": one.goal - 50_000}])
    after = sg.plan_goals(company.tables, 176_000_000, "2026-07", unit=100, limits=pin)
    moved = sg.moved_people(before, after)
    assert moved.set_index("person").difference[one.person] == -50_000
    assert moved.difference.sum() == 0
    assert (moved.difference != 0).all()
    assert sg.moved_people(before, before).empty
