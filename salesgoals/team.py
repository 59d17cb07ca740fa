"""Take stock of the team: what each can do as far as figures tell, who is growing, what rests on whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from salesgoals.abilities.capacity import carry_by_month
from salesgoals.abilities.describe import describe_seen
from salesgoals.abilities.measures import measure_people
from salesgoals.abilities.newcomers import follow_newcomers, list_cohorts
from salesgoals.abilities.peers import LEAST_PEERS, compare_measured
from salesgoals.abilities.period import Period, look_at
from salesgoals.abilities.risk import weigh_leaving
from salesgoals.abilities.room import place_people
from salesgoals.forecast import Forecast
from salesgoals.forecasting.ramp import Ramp
from salesgoals.problems import Problem

Tables = Mapping[str, pd.DataFrame]


def describe_people(tables: Tables, until: object = None, months: int = 12) -> pd.DataFrame:
    """List what is known of each person: results, the way they came about, and the resources behind them.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    until : month, optional
        Last month looked at, ``YYYY-MM``; by default the last with sales.
    months : int
        How many months are looked at.

    Returns
    -------
    DataFrame
        One row for everybody employed at the end: person_id, person, department, team, role, hire_date
        (blank where sales begin before it), tenure (months), ramp (share of full sales to expect),
        months (present), sales and sales_month (a month present), won_rate (deals won of closed), deal_size
        (usual order: geometric mean), cycle_days (usual days to win a deal), new_share (of the customers
        who bought), margin (share of sales), visits (a week), accounts, potential (of these, a year),
        taken (sales as a share of it), pipeline (open deals), largest_order and largest_share (of the own
        sales), windfall (True: that order is far out of the ordinary). Money in currency units. Blank is
        unknown, not 0.

    Examples
    --------
    >>> from salesgoals.tables import TABLES, as_table, empty_table
    >>> tables = {name: empty_table(name) for name in TABLES}
    >>> tables["orders"] = as_table("orders", pd.DataFrame({
    ...     "date": pd.to_datetime(["2025-01-03", "2025-02-20"]), "person_id": ["7", "7"],
    ...     "amount": [100.0, 50.0]}))
    >>> found = describe_people(tables)
    >>> float(found.sales_month[0]), bool(found.margin.isna()[0])
    (75.0, True)
    """
    period = look_at(tables, until, months)
    return describe_seen(tables, period, measure_people(tables, period))


def compare_with_peers(tables: Tables, until: object = None, months: int = 12) -> pd.DataFrame:
    """Put each person beside colleagues in the same role and say only what is not mere luck.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    until : month, optional
        Last month looked at; by default the last with sales.
    months : int
        How many months are looked at.

    Returns
    -------
    DataFrame
        One row for each person and measure that the data hold: person_id, person, department, team,
        measure (sales a month, won_rate, deal_size, cycle_days, new_share, margin, visits a week), group
        (role compared with; empty: several roles together), peers (how many, the person included), n
        (observations), value (as seen), shrunk (what remains believable; windfalls cut, sales of a normal
        month when fully grown), low and high (80 % range of it), center (the peers'), difference (shrunk
        against center: a share of amounts, points of rates), sure (probability that it has that sign),
        verdict (``above``, ``below``, ``like``, ``unsure``: too little to say, ``few``: hardly anything seen
        or too few peers, ``newcomer``: see :func:`progress_of_newcomers`), better (1: more is better, -1:
        less is, 0: neither).

    Notes
    -----
    Source of method: empirical Bayes (Efron and Morris 1975): rates beta-binomial, amounts normal on logs,
    the spread between people integrated over with even odds that there is none. Chance errors come from
    the single orders (a sum of independent orders has variance sum of squares), times how much more
    quarters swing than that; what happens at one account counts as hanging together. docs/team.md has the
    measured figures: how often ranges hold, how many "talents" are found among equals.
    """
    period = look_at(tables, until, months)
    return compare_measured(measure_people(tables, period), period.people)


def progress_of_newcomers(tables: Tables, ramp: Ramp | None = None, until: object = None) -> pd.DataFrame:
    """Compare everybody who joined lately with the growth curve of newcomers, never with veterans.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    ramp : Ramp, optional
        The curve; by default learnt from the others who joined, so that nobody is measured by the own
        figures, and near the prior where there are few.
    until : month, optional
        Last month looked at; by default the last with sales.

    Returns
    -------
    DataFrame
        One row for everybody who joined within the records and the last 24 months: person_id, person,
        department, team, hire_date, tenure (months), actual and expected (sales since joining, currency
        units), low and high (where 80 % of newcomers would be), ratio (actual / expected), ramp (share of
        full sales to expect by now), hires (that the curve was learnt from), verdict (``good`` above that
        range, ``slow`` below it, ``on`` the curve, ``early``: less than two full months were to be
        expected so far).

    Notes
    -----
    Source of method: the range joins the spread of grown people in the same role, the expected error of
    the curve (see :func:`salesgoals.fit_ramp`) and the chance of single months.
    """
    return follow_newcomers(look_at(tables, until), ramp)[0]


def months_of_newcomers(tables: Tables, ramp: Ramp | None = None, until: object = None) -> pd.DataFrame:
    """List each newcomer's months beside the growth curve.

    Returns
    -------
    DataFrame
        person_id, person, department, team, month, tenure (the month of joining is 1), actual, expected, low,
        high (80 % range of a month), in currency units; so_far (sum of actual / sum of expected), usual_low
        and usual_high (where 80 % of newcomers would be). Parameters as :func:`progress_of_newcomers`.
    """
    return follow_newcomers(look_at(tables, until), ramp)[1]


def ramp_cohorts(tables: Tables, until: object = None) -> pd.DataFrame:
    """Show how newcomers grew, month by month since joining, and the curve learnt from them.

    Returns
    -------
    DataFrame
        tenure (1 to 24), people (seen in that month of tenure), share (of a grown person's sales, their
        mean), curve, low, high (80 % range of the curve itself), hires, midpoint (month of half of full
        sales). Without anybody to learn from the curve is the prior and hires is 0.
    """
    return list_cohorts(look_at(tables, until))


def plan_capacity(tables: Tables, forecast: Forecast,
                  vacancies: Sequence[tuple[str, int]] = ()) -> pd.DataFrame:
    """Work out what the people on board can carry in each month: people x ramp x season, minus leave.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables.
    forecast : Forecast
        Of the months in question.
    vacancies : sequence of (month, count)
        Posts to be filled as a scenario, such as ``[("2026-09", 2)]``; each adds a usual person who starts
        on the growth curve in that month.

    Returns
    -------
    DataFrame
        month, department, team, people (full-time heads), full (sales if everybody on the list were there
        and fully grown), growing and absent (what is missing of it because people still grow, or are not
        there), capacity (full - growing - absent), hires and added (from the scenario; its rows have no
        team). Currency units; no growth, no trend. The sum of capacity is the one on the board of estimates.
    """
    return carry_by_month(tables, forecast, vacancies)


def capability_and_potential(tables: Tables, until: object = None, months: int = 12) -> pd.DataFrame:
    """Place each grown person by capability (results against peers) and potential of the own customers.

    Returns
    -------
    DataFrame
        person_id, person, department, team, capability (shrunk sales, 1 = the peers'), low, high, verdict,
        potential (what the own customers can buy in a year), sales, taken (usual year's sales / potential),
        room (what is left of the potential, not below 0), corner (strong_much, strong_little, growing_much,
        growing_little: capability from 1 on, potential from the median on). Empty without potential of
        accounts.
    """
    period = look_at(tables, until, months)
    seen = measure_people(tables, period)
    return place_people(describe_seen(tables, period, seen), compare_measured(seen, period.people))


def sales_at_risk(tables: Tables, until: object = None, months: int = 12) -> pd.DataFrame:
    """Say what share of a team's sales would leave with each person, and how few customers it rests on.

    Returns
    -------
    DataFrame
        person_id, person, department, team, sales, team_sales (what was sold in the team the person is in,
        moves counted where they happened), team_people, team_share (the person's share of it), accounts
        (that bought), alone and alone_share (of these, which bought from nobody else, and their share of
        the own sales), two_share (of the two largest accounts), half_accounts (how few make half of it).
        Currency units, windfalls cut to what is still ordinary.
    """
    return weigh_leaving(tables, look_at(tables, until, months))


def gaps_of_team(tables: Tables, until: object = None, months: int = 12) -> list[Problem]:
    """Name what the data do not hold, and what therefore cannot be said of the team.

    Returns
    -------
    list of Problem
        Notes, and one doubt where people sold before they were hired.
    """
    return _gaps(tables, look_at(tables, until, months))


def _gaps(tables: Tables, period: Period) -> list[Problem]:
    people, deals, accounts = tables["people"], tables["opportunities"], tables["accounts"]
    closed = deals.status.isin(["won", "lost"])
    lacks = {
        "sales": not len(period.sales),
        "hire_dates": not people.hire_date.notna().any(),
        "deals": not (closed & (deals.closed >= period.begin)).any(),
        "cost": not period.sales.cost.notna().any(),
        "potential": not (accounts.potential.gt(0) & accounts.person_id.notna()).any(),
        "activities": not (tables["activities"].date >= period.begin).any(),
        "peers": len(period.people) < LEAST_PEERS}
    found = [Problem(f"team.no_{name}", level="note", n=len(period.people))
             for name, missing in lacks.items() if missing]
    if lacks["sales"]:
        found = found[:1]
    if period.contradicted:
        found.append(Problem("team.sold_before_hired", level="doubt", count=period.contradicted,
                             n=len(period.people)))
    return found


def study_team(tables: Tables, forecast: Forecast) -> dict[str, pd.DataFrame]:
    """Look at the team once, for all reports.

    Returns
    -------
    dict of str to DataFrame
        ``team_people``, ``team_peers``, ``team_newcomers``, ``team_newcomer_months``, ``team_risk``,
        ``team_room`` (of single people), ``team_ramp``, ``team_capacity``, ``team_gaps`` (of the whole).
    """
    period = look_at(tables)
    seen = measure_people(tables, period)
    described, compared = describe_seen(tables, period, seen), compare_measured(seen, period.people)
    newcomers, months = follow_newcomers(period)
    gaps = [(gap.code, gap.level, gap.values.get("count"), gap.values.get("n"))
            for gap in _gaps(tables, period)]
    return {"team_people": described, "team_peers": compared, "team_newcomers": newcomers,
            "team_newcomer_months": months, "team_risk": weigh_leaving(tables, period),
            "team_room": place_people(described, compared), "team_ramp": list_cohorts(period),
            "team_capacity": carry_by_month(tables, forecast),
            "team_gaps": pd.DataFrame(gaps, columns=["code", "level", "count", "n"])}
