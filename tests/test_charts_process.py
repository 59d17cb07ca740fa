"""Charts of the process: titles that say what the figures show, silence where nothing can be said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from test_process import make_company, set_goals

from salesgoals.periods import read_period
from salesgoals.process import alarm_quality, kpi_alarms, pace_board, pace_course
from salesgoals.show.charts_process import chart_alarm_rules, chart_board, chart_kpi, chart_pace
from salesgoals.words import in_language

MONTH, DAY = read_period("2026-06"), pd.Timestamp("2026-06-12")


@pytest.fixture(scope="module")
def company() -> dict[str, pd.DataFrame]:
    return make_company(21, falls={"visit": .5})


@pytest.fixture(scope="module")
def goals(company: dict[str, pd.DataFrame]) -> pd.DataFrame:
    amounts = {one: 12_000. if int(one) % 4 else 60_000. for one in company["people"].person_id}
    return set_goals(amounts, MONTH)


def title_of(chart: Any) -> str:
    return " ".join(chart.to_dict()["title"]["text"])


def values_of(chart: Any) -> list[dict[str, Any]]:
    spec = chart.to_dict()
    inline = [place["data"].get("values", []) for place in [spec, *spec["layer"]] if "data" in place]
    return [row for rows in [*inline, *spec.get("datasets", {}).values()] for row in rows]


@pytest.mark.parametrize(("language", "alarm", "course"), [
    ("en", "alarm", "on course"), ("zh", "报警", "正常")])
def test_the_course_says_how_it_stands(company: dict[str, pd.DataFrame], goals: pd.DataFrame, language: str,
                                       alarm: str, course: str) -> None:
    rows = pace_course(company, goals, MONTH, "team", day=DAY)
    with in_language(language):
        titles = {unit: title_of(chart_pace(rows[rows.unit == unit], "CNY")) for unit in rows.unit.unique()}
    assert titles["D/T0"].startswith("T0")
    assert alarm in titles["D/T0"]
    assert any(course in titles[unit] for unit in ("D/T1", "D/T2", "D/T3"))


def test_the_course_ends_at_its_forecast_with_the_band(company: dict[str, pd.DataFrame],
                                                       goals: pd.DataFrame) -> None:
    rows = pace_course(company, goals, MONTH, "all", "all", DAY)
    drawn = values_of(chart_pace(rows))
    ends = [row for row in drawn if "month_end" in row]
    assert ends[0]["position"] == rows.working_days.iloc[0]
    assert ends[0]["low"] < ends[0]["month_end"] < ends[0]["high"]
    assert sum("so_far" in row for row in drawn) >= len(rows)
    over = pace_course(company, goals, MONTH, "all", "all", MONTH.end)
    assert not any("month_end" in row for row in values_of(chart_pace(over)))
    assert chart_pace(rows.assign(goal=np.nan)) is None
    assert chart_pace(rows.iloc[:0]) is None


def test_the_board_names_who_is_in_danger(company: dict[str, pd.DataFrame], goals: pd.DataFrame) -> None:
    board = pace_board(company, goals, MONTH, DAY)
    teams = chart_board(board[board.by == "team"])
    assert title_of(teams).startswith("1 of 4 in alarm")
    assert "T0" in title_of(teams)
    quiet = chart_board(board[(board.by == "team") & (board.unit != "D/T0")])
    assert title_of(quiet) == "None of 3 in alarm"
    few = chart_board(board[board.by == "person"].assign(verdict="too_small"))
    assert "too few deals" in title_of(few)
    many = pd.concat([board[board.by == "person"]] * 2, ignore_index=True)
    many["unit"] = many.index.astype(str)
    assert len({row["row"] for row in values_of(chart_board(many)) if "row" in row}) == 25
    assert chart_board(board.assign(goal=np.nan)) is None


def test_a_weekly_figure_says_since_when_it_fell(company: dict[str, pd.DataFrame]) -> None:
    charts = kpi_alarms(company, "2026-06-28")
    one = charts[(charts.unit == "D/T1") & (charts.kpi == "visits")]
    with in_language("en"):
        assert "T1: visits fell beyond luck from the week of 2026-0" in title_of(chart_kpi(one))
    with in_language("zh"):
        assert "T1的拜访从 2026-0" in title_of(chart_kpi(one))
    drawn = values_of(chart_kpi(one))
    assert len({row["week"] for row in drawn}) == one.value.notna().sum()
    for state in ("ok", "better", "too_small", "too_short", "unknown", "no_records"):
        assert title_of(chart_kpi(one.assign(state=state, alarm=False)))
    assert "back to usual" in title_of(chart_kpi(one.assign(state="ok")))
    assert chart_kpi(one.assign(value=np.nan)) is None


def test_rules_stand_side_by_side() -> None:
    quality = alarm_quality()
    with in_language("en"):
        both = title_of(chart_alarm_rules(quality))
        assert "rings in 83% of the good months or more" in both
        assert "58% to 95%" in both
        assert "behind linear pace" in title_of(chart_alarm_rules(quality[quality.rule == "linear"]))
        weekly = quality[~quality.watched.str.startswith("pace")]
        assert "EWMA" in title_of(chart_alarm_rules(weekly))
        assert "CUSUM" in title_of(chart_alarm_rules(weekly[weekly.rule == "cusum"]))
    assert chart_alarm_rules(quality.iloc[:0]) is None
