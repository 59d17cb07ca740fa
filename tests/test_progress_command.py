"""``salesgoals progress`` as its users meet it: the board, the alarms, files, JSON, exit codes, refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from company_of_truth import make_true_company
from openpyxl import load_workbook

from salesgoals.process import alarm_quality
from salesgoals.run import reports as reports_module
from salesgoals.run.cli import main
from salesgoals.run.export import page_facts
from salesgoals.run.reports import COLUMNS

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_true_company(tmp_path_factory.mktemp("progress_command") / "w").folder


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Stand in for the making of pages, which has tests of its own; keeps what was asked for."""
    wishes: list[dict[str, Any]] = []

    def make(workspace: Any, **wish: Any) -> pd.DataFrame:
        wishes.append(wish)
        row = [wish["by"], "all", "sample", wish["language"], "a.html", "made", .1, ""]
        failed = [wish["by"], "b", "North", wish["language"], "", "failed", .1, "it rained"]
        return pd.DataFrame([row, failed] if wish["by"] == "team" else [row], columns=COLUMNS)

    monkeypatch.setattr(reports_module, "make_reports", make)
    return wishes


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = main([str(word) for word in words])
    said = capsys.readouterr()
    return code, said.out, said.err


@LANGUAGES
def test_the_measured_table_needs_no_workspace(capsys: pytest.CaptureFixture[str], language: str) -> None:
    code, text, _ = run(capsys, "progress", "--measured", "--lang", language)
    assert code == 0
    pace = alarm_quality().query("watched == 'pace'")
    lines = text.splitlines()
    assert len(lines) == 2 + pace.rule.nunique()
    ours = pace[pace.ours].sort_values("deals")
    assert all(f"{value:.0%}" in lines[-1] for value in ours.detected)
    code, text, _ = run(capsys, "progress", "--measured", "--json")
    assert len(json.loads(text)["measured"]) == len(alarm_quality())


@LANGUAGES
def test_the_board_is_printed_and_the_reports_are_asked_for(
        capsys: pytest.CaptureFixture[str], folder: Path, asked: list[dict[str, Any]], language: str,
        tmp_path: Path) -> None:
    out = tmp_path / "board.csv"
    code, text, error = run(capsys, "progress", folder, "--period", "2026-06", "--day", "2026-06-18",
                            "--out", out, "--lang", language)
    assert (code, error) == (0, "")
    assert "16,717,000" in text
    assert "20%" in text
    assert "华南二组" in text
    assert ("有风险" in text) == (language == "zh")
    assert ("at risk" in text) == (language == "en")
    wish, = asked
    assert (wish["kind"], wish["by"], wish["period"].name, f"{wish['day']:%F}", wish["language"]) == (
        "progress", "all", "2026-06", "2026-06-18", language)
    board = pd.read_csv(out)
    assert board.goal[board.by == "all"].item() == 16_717_000
    assert board.by.value_counts().to_dict() == {"person": 34, "team": 6, "all": 1}


def test_json_holds_what_the_page_shows(capsys: pytest.CaptureFixture[str], folder: Path,
                                        asked: list[dict[str, Any]]) -> None:
    code, text, _ = run(capsys, "progress", folder, "--period", "2026-06", "--day", "2026-06-18", "--json")
    found = json.loads(text)
    assert code == 0
    assert (found["period"], found["day"], found["goals_from"]) == ("2026-06", "2026-06-18", "export")
    assert {row["state"] for row in found["charts"]} >= {"alarm", "ok"}
    assert found["pace"][0]["verdict"] == "at_risk"
    assert found["reports"][0]["file"] == "a.html"
    assert asked[0]["progress"] is False


def test_an_alarm_and_a_failure_have_exit_codes(capsys: pytest.CaptureFixture[str], folder: Path,
                                                asked: list[dict[str, Any]]) -> None:
    code, text, _ = run(capsys, "progress", folder, "--period", "2026-02", "--day", "2026-02-25", "--lang",
                        "en")
    assert code == 3
    assert "the chance of reaching the goal is down to" in text
    code, _, error = run(capsys, "progress", folder, "--period", "2026-02", "--day", "2026-02-25", "--by",
                         "team", "--lang", "en")
    assert code == 1
    assert "it rained" in error


@pytest.mark.parametrize(("words", "says", "code"), [
    (["--period", "soon"], "soon", 1), (["--period", "2026-06", "--day", "2026-07-02"], "2026-07-02", 1),
    (["--period", "2026-06", "--day", "18"], "18", 1), (["--period", "2031-01"], "2031-01", 1),
    (["--jobs", "none"], "none", 1)])
def test_what_cannot_be_meant_is_refused_in_a_sentence(
        capsys: pytest.CaptureFixture[str], folder: Path, asked: list[dict[str, Any]], words: list[str],
        says: str, code: int) -> None:
    found, _, error = run(capsys, "progress", folder, *words, "--lang", "en")
    assert found == code
    assert says in error
    assert "Traceback" not in error


def test_without_a_workspace_there_is_nothing_to_show(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, error = run(capsys, "progress", "--lang", "en")
    assert code == 2
    assert "WORKSPACE" in error.upper()


def test_a_real_page_of_a_person_is_made_from_start_to_end(capsys: pytest.CaptureFixture[str],
                                                           folder: Path) -> None:
    from salesgoals.period_reports import open_period_report
    from salesgoals.run.engine import run_batch
    from salesgoals.run.jobs import Job
    from salesgoals.run.places import notebook_path
    from salesgoals.workspace import open_workspace

    report = open_period_report(open_workspace(folder), "progress", "2026-06", "person", "00028",
                                "2026-06-18")
    page = folder / "one.html"
    given = {"workspace": str(folder), "language": "en", "by": "person", "name": "00028",
             "period": "2026-06", "day": "2026-06-18"}
    outcome, = run_batch([Job("0", str(notebook_path("91_progress_report", "en")), given, page=str(page),
                              title="one", language="en", facts={"by": "person"})])
    assert outcome.made, outcome.reason
    text = page.read_text(encoding="utf-8")
    assert report.title in text
    assert page_facts(page) is not None
    assert "华南一组" not in text
    for other in ("沈建华", "曹阳", "欧阳静"):
        assert other not in text


def test_sheets_for_the_meetings(capsys: pytest.CaptureFixture[str], folder: Path,
                                 asked: list[dict[str, Any]], tmp_path: Path) -> None:
    code, text, error = run(capsys, "progress", folder, "--period", "2026-06", "--day", "2026-06-18",
                            "--sheets", tmp_path / "sheets", "--lang", "zh")
    assert (code, error) == (0, "")
    written = sorted(path.name for path in (tmp_path / "sheets").iterdir())
    assert len(written) == 2 * (1 + 6) + 1
    assert str(len(written)) in text
    own = tmp_path / "sheets" / next(name for name in written if "华南二组" in name)
    rows = load_workbook(own).active.iter_rows(values_only=True)
    words = " ".join(str(cell) for row in rows for cell in row)
    assert "唐立新" in words or "华南二组" in words
    assert "赵国强" not in words  # of another team
