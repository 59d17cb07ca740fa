"""Claims as readers meet them: the terminal, the report of each reader, charts, the widgets."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import altair as alt
import numpy as np
import pytest
import vl_convert
from small_company import small_company

import salesgoals as sg
from salesgoals.claiming.menus import make_rules
from salesgoals.claiming.practice import middle_person, practice_claims
from salesgoals.claiming.worth import best_claim, with_chance
from salesgoals.claims import claim_board, claim_gap, claim_goal, record_claims
from salesgoals.ledger import open_ledger
from salesgoals.problems import SalesgoalsError
from salesgoals.readers import open_report
from salesgoals.run.cli import main
from salesgoals.show.charts_claims import chart_claim_pay, chart_claim_worth
from salesgoals.show.claims_parts import claims_section, claims_table, gap_table, rules_table, say_gap
from salesgoals.show.html import Part
from salesgoals.show.render import use_charts
from salesgoals.show.widgets_claims import claim_simulator, claiming_session
from salesgoals.words import in_language
from salesgoals.workspace import Workspace, open_workspace

SAID = {"who": "Ann", "why": "meeting"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_company(tmp_path_factory.mktemp("shown") / "w").folder


@pytest.fixture
def company(made: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(made, tmp_path / "w")
    return open_workspace(tmp_path / "w")


@pytest.fixture(autouse=True)
def our_look() -> Iterator[None]:
    theme = alt.theme.active
    use_charts()
    yield
    alt.theme.enable(theme)


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = main([str(word) for word in words])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_whole_session_at_the_terminal(capsys: pytest.CaptureFixture[str], company: Workspace,
                                           tmp_path: Path) -> None:
    folder = company.folder
    code, text, _ = run(capsys, "claim", folder)
    assert (code, "Nobody has claimed yet" in text) == (0, True)
    assert run(capsys, "claim", folder, "--sheets", tmp_path / "out")[0] == 0
    assert len(list((tmp_path / "out").glob("*.xlsx"))) == 4
    goal = int(claim_board(company).set_index("person_id").proposed["P003"])
    code, text, _ = run(capsys, "claim", folder, "--person", "P003", "--amount", goal - 10_000,
                        "--who", "Ann", "--why", "my own number")
    assert (code, "1 claim (entry 2)" in text) == (0, True)
    code, text, _ = run(capsys, "claim", folder, "--person", "P004", "--amount", 0, "--why", "x")
    assert (code, "carries nothing" in text) == (3, True)
    assert run(capsys, "claim", folder, "--person", "P004", "--withdraw", "--why", "was a mistake")[0] == 0
    code, text, _ = run(capsys, "claim", folder, "--json")
    data = json.loads(text)
    assert [row["claimed"] for row in data["claims"] if row["claimed"] is not None] == [goal - 10_000]
    assert data["gap"][0]["gap"] == -10_000
    code, text, _ = run(capsys, "claim", folder, "--lang", "zh")
    assert "自上而下" in text
    assert "全公司" in text
    total = int(claim_board(company).proposed.sum())
    code, _, error = run(capsys, "claim", folder, "--agree", "--total", total, "--why", "end")
    assert (code, "name who" in error) == (1, True)
    code, text, _ = run(capsys, "claim", folder, "--agree", "--total", total, "--absorb", "P001",
                        "--who", "Boss", "--why", "end", "--json")
    assert (code, json.loads(text)["total"], json.loads(text)["nodes_off"]) == (0, total, 0)
    assert open_ledger(company).history().version.tolist()[-1] == "agreed"


@pytest.mark.parametrize(("words", "says"), [
    (["--sheets", "a", "--read", "b"], "one thing at a time"), (["--amount", "5"], "--person"),
    (["--person", "P003", "--amount", "5"], "--why"), (["--person", "P003", "--why", "x"], "--amount"),
    (["--agree"], "--why"), (["--read", "nothing"], "no claim sheets"),
    (["--person", "Ghost", "--amount", "5", "--why", "x"], "no \"Ghost\""),
    (["--sheets", "x", "--per", "person"], "claim sheets by person")])
def test_what_cannot_be_meant_ends_in_a_sentence(capsys: pytest.CaptureFixture[str], company: Workspace,
                                                 words: list[str], says: str) -> None:
    code, text, error = run(capsys, "claim", company.folder, *words)
    assert code in (1, 2)
    assert says in error
    assert "Traceback" not in text + error


def test_each_reader_sees_own_claims_only(company: Workspace) -> None:
    whole = open_report(company)
    assert len(claims_section(whole)) == 1
    assert claims_section(whole)[0].startswith("Nobody has claimed a goal yet")
    board = claim_board(company)
    team = board.department.iloc[0] + "/" + board.team.iloc[0]
    assert claims_section(open_report(company, "team", team)) == []
    mine, other = board.person_id.iloc[0], board.person_id[board.team != board.team.iloc[0]].iloc[0]
    claim_goal(company, mine, 1_111_100, who="Ann", why="my secret plan")
    claim_goal(company, other, 1_222_200, who="Zoe", why="another secret")
    parts = claims_section(open_report(company))
    assert "2 of 12 people have claimed" in parts[0]
    assert isinstance(parts[1], alt.LayerChart)
    for by, name in (("team", team), ("person", mine)):
        report = open_report(company, by, name)
        shown = "".join(part.html if isinstance(part, Part) else json.dumps(part.to_dict()) if
                        isinstance(part, alt.LayerChart) else str(part) for part in claims_section(report))
        assert "1,111,100" in shown
        assert "my secret plan" in shown
        assert "1,222,200" not in shown
        assert "another secret" not in shown
        assert "Zoe" not in str(report.study("claims_board").to_dict())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_charts_of_all_rules_can_be_drawn_and_say_what_they_show(language: str) -> None:
    mean, sd = 5.2e6, 1.6e6
    with in_language(language):
        for rule in make_rules(mean, sd, 6.1e6, 100):
            best = best_claim(rule, mean, sd)
            for chart in (chart_claim_worth(rule, mean, sd, "CNY", claim=6.5e6),
                          chart_claim_pay(rule, mean, sd, "CNY", actual=5.5e6)):
                spec = chart.to_dict()
                assert "<svg" in vl_convert.vegalite_to_svg(spec)
                assert spec["description"]
            worth = chart_claim_worth(rule, mean, sd, "CNY").to_dict()
            rows = [row for values in worth["datasets"].values() for row in values]
            top = max(rows, key=lambda row: row["y"])
            scale = 1e4 if language == "zh" else 1e6
            assert top["x"] * scale == pytest.approx(best.claim, rel=.02)
    assert chart_claim_worth(rule, 0, 0) is None
    assert chart_claim_pay(rule, float("nan"), 0) is None


def test_tables_name_blanks_and_gaps(company: Workspace) -> None:
    board = claim_board(company)
    assert say_gap(claim_gap(company, board)) == "None of 12 people has claimed yet."
    claim_goal(company, "P003", int(board.set_index("person_id").proposed["P003"]) + 100, **SAID)
    board = claim_board(company)
    lines = repr(claims_table(board)).splitlines()
    assert sum("– – –" in line for line in lines) == 11
    assert any("+100" in line and "Ann" in line for line in lines)
    assert "Ann" not in repr(claims_table(board, times=False))
    nodes = [line.split()[0] for line in repr(gap_table(claim_gap(company, board))).splitlines()[1:]]
    assert nodes == ["Whole", "North", "North", "North", "South", "South", "South"]
    assert len(repr(rules_table(100., 30., 110.)).splitlines()) == 4


def test_a_claim_in_the_widget_is_in_the_ledger_and_moves_the_gap(company: Workspace) -> None:
    with in_language("zh"):
        session = claiming_session(company, who="Ann")
    assert len(session.person.options) == 12
    assert "还没有认领" in session.about.value
    session.person.value = "P005"
    before = session.shown.value
    session.amount.value, session.reason.value = "90万", "why not"
    session.record.click()
    assert "已记入台账" in session.message.value      # in the language it was made in
    assert session.amount.value == ""
    assert "90.0 万" in session.shown.value
    assert session.shown.value != before
    row = claim_board(company).set_index("person_id").loc["P005"]
    assert (row.claimed, row.who, row.why) == (900_000, "Ann", "why not")
    session.amount.value = "soon"
    session.record.click()
    assert "不是数字" in session.message.value
    session.team.value = session.team.options[1][1]
    assert len(session.person.options) == 3
    session.withdraw.click()
    session.person.value = session.person.options[0][1]
    assert claim_board(company).claimed.notna().sum() <= 1


def test_two_widgets_see_each_other_and_never_overwrite(company: Workspace) -> None:
    one = claiming_session(company, who="Ann")
    two = claiming_session(open_workspace(company.folder), who="Ben")
    for session, amount in ((one, "1000000"), (two, "1100000")):
        session.person.value = "P003"
        session.amount.value = amount
        session.record.click()
    assert "Ann" in two.message.value
    assert claim_board(company).set_index("person_id").claimed["P003"] == 1_000_000
    two.refresh.click()
    assert "1 new claim" in two.message.value
    assert "1,000,000" in two.about.value
    two.record.click()      # now it was seen
    assert claim_board(company).set_index("person_id").claimed["P003"] == 1_100_000


def test_a_session_notices_a_new_plan(company: Workspace) -> None:
    session = claiming_session(company)
    sg.save_plan(company, sg.make_plan(company, 15_000_000, "2026-07", unit=100))
    session.refresh.click()
    assert "plan has been replaced" in session.message.value


def test_the_simulator_moves_and_knows_the_best_claim(company: Workspace) -> None:
    forecast = sg.load_plan(company).forecast
    person = middle_person(forecast)
    with in_language("zh"):
        box = claim_simulator(forecast, person, 1_000_000, "CNY", 100)
    choice, claim, actual, shown = box.children
    seen = [shown.value]
    for value in ("joint_base", "menu"):
        choice.value = value
        seen.append(shown.value)
    claim.value, actual.value = 120, 130
    assert len({*seen, shown.value}) == 4
    assert "最划算" in shown.value
    assert shown.value.count("data:image/svg+xml") == 2
    with pytest.raises(SalesgoalsError, match="without a forecast"):
        claim_simulator(forecast, "nobody")


def test_practice_claims_are_the_same_every_time_and_leave_some_open(company: Workspace) -> None:
    plan = sg.load_plan(company)
    claims = practice_claims(plan.forecast, plan.plan.people, 100)
    assert claims.equals(practice_claims(plan.forecast, plan.plan.people, 100))
    assert 0 < len(claims) < len(plan.plan.people)
    assert (claims.claim % 100 == 0).all()
    middles = np.array([with_chance(plan.forecast.people["mean"][person], plan.forecast.people.sd[person], .5)
                        for person in claims.person_id])
    assert (np.abs(claims.claim / middles - 1) < .4).all()
    assert record_claims(company, claims, **SAID).recorded
