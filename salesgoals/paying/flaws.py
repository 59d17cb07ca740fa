"""Where a pay plan invites what nobody wants: jumps, dead zones, games, and rules that nobody can explain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from salesgoals.forecast import Forecast
from salesgoals.paying.cost import PayCost, cost_of_plan
from salesgoals.paying.curve import flats, jumps
from salesgoals.paying.expected import chance_between, expected_results
from salesgoals.paying.names import name_metric, name_people, name_some
from salesgoals.paying.records import credit_beyond_one, margin_rate, period_ends, share_returned
from salesgoals.paying.scheme import MONTHS_OF, Curve, Group, Measure, TeamPart, parts_of
from salesgoals.paying.terms import PayTerms
from salesgoals.problems import Problem
from salesgoals.words import say

NEAR = .05             # this close to a jump, of the goal
LARGE_JUMP = .05       # of the whole target pay
LIKELY_NOTHING = .25   # chance of ending below the threshold from which a person is named
LIKELY_CAPPED = .1
SMALL_WEIGHT, MOST_PARTS, HEAVY_TEAM = .05, 4, .5
RULE = {"threshold": (.8, 1.), "target": (.5, .8), "top": (.03, .2)}  # 90 %, 60 to 70 %, 10 %, with room
TOP = 1.2              # "excellent", where a curve has no later tier
UNEQUAL = .6           # pay at the hardest quarter of goals over pay at the easiest
FEWEST = 8             # people, for comparing quarters
FEWEST_PERIODS = 4
NEW = 12               # months
RETURNS = .005         # share of sales that comes back, from which a missing clawback matters
CROWDED = 1.5          # sales in the last tenth of a period's days over an even share
LIKELY_OVER = .25
TALKED_DOWN = .1
WORTH_TALKING = .1
PRICE_CUT, MORE_SALES = .1, .1


def find_flaws(terms: PayTerms, forecast: Forecast, tables: Mapping[str, pd.DataFrame] | None = None,
               cost: PayCost | None = None) -> list[Problem]:
    """Find what a pay plan invites: cliffs, dead zones, caps reached, games, price cuts, unequal chances.

    Parameters
    ----------
    terms : PayTerms
        From :func:`salesgoals.paying.terms.pay_terms`.
    forecast : Forecast
        Of the plan's months.
    tables : mapping of str to DataFrame, optional
        The canonical tables: whether sales crowd at the ends of periods, what comes back, what margin there
        is to lose.
    cost : PayCost, optional
        If it has been worked out already.

    Returns
    -------
    list of Problem
        Doubts before notes; each with its figures and the people it concerns.

    Notes
    -----
    Source of method: the shares of people who should reach threshold, goal and excellence (90, 60 to 70,
    10 %) are a rule of thumb of the trade (salesmanagement.org), not a finding. That steps invite shifting
    of deals between periods: Oyer 1998, Larkin 2014; that quotas and caps distort: Misra and Nair 2011.
    """
    cost = cost_of_plan(terms, forecast) if cost is None else cost
    rows = expected_results(terms, forecast)
    names = name_people(terms.people)
    found: list[Problem] = []
    for group in terms.plan.group:
        mine = rows[rows.group == group.key]
        if not len(mine):
            continue
        for part in parts_of(group):
            found += _curve_flaws(group, part, terms.plan.curves[part.curve], mine, names)
        found = _join_metrics(found)
        found += _group_flaws(group, terms, mine, tables)
    found += [*_people_flaws(terms, rows, cost, names), *_money_flaws(terms, forecast, cost, tables)]
    found += [note for note in terms.notes if note.level != "note"]
    if tables is not None:
        found += _crowding(terms, rows, tables)
    order = {"stop": 0, "doubt": 1, "note": 2}
    return sorted(found, key=lambda problem: order[problem.level])


def _join_metrics(found: list[Problem]) -> list[Problem]:
    """Say once what holds for several metrics of a group alike."""
    joined: dict[object, Problem] = {}
    for problem in found:
        values = problem.values
        rest = (problem.code, values.get("group"), values.get("at"), values.get("names"))
        before = joined.get(rest) if "metric" in values and values.get("at") is not None else None
        if before is None:
            joined[rest if "metric" in values else id(problem)] = problem
        elif values["metric"] not in before.values["metric"].split(say("pay.comma")):
            amount = (before.values.get("amount") or 0) + (values.get("amount") or 0)
            told = {**before.values, "metric": before.values["metric"] + say("pay.comma") + values["metric"],
                    "amount": amount or None}
            joined[rest] = Problem(before.code, level=before.level, **told)
    return list(joined.values())


def _by_person(rows: pd.DataFrame, low: float, high: float) -> pd.Series:
    """Chance, by person, of ending a period between two shares of the goal."""
    chances = pd.Series(chance_between(rows, low, high), index=rows.person_id)
    return chances.groupby(level=0).mean()


def _named(chances: pd.Series, least: float, names: pd.Series) -> tuple[int, str]:
    likely = chances[chances >= least].sort_values(ascending=False, kind="stable")
    return len(likely), name_some(names.reindex(likely.index), 3)


def _curve_flaws(group: Group, part: Measure | TeamPart, curve: Curve, rows: pd.DataFrame,
                 names: pd.Series) -> Iterator[Problem]:
    kind, weight = getattr(part, "metric", "team"), float(part.weight)
    title, metric, own = str(group.title), name_metric(kind), kind != "team"
    pay = float(rows.groupby("person_id").target.sum().mean()) * weight
    per_period = pay if group.steady else pay / max(rows.period.nunique(), 1)
    for at, size in jumps(curve):
        if size * weight < LARGE_JUMP:
            continue
        near = _by_person(rows, at - NEAR, at + NEAR) if own else pd.Series(dtype=float)
        who = name_some(names.reindex(near.sort_values(ascending=False, kind="stable").index), 3)
        code = "pay.flaw_retroactive" if curve.kind == "retroactive" else "pay.flaw_cliff"
        yield Problem(code, level="doubt", group=title, metric=metric, at=at, amount=size * per_period,
                      names=who or "-", near=float(near.sum()))
    for begin, end in flats(curve):
        chances = _by_person(rows, begin, end) if own else pd.Series(dtype=float)
        if begin == 0:
            count, who = _named(chances, LIKELY_NOTHING, names)
            if count:
                yield Problem("pay.flaw_threshold", level="doubt", group=title, metric=metric, at=end,
                              count=count, names=who)
        elif end == np.inf and curve.cap is not None and begin > 1:
            count, who = _named(chances, LIKELY_CAPPED, names)
            if count:
                yield Problem("pay.flaw_cap", level="doubt", group=title, metric=metric, at=begin,
                              count=count, names=who)
        else:
            yield Problem("pay.flaw_flat", level="doubt", group=title, metric=metric, at=begin,
                          chance=float(chances.mean()) if len(chances) else float("nan"))
    if weight < SMALL_WEIGHT:
        yield Problem("pay.flaw_small_weight", level="note", group=title, metric=metric, weight=weight)
    if kind == "amount":
        tops = [float(tier.start) for tier in curve.tiers if tier.start > 1]
        reach = {"threshold": chance_between(rows, float(_first_pay(curve)), np.inf),
                 "target": chance_between(rows, 1, np.inf),
                 "top": chance_between(rows, tops[-1] if tops else TOP, np.inf)}
        shares = {name: float(np.nanmean(values)) if np.isfinite(values).any() else np.nan
                  for name, values in reach.items()}
        if any(not RULE[name][0] <= share <= RULE[name][1] for name, share in shares.items()):
            yield Problem("pay.flaw_shape", level="note", group=title, top_at=tops[-1] if tops else TOP,
                          threshold=shares["threshold"], target=shares["target"], top=shares["top"])


def _first_pay(curve: Curve) -> float:
    return next((end for begin, end in flats(curve) if begin == 0), 0.)


def _group_flaws(group: Group, terms: PayTerms, rows: pd.DataFrame,
                 tables: Mapping[str, pd.DataFrame] | None) -> Iterator[Problem]:
    title = str(group.title)
    parts = len(parts_of(group)) + len(group.prizes)
    if parts > MOST_PARTS:
        yield Problem("pay.flaw_many", level="doubt", group=title, count=parts, most=MOST_PARTS)
    if group.team_part and float(group.team_part.weight) > HEAVY_TEAM:
        yield Problem("pay.flaw_team_heavy", level="note", group=title, weight=float(group.team_part.weight))
    paid_for = {measure.metric for measure in group.metrics if terms.counts(group, measure.metric)}
    sales = sum(float(measure.weight) for measure in group.metrics
                if measure.metric == "amount" or not terms.counts(group, measure.metric))
    rate = np.nan if tables is None else margin_rate(tables, rows.person_id.unique())
    if "amount" in paid_for and "margin" not in paid_for:
        if rate <= 0:
            yield Problem("pay.flaw_price_loss", level="doubt", group=title, weight=sales, rate=rate)
        elif rate == rate:
            pieces = (1 + MORE_SALES) / (1 - PRICE_CUT)
            after = 1 + MORE_SALES - (1 - rate) * pieces
            yield Problem("pay.flaw_price", level="doubt", group=title, weight=sales, cut=PRICE_CUT,
                          more=pieces - 1, sales=MORE_SALES, lost=1 - after / rate)
        else:
            yield Problem("pay.flaw_price_unknown", level="doubt", group=title, weight=sales)
    if not group.steady:
        yield Problem("pay.flaw_reset", level="doubt", group=title, times=-(-12 // MONTHS_OF[group.period]))


def _crowding(terms: PayTerms, rows: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> Iterator[Problem]:
    """Say once for each length of period how sales crowd at its end; a doubt where the rules invite it."""
    for length in dict.fromkeys(group.period for group in terms.plan.group):
        groups = [group for group in terms.plan.group if group.period == length]
        people = rows.person_id[rows.group.isin([group.key for group in groups])].unique()
        crowd = period_ends(tables, MONTHS_OF[length], people)
        if crowd["last"] < CROWDED * crowd["even"] or crowd["periods"] < FEWEST_PERIODS:
            continue
        steep = any(not group.steady or any(jumps(terms.plan.curves[part.curve]) for part in parts_of(group))
                    for group in groups)
        yield Problem("pay.flaw_period_end", level="doubt" if steep else "note",
                      length=say(f"pay.period_{length}"), last=crowd["last"], even=crowd["even"],
                      following=crowd["first"], periods=int(crowd["periods"]))


def _people_flaws(terms: PayTerms, rows: pd.DataFrame, cost: PayCost, names: pd.Series) -> Iterator[Problem]:
    people = terms.people
    if len(terms.plan.group) > 1:
        silent = [str(group.title) for group in terms.plan.group if group.why is None
                  and len(terms.members(group))]
        if silent:
            yield Problem("pay.flaw_unstated", level="doubt", found=", ".join(silent))
    if not any(group.who.tenure_below for group in terms.plan.group):
        new = people[(people.tenure < NEW).fillna(False).astype(bool) & people.group.notna()]
        if len(new):
            yield Problem("pay.flaw_newcomers", level="doubt", count=len(new),
                          names=name_some(names[new.person_id]))
    whole = rows[rows.known.astype(bool)].groupby("person_id").agg(goal=("goal", "sum"), mean=("mean", "sum"))
    table = cost.people.set_index("person_id").join(whole[whole.goal > 0], how="inner")
    table = table[table.target_pay > 0]
    if len(table) >= FEWEST:
        earned = table.expected / table.target_pay
        easy = (table["mean"] / table.goal).rank(pct=True, method="first")
        hardest, easiest = earned[easy <= .25], earned[easy > .75]
        if hardest.mean() < UNEQUAL * easiest.mean():
            yield Problem("pay.flaw_unequal", level="doubt", hard=float(hardest.mean()),
                          easy=float(easiest.mean()), count=len(hardest),
                          names=name_some(names.reindex(hardest.sort_values().index), 3))


def _money_flaws(terms: PayTerms, forecast: Forecast, cost: PayCost,
                 tables: Mapping[str, pd.DataFrame] | None) -> Iterator[Problem]:
    total = cost.total
    if total.chance_over == total.chance_over and total.chance_over > LIKELY_OVER:
        yield Problem("pay.flaw_budget", level="doubt", budget=total.budget, chance=total.chance_over,
                      expected=total.expected, high=total.high)
    lower = cost_of_plan(talk_down(terms, TALKED_DOWN), forecast)
    gain = lower.total.expected / total.expected - 1 if total.expected > 0 else 0.
    if gain > WORTH_TALKING:
        yield Problem("pay.flaw_sandbag", level="note", less=TALKED_DOWN, gain=gain)
    if tables is None:
        return
    back = share_returned(tables)
    if terms.plan.clawback is None and back["share"] > RETURNS:
        yield Problem("pay.flaw_no_clawback", level="doubt", share=back["share"], amount=back["amount"])
    twice = credit_beyond_one(tables)
    if twice["orders"]:
        yield Problem("pay.flaw_split", level="doubt", count=int(twice["orders"]), amount=twice["amount"])


def talk_down(terms: PayTerms, share: float) -> PayTerms:
    """Lower every goal by a share, as talks about goals might: what does it bring whom?"""
    commissions = {group.key for group in terms.plan.group if group.share_of_goal is not None}
    falls = terms.targets.person_id.isin(terms.people.person_id[terms.people.group.isin(commissions)])
    exact = [target * (1000 - round(1000 * share)) / 1000 if down else target
             for target, down in zip(terms.targets.target_pay, falls, strict=True)]
    return replace(terms, goals=terms.goals.assign(goal=terms.goals.goal * (1 - share)),
                   team_goals=terms.team_goals.assign(goal=terms.team_goals.goal * (1 - share)),
                   targets=terms.targets.assign(target_pay=exact))
