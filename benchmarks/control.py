"""Measure how often the five ways of losing control are seen where they are not, and where they are.

    python benchmarks/control.py [--companies 40] [--markdown docs/control.md]

Random companies of the sample company's trade with nothing planted (orders, people coming and going), with a
log of visits, follow-ups and quotes kept as a healthy company keeps it, and fair goals for every month. Each
is then spoilt in one known way at a time.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "data" / "samples")]

from _make.plain import plain_company  # noqa: E402

from salesgoals.decompose import plan_goals  # noqa: E402
from salesgoals.history import as_known_on  # noqa: E402
from salesgoals.in_force import goals_of_exports, within  # noqa: E402
from salesgoals.lapses.height import forecast_before, goal_months, judge_height, whole_goals  # noqa: E402
from salesgoals.lapses.split import judge_split  # noqa: E402
from salesgoals.lapses.unwatched import judge_watching  # noqa: E402
from salesgoals.looping.learnt import forecast_people  # noqa: E402
from salesgoals.periods import read_period  # noqa: E402
from salesgoals.tables import TABLES, as_table, empty_table  # noqa: E402
from salesgoals.workdays import working_days  # noqa: E402

PERIOD = read_period("2026-H1")
COUNTRY = "CN"
KINDS = {"visit": (.4, 1.4), "call": (1., 3.), "quote": (.15, .6)}   # a working day
HOLIDAYS = 12           # working days a year on which a person is away
GOOD_PERSON = .10       # how far a fair goal may lie from what a person really sells
WAYS = ("too_high", "uneven", "unwatched")
Tables = dict[str, pd.DataFrame]


def canonical(parts: Tables) -> Tables:
    """Bring the parts into the form of a workspace's tables."""
    tables = {name: empty_table(name) for name in TABLES}
    return tables | {name: as_table(name, table) for name, table in parts.items() if name in TABLES}


def keep_a_log(parts: Tables, draw: np.random.Generator) -> pd.DataFrame:
    """Let everybody visit, call and quote on working days, more in good weeks, not while away."""
    calendar = working_days(pd.Timestamp("2025-01-01"), PERIOD.end, COUNTRY)
    days = pd.DatetimeIndex(calendar.date[calendar.working])
    weeks = (days - days[0]).days.to_numpy() // 7
    people, rows = parts["people"], []
    for place, person in enumerate(people.itertuples()):
        until = person.leave_date if pd.notna(person.leave_date) else PERIOD.end
        here = (days >= person.hire_date) & (days <= until)
        away = draw.random(len(days)) < HOLIDAYS / 250
        mood = np.exp(draw.normal(0, .15, weeks.max() + 1))[weeks]
        for kind, ends in KINDS.items():
            count = draw.poisson(draw.uniform(*ends) * mood * here * ~away)
            at = np.repeat(days.to_numpy(), count)
            rows.append(pd.DataFrame({"date": at, "person_id": person.person_id, "type": kind, "count": 1.,
                                      "account_id": [f"A{number:05d}" for number in
                                                     place * 100 + draw.integers(0, 25, len(at))]}))
    return pd.concat(rows, ignore_index=True)


def fair_goals(parts: Tables, draw: np.random.Generator) -> pd.DataFrame:
    """Set every month's goal at what the person sells without luck, give or take 10 % for the year."""
    due = parts["due"].loc[:, "2025-01-01":]
    year = due.columns.year.to_numpy()
    missed = np.exp(draw.normal(0, GOOD_PERSON, (len(due), 2)))[:, year - 2025]
    goals = (due * missed).rename_axis(index="person_id", columns="period_start").stack().rename("goal")
    return named(goals[goals > 0].reset_index(), parts)


def planned_goals(tables: Tables, parts: Tables) -> pd.DataFrame:
    """Set the goals of each year as the planner would: the forecast of that day, split by capability."""
    found = []
    for start, months in (("2025-01", 12), ("2026-01", 6)):
        known = as_known_on(tables, pd.Timestamp(start) - pd.Timedelta(days=1))
        total = round(float(forecast_people(known, start, months, COUNTRY).unit["mean"]) / 100) * 100
        plan = plan_goals(known, total, start, months, method="capability", country=COUNTRY)
        found.append(plan.goals.groupby(["person_id", "month"], as_index=False).goal.sum())
    goals = pd.concat(found).rename(columns={"month": "period_start"})
    return named(goals[goals.goal > 0], parts)


def named(goals: pd.DataFrame, parts: Tables) -> pd.DataFrame:
    """Give goals the columns that exports have."""
    places = parts["membership"].drop_duplicates("person_id").set_index("person_id")
    start = pd.DatetimeIndex(goals.period_start)
    return as_table("goals", pd.DataFrame({
        "version": "", "department": goals.person_id.map(places.department).to_numpy(),
        "team": goals.person_id.map(places.team).to_numpy(), "person_id": goals.person_id.to_numpy(),
        "person": goals.person_id.to_numpy(), "period_start": start,
        "period_end": start + pd.offsets.MonthEnd(0), "metric": "amount",
        "goal": goals.goal.round(-2).to_numpy(float), "unit": 100}))


def judge(tables: Tables, which: tuple[str, ...] = WAYS) -> dict[str, list[str]]:
    """Return for each of the ways that was looked for what spoke for it; nothing where it is not found."""
    goals = within(goals_of_exports(tables), PERIOD)
    day = PERIOD.end
    forecast, seen = forecast_before(tables, goal_months(goals), whole_goals(goals), COUNTRY)
    found = {}
    for name in which:
        if name == "too_high":
            finding = judge_height(tables, goals, PERIOD, day, forecast, seen)
        elif name == "uneven":
            finding = judge_split(tables, goals, PERIOD, day, forecast, COUNTRY)
        else:
            finding = judge_watching(tables, goals, PERIOD, day, COUNTRY, 0)
        found[name] = [proof.code.removeprefix("control.") for proof in finding.evidence
                       if proof.level == "doubt"]
    return found


def spoil(tables: Tables, how: str, draw: np.random.Generator) -> tuple[Tables, str] | None:
    """Do one thing wrong; return the tables and what should be found, or nothing where it cannot be done."""
    goals = tables["goals"]
    late = goals.period_start >= PERIOD.start
    if how == "goals 30 % higher":
        return tables | {"goals": goals.assign(goal=goals.goal.where(~late, goals.goal * 1.3))}, "too_high"
    if how == "the same goal for everybody":
        mean = goals.goal[late].groupby(goals.period_start[late]).transform("mean")
        return tables | {"goals": goals.assign(goal=mean.reindex(goals.index).fillna(goals.goal))}, "uneven"
    log, teams = tables["activities"], tables["membership"]
    place = teams.department + "/" + teams.team
    counts = place[teams.valid_to.isna()].value_counts()
    able = counts.index[counts >= 2]
    since = log.date >= PERIOD.start + pd.Timedelta(days=31)
    if how == "a team visits 40 % less for five months":
        if not len(able):
            return None
        mine = set(teams.person_id[place == draw.choice(np.sort(able.to_numpy(str)))])
        gone = since & log.person_id.isin(mine) & (draw.random(len(log)) < .4)
        return tables | {"activities": log[~gone].reset_index(drop=True)}, "unwatched"
    here = tables["people"].person_id[tables["people"].leave_date.isna()].to_numpy(str)
    mine = set(draw.choice(np.sort(here), max(2, round(.15 * len(here))), replace=False))
    gone = (log.date >= PERIOD.end - pd.Timedelta(days=45)) & log.person_id.isin(mine)
    return tables | {"activities": log[~gone].reset_index(drop=True)}, "unwatched"


WRONGS = ("goals 30 % higher", "the same goal for everybody", "a team visits 40 % less for five months",
          "15 % of the people stop their log in the middle of May")


def measure(companies: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Judge healthy companies and each of the spoilt ones."""
    healthy, spoilt = [], []
    for seed in range(companies):
        draw = np.random.default_rng([seed, 5])
        parts = plain_company(seed + 700)
        tables = canonical({**parts, "activities": keep_a_log(parts, draw)})
        planned = bool(seed % 2)
        tables["goals"] = planned_goals(tables, parts) if planned else fair_goals(parts, draw)
        goals = "planned" if planned else "due"
        for name, proofs in judge(tables).items():
            healthy.append((seed, goals, name, bool(proofs), ",".join(proofs)))
        for how in WRONGS:
            case = spoil(tables, how, draw)
            if case is not None:
                found = judge(case[0], (case[1],))[case[1]]
                spoilt.append((seed, goals, how, bool(found), ",".join(found)))
        print(seed, len(parts["people"]), goals, [row[2:] for row in healthy[-3:] if row[3]],
              [row[3] for row in spoilt if row[0] == seed], f"{time.process_time():.0f} s", flush=True)
    columns = ["seed", "goals", "what", "found", "proofs"]
    return pd.DataFrame(healthy, columns=columns), pd.DataFrame(spoilt, columns=columns)


def write(healthy: pd.DataFrame, spoilt: pd.DataFrame, companies: int) -> str:
    """Write the page."""
    def counts(table: pd.DataFrame, names: list[str]) -> list[str]:
        rows = []
        for name in names:
            own = table[table.what == name]
            cells = [f"{int(part.found.sum())} of {len(part)}" for kind in ("due", "planned")
                     for part in [own[own.goals == kind]]]
            rows.append(f"| {name} | {' | '.join(cells)} |")
        return rows

    proofs = healthy.proofs[healthy.found].str.split(",").explode().value_counts()
    listed = ", ".join(f"{name} {count}" for name, count in proofs.items()) or "none"
    return "\n".join([
        "# How often the five ways of losing control are seen", "",
        f"Written by `python benchmarks/control.py --companies {companies} --markdown docs/control.md`:",
        "random companies of 8 to 60 people with nothing planted, 30 months of orders, a log of visits,",
        "calls and quotes from 2025 on, goals for every month from 2025 on, looked at for the first half",
        "of 2026.",
        "Goals are either what each person really sells without luck, give or take 10 % (due), or what the",
        "planner would have set on that day: its forecast, split by capability (planned).", "",
        "## Nothing is wrong", "",
        "| found although nothing is wrong | goals: due | goals: planned |", "|---|---|---|",
        *counts(healthy, ["too_high", "uneven", "unwatched"]), "", f"What it rested on: {listed}.", "",
        "Goals that are due may still have been unlikely by what was known when they were set: then they are",
        "called too high, rightly by the records of that day.", "", "## One thing is wrong", "",
        "| found | goals: due | goals: planned |", "|---|---|---|", *counts(spoilt, list(WRONGS)), "",
        "## What this does not say", "",
        "- Incentives and habits are not drawn at random: the pay plan and the files of the workspace say",
        "  what they say. Where they are silent, the answer is \"cannot be known\", with a question to ask.",
        "- \"Not found\" is not the same as \"not there\": the evidence names what was looked at.",
        "- The companies are simulated. Whoever doubts them can change their maker in the script.", ""])


def main() -> None:
    """Measure, print, and write the page if asked."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--companies", type=int, default=40)
    parser.add_argument("--markdown", type=Path)
    asked = parser.parse_args()
    text = write(*measure(asked.companies), asked.companies)
    print(text)
    if asked.markdown:
        asked.markdown.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
