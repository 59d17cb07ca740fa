"""Was the process left unwatched? Records that stopped, alarms that stood for weeks, customers left alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from scipy.stats import binom

from salesgoals.coaching.contacts import customers_of
from salesgoals.follow_up import data_lag, doubly_worked, neglected_customers
from salesgoals.history import as_known_on, team_on, team_units
from salesgoals.kpis import count_kpis
from salesgoals.lapses.finding import ACT, NO, TALK, UNKNOWN, Finding, share_interval
from salesgoals.periods import Period
from salesgoals.process import watch_period

STOPPED = .10           # share of those who keep a log and have stopped
LONG_ALARM = 8          # weeks of a team's or the company's weekly work in alarm: luck ends sooner
WORK = ("visits", "follow_ups", "quotes")   # what people do; what comes of it also hangs on luck that lasts
FALL = .20              # beside everybody else, over the whole alarm: a fifth less work is felt in sales
YEAR = 365              # days up to the end of the alarm: its own beside those before it
BY_CHANCE = .01         # customers that the rule of neglect names among well-kept ones
MAIN = .8               # of the sales: the customers that the rule looks at
NEGLECTED = .05         # of all sales
DOUBT = .01
LATE_DAYS = 1           # an opportunity opened the day before it was won could not be followed
LATE, FEW_DEALS = .25, 20
REMEDIES = ("process", "follow_up", "kpi_goals")


def judge_watching(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, period: Period, day: pd.Timestamp,
                   country: str, answered: int) -> Finding:
    """Judge whether somebody could see in time what went wrong, and whether it was left to stand.

    Parameters
    ----------
    tables, goals, period, day
        As for :func:`salesgoals.lapses.height.judge_height`.
    country : str
        Of the working calendar.
    answered : int
        Changes and actions on record within the period.
    """
    finding = Finding("unwatched", remedies=REMEDIES)
    last = min(day, period.end)
    known = as_known_on(tables, last)
    _judge_lag(finding, known, last, country)
    _judge_alarms(finding, known, goals, period, last, country, answered)
    _judge_neglect(finding, known, last)
    _judge_late(finding, known, period)
    if not len(known["activities"]):
        finding.add("no_activities")
        if finding.found == NO:     # what is not recorded cannot be found in order
            finding.found = UNKNOWN
    finding.add("ask_meetings")
    return finding


def _judge_lag(finding: Finding, known: Mapping[str, pd.DataFrame], last: pd.Timestamp, country: str) -> None:
    lag = data_lag(known, last, country)
    if lag.empty:
        return
    whole = lag[(lag.by == "all") & (lag.state == "silent")]
    for row in whole.itertuples():
        finding.add(f"silent_{row.source}", grave=TALK, days=int(row.waiting), usual=float(row.usual))
    logs = lag[(lag.by == "person") & (lag.source == "activities") & (lag.state != "too_few")]
    if len(logs):
        stopped = int((logs.state == "stopped_logging").sum())
        finding.clear()
        if stopped:
            finding.add("stopped_logging", grave=ACT if stopped >= max(STOPPED * len(logs), 2) else 0,
                        count=stopped, of=len(logs), share=stopped / len(logs))


def _judge_alarms(finding: Finding, known: Mapping[str, pd.DataFrame], goals: pd.DataFrame, period: Period,
                  last: pd.Timestamp, country: str, answered: int) -> None:
    if not len(known["activities"]) and not len(known["opportunities"]):
        return      # weekly figures of sales alone say too little about the process
    alarms = watch_period(known, goals, period, country, last)
    finding.clear()
    long = alarms[alarms.kpi.isin(WORK) & alarms.by.isin(["all", "team"]) & (alarms.lasted >= LONG_ALARM)]
    if not len(long):
        return
    counted = count_kpis(known)
    counted = counted.assign(unit=team_units(team_on(known, counted.person_id, counted.date)).to_numpy())
    fell = [_fall(counted[counted.kpi == row.kpi], _steady(known, counted, row.until), row)
            for row in long.itertuples()]
    long = long.assign(fall=fell)
    long = long[long.fall >= FALL]
    for row in long.sort_values("lasted", ascending=False).drop_duplicates(["by", "unit"]).itertuples():
        finding.add("alarm_stood", grave=ACT if not answered else TALK, unit=str(row.unit).split("/")[-1],
                    kpi=row.kpi, count=int(row.lasted), since=f"{row.date:%Y-%m-%d}", fall=float(row.fall))
    if len(long):
        finding.add("alarms_answered" if answered else "alarms_unanswered", count=answered)
        if not answered:
            finding.add("ask_answer")


def _steady(known: Mapping[str, pd.DataFrame], counted: pd.DataFrame, until: pd.Timestamp) -> set[str]:
    """List who was in one team all the time, from well before an alarm to its end."""
    people, teams = known["people"], known["membership"]
    begin = until - pd.Timedelta(days=YEAR)
    moved = set(teams.person_id[(teams.valid_from > begin) | (teams.valid_to <= until)])
    left = set(people.person_id[people.leave_date <= until])
    first = counted.groupby("person_id").date.min()
    return set(first.index[first <= begin]) - moved - left


def _fall(rows: pd.DataFrame, steady: set[str], alarm: Any) -> float:
    """Say how far a team's work fell over an alarm, beside everybody else's, against the months before it.

    Only those who were there all the time are compared: that somebody left is no lapse.
    """
    rows = rows[rows.person_id.isin(steady)]
    start = alarm.date - pd.Timedelta(days=6)
    inside = rows[(rows.date >= start) & (rows.date <= alarm.until)]
    before = rows[(rows.date < start) & (rows.date >= alarm.until - pd.Timedelta(days=YEAR))]
    if not len(before):
        return 0.
    if alarm.unit == "all":
        days = (alarm.until - start).days + 1, (start - before.date.min()).days
        rates = [part.value.sum() / span for part, span in zip((inside, before), days, strict=True)]
    else:
        rates = [_ratio(part.value[part.unit == alarm.unit].sum(), part.value[part.unit != alarm.unit].sum())
                 for part in (inside, before)]
    return 1 - _ratio(*rates) if rates[1] > 0 else 0.


def _ratio(one: float, other: float) -> float:
    return float(one) / float(other) if other > 0 else 0.


def _judge_neglect(finding: Finding, known: Mapping[str, pd.DataFrame], last: pd.Timestamp) -> None:
    named = neglected_customers(known, last)
    named = named[(named.state == "neglected") & (named.basis == "activities")]
    bought = customers_of(known, last).sales_12.sort_values(ascending=False)
    whole = float(bought.clip(lower=0).sum())
    main = int((bought.cumsum().shift(fill_value=0.) < MAIN * whole).sum())
    if len(known["activities"]) and main:
        share = float(named.sales_12.sum()) / whole
        beyond = float(binom.sf(len(named) - 1, main, BY_CHANCE)) < DOUBT
        finding.clear()
        if len(named):
            finding.add("neglected", grave=ACT if beyond and share >= NEGLECTED else 0, count=len(named),
                        of=main, share=share, amount=float(named.sales_12.sum()))
    twice = doubly_worked(known, last)
    double = twice[twice.kind == "double"] if len(twice) else twice
    if len(double):
        finding.add("doubly_worked", count=double.account_id.nunique())


def _judge_late(finding: Finding, known: Mapping[str, pd.DataFrame], period: Period) -> None:
    deals = known["opportunities"]
    won = deals[(deals.status == "won") & deals.created.notna() & (deals.closed >= period.start)
                & (deals.closed < period.end + pd.Timedelta(days=1))]
    if len(won) < FEW_DEALS:
        return
    late = int(((won.closed - won.created).dt.days <= LATE_DAYS).sum())
    low, high = share_interval(late, len(won))
    finding.clear()
    if late:
        finding.add("recorded_late", grave=TALK if low >= LATE else 0, count=late, of=len(won),
                    share=late / len(won), low=low, high=high)
