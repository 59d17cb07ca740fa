"""People and their teams: one list of people from whatever lists there are, and who a row's person is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from salesgoals.problems import Problem
from salesgoals.sources.parts import Part, row_texts
from salesgoals.sources.refs import Directory, bare_name, find_all, split_name_and_id

_BETWEEN_NAMES = re.compile(r"[,，、;；/|&+]|\s+and\s+|(?<=[\u4e00-\u9fff])[和与](?=[\u4e00-\u9fff])")
PEOPLE = ["person_id", "name", "role", "manager_id", "hire_date", "leave_date"]


@dataclass(frozen=True)
class Staff:
    """The people, where they were when, and how to find them."""

    people: pd.DataFrame
    membership: pd.DataFrame
    directory: Directory
    listed: bool            # True where a list of people was among the files


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    if name in frame:
        return frame[name].astype(object).where(frame[name].notna(), None)
    return pd.Series([None] * len(frame), index=frame.index, dtype=object)


def list_people(parts: Sequence[Part]) -> tuple[pd.DataFrame, list[Problem]]:
    """Put the lists of people together: the same person in two lists is one person.

    Parameters
    ----------
    parts : sequence of Part
        The sheets that list people; each gets its ``person_id`` filled (the name where it has no number).

    Returns
    -------
    tuple
        People (a person who stands there twice with different data stands there twice: the checks of the
        tables name it), and problems.
    """
    problems: list[Problem] = []
    frames = []
    for part in parts:
        frame = part.frame
        name, number = _column(frame, "name"), _column(frame, "person_id")
        if "name" not in frame and "person_id" in frame:
            part.tell(
                part.kept,
                "collect.people_without_names",
                level="note",
                column=part.mapping.columns["person_id"],
            )
        for row, text in name.dropna().items():
            pair = split_name_and_id(text)
            if pair and number[row] is None:
                name[row], number[row] = pair
        frame["name"] = name.where(name.notna(), number)
        frame["person_id"] = number.where(number.notna(), _ids_from_names(part, frame, name))
        part.set_aside(frame.person_id.isna(), "collect.person_missing",
                       column=part.mapping.columns.get("person_id") or part.mapping.columns.get("name"))
        given = [column for column in frame.columns if frame[column].notna().any()]
        part.set_aside(
            row_texts(frame.loc[part.kept, given]).duplicated().reindex(frame.index, fill_value=False),
            "collect.duplicate",
            level="note",
            found=frame.person_id,
        )
        kept = frame[part.kept]
        frames.append(pd.DataFrame({column: _column(kept, column) for column in PEOPLE}))
    if not frames:
        return pd.DataFrame(columns=PEOPLE), problems
    together = pd.concat(frames, ignore_index=True)
    return _merge_same(together), problems


def _ids_from_names(part: Part, frame: pd.DataFrame, names: pd.Series) -> pd.Series:
    """Without numbers the name is the id; two people of one name get their team behind it."""
    ids = names.map(lambda name: None if name is None else " ".join(name.split()))
    shared = ids.duplicated(keep=False) & ids.notna()
    if "person_id" in part.mapping.columns or not shared.any():
        return ids
    team = _column(frame, "team").where(_column(frame, "team").notna(), _column(frame, "department"))
    told = ids.where(~shared | team.isna(), ids + " (" + team.astype(str) + ")")
    different = shared & ~told.duplicated(keep=False)
    part.tell(different, "collect.same_name_by_team", level="note", found=told)
    return ids.where(~different, told)


def _merge_same(people: pd.DataFrame) -> pd.DataFrame:
    """Fill a person's gaps from the other lists; lists that contradict each other keep both rows."""
    merged = []
    for _, group in people.groupby("person_id", sort=False):
        if len(group) > 1 and (group.nunique(dropna=True) <= 1).all():
            group = group.bfill().head(1)
        merged.append(group.drop_duplicates())
    return pd.concat(merged, ignore_index=True) if merged else people


def people_from_rows(parts: Sequence[Part], known: pd.DataFrame) -> pd.DataFrame:
    """Make the list of people from what orders and deals carry, where no list was given.

    A number with a name beside it gives both; a name alone is its own id.
    """
    pairs: dict[str, str] = {}
    loose: list[str] = []
    for part in parts:
        frame = part.frame[part.kept]
        number, name = _column(frame, "person_id"), _column(frame, "person")
        for (one, other), _ in pd.DataFrame({"a": number, "b": name}).groupby(["a", "b"], dropna=False):
            one, other = (None if v is None or v != v else v for v in (one, other))
            if one is None and other is not None:
                pair = split_name_and_id(other)
                if pair:
                    other, one = pair
            if one is not None:
                pairs.setdefault(one, other or one)
            elif other is not None:
                loose.append(other)
    named = {bare_name(name) for name in pairs.values()}
    for name in loose:
        if bare_name(name) not in named and name not in pairs:
            pairs[" ".join(name.split())] = name
            named.add(bare_name(name))
    made = pd.DataFrame({"person_id": list(pairs), "name": list(pairs.values())}, dtype=object)
    made = made[~made.person_id.isin(known.person_id)]
    return made.reindex(columns=PEOPLE).sort_values("person_id", ignore_index=True)


def refer_to_people(part: Part, staff: Staff) -> None:
    """Bring a part's people to their ids; a name that two share is told apart by the row's team or left.

    Parameters
    ----------
    part : Part
        ``person_id`` is filled in place; a person the list does not have keeps the text as id.
    staff : Staff
        People, teams and how to find them.
    """
    frame = part.frame
    if "person_id" not in frame and "person" not in frame:
        frame["person_id"] = None
        return
    number, name = _column(frame, "person_id"), _column(frame, "person")
    found = find_all(staff.directory, number, name, frame.index)
    ids = found.ids.copy()
    twice = found.how == "twice"
    if twice.any():
        ids[twice] = _by_team(frame[twice], found.options[twice], staff.membership)
    frame["person_id"] = ids
    column = part.mapping.columns.get("person_id") or part.mapping.columns.get("person")
    named = name.where(name.notna(), number)
    still = twice & ids.isna()
    if still.any():
        options = sorted({option for options in found.options[still] for option in options})
        part.tell(
            still,
            "collect.person_ambiguous",
            column=part.mapping.columns.get("person", column),
            found=named,
            ids=", ".join(options),
        )
    asked = found.how == "unknown" if staff.listed else named.notna()  # the list itself may hold such a name
    several = _name_several(named, asked, staff.directory)
    part.tell(several, "collect.people_in_one_cell", column=column, found=named)
    if staff.listed:
        unknown = (found.how == "unknown") & ~several
        part.tell(unknown, "collect.person_unknown", level="note", column=column, found=named)
    if part.table in ("orders", "opportunities"):
        part.tell(found.how == "empty", "collect.person_empty", column=column)


def _name_several(texts: pd.Series, asked: pd.Series, directory: Directory) -> pd.Series:
    """Spot cells that hold several people, such as "张伟,王芳": every piece is a person that is known."""
    def is_several(text: str) -> bool:
        pieces = [piece for piece in _BETWEEN_NAMES.split(text) if piece.strip()]
        return len(pieces) > 1 and all(directory.find(None, piece.strip())[1] in ("id", "name", "twice")
                                       for piece in pieces)

    answers = {text: is_several(text) for text in set(texts[asked].dropna())}
    return (asked & texts.map(answers).eq(True)).astype(bool)


def _by_team(rows: pd.DataFrame, options: pd.Series, membership: pd.DataFrame) -> pd.Series:
    """Choose among people of one name the one who was in the row's team, on its day or else at any time."""
    places = [column for column in ("team", "department") if column in rows]
    day = next((rows[c] for c in ("date", "period_start", "closed", "created") if c in rows), None)
    result = pd.Series([None] * len(rows), index=rows.index, dtype=object)
    spans: Mapping[str, pd.DataFrame] = dict(iter(membership.groupby("person_id"))) if len(membership) else {}
    for row in rows.index:
        names = {rows.at[row, column] for column in places} - {None}
        when = None if day is None else day[row]
        if not names:
            continue
        for on_day in (True, False):
            fitting = [option for option in options[row]
                       if option in spans and _was_in(spans[option], names, when if on_day else None)]
            if len(fitting) == 1:
                result[row] = fitting[0]
                break
    return result


def _was_in(spans: pd.DataFrame, names: set[str], day: pd.Timestamp | None) -> bool:
    here = spans[spans.team.isin(names) | spans.department.isin(names)]
    if day is not None and not pd.isna(day):
        here = here[
            (here.valid_from.isna() | (here.valid_from <= day))
            & (here.valid_to.isna() | (day <= here.valid_to))
        ]
    return len(here) > 0
