"""From read columns to the rows of one table: computed amounts, stages of deals, windows of goals."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import PurePath

import numpy as np
import pandas as pd

from salesgoals.problems import Problem
from salesgoals.sources.convert import convert_sheet, decimal_sum
from salesgoals.sources.headers import compact
from salesgoals.sources.joins import Place
from salesgoals.sources.mapping import FileMapping
from salesgoals.sources.parts import Part, as_floats, money
from salesgoals.sources.sheet import Sheet
from salesgoals.sources.spread import counts_to_rows, months_to_rows
from salesgoals.sources.values import parse_numbers
from salesgoals.sources.vocabulary import vocabulary
from salesgoals.sources.wide import names_quarter
from salesgoals.workspace import Settings

MONEY_METRICS = frozenset(
    compact(word)
    for word in (
        "amount",
        "sales",
        "revenue",
        "sales amount",
        "销售额",
        "金额",
        "销售金额",
        "业绩",
        "销售收入",
        "合同额",
        "回款",
        "回款额",
        "销售目标",
        "金额目标",
        "月度目标",
        "目标",
    )
)


def shape_sheet(
    sheet: Sheet, mapping: FileMapping, settings: Settings, sheets: Mapping[Place, Sheet]
) -> Part:
    """Read one sheet and give it the rows of its table.

    Parameters
    ----------
    sheet, mapping, settings, sheets
        As for ``convert_sheet``.

    Returns
    -------
    Part
        Ready to be brought together with the other sheets.
    """
    if mapping.months:
        part = months_to_rows(sheet, mapping, settings, sheets)
    elif mapping.counts:
        part = counts_to_rows(sheet, mapping, settings, sheets)
    else:
        part = convert_sheet(sheet, mapping, settings, sheets)
    work = {
        "orders": _shape_orders,
        "opportunities": _shape_deals,
        "goals": _shape_goals,
        "market": _shape_market,
        "activities": _shape_activities,
    }.get(mapping.table)
    if work is not None:
        work(part, settings)
    return part


def _shape_orders(part: Part, settings: Settings) -> None:
    frame, columns = part.frame, part.mapping.columns
    if "amount" not in frame and {"quantity", "price"} <= set(frame):
        _compute_amount(part)
    if "amount" not in frame:
        frame["amount"] = None
        part.set_aside(part.kept, "collect.amount_missing")
    amounts = as_floats(frame.amount)
    if "cost" in frame:
        frame["cost"] = as_floats(frame.cost)
    elif {"unit_cost", "quantity"} <= set(frame):
        frame["cost"] = (as_floats(frame.unit_cost) * frame.quantity).round(4)
        part.tell(frame.cost.notna(), "collect.cost_computed", level="note", column=columns["unit_cost"],
                  other=columns["quantity"])
    elif "profit" in frame:
        frame["cost"] = (amounts - as_floats(frame.profit)).round(4)
        part.tell(frame.cost.notna(), "collect.cost_from_profit", level="note", column=columns["profit"])
    if "credit_share" in frame:
        outside = frame.credit_share.notna() & ~frame.credit_share.between(0, 1)
        part.set_aside(
            outside, "collect.share_outside", column=columns["credit_share"], found=frame.credit_share
        )
    negative = amounts < 0
    if "returned" in frame:
        flagged = frame.returned.map(lambda value: value is True) & ~negative
        if settings.returned_orders == "subtract":
            part.set_aside(flagged, "collect.returned_out", column=columns["returned"], level="note")
        frame["returned"] = frame.returned.where(~negative, True)
    else:
        frame["returned"] = negative.map({True: True, False: None})
    part.tell(negative, "collect.negative", level="note", column=part.money)
    part.tell(amounts == 0, "collect.zero", column=part.money)


def _compute_amount(part: Part) -> None:
    """Amount = quantity x price x (1 - discount), exactly; gross and net are both said."""
    frame, columns = part.frame, part.mapping.columns
    counts = parse_numbers(part.sheet.cells[columns["quantity"]], columns["quantity"]).values
    discount = frame.discount if "discount" in frame else pd.Series(0.0, index=frame.index)
    shares = [Decimal(0) if value != value else Decimal(repr(float(value))) for value in discount]
    gross = pd.Series(
        [None if q is None or p is None else q * p for q, p in zip(counts, frame.price, strict=True)],
        index=frame.index,
        dtype=object,
    )
    net, _ = money(
        pd.Series(
            [None if g is None else g * (1 - share) for g, share in zip(gross, shares, strict=True)],
            index=frame.index,
            dtype=object,
        )
    )
    frame["amount"] = net
    part.money = f"{columns['quantity']} × {columns['price']}"
    part.exact = net
    part.set_aside(net.isna(), "collect.amount_missing", column=part.money)
    code = "collect.amount_computed_net" if "discount" in frame else "collect.amount_computed"
    part.problems.append(Problem(code, level="note", **part.place, column=part.money,
                                 gross=decimal_sum(gross), net=decimal_sum(net),
                                 other=columns.get("discount", "")))
    if (discount > 0.5).mean() > 0.5:
        part.tell(discount > 0.5, "collect.discount_or_factor", column=columns["discount"], found=discount)


def _shape_deals(part: Part, settings: Settings) -> None:
    """Open, won or lost: from the flags, else the status, else the stage."""
    frame, words = part.frame, vocabulary().words
    status = pd.Series([None] * len(frame), index=frame.index, dtype=object)
    for name, which in (("won", "won"), ("lost", "lost")):
        if name in frame:
            status = status.where(~(frame[name].map(lambda v: v is True) & status.isna()), which)
    for name in ("status", "stage"):
        if name not in frame:
            continue
        texts = frame[name].map(lambda text: None if text is None else compact(text))
        for which in ("won", "lost"):
            status = status.where(~(texts.isin(words[which]) & status.isna()), which)
    if "finished" in frame and "won" in frame:
        over = frame.finished.map(lambda v: v is True) & frame.won.map(lambda v: v is False)
        status = status.where(~(over & status.isna()), "lost")
    frame["status"] = status.where(status.notna(), "open")
    if "stage" not in frame:
        frame["stage"] = None
    if "probability" in frame:
        outside = frame.probability.notna() & ~frame.probability.between(0, 1)
        part.tell(outside, "collect.chance_outside", column=part.mapping.columns["probability"],
                  found=frame.probability)
        frame["probability"] = frame.probability.where(~outside)
    if "opportunity_id" not in frame:
        label = PurePath(part.sheet.file).stem
        frame["opportunity_id"] = [f"{label}:{row}" for row in part.rows]
        part.tell(part.kept, "collect.deal_ids_made", level="note")
    missing = frame.opportunity_id.isna()
    if missing.any():
        label = PurePath(part.sheet.file).stem
        made = pd.Series([f"{label}:{row}" for row in part.rows], index=frame.index, dtype=object)
        part.tell(missing, "collect.deal_ids_made", level="note")
        frame["opportunity_id"] = frame.opportunity_id.where(~missing, made)
    if "amount" in frame:
        part.tell(
            (frame.status == "won") & frame.amount.isna(), "collect.won_without_amount", column=part.money
        )
    if "closed" in frame:
        part.tell((frame.status == "won") & frame.closed.isna(), "collect.won_without_date",
                  column=part.mapping.columns["closed"])


def _shape_goals(part: Part, settings: Settings) -> None:
    frame, columns = part.frame, part.mapping.columns
    if "period_start" not in frame:
        _periods_from_parts(part)
    elif "period_end" not in frame and "year" not in frame and _monthly(frame.period_start):
        frame["period_end"] = frame.period_start + pd.offsets.MonthEnd(1)
    elif "period_end" not in frame and "period_start" in columns:
        quarters = part.sheet.cells[columns["period_start"]].map(names_quarter)
        if quarters.any():
            frame["period_end"] = (frame.period_start + pd.offsets.MonthEnd(3)).where(quarters)
    if "goal" in columns:
        blank = frame.goal.isna() & part.kept
        part.set_aside(blank, "collect.goal_blank", column=columns["goal"], level="note")
    elif "goal" not in frame:
        frame["goal"] = None
        part.set_aside(part.kept, "collect.amount_missing")
    metric = (
        frame.metric if "metric" in frame else pd.Series([None] * len(frame), index=frame.index, dtype=object)
    )
    frame["metric"] = metric.map(
        lambda text: "amount" if text is None or compact(text) in MONEY_METRICS else text
    )
    if "unit" not in frame:
        frame["unit"] = settings.currency
    version = pd.Series(PurePath(part.sheet.file).stem, index=frame.index, dtype=object)
    frame["version"] = frame.version.where(frame.version.notna(), version) if "version" in frame else version


def _monthly(starts: pd.Series) -> bool:
    """All on the first of a month, and the months follow one another: the windows are months."""
    known = starts.dropna()
    months = known.dt.to_period("M").drop_duplicates().sort_values()
    return bool(len(known) and (known.dt.day == 1).all() and len(months) > 1
                and (months.diff().dropna().map(lambda step: step.n) == 1).all())


def _periods_from_parts(part: Part) -> None:
    """Year and month (or quarter) in columns of their own, or a whole year."""
    frame, columns = part.frame, part.mapping.columns
    years = _whole(frame, "year")
    if "year" not in columns and "year" in part.mapping.options:
        years = pd.Series(float(part.mapping.options["year"]), index=frame.index)
    months, length = pd.Series(1.0, index=frame.index), 12
    if "month" in columns:
        months, length = _whole(frame, "month"), 1
    elif "quarter" in columns:
        months, length = 3 * _whole(frame, "quarter") - 2, 3
    good = years.between(1990, 2100) & months.between(1, 12)
    starts = pd.to_datetime(
        pd.DataFrame({"year": years.where(good, 2000), "month": months.where(good, 1), "day": 1})
    )
    frame["period_start"] = starts.where(good).astype("datetime64[us]")
    frame["period_end"] = frame.period_start + pd.offsets.MonthEnd(length)
    part.set_aside(~good, "collect.date_missing", column=columns.get("year"))


def _whole(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame[name] if name in frame else pd.Series(np.nan, index=frame.index)


def _shape_market(part: Part, settings: Settings) -> None:
    frame, columns = part.frame, part.mapping.columns
    frame["month"] = frame.month.dt.to_period("M").dt.to_timestamp().astype("datetime64[us]")
    if "level" in frame:
        frame["level"] = as_floats(frame.level)
    if "segment" not in frame:
        frame["segment"] = columns.get("level", columns.get("growth"))
    if "source" not in frame:
        frame["source"] = PurePath(part.sheet.file).stem
    values = [frame[name] for name in ("level", "growth") if name in frame]
    empty = pd.concat(values, axis=1).isna().all(axis=1)
    part.set_aside(
        empty, "collect.market_empty", column=columns.get("level", columns.get("growth")), level="note"
    )


def _shape_activities(part: Part, settings: Settings) -> None:
    frame = part.frame
    if "count" not in frame:
        frame["count"] = 1.0
    whole = frame["count"].isna() | ((frame["count"] % 1 == 0) & (frame["count"] >= 0))
    part.set_aside(
        ~whole, "collect.count_not_whole", column=part.mapping.columns.get("count"), found=frame["count"]
    )
