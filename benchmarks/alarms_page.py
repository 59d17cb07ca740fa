"""docs/alarms.md, made from the kept figures."""

from __future__ import annotations

from typing import Any

Rows = list[dict[str, Any]]
DEALS = (10, 60, 400)
RULES = {"linear": "behind linear pace", "linear_20": "linear pace, 20 % tolerance",
         "profile": "behind usual profile", "reach_30": "P(reach) < 30 %", "reach_10": "P(reach) < 10 %",
         "reach_bar": "**P(reach) below its bar** (ours)"}
ENDS = {"linear": "linear", "profile": "usual profile", "ours": "**ours**"}
WEEKLY = {"below": "below usual", "below_10": "10 % below", "three_falls": "3 falls in a row",
          "xmr_1": "XmR rule 1", "xmr_3": "XmR, three rules", "cusum": "CUSUM", "ewma": "**EWMA** (ours)"}
CASES = {"win_rate_team": "Win rate 25 %, team, 120 quotes a week, falling by 30 %",
         "win_rate_person": "Win rate 25 %, one person, 12 quotes a week, falling by 50 %",
         "leads_person": "Leads, one person, 20 a week, falling by 40 %",
         "leads_team": "Leads, team, 200 a week, falling by 20 %"}
MONTHS_HEAD = ["sales", "deals a month", "months", "at goal", "behind linear pace", "P(reach) below its bar",
               "large enough to judge", "good months with an alarm given"]
SETS = {"us_28_teams": "US orders, 28 teams", "us_4_channels": "US orders, 4 channels",
        "us_all": "US orders, all", "crm_30_sellers": "CRM wins, 30 sellers",
        "crm_3_offices": "CRM wins, 3 offices",
        "us_count_by_team": "US orders, count by team", "us_count_all": "US orders, count of all",
        "store_season_in": "store sales, 7 departments, season left in",
        "store_season_out": "store sales, 7 departments, season taken out"}


def figure(value: float) -> str:
    """Write a share without its leading zero."""
    return "-" if value != value else f"{value:.3f}".lstrip("0") if value < 1 else "1.00"


def grid(head: list[str], rows: list[list[str]]) -> str:
    """Write a table as markdown."""
    return "\n".join(["| " + " | ".join(head) + " |", "|---" * len(head) + "|",
                      *("| " + " | ".join(row) + " |" for row in rows)])


def one(rows: Rows, **keys: Any) -> dict[str, Any]:
    """Find the one row with these values."""
    return next(row for row in rows if all(row[key] == value for key, value in keys.items()))


def pair(row: dict[str, Any]) -> str:
    """Write false alarms and finds."""
    return f"{figure(row['false_alarms'])} / {figure(row['detected'])}"


def pace_table(rows: Rows, mean: str, months: int) -> str:
    """Write the rules of pace side by side."""
    table = [[name, *(pair(one(rows, rule=rule, deals=deals, mean=mean, months=months)) for deals in DEALS)]
             for rule, name in RULES.items()]
    ours = [one(rows, rule="reach_bar", deals=deals, mean=mean, months=months) for deals in DEALS]
    table.append(["its median day of alarm", *(f"{row['day']:.0f}" for row in ours)])
    return grid(["rule", *(f"{deals} deals a month" for deals in DEALS)], table)


def pace_part(measured: dict[str, Rows]) -> str:
    """Write down what was measured on simulated months and quarters."""
    rows = measured["pace"]
    many = {months: ", ".join(f"{one(rows, deals=deals, mean='learnt', months=months)['bad']:,} at {deals}"
                              for deals in DEALS) for months in (1, 3)}
    ends = [[f"{deals} deals", name, *(figure(row["error"]) for row in measured["ends"]
                                      if row["deals"] == deals and row["forecast"] == key)]
            for deals in (60, 400) for key, name in ENDS.items()]
    days = sorted({row["day"] for row in measured["ends"]})
    return f"""## Pace: will the month's goal be reached?

22 working days, the last 5 carry 43 % of the month; goal = 95 % of the mean; a bad month loses 30 % from
working day 6 on. Months simulated: {many[1]} deals.
Each cell: share of the months **that ended at goal** with an alarm / share of the bad months with an alarm,
from working day 4 until a day before the end. The bar rises from 2 % on the first day to 13.5 % on the last:
the earlier in the month, the surer an alarm must be.

Profile, luck and **the mean** are learnt from 12 past months (by 20, 6 and 1 units together), and the goal is
set on that mean:

{pace_table(rows, "learnt", 1)}

The same with the mean known beforehand:

{pace_table(rows, "known", 1)}

A goal of a quarter, 66 working days, each month of which strays by itself; the mean is learnt. Quarters
simulated: {many[3]} deals.

{pace_table(rows, "learnt", 3)}

A goal of 110 % of the mean, which few months reach, so that those that do look bad for longer; the mean is
learnt:

{grid(["rule", *(f"{deals} deals a month" for deals in DEALS)],
      [[RULES[rule], *(pair(one(measured["hard"], rule=rule, deals=deals)) for deals in DEALS)]
       for rule in ("linear", "reach_bar")])}

Error of the forecast of the month's end, after so many working days (mean of |forecast / result - 1|):

{grid(["", "forecast", *(f"day {day}" for day in days)], ends)}
"""


def weeks_part(measured: dict[str, Rows]) -> str:
    """Write down what was measured on simulated weeks."""
    head = ["rule", "alarms in 60 charts a quarter", "charts with any, of 60", "found in 4 weeks",
            "in 13 weeks"]
    parts = []
    for case, title in CASES.items():
        rows = [one(measured["weeks"], case=case, rule=rule) for rule in WEEKLY]
        parts.append(f"### {title}\n\n" + grid(head, [
            [WEEKLY[row["rule"]], f"{row['alarms']:.1f}", f"{row['charts_with_any']:.1f}",
             figure(row["found_4"]), figure(row["found_13"])] for row in rows]))
    names = {"ewma": "EWMA, weight .2, limit 2.6", "cusum": "CUSUM, slack .5, limit 4"}
    stated = [[names[row["rule"]], figure(row["past_known"]), figure(row["past_26_weeks"]),
               f"{60 * row['past_26_weeks']:.1f}", f"{row['run_length']:.0f}"] for row in measured["stated"]]
    text = "\n\n".join(parts)
    return f"""## Weekly figures: has something changed?

26 weeks of baseline, 13 weeks watched, {measured["weeks"][0]["charts"]:,} charts each. A chart that stays in
alarm counts every week of it in the first column, once in the second.

{text}

### Stated beforehand

Computed by Markov chain for one chart and one side; the mean run length is that of a past known exactly.

{grid(["rule", "P(false alarm) a quarter, past known", "estimated from 26 weeks", "of 60 charts",
       "weeks to a false alarm"], stated)}
"""


def public_part(measured: dict[str, Rows]) -> str:
    """Write down what was measured on public sales."""
    if not measured["public_months"]:
        return "## Public sales\n\nNot measured: the sets are not there.\n"
    months = [[SETS[row["set"]], f"{row['deals']:.0f}", f"{row['months']}", f"{row['good']}",
               f"{figure(row['linear_false'])} / {figure(row['linear_found'])}", pair(row),
              f"{row['judged']:.0%}", figure(row["given"])]
              for row in measured["public_months"]]
    head = ["figures", "series", "series x quarters"]
    rules = ("below", "xmr_1", "ewma")
    for rule in rules:
        head += [f"{WEEKLY[rule]}: alarms in 60", "charts with any", "found in 4 weeks"]
    weeks = []
    for name in dict.fromkeys(row["set"] for row in measured["public_weeks"]):
        rows = [one(measured["public_weeks"], set=name, rule=rule) for rule in rules]
        weeks.append([SETS[name], str(rows[0]["series"]), str(rows[0]["quarters"]), *(
            cell for row in rows
            for cell in (f"{row['alarms']:.0f}", f"{row['charts_with_any']:.2f}", figure(row["found_4"])))])
    return f"""## Public sales

Months: everything is learnt from the 12 months before (CRM: at least 4), goal = 95 % of what was to be
expected. Each cell: share of the months at goal with an alarm, as they were / share of all months with an
alarm after 30 % of the deals from the second week on were taken away at random. An alarm is given only where
a month's luck is below 25 %.

{grid(MONTHS_HEAD, months)}

Weeks: 26 of baseline, 13 watched, quarter after quarter; found: the same quarter with 30 % taken away. Orders
are counted against the week's working days. Real figures change now and then, so not every alarm is false.

{grid(head, weeks)}
"""


def page(measured: dict[str, Rows]) -> str:
    """Write the page of measured results."""
    return f"""# Measured: how often the alarms cry wolf and what they find

Written by `python benchmarks/alarms.py --write` from `salesgoals/alarms/measured.toml`, which it also writes.

{pace_part(measured)}
{weeks_part(measured)}
{public_part(measured)}
## How to read it

- "Behind linear pace" is true of nearly every good month some day: it is no alarm. The chance of reaching the
  goal stays quiet in good months and finds most bad ones.
- A fixed bar of 10 % rings too early: an alarm on day 6 has many days on which it may turn out false. A bar
  that rises with the month finds more at fewer false alarms.
- About ten deals a month say little: four of ten bad months are not found by sales amounts without false
  alarms. Below about 25 deals a month (a month's luck above 25 %) the verdict is "too small a sample" and no
  alarm is given; look at visits and quotes, or at a quarter. The columns of 10 deals show why.
- How many good months hold an alarm depends on how hard the goal is: the chance says how likely the goal is,
  and of goals that are hardly ever reached those that are reached were unlikely for long.
- "Below usual" and "10 % below" ring every week; "3 falls in a row" rings often and finds little. XmR is for
  looking.
- One person's win rate on 12 quotes a week: a fall by half is found within a quarter. Two orders a week say
  nothing: each such chart is marked "too small".
- Take season and working days out first: with the season left in, the store's weeks before Christmas make the
  weeks after it look bad.
"""
