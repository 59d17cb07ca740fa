"""What readers see of an adjustment: sentences, tables, charts, the desk in a notebook, the command."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from small_company import small_company

import salesgoals as sg
from salesgoals.adjust import Adjustment, propose_adjustment
from salesgoals.ledger import open_ledger
from salesgoals.run.cli import main
from salesgoals.show.adjust_parts import say_event, show_adjustment, show_changes
from salesgoals.show.charts_adjust import chart_absorbers, chart_chances_change
from salesgoals.words import in_language
from salesgoals.workspace import Workspace, open_workspace

DAY = "2026-03-01"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    with in_language("en"):
        return small_company(tmp_path_factory.mktemp("shown") / "w", people=8, months=24, lines=2)


@pytest.fixture
def company(made: Workspace, tmp_path: Path) -> Workspace:
    shutil.copytree(made.folder, tmp_path / "w")
    return open_workspace(tmp_path / "w")


EVENTS: list[tuple[Any, str]] = [
    (sg.Leave("P003", DAY), "colleagues of the team"), (sg.Leave("P003", DAY, "vacancy"), "as a vacancy"),
    (sg.Leave("P003", DAY, ["P005", "P007"]), "Person 5 and Person 7"),
    (sg.Join("N1", "North 1", DAY, name="Ann"), "Ann joins North 1"),
    (sg.MovePerson("P003", "North 2", DAY), "with customers and goal"),
    (sg.MoveCustomers("P003", "P004", DAY), "all customers of Person 3"),
    (sg.MarketShock(-.2, DAY), "the whole market changes by −20%"),
    (sg.OutOfReach(DAY, limit=.9), "below 90%"), (sg.Wish("all", "+10%", DAY), "changes by +10%")]


@pytest.mark.parametrize(("event", "says"), EVENTS)
def test_a_proposal_is_told_in_both_languages(made: Workspace, event: Any, says: str) -> None:
    found = propose_adjustment(made, event)
    assert says in say_event(found)
    text = repr(show_adjustment(found))
    assert f"{len(found.proof):,} sums recomputed, 0 of them off" in text
    assert "{" not in text
    with in_language("zh"):
        chinese = repr(show_adjustment(found))
    assert "2026-03-01" in chinese
    assert "个合计" in chinese


def drawn(chart: Any) -> list[dict[str, Any]]:
    return [row for rows in chart.to_dict()["datasets"].values() for row in rows]


def test_charts_say_who_takes_it_on(made: Workspace) -> None:
    found = propose_adjustment(made, sg.Leave("P003", DAY))
    chart = chart_absorbers(found.who_absorbs, "CNY")
    assert chart is not None
    assert "Person 7" in chart.description  # the only colleague of South 1
    assert {row["row"] for row in drawn(chart) if "row" in row} == set(found.who_absorbs.person)
    assert chart_absorbers(found.who_absorbs.iloc[:0]) is None
    wish = propose_adjustment(made, sg.Wish("all", "+30%", DAY))
    more = chart_absorbers(wish.who_absorbs)
    assert more is not None
    assert "nobody carries less" in more.description
    moved = chart_chances_change(wish.chances)
    assert moved is not None
    assert "company's chance" in moved.description
    rest = chart_chances_change(wish.chances, rest=True).to_dict()
    assert "10%" not in " ".join(rest["title"]["subtitle"])
    assert len(rest["layer"]) == len(moved.to_dict()["layer"]) - 1
    assert chart_chances_change(wish.chances.assign(chance_after=wish.chances.chance_before)) is None


def test_answers_stand_side_by_side(made: Workspace) -> None:
    shown = repr(sg.compare_events(made, [sg.Leave("P003", DAY), sg.Wish("P003", 0, DAY)]))
    assert "colleagues of the team" in shown
    assert "what is past cannot change" in shown
    assert "below 10%" in repr(sg.show_standing(made, DAY))
    assert "No goal has been changed" in repr(show_changes(pd.DataFrame()))


def test_the_desk_approves_and_takes_back(company: Workspace) -> None:
    desk = sg.adjust_desk(company, DAY)
    desk.person.value = "P003"
    assert "Person 3 is gone" in desk.shown.value
    assert desk.shown.value.count("<img") == 2
    desk.approve.click()
    assert "missing" in desk.message.value  # without a reason nothing happens
    desk.why.value = "resigned"
    desk.approve.click()
    with open_ledger(company) as ledger:
        assert ledger.head is not None
        assert (ledger.head.action, ledger.head.why) == ("adjusted", "resigned")
    desk.undo.click()
    with open_ledger(company) as ledger:
        assert ledger.head is not None
        assert ledger.head.action == "undone"
    desk.undo.click()
    assert "nothing to take back" in desk.message.value
    desk.person.value = "all"
    assert "choose one person" in desk.shown.value
    desk.event.value = "reach"
    assert "come down" in desk.shown.value
    with in_language("zh"):
        desk.event.value = "shock"
    assert "the whole market" in desk.shown.value  # it keeps the language it was made in


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = main([*words, "--lang", "en"])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_the_command_proposes_approves_and_undoes(company: Workspace, tmp_path: Path,
                                                  capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(company.folder)
    out = tmp_path / "goals.csv"
    code, said = run(capsys, "adjust", folder, "--leave", "P003", "--to", "all", "--from", DAY,
                     "--out", str(out))
    assert code in (0, 3)
    assert "This is a proposal" in said
    table = pd.read_csv(out, dtype={"person_id": str})
    assert table.goal_before.sum() == table.goal_after.sum()
    with open_ledger(company) as ledger:
        before = ledger.head
    code, said = run(capsys, "adjust", folder, "--leave", "P003", "--from", DAY, "--approve")
    assert code == 2
    assert "--who, --why" in said
    code, said = run(capsys, "adjust", folder, "--leave", "P003", "--from", DAY, "--approve", "--who", "Wu",
                     "--why", "resigned", "--json")
    found = json.loads(said)
    assert code == 0
    assert found["nodes_off"] == 0
    assert before is not None
    assert found["entry"] == before.entry + 1
    code, said = run(capsys, "adjust", folder, "--undo", str(found["entry"]), "--who", "Wu", "--why", "stays")
    assert code == 0
    assert "undone" in said


@pytest.mark.parametrize(("words", "code", "says"), [
    (["--from", DAY], 2, "one thing at a time"), (["--leave", "P003"], 2, "--from"),
    (["--leave", "P003", "--reach", "all", "--from", DAY], 2, "one thing at a time"),
    (["--join", "N1", "--from", DAY], 1, "ID@TEAM"), (["--move", "P003", "--from", DAY], 1, "WHO@TEAM"),
    (["--customers", "P003", "--from", DAY], 1, "GIVER=TAKER"), (["--wish", "all", "--from", DAY], 1, "WHO="),
    (["--shock", "much", "--from", DAY], 1, "like 20%"),
    (["--leave", "P003", "--from", "soon"], 1, "2026-09-01"),
    (["--shock", "-20%", "--of", "pumps", "--from", DAY], 1, "segment=NAME"),
    (["--leave", "P003", "--running", "half", "--from", DAY], 1, "split, kept"),
    (["--shock", "-20%", "--of", "product_line=line 1", "--keep-total", "--from", DAY], None, "total stays"),
    (["--wish", "North 1=+5%", "--keep-total", "--from", DAY], None, "peers|other colleagues"),
    (["--move", "P003@North 2", "--without-goal", "--from", DAY], None, "stays with the old team"),
    (["--join", "N1@North 1", "--name", "Ann", "--to", "nobody", "--from", DAY], None, "Ann joins")])
def test_what_is_typed_is_understood_or_refused(made: Workspace, words: list[str], code: int | None,
                                                says: str, capsys: pytest.CaptureFixture[str]) -> None:
    found, said = run(capsys, "adjust", str(made.folder), *words)
    assert found == code if code is not None else found in (0, 3)
    assert any(part in said for part in says.split("|"))


def test_changes_are_listed_with_who_and_why(company: Workspace) -> None:
    found: Adjustment = propose_adjustment(company, sg.Leave("P003", DAY))
    sg.approve_adjustment(company, found, "Wu", "resigned")
    shown = repr(show_changes(sg.list_changes(company)))
    assert "Goals were changed 1 time" in shown
    assert "Person 3" in shown
    assert "resigned" in shown
