"""Exercises: right for the right answer, not yet for wrong ones and nonsense, never an error, on any data."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import PROJECT

import salesgoals as sg
from salesgoals.abilities.luck import cut_windfalls
from salesgoals.attribution.chain import find_rates
from salesgoals.collect import collect_folder, save_collected
from salesgoals.exercises import Verdict, check, exercise_numbers, planned_answers, say_mistake
from salesgoals.exercises.reading import read_choice, read_month, read_number, read_share
from salesgoals.goal import chance
from salesgoals.hindsight.expected import look_before
from salesgoals.hindsight.gap import set_sides
from salesgoals.hindsight.levels import STEPS
from salesgoals.history import team_on
from salesgoals.lessons import newest_person
from salesgoals.problems import Problem, keep_problems
from salesgoals.sample import new_invented_company
from salesgoals.tables import write_table
from salesgoals.words import LANGUAGES, all_words, in_language
from salesgoals.workspace import ISSUES_FILE, Workspace, new_workspace, open_workspace

SAMPLES = PROJECT / "data" / "samples"
TRUTH = SAMPLES / "truth"
OTHER_SEED = 11


class Stubborn:
    """An answer that refuses everything that may be asked of it."""

    def refuse(self, *words: Any, **named: Any) -> Any:
        raise ValueError("no")

    __str__ = __repr__ = __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __abs__ = __bool__ = __hash__ = refuse
    __float__ = __int__ = __len__ = __iter__ = __getitem__ = __getattr__ = __sub__ = __format__ = refuse


class StubbornPairs(dict):
    """Pairs of names that cannot be read."""

    def items(self) -> Any:
        raise RuntimeError("no")


NONSENSE = [
    ..., None, "", "   ", "three", float("nan"), float("inf"), -float("inf"), [], {}, {"a": 1}, set(),
    object(), True, False, np.True_, -1, b"\xff", pd.DataFrame(), pd.DataFrame({"a": [1]}),
    pd.Series(dtype=float), pd.Series([1, 2]), np.array([]), np.array([[1, 2]]), lambda: 1, Exception("no"),
    10**400, -10**400, 10**5000, "9" * 5000, "1e999", "<script>alert(1)</script>", ("2025-11",), ("a", "b"),
    pd.NaT, pd.NA, np.nan, range(3), type, 1j, "😀", "🎯🎯", "семь", "たぶん", "سبعة", "不知道", "老板说了算",
    "约等于", "％", "万", "-", "\x00", "%s%n", "__import__('os')", Stubborn(), StubbornPairs(a=1),
    datetime.max, iter([1]), Decimal("NaN"), Decimal("1e999"), np.datetime64("NaT"), pd.Timedelta(days=1),
    frozenset({1}), memoryview(b"1")]
Answers = Mapping[str, dict[str, Any]]


def make_company(folder: Path, seed: int) -> Workspace:
    """Take the sample company and stir its sales: every right answer becomes another one."""
    rng = np.random.default_rng(seed)
    workspace = new_workspace(folder, language="zh", company="stirred")
    tables = {path.stem: pd.read_parquet(path) for path in TRUTH.glob("*.parquet")}
    orders = tables["orders"].astype({"amount": "float64"})
    month = pd.to_datetime(orders.date).dt.to_period("M").astype(str)
    people = {key: rng.lognormal(0, .5) for key in sorted(orders.person_id.dropna().unique())}
    months = {key: rng.lognormal(0, .2) for key in sorted(month.unique())}
    factor = orders.person_id.map(people).fillna(1).astype(float) * month.map(months).astype(float)
    stirred = orders.amount * factor
    tables["orders"] = orders.assign(amount=stirred.round(2))
    for name, table in tables.items():
        write_table(workspace.folder / "tables", name, table)
    row = int(rng.integers(2, 900))
    product = tables["products"]["product"].iloc[int(rng.integers(0, 10))]
    where = {"file": "a.csv", "count": 1, "amount": 0, "rows": str(row)}
    written = {"level": "doubt", "found": _misspell(product), "nearest": product}
    issues = keep_problems([
        Problem("collect.date_unreadable", row=row + 1, found="32.13.2025", **where),
        Problem("collect.amount_unreadable", row=row, found="-", **where),
        Problem("collect.product_unknown", **written, **where)])
    (workspace.folder / "tables" / ISSUES_FILE).write_text(issues, encoding="utf-8")
    return open_workspace(folder)


def _misspell(product: str) -> str:
    return product[:1] + " " + product[1:] if " " not in product else product.replace(" ", "")


@pytest.fixture(scope="module")
def stirred(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_company(tmp_path_factory.mktemp("stirred") / "w", 1)


@pytest.fixture(scope="module")
def redrawn(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample company with another seed, collected from its exports like any other."""
    folder = tmp_path_factory.mktemp("redrawn")
    run = subprocess.run([sys.executable, str(SAMPLES / "make_samples.py"), "--seed", str(OTHER_SEED), "--to",
                          str(folder)], capture_output=True, text=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stderr
    workspace = new_invented_company(folder / "w", "redrawn", "en")
    for export in (folder / "inbox").iterdir():
        shutil.copyfile(export, workspace.inbox / export.name)
    with in_language("en"):
        save_collected(workspace, collect_folder(workspace))
    return open_workspace(workspace.folder)


@pytest.fixture(scope="module")
def answers(stirred: Workspace) -> Answers:
    return work_out(stirred)


def work_out(company: Workspace) -> Answers:
    """The right answer of each exercise, worked out here in another way, and the planned wrong ones."""
    sales = sg.monthly_sales(company.tables).groupby("month").amount.sum()
    ranked = sales.sort_values(ascending=False)
    growth = sales.iloc[-12:].sum() / sales.iloc[-24:-12].sum() - 1
    forecast, board = sg.estimate(company)
    three = sg.totals_at(forecast, (.7, .6, .5)).total
    wanted = float(board.total[board.estimate == "market"].iloc[0])
    start = f"{forecast.months.month.min():%Y-%m}"
    methods = sg.compare_methods(company.tables, round(forecast.unit["last_12"]), start)
    chances = sg.chance_of_people(forecast, methods.set_index("person_id").equal.astype(float))
    newcomer = newest_person(company)
    tried = np.linspace(forecast.people.low[newcomer], forecast.people.high[newcomer], 120)
    reached = [float(sg.chance_of_people(forecast, pd.Series({newcomer: goal}))[newcomer]) for goal in tried]
    even = tried[int(np.argmin(np.abs(np.array(reached) - .5)))]
    issues, products = company.issues, company.tables["products"]["product"]
    written = issues.found[issues.code == "collect.product_unknown"].iloc[0]
    meant = next(name for name in products if name.replace(" ", "") == written.replace(" ", ""))
    row = int(issues.row[issues.code == "collect.amount_unreadable"].iloc[0])

    at_market = chance(forecast, wanted)
    even_split = sg.plan_goals(company.tables, round(three[2]), start,
                               country=company.settings.calendar_country).people
    beyond = int((sg.chance_of_people(forecast, even_split.set_index("person_id").goal) < .3).sum())
    return {
        "0.1": {"right": [f"{ranked.index[1]:%Y-%m}", ranked.index[1], ranked.index[1].to_period("M")],
                "wrong": [f"{ranked.index[0]:%Y-%m}", f"{ranked.index[-1]:%Y-%m}", "1999-01", "2025-13"]},
        "0.2": {"right": [growth, f"{growth:.2%}", f"{growth * 100:.3f}%"],
                "wrong": [1 + growth, growth + .02, -growth - .02]},
        "1.1": {"right": [row, str(row), float(row)], "wrong": [row + 1, row + 2, 0]},
        "1.2": {"right": [{written: meant}],
                "wrong": [{meant: written}, {written: "x"}, (written, meant), {}]},
        **_market_and_margin(company),
        **_luck_and_leaving(company),
        "4.1": {"right": [three[1], f"{three[1]:,.0f}", int(three[1])],
                "wrong": [three[0], three[2], forecast.unit["last_12"] * 2, 0, -three[1]]},
        "4.2": {"right": [at_market, f"{at_market:.1%}"], "wrong": [at_market + .1, 1.2, -.3]},
        "4.3": {"right": [beyond, str(beyond), float(beyond)],
                "wrong": [beyond + 1, len(even_split) - beyond + 40, -1]},
        "5.1": {"right": [chances.idxmin()], "wrong": [chances.idxmax(), "nobody", 12]},
        "5.2": {"right": [even, f"{even:,.0f}"], "wrong": [even * 2, even / 2, 0]},
        "6.1": _heaviest_team(company, methods, forecast),
        "6.2": _best_claims(forecast),
        **_pay_and_budget(company), **_steer_the_month(company), **_look_back(company),
        **_adjust_mid_year(company),
        **_choosing()}


def _look_back(company: Workspace) -> Answers:
    """Sales by team from the bare tables beside the forecast; what rates changed one by one leave over."""
    period = sg.read_period("2026-H1")
    goals = sg.goals_in_force(company, period)
    team = sg.goal_or_work(company.tables, goals, period).query("by == 'team'").set_index("unit")
    months = sg.team_sales(company.tables)
    months = months[months.month.between(period.start, period.end)]
    sold = months.groupby(months.department + "/" + months.team).amount.sum()
    below = (sold.reindex(team.index).fillna(0.) - team.forecast).sort_values()
    largest = (sold.reindex(team.index).fillna(0.) - team.goal).idxmin()
    before = look_before(company.tables, period, "CN", set(goals.person_id))
    sides = set_sides(company.tables, period, before, "forecast")
    own = (sides.people.node == below.index[0]).to_numpy()
    rates = find_rates(sides.now[own], sides.base[own], STEPS)
    change = (sides.now.amount[own] - sides.base.amount[own]).sum()
    alone = sum(np.where(np.arange(len(STEPS)) == step, rates.now, rates.base).prod(axis=1).sum()
                - rates.base.prod(axis=1).sum() for step in range(len(STEPS)))
    rest = change - alone
    wrong = [below.index[-1], "nobody", 12, *([largest] if largest != below.index[0] else [])]
    return {"10.1": {"right": [below.index[0], below.index[0].split("/")[1], f" {below.index[0]} "],
                     "wrong": wrong},
            "10.2": {"right": [rest, f"{rest:,.0f}", -rest], "wrong": [change, alone, rest * 1.1, 0]}}


def _steer_the_month(company: Workspace) -> Answers:
    """The chance from tables cut by hand at each day, and the false alarms chart by chart."""
    june = sg.read_period("2026-06")
    goals, orders = company.tables["goals"], company.tables["orders"]
    asked = goals[goals.period_start == june.start].assign(source="export")
    chances = []
    for day in ("2026-06-11", "2026-06-18"):
        cut = {**company.tables, "orders": orders[orders.date <= day],
               "people": company.tables["people"].query("hire_date <= @day")}
        board = sg.pace_board(cut, asked, june, day)
        chances.append(float(board.chance[board.by == "all"].iloc[0]))
    charts = sg.kpi_alarms(company.tables, "2026-06-18").groupby(["by", "unit", "kpi"]).last()
    watched = charts[~charts.state.isin(["too_short", "too_small"])]
    rings, alike = float(watched.false_alarms.sum()), abs(chances[0] - chances[1]) < .02
    return {"8.1": {"right": [f"{chances[0]:.1%}"],
                    "wrong": [chances[0] + .05, -.2, *([] if alike else [chances[1]])]},
            "8.2": {"right": [f"{rings:.1f}"], "wrong": [int((charts.state == "alarm").sum()), len(charts)]}}


def _adjust_mid_year(company: Workspace) -> Answers:
    """A wish falls on what is left; goals out of reach are found and lowered person by person, by hand."""
    saved, day = sg.practice_year(company)
    goals, orders = saved.plan.goals, company.tables["orders"]
    left = goals[goals.month >= day].groupby("person_id").goal.sum()
    total, rest = goals.goal.sum(), left.sum()
    forecast = sg.estimate(company, f"{day:%Y-%m}", 6)[0]
    sold = orders[(orders.date >= goals.month.min()) & (orders.date < day)]
    sold = (sold.amount * sold.credit_share.fillna(1)).groupby(sold.person_id).sum()
    missing = goals.groupby("person_id").goal.sum().sub(sold, fill_value=0).reindex(left.index)
    lost = sg.chance_of_people(forecast, missing.astype(float)) < .1
    people = forecast.people.reindex(left.index)
    spread = np.sqrt(np.log1p((people.sd / people["mean"]) ** 2))
    level = people["mean"] * np.exp(-spread ** 2 / 2 - .5244005127 * spread)  # reached with 70 %
    fall = float((left - level)[lost].clip(lower=0).sum())
    return {"9.1": {"right": [f"{.1 * total / rest:.1%}"], "wrong": [.1, -.1 * total / rest, 1.1]},
            "9.2": {"right": [f"{fall / total:.1%}"], "wrong": [fall / total + .02, 1.2]}}


def _pay_and_budget(company: Workspace) -> dict[str, Any]:
    """The uneven result paid month by month, and the budget found by trying."""
    forecast, terms = sg.practice_pay(company)
    star = terms.people.loc[terms.people.goal.idxmax()]
    team = terms.people[(terms.people.department == star.department) & (terms.people.team == star.team)]
    goals = terms.goals[terms.goals.person_id.isin(team.person_id)]
    share = goals.metric.map({"amount": 1.1, "margin": .8}).fillna(1.)
    others = goals[(goals.person_id != star.person_id) & (goals.metric == "amount")]
    mine = goals.goal[(goals.person_id == star.person_id) & (goals.metric == "amount")].sum()
    lift = 1 - .1 * mine / others.goal.sum()
    share = share.where(goals.person_id == star.person_id, lift)  # so that the team ends at exactly 100 %
    statement = sg.pay(terms, goals.assign(result=goals.goal * share))
    paid = statement[statement.person_id == star.person_id].pay.sum()
    low, high = 0., 20_000_000.
    for _ in range(14):
        middle = (low + high) / 2
        plan = terms.plan.model_copy(update={"budget": middle})
        over = sg.cost_of_plan(replace(terms, plan=plan), forecast).total.chance_over
        low, high = (middle, high) if over > .1 else (low, middle)
    total = sg.cost_of_plan(terms, forecast).total
    return {"7.1": {"right": [paid, float(paid), f"{paid:,.2f}"],
                    "wrong": [sg.pay_at(terms, star.person_id, 1.1).pay.sum(), 0, paid + 1]},
            "7.2": {"right": [low, f"{low:,.0f}"],
                    "wrong": [total.expected, total.at_goal, low * 2, low / 2, -low]}}


def _choosing() -> dict[str, Any]:
    """Where the leader of the example falls behind, by trying weights; what the missing score must be."""
    example = sg.example_scores()
    out = set(example.knock_outs.tool[example.knock_outs.met.eq(False)])
    kept = example.scores[~example.scores.tool.isin(out)]
    means = kept.groupby(["tool", "criterion"]).score.mean().unstack()
    first, *others = example.weights
    total = sum(example.weights.values())
    rest = (means[others] * pd.Series(example.weights)[others]).sum(axis=1, skipna=False) / (
        total - example.weights[first])
    whole = means.notna().all(axis=1)
    tried = np.arange(0, example.weights[first] / total, 5e-4)
    leads = [(means[first] * w + rest * (1 - w))[whole].idxmax() for w in tried]
    flip = tried[np.flatnonzero(np.array(leads) != leads[-1])[-1]]
    known = (means * pd.Series(example.weights)).sum(axis=1) / total
    unsure = means.index[~whole][0]
    needed = (known[whole].max() - known[unsure]) / (
        example.weights[means.columns[means.loc[unsure].isna()][0]] / total)
    return {"11.1": {"right": [flip, f"{flip:.1%}", flip * 100],
                     "wrong": [example.weights[first], flip + .02, flip - .02, 0]},
            "11.2": {"right": [needed, f"{needed:.2f}"], "wrong": [5, needed - .1, needed + .1, 0, 99]}}


def _market_and_margin(company: Workspace) -> dict[str, Any]:
    """Growth of the market from its published figures, and margins, worked out from the bare tables."""
    orders, market = company.tables["orders"], company.tables["market"]
    last = orders.date.max().to_period("M").to_timestamp()
    year, ago = pd.DateOffset(years=1), pd.DateOffset(months=11)
    now = orders[orders.date >= last - ago]
    before = orders[(orders.date >= last - ago - year) & (orders.date < last - ago)]
    known = market[market.month.between(last - ago, last)]
    came = before.amount.sum() * (known.level.sum() / (known.level / (1 + known.growth)).sum() - 1)
    old = market[market.month.between(last - ago - year, last - year)]
    levels = before.amount.sum() * (known.level.sum() / old.level.sum() - 1)
    lines = company.tables["products"].set_index("product_id").product_line
    sums = []
    for part in (before, now):
        line = part.product_line.fillna(part.product_id.map(lines))
        sums.append(part.groupby(line)[["amount", "cost"]].sum())
    lost = ((1 - sums[1].cost / sums[1].amount) - (1 - sums[0].cost / sums[0].amount)) * sums[1].amount
    change = now.amount.sum() - before.amount.sum()
    return {
        "2.1": {"right": [came, f"{came:,.0f}", round(came)],
                "wrong": [levels, change, change - came, came * 1.1, 0]},
        "2.2": {"right": [lost.idxmin()], "wrong": [lost.idxmax(), "nothing", 3]}}


def _heaviest_team(company: Workspace, methods: pd.DataFrame, forecast: Any) -> dict[str, Any]:
    """An equal split weighs most where people are expected to sell least: by forecast and two other ways."""
    saved = sg.make_plan(company, round(forecast.unit["mean"]), f"{forecast.months.month.min():%Y-%m}",
                         method="equal", unit=1)
    people, parts = saved.plan.people, saved.weights.loc[saved.plan.people.person_id]
    fair = sg.equal_chance_goals(forecast.people.loc[people.person_id], float(people.goal.sum()))
    given = [fair.to_numpy(), (parts.level * parts.months_grown).to_numpy(),
             (parts.capability * parts.months_grown).to_numpy()]
    logs = np.array([np.log(people.goal.to_numpy() / values) for values in given])
    loads = {team: np.median([row[inside].mean() - row[~inside].mean() for row in logs])
             for team in people.team.unique() for inside in [(people.team == team).to_numpy()]}
    most, least = (choose(loads, key=loads.__getitem__) for choose in (max, min))
    department = people.department[people.team == most].iloc[0]
    return {"right": [most, f"{department}/{most}", f" {most} "], "wrong": [least, "nobody", 12]}


def _best_claims(forecast: Any) -> dict[str, Any]:
    """By brute force: draw the year of the person in the middle often, pay every claim, take the best."""
    people = forecast.people[forecast.people["mean"] > 0].sort_values("mean", kind="stable")
    mean, sd = people[["mean", "sd"]].iloc[len(people) // 2]
    spread = np.sqrt(np.log1p((sd / mean) ** 2))
    years = np.sort(np.random.default_rng(5).normal(np.log(mean) - spread ** 2 / 2, spread, 400_001))
    paid = {}
    for share in (.7, .9):      # with half weight and half fine
        claims = np.exp(years[1000::500])
        over = np.array([np.maximum(0, np.exp(years[::40]) - claim).mean() for claim in claims])
        paid[share] = claims[np.argmax(-share * claims / 2 - over / 2)]
    return {"right": [paid[.9], f"{paid[.9]:,.0f}"],
            "wrong": [paid[.7], np.exp(np.median(years)), paid[.9] * 1.05, paid[.9] * .95, 0]}


def test_every_exercise_of_the_lessons_is_here(answers: Answers) -> None:
    assert sorted(exercise_numbers()) == sorted(answers)


def _luck_and_leaving(company: Workspace) -> Answers:
    orders, people = company.tables["orders"], company.tables["people"]
    last = orders.date.max().to_period("M").to_timestamp()
    year = orders[orders.date >= last - pd.DateOffset(months=11)].dropna(subset=["person_id"])
    here = people.person_id[people.leave_date.isna()]
    cut = cut_windfalls(year.rename(columns={"order_id": "order"}))
    own = cut.groupby("person_id").amount.sum()[here]
    share = (cut.groupby("person_id").amount.max()[here] / own).max()
    place = team_on(company.tables, cut.person_id, cut.date).team
    now = sg.roster(company.tables, orders.date.max()).set_index("person_id").team[here]
    sold = cut.kept.groupby([cut.person_id, place]).sum()
    sums = cut.kept.groupby(place).sum()
    carried = pd.Series({who: sold[who, now[who]] / sums[now[who]] for who in here}).sort_values()
    most, name = carried.index[-1], people.set_index("person_id").name[carried.index[-1]]
    return {"3.1": {"right": [share, f"{share:.1%}"], "wrong": [1 - share, share + .03, -share, 7]},
            "3.2": {"right": [most, f" {most} ", name], "wrong": [carried.index[0], "nobody", 12]}}


def test_right_answers_are_right_and_wrong_ones_not_yet(stirred: Workspace, answers: Answers) -> None:
    """Against answers worked out in another way than the checks do."""
    company = stirred
    for number in exercise_numbers():
        for answer in answers[number]["right"]:
            verdict = check(number, answer, company)
            assert verdict, (number, answer, verdict)
            assert verdict.hints == ()
        for answer in answers[number]["wrong"]:
            verdict = check(number, answer, company)
            assert not verdict, (number, answer)
            assert len(verdict.hints) == 3


def test_every_planned_mistake_is_told_what_went_wrong(stirred: Workspace) -> None:
    """And every planned form of the right answer is right, whatever types it comes in."""
    company = stirred
    assert len(exercise_numbers()) >= 25
    for number in exercise_numbers():
        planned = planned_answers(number, company)
        for answer in planned.right:
            for given in (answer, pd.Series([answer]), *as_typed(answer)):
                if number != "1.2" or given is answer:
                    assert check(number, given, company), (number, given)
        assert planned.wrong
        for language in LANGUAGES:
            with in_language(language):
                said = {name: say_mistake(number, name) for name in planned.wrong}
                assert len(set(said.values())) == len(said), number
                for name, mistakes in planned.wrong.items():
                    for answer in mistakes:
                        verdict = check(number, answer, company)
                        assert not verdict, (number, name, answer)
                        assert verdict.message == said[name], (number, name, answer)
                        assert len(verdict.hints) == 3


def as_typed(answer: Any) -> Iterator[Any]:
    """The same answer as other people and programs write it."""
    if isinstance(answer, float | int):
        yield from (np.float64(answer), Decimal(repr(float(answer))), np.array([answer]), pd.Index([answer]))
    if isinstance(answer, float) and not isinstance(answer, np.floating):
        yield Fraction(answer)
        if abs(answer) > 1e6:
            yield f"{answer / 1e4:.4f} 万"
            yield f"￥{answer / 1e4:,.4f}万元"
    if isinstance(answer, str):
        wide = {ord(sign): chr(ord(sign) + 0xFEE0) for sign in "0123456789%.,"}
        yield from (answer.translate(wide), f"  {answer}\n", np.str_(answer))
        if re.fullmatch(r"\d{4}-\d{2}", answer):
            yield f"{answer[:4]}年{int(answer[5:])}月"


def test_every_exercise_of_every_lesson_has_planned_mistakes(stirred: Workspace) -> None:
    sources = sorted((PROJECT / "notebooks" / "source").glob("*.py"))
    asked = {number for source in sources
             for number in re.findall(r'sg\.check\("(\d+\.\d+)"', source.read_text(encoding="utf-8"))}
    assert len(asked) >= 25
    assert asked == set(exercise_numbers())
    for number in sorted(asked):
        own = [name for name in planned_answers(number, stirred).wrong
               if f"exercise.n{number.replace('.', '_')}.{name}" in all_words()]
        assert own, f"exercise {number} knows no typical mistake of its own"


def test_nonsense_is_not_yet_and_never_an_error(stirred: Workspace) -> None:
    for number in exercise_numbers():
        for answer in NONSENSE:
            verdict = check(number, answer, stirred)
            assert isinstance(verdict, Verdict)
            assert not verdict, (number, type(answer))
            assert len(verdict.hints) == 3
            assert repr(verdict)
            assert "<script>" not in verdict._repr_html_()


def test_an_exercise_without_a_case_in_the_data_says_so_and_asks_nothing(tmp_path: Path) -> None:
    bare = new_workspace(tmp_path / "w", language="en", company="bare")
    orders = pd.read_parquet(TRUTH / "orders.parquet")
    recent = orders[pd.to_datetime(orders.date) >= "2025-09-01"]
    for name, table in {"orders": recent, "people": pd.read_parquet(TRUTH / "people.parquet")}.items():
        write_table(bare.folder / "tables", name, table)
    (bare.folder / "tables" / ISSUES_FILE).write_text("[]", encoding="utf-8")
    bare = open_workspace(bare.folder)
    for number in ("0.2", "1.1", "1.2", "4.2"):
        for answer in (..., 0.5):
            verdict = check(number, answer, bare)
            assert verdict
            assert "nothing to solve" in repr(verdict)
    for number in ("0.1", "4.1"):
        assert not check(number, ..., bare)


def test_without_any_sales_nothing_is_right_or_wrong(tmp_path: Path) -> None:
    """Whatever is typed: there is nothing to solve, and a number is not asked for in vain."""
    nobody = new_workspace(tmp_path / "w", language="en", company="nobody")
    write_table(nobody.folder / "tables", "people", pd.read_parquet(TRUTH / "people.parquet"))
    (nobody.folder / "tables" / ISSUES_FILE).write_text("[]", encoding="utf-8")
    nobody = open_workspace(nobody.folder)
    for number in exercise_numbers():
        if not number.startswith("11."):        # lesson 11 has an example of its own
            for answer in (..., "anything", 12345.678):
                assert "nothing to solve" in repr(check(number, answer, nobody)), (number, answer)


def test_an_unknown_exercise_names_the_nearest(stirred: Workspace) -> None:
    for number in ("4.9", "", None, 4, "nine", Stubborn()):
        assert not check(number, 1, stirred)
    assert "4.1" in repr(check("4.11", 1, stirred))


# ---- the solutions, on data they have not seen

LESSONS = sorted((PROJECT / "teaching" / "en").glob("[01][0-9]_*.ipynb"))


def binds(tree: ast.AST) -> set[str]:
    """Names that a cell gives a value or changes."""
    found = {alias.asname or alias.name.split(".")[0] for node in ast.walk(tree)
             if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
            found |= {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return found


def needed_cells(lesson: Path, workspace: Path) -> list[tuple[list[str], str]]:
    """The cells of the instructor's edition that its solutions need, in order, without what they show."""
    book = json.loads(lesson.read_text(encoding="utf-8"))
    cells = [(cell["metadata"].get("tags", []), "".join(cell["source"]))
             for cell in book["cells"] if cell["cell_type"] == "code"]
    kept: list[tuple[list[str], str]] = []
    wanted: set[str] = set()
    for tags, text in reversed(cells):
        if "parameters" in tags:
            text = re.sub(r"(?m)^workspace: str = .*$", f"workspace: str = {str(workspace)!r}", text)
        tree = ast.parse(text)
        always = {"parameters", "setup", "solution"} & set(tags)
        if always or ("exercise" not in tags and wanted & binds(tree)):
            if not always and isinstance(tree.body[-1], ast.Expr):
                tree.body.pop()     # what the cell shows
                text = ast.unparse(tree)
            kept.append((tags, text))
            wanted |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return kept[::-1]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_the_solutions_are_reached_by_the_data_of_another_seed(lesson: Path, redrawn: Workspace) -> None:
    cells = needed_cells(lesson, redrawn.folder)
    solutions = [text for tags, text in cells if "solution" in tags]
    checked = re.findall(r'assert sg\.check\("(\d+\.\d+)", answer, company\)', "\n".join(solutions))
    number = int(lesson.name[:2])
    assert checked == [key for key in exercise_numbers() if key.startswith(f"{number}.")]
    scope: dict[str, Any] = {"__name__": "lesson", "display": lambda *shown: None}
    with in_language("en"):
        for tags, text in cells:
            exec(compile(text, f"{lesson.stem} {tags}", "exec"), scope)
            if "setup" in tags:
                assert scope["company"].settings.company == "redrawn"


def test_the_lessons_with_solutions_are_all_there() -> None:
    assert [path.name[:2] for path in LESSONS] == [f"{number:02d}" for number in range(12)]


def test_hints_come_one_by_one(stirred: Workspace) -> None:
    texts = [repr(check("4.1", 0, stirred, hint=level)) for level in (1, 2, 3, 99, "x", None)]
    assert [text.count("Hint") for text in texts[:4]] == [1, 2, 3, 3]
    assert "hint=2" in texts[0]
    assert "hint=" not in texts[2]


def test_special_words_for_planned_mistakes(stirred: Workspace, answers: Answers) -> None:
    assert "record" in repr(check("0.1", answers["0.1"]["wrong"][0], stirred))
    assert "ratio" in repr(check("0.2", answers["0.2"]["wrong"][0], stirred))
    assert "turned" in repr(check("1.2", answers["1.2"]["wrong"][0], stirred))
    assert "too high" in repr(check("4.1", answers["4.1"]["wrong"][1], stirred))
    with in_language("zh"):
        assert "王磊" not in repr(check("5.1", "王磊", stirred))
        assert "两个人" in repr(check("5.1", "王磊", stirred))


def test_both_languages_answer_in_their_own_words(stirred: Workspace) -> None:
    with in_language("zh"):
        chinese = check("4.1", 0, stirred)
    assert chinese.message != check("4.1", 0, stirred).message
    assert "练习 4.1" in chinese.message


@pytest.mark.parametrize(("answer", "number"), [
    ("742万", 7_420_000), ("1.51 亿元", 151_000_000), ("CNY 7.42M", 7_420_000), ("1,200,000", 1_200_000),
    ("35%", .35), ("inf", None), ("nan", None), ("soon", None), (True, None)])
def test_amounts_are_read_as_the_tables_write_them(answer: object, number: float | None) -> None:
    assert read_number(answer) == (None if number is None else pytest.approx(number))


@pytest.mark.parametrize(("answer", "share"), [
    (.35, .35), (35, .35), ("35％", .35), ("35 percent", .35), ("−3%", -.03), ("+12.5%", .125),
    ("0.5%", .005)])
def test_shares_are_read_as_they_are_typed(answer: object, share: float) -> None:
    assert read_share(answer) == pytest.approx(share)


@pytest.mark.parametrize("answer", ["2025-05", "２０２５年５月", "2025/5", "2025.05", "202505", 202505,
                                    "May 2025", date(2025, 5, 9), np.datetime64("2025-05"),
                                    pd.Period("2025-05", "M"), pd.DatetimeIndex(["2025-05-01"]),
                                    "2025-05-31"])
def test_months_are_read_as_they_are_typed(answer: object) -> None:
    assert read_month(answer) == pd.Timestamp("2025-05-01")


def test_names_are_read_as_tables_show_them() -> None:
    known = {"00011": ("王磊",), "00045": ("王磊",), "00003": ("沈建华",), "East/Team 1": ("Team 1",)}
    for answer, found in {
            "王磊": ["00011", "00045"], "王磊（00045）": ["00045"], 3: ["00003"], "０0003": ["00003"],
            "沈建华 00003": ["00003"], ("East", "Team 1"): ["East/Team 1"], " east / team 1": ["East/Team 1"],
            "team 2": [], 0: [], None: None, "": None}.items():
        assert read_choice(answer, known) == found, answer
