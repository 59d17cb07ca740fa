"""All claims of a session as one table: for the trainer's desk, and as a file."""

from __future__ import annotations

import io
from datetime import datetime

import pandas as pd

from salesgoals.run.serving.figures import Figures
from salesgoals.run.serving.store import Store
from salesgoals.tables import safe_for_excel
from salesgoals.words import say


def list_claims(figures: Figures, store: Store) -> pd.DataFrame:
    """All claims as a table: proposed beside claimed, a row for each person of the plan."""
    said, names = store.said(), figures.names()
    rows = []
    for row in figures.people.itertuples():
        one = said.get(row.person_id)
        amount = None if one is None else one.amount
        rows.append((row.person_id, names[row.person_id], row.department, row.team, int(row.goal),
                     figures.chance_of_claim(row.person_id, row.goal), amount,
                     float("nan") if amount is None else figures.chance_of_claim(row.person_id, amount),
                     None if amount is None else amount - int(row.goal),
                     "" if one is None or amount is None else one.reason,
                     None if one is None or amount is None else one.at))
    return pd.DataFrame(rows, columns=["person_id", "person", "department", "team", "proposed", "chance",
                                       "claimed", "claimed_chance", "gap", "reason", "at"]
                        ).astype({"claimed": "Int64", "gap": "Int64"})


def write_claims(figures: Figures, store: Store) -> bytes:
    """The table as a file that Excel opens as it should; no name or reason in it can become a formula."""
    table = list_claims(figures, store)
    table["at"] = ["" if pd.isna(at) else f"{datetime.fromtimestamp(at.timestamp()):%Y-%m-%d %H:%M:%S}"
                   for at in table["at"]]
    for name in ("chance", "claimed_chance"):
        table[name] = table[name].round(4)
    heads = {"at": say("claims.head_at"), "reason": say("claims.head_why"),
             "department": say("serve.head_department")}
    known = ("person_id", "person", "team", "proposed", "chance", "claimed", "claimed_chance", "gap")
    heads |= {name: say(f"claims.head_{name}") for name in known}
    heads |= {"chance": say("serve.head_chance"), "claimed_chance": say("serve.head_claimed_chance")}
    with io.StringIO() as text:
        safe_for_excel(table).rename(columns=heads).to_csv(text, index=False, lineterminator="\n")
        return text.getvalue().encode("utf-8-sig")
