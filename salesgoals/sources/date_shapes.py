"""One written date at a time: its shape, and the day, the three parts or the instant that it names."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from salesgoals.sources.numbers import half_width

FOUR = "n/n/yyyy"      # two parts in unknown order, then a year of four digits
TWO = "n/n/yy"         # three parts of one or two digits
YEAR_FIRST = "yy/m/d"  # the last part has one digit, so that it is no year
SERIAL_RANGE = (20_000, 73_050)      # Excel days from 1954-10 to 2099-12
_EPOCH_SECONDS = (631_152_000, 4_102_444_800)  # 1990 to 2100

_MONTHS = {name: number for number, name in enumerate(
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)}
_NAME = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_TIME = re.compile(
    r"(?:[ t]\s*|(?<=[日号]))(?:(上午|下午|凌晨|中午|晚上|早上|am|pm)\s*)?"
    r"(\d{1,2})[:时点](\d{1,2})(?:[:分](\d{1,2})?(?:[.,]\d+)?秒?)?"
    r"分?\s*(am|pm|a\.m\.|p\.m\.|上午|下午)?\s*(z|utc|gmt|[+-]\d{2}:?\d{2}|[+-]\d{2})?\Z")
_WEEKDAY = re.compile(r"[(,]?\s*(?:星期|周|礼拜)[一二三四五六日天]\s*[),]?|"
                      r"\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b[.,]?")
_YMD = re.compile(r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?[日号]?")
_YM = re.compile(r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?(?:月份?)?")
_PARTS = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{1,2})")
_DAY_NAME_YEAR = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[-/ .,]*{_NAME}[-/ .,]*(\d{{4}}|\d{{2}})")
_NAME_DAY_YEAR = re.compile(rf"{_NAME}[-/ .,]*(\d{{1,2}})(?:st|nd|rd|th)?[-/ .,]+(\d{{4}})")
_YEAR_NAME = re.compile(rf"(\d{{4}})[-/ .,]*{_NAME}(?:[-/ .,]*(\d{{1,2}}))?")
_NAME_YEAR = re.compile(rf"{_NAME}[-/ .,']*(\d{{4}}|\d{{2}})")
_DAY_MONTH_ZH = re.compile(r"(\d{1,2})-(\d{1,2})\s?月\s?-(\d{4}|\d{2})")
_TWO_YMD_ZH = re.compile(r"(\d{2})年(\d{1,2})月(?:(\d{1,2})[日号]?)?")


@dataclass(frozen=True)
class Written:
    """What one cell says: a day, three parts whose order the column must tell, or an instant in UTC."""

    shape: str                                   # "" where it is no date
    day: dt.date | None = None
    parts: tuple[int, int, int] | None = None
    instant: float | None = None                 # seconds since 1970 in UTC; day is then the day as written
    in_utc: bool = False                         # the day as written is a day in UTC, not of a place
    serial: bool = False


NOT_A_DATE = Written("")


def full_year(year: int) -> int:
    """Complete a year of two digits: 00 to 68 is 2000 to 2068, 69 to 99 is 1969 to 1999."""
    return year if year > 99 else year + (2000 if year < 69 else 1900)


def make_day(year: int, month: int, day: int) -> dt.date | None:
    """Give the day, or None where there is no such day (2025-02-30)."""
    try:
        return dt.date(full_year(year), month, day)
    except ValueError:
        return None


@lru_cache(maxsize=65_536)
def read_written(text: str) -> Written:
    """Read one text that may be a date.

    Examples
    --------
    >>> read_written("2025年1月2日").day, read_written("31/5/18").parts
    (datetime.date(2025, 1, 2), (31, 5, 18))
    """
    bare = half_width(text).strip(" \t\r\n\u00a0\u200b\ufeff'").lower()
    if bare.isdigit() or re.fullmatch(r"\d+\.\d+", bare):
        # 2025.1 and 2025.10 are months; other figures are read as numbers are
        return _read_month(bare) or read_figure(float(bare), bare)
    bare = _WEEKDAY.sub(" ", bare).strip(" ,")
    time = _TIME.search(bare)
    seconds, offset = None, ""
    if time:
        bare = bare[:time.start()].strip(" ,")
        half = time[1] or time[5] or ""
        hour, minute, second = int(time[2]), int(time[3]), int(time[4] or 0)
        if half in ("pm", "p.m.", "下午", "晚上") and hour < 12:
            hour += 12
        elif half in ("am", "a.m.", "上午", "凌晨") and hour == 12:
            hour = 0
        if hour > 24 or minute > 59 or second > 60:
            return NOT_A_DATE
        seconds, offset = hour * 3600 + minute * 60 + second, time[6] or ""
    found = _read_day(bare)
    if not found.shape or not offset or found.day is None or seconds is None:
        return found
    in_utc = offset in ("z", "utc", "gmt") or set(offset) <= set("+-0:")
    shift = 0 if in_utc else _offset_seconds(offset)
    start = dt.datetime(found.day.year, found.day.month, found.day.day, tzinfo=dt.UTC).timestamp()
    return Written(found.shape + "T+z", found.day, instant=start + seconds - shift, in_utc=in_utc)


def _offset_seconds(offset: str) -> int:
    digits = offset[1:].replace(":", "").ljust(4, "0")
    return (int(digits[:2]) * 3600 + int(digits[2:]) * 60) * (-1 if offset[0] == "-" else 1)


def _dated(shape: str, year: str, month: int, day: int) -> Written:
    found = None if year[:1] == "0" and len(year) == 4 else make_day(int(year), month, day)
    return Written(shape, found) if found else NOT_A_DATE


def _read_month(bare: str) -> Written | None:
    found = _YM.fullmatch(bare)
    return _dated("yyyy-m", found[1], int(found[2]), 1) if found else None


def _read_day(bare: str) -> Written:
    if found := _YMD.fullmatch(bare):
        return _dated("yyyy-m-d", found[1], int(found[2]), int(found[3]))
    if found := _PARTS.fullmatch(bare):
        parts = int(found[1]), int(found[3]), int(found[4])
        if len(found[4]) == 4 and parts[2] < 1000:
            return NOT_A_DATE
        if len(found[4]) == 1:
            return _dated(YEAR_FIRST, found[1], parts[1], parts[2]) if len(found[1]) == 2 else NOT_A_DATE
        return Written(FOUR if len(found[4]) == 4 else TWO, parts=parts)
    if bare.isdigit():
        return read_figure(float(bare), bare)
    if month := _read_month(bare):
        return month
    if found := _DAY_NAME_YEAR.fullmatch(bare):
        return _dated("d-Mon-yyyy", found[3], _MONTHS[found[2]], int(found[1]))
    if found := _NAME_DAY_YEAR.fullmatch(bare):
        return _dated("Mon d, yyyy", found[3], _MONTHS[found[1]], int(found[2]))
    if found := _YEAR_NAME.fullmatch(bare):
        return _dated("yyyy Mon", found[1], _MONTHS[found[2]], int(found[3] or 1))
    if found := _NAME_YEAR.fullmatch(bare):
        return _dated("Mon yyyy", found[2], _MONTHS[found[1]], 1)
    if found := _DAY_MONTH_ZH.fullmatch(bare):
        return _dated("d-m月-yy", found[3], int(found[2]), int(found[1]))
    if found := _TWO_YMD_ZH.fullmatch(bare):
        return _dated("yy年m月d日", found[1], int(found[2]), int(found[3] or 1))
    return NOT_A_DATE


def read_figure(number: float, written: str = "") -> Written:
    """Read a bare figure as a date: 20250102, 202501, an epoch in ms or s, an Excel day.

    Examples
    --------
    >>> read_figure(20250102).day, read_figure(45000).day
    (datetime.date(2025, 1, 2), datetime.date(2023, 3, 15))
    """
    whole = int(number)
    size = len(written.partition(".")[0]) if written else len(str(whole))
    if number == whole:
        if size in (12, 14):
            date = whole // 10 ** (size - 8)
            found = make_day(date // 10_000, date // 100 % 100, date % 100)
            return Written("yyyymmddHHMM", found) if found and 1900 <= found.year <= 2100 else NOT_A_DATE
        if size == 8 and 1900 <= whole // 10_000 <= 2100:
            return _dated("yyyymmdd", str(whole // 10_000), whole // 100 % 100, whole % 100)
        if size == 6 and 1900 <= whole // 100 <= 2100:
            return _dated("yyyymm", str(whole // 100), whole % 100, 1)
    low, high = _EPOCH_SECONDS
    for digits, unit, name in ((13, 1000, "epoch ms"), (10, 1, "epoch s")):
        if size == digits and low * unit <= number < high * unit:
            seconds = number / unit
            day = (dt.datetime(1970, 1, 1) + dt.timedelta(seconds=seconds)).date()
            return Written(name, day, instant=seconds, in_utc=True)
    if SERIAL_RANGE[0] <= number <= SERIAL_RANGE[1] and size == 5:
        return Written("Excel 45000", dt.date(1899, 12, 30) + dt.timedelta(days=whole), serial=True)
    return NOT_A_DATE
