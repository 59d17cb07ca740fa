"""What people read of the ledger: on pages, in reports and at the terminal."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from ledger_book import empty_workspace, filled, goals_of
from small_company import small_company

from salesgoals.ledger import open_ledger
from salesgoals.plans import load_plan, save_plan
from salesgoals.readers import open_report
from salesgoals.run.cli import main
from salesgoals.show import parts
from salesgoals.show.ledger_parts import changes_section, ledger_diff, ledger_history
from salesgoals.words import in_language
from salesgoals.workspace import Workspace, open_workspace


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return small_company(tmp_path_factory.mktemp("made"), people=6, months=24, lines=2)


@pytest.fixture
def workspace(made: Workspace, tmp_path: Path) -> Workspace:
    return open_workspace(shutil.copytree(made.folder, tmp_path / "client"))


@pytest.fixture
def client(tmp_path: Path) -> Workspace:
    return filled(tmp_path / "small")


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str]:
    code = main([str(word) for word in words])
    told = capsys.readouterr()
    return code, told.out + told.err


def test_entries_are_shown_in_both_languages(client: Workspace) -> None:
    lines = repr(ledger_history(client)).splitlines()
    assert len(lines) == 5
    assert re.fullmatch(r"3 \d{4}-\d\d-\d\d \d\d:\d\d Zhang proposed 2 500 250\.50 350\.50 change", lines[3])
    assert "undo of 3 (proposed)" in lines[4]
    assert len(repr(ledger_history(client, last=2)).splitlines()) == 3
    with in_language("zh"):
        chinese = repr(ledger_history(client))
        assert "撤销第 3 条（提议）" in chinese
        assert "认领" in chinese
    assert "no ledger" in repr(ledger_history(empty_workspace(client.folder / "none")))


def test_differences_are_shown_for_each_person(client: Workspace) -> None:
    shown = repr(ledger_diff(client, 1, 3, version="proposed"))
    assert re.search(r"Wu \(2\) North 1 1 200 250\.50 \+50\.50", shown)
    assert re.search(r'Ed "the", one \(3\) North 1 1 300 – –', shown)
    assert repr(ledger_diff(client, 1, 4, version="proposed")) == "No goal differs between the two"


def test_names_cannot_become_scripts(tmp_path: Path) -> None:
    workspace = empty_workspace(tmp_path / "a")
    script = "<script>alert(1)</script>"
    with open_ledger(workspace) as ledger:
        ledger.record(script, goals_of({script: 1}).assign(team=script), who=script, why=script)
        ledger.record(script, goals_of({script: 2}).assign(team=script), who=script, why=script)
    for part in (ledger_history(workspace), ledger_diff(workspace, 1)):
        assert "<script" not in part.html
        assert "&lt;script" in part.html


def test_the_report_says_what_changed_since_the_proposal(workspace: Workspace) -> None:
    saved = load_plan(workspace)
    total = f"{saved.plan.goals.goal.sum():,}"
    unchanged = repr(changes_section(open_report(workspace)))
    assert f"{total} in all, and have not changed since" in unchanged
    with open_ledger(workspace) as ledger:
        goals = ledger.as_of()
        first = goals.iloc[[0]]
        ledger.record("proposed", first.assign(goal=first.goal + 1000), who="Wang", why="more")
    changed = repr(changes_section(open_report(workspace)))
    assert "1 of 6 people have another goal" in changed
    assert "Wang" in changed
    assert "run salesgoals plan again" in changed       # the ledger went on without the plan
    person = goals.person_id.iloc[0]
    own = repr(changes_section(open_report(workspace, "person", person)))
    assert "This goal was first proposed" in own
    assert total not in own
    other = goals.person_id[goals.person_id != person].iloc[0]
    quiet = repr(changes_section(open_report(workspace, "person", other)))
    assert "has not changed since" in quiet
    assert "Wang" not in quiet
    with in_language("zh"):
        assert "6 人中有 1 人的目标变了" in repr(changes_section(open_report(workspace)))


def test_a_report_without_a_ledger_says_so_once(workspace: Workspace) -> None:
    for name in ("ledger.db", "plan/ledger.json", "plan/entry_goals.parquet"):
        (workspace.folder / name).unlink()
    plain = workspace.folder / "plan" / "plan.json"
    kept = json.loads(plain.read_text(encoding="utf-8"))
    kept.pop("entry")
    plain.write_text(json.dumps(kept), encoding="utf-8")
    assert len(changes_section(open_report(workspace))) == 1
    assert "no entry for these months" in repr(changes_section(open_report(workspace)))
    assert changes_section(open_report(workspace, "person", "P001")) == []


def test_the_head_stands_among_the_parameters_of_a_report(workspace: Workspace) -> None:
    with open_ledger(workspace) as ledger:
        assert ledger.head is not None
        head = f"1 · {ledger.head.hash[:12]}"
    assert head in repr(parts.provenance(open_report(workspace)))


def test_the_terminal_answers(client: Workspace, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, told = run(capsys, "ledger", client.folder, "history")
    assert code == 0
    assert "4 entries" in told
    assert "undo of 3 (proposed)" in told
    assert len(told.splitlines()) == 6
    code, told = run(capsys, "ledger", client.folder, "as-of", 3, "--version", "proposed")
    assert (code, "2 goals" in told, "250.50" in told, "Ed" in told) == (0, True, True, False)
    out = tmp_path / "rows.csv"
    code, told = run(capsys, "ledger", client.folder, "diff", 1, 3, "--version", "proposed", "--out", out)
    assert (code, "2 goals differ, of 2 people" in told) == (0, True)
    rows = pd.read_csv(out, dtype=str)
    assert rows[["person_id", "before", "after"]].fillna("").values.tolist() == [
        ["2", "200.0", "250.5"], ["3", "300.0", ""]]
    code, told = run(capsys, "ledger", client.folder, "diff", "proposed", "claimed", "--json")
    assert [row["after"] for row in json.loads(told)] == [120, None, None]
    code, told = run(capsys, "ledger", client.folder, "history", "--json")
    assert [row["before"] for row in json.loads(told)] == [None, None, 500, 250.5]
    code, told = run(capsys, "ledger", client.folder, "as-of", "2020-01-01")
    assert (code, "0 goals" in told) == (0, True)
    code, told = run(capsys, "ledger", client.folder, "history", "--lang", "zh")
    assert "台账" in told


def test_the_terminal_verifies_with_its_exit_code(
        client: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = run(capsys, "ledger", client.folder, "verify", "--json")
    assert code == 0
    head = json.loads(told)["head"]
    assert run(capsys, "ledger", client.folder, "verify", "--head", head)[0] == 0
    assert run(capsys, "ledger", client.folder, "verify", "--head", "0" * 12)[0] == 1
    place = client.folder / "ledger.db"
    place.write_bytes(place.read_bytes().replace(b"new customer", b"old customer"))
    code, told = run(capsys, "ledger", client.folder, "verify")
    assert (code, "entry 2 does not match its hash" in told) == (1, True)
    code, told = run(capsys, "ledger", client.folder, "history")
    assert (code, "entry 2 does not match its hash" in told) == (1, True)
    assert "Traceback" not in told


def test_a_ledger_that_was_replaced_is_found_by_the_plan_beside_it(
        workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "ledger", workspace.folder, "verify")[0] == 0
    (workspace.folder / "ledger.db").unlink()
    with open_ledger(workspace) as ledger:
        ledger.record("proposed", goals_of({"1": 5}), who="a", why="b")
    code, told = run(capsys, "ledger", workspace.folder, "verify")
    assert (code, "which is not in the ledger" in told) == (1, True)


def test_the_terminal_undoes(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = run(capsys, "ledger", workspace.folder, "undo", 1)
    assert (code, "--who, --why" in told) == (2, True)
    code, told = run(capsys, "ledger", workspace.folder, "undo", 1, "--who", "Li", "--why", "too early")
    assert (code, "undone by entry 2" in told, "plan folder still holds" in told) == (0, True, True)
    assert run(capsys, "ledger", workspace.folder, "undo", "x", "--who", "Li", "--why", "b")[0] == 1
    code, told = run(capsys, "ledger", workspace.folder, "undo", 1, "--who", "Li", "--why", "b", "--json")
    assert (code, "undone already" in told) == (1, True)
    save_plan(workspace, load_plan(workspace), who="Li", why="as before")
    with open_ledger(workspace) as ledger:
        assert ledger.history().rows.nunique() == 1


@pytest.mark.parametrize(("words", "code", "told"), [
    (("blah",), 2, 'no "blah"'), (("as-of",), 2, "as-of POINT"), (("diff", 1, 2, 3), 2, "diff A B"),
    (("as-of", 9), 1, "the last is 4"), (("as-of", "soon"), 1, "no point"),
    (("history", "--lang", "xx"), 2, "xx"), ((), 2, "missing")])
def test_the_terminal_says_what_it_cannot_answer(
        client: Workspace, capsys: pytest.CaptureFixture[str], words: tuple[object, ...], code: int,
        told: str) -> None:
    found = run(capsys, "ledger", client.folder, *words)
    assert found[0] == code
    assert told in found[1]


def test_plan_records_who_and_why(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = run(capsys, "plan", workspace.folder, "--total", "9000000", "--from", "2026-01",
                     "--who", "王芳", "--why", "董事会", "--json")
    assert code == 0
    assert json.loads(told)["ledger"]["entry"] == 2
    with open_ledger(workspace) as ledger:
        last = ledger.history().iloc[-1]
    assert (last.who, last.why, last.total) == ("王芳", "董事会", 9000000)
    code, told = run(capsys, "ledger", empty_workspace(workspace.folder / "none").folder, "history")
    assert (code, "no ledger" in told) == (1, True)
