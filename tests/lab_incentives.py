"""Lesson 7 in Lab: a slider changes the pay statement, another the cost of the plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lab_pages import CHANGED, PATIENCE, SHOWN, move

WORDS = {"zh": ("奖金", "预计"), "en": ("pays", "Expected cost")}


def move_pay_and_cost(page: Any, screenshots: Path, language: str) -> None:
    pays, costs = WORDS[language]
    assert page.locator(".jp-OutputArea .noUi-handle").count() >= 3
    assert pays in move(page, 0, _slider_number(page, 0))
    page.wait_for_timeout(300)
    page.screenshot(path=screenshots / f"pay_slider_{language}.png")
    assert costs in move(page, 1, _slider_number(page, 1))
    if language == "zh":
        before = page.evaluate(SHOWN, 1)
        assert move(page, 1, _slider_number(page, 1) + 1) != before
        who = page.locator(".jp-OutputArea select").first
        who.scroll_into_view_if_needed()
        statement = page.evaluate(SHOWN, 0)
        who.select_option(index=2)
        page.wait_for_function(CHANGED, arg=[0, statement], timeout=PATIENCE)
    page.wait_for_timeout(300)
    page.screenshot(path=screenshots / f"plan_slider_{language}.png")


def _slider_number(page: Any, place: int) -> int:
    """Where in its cell the first slider stands among sliders and lists."""
    return page.evaluate("""place => {
      const cell = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')].filter(
        c => c.querySelector('.jp-OutputArea .noUi-handle, .jp-OutputArea select'))[place];
      return [...cell.querySelectorAll('.jp-OutputArea .noUi-handle, .jp-OutputArea select')].findIndex(
        e => e.tagName !== 'SELECT');
    }""", place)
