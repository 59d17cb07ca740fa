"""Lesson 10 in a real JupyterLab: a team's gap is drawn, the session keeps one action and refuses another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from conftest import PROJECT
from test_lab import open_and_run

LESSON = "10_retro.ipynb"
GAP = """() => {
  const list = document.querySelector('.jp-Notebook .retro-unit');
  if (!list) return null;
  const area = list.closest('.jp-OutputArea');
  return {text: area.querySelector('strong').innerText, alt: area.querySelector('img').alt};
}"""
SAID = "() => { const said = document.querySelector('.retro-message'); return said && said.innerText; }"
TEAM, WHAT, KEPT, REFUSED = "华南二组", "每周拜访 12 次", "行动已记下", "日期"


def test_a_gap_is_chosen_and_an_action_gets_owner_and_date(
        lab: tuple[str, Path], watched: Any, screenshots: Path) -> None:
    page = watched.page
    open_and_run(page, lab, PROJECT / "notebooks" / "zh" / LESSON)
    before = page.evaluate(GAP)
    assert before
    choice = page.locator(".retro-unit select")
    choice.scroll_into_view_if_needed(timeout=30_000)
    choice.select_option(label=TEAM)
    page.wait_for_function(f"old => {{ const now = ({GAP})(); return now && now.alt !== old; }}",
                           arg=before["alt"], timeout=30_000)
    assert page.evaluate(GAP)["text"] != before["text"]
    page.screenshot(path=screenshots / "retro_gap.png")

    page.locator(".retro-agree button").first.scroll_into_view_if_needed(timeout=30_000)
    page.locator(".retro-agree button").first.click()
    page.wait_for_function(f"() => ({SAID})()", timeout=30_000)
    page.locator(".retro-what input").fill(WHAT)
    page.locator(".retro-owner select").select_option(index=1)
    page.locator(".retro-add").click()      # without a day it is refused in a sentence
    page.wait_for_function(f"word => (({SAID})() || '').includes(word)", arg=REFUSED, timeout=30_000)
    page.locator(".retro-due input").fill("2026-08-31")
    page.locator(".retro-add").click()
    page.wait_for_function(f"word => (({SAID})() || '').includes(word)", arg=KEPT, timeout=30_000)
    page.wait_for_function("word => [...document.querySelectorAll('.jp-Notebook td, .jp-Notebook th')]"
                           ".some(cell => cell.innerText === word)", arg=WHAT, timeout=30_000)
    page.screenshot(path=screenshots / "retro_session.png")
    assert watched.outside == []
    assert watched.errors == []
