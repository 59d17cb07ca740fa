"""The retrospective as each reader opens it: known totals, nobody else's figures, nothing empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from test_collect_public import collect

from salesgoals import period_reports
from salesgoals.collect import save_collected
from salesgoals.cycle import Action, open_session, save_session
from salesgoals.in_force import goals_in_force
from salesgoals.period_reports import open_period_report
from salesgoals.periods import list_periods
from salesgoals.practice import period_to_review
from salesgoals.retro import gap_report
from salesgoals.sample import practice_workspace, sample_workspace
from salesgoals.show import retro_findings, retro_report, retro_sections, session_parts
from salesgoals.show.html import Part
from salesgoals.show.retro_report import headline, own_row
from salesgoals.words import in_language
from salesgoals.workspace import Workspace, open_workspace

SECTIONS = (retro_report.gap_section, retro_report.units_section, retro_findings.verdict_section,
            retro_sections.lines_section, retro_findings.kpi_section, retro_findings.forecast_section,
            retro_sections.people_section, retro_sections.rules_section, retro_sections.control_section,
            session_parts.session_section, session_parts.next_section)
COMPANY_ONLY = (retro_findings.forecast_section, retro_sections.rules_section,
                retro_sections.control_section, session_parts.next_section)


def said(parts: list[Any]) -> str:
    """All that a section shows: texts, tables, and the data of charts."""
    return "\n".join(part if isinstance(part, str) else part.html if isinstance(part, Part)
                     else part.to_json(ensure_ascii=False) for part in parts if part is not None).strip()


@pytest.fixture
def only_the_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The totals of a report come from the gap alone: the other studies would take a minute of test time."""
    monkeypatch.setattr(period_reports, "study_retro", lambda workspace, tables, goals, period: {
        "retro_gap": gap_report(tables, goals, period, country=workspace.settings.calendar_country)})


def card(page: str, name: str) -> float:
    """Read the amount of a card on the first screen."""
    found = re.search(rf'{name}</div><div class="value[^>]*>([^<]+)<', page)
    assert found, name
    return float(re.sub(r"[^\d.-]", "", found[1].replace("−", "-")))


def ready(source: Path, folder: Path) -> Workspace:
    collected = collect(source, folder)
    save_collected(open_workspace(folder), collected)
    return open_workspace(folder)


def test_the_first_screens_of_all_quarters_add_up_to_the_known_totals(
        shared_data: Path, tmp_path: Path, only_the_gap: None) -> None:
    company = ready(shared_data / "adventureworks_dw", tmp_path / "aw")
    people, goals, results = 0, 0.0, 0.0
    for period in list_periods(company.tables, "goal"):
        report = retro_report.open_retro_report(str(company.folder), f"{period.start:%Y-%m-%d}")
        assert report.period == period
        page = headline(report).html
        goals += card(page, "Goal")
        results += card(page, "Result")
        gap = report.study("retro_gap")
        people += int(gap[gap.by == "person"].goal.notna().sum())
    assert people == 163
    assert results == pytest.approx(80_450_596.98, abs=6)   # each is shown in whole dollars
    assert results / goals == pytest.approx(.8405, abs=5e-5)


def test_the_first_screens_of_all_months_add_up_without_any_goal(
        shared_data: Path, tmp_path: Path, only_the_gap: None) -> None:
    company = ready(shared_data / "maven_crm", tmp_path / "crm")
    months = list_periods(company.tables, "month")
    reports = {period.name: retro_report.open_retro_report(str(company.folder), period.name)
               for period in months}
    pages = {name: headline(report).html for name, report in reports.items()}
    last = own_row(reports[months[-1].name].study("retro_gap"), reports[months[-1].name])
    assert last is not None
    # Nobody logs visits: quotes and wins are still counted for the same time on both sides.
    assert max(abs(last.quote_rate), abs(last.win_rate), abs(last.product_mix)) < .5 * last.base
    assert sum(card(page, "Result") for page in pages.values()) == 10_005_534
    assert all("No goal was set" in page for page in pages.values())
    assert not any('"label">Goal<' in page for page in pages.values())
    assert '"label">Base<' not in pages[months[0].name]      # nothing before it to compare with
    assert '"label">Base<' in pages[months[-1].name]


@pytest.fixture(scope="module")
def company() -> Iterator[Workspace]:
    with in_language("en"):
        workspace = practice_workspace(sample_workspace("zh"))
        period = period_to_review(workspace.tables)
        session = open_session(workspace, period, day=period.end).agree("goal_error", "yes")
        session = session.decide("improve", "Ask for the budget first").add(Action(
            what="Twelve visits a week", owner="00037", due="2026-08-31", measure="visits a week"))
        save_session(workspace, session, who="Test")
        yield workspace


def test_the_company_reads_everything_and_no_section_is_empty(company: Workspace) -> None:
    report = open_period_report(company, "retro", period_to_review(company.tables))
    for language in ("en", "zh"):
        with in_language(language):
            page = headline(report).html
            assert page.count("<li>") >= 3
            for section in SECTIONS:
                text = said(section(report))
                assert len(text) > 60, section
                assert "nan" not in re.sub(r'"[^"]*"', "", text).lower()
    row = own_row(report.study("retro_gap"), report)
    assert row is not None
    goals = goals_in_force(company, report.period)
    assert row.goal == goals.goal.sum()
    session = said(session_parts.session_section(report))
    for text in ("Twelve visits a week", "2026-08-31", "Ask for the budget first", "visits a week"):
        assert text in session
    assert "has not been held yet" not in session


@pytest.mark.parametrize("by", ["team", "person"])
def test_nobody_elses_figures_stand_in_a_readers_report(company: Workspace, by: str) -> None:
    whole = open_period_report(company, "retro", period_to_review(company.tables))
    people, gap = whole.people, whole.study("retro_gap")
    mine = people[people.person_id == "00037"]
    name = "00037" if by == "person" else f"{mine.department.item()}/{mine.team.item()}"
    report = open_period_report(company, "retro", whole.period, by, name)
    own = set(report.people.person_id)
    assert 0 < len(own) < len(people)
    shown = "\n".join([headline(report).html, *(said(section(report)) for section in SECTIONS)])
    for section in COMPANY_ONLY:
        assert section(report) == []
    others = people[~people.person_id.isin(own)]
    named = set(others.person) - set(report.people.person)
    assert [one for one in named if one in shown] == []
    foreign = gap[(gap.by == "person") & ~gap.unit.isin(own)]
    assert [value for value in foreign.actual.round() if f"{value:,.0f}" in shown] == []
    assert f"{gap.actual.iloc[0]:,.0f}" not in shown
    assert "Twelve visits a week" in shown
    if by == "person":
        assert "<td" in said(retro_report.gap_section(report))
        assert retro_report.units_section(report) == []
        assert not re.search(r"rush|quarter", shown, re.IGNORECASE)


def test_what_public_data_lack_is_said_in_a_sentence(shared_data: Path, tmp_path: Path) -> None:
    company = ready(shared_data / "maven_crm", tmp_path / "crm")
    report = retro_report.open_retro_report(str(company.folder), "2017-Q2")
    texts = {section.__name__: said(section(report)) for section in SECTIONS}
    assert "No goal was set" in headline(report).html
    assert texts["gap_section"] == ""
    assert "no earlier records" in texts["lines_section"]
    assert "Too few rounds" in texts["rules_section"]
    assert "Less than 6 months" in texts["forecast_section"]
    assert all(part is None or part for part in retro_sections.people_section(report))
    frames = {name: len(report.study(name)) for name in report.studies}
    assert frames["retro_gap"] > 30
    assert isinstance(report.study("retro_kpi"), pd.DataFrame)
