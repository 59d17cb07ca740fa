"""Points in the life of a ledger: an entry's number, a day of the company, or a full time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from salesgoals.problems import Problem, SalesgoalsError


def stamp(moment: datetime) -> str:
    """Write a time in UTC so that later times are later in the alphabet.

    Examples
    --------
    >>> stamp(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    '2026-01-02T03:04:05.000000Z'
    """
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def now() -> str:
    """Return the time of this computer."""
    return stamp(datetime.now(UTC))


def zone_of(name: str) -> ZoneInfo:
    """Return the company's time zone, or say that its name is unknown."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SalesgoalsError(Problem("ledger.time_zone", found=name)) from error


def local_times(stamps: pd.Series, zone: str) -> pd.Series:
    """Read stamps as times of the company's own clock."""
    return pd.to_datetime(stamps, utc=True, format="ISO8601").dt.as_unit("us").dt.tz_convert(zone_of(zone))


def read_point(point: object, zone: str) -> int | str:
    """Read a point in time: a number of an entry, or the stamp until which entries count.

    Parameters
    ----------
    point : int, str, date or datetime
        A day counts to its end; a time without zone is the company's own.
    zone : str
        The company's time zone.

    Examples
    --------
    >>> read_point("12", "UTC"), read_point("2026-03-31", "Asia/Shanghai")
    (12, '2026-03-31T15:59:59.999999Z')
    >>> read_point("2026-03-31 09:30", "Asia/Shanghai")
    '2026-03-31T01:30:00.000000Z'
    """
    if isinstance(point, bool) or point is None:
        raise SalesgoalsError(Problem("ledger.point", found=str(point)))
    if isinstance(point, str):
        words = point.strip()
        if words.isdigit() and words.isascii():
            return int(words)
        try:
            point = date.fromisoformat(words) if len(words) == 10 else datetime.fromisoformat(words)
        except ValueError as error:
            raise SalesgoalsError(Problem("ledger.point", found=words)) from error
    if isinstance(point, datetime):
        own = point if point.tzinfo else point.replace(tzinfo=zone_of(zone))
        return stamp(own)
    if isinstance(point, date):
        return stamp(datetime.combine(point + timedelta(days=1), time(), zone_of(zone))
                     - timedelta(microseconds=1))
    if hasattr(point, "__index__"):
        return int(point.__index__())
    raise SalesgoalsError(Problem("ledger.point", found=str(point)))
