"""Five ways of losing control: found where planted, not elsewhere, unknown where nothing tells."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from company_of_truth import make_true_company
from sample_files import facts

import salesgoals as sg
from salesgoals.control import control_evidence, judge_control, study_control
from salesgoals.in_force import goals_in_force
from salesgoals.lapses.finding import share_interval
from salesgoals.lapses.habits import judge_habits
from salesgoals.lapses.height import goal_months, whole_goals
from salesgoals.lapses.rewards import dead_shares, judge_rewards
from salesgoals.paying.scheme import Curve
from salesgoals.periods import read_period
from salesgoals.show.control_parts import control_sentences, show_control
from salesgoals.tables import TABLES, as_table, empty_table
from salesgoals.words import in_language
from salesgoals.workspace import Workspace, new_workspace

PERIOD = read_period("2026-H1")
PROBLEMS = ["too_high", "uneven", "unwatched", "rewards", "habits"]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_true_company(tmp_path_factory.mktemp("control") / "w")


@pytest.fixture(scope="module")
def control(company: Workspace) -> pd.DataFrame:
    return judge_control(company, PERIOD)


def codes(control: pd.DataFrame, problem: str, level: str | None = None) -> list[str]:
    return [proof.code.removeprefix("control.") for proof in control_evidence(control)[problem]
            if level in (None, proof.level)]


def test_the_sample_company_shows_what_was_planted(control: pd.DataFrame) -> None:
    assert control.problem.tolist() == PROBLEMS
    assert control.set_index("problem").found.to_dict() == {
        "too_high": "yes", "uneven": "yes", "unwatched": "yes", "rewards": "unknown", "habits": "unknown"}
    assert {"past_newcomers", "past_ratchet"} <= set(codes(control, "uneven", "doubt"))
    planted, evidence = facts()["unfair_goals"], control_evidence(control)
    reached = next(proof for proof in evidence["too_high"] if proof.code == "control.height_reached")
    assert reached.values["share"] == pytest.approx(planted["attainment_2026"], abs=.03)
    alarm = next(proof for proof in evidence["unwatched"] if proof.code == "control.alarm_stood")
    assert alarm.values["unit"] == "华南二组"
    assert {"stopped_logging", "neglected", "doubly_worked"} <= set(codes(control, "unwatched"))
    alike = next(proof for proof in evidence["uneven"] if proof.code == "control.past_alike")
    assert alike.values["share"] > .9


def test_what_cannot_be_known_is_asked_and_not_guessed(control: pd.DataFrame) -> None:
    unknown = control[control.found == "unknown"]
    assert (unknown.severity == 0).all()
    for problem in unknown.problem:
        assert any(code.startswith("ask_") for code in codes(control, problem))
        assert not codes(control, problem, "doubt")
    assert (control.severity[control.found == "yes"] > 0).all()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_is_shown_in_both_languages_with_evidence_and_remedy(control: pd.DataFrame, language: str) -> None:
    with in_language(language):
        said = repr(show_control(control))
        assert ("目标分配不均" if language == "zh" else "goals unevenly split") in said
        assert ("第 6 课" if language == "zh" else "lesson 6") in said
        assert ("拜访" if language == "zh" else "visits") in said
        assert len(control_sentences(control)) == 2
        assert "control.height" not in said
    assert repr(show_control(control.iloc[:0])) == ""


def test_the_frame_of_the_reports_can_be_kept(control: pd.DataFrame, tmp_path: Path) -> None:
    control.to_parquet(tmp_path / "c.parquet")
    back = pd.read_parquet(tmp_path / "c.parquet")
    assert control_evidence(back) == control_evidence(control)
    assert "person_id" not in control      # it stands in the report of the whole company only


def test_a_company_without_records_is_told_nothing_and_asked_everything(tmp_path: Path) -> None:
    bare = new_workspace(tmp_path / "w", language="en", company="bare")
    tables = {name: empty_table(name) for name in TABLES}
    found = study_control(bare, tables, goals_in_force(bare, PERIOD), PERIOD)["control_found"]
    assert found.found.tolist() == ["unknown"] * 5
    assert all(any(code.startswith("ask_") for code in codes(found, name)) for name in PROBLEMS)
    assert "None of the five" in control_sentences(found)[0]


def monthly(people: int, months: int = 30) -> dict[str, pd.DataFrame]:
    """People who sell about the same every month, with goals a little above, each its own."""
    draw = np.random.default_rng(4)
    tables = {name: empty_table(name) for name in TABLES}
    ids = [f"P{at}" for at in range(people)]
    start = pd.date_range("2024-01-01", periods=months, freq="MS")
    usual = 1000. * np.exp(draw.normal(0, .3, people))
    rows = [(month + pd.Timedelta(days=day), who, mean * draw.lognormal(0, .25) / 4)
            for who, mean in zip(ids, usual, strict=True) for month in start for day in (3, 10, 17, 24)]
    tables["orders"] = as_table("orders", pd.DataFrame(rows, columns=["date", "person_id", "amount"]))
    tables["people"] = as_table("people", pd.DataFrame({"person_id": ids, "name": ids}))
    tables["membership"] = as_table("membership", pd.DataFrame({
        "person_id": ids, "department": "D", "team": [f"T{at % 2}" for at in range(people)]}))
    windows = start[start >= "2026-01-01"]
    goals = pd.DataFrame({"person_id": np.repeat(ids, len(windows)), "goal": np.repeat(usual, len(windows)),
                          "period_start": list(windows) * people})
    tables["goals"] = as_table("goals", goals.assign(
        period_end=goals.period_start + pd.offsets.MonthEnd(0), metric="amount", unit=1))
    return tables


@pytest.mark.parametrize(("times", "found", "severity"), [(1., "no", 0), (1.6, "yes", 2)])
def test_height_depends_on_the_goals_alone(tmp_path: Path, times: float, found: str, severity: int) -> None:
    workspace = new_workspace(tmp_path / "w", language="en", company="steady")
    tables = monthly(12)
    tables["goals"] = tables["goals"].assign(goal=tables["goals"].goal * times)
    goals = tables["goals"].assign(source="export")
    control = judge_control(workspace, PERIOD, goals=goals, tables=tables).set_index("problem")
    assert (control.found.too_high, control.severity.too_high) == (found, severity)
    assert control.found.uneven == "no"
    assert control.found.unwatched == "unknown"     # no log: nothing found is not the same as in order


def test_one_goal_for_everybody_is_uneven(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path / "w", language="en", company="equal")
    tables = monthly(14)
    goals = tables["goals"].assign(goal=tables["goals"].goal.mean(), source="export")
    control = judge_control(workspace, PERIOD, goals=goals, tables=tables)
    assert control.set_index("problem").found.uneven == "yes"
    assert any(code.startswith("split_") for code in codes(control, "uneven", "doubt"))


def test_short_records_and_goals_of_part_of_the_time(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path / "w", language="en", company="young")
    tables = monthly(9)
    young = {**tables, "orders": tables["orders"][tables["orders"].date >= "2025-06-01"]}
    control = judge_control(workspace, PERIOD, goals=tables["goals"].assign(source="export"), tables=young)
    assert control.set_index("problem").found.too_high == "unknown"
    assert "short_history" in codes(control, "too_high")
    goals = tables["goals"]
    part = goals[~((goals.person_id == "P1") & (goals.period_start >= "2026-03-01"))]
    assert "P1" not in whole_goals(part).index
    assert len(whole_goals(part)) == 8
    assert goal_months(goals).tolist() == pd.date_range("2026-01-01", periods=6, freq="MS").tolist()


def test_pay_that_stops_paying_is_found_and_the_example_is_not(company: Workspace) -> None:
    forecast, terms = sg.practice_pay(company, sg.example_pay_plan())
    fine = judge_rewards(terms, forecast)
    dead = dead_shares(terms, forecast)
    assert fine.found == "no", [proof.text() for proof in fine.evidence]
    assert dead.between(0, 1).all()
    steep = Curve(threshold=Decimal("0.95"), cap=Decimal(1))    # nothing below 95 %, nothing above 100 %
    plan = terms.plan.model_copy(update={"curves": dict.fromkeys(terms.plan.curves, steep)})
    bad = judge_rewards(replace(terms, plan=plan), forecast)
    assert (bad.found, bad.severity) == ("yes", 2)
    assert dead_shares(replace(terms, plan=plan), forecast).mean() > .8
    assert judge_rewards(None, None).found == "unknown"


def test_habits_are_read_from_the_files_of_the_workspace(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path / "w", language="en", company="habits")
    goals = pd.DataFrame({"source": ["ledger"]})
    soon, late = PERIOD.end + pd.Timedelta(days=10), PERIOD.end + pd.Timedelta(days=60)
    assert judge_habits(workspace, goals, PERIOD, soon).found == "unknown"
    assert judge_habits(workspace, goals, PERIOD, late).found == "yes"
    assert judge_habits(workspace, goals.assign(source="export"), PERIOD, late).found == "unknown"
    folder = workspace.folder / "retro" / PERIOD.name
    folder.mkdir(parents=True)
    (folder / "session.toml").write_text("", encoding="utf-8")
    assert judge_habits(workspace, goals, PERIOD, late).found == "no"


def test_an_interval_holds_its_share() -> None:
    for count, total in ((0, 5), (3, 10), (10, 10), (250, 1000)):
        low, high = share_interval(count, total)
        assert 0 <= low <= count / total <= high <= 1
    assert share_interval(5, 10)[0] == pytest.approx(.2366, abs=1e-4)  # Wilson 1927, as printed in textbooks
