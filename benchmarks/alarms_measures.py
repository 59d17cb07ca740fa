"""What benchmarks/alarms.py measures: false alarms and finds, simulated and planted in public sales."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from salesgoals.alarms.charts import xmr_limits, xmr_signals
from salesgoals.alarms.days import Days, place_of
from salesgoals.alarms.kpi import season_of_weeks, watch_kpis, week_loads
from salesgoals.alarms.pacing import ALARM, WATCHED_FROM, pace_course, pace_units
from salesgoals.alarms.profile import day_shares, from_nothing, learn_habits
from salesgoals.alarms.run_length import CUSUM, EWMA

LENGTH, PAST, GOAL, DROP, FROM_DAY = 22, 12, .95, .30, 5
PROFILE = np.r_[np.ones(17), 1.6, 1.9, 2.3, 2.9, 3.6]
PROFILE[[4, 9, 14]] *= .8
PROFILE = PROFILE / PROFILE.sum()
SIZE = np.expm1(.49)  # squared deviation of log-normal sizes with sigma .7
TEAMS = {10: 20, 60: 6, 400: 1}  # deals a month -> units that share one profile
DAYS_SHOWN = (5, 11, 16, 20)
MONTH_RULES = ("behind linear pace", "linear pace, 20 % tolerance", "behind usual profile", "P(reach) < 30 %",
               "**P(reach) < 10 %**")
WEEKS, BASELINE, WATCHED, CHARTS = 39, 26, 13, 60
WEEK_RULES = ("below usual", "10 % below", "3 falls in a row", "XmR rule 1", "XmR, three rules", "CUSUM",
              "**EWMA**")


def draw_months(draw: np.random.Generator, units: int, months: int, deals: float, drop: float = 0.) -> Days:
    """Simulate back-loaded months: level off by 10 %, Poisson deals, log-normal sizes; mean of a month 1."""
    later = np.where(np.arange(LENGTH) >= FROM_DAY, 1 - drop, 1.)
    count = draw.poisson(deals * PROFILE * later * draw.lognormal(-.005, .1, (units, months, 1)))
    sales = np.where(count > 0, draw.gamma(np.maximum(count, 1) / SIZE) * SIZE, 0) / deals
    position, length = np.tile(np.arange(1, LENGTH + 1), months), np.full(months * LENGTH, LENGTH)
    return Days(pd.RangeIndex(units), pd.DatetimeIndex([]), np.repeat(np.arange(months), LENGTH),
                pd.date_range("2025-01-01", periods=months, freq="MS"), position, length,
                place_of(position, length), sales.reshape(units, -1), count.reshape(units, -1).astype(float))


def month_alarms(so_far: np.ndarray, usual: np.ndarray, linear: np.ndarray,
                 chance: np.ndarray) -> dict[str, np.ndarray]:
    """Apply every rule to months laid out by day; the first day without sales in front."""
    marks = (so_far < linear, so_far < .8 * linear, so_far < usual, chance < .3, chance < ALARM)
    return {name: mark[:, WATCHED_FROM:-1] for name, mark in zip(MONTH_RULES, marks, strict=True)}


def measure_months(deals: int, units: int,
                   known: bool) -> tuple[dict[str, tuple[float, float, float]], np.ndarray]:
    """Return false alarms in good months, bad months found and median day, by rule; and forecast errors."""
    draw = np.random.default_rng(3)
    alarms: dict[str, list[np.ndarray]] = {f"{name} {kind}": [] for name in MONTH_RULES for kind in "gb"}
    errors = []
    for _ in range(units // TEAMS[deals]):
        people = TEAMS[deals]
        habits = learn_habits(draw_months(draw, people, PAST, deals))
        months = [draw_months(draw, people, 1, deals, drop) for drop in (0., DROP)]
        expected = habits.rate * habits.weights[:, months[0].place].sum(1)
        goal = GOAL * expected
        if known:
            expected, goal = np.ones(people), np.full(people, GOAL)
            habits = habits._replace(doubt=np.full(people, habits.level))
        for kind, month in zip("gb", months, strict=True):
            course = pace_course(month, expected, goal, habits)
            shares = from_nothing(day_shares(habits.weights, month))
            linear = goal[:, None] * np.arange(LENGTH + 1) / LENGTH
            total = month.sales.sum(1)
            kept = total >= goal if kind == "g" else np.full(people, True)
            for name, marks in month_alarms(course["so_far"], goal[:, None] * shares, linear,
                                            course["chance"]).items():
                alarms[f"{name} {kind}"].append(marks[kept])
            if kind == "g":
                days, some = list(DAYS_SHOWN), total > 0
                ends = (course["so_far"][:, days] / (np.array(days) / LENGTH),
                        course["so_far"][:, days] / shares[:, days], course["month_end"][:, days])
                errors.append(np.abs(np.array(ends)[:, some] / total[None, some, None] - 1))
    found = {}
    for name in MONTH_RULES:
        good, bad = (np.concatenate(alarms[f"{name} {kind}"]) for kind in "gb")
        first = bad[bad.any(1)].argmax(1) + WATCHED_FROM
        found[name] = (good.any(1).mean(), bad.any(1).mean(), float(np.median(first)))
    return found, np.concatenate(errors, axis=1).mean(1)


def read_deals(folder: Path) -> dict[str, tuple[pd.DataFrame, int]]:
    """Read the public deals: name -> (date, unit, amount) and how many months must go before."""
    found = {}
    regional = pd.read_csv(folder / "us_regional_sales" / "US_Regional_Sales_Data.csv")
    date = pd.to_datetime(regional.OrderDate, dayfirst=True, format="mixed")
    price = regional["Unit Price"].str.replace(r"[$,\s]", "", regex=True).astype(float)
    amount = regional["Order Quantity"] * price * (1 - regional["Discount Applied"])
    frame = pd.DataFrame({"date": date, "amount": amount})
    found["US orders, 28 teams"] = (frame.assign(unit=regional._SalesTeamID.astype(str)), 12)
    found["US orders, 4 channels"] = (frame.assign(unit=regional["Sales Channel"]), 12)
    found["US orders, all"] = (frame.assign(unit="all"), 12)
    won = pd.read_csv(folder / "maven_crm" / "sales_pipeline.csv").query("deal_stage == 'Won'")
    office = pd.read_csv(folder / "maven_crm" / "sales_teams.csv").set_index("sales_agent").regional_office
    frame = pd.DataFrame({"date": pd.to_datetime(won.close_date), "amount": won.close_value})
    found["CRM wins, 30 sellers"] = (frame.assign(unit=won.sales_agent), 4)
    found["CRM wins, 3 offices"] = (frame.assign(unit=won.sales_agent.map(office)), 4)
    return found


def measure_public_months(deals: pd.DataFrame, before: int) -> dict[str, float]:
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
            course = pace_units(known, goals, end, country="US", whole_month=True)
            length = course.working_days.iloc[0]
            course = course[(course.position >= WATCHED_FROM) & (course.position < length)]
            by_unit = course.groupby("unit")
            sold = known[known.date >= month].groupby("unit").amount.sum().reindex(goals.index, fill_value=0.)
            rows.append(pd.DataFrame({"kind": kind, "pace": by_unit.alarm.any(), "reached": sold >= goals,
                                      "linear": by_unit.behind_linear.any(),
                                      "deals": by_unit.deals_a_month.first()}))
    table = pd.concat(rows)
    good = table[(table.kind == "as it was") & table.reached]
    bad = table[table.kind == "planted"]
    return {"deals": table.deals.mean(), "months": len(table) / 2, "good": len(good),
            "linear false": good.linear.mean(), "linear found": bad.linear.mean(),
            "pace false": good.pace.mean(), "pace found": bad.pace.mean()}


def draw_weeks(kind: str, size: float, fall: float, charts: int) -> pd.DataFrame:
    """Simulate weekly figures: 26 weeks as usual, then 13 with a fall."""
    draw = np.random.default_rng(5)
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


def measure_weeks(kind: str, size: float, fall: float, charts: int) -> list[list[str]]:
    """Return a line by rule: alarms in 60 charts a quarter, charts with any, found in 4 and 13 weeks."""
    usual, fallen = (week_alarms(draw_weeks(kind, size, share, charts)) for share in (0., fall))
    return [[name, f"{usual[name].mean() * CHARTS * WATCHED:.1f}",
             f"{usual[name].any(1).mean() * CHARTS:.1f}", figure(fallen[name][:, :4].any(1).mean()),
             figure(fallen[name].any(1).mean())] for name in WEEK_RULES]


def read_weeks(folder: Path) -> dict[str, pd.DataFrame]:
    """Read public weekly figures: unit, kpi, period, value, of (working days or 1)."""
    regional = read_deals(folder)["US orders, 28 teams"][0]
    found = {}
    for name, unit in (("US orders, count by team", regional.unit), ("US orders, count of all", "all")):
        period = regional.date.dt.to_period("W-SUN").dt.start_time
        rows = regional.assign(period=period, unit=unit)
        count = rows.groupby(["unit", "period"]).size().unstack(fill_value=0)
        long = count.iloc[:, 1:-1].stack().rename("value").astype(float).reset_index().assign(kpi="count")
        found[name] = long.assign(of=long.period.map(week_loads(long.period, "US")))
    shop = pd.read_csv(folder / "series" / "walmart_sales_weekly.csv")
    long = pd.DataFrame({"unit": shop.id, "kpi": "amount", "value": shop.Weekly_Sales, "of": 1.,
                         "period": pd.to_datetime(shop.Date) - pd.Timedelta(days=4)})
    found["store sales, 7 departments, season left in"] = long
    found["store sales, 7 departments, season taken out"] = long
    return found


def measure_public_weeks(name: str, table: pd.DataFrame) -> list[str]:
    """Watch every quarter of a public set, as it was and with a fall of 30 % planted; figures by rule."""
    weeks = np.sort(table.period.unique())
    first = 78 if "season" in name else BASELINE  # a season needs a year before the baseline
    marks: dict[tuple[str, str], list[np.ndarray]] = {}
    for begin in range(first, len(weeks) - WATCHED + 1, WATCHED):
        window = table[table.period.isin(weeks[begin - BASELINE:begin + WATCHED])]
        window = window.sort_values(["unit", "period"])
        if name.endswith("taken out"):
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
    cells = []
    for rule in ("below usual", "XmR rule 1", "**EWMA**"):
        was, planted = (np.concatenate(marks[kind, rule]) for kind in ("was", "planted"))
        cells += [f"{was.mean() * CHARTS * WATCHED:.0f}", f"{was.any(1).mean():.2f}",
                  figure(planted[:, :4].any(1).mean())]
    return [name, str(table.unit.nunique()), str(len(was)), *cells]


def figure(value: float) -> str:
    """Write a share without its leading zero."""
    return "-" if np.isnan(value) else f"{value:.3f}".lstrip("0") if value < 1 else "1.00"


def grid(head: list[str], rows: list[list[str]]) -> str:
    """Write a table as markdown."""
    return "\n".join(["| " + " | ".join(head) + " |", "|---" * len(head) + "|",
                      *("| " + " | ".join(row) + " |" for row in rows)])
