"""The market step as people read it: tables with their notes, findings as sentences, the report's section."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import pandas as pd

from salesgoals.markets.notes import NOTES
from salesgoals.problems import Problem, kept_problems
from salesgoals.readers import Report
from salesgoals.show.charts_base import say_change
from salesgoals.show.charts_customers import chart_customers
from salesgoals.show.charts_margins import chart_margins
from salesgoals.show.charts_market import chart_bridge, chart_growth_parts, name_part
from salesgoals.show.html import Column, Part, escape, write_list, write_table
from salesgoals.show.numbers import (
    NOTHING,
    format_exact,
    format_growth,
    format_money,
    format_month,
    format_share,
)
from salesgoals.words import say

MOST_ROWS = 30
MOST_COLUMNS = 9        # beyond it heads are broken and letters smaller
#: columns that a reader of the table has no use for; their content stands in the notes or in the heading
HIDDEN = {"by", "high", "known", "market_from", "months", "market_months", "basis", "large", "period_end",
          "p"}
MARKET = ["market_growth", "market", "mix", "share"]
LEFT = {"part", "kind", "measure", "account_id", "segment", "source", "month", "period_start", "first",
        "last"}
NOT_COMPARED = {"market.no_sales", "market.no_year_before"}
Rule = Callable[[Any], str]
_NOTHING_MUCH = {"other": .0005}


def _points(value: float) -> str:
    """Write a difference of two shares in points.

    Examples
    --------
    >>> from salesgoals.words import in_language
    >>> with in_language("en"):
    ...     _points(-0.0773)
    '−7.7'
    """
    text = format_growth(value, 1)
    return text.removesuffix("%") if value == value else text


def _worded(group: str, value: Any) -> str:
    return say(f"market.{group}_{value}")


_SHARE1 = partial(format_share, decimals=1)
_RULES: dict[str, Rule] = {
    **dict.fromkeys(("before", "now", "change", "market", "mix", "share", "volume", "price", "new", "lost",
                     "returns", "unmeasured", "amount", "money", "loss", "per_day"), format_money),
    **dict.fromkeys(("growth", "market_growth", "published", "from_levels"),
                    partial(format_growth, decimals=1)),
    **dict.fromkeys(("margin", "margin_before", "margin_now", "cumulative"), _SHARE1),
    **dict.fromkeys(("points", "cost", "other", "difference"), _points),
    **dict.fromkeys(("month", "period_start", "first", "last"), format_month),
    "index": lambda value: NOTHING if value != value else f"{value:.2f}",
    "part": name_part, "kind": partial(_worded, "kind"), "measure": partial(_worded, "measure"),
    "festival": lambda value: say("market.festival") if value else "",
    "decreed": lambda value: "" if value else say("market.open"),
    "calendar_month": lambda value: say("number.months").split()[int(value) - 1]}
_POINTS = dict.fromkeys(("price", "cost", "mix", "other", "points"), _points)
_MEASURES: dict[str, Rule] = {**dict.fromkeys(("top_1", "top_5", "top_10"), _SHARE1),
                              "hhi": lambda value: f"{value:.4f}", "gini": lambda value: f"{value:.2f}"}


def show_market(table: pd.DataFrame, rows: int | None = None) -> Part:
    """Show a table of the market step for people to read, with its notes below.

    Parameters
    ----------
    table : pandas.DataFrame
        Any table of :mod:`salesgoals.market`.
    rows : int, optional
        Only the first so many.

    Returns
    -------
    Part
        An empty table is only its notes: what is missing, in one sentence each.

    Examples
    --------
    >>> from salesgoals.words import in_language
    >>> with in_language("en"):
    ...     show_market(pd.DataFrame({"part": ["pumps", ""], "now": [1200.0, 30.0], "growth": [0.2, None]}))
    part this year growth
    pumps 1,200 +20.0%
    not known 30 –
    """
    return Part(_table(table.head(rows or MOST_ROWS)) + write_list(say_notes(table.attrs.get(NOTES, []))))


def say_notes(notes: Iterable[Problem]) -> list[str]:
    """Say each note once; what is missing altogether makes the rest superfluous."""
    texts = {note.code: note.text() for note in notes}
    if "market.no_sales" in texts:
        return [texts["market.no_sales"]]
    return list(texts.values())


def _table(table: pd.DataFrame) -> str:
    names = _shown(table)
    if not len(table) or not names:
        return ""
    return write_table([Column(_head(name, table), _cells(name, table), number=name not in LEFT,
                               one_line=name in LEFT or name == "low") for name in names],
                       css="wide" if len(names) > MOST_COLUMNS else "", small=len(names) > MOST_COLUMNS)


def _shown(table: pd.DataFrame) -> list[str]:
    """Leave out columns nobody reads, causes that did not occur, and the market where it is not known."""
    unknown = MARKET if "market_growth" in table.columns and table[MARKET].isna().all(axis=None) else []
    return [name for name in table.columns if name not in HIDDEN and name not in unknown
            and not (name in ("new", "lost", "returns", "unmeasured", "other")
                     and (table[name].fillna(0).abs() < _NOTHING_MUCH.get(name, .5)).all())]


def table_texts(table: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    """Write a table's head and rows as texts, for the terminal."""
    names = _shown(table)
    columns = [_cells(name, table) for name in names]
    return [_head(name, table) for name in names], [list(row) for row in zip(*columns, strict=True)]


def _head(name: str, table: pd.DataFrame) -> str:
    if name == "share" and "rank" not in table.columns and "below" not in table.columns:
        return say("market.column_beyond")
    if name == "low" and "index" in table.columns:
        return say("market.column_span")
    if name in ("price", "cost", "mix", "other") and "points" in table.columns:
        return say("market.in_points", name=say(f"market.column_{name}"))
    return say(f"market.column_{name}")


def _cells(name: str, table: pd.DataFrame) -> list[str]:
    values = table[name].tolist()
    if name == "low":
        write = _RULES["index"] if "index" in table.columns else format_growth
        return [NOTHING if low != low else say("market.span", low=write(low), high=write(high))
                for low, high in zip(values, table.high, strict=True)]
    if "measure" in table.columns and name != "measure":
        return [NOTHING if value != value else _MEASURES.get(measure, format_exact)(value)
                for measure, value in zip(table.measure, values, strict=True)]
    rule = _RULES.get(name, format_exact)
    if "points" in table.columns and name in _POINTS:
        rule = _POINTS[name]
    if name == "share" and ("rank" in table.columns or "below" in table.columns):
        rule = _SHARE1
    if name in ("account_id", "segment", "source"):
        return [str(value) if value == value and value else NOTHING for value in values]
    return [NOTHING if value is None or value is pd.NaT else rule(value) for value in values]


def say_findings(findings: pd.DataFrame, currency: str = "", notes: Iterable[Problem] | None = None) -> Part:
    """Say the strengths and weaknesses, each as a sentence with its figures, the most money first.

    Parameters
    ----------
    findings : pandas.DataFrame
        From :func:`salesgoals.market.strengths_and_weaknesses`.
    currency : str
        Currency code to name beside amounts.
    notes : iterable of Problem, optional
        What is missing or in doubt; by default what the findings carry.

    Returns
    -------
    Part
        One list under each of strengths, weaknesses, and what to keep in mind; a sentence where nothing
        stands out.
    """
    lists = [(side, [text for own, text in finding_texts(findings, currency) if own == side])
             for side in ("strength", "weakness", "caution")]
    told = "".join(f"<p><strong>{escape(say(f'market.side_{side}'))}</strong></p>{write_list(texts)}"
                   for side, texts in lists if texts)
    notes = list(findings.attrs.get(NOTES, []) if notes is None else notes)
    if not told and not nothing_compared(notes):
        told = f"<p>{escape(say('market.nothing_found'))}</p>"
    return Part(told + write_list(say_notes(notes)))


def nothing_compared(notes: Iterable[Problem]) -> bool:
    """Tell whether the records are too few to compare anything, so that silence does not mean all is well."""
    return bool({note.code for note in notes} & NOT_COMPARED)


def finding_texts(findings: pd.DataFrame, currency: str = "") -> list[tuple[str, str]]:
    """Write each finding as its side and a sentence."""
    return [(row.side, _sentence(row, currency)) for row in findings.itertuples(index=False)]


def _sentence(row: Any, currency: str) -> str:
    money = format_money(abs(row.amount), currency)
    shares = row.code in ("losing_line", "margin_falling", "margin_rising", "below_cost", "few_customers",
                          "one_order")
    fine = 1 if row.code == "market_restated" else 0
    write: Rule = _SHARE1 if shares else partial(format_growth, decimals=fine)
    span = "" if row.low != row.low else say("market.finding_span", low=format_growth(row.low),
                                             high=format_growth(row.high))
    values = {"part": name_part(row.part), "amount": money, "figure": write(row.figure), "span": span,
              "compared": write(row.compared), "n": 0 if row.n is pd.NA else int(row.n),
              "month": NOTHING if row.month is pd.NaT else format_month(row.month),
              "sales": "" if row.market != row.market else say_change(row.market),
              "cause": say(f"market.because_{row.cause}") if row.cause in ("price", "cost", "mix") else ""}
    text = say(f"market.finding_{row.code}", **values)
    if row.code.startswith("growth") and row.market == row.market:
        text += say("market.finding_market", market=format_growth(row.market))
    return text


def market_section(report: Report) -> list[Any]:
    """Show the market in the report on the whole company; nothing in a report on a team or person."""
    findings = report.study("market_findings")
    kept = report.study("market_notes")
    if not len(kept.columns):
        return []
    growth = report.study("market_growth")
    notes = [note for text in kept.note for note in kept_problems(text) if note.code != "market.restated"]
    parts: list[Any] = [say_findings(findings, report.currency, notes)]
    by = _best_dimension(growth)
    shown = growth[growth["by"] == by] if len(growth) else growth
    parts += [chart_growth_parts(shown, report.currency), Part(_table(shown.head(MOST_ROWS))),
              chart_bridge(report.study("market_bridge"), report.currency),
              chart_margins(report.study("market_margins")), Part(_table(report.study("market_causes"))),
              chart_customers(report.study("market_ranks"))]
    customers = [Part(_table(report.study(f"market_{name}"))) for name in ("concentration", "customers")]
    if len(report.study("market_ranks")):
        parts += customers
    return parts


def _best_dimension(growth: pd.DataFrame) -> str:
    """Choose what to divide by: where the market is known by part, else what has two parts at least."""
    names = [name for name in ("segment", "product_line", "region")
             if ((growth["by"] == name) & (growth.part != "")).sum() > 1] if len(growth) else []
    own = [name for name in names if (growth.basis[growth["by"] == name] == "own").any()]
    return (own or names or [""])[0]

