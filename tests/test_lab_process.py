"""Lesson 8 in a real JupyterLab: the day is moved, a person is chosen, a rule of alarm is chosen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT
from test_lab import open_and_run

LESSON = "08_process.ipynb"
DAY = """() => {
  const cells = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')];
  const cell = cells.find(c => c.querySelector('.jp-OutputArea .noUi-handle'));
  if (!cell) return null;
  return {alt: cell.querySelector('.jp-OutputArea img').alt, text: cell.querySelector('table').innerText};
}"""
LISTS = """() => [...document.querySelectorAll('.jp-Notebook .jp-CodeCell .jp-OutputArea select')].map(
  s => s.closest('.jp-Cell-outputWrapper').innerText)"""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_day_moves_and_people_and_rules_are_chosen(lab: tuple[str, Path], watched: Any, screenshots: Path,
                                                       language: str) -> None:
    page = watched.page
    open_and_run(page, lab, PROJECT / "notebooks" / language / LESSON)
    before = page.evaluate(DAY)
    assert before
    assert "20%" in before["alt"]
    handle = page.locator(".jp-OutputArea .noUi-handle").first
    handle.scroll_into_view_if_needed(timeout=30_000)
    handle.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.wait_for_function(f"old => {{ const now = ({DAY})(); return now && now.alt !== old; }}",
                           arg=before["alt"], timeout=60_000)
    after = page.evaluate(DAY)
    page.screenshot(path=screenshots / f"process_{language}.png")
    assert after["text"] != before["text"]
    shown = page.evaluate(LISTS)
    assert len(shown) == 2  # the rule, then the person
    choices = page.locator(".jp-OutputArea select")
    for place in range(2):
        choices.nth(place).scroll_into_view_if_needed(timeout=30_000)
        choices.nth(place).select_option(index=4)
        page.wait_for_function(f"old => ({LISTS})()[{place}] !== old", arg=shown[place], timeout=30_000)
    assert watched.errors == []
