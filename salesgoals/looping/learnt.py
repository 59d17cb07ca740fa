"""What closed periods hand on to the next forecast: a shrunk correction, and orders that will not come twice.

Two things are carried over, because both make forecasts better on average (docs/cycles.md): the share of the
total's past error that is likely to stay, and the part of a one-off order that nobody should be expected to
sell again. People's own past errors are not: carried on, they made forecasts of people worse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import pandas as pd
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from salesgoals.forecast import Forecast, forecast_sales
from salesgoals.forecasting.ramp import PRIOR_RAMP, Ramp
from salesgoals.forecasting.ramp_fit import fit_ramp
from salesgoals.history import monthly_sales
from salesgoals.problems import Problem, SalesgoalsError, raise_if_any

FORMAT: Literal[1] = 1
_KEYS = ["month", "person_id", "product_line"]


def _day(text: str) -> str:
    """Refuse what is no day of the calendar, as YYYY-MM-DD."""
    try:
        known = date.fromisoformat(text).isoformat() == text
    except ValueError:
        known = False
    if not known:
        raise PydanticCustomError("day", "no day", {"expected": "YYYY-MM-DD"})
    return text


Day = Annotated[str, AfterValidator(_day)]


class Frozen(BaseModel):
    """A record of a file: unknown or mistyped fields are refused, nothing is changed afterwards."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


def check_place(path: Path, period: str, start: str, end: str) -> None:
    """Refuse a file of another period than its folder's: its name says where more would be written.

    Raises
    ------
    SalesgoalsError
        If the period is not the folder's, or ends before it starts.
    """
    file, folder = f"{path.parent.name}/{path.name}", path.parent.name
    wrong = [("period", period, folder)] if period != folder else []
    wrong += [("end", end, f">= {start}")] if end < start else []
    raise_if_any([Problem("settings.wrong", file=file, name=name, found=found, allowed=allowed)
                  for name, found, allowed in wrong])


class Replay(Frozen):
    """One earlier half-year, forecast as on its first day, and what then came (currency units)."""

    start: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    months: int = Field(ge=1)
    expected: float
    low: float
    high: float
    actual: float
    usual: float  # what came without the part of one-off orders that is out of the ordinary
    people_error: float | None  # sum of people's misses over the sum of their sales


class Bias(Frozen):
    """How far the forecast's totals have leant to one side, and how much of that to carry over."""

    n: int = Field(ge=0)
    error: float = 0.0  # what came over what was expected, minus 1: mean of the replays, the last counts most
    low: float = 0.0  # 80 % band of the lasting part of it
    high: float = 0.0
    weight: float = Field(default=0.0, ge=0, le=1)  # share of the error that is believed to last
    factor: float = Field(default=1.0, gt=.5, lt=2)  # of the next forecast; 1 = nothing clear


class OneOff(Frozen):
    """An order far out of the ordinary for the person who sold it."""

    person_id: str
    order: str
    date: Day
    amount: float
    kept: float  # a large, but ordinary order of this person
    excess: dict[str, float]  # product line -> what goes beyond that
    agreed: Literal["yes", "no", "unsure"] = "unsure"


class RampFound(Frozen):
    """The growth curve of newcomers as fitted to the records."""

    midpoint: float
    hires: int


class Rate(Frozen):
    """One stage of the team's funnel over twelve months."""

    name: str
    value: float
    n: int


class Luck(Frozen):
    """How far sales of single people's months stray by luck alone."""

    typical: float  # as a share of a month's sales, of the person in the middle
    judged: int  # people whose months tell more than luck
    people: int


class Learnt(Frozen):
    """What a retrospective hands on to the next cycle.

    Parameters
    ----------
    period, start, end : str
        The period that was looked back at; nothing later than its end is in here.
    bias : Bias
        Of the total, from ``replays``.
    one_offs : list of OneOff
        Orders that are not expected of the same person again; those marked ``no`` are left as they are.
    ramp, ramp_before : RampFound or None
        Growth curve with, and without, the newcomers' months of the period.
    rates : list of Rate
        Funnel of the team.
    season : list of float
        Month indices, January first; empty where the records are too short.
    luck : Luck or None
        See there.
    """

    format: Literal[1] = FORMAT
    period: str
    start: Day
    end: Day
    made_on: Day
    data_fingerprint: str
    salesgoals: str
    bias: Bias
    replays: list[Replay] = Field(default_factory=list)
    one_offs: list[OneOff] = Field(default_factory=list)
    ramp: RampFound | None = None
    ramp_before: RampFound | None = None
    rates: list[Rate] = Field(default_factory=list)
    season: list[float] = Field(default_factory=list)
    luck: Luck | None = None

    def counted_out(self) -> list[OneOff]:
        """List the one-off orders that the next forecast leaves out, those the team called usual excepted."""
        return [order for order in self.one_offs if order.agreed != "no"]

    def notes(self) -> list[Problem]:
        """Say in sentences what is taken over from this retrospective."""
        bias, orders = self.bias, self.counted_out()
        kind = "moved" if bias.factor != 1 else "not_clear" if bias.n else "not_known"
        said = [Problem(f"cycle.taken_over_{kind}", level="note", period=self.period, n=bias.n,
                        change=bias.factor - 1, error=bias.error)]
        if orders:
            said.append(Problem("cycle.taken_over_one_offs", level="note", period=self.period,
                                n=len(orders), amount=sum(order.amount for order in orders)))
        return said


def usual_sales(sales: pd.DataFrame, learnt: Learnt | None) -> pd.DataFrame:
    """Take the extraordinary part of one-off orders out of sales by month.

    Parameters
    ----------
    sales : DataFrame
        Columns month, person_id, product_line, amount, as from :func:`salesgoals.history.monthly_sales`.
    learnt : Learnt, optional
        Where the one-off orders stand.

    Returns
    -------
    DataFrame
        The same rows. An order that is no longer in the records (the month holds less than its extraordinary
        part) leaves them as they are.

    Examples
    --------
    >>> sales = pd.DataFrame({"month": pd.to_datetime(["2025-11-01"]), "person_id": ["8"],
    ...                       "product_line": ["pumps"], "amount": [900.]})
    >>> order = OneOff(person_id="8", order="1", date="2025-11-20", amount=800., kept=100.,
    ...                excess={"pumps": 700.})
    >>> learnt = Learnt(period="2025-H2", start="2025-07-01", end="2025-12-31", made_on="2026-01-05",
    ...                 data_fingerprint="", salesgoals="", bias=Bias(n=0), one_offs=[order])
    >>> usual_sales(sales, learnt).amount.tolist(), usual_sales(sales, None).amount.tolist()
    ([200.0], [900.0])
    """
    rows = [(pd.Timestamp(order.date).replace(day=1), order.person_id, line, excess)
            for order in (learnt.counted_out() if learnt else []) for line, excess in order.excess.items()]
    if not rows or sales.empty:
        return sales
    excess = pd.DataFrame(rows, columns=[*_KEYS, "excess"]).groupby(_KEYS).excess.sum()
    taken = excess.reindex(pd.MultiIndex.from_frame(sales[_KEYS])).fillna(0.0).to_numpy()
    amount = sales.amount.to_numpy(float)
    return sales.assign(amount=np.where(amount >= taken, amount - taken, amount))


def forecast_with(sales: pd.DataFrame, start: object, months: int, learnt: Learnt | None, *,
                  people: pd.DataFrame | None = None, ramp: Ramp | None = None,
                  country: str | None = None) -> Forecast:
    """Forecast with what was learnt from closed periods; without it, the plain forecast.

    Parameters
    ----------
    sales : DataFrame
        Columns month, person_id, product_line, amount: sales of people.
    start, months, people, country
        As in :func:`salesgoals.forecast.forecast_sales`.
    ramp : Ramp, optional
        Growth curve of newcomers; by default learnt from these people.
    learnt : Learnt, optional
        What to take over.

    Returns
    -------
    Forecast
        One-off orders are taken out of each person's past and what they add to the total is spread over
        everybody, for another one may come, but nobody knows whose; then everything is multiplied by the
        bias's factor. What was sold (last_12, last_year) stays as it was.

    Raises
    ------
    SalesgoalsError
        If the retrospective looked at sales of the months that are forecast.

    Notes
    -----
    Source of method: large losses are pooled in insurance rating for the same reason (excess loss loading,
    e.g. Klugman, Panjer and Willmot, Loss Models); the correction is a Bayesian shrinkage of past errors.
    """
    usual = usual_sales(sales, learnt)
    curve = ramp or (PRIOR_RAMP if people is None else fit_ramp(usual, people))

    def plain(rows: pd.DataFrame) -> Forecast:
        return forecast_sales(rows, start, months, people=people, ramp=curve, country=country)

    found = plain(sales)
    if learnt is None:
        return found
    first = found.unit_months.month.iloc[0]
    if pd.Timestamp(learnt.end) >= first:
        raise SalesgoalsError(Problem("cycle.learnt_later", period=learnt.period, end=learnt.end,
                                      start=f"{first:%Y-%m}"))
    shared = plain(usual) if (usual.amount != sales.amount).any() else found
    expected = float(shared.unit["mean"])
    scale = learnt.bias.factor * (float(found.unit["mean"]) / expected if expected > 0 else 1.0)
    return _scaled(shared, scale, replace(found, notes=(*found.notes, *learnt.notes())))


def _scaled(forecast: Forecast, scale: float, facts: Forecast) -> Forecast:
    """Multiply what is expected; keep what was sold as the other forecast knows it."""
    def times(table: pd.DataFrame) -> pd.DataFrame:
        columns = [name for name in ("mean", "low", "high", "sd") if name in table]
        return table.assign(**{name: table[name] * scale for name in columns})

    unit = forecast.unit.copy()
    expected = [name for name in ("mean", "sd", "low", "high") if name in unit.index]
    unit[expected] = unit[expected] * scale
    unit["last_12"] = facts.unit["last_12"]
    return replace(
        forecast, months=times(forecast.months).assign(last_year=facts.months.last_year),
        people=times(forecast.people).assign(last_12=facts.people.last_12),
        unit_months=times(forecast.unit_months).assign(last_year=facts.unit_months.last_year), unit=unit,
        notes=facts.notes)


def forecast_people(tables: Mapping[str, pd.DataFrame], start: object = None, months: int = 12,
                    country: str | None = None, learnt: Learnt | None = None) -> Forecast:
    """Forecast everybody on the list of people from the records.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; they must hold sales.
    start, months, country
        As in :func:`salesgoals.forecast.forecast_sales`.
    learnt : Learnt, optional
        What to take over from closed periods.

    Returns
    -------
    Forecast
        Of the people who have sales or are employed; sales of nobody count only where nothing else is known.
    """
    history = monthly_sales(tables)
    sellers = history[history.person_id != ""]
    people = tables["people"] if len(tables["people"]) else None
    return forecast_with(sellers if len(sellers) else history, start, months, learnt, people=people,
                         country=country)
