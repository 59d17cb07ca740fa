"""Companies without a story: the same trade as the sample company, by seed, with nothing planted.

Whatever a fairness report finds in them, it has imagined. Strength differs for good, years differ by luck,
newcomers grow on ordinary curves, people come and go. Tables come directly, without exports.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from .catalogue import LINES, SEASONS
from .customers import months
from .days import days, rush
from .setting import FIRST_DAY, LAST_DAY

Tables = dict[str, pd.DataFrame]
DEPARTMENTS, TEAMS_IN_EACH = ("East", "South", "North"), 2
YEARLY_TURNOVER = .12
USUAL_RAMP = (3., 8.)       # months to half of full strength
DEALS_A_MONTH = (4., 25.)


def plain_company(seed: int, people: int | None = None, strength: float | None = None) -> Tables:
    """Draw a company of 8 to 60 people; return its tables people, membership, orders.

    The fourth table, ``due``, is what each person sells in a month (person, month) when luck is left out.
    ``strength`` is the spread (of the logarithm) of people's lasting strength, by default .2 to .6.
    """
    draw = np.random.default_rng([seed, 20260701])
    people = int(draw.integers(8, 61)) if people is None else people
    strength = float(draw.uniform(.2, .6)) if strength is None else strength
    calendar = pd.DatetimeIndex([pd.Timestamp(month) for month in months()])
    members = _members(draw, people, calendar)
    level = draw.lognormal(0, strength, len(members))
    pace = draw.uniform(*DEALS_A_MONTH) * draw.lognormal(0, .3, len(members))
    growth = 1 + draw.uniform(-.05, .12)
    shape = _season(draw)
    age = (calendar.to_numpy()[None, :] - members.hire_date.to_numpy()[:, None]) / np.timedelta64(1, "D")
    midpoint = draw.uniform(*USUAL_RAMP, len(members))[:, None]
    ramp = 1 / (1 + np.exp(-(age / 30.44 + 1 - midpoint) / (midpoint / 2.2)))
    ramp[members.hire_date < pd.Timestamp(FIRST_DAY)] = 1.
    left = members.leave_date.fillna(pd.Timestamp(LAST_DAY)).to_numpy()[:, None]
    there = (age > -28) & (calendar.to_numpy()[None, :] <= left)
    mood = _mood(draw, len(members), len(calendar))
    trend = growth ** (np.arange(len(calendar)) / 12)
    size = 20_000 * level / pace                        # of an order
    usual = pace[:, None] * there * ramp * shape * trend
    deals = draw.poisson(usual * mood)
    who, when = np.nonzero(deals)
    who, when = (np.repeat(part, deals[who, when]) for part in (who, when))
    day = calendar.to_numpy()[when].astype("datetime64[D]") + draw.integers(0, 28, len(who))
    amount = 10 * size[who] * draw.lognormal(-.32, .8, len(who))
    orders = pd.DataFrame({
        "order_id": [f"O{number:06d}" for number in range(len(who))], "date": day.astype("datetime64[us]"),
        "person_id": members.person_id.to_numpy()[who],
        "account_id": [f"A{n:05d}" for n in who * 100 + draw.integers(0, 25, len(who))],
        "product_line": np.array(LINES)[draw.integers(0, len(LINES), len(who))],
        "amount": np.round(amount, 2), "cost": np.round(amount * .65, 2)})
    last = members.leave_date.to_numpy()
    orders = orders[~(orders.date.to_numpy() > last[who])].reset_index(drop=True)
    return {"people": members[["person_id", "name", "hire_date", "leave_date"]],
            "membership": members[["person_id", "department", "team", "valid_from", "valid_to"]],
            "orders": orders,
            "due": pd.DataFrame(usual * 10 * size[:, None], members.person_id, calendar)}


def _members(draw: np.random.Generator, people: int, calendar: pd.DatetimeIndex) -> pd.DataFrame:
    """Fill the seats; who leaves is replaced within three months."""
    rows = []
    for seat in range(people):
        place = seat % (len(DEPARTMENTS) * TEAMS_IN_EACH)
        department = DEPARTMENTS[place // TEAMS_IN_EACH]
        team = f"{department} {place % TEAMS_IN_EACH + 1}"
        since = pd.Timestamp(date(2016 + int(draw.integers(0, 8)), int(draw.integers(1, 13)), 1))
        while True:
            gone = since if since >= calendar[0] else calendar[0]
            gone = gone + pd.Timedelta(days=int(draw.exponential(365 / YEARLY_TURNOVER)) + 60)
            stays = gone > pd.Timestamp(LAST_DAY)
            rows.append((department, team, since, pd.NaT if stays else gone))
            since = gone + pd.Timedelta(days=int(draw.integers(10, 90)))
            if stays or since > pd.Timestamp(LAST_DAY) - pd.Timedelta(days=20):
                break
    table = pd.DataFrame(rows, columns=["department", "team", "valid_from", "valid_to"])
    ids = [f"P{number:03d}" for number in range(len(table))]
    return table.assign(person_id=ids, name=ids, hire_date=table.valid_from, leave_date=table.valid_to)


def _season(draw: np.random.Generator) -> np.ndarray:
    """Months as busy as the calendar and the season of a random mix of product lines make them."""
    mix = draw.dirichlet(np.full(len(LINES), 3.))
    shape = []
    for month in months():
        end = (month.replace(day=28) + pd.Timedelta(days=4)).replace(day=1) - pd.Timedelta(days=1)
        busy = sum(rush(day) for day in days(month, end)) / 22
        shape.append(busy * sum(part * SEASONS[line][month.month - 1]
                                for part, line in zip(mix, LINES, strict=True)))
    return np.array(shape)


def _mood(draw: np.random.Generator, people: int, span: int) -> np.ndarray:
    """Good and bad months of each person, which last a while, and some that hit all alike."""
    own, lasting = draw.uniform(.05, .25), draw.uniform(.3, .9)
    mood = np.zeros((people, span))
    for month in range(span):
        before = mood[:, month - 1] if month else draw.normal(0, own, people)
        mood[:, month] = lasting * before + np.sqrt(1 - lasting ** 2) * draw.normal(0, own, people)
    return np.exp(mood + draw.normal(0, .06, span))
