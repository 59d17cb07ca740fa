"""Growth goals of newcomers: the file, the dates, what the records show."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from salesgoals.measuring.actuals import Measures
from salesgoals.measuring.milestones import date_milestones, read_milestones
from salesgoals.problems import SalesgoalsError

MONTHS = pd.date_range("2026-01-01", periods=12, freq="MS")


def measured(**people: list[float]) -> Measures:
    past = pd.date_range("2025-10-01", periods=3, freq="MS")
    table = pd.DataFrame(people, index=past).T.rename_axis("person_id")
    return Measures({"new_customers": table, "amount": table}, pd.DataFrame())


def dated(hired: dict[str, str | None], measures: Measures) -> pd.DataFrame:
    people = pd.DataFrame({"person_id": list(hired)})
    dates = pd.Series({key: pd.Timestamp(value) for key, value in hired.items()})
    return date_milestones(read_milestones(), people, dates, MONTHS, measures)


def test_the_example_speaks_both_languages() -> None:
    table = read_milestones()
    assert len(table) >= 6
    assert table.month.is_monotonic_increasing
    assert table.zh.str.contains("[\u4e00-\u9fff]").all()
    assert not table.en.str.contains("[\u4e00-\u9fff]").any()


def test_a_workspace_may_have_its_own(tmp_path: Path) -> None:
    (tmp_path / "milestones.toml").write_text(
        '[[milestone]]\ncode = "exam"\nmonth = 2\ncount = 1\nmeasured_by = ""\nzh = "考试"\nen = "Exam"\n',
        encoding="utf-8")
    assert read_milestones(tmp_path).code.tolist() == ["exam"]
    assert len(read_milestones(tmp_path / "nowhere")) > 1


@pytest.mark.parametrize(("text", "says"), [
    ("[[milestone]\n", "cannot be read as TOML"),
    ("milestone = 3\n", "one by one"),
    ("[[milestone]]\ncode='a'\nmonth=0\ncount=1\nzh='x'\nen='y'\n", "whole number from 1 to 60"),
    ("[[milestone]]\ncode='a'\nmonth=1\ncount=1.5\nzh='x'\nen='y'\n", "says 1.5"),
    ("[[milestone]]\ncode='a'\nmonth=1\ncount=1\nzh='x'\nen=''\n", "no text here"),
    ("[[milestone]]\ncode='a'\nmonht=1\ncount=1\nzh='x'\nen='y'\n", 'closest is "month"'),
    ("[[milestone]]\ncode='a'\nmonth=1\ncount=1\nzh='x'\nen='y'\nmeasured_by='luck'\n", "known: amount"),
    ("[[milestone]]\ncode='a'\nmonth=1\ncount=1\nzh='x'\nen='y'\n" * 2, "stands twice"),
])
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "milestones.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SalesgoalsError, match=re.escape(says)):
        read_milestones(tmp_path)


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "milestones.toml").write_text(
        "[[milestone]]\ncode='a'\nmonth=0\ncount=0\nzh=''\nen='y'\n", encoding="utf-8")
    with pytest.raises(SalesgoalsError) as stopped:
        read_milestones(tmp_path)
    assert len(stopped.value.problems) == 3


def test_dates_follow_the_day_of_joining() -> None:
    table = dated({"new": "2026-02-15", "old": "2015-01-01", "unknown": None}, measured(x=[0, 0, 0]))
    assert set(table.person_id) == {"new"}
    first = table.set_index("code")
    assert first.month["product_exam"] == pd.Timestamp("2026-02-01")
    assert first.month["first_new_customer"] == pd.Timestamp("2026-05-01")
    assert table.month.between(MONTHS[0], MONTHS[-1]).all()


def test_what_is_overdue_falls_due_at_once_and_what_is_reached_is_dated() -> None:
    table = dated({"slow": "2025-09-10", "good": "2025-09-10"}, measured(slow=[0, 0, 0], good=[0, 2, 1]))
    slow, good = (table[table.person_id == name].set_index("code") for name in ("slow", "good"))
    assert slow.month["first_new_customer"] == MONTHS[0]
    assert slow.done["first_new_customer"] == 0
    assert "first_new_customer" not in good.index
    assert good.reached["three_new_customers"] == pd.Timestamp("2025-12-01")
    assert "product_exam" not in good.index  # was due before the plan, and nobody knows
    assert np.isnan(good.done["repeat_customers"])  # not measured: a manager ticks it off


def test_nobody_new_no_rows() -> None:
    assert dated({"old": "2015-01-01"}, measured(old=[1, 1, 1])).empty
