"""Lesson 8 in Lab: the day is moved, a person is chosen, a rule of alarm is chosen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

DAY = """() => {
  const cells = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')];
  const cell = cells.find(c => c.querySelector('.jp-OutputArea .noUi-handle'));
  if (!cell) return null;
  return {alt: cell.querySelector('.jp-OutputArea img').alt, text: cell.querySelector('table').innerText};
}"""
LISTS = """() => [...document.querySelectorAll('.jp-Notebook .jp-CodeCell .jp-OutputArea select')].map(
  s => s.closest('.jp-Cell-outputWrapper').innerText)"""


def move_day_person_and_rule(page: Any, screenshots: Path, language: str) -> None:
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
