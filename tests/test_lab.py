"""Every lesson in a real JupyterLab: run from top to bottom, charts drawn, a slider changes the chart."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT

LESSONS = sorted(path.name for path in (PROJECT / "notebooks" / "zh").glob("[01]*.ipynb"))
WITH_WIDGET = [name for name in LESSONS if name[:2] in ("04", "05")]

READY = """() => {
  const panel = window.jupyterapp && window.jupyterapp.shell.currentWidget;
  const session = panel && panel.sessionContext && panel.sessionContext.session;
  return !!(session && session.kernel && session.kernel.status === 'idle' && panel.content.widgets.length);
}"""
ALL_RUN = """() => {
  const panel = window.jupyterapp.shell.currentWidget;
  const code = panel.content.widgets.filter(
    cell => cell.model.type === 'code' && cell.model.sharedModel.getSource().trim());
  return code.every(cell => cell.model.executionCount !== null || cell.model.outputs.length)
    && panel.sessionContext.session.kernel.status === 'idle';
}"""
SEEN = """() => {
  const book = document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook');
  const said = kind => `.jp-RenderedText[data-mime-type="application/vnd.jupyter.${kind}"]`;
  return {
    charts: book.querySelectorAll('.jp-OutputArea canvas, .jp-OutputArea svg.marks').length,
    errors: [...book.querySelectorAll(`${said('error')}, ${said('stderr')}`)]
      .map(element => element.textContent.slice(0, 300)),
  };
}"""
LAST_PICTURE = """() => {
  const cells = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')];
  const cell = cells.reverse().find(
    c => c.querySelector('.jp-OutputArea .noUi-handle, .jp-OutputArea select'));
  if (!cell) return null;
  const area = cell.querySelector('.jp-Cell-outputWrapper');
  const drawn = [...area.querySelectorAll('canvas')].map(c => c.toDataURL());
  const images = [...area.querySelectorAll('img')].map(i => i.src);
  return area.innerText + drawn.join() + images.join();
}"""


def open_and_run(page: Any, lab: tuple[str, Path], notebook: Path) -> None:
    address, shown = lab
    name = f"{notebook.parent.name}_{notebook.name}"
    shutil.copyfile(notebook, shown / name)
    page.goto(f"{address}/lab/workspaces/t{time.time_ns()}/tree/{name}", wait_until="domcontentloaded")
    page.wait_for_selector("#jupyterlab-splash", state="detached", timeout=90_000)
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=90_000)
    page.wait_for_function(READY, timeout=90_000)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(ALL_RUN, timeout=120_000)
    page.wait_for_timeout(1500)


def test_there_are_lessons_to_look_at() -> None:
    assert len(LESSONS) >= 4
    assert len(WITH_WIDGET) == 2


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_runs_and_draws_without_a_network(lab: tuple[str, Path], watched: Any, screenshots: Path,
                                                   lesson: str, language: str) -> None:
    open_and_run(watched.page, lab, PROJECT / "notebooks" / language / lesson)
    seen = watched.page.evaluate(SEEN)
    watched.page.screenshot(path=screenshots / f"lab_{language}_{lesson}.png")
    assert seen["errors"] == []
    assert seen["charts"] >= 1
    assert watched.outside == []
    assert watched.errors == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("lesson", WITH_WIDGET)
def test_moving_a_widget_changes_what_is_shown(lab: tuple[str, Path], watched: Any, screenshots: Path,
                                               lesson: str, language: str) -> None:
    page = watched.page
    open_and_run(page, lab, PROJECT / "notebooks" / language / lesson)
    slider, choice = page.locator(".jp-OutputArea .noUi-handle"), page.locator(".jp-OutputArea select")
    control = slider.first if slider.count() else choice.first
    control.scroll_into_view_if_needed(timeout=30_000)
    before = page.evaluate(LAST_PICTURE)
    assert before
    control.focus()
    if slider.count():
        for _ in range(3):
            page.keyboard.press("ArrowRight")
    else:
        control.select_option(index=3)  # Lab takes the arrow keys for itself
    page.wait_for_function(f"old => {{ const now = ({LAST_PICTURE})(); return now && now !== old; }}",
                           arg=before, timeout=30_000)
    page.wait_for_timeout(500)
    page.screenshot(path=screenshots / f"widget_{language}_{lesson}.png")
