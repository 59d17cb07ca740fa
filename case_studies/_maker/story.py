"""One team through its years, drawn from the team model with the case's own seed, as the company's books."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesgoals.cases import Case
from salesgoals.simulate import Played, play_years

from .cast import COMPANIES, draw_names
from .deals import draw_log, draw_opportunities, draw_orders
from .exports import Books

CORE_SALES = {"a": 2_400_000, "b": 1_800_000, "c": 3_600_000}      # of a usual person and year, in yuan
FOLLOWS = .5        # how far a month's visits follow what the person sold in it
GOAL_UNIT = 100


def draw_books(case: Case, letter: str, seed: int) -> tuple[Books, np.random.Generator]:
    """Draw one team through the usual year, the old policy's year and the new one's, and all its records."""
    played = play_years(case.team, [case.before, case.after], seed, core_sales=CORE_SALES[letter])
    draw = np.random.default_rng([seed, ord(letter)])
    people = _people(played, case.years, letter, draw)
    months = _months(played, case.years)
    orders = draw_orders(months, letter, draw)
    goals = months[months.goal.notna()].assign(year=months.month.dt.year, month=months.month.dt.month)
    goals = goals[["year", "month", "person_id", "goal"]].astype({"goal": "int64"})
    deals = log = None
    if case.after.crm:
        since = months[months.month.dt.year == case.years[2]]
        deals = draw_opportunities(orders[orders.date.dt.year == case.years[2]], draw)
        log = draw_log(_work(since), draw)
    return Books(letter, people, orders, goals, deals, log), draw


def _number(person: str) -> str:
    return f"{int(person.removeprefix('P')):04d}"


def _people(played: Played, years: tuple[int, int, int], letter: str, draw: np.random.Generator) -> pd.DataFrame:
    """List everybody; who comes for a person who left joins that person's team."""
    people, teams = played.people, COMPANIES[letter].teams
    first = people[people.first_year == 0]
    place = {person: teams[number % len(teams)] for number, person in enumerate(first.person_id)}
    for year in (1, 2):
        left = played.leavers.person_id[played.leavers.year == year - 1]
        came = people.person_id[people.first_year == year]
        place |= {new: place[old] for new, old in zip(came, left, strict=True)}
    names = draw_names(draw, len(people))
    rows = []
    for row, name in zip(people.itertuples(), names, strict=True):
        hire = (pd.Timestamp(years[0] - int(draw.integers(2, 9)), int(draw.integers(1, 13)), int(draw.integers(1, 28)))
                if row.first_year == 0 else pd.Timestamp(years[row.first_year], 1, 1))
        leave = pd.NaT if pd.isna(row.last_year) else pd.Timestamp(years[int(row.last_year)], 12, 31)
        rows.append((_number(row.person_id), name, "高级销售" if row.leader else "销售代表", *place[row.person_id], hire,
                     leave))
    columns = ["person_id", "name", "role", "department", "team", "hire", "leave"]
    return pd.DataFrame(rows, columns=columns).sort_values(["department", "team", "person_id"], ignore_index=True)


def _months(played: Played, years: tuple[int, int, int]) -> pd.DataFrame:
    months = played.months
    day = [pd.Timestamp(years[year], month, 1) for year, month in zip(months.year, months.month_number, strict=True)]
    return pd.DataFrame({"month": day, "person_id": months.person_id.map(_number),
                         "amount": months.amount.round().astype("int64"),
                         "goal": (months.goal / GOAL_UNIT).round() * GOAL_UNIT})


def _work(months: pd.DataFrame) -> pd.DataFrame:
    """How much a person did in a month; the model knows no visits, so they follow half of what was sold."""
    usual = months.groupby("person_id").amount.transform("mean")
    return months.assign(work=(1 + FOLLOWS * (months.amount / usual - 1)).clip(.4, 1.6))
