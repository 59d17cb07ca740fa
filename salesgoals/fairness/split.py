"""Is the split of a plan fair? Asked of size, tenure, departments, teams and single people."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from salesgoals.fairness.chance_tests import Shuffler, gini, holm, p_of_slope
from salesgoals.fairness.yardsticks import Loads

ALPHA = .05
MATTERS = .10          # goals of a group heavier or lighter by less are nothing to quarrel about
MATTERS_ALONE = .30    # for one person the forecast is too unsure for less
FEW_IN_A_GROUP = 3
FEW_NEWCOMERS = 2
FEW_FOR_SIZE = 8
FEW_AT_ALL = 5
NEAR = (.10, .20)
QUESTIONS = ("size", "newcomers", "departments", "teams", "people", "one_order")
GROUP_COLUMNS = ["question", "node", "people", "goal", "chance", "chance_of_others", "load", "load_low",
                 "load_high", "p", "verdict"]


def judge_groups(loads: Loads, newcomer: NDArray[np.bool_]) -> pd.DataFrame:
    """Ask whether large and small, newcomers, departments and teams carry the same for their means.

    Parameters
    ----------
    loads : Loads
        From :func:`salesgoals.fairness.yardsticks.weigh_goals`; people with department, team, chance.
    newcomer : array of bool
        Who is still growing into the work.

    Returns
    -------
    DataFrame
        One row a group that was judged: question, node (``department`` or ``department/team``, else empty),
        people, goal, chance and chance_of_others (means of the group and of all others), load (heavier
        than the others' by the middle yardstick), load_low, load_high (by the lightest and heaviest), p
        (of the mean of all yardsticks, after Holm), verdict: fair, unfair, too_few.
    """
    people = loads.people
    test = Shuffler(loads.logs.mean(axis=1).to_numpy(float))
    rows = [_size(loads, newcomer)]
    rows.append(_group(loads, test, "newcomers", "", newcomer, FEW_NEWCOMERS))
    departments = people.department.fillna("").astype(str)
    teams = departments + "/" + people.team.fillna("").astype(str)
    for question, names in (("departments", departments), ("teams", teams)):
        codes, found = pd.factorize(names, sort=True)
        if len(found) < 2 or (question == "teams" and len(found) == people.department.nunique()):
            continue    # one group, or teams that are the departments once more
        counts = np.bincount(codes)
        if not ((counts >= FEW_IN_A_GROUP) & (len(people) - counts >= FEW_IN_A_GROUP)).any():
            rows.append(_row(question, "", len(people), verdict="too_few"))
            continue
        for code, name in enumerate(found):
            if counts[code] >= FEW_IN_A_GROUP and len(people) - counts[code] >= FEW_IN_A_GROUP:
                rows.append(_group(loads, test, question, str(name), codes == code, FEW_IN_A_GROUP))
    table = pd.DataFrame(rows, columns=GROUP_COLUMNS)
    asked = table.p.notna().to_numpy()
    table.loc[asked, "p"] = holm(table.p[asked].to_numpy(float))
    heavy = np.minimum(table.load_low.abs(), table.load_high.abs())
    agreed = np.sign(table.load_low) == np.sign(table.load_high)
    table.loc[asked, "verdict"] = np.where(
        (table.p < ALPHA) & agreed & (heavy >= MATTERS), "unfair", "fair")[asked]
    return table


def _row(question: str, node: str, people: int, **values: Any) -> dict[str, Any]:
    blank: dict[str, Any] = dict.fromkeys(GROUP_COLUMNS, float("nan"))
    return {**blank, "question": question, "node": node, "people": people, "verdict": "fair", **values}


def _group(loads: Loads, test: Shuffler, question: str, node: str,
           inside: NDArray[np.bool_], least: int) -> dict[str, Any]:
    size, goal = int(inside.sum()), float(loads.people.goal[inside].sum())
    if size < least or int((~inside).sum()) < FEW_IN_A_GROUP:
        return _row(question, node, size, goal=goal, verdict="too_few")
    logs = loads.logs.to_numpy()
    apart = logs[inside].mean(0) - logs[~inside].mean(0)
    chance = loads.people.chance
    return _row(question, node, size, goal=goal, chance=float(chance[inside].mean()),
                chance_of_others=float(chance[~inside].mean()), load=float(np.expm1(np.median(apart))),
                load_low=float(np.expm1(apart.min())), load_high=float(np.expm1(apart.max())),
                p=test.p_value(inside))


def _size(loads: Loads, newcomer: NDArray[np.bool_]) -> dict[str, Any]:
    """Compare the third of the settled people who are expected to sell most with the third at the bottom."""
    settled = np.flatnonzero(~newcomer)
    if len(settled) < FEW_FOR_SIZE:
        return _row("size", "", len(settled), verdict="too_few")
    sizes, logs = loads.sizes.to_numpy()[settled], loads.logs.to_numpy()[settled]
    middle = sizes + logs / 2
    order = np.argsort(middle.mean(1), kind="stable")
    third = len(settled) // 3
    small, large = order[:third], order[-third:]
    apart = np.median(logs[large], axis=0) - np.median(logs[small], axis=0)  # not moved by a single goal
    chance = loads.people.chance.to_numpy(float)[settled]
    return _row("size", "", third, goal=float(loads.people.goal.iloc[settled[large]].sum()),
                chance=float(chance[large].mean()), chance_of_others=float(chance[small].mean()),
                load=float(np.expm1(np.median(apart))), load_low=float(np.expm1(apart.min())),
                load_high=float(np.expm1(apart.max())),
                p=p_of_slope(logs.mean(1), middle.mean(1)))


def judge_people(loads: Loads) -> pd.DataFrame:
    """Find single goals that are out of line by every yardstick, beyond what luck of one year explains.

    Returns
    -------
    DataFrame
        The people with load (of the middle yardstick), load_low, load_high, fair_goal (the goal with the
        same chance for all), p (after Holm) and out_of_line: heavy, light or empty.
    """
    low, high = loads.logs.min(axis=1).to_numpy(float), loads.logs.max(axis=1).to_numpy(float)
    same = np.sign(low) == np.sign(high)
    least = np.where(same, np.minimum(np.abs(low), np.abs(high)), 0.)
    p = np.minimum(2 * ndtr(-least / np.maximum(loads.spread, 1e-9)), 1.)
    p = holm(p) if len(p) else p
    out = (p < ALPHA) & (least >= np.log1p(MATTERS_ALONE))
    return loads.people.assign(
        fair_goal=np.exp(loads.sizes["forecast"].to_numpy(float)),
        load=np.expm1(loads.logs.median(axis=1).to_numpy(float)), load_low=np.expm1(low),
        load_high=np.expm1(high), p=p, out_of_line=np.where(out, np.where(low > 0, "heavy", "light"), ""))


def measure_spread(loads: Loads) -> pd.DataFrame:
    """Measure how differently goals lie beside what may be expected, by each yardstick.

    Returns
    -------
    DataFrame
        Columns yardstick, cv and gini (of goal / expected), within_10, within_20 (share of people whose goal
        lies so near to the expected share).
    """
    rows = []
    for name in loads.logs:
        ratio = np.exp(loads.logs[name].to_numpy(float))
        near = [float((np.abs(ratio - 1) <= limit).mean()) if len(ratio) else np.nan for limit in NEAR]
        rows.append((name, ratio.std() / ratio.mean() if len(ratio) else np.nan,
                     gini(ratio) if len(ratio) else np.nan, *near))
    return pd.DataFrame(rows, columns=["yardstick", "cv", "gini", "within_10", "within_20"])
