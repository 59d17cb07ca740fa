"""What is said beside a forecast: all of it readable in both languages, nothing when all is well."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from salesgoals.forecast import forecast_sales
from salesgoals.words import in_language


def history_of(sales: np.ndarray) -> pd.DataFrame:
    months = pd.date_range("2023-01-01", periods=sales.shape[1], freq="MS")
    return pd.DataFrame(
        [
            (f"p{row}", month, amount)
            for row, line in enumerate(sales)
            for month, amount in zip(months, line, strict=True)
        ],
        columns=["person_id", "month", "amount"],
    )


def troubled() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Everything at once: a gap, returns, a silent and a new person, one who left, an unfinished month."""
    sales = np.random.default_rng(0).lognormal(4, 0.2, (8, 30))
    sales[:, 5] = 0
    sales[1, 8] = -50
    sales[2, -14:] = 0
    sales[3, :-4] = 0
    sales[:, -1] *= 0.2
    people = pd.DataFrame(
        {
            "person_id": ["p3", "p4", "office"],
            "hire_date": pd.to_datetime(["2025-03-01", None, "2019-01-01"]),
            "leave_date": pd.to_datetime([None, "2025-05-31", None]),
        }
    )
    return history_of(sales), people


def test_every_trouble_is_told_once() -> None:
    history, people = troubled()
    found = [note.code for note in forecast_sales(history, people=people).notes]
    assert sorted(found) == sorted(
        f"forecast.{what}"
        for what in (
            "never_sold",
            "empty_months",
            "negative_months",
            "newcomers",
            "left_people",
            "silent_people",
            "last_month_low",
        )
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_note_is_a_sentence_in_both_languages(language: str) -> None:
    history, people = troubled()
    with in_language(language):
        texts = [note.text() for note in forecast_sales(history, people=people).notes]
    assert all(len(text) > 15 and "{" not in text for text in texts)
    assert all((max(text) >= "一") == (language == "zh") for text in texts)


def test_nothing_is_said_when_all_is_well() -> None:
    sales = np.random.default_rng(0).lognormal(4, 0.2, (8, 30))
    assert not forecast_sales(history_of(sales)).notes
