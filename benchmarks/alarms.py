"""Measure the alarms: how often they cry wolf, how often they find what went wrong, beside plain rules.

    python benchmarks/alarms.py [--quick] [--data FOLDER] [--markdown docs/alarms.md]

Simulated months and weeks, where what is wrong is known, and public sales, into which it is planted. The
folder holds the public sets (us_regional_sales, maven_crm, series); without it only the simulated part is
measured.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from alarms_measures import (
    CHARTS,
    DAYS_SHOWN,
    MONTH_RULES,
    TEAMS,
    figure,
    grid,
    measure_months,
    measure_public_months,
    measure_public_weeks,
    measure_weeks,
    read_deals,
    read_weeks,
)

from salesgoals.alarms.run_length import CUSUM, EWMA, alarm_chances, false_alarm_chance, run_length

PUBLIC = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
CASES = {"Win rate 25 %, team, 120 quotes a week, falling by 30 %": ("rate", 120, .3),
         "Win rate 25 %, one person, 12 quotes a week, falling by 50 %": ("rate", 12, .5),
         "Leads, one person, 20 a week, falling by 40 %": ("count", 20, .4),
         "Leads, team, 200 a week, falling by 20 %": ("count", 200, .2)}


def months_part(units: dict[int, int]) -> str:
    """Measure pace on simulated months and write it down."""
    measured = {(deals, known): measure_months(deals, units[deals], known)
                for deals in TEAMS for known in (True, False)}
    rows = [[name, *(f"{figure(false)} / {figure(found)}" for deals in TEAMS
                     for false, found, _ in [measured[deals, True][0][name]])] for name in MONTH_RULES]
    rows.append(["**P(reach) < 10 %**, mean learnt from 12 months", *(
        f"{figure(false)} / {figure(found)}" for deals in TEAMS
        for false, found, _ in [measured[deals, False][0][MONTH_RULES[-1]]])])
    rows.append(["its median day of alarm", *(f"{measured[deals, True][0][MONTH_RULES[-1]][2]:.0f}"
                                              for deals in TEAMS)])
    ends = [[f"{deals} deals", name, *(figure(error) for error in measured[deals, True][1][line])]
            for deals in (60, 400) for line, name in enumerate(("linear", "usual profile", "**ours**"))]
    many = ", ".join(f"{units[deals]:,} at {deals} deals" for deals in TEAMS)
    return f"""## Pace: will the month's goal be reached?

22 working days, the last 5 carry 43 % of the month; goal = 95 % of the mean; a bad month loses 30 % from
working day 6 on. Months simulated: {many}. Profile, luck
and how far months stray are learnt from 12 past months (by 20, 6 and 1 units together). Each cell: share of
the months **that ended at goal** with an alarm / share of the bad months with an alarm, from working day 4
until a day before the end.

{grid(["rule", *(f"{deals} deals" for deals in TEAMS)], rows)}

Error of the forecast of the month's end, after so many working days (mean of |forecast / result - 1|):

{grid(["", "forecast", *(f"day {day}" for day in DAYS_SHOWN)], ends)}
"""


def weeks_part(charts: int) -> str:
    """Measure weekly alarms on simulated figures and write it down."""
    head = ["rule", "alarms in 60 charts a quarter", "charts with any, of 60", "found in 4 weeks",
            "in 13 weeks"]
    parts = [f"### {name}\n\n{grid(head, measure_weeks(*case, charts))}" for name, case in CASES.items()]
    stated = [[name, f"{alarm_chances(rule)[-1]:.3f}", f"{false_alarm_chance(rule):.3f}",
               f"{false_alarm_chance(rule) * CHARTS:.1f}", f"{run_length(rule):.0f}"]
              for name, rule in (("EWMA, weight .2, limit 2.6", EWMA), ("CUSUM, slack .5, limit 4", CUSUM))]
    text = "\n\n".join(parts)
    return f"""## Weekly figures: has something changed?

26 weeks of baseline, 13 weeks watched, {charts:,} charts each. A chart that stays in alarm counts every week
of it in the first column, once in the second.

{text}

### Stated beforehand

Computed by Markov chain for one chart and one side; the mean run length is that of a past known exactly.

{grid(["rule", "P(false alarm) a quarter, past known", "estimated from 26 weeks", "of 60 charts",
       "weeks to a false alarm"], stated)}
"""


def public_part(folder: Path) -> str:
    """Measure both on public sales and write it down."""
    months = []
    for name, (deals, before) in read_deals(folder).items():
        row = measure_public_months(deals, before)
        months.append([name, f"{row['deals']:.0f}", f"{row['months']:.0f}", f"{row['good']:.0f}",
                       f"{figure(row['linear false'])} / {figure(row['linear found'])}",
                       f"{figure(row['pace false'])} / {figure(row['pace found'])}"])
    weeks = [measure_public_weeks(name, table) for name, table in read_weeks(folder).items()]
    head = ["figures", "series", "series x quarters"]
    for rule in ("below usual", "XmR rule 1", "EWMA"):
        head += [f"{rule}: alarms in 60", "charts with any", "found in 4 weeks"]
    return f"""## Public sales

Months: everything is learnt from the 12 months before (CRM: at least 4), goal = 95 % of what was to be
expected. Each cell: share of the months at goal with an alarm, as they were / share of all months with an
alarm after 30 % of the deals from the second week on were taken away at random.

{grid(["sales", "deals a month", "months", "at goal", "behind linear pace", "P(reach) < 10 %"], months)}

Weeks: 26 of baseline, 13 watched, quarter after quarter; found: the same quarter with 30 % taken away. Orders
are counted against the week's working days. Real figures change now and then, so not every alarm is false.

{grid(head, weeks)}
"""


def page(units: dict[int, int], charts: int, folder: Path) -> str:
    """Write the page of measured results."""
    missing = "## Public sales\n\nNot measured: the sets are not there.\n"
    public = public_part(folder) if folder.is_dir() else missing
    return f"""# Measured: how often the alarms cry wolf and what they find

Written by `python benchmarks/alarms.py --markdown docs/alarms.md`.

{months_part(units)}
{weeks_part(charts)}
{public}
## How to read it

- "Behind linear pace" is true of nearly every good month some day: it is no alarm. The chance of reaching the
  goal stays quiet in good months and finds most bad ones.
- About ten deals a month say little: four of ten bad months are not found by sales amounts without false
  alarms. Below about 25 deals a month (a month's luck above 25 %) the verdict is "too small a sample"; look
  at visits and quotes, or at a quarter. On the public sales of single sellers and small teams the chance
  falls below 10 % in about one good month of ten.
- "Below usual" and "10 % below" ring every week; "3 falls in a row" rings often and finds little. XmR is for
  looking.
- One person's win rate on 12 quotes a week: a fall by half is found within a quarter. Two orders a week say
  nothing: each such chart is marked "too small".
- Take season and working days out first: with the season left in, the store's weeks before Christmas make the
  weeks after it look bad.
"""


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer months and charts")
    parser.add_argument("--data", type=Path, default=PUBLIC, help="folder of the public sets")
    parser.add_argument("--markdown", type=Path, help="also write the page to this file")
    chosen = parser.parse_args(arguments)
    begin = time.perf_counter()
    units = {10: 400, 60: 300, 400: 100} if chosen.quick else {10: 12_000, 60: 9_000, 400: 4_000}
    text = page(units, 500 if chosen.quick else 6000, chosen.data)
    print(text)
    print(f"measured in {time.perf_counter() - begin:.0f} s")
    if chosen.markdown:
        chosen.markdown.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
