"""Choose a system for goals: what it must do first, then weighted scores, and how firm the choice is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from salesgoals.choosing.article import ScoreSheet, article_table, example_sheet, trap_table
from salesgoals.choosing.cost import add_costs
from salesgoals.choosing.flips import DRAWS, Sensitivity, criterion_lines, find_flips
from salesgoals.choosing.scores import SCALE, Scoring, rank_tools
from salesgoals.choosing.sheet import read_score_sheet

__all__ = ["ScoreSheet", "Scoring", "Sensitivity", "article_scores", "checklist", "cost_of_tools",
           "criterion_lines", "example_scores", "read_scores", "score_tools", "sensitivity"]

OFF_BY = .05     # five points of a hundred: nobody can tell a weight more closely than that


def score_tools(scores: pd.DataFrame, weights: Mapping[str, float], knock_outs: pd.DataFrame | None = None,
                scale: tuple[float, float] = SCALE) -> Scoring:
    """Rank the tools: those that fail a requirement go first, the others are compared by weighted scores.

    Parameters
    ----------
    scores : DataFrame
        Columns tool, criterion, score and, if several people scored, rater. An empty score is not zero: the
        total then has a lowest and a highest value.
    weights : mapping of str to float
        Criterion -> weight, on any footing (points of 100, 1 to 5): only their proportions matter.
    knock_outs : DataFrame, optional
        Columns tool, requirement, met (True, False or None for "not known yet"). One "no" takes the tool out,
        whatever its points.
    scale : tuple of float
        The worst and the best score there is.

    Returns
    -------
    Scoring
        ranking, means, raters, agreement, spread, notes.

    Raises
    ------
    SalesgoalsError
        With everything that is wrong: scores outside the scale, a criterion without weight, a cell scored
        twice, a requirement both met and not.

    Notes
    -----
    Source of method: methods 3.16. Yes-or-no criteria come first because weighted sums are easy to steer
    (s-anand.net/blog/2006); agreement of raters is Kendall's W.

    Examples
    --------
    >>> scores = pd.DataFrame({"tool": ["A", "A", "B", "B"], "criterion": ["ease", "price"] * 2,
    ...                        "score": [5, 2, 3, None]})
    >>> found = score_tools(scores, {"ease": 60, "price": 40})
    >>> found.ranking[["tool", "rank_best", "rank_worst", "lowest", "highest"]].values.tolist()
    [['A', 1.0, 1.0, 3.8, 3.8], ['B', 1.0, 2.0, 2.2, 3.8]]
    """
    return rank_tools(scores, weights, knock_outs, scale)


def sensitivity(scoring: Scoring, off_by: float = OFF_BY, draws: int = DRAWS, seed: int = 1) -> Sensitivity:
    """Ask how firm the choice is: how often each tool wins under other weights, and what flips the winner.

    Parameters
    ----------
    scoring : Scoring
        From :func:`score_tools`.
    off_by : float
        How far weights "near the given ones" lie from them (root mean square; .05 is five points of 100).
    draws : int
        Weights to try, of each kind. With two criteria and no missing score nothing is drawn: the shares
        are exact.
    seed : int
        Of the random draws; the same seed gives the same shares.

    Returns
    -------
    Sensitivity
        wins (near, anyhow, can_win, rank_low, rank_high) and breakpoints, which are exact.

    Notes
    -----
    Weights near the given ones are drawn from the Dirichlet distribution whose mean they are; "anyhow" from
    the one in which all weights are equally likely. Missing scores are drawn from the whole scale. Whether
    any weights put a tool first is settled by a linear programme. For breakpoints a missing score counts as
    the middle of the scale.

    Examples
    --------
    >>> scores = pd.DataFrame({"tool": ["A", "A", "B", "B"], "criterion": ["ease", "price"] * 2,
    ...                        "score": [5, 2, 3, 4]})
    >>> firm = sensitivity(score_tools(scores, {"ease": 60, "price": 40}))
    >>> firm.wins[["tool", "anyhow"]].values.tolist(), firm.breakpoints.lower.round(3).tolist()
    ([['A', 0.5], ['B', 0.5]], [0.5, nan])
    """
    return find_flips(scoring, off_by, draws, seed)


def article_scores(criteria: int = 5) -> pd.DataFrame:
    """List the article's scores, with what they hide and who gave them.

    Parameters
    ----------
    criteria : int
        Of how many equally weighted criteria the one number might be the mean; the article names none.

    Returns
    -------
    DataFrame
        Columns tool, score (out of 10; NaN where the article gives none), places (in how many of its lists),
        named (how often in the whole text), links, by_its_vendor (True for the system whose vendor published
        the article), may_hide (the lowest score that one of the criteria can have behind such a mean).

    Notes
    -----
    The article was published by the vendor of the system it puts first. The scores are unverified, come
    without criteria, raters or date, and are no evaluation of any of these systems.

    Examples
    --------
    >>> from salesgoals.words import in_language
    >>> with in_language("en"):
    ...     article_scores()[["score", "may_hide"]].round(1).iloc[1].tolist()
    [9.2, 6.0]
    """
    return article_table(criteria)


def example_scores() -> ScoreSheet:
    """Return an invented comparison of four systems to practise with.

    Returns
    -------
    ScoreSheet
        scores, weights, knock_outs, costs; in the language in use. No such systems exist.

    Examples
    --------
    >>> example = example_scores()
    >>> len(example.scores), sum(example.weights.values()), len(example.knock_outs)
    (72, 100.0, 8)
    """
    return example_sheet()


def checklist() -> pd.DataFrame:
    """List the traps of choosing a system for goals, each with what to do about it.

    Returns
    -------
    DataFrame
        Columns area (choosing, trial, goals, data, cost), code, basis (rule: good practice; read: a fact
        about one system, as read in its source), system, trap, what_to_do, source. Systems change: check the
        version that is offered to you.

    Examples
    --------
    >>> checklist().groupby("basis").size().to_dict()
    {'read': 13, 'rule': 11}
    """
    return trap_table()


def cost_of_tools(costs: pd.DataFrame, years: float = 3) -> pd.DataFrame:
    """Add up what each tool costs over some years; an unknown part leaves the total unknown.

    Parameters
    ----------
    costs : DataFrame
        Columns tool, seats, price (of a seat and month), setup (once: moving data, training) and yearly
        (further costs a year: interfaces, care). Your own figures; empty means not known, not zero.
    years : float
        Over how many years.

    Returns
    -------
    DataFrame
        Columns tool, licences, setup, running, total, at_least (of the parts that are known),
        a_seat_a_month; the cheapest first, those with an unknown total last. Exact to the cent.

    Examples
    --------
    >>> offer = pd.DataFrame({"tool": ["A"], "seats": [10], "price": [99.9], "setup": [5000], "yearly": [0]})
    >>> cost_of_tools(offer)[["licences", "total", "a_seat_a_month"]].values.tolist()
    [[35964.0, 40964.0, 113.79]]
    """
    return add_costs(costs, years)


def read_scores(path: str | Path, scale: tuple[float, float] = SCALE) -> ScoreSheet:
    """Read a filled-in score sheet: criteria, weights, scores, requirements and costs, fully checked.

    Parameters
    ----------
    path : str or Path
        Excel or CSV with the heads "criterion" and "weight" and one column a tool; in rows whose weight says
        "must" the cells say yes or no. Each worksheet is one rater, named after the sheet. A worksheet with
        the heads "tool", "seats" and "price" holds costs.
        :func:`salesgoals.show.tool_sheets.write_score_sheet` writes such a file.
    scale : tuple of float
        The worst and the best score there is.

    Returns
    -------
    ScoreSheet

    Raises
    ------
    SalesgoalsError
        With everything that is wrong and where: file, sheet, row, column.
    """
    return read_score_sheet(Path(path), scale)
