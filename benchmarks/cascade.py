"""Decomposition at scale: 10,000 people x 12 months x 20 product lines, beside b2b-revenue-forecasting.

Every measurement runs in a process of its own, ours and the peer's in turn; the table shows medians. Usage:
python benchmarks/cascade.py [--people N] [--rounds N]
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import io
import json
import os
import statistics
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pandas as pd

PEER = "b2b_revenue_forecasting"
TOTAL, MONTHS, LINES = 1_234_567_890, 12, 20


def people_table(people: int) -> pd.DataFrame:
    """The tree both are given: one company, teams of ten, departments of twenty teams, and past sales."""
    number = np.arange(people)
    return pd.DataFrame({
        "company": "C", "department": [f"D{n // 200:04d}" for n in number],
        "team": [f"T{n // 10:05d}" for n in number],
        "person_id": [f"P{n:06d}" for n in number],
        "sales": np.random.default_rng(0).lognormal(11, .6, people).round(2)})


def month_targets() -> np.ndarray:
    from salesgoals.allocation.allocate import round_to_total

    season = 1 + .3 * np.sin(np.arange(MONTHS) / MONTHS * 2 * np.pi)
    return round_to_total(season / season.sum() * TOTAL, TOTAL)


def peak_mb() -> float:
    try:
        import resource
    except ImportError:  # not on Windows
        return float("nan")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def ours_tree(people: int) -> dict[str, Any]:
    """Total -> departments -> teams -> people, then each person's months with every month's total fixed."""
    from salesgoals.allocation.bounds import Organisation, work_out_bounds
    from salesgoals.allocation.exact import split_people
    from salesgoals.allocation.margins import fit_margins, round_margins

    table, months = people_table(people), month_targets()
    begin = time.perf_counter()
    organisation = Organisation.from_people(table)
    bounds = work_out_bounds(organisation, [], np.ones((people, MONTHS), bool), 1, TOTAL, 1)
    person = split_people(bounds, table.sales.to_numpy(), TOTAL)["person"]
    once = time.perf_counter() - begin
    fitted, _ = fit_margins(np.ones((people, MONTHS, 1)), person, months, [TOTAL])
    cells = round_margins(fitted, person, months, [TOTAL])
    return {"once": once, "months": time.perf_counter() - begin,
            "off": float(np.abs(cells.sum((0, 2)) - months).max())}


def ours_products(people: int) -> dict[str, Any]:
    """The whole table of people x months x product lines, 15 % of it closed, all three margins exact."""
    from salesgoals.allocation.allocate import round_to_total
    from salesgoals.allocation.margins import fit_margins, round_margins

    draw = np.random.default_rng(1)
    seed = draw.gamma(2, .5, (people, MONTHS, LINES)) * draw.gamma(1.5, 1, (1, 1, LINES))
    seed[draw.random(seed.shape) < .15] = 0
    person = round_to_total(people_table(people).sales * TOTAL / people_table(people).sales.sum(), TOTAL)
    line = round_to_total(draw.dirichlet(np.full(LINES, 3.)) * TOTAL, TOTAL)
    months = month_targets()
    begin = time.perf_counter()
    fitted, _ = fit_margins(seed, person, months, line)
    cells = round_margins(fitted, person, months, line)
    took = time.perf_counter() - begin
    off = max(np.abs(cells.sum((1, 2)) - person).max(), np.abs(cells.sum((0, 2)) - months).max(),
              np.abs(cells.sum((0, 1)) - line).max())
    return {"took": took, "off": float(off), "negative": int((cells < 0).sum()),
            "in_closed_cells": int((cells[seed == 0] > 0).sum()),
            "rms_from_fit": float(np.sqrt(((cells - fitted) ** 2).mean()))}


def ours_plan(people: int) -> dict[str, Any]:
    """Everything plan_goals does: roster, ramp, forecast, weights, months, products, long table, proof."""
    from salesgoals.decompose import plan_goals
    from salesgoals.tables import TABLES, as_table, empty_table

    table, draw = people_table(people), np.random.default_rng(2)
    dates = pd.date_range("2024-01-01", periods=24, freq="MS") + pd.Timedelta(days=9)
    who, when = (axis.ravel() for axis in np.meshgrid(np.arange(people), np.arange(24), indexing="ij"))
    # each month every person sells two of the lines, so that over two years most have sold them all
    who, when = np.tile(who, 2), np.tile(when, 2)
    lines = pd.array([f"L{n:02d}" for n in range(LINES)]).take(draw.integers(0, LINES, len(who)))
    orders = pd.DataFrame({
        "date": dates[when], "person_id": table.person_id.array.take(who), "product_line": lines,
        "amount": (table.sales.to_numpy()[who] / 24 * draw.lognormal(0, .4, len(who))).round(2)})
    tables = {name: empty_table(name) for name in TABLES}
    tables["orders"] = as_table("orders", orders)
    tables["people"] = as_table("people", table.assign(name=table.person_id))
    tables["membership"] = as_table("membership", table.assign(valid_from=pd.Timestamp("2020-01-01")))
    begin = time.perf_counter()
    plan = plan_goals(tables, TOTAL, "2026-01")
    took = time.perf_counter() - begin
    return {"took": took, "rows": len(plan.goals), "sums": len(plan.proof),
            "off": float(max(plan.proof.difference.abs().max(), abs(plan.goals.goal.sum() - TOTAL)))}


def peer_tree(people: int) -> dict[str, Any]:
    """The peer on the same tree: once for the year, then cascade_many for the twelve months."""
    import b2b_revenue_forecasting as peer

    table, months = people_table(people), month_targets()
    path = ["company", "department", "team", "person_id"]
    slate = [peer.MetricSpec("sales", direction="proportional", weight=1.0)]
    silence = io.StringIO()
    with contextlib.redirect_stdout(silence):
        begin = time.perf_counter()
        hierarchy = peer.SalesHierarchy()
        hierarchy.from_dataframe(table, path_cols=path, metrics_cols=["sales"])
        peer.QuotaCascader(hierarchy).cascade_quota("C", float(TOTAL), metrics=slate, verbose=False)
        once = time.perf_counter() - begin
        targets = pd.DataFrame({"company": "C", "month": range(MONTHS), "target": months.astype(float)})
        begin = time.perf_counter()
        found = peer.cascade_many(table, targets, group_keys=["company"], target_col="target",
                                  taxonomy=path, metrics=slate, verbose=False)
        took = time.perf_counter() - begin
    long = found[0]
    leaves = long[long.is_leaf].groupby("month").cascaded_quota.sum()
    return {"once": once, "months": took, "off": float(np.abs(leaves.to_numpy() - months).max())}


WORK = {work.__name__: work for work in (ours_tree, ours_products, ours_plan, peer_tree)}


def run_alone(name: str, people: int) -> dict[str, Any]:
    done = subprocess.run([sys.executable, __file__, "--work", name, "--people", str(people)], check=True,
                          capture_output=True, text=True, env={**os.environ, "PYTHONWARNINGS": "ignore"})
    return json.loads(done.stdout.splitlines()[-1])


def middle(results: list[dict[str, Any]], key: str) -> float:
    return statistics.median(result[key] for result in results)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", choices=list(WORK), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.work:
        result = WORK[chosen.work](chosen.people)
        print(json.dumps({**result, "peak_mb": peak_mb()}))
        return 0
    there = importlib.util.find_spec(PEER) is not None
    names = ["ours_tree", *(["peer_tree"] if there else [])]
    results: dict[str, list[dict[str, Any]]] = {name: [] for name in WORK}
    for turn in range(chosen.rounds):
        for name in names if turn % 2 == 0 else names[::-1]:
            results[name].append(run_alone(name, chosen.people))
    for name in ("ours_products", "ours_plan"):
        results[name] = [run_alone(name, chosen.people) for _ in range(min(chosen.rounds, 2))]
    report(results, chosen.people, there)
    parts = [result for name in WORK if name != "peer_tree" for result in results[name]]
    exact = all(result["off"] == 0 for result in parts)
    return 0 if exact else 1


def line(what: str, seconds: float, megabytes: float, off: str) -> str:
    return f"| {what} | {seconds:.2f} s | {megabytes:.0f} MB | {off} |"


def report(results: dict[str, list[dict[str, Any]]], people: int, there: bool) -> None:
    tree, cube, plan = (results[name] for name in ("ours_tree", "ours_products", "ours_plan"))
    print(f"{people:,} people, {MONTHS} months, total {TOTAL:,}; medians, each run in its own process\n")
    print("| what | time | peak memory | worst sum off by |")
    print("|---|---|---|---|")
    memory = middle(tree, "peak_mb")
    print(line("salesgoals: tree, once", middle(tree, "once"), memory, "0"))
    print(line(f"salesgoals: tree x {MONTHS} months", middle(tree, "months"), memory,
               f"{middle(tree, 'off'):g}"))
    print(line(f"salesgoals: people x {MONTHS} x {LINES} product lines", middle(cube, "took"),
               middle(cube, "peak_mb"), f"{middle(cube, 'off'):g}"))
    size = f"{plan[0]['rows']:,} goals, {plan[0]['sums']:,} sums proved"
    print(line(f"salesgoals: plan_goals with forecast, {size}", middle(plan, "took"),
               middle(plan, "peak_mb"), f"{middle(plan, 'off'):g}"))
    if not there:
        print("\nb2b-revenue-forecasting is not installed: no ratio. See the extra [bench] in pyproject.toml")
        return
    peer = results["peer_tree"]
    label = f"b2b-revenue-forecasting {version('b2b-revenue-forecasting')}"
    memory = middle(peer, "peak_mb")
    print(line(f"{label}: tree, once", middle(peer, "once"), memory, ""))
    print(line(f"{label}: tree x {MONTHS} months", middle(peer, "months"), memory,
               f"{middle(peer, 'off'):.2f}"))
    once, months = (middle(peer, key) / middle(tree, key) for key in ("once", "months"))
    print(f"\nSame tree, same run: the peer takes {once:.0f} times as long once, {months:.0f} times for"
          f" {MONTHS} months. Its leaves miss a month's target by up to {middle(peer, 'off'):.2f}; ours by"
          f" {middle(tree, 'off'):g}.")


if __name__ == "__main__":
    sys.exit(main())
