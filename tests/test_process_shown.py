"""The progress report as people meet it: first screen, sections, each reader's cut, widgets, languages."""

from __future__ import annotations

import json
import re
from typing import Any

import pandas as pd
import pytest
from company_of_truth import make_true_company
from small_company import small_company

from salesgoals.period_reports import PeriodReport, open_period_report
from salesgoals.periods import read_period
from salesgoals.practice import practice_day, practice_goals, working_day_before
from salesgoals.problems import SalesgoalsError
from salesgoals.process import alarm_quality
from salesgoals.show import process_sections
from salesgoals.show.coaching_parts import show_milestones, sum_of_weeks
from salesgoals.show.follow_up_parts import show_doubly_worked, show_neglected
from salesgoals.show.numbers import format_exact
from salesgoals.show.process_parts import (
    UNJUDGED,
    board_columns,
    in_order,
    name_units,
    quality_rows,
    show_board,
    show_linear,
)
from salesgoals.show.progress_report import headline
from salesgoals.show.watch_parts import alarm_lines, clearest_chart, worst_reasons
from salesgoals.show.widgets_process import choose_kpi_person, choose_rule, slide_day
from salesgoals.words import in_language
from salesgoals.workspace import Workspace

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])
SECTIONS = ("alarms", "pace", "work", "kpis", "weeks", "pipeline", "customers", "team", "agenda", "data",
            "method")
TEAM, PERSON, MONTH, DAY = "华南销售部/华南二组", "00028", "2026-06", "2026-06-18"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_true_company(tmp_path_factory.mktemp("progress") / "w")


@pytest.fixture(scope="module")
def reports(workspace: Workspace) -> dict[str, PeriodReport]:
    return {by: open_period_report(workspace, "progress", MONTH, by, name, DAY)
            for by, name in (("all", ""), ("team", TEAM), ("person", PERSON))}


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Sales and a plan for later months, nothing else: no goals, no activities, no opportunities."""
    return small_company(tmp_path_factory.mktemp("bare") / "w")


def everything(report: PeriodReport) -> str:
    """All that a page holds: texts, and the data inside its charts."""
    parts: list[Any] = [headline(report)]
    for name in SECTIONS:
        parts += [part for part in getattr(process_sections, f"{name}_section")(report) if part is not None]
    return "\n".join(json.dumps(part.to_dict(), ensure_ascii=False, default=str)
                     if hasattr(part, "to_dict") else str(getattr(part, "html", part)) for part in parts)


def section(report: PeriodReport, name: str) -> str:
    parts = getattr(process_sections, f"{name}_section")(report)
    return "\n".join(filter(None, (str(part) for part in parts
                                   if part is not None and not hasattr(part, "to_dict"))))


@LANGUAGES
def test_the_first_screen_says_how_it_stands_and_what_it_takes(reports: dict[str, PeriodReport],
                                                               language: str) -> None:
    report = reports["all"]
    row = report.study("process_pace").iloc[0]
    with in_language(language):
        text = repr(headline(report))
    assert f"{row.goal:,.0f}" in text
    assert f"{row.chance:.0%}" in text
    assert f"{row.so_far / row.goal:.0%}" in text
    assert "14" in text
    assert "21" in text
    assert 0 < row.chance < 1


@LANGUAGES
@pytest.mark.parametrize("by", ["all", "team", "person"])
def test_every_text_is_in_words(reports: dict[str, PeriodReport], by: str, language: str) -> None:
    with in_language(language):
        text = everything(reports[by])
    assert not re.search(r"\b(progress|process|meetings|kpi_goals)\.[a-z_]+\b", text)
    assert not re.search(r"\bnan\b|\bNaT\b|\bNone\b", re.sub(r'"[^"]*": null', "", text))


def test_a_team_and_a_person_see_only_their_own(workspace: Workspace,
                                                reports: dict[str, PeriodReport]) -> None:
    people = reports["all"].people
    assert len(people) > 30
    for by in ("team", "person"):
        own = set(reports[by].people.person_id)
        text = everything(reports[by])
        names = set(people.person[people.person_id.isin(own)])
        for other in people[~people.person_id.isin(own)].itertuples():
            assert other.person in names or other.person not in text
            assert not re.search(rf'["> ]{other.person_id}[<"]', text)
        for unit in set(people.department + "/" + people.team) - {TEAM}:
            assert unit.split("/")[1] not in text
    whole = reports["all"].study("process_pace").iloc[0]
    assert f"{whole.goal:,.0f}" not in everything(reports["team"])


def test_the_planted_lapses_are_on_the_companys_pages(reports: dict[str, PeriodReport]) -> None:
    report = reports["all"]
    assert "董浩然" in section(report, "data")
    assert "董浩然" in section(report, "kpis")
    assert "曹阳" in section(report, "customers")
    lines = "\n".join(alarm_lines(report))
    assert "华南二组" in lines
    assert "quotes" in lines


def test_who_cannot_be_judged_is_given_no_chance(reports: dict[str, PeriodReport]) -> None:
    board = reports["all"].study("process_pace")
    columns = {column.head: column.cells for column in board_columns(board)}
    small = board.verdict.isin(UNJUDGED).tolist()
    assert any(small)
    assert all((cell == "–") == is_small for cell, is_small in zip(columns["chance"], small, strict=True))
    text = repr(show_board(board))
    assert re.search(r"Of 34 people: .*too few deals", text)


def test_danger_comes_first_within_company_teams_and_people(reports: dict[str, PeriodReport]) -> None:
    board = in_order(reports["all"].study("process_pace"))
    assert board.by.tolist() == sorted(board.by, key=["all", "team", "person"].index)
    teams = board[board.by == "team"]
    risk = teams.verdict.isin(["alarm", "at_risk"]).tolist()
    assert risk == sorted(risk, reverse=True)


def test_the_plain_rule_counts_those_behind(reports: dict[str, PeriodReport]) -> None:
    board = reports["all"].study("process_pace")
    single = board[board.by == "person"]
    assert f"{int(single.behind_linear.sum())} of {len(single)} people" in repr(show_linear(board))
    nobody = board.assign(goal=float("nan"), verdict="no_goal")
    assert "No goals" in repr(show_linear(nobody))
    assert "No goals" in repr(show_board(nobody))


def test_two_of_one_name_are_told_apart() -> None:
    board = pd.DataFrame({"by": ["team", "team", "person", "person"], "unit": ["A/one", "B/one", "1", "2"]})
    people = pd.DataFrame({"person_id": ["1", "2"], "name": ["Li", "Li"]})
    assert name_units(board, people) == ["A/one", "B/one", "Li (1)", "Li (2)"]


def test_the_measured_table_is_printed_as_measured() -> None:
    quality = alarm_quality()
    heads, rows = quality_rows(quality)
    pace = quality[quality.watched == "pace"]
    assert len(heads) == 1 + 2 * pace.deals.nunique() == len(rows[0])
    assert len(rows) == pace.rule.nunique()
    ours = pace[pace.ours].sort_values("deals")
    shown = next(row for row in rows if "(ours)" in row[0])
    assert shown[1::2] == [f"{value:.0%}" for value in ours.false_alarms]
    assert shown[2::2] == [f"{value:.0%}" for value in ours.detected]


def test_weeks_add_up_and_say_whether_they_were_reached(reports: dict[str, PeriodReport]) -> None:
    report = reports["person"]
    weeks = report.study("kpi_goals_weeks")
    sums = sum_of_weeks(weeks)
    assert float(sums.goal.sum()) == float(report.goals.goal.sum()) == float(sums.cumulative.iloc[-1])
    course = report.study("process_course")
    table = repr(show_milestones(weeks, "CNY", course)).splitlines()
    done = course.set_index("date").so_far
    first = done[done.index <= sums.end[0]].iloc[-1] >= sums.goal[0]
    assert (" yes " in table[1]) == first
    assert (" no " in table[1]) != first
    assert "on the way" in table[3]
    assert "–" in table[4]
    assert "No person has a goal" in repr(show_milestones(weeks.iloc[:0]))


def test_a_step_without_the_one_before_it_is_a_plain_count() -> None:
    nothing = float("nan")
    reasons = pd.DataFrame({
        "by": "all", "unit": "all", "reason": ["visits", "quotes", "conversion"],
        "usual": [nothing, 9., .3], "now": [nothing, 4., .3], "change": [nothing, -.5, 0.],
        "effect": [0., -10., 0.], "clear": [False, True, False], "rank": [2, 1, 3]})
    assert worst_reasons(reasons, "all", "all").reason.tolist() == ["quotes_alone"]
    reasons["usual"] = [20., .5, .3]
    assert worst_reasons(reasons, "all", "all").reason.tolist() == ["quotes"]


def test_the_chart_worth_looking_at_rings(reports: dict[str, PeriodReport]) -> None:
    weekly, charts = (reports["all"].study(f"process_{name}") for name in ("kpi", "charts"))
    assert (charts.state == "alarm").any()
    one = clearest_chart(weekly, charts)
    assert len(one[["by", "unit", "kpi"]].drop_duplicates()) == 1
    assert one.state.iloc[-1] == "alarm"
    quiet = clearest_chart(weekly, charts.assign(state="ok"))
    assert len(quiet) == len(one)


def test_nothing_to_say_is_one_sentence_for_the_company_and_absent_for_others(bare: Workspace) -> None:
    whole = open_period_report(bare, "progress", MONTH)
    said = {name: section(whole, name) for name in SECTIONS}
    assert "Opportun" in said["pipeline"] or "opportunities" in said["pipeline"]
    assert "customers" in said["customers"]
    assert "No goals" in repr(headline(whole))
    sold = whole.study("process_pace")
    assert format_exact(sold.so_far[sold.by == "all"].item()) in repr(headline(whole))
    for row in sold[sold.by != "all"].itertuples():  # without goals, what each sold is still there
        assert format_exact(row.so_far) in section(whole, "pace")
    assert "chance" not in section(whole, "pace").lower()
    assert alarm_lines(whole) == ["No weekly figure has really fallen."]
    one = open_period_report(bare, "progress", MONTH, "person", "P003")
    absent = ("alarms", "work", "weeks", "pipeline", "customers", "agenda", "data")
    assert {name: section(one, name) for name in absent} == dict.fromkeys(absent, "")
    assert everything(one)


def test_the_very_first_period_on_record_has_a_report(bare: Workspace) -> None:
    report = open_period_report(bare, "progress", "2024-01")
    assert "sold so far" in repr(headline(report))
    assert everything(report)


def test_a_period_that_is_over_promises_nothing(workspace: Workspace) -> None:
    report = open_period_report(workspace, "progress", "2026-03")
    assert not report.running
    text = repr(headline(report))
    assert "The period is over" in text
    assert not any("chance" in line for line in alarm_lines(report))
    assert "will end at" not in text
    assert section(report, "work") == section(report, "agenda") == ""
    assert "missed" in section(report, "pace")
    assert "reached" in section(report, "pace")


def test_customers_are_shown_with_their_owners() -> None:
    customers = pd.DataFrame({
        "account_id": ["1", "2"], "name": ["Inn", None], "person_id": ["7", None], "sales_12": [900., 20.],
        "last_contact": pd.to_datetime(["2026-01-05", None]), "waiting": [90., None], "usual": [10., None],
        "state": ["neglected", "no_owner"], "basis": "activities", "rank": [1, 2]})
    people = pd.DataFrame({"person_id": ["7"], "name": ["Li"]})
    text = repr(show_neglected(customers, people, "CNY"))
    assert "Inn Li CNY 900 2026-01-05 90 days 10 days far longer than usual" in text
    assert "2 nobody's CNY 20 – – –" in text
    assert "2 customers" in text
    assert "Li" not in repr(show_neglected(customers, people, owner=False))
    pairs = pd.DataFrame({"account_id": ["1"], "name": ["Inn"], "person_id": ["7"], "other_id": ["8"],
                          "contacts": [4], "other_contacts": [3], "switches": [5], "kind": ["double"]})
    assert "Inn Li, 4 contacts a colleague, 3 contacts 5" in repr(show_doubly_worked(pairs, people))
    assert "No customer" in repr(show_doubly_worked(pairs.assign(kind="handed_over"), people))


def test_lessons_look_from_a_day_inside_the_period(bare: Workspace, workspace: Workspace) -> None:
    june = read_period(MONTH)
    assert f"{practice_day(june):%F}" == DAY
    assert f"{practice_day(june, '2026-06-09'):%F}" == "2026-06-09"
    with pytest.raises(SalesgoalsError, match="2026-07-01"):
        practice_day(june, "2026-07-01")
    assert f"{working_day_before(pd.Timestamp('2026-02-25'), 2):%F}" == "2026-02-14"  # a make-up day
    assert set(practice_goals(workspace, june).source) == {"export"}
    made = practice_goals(bare, june)
    assert set(made.source) == {"practice"}
    before = bare.tables["orders"]
    one = before[(before.person_id == "P003") & (before.date < "2026-06-01") & (before.date >= "2025-06-01")]
    assert made.goal[made.person_id == "P003"].item() == round(one.amount.astype(float).sum() / 12 * 1.05)


def test_the_day_slider_shows_each_day_as_it_was_known(workspace: Workspace) -> None:
    june = read_period(MONTH)
    goals = practice_goals(workspace, june)
    slider, shown = slide_day(workspace.tables, goals, june, pd.Timestamp(DAY), "CN", "CNY").children
    assert slider.value == pd.Timestamp(DAY)
    first = shown.value
    slider.value = pd.Timestamp("2026-06-08")
    assert shown.value != first
    assert "alt=" in shown.value
    assert slider.options[0][1] == pd.Timestamp("2026-06-01")


def test_lists_of_people_and_rules_change_what_is_shown_and_keep_their_language(
        reports: dict[str, PeriodReport]) -> None:
    needs = reports["all"].study("kpi_goals_needed")
    with in_language("zh"):
        rules = choose_rule(alarm_quality())
        choice, shown = choose_kpi_person(needs, "CNY").children
    seen = set()
    for _, person in choice.options[:4]:
        choice.value = person
        seen.add(shown.value)
        assert "拜访" in shown.value
    assert len(seen) == 4
    assert len(choice.options) == needs.person_id.nunique()
    before = rules.children[1].value
    rules.children[0].value = "reach_bar"
    assert rules.children[1].value != before
    assert "误报" in rules.children[1].value
    assert "no work a week" in choose_kpi_person(needs.iloc[:0]).children[0].value
