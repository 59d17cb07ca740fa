"""The tables of a goal report: who carries what, teams, months, product lines, the proof of the sums."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from salesgoals.goal import chance
from salesgoals.readers import Report
from salesgoals.show.charts_base import GROWN, name_people
from salesgoals.show.charts_people import compare_products
from salesgoals.show.charts_rows import say_growth
from salesgoals.show.facts import Facts
from salesgoals.show.html import Column, Part, escape, write_table
from salesgoals.show.numbers import (
    NOTHING,
    format_chance,
    format_exact,
    format_month,
    format_share,
)
from salesgoals.words import all_words, say

MOST_PEOPLE = 60     # a table beyond it shows the largest goals and one row for the rest
SHOWN_PEOPLE = 40
MOST_COLUMNS = 8
#: levels that a reader does not see, by the reader
ABOVE: dict[str, tuple[str, ...]] = {
    "all": (), "team": ("company", "department"), "person": ("company", "department", "team")}
SHORT_NAME = 12      # letters that are better kept on one line
NEARLY_NOTHING = 0.5  # of a currency unit


def people_table(report: Report, facts: Facts) -> Part:
    """Show who carries what: goal, last 12 months, growth, chance and stage, largest goal first.

    The last row holds the sums; sales of people who are no longer there stand in a row of their own, so
    that the sums are those of the first screen.
    """
    people = report.plan.people.assign(label=lambda table: name_people(table))
    people = people.sort_values(["goal", "person_id"], ascending=[False, True], ignore_index=True)
    shown = people if len(people) <= MOST_PEOPLE else people.head(SHOWN_PEOPLE)
    rest = people.iloc[len(shown):]
    gone = facts.last_12 - float(people.last_12.fillna(0).sum())
    new = people.person_id.map(report.forecast.people.months_seen).fillna(0) < 12
    people["growth"] = people.growth.where(~new)  # part of a year is nothing to compare a year with
    lines = [(row.label, _text(row.team), row.goal, row.last_12, row.growth, row.chance, row.ramp)
             for row in people.head(len(shown)).itertuples(index=False)]
    if len(rest):
        before = float(rest.last_12.fillna(0).sum())
        goal = float(rest.goal.sum())
        lines.append((say("report.other_people", n=len(rest)), "", goal, before,
                      goal / before - 1 if before > 0 else float("nan"), float("nan"), float("nan")))
    if abs(gone) > NEARLY_NOTHING:
        lines.append((say("report.people_gone"), "", float("nan"), gone, float("nan"), float("nan"),
                      float("nan")))
    table = pd.DataFrame(lines, columns=["name", "team", "goal", "last_12", "growth", "chance", "ramp"])
    largest, compared = float(table.goal.iloc[:len(shown)].max()), facts.baseline > 0
    columns = [Column(say("report.person"), table.name.tolist(), number=False)]
    total = [say("report.sum")]
    if report.by == "all" and people.team.nunique() > 1:
        short = max(map(len, table.team)) <= SHORT_NAME
        columns.append(Column(say("report.team"), table.team.tolist(), number=False, one_line=short))
        total.append("")
    columns += [
        Column(say("report.goal"), [format_exact(value) for value in table.goal], tint="goal",
               bars=[value / largest if line < len(shown) and largest > 0 else 0.0
                     for line, value in enumerate(table.goal)]),
        Column(say("report.last_12"), [format_exact(round(value)) if value == value else NOTHING
                                       for value in table.last_12]),
        Column(say("report.growth"), [NOTHING if goal != goal or not compared else say_growth(value)
                                      for goal, value in zip(table.goal, table.growth, strict=True)]),
        Column(say("report.chance"), [format_chance(value) for value in table.chance], tint="chance",
               bars=table.chance.fillna(0).tolist())]
    total += [format_exact(facts.goal), format_exact(round(facts.last_12)),
              say_growth(facts.goal / facts.last_12 - 1) if compared else NOTHING,
              format_chance(facts.chance)]
    note = say("report.people_note", unit=format_exact(report.unit, report.currency))
    if (people.ramp < GROWN).any():
        columns.append(Column(say("report.ramp"), [
            format_share(value) if value < GROWN else "" for value in table.ramp]))
        total.append("")
        note += say("report.ramp_note")
    return Part(write_table(columns, total) + f'<p class="quiet">{escape(note)}</p>')


def teams_table(report: Report, facts: Facts) -> Part:
    """Show each team's goal, last 12 months, growth and chance; empty where there is only one team.

    As in :func:`people_table`, sales of people who are no longer there have a row of their own.
    """
    people = report.plan.people
    teams = people.groupby(["department", "team"], dropna=False, sort=False)
    if len(teams) < 2:
        return Part("")
    nothing = float("nan")
    rows: list[tuple[str, str, float, float, float, float, float]] = []
    for (department, team), group in teams:
        goal, before = float(group.goal.sum()), float(group.last_12.fillna(0).sum())
        own = report.forecast.people[report.forecast.people.index.isin(group.person_id)]
        part = replace(report.forecast, people=own)  # all that a chance is made of
        rows.append((_text(team), _text(department), len(group), goal, before,
                     goal / before - 1 if before > 0 else nothing,
                     chance(part, goal) if goal > 0 and len(own) else nothing))
    rows.sort(key=lambda row: -row[3])
    gone = facts.last_12 - float(people.last_12.fillna(0).sum())
    if abs(gone) > NEARLY_NOTHING:
        rows.append((say("report.people_gone"), "", nothing, nothing, gone, nothing, nothing))
    heads = ["team", "department", "people", "goal", "last_12", "growth", "chance"]
    table = pd.DataFrame(rows, columns=heads)
    largest = float(table.goal.max())
    grew = [say_growth(value) if goal == goal and facts.baseline > 0 else NOTHING
            for goal, value in zip(table.goal, table.growth, strict=True)]
    return Part(write_table([
        Column(say("report.team"), table.team.tolist(), number=False),
        Column(say("report.department"), table.department.tolist(), number=False),
        Column(say("report.people"), [format_exact(value) for value in table.people]),
        Column(say("report.goal"), [format_exact(value) for value in table.goal], tint="goal",
               bars=[value / largest if largest > 0 else 0.0 for value in table.goal]),
        Column(say("report.last_12"), [format_exact(round(value)) for value in table.last_12]),
        Column(say("report.growth"), grew),
        Column(say("report.chance"), [format_chance(value) for value in table.chance], tint="chance",
               bars=table.chance.tolist())],
        [say("report.sum"), "", format_exact(len(people)), format_exact(facts.goal),
         format_exact(round(facts.last_12)), say_growth(facts.growth) if facts.baseline > 0 else NOTHING,
         format_chance(facts.chance)]))


def months_table(report: Report) -> Part:
    """Show the goals by month: of each team, of each person of a team, or else of the product lines."""
    goals = report.plan.goals
    if report.by == "person" or (report.by == "all" and report.plan.people.team.nunique() < 2):
        heads = goals.product_line
    elif report.by == "team":
        people = report.plan.people
        heads = goals.person_id.map(pd.Series(name_people(people).tolist(), index=people.person_id))
    else:
        heads = goals.team
        several = goals.groupby(heads).department.nunique().gt(1)
        heads = heads.where(~heads.map(several).astype(bool), goals.department + " " + heads)
    table = goals.pivot_table(index="month", columns=heads.rename("head"), values="goal", aggfunc="sum")
    table = table[table.sum().sort_values(ascending=False, kind="stable").index]
    if table.shape[1] > MOST_COLUMNS:
        kept = table.iloc[:, :MOST_COLUMNS - 1]
        rest = table.iloc[:, MOST_COLUMNS - 1:]
        table = kept.assign(**{say("report.others", n=rest.shape[1]): rest.sum(axis=1)})
    columns = [Column(say("report.month"), [format_month(month) for month in table.index], number=False,
                      one_line=True)]
    columns += [Column(str(name), [format_exact(value) for value in table[name]]) for name in table.columns]
    columns.append(Column(say("report.sum"), [format_exact(value) for value in table.sum(axis=1)]))
    total = [say("report.sum"), *(format_exact(value) for value in table.sum()),
             format_exact(float(table.sum().sum()))]
    return Part(write_table(columns, total, css="wide", small=table.shape[1] > MOST_COLUMNS - 2))


def products_table(report: Report) -> Part:
    """Show each product line's goal beside its last 12 months."""
    table = compare_products(report.plan.goals, report.history)
    goal, before = float(table.goal.sum()), float(table.last_12.sum())
    known = table.growth.notna().any() and before > 0
    return Part(write_table([
        Column(say("report.product_line"), table.product_line.tolist(), number=False),
        Column(say("report.goal"), [format_exact(value) for value in table.goal]),
        Column(say("report.share"), [format_share(value / goal if goal else float("nan"))
                                     for value in table.goal]),
        Column(say("report.last_12"), [format_exact(round(value)) for value in table.last_12]),
        Column(say("report.growth"), [say_growth(value) if known else NOTHING for value in table.growth])],
        [say("report.sum"), format_exact(goal), format_share(1.0) if goal else NOTHING,
         format_exact(round(before)), say_growth(goal / before - 1) if known else NOTHING]))


def proof_table(report: Report) -> Part:
    """Prove the sums: at every level, how many parents were checked and the largest difference found."""
    proof = report.plan.proof
    for level in ABOVE[report.by]:
        proof = proof[~proof.level.str.startswith(level)]
    table = proof.assign(size=proof.difference.abs()).groupby("level", sort=False).agg(
        nodes=("node", "size"), goal=("goal", "sum"), largest=("size", "max")).reset_index()
    names = [_level(name) for name in table.level]
    return Part(write_table([
        Column(say("report.level"), names, number=False),
        Column(say("report.nodes"), [format_exact(value) for value in table.nodes]),
        Column(say("report.goal"), [format_exact(value) for value in table.goal]),
        Column(say("report.difference"), [format_exact(value) for value in table.largest])]))


def _level(name: str) -> str:
    key = f"report.level_{name}"
    return say(key) if key in all_words() else name


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)
