"""What a proposal tells its readers: who takes on what, chances before and after, the proof of every sum."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesgoals.adjusting.base import Base
from salesgoals.adjusting.case import Asked, Case
from salesgoals.adjusting.prospect import chances
from salesgoals.allocation.allocate import Array
from salesgoals.allocation.proof import PROOF_COLUMNS, prove
from salesgoals.problems import Problem
from salesgoals.words import say

ABSORB_COLUMNS = ["person_id", "person", "department", "team", "past", "before", "after", "change",
                  "share", "so_far", "chance_before", "chance_after"]


def compare_chances(case: Case, asked: Asked, before: pd.DataFrame, after: pd.DataFrame,
                    cells: Array) -> pd.DataFrame:
    """Chances before and after, side by side; a team keeps the people it has after the event."""
    keys = ["by", "unit", "name"]
    old = chances(case.base, case.prospect, case.people, before, case.base.cells)
    new = chances(case.base, asked.prospect, asked.people, after, cells)
    both = old.merge(new, on=["by", "unit"], how="outer", suffixes=("_before", "_after"))
    both["name"] = both.name_after.fillna(both.name_before)
    both["so_far"] = both.so_far_after.fillna(both.so_far_before)
    figures = ("goal", "open", "expected", "chance", "rest_expected", "rest_chance")
    pairs = [f"{name}_{side}" for name in figures for side in ("before", "after")]
    order = both.by.map({"all": 0, "team": 1, "person": 2})
    both = both.assign(order=order).sort_values(["order", "unit"], kind="stable")
    return both[[*keys, "so_far", *pairs]].reset_index(drop=True)


def list_absorbers(base: Base, asked: Asked, cells: Array, told: pd.DataFrame) -> pd.DataFrame:
    """List everybody whose goal changes: who takes on most first."""
    own = np.zeros(len(asked.people), "int64")
    own[:len(base.cells)] = base.cells.sum((1, 2))
    past = base.past.reindex(asked.people.person_id).fillna(0).to_numpy()
    people = told[told.by == "person"].set_index("unit").reindex(asked.people.person_id)
    table = asked.people.assign(
        past=base.money(past), before=base.money(past + own), after=base.money(past + cells.sum((1, 2))),
        so_far=people.so_far.to_numpy(), chance_before=people.chance_before.to_numpy(),
        chance_after=people.chance_after.to_numpy())
    table["change"] = table.after - table.before
    taken = table.change.where(table.change > 0)
    table["share"] = taken / taken.sum()
    changed = table[table.change != 0].sort_values("change", ascending=False, kind="stable")
    return changed[ABSORB_COLUMNS].reset_index(drop=True)


def prove_change(base: Base, asked: Asked, cells: Array, after: pd.DataFrame) -> pd.DataFrame:
    """Recompute every sum from the rows of the new goals and hold it against what was decided."""
    goals = after.assign(goal=np.rint(after.goal.to_numpy(float) / base.unit).astype("int64"),
                         month=after.period_start, product_line=after.product_line.fillna(""),
                         department=after.department.fillna(say("decompose.company")),
                         team=after.team.fillna(say("decompose.company")))
    past = base.past.reindex(asked.people.person_id).fillna(0).to_numpy("int64")
    decided = pd.Series(past + cells.sum((1, 2)), index=asked.people.person_id.astype(object))
    whole = pd.Series({say("decompose.company"): int(decided.sum())})
    proof = prove(goals, {"company": whole, "company_months": whole, "company_product_lines": whole,
                          "person": decided})
    over = base.rows.period_end < base.day
    kept = after[after.period_end < base.day].groupby("person_id").goal.sum() / base.unit
    earlier = base.rows[over].groupby("person_id").units.sum()
    rows = pd.DataFrame({
        "level": "past", "node": earlier.index, "parent": "", "goal": earlier.to_numpy("int64"),
        "sum_of_children": np.rint(kept.reindex(earlier.index).fillna(0)).astype("int64")})
    rows["difference"] = rows.sum_of_children - rows.goal
    return pd.concat([proof, rows[PROOF_COLUMNS]], ignore_index=True).astype(proof.dtypes.to_dict())


def note_windows(base: Base, goals: pd.DataFrame, running: str) -> list[Problem]:
    """Say what happens to windows that have begun, and which goals are left alone."""
    notes = []
    begun = base.rows[(base.rows.period_start < base.day) & (base.rows.period_end >= base.day)]
    if len(begun):
        share = float(begun.past.sum() / begun.units.sum()) if begun.units.sum() else 0.
        first, last = begun.period_start.min(), begun.period_end.max()
        notes.append(Problem(f"adjust.running_{running}", level="note", share=share,
                             start=f"{first:%Y-%m-%d}", end=f"{last:%Y-%m-%d}"))
    teams = int((goals.person_id.isna() | (goals.person_id == "")).sum())
    if teams:
        notes.append(Problem("adjust.team_goals", level="doubt", n=teams))
    return notes
