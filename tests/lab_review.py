"""Lesson 6 in Lab: a slider of the hedge moves, goals and people at goal change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

HEDGE = """() => {
  const cells = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')];
  const cell = cells.find(c => [...c.querySelectorAll('.jp-OutputArea img')].some(
    i => i.alt.includes('%') && c.querySelectorAll('.noUi-handle').length === 3));
  if (!cell) return null;
  return {alt: cell.querySelector('.jp-OutputArea img').alt, text: cell.querySelector('table').innerText};
}"""


def move_the_hedge(page: Any, screenshots: Path, language: str) -> None:
    before = page.evaluate(HEDGE)
    assert before
    assert "15.8%" in before["alt"]
    handle = page.locator(".jp-CodeCell:has(img[alt*='15.8%']) .noUi-handle").first
    handle.scroll_into_view_if_needed(timeout=30_000)
    handle.focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(
        f"old => {{ const now = ({HEDGE})(); return now && now.alt !== old && !now.alt.includes('15.8%'); }}",
        arg=before["alt"], timeout=30_000)
    after = page.evaluate(HEDGE)
    page.screenshot(path=screenshots / f"hedge_{language}.png")
    assert after["text"] != before["text"]
    assert "+15.76%" in before["text"]
