"""Tell which table a sheet is and which of its columns means what, from the names and from the values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import pandas as pd

from salesgoals.problems import Problem
from salesgoals.sources.candidates import Candidate, assign, find_candidates
from salesgoals.sources.facts import ColumnFacts, facts_of
from salesgoals.sources.mapping import FileMapping
from salesgoals.sources.rules import LISTS, NEEDS, USUAL, WEIGHTS
from salesgoals.sources.sheet import Sheet
from salesgoals.sources.vocabulary import FIELDS, has_signal
from salesgoals.sources.wide import activity_columns, month_columns, month_of_sheet, year_from_texts
from salesgoals.workspace import Settings

ENOUGH = 2.4   # score from which a sheet is taken for a table


@dataclass
class Guess:
    """One table that a sheet could be."""

    table: str
    columns: dict[str, Candidate]
    candidates: list[Candidate]
    missing: list[str]
    score: float
    months: dict[str, str] = field(default_factory=dict)
    counts: dict[str, str] = field(default_factory=dict)


def _texts(sheet: Sheet) -> list[str]:
    titles = sheet.aside.text[sheet.aside.reason == "title"].tolist() if len(sheet.aside) else []
    return [*titles, sheet.sheet or "", PurePath(sheet.file).stem]


def guess_table(sheet: Sheet, table: str, facts: Mapping[str, ColumnFacts], settings: Settings) -> Guess:
    """Suppose that a sheet is one table, and see how well its columns fit."""
    months: dict[str, str] = {}
    if table in ("goals", "orders"):
        months = {column: period.text() for column, period in month_columns(sheet, facts).items()}
    counts = activity_columns(sheet.columns, facts) if table == "activities" else {}
    rest = [column for column in sheet.columns if column not in months and column not in counts]
    candidates = find_candidates(table, rest, facts, settings)
    chosen = assign(candidates, sheet.cells)
    have = set(chosen) | ({"months"} if months else set()) | ({"counts"} if counts else set())
    if table == "orders" and months:
        have |= {"date", "amount"}
    missing = [name for name, groups in NEEDS[table] if not any(group <= have for group in groups)]
    money = "goal" if table == "goals" else "amount"
    if table in ("goals", "orders") and not months and money in chosen and have & {"person", "person_id"} \
            and have.isdisjoint({"date", "period_start", "month", "quarter", "year"}):
        period = month_of_sheet(_texts(sheet))
        if period is not None:
            months = {chosen.pop(money).column: period.text()}
            missing = [name for name in missing if name != "date"]
    weights = WEIGHTS[table]
    score = sum(weights.get(name, USUAL) * candidate.sure * (0.5 + 0.5 * min(1.0, 2 * candidate.fill))
                for name, candidate in chosen.items())
    texts = _texts(sheet)
    score += 1.5 * any(has_signal(table, text) for text in texts)
    score += (3.0 if table == "goals" else 2.5) * bool(months) + 2.0 * bool(counts)
    if months and table == "goals" and not any(has_signal("goals", text) for text in [*texts, *months]):
        missing.append("goal")
    if months and table == "orders" and not any(has_signal("orders", text) for text in [*texts, *months]):
        missing.append("amount")
    score -= _against(table, chosen, facts, sheet, settings)
    return Guess(table, chosen, candidates, missing, score, months, counts)


def _against(table: str, chosen: Mapping[str, Candidate], facts: Mapping[str, ColumnFacts], sheet: Sheet,
             settings: Settings) -> float:
    """What speaks against a table: a list whose key repeats, or columns that another table would have."""
    lost = 0.0
    if table in LISTS:
        key = next((chosen[name] for name in LISTS[table] if name in chosen), None)
        if key is not None and facts[key.column].distinct < (0.8 if key.field == "name" else 0.9):
            lost += 10.0
    others = {c.field for c in find_candidates("orders", sheet.columns, facts, settings) if c.sure >= 0.9}
    strong = {"people": {"amount", "quantity", "price"}, "accounts": {"amount", "quantity"},
              "products": {"amount"}, "activities": {"amount"}, "returns": {"amount", "quantity", "product"},
              "market": {"order_id", "person", "person_id", "quantity"}, "membership": {"amount", "quantity"}}
    lost += 4.0 * bool(strong.get(table, set()) & others and (table not in LISTS or "date" in others))
    if table == "orders":
        goals = {c.field for c in find_candidates("goals", sheet.columns, facts, settings) if c.sure >= 0.9}
        deals = {c.field for c in find_candidates("opportunities", sheet.columns, facts, settings)
                 if c.sure >= 0.9 and c.field in ("stage", "probability", "opportunity_id")}
        lost += 3.0 * ("goal" in goals and "order_id" not in chosen)
        lost += 3.0 * (len(deals) >= 2 and "order_id" not in chosen)
        market = {c.field for c in find_candidates("market", sheet.columns, facts, settings) if c.sure >= 0.9}
        lost += 3.0 * ("growth" in market)
    if table == "market" and not {"growth", "level"} <= set(chosen):
        lost += 1.0 * (not any(has_signal("market", text) for text in _texts(sheet)))
    return lost


def guess_tables(sheet: Sheet, facts: Mapping[str, ColumnFacts], settings: Settings) -> list[Guess]:
    """List every table a sheet could be, the likeliest first."""
    guesses = [guess_table(sheet, table, facts, settings) for table in FIELDS]
    return sorted(guesses, key=lambda guess: (bool(guess.missing), -guess.score))


def propose_sheet(sheet: Sheet, settings: Settings) -> FileMapping:
    """Propose what one sheet means.

    Parameters
    ----------
    sheet : Sheet
        As the reader gave it.
    settings : Settings
        Which date and which person count.

    Returns
    -------
    FileMapping
        Table ``"ignore"`` where it is none of ours, with what was missing among the doubts.
    """
    facts = facts_of(sheet)
    guesses = guess_tables(sheet, facts, settings)
    best = guesses[0]
    place: dict[str, Any] = {"file": sheet.file, "sheet": sheet.sheet}
    near = max((g for g in guesses if g.missing), key=lambda g: g.score, default=None)
    incomplete = near is not None and len(near.missing) == 1 and near.score >= 4.5
    if (
        best.missing
        or best.score < ENOUGH
        or (incomplete and near is not None and near.score > 2 * best.score)
    ):
        return _not_used(sheet, near if incomplete else None, facts)
    doubts: list[Problem] = []
    second = next((g for g in guesses[1:] if not g.missing and g.table != best.table), None)
    if second is not None and best.score - second.score < 0.5:
        doubts.append(
            Problem("match.two_tables", level="doubt", **place, table=best.table, other=second.table)
        )
    options: dict[str, object] = {}
    if best.months:
        year = year_from_texts(_texts(sheet))
        if any("-" not in period for period in best.months.values()):
            if year is None and "year" not in best.columns:
                doubts.append(Problem("match.no_year", level="stop", **place, column=next(iter(best.months))))
            elif year is not None and "year" not in best.columns:
                options["year"] = year
    if best.table == "orders" and any(has_signal("returns", text) for text in _texts(sheet)):
        doubts.append(Problem("match.maybe_returns", level="doubt", **place))
    doubts += _not_chosen(sheet, best, settings)
    doubts += _month_or_nothing(best, guesses, place, options.get("year"))
    columns = {name: best.columns[name].column for name in FIELDS[best.table] if name in best.columns}
    return FileMapping(sheet.file, sheet.sheet, best.table, columns, tuple(doubts), options=options,
                       months=best.months, counts=best.counts, why=_reasons(best),
                       kinds={name: chosen.meaning.kind for name, chosen in best.columns.items()})


def _month_or_nothing(best: Guess, guesses: Sequence[Guess], place: Mapping[str, Any],
                      year: object) -> list[Problem]:
    """Say that the month comes from a title, or that amounts are left out as no month is known."""
    if len(best.months) == 1:
        column, month = next(iter(best.months.items()))
        month = month if "-" in month or year is None else f"{year}-{month}"
        return [Problem("match.month_of_sheet", level="doubt", **place, column=column, found=month)]
    if best.table not in ("people", "membership"):
        return []
    left_out = next((g for g in guesses if g.table == "orders" and g.missing == ["date"]
                     and "amount" in g.columns and g.columns["amount"].sure >= 0.9), None)
    used = {candidate.column for candidate in best.columns.values()}
    if left_out is None or left_out.columns["amount"].column in used:
        return []
    return [Problem("match.amounts_left_out", level="doubt", **place, table=best.table,
                    column=left_out.columns["amount"].column)]


def _not_used(sheet: Sheet, near: Guess | None, facts: Mapping[str, ColumnFacts]) -> FileMapping:
    seen = ", ".join(sheet.columns[:12]) + (", ..." if len(sheet.columns) > 12 else "")
    place: dict[str, Any] = {"file": sheet.file, "sheet": sheet.sheet}
    if near is not None:
        doubt = Problem(
            f"match.incomplete_{near.missing[0]}", level="stop", **place, table=near.table, found=seen
        )
    else:
        doubt = Problem("match.not_used", level="note", **place, found=seen, count=len(sheet.cells))
    return FileMapping(sheet.file, sheet.sheet, "ignore", {}, (doubt,))


def _reasons(guess: Guess) -> dict[str, str]:
    words = {True: "match.why_exact", False: "match.why_contained"}
    return {name: words[candidate.sure >= 0.9] for name, candidate in guess.columns.items()}


#: fields where a column that was not taken could change the figures
WATCHED = ("date", "amount", "goal", "closed", "created", "person_id", "person", "product_line", "hire_date",
           "level", "growth", "team", "department", "region")


def _not_chosen(sheet: Sheet, guess: Guess, settings: Settings) -> list[Problem]:
    """Say what else could have been taken, and whether the choice changes figures."""
    found = []
    used = {candidate.column for candidate in guess.columns.values()}
    place: dict[str, Any] = {"file": sheet.file, "sheet": sheet.sheet}
    for name in WATCHED:
        if name not in guess.columns:
            continue
        taken = guess.columns[name]
        others = [c for c in guess.candidates if c.field == name and c.column not in used and c.sure >= 0.9
                  and not _same(sheet.cells, c.column, taken.column) and c.fill > 0]
        others = list({c.column: c for c in others}.values())
        level = _doubtful(guess.table, name, taken, others, settings)
        if others or level == "doubt":
            found.append(Problem("match.chosen" if others else "match.only_this_kind", level=level, **place,
                                 column=taken.column, field=name,
                                 others=", ".join(c.column for c in others), taken=taken.column))
    return found


def _doubtful(
    table: str, name: str, taken: Candidate, others: Sequence[Candidate], settings: Settings
) -> str:
    kind = taken.meaning.kind
    if name in ("person", "person_id") and taken.meaning.thing == "person":
        return "note" if kind in (settings.person_that_counts, "own") else "doubt"
    if table == "orders" and name == "date":
        return "note" if kind in (settings.date_that_counts, "plain") else "doubt"
    if name == "amount":
        same = {c.meaning.kind for c in others} - {"gross", "expected"}
        return "doubt" if same else "note"
    return "doubt" if name == "goal" and others else "note"


def _same(cells: pd.DataFrame, one: str, other: str) -> bool:
    """Two columns that say the same: each value of one goes with one value of the other."""
    pairs = cells[[one, other]].dropna()
    if len(pairs) == 0:
        return False
    pairs = pairs.head(2000).astype(str).drop_duplicates()
    return len(pairs) == pairs[one].nunique() == pairs[other].nunique() and _days(pairs[one]) == _days(
        pairs[other]
    )


def _days(column: pd.Series) -> list[str]:
    return column.str.replace(r"\D", "", regex=True).str[:8].tolist()
