"""What taking stock of the team found, as people read it: sentences, tables, a card for each person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from salesgoals.abilities.measures import MEASURES
from salesgoals.problems import Problem
from salesgoals.readers import Report
from salesgoals.show.charts_base import name_people
from salesgoals.show.charts_potential import chart_capability
from salesgoals.show.charts_team import TOLD, chart_newcomers, chart_peers, chart_risk
from salesgoals.show.html import Column, Part, escape, write_list, write_table
from salesgoals.show.numbers import NOTHING, format_exact, format_money, format_share
from salesgoals.show.render import QUIET
from salesgoals.show.team_words import name_measure, write_value
from salesgoals.words import say

NAMED = ("above", "below")
MOST_ROWS = 40
MONTHS_A_YEAR = 12


def show_people(described: pd.DataFrame, currency: str = "", rows: int = MOST_ROWS) -> Part:
    """Show what is known of each person in one table; a dash is unknown, not zero.

    Parameters
    ----------
    described : pandas.DataFrame
        From :func:`salesgoals.team.describe_people`.
    currency : str
        For the amounts.
    rows : int
        At most so many, largest sales first; the rest is counted below.
    """
    table = described.assign(name=name_people(described)).sort_values(
        ["sales", "person_id"], ascending=[False, True], kind="stable", na_position="last")
    shown = table.head(rows)
    columns = [_text("person", shown.name)]
    if table.team.nunique() > 1:
        columns.append(_text("team", shown.team.fillna("")))
    if table.tenure.notna().any():
        columns.append(Column(say("team.column_tenure"), [say_tenure(value) for value in shown.tenure]))
    columns.append(Column(say("team.measure_sales"), [format_money(value) for value in shown.sales_month]))
    for measure in list(MEASURES)[1:]:
        if table[measure].notna().any():
            columns.append(Column(name_measure(measure), [write_value(measure, value)
                                                          for value in shown[measure]]))
    for name in ("accounts", "potential", "pipeline"):
        if table[name].notna().any():
            rule = format_exact if name == "accounts" else format_money
            columns.append(Column(say(f"team.column_{name}"), [rule(value) for value in shown[name]]))
    note = say("team.people_note", currency=currency or say("team.currency_units"))
    if len(table) > len(shown):
        note += say("team.people_rest", n=len(table) - len(shown))
    return Part(write_table(columns, small=True) + _quiet(note))


def say_tenure(months: float) -> str:
    """Say how long somebody has been there: months within two years, then years.

    Examples
    --------
    >>> from salesgoals.words import in_language
    >>> with in_language("en"):
    ...     say_tenure(4.2), say_tenure(61.)
    ('4 months', '5.1 years')
    """
    if months != months:
        return NOTHING
    if months < 2 * MONTHS_A_YEAR:
        return say("team.tenure_months", n=int(months))
    return say("team.tenure_years", n=f"{months / MONTHS_A_YEAR:.1f}")


def _text(name: str, values: pd.Series) -> Column:
    return Column(say(f"team.column_{name}"), [str(value) for value in values], number=False, one_line=True)


def _quiet(text: str) -> str:
    return f'<p class="quiet">{escape(text)}</p>' if text else ""


def show_peers(compared: pd.DataFrame, currency: str = "") -> Part:
    """Show every difference from the peers that can be told for sure, and how many cannot.

    Parameters
    ----------
    compared : pandas.DataFrame
        From :func:`salesgoals.team.compare_with_peers`.
    currency : str
        For the amounts.
    """
    told = compared[compared.verdict.isin(TOLD)]
    if told.empty:
        return Part("")
    named = told[told.verdict.isin(NAMED)].sort_values("sure", ascending=False, kind="stable").head(MOST_ROWS)
    sentence = say("team.peers_count", n=len(told), named=int(told.verdict.isin(NAMED).sum()),
                   alike=int((told.verdict == "like").sum()), unsure=int((told.verdict == "unsure").sum()))
    if named.empty:
        return Part(f"<p>{escape(sentence)}</p>" + _quiet(say("team.not_a_ranking")))
    everybody = compared.drop_duplicates("person_id")
    names = dict(zip(everybody.person_id, name_people(everybody), strict=True))
    rows = list(named.itertuples(index=False))
    table = write_table([
        _text("person", named.person_id.map(names)),
        Column(say("team.column_measure"), [name_measure(row.measure) for row in rows], number=False,
               one_line=True),
        Column(say("team.column_value"), [write_value(row.measure, row.value, currency) for row in rows]),
        Column(say("team.column_shrunk"), [write_value(row.measure, row.shrunk, currency) for row in rows]),
        Column(say("team.column_center"), [write_value(row.measure, row.center, currency) for row in rows]),
        Column(say("team.column_verdict"), [say(f"team.verdict_{row.verdict}") for row in rows],
               number=False, one_line=True)])
    return Part(f"<p>{escape(sentence)}</p>{table}" + _quiet(say("team.not_a_ranking")))


def show_windfalls(described: pd.DataFrame, currency: str = "") -> Part:
    """Show whose sales rest on one huge order, or say that nobody's do.

    Parameters
    ----------
    described : pandas.DataFrame
        From :func:`salesgoals.team.describe_people`.
    currency : str
        For the amounts.
    """
    lucky = described.assign(name=name_people(described))
    lucky = lucky[lucky.windfall.fillna(False).astype(bool)].sort_values(
        ["largest_share", "person_id"], ascending=[False, True], kind="stable").head(MOST_ROWS)
    if lucky.empty:
        return Part(f"<p>{escape(say('team.no_windfalls'))}</p>")
    return Part(write_table([
        _text("person", lucky.name),
        Column(say("team.column_sales"), [format_money(value, currency) for value in lucky.sales]),
        Column(say("team.column_largest"), [format_money(value, currency) for value in lucky.largest_order]),
        Column(say("team.column_share"), [format_share(value) for value in lucky.largest_share],
               bars=lucky.largest_share.tolist(), tint="goal"),
        Column(say("team.column_without"), [format_money(value, currency)
                                            for value in lucky.sales - lucky.largest_order])],
        caption=say("team.windfalls")))


def show_newcomers(progress: pd.DataFrame, currency: str = "") -> Part:
    """Show each newcomer's sales since joining beside what the growth curve expects, or say there are none.

    Parameters
    ----------
    progress : pandas.DataFrame
        From :func:`salesgoals.team.progress_of_newcomers`.
    currency : str
        For the amounts.
    """
    if progress.empty:
        return Part(f"<p>{escape(say('team.no_newcomers'))}</p>")
    rows = list(progress.assign(name=name_people(progress)).head(MOST_ROWS).itertuples(index=False))
    return Part(write_table([
        Column(say("team.column_person"), [row.name for row in rows], number=False, one_line=True),
        Column(say("team.column_tenure"), [say_tenure(row.tenure) for row in rows]),
        Column(say("team.column_actual"), [format_money(row.actual, currency) for row in rows]),
        Column(say("team.column_expected"), [format_money(row.expected, currency) for row in rows]),
        Column(say("team.column_usual"), [say("team.span", low=format_money(row.low, currency),
                                              high=format_money(row.high, currency)) for row in rows]),
        Column(say("team.column_verdict"), [say(f"team.progress_{row.verdict}") for row in rows],
               number=False, one_line=True)]))


def show_risk(risk: pd.DataFrame, currency: str = "", rows: int = 10) -> Part:
    """Show on whom most of the team's sales rest, and on how few customers.

    Parameters
    ----------
    risk : pandas.DataFrame
        From :func:`salesgoals.team.sales_at_risk`.
    currency : str
        For the amounts.
    rows : int
        At most so many.
    """
    known = risk[(risk.team_people >= 2) & (risk.team_share > 0)]
    if known.empty:
        return Part("")
    known = known.assign(name=name_people(known), times=known.team_share * known.team_people).sort_values(
        ["times", "person_id"], ascending=[False, True], kind="stable").head(rows)
    columns = [_text("person", known.name)]
    if risk.team.nunique() > 1:
        columns.append(_text("team", known.team.fillna("")))
    columns += [
        Column(say("team.column_sales"), [format_money(value, currency) for value in known.sales]),
        Column(say("team.share_of_team"), [format_share(value) for value in known.team_share],
               bars=known.team_share.tolist(), tint="goal"),
        Column(say("team.column_accounts"), [format_exact(value) for value in known.accounts]),
        Column(say("team.column_alone"), [format_share(value) for value in known.alone_share]),
        Column(say("team.column_two"), [format_share(value) for value in known.two_share])]
    return Part(write_table(columns))


def show_gaps(gaps: Sequence[Problem], about: str = "") -> Part:
    """Say in one sentence each what the data do not hold, and what therefore cannot be said.

    Parameters
    ----------
    gaps : sequence of Problem
        From :func:`salesgoals.team.gaps_of_team`.
    about : str
        Only this gap, such as ``potential``: for the place where a chart would stand.
    """
    if about:
        gaps = [gap for gap in gaps if gap.code == f"team.no_{about}"]
        return Part(f"<p>{escape(gaps[0].text() if gaps else say('team.no_chart'))}</p>")
    if not gaps:
        return Part(f"<p>{escape(say('team.no_gaps'))}</p>")
    return Part(write_list([gap.text() for gap in gaps]))


def show_person(described: pd.DataFrame, compared: pd.DataFrame, person_id: str, currency: str = "") -> Part:
    """Show the card of one person: facts and resources; a dash is unknown, not zero.

    Parameters
    ----------
    described, compared : pandas.DataFrame
        From :func:`salesgoals.team.describe_people` and :func:`salesgoals.team.compare_with_peers`.
    person_id : str
        Whose card.
    currency : str
        For the amounts.
    """
    row = described[described.person_id == person_id].iloc[0]
    facts = [("team", row.team), ("role", row.role), ("tenure", say_tenure(row.tenure)),
             ("sales", format_money(row.sales, currency)), ("accounts", format_exact(row.accounts)),
             ("potential", format_money(row.potential, currency)),
             ("pipeline", format_money(row.pipeline, currency)),
             ("largest", say("team.largest_of", amount=format_money(row.largest_order, currency),
                             share=format_share(row.largest_share)))]
    known = [(say(f"team.column_{name}"), value) for name, value in facts
             if isinstance(value, str) and value and NOTHING not in value]
    cells = "".join(f'<div style="flex:0 0 auto"><div style="color:{QUIET}">{escape(label)}</div>'
                    f'<div>{escape(value)}</div></div>' for label, value in known)
    told = compared[(compared.person_id == person_id)]
    sentences = []
    if pd.notna(row.windfall) and row.windfall:
        sentences.append(say("team.card_windfall", share=format_share(row.largest_share)))
    if len(told) and (told.verdict == "newcomer").all():
        sentences.append(say("team.card_newcomer"))
    elif len(told) and not told.verdict.isin(TOLD).any():
        sentences.append(say("team.card_few"))
    head = f"<h4>{escape(row.person if isinstance(row.person, str) else person_id)}</h4>"
    return Part(f'{head}<div style="display:flex;flex-wrap:wrap;gap:4px 16px">{cells}</div>'
                + "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences))


def _problem(row: dict[str, Any]) -> Problem:
    count, people = (None if pd.isna(row[name]) else int(row[name]) for name in ("count", "n"))
    return Problem(row["code"], level=row["level"], count=count, n=people)


def team_section(report: Report) -> list[Any]:
    """Gather what a report says about the team: a person sees the own figures and the peers' mean only."""
    described, compared = report.study("team_people"), report.study("team_peers")
    progress, months = report.study("team_newcomers"), report.study("team_newcomer_months")
    risk, room = report.study("team_risk"), report.study("team_room")
    gaps = [_problem(row) for row in report.study("team_gaps").to_dict("records")]
    newcomers = chart_newcomers(months, progress) if len(progress) else None
    luck = len(described) > 0 and bool(described.windfall.fillna(False).any())
    lucky = show_windfalls(described, report.currency) if luck else None
    if report.by == "person":
        own = chart_peers(compared, report.name, report.currency) if len(compared) else None
        return [own, newcomers, lucky]
    found: list[Any] = []
    if len(risk):
        found += [chart_risk(risk, report.currency)]
    if len(compared):
        found += [show_peers(compared, report.currency)]
    found += [lucky]
    if len(progress):
        found += [newcomers, show_newcomers(progress, report.currency)]
    if len(room):
        found += [chart_capability(room, report.currency)]
    return [*found, show_gaps(gaps)] if gaps else found
