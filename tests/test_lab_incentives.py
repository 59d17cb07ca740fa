"""Lesson 7 in a real JupyterLab: a slider changes the pay statement, another the cost of the plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT
from test_lab import SEEN, open_and_run

LESSON = "07_incentives.ipynb"
SHOWN = """place => {
  const cells = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')].filter(
    cell => cell.querySelector('.jp-OutputArea .noUi-handle'));
  if (cells.length <= place) return null;
  const area = cells[place].querySelector('.jp-Cell-outputWrapper');
  return area.innerText + [...area.querySelectorAll('img')].map(image => image.src).join();
}"""
CHANGED = f"([place, old]) => {{ const now = ({SHOWN})(place); return now && now !== old; }}"


def move(page: Any, place: int, handle: int) -> str:
    """Move one handle of the widget at a place to the right; give what stands there afterwards."""
    cell = page.locator(".jp-Notebook .jp-CodeCell", has=page.locator(".noUi-handle")).nth(place)
    control = cell.locator(".noUi-handle").nth(handle)
    control.scroll_into_view_if_needed(timeout=30_000)
    before = page.evaluate(SHOWN, place)
    assert before
    control.focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(CHANGED, arg=[place, before], timeout=30_000)
    return page.evaluate(SHOWN, place)


@pytest.mark.parametrize(("language", "words"), [("zh", ("奖金", "预计")), ("en", ("pays", "Expected cost"))])
def test_pay_and_its_cost_follow_the_sliders(lab: tuple[str, Path], watched: Any, screenshots: Path,
                                             language: str, words: tuple[str, str]) -> None:
    page = watched.page
    open_and_run(page, lab, PROJECT / "notebooks" / language / LESSON)
    seen = page.evaluate(SEEN)
    assert seen["errors"] == []
    assert seen["charts"] >= 3
    assert words[0] in move(page, 0, 0)
    page.wait_for_timeout(300)
    page.screenshot(path=screenshots / f"pay_slider_{language}.png")
    assert words[1] in move(page, 1, 0)
    if language == "zh":
        before = page.evaluate(SHOWN, 1)
        assert move(page, 1, 1) != before
        who = page.locator(".jp-OutputArea select").first
        who.scroll_into_view_if_needed()
        statement = page.evaluate(SHOWN, 0)
        who.select_option(index=2)
        page.wait_for_function(CHANGED, arg=[0, statement], timeout=30_000)
    page.wait_for_timeout(300)
    page.screenshot(path=screenshots / f"plan_slider_{language}.png")
    assert watched.outside == []
    assert watched.errors == []
