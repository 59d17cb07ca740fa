"""Claim sheets: written so that nothing can run, read back through everything that happens to sheets."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import xlwt
from openpyxl.worksheet.worksheet import Worksheet
from small_company import small_company

from salesgoals.claims import claim_board, claim_goal, proposal_of, read_claim_sheets
from salesgoals.ledger import open_ledger
from salesgoals.plans import make_plan, save_plan
from salesgoals.problems import SalesgoalsError
from salesgoals.show.sheets import write_claim_sheets
from salesgoals.words import in_language
from salesgoals.workspace import Workspace, open_workspace

SAID = {"who": "Ann", "why": "meeting"}
EVIL = '=HYPERLINK("http://x.example","pay")'
FIRST = 5  # row of the first person


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sheets") / "w"
    small_company(folder, names={5: EVIL, 6: "+49 Anna", 7: "王磊"})
    write_claim_sheets(open_workspace(folder), folder / "out", by="all")
    write_claim_sheets(open_workspace(folder), folder / "teams")
    return folder


@pytest.fixture
def company(made: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(made, tmp_path / "w")
    return open_workspace(tmp_path / "w")


def book_of(company: Workspace, part: str = "out", place: int = 0) -> Path:
    return sorted((company.folder / part).glob("*.xlsx"))[place]


def places(sheet: Worksheet) -> dict[str, int]:
    names = {"internal key": "key", "Person id": "person_id", "Name": "person",
             "Proposed goal (CNY)": "proposal",
             "Claimed goal (CNY)": "claim", "Reason": "reason"}
    return {names[cell.value]: cell.column for cell in sheet[FIRST - 1] if cell.value in names}


def edit(path: Path, change: Callable[[Worksheet, dict[str, int]], None]) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["Claims"]
    change(sheet, places(sheet))
    book.save(path)


def fill(values: dict[int, Any], column: str = "claim") -> Callable[[Worksheet, dict[str, int]], None]:
    def change(sheet: Worksheet, at: dict[str, int]) -> None:
        for row, value in values.items():
            sheet.cell(FIRST + row, at[column]).value = value
    return change


def refused(company: Workspace, place: Path, says: str) -> list[str]:
    """The reading stops with this sentence, and nothing at all is recorded."""
    entries = len(open_ledger(company).history())
    with pytest.raises(SalesgoalsError) as stopped:
        read_claim_sheets(company, place, **SAID)
    assert says in str(stopped.value)
    assert len(open_ledger(company).history()) == entries
    return [problem.code for problem in stopped.value.problems]


def claims(company: Workspace) -> dict[str, int]:
    return claim_board(company).set_index("person_id").claimed.dropna().astype(int).to_dict()


def in_order(company: Workspace) -> pd.DataFrame:
    board = claim_board(company)
    return board.sort_values(["department", "team", "person_id"], ignore_index=True)


def test_one_workbook_for_each_team_with_no_other_teams_rows(company: Workspace) -> None:
    board = claim_board(company)
    paths = sorted((company.folder / "teams").glob("*.xlsx"))
    assert len(paths) == board.team.nunique() == 4
    shown: list[str] = []
    for path in paths:
        sheet = openpyxl.load_workbook(path)["Claims"]
        at = places(sheet)
        ids = [sheet.cell(row, at["person_id"]).value for row in range(FIRST, sheet.max_row)]
        assert board.set_index("person_id").team[ids].nunique() == 1
        shown += ids
    assert sorted(shown) == sorted(board.person_id)


def test_only_yellow_cells_are_open_names_stay_text_and_the_key_is_hidden(company: Workspace) -> None:
    book = openpyxl.load_workbook(book_of(company))
    sheet, at = book["Claims"], places(book["Claims"])
    assert sheet.protection.sheet
    assert book["How to"].protection.sheet
    assert not sheet.protection.password
    assert sheet.column_dimensions["A"].hidden
    for row in range(FIRST, sheet.max_row):
        unlocked = [cell.column for cell in sheet[row] if not cell.protection.locked]
        assert unlocked == [at["claim"], at["reason"]]
        assert sheet.cell(row, at["claim"]).value is None      # not claimed is not 0
    formulas = [cell.coordinate for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
    assert {int("".join(filter(str.isdigit, name))) for name in formulas} == {sheet.max_row}
    names = [sheet.cell(row, at["person"]).value for row in range(FIRST, sheet.max_row)]
    assert EVIL in names
    rule = sheet.data_validations.dataValidation[0]
    assert (rule.type, rule.operator, rule.errorStyle) == ("decimal", "greaterThanOrEqual", "warning")
    board = in_order(company)
    assert [sheet.cell(FIRST + line, at["proposal"]).value for line in range(12)] == board.proposed.tolist()


def test_both_languages_are_written_and_read(company: Workspace, tmp_path: Path) -> None:
    with in_language("zh"):
        path = write_claim_sheets(company, tmp_path / "zh", by="all")[0]
    book = openpyxl.load_workbook(path)
    sheet = book["目标认领"]
    heads = {cell.value: cell.column for cell in sheet[FIRST - 1]}
    sheet.cell(FIRST, heads["认领目标（CNY）"]).value = "120万"
    sheet.cell(FIRST, heads["理由"]).value = "老客户要换设备"
    book.save(path)
    read_claim_sheets(company, path, **SAID)
    assert list(claims(company).values()) == [1_200_000]
    assert "老客户要换设备" in claim_board(company).why.tolist()
    assert open_ledger(company).history().why.iloc[-1].startswith("meeting (目标认领表 全公司.xlsx)")


def test_claims_come_back_and_blanks_are_not_claimed(company: Workspace) -> None:
    board = in_order(company)
    edit(book_of(company), fill({0: 1_000_000, 1: "1,100,000", 2: "95万", 3: " 900000 ", 4: 0}))
    edit(book_of(company), fill({0: "new customer"}, "reason"))
    done = read_claim_sheets(company, book_of(company), **SAID)
    expected = dict(zip(board.person_id[:5], [1_000_000, 1_100_000, 950_000, 900_000, 0], strict=True))
    assert claims(company) == expected
    assert [note.code for note in done.notes if note.level == "doubt"].count("claims.amount_zero") == 1
    assert (claim_board(company).entry.dropna() == done.entry).all()
    assert not read_claim_sheets(company, book_of(company), **SAID).recorded


def test_a_folder_of_team_sheets_is_one_entry(company: Workspace) -> None:
    for place, path in enumerate(sorted((company.folder / "teams").glob("*.xlsx"))):
        edit(path, fill({0: 1_000_000 + 100 * place}))
    (company.folder / "teams" / "~$lock.xlsx").write_bytes(b"x")
    (company.folder / "teams" / "notes.docx").write_bytes(b"x")
    before = len(open_ledger(company).history())
    done = read_claim_sheets(company, company.folder / "teams", **SAID)
    assert len(open_ledger(company).history()) == before + 1
    assert sorted(claims(company).values()) == [1_000_000, 1_000_100, 1_000_200, 1_000_300]
    unread = [note.values["file"] for note in done.notes if note.code == "claims.file_not_read"]
    assert unread == ["notes.docx"]


def test_an_edited_proposal_changes_nothing_and_is_named(company: Workspace) -> None:
    person, goal = in_order(company).loc[1, ["person_id", "proposed"]]
    edit(book_of(company), fill({1: 5}, "proposal"))
    edit(book_of(company), fill({1: 1_000_000}))
    done = read_claim_sheets(company, book_of(company), **SAID)
    assert "claims.proposal_edited" in [note.code for note in done.notes]
    assert proposal_of(company).people.set_index("person_id").goal[person] == goal


def test_sorted_and_deleted_rows_still_belong_to_their_people(company: Workspace) -> None:
    people = in_order(company).person_id

    def turn(sheet: Worksheet, at: dict[str, int]) -> None:
        for line in range(12):
            sheet.cell(FIRST + line, at["claim"]).value = 1_000_000 + 100 * line
        rows = [[cell.value for cell in sheet[row]] for row in range(FIRST, FIRST + 12)]
        for row, values in enumerate(reversed(rows), FIRST):
            for column, value in enumerate(values, 1):
                sheet.cell(row, column).value = value
        sheet.delete_rows(FIRST, 2)

    edit(book_of(company), turn)
    done = read_claim_sheets(company, book_of(company), **SAID)
    assert claims(company) == {person: 1_000_000 + 100 * line for line, person in enumerate(people[:10])}
    assert [note.values["count"] for note in done.notes if note.code == "claims.rows_missing"] == [2]


def test_a_row_that_was_put_in_stops(company: Workspace) -> None:
    def put(sheet: Worksheet, at: dict[str, int]) -> None:
        sheet.insert_rows(FIRST + 3)
        sheet.cell(FIRST + 3, at["person_id"]).value = "P777"
        sheet.cell(FIRST + 3, at["person"]).value = "New Man"
        sheet.cell(FIRST + 3, at["claim"]).value = 5_000_000
        sheet.cell(FIRST, at["claim"]).value = 1_000_000

    edit(book_of(company), put)
    assert refused(company, book_of(company), f"row {FIRST + 3}") == ["claims.row_put_in"]


def test_rows_copied_over_each_other_stop(company: Workspace) -> None:
    def copy(sheet: Worksheet, at: dict[str, int]) -> None:
        for column in ("person_id", "person"):
            sheet.cell(FIRST + 1, at[column]).value = sheet.cell(FIRST, at[column]).value
        sheet.cell(FIRST + 1, at["claim"]).value = 1_000_000

    edit(book_of(company), copy)
    assert refused(company, book_of(company), "copied over") == ["claims.row_mixed_up"]


def test_a_whole_row_copied_with_its_key_is_a_second_claim(company: Workspace) -> None:
    def copy(sheet: Worksheet, at: dict[str, int]) -> None:
        sheet.cell(FIRST, at["claim"]).value = 1_000_000
        sheet.insert_rows(FIRST + 1)
        for column in range(1, sheet.max_column + 1):
            sheet.cell(FIRST + 1, column).value = sheet.cell(FIRST, column).value
        sheet.cell(FIRST + 1, at["claim"]).value = 1_200_000

    edit(book_of(company), copy)
    assert refused(company, book_of(company), "claims twice") == ["claims.claimed_twice"]


def test_one_person_in_two_files(company: Workspace) -> None:
    both = company.folder / "both"
    both.mkdir()
    for name in ("a.xlsx", "b.xlsx"):
        shutil.copy(book_of(company), both / name)
    edit(both / "a.xlsx", fill({0: 1_000_000, 1: 1_000_000}))
    edit(both / "b.xlsx", fill({0: 1_000_000, 1: 1_300_000}))
    codes = refused(company, both, "1,300,000 here, 1,000,000 in a.xlsx, row 6")
    assert codes == ["claims.claimed_twice"]
    edit(both / "b.xlsx", fill({0: 1_000_000, 1: None}))      # blank there: the other file's claim counts
    read_claim_sheets(company, both, **SAID)
    assert list(claims(company).values()) == [1_000_000, 1_000_000]


def test_all_mistakes_of_all_files_come_at_once_with_their_places(company: Workspace) -> None:
    paths = sorted((company.folder / "teams").glob("*.xlsx"))
    edit(paths[0], fill({0: "soon", 1: -5}))
    edit(paths[1], fill({0: 120, 1: 1_000_050}))
    edit(paths[2], fill({0: 1_000_000}))
    (company.folder / "teams" / "empty.xlsx").write_bytes(b"")
    codes = refused(company, company.folder / "teams", "row 5")
    assert sorted(codes) == ["claims.amount_in_wan", "claims.amount_negative", "claims.amount_not_multiple",
                             "claims.amount_not_number", "claims.not_a_claim_sheet"]


def test_a_sheet_of_another_plan_is_refused(company: Workspace) -> None:
    edit(book_of(company), fill({0: 1_000_000}))
    save_plan(company, make_plan(company, 15_000_000, "2026-07", unit=100))
    assert refused(company, book_of(company), "made from another plan") == ["claims.other_plan"]


def test_formulas_count_with_their_result_and_stop_without_one(company: Workspace) -> None:
    edit(book_of(company), fill({0: "=1000000*1.1", 1: 1_000_000}))     # openpyxl writes no result
    assert refused(company, book_of(company), "without a result") == ["claims.formula_without_result"]


def test_one_amount_merged_over_several_people_stops(company: Workspace) -> None:
    def merge(sheet: Worksheet, at: dict[str, int]) -> None:
        column = at["claim"]
        sheet.cell(FIRST, column).value = 2_000_000
        sheet.merge_cells(start_row=FIRST, end_row=FIRST + 1, start_column=column, end_column=column)
        sheet.merge_cells(start_row=FIRST + 2, end_row=FIRST + 3, start_column=column, end_column=column)

    edit(book_of(company), merge)
    assert refused(company, book_of(company), "merged over 2 rows") == ["claims.cells_merged"]


def test_error_cells_are_no_amounts(company: Workspace) -> None:
    edit(book_of(company), fill({0: "#REF!"}))
    assert refused(company, book_of(company), "#REF!") == ["claims.amount_not_number"]


def test_a_reason_without_an_amount_is_not_a_claim(company: Workspace) -> None:
    edit(book_of(company), fill({0: 1_000_000}))
    edit(book_of(company), fill({1: "let me think"}, "reason"))
    done = read_claim_sheets(company, book_of(company), **SAID)
    assert len(claims(company)) == 1
    assert [note.values["row"] for note in done.notes if note.code == "claims.reason_alone"] == [FIRST + 1]


def test_nothing_claimed_is_said(company: Workspace) -> None:
    assert refused(company, book_of(company), "nobody has claimed") == ["claims.nothing_claimed"]


def test_other_files_and_empty_folders_are_named(company: Workspace, tmp_path: Path) -> None:
    other = tmp_path / "other.xlsx"
    pd.DataFrame({"a": [1]}).to_excel(other)
    assert refused(company, other, "no claim sheet") == ["claims.not_a_claim_sheet"]
    assert refused(company, tmp_path / "nothing", "no claim sheets") == ["claims.no_files"]
    (tmp_path / "bare").mkdir()
    assert refused(company, tmp_path / "bare", "no claim sheets") == ["claims.no_files"]
    edit(book_of(company), lambda sheet, at: sheet.delete_cols(at["key"]))
    assert refused(company, book_of(company), "hidden first column") == ["claims.key_missing"]


def test_an_extra_sheet_and_another_program_do_no_harm(company: Workspace, tmp_path: Path) -> None:
    edit(book_of(company), fill({0: 1_000_000, 2: "120万"}))
    book = openpyxl.load_workbook(book_of(company))
    extra = book.create_sheet("my notes")
    extra["A1"], extra["B2"] = "to do", 17
    book.save(book_of(company))
    rows = [[cell.value for cell in row] for row in book["Claims"].iter_rows()]
    old = xlwt.Workbook()      # as an older WPS saves it: ids and amounts as text
    sheet = old.add_sheet("Sheet1")
    for y, row in enumerate(rows[:-1]):
        for x, value in enumerate(row):
            if value is not None:
                sheet.write(y, x, str(value))
    old.save(str(tmp_path / "old.et"))
    with (tmp_path / "plain.csv").open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(rows[:-1])
    wanted = None
    for path in (book_of(company), tmp_path / "old.et", tmp_path / "plain.csv"):
        read_claim_sheets(company, path, **SAID)
        wanted = wanted or claims(company)
        assert claims(company) == wanted
    assert list(wanted.values()) == [1_000_000, 1_200_000]


def test_ids_that_lost_their_zeros_are_still_known() -> None:
    from salesgoals.claiming.returned import _other_id

    assert not _other_id("7", "00007")
    assert not _other_id("'00007", "00007")
    assert _other_id("8", "00007")


def test_claims_made_already_stand_in_the_next_sheets(company: Workspace) -> None:
    person = in_order(company).person_id[0]
    claim_goal(company, person, 1_000_000, who="Ann", why="said so")
    path = write_claim_sheets(company, company.folder / "again", by="all")[0]
    sheet = openpyxl.load_workbook(path)["Claims"]
    at = places(sheet)
    assert [sheet.cell(FIRST, at[name]).value for name in ("claim", "reason")] == [1_000_000, "said so"]
    assert not read_claim_sheets(company, path, **SAID).recorded


def test_an_unknown_way_to_divide_the_sheets_is_refused(company: Workspace) -> None:
    with pytest.raises(SalesgoalsError, match="claim sheets by person"):
        write_claim_sheets(company, company.folder / "x", by="person")
