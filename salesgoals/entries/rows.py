"""Goals as the ledger keeps them: every value an exact text, nothing where nothing was set."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from salesgoals.problems import Problem, SalesgoalsError
from salesgoals.words import all_words, say

#: what a goal is known by and what is said about it, in order
ROW = ["department", "team", "person_id", "person", "period_start", "period_end", "product_line", "metric",
       "goal", "unit"]
#: what makes a goal one and the same; department and team count where it belongs to no person
KEY = ["person_id", "period_start", "period_end", "product_line", "metric"]
PLACE = ["department", "team"]
MAIN_METRIC = "amount"
SCOPES = ("same_keys", "same_period", "all")
FINEST = Decimal("0.0001")
EXACT_FLOATS = 2.0**53
LARGEST_CODE = 2**62
_MONEY = pa.decimal128(38, 4)
#: names that we gave ourselves: kept in one language, said in the reader's
OWN_NAMES = ("decompose.company", "decompose.no_team", "decompose.no_line", "decompose.all_products")
OWN_PLACES = OWN_NAMES[:2]
NAMED_COLUMNS = ("department", "team", "product_line")


def rows_of_plan(goals: pd.DataFrame) -> pd.DataFrame:
    """Turn the months of a plan into periods with a first and a last day.

    Parameters
    ----------
    goals : pandas.DataFrame
        ``Plan.goals``, or any goals with a column month (its first day).

    Returns
    -------
    pandas.DataFrame
        The same rows with period_start and period_end (last day inclusive) in the place of month.

    Examples
    --------
    >>> plan = pd.DataFrame({"person_id": ["7"], "month": [pd.Timestamp("2026-02-01")], "goal": [100]})
    >>> rows_of_plan(plan)[["period_start", "period_end"]].astype("str").values.tolist()
    [['2026-02-01', '2026-02-28']]
    """
    if "month" not in goals:
        return goals.copy()
    first = pd.to_datetime(goals.month).dt.to_period("M").dt.to_timestamp()
    rows = goals.drop(columns="month")
    place = list(goals.columns).index("month")
    rows.insert(place, "period_start", first)
    rows.insert(place + 1, "period_end", first + pd.offsets.MonthEnd(0))
    return rows


def in_reader_words(table: pd.DataFrame) -> pd.DataFrame:
    """Say the names that we gave ourselves ("no team", "no product line") in the language in use."""
    return _renamed(table, {key: say(key) for key in OWN_NAMES})


def without_own_places(goals: pd.DataFrame) -> pd.DataFrame:
    """Leave department and team blank where a plan only gave people without one a name of ours.

    What people sell is known by the teams on record; a team of our own would have a goal and never a sale.
    """
    ours = {text for key in OWN_PLACES for text in all_words()[key].values()}
    return goals.assign(**{column: goals[column].mask(goals[column].isin(ours)) for column in PLACE})


def _renamed(table: pd.DataFrame, wanted: dict[str, str]) -> pd.DataFrame:
    ours = {text: wanted[key] for key in OWN_NAMES for text in all_words()[key].values()}
    named = {column: table[column].replace(ours) for column in NAMED_COLUMNS if column in table}
    return table.assign(**named) if named else table


def plain_rows(goals: pd.DataFrame) -> pd.DataFrame:
    """Write goals as the ledger keeps them: every value a text, what is blank stays not set.

    Parameters
    ----------
    goals : pandas.DataFrame
        Columns goal and period_start (or month); any other of ``ROW``. Amounts are kept to four decimals.

    Returns
    -------
    pandas.DataFrame
        Columns ``ROW``, all text. A row whose goal is blank means "not set (any more)".

    Raises
    ------
    SalesgoalsError
        If columns are missing, a goal is no number, a day is no date, or one goal stands there twice.
    """
    goals = rows_of_plan(goals).reset_index(drop=True)
    missing = [name for name in ("goal", "period_start") if name not in goals]
    if missing:
        raise SalesgoalsError(Problem("ledger.columns_missing", found=", ".join(missing)))
    data: dict[str, pd.Series] = {}
    for name in ROW:
        if name not in goals:
            data[name] = pd.Series(MAIN_METRIC if name == "metric" else None, index=goals.index, dtype="str")
        elif name == "goal":
            data[name] = goal_texts(goals.goal)
        elif name in ("period_start", "period_end"):
            data[name] = _day_texts(goals[name])
        else:
            words = goals[name].astype("str").where(goals[name].notna())
            data[name] = words.where(words != "")
    rows = _renamed(pd.DataFrame(data, columns=ROW).reset_index(drop=True),
                    {key: all_words()[key]["en"] for key in OWN_NAMES})
    if rows.period_start.isna().any():
        raise SalesgoalsError(Problem("ledger.no_period", count=int(rows.period_start.isna().sum())))
    twice = pd.Series(codes_of(rows)).duplicated()
    if twice.any():
        example = rows[twice.to_numpy()].iloc[0]
        raise SalesgoalsError(Problem(
            "ledger.key_twice", count=int(twice.sum()), who=_name_of(example), period=example.period_start))
    return rows


def _name_of(row: pd.Series) -> str:
    names = [row.person, row.person_id, row.team, row.department]
    return next((str(name) for name in names if isinstance(name, str)), say("decompose.company"))


def _day_texts(days: pd.Series) -> pd.Series:
    try:
        stamps = pd.to_datetime(days)
    except (ValueError, TypeError) as error:
        raise SalesgoalsError(Problem("ledger.no_date", found=str(error).splitlines()[0])) from error
    dates = pa.array(stamps.astype("datetime64[us]"), pa.timestamp("us"), from_pandas=True).cast(pa.date32())
    return pd.Series(dates.cast(pa.string()).to_pandas().to_numpy(), index=days.index, dtype="str")


def goal_texts(goals: pd.Series) -> pd.Series:
    """Write goals as exact texts: ``120000``, ``0.35``; blank stays blank.

    Examples
    --------
    >>> goal_texts(pd.Series([120000.0, 0.35, None, -0.0])).fillna("").tolist()
    ['120000', '0.35', '', '0']
    """
    if pd.api.types.is_bool_dtype(goals):
        raise SalesgoalsError(Problem("ledger.no_number", found=str(goals.iloc[0])))
    if pd.api.types.is_integer_dtype(goals):
        whole = pa.array(goals, pa.int64(), from_pandas=True).cast(pa.string())
        return pd.Series(whole.to_pandas().to_numpy(), index=goals.index, dtype="str")
    texts = pd.Series(None, index=goals.index, dtype=object)
    rest = goals.notna()
    if pd.api.types.is_float_dtype(goals):
        values = goals.astype("float64").to_numpy()
        with np.errstate(invalid="ignore"):
            whole_ones = np.isfinite(values) & (values == np.floor(values)) & (np.abs(values) < EXACT_FLOATS)
        exact = pa.array(values[whole_ones].astype("int64")).cast(pa.string())
        texts[whole_ones] = exact.to_pandas().to_numpy()
        rest &= ~whole_ones
    texts[rest.to_numpy()] = [_text_of(value) for value in goals[rest]]
    return texts.astype("str").where(goals.notna().to_numpy())


def _text_of(value: object) -> str:
    try:
        number = Decimal(str(value.item() if hasattr(value, "item") else value))
        if not number.is_finite():
            raise InvalidOperation
        number = number.quantize(FINEST, ROUND_HALF_EVEN)
    except InvalidOperation as error:
        raise SalesgoalsError(Problem("ledger.no_number", found=str(value))) from error
    return plain_number(number)


def plain_number(number: Decimal) -> str:
    """Write a decimal without exponent, closing zeros or a minus before nothing.

    Examples
    --------
    >>> plain_number(Decimal("1.2E+5")), plain_number(Decimal("-0.3500")), plain_number(Decimal("-0.0000"))
    ('120000', '-0.35', '0')
    """
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def numbers_of(texts: pd.Series) -> pd.Series:
    """Read exact texts as numbers: whole ones as ``Int64``, a column with fractions as floats.

    Examples
    --------
    >>> numbers_of(pd.Series(["7", None], dtype="str")).dtype
    Int64Dtype()
    >>> numbers_of(pd.Series(["7", "0.35"], index=[5, 5])).tolist()
    [7.0, 0.35]
    """
    values = pa.array(texts.astype(object).where(texts.notna(), None), pa.string())
    try:
        whole = values.cast(pa.int64())
    except pa.ArrowInvalid:
        return pd.Series(values.cast(pa.float64()).to_pandas().to_numpy(), index=texts.index, dtype="float64")
    return pd.Series(whole.to_pandas(integer_object_nulls=True).to_numpy(), index=texts.index).astype("Int64")


def exact_sum(texts: pd.Series) -> str | None:
    """Add exact texts up to an exact text; nothing where nothing is set.

    Examples
    --------
    >>> exact_sum(pd.Series(["0.1"] * 10)), exact_sum(pd.Series([], dtype="str"))
    ('1', None)
    """
    values = pa.array(texts.dropna().astype(object), pa.string())
    return plain_number(pc.sum(values.cast(_MONEY)).as_py()) if len(values) else None


def codes_of(rows: pd.DataFrame, whole_row: bool = False) -> np.ndarray:
    """Give each row a whole number: the same for the same goal (or, with ``whole_row``, the same content)."""
    columns = {name: rows[name] for name in (ROW if whole_row else KEY)}
    if not whole_row:
        columns |= {name: rows[name].where(rows.person_id.isna()) for name in PLACE}
    if "version" in rows:
        columns["version"] = rows.version
    codes, largest = np.zeros(len(rows), dtype="int64"), 1
    for column in columns.values():
        part, values = pd.factorize(column)
        if largest * (len(values) + 1) >= LARGEST_CODE:
            codes = pd.factorize(codes)[0].astype("int64")
            largest = len(codes)
        codes = codes * (len(values) + 1) + part + 1
        largest *= len(values) + 1
    return codes


def find_changes(state: pd.DataFrame, rows: pd.DataFrame, replaces: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare what is set with what is to be set.

    Parameters
    ----------
    state, rows : pandas.DataFrame
        Columns ``ROW``, as :func:`plain_rows` writes them.
    replaces : str
        What the new rows take the place of: ``same_keys`` (only the same goals), ``same_period`` (all goals
        within the days that the new rows span) or ``all``.

    Returns
    -------
    tuple of DataFrame
        The rows as they were and as they become; what stays the same is in neither.
    """
    if replaces not in SCOPES:
        raise SalesgoalsError(Problem("ledger.replaces", found=replaces, known=", ".join(SCOPES)))
    both = pd.concat([state[ROW], rows[ROW]], ignore_index=True)
    keys, contents = codes_of(both), codes_of(both, whole_row=True)
    old, new = slice(0, len(state)), slice(len(state), None)
    is_set = rows.goal.notna().to_numpy()
    touched = np.isin(keys[old], keys[new])
    if replaces == "all":
        touched[:] = True
    elif replaces == "same_period" and len(rows):
        ends = rows.period_end.fillna(rows.period_start)
        own_ends = state.period_end.fillna(state.period_start)
        touched |= ((state.period_start >= rows.period_start.min()) & (own_ends <= ends.max())).to_numpy()
    removed = touched & ~np.isin(contents[old], contents[new][is_set])
    added = is_set & ~np.isin(contents[new], contents[old])
    return state[ROW][removed].reset_index(drop=True), rows[ROW][added].reset_index(drop=True)


def last_state(changes: pd.DataFrame) -> pd.DataFrame:
    """Return what is set after all changes, given in order: columns version and ``ROW``."""
    last = ~pd.Series(codes_of(changes)).duplicated(keep="last").to_numpy()
    return changes[last & changes.added.to_numpy()][["version", *ROW]].reset_index(drop=True)
