"""What a case study shows: published figures beside the model's, years, parts of a change, assumptions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from salesgoals.cases import Case
from salesgoals.problems import SalesgoalsError
from salesgoals.show.html import Column, Part, escape, write_list, write_table
from salesgoals.show.numbers import NOTHING, format_exact, format_money, format_share
from salesgoals.simulate import FACTORS
from salesgoals.words import language, say

MOST_SENSITIVE = 6
RATES = ("attainment", "share_at_goal", "turnover", "share_newcomers", "turnover_newcomers")
SHOWN = ("share_at_goal", "attainment", "turnover", "share_newcomers", "turnover_newcomers", "sales", "goal")


def show_published(case: Case) -> Part:
    """Show what has been published about a case, word for word, and that nobody has verified it.

    Parameters
    ----------
    case : Case
        From :func:`salesgoals.cases.read_case`.
    """
    if case.published.empty:
        return Part(f"<p>{escape(say('cases.nothing_published'))}</p>")
    told = case.published
    return Part(write_table([
        Column(say("cases.head_when"), [say(f"cases.when_{when}") for when in told.when], number=False),
        Column(say("cases.head_figure"), [_figure(name) for name in told.figure], number=False),
        Column(say("cases.head_published"), [format_share(value) for value in told.value]),
        Column(say("cases.head_quote"), [f"“{quote}”{_meaning(means)}" for quote, means in
                                         zip(told.quote, told.quote_en, strict=True)], number=False)])
        + f"<p><strong>{escape(say('cases.unverified'))}</strong></p>")


def _meaning(words: str) -> str:
    return f" ({words})" if words and language() == "en" else ""


def show_years(figures: pd.DataFrame) -> Part:
    """Show each year's goal and result, with both readings of the rate beside each other.

    Parameters
    ----------
    figures : DataFrame
        From :func:`salesgoals.cases.year_figures`.
    """
    if figures.empty:
        return Part(f"<p>{escape(say('cases.no_goals'))}</p>")
    shares = [Column(say(f"cases.head_{name}"), [format_share(value) for value in figures[name]])
              for name in RATES]
    rules = {"people": format_exact, "newcomers": format_exact, "goal": format_money, "actual": format_money}
    counts = [Column(say(f"cases.head_{name}"), [rule(value) for value in figures[name]])
              for name, rule in rules.items()]
    last = figures.iloc[-1]
    said = say("cases.two_readings", year=last.year, attainment=format_share(last.attainment),
               share=format_share(last.share_at_goal))
    year = Column(say("cases.head_year"), figures.year.tolist(), number=False)
    return Part(write_table([year, *counts, *shares], small=True) + f"<p>{escape(said)}</p>")


def show_outcomes(outcomes: pd.DataFrame) -> Part:
    """Show what the model makes of the old policy and of the new one: means, and where single teams lie.

    Parameters
    ----------
    outcomes : DataFrame
        From :func:`salesgoals.cases.simulate_case`.
    """
    table = outcomes.set_index(["when", "measure"])
    names = [name for name in SHOWN if ("before", name) in table.index or ("after", name) in table.index]

    def texts(when: str, low: bool) -> list[str]:
        return [_range(table.loc[(when, name)], low) if (when, name) in table.index else NOTHING
                for name in names]

    columns = [Column(say("cases.head_figure"), [_figure(name) for name in names], number=False)]
    for when in ("before", "after"):
        columns += [Column(say(f"cases.mean_{when}"), texts(when, False)),
                    Column(say("cases.head_range"), texts(when, True))]
    return Part(write_table(columns) + f"<p>{escape(say('cases.capacity_note'))}</p>")


def _range(row: pd.Series, low: bool) -> str:
    if not low:
        return format_share(row["mean"])
    return say("cases.range", low=format_share(row.low), high=format_share(row.high))


def show_beside(beside: pd.DataFrame) -> Part:
    """Show each published figure beside the model's mean and interval and this one team's, and how they lie.

    Parameters
    ----------
    beside : DataFrame
        From :func:`salesgoals.cases.beside_published`.
    """
    if beside.empty:
        return Part(f"<p>{escape(say('cases.nothing_published'))}</p>")
    columns = [
        Column(say("cases.head_when"), [say(f"cases.when_{when}") for when in beside.when], number=False),
        Column(say("cases.head_figure"), [_figure(name) for name in beside.figure], number=False),
        Column(say("cases.head_published"), [format_share(value) for value in beside.published]),
        Column(say("cases.head_mean"), [format_share(value, 1) for value in beside["mean"]]),
        Column(say("cases.head_range"), [_range(row, True) for _, row in beside.iterrows()]),
        Column(say("cases.head_inside"), [_yes(value) for value in beside.inside], number=False),
        Column(say("cases.head_near"), [_yes(value) for value in beside.near], number=False)]
    if beside.team.notna().any():
        columns.insert(5, Column(say("cases.head_team"), [format_share(value) for value in beside.team]))
    return Part(write_table(columns) + f"<p>{escape(say('cases.unverified'))}</p>")


def show_readings(case: Case, outcomes: pd.DataFrame) -> Part:
    """Show what the model says to a published rate under both of its readings.

    Parameters
    ----------
    case : Case
        From :func:`salesgoals.cases.read_case`.
    outcomes : DataFrame
        From :func:`salesgoals.cases.simulate_case`.
    """
    table = outcomes.set_index(["when", "measure"])
    rates = case.published[case.published.figure == "share_at_goal"]
    rows = [(row.when, row.value, reading, table.loc[(row.when, reading)])
            for row in rates.itertuples() for reading in ("share_at_goal", "attainment")]
    if not rows:
        return Part(f"<p>{escape(say('cases.nothing_published'))}</p>")
    return Part(write_table([
        Column(say("cases.head_when"), [say(f"cases.when_{when}") for when, *_ in rows], number=False),
        Column(say("cases.head_reading"), [say(f"cases.reading_{name}") for _, _, name, _ in rows],
               number=False),
        Column(say("cases.head_published"), [format_share(value) for _, value, *_ in rows]),
        Column(say("cases.head_mean"), [format_share(found["mean"]) for *_, found in rows]),
        Column(say("cases.head_range"), [_range(found, True) for *_, found in rows]),
        Column(say("cases.head_inside"), [_yes(found.low <= value <= found.high)
                                          for _, value, _, found in rows], number=False)]))


def show_explained(explained: pd.DataFrame) -> Part:
    """Show what part of the change came from what, in points of share at goal, sales and turnover.

    Parameters
    ----------
    explained : DataFrame
        From :func:`salesgoals.simulate.explain_change`.
    """
    rows = explained.set_index("factor").reindex(FACTORS)
    kinds = ("share_at_goal", "sales", "turnover")
    columns = [Column(say(f"cases.head_{name}"), [_points(value) for value in rows[name]]) for name in kinds]
    largest = str(rows.share_at_goal.abs().idxmax())
    said = say("cases.largest_part", factor=say(f"cases.factor_{largest}"),
               share=_points(rows.share_at_goal[largest]), all=_points(rows.share_at_goal.sum()),
               sales=_points(rows.sales.sum()))
    names = Column(say("cases.head_factor"), [say(f"cases.factor_{name}") for name in FACTORS], number=False)
    total = [say("cases.together"), *(_points(rows[name].sum()) for name in kinds)]
    return Part(f"<p><strong>{escape(said)}</strong></p>" + write_table([names, *columns], total))


def show_assumptions(table: pd.DataFrame, rows: int = MOST_SENSITIVE) -> Part:
    """Show which assumptions the outcome hangs on most: a sentence, and the share at goal at their ends.

    Parameters
    ----------
    table : DataFrame
        From :func:`salesgoals.cases.what_it_hangs_on`.
    rows : int
        How many parameters are listed.
    """
    share = table[(table.run == "after") & (table.measure == "share_at_goal")]
    ends = share.pivot(index="parameter", columns="bound", values="mean")
    values = share.pivot(index="parameter", columns="bound", values="value")
    swing = (ends.high - ends.low).abs().sort_values(ascending=False, kind="stable")
    shown = swing.index[:rows]
    first = say(f"simulate.parameter.{shown[0]}")
    said = say("cases.most_sensitive", parameter=first, base=format_share(share.base.iloc[0]),
               low=format_share(ends.loc[shown[0]].min()), high=format_share(ends.loc[shown[0]].max()),
               n=int((swing < .03).sum()), all=len(swing))
    return Part(f"<p><strong>{escape(said)}</strong></p>" + write_table([
        Column(say("cases.head_assumption"), [say(f"simulate.parameter.{name}") for name in shown],
               number=False),
        Column(say("cases.head_from_to"), [f"{values.low[name]:g} – {values.high[name]:g}"
                                           for name in shown], one_line=True),
        Column(say("cases.head_at_low"), [format_share(ends.low[name]) for name in shown]),
        Column(say("cases.head_at_high"), [format_share(ends.high[name]) for name in shown])]))


def show_collected(issues: pd.DataFrame, totals: pd.DataFrame) -> Part:
    """Show whether totals agree file by file, and what was found in the exports, one line a kind of finding.

    Parameters
    ----------
    issues : DataFrame
        ``workspace.issues``.
    totals : DataFrame
        Of :func:`salesgoals.collect.collect_folder`.
    """
    agree = say("cases.totals_agree" if totals.agree.all() else "cases.totals_differ",
                n=totals.file.nunique())
    kinds = issues.groupby(["level", "code"], as_index=False, sort=False).agg(
        rows=("count", "sum"), message=("message", "first"))
    listed = write_list([say("cases.issue_line", level=say(f"cli.level_{row.level}"), message=row.message,
                             n=int(row.rows)) for row in kinds.itertuples()])
    return Part(f"<p><strong>{escape(agree)}</strong></p>{listed}")


def or_say(step: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """Take a step; where the data lack what it needs, show a sentence that says so instead.

    Parameters
    ----------
    step : callable
        Any function of the workbook.
    *given, **named
        What it takes.

    Returns
    -------
    object
        What the step returns, or the sentence.

    Examples
    --------
    >>> from salesgoals.problems import Problem
    >>> def step():
    ...     raise SalesgoalsError(Problem("smart.no_goals"))
    >>> str(or_say(step)) != ""
    True
    """
    try:
        found = step(*given, **named)
    except SalesgoalsError as error:
        return Part(f"<p>{escape(say('cases.lacking', text=str(error)))}</p>")
    return Part(f"<p>{escape(say('cases.nothing_to_show'))}</p>") if found is None else found


def _figure(name: str) -> str:
    return say(f"cases.head_{name}")


def _yes(value: Any) -> str:
    return say("cases.yes" if bool(value) else "cases.no")


def _points(share: float) -> str:
    if share != share:
        return NOTHING
    text = f"{100 * share:+.1f}".replace("-", "−")
    return text.lstrip("+−") if text in ("+0.0", "−0.0") else text
