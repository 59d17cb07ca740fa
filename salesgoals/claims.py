"""Claiming goals (目标认领): proposed, claimed and agreed stand side by side, each with who and when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from salesgoals.claiming.amounts import find_person, mark_of_proposal, read_amount
from salesgoals.claiming.returned import Proposal, list_claim_files, read_returned
from salesgoals.claiming.spoken import CLAIMED, last_words, put_words
from salesgoals.fairness.gap import top_down_against_bottom_up
from salesgoals.goal import chance_of_people
from salesgoals.ledger import Ledger, open_ledger
from salesgoals.paying.names import name_people
from salesgoals.plans import SavedPlan, load_plan
from salesgoals.problems import Problem, SalesgoalsError, raise_if_any
from salesgoals.recorded import read_receipt
from salesgoals.workspace import Workspace

AGREED = "agreed"
BEFORE = "claims_proposal"  # the study in which an agreed plan keeps what had been proposed
BOARD_COLUMNS = ["person_id", "person", "department", "team", "last_12", "proposed", "claimed", "agreed",
                 "gap", "chance", "claimed_chance", "who", "at", "why", "entry", "own_words"]


@dataclass(frozen=True)
class Proposed:
    """What people claim against: the saved plan and what was proposed to each person in it.

    Parameters
    ----------
    saved : SavedPlan
        The plan that the workspace holds.
    people : DataFrame
        ``Plan.people`` with the proposed goal, also after an agreement.
    version : str
        Under which name it was proposed.
    """

    saved: SavedPlan
    people: pd.DataFrame
    version: str

    @property
    def unit(self) -> int:
        """Goals are whole multiples of it."""
        return int(self.saved.parameters["unit"])

    @property
    def span(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """First and last month."""
        first = pd.Timestamp(self.saved.parameters["start"])
        return first, first + pd.DateOffset(months=int(self.saved.parameters["months"]) - 1)

    @property
    def sheet(self) -> Proposal:
        """What claim sheets are made from and held against."""
        goals = self.people.set_index("person_id")[["person", "goal"]]
        about = f"{self.saved.parameters['start']} {self.saved.parameters['months']} {self.unit}"
        return Proposal(mark_of_proposal(goals.goal, about), self.unit, goals)


@dataclass(frozen=True)
class Claimed:
    """What became of one or several claims.

    Parameters
    ----------
    entry : int
        Number of the ledger's entry that holds them; the last one where nothing changed.
    recorded : bool
        False when everything had been claimed like that before.
    claims : DataFrame
        Columns person_id, claim (currency units; empty where it was taken back).
    notes : list of Problem
        Doubts that a person should look at; none of them stopped anything.
    """

    entry: int
    recorded: bool
    claims: pd.DataFrame
    notes: list[Problem] = field(default_factory=list)


def proposal_of(workspace: Workspace) -> Proposed:
    """Find what was proposed to each person: the saved plan or, after an agreement, the plan before it.

    Raises
    ------
    SalesgoalsError
        If there is no plan, or the data have changed since it was made.
    """
    return _proposal_in(load_plan(workspace))


def _proposal_in(saved: SavedPlan) -> Proposed:
    before = saved.studies.get(BEFORE)
    if before is None or before.empty:
        return Proposed(saved, saved.plan.people, str(saved.parameters["version"]))
    goals = before.set_index("person_id").goal
    people = saved.plan.people.assign(goal=saved.plan.people.person_id.map(goals).astype("int64"))
    return Proposed(saved, people, str(before.version.iloc[0]))


def levels_of(workspace: Workspace) -> pd.DataFrame:
    """Base, target and stretch of each person where the plan has them: columns person_id and these three."""
    levels = load_plan(workspace).studies.get("levels_people", pd.DataFrame())
    if levels.empty:
        return pd.DataFrame({"person_id": pd.Series(dtype="str")})
    return levels.rename(columns={"goal": "target"})[["person_id", "base", "target", "stretch"]]


def claim_goal(workspace: Workspace, person: str, amount: Any, *, who: str, why: str,
               based_on: int | None = None) -> Claimed:
    """Record what one person claims; the proposal stays as it is beside it.

    Parameters
    ----------
    workspace : Workspace
        A workspace with a plan.
    person : str
        Id, or name where only one person has it.
    amount : number or str
        For all months of the plan: a number, ``"120万"``, ``"1,200,000"``; a multiple of the plan's unit.
    who, why : str
        Who says so, and for what reason.
    based_on : int, optional
        The last entry of the ledger that was seen (``claim_board(...).attrs["entry"]``): if the same
        person's claim has been changed since, nothing is recorded.

    Returns
    -------
    Claimed
        With doubts, such as a claim of less than half of the proposal.

    Raises
    ------
    SalesgoalsError
        If person or amount cannot be meant; a blank is no claim of 0. Nothing is recorded then.
    """
    proposed = proposal_of(workspace)
    found = find_person(proposed.people, person, workspace.tables["people"])
    if isinstance(found, Problem):
        raise SalesgoalsError(found)
    row = proposed.people.set_index("person_id").loc[found]
    claim, problems = read_amount(amount, float(row.goal), proposed.unit, node=str(row.person))
    if claim is None and not problems:
        problems = [Problem("claims.amount_blank", node=str(row.person))]
    raise_if_any(problems)
    table = pd.DataFrame({"person_id": [found], "claim": [claim]})
    return _record(workspace, proposed, table, who=who, why=why, based_on=based_on, notes=problems)


def record_claims(workspace: Workspace, claims: pd.DataFrame, *, who: str, why: str,
                  based_on: int | None = None) -> Claimed:
    """Record the claims of several people in one go: all of them or, if anything is wrong, none.

    Parameters
    ----------
    workspace : Workspace
        A workspace with a plan.
    claims : DataFrame
        Columns person_id, claim (empty: not claimed), reason (optional).
    who, why : str
        Who records them, and on what occasion.
    based_on : int, optional
        As for :func:`claim_goal`.

    Returns
    -------
    Claimed
        One entry of the ledger holds them all.
    """
    proposed = proposal_of(workspace)
    people = proposed.people.set_index("person_id")
    everybody, problems, lines = workspace.tables["people"], [], []
    ids, names = set(people.index), name_people(proposed.people)
    reasons = claims.reason if "reason" in claims else pd.Series("", index=claims.index)
    for person, amount, reason in zip(claims.person_id, claims.claim, reasons, strict=True):
        found = str(person) if person in ids else find_person(proposed.people, person, everybody)
        if isinstance(found, Problem):
            problems.append(found)
            continue
        claim, odd = read_amount(amount, float(people.goal[found]), proposed.unit, node=names[found])
        problems += odd
        if claim is not None:
            lines.append((found, claim, "" if reason is None or reason != reason else str(reason)))
    table = pd.DataFrame(lines, columns=["person_id", "claim", "reason"])
    problems += [Problem("claims.person_twice", node=names[person])
                 for person in table.person_id[table.person_id.duplicated()].unique()]
    if not lines and not problems:
        problems.append(Problem("claims.nothing_claimed"))
    raise_if_any(problems)
    spoken = put_words(why, dict(zip(table.person_id, table.reason, strict=True)))
    return _record(workspace, proposed, table, who=who, why=spoken, based_on=based_on, notes=problems)


def withdraw_claim(workspace: Workspace, person: str, *, who: str, why: str,
                   based_on: int | None = None) -> Claimed:
    """Take a claim back by a new entry: the person has then not claimed, which is not a claim of 0."""
    proposed = proposal_of(workspace)
    found = find_person(proposed.people, person, workspace.tables["people"])
    if isinstance(found, Problem):
        raise SalesgoalsError(found)
    table = pd.DataFrame({"person_id": [found], "claim": pd.array([None], dtype="Int64")})
    return _record(workspace, proposed, table, who=who, why=why, based_on=based_on, notes=[])


def read_claim_sheets(workspace: Workspace, place: str | Path, *, who: str, why: str) -> Claimed:
    """Read claim sheets that came back and record what people claimed; with any mistake, nothing is recorded.

    Parameters
    ----------
    workspace : Workspace
        The workspace whose plan the sheets were made from.
    place : str or Path
        A folder with sheets, or one file, as Excel, WPS or LibreOffice saved it.
    who, why : str
        Who records them, and on what occasion; the reasons in the sheets are kept with it.

    Returns
    -------
    Claimed
        Blank cells are "not claimed"; an edited proposal changes nothing and is named among the notes.

    Raises
    ------
    SalesgoalsError
        With all mistakes in all files at once, each with its file, sheet, row and column.
    """
    proposed = proposal_of(workspace)
    files, problems = list_claim_files(Path(place))
    table, found = read_returned(files, proposed.sheet)
    problems += found
    raise_if_any(problems)
    if table.empty:
        raise SalesgoalsError([Problem("claims.nothing_claimed"), *problems])
    names = ", ".join(dict.fromkeys(table.file))
    spoken = put_words(f"{why} ({names})", dict(zip(table.person_id, table.reason, strict=True)))
    return _record(workspace, proposed, table, who=who, why=spoken, based_on=None, notes=problems)


def claim_board(workspace: Workspace) -> pd.DataFrame:
    """Put proposed, claimed and agreed side by side, a row for each person, each claim with who and when.

    Parameters
    ----------
    workspace : Workspace
        A workspace with a plan.

    Returns
    -------
    DataFrame
        Columns person_id, person, department, team, last_12, proposed, claimed, agreed (empty: not set), gap
        (claimed - proposed), chance (of the proposal), claimed_chance, who, at, why, entry (of the claim),
        own_words (False where why was said of several people at once).
        ``attrs["entry"]`` is the last entry of the ledger, to be handed to ``based_on``.
    """
    proposed = proposal_of(workspace)
    return board_of(workspace, proposed)


def board_of(workspace: Workspace, proposed: Proposed) -> pd.DataFrame:
    """The board of :func:`claim_board` for a plan that has been loaded already."""
    with open_ledger(workspace) as ledger:
        head = ledger.head
        said = last_words(ledger, proposed.span)
        agreed = _agreed(workspace, ledger, proposed)
    people = proposed.people
    board = people[["person_id", "person", "department", "team", "last_12"]].reset_index(drop=True)
    board["proposed"] = people.goal.to_numpy("int64")
    board = board.merge(said, on="person_id", how="left")
    board["agreed"] = board.person_id.map(agreed).astype("Int64")
    board["gap"] = board.claimed - board.proposed
    for name, goals in (("chance", board.proposed), ("claimed_chance", board.claimed)):
        wanted = pd.Series(goals.astype("float64").to_numpy(), index=board.person_id)
        known = wanted[wanted.index.isin(proposed.saved.forecast.people.index)]
        board[name] = chance_of_people(proposed.saved.forecast, known).reindex(wanted.index).to_numpy(float)
    board = board[BOARD_COLUMNS]
    board.attrs["entry"] = 0 if head is None else head.entry
    return board


def _agreed(workspace: Workspace, ledger: Ledger, proposed: Proposed) -> pd.Series:
    """What each person agreed to for the plan's months, from the ledger; quicker where the plan holds it."""
    history = ledger.history()
    entries = history.entry[history.version == AGREED]
    if proposed.saved.parameters["version"] == AGREED:
        receipt = read_receipt(workspace)
        if receipt is None or entries.empty or entries.max() <= receipt["entry"]:
            return proposed.saved.plan.people.set_index("person_id").goal.astype("Int64")
    if entries.empty:
        return pd.Series(dtype="Int64")
    goals = ledger.as_of(version=AGREED)
    first, last = proposed.span
    inside = goals.period_start.between(first, last + pd.offsets.MonthEnd(0)) & (goals.metric == "amount")
    return goals[inside].groupby("person_id").goal.sum().astype("Int64")


def claim_gap(workspace: Workspace, board: pd.DataFrame | None = None) -> pd.DataFrame:
    """Set proposed beside claimed at every node; who has not claimed yet counts apart, never as 0.

    Parameters
    ----------
    workspace : Workspace
        A workspace with a plan.
    board : DataFrame, optional
        From :func:`claim_board`, where it is at hand.

    Returns
    -------
    DataFrame
        As :func:`salesgoals.review.top_down_against_bottom_up`.
    """
    board = claim_board(workspace) if board is None else board
    claims = board[["person_id", "claimed"]].rename(columns={"claimed": "goal"})
    return top_down_against_bottom_up(board.rename(columns={"proposed": "goal"}),
                                      claims.astype({"goal": "float64"}))


def claim_tables(workspace: Workspace, saved: SavedPlan,
                 mine: Collection[str] | None = None) -> dict[str, pd.DataFrame]:
    """Return what a report says about claims: the board, cut to the reader's people, and the gap of these.

    Parameters
    ----------
    workspace : Workspace
        Whose ledger holds the claims.
    saved : SavedPlan
        The plan of the report.
    mine : collection of str, optional
        The reader's people; by default everybody.

    Returns
    -------
    dict of str to DataFrame
        claims_board and claims_gap; what was said of people outside ``mine`` too is left out. Nothing where
        the ledger cannot be read: the report's section on the ledger says why.
    """
    try:
        board = board_of(workspace, _proposal_in(saved))
    except SalesgoalsError:
        return {}
    if mine is not None:
        outside = set(board.entry[~board.person_id.isin(list(mine))].dropna())
        board = board[board.person_id.isin(list(mine))].reset_index(drop=True)
        shared = board.entry.isin(outside) & ~board.own_words.fillna(True).astype(bool)
        board["why"] = board.why.where(~shared)
    if board.claimed.isna().all() and board.agreed.isna().all():
        return {"claims_board": board.iloc[:0]}
    return {"claims_board": board, "claims_gap": claim_gap(workspace, board)}


def _record(workspace: Workspace, proposed: Proposed, table: pd.DataFrame, *, who: str, why: str,
            based_on: int | None, notes: list[Problem]) -> Claimed:
    people = proposed.people.set_index("person_id").loc[table.person_id].reset_index()
    first, last = proposed.span
    rows = people[["department", "team", "person_id", "person"]].assign(
        period_start=first, period_end=last + pd.offsets.MonthEnd(0), product_line=None, metric="amount",
        goal=pd.array(table.claim, dtype="Int64"), unit=str(proposed.unit))
    taken_back = bool(table.claim.isna().all())
    with open_ledger(workspace) as ledger:
        if taken_back and CLAIMED not in ledger.versions():  # nothing to take back from a ledger not yet made
            return Claimed(0, False, table, [*notes, Problem("claims.nothing_to_withdraw", level="note")])
        entry = ledger.record(CLAIMED, rows, who=who, why=why, based_on=based_on)
    if not entry.recorded:
        code = "claims.nothing_to_withdraw" if taken_back else "claims.unchanged"
        notes = [*notes, Problem(code, level="note")]
    return Claimed(entry.entry, entry.recorded, table[["person_id", "claim"]], [*notes, *entry.notes])
