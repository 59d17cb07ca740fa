"""Lesson 10 in Lab: a team's gap is drawn, the session keeps one action and refuses another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

GAP = """() => {
  const list = document.querySelector('.jp-Notebook .retro-unit');
  if (!list) return null;
  const area = list.closest('.jp-OutputArea');
  return {text: area.querySelector('strong').innerText, alt: area.querySelector('img').alt};
}"""
SAID = "() => { const said = document.querySelector('.retro-message'); return said && said.innerText; }"
TEAM = "华南二组"
#: an action; what is said when it is kept, and when its day is missing
WORDS = {"zh": ("每周拜访 12 次", "行动已记下", "日期"),
         "en": ("12 visits a week", "The action is kept", "has no date")}


def hold_the_session(page: Any, screenshots: Path, language: str) -> None:
    what, kept, refused = WORDS[language]
    before = page.evaluate(GAP)
    assert before
    choice = page.locator(".retro-unit select")
    choice.scroll_into_view_if_needed(timeout=30_000)
    choice.select_option(label=TEAM)
    page.wait_for_function(f"old => {{ const now = ({GAP})(); return now && now.alt !== old; }}",
                           arg=before["alt"], timeout=30_000)
    assert page.evaluate(GAP)["text"] != before["text"]
    page.screenshot(path=screenshots / f"retro_gap_{language}.png")

    page.locator(".retro-agree button").first.scroll_into_view_if_needed(timeout=30_000)
    page.locator(".retro-agree button").first.click()
    page.wait_for_function(f"() => ({SAID})()", timeout=30_000)
    page.locator(".retro-what input").fill(what)
    page.locator(".retro-owner select").select_option(index=1)
    page.locator(".retro-add").click()      # without a day it is refused in a sentence
    page.wait_for_function(f"word => (({SAID})() || '').includes(word)", arg=refused, timeout=30_000)
    page.locator(".retro-due input").fill("2026-08-31")
    page.locator(".retro-add").click()
    page.wait_for_function(f"word => (({SAID})() || '').includes(word)", arg=kept, timeout=30_000)
    page.wait_for_function("word => [...document.querySelectorAll('.jp-Notebook td, .jp-Notebook th')]"
                           ".some(cell => cell.innerText === word)", arg=what, timeout=30_000)
    page.screenshot(path=screenshots / f"retro_session_{language}.png")
