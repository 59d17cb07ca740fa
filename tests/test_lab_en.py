"""Every lesson of the English edition in a real JupyterLab."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lab_lessons import LESSONS, SCENARIOS, look_at_lesson


def test_there_are_lessons_to_look_at() -> None:
    assert len(LESSONS) == 12
    assert set(SCENARIOS) < set(LESSONS)


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_runs_draws_and_answers_without_a_network(lab: tuple[str, Path], watched: Any,
                                                           screenshots: Path, lesson: str) -> None:
    look_at_lesson(lab, watched, screenshots, lesson, "en")
