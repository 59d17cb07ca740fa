"""The retro step: why goal and result differ, whether the goal or the work was wrong, and what to learn."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property

import pandas as pd

from salesgoals.hindsight.clear import weigh_causes
from salesgoals.hindsight.expected import look_before
from salesgoals.hindsight.gap import set_goals, set_sides, take_apart
from salesgoals.hindsight.grading import grade_months, sum_up_grades
from salesgoals.hindsight.guards import check_bunching, check_claims, check_ends
from salesgoals.hindsight.lines import bridge_lines
from salesgoals.hindsight.ratchet import measure_ratchet, pair_goals
from salesgoals.hindsight.reviewing import review_kpis
from salesgoals.hindsight.surroundings import list_changes, market_surprise
from salesgoals.hindsight.verdicts import judge_units
from salesgoals.hindsight.work import read_work
from salesgoals.in_force import CLAIMED, within
from salesgoals.ledger import open_ledger
from salesgoals.periods import Period
from salesgoals.problems import SalesgoalsError
from salesgoals.workspace import Settings, Workspace

Tables = Mapping[str, pd.DataFrame]


def gap_report(tables: Tables, goals: pd.DataFrame | None, period: Period, base: str = "forecast",
               country: str | None = "CN") -> pd.DataFrame:
    """Take the gap between goal and result apart, for everybody, every team and all, to the last fen.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; uses orders (or won opportunities), activities, people, membership.
    goals : DataFrame or None
        From :func:`salesgoals.in_force.goals_in_force`; without goals the result is compared with the base.
    period : Period
        From :func:`salesgoals.periods.read_period`.
    base : str
        What was to be expected: ``forecast`` (made from what was known the day before, broken down by each
        person's own usual rates), ``last_year`` (the same days a year before) or ``before`` (as long a time
        before). Where records do not reach back, the next one is taken; ``basis`` says which.
    country : str or None
        For the Spring Festival in the forecast.

    Returns
    -------
    DataFrame
        One row for all, each team, each person: by (``all``, ``team``, ``person``), unit (``all``,
        "department/team", person_id), goal, base, actual, gap (actual - goal), and the causes that add up to
        it (currency units): goal_error (base - goal), capacity (time present: joins, leaves, absences),
        activity (visits for that time), quote_rate, ramp (growing into the job), win_rate, product_mix
        (deals in products that bring more or less), deal_size (for these products), price, people_mix (work
        that moved to people with other rates),
        no_person (sales nobody is credited with). held: causes that the records do not tell, as codes;
        they stand at 0 and what they did is in the next known one. basis; without_goal (people who sold and
        had no goal: in a group they count in goal_error).

    Notes
    -----
    Source of method: exact Shapley value of the product of rates (methods 3.15); the same whatever the
    order. Orders far out of the ordinary are not expected again. How often a planted cause comes first is
    measured by benchmarks/retro.py, see docs/retro.md.

    Examples
    --------
    >>> from salesgoals.periods import read_period
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> tables["orders"] = as_table("orders", pd.DataFrame({
    ...     "date": pd.to_datetime(["2025-05-02", "2026-05-02"]), "person_id": "7", "order_id": ["a", "b"],
    ...     "product_id": "p", "quantity": [10.0, 12.0], "amount": [100.0, 108.0]}))
    >>> found = gap_report(tables, None, read_period("2026-05"), "last_year").set_index("by").loc["person"]
    >>> found[["base", "actual", "deal_size", "price"]].astype(int).tolist()  # 12 pieces for 10, at 9 for 10
    [100, 108, 19, -11]
    """
    return _Looked(tables, goals, period, base, country).gap


def rank_gap(tables: Tables, goals: pd.DataFrame | None, period: Period, base: str = "forecast",
             country: str | None = "CN") -> pd.DataFrame:
    """List the causes of every gap, the heaviest first, and mark those that are more than luck.

    Parameters
    ----------
    tables, goals, period, base, country
        As for :func:`gap_report`.

    Returns
    -------
    DataFrame
        Columns by, unit, cause, effect (currency units), share (of the gap), rank (1 = pushed most towards
        the gap), base_rate, rate (of one person), p (chance of so large a change by luck), clear.

    Notes
    -----
    Luck is learnt from how far each month of the year before was off; of the causes of one unit only those
    that hold after Holm's correction are clear. Capacity is a matter of dates, not of luck.
    """
    looked = _Looked(tables, goals, period, base, country)
    return weigh_causes(looked.gap, looked.sides, looked.before)


def goal_or_work(tables: Tables, goals: pd.DataFrame | None, period: Period,
                 country: str | None = "CN") -> pd.DataFrame:
    """Say of everybody, every team and all whether the goal was wrong, the work, both, or neither.

    Parameters
    ----------
    tables, goals, period, country
        As for :func:`gap_report`.

    Returns
    -------
    DataFrame
        Columns by, unit, goal, forecast, low, high (what could be expected at the start, currency units),
        actual, goal_chance (of reaching the goal, seen from the start), luck (chance of a result so far from
        the forecast), goal_was (``too_high``: chance below 10 %; ``too_low``: above 90 %; ``right``;
        ``unknown``), work_was (``below``, ``above``, ``as_expected``, ``unknown``), verdict
        (``goal_too_high``, ``goal_too_low``, ``work``: less than was to be expected, ``both``: goal too high
        and work below, ``better``: more than was to be expected, ``luck``: all within what luck does,
        ``unknown``), by_luck (how many of this kind fall outside low and high by luck alone).

    Notes
    -----
    People (and teams) are called below or above expectation so that of those called at most one in ten is
    called so by luck (Benjamini and Hochberg).
    """
    return _Looked(tables, goals, period, "forecast", country).verdicts


def grade_forecast(tables: Tables, period: Period, country: str | None = "CN") -> pd.DataFrame:
    """Set the forecast made the day before the period beside what happened and beside the simplest forecast.

    Parameters
    ----------
    tables, period, country
        As for :func:`gap_report`.

    Returns
    -------
    DataFrame
        Columns by, unit, month (empty: the whole period), forecast, low, high, actual, error (actual -
        forecast), share (of the forecast), naive (the same month a year before or, without it, the mean
        month of the year before), naive_error, inside (within low and high). Months only for periods of
        whole months. One period says little: see :func:`salesgoals.cycle.two_cycles` and docs/coverage.md.
    """
    return _Looked(tables, None, period, "forecast", country).grades()


def sum_up_forecast(graded: pd.DataFrame, coverage: float = .8) -> pd.DataFrame:
    """Grade a forecast in five lines: months and years of people, months and the whole, and the band.

    Parameters
    ----------
    graded : DataFrame
        From :func:`grade_forecast`.
    coverage : float
        Share of results that the bands were meant to hold.

    Returns
    -------
    DataFrame
        Columns measure (person_month, person, total_month, total, band), value, naive, n, grade (better,
        alike, worse; inside, outside; held, too_narrow, too_wide; unknown).
    """
    return sum_up_grades(graded, coverage)


def kpi_review(tables: Tables, period: Period, country: str | None = "CN") -> pd.DataFrame:
    """Look at the work figures again: which were as usual in the period, which changed, which are too few.

    Parameters
    ----------
    tables, period, country
        As for :func:`gap_report`.

    Returns
    -------
    DataFrame
        Columns by, unit, kpi (visits, follow_ups, quotes, deals: a month; quote_rate: quotes a visit;
        win_rate: deals a quote; deal_value: currency units a deal), usual (of the 12 months before, in the
        season of the period), done, change (share), events (how many were due), p (chance of so large a
        change by luck), verdict (``as_usual``, ``higher``, ``lower``, ``too_few``, ``not_recorded``).
    """
    return _Looked(tables, None, period, "forecast", country).kpis()


def line_changes(tables: Tables, period: Period) -> pd.DataFrame:
    """Say for each product line why its sales changed: pieces, mix, prices, new and lost products.

    Returns
    -------
    DataFrame
        Columns by, unit, part (product line), before, now, change, volume, mix, price, new, lost, returns,
        unmeasured (currency units; they add up to the change), basis (``last_year`` or ``before``).
    """
    return bridge_lines(tables, period)


def ratchet_check(tables: Tables) -> pd.DataFrame:
    """Ask whether beating a goal is punished by a higher one: does it rise after a beat, fall after a miss?

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; uses goals, orders (or won opportunities).

    Returns
    -------
    DataFrame
        Rows after_beat and after_miss (change of the next goal for every unit over or missing; 1 = all of
        it), difference; columns measure, value, low, high (90 % range, people resampled), p (people of one
        year shuffled), n, verdict (the same in all rows): ``ratchet`` (rises more than it falls),
        ``follows`` (up and down alike), ``apart`` (nothing to do with results), ``too_few``.

    Notes
    -----
    Source of method: Leone, Misra and Zimmerman on dynamic quotas (methods 3.9); sums over windows that two
    years have in common (quarters one by one), so that seasons do not count.
    """
    return measure_ratchet(pair_goals(tables))


def gaming_check(tables: Tables, goals: pd.DataFrame | None, period: Period,
                 claims: pd.DataFrame | None = None, country: str = "CN") -> pd.DataFrame:
    """Look for signs that goals bend behaviour; signs only, they say nothing about anybody's intention.

    Parameters
    ----------
    tables, goals, period
        As for :func:`gap_report`.
    claims : DataFrame, optional
        Columns person_id, claimed: what people claimed for the period.
    country : str
        Whose working days count.

    Returns
    -------
    DataFrame
        Columns by, unit, check, value, usual, n, p, verdict. Checks: **rush** (share of deals in the last
        tenth of the working days of all quarters; usual: share of the days), **late_close** (the same of
        opportunities won), **pushed** (the end of this period against earlier ends), **dip** (its first tenth
        after, against earlier ones), **just_reached** (goals reached by less than 5 % among those so near),
        **low_claim** (claim over forecast; usual: result over forecast). verdict: the check's own name where
        found (``bunching`` of just_reached), else ``even``, ``as_usual``, ``fair`` or ``too_few``.
    """
    looked = _Looked(tables, goals, period, "forecast", country)
    return looked.gaming(claims, country)


def people_changes(tables: Tables, period: Period) -> pd.DataFrame:
    """List who joined, left, moved, was away or stopped logging, and the lucky orders of the year before.

    Returns
    -------
    DataFrame
        Columns person_id, change (joined, left, moved, away, not_logged, windfall), first, last (days),
        node, to_node (teams, of a move), amount (of the lucky order). Absences and gaps in the log are
        inferred from 28 days or more without a sign where one was due nearly every day.
    """
    return list_changes(read_work(tables), period, look_before(tables, period))


def market_beside(tables: Tables, period: Period, base: float) -> pd.DataFrame:
    """Say how far the market itself surprised, in points and in money of the base.

    Returns
    -------
    DataFrame
        See :func:`salesgoals.hindsight.surroundings.market_surprise`.
    """
    return market_surprise(tables, period, base)


def study_retro(tables: Tables, goals: pd.DataFrame, period: Period, settings: Settings,
                claims: pd.DataFrame | None = None) -> dict[str, pd.DataFrame]:
    """Gather all that the retrospective of a period shows.

    Returns
    -------
    dict of str to DataFrame
        retro_gap, retro_causes, retro_lines, retro_verdict, retro_kpi, retro_forecast, retro_gaming (by and
        unit), retro_people (by person), retro_grades, retro_ratchet, retro_market (of the whole company).
    """
    country = settings.calendar_country
    looked = _Looked(tables, goals, period, "forecast", country)
    gap = looked.gap
    graded = looked.grades()
    whole = gap[gap.by == "all"].base
    return {
        "retro_gap": gap, "retro_causes": weigh_causes(gap, looked.sides, looked.before),
        "retro_lines": bridge_lines(tables, period), "retro_verdict": looked.verdicts,
        "retro_kpi": looked.kpis(), "retro_forecast": graded,
        "retro_grades": sum_up_grades(graded, looked.coverage), "retro_ratchet": ratchet_check(tables),
        "retro_gaming": looked.gaming(claims, country),
        "retro_people": list_changes(looked.sides.work, period, looked.before),
        "retro_market": market_surprise(tables, period, float(whole.iloc[0]) if len(whole) else float("nan"))}


def claims_on_record(workspace: Workspace, period: Period) -> pd.DataFrame:
    """Give what people claimed for a period, as the ledger holds it.

    Returns
    -------
    DataFrame
        Columns person_id, claimed (currency units): claims whose time lies within the period.
    """
    nothing = pd.DataFrame({"person_id": pd.Series(dtype="str"), "claimed": pd.Series(dtype=float)})
    with suppress(SalesgoalsError), open_ledger(workspace) as ledger:
        if ledger.head is None or ledger.head.entry == 0:
            return nothing
        inside = within(ledger.as_of(version=CLAIMED), period)
        return inside.groupby("person_id").goal.sum().rename("claimed").reset_index()
    return nothing


class _Looked:
    """One look back, so that what several questions need is worked out once."""

    def __init__(self, tables: Tables, goals: pd.DataFrame | None, period: Period, base: str,
                 country: str | None) -> None:
        planned = set() if goals is None or goals.empty else set(goals.person_id.dropna())
        self.tables, self.goals, self.period = tables, goals, period
        self.before = look_before(tables, period, country, planned)
        self.sides = set_sides(tables, period, self.before, base)

    @property
    def coverage(self) -> float:
        return self.before.forecast.coverage if self.before.forecast else .8

    @cached_property
    def gap(self) -> pd.DataFrame:
        return take_apart(self.sides, set_goals(self.goals, self.period, self.sides.people))

    @cached_property
    def verdicts(self) -> pd.DataFrame:
        return judge_units(self.gap, self.sides, self.before)

    def grades(self) -> pd.DataFrame:
        return grade_months(self.tables, self.gap, self.sides, self.before)

    def kpis(self) -> pd.DataFrame:
        people = self.sides.people.drop_duplicates("person_id").set_index("person_id")
        return review_kpis(self.sides.work, self.period, self.before, people.node)

    def gaming(self, claims: pd.DataFrame | None, country: str) -> pd.DataFrame:
        ordered = len(self.tables["orders"]) > 0
        parts = [check_ends(self.sides.work, ordered, self.period, country), check_bunching(self.tables),
                 check_claims(claims, self.verdicts)]
        known = [part for part in parts if len(part)]
        return pd.concat(known, ignore_index=True) if known else parts[0]
