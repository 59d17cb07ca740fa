"""The file of a pay plan: every mistake named at once, with what is allowed, in the reader's language."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import salesgoals as sg
from salesgoals.paying.scheme_file import PAY_FILE, parse_pay_plan
from salesgoals.problems import SalesgoalsError
from salesgoals.words import in_language
from salesgoals.workspace import new_workspace

GOOD = """
title = "t"
[curves.c]
[[group]]
key = "g"
title = "g"
target_pay = 1000
metrics = [{metric = "amount", weight = 1, curve = "c"}]
"""


def codes(text: str) -> list[str]:
    with pytest.raises(SalesgoalsError) as caught:
        parse_pay_plan(text.encode())
    for name in ("zh", "en"):
        with in_language(name):
            assert str(caught.value)
    return [problem.code for problem in caught.value.problems]


def test_both_examples_can_be_read_and_say_that_they_are_invented() -> None:
    for which in ("new", "before"):
        plan = sg.example_pay_plan(which)
        assert "虚构" in plan.title.zh
        assert "invented" in plan.title.en
        for group in plan.group:
            weights = [part.weight for part in group.metrics]
            assert sum(weights, group.team_part.weight if group.team_part else Decimal(0)) == 1


def test_a_text_may_be_given_once_or_in_both_languages() -> None:
    plan = parse_pay_plan(GOOD.encode())
    assert (str(plan.title), str(plan.group[0].title)) == ("t", "g")
    both = parse_pay_plan(GOOD.replace('title = "t"', 'title = {zh = "中", en = "e"}').encode())
    with in_language("zh"):
        assert str(both.title) == "中"
    assert str(both.title) == "e"


def test_decimals_are_exact() -> None:
    plan = parse_pay_plan(GOOD.replace("weight = 1", "weight = 0.1").replace(
        "metrics = [", 'team_part = {weight = 0.9, curve = "c"}\nmetrics = [').encode())
    assert plan.group[0].metrics[0].weight + plan.group[0].team_part.weight == 1


@pytest.mark.parametrize(("text", "found"), [
    (GOOD.replace("target_pay", "target_pya"), ["pay.unknown"]),
    (GOOD.replace('key = "g"\n', ""), ["pay.missing"]),
    (GOOD.replace("1000", '"much"'), ["pay.wrong"]),
    (GOOD.replace("1000", "-5"), ["pay.wrong"]),
    (GOOD.replace("1000", "nan"), ["pay.wrong"]),
    (GOOD.replace('key = "g"', 'key = "G g"'), ["pay.wrong"]),
    (GOOD.replace("target_pay = 1000", ""), ["pay.target_ways"]),
    (GOOD.replace("target_pay = 1000", "target_pay = 1000\nshare_of_goal = 0.1"), ["pay.target_ways"]),
    (GOOD.replace("weight = 1,", "weight = 0.9,"), ["pay.weights"]),
    (GOOD.replace('curve = "c"', 'curve = "d"'), ["pay.no_curve"]),
    (GOOD.replace("[curves.c]", "[curves.c]\ntiers = [{from = 1.5, rate = 1}, {from = 1.2, rate = 2}]"),
     ["pay.tiers_order"]),
    (GOOD.replace("[curves.c]", "[curves.c]\ntiers = [{from = 0.5, rate = 1}]"), ["pay.tier_below_goal"]),
    (GOOD.replace("[curves.c]", "[curves.c]\nthreshold = 1\npay_at_threshold = 0.5"),
     ["pay.threshold_at_goal"]),
    (GOOD.replace("[curves.c]", '[curves.c]\nkind = "retroactive"\nthreshold = 0.5\n'
                                'tiers = [{from = 1, rate = 1}]'), ["pay.retroactive_threshold"]),
    (GOOD.replace("[curves.c]", '[curves.c]\nkind = "retroactive"\ntiers = [{from = 1.1, rate = 1}]'),
     ["pay.retroactive_goal"]),
    (GOOD.replace("[curves.c]", '[curves.c]\nkind = "retroactive"\ntiers = [{from = 1, rate = 1}, '
                                '{from = 2, rate = 0.5}]'), ["pay.curve_falls"]),
    (GOOD + GOOD[GOOD.index("[[group]]"):], ["pay.group_twice"]),
    (GOOD + 'milestones = [{key = "a", title = "A", points = 5}]\nrewards = [{points = 9, title = "R"}]',
     ["pay.reward_out_of_reach"]),
    (GOOD.replace("curves.c", "curves.c\n["), ["pay.unreadable"]),
    ("group = []\ntitle = 1\n[curves]", ["pay.wrong", "pay.wrong"]),
    ("", ["pay.missing", "pay.missing", "pay.missing"]),
    (GOOD.replace("1000", "1e400"), ["pay.wrong"]),
    (GOOD.replace("1000", "1" + "0" * 400), ["pay.wrong"]),
    (GOOD.replace("1000", "1" + "0" * 5000), ["pay.unreadable"]),
    ("a = " + "[" * 3000, ["pay.unreadable"]),
    (GOOD + "[salaries]\n7 = -1\n8 = 0", ["pay.wrong", "pay.wrong"]),
])
def test_each_mistake_has_its_message(text: str, found: list[str]) -> None:
    assert sorted(codes(text)) == sorted(found)


def test_several_mistakes_are_named_together_with_place_and_nearest_name() -> None:
    text = GOOD.replace("target_pay = 1000", "target_pya = 1000\nperiod = \"weekly\"").replace(
        "metric =", "metrics =")
    with pytest.raises(SalesgoalsError) as caught:
        parse_pay_plan(text.encode())
    said = str(caught.value)
    assert 'unknown entry "group[g].target_pya"' in said
    assert 'did you mean "target_pay"?' in said
    assert "'month', 'quarter', 'half', 'year'" in said
    assert 'group[g].metrics[1].metrics' in said
    assert '"group[g].metrics[1].metric" is missing' in said


def test_mistakes_of_form_do_not_hide_rules_that_cannot_hold_together() -> None:
    worse = GOOD.replace('key = "g"', 'key = "h"').replace("weight = 1,", "weight = 0.9,").replace(
        "target_pay = 1000", 'share_of_goal = 0.1\ntarget_pay = 5\nperiod = "week"\ncolour = "red"')
    text = ("budget = -1\n" + GOOD.replace("1000", '"1000"').replace(
        "[curves.c]", "[curves.d]\ncap = 2\ntiers = [{from = 1.5, rate = 1}, {from = 1.2, rate = 1}]")
            + worse[worse.index("[[group]]"):])
    assert sorted(codes(text)) == sorted([
        "pay.wrong", "pay.wrong", "pay.wrong", "pay.unknown", "pay.tiers_order", "pay.no_curve",
        "pay.no_curve", "pay.target_ways", "pay.weights"])
    # what a wrong or misspelt entry leaves open is not complained about as well
    assert codes(GOOD.replace("target_pay", "target_pya").replace("weight = 1,", "weight = -1,")) == [
        "pay.wrong", "pay.unknown"]


def test_a_number_is_shown_as_it_stands_beside_its_bounds() -> None:
    with pytest.raises(SalesgoalsError, match=r'is -5 - allowed: > 0 -'):
        parse_pay_plan(GOOD.replace("1000", "-5").encode())
    with pytest.raises(SalesgoalsError, match=r'is 1E\+400 - allowed: ≤ 1000000000000 -'):
        parse_pay_plan(GOOD.replace("1000", "1e400").encode())
    with pytest.raises(SalesgoalsError, match='is "1000" - allowed: a number'):
        parse_pay_plan(GOOD.replace("1000", '"1000"').encode())
    with pytest.raises(SalesgoalsError, match="is NaN - allowed: a number"):
        parse_pay_plan(GOOD.replace("1000", "nan").encode())


LINES = st.lists(st.sampled_from(GOOD.splitlines()), max_size=12).map(lambda lines: "\n".join(lines).encode())


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode) | LINES)
@settings(deadline=None, max_examples=150)
def test_no_file_makes_more_than_a_sentence(content: bytes) -> None:
    found = ""
    try:
        assert parse_pay_plan(content).group
    except SalesgoalsError as error:
        found = str(error)
    assert "Traceback" not in found


def test_the_example_is_put_into_a_workspace_and_never_over_a_plan(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path / "w", language="en", company="c")
    with pytest.raises(SalesgoalsError, match="--example"):
        sg.open_pay_plan(workspace)
    assert sg.open_pay_plan(workspace, or_example=True) == sg.example_pay_plan()
    path = sg.write_example_plan(workspace)
    assert path.name == PAY_FILE
    assert sg.open_pay_plan(workspace) == sg.example_pay_plan()
    path.write_text(GOOD, encoding="utf-8-sig")  # as Notepad saves it
    with pytest.raises(SalesgoalsError, match="already"):
        sg.write_example_plan(workspace)
    assert sg.read_pay_plan(path).group[0].key == "g"
