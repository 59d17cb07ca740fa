"""What benchmarks/alarms.py measures: false alarms and finds, simulated and planted in public sales."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from salesgoals.alarms.charts import xmr_limits, xmr_signals
from salesgoals.alarms.days import Days, place_of
from salesgoals.alarms.kpi import season_of_weeks, watch_kpis, week_loads
from salesgoals.alarms.pacing import WATCHED_FROM, alarm_bar, pace_course, pace_units
from salesgoals.alarms.profile import day_shares, from_nothing, learn_habits
from salesgoals.alarms.run_length import CUSUM, EWMA

LENGTH, PAST, GOAL, DROP, FROM_DAY = 22, 12, .95, .30, 5
PROFILE = np.r_[np.ones(17), 1.6, 1.9, 2.3, 2.9, 3.6]
PROFILE[[4, 9, 14]] *= .8
PROFILE = PROFILE / PROFILE.sum()
SIZE = np.expm1(.49)  # squared deviation of log-normal sizes with sigma .7
TEAMS = {10: 20, 60: 6, 400: 1}  # deals a month -> units that share one profile
DAYS_SHOWN = (5, 11, 16, 20)
MONTH_RULES = ("linear", "linear_20", "profile", "reach_30", "reach_10", "reach_bar")
ENDS = ("linear", "profile", "ours")
WEEKS, BASELINE, WATCHED, CHARTS = 39, 26, 13, 60
CASES = {"win_rate_team": ("rate", 120, .3), "win_rate_person": ("rate", 12, .5),
         "leads_person": ("count", 20, .4), "leads_team": ("count", 200, .2)}  # kind, a week, fall
WEEK_RULES = ("below", "below_10", "three_falls", "xmr_1", "xmr_3", "cusum", "ewma")


def draw_months(draw: np.random.Generator, units: int, months: int, deals: float, drop: float = 0.) -> Days:
    """Simulate back-loaded months: level off by 10 %, Poisson deals, log-normal sizes; mean of a month 1."""
    later = np.where(np.arange(months * LENGTH) >= FROM_DAY, 1 - drop, 1.).reshape(months, LENGTH)
    count = draw.poisson(deals * PROFILE * later * draw.lognormal(-.005, .1, (units, months, 1)))
    sales = np.where(count > 0, draw.gamma(np.maximum(count, 1) / SIZE) * SIZE, 0) / deals
    position, length = np.tile(np.arange(1, LENGTH + 1), months), np.full(months * LENGTH, LENGTH)
    return Days(pd.RangeIndex(units), pd.DatetimeIndex([]), np.repeat(np.arange(months), LENGTH),
                pd.date_range("2025-01-01", periods=months, freq="MS"), position, length,
                place_of(position, length), sales.reshape(units, -1), count.reshape(units, -1).astype(float))


def month_alarms(so_far: np.ndarray, usual: np.ndarray, linear: np.ndarray,
                 chance: np.ndarray) -> dict[str, np.ndarray]:
    """Apply every rule to months laid out by day; the first day without sales in front."""
    length = chance.shape[1] - 1
    bar = alarm_bar(np.arange(length + 1), length)
    marks = (so_far < linear, so_far < .8 * linear, so_far < usual, chance < .3, chance < .1, chance < bar)
    return {name: mark[:, WATCHED_FROM:-1] for name, mark in zip(MONTH_RULES, marks, strict=True)}


def measure_months(deals: int, units: int, known: bool, months: int = 1, seed: int = 3,
                   goal_of_mean: float = GOAL) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return false alarms in good months, bad ones found and median day, by rule; and forecast errors.

    With ``months`` 3 the goal is one of a quarter, each month of which strays by itself.
    """
    draw = np.random.default_rng(seed)
    alarms: dict[tuple[str, str], list[np.ndarray]] = {}
    errors = []
    people, length = TEAMS[deals], LENGTH * months
    for _ in range(max(units // people, 1)):
        habits = learn_habits(draw_months(draw, people, PAST, deals))
        periods = [draw_months(draw, people, months, deals, drop) for drop in (0., DROP)]
        expected = habits.rate * habits.weights[:, periods[0].place].sum(1)
        if known:
            expected = np.full(people, float(months))
            habits = habits._replace(unsure=np.zeros(people), unsure_size=np.zeros(people))
        goal = goal_of_mean * expected
        for kind, period in zip("gb", periods, strict=True):
            course = pace_course(period, expected, goal, habits)
            shares = from_nothing(day_shares(habits.weights, period)) / months
            linear = goal[:, None] * np.arange(length + 1) / length
            total = period.sales.sum(1)
            kept = total >= goal if kind == "g" else np.full(people, True)
            for name, marks in month_alarms(course["so_far"], goal[:, None] * shares, linear,
                                            course["chance"]).items():
                alarms.setdefault((name, kind), []).append(marks[kept])
            if kind == "g":
                days, some = [day * months for day in DAYS_SHOWN], total > 0
                ends = (course["so_far"][:, days] / (np.array(days) / length),
                        course["so_far"][:, days] / shares[:, days], course["month_end"][:, days])
                errors.append(np.abs(np.array(ends)[:, some] / total[None, some, None] - 1))
    rows = []
    for name in MONTH_RULES:
        good, bad = (np.concatenate(alarms[name, kind]) for kind in "gb")
        first = bad[bad.any(1)].argmax(1) + WATCHED_FROM
        rows.append({"rule": name, "deals": deals, "mean": "known" if known else "learnt", "months": months,
                     "good": len(good), "bad": len(bad), "false_alarms": good.any(1).mean(),
                     "detected": bad.any(1).mean(), "day": float(np.median(first)) if len(first) else 0.})
    error = np.concatenate(errors, axis=1).mean(1)
    ends = [{"forecast": name, "deals": deals, "day": day, "error": error[line, at]}
            for line, name in enumerate(ENDS) for at, day in enumerate(DAYS_SHOWN)]
    return rows, ends


def read_deals(folder: Path) -> dict[str, tuple[pd.DataFrame, int]]:
    """Read the public deals: name -> (date, unit, amount) and how many months must go before."""
    found = {}
    regional = pd.read_csv(folder / "us_regional_sales" / "US_Regional_Sales_Data.csv")
    date = pd.to_datetime(regional.OrderDate, dayfirst=True, format="mixed")
    price = regional["Unit Price"].str.replace(r"[$,\s]", "", regex=True).astype(float)
    amount = regional["Order Quantity"] * price * (1 - regional["Discount Applied"])
    frame = pd.DataFrame({"date": date, "amount": amount})
    found["us_28_teams"] = (frame.assign(unit=regional._SalesTeamID.astype(str)), 12)
    found["us_4_channels"] = (frame.assign(unit=regional["Sales Channel"]), 12)
    found["us_all"] = (frame.assign(unit="all"), 12)
    won = pd.read_csv(folder / "maven_crm" / "sales_pipeline.csv").query("deal_stage == 'Won'")
    office = pd.read_csv(folder / "maven_crm" / "sales_teams.csv").set_index("sales_agent").regional_office
    frame = pd.DataFrame({"date": pd.to_datetime(won.close_date), "amount": won.close_value})
    found["crm_30_sellers"] = (frame.assign(unit=won.sales_agent), 4)
    found["crm_3_offices"] = (frame.assign(unit=won.sales_agent.map(office)), 4)
    return found


def measure_public_months(name: str, deals: pd.DataFrame, before: int) -> dict[str, Any]:
    """Go through the months, each with what was known; then again with deals lost from day 8 on."""
    draw = np.random.default_rng(7)
    months = pd.date_range(deals.date.min() + pd.offsets.MonthBegin(1), deals.date.max(), freq="MS")
    whole = [month for month in months if month + pd.offsets.MonthEnd(0) <= deals.date.max()]
    rows = []
    for month in whole[before:]:
        end = month + pd.offsets.MonthEnd(0)
        past = deals[(deals.date >= months[0]) & (deals.date <= end)]
        units = past[past.date < month].unit.value_counts()
        goals = pd.Series(1., index=units.index[units >= before])
        goals = GOAL * pace_units(past, goals, month, country="US").set_index("unit").expected
        lost = (past.date > month + pd.Timedelta(days=7)) & (draw.random(len(past)) < DROP)
        for kind, known in (("as it was", past), ("planted", past[~lost])):
            course = pace_units(known, goals, end, country="US", every_day=True)
            length = course.working_days.iloc[0]
            course = course[(course.position >= WATCHED_FROM) & (course.position < length)]
            by_unit = course.groupby("unit")
            sold = known[known.date >= month].groupby("unit").amount.sum().reindex(goals.index, fill_value=0.)
            rows.append(pd.DataFrame({"kind": kind, "pace": by_unit.below_bar.any(), "reached": sold >= goals,
                                      "linear": by_unit.behind_linear.any(),
                                      "judged": by_unit.judgeable.first(), "given": by_unit.alarm.any(),
                                      "deals": by_unit.deals_expected.first()}))
    table = pd.concat(rows)
    good = table[(table.kind == "as it was") & table.reached]
    bad = table[table.kind == "planted"]
    return {"set": name, "deals": table.deals.mean(), "months": len(table) // 2, "good": len(good),
            "linear_false": good.linear.mean(), "linear_found": bad.linear.mean(),
            "false_alarms": good.pace.mean(), "detected": bad.pace.mean(), "judged": table.judged.mean(),
            "given": good.given.mean()}


def draw_weeks(kind: str, size: float, fall: float, charts: int, seed: int = 5) -> pd.DataFrame:
    """Simulate weekly figures: 26 weeks as usual, then 13 with a fall."""
    draw = np.random.default_rng(seed)
    factor = np.where(np.arange(WEEKS) >= BASELINE, 1 - fall, 1.)
    shape = (charts, WEEKS)
    if kind == "rate":
        of = draw.poisson(size, shape)
        value = draw.binomial(of, np.broadcast_to(.25 * factor, shape))
    else:
        clustering = 1.5 if size < 100 else 3.
        mean = size * factor * draw.gamma(size / (clustering - 1), (clustering - 1) / size, shape)
        value, of = draw.poisson(mean), np.ones(shape)
    return pd.DataFrame({"unit": np.repeat(np.arange(charts), WEEKS), "kpi": kind,
                         "period": np.tile(pd.date_range("2026-01-05", periods=WEEKS, freq="W-MON"), charts),
                         "value": value.ravel().astype(float), "of": np.asarray(of).ravel().astype(float)})


def week_alarms(table: pd.DataFrame) -> dict[str, np.ndarray]:
    """Apply every rule to weekly figures, all charts with the same weeks; (charts, weeks watched)."""
    start = np.sort(table.period.unique())[BASELINE]
    rates, counts = (["rate"], ["count"])
    rate = (table.value / table.of.where(table.of > 0)).to_numpy().reshape(-1, table.period.nunique())
    usual = np.nanmean(rate[:, :BASELINE], axis=1, keepdims=True)
    now = rate[:, BASELINE:]
    falls = np.diff(rate, axis=1) < 0
    three = falls[:, 2:] & falls[:, 1:-1] & falls[:, :-2]
    signals = xmr_signals(rate, xmr_limits(rate[:, :BASELINE]))
    low = rate < usual
    watch = {}
    for name, rule in (("CUSUM", CUSUM), ("EWMA", EWMA)):
        found = watch_kpis(table, start, rule=rule, rates=rates, counts=counts)
        watch[name] = found.alarm.to_numpy().reshape(now.shape)
    marks = (now < usual, now < .9 * usual, three[:, BASELINE - 3:],
             (signals["outside"] & low)[:, BASELINE:],
             ((signals["outside"] | signals["near_limit"] | signals["run"]) & low)[:, BASELINE:],
             watch["CUSUM"], watch["EWMA"])
    return dict(zip(WEEK_RULES, marks, strict=True))


def measure_weeks(case: str, charts: int, seed: int = 5) -> list[dict[str, Any]]:
    """Return a line by rule: alarms in 60 charts a quarter, charts with any, found in 4 and 13 weeks."""
    kind, size, fall = CASES[case]
    usual, fallen = (week_alarms(draw_weeks(kind, size, share, charts, seed)) for share in (0., fall))
    return [{"case": case, "rule": name, "charts": charts, "alarms": usual[name].mean() * CHARTS * WATCHED,
             "charts_with_any": usual[name].any(1).mean() * CHARTS,
             "found_4": fallen[name][:, :4].any(1).mean(), "found_13": fallen[name].any(1).mean()}
            for name in WEEK_RULES]


def read_weeks(folder: Path) -> dict[str, pd.DataFrame]:
    """Read public weekly figures: unit, kpi, period, value, of (working days or 1)."""
    regional = read_deals(folder)["us_28_teams"][0]
    found = {}
    for name, unit in (("us_count_by_team", regional.unit), ("us_count_all", "all")):
        period = regional.date.dt.to_period("W-SUN").dt.start_time
        rows = regional.assign(period=period, unit=unit)
        count = rows.groupby(["unit", "period"]).size().unstack(fill_value=0)
        long = count.iloc[:, 1:-1].stack().rename("value").astype(float).reset_index().assign(kpi="count")
        found[name] = long.assign(of=long.period.map(week_loads(long.period, "US")))
    shop = pd.read_csv(folder / "series" / "walmart_sales_weekly.csv")
    long = pd.DataFrame({"unit": shop.id, "kpi": "amount", "value": shop.Weekly_Sales, "of": 1.,
                         "period": pd.to_datetime(shop.Date) - pd.Timedelta(days=4)})
    found["store_season_in"] = long
    found["store_season_out"] = long
    return found


def measure_public_weeks(name: str, table: pd.DataFrame) -> list[dict[str, Any]]:
    """Watch every quarter of a public set, as it was and with a fall of 30 % planted; a line by rule."""
    weeks = np.sort(table.period.unique())
    first = 78 if name.startswith("store") else BASELINE  # a season needs a year before the baseline
    marks: dict[tuple[str, str], list[np.ndarray]] = {}
    for begin in range(first, len(weeks) - WATCHED + 1, WATCHED):
        window = table[table.period.isin(weeks[begin - BASELINE:begin + WATCHED])]
        window = window.sort_values(["unit", "period"])
        if name.endswith("_out"):
            past = table[table.period.isin(weeks[:begin])]
            seasons = [season_of_weeks(rows, window.period).rename(unit).to_frame().stack()
                       for unit, rows in past.groupby("unit")]
            by_key = pd.concat(seasons)
            window = window.assign(of=by_key.reindex(pd.MultiIndex.from_frame(
                window[["period", "unit"]])).to_numpy())
        draw = np.random.default_rng(9)
        late = (window.period >= weeks[begin]).to_numpy()
        counted = table.kpi.iloc[0] == "count"
        lower = draw.binomial(window.value.astype(int), 1 - DROP) if counted else (1 - DROP) * window.value
        planted = window.assign(value=np.where(late, lower, window.value))
        for kind, rows in (("was", window), ("planted", planted)):
            for rule, found in week_alarms(rows).items():
                marks.setdefault((kind, rule), []).append(found)
    rows = []
    for rule in ("below", "xmr_1", "ewma"):
        was, planted = (np.concatenate(marks[kind, rule]) for kind in ("was", "planted"))
        rows.append({"set": name, "rule": rule, "series": table.unit.nunique(), "quarters": len(was),
                     "alarms": was.mean() * CHARTS * WATCHED, "charts_with_any": was.any(1).mean(),
                     "found_4": planted[:, :4].any(1).mean()})
    return rows
