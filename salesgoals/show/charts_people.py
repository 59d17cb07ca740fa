"""Who carries what, then and next; and whether the load is shared fairly."""

from __future__ import annotations

import altair as alt
import pandas as pd

from salesgoals.show.charts_base import (
    MOST_ROWS,
    join_names,
    name_people,
)
from salesgoals.show.charts_rows import EVEN, chance_dots, say_growth, then_and_next
from salesgoals.show.numbers import (
    format_chance,
    format_growth,
    format_money,
    format_share,
)
from salesgoals.words import say

MOST_IN_A_TEAM = 15
FEW_TO_NAME = 3      # a finding names people up to here, and counts beyond
YEAR = 12
TENURES = ((6, "half"), (12, "one"), (24, "two"), (10_000, "more"))


def chart_people(people: pd.DataFrame, currency: str = "",
                 months_seen: pd.Series | None = None) -> alt.LayerChart | None:
    """Show each person's goal beside the last 12 months, with the chance to reach it.

    Parameters
    ----------
    people : pandas.DataFrame
        Columns person_id, person, goal, last_12, chance.
    currency : str
        For the axis.
    months_seen : pandas.Series, optional
        Months of records by person_id: with less than a year no growth is written.

    Returns
    -------
    altair.LayerChart or None
        None for fewer than two people. Beyond 25 people the largest goals are shown and the rest counted.
    """
    if len(people) < 2:
        return None
    growth = people.goal / people.last_12.where(people.last_12 > 0) - 1
    if months_seen is not None:
        growth = growth.where(people.person_id.map(months_seen).fillna(0) >= YEAR)
    table = people.assign(name=name_people(people), growth=growth).sort_values(
        ["goal", "person_id"], ascending=[False, True])[["name", "last_12", "goal", "growth", "chance"]]
    return then_and_next(table, who_carries(people), currency)


def rows_of_teams(known: pd.DataFrame) -> pd.Series:
    """Name the rows: teams; departments where there are too many teams."""
    team, department = known.team.fillna(""), known.department.fillna("")
    several = known.groupby(team).department.nunique().gt(1)
    told = team.where(~team.map(several).fillna(False).astype(bool), department + " " + team)
    if told.nunique() > MOST_ROWS:
        told = department
    return told.where(told.str.strip() != "", say("chart.no_team"))


def chart_carriers(people: pd.DataFrame, currency: str = "",
                   months_seen: pd.Series | None = None) -> alt.LayerChart | None:
    """Show who carries the goal: people, or teams where there are too many people to be read in a chart.

    Parameters
    ----------
    people : pandas.DataFrame
        Columns person_id, person, department, team, goal, last_12, chance.
    currency : str
        For the axis.
    months_seen : pandas.Series, optional
        As for :func:`chart_people`.

    Returns
    -------
    altair.LayerChart or None
        The finding is about people in either case; None for fewer than two.
    """
    rows = rows_of_teams(people)
    if len(people) <= MOST_IN_A_TEAM or rows.nunique() < 2:
        return chart_people(people, currency, months_seen)
    table = people.assign(name=rows, last_12=people.last_12.fillna(0)).groupby(
        "name", as_index=False, sort=False)[["last_12", "goal"]].sum()
    table["growth"] = table.goal / table.last_12.where(table.last_12 > 0) - 1
    table = table.sort_values("goal", ascending=False, kind="stable", ignore_index=True)
    return then_and_next(table, who_carries(people), currency, say("chart.carriers_note"))


def who_carries(people: pd.DataFrame) -> str:
    """Say on how few people half of the growth rests."""
    goal, last = float(people.goal.sum()), float(people.last_12.fillna(0).sum())
    increase = (people.goal - people.last_12.fillna(0)).clip(lower=0)
    if goal <= last or increase.sum() <= 0:
        return say("chart.people_no_growth", goal=format_money(goal), last=format_money(last))
    ordered = increase.sort_values(ascending=False, kind="stable")
    running = ordered.cumsum() / increase.sum()
    half = int((running < 0.5).sum()) + 1
    share = format_share(float(running.iloc[half - 1]))
    if half <= FEW_TO_NAME and half < len(people) / 2:
        names = name_people(people)[ordered.index[:half]].tolist()
        if half == 1:
            return say("chart.people_half_one", names=names[0], share=share, people=len(people))
        return say("chart.people_half_few", names=join_names(names), share=share, n=half, people=len(people))
    key = "chart.people_few" if half <= len(people) / 4 else "chart.people_spread"
    return say(key, n=half, people=len(people))


def chart_products(goals: pd.DataFrame, history: pd.DataFrame, currency: str = "") -> alt.LayerChart | None:
    """Show each product line's goal beside what it sold in the last 12 months.

    Parameters
    ----------
    goals : pandas.DataFrame
        Columns product_line, goal.
    history : pandas.DataFrame
        Columns month, product_line, amount.
    currency : str
        For the axis.

    Returns
    -------
    altair.LayerChart or None
        None where there is only one product line.
    """
    table = compare_products(goals, history)
    if len(table) < 2:
        return None
    finding = _product_words(table)
    if not finding:
        return None
    return then_and_next(table.rename(columns={"product_line": "name"}), finding, currency)


def _product_words(table: pd.DataFrame) -> str:
    """Say what stands out; sales without a product line count in the sums but are no finding."""
    total, last = float(table.goal.sum()), float(table.last_12.sum())
    increase, change = (table.goal - table.last_12).clip(lower=0), table.growth
    named = table[table.product_line != say("decompose.no_line")]
    if not total > 0 or named.empty:
        return ""
    if change.notna().all() and change.max() - change.min() < EVEN:
        return say("chart.products_even", low=format_growth(change.min()), high=format_growth(change.max()))
    if change.notna().any() and total > last > 0 and increase[named.index].max() > 0:
        most = increase[named.index].idxmax()
        return say("chart.products_growth", line=table.product_line[most], growth=say_growth(change[most]),
                   share=format_share(float(increase[most] / increase.sum())))
    first = named.loc[named.goal.idxmax()]
    return say("chart.products_largest", line=first.product_line,
               share=format_share(float(first.goal / total)))


def compare_products(goals: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Put each product line's goal beside its last 12 months.

    Returns
    -------
    pandas.DataFrame
        Columns product_line, last_12, goal, growth (NaN with less than a year of records), sorted by goal;
        sales without a product line stand under a name that says so.
    """
    recent = history.month > history.month.max() - pd.DateOffset(months=YEAR)
    last = history[recent].groupby("product_line").amount.sum()
    goal = goals.groupby("product_line").goal.sum()
    table = pd.DataFrame({"last_12": last, "goal": goal}).fillna(0.0)
    nameless = say("decompose.all_products" if len(last) == 1 else "decompose.no_line")
    table = table.rename(index={"": nameless}).groupby(level=0).sum()
    table = table.rename_axis("product_line").reset_index()
    table = table[(table.last_12 != 0) | (table.goal != 0)]
    whole_year = history.month.nunique() >= YEAR
    table["growth"] = table.goal / table.last_12.where((table.last_12 > 0) & whole_year) - 1
    return table.sort_values(["goal", "last_12"], ascending=False, ignore_index=True)


def chart_fairness(people: pd.DataFrame) -> alt.LayerChart | None:
    """Show each person's chance as a dot in the row of the team: is the load shared fairly?

    Parameters
    ----------
    people : pandas.DataFrame
        Columns person_id, person, department, team, chance, ramp (1 = fully grown).

    Returns
    -------
    altair.LayerChart or None
        None for fewer than three people whose chance is known.
    """
    known = people[people.chance.notna()]
    if len(known) < 3:
        return None
    known = known.assign(name=name_people(known), row=rows_of_teams(known))
    return chance_dots(known, _fairness_words(known), say("chart.fairness_note", n=len(known)))


def _fairness_words(known: pd.DataFrame) -> str:
    low, high = known.loc[known.chance.idxmin()], known.loc[known.chance.idxmax()]
    if high.chance - low.chance < EVEN:
        return say("chart.fairness_even", low=format_chance(low.chance), high=format_chance(high.chance))
    return say("chart.fairness_uneven", low=format_chance(low.chance), lowest=low["name"],
               high=format_chance(high.chance), highest=high["name"])


def chart_tenure(people: pd.DataFrame, months_seen: pd.Series) -> alt.LayerChart | None:
    """Show each person's chance by how long the records know the person: do newcomers stand a chance?

    Parameters
    ----------
    people : pandas.DataFrame
        Columns person_id, person, chance, ramp.
    months_seen : pandas.Series
        Months of records by person_id.

    Returns
    -------
    altair.LayerChart or None
        None where all have been there equally long.
    """
    known = people[people.chance.notna()]
    months = known.person_id.map(months_seen).fillna(0)
    group = pd.cut(months, [-1, *(limit - 1 for limit, _ in TENURES)], labels=range(len(TENURES))).astype(int)
    if group.nunique() < 2 or len(known) < 3:
        return None
    labels = [say(f"chart.tenure_{name}") for _, name in TENURES]
    known = known.assign(name=name_people(known), row=[labels[number] for number in group]).iloc[
        group.argsort(kind="stable")]
    new = months < YEAR
    if new.any() and (~new).any():
        chances = [float(known.chance[mask.reindex(known.index)].median()) for mask in (new, ~new)]
        key = "chart.tenure_even" if abs(chances[0] - chances[1]) < EVEN else "chart.tenure_uneven"
        finding = say(key, new=format_chance(chances[0]), old=format_chance(chances[1]), n=int(new.sum()))
    else:
        medians = known.groupby("row", sort=False).chance.median()
        finding = say("chart.tenure_groups", low=format_chance(medians.min()), lowest=medians.idxmin(),
                      high=format_chance(medians.max()), highest=medians.idxmax())
    return chance_dots(known, finding, say("chart.tenure_note"), sort=False)
