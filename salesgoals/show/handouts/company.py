"""Hand-outs from a company's own forecast: doubling, ways to split, the running month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from salesgoals.alarms.days import cut_days, lay_out
from salesgoals.alarms.pacing import pace_course
from salesgoals.alarms.profile import day_shares, from_nothing, learn_habits
from salesgoals.decompose import compare_methods
from salesgoals.forecast import Forecast
from salesgoals.goal import chance, chance_of_people, totals_at
from salesgoals.history import as_known_on, believed_hire_dates
from salesgoals.lessons import METHODS
from salesgoals.periods import Period, list_periods
from salesgoals.plans import estimate
from salesgoals.practice import practice_goals
from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.show.charts_base import round_ticks
from salesgoals.show.handouts.model import Area, Axis, Bar, Control, Frame, Handout, Line, Mark, View
from salesgoals.show.numbers import choose_axis_unit, format_chance, format_growth, format_money, format_share
from salesgoals.show.readable import header
from salesgoals.watching.board import look_at
from salesgoals.watching.expecting import expect_sales
from salesgoals.watching.units import ALL, list_units
from salesgoals.words import say
from salesgoals.workspace import Workspace

LEAST, MOST = -30, 120          # percent of growth
CHANCES = (.7, .6, .5, .4, .3)  # of the total that is split
START = 2
USUAL = (.7, .5, .3)
HARDLY, ALIKE = .2, .1
MOST_PEOPLE = 24                # bars that one can still read
NEW_MONTHS = 18
FEW = 3                         # fewer newcomers than this would be known without their names
SO_FAR = range(0, 131, 5)       # percent of the goal


def share_axis(title: str) -> Axis:
    """Make an axis for chances and shares of one."""
    return Axis(title, 0, 1, [(step / 5, format_share(step / 5)) for step in range(6)])


def double(workspace: Workspace) -> Handout:
    """Move the total: how likely is it, and which totals have a chance of 70, 50 and 30 %?"""
    forecast, _ = estimate(workspace)
    currency, base = workspace.settings.currency, _base(forecast)
    growths = range(LEAST, MOST + 1)
    totals = [base * (1 + growth / 100) for growth in growths]
    chances = [chance(forecast, total) for total in totals]
    unit, at = choose_axis_unit(max(totals), currency), totals_at(forecast, USUAL)
    half = float(at.total[1])
    marks = [Mark("forecast", total / unit.divisor, share, say(
        "handouts.double.at", chance=format_share(share), total=format_money(total)))
        for share, total in at.itertuples(index=False)]
    band = [float(forecast.unit[name]) / unit.divisor for name in ("low", "high")]
    view = View(
        lines=[Line(say("handouts.double.curve"), "forecast",
                    [(total / unit.divisor, share) for total, share in zip(totals, chances, strict=True)])],
        areas=[Area(say("handouts.double.band"), "actual", [(x, 0., 1.) for x in band])],
        marks=[*marks, Mark("actual", base / unit.divisor, None, say("handouts.double.last_12"))])
    frames = [Frame(say("handouts.double.finding", total=format_money(total, currency),
                        half=format_money(half), chance=format_chance(share),
                        growth=format_growth(growth / 100)),
                    (format_money(total, currency), format_chance(share), format_growth(total / half - 1)),
                    marks=[Mark("goal", total / unit.divisor, share)])
              for growth, total, share in zip(growths, totals, chances, strict=True)]
    low, high = totals[0] / unit.divisor, totals[-1] / unit.divisor
    return Handout(
        [Control(say("handouts.double.slider"), [format_growth(growth / 100) for growth in growths],
                 start=10 - LEAST)],
        [say(f"handouts.double.number_{name}") for name in ("total", "chance", "half")], frames, [view],
        Axis(say("handouts.double.axis", unit=unit.title), low, high,
             [(value, f"{value:,.6g}") for value in round_ticks(low, high, 5)]),
        share_axis(say("handouts.chance")),
        say("handouts.double.assumption", months=forecast.history_months, people=len(forecast.people),
            rho=forecast.people_correlation))


def split(workspace: Workspace) -> Handout:
    """Choose a way to split a total: who then has which chance of the own goal?"""
    forecast, _ = estimate(workspace)
    tables, start = workspace.require_tables(), f"{forecast.unit_months.month.min():%Y-%m}"
    totals = totals_at(forecast, CHANCES).total.round().astype("int64")
    tried = [compare_methods(tables, int(total), start, len(forecast.unit_months)) for total in totals]
    methods = [name for name in METHODS if name in tried[0] and tried[0][name].notna().any()]
    people = tried[0][["person_id", "person", "team"]].assign(tenure=_tenure(tables, tried[0], start))
    first = methods.index("history") if "history" in methods else 0
    opening = tried[START].set_index("person_id")[methods[first]].astype("float64")
    order, new = _without_names(people.tenure < NEW_MONTHS, chance_of_people(forecast, opening))
    names = [say("handouts.split.newcomer" if new[place] else "handouts.split.person", n=number)
             for number, place in enumerate(order, 1)]
    frames, views = [], []
    for method in methods:
        for total, table in zip(totals, tried, strict=True):
            goals = table.set_index("person_id")[method].astype("float64")
            chances = chance_of_people(forecast, goals)
            low, high = float(chances.min()), float(chances.max())
            hardly = int((chances < HARDLY).sum())
            views.append(View(
                bars=[Bar(name, float(np.nan_to_num(share)), format_chance(share),
                          "newcomer" if new[place] else "forecast")
                      for name, place, share in zip(names, order, chances.iloc[order], strict=True)],
                marks=[Mark("goal", .5)]))
            way = "finding_fair" if high - low < ALIKE else "finding"
            frames.append(Frame(
                say(f"handouts.split.{way}", method=header(method), low=format_chance(low), n=hardly,
                    total=format_money(total, workspace.settings.currency), high=format_chance(high),
                    people=int(chances.notna().sum())),
                (format_chance(low), format_chance(high), f"{hardly}"), len(views) - 1))
    rest = len(people) - len(order)
    return Handout(
        [Control(say("handouts.split.method"), [header(name) for name in methods],
                 start=first, slider=False),
         Control(say("handouts.split.total"),
                 [say("handouts.split.total_at", total=format_money(total), chance=format_share(wanted))
                  for total, wanted in zip(totals, CHANCES, strict=True)], start=START)],
        [say(f"handouts.split.number_{name}") for name in ("low", "high", "hardly")], frames, views,
        share_axis(say("handouts.split.axis")), None,
        say("handouts.split.assumption") + (say("handouts.split.rest", n=rest) if rest else ""))


def _without_names(new: pd.Series, chances: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Order people so that no bar says whose it is: newcomers, then the others, each by chance, not by date.

    Returns
    -------
    tuple of array, array
        Places of the people that are drawn, the others evenly picked if too many; who is told to be new.
    """
    told = new.to_numpy() & (new.sum() >= FEW)
    order = np.lexsort((chances.to_numpy(), ~told))
    first, others = np.split(order, [min(int(told.sum()), MOST_PEOPLE)])
    room = min(len(others), MOST_PEOPLE - len(first))
    drawn = np.linspace(0, max(len(others) - 1, 0), room).round().astype(int)
    return np.concatenate([first, others[drawn]]), told


def _tenure(tables: Mapping[str, pd.DataFrame], people: pd.DataFrame, start: str) -> pd.Series:
    """Months that each person has been here when the goals begin; unknown where no date can be believed."""
    hired = people.person_id.map(believed_hire_dates(tables))
    return (pd.Timestamp(start) - pd.to_datetime(hired)).dt.days / 30.44


def _base(forecast: Forecast) -> float:
    return float(forecast.unit["last_12" if forecast.history_months >= 12 else "mean"])


def chances_of_month(workspace: Workspace, period: Period, shares: np.ndarray) -> tuple[
        float, np.ndarray, np.ndarray]:
    """Work out the chance of a month's goal on each working day, had so much been sold by then.

    Parameters
    ----------
    workspace : Workspace
        Its past months say what a usual month looks like.
    period : Period
        The month.
    shares : array
        Sales so far, as shares of the goal.

    Returns
    -------
    tuple of float, array, array
        Goal (currency units), usual course (share of the goal, on the eve and after each working day), and
        chances (days + 1, shares). The sales so far are taken to have come on the usual days, in deals of
        the usual size.
    """
    tables, country = workspace.require_tables(), workspace.settings.calendar_country
    goals = practice_goals(workspace, period)
    goal = float(goals.goal.sum())
    eve = period.start - pd.Timedelta(days=1)
    known = as_known_on(tables, eve)
    if not goal > 0 or (known["orders"].empty and known["opportunities"].empty):
        raise SalesgoalsError(Problem("handouts.no_month", period=period.name))
    # Teams and people are learnt with the company, as on the board: habits are pooled over all of them.
    watched, unit = look_at(known, goals, period, eve), f"all\t{ALL}"
    listed = list_units(watched.people, goals)
    units = pd.Index(listed.by + "\t" + listed.unit, dtype="str", name="unit")
    past = lay_out(watched.deals, units, period.start - pd.DateOffset(months=12), eve, country)
    expected, at = expect_sales(known, period, country), units.get_indexer([unit])
    learnt = learn_habits(past)
    only: dict[str, Any] = {name: values[at] for name, values in learnt._asdict().items() if np.ndim(values)}
    habits = learnt._replace(**only)
    month = cut_days(lay_out(watched.deals.iloc[:0], units[at], period.start, period.end, country),
                     period.start, period.end)
    level = habits.rate * habits.weights[:, month.place].sum(1) if expected is None else (
        expected.months.loc[[unit]].sum(axis=1).to_numpy(float))
    luck = np.sqrt(habits.luck / level)
    spread = None if expected is None else expected.spread[[unit]].to_numpy(float)
    doubt = None if spread is None else np.repeat(np.maximum(spread ** 2 - luck ** 2, 0.), len(shares))
    by_day = day_shares(habits.weights, month)
    usual = from_nothing(by_day)[0]
    many = len(shares)
    repeated: dict[str, Any] = {name: np.repeat(values, many, axis=0)
                                for name, values in habits._asdict().items() if np.ndim(values)}
    alike = habits._replace(**repeated)
    chances = np.empty((len(month.dates) + 1, many))
    for day in range(len(month.dates) + 1):
        course = np.zeros((many, len(month.dates)))
        if day:
            course[:, :day] = np.outer(shares * goal / usual[day], by_day[0, :day])
        sold = month._replace(units=pd.RangeIndex(many), sales=course, deals=course / habits.size[0])
        chances[day] = pace_course(sold, np.repeat(level, many), np.full(many, goal), alike,
                                   doubt=doubt)["chance"][:, day]
    chances[1:, shares >= 1] = 1.  # sums of parts may miss the goal by a rounding
    return goal, usual * level[0] / goal, chances


def month_to_show(workspace: Workspace) -> Period:
    """Choose the last month on record."""
    months = list_periods(workspace.require_tables(), "month")
    if not months:
        raise SalesgoalsError(Problem("handouts.no_month", period="-"))
    return months[-1]


def pace(workspace: Workspace) -> Handout:
    """Set the working day and the sales so far: how likely is the month's goal still?"""
    period = month_to_show(workspace)
    shares = np.array([share / 100 for share in SO_FAR])
    goal, usual, chances = chances_of_month(workspace, period, shares)
    currency, days = workspace.settings.currency, len(usual) - 1
    frames = []
    for day in range(1, days + 1):
        for place, share in enumerate(shares):
            left = days - day
            reach, missing = float(chances[day, place]), max(1 - share, 0.) * goal
            kind = "reached" if share >= 1 else "over" if not left else (
                "ahead" if share >= usual[day] else "behind")
            told = {"day": day, "of": days, "share": format_share(share), "chance": format_chance(reach),
                    "usual": format_share(usual[day]), "linear": format_share(day / days)}
            frames.append(Frame(
                say(f"handouts.pace.{kind}", **told),
                (format_chance(reach), format_share(usual[day]),
                 format_money(missing / left, currency) if left and missing else "–"),
                marks=[Mark("goal", day, share, say("handouts.pace.here"))]))
    top = SO_FAR[-1] / 100
    view = View(lines=[Line(say("handouts.pace.usual"), "forecast", list(enumerate(usual))),
                       Line(say("handouts.pace.linear"), "actual", [(0, 0), (days, 1)], dashed=True)],
                marks=[Mark("gain", None, 1., say("handouts.pace.goal", goal=format_money(goal, currency)))])
    first = max(round(days * 2 / 3), 1)
    return Handout(
        [Control(say("handouts.pace.day"), [say("handouts.pace.day_of", day=day, of=days)
                                            for day in range(1, days + 1)], start=first - 1),
         Control(say("handouts.pace.so_far"), [format_share(share) for share in shares],
                 start=int(np.abs(shares - usual[first]).argmin()))],
        [say(f"handouts.pace.number_{name}") for name in ("chance", "usual", "needed")], frames, [view],
        Axis(say("handouts.pace.axis_day"), 0, days, [(day, f"{day}") for day in range(0, days + 1, 5)]),
        Axis(say("handouts.pace.axis_share"), 0, top,
             [(step / 5, format_share(step / 5)) for step in range(int(top * 5) + 1)]),
        say("handouts.pace.assumption", month=period.name,
            basis=say("handouts.pace.practice" if practice_only(workspace, period) else "handouts.pace.own")))


def practice_only(workspace: Workspace, period: Period) -> bool:
    """Say whether the month's goals are made up for practice."""
    return bool((practice_goals(workspace, period).source == "practice").all())
