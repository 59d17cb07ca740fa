"""Closing the loop: the session of a retrospective, its actions, and what the next goals start from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from salesgoals.entries.rows import without_own_places
from salesgoals.history import as_known_on, credited_sales
from salesgoals.in_force import goals_by_person, goals_in_force
from salesgoals.looping.actions import check_action, keep_actions, list_actions, read_actions, read_log
from salesgoals.looping.kept import FOLDER, keep_learnt, learnt_from, list_learnt
from salesgoals.looping.learning import learn
from salesgoals.looping.learnt import Learnt, forecast_people
from salesgoals.looping.replays import find_one_offs
from salesgoals.looping.session import (
    SESSION_FILE,
    Action,
    Agreed,
    Cause,
    Decision,
    Fact,
    Session,
    read_session,
    write_session,
)
from salesgoals.looping.sheet_back import read_sheet
from salesgoals.looping.two_cycles import two_cycles
from salesgoals.periods import Period, read_day, read_period
from salesgoals.problems import Problem, SalesgoalsError, raise_if_any
from salesgoals.retro import rank_gap
from salesgoals.workspace import Workspace

__all__ = ["Action", "Cause", "Decision", "Fact", "Learnt", "Session", "action_log", "learnt_from",
           "list_learnt", "load_session", "open_actions", "open_session", "read_session_sheet",
           "save_session", "starting_values",
           "study_cycle", "two_cycles"]

ONE_OFF = "one_off"
CAUSES_OF_ALL, CAUSES_OF_TEAM, MOST_OF_PEOPLE = 5, 2, 8  # as many as a meeting can talk about


def starting_values(workspace: Workspace, period: str | Period = "") -> Learnt:
    """Say what the next cycle takes over from the periods that are closed: correction, ramp, rates, season.

    Parameters
    ----------
    workspace : Workspace
        A workspace whose exports have been collected.
    period : str or Period
        As :func:`salesgoals.periods.read_period` takes it; nothing after its last day is looked at.

    Returns
    -------
    Learnt
        ``bias`` of the forecast's totals, with the replays it comes from; one-off orders, those excepted
        that a session of that time calls usual; the ramp with and without the newcomers of the period; rates
        of the funnel; season; luck. What the records do not tell is empty.

    Notes
    -----
    Ramp and season are in every forecast anyway, which reads them from the records; they stand here so that
    people see what has changed. Only bias and one-off orders change a forecast: the corrections that make it
    better on average, see docs/cycles.md.
    """
    tables = workspace.require_tables()
    asked = period if isinstance(period, Period) else read_period(period, tables)
    return learn(tables, asked, workspace.settings.calendar_country,
                 lambda person_id, day: _agreed(workspace, person_id, day, asked.end), workspace.fingerprint)


def open_session(workspace: Workspace, period: str | Period = "",
                 day: str | pd.Timestamp | None = None, ranked: pd.DataFrame | None = None) -> Session:
    """Open the session of a retrospective: the one that was saved, or a new one with facts and causes.

    Parameters
    ----------
    workspace : Workspace
        A workspace whose exports have been collected.
    period : str or Period
        As :func:`salesgoals.periods.read_period` takes it.
    day : str or Timestamp, optional
        The day of the session; by default today. Actions are due after it.
    ranked : DataFrame, optional
        From :func:`salesgoals.retro.rank_gap`, where it was made already.

    Returns
    -------
    Session
        Facts (result, forecast, one-off orders, actions from before) and causes with their money; nothing
        is agreed, decided or planned yet. Nothing is written; see :func:`save_session`.
    """
    tables = workspace.require_tables()
    asked = period if isinstance(period, Period) else read_period(period, tables)
    if (_folder(workspace, asked.name) / SESSION_FILE).exists():
        return load_session(workspace, asked)
    held = read_day(day)
    goals = without_own_places(goals_in_force(workspace, asked))
    one_offs = [order for order in find_one_offs(as_known_on(tables, asked.end), asked.end)
                if order.date >= f"{asked.start:%Y-%m-%d}"]
    facts = [*_results(tables, goals, asked), *_forecast(workspace, tables, asked)]
    facts += [Fact(code=ONE_OFF, by="person", unit=order.person_id,
                   values={"date": order.date, "amount": order.amount, "kept": order.kept})
              for order in one_offs]
    before = open_actions(workspace, held)
    if len(before):
        facts.append(Fact(code="actions_before",
                          values={"open": float(len(before)), "overdue": float(before.overdue.sum())}))
    if ranked is None:
        ranked = rank_gap(tables, goals, asked, country=workspace.settings.calendar_country)
    causes = _causes(ranked)
    for person in dict.fromkeys(order.person_id for order in one_offs):
        amount = sum(order.amount for order in one_offs if order.person_id == person)
        causes.append(Cause(code=ONE_OFF, by="person", unit=person, amount=round(amount, 2)))
    return Session(period=asked.name, start=f"{asked.start:%Y-%m-%d}", end=f"{asked.end:%Y-%m-%d}",
                   day=f"{held:%Y-%m-%d}", facts=facts, causes=causes)


def save_session(workspace: Workspace, session: Session, who: str) -> Session:
    """Keep a session with its actions, and with it what the next goals will start from.

    Parameters
    ----------
    workspace : Workspace
        The session goes to ``retro/<period>/``: session.toml, actions.csv, actions_log.csv, learnt.json.
    session : Session
        From :func:`open_session`, filled in.
    who : str
        Who changes it; stands in the log of actions.

    Returns
    -------
    Session
        As it was kept: owners as ids, every action with an id. An action that was left out stays as it was:
        it ends by its status only.

    Raises
    ------
    SalesgoalsError
        With every action that has no owner, no day, an unknown owner or a day that has passed; then nothing
        is written.
    """
    folder = _folder(workspace, session.period)
    people, day = workspace.tables["people"], pd.Timestamp(session.day)
    known = {action.id for action in read_actions(folder)}
    problems: list[Problem] = []
    checked: list[Action] = []
    for action in session.actions:
        kept, wrong = check_action(action.model_dump(), people, day, known=action.id in known)
        problems += wrong
        checked += [kept] if kept is not None else []
    raise_if_any(problems)
    write_session(folder / SESSION_FILE, session)
    done = session.model_copy(update={"actions": keep_actions(folder, checked, who, session.period)})
    asked = Period(session.period, pd.Timestamp(session.start), pd.Timestamp(session.end))
    keep_learnt(workspace, starting_values(workspace, asked))
    return done


def read_session_sheet(workspace: Workspace, path: str | Path, period: str | Period = "", *, who: str,
                       day: str | pd.Timestamp | None = None) -> Session:
    """Read a sheet that people filled in, and keep what they agreed on, decided and took on.

    Parameters
    ----------
    workspace, period, day
        As for :func:`open_session`: the session that the sheet was made from.
    path : str or Path
        The workbook of :func:`salesgoals.show.session_sheets.write_session_sheet`, filled in.
    who : str
        Who brings it back; stands in the log of actions.

    Returns
    -------
    Session
        As it was kept.

    Raises
    ------
    SalesgoalsError
        With everything that cannot be read or kept, row by row; then nothing has changed.
    """
    session = open_session(workspace, period, day)
    filled, _ = read_sheet(Path(path), session, workspace.tables["people"])
    return save_session(workspace, filled, who)


def load_session(workspace: Workspace, period: str | Period) -> Session:
    """Read a saved session with its actions, also after people changed the files by hand.

    Raises
    ------
    SalesgoalsError
        If there is none for this period, or with every mistake in its files.
    """
    name = period.name if isinstance(period, Period) else read_period(period, workspace.tables).name
    folder = _folder(workspace, name)
    if not (folder / SESSION_FILE).exists():
        known = ", ".join(path.name for path in _folders(workspace)) or "-"
        raise SalesgoalsError(Problem("cycle.no_such_session", found=name, known=known))
    return read_session(folder / SESSION_FILE, read_actions(folder))


def open_actions(workspace: Workspace, day: str | pd.Timestamp | None = None) -> pd.DataFrame:
    """List what was agreed on in all retrospectives and is not done yet, late ones named.

    Parameters
    ----------
    workspace : Workspace
        Where the sessions lie.
    day : str or Timestamp, optional
        The day on which one asks; by default today.

    Returns
    -------
    pandas.DataFrame
        Columns period, id, what, person_id (of the owner), owner, due, cause, measure, status, note,
        overdue, days_late; the one that is due first comes first.
    """
    asked = read_day(day)
    return list_actions(_folders(workspace), workspace.tables["people"], asked)


def action_log(workspace: Workspace) -> pd.DataFrame:
    """Tell who changed which action when, from what to what, over all retrospectives."""
    logs = [read_log(folder).assign(period=folder.name) for folder in _folders(workspace)]
    found = pd.concat(logs, ignore_index=True) if logs else read_log(Path()).assign(period="")
    return found[["at", "who", "period", "id", "field", "before", "after"]]


def study_cycle(workspace: Workspace, period: Period,
                ranked: pd.DataFrame | None = None) -> dict[str, pd.DataFrame]:
    """Gather for the retrospective report what the session of the period says and what comes next.

    Parameters
    ----------
    workspace, period, ranked
        As for :func:`open_session`.

    Returns
    -------
    dict of str to DataFrame
        cycle_facts and cycle_causes (by, unit, code, ...), cycle_decisions, cycle_actions (of this period;
        person_id is the owner), cycle_open (of all periods), cycle_values (value, figure, n, low, high),
        cycle_replays, cycle_one_offs.
    """
    session = open_session(workspace, period, ranked=ranked)
    saved = (_folder(workspace, period.name) / SESSION_FILE).exists()
    learnt = starting_values(workspace, period)
    facts = [{"code": fact.code, "by": fact.by, "unit": fact.unit, "name": name, "value": value
              if isinstance(value, float) else float("nan"), "text": value if isinstance(value, str) else ""}
             for fact in session.facts for name, value in fact.values.items()]
    names = workspace.tables["people"].drop_duplicates("person_id").set_index("person_id")["name"]
    actions = pd.DataFrame([action.model_dump() for action in session.actions],
                           columns=list(Action.model_fields)).rename(columns={"owner": "person_id"})
    actions["owner"] = actions.person_id.map(names).fillna(actions.person_id).astype("str")
    day = pd.Timestamp(session.day) if saved else None
    return {
        "cycle_facts": pd.DataFrame(facts, columns=["code", "by", "unit", "name", "value", "text"]),
        "cycle_causes": pd.DataFrame([cause.model_dump() for cause in session.causes],
                                     columns=list(Cause.model_fields)).assign(saved=saved),
        "cycle_decisions": pd.DataFrame([one.model_dump() for one in session.decisions],
                                        columns=list(Decision.model_fields)),
        "cycle_actions": actions,
        "cycle_open": open_actions(workspace, day),
        "cycle_values": _values(learnt),
        "cycle_replays": pd.DataFrame([one.model_dump() for one in learnt.replays]),
        "cycle_one_offs": pd.DataFrame([one.model_dump(exclude={"excess"}) for one in learnt.one_offs])}


def _values(learnt: Learnt) -> pd.DataFrame:
    """Write what was learnt as lines: value (a code), figure, n, low, high."""
    bias, nan = learnt.bias, float("nan")
    rows: list[list[Any]] = [["bias", bias.factor - 1, bias.n, bias.low if bias.n else nan,
                              bias.high if bias.n else nan],
                             ["error", bias.error if bias.n else nan, bias.n, nan, nan],
                             ["one_offs", float(len(learnt.counted_out())), len(learnt.one_offs), nan, nan]]
    for name, ramp in (("ramp", learnt.ramp), ("ramp_before", learnt.ramp_before)):
        rows += [[name, ramp.midpoint, ramp.hires, nan, nan]] if ramp is not None else []
    rows += [[rate.name, rate.value, rate.n, nan, nan] for rate in learnt.rates]
    if learnt.luck is not None:
        rows.append(["luck", learnt.luck.typical, learnt.luck.people, nan, nan])
        rows.append(["judged", float(learnt.luck.judged), learnt.luck.people, nan, nan])
    return pd.DataFrame(rows, columns=["value", "figure", "n", "low", "high"])


def _results(tables: Mapping[str, pd.DataFrame], goals: pd.DataFrame, period: Period) -> list[Fact]:
    sales = credited_sales(tables)
    sales = sales[(sales.date >= period.start) & (sales.date < period.end + pd.Timedelta(days=1))]
    values: dict[str, float | str] = {"actual": float(sales.amount.sum())}
    if len(goals):
        own = goals_by_person(goals)
        sold = sales.groupby("person_id").amount.sum().reindex(own.index).fillna(0.0)
        values |= {"goal": float(goals.goal.sum() if own.empty else own.sum()), "people": float(len(own)),
                   "at_goal": float((sold >= own).sum())}
    return [Fact(code="result", values=values)]


def _forecast(workspace: Workspace, tables: Mapping[str, pd.DataFrame], period: Period) -> list[Fact]:
    """What was to be expected before the period; for whole months only, for forecasts know no other."""
    before = as_known_on(tables, period.start - pd.Timedelta(days=1))
    if not period.whole_months or credited_sales(before).empty:
        return []
    unit = forecast_people(before, period.start, len(period.months),
                           workspace.settings.calendar_country).unit
    return [Fact(code="forecast", values={name: float(unit[key]) for name, key in (
        ("expected", "mean"), ("low", "low"), ("high", "high"))})]


def _causes(ranked: pd.DataFrame) -> list[Cause]:
    """Choose what a meeting should talk about: the heaviest of all and each team, clear ones of people."""
    ranked = ranked[ranked.effect.abs() >= .005].sort_values("rank")
    of_people = ranked[(ranked.by == "person") & ranked.clear.fillna(False).astype(bool)]
    size = of_people.effect.abs().sort_values(ascending=False, kind="stable").index
    chosen = [*ranked[ranked.by == "all"].head(CAUSES_OF_ALL).index,
              *ranked[ranked.by == "team"].groupby("unit", sort=True).head(CAUSES_OF_TEAM).sort_values(
                  ["unit", "rank"]).index, *size[:MOST_OF_PEOPLE]]
    return [Cause(code=str(row.cause), by=row.by, unit=str(row.unit), amount=round(float(row.effect), 2))
            for row in ranked.loc[chosen].itertuples()]


def _agreed(workspace: Workspace, person_id: str, day: str, until: pd.Timestamp) -> Agreed:
    """What the sessions up to then said about a person's one-off order of a day."""
    for folder in _folders(workspace):
        session = read_session(folder / SESSION_FILE)
        if session.start <= day <= session.end and pd.Timestamp(session.end) <= until:
            said = [cause.agreed for cause in session.causes
                    if cause.code == ONE_OFF and cause.unit == person_id]
            if said:
                return said[0]
    return "unsure"


def _folder(workspace: Workspace, name: str) -> Path:
    return workspace.folder / FOLDER / name


def _folders(workspace: Workspace) -> list[Path]:
    return sorted(path.parent for path in (workspace.folder / FOLDER).glob(f"*/{SESSION_FILE}"))
