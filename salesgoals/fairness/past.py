"""Were the goals of the past fair? Asked of what came of them, year by year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from salesgoals.fairness.chance_tests import holm, p_of_relation, ranks_within
from salesgoals.history import believed_hire_dates, monthly_sales
from salesgoals.windows import attainment

ALPHA = .05
NEW_MONTHS = 12.0            # of tenure in the middle of a goal's year
LEAST_RELATION = .3
LEAST_RELATION_OF_SIZE = .45  # where good spells last, luck alone makes some
LEAST_DIFFERENCE = .15       # of attainment, between groups
FEW_PAIRS = 8
FEW_NEWCOMERS = 3
FEW_ROWS = 8
SAME_RATIO = .015            # goals over the year before differ by less: one uplift for everybody
MOST_ALIKE = .75
DAYS_OF_A_YEAR = 350
TOO_CLOSE = .10              # spread of results around goals; people's years differ by far more
MOST_OF_USUAL = .33          # of the spread around the year before
ROUND_COLUMNS = ["round", "people", "goal", "actual", "attainment", "share_at_goal", "within_10", "within_20",
                 "median", "alike", "uplift"]
PERSON_COLUMNS = ["round", "person_id", "person", "department", "team", "goal", "actual", "attainment",
                  "before", "elsewhere", "tenure", "days"]


@dataclass(frozen=True)
class PastFairness:
    """What came of earlier goals, and whether their split was to blame.

    Parameters
    ----------
    verdict : str
        ``fair``, ``unfair``, ``too_few``, ``doubt`` (the goals follow the results) or ``no_goals`` (no goal
        of a person with an actual).
    questions : DataFrame
        Columns question (newcomers, size, ratchet, afterwards), verdict (fair, unfair, too_few; of
        afterwards fair or doubt: were the goals written down when the results were known?), people (or
        pairs of years), relation (rank correlation, -1 to 1), inside, outside (median attainment of the two
        sides that are compared; of afterwards the spread of results around goals and around the year
        before), p (after Holm).
    rounds : DataFrame
        One row a year of goals: round, people, goal, actual, attainment, share_at_goal, within_10,
        within_20 (share of people whose attainment lies so near to that of all together), median, alike
        (share of people whose goal stands in the same ratio to the year before), uplift (that ratio - 1,
        for a whole year's goals).
    people : DataFrame
        One row a person and round: goal, actual, attainment, before (sales of the 12 months before the
        round), elsewhere (sales of a normal month outside it), tenure (months, in the middle of the round),
        days (from the first to the last of the goals).
    """

    verdict: str
    questions: pd.DataFrame
    rounds: pd.DataFrame
    people: pd.DataFrame


def judge_past_goals(tables: Mapping[str, pd.DataFrame]) -> PastFairness:
    """Judge earlier goals by what came of them: did newcomers, and last year's best, stand a chance?

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The canonical tables; uses goals, orders (or won opportunities), people.

    Returns
    -------
    PastFairness
        Verdict, questions, one row a round, one row a person and round.

    Notes
    -----
    Source of method: methods 3.5 and 3.9; ranks within each year, shuffled within the year. **newcomers**:
    attainment in the first 12 months of tenure against everybody else's. **size**: attainment against size,
    where size is measured three ways: by sales outside the goal's year, by sales in it, and by both. Luck in
    the year before pulls the first one down, luck in the year itself pulls the second up; only where all
    agree is size to blame. **ratchet**: attainment against that of the year before. With fair goals the two
    have nothing to do with each other, or lean the same way where good spells last; where last year's best
    miss this year's goal, the goal was last year's luck plus something. What teams reached is not judged:
    the records cannot tell a heavy goal from a bad year of a team.
    """
    people = _person_rounds(tables)
    if people.empty:
        return PastFairness("no_goals", _no_questions(), pd.DataFrame(columns=ROUND_COLUMNS), people)
    questions = pd.DataFrame([_newcomers(people), _size(people), _ratchet(people)])
    asked = questions.p.notna().to_numpy()
    questions.loc[asked, "p"] = holm(questions.p[asked].to_numpy(float))
    bad = asked & (questions.p < ALPHA).to_numpy() & questions.matters.to_numpy(bool)
    questions["verdict"] = np.where(bad, "unfair", np.where(asked, "fair", "too_few"))
    verdict = "unfair" if bad.any() else "fair" if asked.any() else "too_few"
    rounds = _rounds(people)
    doubt = _written_afterwards(people)
    if doubt is not None:
        questions = pd.concat([questions, pd.DataFrame([doubt])], ignore_index=True)
        if verdict != "unfair" and doubt["verdict"] == "doubt":
            verdict = "doubt"
    return PastFairness(verdict, questions[_no_questions().columns], rounds, people)


def _no_questions() -> pd.DataFrame:
    return pd.DataFrame(columns=["question", "verdict", "people", "relation", "inside", "outside", "p"])


def _person_rounds(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Add up each person's goals and actuals of a year: that in which the middle of a window lies."""
    reached = attainment(tables)
    # the last sale is rarely made on the last day: it is enough that the records reach into the last month
    until = monthly_sales(tables).month.max() + pd.offsets.MonthEnd(0)
    reached = reached[reached.person_id.notna() & reached.attainment.notna() & (reached.period_end <= until)
                      & (reached.metric.fillna("amount") == "amount")]
    if reached.empty:
        return pd.DataFrame(columns=PERSON_COLUMNS)
    version = reached.version.fillna("")
    latest = reached.assign(version=version).groupby("version").period_end.agg(["max", "size"])
    reached = reached[version == latest.sort_values(["max", "size"]).index[-1]]
    middle = reached.period_start + (reached.period_end - reached.period_start) / 2
    reached = reached.assign(round=middle.dt.year)
    found = reached.groupby(["round", "person_id"], as_index=False).agg(
        goal=("goal", "sum"), actual=("actual", "sum"), begin=("period_start", "min"),
        end=("period_end", "max"), department=("department", "last"), team=("team", "last"),
        person=("person", "last"))
    found["attainment"] = found.actual / found.goal
    found = found.join(_sales_around(tables, found))
    hired = believed_hire_dates(tables).reindex(found.person_id).set_axis(found.index)
    halfway = found.begin + (found.end - found.begin) / 2
    found["days"] = (found.end - found.begin).dt.days + 1
    found["tenure"] = (halfway - pd.to_datetime(hired)) / pd.Timedelta(days=30.4375)
    return found[PERSON_COLUMNS].sort_values(["round", "person_id"], ignore_index=True)


def _sales_around(tables: Mapping[str, pd.DataFrame], found: pd.DataFrame) -> pd.DataFrame:
    """Return sales of the 12 months before each round, and of a normal month outside it."""
    history = monthly_sales(tables)
    wide = history.pivot_table(index="person_id", columns="month", values="amount", aggfunc="sum",
                               fill_value=0.).reindex(columns=pd.date_range(
                                   history.month.min(), history.month.max(), freq="MS"), fill_value=0.)
    sales = wide.reindex(found.person_id).fillna(0.).to_numpy(float)
    months = wide.columns.to_numpy("datetime64[M]").astype(int)
    began = np.where((wide != 0).any(axis=1), months[(wide != 0).to_numpy().argmax(1)], months[-1] + 1)
    first = pd.Series(began, index=wide.index).reindex(found.person_id).to_numpy(float)
    begin = (found.begin + pd.Timedelta(days=15)).to_numpy("datetime64[M]").astype(int)[:, None]
    end = (found.end - pd.Timedelta(days=15)).to_numpy("datetime64[M]").astype(int)[:, None]
    there = months >= first[:, None]
    before = (months >= begin - 12) & (months < begin)
    outside = there & ((months < begin) | (months > end))
    whole = before.sum(1) == 12
    count = outside.sum(1)
    return pd.DataFrame({
        "before": np.where(whole & (first <= begin[:, 0] - 12), (sales * before).sum(1), np.nan),
        "elsewhere": np.where(count >= 3, (sales * outside).sum(1) / np.maximum(count, 1), np.nan),
    }, index=found.index)


def _answer(question: str, people: int, relation: float = float("nan"), p: float = float("nan"),
            inside: float = float("nan"), outside: float = float("nan"), matters: bool = False
            ) -> dict[str, Any]:
    return {"question": question, "people": people, "relation": relation, "p": p, "inside": inside,
            "outside": outside, "matters": matters}


def _newcomers(people: pd.DataFrame) -> dict[str, Any]:
    known = people[people.tenure.notna()]
    new = (known.tenure < NEW_MONTHS).to_numpy()
    if new.sum() < FEW_NEWCOMERS or (~new).sum() < FEW_ROWS:
        return _answer("newcomers", int(new.sum()))
    relation, p = p_of_relation(known.attainment.to_numpy(float), new.astype(float),
                                known["round"].to_numpy(int))
    inside, outside = (float(known.attainment[side].median()) for side in (new, ~new))
    return _answer("newcomers", int(new.sum()), relation, p, inside, outside,
                   abs(inside - outside) >= LEAST_DIFFERENCE)


def _size(people: pd.DataFrame) -> dict[str, Any]:
    known = people[people.elsewhere.notna() & ~(people.tenure < NEW_MONTHS)]
    if len(known) < FEW_ROWS:
        return _answer("size", len(known))
    rounds, reached = known["round"].to_numpy(int), known.attainment.to_numpy(float)
    elsewhere = ranks_within(known.elsewhere.to_numpy(float), rounds)
    inside_year = ranks_within(known.actual.to_numpy(float), rounds)
    sizes = (elsewhere, inside_year, elsewhere + inside_year)
    found = [p_of_relation(reached, size, rounds) for size in sizes]
    relations = np.array([relation for relation, _ in found])
    if np.isnan(relations).any():
        return _answer("size", len(known))
    agree = bool((np.sign(relations) == np.sign(relations[0])).all())
    weakest = float(relations[np.abs(relations).argmin()])
    large, small = (known.attainment[side] for side in (sizes[2] > .5, sizes[2] < -.5))
    return _answer("size", len(known), weakest, max(p for _, p in found), float(large.median()),
                   float(small.median()), agree and abs(weakest) >= LEAST_RELATION_OF_SIZE)


def _ratchet(people: pd.DataFrame) -> dict[str, Any]:
    before = people[["round", "person_id", "attainment"]].assign(round=people["round"] + 1)
    pairs = people.merge(before, on=["round", "person_id"], suffixes=("", "_before"))
    if len(pairs) < FEW_PAIRS:
        return _answer("ratchet", len(pairs))
    rounds = pairs["round"].to_numpy(int)
    relation, p = p_of_relation(pairs.attainment.to_numpy(float), pairs.attainment_before.to_numpy(float),
                                rounds)
    rank = ranks_within(pairs.attainment_before.to_numpy(float), rounds)
    best, worst = (float(pairs.attainment[side].median()) for side in (rank > 1 / 3, rank < -1 / 3))
    return _answer("ratchet", len(pairs), relation, p, best, worst, relation <= -LEAST_RELATION)


def _rounds(people: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for at, one in people.groupby("round"):
        goal, actual = float(one.goal.sum()), float(one.actual.sum())
        beside = one.attainment / (actual / goal) if actual > 0 else one.attainment * np.nan
        alike, uplift = _uplift(one)
        rows.append((int(at), len(one), goal, actual, actual / goal, float((one.attainment >= 1).mean()),
                     *(float(((beside - 1).abs() <= limit).mean()) for limit in (.10, .20)),
                     float(one.attainment.median()), alike, uplift))
    return pd.DataFrame(rows, columns=ROUND_COLUMNS)


def _uplift(one: pd.DataFrame) -> tuple[float, float]:
    """Return how many people's goals stand in one ratio to their year before, and that ratio - 1."""
    ratio = (one.goal / one.before.where(one.before > 0)).dropna()
    if len(ratio) < FEW_ROWS:
        return float("nan"), float("nan")
    common = float(ratio.median())
    alike = float(((ratio / common - 1).abs() <= SAME_RATIO).sum() / len(one))
    return alike, common - 1 if one.days.median() > DAYS_OF_A_YEAR else float("nan")


def _written_afterwards(people: pd.DataFrame) -> dict[str, Any] | None:
    """Compare how far results lie from the goals with how far they lie from the year before."""
    known = people[people.before.gt(0) & people.actual.gt(0)]
    if len(known) < FEW_ROWS:
        return None
    rounds = known["round"].to_numpy(int)
    of_goal, of_before = (_spread(np.log(known.actual / known[name]), rounds) for name in ("goal", "before"))
    close = of_goal <= MOST_OF_USUAL * of_before and of_goal <= TOO_CLOSE
    return {**_answer("afterwards", len(known), inside=of_goal, outside=of_before),
            "verdict": "doubt" if close else "fair"}


def _spread(logs: pd.Series, rounds: Any) -> float:
    """Robust spread around the common rate of each round."""
    apart = (logs - logs.groupby(rounds).transform("median")).abs()
    return float(1.4826 * apart.median())
