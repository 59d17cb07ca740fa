from __future__ import annotations

import dataclasses
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import PROJECT
from small_company import small_company

from salesgoals.forecast import forecast_sales
from salesgoals.goal import chance
from salesgoals.problems import Problem
from salesgoals.readers import Report, open_report
from salesgoals.show import checks, goal_report, parts, quality, report_tables
from salesgoals.show.facts import chance_readings, read_facts
from salesgoals.show.html import Column, Part, write_table
from salesgoals.show.numbers import format_chance
from salesgoals.words import in_language
from salesgoals.workspace import Workspace, open_workspace

SCRIPT = "<script>alert(1)</script>"
SECRET = "Zaphod Beeblebrox"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Person 3 has a name that would run; person 4 has a telling name and sits in another team than 1."""
    return small_company(tmp_path_factory.mktemp("parts"), names={3: SCRIPT, 4: SECRET})


@pytest.fixture(scope="module")
def report(workspace: Workspace) -> Report:
    return open_report(workspace)


class Table(HTMLParser):
    """Reads a table's rows of texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._open = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._open = False

    def handle_data(self, data: str) -> None:
        if self._open:
            self.rows[-1][-1] += data


def rows(part: Part) -> list[list[str]]:
    return Table(part.html).rows


def number(text: str) -> int:
    return int(text.replace(",", "").replace("−", "-"))


def all_parts(report: Report) -> dict[str, Part]:
    facts = read_facts(report)
    return {"headline": parts.headline(report, facts), "double": parts.double_it(report, facts),
            "board": parts.board_table(report, facts), "chance": parts.chance_table(report, facts),
            "method": parts.method_note(report), "provenance": parts.provenance(report),
            "people": report_tables.people_table(report, facts),
            "teams": report_tables.teams_table(report, facts), "months": report_tables.months_table(report),
            "products": report_tables.products_table(report), "proof": report_tables.proof_table(report),
            "objections": checks.objections(report), "remarks": checks.remarks(report, facts),
            "totals": quality.totals_table(report.totals), "issues": quality.issues_table(report.issues)}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_part_speaks_the_language_and_closes_its_tags(report: Report, language: str) -> None:
    with in_language(language):
        made = all_parts(report)
    assert len(made) == 15
    chinese = re.compile(r"[\u4e00-\u9fff]")
    for name, part in made.items():
        assert part.html, name
        told = part.html.replace(SCRIPT, "")
        assert bool(chinese.search(told)) == (language == "zh"), name
        assert not re.search(r"\bnan\b|None|\{|NaT", re.sub(r"<[^>]+>", " ", told)), name
        for tag in ("table", "tr", "td", "div", "ul", "li", "p"):
            assert len(re.findall(rf"<{tag}[ >]", told)) == told.count(f"</{tag}>"), (name, tag)


def test_a_name_that_is_a_script_cannot_run(report: Report) -> None:
    made = all_parts(report)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in made["people"].html
    assert not any("<script" in part.html for part in made.values())


def test_a_file_or_message_that_is_a_script_cannot_run(report: Report) -> None:
    evil = report.issues.assign(message=SCRIPT)
    totals = report.totals.assign(file=SCRIPT, sheet='"><img src=x onerror=alert(1)>')
    for part in (quality.issues_table(evil), quality.totals_table(totals)):
        assert "<script" not in part.html
        assert "<img" not in part.html


def test_the_first_screen_has_goal_chance_and_three_totals(report: Report) -> None:
    facts = read_facts(report)
    text = repr(parts.headline(report, facts))
    assert f"CNY {facts.goal:,.0f}" in text
    for share in ("70% chance", "50% chance", "30% chance", "up 15% on last 12 months"):
        assert share in text
    assert facts.chance == chance(report.forecast, facts.goal)
    assert facts.readings.chance.min() <= facts.chance <= facts.readings.chance.max()
    assert facts.totals.total.is_monotonic_increasing
    assert facts.goal == report.plan.goals.goal.sum()


def test_the_people_table_adds_up_to_the_first_screen(report: Report) -> None:
    table = rows(report_tables.people_table(report, read_facts(report)))
    head, body, total = table[0], table[1:-1], table[-1]
    goal, last = head.index("goal"), head.index("last 12 months")
    goals = [number(row[goal]) for row in body if row[goal] != "–"]
    assert goals == sorted(goals, reverse=True)
    assert len(goals) == 12
    assert sum(goals) == number(total[goal]) == report.plan.goals.goal.sum()
    recent = report.history[report.history.month > report.history.month.max() - pd.DateOffset(months=12)]
    assert number(total[last]) == round(recent.amount.sum())
    assert abs(sum(number(row[last]) for row in body) - number(total[last])) <= len(body)
    newcomer = next(row for row in body if row[0] == "Person 12")
    assert newcomer[head.index("growth")] == "new"
    assert newcomer[head.index("ramp")].endswith("%")


def test_people_who_left_have_a_row_of_their_own(report: Report) -> None:
    more = pd.DataFrame({"month": [report.history.month.max()], "person_id": [""], "product_line": ["line 1"],
                         "amount": [5_000.0]})
    gone = dataclasses.replace(report, history=pd.concat([report.history, more], ignore_index=True))
    facts = read_facts(gone)
    table = rows(report_tables.people_table(gone, facts))
    assert table[-2][:4] == ["people who left or moved, or nobody's", "", "–", "5,000"]
    teams = rows(report_tables.teams_table(gone, facts))
    assert teams[-2] == ["people who left or moved, or nobody's", "", "–", "–", "5,000", "–", "–"]
    assert table[-1][3] == teams[-1][4]


def test_three_hundred_people_fit_a_table_that_still_adds_up(tmp_path: Path) -> None:
    large = open_report(small_company(tmp_path, people=300, months=13, lines=1))
    table = rows(report_tables.people_table(large, read_facts(large)))
    goal = table[0].index("goal")
    assert len(table) <= 44
    assert any(row[0] == "260 others" for row in table)
    assert sum(number(row[goal]) for row in table[1:-1] if row[goal] != "–") == number(table[-1][goal])
    months = rows(report_tables.months_table(open_report(open_workspace(tmp_path), "team", "North/North 1")))
    assert "68 others" in months[0]
    assert len({len(row) for row in months}) == 1


@pytest.mark.parametrize(("by", "name"), [("all", "all"), ("team", "North/North 1"), ("person", "P001")])
def test_months_add_up_in_both_directions_for_every_reader(workspace: Workspace, by: str, name: str) -> None:
    report = open_report(workspace, by, name)
    table = rows(report_tables.months_table(report))
    figures = np.array([[number(cell) for cell in row[1:]] for row in table[1:]])
    assert (figures[:-1].sum(0) == figures[-1]).all()
    assert (figures[:, :-1].sum(1) == figures[:, -1]).all()
    assert figures[-1, -1] == report.plan.goals.goal.sum()
    assert [row[0] for row in table[1:3]] == ["2026-07", "2026-08"]


def test_products_and_teams_add_up(report: Report) -> None:
    teams = report_tables.teams_table(report, read_facts(report))
    for part, heads in ((report_tables.products_table(report), ("goal", "last 12 months")),
                        (teams, ("goal", "last 12 months", "people"))):
        table = rows(part)
        for head in heads:
            place = table[0].index(head)
            figures = [number(row[place]) for row in table[1:-1] if row[place] != "–"]
            assert abs(sum(figures) - number(table[-1][place])) <= len(figures) * (head != "goal"), head


def test_the_chance_of_a_team_is_that_of_its_own_report(workspace: Workspace, report: Report) -> None:
    table = rows(report_tables.teams_table(report, read_facts(report)))
    place = table[0].index("chance")
    chances = {row[0]: row[place] for row in table[1:-1]}
    for department, team in (("North", "North 1"), ("South", "South 2")):
        own = read_facts(open_report(workspace, "team", f"{department}/{team}"))
        assert chances[team] == format_chance(own.chance)


def test_the_proof_shows_every_level_and_no_difference(workspace: Workspace, report: Report) -> None:
    table = rows(report_tables.proof_table(report))
    assert len(table) == 1 + report.plan.proof.level.nunique()
    assert {row[-1] for row in table[1:]} == {"0"}
    wrong = report.plan.proof.copy()
    wrong.loc[5, "difference"] = -100
    broken = dataclasses.replace(report, plan=dataclasses.replace(report.plan, proof=wrong))
    assert "100" in {row[-1] for row in rows(report_tables.proof_table(broken))[1:]}
    own = rows(report_tables.proof_table(open_report(workspace, "person", "P001")))
    assert not any(row[0].startswith(("company", "department", "team")) for row in own)


def test_a_chance_moves_with_its_assumptions(report: Report) -> None:
    expected = float(report.forecast.unit["mean"])
    readings = chance_readings(report.forecast, 1.2 * expected, 0.9 * expected).set_index("reading").chance
    assert list(readings.index) == ["forecast", "baseline", "together"]
    assert readings["baseline"] < readings["forecast"] < readings["together"]  # far up a wider spread helps
    same = chance_readings(report.forecast, 1.2 * expected, expected).chance
    assert same[1] == pytest.approx(same[0])
    alone = report.forecast.only({"P001"})
    assert chance_readings(alone, 1.0, float("nan")).reading.tolist() == ["forecast"]
    assert chance_readings(alone, 0.0, 100.0).chance.isna().all()


def test_a_report_without_a_year_speaks_of_no_growth(tmp_path: Path) -> None:
    young = open_report(small_company(tmp_path, people=6, months=8))
    facts = read_facts(young)
    assert goal_report.carriers(young, facts) is None
    for part in (report_tables.people_table(young, facts), report_tables.products_table(young),
                 report_tables.teams_table(young, facts)):
        table = rows(part)
        place = table[0].index("growth")
        assert {row[place] for row in table[1:]} <= {"–", ""}
    drawn, table_of_teams = goal_report.teams(young, facts)
    assert drawn is None
    assert table_of_teams.html


def test_a_sentence_stands_for_a_chart_where_teams_are_drawn(workspace: Workspace, tmp_path: Path) -> None:
    few = open_report(workspace)
    assert not isinstance(goal_report.carriers(few, read_facts(few)), str)
    assert goal_report.teams(few, read_facts(few))[0] is None
    many = open_report(small_company(tmp_path, people=16, months=13, lines=1))
    assert "16 people" in goal_report.carriers(many, read_facts(many))
    assert goal_report.teams(many, read_facts(many))[0] is not None
    team = open_report(workspace, "team", "North/North 1")
    assert goal_report.teams(team, read_facts(team)) == []


def test_double_it_is_answered_with_a_chance_and_what_it_takes(report: Report) -> None:
    facts = read_facts(report)
    text = repr(parts.double_it(report, facts))
    assert "the chance of that is <1%" in text
    found = re.search(r"as much as (\d+) more fully grown people", text)
    assert found
    grown = report.plan.people[report.plan.people.ramp >= 0.999].person_id
    each = report.forecast.people["mean"].reindex(grown).mean()
    assert (int(found[1]) - 1) * each < 2 * facts.baseline - facts.expected <= (int(found[1]) + 0.01) * each


def test_without_a_year_of_records_nothing_is_compared(workspace: Workspace) -> None:
    newcomer = open_report(workspace, "person", "P012")
    facts = read_facts(newcomer)
    assert np.isnan(facts.baseline)
    text = repr(parts.headline(newcomer, facts))
    assert "less than a year" in text
    assert "no full year to compare with" in text
    assert parts.double_it(newcomer, facts).html == ""
    assert "Still growing" in repr(parts.stage(newcomer))
    assert parts.stage(open_report(workspace, "person", "P001")).html == ""


def verdict(report: Report, rule: str) -> str:
    return checks.find_objections(report).set_index("rule").verdict[rule]


def with_people(report: Report, **columns: object) -> Report:
    people = report.plan.people.assign(**columns)
    return dataclasses.replace(report, plan=dataclasses.replace(report.plan, people=people))


def test_objections_are_those_of_the_plan_or_of_the_readers_own_people(report: Report,
                                                                       workspace: Workspace) -> None:
    assert len(checks.find_objections(report)) == 9
    assert verdict(report, "specific") == "good"
    assert verdict(report, "no_process") == "warn"
    team = open_report(workspace, "team", "North/North 1")
    own = checks.find_objections(team)
    assert set(own.rule) == {"specific", "achievable", "relevant", "time_bound", "one_size"}
    others = set(report.plan.people.person) - set(team.plan.people.person)
    assert others
    assert not any(name in repr(checks.objections(team)) for name in others)


def test_remarks_hold_the_notes_of_plan_and_forecast(report: Report) -> None:
    note = Problem("problem.example", level="note", file="x.csv")
    noted = dataclasses.replace(report, plan=dataclasses.replace(report.plan, notes=[note, note]))
    text = repr(checks.remarks(noted, read_facts(noted)))
    assert text.count("file x.csv: an example") == 1
    unknown = with_people(report, chance=[float("nan")] + [0.5] * 11)
    assert "No chance can be given for 1" in repr(checks.remarks(unknown, read_facts(unknown)))
    quiet = dataclasses.replace(
        report, plan=dataclasses.replace(report.plan, notes=[]),
        forecast=dataclasses.replace(report.forecast, notes=()))
    facts = read_facts(quiet)
    assert checks.remarks(quiet, dataclasses.replace(facts, goal=1.2 * facts.expected)).html == ""
    low = repr(checks.remarks(quiet, dataclasses.replace(facts, goal=0.8 * facts.expected)))
    assert "lies below the forecast" in low


def test_quality_lists_the_gravest_first_and_counts_the_rest(report: Report) -> None:
    many = pd.concat([report.issues] * 20, ignore_index=True)
    many.loc[19, ["level", "code", "message"]] = ["stop", "x.y", "the worst"]
    table = quality.issues_table(many)
    assert rows(table)[1:] == [
        ["not used", "the worst", "3"],
        ["doubt", "file orders.csv, row 7: an example (19 findings of this kind)", "57"]]
    assert "all 20 are in tables/issues.csv" in repr(table)
    assert quality.issues_table(report.issues.iloc[:0]).html == ""
    assert rows(quality.totals_table(report.totals))[1] == [
        "orders.csv", "1,000", "990", "10", "5,000.50", "4,990", "10.50"]


def test_tables_know_their_shape() -> None:
    html = write_table([Column("who", ["a"], number=False), Column("n", ["1"], bars=[0.5])], ["sum", "1"])
    assert html.count('scope="col"') == 2
    assert 'style="background:linear-gradient(to right,#E6EAEE 50%,transparent 50%)">1</td>' in html
    assert '<tr class="total"><th scope="row" style="text-align:left">sum</th>' in html
    assert '<th scope="row" style="text-align:left">a</th>' in html  # notebooks push texts to the right
    with pytest.raises(ValueError, match="zip"):
        write_table([Column("who", ["a"])], ["too", "many"])


def test_a_section_without_contents_leaves_no_trace(capsys: pytest.CaptureFixture[str]) -> None:
    goal_report.show_section("fairness", None, "", Part(""))
    assert capsys.readouterr().out == ""
    goal_report.show_section("fairness", "one sentence")
    assert capsys.readouterr().out.splitlines()[0] == "Is the load shared fairly"


def test_nobody_has_a_forecast_and_the_report_still_stands(report: Report) -> None:
    history = pd.DataFrame({"month": pd.to_datetime(["2026-05-01", "2026-06-01"]), "person_id": "P9",
                            "amount": [1.0, 2.0]})
    nothing = forecast_sales(history).only(set())
    bare = dataclasses.replace(report, forecast=nothing, history=report.history.iloc[:0])
    facts = read_facts(bare)
    assert np.isnan(facts.chance)
    text = repr(parts.headline(bare, facts))
    assert "there are no records to forecast from" in text
    assert "70% chance" not in text
    assert rows(report_tables.people_table(bare, facts))


@pytest.mark.parametrize(("language", "by", "name"),
                         [("en", "team", "North/North 1"), ("zh", "person", "P001")])
def test_a_readers_notebook_holds_nobody_elses_name(workspace: Workspace, tmp_path: Path, language: str,
                                                    by: str, name: str) -> None:
    import papermill

    output = tmp_path / "report.ipynb"
    papermill.execute_notebook(
        PROJECT / "notebooks" / language / "90_goal_report.ipynb", output, cwd=PROJECT, progress_bar=False,
        parameters={"workspace": str(workspace.folder), "by": by, "name": name, "language": language})
    text = output.read_text(encoding="utf-8")
    outputs = json.dumps([cell.get("outputs") for cell in json.loads(text)["cells"]], ensure_ascii=False)
    assert outputs.count("application/vnd.vegalite.v5+json") >= 3
    assert "Person 1" in outputs
    foreign = {"P002", "P003", "P004", "P007", SECRET, "Person 7", "North 2", "South"}
    assert not [word for word in foreign if word in text]
    whole = {f"{report_total(workspace):,}", str(report_total(workspace))}
    assert not [figure for figure in whole if figure in text]


def report_total(workspace: Workspace) -> int:
    return int(open_report(workspace).plan.goals.goal.sum())
