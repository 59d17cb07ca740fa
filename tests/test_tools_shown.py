"""Choosing a tool as people meet it: sentences, charts, sliders and the command, in both languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import salesgoals as sg
from salesgoals.run.cli import main
from salesgoals.show.charts_tools import chart_flip, chart_ranking, chart_wins
from salesgoals.show.tools_parts import (
    firmness_sentence,
    show_article,
    show_checklist,
    show_costs,
    show_firmness,
    show_ranking,
    show_raters,
)
from salesgoals.show.widgets_tools import weigh_tools
from salesgoals.tools import Scoring, example_scores, score_tools, sensitivity
from salesgoals.words import in_language

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


def example() -> Scoring:
    given = example_scores()
    return score_tools(given.scores, given.weights, given.knock_outs)


def plain(rows: list[list[float]], **more: Any) -> Scoring:
    scores = pd.DataFrame([(f"T{tool}", f"c{at}", value) for tool, row in enumerate(rows)
                           for at, value in enumerate(row)], columns=["tool", "criterion", "score"])
    return score_tools(scores, {f"c{at}": 1. for at in range(len(rows[0]))}, **more)


def finding(chart: Any) -> str:
    text = chart.to_dict()["title"]["text"]
    return "".join(text) if isinstance(text, list) else str(text)


def drawn(chart: Any, layer: int) -> list[dict[str, Any]]:
    spec = chart.to_dict()
    return list(spec["datasets"][spec["layer"][layer]["data"]["name"]])


@LANGUAGES
def test_what_is_shown_says_what_is_not_known(language: str) -> None:
    with in_language(language):
        found = example()
        firm = sensitivity(found, draws=2000)
        zh = language == "zh"
        table = repr(show_ranking(found))
        assert ("出局" if zh else "out") in table
        assert ("没核实" if zh else "not checked") in table
        assert ("2.97～3.77" if zh else "2.97 to 3.77") in table
        said = firmness_sentence(found, firm)
        assert ("丙系统" if zh else "System C") in said
        assert "23.1% → " in repr(show_firmness(found, firm))
        assert "0.78" in repr(show_raters(found))
        costs = repr(show_costs(sg.cost_of_tools(example_scores().costs)))
        assert "148,160" in costs
        assert "≥ 53,960" in costs
        article = repr(show_article(sg.article_scores()))
        assert ("未经核实" if zh else "unverified") in article
        assert ("厂商" if zh else "vendor") in article
        traps = repr(show_checklist(sg.checklist()))
        assert ("以你手上的版本为准" if zh else "check your version") in traps
        assert "help.sharecrm.com" in traps


def test_a_firm_choice_a_tie_one_left_and_none_left_each_have_their_words() -> None:
    firm = plain([[5, 5], [1, 1]])
    assert "100%" in firmness_sentence(firm, sensitivity(firm, draws=200))
    assert "no weights put it first" in repr(show_firmness(firm, sensitivity(firm, draws=200)))
    assert "whatever the weight" in finding(chart_flip(firm, sensitivity(firm), "c0"))
    assert "4.00 ahead of T1" in finding(chart_ranking(firm))
    tie = plain([[5, 1], [1, 5]])
    assert "share the first place" in finding(chart_ranking(tie))
    assert "below 50.0%" in finding(chart_flip(tie, sensitivity(tie), "c0")) or "above 50.0%" in finding(
        chart_flip(tie, sensitivity(tie), "c0"))
    out = pd.DataFrame([(f"T{at}", "r", False) for at in range(2)], columns=["tool", "requirement", "met"])
    none = plain([[5, 5], [1, 1]], knock_outs=out)
    nothing = sensitivity(none)
    assert "nothing to compare" in firmness_sentence(none, nothing)
    assert chart_ranking(none) is chart_wins(nothing) is chart_flip(none, nothing, "c0") is None
    one = plain([[5, 5], [1, 1]], knock_outs=out.iloc[1:])
    assert "only T0 is left" in finding(chart_ranking(one))
    assert chart_wins(sensitivity(one)) is None
    assert repr(show_raters(one)) == ""


@LANGUAGES
def test_charts_draw_what_the_tables_say(language: str) -> None:
    with in_language(language):
        found = example()
        firm = sensitivity(found, draws=2000)
        pieces = drawn(chart_ranking(found), 0)
        totals = pd.DataFrame(pieces).groupby("tool")["to"].max()
        complete = found.ranking[found.ranking.total.notna() & found.ranking["rank"].notna()]
        assert totals[complete.tool].to_numpy() == pytest.approx(complete.total.to_numpy(), rel=1e-5)
        flip = chart_flip(found, firm, found.weights.index[0])
        for chart in (chart_ranking(found), chart_wins(firm), flip):
            assert chart.to_dict()["description"]
        points = drawn(flip, -1)
        assert points[0]["at"] == pytest.approx(firm.breakpoints.lower.iloc[0], rel=1e-5)


def test_sliders_change_the_choice_and_keep_their_language() -> None:
    with in_language("zh"):
        given = example_scores()
        box = weigh_tools(given.scores, given.weights, given.knock_outs)
    *sliders, shown = box.children
    assert [slider.value for slider in sliders] == [25, 20, 20, 15, 10, 10]
    before = shown.value
    sliders[0].value = 5
    assert shown.value != before
    assert "甲系统" in shown.value.split("</strong>")[0]
    for slider in sliders:
        slider.value = 0
    assert "权重全为 0" in shown.value
    assert "<img" not in shown.value


@LANGUAGES
def test_the_command_lists_traps_writes_a_sheet_and_reads_it(tmp_path: Path, language: str,
                                                             capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tools", "--lang", language]) == 0
    said = capsys.readouterr().out
    assert ("未经核实" if language == "zh" else "unverified") in said
    assert said.count("→" if language == "zh" else "->") >= 24
    path = tmp_path / "scores.xlsx"
    assert main(["tools", "--example", str(path), "--lang", language]) == 0
    assert str(path) in capsys.readouterr().out
    assert main(["tools", str(path), "--lang", language]) == 1      # empty: says what is missing, all at once
    assert capsys.readouterr().err.count(". ") >= 6
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[1]
    for row in range(4, 10):
        sheet[f"B{row}"], sheet[f"D{row}"], sheet[f"E{row}"] = 10, 4, 3
    for place in ("D2", "E2", "D3", "E3"):
        sheet[place] = "是" if language == "zh" else "yes"
    book.save(path)
    assert main(["tools", str(path), "--json", "--lang", language]) == 3    # the third system is not known
    found = json.loads(capsys.readouterr().out)
    assert found["ranking"][0]["total"] == pytest.approx(4)
    assert max(row["missing"] for row in found["ranking"]) == 6
    assert main(["tools", str(path), "--lang", language]) == 3
    assert ("系统A" if language == "zh" else "System A") in capsys.readouterr().out


def test_the_command_is_done_with_zero_where_nothing_is_open(tmp_path: Path,
                                                             capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "s.csv"
    path.write_text("criterion,weight,A,B\nease,60,4,2\nprice,40,3,3\n", encoding="utf-8")
    assert main(["tools", str(path), "--lang", "en"]) == 0
    assert "A comes first" in capsys.readouterr().out
    assert main(["tools", "--json", "--lang", "en"]) == 0
    assert len(json.loads(capsys.readouterr().out)["checklist"]) == 24


def test_a_criterion_with_quotes_is_no_expression() -> None:
    odd = 'say "yes" \\ "no'
    scores = pd.DataFrame([("A", odd, 5), ("A", "b", 1), ("B", odd, 2), ("B", "b", 4)],
                          columns=["tool", "criterion", "score"])
    scoring = score_tools(scores, {odd: 1., "b": 1.})
    chart = chart_flip(scoring, sensitivity(scoring, draws=50), odd)
    assert chart is not None
    titles = [layer["encoding"]["x"]["title"] for layer in chart.to_dict()["layer"]]
    assert titles
    assert not any('"' in title or "\\" in title for title in titles)
