"""Pay statements, exact to the fen: every line of the calculation, for any result."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd

from salesgoals.paying.curve import exact_lines, share_of_pay, to_fen
from salesgoals.paying.scheme import Group, parts_of
from salesgoals.paying.terms import TEAM_KEYS, PayTerms, exact, period_numbers
from salesgoals.problems import Problem, SalesgoalsError, raise_if_any

MILESTONE = "milestone:"
COLUMNS = ["person_id", "person", "group", "period", "first", "last", "line", "what", "goal", "result",
           "attainment", "weight", "share", "pay", "status"]
Months = dict[pd.Timestamp, Fraction]
Row = tuple[str, str, "Fraction | None", "Fraction | None", "Fraction | None", "Decimal | None",
            "Fraction | None", Decimal, str]


@dataclass(frozen=True)
class _Known:
    """What is known of one person: target pay, goals and results by month, and those of the team."""

    target: Months
    goals: Mapping[str, Months]
    results: Mapping[str, Months]
    team_goal: Months
    team_result: Months | None


def pay(terms: PayTerms, results: pd.DataFrame) -> pd.DataFrame:
    """Work out what each person is paid, with every line of the calculation, exact to the fen.

    Parameters
    ----------
    terms : PayTerms
        From :func:`salesgoals.paying.terms.pay_terms`.
    results : DataFrame
        Columns person_id, month, metric, result and, if wanted, returned: how much of that result came back,
        or stayed unpaid, within the days of the plan's clawback. A milestone is a row with metric
        ``milestone:<key>``. A period is paid once the results reach to its last month.

    Returns
    -------
    DataFrame
        One row for each line: person_id, person, group, period (from 1), first, last (months that count for
        it), line (``metric``, ``team``, ``prize``, ``reward``, ``taken_back``, ``paid_before``), what (the
        metric, or the number of the prize or reward), goal, result, attainment, weight, share (of the target
        pay), pay (Decimal, rounded half up to the fen, once for each line) and status (empty, ``no_goal``,
        ``no_result``, ``team_incomplete``). What a person gets is the sum of the lines.

    Raises
    ------
    SalesgoalsError
        If a column is missing, a month lies outside the plan, or a person or milestone is unknown.
    """
    _check(terms, results)
    table = _by_person(results, "result")
    back = _by_person(results, "returned") if "returned" in results else {}
    through = pd.DatetimeIndex(results.month).max() if len(results) else pd.Timestamp.min
    goals, targets = _by_person(terms.goals, "goal"), _targets(terms)
    team_goals, members = _team_goals(terms), terms.people.groupby(TEAM_KEYS).person_id.agg(list).to_dict()
    rows = []
    for who in terms.people.dropna(subset=["group"]).itertuples(index=False):
        group, mine = terms.plan.group_of(who.group), (who.department, who.team)
        team = _sum_of(table, members[mine]) if group.team_part else None
        team_back = _sum_of(back, members[mine]) if group.team_part and back else None
        known = _Known(targets.get(who.person_id, {}), goals.get(who.person_id, {}),
                       table.get(who.person_id, {}), team_goals.get(mine, {}), team)
        less = _less(known, back.get(who.person_id, {}), team_back) if terms.plan.clawback and back else None
        for head, row in _periods(terms, group, known, less, through):
            rows.append((who.person_id, who.person, who.group, *head, *row))
    return _frame(rows)


def pay_at(terms: PayTerms, person_id: str, attainment: float | str | Mapping[str, float | str],
           milestones: Collection[str] = ()) -> pd.DataFrame:
    """Work out what a person would be paid for any result, such as 110 % of every goal.

    Parameters
    ----------
    terms : PayTerms
        From :func:`salesgoals.paying.terms.pay_terms`.
    person_id : str
        The person.
    attainment : float or mapping of str to float
        Result over goal: one for everything, or one for each metric; ``team`` for the team, where that is
        left out it reaches as much as the person's sales.
    milestones : collection of str
        Keys of the milestones reached.

    Returns
    -------
    DataFrame
        As :func:`pay`, for all months of the plan.
    """
    group = terms.group_of(person_id)
    if group is None:
        raise SalesgoalsError(Problem("pay.unknown_person", found=person_id))
    single = not isinstance(attainment, Mapping)
    wanted = dict(attainment) if isinstance(attainment, Mapping) else {"amount": attainment}
    reached = {name: Fraction(str(value)) for name, value in wanted.items()}
    base = reached.get("amount", Fraction(1))
    raise_if_any([Problem("pay.unknown_milestone", found=key, group=group.key) for key in milestones
                  if key not in {milestone.key for milestone in group.milestones}])
    who = next(terms.people[terms.people.person_id == person_id].itertuples(index=False))
    goals = _by_person(terms.goals[terms.goals.person_id == person_id], "goal").get(person_id, {})
    results: dict[str, Months] = {
        metric: {month: goal * reached.get(metric, base if single else Fraction(1))
                 for month, goal in months.items()}
        for metric, months in goals.items()}
    results |= {MILESTONE + key: {terms.months[0]: Fraction(1)} for key in milestones}
    team_goal = dict.fromkeys(terms.months, Fraction(1))
    team = {month: reached.get("team", base) for month in terms.months}
    known = _Known(_targets(terms.only([person_id])).get(person_id, {}), goals, results, team_goal, team)
    rows = [(person_id, who.person, who.group, *head, *row)
            for head, row in _periods(terms, group, known, None, terms.months[-1], whole=group.steady)]
    table = _frame(rows)
    table.loc[table.line == "team", ["goal", "result"]] = np.nan  # only the share is known of the team
    return table


def pay_totals(statement: pd.DataFrame) -> pd.DataFrame:
    """Add up statements to what each person gets.

    Returns
    -------
    DataFrame
        Columns person_id, person, group, pay (Decimal, the exact sum of the lines).
    """
    return statement.groupby(["person_id", "person", "group"], as_index=False, sort=False).pay.sum()


def _frame(rows: list[tuple]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=COLUMNS)
    for column in ("goal", "result", "attainment", "share"):
        table[column] = [np.nan if value is None else float(value) for value in table[column]]
    return table


def _check(terms: PayTerms, results: pd.DataFrame) -> None:
    needed = [column for column in ("person_id", "month", "metric", "result") if column not in results]
    if needed:
        raise SalesgoalsError(Problem("pay.results_columns", found=", ".join(needed)))
    problems = []
    outside = sorted(set(pd.DatetimeIndex(results.month)) - set(terms.months))
    if outside:
        problems.append(Problem("pay.results_month", found=f"{outside[0]:%Y-%m}", count=len(outside),
                                first=f"{terms.months[0]:%Y-%m}", last=f"{terms.months[-1]:%Y-%m}"))
    strange = sorted(set(results.person_id.dropna()) - set(terms.people.person_id))
    if strange or results.person_id.isna().any():
        problems.append(Problem("pay.results_person", found=", ".join(map(str, strange[:5])) or "-",
                                count=int((~results.person_id.isin(terms.people.person_id)).sum())))
    keys = {MILESTONE + milestone.key for group in terms.plan.group for milestone in group.milestones}
    named = results.metric[results.metric.astype(str).str.startswith(MILESTONE)]
    problems += [Problem("pay.unknown_milestone", found=str(name).removeprefix(MILESTONE), group="-")
                 for name in sorted(set(named) - keys)]
    raise_if_any(problems)


def _by_person(table: pd.DataFrame, column: str) -> dict[str, dict[str, Months]]:
    """Sum a column by person, metric and month; a blank is no result at all."""
    known = table.dropna(subset=[column])
    found: dict[str, dict[str, Months]] = defaultdict(dict)
    for person, metric, month, value in zip(known.person_id, known.metric, pd.DatetimeIndex(known.month),
                                            known[column], strict=True):
        months = found[person].setdefault(metric, {})
        months[month] = months.get(month, Fraction(0)) + exact(value)
    return found


def _targets(terms: PayTerms) -> dict[str, Months]:
    found: dict[str, Months] = defaultdict(dict)
    for person, month, target in terms.targets.itertuples(index=False):
        found[person][month] = target
    return found


def _team_goals(terms: PayTerms) -> dict[tuple[str, str], Months]:
    found: dict[tuple[str, str], Months] = defaultdict(dict)
    for department, team, month, goal in terms.team_goals.itertuples(index=False):
        found[department, team][month] = exact(goal)
    return found


def _sum_of(table: Mapping[str, Mapping[str, Months]], people: list[str]) -> Months | None:
    """Sum the sales of a team by month; None where a member's results are not known."""
    total: Months = {}
    for person in people:
        mine = table.get(person, {}).get("amount")
        if mine is None:
            return None
        for month, value in mine.items():
            total[month] = total.get(month, Fraction(0)) + value
    return total


def _less(known: _Known, back: Mapping[str, Months], team_back: Months | None) -> _Known:
    """Take out of the results what came back."""
    results = {metric: {month: value - back.get(metric, {}).get(month, Fraction(0))
                        for month, value in months.items()} for metric, months in known.results.items()}
    team = known.team_result
    if team is not None and team_back is not None:
        team = {month: value - team_back.get(month, Fraction(0)) for month, value in team.items()}
    return _Known(known.target, known.goals, results, known.team_goal, team)


def _periods(terms: PayTerms, group: Group, known: _Known, less: _Known | None, through: pd.Timestamp,
             whole: bool = False) -> Iterator[tuple[tuple, Row]]:
    """Go through the periods that are over; cumulative ones count from the start, less what was paid."""
    numbers = period_numbers(group, terms.months)
    if whole:
        numbers = np.zeros(len(terms.months), int)
    paid, rewarded = Decimal(0), 0
    for number in range(int(numbers.max()) + 1):
        inside = terms.months[numbers == number]
        if inside[-1] > through:
            return
        window = terms.months[terms.months <= inside[-1]] if group.steady else inside
        head = (number + 1, window[0], inside[-1])
        rows = list(_lines(terms, group, known, window))
        earned = sum((row[7] for row in rows), Decimal(0))
        if less is not None:
            kept = sum((row[7] for row in _lines(terms, group, less, window)), Decimal(0))
            if kept != earned:
                rows.append(("taken_back", "", None, None, None, None, None, kept - earned, ""))
                earned = kept
        rewards, points = _rewards(group, known, inside[-1])
        rows += [("reward", str(place), None, Fraction(points), None, None, None, to_fen(amount), "")
                 for place, amount in rewards[rewarded:]]
        rewarded = len(rewards)
        if group.steady and paid:
            rows.append(("paid_before", "", None, None, None, None, None, -paid, ""))
        paid = earned
        for row in rows:
            yield head, row


def _lines(terms: PayTerms, group: Group, known: _Known, window: pd.DatetimeIndex) -> Iterator[Row]:
    target = _total(known.target, window) or Fraction(0)
    for part in parts_of(group):
        metric = getattr(part, "metric", "")
        if metric:
            measured = metric if metric in known.goals else "amount"
            goal = _total(known.goals.get(measured, {}), window)
            result = _total(known.results.get(measured, {}), window)
        else:
            goal = _total(known.team_goal, window)
            result = None if known.team_result is None else _total(known.team_result, window)
        line = "metric" if metric else "team"
        if not goal:
            yield line, metric, goal, result, None, part.weight, None, Decimal(0), "no_goal"
        elif result is None:
            status = "no_result" if metric else "team_incomplete"
            yield line, metric, goal, None, None, part.weight, None, Decimal(0), status
        else:
            share = share_of_pay(exact_lines(terms.plan.curves[part.curve]), result / goal)
            earned = to_fen(target * Fraction(part.weight) * share)
            yield line, metric, goal, result, result / goal, part.weight, share, earned, ""
    for place, prize in enumerate(group.prizes):
        result = _total(known.results.get(prize.metric, {}), window)
        if result is None:
            yield "prize", str(place), None, None, None, None, None, Decimal(0), "no_result"
        else:
            won = min(max(result, Fraction(0)) * Fraction(prize.each), Fraction(prize.at_most))
            yield "prize", str(place), None, result, None, None, None, to_fen(won), ""


def _total(months: Months, window: pd.DatetimeIndex) -> Fraction | None:
    """Sum what is known in a window; None where nothing is."""
    inside = [months[month] for month in window if month in months]
    return sum(inside, Fraction(0)) if inside else None


def _rewards(group: Group, known: _Known, last: pd.Timestamp) -> tuple[list[tuple[int, Fraction]], int]:
    """List the rewards that the milestones so far bring, in order of their points, and the points."""
    points = sum(milestone.points for milestone in group.milestones
                 if any(month <= last and value > 0
                        for month, value in known.results.get(MILESTONE + milestone.key, {}).items()))
    ordered = sorted(enumerate(group.rewards), key=lambda pair: pair[1].points)
    return [(place, Fraction(reward.pay)) for place, reward in ordered if reward.points <= points], points
