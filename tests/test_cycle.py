"""The loop: what a retrospective hands on, its session and actions, its sheet, the standard process."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from company_of_truth import TRUTH, true_tables
from hypothesis import given, settings
from hypothesis import strategies as st

import salesgoals as sg
from salesgoals.cycle import Action, Cause, Decision, Session, study_cycle
from salesgoals.history import as_known_on, monthly_sales
from salesgoals.looping.actions import keep_actions, list_actions, read_actions, read_log
from salesgoals.looping.kept import keep_learnt, list_learnt, read_learnt
from salesgoals.looping.learning import learn
from salesgoals.looping.learnt import Bias, Learnt, OneOff, Replay, forecast_people, usual_sales
from salesgoals.looping.replays import LASTING, SCORE_80, find_one_offs, learn_bias, replay_forecasts
from salesgoals.looping.session import read_session, write_session
from salesgoals.looping.two_cycles import two_cycles
from salesgoals.periods import read_period
from salesgoals.plans import estimate, make_plan
from salesgoals.problems import SalesgoalsError
from salesgoals.run.cli import main
from salesgoals.tables import TABLES, as_table, empty_table, write_table
from salesgoals.words import in_language
from salesgoals.workdays import working_days
from salesgoals.workspace import Workspace, new_workspace, open_workspace

H2 = read_period("2025-H2")
Tables = dict[str, pd.DataFrame]


def company(people: int = 6, growth: float = 0.0, lucky: bool = False, seed: int = 3) -> Tables:
    """A company of 30 months: steady sellers with a season, maybe growing, maybe with one lucky order."""
    draw = np.random.default_rng(seed)
    days = pd.bdate_range("2024-01-01", "2026-06-30")
    years = ((days - days[0]).days / 365.25).to_numpy()
    rows = []
    for person in range(people):
        sold = draw.random(len(days)) < .5
        amount = 100 * (1 + person) * (1 + growth) ** years * draw.lognormal(0, .4, len(days))
        rows.append(pd.DataFrame({"date": days[sold], "person_id": f"{person:03d}",
                                  "amount": amount[sold].round(2)}))
    orders = pd.concat(rows, ignore_index=True).assign(product_line="pumps", account_id="A")
    orders["order_id"] = [f"O{number}" for number in range(len(orders))]
    if lucky:
        year = orders[(orders.person_id == "002") & (orders.date.dt.year == 2025)].amount.sum()
        one = {"date": pd.Timestamp("2025-11-20"), "person_id": "002", "amount": round(1.5 * year, 2),
               "product_line": "pumps", "account_id": "B", "order_id": "BIG"}
        orders = pd.concat([orders, pd.DataFrame([one])], ignore_index=True)
    ids = [f"{person:03d}" for person in range(people)]
    names = ["Li", "Wu", "Li", "Zhao", "Sun", "Zhou"]
    tables = {name: empty_table(name) for name in TABLES}
    tables["orders"] = as_table("orders", orders)
    tables["people"] = as_table("people", pd.DataFrame(
        {"person_id": ids, "name": [names[at % 6] for at in range(people)],
         "hire_date": pd.Timestamp("2019-03-01")}))
    tables["membership"] = as_table("membership", pd.DataFrame(
        {"person_id": ids, "department": "D", "team": ["T1" if at % 2 else "T2" for at in range(people)],
         "valid_from": pd.Timestamp("2019-03-01")}))
    return tables


@pytest.fixture(scope="module")
def lucky() -> Tables:
    return company(growth=.15, lucky=True)


@pytest.fixture(scope="module")
def taught(lucky: Tables) -> Learnt:
    return learn(lucky, H2, "CN")


@pytest.fixture
def workspace(tmp_path: Path, lucky: Tables) -> Workspace:
    made = new_workspace(tmp_path / "work", language="en", company="Ltd", currency="CNY")
    for name, table in lucky.items():
        write_table(made.folder / "tables", name, table)
    return open_workspace(made.folder)


@pytest.fixture(scope="module")
def truth() -> Tables:
    return true_tables()


def held(**more: Any) -> Session:
    return Session(period="2025-H2", start="2025-07-01", end="2025-12-31", day="2026-01-08", **more)


def codes(error: pytest.ExceptionInfo[SalesgoalsError]) -> list[str]:
    return [problem.code for problem in error.value.problems]


# What is handed on

def test_nothing_learnt_changes_nothing(lucky: Tables) -> None:
    known = as_known_on(lucky, H2.end)
    plain = forecast_people(known, "2026-01", 6, "CN")
    nothing = Learnt(period="x", start="2025-07-01", end="2025-12-31", made_on="2026-01-01",
                     data_fingerprint="", salesgoals="", bias=Bias(n=0))
    same = forecast_people(known, "2026-01", 6, "CN", nothing)
    pd.testing.assert_frame_equal(plain.people, same.people)
    pd.testing.assert_frame_equal(plain.months, same.months)
    assert plain.unit.equals(same.unit)


def test_one_off_orders_are_spread_and_the_bias_moves_the_total(lucky: Tables, taught: Learnt) -> None:
    known = as_known_on(lucky, H2.end)
    plain, learnt = (forecast_people(known, "2026-01", 6, "CN", one) for one in (None, taught))
    assert [(order.person_id, order.order) for order in taught.one_offs] == [("002", "BIG")]
    assert taught.bias.factor > 1.01  # the market grows and the plain forecast hardly follows
    assert learnt.unit["mean"] == pytest.approx(plain.unit["mean"] * taught.bias.factor, rel=1e-9)
    assert learnt.people["mean"].sum() == pytest.approx(learnt.unit["mean"], rel=1e-9)
    assert learnt.months["mean"].sum() == pytest.approx(learnt.unit["mean"], rel=1e-9)
    assert learnt.people["mean"]["002"] < .7 * plain.people["mean"]["002"]
    assert (learnt.people["mean"].drop("002") > plain.people["mean"].drop("002")).all()
    pd.testing.assert_series_equal(learnt.people.last_12, plain.people.last_12)  # what was sold, was sold
    assert learnt.unit["last_12"] == plain.unit["last_12"]
    assert [note.code for note in learnt.notes[len(plain.notes):]] == ["cycle.taken_over_moved",
                                                                      "cycle.taken_over_one_offs"]


def test_goals_of_all_methods_follow_what_was_learnt_and_stay_exact(lucky: Tables, taught: Learnt) -> None:
    known = as_known_on(lucky, H2.end)
    plain, learnt = (sg.compare_methods(known, 600_000, "2026-01", 6, unit=100, learnt=one).set_index(
        "person_id") for one in (None, taught))
    for method in ("history", "capability", "equal_chance"):
        assert learnt[method].sum() == plain[method].sum() == 600_000
        assert learnt[method]["002"] < .8 * plain[method]["002"]
    pd.testing.assert_series_equal(learnt.last_12, plain.last_12)
    plan = sg.plan_goals(known, 600_000, "2026-01", 6, unit=100, learnt=taught)
    assert plan.proof.difference.abs().max() == 0


def test_nothing_of_the_future_is_learnt(lucky: Tables, taught: Learnt) -> None:
    orders = lucky["orders"]
    later = orders.date > H2.end
    other = {**lucky, "orders": orders.assign(amount=orders.amount.where(~later, orders.amount * 7))}
    assert learn(other, H2, "CN") == taught
    assert learn(as_known_on(lucky, H2.end), H2, "CN") == taught


def test_goals_cannot_start_from_a_retrospective_that_knows_them(lucky: Tables, taught: Learnt) -> None:
    with pytest.raises(SalesgoalsError) as error:
        forecast_people(lucky, "2025-12", 6, "CN", taught)
    assert codes(error) == ["cycle.learnt_later"]


replays = st.builds(
    lambda expected, ratio, width: Replay(
        start="2025-01", months=6, expected=expected, actual=expected * ratio, usual=expected * ratio,
        low=expected / width, high=expected * width, people_error=None),
    st.floats(1, 1e9), st.floats(.4, 2.5), st.floats(1.05, 2))


@given(st.lists(replays, max_size=6))
@settings(deadline=None, max_examples=60)
def test_the_correction_is_shrunk_and_never_turns_round(found: list[Replay]) -> None:
    bias = learn_bias(found)
    assert bias.n == min(len(found), 4)
    if not found:
        assert bias == Bias(n=0)
        return
    moved, error = np.log(bias.factor), np.log1p(bias.error)
    assert abs(moved) <= abs(error) + 1e-12
    assert moved * error >= 0
    assert moved == 0 or abs(bias.factor - 1) >= .01
    assert bias.low <= bias.high
    assert 0 <= bias.weight < 1


def test_the_correction_agrees_with_bayes_by_brute_force() -> None:
    one = Replay(start="2025-07", months=6, expected=100., low=80., high=125., actual=130., usual=130.,
                 people_error=None)
    noise = np.log(125 / 80) / (2 * SCORE_80)
    grid = np.linspace(-.6, .6, 200_001)
    weight = np.exp(-.5 * (grid / LASTING) ** 2 - .5 * ((np.log(1.3) - grid) / noise) ** 2)
    middle = float((grid * weight).sum() / weight.sum())
    spread = float(np.sqrt(((grid - middle) ** 2 * weight).sum() / weight.sum()))
    bias = learn_bias([one])
    assert np.log(bias.factor) == pytest.approx(middle, abs=1e-6)
    assert np.log1p(bias.high) == pytest.approx(middle + SCORE_80 * spread, abs=1e-5)


def test_replays_are_the_plain_forecast_of_their_day(lucky: Tables) -> None:
    found = replay_forecasts(lucky, H2.end, "CN")
    assert [one.start for one in found] == ["2025-07", "2025-01"]
    plain = forecast_people(as_known_on(lucky, "2025-06-30"), "2025-07", 6, "CN")
    sales = monthly_sales(lucky)
    came = sales.amount[(sales.month >= "2025-07-01") & (sales.month <= "2025-12-01")].sum()
    assert found[0].expected == pytest.approx(plain.unit["mean"])
    assert found[0].actual == pytest.approx(came)
    assert not replay_forecasts(lucky, pd.Timestamp("2025-03-31"), "CN")  # a year has to lie before


def test_a_season_or_a_habit_is_no_one_off_order(lucky: Tables) -> None:
    orders = lucky["orders"]
    assert len(find_one_offs(lucky, H2.end)) == 1
    big = orders[orders.order_id == "BIG"]
    again = pd.concat([orders, big.assign(order_id="BIG0", date=pd.Timestamp("2024-11-20"))])
    assert not find_one_offs({**lucky, "orders": again}, H2.end)  # it came the year before too
    monthly = orders[orders.person_id == "000"].groupby(orders.date.dt.to_period("M")).amount.sum()
    few = pd.DataFrame({"date": monthly.index.to_timestamp(), "person_id": "000",
                        "amount": monthly.to_numpy() * np.where(monthly.index.month == 12, 9, 1)})
    assert not find_one_offs({**lucky, "orders": as_table("orders", few)}, H2.end)
    assert not find_one_offs(company(), H2.end)


@given(st.floats(0, 2000), st.floats(0, 1500))
@settings(deadline=None, max_examples=30)
def test_sales_never_lose_more_than_they_hold(sold: float, excess: float) -> None:
    sales = pd.DataFrame({"month": pd.to_datetime(["2025-11-01"] * 2), "person_id": ["8", "9"],
                          "product_line": ["a", "a"], "amount": [sold, sold]})
    order = OneOff(person_id="8", order="1", date="2025-11-20", amount=excess, kept=0., excess={"a": excess})
    base = Learnt(period="p", start="2025-07-01", end="2025-12-31", made_on="2026-01-01", data_fingerprint="",
                  salesgoals="", bias=Bias(n=0), one_offs=[order])
    left = usual_sales(sales, base)
    assert left.amount[0] == (sold - excess if sold >= excess else sold)
    assert left.amount[1] == sales.amount[1] == sold
    said_no = base.model_copy(update={"one_offs": [order.model_copy(update={"agreed": "no"})]})
    assert usual_sales(sales, said_no) is sales


def test_the_sample_company_starts_better_from_its_retrospective(truth: Tables) -> None:
    known = as_known_on(truth, H2.end)
    taught = learn(truth, H2, "CN")
    sales = monthly_sales(truth)
    came = sales[sales.month >= "2026-01-01"].groupby("person_id").amount.sum()
    off = {}
    for name, learnt in (("plain", None), ("learnt", taught)):
        forecast = forecast_people(known, "2026-01", 6, "CN", learnt)
        own = came.reindex(forecast.people.index).fillna(0.0)
        off[name] = (abs(forecast.unit["mean"] / came.sum() - 1),
                     float((own - forecast.people["mean"]).abs().sum() / came.sum()))
    assert [order.person_id for order in taught.one_offs] == ["00008"]
    assert off["learnt"][0] < off["plain"][0]
    assert off["learnt"][1] < .9 * off["plain"][1]


# Kept in the workspace

def test_what_was_learnt_is_kept_checked_and_used(workspace: Workspace, taught: Learnt) -> None:
    plain, _ = estimate(workspace, "2026-07", 6)
    path = keep_learnt(workspace, taught)
    assert read_learnt(path) == taught
    keep_learnt(workspace, taught.model_copy(update={"made_on": "2030-01-01"}))
    assert read_learnt(path) == taught  # the same on another day is no news
    assert sg.learnt_from(workspace) == taught
    assert sg.learnt_from(workspace, "2025-H2", "2026-07") == taught
    assert sg.learnt_from(workspace, "last", "2025-12") is None
    used, _ = estimate(workspace, "2026-07", 6)
    off, _ = estimate(workspace, "2026-07", 6, learn_from=None)
    pd.testing.assert_frame_equal(off.people, plain.people)
    assert used.unit["mean"] == pytest.approx(plain.unit["mean"] * taught.bias.factor)
    saved = make_plan(workspace, 700_000, "2026-07", 6, unit=100)
    assert saved.parameters["learnt"]["period"] == "2025-H2"
    pd.testing.assert_frame_equal(saved.forecast.people, used.people)
    assert "cycle.taken_over_one_offs" in [note.code for note in saved.plan.notes]


@pytest.mark.parametrize(("text", "code"), [
    ("{", "cycle.learnt_unreadable"), ("[]", "cycle.learnt_unreadable"), ("{}", "settings.missing"),
    ("more", "settings.unknown"), ("factor", "settings.wrong"), ("infinite", "settings.wrong"),
    ("[" * 5000, "cycle.learnt_unreadable"), ("period", "settings.wrong"), ("end", "settings.wrong")])
def test_a_damaged_file_is_named_not_believed(workspace: Workspace, taught: Learnt, text: str,
                                              code: str) -> None:
    path = keep_learnt(workspace, taught)
    plain = json.loads(path.read_text(encoding="utf-8"))
    if text == "more":
        plain["wish"] = 2
    elif text in ("factor", "infinite"):
        plain["bias"]["factor"] = 1e9 if text == "factor" else float("inf")
    elif text in ("period", "end"):
        plain[text] = "../elsewhere"
    path.write_text(text if text[0] in "{[" else json.dumps(plain), encoding="utf-8")
    with pytest.raises(SalesgoalsError) as error:
        sg.learnt_from(workspace)
    assert code in codes(error)
    assert "learnt.json" in str(error.value)
    with pytest.raises(SalesgoalsError) as error:
        sg.learnt_from(workspace, "2024-H1")
    assert codes(error) == ["cycle.no_such_retro"]
    assert list_learnt(workspace) == ["2025-H2"]


# The session

words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)
plain_words = words.map(lambda text: " ".join(text.split())).filter(bool)


@given(st.lists(st.builds(Cause, code=words, unit=words, note=words, agreed=st.sampled_from(["yes", "no"]),
                          amount=st.one_of(st.none(), st.floats(-1e9, 1e9))), max_size=3),
       st.lists(st.builds(Decision, kind=st.sampled_from(["stop", "improve", "test"]), text=words),
                max_size=3),
       st.lists(st.builds(Action, what=plain_words, owner=plain_words, note=plain_words,
                          due=st.dates(date(2010, 1, 1), date(2060, 1, 1)).map(str),
                          status=st.sampled_from(["open", "done"])), max_size=3))
@settings(deadline=None, max_examples=25)
def test_files_of_a_session_give_back_what_was_written(tmp_path_factory: pytest.TempPathFactory,
                                                       causes: list[Cause], decisions: list[Decision],
                                                       actions: list[Action]) -> None:
    folder = tmp_path_factory.mktemp("session") / "2025-H2"
    session = held(causes=causes, decisions=decisions)
    write_session(folder / "session.toml", session)
    kept = keep_actions(folder, actions, "Li", "2025-H2")
    assert read_actions(folder) == kept
    assert [action.model_copy(update={"id": ""}) for action in kept] == actions
    assert read_session(folder / "session.toml", kept) == session.model_copy(update={"actions": kept})


def test_what_excel_would_calculate_is_kept_as_text(tmp_path: Path) -> None:
    texts = ["=1+1", "'=1", "+86", "-5", "@x", "a=b", "'"]
    written = [Action(what=text, owner="1", due="2026-02-01") for text in texts]
    kept = keep_actions(tmp_path, written, "x", "p")
    assert [action.what for action in read_actions(tmp_path)] == texts == [action.what for action in kept]
    raw = (tmp_path / "actions.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert not any(line.split(",")[1][:1] in "=+-@" for line in raw)


def test_every_change_of_an_action_is_on_record(tmp_path: Path) -> None:
    first, other = (Action(what=what, owner="1", due="2026-02-01") for what in ("call", "visit"))
    kept = keep_actions(tmp_path, [first, other], "Li", "2025-H2")
    assert [action.id for action in kept] == ["2025-H2#1", "2025-H2#2"]
    done = kept[0].model_copy(update={"status": "done"})
    again = keep_actions(tmp_path, [done], "Wu", "2025-H2")
    assert {action.id for action in again} == {"2025-H2#1", "2025-H2#2"}  # left out is not gone
    log = read_log(tmp_path)
    assert log.iloc[-1][["who", "id", "field", "before", "after"]].tolist() == [
        "Wu", "2025-H2#1", "status", "open", "done"]
    keep_actions(tmp_path, again, "Wu", "2025-H2")
    assert len(read_log(tmp_path)) == len(log)
    new = keep_actions(tmp_path, [first], "Li", "2025-H2")
    assert max(action.id for action in new) == "2025-H2#3"
    open_ones = list_actions([tmp_path], pd.DataFrame({"person_id": ["1"], "name": ["Li"]}),
                             pd.Timestamp("2026-02-11"))
    assert open_ones.id.tolist() == ["2025-H2#2", "2025-H2#3"]
    assert open_ones[["owner", "overdue", "days_late"]].values.tolist() == [["Li", True, 10]] * 2


def test_a_session_is_opened_saved_and_stays(workspace: Workspace) -> None:
    session = sg.open_session(workspace, "2025-H2", "2026-01-08")
    facts = {fact.code: fact for fact in session.facts}
    assert set(facts) == {"result", "forecast", "one_off"}
    assert "goal" not in facts["result"].values  # none was set, and blank is not zero
    assert facts["one_off"].unit == "002"
    assert {cause.agreed for cause in session.causes} == {"unsure"}
    assert not (workspace.folder / "retro").exists()
    kept = sg.save_session(workspace, session.decide("stop", "discounts").add(
        Action(what="call", owner="Zhao", due="2026/3/1")), "Wu")
    assert kept.actions[0].owner == "003"
    assert kept.actions[0].due == "2026-03-01"
    assert sg.load_session(workspace, "2025-H2") == kept
    assert sg.open_session(workspace, "2025-H2", "2030-01-01") == kept
    assert sg.open_actions(workspace, "2026-03-02").overdue.tolist() == [True]
    assert sg.action_log(workspace).who.unique().tolist() == ["Wu"]
    frames = study_cycle(workspace, H2)
    assert frames["cycle_actions"].person_id.tolist() == ["003"]
    assert {"by", "unit"} <= set(frames["cycle_causes"]) & set(frames["cycle_facts"])
    with pytest.raises(SalesgoalsError) as error:
        sg.load_session(workspace, "2024-H2")
    assert codes(error) == ["cycle.no_such_session"]


@pytest.mark.parametrize(("name", "value"), [
    ("period", "../../elsewhere"), ("period", "2026-H1"), ("start", "yesterday"), ("end", "2025-02-30"),
    ("end", "2024-01-01"), ("day", "2026-13-32")])
def test_a_session_changed_by_hand_stays_in_its_folder_and_on_days(workspace: Workspace, name: str,
                                                                    value: str) -> None:
    path = workspace.folder / "retro" / "2025-H2" / "session.toml"
    write_session(path, held())
    before = sorted(workspace.folder.parent.rglob("*"))
    lines = [f'{name} = "{value}"' if line.startswith(f"{name} =") else line
             for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(SalesgoalsError) as error:
        sg.save_session(workspace, sg.open_session(workspace, "2025-H2"), "Li")
    assert codes(error) == ["settings.wrong"]
    assert sorted(workspace.folder.parent.rglob("*")) == before
    path.write_text("a = " + "[" * 5000, encoding="utf-8")
    with pytest.raises(SalesgoalsError) as error:
        sg.open_session(workspace, "2025-H2")
    assert codes(error) == ["cycle.session_unreadable"]


def test_a_team_that_calls_an_order_usual_is_heard(workspace: Workspace) -> None:
    session = sg.open_session(workspace, "2025-H2", "2026-01-08")
    sg.save_session(workspace, session.agree("one_off", "no", "002"), "Wu")
    learnt = sg.learnt_from(workspace)
    assert learnt is not None
    assert [order.agreed for order in learnt.one_offs] == ["no"]
    assert not learnt.counted_out()
    assert learnt.replays[0].usual == learnt.replays[0].actual
    with pytest.raises(SalesgoalsError) as error:
        session.agree("luck", "yes")
    assert codes(error) == ["cycle.no_such_cause"]


def test_all_that_is_wrong_with_actions_is_said_at_once_and_nothing_kept(workspace: Workspace) -> None:
    session = sg.open_session(workspace, "2025-H2", "2026-01-08")
    wrong = [Action(what="a", owner="Li", due="2026-02-01"), Action(what="b", owner="Zhoo", due="2026-02-01"),
             Action(what="c", owner="003", due="2026-01-01"), Action(what="d")]
    for action in wrong:
        session = session.add(action)
    with pytest.raises(SalesgoalsError) as error:
        sg.save_session(workspace, session, "Wu")
    assert codes(error) == ["cycle.action_owner_twice", "cycle.action_owner_unknown", "cycle.action_due_past",
                            "cycle.action_without_owner", "cycle.action_without_due"]
    assert '"Zhou"' in str(error.value)
    assert not (workspace.folder / "retro").exists()


# The sheet

def fill(path: Path, cells: dict[tuple[int, int, int], Any]) -> Path:
    book = openpyxl.load_workbook(path)
    for (sheet, row, column), value in cells.items():
        book.worksheets[sheet].cell(row, column).value = value
    target = path.with_name("filled.xlsx")
    book.save(target)
    return target


@pytest.mark.parametrize(("written_in", "read_in", "said"), [
    ("en", "zh", ("yes", "test", "done")), ("zh", "en", ("同意", "试行", "已完成"))])
def test_a_filled_sheet_comes_back(workspace: Workspace, written_in: str, read_in: str,
                                   said: tuple[str, str, str]) -> None:
    with in_language(written_in):
        session = sg.open_session(workspace, "2025-H2", "2026-01-08")
        path = sg.write_session_sheet(workspace, session, workspace.folder / "sheet")
    filled = fill(path, {(1, 5, 5): said[0], (2, 5, 2): said[1], (2, 5, 3): "less discount",
                         (3, 5, 3): "call", (3, 5, 4): 3, (3, 5, 5): pd.Timestamp("2026-03-01"),
                         (3, 6, 3): "visit", (3, 6, 4): "Sun", (3, 6, 5): "2026-4-1"})
    with in_language(read_in):
        kept = sg.read_session_sheet(workspace, filled, "2025-H2", who="Wu")
        assert kept.causes[0].agreed == "yes"
        assert {cause.agreed for cause in kept.causes[1:]} == {"unsure"}
        assert kept.decisions == [Decision(kind="test", text="less discount")]
        assert [(one.what, one.owner, one.due) for one in kept.actions] == [
            ("call", "003", "2026-03-01"), ("visit", "004", "2026-04-01")]
        assert kept.day == "2026-01-08"  # the sheet's day, though the session was not kept then
        assert sg.read_session_sheet(workspace, filled, "2025-H2", who="Wu") == kept  # twice is once
    with in_language(written_in):
        path = sg.write_session_sheet(workspace, kept, workspace.folder / "sheet")
        assert sg.read_session_sheet(workspace, path, "2025-H2", who="Wu") == kept
        changed = fill(path, {(2, 5, 3): "no discount", (3, 5, 8): said[2], (3, 6, 3): None, (3, 6, 4): None,
                              (3, 6, 5): None, (3, 6, 8): None})
        again = sg.read_session_sheet(workspace, changed, "2025-H2", who="Sun")
    assert [one.text for one in again.decisions] == ["no discount"]
    assert [one.status for one in again.actions] == ["done", "open"]  # an emptied row loses nothing


def test_a_wrong_sheet_is_refused_as_a_whole(workspace: Workspace, tmp_path: Path) -> None:
    session = sg.save_session(workspace, sg.open_session(workspace, "2025-H2", "2026-01-08"), "Wu")
    path = sg.write_session_sheet(workspace, session, tmp_path / "sheet.xlsx")
    wrong = fill(path, {(1, 5, 5): "perhaps", (2, 5, 3): "no kind", (3, 5, 3): "no owner",
                        (3, 5, 5): "2026-03-01", (3, 6, 4): "Sun", (3, 6, 5): "soon", (3, 7, 3): "no day",
                        (3, 7, 4): "Sun", (3, 8, 3): "late", (3, 8, 4): "Sun", (3, 8, 5): "2025-12-01"})
    with pytest.raises(SalesgoalsError) as error:
        sg.read_session_sheet(workspace, wrong, "2025-H2", who="Wu")
    assert codes(error) == [
        "cycle.agreed_unknown", "cycle.decision_kind", "cycle.action_without_owner",
        "cycle.action_without_what", "cycle.action_due_unreadable", "cycle.action_without_due",
        "cycle.action_due_past"]
    assert 'sheet "Actions", row 6' in str(error.value)
    assert 'says "perhaps"' in str(error.value)
    assert sg.load_session(workspace, "2025-H2") == session
    with pytest.raises(SalesgoalsError) as error:
        sg.read_session_sheet(workspace, path, "2025-H1", who="Wu")
    assert codes(error) == ["cycle.other_period"] * len(error.value.problems)
    other = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(other)
    for bad in (other, tmp_path / "nothing.xlsx", TRUTH / "facts.toml"):
        with pytest.raises(SalesgoalsError) as error:
            sg.read_session_sheet(workspace, bad, "2025-H2", who="Wu")
        assert codes(error) == ["cycle.not_a_sheet"]


# The standard process

def test_a_changed_process_is_never_overwritten(workspace: Workspace, tmp_path: Path) -> None:
    target = tmp_path / "sop.html"
    sg.save_session(workspace, sg.open_session(workspace, "2025-H2", "2026-01-08").add(
        Action(what="call <b>", owner="Sun", due="2026-02-01")), "Wu")
    first = sg.write_sop(workspace, target, "zh", "2025-H2", "2026-01-09")
    assert first.page == target
    text = target.read_text(encoding="utf-8")
    assert "call &lt;b&gt;" in text
    assert "2026-H1" in text
    assert not sg.write_sop(workspace, target, "en", "2025-H2", "2026-01-10").notes  # ours may be replaced
    mine = target.read_text(encoding="utf-8") + "<!-- mine -->"
    target.write_text(mine, encoding="utf-8")
    later = sg.write_sop(workspace, target, "en", "2025-H2", "2026-01-10")
    assert target.read_text(encoding="utf-8") == mine
    assert later.page.name == "sop-2026-01-10.html"
    assert later.checklist == target.with_suffix(".xlsx")
    assert [note.code for note in later.notes] == ["cycle.sop_changed"]
    again = sg.write_sop(workspace, target, "en", "2025-H2", "2026-01-10")
    assert again.page == later.page
    book = openpyxl.load_workbook(later.checklist)
    dates = [row[4].value[:10] for row in book.worksheets[0].iter_rows(min_row=5) if row[4].value]
    country = workspace.settings.calendar_country
    days = working_days("2026-01-01", "2026-12-31", country).set_index("date").working
    assert len(dates) == 9 + 6 + 1  # steps, months, actions
    assert all(days[pd.Timestamp(day)] for day in dates[:15])


# Two cycles, and the command

def test_two_cycles_see_only_what_was_known(lucky: Tables) -> None:
    small = dict(lucky)
    first, second = read_period("2025-12"), read_period("2026-01")
    found = two_cycles(small, first, second, "CN").set_index("measure")
    orders = small["orders"]
    later = orders.date > second.end
    other = {**small, "orders": orders.assign(amount=orders.amount.where(~later, 0.01))}
    pd.testing.assert_frame_equal(found, two_cycles(other, first, second, "CN").set_index("measure"))
    plain = forecast_people(as_known_on(small, "2025-12-31"), "2026-01", 1, "CN")
    assert found.without["expected"] == pytest.approx(plain.unit["mean"])
    assert found.learnt["people_error"] < found.without["people_error"]
    assert list(found.columns) == ["first", "without", "learnt"]  # the data hold no goals of their own
    with pytest.raises(SalesgoalsError) as error:
        two_cycles(small, second, read_period("2026-01-05..2026-02-04"), "CN")
    assert codes(error) == ["cycle.not_whole_months", "cycle.wrong_order"]
    with pytest.raises(SalesgoalsError) as error:
        two_cycles(small, read_period("2023-H2"), second, "CN")
    assert codes(error) == ["cycle.not_in_records"]


def test_the_command_writes_reads_and_lists(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    folder, sheet = str(workspace.folder), str(workspace.folder / "sheet.xlsx")
    asked = ["retro", folder, "--period", "2025-H2", "--who", "Wu"]
    assert main([*asked, "--sheet", sheet, "--day", "2026-01-08", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"period": "2025-H2", "sheet": sheet}
    filled = fill(Path(sheet), {(3, 5, 3): "call", (3, 5, 4): "Sun", (3, 5, 5): "2026-02-01"})
    assert main([*asked, "--read", str(filled)]) == 0
    assert "1 action" in capsys.readouterr().out
    assert main(["retro", folder, "--actions", "--day", "2026-02-03", "--json"]) == 3
    listed = json.loads(capsys.readouterr().out)
    assert [(row["owner"], row["days_late"]) for row in listed["open"]] == [("Sun", 2)]
    assert main([*asked, "--sop", str(workspace.folder / "sop.html")]) == 0
    capsys.readouterr()
    assert main(["goal", folder, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["taken_over"]) == 2
    assert main(["goal", folder, "--json", "--learn-from", "none"]) == 0
    assert json.loads(capsys.readouterr().out)["taken_over"] == []
    assert main(["goal", folder, "--learn-from", "2020"]) == 1
    assert main(["retro", folder, "--actions", "--sop", "x"]) == 2
    assert main(["retro", folder, "--two-cycles", "2025-H2"]) == 2
    for part in ([], ["--actions"], ["--sop", str(workspace.folder / "b.html")]):
        capsys.readouterr()
        assert main([*asked, *part, "--day", "soon", "--lang", "en"]) == 1
        assert '"soon" is no day' in capsys.readouterr().err
