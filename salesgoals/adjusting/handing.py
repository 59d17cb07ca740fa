"""Events in which a goal passes from one person to another: joining, leaving, moving, customers moving."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesgoals.adjusting.base import VACANT
from salesgoals.adjusting.case import NOBODY, TEAM, VACANCY, Asked, Case, together, unchanged
from salesgoals.adjusting.events import Join, Leave, MoveCustomers, MovePerson
from salesgoals.adjusting.market import customers_share, refuse_strange
from salesgoals.adjusting.prospect import Prospect
from salesgoals.allocation.allocate import Array
from salesgoals.forecasting.ramp import ramp_share
from salesgoals.problems import Problem
from salesgoals.words import say


def ask_leave(case: Case, event: Leave) -> Asked:
    """Hand a leaver's open goal to colleagues, to a vacancy, or to nobody."""
    asked = unchanged(case)
    at, _ = together(lambda: case.place(event.person),
                     lambda: case.check_named(event.to, TEAM, VACANCY, NOBODY))
    given = asked.wished[at].copy()
    leaver = case.people.person_id[at]
    asked.gone.append(leaver)
    expected = case.prospect.people.copy()
    rest, rest_sd = expected.loc[leaver, ["rest", "rest_sd"]].fillna(0.)
    expected.loc[leaver, ["to_come", "sd"]] = _without(expected.loc[leaver], 1.)
    expected.loc[leaver, ["rest", "rest_sd"]] = 0.
    asked.wished[at] = 0
    open_units = int(case.base.cells[at].sum())
    if event.to == VACANCY:
        person = f"{VACANT}{leaver}"
        name = say("adjust.vacancy", name=case.people.person[at])
        asked.people = pd.concat([asked.people, case.people.loc[[at]].assign(person_id=person, person=name)],
                                 ignore_index=True)
        asked.wished = np.concatenate([asked.wished, given[None]])
        expected.loc[person] = 0.
        asked.groups = [([at, len(asked.people) - 1], open_units)]
    elif event.to == NOBODY:
        asked.groups = [([at], 0)]
    else:
        takers = case.places(event.to, at, [at])
        if not takers:
            asked.problems.append(Problem("adjust.no_takers", node=case.people.person[at]))
            return asked
        share = case.capacity(takers)
        asked.wished[takers] += share[:, None, None] * given
        ids = case.people.person_id[takers]
        for name, spread in (("to_come", "sd"), ("rest", "rest_sd")):
            expected.loc[ids, name] = expected.loc[ids, name].fillna(0.) + share * rest * event.keep
            expected.loc[ids, spread] = np.hypot(expected.loc[ids, spread].fillna(0.),
                                                 share * rest_sd * event.keep)
        asked.groups = [([at, *takers], open_units + int(case.base.cells[takers].sum()))]
    asked.prospect = case.prospect.with_people(expected)
    return asked


def _without(row: pd.Series, share: float) -> list[float]:
    """What is left of to_come and sd when a share of the rest is taken away."""
    left = row.to_come - share * row["rest"]
    return [left, row.sd * left / row.to_come if row.to_come > 0 else 0.]


def ask_join(case: Case, event: Join) -> Asked:
    """Give a newcomer a typical goal times the growth curve, and relieve others by it."""
    asked, base = unchanged(case), case.base
    (department, team), _ = together(lambda: case.team(event.team),
                                     lambda: case.check_named(event.relieves, TEAM, NOBODY))
    person = str(event.person).strip()
    here = case.people.index[case.people.person_id == person]
    if len(here) and base.cells[here[0]].any():
        asked.problems.append(Problem("adjust.has_goal", node=case.people.person[here[0]]))
        return asked
    listed = case.tables["people"].set_index("person_id")["name"]
    name = event.name or (listed[person] if person in listed.index else person)
    row = pd.DataFrame({"person_id": [person], "person": [name], "department": [department], "team": [team]})
    if len(here):
        at = int(here[0])
        asked.people.loc[at, ["department", "team"]] = [department, team]
    else:
        at = len(asked.people)
        asked.people = pd.concat([asked.people, row], ignore_index=True)
        asked.wished = np.concatenate([asked.wished, np.zeros((1, *asked.wished.shape[1:]))])
    mates = [i for i in case.people.index[(case.people.department == department) & (case.people.team == team)]
             if base.cells[i].any() and not case.is_vacant(i)]
    grown = _growth(case, pd.Timestamp(event.day))
    pattern = asked.wished[mates].sum(0)
    vacant = [i for i in case.people.index if case.is_vacant(i)
              and event.relieves in (case.people.person_id[i], case.people.person[i])]
    if event.relieves == NOBODY:
        goal, givers = pattern * grown[:, None] / max(len(mates), 1), []
    elif vacant:
        givers = vacant
        goal = asked.wished[givers].sum(0) * grown[:, None]
    else:
        givers = case.places(event.relieves, mates[0] if mates else None, [at])
        goal = pattern * (grown / (len(mates) + grown))[:, None]
    held = asked.wished[givers].sum(0) if givers else np.zeros_like(pattern)
    goal = goal if event.relieves == NOBODY else np.minimum(goal, held)
    if not goal.any():
        asked.problems.append(Problem("adjust.nothing_to_give", node=event.team, found=event.relieves))
        return asked
    if givers:
        asked.wished[givers] *= 1 - np.divide(goal, held, out=np.zeros_like(goal), where=held > 0)
    asked.wished[at] = goal
    total = int(base.cells[givers].sum()) if givers else round(float(goal.sum()))
    asked.groups = [([at, *givers], total)]
    asked.prospect = _with_newcomer(case, person, mates, float((pattern * grown[:, None]).sum()
                                                               / max(pattern.sum(), 1e-9)))
    asked.notes.append(Problem("adjust.join_ramp", level="note", node=name, first=float(grown[0]),
                               last=float(grown[-1])))
    return asked


def _growth(case: Case, joined: pd.Timestamp) -> Array:
    """Share of full sales to expect of a newcomer in each window: average of its months from the day on."""
    shares = []
    for window in case.base.windows.itertuples(index=False):
        first = max(window.period_start, case.base.day).replace(day=1)
        months = pd.date_range(first, window.period_end, freq="MS")
        tenure = (months.year - joined.year) * 12 + months.month - joined.month + 1
        shares.append(float(ramp_share(np.asarray(tenure, float), case.prospect.ramp).mean()))
    return np.array(shares)


def _with_newcomer(case: Case, person: str, mates: list[int], grown: float) -> Prospect:
    """A newcomer is expected to sell what the colleagues in the middle do, times the growth curve."""
    expected = case.prospect.people.copy()
    colleagues = expected.iloc[mates]
    mean = float(colleagues["rest"].median()) * grown if len(mates) else np.nan
    doubt = (colleagues.rest_sd / colleagues["rest"].where(colleagues["rest"] > 0)).median()
    spread = mean * float(np.hypot(0. if doubt != doubt else doubt, case.prospect.ramp.error))
    before = expected.loc[person] if person in expected.index else pd.Series({"so_far": 0., "since": 0.})
    expected.loc[person, ["so_far", "to_come", "sd", "since", "rest", "rest_sd"]] = [
        before.so_far, mean, spread, before.since, mean, spread]
    return case.prospect.with_people(expected)


def ask_move(case: Case, event: MovePerson) -> Asked:
    """Let a person change the team, with the goal or without it."""
    asked = unchanged(case)
    at, (department, team) = together(lambda: case.place(event.person), lambda: case.team(event.team))
    if (case.people.department[at], case.people.team[at]) == (department, team):
        asked.problems.append(Problem("adjust.already_there", node=case.people.person[at], team=team))
        return asked
    old = case.places(TEAM, at, [at])
    new = [i for i in case.people.index[(case.people.department == department) & (case.people.team == team)]
           if not case.is_vacant(i)]
    asked.people.loc[at, ["department", "team"]] = [department, team]
    if event.with_goal:
        return asked
    later = (case.base.windows.period_start >= case.base.day).to_numpy()
    if not old:
        asked.problems.append(Problem("adjust.no_takers", node=case.people.person[at]))
        return asked
    given = np.where(later[:, None], asked.wished[at], 0)
    taken = np.where(later[:, None], asked.wished[new].sum(0), 0) / (len(new) + 1)
    share = case.capacity(old)
    asked.wished[old] += share[:, None, None] * given
    asked.wished[new] *= np.where(later, len(new) / (len(new) + 1), 1.)[:, None]
    asked.wished[at] += taken - given
    asked.groups = [(old, int(case.base.cells[old].sum() + given.sum())),
                    ([at, *new], int(case.base.cells[[at, *new]].sum() - given.sum()))]
    return asked


def ask_customers(case: Case, event: MoveCustomers) -> Asked:
    """Let a goal follow customers from one person to another."""
    asked = unchanged(case)
    giver, taker, _ = together(lambda: case.place(event.giver), lambda: case.place(event.taker),
                               lambda: refuse_strange(case.tables, event.accounts))
    ids = case.people.person_id
    if giver == taker:
        asked.problems.append(Problem("adjust.same_person", node=case.people.person[giver]))
        return asked
    whole, by_line, problems = customers_share(case.tables, ids[giver], event.accounts, case.base.lines)
    asked.problems += problems
    if problems:
        return asked
    moved = asked.wished[giver] * by_line
    asked.wished[giver] -= moved
    asked.wished[taker] += moved
    asked.groups = [([giver, taker], int(case.base.cells[[giver, taker]].sum()))]
    expected = case.prospect.people.copy()
    mean, spread = expected.loc[ids[giver], ["rest", "rest_sd"]] * whole
    for name, sd in (("to_come", "sd"), ("rest", "rest_sd")):
        before = expected.loc[ids[giver], name]
        left = before - mean
        expected.loc[ids[giver], sd] *= left / before if before > 0 else 0.
        expected.loc[ids[giver], name] = left
        expected.loc[ids[taker], name] = np.nansum([expected.loc[ids[taker], name], mean])
        expected.loc[ids[taker], sd] = np.hypot(np.nan_to_num(expected.loc[ids[taker], sd]), spread)
    asked.prospect = case.prospect.with_people(expected)
    asked.notes.append(Problem("adjust.customers_share", level="note", node=case.people.person[giver],
                               share=whole))
    return asked
