"""From visits to money: what each unit did in a period beside what is usual for it, and which step moved."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from salesgoals.alarms.reasons import COLUMNS, FUNNEL, find_reasons
from salesgoals.attribution.chain import Chain
from salesgoals.history import credited_sales, own_amounts, team_on, team_units
from salesgoals.kpis import count_kpis
from salesgoals.periods import Period
from salesgoals.watching.units import ALL
from salesgoals.watching.weekly import last_week
from salesgoals.workdays import working_days

YEAR = 12
RECORDED = 60  # working days of records, below which visits and quotes have no usual level
SHORT = (*FUNNEL[:3], ("deal_size", "amount"))  # where no pieces are known
MOSTLY = .95  # of the sales must say how many pieces, so that a missing number is not taken for a fall
LOOKS_BACK = 12  # months: the same day in each says which cover the sales of the days to come had
EVERY = f"all\t{ALL}"


def reasons_of(tables: Mapping[str, pd.DataFrame], board: pd.DataFrame, period: Period, day: pd.Timestamp,
               country: str) -> pd.DataFrame:
    """Name what moved for each unit of a board; columns by, unit and those of find_reasons.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables as known on the day.
    board : pandas.DataFrame
        From :func:`salesgoals.watching.board.pace`.
    period, day, country
        As for the board.

    Returns
    -------
    pandas.DataFrame
        The effects of a unit add up to its sales so far less the usual sales so far.

    Notes
    -----
    Usual: visits and quotes of the 12 months before the period, per working day; deals as these months
    brought them, times how the company's sales so far should stand to theirs (season, the days of the month,
    growth); money as the board expects it; mix and prices of these months.
    """
    known = board[board.usual_so_far.notna()]
    known = known.set_axis(pd.Index(known.by + "\t" + known.unit, dtype="str"))
    if known.empty or EVERY not in known.index:
        return pd.DataFrame(columns=["by", *COLUMNS])
    begin, eve = period.start - pd.DateOffset(months=YEAR), period.start - pd.Timedelta(days=1)
    counted = _by_unit(tables, count_kpis(tables), begin)
    then, now = (counted[counted.date.between(first, last)] for first, last in (
        (begin, eve), (period.start, day)))
    # Many write their week down on its last day: the week that is not over says nothing yet.
    written = min(day, last_week(day, country) + pd.Timedelta(days=6))
    logged = _days(period.start, written, country)
    now = now[(now.kpi == "deals") | (now.date <= written)]
    past, came = (rows.groupby(["unit", "kpi"]).value.sum().unstack().reindex(
        index=known.index, columns=["visits", "quotes", "deals"]) for rows in (then, now))
    sold = [_sold(tables, first, last).reindex(known.index)
            for first, last in ((begin, eve), (period.start, day))]
    usual, levels = pd.DataFrame(index=known.index), pd.DataFrame(index=known.index)
    elapsed = _days(period.start, day, country)
    for name in ("visits", "quotes"):
        days = then.date[then.kpi == name]
        worked = _days(max(days.min(), begin), eve, country) if len(days) else 0
        if worked >= RECORDED and logged and (now.kpi == name).any():
            usual[name] = past[name] * (elapsed / worked)
            levels[name] = came[name].fillna(0.) * (elapsed / logged)
    share = known.usual_so_far[EVERY] / sold[0].amount[EVERY] if sold[0].amount[EVERY] else np.nan
    usual["wins"], levels["wins"] = past.deals * share, came.deals.fillna(0.)
    chain: Chain = SHORT
    if sold[1].counted[EVERY] >= MOSTLY and sold[0].counted[EVERY] >= MOSTLY:
        chain = FUNNEL
        usual["list"] = known.usual_so_far / (sold[0].amount / sold[0]["list"])
        usual["pieces"] = usual["list"] / (sold[0]["list"] / sold[0].pieces)
        levels["pieces"], levels["list"] = sold[1].pieces.fillna(0.), sold[1]["list"].fillna(0.)
    usual["amount"], levels["amount"] = known.usual_so_far, known.so_far
    cover = _pipeline(tables, known, period, day)
    if cover is not None:
        levels["pipeline"], levels["needed"] = cover[0], cover[1]
        usual["pipeline"], usual["needed"] = cover[2], 1.
    found = find_reasons(levels, usual, chain)
    place = known.reindex(found.unit)
    return found.assign(by=place.by.to_numpy(), unit=place.unit.to_numpy())[["by", *COLUMNS]]


def _by_unit(tables: Mapping[str, pd.DataFrame], counted: pd.DataFrame, begin: pd.Timestamp) -> pd.DataFrame:
    """Add counts up by day, kpi and unit: person, team of the day, company."""
    rows = counted[counted.kpi.isin(["visits", "quotes", "deals"]) & (counted.date >= begin)]
    rows = rows.groupby(["date", "person_id", "kpi"], as_index=False).value.sum()
    return _stacked(tables, rows)


def _stacked(tables: Mapping[str, pd.DataFrame], rows: pd.DataFrame) -> pd.DataFrame:
    team = team_units(team_on(tables, rows.person_id, rows.date))
    whose = rows.person_id.notna() & (rows.person_id != "")
    return pd.concat([rows.assign(unit=EVERY), rows.assign(unit="team\t" + team)[team != ""],
                      rows.assign(unit="person\t" + rows.person_id.astype("str"))[whose]], ignore_index=True)


def _sold(tables: Mapping[str, pd.DataFrame], first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Return by unit pieces, list (pieces at the company's mean prices), amount, share that is counted."""
    sales = credited_sales(tables)
    sales = sales.assign(amount=sales.amount.fillna(0.), quantity=sales.quantity.astype(float))
    product = sales.product_id.astype("object").fillna(sales.product_line.astype("object")).fillna("")
    given = sales.quantity.notna()
    whole = sales[given].groupby(product[given])[["amount", "quantity"]].sum()
    price = product.map((whole.amount / whole.quantity).where(whole.quantity > 0))
    told = sales.quantity.notna() & price.notna()
    rows = sales.assign(date=sales.date.dt.normalize(), pieces=sales.quantity.where(told, 0.),
                        list=(sales.quantity * price).where(told, sales.amount),
                        counted=told.astype(float) * sales.amount.abs(), size=sales.amount.abs())
    rows = rows[rows.date.between(first, last)]
    names = ["pieces", "list", "amount", "counted", "size"]
    daily = rows.assign(person_id=rows.person_id.astype("str").fillna("")).groupby(
        ["date", "person_id"], as_index=False)[names].sum()
    sums = _stacked(tables, daily).groupby("unit")[names].sum()
    return sums.assign(counted=(sums.counted / sums["size"]).where(sums["size"] > 0, 0.))


def _days(first: pd.Timestamp, last: pd.Timestamp, country: str) -> int:
    return int(working_days(first, last, country).working.sum()) if last >= first else 0


def _pipeline(tables: Mapping[str, pd.DataFrame], known: pd.DataFrame, period: Period,
              day: pd.Timestamp) -> tuple[pd.Series, pd.Series, float] | None:
    """Return open deals by unit at their usual chance, what is still missing, and the cover that suffices.

    The cover that suffices is the one the company's sales had: open deals on the same day of earlier months
    over the sales of as many days as are left now, its median.
    """
    deals = tables["opportunities"]
    left = period.end - day
    if deals.empty or left <= pd.Timedelta(0):
        return None
    decided = deals[deals.status.isin(["won", "lost"]) & (deals.closed < period.start)]
    worth = own_amounts(deals) * (decided.status == "won").mean()
    sales = credited_sales(tables)
    covers = []
    for end in (day - pd.DateOffset(months=back) for back in range(1, LOOKS_BACK + 1)):
        came = sales.amount[(sales.date > end) & (sales.date <= end + left)].sum()
        if came > 0 and end + left <= day:
            waiting = (deals.created <= end) & ~(deals.closed <= end)
            covers.append(worth[waiting].sum() / came)
    if not covers or not np.median(covers) > 0:
        return None
    waiting = deals[deals.status == "open"]
    rows = pd.DataFrame({"person_id": waiting.person_id, "date": day, "value": worth[waiting.index]})
    sums = _stacked(tables, rows).groupby("unit").value.sum()
    return (sums.reindex(known.index).fillna(0.), known.goal - known.so_far, float(np.median(covers)))
