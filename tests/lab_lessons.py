"""Every lesson in a real JupyterLab: run from top to bottom, charts drawn, one widget moved.

One run of a lesson serves all that is looked at in it: `test_lab_zh.py` and `test_lab_en.py` call this.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import lab_incentives
import lab_market
import lab_process
import lab_retro
import lab_review
import lab_team
import lab_tools
from lab_pages import SEEN, move, open_and_run
from paths import PROJECT

LESSONS = sorted(path.name for path in (PROJECT / "notebooks" / "zh").glob("[01]*.ipynb"))
#: what is done in a lesson beside moving its first control
SCENARIOS: dict[str, Callable[[Any, Path, str], None]] = {
    "02_market.ipynb": lab_market.divide_the_market_anew, "03_team.ipynb": lab_team.choose_people,
    "06_review.ipynb": lab_review.move_the_hedge, "07_incentives.ipynb": lab_incentives.move_pay_and_cost,
    "08_process.ipynb": lab_process.move_day_person_and_rule, "10_retro.ipynb": lab_retro.hold_the_session,
    "11_tools.ipynb": lab_tools.move_a_weight}


def look_at_lesson(lab: tuple[str, Path], watched: Any, screenshots: Path, lesson: str,
                   language: str) -> None:
    page = watched.page
    open_and_run(page, lab, PROJECT / "notebooks" / language / lesson)
    seen = page.evaluate(SEEN)
    page.screenshot(path=screenshots / f"lab_{language}_{lesson}.png")
    assert seen["errors"] == []
    assert seen["charts"] >= 1
    if lesson in SCENARIOS:
        SCENARIOS[lesson](page, screenshots, language)
    else:
        move(page, 0)
        page.wait_for_timeout(300)
        page.screenshot(path=screenshots / f"widget_{language}_{lesson}.png")
    assert watched.outside == []
    assert watched.errors == []
