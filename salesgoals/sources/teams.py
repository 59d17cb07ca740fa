"""Who was in which team, from when to when: from lists of people, records of moves, or the sales."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from salesgoals.problems import Problem
from salesgoals.sources.parts import Part, row_texts
from salesgoals.sources.refs import Directory, find_all

MEMBERSHIP = ["person_id", "department", "team", "valid_from", "valid_to"]
DAY = pd.Timedelta(days=1)


def _get(frame: pd.DataFrame, name: str) -> pd.Series:
    if name in frame:
        return frame[name].astype(object).where(frame[name].notna(), None)
    return pd.Series([None] * len(frame), index=frame.index, dtype=object)


def spans_from_people(parts: Sequence[Part]) -> pd.DataFrame:
    """Take each person's team from the lists of people: since the day of hire, or since always.

    A list without a team names the manager's team after the manager (sales_teams style), or takes the region.
    """
    frames = []
    for part in parts:
        frame = part.frame[part.kept]
        team = _get(frame, "team")
        if not team.notna().any():
            team = _get(frame, "manager_id") if "department" in frame or "region" in frame else team
        department = _get(frame, "department")
        if not team.notna().any() and not department.notna().any():
            team = _get(frame, "region")
        elif not department.notna().any() and "team" not in frame:
            department = _get(frame, "region")
        if team.notna().any() or department.notna().any():
            frames.append(pd.DataFrame({"person_id": frame.person_id, "department": department, "team": team,
                                        "valid_from": _get(frame, "hire_date"), "valid_to": None}))
    spans = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=MEMBERSHIP)
    return _dates(spans[spans.team.notna() | spans.department.notna()]).drop_duplicates()


def _dates(spans: pd.DataFrame) -> pd.DataFrame:
    return spans.assign(valid_from=pd.to_datetime(spans.valid_from), valid_to=pd.to_datetime(spans.valid_to))


def build_membership(people_parts: Sequence[Part], move_parts: Sequence[Part], people: pd.DataFrame,
                     directory: Directory) -> tuple[pd.DataFrame, list[Problem]]:
    """Put lists of people and records of moves together into one dated membership.

    Parameters
    ----------
    people_parts, move_parts : sequence of Part
        Lists of people with their team; lists of who was where from when, or who moved from where to where.
    people : DataFrame
        The people.
    directory : Directory
        Finds them by number or name.

    Returns
    -------
    tuple
        Membership, one row for each person and span; and problems.
    """
    base = spans_from_people(people_parts)
    problems: list[Problem] = []
    stints: list[pd.DataFrame] = []
    moves: list[pd.DataFrame] = []
    for part in move_parts:
        frame = part.frame
        found = find_all(directory, frame.get("person_id"), frame.get("person"), frame.index)
        frame["person_id"] = found.ids
        part.set_aside(frame.person_id.isna(), "collect.person_missing",
                       column=part.mapping.columns.get("person_id") or part.mapping.columns.get("person"))
        columns = [*MEMBERSHIP, "from_department", "from_team"]
        part.set_aside(row_texts(pd.DataFrame({c: _get(frame, c) for c in columns})).duplicated(),
                       "collect.duplicate", level="note", found=frame.person_id)
        kept = frame[part.kept]
        table = _dates(pd.DataFrame({column: _get(kept, column) for column in columns}))
        (moves if "from_team" in frame or "from_department" in frame else stints).append(table)
    spans = pd.concat(stints, ignore_index=True)[MEMBERSHIP] if stints else base.iloc[:0]
    spans = _close(pd.concat([spans, base[~base.person_id.isin(spans.person_id)]], ignore_index=True)) \
        if len(spans) else base
    if moves:
        spans = _with_moves(spans, pd.concat(moves, ignore_index=True), people, problems)
    known = spans.dropna(subset=["department"]).drop_duplicates("team").set_index("team").department
    spans["department"] = spans.department.where(spans.department.notna(), spans.team.map(known))
    return spans[MEMBERSHIP].sort_values(["person_id", "valid_from"], na_position="first",
                                         ignore_index=True), problems


def _close(spans: pd.DataFrame) -> pd.DataFrame:
    """End a span without an end on the day before the person's next one."""
    ordered = spans.sort_values(["person_id", "valid_from"], na_position="first", ignore_index=True)
    follows = ordered.groupby("person_id").valid_from.shift(-1)
    return ordered.assign(valid_to=ordered.valid_to.where(ordered.valid_to.notna(), follows - DAY))


def _with_moves(base: pd.DataFrame, moves: pd.DataFrame, people: pd.DataFrame, problems: list[Problem],
                ) -> pd.DataFrame:
    """Lay moves (from where, to where, on which day) over the teams of the list of people."""
    result = [base[~base.person_id.isin(moves.person_id)]]
    hired = (
        people.drop_duplicates("person_id").set_index("person_id").hire_date if len(people) else pd.Series()
    )
    for person, own in moves.sort_values("valid_from").groupby("person_id", sort=False):
        first, last = own.iloc[0], own.iloc[-1]
        listed = base[base.person_id == person]
        now = listed.team.iloc[-1] if len(listed) else None
        if now is not None and now not in (last.team, first.from_team) and isinstance(last.team, str):
            problems.append(Problem("collect.move_contradicts", level="doubt", found=person, listed=now,
                                    team=last.team))
        start = pd.to_datetime(hired.get(person)) if person in hired.index else pd.NaT
        before = pd.DataFrame(
            [
                {
                    "person_id": person,
                    "department": first.from_department,
                    "team": first.from_team,
                    "valid_from": start,
                    "valid_to": pd.NaT,
                }
            ]
        )
        spans = pd.concat([before, own[MEMBERSHIP]], ignore_index=True)
        result.append(_close(spans[spans.team.notna() | spans.department.notna()]))
    return pd.concat(result, ignore_index=True)


def spans_from_sales(parts: Sequence[Part]) -> tuple[pd.DataFrame, list[Problem]]:
    """Take teams from the sales themselves, where nothing else says who was where.

    A person who sold for one team only was always there. One who changed once, cleanly, moved on the day of
    the first sale for the new team; anything more mixed is the team of most sales, with a doubt.
    """
    frames = []
    for part in parts:
        frame = part.frame[part.kept]
        if (
            not {"team", "department"} & set(frame.columns)
            or "person_id" not in frame
            or part.stand_in == "team"
        ):
            continue
        day = next((frame[c] for c in ("date", "closed", "created") if c in frame), None)
        frames.append(pd.DataFrame({"person_id": frame.person_id, "department": _get(frame, "department"),
                                    "team": _get(frame, "team"), "day": day}))
    rows = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=[*MEMBERSHIP, "day"])
    rows = rows[rows.person_id.notna() & (rows.team.notna() | rows.department.notna())]
    problems: list[Problem] = []
    spans, mixed = [], []
    for person, own in rows.groupby("person_id"):
        seen = own.groupby(["department", "team"], dropna=False).day.agg(["min", "max", "size"]).reset_index()
        seen = seen.sort_values("min", ignore_index=True)
        clean = len(seen) == 1 or (seen["max"] < seen["min"].shift(-1)).iloc[:-1].all()
        if not clean:
            mixed.append(person)
            seen = seen.sort_values("size", ascending=False).head(1)
        start = seen["min"].where(pd.Series(range(len(seen)), index=seen.index) > 0, pd.NaT)
        spans.append(
            _close(
                pd.DataFrame(
                    {
                        "person_id": person,
                        "department": seen.department,
                        "team": seen.team,
                        "valid_from": pd.to_datetime(start),
                        "valid_to": pd.NaT,
                    }
                )
            )
        )
    if mixed:
        problems.append(Problem("collect.teams_mixed", level="doubt", count=len(mixed),
                                found=", ".join(map(str, mixed[:5]))))
    return (pd.concat(spans, ignore_index=True) if spans else pd.DataFrame(columns=MEMBERSHIP)), problems
