from __future__ import annotations

import re
from dataclasses import fields

import pandas as pd
import pytest
from company import true_workspace

from salesgoals.plans import SavedPlan, make_plan, save_plan
from salesgoals.problems import SalesgoalsError
from salesgoals.readers import _until, open_report, report_names
from salesgoals.workspace import Workspace

TOTAL = 180_000_000


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, SavedPlan]:
    workspace = true_workspace(tmp_path_factory.mktemp("planned") / "sample")
    saved = make_plan(workspace, TOTAL, "2026-07", method="equal_chance", unit=100)
    save_plan(workspace, saved)
    return workspace, saved


def strings_in(report: object) -> str:
    """Everything a report holds, as one text."""
    parts = []
    for field in fields(report):
        value = getattr(report, field.name)
        if isinstance(value, pd.DataFrame | pd.Series):
            parts.append(value.to_csv())
        elif hasattr(value, "__dataclass_fields__"):
            parts.append(strings_in(value))
        else:
            parts.append(repr(value))
    return "\n".join(parts)


@pytest.mark.parametrize("by", ["team", "person"])
def test_a_reader_sees_only_what_is_the_readers(planned: tuple[Workspace, SavedPlan], by: str) -> None:
    workspace, saved = planned
    people = saved.plan.people
    names = report_names(workspace, by)
    assert len(names) == (6 if by == "team" else len(people))
    for name in names.name.iloc[::5]:
        report = open_report(workspace, by, name)
        mine = set(report.plan.people.person_id)
        assert mine
        others = people[~people.person_id.isin(mine)]
        text = strings_in(report)
        words = set(re.split(r"[^\w.]+", text))
        leaked = [row.person for row in others.itertuples()
                  if row.person_id in words or (row.person not in set(report.plan.people.person)
                                                and row.person in text)]
        assert not leaked
        assert str(TOTAL) not in words
        assert report.plan.goals.goal.sum() == report.plan.people.goal.sum()


def test_a_person_cannot_take_the_own_sales_from_the_teams(planned: tuple[Workspace, SavedPlan]) -> None:
    workspace, saved = planned
    person = saved.plan.people.person_id.iloc[0]
    team = float(saved.studies["team_risk"].set_index("person_id").team_sales[person])
    own = open_report(workspace, "person", person)
    row = own.study("team_risk").iloc[0]
    assert row.sales < team
    for name in own.studies:
        figures = own.study(name).select_dtypes("number").to_numpy(float, na_value=0.)
        assert not (abs(figures - team) < 1).any(), name
    assert "team_share" not in row
    place = saved.plan.people.iloc[0]
    whole = open_report(workspace, "team", f"{place.department}/{place.team}").study("team_risk")
    assert whole.team_sales.eq(team).all()


def test_the_teams_reports_add_up_to_the_company(planned: tuple[Workspace, SavedPlan]) -> None:
    workspace, _ = planned
    reports = [open_report(workspace, "team", name) for name in report_names(workspace, "team").name]
    assert sum(report.plan.goals.goal.sum() for report in reports) == TOTAL
    whole = open_report(workspace)
    assert sum(report.history.amount.sum() for report in reports) == pytest.approx(
        whole.history[whole.history.person_id != ""].amount.sum())


def test_a_readers_records_end_where_the_companys_do(planned: tuple[Workspace, SavedPlan]) -> None:
    """Who sold nothing in the last month has sold 0 in it; the last 12 months are the same for everybody."""
    workspace, saved = planned
    end = saved.history.month.max()
    quiet = saved.history.person_id[saved.history.month == end]
    ends = {name: open_report(workspace, "person", name).history.month.max()
            for name in saved.plan.people.person_id[~saved.plan.people.person_id.isin(quiet)]}
    assert set(ends.values()) <= {end}
    shortened = saved.history[saved.history.month < end]
    assert _until(shortened, end).month.max() == end
    assert _until(shortened, end).amount.sum() == shortened.amount.sum()


def test_an_unknown_reader_is_named(planned: tuple[Workspace, SavedPlan]) -> None:
    with pytest.raises(SalesgoalsError, match="nobody"):
        open_report(planned[0], "person", "nobody")
    with pytest.raises(SalesgoalsError, match="all, team and person"):
        report_names(planned[0], "planet")
