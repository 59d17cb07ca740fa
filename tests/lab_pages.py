"""Open a notebook in a real JupyterLab, run it, see what it drew, move what can be moved."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

PATIENCE = 30_000
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
#: all that a cell with a control shows: text, canvases, pictures
SHOWN = """place => {
  const cells = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')].filter(
    cell => cell.querySelector('.jp-OutputArea .noUi-handle, .jp-OutputArea select'));
  const cell = cells.at(place);
  if (!cell) return null;
  const area = cell.querySelector('.jp-Cell-outputWrapper');
  const drawn = [...area.querySelectorAll('canvas')].map(c => c.toDataURL());
  const images = [...area.querySelectorAll('img')].map(i => i.src);
  return area.innerText + drawn.join() + images.join();
}"""
CHANGED = f"([place, old]) => {{ const now = ({SHOWN})(place); return now && now !== old; }}"
CONTROLS = ".jp-OutputArea .noUi-handle, .jp-OutputArea select"


def open_and_run(page: Any, lab: tuple[str, Path], notebook: Path) -> None:
    """Open a copy of a notebook and run every cell of it."""
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


def control_at(page: Any, place: int, number: int = 0) -> Any:
    """One control (slider handle or list) of the cell with controls at a place, brought into view."""
    cells = page.locator(".jp-Notebook .jp-CodeCell", has=page.locator(CONTROLS))
    control = cells.nth(place).locator(CONTROLS).nth(number)
    control.scroll_into_view_if_needed(timeout=PATIENCE)
    return control


def move(page: Any, place: int, number: int = 0, key: str = "ArrowRight", times: int = 2) -> str:
    """Move one control and wait until what its cell shows has changed; give what it shows then."""
    control = control_at(page, place, number)
    before = page.evaluate(SHOWN, place)
    assert before
    if control.evaluate("element => element.tagName") == "SELECT":
        chosen = control.evaluate("list => list.selectedIndex")
        control.select_option(index=1 if chosen != 1 else 0)    # Lab takes the arrow keys for itself
    else:
        control.focus()
        for _ in range(times):
            page.keyboard.press(key)
    page.wait_for_function(CHANGED, arg=[place, before], timeout=PATIENCE)
    return page.evaluate(SHOWN, place)


def wait_for_text(page: Any, selector: str, text: str) -> None:
    """Wait until an element of this kind holds the text."""
    seen = "([s, t]) => [...document.querySelectorAll(s)].some(e => e.textContent.includes(t))"
    page.wait_for_function(seen, arg=[selector, text], timeout=PATIENCE)
