"""Pay in words and tables: the page for one person, a statement line by line, cost, flaws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from salesgoals.incentives import PayCost, PayPage, PayTerms, explain_pay
from salesgoals.paying.names import name_metric
from salesgoals.paying.scheme import Curve, Group, parts_of
from salesgoals.problems import Problem
from salesgoals.readers import Report
from salesgoals.show.charts_incentives import chart_pay_cost, chart_pay_curve
from salesgoals.show.html import Column, Part, escape, write_list, write_table
from salesgoals.show.numbers import (
    NOTHING,
    format_chance,
    format_exact,
    format_money,
    format_month,
    format_share,
    name_span,
)
from salesgoals.words import say

FEW = 100  # below it a tenth can be seen
YEARS = (("weak", -1.5), ("usual", 0.), ("strong", 1.5))  # standard deviations of the common shock


def show_pay_page(page: PayPage, currency: str = "") -> Part:
    """Write the page "if you reach X, you get Y" for one person, to be read and printed.

    Parameters
    ----------
    page : PayPage
        From :func:`salesgoals.incentives.explain_pay`.
    currency : str
        Currency code of the amounts.
    """
    rules = write_list(list(_rules(page, currency)))
    return Part(_if_then(page, currency) + rules + _learning(page, currency))


def _if_then(page: PayPage, currency: str) -> str:
    table = page.table
    columns = [
        Column(say("pay.if_you_reach"), [format_share(value) for value in table.attainment], one_line=True),
        Column(say("pay.that_is"), [format_exact(round(value)) for value in table.result]),
        Column(say("pay.you_get"), [_fen(value, currency) for value in table.pay],
               bars=[float(value) / max(float(table.pay.max()), 1.) for value in table.pay], tint="goal")]
    if table.chance.notna().any():
        columns.append(Column(say("pay.chance"), [format_chance(value) if at > 0 else NOTHING for value, at
                                                  in zip(table.chance, table.attainment, strict=True)]))
    goals = page.goals
    named = [name_metric(metric) + ("" if metric == by else say("pay.measured_by", metric=name_metric(by)))
             for metric, by in zip(goals.metric, goals.measured_by, strict=True)]
    weights = write_table([
        Column(say("pay.counts"), named, number=False),
        Column(say("pay.own_goal"), [format_exact(value) if value == value else say("pay.of_the_team")
                                     for value in goals.goal]),
        Column(say("pay.weight"), [format_share(value) for value in goals.weight]),
        Column(say("pay.at_goal"), [_fen(value, currency) for value in goals.pay])],
        caption=say("pay.weights_caption"))
    return write_table(columns, caption=say("pay.table_caption", person=page.person)) + weights


def _rules(page: PayPage, currency: str) -> Iterator[str]:
    group, plan, months = page.group, page.terms.plan, page.terms.months
    why = say("pay.page_why", why=group.why) if group.why else ""
    yield say("pay.page_group", group=group.title, plan=plan.title) + why
    first, last = months[0], months[-1]
    key = "pay.page_steady" if group.steady and group.period != "year" else (
        "pay.page_year" if group.steady else "pay.page_reset")
    yield say(key, period=say(f"pay.period_{group.period}"), span=name_span(first, last))
    seen: list[Curve] = []
    for part in parts_of(group):
        curve = plan.curves[part.curve]
        if curve in seen:
            continue
        seen.append(curve)
        alike = [name_metric(getattr(other, "metric", "team")) for other in parts_of(group)
                 if plan.curves[other.curve] == curve]
        told = say("pay.semicolon").join(_curve_words(curve))
        yield say("pay.comma").join(alike) + say("problem.colon") + told
    for prize in group.prizes:
        yield say("pay.page_prize", title=prize.title, each=format_exact(float(prize.each), currency),
                  most=format_exact(float(prize.at_most), currency), metric=name_metric(prize.metric))
    yield say("pay.page_paid", days=plan.paid_after_days)
    if plan.clawback:
        yield say("pay.page_clawback", days=plan.clawback.within_days)
    else:
        yield say("pay.page_no_clawback")
    yield say("pay.page_rounding")


def _curve_words(curve: Curve) -> Iterator[str]:
    if curve.kind == "retroactive":
        for tier in curve.tiers:
            yield say("pay.words_retroactive", start=format_share(float(tier.start)),
                      rate=format_share(float(tier.rate)))
    else:
        if curve.threshold > 0:
            yield say("pay.words_threshold", at=format_share(float(curve.threshold)))
        if curve.pay_at_threshold > 0:
            yield say("pay.words_at_threshold", share=format_share(float(curve.pay_at_threshold)))
        if curve.threshold < 1:
            yield say("pay.words_line", start=format_share(float(curve.threshold)))
        for tier in curve.tiers:
            yield say("pay.words_tier", start=format_share(float(tier.start)), rate=f"{tier.rate:f}")
    if curve.cap is not None:
        yield say("pay.words_cap", cap=f"{curve.cap:f}")


def _learning(page: PayPage, currency: str) -> str:
    group = page.group
    if not group.milestones:
        return ""
    milestones = write_table([
        Column(say("pay.milestone"), [str(item.title) for item in group.milestones], number=False),
        Column(say("pay.points"), [format_exact(item.points) for item in group.milestones])],
        caption=say("pay.milestones_caption"))
    rewards = sorted(group.rewards, key=lambda reward: reward.points)
    if not rewards:
        return milestones
    return milestones + write_table([
        Column(say("pay.points"), [say("pay.from_points", points=item.points) for item in rewards]),
        Column(say("pay.reward"), [str(item.title) for item in rewards], number=False),
        Column(say("pay.you_get"), [format_exact(float(item.pay), currency) if item.pay else NOTHING
                                    for item in rewards])])


def show_statement(terms: PayTerms, statement: pd.DataFrame, currency: str = "") -> Part:
    """Write a pay statement with every line of the calculation and the exact sum.

    Parameters
    ----------
    terms : PayTerms
        The terms it was worked out by.
    statement : pandas.DataFrame
        From :func:`salesgoals.incentives.pay` or ``pay_at``, of one person.
    currency : str
        Currency code of the amounts.
    """
    if not len(statement):
        return Part(f"<p>{escape(say('pay.nothing_due'))}</p>")
    group = terms.plan.group_of(str(statement.group.iloc[0]))
    several = statement.period.nunique() > 1
    columns = [
        Column(say("pay.line"), [name_line(group, row) for row in statement.itertuples()], number=False),
        Column(say("pay.result_of_goal"), [_result(row) for row in statement.itertuples()]),
        Column(say("pay.attainment_head"), [format_share(value, 1) for value in statement.attainment]),
        Column(say("pay.weight"), [NOTHING if value is None or value != value else format_share(float(value))
                                   for value in statement.weight]),
        Column(say("pay.share_head"), [format_share(value, 1) for value in statement.share]),
        Column(say("pay.pay_head"), [_fen(value, currency) for value in statement.pay])]
    total = ["" for _ in columns]
    total[0], total[-1] = say("pay.sum"), _fen(sum(statement.pay, Decimal(0)), currency)
    if several:
        spans = [say("pay.until", month=format_month(last)) for last in statement["last"]]
        columns.insert(0, Column(say("pay.period_head"), spans, number=False, one_line=True))
        total.insert(1, "")
    return Part(write_table(columns, total))


def name_line(group: Group, row: Any) -> str:
    """Name one line of a statement."""
    if row.line == "prize":
        told = str(group.prizes[int(row.what)].title)
    elif row.line == "reward":
        told = str(group.rewards[int(row.what)].title)
    elif row.line in ("taken_back", "paid_before"):
        told = say(f"pay.line_{row.line}")
    else:
        told = name_metric(row.what or "team")
    return told + (say(f"pay.status_{row.status}") if row.status else "")


def _result(row: Any) -> str:
    if row.result != row.result:
        return NOTHING
    if row.goal != row.goal or row.line == "team":
        return format_exact(round(row.result)) if row.line != "team" else NOTHING
    return say("pay.of_goal", result=_count(row.result), goal=_count(row.goal))


def _count(value: float) -> str:
    """Write sales to the yuan and small counts to a tenth."""
    return format_exact(round(value)) if value >= FEW else f"{value:.1f}".removesuffix(".0")


def _fen(amount: Decimal, currency: str) -> str:
    """Write pay to the fen where there are any, and never lose one."""
    return format_exact(float(amount), currency)


def show_pay_cost(cost: PayCost, terms: PayTerms, currency: str = "") -> Part:
    """Write what a pay plan costs: by group, and in weak and strong years.

    Parameters
    ----------
    cost : PayCost
        From :func:`salesgoals.incentives.cost_of_plan`.
    terms : PayTerms
        The same terms.
    currency : str
        Currency code of the amounts.
    """
    groups = [group for group in terms.plan.group if len(terms.members(group))]
    if not groups:
        return Part(f"<p>{escape(say('pay.nobody_paid'))}</p>")
    own = [cost.people[cost.people.group == group.key] for group in groups]
    sold = [table.expected.sum() / (table.expected / table.share).sum() if table.share.gt(0).any()
            else float("nan") for table in own]
    total = cost.total
    by_group = write_table([
        Column(say("pay.group_head"), [str(group.title) for group in groups], number=False),
        Column(say("pay.people_head"), [format_exact(len(table)) for table in own]),
        Column(say("pay.at_goal"), [format_exact(round(table.target_pay.sum())) for table in own]),
        Column(say("pay.expected_head"), [format_exact(round(table.expected.sum())) for table in own]),
        Column(say("pay.each_head"), [format_exact(round(table.expected.mean())) for table in own]),
        Column(say("pay.share_of_sales"), [format_share(value, 1) for value in sold])],
        [say("pay.sum"), format_exact(sum(len(table) for table in own)), format_exact(round(total.at_goal)),
         format_exact(round(total.expected)), NOTHING, format_share(total.share, 1)],
        caption=say("pay.cost_caption"))
    rows = [cost.years.iloc[(cost.years.shock - shock).abs().argmin()] for _, shock in YEARS]
    by_year = write_table([
        Column(say("pay.year_head"), [say(f"pay.year_{name}") for name, _ in YEARS], number=False),
        Column(say("pay.sales_head"), [format_money(row.sales, currency) for row in rows]),
        Column(say("pay.cost_head"), [format_money(row.cost, currency) for row in rows]),
        Column(say("pay.share_of_sales"), [format_share(row.share, 1) for row in rows])],
        caption=say("pay.years_caption"))
    # the other doubts stand among the flaws
    notes = [note.text() for note in cost.notes if note.level == "note" or note.code == "pay.not_forecast"]
    return Part(by_group + by_year + write_list(notes))


def show_flaws(flaws: Sequence[Problem]) -> Part:
    """List what a pay plan invites, doubts before notes; says so where nothing was found."""
    if not flaws:
        return Part(f"<p>{escape(say('pay.no_flaws'))}</p>")
    parts = []
    for level in ("stop", "doubt", "note"):
        some = [flaw.text() for flaw in flaws if flaw.level == level]
        if some:
            parts.append(f"<p><strong>{escape(say(f'pay.flaws_{level}', n=len(some)))}</strong></p>"
                         + write_list(some))
    return Part("".join(parts))


def pay_section(report: Report) -> list[Any]:
    """Put the pay section of a report together: a person's own page, or the company's cost and flaws.

    Parameters
    ----------
    report : Report
        Whatever its reader may see; a team's report has no such section.
    """
    view = report.pay
    if report.by == "all" and view is None:
        return [say("pay.no_plan_yet")]
    if view is None:
        return []
    if view.terms is None:
        return [say("pay.plan_unusable"), Part(write_list([problem.text() for problem in view.problems]))]
    if report.by == "person":
        if view.terms.group_of(report.name) is None:
            return []
        page = explain_pay(view.terms, report.name, report.forecast)
        return [chart_pay_curve(view.terms, report.name, report.forecast, report.currency),
                show_pay_page(page, report.currency)]
    if view.cost is None:
        return []
    return [chart_pay_cost(view.cost, report.currency), show_pay_cost(view.cost, view.terms, report.currency),
            show_flaws(view.flaws)]
