"""The gap as people read it: signs, words for what is not on record, sums, and what is said without goals."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from salesgoals.hindsight.gap import CAUSES as ENGINE_CAUSES
from salesgoals.show.retro_findings import say_verdict, show_forecast_grade, show_kpi_review, show_verdicts
from salesgoals.show.retro_parts import (
    CAUSES,
    causes_of,
    causes_table,
    gap_words,
    heaviest_causes,
    name_cause,
    say_cause,
    say_gap,
    show_gap,
    show_ways,
)
from salesgoals.show.retro_sections import show_gaming, show_lines, show_people_changes, show_ratchet
from salesgoals.show.session_parts import show_two_cycles
from salesgoals.words import all_words, in_language


def gap(**values: object) -> pd.DataFrame:
    row = {"by": "all", "unit": "all", "goal": 1000.0, "base": 900.0, "actual": 700.0, "gap": -300.0,
           **dict.fromkeys(CAUSES, 0.0), "goal_error": -100.0, "activity": -260.0, "win_rate": 60.0,
           "held": "", "basis": "forecast", "without_goal": 0, **values}
    return pd.DataFrame([row])


def first(table: pd.DataFrame) -> object:
    return next(table.itertuples(index=False))


def test_every_cause_of_the_engine_has_its_words() -> None:
    assert set(CAUSES) == set(ENGINE_CAUSES)
    for cause in (*CAUSES, "deals", "visit_rate", "deal_value"):
        for kind in ("cause", "about", "down", "up"):
            assert f"retro_page.{kind}_{cause}" in all_words()


def test_the_heaviest_come_first_in_the_gaps_own_direction() -> None:
    row = first(gap())
    assert heaviest_causes(row, causes_of(gap())) == [("activity", -260.0), ("goal_error", -100.0)]
    assert heaviest_causes(row, causes_of(gap()), towards=False) == [("win_rate", 60.0)]
    beaten = gap(actual=1200.0, gap=200.0, goal_error=-100.0, activity=300.0, win_rate=0.0)
    assert heaviest_causes(first(beaten), causes_of(beaten)) == [("activity", 300.0)]
    assert heaviest_causes(first(gap(price=-1.0)), ["price"]) == []     # too small for a sentence


def test_a_gap_is_said_with_and_without_a_goal() -> None:
    assert say_gap(first(gap())) == "The goal was 1,000, the result 700: 300 short (attainment 70.0%)."
    assert "300 beyond" in say_gap(first(gap(actual=1300.0, gap=300.0)))
    assert say_gap(first(gap(actual=1000.0, gap=0.0))) == "The goal was 1,000, and the result is the same."
    without = gap(goal=np.nan, gap=np.nan, goal_error=np.nan)
    assert "held against base: base 900, result 700, 200 less" in say_gap(first(without))
    nothing = gap(goal=np.nan, gap=np.nan, base=np.nan, **dict.fromkeys(CAUSES, np.nan))
    assert "nothing to hold it against" in say_gap(first(nothing))
    assert gap_words(first(nothing), causes_of(nothing)).html == ""
    assert causes_table(first(nothing), causes_of(nothing)).html == ""
    assert "base" not in str(show_gap(nothing)).lower()


def test_what_is_not_on_record_is_called_by_what_is() -> None:
    assert name_cause("win_rate") == "wins a quote"
    assert name_cause("quote_rate", "activity,price") == "quotes"
    assert say_cause("quote_rate", 5000.0, held="activity").startswith("more quotes than usual")
    assert name_cause("win_rate", "quote_rate") == "wins a visit"
    assert name_cause("win_rate", "activity,quote_rate") == "deals"
    assert name_cause("deal_size", "price") == "value of deals"
    assert say_cause("win_rate", -5000.0, held="activity,quote_rate").startswith("fewer deals than usual")
    row = first(gap(held="activity,quote_rate", activity=0.0, win_rate=-200.0))
    held = causes_table(row, causes_of(gap()))
    assert "Not on record and held at base: visits, quotes a visit." in str(held)
    assert "\nvisits" not in str(held)


def test_the_causes_of_the_table_add_up_to_its_last_line() -> None:
    lines = str(causes_table(first(gap()), causes_of(gap()), "", pd.DataFrame({
        "by": ["all"] * 2, "unit": ["all"] * 2, "cause": ["activity", "win_rate"], "p": [.001, .4],
        "clear": [True, False]}))).split("\n")
    assert any("visits −260 87% more than luck" in line for line in lines)
    assert any("wins a quote 60 −20% may be luck" in line for line in lines)
    assert lines[-1].startswith("Gap −300 100%")


def test_a_share_is_named_only_where_a_cause_pushes_the_gaps_way() -> None:
    assert say_cause("price", -50.0, -200.0).endswith("(25% of the gap)")
    assert "of the gap" not in say_cause("price", 50.0, -200.0)
    assert "of the gap" not in say_cause("price", 50.0)


def test_people_near_base_are_counted_not_listed() -> None:
    rows = pd.concat([gap(by="person", unit=str(n), actual=900.0 - 10 * n) for n in range(5)])
    shown = str(show_gap(rows.reset_index(drop=True), by="person", rows=2, people=pd.DataFrame({
        "person_id": [str(n) for n in range(5)], "name": ["Ann", "Ben", "Cy", "Dan", "Eve"]})))
    assert "Eve" in shown
    assert "Dan" in shown
    assert "Ben" not in shown
    assert "3 more people" in shown


def test_usual_explanations_show_what_they_leave_over() -> None:
    ways = pd.DataFrame({"factor": ["activity", "win_rate"], "forwards": [-50.0, -25.0],
                         "backwards": [-25.0, -50.0], "alone": [-50.0, -50.0], "fair": [-37.5, -37.5]})
    shown = str(show_ways(ways))
    assert "sum −75 −75 −100 −75" in shown
    assert "misses the change by 25 (33% of it)" in shown
    assert "too short" in str(show_ways(ways.iloc[:0]))


def verdict(**values: object) -> pd.DataFrame:
    row = {"by": "all", "unit": "all", "goal": 100.0, "forecast": 80.0, "low": 70.0, "high": 90.0,
           "actual": 60.0, "goal_chance": .004, "luck": .001, "goal_was": "too_high", "work_was": "below",
           "verdict": "both", "by_luck": .2, **values}
    return pd.DataFrame([row])


def test_verdicts_keep_goal_and_work_apart() -> None:
    assert say_verdict(first(verdict())) == (
        "The goal was too high: at the start its chance was <1%. The result lies below what could be "
        "expected (70 to 90), further than luck would take it.")
    no_goal = verdict(goal=np.nan, goal_chance=np.nan, goal_was="unknown", work_was="as_expected",
                      verdict="luck")
    assert "goal" not in say_verdict(first(no_goal))
    unknown = verdict(forecast=np.nan, low=np.nan, high=np.nan, verdict="unknown", work_was="unknown",
                      goal_was="unknown", goal_chance=np.nan)
    assert "Too few records" in say_verdict(first(unknown))
    assert "<table" not in show_verdicts(unknown).html
    people = pd.concat([verdict(by="person", unit=str(n), verdict=name) for n, name in enumerate(
        ["work", "luck", "luck"])], ignore_index=True)
    shown = str(show_verdicts(people))
    assert "Of 3 people" in shown
    assert "\n0 " in shown
    assert "\n1 " not in shown      # those within what was to be expected are counted only


def test_the_review_names_who_changed_and_what_is_not_recorded() -> None:
    review = pd.DataFrame([
        ("all", "all", "visits", 20.0, 18.0, -.1, 200.0, .3, "as_usual"),
        ("all", "all", "follow_ups", np.nan, np.nan, np.nan, np.nan, np.nan, "not_recorded"),
        ("team", "N/First", "visits", 20.0, 10.0, -.5, 90.0, .0001, "lower")],
        columns=["by", "unit", "kpi", "usual", "done", "change", "events", "p", "verdict"])
    shown = str(show_kpi_review(review))
    assert "visits a month 20.0 18.0 −10% no clear change" in shown
    assert "visits a month, clearly down: First (−50%)" in shown
    assert "Not on record: follow-ups a month." in shown


def test_grades_say_what_one_period_can_say() -> None:
    grades = pd.DataFrame([("person", .21, .33, 34, "better"), ("total", -.05, .1, 1, "inside"),
                           ("band", np.nan, np.nan, 0, "unknown")],
                          columns=["measure", "value", "naive", "n", "grade"])
    shown = str(show_forecast_grade(grades))
    assert "21% 33% 34 cases better than the plain one" in shown
    assert "−5.0% +10.0%" in shown
    assert "single period says little" in shown
    assert "Less than 6 months" in str(show_forecast_grade(grades.iloc[2:]))


def test_rules_are_judged_and_nobody_is_named() -> None:
    rows = [("all", "all", "rush", .18, .1, 10, .001, "rush"),
            ("all", "all", "just_reached", .6, .5, 4, np.nan, "too_few"),
            ("team", "N/First", "rush", .2, .1, 10, .001, "rush"),
            ("person", "00007", "rush", .4, .1, 10, .0001, "rush"),
            ("person", "00007", "low_claim", .5, 1.2, 1, np.nan, "low_claim"),
            ("person", "00008", "low_claim", 1.0, 1.0, 1, np.nan, "fair")]
    gaming = pd.DataFrame(rows, columns=["by", "unit", "check", "value", "usual", "n", "p", "verdict"])
    shown = str(show_gaming(gaming))
    assert "brings 18% of the deals" in shown
    assert "Teams with such a rush: First" in shown
    assert "Of 2 people who claimed a goal 1 claimed far less" in shown
    assert "nothing follows about anybody's intentions" in shown
    assert "0000" not in shown
    assert "Too few deals" in str(show_gaming(gaming.iloc[:0]))
    ratchet = pd.DataFrame([("after_beat", .6, .1, 1.2, .01, 15, "ratchet")],
                           columns=["measure", "value", "low", "high", "p", "n", "verdict"])
    assert str(show_ratchet(ratchet)).startswith("A ratchet")
    assert "Too few rounds" in str(show_ratchet(ratchet.iloc[:0]))


def test_product_lines_add_up_and_people_are_named() -> None:
    lines = pd.DataFrame([("all", "all", name, 100.0, 120.0, 20.0, 15.0, 2.0, 3.0, 0.0, 0.0, 0.0, 0.0,
                           "last_year") for name in ("pumps", "filters")],
                         columns=["by", "unit", "part", "before", "now", "change", "volume", "mix", "price",
                                  "new", "lost", "returns", "unmeasured", "basis"])
    shown = str(show_lines(lines))
    assert "sum 200 240 40 30 4 6" in shown
    assert "lost" not in shown
    assert show_lines(lines.iloc[:0]).html == ""
    moved = pd.DataFrame({"person_id": ["7"], "change": ["moved"], "first": [pd.Timestamp("2026-03-01")],
                          "last": [pd.NaT], "node": ["N/First"], "to_node": ["N/Second"], "amount": [np.nan]})
    assert "7 moved from First to Second on 2026-03-01" in str(show_people_changes(moved))


def test_two_cycles_stand_side_by_side() -> None:
    cycles = pd.DataFrame({"measure": ["error", "alarms", "people_error"], "first": [-.2, 9.0, .3],
                           "without": [-.02, 13.0, .26], "learnt": [.001, 16.0, .22]})
    shown = str(show_two_cycles(cycles))
    assert "forecast off by −20.0% −2.0% +0.1%" in shown
    assert "alarms of pace 9 13 16" in shown
    assert "whole months" in str(show_two_cycles(cycles.iloc[:0]))


def test_both_languages_say_the_same_figures() -> None:
    for table in (gap(), gap(actual=1300.0, gap=300.0, activity=340.0)):
        texts = []
        for name in ("zh", "en"):
            with in_language(name):
                texts.append(str(show_gap(table)))
        digits = ["".join(letter for letter in text if letter.isdigit()) for text in texts]
        assert all(one == other for one, other in pairwise(digits))
        assert texts[0] != texts[1]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_verdict_has_words(language: str) -> None:
    with in_language(language):
        for name in ("both", "work", "goal_too_high", "goal_too_low", "better", "luck", "unknown"):
            assert f"retro_page.verdict_{name}" in all_words()
            assert say_verdict(first(verdict(verdict=name)))
