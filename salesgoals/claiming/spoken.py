"""What people said, as the ledger keeps it: the last claim of each person with who, when and why."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesgoals.entries.rows import numbers_of
from salesgoals.ledger import Ledger

CLAIMED = "claimed"
BETWEEN = " | "


def put_words(why: str, reasons: Mapping[str, str]) -> str:
    """Keep the occasion and each person's own reason in one text, a line each.

    Examples
    --------
    >>> print(put_words("meeting", {"7": "new customer", "8": ""}))
    meeting
    7 | new customer
    """
    lines = [f"{person}{BETWEEN}{' '.join(reason.split())}" for person, reason in reasons.items()
             if reason.strip()]
    return "\n".join([why, *lines])


def read_words(why: str) -> tuple[str, dict[str, str]]:
    """Read what :func:`put_words` wrote: the occasion, and each person's own reason.

    Examples
    --------
    >>> read_words(put_words("meeting", {"7": "new customer", "8": ""}))
    ('meeting', {'7': 'new customer'})
    """
    occasion, *lines = why.split("\n")
    own = (line.partition(BETWEEN) for line in lines if BETWEEN in line)
    return occasion, {person: reason for person, _, reason in own}


def last_words(ledger: Ledger, span: tuple[pd.Timestamp, pd.Timestamp]) -> pd.DataFrame:
    """List the last claim of each person for a plan's months.

    Parameters
    ----------
    ledger : Ledger
        The workspace's ledger.
    span : tuple of Timestamp
        First and last month.

    Returns
    -------
    DataFrame
        Columns person_id, claimed, who, at (the company's own time), why, entry, own_words (False where why
        is what was said of everybody in the same entry); people who have not
        claimed, or have taken their claim back, have no row.
    """
    empty = pd.DataFrame({"person_id": pd.Series(dtype="str"), "claimed": pd.Series(dtype="Int64"),
                          "who": pd.Series(dtype="str"), "at": pd.Series(dtype="datetime64[us]"),
                          "why": pd.Series(dtype="str"), "entry": pd.Series(dtype="Int64"),
                          "own_words": pd.Series(dtype="boolean")})
    changes = ledger.changes(CLAIMED)
    if changes.empty:
        return empty
    first, last = (f"{day:%Y-%m-%d}" for day in (span[0], span[1] + pd.offsets.MonthEnd(0)))
    own = changes[(changes.period_start == first) & (changes.period_end == last)
                  & changes.product_line.isna() & (changes.metric == "amount")]
    latest = own[~own.person_id.duplicated(keep="last")]  # "+" follows "-": a claim taken back ends in "-"
    latest = latest[latest.added].reset_index(drop=True)
    if latest.empty:
        return empty
    entries = ledger.history().set_index("entry")
    told = entries[["who", "at"]].loc[latest.entry]  # not why: the text of a large entry is long
    words = {entry: read_words(why) for entry, why in entries.why[entries.index.isin(latest.entry)].items()}
    own = [words[entry][1].get(person)
           for entry, person in zip(latest.entry, latest.person_id, strict=True)]
    said = pd.DataFrame({
        "person_id": latest.person_id.to_numpy(), "claimed": numbers_of(latest.goal).array,
        "who": told.who.to_numpy(), "at": told["at"].dt.tz_localize(None).array,
        "why": [words[entry][0] if reason is None else reason
                for entry, reason in zip(latest.entry, own, strict=True)],
        "entry": latest.entry.to_numpy(), "own_words": [reason is not None for reason in own]})
    return said.astype({"person_id": "str", "claimed": "Int64", "entry": "Int64", "why": "str", "who": "str",
                        "own_words": "boolean"})
