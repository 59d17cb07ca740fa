"""Lesson 2 in Lab: choosing another dimension draws the market anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lab_pages import move


def divide_the_market_anew(page: Any, screenshots: Path, language: str) -> None:
    lists = page.locator(".jp-OutputArea select")
    assert lists.count() == 2
    move(page, 0, 0)
    move(page, 0, 1)
    page.wait_for_timeout(300)
    page.screenshot(path=screenshots / f"market_{language}.png")
