"""Everything that the records up to the end of a period teach the next one, in one record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from importlib.metadata import PackageNotFoundError, version

import pandas as pd

from salesgoals.history import as_known_on
from salesgoals.looping.learnt import Learnt
from salesgoals.looping.replays import find_one_offs, learn_bias, replay_forecasts
from salesgoals.looping.session import Agreed
from salesgoals.looping.values import learn_luck, learn_ramps, learn_rates, learn_season
from salesgoals.periods import Period


def learn(tables: Mapping[str, pd.DataFrame], period: Period, country: str,
          agreed: Callable[[str, str], Agreed] | None = None, fingerprint: str = "") -> Learnt:
    """Learn from the records up to the end of a period what the next cycle starts from.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; nothing after the period's last day is looked at.
    period : Period
        The period that is closed.
    country : str
        Two letters: the working calendar.
    agreed : function of (person_id, day), optional
        What a session said about the one-off order of a person on a day: yes, no or unsure.
    fingerprint : str
        Mark of the tables.

    Returns
    -------
    Learnt
        See there.
    """
    known = as_known_on(tables, period.end)
    end = period.end if (period.end + pd.Timedelta(days=1)).day == 1 else (
        period.end - pd.offsets.MonthEnd(1))  # half a month is no month that a forecast could be held against
    said = agreed or (lambda person_id, day: "unsure")
    one_offs = [order.model_copy(update={"agreed": said(order.person_id, order.date)})
                for order in find_one_offs(known, end)]
    replays = replay_forecasts(known, end, country, [order for order in one_offs if order.agreed != "no"])
    ramp, before = learn_ramps(known, period.start)
    return Learnt(
        period=period.name, start=f"{period.start:%Y-%m-%d}", end=f"{period.end:%Y-%m-%d}",
        made_on=date.today().isoformat(), data_fingerprint=fingerprint, salesgoals=_own_version(),
        bias=learn_bias(replays), replays=replays, one_offs=one_offs, ramp=ramp, ramp_before=before,
        rates=learn_rates(known, period.end), season=learn_season(known, country),
        luck=learn_luck(known, period.end, country))


def _own_version() -> str:
    try:
        return version("salesgoals")
    except PackageNotFoundError:  # run from a folder that was never installed
        return "0"
