"""The five ways of losing control as a page shows them: what is found, why, what to ask, what helps."""

from __future__ import annotations

import pandas as pd

from salesgoals.control import control_evidence
from salesgoals.problems import Problem
from salesgoals.show.charts_base import join_names
from salesgoals.show.html import Column, Part, escape, write_table
from salesgoals.words import all_words, say

ASKS = "control.ask_"


def show_control(control: pd.DataFrame) -> Part:
    """Show the five as a sentence and a table; nothing where they were not judged.

    Parameters
    ----------
    control : DataFrame
        From :func:`salesgoals.control.judge_control`.
    """
    if control.empty:
        return Part("")
    heads, rows = control_rows(control)
    table = write_table([Column(head, [row[at] for row in rows], number=False, one_line=at == 0)
                         for at, head in enumerate(heads)])
    said = "".join(f"<p><strong>{escape(line)}</strong></p>" for line in control_sentences(control))
    return Part(said + table + f'<p class="quiet">{escape(say("control.note"))}</p>')


def control_sentences(control: pd.DataFrame) -> list[str]:
    """Say in a sentence or two what is found, and what only people know."""
    named = {found: [say(f"control.problem_{name}") for name in control.problem[control.found == found]]
             for found in ("yes", "unknown")}
    lines = [say("control.sentence_some", n=len(named["yes"]), names=join_names(named["yes"]))
             if named["yes"] else say("control.sentence_none")]
    if named["unknown"]:
        lines.append(say("control.sentence_unknown", names=join_names(named["unknown"])))
    return lines


def control_rows(control: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    """Say each of the five: heads, and one row a problem."""
    heads = [say(f"control.column_{name}") for name in ("problem", "found", "evidence", "ask", "remedy")]
    evidence = control_evidence(control)
    rows = []
    for row in control.itertuples():
        grave = [say(f"control.severity_{row.severity}")] if row.severity else []
        texts = [(problem, say_evidence(problem)) for problem in evidence[row.problem]]
        texts.sort(key=lambda pair: pair[0].level != "doubt")
        gap = say("control.gap")
        rows.append([say(f"control.problem_{row.problem}"),
                     gap.join([say(f"control.found_{row.found}"), *grave]),
                     gap.join(text for problem, text in texts if not problem.code.startswith(ASKS)),
                     " ".join(text for problem, text in texts if problem.code.startswith(ASKS)),
                     gap.join(say(f"control.remedy_{name}") for name in row.remedies.split(",") if name)])
    return heads, rows


def say_evidence(problem: Problem) -> str:
    """Say one piece of evidence in the language in use."""
    values = dict(problem.values)
    if "kpi" in values:
        key = f"progress.kpi_{values['kpi']}"
        values["kpi_name"] = say(key) if key in all_words() else values["kpi"]
    return say(problem.code, **values)
