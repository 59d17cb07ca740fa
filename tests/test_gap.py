"""Top down against bottom up: every node adds up, and who has not claimed is no zero."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoals.review import top_down_against_bottom_up


def proposal(goals: list[int]) -> pd.DataFrame:
    return pd.DataFrame({
        "department": [f"d{at % 2}" for at in range(len(goals))],
        "team": [f"t{at % 3}" for at in range(len(goals))],
        "person_id": [str(at) for at in range(len(goals))], "person": "A", "goal": goals})


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 1000), st.one_of(st.none(), st.integers(0, 1000))), min_size=1,
                max_size=12))
def test_every_node_is_the_sum_of_its_people(pairs: list[tuple[int, int | None]]) -> None:
    proposed = proposal([goal for goal, _ in pairs])
    claims = proposed[["person_id"]].assign(goal=pd.Series([claim for _, claim in pairs], dtype="float"))
    gap = top_down_against_bottom_up(proposed, claims)
    said = claims.goal.notna().to_numpy()
    for level, columns in (("department", ["department"]), ("team", ["department", "team"])):
        for node in gap[gap.level == level].itertuples():
            inside = np.logical_and.reduce([proposed[column] == getattr(node, column) for column in columns])
            assert node.proposed == proposed.goal[inside].sum()
            assert node.unclaimed == proposed.goal[inside & ~said].sum()
            assert node.claimed_people == (inside & said).sum()
            if (inside & said).any():
                assert node.claimed == claims.goal[inside & said].sum()
                assert node.gap == node.claimed - proposed.goal[inside & said].sum()
            else:
                assert np.isnan([node.claimed, node.gap]).all()
    assert (gap.proposed == gap.proposed_to_claimers + gap.unclaimed).all()
    assert (gap.level == "person").sum() == len(pairs)


def test_a_claim_of_zero_is_a_claim_and_a_blank_is_none() -> None:
    gap = top_down_against_bottom_up(proposal([100, 60]), pd.DataFrame({"person_id": ["0", "1"],
                                                                       "goal": [0., np.nan]}))
    whole = gap.iloc[0]
    assert (whole.claimed, whole.gap, whole.unclaimed, whole.claimed_people) == (0., -100., 60, 1)


def test_months_are_kept_apart_and_nobody_is_lost() -> None:
    months = pd.date_range("2026-01-01", periods=2, freq="MS")
    proposed = proposal([10, 20]).merge(pd.DataFrame({"month": months}), how="cross")
    claims = pd.DataFrame({"person_id": ["0", "0", "new"], "month": [*months, months[0]],
                           "goal": [8., 12., 5.], "person": ["A", "A", "Newby"]})
    gap = top_down_against_bottom_up(proposed, claims, by="month")
    first = gap[(gap.level == "company") & (gap.month == months[0])].iloc[0]
    assert (first.proposed, first.claimed, first.people) == (30, 13., 3)
    assert gap[(gap.level == "person") & (gap.person_id == "new")].person.tolist() == ["Newby"]
    assert gap.claimed[gap.level == "company"].sum() == pytest.approx(claims.goal.sum())
