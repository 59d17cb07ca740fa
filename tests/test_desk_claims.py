"""The claiming session in a real JupyterLab: a claim is entered, the gap changes, the ledger holds it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from lab_pages import move, open_and_run, wait_for_text
from small_company import small_company

from salesgoals.claims import claim_board, claim_goal
from salesgoals.ledger import open_ledger
from salesgoals.workspace import Workspace, open_workspace

WORDS = {"zh": {"nobody": "还没有认领", "recorded": "已记入台账", "wrong": "不是数字",
                "seen": "新看到 1 个认领", "gap": "人中有 1 人认领", "names": {3: "王磊"}},
         "en": {"nobody": "has claimed yet", "recorded": "In the ledger", "wrong": "no number",
                "seen": "1 new claim", "gap": "1 of 12 people", "names": {}}}


def session_of(folder: Path, language: str, workspace: Workspace) -> Path:
    """A notebook with the two widgets, on a workspace whose ledger can be looked into afterwards."""
    cells = ["import salesgoals as sg\n"
             f"sg.use_language({language!r})\nsg.use_charts(pictures=True)\n"
             f"company = sg.open_workspace({str(workspace.folder)!r})\n"
             "forecast = sg.load_plan(company).forecast",
             "sg.claiming_session(company, who='Ann')",
             "sg.claim_simulator(forecast, sg.middle_person(forecast), currency='CNY', unit=100)"]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    path = folder / language / "session.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(book, path)
    return path


def claim(page: Any, person: str, amount: str, reason: str) -> None:
    page.locator(".claim-person select").select_option(label=person)
    page.locator(".claim-amount input").fill(amount)
    page.locator(".claim-reason input").fill(reason)
    page.locator(".claim-reason input").press("Tab")
    page.locator("button.claim-record").click()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_claim_is_entered_the_gap_changes_the_ledger_holds_it(
        lab: tuple[str, Path], watched: Any, screenshots: Path, tmp_path: Path, language: str) -> None:
    words = WORDS[language]
    company = small_company(tmp_path / "w", names=words["names"], language=language)
    page = watched.page
    open_and_run(page, lab, session_of(tmp_path, language, company))
    page.locator("button.claim-record").scroll_into_view_if_needed(timeout=30_000)
    wait_for_text(page, ".claim-gap", words["nobody"])
    name = "王磊" if language == "zh" else "Person 3"
    claim(page, name, "95万" if language == "zh" else "950,000", "large deal")
    wait_for_text(page, ".claim-message", words["recorded"])
    wait_for_text(page, ".claim-gap", words["gap"])
    page.wait_for_timeout(500)
    page.screenshot(path=screenshots / f"claims_{language}.png")
    row = claim_board(open_workspace(company.folder)).set_index("person_id").loc["P003"]
    assert (row.claimed, row.who, row.why) == (950_000, "Ann", "large deal")
    ledger = open_ledger(company)
    assert ledger.history().version.tolist() == ["proposed", "claimed"]
    assert ledger.verify().ok
    if language == "zh":
        claim(page, name, "soon", "x")
        wait_for_text(page, ".claim-message", words["wrong"])
        claim_goal(open_workspace(company.folder), "P004", 900_000, who="Ben", why="other window")
        page.locator("button.claim-refresh").click()
        wait_for_text(page, ".claim-message", words["seen"])
        page.locator("button.claim-withdraw").click()
        wait_for_text(page, ".claim-message", words["recorded"])
        board = claim_board(open_workspace(company.folder)).set_index("person_id")
        assert board.claimed.dropna().to_dict() == {"P004": 900_000}
    move(page, -1, key="ArrowRight", times=3)
    page.wait_for_timeout(500)
    page.screenshot(path=screenshots / f"simulator_{language}.png")
    assert watched.outside == []
    assert watched.errors == []
