"""Measure the alarms: how often they cry wolf, how often they find what went wrong, beside plain rules.

    python benchmarks/alarms.py [--quick] [--data FOLDER] [--write]

Simulated months, quarters and weeks, where what is wrong is known, and public sales, into which it is
planted. The folder holds the public sets (us_regional_sales, maven_crm, series); without it only the
simulated part is measured. ``--write`` keeps the figures in salesgoals/alarms/measured.toml, from which the
package shows them, and writes docs/alarms.md from that file.
"""

from __future__ import annotations

import argparse
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from alarms_measures import (
    CASES,
    TEAMS,
    measure_months,
    measure_public_months,
    measure_public_weeks,
    measure_weeks,
    read_deals,
    read_weeks,
)
from alarms_page import page

from salesgoals.alarms.run_length import CUSUM, EWMA, alarm_chances, false_alarm_chance, run_length

PROJECT = Path(__file__).resolve().parent.parent
PUBLIC = PROJECT.parent / "shared" / "data"
KEPT = PROJECT / "salesgoals" / "alarms" / "measured.toml"
DOCS = PROJECT / "docs" / "alarms.md"
FULL = {10: 24_000, 60: 12_000, 400: 6_000}
QUICK = {10: 400, 60: 300, 400: 100}
QUARTERS = 3  # a quarter takes three times as long to simulate, so a third of them
HARD = 1.1  # a goal above what is to be expected
PLACES = 4


def measure(units: dict[int, int], charts: int, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Measure everything; tables by name."""
    found: dict[str, list[dict[str, Any]]] = {"pace": [], "ends": [], "hard": [], "weeks": [], "stated": [],
                                              "public_months": [], "public_weeks": []}
    for deals in TEAMS:
        for known in (True, False):
            rows, ends = measure_months(deals, units[deals], known)
            found["pace"] += rows
            found["ends"] += ends if known else []
    for deals in TEAMS:
        found["pace"] += measure_months(deals, units[deals] // QUARTERS, False, QUARTERS)[0]
        hard = measure_months(deals, units[deals] // QUARTERS, False, goal_of_mean=HARD)[0]
        found["hard"] += [row for row in hard if row["rule"] in ("linear", "reach_bar")]
    for case in CASES:
        found["weeks"] += measure_weeks(case, charts)
    for name, rule in (("ewma", EWMA), ("cusum", CUSUM)):
        found["stated"].append({"rule": name, "past_known": alarm_chances(rule)[-1],
                                "past_26_weeks": false_alarm_chance(rule), "run_length": run_length(rule)})
    if folder.is_dir():
        for name, (deals, before) in read_deals(folder).items():
            found["public_months"].append(measure_public_months(name, deals, before))
        for name, table in read_weeks(folder).items():
            found["public_weeks"] += measure_public_weeks(name, table)
    return found


def to_toml(measured: dict[str, list[dict[str, Any]]]) -> str:
    """Write the tables down, a line a row."""
    lines = ["# How often the alarms cry wolf and what they find: python benchmarks/alarms.py --write"]
    for name, rows in measured.items():
        lines.append(f"{name} = [")
        lines += ["  {" + ", ".join(f"{key} = {_plain(value)}" for key, value in row.items()) + "},"
                  for row in rows]
        lines.append("]")
    return "\n".join(lines) + "\n"


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    return repr(round(float(value), PLACES)) if isinstance(value, float) else str(int(value))


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer months and charts")
    parser.add_argument("--data", type=Path, default=PUBLIC, help="folder of the public sets")
    parser.add_argument("--write", action="store_true", help="keep the figures and write docs/alarms.md")
    chosen = parser.parse_args(arguments)
    begin = time.perf_counter()
    text = to_toml(measure(QUICK if chosen.quick else FULL, 500 if chosen.quick else 6000, chosen.data))
    print(page(tomllib.loads(text)))
    print(f"measured in {time.perf_counter() - begin:.0f} s")
    if chosen.write:
        KEPT.write_text(text, encoding="utf-8", newline="\n")
        DOCS.write_text(page(tomllib.loads(text)), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
