"""What was to be expected of each person before the period began, broken down to work, rates and prices."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesgoals.attribution.prices import value_at_base_prices
from salesgoals.forecast import Forecast, forecast_sales
from salesgoals.forecasting.book import month_number
from salesgoals.forecasting.ramp import PRIOR_RAMP, Ramp
from salesgoals.forecasting.ramp_fit import fit_ramp
from salesgoals.hindsight.levels import value_as_usual
from salesgoals.hindsight.months import Months, months_of, shift_dates
from salesgoals.hindsight.noise import Noise, measure_noise
from salesgoals.hindsight.windfalls import without_windfalls
from salesgoals.hindsight.work import (
    Work,
    covers,
    days_within,
    grown_share,
    logs_quotes,
    read_work,
    time_there,
)
from salesgoals.history import as_known_on, monthly_sales
from salesgoals.periods import Period
from salesgoals.problems import SalesgoalsError

YEAR = 12
LEAST_MONTHS = 6      # of records before a forecast can be the yardstick
PRIOR_MONTHS = 1.0    # months of a usual colleague that are added to a person's own
FEW_PEOPLE = 5
RATES = ["activity", "quote_rate", "win_rate", "product_mix", "deal_size", "price"]
_STEPS = (("visits", "time"), ("quotes", "visits"), ("wins", "grown"), ("typical", "wins"),
          ("list", "typical"), ("amount", "list"))


@dataclass(frozen=True)
class Before:
    """All that was known before the period.

    Parameters
    ----------
    months : Months
        The period in months.
    known : dict of str to DataFrame
        The tables as they were known.
    work : Work
        The records of work in them.
    year : tuple of Timestamp
        First and last day of the (up to) 12 months before.
    lines : DataFrame
        Sales of these months: their prices are the base.
    forecast : Forecast or None
        Made from what was known; None where there were fewer than 6 months.
    ramp : Ramp
        Growth curve as known.
    rates : DataFrame
        Index person_id, the rates of the year before (NaN: not recorded by anybody).
    noise : Noise
        How much luck is in a rate.
    windfalls : DataFrame
        Orders that were cut to a usual size: person_id, order, date, amount, kept.
    cube : dict of str to array (people of rates, months)
        Levels of the year before.
    """

    months: Months
    known: dict[str, pd.DataFrame]
    work: Work
    year: tuple[pd.Timestamp, pd.Timestamp]
    lines: pd.DataFrame
    forecast: Forecast | None
    ramp: Ramp
    rates: pd.DataFrame
    noise: Noise
    windfalls: pd.DataFrame
    cube: dict[str, np.ndarray]


def look_before(tables: Mapping[str, pd.DataFrame], period: Period, country: str | None = "CN",
                planned: Collection[str] = ()) -> Before:
    """Put together what was known the day before a period began; nothing later is used.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    period : Period
        The period looked back at.
    country : str or None
        Whose Spring Festival moves; None where it does not matter.
    planned : collection of str
        People who had a goal: who was hired later was expected then already.
    """
    months = months_of(tables, period)
    known, windfalls = without_windfalls(_with_planned(
        tables, as_known_on(tables, period.start - pd.Timedelta(days=1)), planned))
    known = shift_dates(known, months.shift)
    work = read_work(known, logs_quotes(tables))
    last = months.first - pd.Timedelta(days=1)
    first = months.first - pd.DateOffset(months=YEAR)
    lines = work.lines[(work.lines.date >= first) & (work.lines.person_id != "")]
    forecast, ramp = _forecast(known, months, country)
    ids = work.people.index.union(pd.Index(lines.person_id.unique()))
    if forecast is not None:
        ids = ids.union(forecast.people.index)
    cube = monthly_levels(work, ids, first, lines, ramp)
    # Where nobody logs visits, quotes are counted for the time present.
    rated = cube | {"visits": cube["time"]} if np.isnan(cube["visits"]).all() else cube
    rates = _usual_rates(rated, ids, months)
    if rated is not cube:
        rates["activity"] = np.nan
    return Before(months, known, work, (first, last), lines, forecast, ramp, rates,
                  measure_noise(rated, ids), windfalls, cube)


def _with_planned(tables: Mapping[str, pd.DataFrame], known: dict[str, pd.DataFrame],
                  planned: Collection[str]) -> dict[str, pd.DataFrame]:
    """Add people who joined later but already had a goal, with their first team."""
    new = set(planned) - set(known["people"].person_id)
    people = tables["people"][tables["people"].person_id.isin(new)]
    if people.empty:
        return known
    member = tables["membership"][tables["membership"].person_id.isin(new)].sort_values("valid_from")
    member = member.drop_duplicates("person_id").assign(valid_to=pd.NaT)
    more = {"people": people.assign(leave_date=pd.NaT), "membership": member}
    return known | {name: pd.concat([known[name], rows], ignore_index=True) for name, rows in more.items()}


def _forecast(known: Mapping[str, pd.DataFrame], months: Months,
              country: str | None) -> tuple[Forecast | None, Ramp]:
    history = monthly_sales(known)
    history = history[history.person_id != ""]
    people = known["people"] if len(known["people"]) else None
    ramp = PRIOR_RAMP if not len(history) or people is None else fit_ramp(history, people)
    if history.month.nunique() < LEAST_MONTHS:
        return None, ramp
    try:
        return forecast_sales(history, months.first, months.number, people=people, ramp=ramp,
                              country=country), ramp
    except SalesgoalsError:
        return None, ramp


def monthly_levels(work: Work, ids: pd.Index, first: pd.Timestamp, lines: pd.DataFrame,
                   ramp: Ramp) -> dict[str, np.ndarray]:
    """Set out the levels of each person in each of twelve months; empty where not recorded.

    Returns
    -------
    dict of str to array (people, months)
        time, visits, quotes, grown, wins, typical, list, amount.
    """
    calendar = pd.date_range(first, periods=YEAR, freq="MS")
    starts, ends = calendar.to_numpy(), (calendar + pd.offsets.MonthEnd(0)).to_numpy()
    cube = {"time": time_there(work, ids, starts, ends)}
    inside = work.counts[(work.counts.date >= first) & (work.counts.date < first + pd.DateOffset(years=1))]
    quiet = days_within(work.silent, ids, starts, ends) > 0
    for level, kpi in (("visits", "visits"), ("quotes", "quotes"), ("wins", "deals")):
        known = np.array([covers(work, kpi, pd.Timestamp(start), pd.Timestamp(end))
                          for start, end in zip(starts, ends, strict=True)])
        cube[level] = np.where(known[None, :], month_matrix(inside[inside.kpi == kpi], ids, calendar), np.nan)
        if level != "wins":
            cube[level] = np.where(quiet, np.nan, cube[level])
    named = lines.assign(key=lines.person_id.astype("str") + "|" + lines.date.dt.strftime("%Y-%m"))
    valued = value_at_base_prices(lines.assign(key=""), named, "key")[1] if len(lines) else None
    cube["typical"] = month_matrix(lines.assign(value=value_as_usual(lines, lines)), ids, calendar)
    for level in ("list", "amount"):
        if valued is None:
            cube[level] = np.full((len(ids), YEAR), 0.0)
            continue
        keys = valued.index.str.rsplit("|", n=1)
        table = pd.DataFrame({"person_id": keys.str[0], "date": pd.to_datetime(keys.str[1]),
                              "value": valued[level].to_numpy()})
        cube[level] = month_matrix(table, ids, calendar)
    contacts = np.where(np.isnan(cube["visits"]), cube["time"], cube["visits"])
    base = np.where(np.isnan(cube["quotes"]), contacts, cube["quotes"])
    share = np.column_stack([grown_share(work, ids, calendar[[month]], np.ones((len(ids), 1)), ramp)
                             for month in range(YEAR)])
    cube["grown"] = base * share
    return cube


def month_matrix(table: pd.DataFrame, ids: pd.Index, calendar: pd.DatetimeIndex) -> np.ndarray:
    """Add values up by person and month; other people and months are left out."""
    result = np.zeros((len(ids), len(calendar)))
    rows = ids.get_indexer(table.person_id)
    month = (month_number(pd.DatetimeIndex(table.date)) - month_number(calendar)[0]).astype(int)
    kept = (rows >= 0) & (month >= 0) & (month < len(calendar))
    np.add.at(result, (rows[kept], month[kept]), table.value.to_numpy(float)[kept])
    return result


def _usual_rates(cube: dict[str, np.ndarray], ids: pd.Index, months: Months) -> pd.DataFrame:
    """Work out each person's usual rates, with a little of the colleagues', in the season of the period."""
    season = np.arange(months.number) % YEAR  # places of the same months a year ago
    rates = {}
    for rate, (level, before) in zip(RATES, _STEPS, strict=True):
        above, below = cube[level], cube[before]
        both = ~np.isnan(above) & ~np.isnan(below)
        number, among = np.where(both, above, 0.0), np.where(both, below, 0.0)
        if among.sum() <= 0 or number.sum() <= 0:
            rates[rate] = np.full(len(ids), np.nan)
            continue
        pool = number.sum() / among.sum()
        usual_month = float(np.median(among[among > 0]))
        own, tries = number.sum(axis=1), among.sum(axis=1)
        if rate in ("product_mix", "deal_size", "price"):
            enough = np.where(both, cube["wins"], 0.0).sum(axis=1) >= FEW_PEOPLE
            found = np.divide(own, tries, out=np.full(len(own), pool), where=enough & (tries > 0) & (own > 0))
        else:
            weight = PRIOR_MONTHS * usual_month
            found = (own + weight * pool) / (tries + weight)
        rates[rate] = found * in_season(number, among, season)
    return pd.DataFrame(rates, index=ids)


def in_season(number: np.ndarray, among: np.ndarray, season: np.ndarray) -> float:
    """Say by how much a rate was higher in the same months a year before; 1 where that may be luck."""
    if len(season) >= YEAR:
        return 1.0
    part = [values[:, season].sum(axis=1) for values in (number, among)]
    whole = [values.sum(axis=1) for values in (number, among)]
    known = (part[0] > 0) & (part[1] > 0) & (whole[0] > part[0]) & (whole[1] > part[1])
    if known.sum() < FEW_PEOPLE:
        return 1.0
    change = np.log(part[0][known] / part[1][known]) - np.log(whole[0][known] / whole[1][known])
    middle = float(np.median(change))
    error = 1.25 * 1.4826 * float(np.median(np.abs(change - middle))) / np.sqrt(known.sum())
    return float(np.exp(middle)) if abs(middle) > 2 * error else 1.0


def expected_levels(before: Before) -> pd.DataFrame:
    """Break the forecast down to levels by each person's usual rates.

    Returns
    -------
    DataFrame
        Index person_id; columns node, time, visits, quotes, ramp, wins, typical, list, amount. What the
        forecast expects beyond the usual rates is put where the usual rates are the least sure.
    """
    forecast = before.forecast
    assert forecast is not None
    months, ids = before.months, forecast.people.index
    weights = pd.Series(months.weights, index=forecast.unit_months.month)
    table = forecast.months.assign(part=forecast.months["mean"] * forecast.months.month.map(weights))
    amount = table.groupby("person_id").part.sum().reindex(ids).fillna(0.0).to_numpy()
    calendar = pd.DatetimeIndex(forecast.unit_months.month)
    there = time_ahead(before.work, ids, calendar) * months.weights
    time = there.sum(axis=1)
    share = grown_share(before.work, ids, calendar, there, before.ramp)
    rates = before.rates.reindex(ids)
    steps = rates.notna().to_numpy()
    plain = np.where(steps, rates.to_numpy(), 1.0)
    product = time * share * plain.prod(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        beyond = np.log(amount / product)
    spread = np.where(steps, before.noise.of(ids), 0.0)
    spread = spread / np.maximum(spread.sum(axis=1, keepdims=True), 1e-300)
    usable = np.isfinite(beyond)
    scaled = plain * np.exp(np.where(usable, beyond, 0.0)[:, None] * spread)
    visits = time * scaled[:, 0]
    quotes = visits * scaled[:, 1]
    wins = quotes * share * scaled[:, 2]
    typical = wins * scaled[:, 3]
    valued = typical * scaled[:, 4]
    found = pd.DataFrame({"time": time, "visits": visits, "quotes": quotes, "ramp": share, "wins": wins,
                          "typical": typical, "list": valued, "amount": amount}, index=ids)
    found.loc[amount == 0, ["time", "visits", "quotes", "wins", "typical", "list"]] = 0.0
    for place, level in ((0, "visits"), (1, "quotes")):
        found.loc[~steps[:, place], level] = np.nan
    return found.assign(person_id=ids, node=_node_on(before))


def time_ahead(work: Work, ids: pd.Index, calendar: pd.DatetimeIndex) -> np.ndarray:
    """Share of each month to come that each person is employed, as far as it is known."""
    starts, ends = calendar.to_numpy(), (calendar + pd.offsets.MonthEnd(0)).to_numpy()
    return time_there(Work(**{**work.__dict__, "away": work.away.iloc[:0]}), ids, starts, ends)


def _node_on(before: Before) -> np.ndarray:
    """Say where each person belonged when the period began."""
    assert before.forecast is not None
    homes = before.work.homes
    day = before.months.first
    at = homes[(homes["first"] <= day) & (homes["last"] >= day)]
    at = pd.concat([at, homes[homes["first"] > day]]).drop_duplicates("person_id")  # who joins later
    return at.set_index("person_id").node.reindex(before.forecast.people.index).fillna("").to_numpy()
