"""The desk of lesson 9 in a real JupyterLab: an event is chosen, approved with a reason, taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from lab_pages import open_and_run, wait_for_text
from small_company import small_company

from salesgoals.adjust import list_changes
from salesgoals.ledger import open_ledger
from salesgoals.plans import load_plan
from salesgoals.workspace import Workspace, open_workspace

WORDS = {"zh": {"leaves": "离开", "approved": "已生效", "missing": "没有写为什么", "undone": "已收回",
                "fell": "整个市场"},
         "en": {"leaves": "is gone", "approved": "In force", "missing": "is missing", "undone": "Taken back",
                "fell": "the whole market"}}


def desk_of(folder: Path, language: str, workspace: Workspace) -> Path:
    """A notebook with the desk, on a workspace whose ledger can be looked into afterwards."""
    cells = ["import salesgoals as sg\n"
             f"sg.use_language({language!r})\nsg.use_charts(pictures=True)\n"
             f"company = sg.open_workspace({str(workspace.folder)!r})",
             "sg.adjust_desk(company, '2026-10-01')"]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    path = folder / language / "desk.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(book, path)
    return path


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_event_is_chosen_approved_and_taken_back(lab: tuple[str, Path], watched: Any, screenshots: Path,
                                                    tmp_path: Path, language: str) -> None:
    words = WORDS[language]
    company = small_company(tmp_path / "w", people=8, lines=2, language=language)
    before = load_plan(company).plan.people.set_index("person_id").goal
    page = watched.page
    open_and_run(page, lab, desk_of(tmp_path, language, company))
    shown = ".jp-OutputArea strong"
    wait_for_text(page, shown, words["leaves"])
    page.locator(".adjust-person select").select_option(label="Person 3")
    wait_for_text(page, shown, "Person 3")
    if language == "zh":
        page.locator("button.adjust-approve").click()
        wait_for_text(page, ".adjust-message", words["missing"])
    page.locator(".adjust-why input").fill("resigned")
    page.locator(".adjust-why input").press("Tab")
    page.locator("button.adjust-approve").click()
    wait_for_text(page, ".adjust-message", words["approved"])
    page.wait_for_timeout(500)
    page.screenshot(path=screenshots / f"adjust_{language}.png")
    changes = list_changes(open_workspace(company.folder))
    assert set(changes.why) == {"resigned"}
    assert changes.change.sum() == 0
    after = load_plan(company).plan.people.set_index("person_id").goal
    assert after["P003"] < before["P003"]
    assert after.sum() == before.sum()
    if language == "zh":
        page.locator("button.adjust-undo").click()
        wait_for_text(page, ".adjust-message", words["undone"])
        again = load_plan(company).plan.people.set_index("person_id").goal
        assert again.to_dict() == before.to_dict()
        with open_ledger(company) as ledger:
            assert ledger.history().action.tolist()[1:] == ["adjusted", "undone"]
    page.locator(".adjust-event select").select_option(index=1)
    wait_for_text(page, shown, words["fell"])
    assert watched.outside == []
    assert watched.errors == []
