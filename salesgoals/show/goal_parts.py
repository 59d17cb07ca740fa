"""Sections of the goal step in a report: three levels, further metrics, milestones of newcomers."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesgoals.decompose import Plan
from salesgoals.metrics import MetricPlan
from salesgoals.problems import Problem, kept_problems
from salesgoals.readers import Report
from salesgoals.show.charts_base import name_people
from salesgoals.show.charts_levels import NAMES, chart_levels
from salesgoals.show.charts_metrics import chart_metrics
from salesgoals.show.html import Column, Part, escape, write_list, write_table
from salesgoals.show.numbers import NOTHING, format_chance, format_exact, format_money, format_month
from salesgoals.show.smart_parts import name_metric
from salesgoals.words import language, say


def levels_section(report: Report) -> list[Any]:
    """Show base, target and stretch: of the company and its teams, of a team's people, or of one person."""
    people = report.study("levels_people")
    if people.empty or people.base.notna().sum() == 0:
        return [say("levels.unknown")] if report.by == "all" else []
    if report.by == "person":
        return [levels_table(people)]
    unknown = int(people.base.isna().sum())
    note = say("levels.unknown_people", n=unknown) if unknown else None
    chart = chart_levels(people, report.currency)
    if report.by == "team":
        return [chart, levels_table(people), note]
    sums = report.study("levels_sums")
    table = people if (sums.level == "team").sum() < 2 else sums
    return [unit_words(report.study("levels_unit"), sums, report.currency), chart, levels_table(table), note]


def unit_words(unit: pd.DataFrame, sums: pd.DataFrame, currency: str) -> Part:
    """Say what the whole unit's base and stretch are, and that a sum of bases is safer than each base."""
    table = unit.set_index("name")
    told = say("levels.unit", base=format_money(table.total["base"], currency),
               base_chance=format_chance(table.chance["base"]),
               goal=format_money(table.total["goal"], currency),
               goal_chance=format_chance(table.chance["goal"]),
               stretch=format_money(table.total["stretch"], currency),
               stretch_chance=format_chance(table.chance["stretch"]))
    if table.chance["goal"] < table.chance["stretch"]:
        told += say("levels.unit_above")
    whole = sums[sums.level == "company"].iloc[0] if len(sums) else None
    if whole is not None and whole.base_chance == whole.base_chance:
        told += say("levels.sums", base=format_chance(whole.base_chance),
                    stretch=format_chance(whole.stretch_chance))
    return Part(f"<p>{escape(told)}</p>")


def levels_table(levels: pd.DataFrame) -> Part:
    """Show base, target and stretch with their chances, one row a person or a team."""
    if "person_id" not in levels:  # the only department is the company once more
        alone = levels.groupby("level")["level"].transform("size") == 1
        levels = levels[~alone | (levels.level == "company")]
    if "person_id" in levels:
        names = name_people(levels).tolist()
    else:
        places = [f"{row.department} {row.team}".strip() for row in levels.itertuples()]
        names = [place or say("decompose.company") for place in places]
    columns = [Column(say("levels.who"), names, number=False)]
    for name in NAMES:
        likely = levels[f"{name}_chance"]
        columns.append(Column(say(f"levels.name_{name}"), [_exact(value) for value in levels[name]]))
        columns.append(Column(say("report.chance"), [format_chance(value) for value in likely],
                              tint="chance", bars=likely.fillna(0).tolist()))
    columns.append(Column(say("levels.place"), [say(f"levels.place_{place}") for place in levels.place],
                          number=False))
    return Part(write_table(columns, small=len(levels) > 12))


def _exact(value: Any) -> str:
    return NOTHING if pd.isna(value) else format_exact(float(value))


def metrics_section(report: Report) -> list[Any]:
    """Show goals beside the amount: of the whole company with charts, of a team's or one person's rows."""
    own = report.study("metrics_people")
    if report.by != "all":
        own = own[own.origin == "wished"] if len(own) else own
        return [own_metrics(own) if report.by == "person" else team_metrics(own)] if len(own) else []
    totals = report.study("metrics_totals")
    missing = missing_metrics(report.study("metrics_known"))
    if totals.empty:
        return [say("metrics.none"), missing]
    kind = "wished" if (totals.origin == "wished").all() else (
        "derived" if (totals.origin == "derived").all() else "mixed")
    notes = [say_note(problem) for text in report.study("metrics_notes").get("problem", [])
             for problem in kept_problems(text)]
    chart = chart_metrics(report.study("metrics_months"), totals, report.currency)
    proof = report.study("metrics_proof")
    proven = say("metrics.proven", nodes=len(proof), off=int((proof.difference != 0).sum()))
    return [say(f"metrics.opening_{kind}"), chart, totals_table(totals), proven, Part(write_list(notes)),
            missing]


def totals_table(totals: pd.DataFrame) -> Part:
    """Show each metric: last 12 months, goal, change, what to expect, chance."""
    return Part(write_table([
        Column(say("metrics.metric"), [name_metric(metric) for metric in totals.metric], number=False),
        Column(say("metrics.means"), [say(f"metrics.means_{name}") for name in totals.metric], number=False),
        Column(say("report.last_12"), [format_exact(round(value)) for value in totals.last_12]),
        Column(say("metrics.expected"), [format_exact(round(value)) if value == value else NOTHING
                                         for value in totals.expected]),
        Column(say("report.goal"), [format_exact(value) for value in totals.goal]),
        Column(say("report.chance"), [format_chance(value) for value in totals.chance], tint="chance",
               bars=totals.chance.fillna(0).tolist()),
        Column(say("metrics.origin"), [say(f"metrics.origin_{origin}") for origin in totals.origin],
               number=False)]))


def own_metrics(own: pd.DataFrame) -> Part:
    """Show the further goals of one person."""
    return Part(write_table([
        Column(say("metrics.metric"), [name_metric(metric) for metric in own.metric], number=False),
        Column(say("metrics.means"), [say(f"metrics.means_{metric}") for metric in own.metric], number=False),
        Column(say("report.last_12"), [format_exact(round(value)) if value == value else NOTHING
                                       for value in own.last_12]),
        Column(say("report.goal"), [format_exact(value) for value in own.goal]),
        Column(say("report.chance"), [format_chance(value) for value in own.chance])]))


def team_metrics(own: pd.DataFrame) -> Part:
    """Show the further goals of a team, one row a person, goal and chance side by side."""
    people = own.drop_duplicates("person_id")
    columns = [Column(say("levels.who"), name_people(people).tolist(), number=False)]
    total = [say("report.sum")]
    for metric in own.metric.unique():
        rows = own[own.metric == metric].set_index("person_id").reindex(people.person_id)
        columns += [Column(name_metric(metric), [format_exact(value) for value in rows.goal]),
                    Column(say("report.chance"), [format_chance(value) for value in rows.chance])]
        total += [format_exact(float(rows.goal.sum())), ""]
    return Part(write_table(columns, total, css="wide", small=len(columns) > 6))


def say_note(problem: Problem) -> str:
    """Say what is doubtful about a further goal, with the metric's displayed name."""
    values = {name: value for name, value in problem.values.items() if value is not None}
    return say(problem.code, **{**values, "metric": name_metric(str(values.get("metric", "")))})


def missing_metrics(known: pd.DataFrame) -> Part:
    """Say of each metric that the records cannot measure what is missing."""
    if known.empty:
        return Part("")
    rows = known[~known.known.astype(bool)]
    texts = [say("metrics.missing", metric=name_metric(row.metric),
                 reason=say(f"metrics.reason_{row.reason}", share=row.covered)) for row in rows.itertuples()]
    return Part(write_list(texts))


def milestones_section(report: Report) -> Part:
    """Show newcomers what to learn and do by when; nothing where nobody is new."""
    dated = report.study("metrics_milestones")
    return Part("") if dated.empty else readable_milestones(dated, report.plan, report.by != "person")


def readable_metrics(planned: MetricPlan) -> Part:
    """Show goals of further metrics, what is doubtful about them, and what the records cannot measure.

    Parameters
    ----------
    planned : MetricPlan
        From :func:`salesgoals.metrics.plan_metrics`.

    Returns
    -------
    Part
        A table and sentences.
    """
    nothing = f"<p>{escape(say('metrics.none'))}</p>"
    table = totals_table(planned.totals).html if len(planned.totals) else nothing
    doubts = write_list([say_note(note) for note in planned.notes])
    return Part(table + doubts + missing_metrics(planned.known).html)


def readable_levels(levels: pd.DataFrame) -> Part:
    """Show base, target and stretch with their chances.

    Parameters
    ----------
    levels : DataFrame
        From :func:`salesgoals.levels.set_levels` or :func:`salesgoals.levels.add_levels`.

    Returns
    -------
    Part
        A table.
    """
    column = levels.get("unknown", levels.base.isna())
    unknown = int(column[levels.level == "company"].sum() if "level" in levels else column.sum())
    note = f"<p>{escape(say('levels.unknown_people', n=unknown))}</p>" if unknown else ""
    return Part(levels_table(levels).html + note)


def readable_milestones(dated: pd.DataFrame, plan: Plan, named: bool = True) -> Part:
    """Show newcomers what to learn and do by when, and what the records already show.

    Parameters
    ----------
    dated : DataFrame
        From :func:`salesgoals.metrics.plan_milestones`.
    plan : Plan
        Of the same people.
    named : bool
        Begin each row with the person's name.

    Returns
    -------
    Part
        A table, or a sentence where nobody is new.
    """
    if dated.empty:
        return Part(f"<p>{escape(say('metrics.nobody_new'))}</p>")
    people = plan.people.set_index("person_id")
    names = name_people(pd.DataFrame({"person_id": dated.person_id,
                                      "person": dated.person_id.map(people.person)}).drop_duplicates())
    called = dict(zip(dated.person_id.drop_duplicates(), names, strict=True))
    who = [] if not named else [
        Column(say("levels.who"), [called[key] for key in dated.person_id], number=False)]
    return Part(write_table([
        *who,
        Column(say("metrics.milestone"), dated[language()].tolist(), number=False),
        Column(say("metrics.due"), [format_month(day) for day in dated.month], number=False, one_line=True),
        Column(say("metrics.tenure"), [format_exact(value) for value in dated.tenure_month]),
        Column(say("metrics.seen"), [_seen(row) for row in dated.itertuples()], number=False)]))


def _seen(row: Any) -> str:
    """Say what the records show of a milestone; one that a manager ticks off says so."""
    if not row.measured_by or row.done != row.done:
        return say("metrics.by_hand")
    if row.reached is not pd.NaT:
        return say("metrics.reached", month=format_month(row.reached))
    return say("metrics.on_the_way", done=format_exact(row.done), goal=format_exact(row.goal))
