"""Who was there in which month, and what the matrix of sales says about it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesgoals.forecasting.book import sales_matrix, staff_book
from salesgoals.problems import SalesgoalsError


def history_of(rows: dict[str, list[float]], start: str = "2024-01-01") -> pd.DataFrame:
    months = pd.date_range(start, periods=max(map(len, rows.values())), freq="MS")
    return pd.DataFrame(
        [
            (person, month, amount)
            for person, amounts in rows.items()
            for month, amount in zip(months, amounts, strict=False)
        ],
        columns=["person_id", "month", "amount"],
    )


def people_of(rows: dict[str, tuple[str | None, str | None]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "person_id": list(rows),
            "hire_date": pd.to_datetime([r[0] for r in rows.values()]),
            "leave_date": pd.to_datetime([r[1] for r in rows.values()]),
        }
    )


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.tuples(st.integers(0, 29), st.sampled_from("abc"), st.floats(-1e6, 1e6)), min_size=1, max_size=60
    )
)
def test_no_money_is_lost_between_table_and_matrix(rows: list[tuple[int, str, float]]) -> None:
    history = pd.DataFrame(rows, columns=["day", "person_id", "amount"])
    history["month"] = pd.Timestamp("2024-01-15") + pd.to_timedelta(history.day * 30, unit="D")
    before = history.copy()
    wide = sales_matrix(history)
    assert wide.to_numpy().sum() == pytest.approx(history.amount.sum(), abs=1e-6 * len(rows) * 1e6)
    assert list(wide.columns) == list(pd.date_range(wide.columns[0], wide.columns[-1], freq="MS"))
    pd.testing.assert_frame_equal(history, before)


def test_a_person_is_there_from_the_first_sale_or_from_joining_if_that_is_known() -> None:
    history = history_of({"old": [5.0] * 6, "late": [0, 0, 7, 0, 7, 7.0]})
    assert staff_book(history).book.present.tolist() == [[0, 0, 1, 1, 1, 1], [1] * 6]
    known = staff_book(history, people=people_of({"late": ("2024-02-20", None), "old": (None, None)}))
    assert known.book.present[known.ids.get_loc("late")].tolist() == [0, 1, 1, 1, 1, 1]


def test_leaving_ends_presence_and_the_last_month_counts_by_days() -> None:
    history = history_of({"a": [5.0] * 6, "b": [5.0] * 6})
    people = people_of({"a": ("2020-01-01", "2024-07-15"), "b": ("2020-01-01", "2024-03-31")})
    staffed = staff_book(history, months=3, people=people)
    assert staffed.future_present[0].round(3).tolist() == [round(15 / 31, 3), 0, 0]
    assert staffed.left.tolist() == [False, True]
    assert staffed.future_present[1].tolist() == [0, 0, 0]
    # b still has sales booked after leaving: they stay where they happened
    assert staffed.book.present[1].tolist() == [1] * 6


def test_joining_ahead_counts_by_days_and_tenure() -> None:
    history = history_of({"a": [5.0] * 24})
    people = people_of({"a": (None, None), "new": ("2026-02-15", None)})
    staffed = staff_book(history, months=4, people=people)
    row = staffed.ids.get_loc("new")
    assert staffed.future_present[row].round(3).tolist() == [0, 0.5, 1, 1]
    assert staffed.future_ramp[row][0] == 0
    assert (np.diff(staffed.future_ramp[row]) > 0).all()


def test_sales_before_joining_are_told_and_the_date_is_not_used() -> None:
    staffed = staff_book(history_of({"a": [5.0] * 6}), people=people_of({"a": ("2024-04-01", None)}))
    assert [note.code for note in staffed.notes] == ["forecast.sold_before_joining"]
    assert staffed.book.present.tolist() == [[1] * 6]


def test_a_month_without_a_sale_of_anybody_is_missing_for_a_team_and_zero_for_one_person() -> None:
    amounts = [5.0, 6, 0, 5, 6, 5]
    team = staff_book(history_of(dict.fromkeys("abcd", amounts)))
    assert team.book.present[:, 2].tolist() == [0] * 4
    assert [note.code for note in team.notes] == ["forecast.empty_months"]
    assert "2024-03" in team.notes[0].text()
    assert staff_book(history_of({"a": amounts})).book.present.tolist() == [[1] * 6]


def test_a_month_without_sales_is_believed_where_people_often_sell_nothing() -> None:
    random = np.random.default_rng(0)
    rare = {name: list(np.where(random.random(24) < 0.15, 100.0, 0)) for name in "abcdef"}
    staffed = staff_book(history_of(rare))
    assert (staffed.book.sales.sum(0) == 0).any()
    assert not staffed.notes


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda h: h.drop(columns="amount"), "forecast.column_missing"),
        (lambda h: h.assign(amount=[1.0, np.nan, 2.0]), "forecast.value_missing"),
        (lambda h: h.assign(amount=[1.0, np.inf, 2.0]), "forecast.value_missing"),
        (lambda h: h.assign(month=pd.NaT), "forecast.value_missing"),
        (lambda h: h.iloc[:0], "forecast.no_history"),
    ],
)
def test_a_history_that_cannot_be_used_is_named(change, code: str) -> None:
    history = history_of({"a": [1.0, 3.0, 2.0]})
    with pytest.raises(SalesgoalsError) as caught:
        sales_matrix(change(history))
    assert [problem.code for problem in caught.value.problems] == [code]
    assert "-" in str(caught.value)


def test_people_who_never_sold_and_are_not_new_are_counted_not_guessed() -> None:
    people = people_of({"a": ("2020-01-01", None), "office": ("2019-01-01", None), "boss": (None, None)})
    staffed = staff_book(history_of({"a": [5.0] * 6}), people=people)
    assert list(staffed.ids) == ["a"]
    assert staffed.notes[0].values["count"] == 2
