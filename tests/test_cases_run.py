"""The cases run: as pages, as notebooks with the results they store, and the template on other data."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest
from conftest import PROJECT
from test_cases import exports_of_a_client

from salesgoals.cases import new_case
from salesgoals.problems import SalesgoalsError
from salesgoals.run.case_pages import make_case_pages
from salesgoals.run.cli import main
from salesgoals.run.engine import run_batch
from salesgoals.run.jobs import Job
from salesgoals.words import in_language
from salesgoals.workspace import open_workspace

FOLDER = PROJECT / "case_studies"
CHECKED = "nbval-check-output"


def texts(notebook: dict) -> dict[str, list[str]]:
    """The text of each output that an edition stores, by cell."""
    found = {}
    for cell in notebook["cells"]:
        if CHECKED in cell["metadata"].get("tags", []):
            shown = [output.get("data", {}).get("text/plain", output.get("text", "")) for output in
                     cell["outputs"]]
            found[cell["id"]] = ["".join(text) for text in shown]
    return found


def test_one_command_makes_the_pages_and_again_is_quick(tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in FOLDER.rglob("*") if path.is_file()}
    lines: list[str] = []
    with in_language("en"):
        made = make_case_pages(tmp_path / "pages", teams=100, tell=lines.append, names=["company_a"])
    assert made.pages.status.tolist() == ["made", "made"], made.pages.reason.tolist()
    assert len(made.figures) == 3
    assert made.figures.inside.all()
    assert len(lines) >= 3
    for page in [*made.pages.file, made.index]:
        text = Path(page).read_text(encoding="utf-8")
        assert "Content-Security-Policy" in text
        assert not re.search(r'(src|href)="(https?:)?//', text)
        assert ".ipynb\"" not in text
    index = made.index.read_text(encoding="utf-8")
    assert 'href="company_a.zh.html"' in index
    assert 'href="company_a.en.html"' in index
    assert "from decree to data" in index
    assert "从拍板到数据和共创" in index
    assert "unverified" in index
    assert "未经核实" in index
    again = make_case_pages(tmp_path / "pages", teams=100, names=["company_a"])
    assert again.pages.status.tolist() == ["reused", "reused"]
    assert before == {path: path.stat().st_mtime_ns for path in FOLDER.rglob("*") if path.is_file()}


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(SalesgoalsError, match="something else"):
        make_case_pages(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_editions_store_what_they_print(tmp_path: Path) -> None:
    chosen = {"company_b": "en", "company_c": "zh"}
    jobs = [Job(name, str(FOLDER / name / f"{name}.{spoken}.ipynb"), {},
                output=str(tmp_path / f"{name}.ipynb")) for name, spoken in chosen.items()]
    outcomes = run_batch(jobs, at_a_time=2)
    assert [outcome.reason for outcome in outcomes] == ["", ""]
    for name, spoken in chosen.items():
        stored = json.loads((FOLDER / name / f"{name}.{spoken}.ipynb").read_text(encoding="utf-8"))
        wanted, found = texts(stored), texts(nbformat.read(tmp_path / f"{name}.ipynb", as_version=4))
        assert len(wanted) >= 7
        assert found == wanted


def run_template(folder: Path, output: Path, spoken: str) -> str:
    """Run the notebook of a new case; return everything it shows."""
    job = Job("template", str(folder / f"case.{spoken}.ipynb"), {"workspace": str(folder), "teams": 100},
              output=str(output))
    outcome = run_batch([job])[0]
    assert outcome.made, outcome.reason
    shown = nbformat.read(output, as_version=4)
    return "\n".join(json.dumps(cell.get("outputs", ""), ensure_ascii=False) for cell in shown.cells)


def test_the_template_runs_on_sales_alone_and_says_what_lacks(tmp_path: Path) -> None:
    with in_language("en"):
        made = new_case(tmp_path / "client", exports_of_a_client(tmp_path / "exports"))
    shown = run_template(made.folder, tmp_path / "out.ipynb", "en")
    assert "no goals with results" in shown
    assert "Nothing has been published" in shown
    assert "Traceback" not in shown


def test_the_template_runs_on_public_data(shared_data: Path, tmp_path: Path) -> None:
    assert main(["cases", "--new", str(tmp_path / "client"), "--from", str(shared_data / "maven_crm"),
                 "--lang", "zh"]) == 0
    shown = run_template(tmp_path / "client", tmp_path / "out.ipynb", "zh")
    assert "达标率" in shown
    assert "Traceback" not in shown


def test_a_case_that_fails_leaves_nothing_and_can_be_tried_again(tmp_path: Path) -> None:
    exports, target = tmp_path / "exports", tmp_path / "client"
    exports.mkdir()
    (exports / "sheet.csv").write_text("Ref,When,Who,Worth\n" + "".join(
        f"R{n},2025-{n:02d}-05,Ann,{1000 + n}\n" for n in range(1, 13)), encoding="utf-8")
    command = ["cases", "--new", str(target), "--from", str(exports), "--lang", "en"]
    (exports / "mapping.toml").write_text("[[sheet", encoding="utf-8")
    assert main(command) == 1
    assert not target.exists()
    (exports / "mapping.toml").write_text(
        '[[sheet]]\nfile = "sheet.csv"\ntable = "orders"\n[sheet.columns]\norder_id = "Ref"\ndate = "When"\n'
        'person_id = "Who"\namount = "Worth"\n', encoding="utf-8")
    target.mkdir()
    assert main(command) == 0
    assert open_workspace(target).tables["orders"].amount.sum() == 12 * 1000 + 78
    assert sorted(path.name for path in (target / "inbox").iterdir()) == ["sheet.csv"]


def test_the_command_says_what_it_needs(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["cases", "--lang", "en"]) == 1
    assert "FOLDER" in capsys.readouterr().err
    assert main(["cases", "--new", str(tmp_path / "x"), "--lang", "en"]) == 1
    assert "--from" in capsys.readouterr().err
