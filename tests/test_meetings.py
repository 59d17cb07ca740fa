"""Meetings: stories are no luck, anybody can win, the pulse names nobody, agendas hold what is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from coaching_team import PEOPLE, coaching_team, goals_of
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoals.coaching.stories import find_climbs
from salesgoals.follow_up import study_follow_up
from salesgoals.kpi_goals import study_kpi_goals
from salesgoals.meetings import agenda, contest, pulse_trend, read_pulse, study_meetings, success_stories
from salesgoals.periods import read_period
from salesgoals.problems import SalesgoalsError
from salesgoals.show.meeting_sheets import show_agenda, write_agenda_sheet, write_pulse_form
from salesgoals.words import all_words, in_language
from salesgoals.workspace import Settings

JUNE, DAY = read_period("2026-06"), pd.Timestamp("2026-06-12")
QUESTIONS = ("belief", "clarity", "support", "fairness", "energy")


@pytest.fixture(scope="module")
def team() -> dict[str, pd.DataFrame]:
    return coaching_team()


@pytest.fixture(scope="module")
def busy() -> dict[str, pd.DataFrame]:
    return coaching_team(often=.8)


def with_low(tables: dict[str, pd.DataFrame], first: str, last: str, kept: float,
             what: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """Take most of P0's records of some months away."""
    draw = np.random.default_rng(1)
    changed = dict(tables)
    for name in what:
        rows = tables[name]
        inside = (rows.person_id == "P0") & rows.date.between(first, last)
        changed[name] = rows[~inside | (draw.random(len(rows)) < kept)].reset_index(drop=True)
    return changed


def test_a_planted_climb_is_told_with_its_cause(busy: dict[str, pd.DataFrame]) -> None:
    low = with_low(busy, "2025-07-01", "2025-09-30", .25, ("orders", "activities"))
    found = success_stories(low, None, "2026-06")
    assert found.person_id.tolist() == ["P0"]
    story = found.iloc[0]
    assert f"{story.low_from:%Y-%m}" == "2025-07"
    assert story.low < .5 * story.usual_low
    assert story.now > .9 * story.usual_now
    assert story.climb > .8
    assert story.reason == "visits"
    assert story.reason_clear
    assert story.reason_now > 1.5 * story.reason_low
    less_won = with_low(busy, "2025-07-01", "2025-09-30", .25, ("orders",))
    assert success_stories(less_won, None, "2026-06").reason.tolist() == ["conversion"]
    goals = pd.concat([goals_of(read_period(name), 500_000.) for name in ("2025-Q3", "2026-Q2")])
    told = success_stories(low, goals, "2026-06").iloc[0]
    assert told.attained_low < .6 < told.attained_now


def test_a_low_that_lasts_is_no_story_and_a_small_dip_neither(busy: dict[str, pd.DataFrame]) -> None:
    down = with_low(busy, "2025-10-01", "2026-06-30", .3, ("orders",))
    assert success_stories(down, None, "2026-06").empty
    dip = with_low(busy, "2025-07-01", "2025-09-30", .85, ("orders",))
    assert success_stories(dip, None, "2026-06").empty
    away = with_low(busy, "2025-07-01", "2025-09-30", 0., ("orders", "activities"))
    assert success_stories(away, None, "2026-06").empty  # who was not there has not climbed


def test_steady_teams_have_next_to_no_stories() -> None:
    """In every team the lowest quarter is followed by a better one; that alone is no story."""
    told = sum(len(find_climbs(coaching_team(seed, activities=False, opportunities=False, spread=.6), month))
               for seed in range(8) for month in ("2026-03", "2026-06"))
    assert told <= 3  # of 128 people


def test_too_short_records_have_none() -> None:
    assert success_stories(coaching_team(start="2025-12-01")).empty


def test_the_contest_adds_up_and_hides_the_end(team: dict[str, pd.DataFrame]) -> None:
    goals = goals_of(JUNE, 60_000.)
    found = contest(team, goals, JUNE, DAY)
    assert len(found) == len(PEOPLE)
    assert found.fair_goal.sum() == pytest.approx(goals.goal.sum())
    assert found.points.between(0, 100).all()
    assert found.points.is_monotonic_decreasing
    assert found["rank"].tolist() == found.points.rank(ascending=False, method="min").tolist()
    assert 3 <= found.public.sum() <= 10
    assert found["rank"][found.public].max() <= found["rank"][~found.public].min()
    assert not found.public[found["rank"] == len(found)].any()
    assert contest(team, goals, JUNE, "2026-05-31").empty  # nothing to compare before it has begun


def test_a_newcomer_and_a_small_seller_can_win(team: dict[str, pd.DataFrame]) -> None:
    orders = team["orders"]
    mine = orders.person_id == "P0"
    new = team | {"people": team["people"].assign(hire_date=team["people"].hire_date.where(
        team["people"].person_id != "P0", pd.Timestamp("2026-01-01")))}
    new["orders"] = orders[~mine | ((orders.date >= "2026-01-01") & (orders.index % 3 == 0))
                           | (mine & (orders.date >= "2026-06-01"))]
    found = contest(new, goals_of(JUNE, 60_000.), JUNE, "2026-06-30").set_index("person_id")
    assert found["rank"]["P0"] == 1
    assert found.fair_goal["P0"] < .8 * found.fair_goal["P1"]


def test_large_and_small_have_the_same_chance_to_win() -> None:
    wins = pd.Series(0, index=PEOPLE)
    places = []
    for seed in range(7):
        team = coaching_team(seed, activities=False, opportunities=False)
        small = team["orders"].person_id.isin(PEOPLE[:4])
        orders = team["orders"][~small | (team["orders"].index % 4 == 0)]
        for month in ("2026-04", "2026-06"):
            period = read_period(month)
            found = contest(team | {"orders": orders}, pd.DataFrame(), period, period.end)
            wins[found.person_id[found["rank"] == 1]] += 1
            places += found["rank"][found.person_id.isin(PEOPLE[:4])].tolist()
    assert 3.6 < np.mean(places) < 5.4  # 4.5 by chance
    assert wins[PEOPLE[:4]].sum() >= 3
    assert wins[PEOPLE[4:]].sum() >= 3


def test_too_few_people_are_no_contest(team: dict[str, pd.DataFrame]) -> None:
    two = {name: table[table.person_id.isin(PEOPLE[:2])] if "person_id" in table else table
           for name, table in team.items()}
    assert contest(two, goals_of(JUNE, 1e5, PEOPLE[:2]), JUNE, DAY).empty


def test_agendas_hold_what_is_known(busy: dict[str, pd.DataFrame]) -> None:
    goals = goals_of(JUNE, 250_000.)
    low = with_low(busy, "2025-06-01", "2025-08-31", .25, ("orders", "activities"))
    frames = {**study_kpi_goals(low, goals, JUNE, DAY, Settings(company="x")),
              **study_follow_up(low, goals, JUNE, DAY, Settings(company="x")),
              **study_meetings(low, goals, JUNE, DAY, Settings(company="x"))}
    for kind, minutes in {"morning": 10, "weekly": 45, "retro": 90}.items():
        found = agenda(kind, frames)
        assert found.minutes.sum() == minutes
        assert list(dict.fromkeys(found.part)) == ["facts", "questions", "decisions"]
        assert (found[found.part == "decisions"][["owner", "due"]] == "").all().all()
        assert found.place.tolist() == list(range(1, len(found) + 1))
        assert {f"meetings.item.{code}" for code in found.code} <= set(all_words())
        for words in ("zh", "en"):
            with in_language(words):
                text = repr(show_agenda(found, "CNY"))
                assert "nan" not in text.lower()
                assert "{" not in text
    weekly = agenda("weekly", frames)
    assert "story_visits" in set(weekly.code)
    first = weekly.iloc[0]
    needed = frames["kpi_goals_needed"]
    money = needed[needed.kpi == "amount"]
    assert (first.code, first.value, first.compared) == ("so_far", money.so_far.sum(), money.goal.sum())
    mine = {name: table[table.person_id == "P1"] if "person_id" in table else table.iloc[:0]
            for name, table in frames.items()}
    told = agenda("weekly", mine)
    assert set(told.person_id) <= {"", "P1"}
    with pytest.raises(SalesgoalsError, match="morning, weekly, retro"):
        agenda("party", frames)


def test_every_code_of_an_agenda_has_words() -> None:
    codes = {key.rsplit(".", 1)[1] for key in all_words() if key.startswith("meetings.item.")}
    source = Path(__file__).parent.parent / "salesgoals" / "coaching" / "agendas.py"
    text = source.read_text(encoding="utf-8")
    assert len(codes) > 30
    built = {"today_": '"today"', "week_": '"week"', "deal_": "deal_{", "customer_": "customer_{",
             "log_": "log_{", "story_": "story_{", "rate_": "rate_{"}
    for code in codes:
        parts = [part for start, part in built.items() if code.startswith(start)]
        assert f'"{code}"' in text or any(part in text for part in parts), code


def test_the_agenda_sheet_can_be_printed_and_holds_no_formula(tmp_path: Path) -> None:
    items = agenda("morning", {"follow_up_neglected": pd.DataFrame({
        "account_id": ["1"], "name": ['=HYPERLINK("x")'], "person_id": ["7"], "sales_12": [900.],
        "waiting": [40], "usual": [9.], "last_contact": pd.Timestamp("2026-05-01"), "state": ["neglected"],
        "basis": ["orders"]})})
    assert "customer_quiet" in set(items.code)
    path = write_agenda_sheet(items, "morning", tmp_path, "North / 1", DAY, "CNY")
    assert path.name == "agenda Morning meeting 2026-06-12 North _ 1.xlsx"
    sheet = openpyxl.load_workbook(path).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any("HYPERLINK" in str(cell.value) for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)
    assert sheet.page_setup.orientation == "landscape"


def test_people_of_one_name_are_told_apart() -> None:
    standing = pd.DataFrame({"person_id": ["1", "2", "3"], "person": ["Li", "Li", "Wu"], "of": 9,
                             "points": [9., 8., 7.], "rank": [1, 2, 3], "public": True})
    text = repr(show_agenda(agenda("weekly", {"meetings_contest": standing})))
    assert "Li (1)" in text
    assert "Li (2)" in text
    assert "Wu (3)" not in text


def filled(path: Path, answers: list[list[object]], week: object = "2026-06-03") -> Path:
    write_pulse_form(path)
    book = openpyxl.load_workbook(path)
    for line, row in enumerate(answers, 5):
        for column, value in enumerate([week, "A", *row], 1):
            book.active.cell(line, column, value)
    book.save(path)
    return path


def test_forms_come_back_dirty_and_nobody_is_named(tmp_path: Path) -> None:
    filled(tmp_path / "ann.xlsx", [[4, "５", "3分", "四", None], [5, 5, 5, 5, 5]])
    filled(tmp_path / "ben.xlsx", [[6, "yes", 2.5, 2, 1]], pd.Timestamp("2026-06-05").to_pydatetime())
    (tmp_path / "tool.csv").write_text(
        "week,team,I believe that we can reach the goal,clarity,support,fairness,energy,name\n"
        "2026/06/01,B,1,2,3,4,5,Cecil\nsoon,B,1,1,1,1,1,Dora\n", encoding="utf-8")
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    answers, problems = read_pulse(tmp_path)
    assert list(answers) == ["week", "team", "question", "answer"]
    assert answers.week.unique().tolist() == [pd.Timestamp("2026-06-01")]
    assert len(answers) == 4 + 5 + 2 + 5
    assert sorted(answers.answer[answers.question == "belief"]) == [1, 4, 5]
    assert sorted(problem.code for problem in problems) == [
        "meetings.not_a_pulse_form", *["meetings.pulse_answer"] * 3, "meetings.pulse_no_week"]
    assert not answers.astype(str).map(lambda text: any(name in text for name in ("Cecil", "Ann", "ann"))
                                       ).any().any()
    assert all(problem.text() for problem in problems)


def test_a_chinese_form_is_read_in_english_and_the_other_way_round(tmp_path: Path) -> None:
    with in_language("zh"):
        filled(tmp_path / "表.xlsx", [[1, 2, 3, 4, 5]])
    answers, problems = read_pulse(tmp_path)
    assert problems == []
    assert dict(zip(answers.question, answers.answer, strict=True)) == dict(zip(QUESTIONS, range(1, 6),
                                                                                strict=True))


def test_an_empty_or_missing_folder_is_no_answer(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nowhere"):
        answers, problems = read_pulse(place)
        assert answers.empty
        assert problems == []
    assert pulse_trend(answers).empty


teams = st.dictionaries(st.sampled_from(["A", "B", "C", ""]), st.lists(st.integers(1, 5), max_size=9),
                        min_size=1)


@given(said=teams)
@settings(deadline=None, max_examples=40)
def test_no_small_group_can_be_worked_out(said: dict[str, list[int]]) -> None:
    answers = pd.DataFrame([(pd.Timestamp("2026-06-01"), name, "energy", value)
                            for name, values in said.items() for value in values],
                           columns=["week", "team", "question", "answer"])
    found = pulse_trend(answers)
    if answers.empty:
        assert found.empty
        return
    shown = found[found["mean"].notna()].set_index("team")
    assert (shown.n >= 4).all()
    assert shown["mean"].between(1, 5).all()
    assert (shown.low <= shown["mean"]).all()
    assert (shown["mean"] <= shown.high).all()
    if "" in shown.index:
        rest = shown.n[""] - shown.n.drop("").sum()
        assert rest == 0 or rest >= 4  # what is left after taking the shown teams off is no small group
        whole = found.set_index("team").loc[""]
        assert whole.n + whole.held_back == len(answers)


def test_a_fall_is_clear_only_beyond_its_doubt() -> None:
    def week(day: str, values: list[int]) -> pd.DataFrame:
        return pd.DataFrame({"week": pd.Timestamp(day), "team": "A", "question": "energy", "answer": values})

    before = week("2026-06-01", [4, 4, 5, 4, 4, 5, 4, 4])
    fell = pulse_trend(pd.concat([before, week("2026-06-08", [2, 2, 1, 2, 2, 3, 2, 2])]))
    same = pulse_trend(pd.concat([before, week("2026-06-08", [4, 3, 5, 4, 4, 4, 4, 4])]))
    last = [table[(table.team == "A") & (table.week == "2026-06-08")].iloc[0] for table in (fell, same)]
    assert last[0].clear
    assert last[0].change < -2
    assert not last[1].clear


def test_studies_keep_to_the_rules_of_readers(team: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    (tmp_path / "pulse").mkdir()
    filled(tmp_path / "pulse" / "a.xlsx", [[3, 3, 3, 3, 3]] * 5)
    frames = study_meetings(team, goals_of(JUNE, 6e4), JUNE, DAY, Settings(company="x"), tmp_path)
    assert "person_id" in frames["meetings_contest"]
    assert "person_id" in frames["meetings_stories"]
    assert not {"person_id", "unit"} & set(frames["meetings_pulse"])
    assert len(frames["meetings_pulse"]) == 10
