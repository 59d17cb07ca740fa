"""The market step: what of our growth the market gave, where we are strong, on whom the year rests."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesgoals.markets.benchmark import grow_over, read_series, series_notes
from salesgoals.markets.bridge import bridge_years
from salesgoals.markets.customers import follow_customers, measure_concentration, rank_customers
from salesgoals.markets.findings import find_all
from salesgoals.markets.lines import (
    DIMENSIONS,
    check_dimension,
    large_orders,
    last_months,
    sales_lines,
    same_months,
    without_large_orders,
)
from salesgoals.markets.margins import lines_below_cost, margin_periods, margin_shift
from salesgoals.markets.notes import (
    notes_on_bridge,
    notes_on_cost,
    notes_on_customers,
    notes_on_parts,
    notes_on_seasons,
    with_notes,
)
from salesgoals.markets.seasons import month_course, sum_up_year
from salesgoals.markets.shift import shift_share
from salesgoals.problems import keep_problems
from salesgoals.workspace import Settings

Tables = Mapping[str, pd.DataFrame]


def growth_against_market(tables: Tables, by: str | None = "segment", months: int = 12,
                          until: str | None = None) -> pd.DataFrame:
    """Say how much of our growth came with the market and how much was won from, or lost to, competitors.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; uses orders (or won opportunities), accounts, products, market.
    by : str or None
        ``"segment"``, ``"region"``, ``"product_line"``, or None for the company as one.
    months : int
        How many months are compared with the same months a year before; only months on record in both count.
    until : str, optional
        The last of them, ``YYYY-MM``; by default the last on record.

    Returns
    -------
    pandas.DataFrame
        One row a part, largest first: by, part ("" = not known), before, now, change (currency units),
        growth, low, high (growth that 80 % of such years would stay within, given how few or many customers
        make it; NaN where fewer than 5 customers count), customers, market_growth, market, mix, share
        (currency units, adding up to change), large (orders above 3 % of a year, in now), basis (``own``
        series of the part, ``total`` market, ``unknown``), market_from (``published`` or ``levels``),
        months, market_months. What is to be known is in ``attrs["notes"]``.

    Notes
    -----
    Source of method: shift-share analysis (Dunn 1960). **market** = what the part would have gained growing
    like the whole market, **mix** = what its own market's difference from the whole added, **share** = the
    rest. The range: see :mod:`salesgoals.markets.noise`.

    Examples
    --------
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> tables["orders"] = as_table("orders", pd.DataFrame({"amount": [100.0, 130.0], "account_id": "7",
    ...     "date": pd.to_datetime(["2024-05-02", "2025-05-02"])}))
    >>> tables["market"] = as_table("market", pd.DataFrame({
    ...     "month": [pd.Timestamp("2025-05-01")], "growth": [0.1]}))
    >>> found = growth_against_market(tables, by=None)
    >>> found[["change", "market", "mix", "share"]].round(6).values.tolist()
    [[30.0, 10.0, 0.0, 20.0]]
    """
    check_dimension(by)
    lines = sales_lines(tables)
    years = same_months(lines, months, until)
    series = read_series(tables["market"])
    found = shift_share(years, series, by, large_orders(lines).order_id)
    return with_notes(found, [*years.notes, *series_notes(series, years.months), *notes_on_parts(found)])


def price_volume_mix(tables: Tables, by: str | None = "product_line", months: int = 12,
                     until: str | None = None) -> pd.DataFrame:
    """Say why sales changed: pieces, dearer or cheaper ones, prices, new and lost products, returns.

    Parameters
    ----------
    tables, by, months, until
        As for :func:`growth_against_market`.

    Returns
    -------
    pandas.DataFrame
        One row a part: by, part, before, now, change and its causes volume, mix, price, new, lost, returns,
        unmeasured (lines without quantity or product), in currency units; they add up to the last hundredth.
        Pieces are only compared inside a part, so a box of filters never stands for a machine.

    Notes
    -----
    Source of method: price-volume-mix with the mix at (p0 - mean p0), which does not misjudge cheap products:
    Volume = (Q1 - Q0) P0, Mix = Q1 x sum((m1 - m0)(p0 - P0)), Price = sum(q1 (p1 - p0)), for products sold in
    both years; Q pieces, m shares of pieces, p prices, P mean price.

    Examples
    --------
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> tables["orders"] = as_table("orders", pd.DataFrame({
    ...     "product_id": "7", "product_line": "pumps", "quantity": [10.0, 12.0], "amount": [100.0, 108.0],
    ...     "date": pd.to_datetime(["2024-05-02", "2025-05-02"])}))
    >>> price_volume_mix(tables)[["change", "volume", "mix", "price"]].values.tolist()
    [[8.0, 20.0, 0.0, -12.0]]
    """
    check_dimension(by)
    years = same_months(sales_lines(tables), months, until)
    found = bridge_years(years, by)
    return with_notes(found, [*years.notes, *notes_on_bridge(years.now)])


def margin_course(tables: Tables, by: str | None = "product_line", months: int = 6) -> pd.DataFrame:
    """Follow each part's margin over time, so that growth that earns nothing is seen early.

    Parameters
    ----------
    tables, by
        As for :func:`growth_against_market`.
    months : int
        Length of one stretch, counted back from the last month on record.

    Returns
    -------
    pandas.DataFrame
        Columns by, part, period_start, period_end, amount (currency units), margin (share of sales left after
        cost, NaN where no cost is known), known (share of sales with a known cost).
    """
    check_dimension(by)
    lines = sales_lines(tables)
    return with_notes(margin_periods(lines, by, months), notes_on_cost(lines))


def margin_causes(tables: Tables, by: str | None = "product_line", months: int = 12,
                  until: str | None = None) -> pd.DataFrame:
    """Say why a margin changed: prices, costs, or other products being sold.

    Parameters
    ----------
    tables, by, months, until
        As for :func:`growth_against_market`.

    Returns
    -------
    pandas.DataFrame
        One row a part: by, part, before, now (currency units), growth, margin_before, margin_now, points
        (their difference) and its causes price, cost, mix, other (goods without quantity), which add up to
        it; money (points x sales), known (share of sales with a known cost), p (how often luck alone would
        do as much; NaN where fewer than 12 customers count). Empty where no cost is known.

    Notes
    -----
    Source of method: Shapley's value over the three causes: the average over all orders in which they can
    change, so that no order is preferred and nothing is left over. A product sold in one year only counts
    as mix.
    """
    check_dimension(by)
    lines = sales_lines(tables)
    years = same_months(lines, months, until)
    return with_notes(margin_shift(years, by), [*years.notes, *notes_on_cost(lines)])


def below_cost(tables: Tables, by: str | None = "product_line") -> pd.DataFrame:
    """Count the lines sold below cost, and what that cost.

    Returns
    -------
    pandas.DataFrame
        Columns by, part, lines (with known cost, returns left out), below, share, loss (currency units).
    """
    check_dimension(by)
    lines = sales_lines(tables)
    return with_notes(lines_below_cost(lines, by), notes_on_cost(lines))


def customer_shares(tables: Tables, months: int = 12, until: str | None = None) -> pd.DataFrame:
    """Rank customers by what they bought, with the share of the year that the first so many make.

    Returns
    -------
    pandas.DataFrame
        Columns rank, account_id, amount (currency units), share, cumulative. Customers whose returns exceed
        what they bought are left out.
    """
    recent = last_months(sales_lines(tables), months, until)
    return with_notes(rank_customers(recent), notes_on_customers(recent))


def concentration(tables: Tables, months: int = 12, until: str | None = None) -> pd.DataFrame:
    """Say on how few customers the year rests, and whether that has become more or less than a year before.

    Returns
    -------
    pandas.DataFrame
        Columns measure (customers; top_1, top_5, top_10: shares of the largest; for_80: customers who make
        80 %; hhi; gini), before, now. With fewer than 10 customers all but their number are NaN: too few to
        say.
    """
    return _concentration(sales_lines(tables), months, until)


def _concentration(lines: pd.DataFrame, months: int = 12, until: str | None = None) -> pd.DataFrame:
    recent = last_months(lines, months, until)
    earlier = last_months(lines, months, until, years_ago=1)
    found = {name: measure_concentration(rank_customers(part))
             for name, part in (("before", earlier), ("now", recent))}
    return with_notes(pd.DataFrame(found).rename_axis("measure").reset_index(), notes_on_customers(recent))


def customer_changes(tables: Tables, months: int = 12, until: str | None = None) -> pd.DataFrame:
    """Count which customers stayed, came, came back and left between two years, and what they bought.

    Returns
    -------
    pandas.DataFrame
        Rows kept_more (bought at least as much), kept_less, new (never before), back (bought earlier, but
        not in the year before), lost; columns kind, customers, before, now, change (currency units).
    """
    lines = sales_lines(tables)
    years = same_months(lines, months, until)
    return with_notes(follow_customers(years, lines), [*years.notes, *notes_on_customers(lines)])


def seasons(tables: Tables, country: str = "CN") -> pd.DataFrame:
    """Give each month's sales per working day, so that a short February is not mistaken for a weak one.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    country : str
        Whose holidays and make-up days count.

    Returns
    -------
    pandas.DataFrame
        Columns month, amount, working_days, per_day (currency units), index (1 = a normal month at the
        level of its time; NaN below a year of records), festival (Spring Festival falls into it), decreed
        (False where the year's make-up days are not announced yet). Single orders above 3 % of a year are
        left out.
    """
    course = month_course(without_large_orders(sales_lines(tables)), country)
    return with_notes(course, notes_on_seasons(course))


def season_indices(tables: Tables, country: str = "CN") -> pd.DataFrame:
    """Sum up the shape of the year: how strong each calendar month is per working day.

    Returns
    -------
    pandas.DataFrame
        Columns calendar_month (1 to 12), index (mean over the years; 1 = normal), low, high (weakest and
        strongest year), years, festival (in how many of them Spring Festival fell into it).
    """
    course = month_course(without_large_orders(sales_lines(tables)), country)
    return with_notes(sum_up_year(course), notes_on_seasons(course))


def benchmarks(tables: Tables) -> pd.DataFrame:
    """List the market's own series: how far they reach, how much they grew, and whether two readings agree.

    Returns
    -------
    pandas.DataFrame
        One row a series: source, segment, first, last (months), records, published, from_levels (growth over
        the last 12 months on record, by either reading), disagree (months in which they differ by more than
        2 points: the base was restated, and the published growth is used).
    """
    series = read_series(tables["market"])
    rows = []
    for (source, segment), own in series.groupby(["source", "segment"]):
        last = own.month.max()
        year = pd.date_range(end=last, periods=12, freq="MS")
        rows.append((source, segment, own.month.min(), last, len(own),
                     grow_over(own.assign(from_levels=float("nan"), level_before=float("nan")), year).growth,
                     grow_over(own.assign(published=float("nan")), year).growth, int(own.disagree.sum())))
    columns = ["source", "segment", "first", "last", "records", "published", "from_levels", "disagree"]
    return with_notes(pd.DataFrame(rows, columns=columns), series_notes(series, pd.DatetimeIndex([])))


def market_disagreements(tables: Tables) -> pd.DataFrame:
    """List the months in which a market's published growth and the growth of its levels tell two stories.

    Returns
    -------
    pandas.DataFrame
        Columns source, segment, month, published, from_levels, difference; differences of more than 2 points.
    """
    series = read_series(tables["market"])
    columns = ["source", "segment", "month", "published", "from_levels", "difference"]
    return series.loc[series.disagree, columns].reset_index(drop=True)


def strengths_and_weaknesses(tables: Tables, months: int = 12, until: str | None = None) -> pd.DataFrame:
    """Name what the company is good and bad at, as far as the figures can carry it, the most money first.

    Parameters
    ----------
    tables, months, until
        As for :func:`growth_against_market`.

    Returns
    -------
    pandas.DataFrame
        Columns code (growth_above, growth_below, share_won, share_lost, margin_rising, margin_falling,
        losing_line, below_cost, one_order, few_customers, market_restated), side (strength, weakness,
        caution), by, part, amount (currency units at stake), figure with low and high (80 % range),
        compared (what it is compared with), market (growth of the part's own market; for margins, of the
        part's sales), cause, month, n, p.

    Notes
    -----
    A difference in growth or margin is only listed when it is at least 5 points of growth or 2 points of
    margin in a part with 3 % of sales or more, and when luck alone, errors being worked out over customers,
    would bring it less often than 5 % divided by the number of looks. Orders above 3 % of a year's sales
    stand on their own line and are left out of every comparison.
    """
    lines = sales_lines(tables)
    years = same_months(lines, months, until)
    large = large_orders(lines)
    plain = same_months(without_large_orders(lines, large), months, until)
    series = read_series(tables["market"])
    return with_notes(find_all(lines, years, plain, series, large),
                      [*years.notes, *notes_on_cost(lines), *(
                          note for note in series_notes(series, years.months)
                          if note.code != "market.restated")])     # it is one of the findings


def study_market(tables: Tables, settings: Settings) -> dict[str, pd.DataFrame]:
    """Gather what the report on the whole company says about the market.

    Returns
    -------
    dict of str to DataFrame
        market_growth (all three dimensions and the company, see by), market_bridge, market_margins,
        market_causes, market_concentration, market_customers, market_seasons, market_findings, market_notes
        (code, level and values of each note).
    """
    lines = sales_lines(tables)
    large = large_orders(lines)
    plain_lines = without_large_orders(lines, large)
    years, plain = same_months(lines), same_months(plain_lines)
    series = read_series(tables["market"])
    course = month_course(plain_lines, settings.calendar_country)
    growth = [shift_share(years, series, by, large.order_id) for by in (None, *DIMENSIONS)]
    found = {
        "growth": pd.concat([table for table in growth if len(table)] or growth[:1], ignore_index=True),
        "bridge": bridge_years(years, "product_line"), "margins": margin_periods(lines, "product_line"),
        "causes": margin_shift(years, "product_line"), "concentration": _concentration(lines),
        "ranks": rank_customers(last_months(lines)), "customers": follow_customers(years, lines),
        "seasons": course, "findings": find_all(lines, years, plain, series, large)}
    notes = [*years.notes, *series_notes(series, years.months), *notes_on_bridge(years.now),
             *notes_on_cost(lines), *notes_on_customers(lines), *notes_on_seasons(course)]
    for table in found.values():
        table.attrs = {}
    kept = [keep_problems([note]) for note in {note.code: note for note in notes}.values()]
    return {f"market_{name}": table for name, table in found.items()} | {
        "market_notes": pd.DataFrame({"note": kept}, dtype="str")}
