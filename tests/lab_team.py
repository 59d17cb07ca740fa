"""Lesson 3 in Lab: a person is chosen, the card and the picture change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lab_pages import PATIENCE
from sample_files import facts

CARD = ".jp-OutputArea .widget-html-content, .jp-OutputArea .jupyter-widgets .widget-html-content"
SEEN = """([selector, text]) => [...document.querySelectorAll(selector)].some(
  e => e.textContent.includes(text) && e.querySelector('img') && e.querySelector('img').naturalWidth > 300)"""
#: whom to choose, and what the card must then say
CHOICES = {"zh": [("lucky", "一张特大单占了本人的 79%"), ("00053", "只和成长曲线比"), ("00021", "姜红梅")],
           "en": [("lucky", "makes 79% of this person's sales")]}


def choose_people(page: Any, screenshots: Path, language: str) -> None:
    choice = page.locator(".jp-OutputArea select").first
    choice.scroll_into_view_if_needed(timeout=PATIENCE)
    for person, says in CHOICES[language]:
        key = facts()["lucky_veteran"]["person_id"] if person == "lucky" else person
        label = next(text for text in choice.locator("option").all_inner_texts() if key in text)
        choice.select_option(label=label)
        page.wait_for_function(SEEN, arg=[CARD, says], timeout=PATIENCE)
        page.wait_for_timeout(300)
        page.screenshot(path=screenshots / f"team_{language}_{key}.png")
