"""Lesson 2 in a real JupyterLab: it runs without a network, and choosing another dimension draws anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT
from test_lab import LAST_PICTURE, SEEN, open_and_run

CHANGED = f"old => {{ const now = ({LAST_PICTURE})(); return now && now !== old; }}"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_market_is_divided_anew(lab: tuple[str, Path], watched: Any, screenshots: Path,
                                    language: str) -> None:
    page = watched.page
    open_and_run(page, lab, PROJECT / "notebooks" / language / "02_market.ipynb")
    assert page.evaluate(SEEN)["errors"] == []
    choices = page.locator(".jp-OutputArea select")
    assert choices.count() == 2
    for place in (0, 1) if language == "zh" else (0,):
        control = choices.nth(place)
        control.scroll_into_view_if_needed(timeout=30_000)
        before = page.evaluate(LAST_PICTURE)
        assert before
        control.select_option(index=2)
        page.wait_for_function(CHANGED, arg=before, timeout=30_000)
    page.wait_for_timeout(500)
    page.screenshot(path=screenshots / f"market_{language}.png")
    assert watched.outside == []
    assert watched.errors == []
