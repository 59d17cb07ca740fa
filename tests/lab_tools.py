"""Lesson 11 in Lab: a weight is moved and another system comes first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

SAID = """() => {
  const cells = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')];
  const cell = cells.find(c => c.querySelectorAll('.noUi-handle').length === 6);
  if (!cell) return null;
  const said = cell.querySelector('.jp-OutputArea strong');
  return {text: said && said.innerText, pictures: cell.querySelectorAll('.jp-OutputArea img').length};
}"""
WINNERS = {"zh": ("乙系统", "甲系统"), "en": ("System B", "System A")}


def move_a_weight(page: Any, screenshots: Path, language: str) -> None:
    before, after = WINNERS[language]
    said = page.evaluate(SAID)
    assert said["text"].startswith(before)
    assert said["pictures"] == 2
    handle = page.locator(".jp-CodeCell .noUi-handle").first
    handle.scroll_into_view_if_needed(timeout=30_000)
    handle.focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    page.wait_for_function(f"name => {{ const now = ({SAID})(); return now && now.text.startsWith(name); }}",
                           arg=after, timeout=30_000)
    page.wait_for_timeout(300)
    page.screenshot(path=screenshots / f"tools_{language}.png")
