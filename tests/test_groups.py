"""Data sets for groups: what is planted is found by the package's functions, and stays with the trainer."""

from __future__ import annotations

import hashlib
import html
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from conftest import PROJECT

import salesgoals as sg
from salesgoals.collect import collect_folder, save_collected
from salesgoals.groups import ANSWERS, LESSONS, TRUTH, Groups, make_groups
from salesgoals.problems import SalesgoalsError
from salesgoals.run.cli import main
from salesgoals.show.group_sheets import say_planted, write_group_answers
from salesgoals.words import in_language, say
from salesgoals.workspace import Workspace, open_workspace

SEED, GROUPS = 9, 3
Facts = dict[str, Any]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Groups:
    groups = make_groups(tmp_path_factory.mktemp("workshop") / "w", GROUPS, SEED, "en")
    write_group_answers(groups)
    return groups


@pytest.fixture(scope="module")
def collected(made: Groups) -> dict[int, Workspace]:
    found = {}
    for company in made.companies.itertuples():
        workspace = open_workspace(company.folder)
        with in_language("en"):
            save_collected(workspace, collect_folder(workspace))
        found[company.group] = open_workspace(company.folder)
    return found


def contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file()}


# ---- what is planted is found

def codes(workspace: Workspace, code: str) -> pd.DataFrame:
    return workspace.issues[workspace.issues.code == code]


def gap_of_teams(workspace: Workspace) -> pd.DataFrame:
    period = sg.read_period("2026-H1", workspace.tables)
    goals = sg.goals_in_force(workspace, period)
    gap = sg.gap_report(workspace.tables, goals, period, country="CN")
    verdicts = sg.goal_or_work(workspace.tables, goals, period, country="CN")
    teams = gap[gap.by == "team"].set_index("unit")
    return teams.assign(verdict=verdicts[verdicts.by == "team"].set_index("unit").verdict,
                        team=teams.index.str.split("/").str[-1])


def least_worked(workspace: Workspace, facts: Facts) -> bool:
    teams = gap_of_teams(workspace)
    unit = (teams.actual - teams.base).idxmin()
    return teams.team[unit] == facts["tired_team"]["team"] and teams.activity[unit] == teams.activity.min()


def goal_too_high(workspace: Workspace, facts: Facts) -> bool:
    teams = gap_of_teams(workspace)
    planted = teams[teams.team == facts["inflated_goal"][0]["team"]].iloc[0]
    return planted.verdict == "goal_too_high" and planted.goal_error == teams.goal_error.min()


def falling_margin(workspace: Workspace, facts: Facts) -> bool:
    causes = sg.margin_causes(workspace.tables)
    causes = causes[causes.part != ""].set_index("part")
    line = facts["losing_line"]["product_line"]
    return causes.points.idxmin() == line and causes.price[line] < -.02


def grows_most(workspace: Workspace, facts: Facts) -> bool:
    segments = sg.growth_against_market(workspace.tables, by="segment").set_index("part")
    return segments.growth.idxmax() == facts["growing_segment"]["segment"]


def newcomer(story: str, verdict: str) -> Callable[[Workspace, Facts], bool]:
    def seen(workspace: Workspace, facts: Facts) -> bool:
        person = next(entry["person_id"] for entry in facts["joins"] if entry["ramp"] == story)
        progress = sg.progress_of_newcomers(workspace.tables).set_index("person_id")
        return progress.verdict[person] == verdict
    return seen


def two_carry(workspace: Workspace, facts: Facts) -> bool:
    risk = sg.sales_at_risk(workspace.tables).set_index("person_id")
    return risk.two_share.idxmax() == facts["bus_factor"]["person_id"]


def log_is_silent(workspace: Workspace, facts: Facts) -> bool:
    lag = sg.data_lag(workspace.tables, pd.Timestamp("2026-06-30"))
    silent = lag[(lag.source == "activities") & (lag.state != "ok")]
    return facts["log_stopped"]["person_id"] in set(silent.person_id)


def nobody_goes(workspace: Workspace, facts: Facts) -> bool:
    found = sg.neglected_customers(workspace.tables, pd.Timestamp("2026-06-30"))
    left = set(found.account_id[found.person_id == facts["neglected"]["person_id"]])
    return len(left & set(facts["neglected"]["account_ids"])) >= 2


def two_go(workspace: Workspace, facts: Facts) -> bool:
    found = sg.doubly_worked(workspace.tables, pd.Timestamp("2026-06-30"))
    both = facts["doubly_worked"]
    pair = {both["owner"], both["also"]}
    seen = {row.account_id for row in found.itertuples() if {row.person_id, row.other_id} == pair}
    return bool(seen & set(both["account_ids"]))


FINDS: dict[str, Callable[[Workspace, Facts], bool]] = {
    "gbk": lambda workspace, facts: (workspace.inbox / "orders_2024.csv").read_bytes().decode("gbk") != "",
    "mixed_dates": lambda workspace, facts: len(codes(workspace, "collect.date_unreadable")) >= 3,
    "misspelt": lambda workspace, facts: facts["misspelt_product"]["written"] in set(
        codes(workspace, "collect.product_unknown").found),
    "same_name": lambda workspace, facts: len(codes(workspace, "collect.person_ambiguous")) > 0,
    "overlap": lambda workspace, facts: len(codes(workspace, "collect.duplicate_elsewhere")) > 0,
    "amounts": lambda workspace, facts: len(codes(workspace, "collect.amount_unreadable")) >= 3,
    "refused": lambda workspace, facts: {"sources.refused_pivot", "sources.refused_kind"} <= set(
        workspace.issues.code),
    "slump": least_worked, "inflated_goal": goal_too_high,
    "windfall": lambda workspace, facts: (
        sg.describe_people(workspace.tables).set_index("person_id").largest_share.idxmax()
        == facts["lucky_veteran"]["person_id"]),
    "falling_price": falling_margin, "growing_segment": grows_most,
    "slow_newcomer": newcomer("slow_ramp", "slow"), "fast_newcomer": newcomer("good_ramp", "good"),
    "two_customers": two_carry, "log_stopped": log_is_silent, "neglected": nobody_goes,
    "doubly_worked": two_go}
#: codes that only a planted problem brings
SIGNS = {"misspelt": "collect.product_unknown", "same_name": "collect.person_ambiguous",
         "amounts": "collect.amount_unreadable", "mixed_dates": "collect.date_unreadable",
         "overlap": "collect.duplicate_elsewhere", "refused": "sources.refused_pivot"}


def test_the_package_finds_what_was_planted(made: Groups, collected: dict[int, Workspace]) -> None:
    assert set(FINDS) == set(LESSONS)
    assert made.planted.kind.nunique() >= 12
    for group, planted in made.planted.groupby("group"):
        facts = tomllib.loads((made.folder / ANSWERS / TRUTH / f"group_{group}" / "facts.toml").read_text(
            encoding="utf-8"))
        assert len(planted) == 8
        for kind in planted.kind:
            assert FINDS[kind](collected[group], facts), (group, kind)
        for kind in set(SIGNS) - set(planted.kind):
            assert not len(codes(collected[group], SIGNS[kind])), (group, kind)


def test_a_careful_reader_keeps_what_the_sheet_says(made: Groups, collected: dict[int, Workspace]) -> None:
    for company in made.companies.itertuples():
        orders = collected[company.group].tables["orders"]
        assert len(orders) == company.order_lines
        assert orders.amount.sum() == pytest.approx(company.sales, abs=.01)


# ---- every group its own, the same seed the same bytes

def test_no_two_groups_are_alike(made: Groups) -> None:
    assert made.companies.company.is_unique
    kinds = made.planted.groupby("group").kind.agg(tuple)
    assert len(kinds) == GROUPS
    assert kinds.is_unique
    folders = [contents(folder / "inbox") for folder in made.companies.folder]
    assert not set(folders[0].values()) & set(folders[1].values()) - {
        hashlib.sha256((folder / "inbox" / name).read_bytes()).hexdigest()
        for folder in made.companies.folder for name in ("products.xlsx", "看板截图.xlsx")
        if (folder / "inbox" / name).exists()}


def test_the_same_seed_makes_the_same_bytes_and_another_one_others(made: Groups, tmp_path: Path) -> None:
    again = make_groups(tmp_path / "again", 1, SEED, "en")
    other = make_groups(tmp_path / "other", 1, SEED + 1, "en")
    fresh = {name: mark for name, mark in contents(made.folder / "group_1").items()
             if not name.startswith(("tables", "mapping.toml"))}
    assert fresh == contents(again.folder / "group_1")
    assert len(fresh) > 10
    truth = Path(ANSWERS) / TRUTH / "group_1"
    assert contents(again.folder / truth) == contents(made.folder / truth)
    assert contents(other.folder / "group_1")["inbox/orders_2024.csv"] != fresh["inbox/orders_2024.csv"]


# ---- the answers: complete, safe, and not in the groups' hands

def test_a_group_does_not_find_the_answers_in_its_folder(made: Groups) -> None:
    answers = made.folder / ANSWERS
    groups = {f"group_{number + 1}" for number in range(GROUPS)}
    assert {path.name for path in made.folder.iterdir()} == groups | {ANSWERS}
    for folder in made.companies.folder:
        given = {path.name for path in folder.rglob("*")}
        assert not given & {"facts.toml", "dirt.toml", "planted_rows.csv", "answers.xlsx"}
        task = (folder / "task.md").read_text(encoding="utf-8")
        group = made.planted[made.planted.group == int(folder.name.split("_")[1])]
        for row in group.itertuples():
            for value in row.figures.values():
                assert not (isinstance(value, str) and len(value) > 3 and value in task), value
    assert (answers / TRUTH / "group_1" / "facts.toml").exists()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sheet_names_everything_planted_with_its_figures(made: Groups, language: str) -> None:
    page = (made.folder / ANSWERS / f"answers.{language}.html").read_text(encoding="utf-8")
    text = html.unescape(re.sub(r"<[^>]+>", "", page))
    book = openpyxl.load_workbook(made.folder / ANSWERS / "answers.xlsx")
    sheet = book[{"zh": "答案", "en": "Answers"}[language]]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert len(cells) == len(made.planted) == 8 * GROUPS
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    with in_language(language):
        for row, line in zip(made.planted.itertuples(), cells, strict=True):
            said = say_planted(row.kind, row.figures)
            assert said in text
            assert (line[0], line[2], line[4]) == (row.group, say(f"groups.kind.{row.kind}"), said)
    assert not re.search(r"(src|href)=|<script|\{\w+\}|nan\b", page)
    assert "Content-Security-Policy" in page


def test_every_kind_is_said_in_both_languages_and_leads_to_a_lesson() -> None:
    sources = {path.name[:2] for path in (PROJECT / "notebooks" / "source").glob("*.py")}
    for kind, lessons in LESSONS.items():
        assert {f"{number:02d}" for number in lessons} <= sources
        for language in ("zh", "en"):
            with in_language(language):
                assert say(f"groups.kind.{kind}")
                for name in re.findall(r"`(\w+)`", say(f"groups.where.{kind}")):
                    assert callable(getattr(sg, name))


# ---- the command

def test_the_command_refuses_in_sentences_and_overwrites_nothing(tmp_path: Path,
                                                                 capsys: pytest.CaptureFixture[str]) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "note.txt").write_text("mine", encoding="utf-8")
    for words, says in (([str(full)], "holds something already"), (["x", "--groups", "13"], "from 1 to 12"),
                        (["x", "--groups", "many"], "many"), (["x", "--seed", "lucky"], "lucky")):
        assert main(["groups", *words, "--lang", "en"]) == 1
        assert says in capsys.readouterr().err
    assert contents(full) == {"note.txt": hashlib.sha256(b"mine").hexdigest()}
    for groups, seed in ((True, 7), (0, 7), (2.5, 7), (2, "seven")):
        with pytest.raises(SalesgoalsError):
            make_groups(tmp_path / "y", groups, seed)
    assert not (tmp_path / "y").exists()
    assert main(["groups", str(tmp_path / "one"), "--groups", "1", "--lang", "zh", "--json"]) == 0
    assert (tmp_path / "one" / "answers" / "answers.zh.html").exists()
    assert (tmp_path / "one" / "group_1" / "任务.md").exists()
