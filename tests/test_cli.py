"""The command line as its users meet it: what it says, its exit codes, nothing left half done."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from paths import PROJECT
from small_company import small_company

from salesgoals.run.cli import main
from salesgoals.workspace import new_workspace

ORDERS = ("订单号,日期,客户,销售员,产品线,金额\n"
          "A1,2025-01-03,甲公司,张伟,水泵,1200\nA2,2025-02-05,乙公司,李娜,阀门,800\n"
          "A3,2025-03-09,甲公司,张伟,水泵,\"1,500\"\n")
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small workspace with a plan."""
    return small_company(tmp_path_factory.mktemp("cli") / "small").folder


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = main([str(word) for word in words])
    said = capsys.readouterr()
    return code, said.out, said.err


def inbox_with(folder: Path, **files: str | bytes) -> Path:
    workspace = new_workspace(folder, language="zh")
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode("utf-8")
        (workspace.inbox / name.replace("__", ".")).write_bytes(data)
    return workspace.folder


def test_every_command_has_help_in_both_languages(capsys: pytest.CaptureFixture[str],
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {}
    for language in ("zh", "en"):
        monkeypatch.setenv("SALESGOALS_LANG", language)
        code, text, _ = run(capsys, "--help")
        assert code == 0
        for command in ("new", "map", "collect", "goal", "plan", "report", "run", "demo"):
            assert command in text
            code, text_of, _ = run(capsys, command, "--help", "--lang", language)
            assert code == 0
            seen.setdefault(command, set()).add(text_of)
            assert run(capsys, "--lang", language, command, "--help")[1] == text_of  # before it as well
    assert all(len(texts) == 2 for texts in seen.values())


def test_the_whole_way_by_commands(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    months = pd.date_range("2024-01-05", periods=24, freq="MS")
    lines = [f"N{i}{who},{day:%Y-%m-%d},客户,{who},水泵,{1000 + 10 * i}"
             for i, day in enumerate(months) for who in ("张伟", "李娜")]
    folder = inbox_with(tmp_path / "w", orders__csv="\n".join([ORDERS.split("\n")[0], *lines]))
    code, text, _ = run(capsys, "collect", folder, "--json")
    collected = json.loads(text)
    assert code == 0
    assert collected["tables"]["orders"] == 48
    assert collected["totals"][0]["agree"] is True
    assert collected["records"]["sales"]["lines"] == 48
    code, text, _ = run(capsys, "goal", folder, "--total", "2x", "--from", "2026-01", "--json")
    assert code == 0
    assert json.loads(text)["chance"] < 0.05
    goals = tmp_path / "goals.csv"
    code, text, _ = run(capsys, "plan", folder, "--total", "4万", "--from", "2026-01", "--unit", "10",
                        "--pin", "张伟@2026-03=1000", "--out", goals, "--json")
    assert code == 0
    assert json.loads(text)["nodes_off"] == 0
    table = pd.read_csv(goals)
    assert table.goal.sum() == 40_000
    assert table.goal[(table.person == "张伟") & (table.month == "2026-03")].sum() == 1000


BAD_FILES = {
    "empty": ({"orders__csv": ""}, 1, "empty"),
    "a picture": ({"orders__xlsx": b"\x89PNG\r\n\x1a\n" + bytes(200)}, 1, "picture"),
    "nothing": ({}, 1, "inbox"),
    "text in amount": ({"orders__csv": ORDERS + "A4,2025-04-01,丙,李娜,阀门,很多\n"}, 3, "很多"),
    "no date": ({"orders__csv": "订单号,客户,销售员,金额\nA1,甲,张伟,1200\nA2,乙,李娜,800\n"}, 1, "date"),
    "month missing in a row": ({"orders__csv": ORDERS + "A5,,丙,李娜,阀门,900\n"}, 3, "date"),
    "two people of one name": ({"orders__csv": ORDERS, "people__csv":
                                "工号,姓名,部门,团队\n1,张伟,东部,一组\n2,张伟,西部,二组\n3,李娜,西部,二组\n"},
                               3, "张伟"),
    "circle of managers": ({"orders__csv": ORDERS, "people__csv":
                            "工号,姓名,部门,团队,上级工号\n1,张伟,东部,一组,3\n3,李娜,西部,二组,1\n"},
                           1, "circle"),
    "circle of teams": ({"orders__csv": ORDERS, "people__csv":
                         "工号,姓名,部门,团队\n1,张伟,乙组,甲组\n3,李娜,甲组,乙组\n"}, 1, "circle"),
}


@LANGUAGES
@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_files_end_in_a_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str,
                                     language: str) -> None:
    files, expected, word = BAD_FILES[name]
    folder = inbox_with(tmp_path / "w", **files)
    code, text, error = run(capsys, "collect", folder, "--lang", language)
    assert code == expected
    assert "Traceback" not in text + error
    assert language == "zh" or word in text + error
    written = sorted(path.name for path in (folder / "tables").iterdir())
    assert written == [] if expected == 1 else "orders.parquet" in written
    assert not [path for path in folder.rglob("*") if ".part" in path.name]


BAD_PLANS = {
    "metric unknown": (["--total", "100000", "--from", "2026-01", "--metric", "marign=5"], 1, "marign"),
    "metric not measurable": (["--total", "100000", "--from", "2026-01", "--metric", "new_customers=9"], 1,
                              "new_customers"),
    "total not a number": (["--total", "nan", "--from", "2026-01"], 1, "nan"),
    "negative total": (["--total", "-5", "--from", "2026-01"], 1, "-5"),
    "text as total": (["--total", "soon", "--from", "2026-01"], 1, "soon"),
    "no month": (["--total", "100000"], 2, "--from"),
    "a month that is none": (["--total", "100000", "--from", "2026-13"], 1, "2026-13"),
    "months of the wrong type": (["--total", "100000", "--from", "2026-01", "--months", "x"], 1, "x"),
    "not a multiple of the unit": (["--total", "100050", "--from", "2026-01", "--unit", "100"], 1, "100,100"),
    "unknown method": (["--total", "100000", "--from", "2026-01", "--method", "magic"], 1, "equal_chance"),
    "unknown person in a pin": (["--total", "100000", "--from", "2026-01", "--pin", "nobody=5"], 1, "nobody"),
    "cap below floor": (["--total", "100000", "--from", "2026-01", "--floor", "{id}=900", "--cap",
                         "{id}=800"], 1, "900"),
    "floors above the total": (["--total", "100000", "--from", "2026-01", "--floor", "{id}=200000"], 1,
                               "200,000"),
    "an option misspelt": (["--totl", "5"], 2, "--total"),
}


@LANGUAGES
@pytest.mark.parametrize("name", BAD_PLANS)
def test_bad_wishes_end_in_a_sentence(capsys: pytest.CaptureFixture[str], planned: Path, tmp_path: Path,
                                      name: str, language: str) -> None:
    words, expected, found = BAD_PLANS[name]
    person = pd.read_parquet(planned / "tables" / "people.parquet").person_id[0]
    before = {path: path.read_bytes() for path in (planned / "plan").iterdir()}
    out = tmp_path / "goals.csv"
    code, text, error = run(capsys, "plan", planned, *(word.format(id=person) for word in words),
                            "--out", out, "--lang", language)
    assert code == expected
    assert found in error
    assert "Traceback" not in text + error
    assert not out.exists()
    assert {path: path.read_bytes() for path in (planned / "plan").iterdir()} == before


def test_two_people_of_one_name_cannot_be_pinned_by_it(capsys: pytest.CaptureFixture[str], planned: Path,
                                                       tmp_path: Path) -> None:
    out = tmp_path / "goals.csv"
    code, _, error = run(capsys, "plan", planned, "--total", "100000", "--from", "2026-01",
                         "--pin", "Person 1=5", "--out", out, "--lang", "en")
    assert code == 1
    assert "P001, P002" in error
    assert not out.exists()


def test_a_limits_file_works_like_the_options(capsys: pytest.CaptureFixture[str], planned: Path,
                                              tmp_path: Path) -> None:
    folder = tmp_path / "w"
    shutil.copytree(planned, folder)
    person = pd.read_parquet(folder / "tables" / "people.parquet").person_id[0]
    limits = tmp_path / "limits.csv"
    limits.write_bytes(f"范围,名称,下限,上限,指定,原因\n人员,{person},,,1.2万,新人\n".encode("gbk"))
    code, text, _ = run(capsys, "plan", folder, "--total", "100000", "--from", "2026-01", "--limits", limits,
                        "--json")
    assert code == 0
    goals = {row["person_id"]: row["goal"] for row in json.loads(text)["people"]}
    assert goals[person] == 12_000


def test_a_misspelt_parameter_of_a_notebook_is_refused(capsys: pytest.CaptureFixture[str],
                                                       tmp_path: Path) -> None:
    out = tmp_path / "out.ipynb"
    notebook = PROJECT / "notebooks" / "en" / "04_goal.ipynb"
    code, _, error = run(capsys, "run", notebook, "--parameter", "langage=zh", "--out", out)
    assert code == 1
    assert "language" in error
    assert not out.exists()


@LANGUAGES
def test_map_shows_meanings_and_keeps_them(capsys: pytest.CaptureFixture[str], tmp_path: Path,
                                           language: str) -> None:
    folder = inbox_with(tmp_path / "w", orders__csv=ORDERS)
    code, text, _ = run(capsys, "map", folder / "inbox" / "orders.csv", "--lang", language)
    assert code == 0
    assert "金额" in text
    assert "orders.csv" in (folder / "mapping.toml").read_text(encoding="utf-8")


def test_a_mistake_of_ours_ends_in_a_sentence(capsys: pytest.CaptureFixture[str], planned: Path,
                                              monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("bang")

    monkeypatch.setattr("salesgoals.plans.estimate", fail)
    code, _, error = run(capsys, "goal", planned, "--lang", "en")
    assert code == 1
    assert "RuntimeError: bang" in error
    assert "Traceback" not in error
    monkeypatch.setenv("SALESGOALS_DEBUG", "1")
    with pytest.raises(RuntimeError, match="bang"):
        main(["goal", str(planned)])


def test_no_such_workspace_and_no_such_language(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(capsys, "collect", tmp_path / "none", "--lang", "en")[0] == 1
    code, _, error = run(capsys, "collect", tmp_path, "--lang", "fr")
    assert code == 2
    assert "zh" in error
    assert "en" in error


def test_what_is_alike_in_all_sheets_of_a_workbook_is_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = inbox_with(tmp_path / "w")
    with pd.ExcelWriter(folder / "inbox" / "2025年销售.xlsx") as book:
        for month in range(1, 5):
            frame = pd.DataFrame({"姓名": ["张伟", "李娜"], "部门": "一部", "销售额": [month, 20]})
            frame.to_excel(book, sheet_name=f"{month}月", index=False)
    code, text, _ = run(capsys, "collect", folder, "--lang", "zh")
    assert code == 3
    assert text.count("没有日期列") == 1
    assert "另有 3 张工作表同样：2月, 3月, 4月" in text
