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


def words_of(why: str, person_id: str) -> str:
    """Find a person's own reason in what :func:`put_words` wrote; else the occasion.

    Examples
    --------
    >>> words_of(put_words("meeting", {"7": "new customer"}), "7")
    'new customer'
    """
    own = own_words(why, person_id)
    return why.split("\n")[0] if own is None else own


def own_words(why: str, person_id: str) -> str | None:
    """Find a person's own reason; None where only the occasion was given."""
    begin = f"{person_id}{BETWEEN}"
    return next((line[len(begin):] for line in why.split("\n")[1:] if line.startswith(begin)), None)


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
    told = entries.loc[latest.entry]
    said = pd.DataFrame({"person_id": latest.person_id.to_numpy(),
                         "claimed": numbers_of(latest.goal).array, "who": told.who.to_numpy(),
                         "at": told["at"].dt.tz_localize(None).array, "why": told.why.to_numpy(),
                         "entry": latest.entry.to_numpy()})
    said["own_words"] = [own_words(why, person) is not None
                         for why, person in zip(said.why, said.person_id, strict=True)]
    said["why"] = [words_of(why, person) for why, person in zip(said.why, said.person_id, strict=True)]
    return said.astype({"person_id": "str", "claimed": "Int64", "entry": "Int64", "why": "str", "who": "str",
                        "own_words": "boolean"})

