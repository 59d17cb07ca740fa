"""What lessons practise on: a proposal of their own in the workspace, the facts of a meeting."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from coaching_team import coaching_team, goals_of
from small_company import small_company

from salesgoals.adjusting.practice import practice_proposal
from salesgoals.meetings import agenda
from salesgoals.periods import read_period
from salesgoals.plans import load_plan
from salesgoals.practice import facts_for_meeting


@pytest.mark.parametrize(("months", "growth"), [(30, -.2), (10, .08)])
def test_a_proposal_is_the_last_year_and_some_growth_in_three_digits(tmp_path: Path, months: int,
                                                                     growth: float) -> None:
    company = small_company(tmp_path / "w", people=4, months=months)
    saved = practice_proposal(company, growth, 100)
    last_12 = float(saved.forecast.unit["last_12"]) * 12 / min(months, 12)
    total = int(saved.plan.goals.goal.sum())
    assert abs(total / last_12 - (1 + growth)) < .01
    assert f"{total}"[3:].strip("0") == ""
    assert (saved.plan.proof.difference == 0).all()
    assert int(load_plan(company).plan.goals.goal.sum()) == total


def test_the_facts_of_a_meeting_fill_its_agenda(tmp_path: Path) -> None:
    tables, june = coaching_team(), read_period("2026-06")
    settings = SimpleNamespace(calendar_country="CN", unit=1)
    workspace = SimpleNamespace(settings=settings, folder=tmp_path)
    facts = facts_for_meeting(workspace, tables, goals_of(june, 100_000), june, pd.Timestamp("2026-06-18"))
    assert facts["kpi_goals_weeks"].goal.sum() == 8 * 100_000
    found = agenda("weekly", facts)
    assert (found.part == "facts").sum() > (agenda("weekly", {}).part == "facts").sum()
