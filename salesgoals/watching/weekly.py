"""Daily work week by week: visits, follow-ups, quotes, deals, each beside the load it is to be judged by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from salesgoals.alarms.kpi import season_of_weeks, week_loads
from salesgoals.history import team_on, team_units
from salesgoals.kpis import kpis_by
from salesgoals.watching.units import ALL
from salesgoals.workdays import working_days

LOGGED = ("visits", "follow_ups", "quotes")  # written down by people, who may stop doing so
COUNTS = (*LOGGED, "deals")
AMOUNTS = ("amount",)
RATES = {"win_rate": ("wins", "decided")}
LEADING = {"quotes_a_visit": ("quotes", "visits"), "deals_a_quote": ("deals", "quotes")}
WATCHED = (*COUNTS, *LEADING, *RATES, *AMOUNTS)
BEHIND = 4  # weeks: a deal is set beside the visits and quotes of its own week and the three before
DENSE = .75  # who logs in so many of his weeks logs always; a week without a line is then not known
YEAR = 52
IDLE = 1  # working days: around such a week of holidays nothing is as usual
LEAST_WEEKS = 8  # of a person's own past before the person counts in the team's
FEW = 5  # others, below which one of them would decide what is usual in a week
SETTLED = 20.  # events of everybody else that say as much about a week as "a week like any other"
COLUMNS = ["by", "unit", "kpi", "period", "value", "of"]


class Weeks(NamedTuple):
    """Daily work by person and week."""

    people: pd.Index
    weeks: pd.DatetimeIndex  # Mondays
    days: np.ndarray  # (weeks,) working days
    values: dict[str, np.ndarray]  # kpi -> (people, weeks), NaN = not known
    team: np.ndarray  # (people, weeks) department/team in the middle of the week, "" = none
    silent: np.ndarray  # (people, weeks) nothing was logged although the person logs


def lay_out_weeks(tables: Mapping[str, pd.DataFrame], day: pd.Timestamp, country: str) -> Weeks:
    """Add up each person's work by week; only weeks whose working days are all over.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables as known on the day.
    day : Timestamp
        The last day that is known.
    country : str
        Two letters.

    Returns
    -------
    Weeks
        Where a person who writes down visits, calls or quotes nearly every week writes down none at all, the
        week is not known (``silent``): it is no fall.
    """
    wide = kpis_by(tables, "W-SUN", last_week(day, country) + pd.Timedelta(days=6))
    if wide.empty:
        none = np.zeros((0, 0))
        return Weeks(pd.Index([], dtype="str"), pd.DatetimeIndex([]), np.zeros(0),
                     dict.fromkeys(WATCHED, none), none.astype(object), none.astype(bool))
    weeks = pd.date_range(wide.period.min(), last_week(day, country), freq="W-MON")
    people = pd.Index(wide.person_id.unique())
    row, column = people.get_indexer(wide.person_id), weeks.get_indexer(wide.period)
    inside = column >= 0
    plain = {}
    for name in (*COUNTS, *AMOUNTS, "wins", "decided"):
        plain[name] = np.full((len(people), len(weeks)), np.nan)
        plain[name][row[inside], column[inside]] = wide[name].to_numpy(float)[inside]
    silent = _silent(plain)
    if tables["activities"].empty:  # opportunities opened stand for quotes: none opened is none
        silent[:] = False
    for name in LOGGED:
        plain[name] = np.where(silent, np.nan, plain[name])
    long = pd.DataFrame({"person_id": np.repeat(people.to_numpy(), len(weeks)),
                         "date": np.tile(weeks + pd.Timedelta(days=3), len(people))})
    team = team_units(team_on(tables, long.person_id, long.date)).to_numpy(object).reshape(silent.shape)
    return Weeks(people, weeks, week_loads(weeks, country).to_numpy(float), plain, team, silent)


def last_week(day: pd.Timestamp, country: str) -> pd.Timestamp:
    """Return the Monday of the last week whose working days are all over.

    Examples
    --------
    >>> last_week(pd.Timestamp("2026-06-05"), "CN").day, last_week(pd.Timestamp("2026-06-04"), "CN").day
    (1, 25)
    """
    monday = day.normalize() - pd.Timedelta(days=day.day_of_week)
    left = working_days(day.normalize(), monday + pd.Timedelta(days=6), country)
    return monday - pd.Timedelta(days=7 * bool(left.working[1:].any()))


def _silent(plain: Mapping[str, np.ndarray]) -> np.ndarray:
    """Mark weeks in which a person who logs nearly always has logged nothing."""
    known = np.zeros(plain["visits"].shape, dtype=bool)
    lines = np.zeros(known.shape, dtype=bool)
    for name in LOGGED:
        known |= ~np.isnan(plain[name])
        lines |= plain[name] > 0
    begun = np.maximum.accumulate(lines, axis=1)
    ended = np.maximum.accumulate(lines[:, ::-1], axis=1)[:, ::-1]
    span = begun & ended
    dense = lines.sum(1) >= DENSE * np.maximum(span.sum(1), 1)
    return known & ~lines & (dense & lines.any(1))[:, None] & begun


def weekly_figures(work: Weeks, start: pd.Timestamp, baseline: int) -> pd.DataFrame:
    """Lay out each figure of each person, team and of the company beside the load it is to be judged by.

    Parameters
    ----------
    work : Weeks
        From :func:`lay_out_weeks`.
    start : Timestamp
        First week watched; what is usual is learnt before it.
    baseline : int
        Weeks before it that say what is usual.

    Returns
    -------
    pandas.DataFrame
        Columns by, unit, kpi, period, value, of. For counts and amounts ``of`` is the working days of the
        week, times what everybody else did in it against their own usual (so that season, festivals, the
        end of the month and the market are out; where there are fewer than five others it is 1), for the
        company times the season of its past years. A team's also follows who of its people is there and
        writes down. For rates ``of`` is the number of trials; for quotes of visits and deals of quotes
        those of four weeks, per working day.
    """
    before = np.asarray(work.weeks < start)
    window = before & (np.cumsum(before) > before.sum() - baseline)
    if not window.any() or not len(work.people):
        return pd.DataFrame(columns=COLUMNS)
    teams, code = np.unique(work.team.astype(str), return_inverse=True)
    groups = _Groups(teams, code.reshape(work.team.shape), before, window)
    days = np.broadcast_to(work.days, work.team.shape)
    parts = []
    others: np.ndarray | None = None
    for name in ("deals", *LOGGED, *AMOUNTS):
        # One order may be as large as a year: how busy a week was is seen from the number of deals.
        parts += _counted(name, work, work.values[name], days, groups, others if name in AMOUNTS else None)
        if name == "deals":
            others = work.values[name]
    for name, (over, under) in LEADING.items():
        parts += _counted(name, work, work.values[over], _lately(work.values[under], work.days), groups, None)
    for name, (over, under) in RATES.items():
        parts += _rated(name, work, work.values[over], work.values[under], groups)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)


def luck_of_loads(work: Weeks) -> dict[str, float]:
    """Say by how much deals a quote stray more than deals alone: the quotes of four weeks are luck as well.

    With one quote for each visit the two strays are equal; a quarter of that of the visits is seen from week
    to week already.
    """
    found = {}
    for name, (over, under) in LEADING.items():
        both = ~np.isnan(work.values[over]) & ~np.isnan(work.values[under])
        came, tried = work.values[over][both].sum(), work.values[under][both].sum()
        found[name] = 1 + (1 - 1 / BEHIND) * float(came / tried) if tried > 0 else 1.
    return found


class _Groups(NamedTuple):
    teams: np.ndarray  # names
    code: np.ndarray  # (people, weeks) number of the team
    before: np.ndarray  # (weeks,) before the watched ones
    window: np.ndarray  # (weeks,) those that say what is usual

    def add(self, values: np.ndarray) -> np.ndarray:
        """Add people up to teams; (teams, weeks)."""
        sums = np.zeros((len(self.teams), values.shape[1]))
        np.add.at(sums, (self.code, np.broadcast_to(np.arange(values.shape[1]), values.shape)), values)
        return sums


def _lately(trials: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Return trials a week by their pace over this week and the three before."""
    known = ~np.isnan(trials)
    sums, worked = np.zeros(trials.shape), np.zeros(trials.shape)
    for back in range(min(BEHIND, trials.shape[1])):
        keep = slice(0, trials.shape[1] - back)
        sums[:, back:] += np.where(known, trials, 0.)[:, keep]
        worked[:, back:] += (known * days)[:, keep]
    found = np.divide(sums, worked, out=np.full(trials.shape, np.nan), where=worked > 0) * days
    return np.where(known & (found > 0), found, np.nan)


def _counted(name: str, work: Weeks, value: np.ndarray, base: np.ndarray, groups: _Groups,
             busy: np.ndarray | None) -> list[pd.DataFrame]:
    """Lay out a count (or amount) of people, teams and company beside its load."""
    usual, known = _usual(value, base, groups.window)
    came, due = np.where(known, value, 0.), np.where(known, np.nan_to_num(usual)[:, None] * base, 0.)
    everybody = [came, due, known.astype(float)]
    if busy is not None:
        rate, sure = _usual(busy, base, groups.window)
        everybody = [np.where(sure, busy, 0.), np.where(sure, np.nan_to_num(rate)[:, None] * base, 0.),
                     sure.astype(float)]
    total = [values.sum(0) for values in everybody]
    of_team = [groups.add(values) for values in everybody]

    def week(mine: list[np.ndarray]) -> np.ndarray:
        found = (total[0] - mine[0] + SETTLED) / (total[1] - mine[1] + SETTLED)
        return np.where(total[2] - mine[2] >= FEW, found, 1.)

    team_due = groups.add(due)
    season = _season(work, came.sum(0), due.sum(0), groups)
    whole = due.sum(0, keepdims=True)
    own = np.where(known, value, np.nan)
    return [*_rows("person", work.people, name, work, own, base * week(everybody), groups),
            *_rows("team", groups.teams, name, work, groups.add(came),
                   _level(team_due, work, groups) * week(of_team), groups),
            *_rows("all", np.array([ALL]), name, work, came.sum(0, keepdims=True),
                   _level(whole, work, groups) * season, groups)]


def _usual(value: np.ndarray, base: np.ndarray, window: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each person's usual rate before the watched weeks, and where a week of the person counts."""
    known = ~np.isnan(value) & ~np.isnan(base) & (base > 0)
    inside = known & window
    sums, loads = np.where(inside, value, 0.).sum(1), np.where(inside, base, 0.).sum(1)
    enough = (inside.sum(1) >= LEAST_WEEKS) & (loads > 0)
    usual = np.divide(sums, loads, out=np.full(len(value), np.nan), where=enough)
    return usual, known & enough[:, None]


def _level(due: np.ndarray, work: Weeks, groups: _Groups) -> np.ndarray:
    """Turn what is due from those who are there into working days of the usual team."""
    inside = groups.window & (due > 0)
    each = np.divide(np.where(inside, due, 0.).sum(1), (inside * work.days).sum(1),
                     out=np.full(len(due), np.nan), where=(inside * work.days).sum(1) > 0)
    return np.asarray(due / each[:, None])


def _season(work: Weeks, came: np.ndarray, due: np.ndarray, groups: _Groups) -> np.ndarray:
    """Return the usual height of the weeks of the year against that of the weeks that say what is usual.

    A year or two cannot tell a season from an accident: a season may excuse a low week, but a high one is not
    asked for again. Without a whole year, and around a week of holidays, the company is not judged (0).
    """
    known = groups.before & (due > 0)
    past = pd.DataFrame({"period": work.weeks[known], "value": came[known] / due[known]})
    season = season_of_weeks(past, work.weeks, in_full=True).to_numpy()
    height = season[groups.window & known].mean() if (groups.window & known).any() else 1.
    # Learnt from them, it would make the weeks before look steadier than they were.
    found = np.where(groups.before, 1., np.minimum(season / height, 1.))
    idle = work.days <= IDLE
    beside = idle | np.r_[idle[1:], False] | np.r_[False, idle[:-1]]
    return np.where(beside | (known.sum() < YEAR), 0., found)


def _rated(name: str, work: Weeks, over: np.ndarray, under: np.ndarray,
           groups: _Groups) -> list[pd.DataFrame]:
    """Lay out a rate beside its trials."""
    known = ~np.isnan(over) & ~np.isnan(under) & (under > 0)
    came, tried = np.where(known, over, 0.), np.where(known, under, 0.)
    parts = (("person", work.people, came, tried),
             ("team", groups.teams, groups.add(came), groups.add(tried)),
             ("all", np.array([ALL]), came.sum(0, keepdims=True), tried.sum(0, keepdims=True)))
    return [row for by, units, value, of in parts
            for row in _rows(by, units, name, work, np.where(of > 0, value, np.nan), of, groups)]


def _rows(by: str, units: pd.Index | np.ndarray, name: str, work: Weeks, value: np.ndarray, of: np.ndarray,
          groups: _Groups) -> list[pd.DataFrame]:
    """Write values as rows; a unit without anything known in the weeks before has none."""
    shown = groups.window | ~groups.before
    of = np.where(np.isnan(of), 0., of)
    value = np.where(of > 0, value, np.nan)
    kept = np.flatnonzero((np.asarray(units) != "") & (np.nan_to_num(value)[:, groups.window] != 0).any(1))
    if not len(kept):
        return []
    value, of, weeks = value[kept][:, shown], of[kept][:, shown], work.weeks[shown]
    return [pd.DataFrame({"by": by, "unit": np.repeat(np.asarray(units)[kept], len(weeks)), "kpi": name,
                          "period": np.tile(weeks, len(kept)), "value": value.ravel(), "of": of.ravel()})]
