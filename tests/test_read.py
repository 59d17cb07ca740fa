"""Any export is told by its contents, read in full, or refused with a sentence that names what it is."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path

import exports
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
import xlwt
from exports import ROWS, put
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles import Font

from salesgoals.sources.read import Sheet, read_file
from salesgoals.sources.sheet import Reading
from salesgoals.words import in_language

TEXT = "工号,姓名,金额\n00123,张三,1200\n00124,李四,800.5\n"


def only(reading: Reading) -> Sheet:
    assert len(reading.sheets) == 1, reading.problems
    return reading.sheets[0]


def codes(reading: Reading) -> set[str]:
    return {p.code for p in reading.problems} | {p.code for s in reading.sheets for p in s.problems}


def everything(sheet: Sheet) -> int:
    return len(sheet.cells) + len(sheet.aside) + sheet.header_rows


# ---- text


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"]
)
def test_every_encoding_gives_the_same_cells(tmp_path: Path, encoding: str) -> None:
    sheet = only(read_file(put(tmp_path, "销售.csv", TEXT.encode(encoding))))
    assert sheet.columns == ["工号", "姓名", "金额"]
    assert sheet.cells.to_numpy().tolist() == [["00123", "张三", "1200"], ["00124", "李四", "800.5"]]
    assert sheet.file == "销售.csv"
    assert sheet.sheet is None
    assert sheet.rows.tolist() == [2, 3]
    assert sheet.header_row == 1
    assert sheet.encoding == {"gbk": "gb18030"}.get(encoding, encoding)


def test_utf_16_of_big_end_with_its_mark(tmp_path: Path) -> None:
    sheet = only(read_file(put(tmp_path, "a.txt", b"\xfe\xff" + TEXT.replace(",", "\t").encode("utf-16-be"))))
    assert sheet.delimiter == "\t"
    assert sheet.cells["姓名"].tolist() == ["张三", "李四"]


def test_western_text_is_not_read_as_chinese(tmp_path: Path) -> None:
    reading = read_file(put(tmp_path, "a.csv", "Name,Amount\nMüller,12\nRené,7\nJosé,9\n".encode("cp1252")))
    assert only(reading).cells["Name"].tolist() == ["Müller", "René", "José"]
    assert "sources.encoding_guessed" in codes(reading)


def test_broken_bytes_are_named_with_their_row(tmp_path: Path) -> None:
    body = "".join(f"张三丰,{n}\n" for n in range(40)).encode()
    reading = read_file(put(tmp_path, "a.csv", "姓名,金额\n".encode() + body + b"\xe5\xbc,5\n"))
    sheet = only(reading)
    assert len(sheet.cells) == 41
    problem = next(p for p in sheet.problems if p.code == "sources.broken_characters")
    assert problem.values["row"] == 42


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_the_separator_is_told_from_the_text(tmp_path: Path, separator: str) -> None:
    text = (
        separator.join(["name", "price", "note"])
        + "\n"
        + "".join(
            separator.join([f"n{n}", '"1,5"' if separator == "," else "1,5", "x"]) + "\n" for n in range(5)
        )
    )
    sheet = only(read_file(put(tmp_path, "a.txt", text)))
    assert sheet.delimiter == separator
    assert sheet.cells["price"].tolist() == ["1,5"] * 5


def test_a_sep_line_is_obeyed_and_set_aside(tmp_path: Path) -> None:
    sheet = only(read_file(put(tmp_path, "a.csv", "sep=;\nname;amount\nA, B;5\nC, D;6\n")))
    assert sheet.delimiter == ";"
    assert sheet.cells["name"].tolist() == ["A, B", "C, D"]
    assert sheet.aside[["row", "reason"]].to_numpy().tolist() == [[1, "title"]]
    assert everything(sheet) == 4


def test_quoted_line_breaks_stay_inside_their_cell(tmp_path: Path) -> None:
    sheet = only(read_file(put(tmp_path, "a.csv", 'name,note\nA,"two\nlines, one cell"\nB,"say ""hi"""\n')))
    assert sheet.cells["note"].tolist() == ["two\nlines, one cell", 'say "hi"']
    assert sheet.rows.tolist() == [2, 3]


def test_an_open_quote_does_not_swallow_the_rows_below(tmp_path: Path) -> None:
    text = 'name,amount,note\nA,1,x\nB,2,"3 inch\nC,3,y\nD,4,z\n'
    reading = read_file(put(tmp_path, "a.csv", text))
    assert only(reading).cells["name"].tolist() == ["A", "B", "C", "D"]
    assert "sources.open_quote" in codes(reading)


def test_an_open_quote_far_above_the_end(tmp_path: Path) -> None:
    text = 'name,amount\nA,"1\n' + "".join(f"B{n},{n}\n" for n in range(30_000)) + 'C,"x"\n'
    assert len(only(read_file(put(tmp_path, "a.csv", text))).cells) == 30_002


def test_ragged_lines_lose_nothing(tmp_path: Path) -> None:
    reading = read_file(put(tmp_path, "a.csv", "name,team,amount\nA,x,1\nB,y,2,extra\nC\nD,x,4\n"))
    sheet = only(reading)
    assert sheet.columns == ["name", "team", "amount", "column 4"]
    assert sheet.cells.to_numpy().tolist() == [
        ["A", "x", "1", None],
        ["B", "y", "2", "extra"],
        ["C", None, None, None],
        ["D", "x", "4", None],
    ]
    found = {p.code: p for p in sheet.problems}
    assert found["sources.extra_cells"].values["row"] == 3
    assert found["sources.missing_cells"].values["row"] == 4
    assert found["sources.missing_cells"].values["count"] == 1


def test_nul_bytes_are_taken_out_and_told(tmp_path: Path) -> None:
    reading = read_file(put(tmp_path, "a.csv", b"name,amount\nA\x00,1\nB,2\n"))
    assert only(reading).cells["name"].tolist() == ["A", "B"]
    assert "sources.nul_bytes" in codes(reading)


def test_words_that_look_like_nothing_stay_words(tmp_path: Path) -> None:
    words = ["None", "NA", "NULL", "nan", "-", "无"]
    text = (
        "id,customer\n" + "".join(f"{n:05d},{word}\n" for n, word in enumerate(words)) + "00009,\n00010,   \n"
    )
    sheet = only(read_file(put(tmp_path, "a.csv", text)))
    assert sheet.cells["customer"].tolist() == [*words, None, None]
    assert sheet.cells["id"].tolist()[:2] == ["00000", "00001"]


def test_a_million_blank_lines_are_no_rows(tmp_path: Path) -> None:
    sheet = only(read_file(put(tmp_path, "a.csv", "name,amount\nA,1\n" + ",\n" * 300_000)))
    assert len(sheet.cells) == 1
    assert len(sheet.aside) == 0


word = st.text(st.sampled_from("张李王abcXYZ 0123456789.-_/()（）“”，。é"), min_size=1, max_size=8)
cell_text = st.one_of(word, st.just(""), st.sampled_from(["a,b", "a;b", 'q"q', "x|y", "line\nbreak"]))


@settings(deadline=None, max_examples=40)
@given(
    rows=st.lists(st.lists(cell_text, min_size=4, max_size=4), min_size=1, max_size=12),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    separator=st.sampled_from([",", ";", "\t", "|"]),
)
def test_no_row_and_no_cell_is_lost(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], encoding: str, separator: str
) -> None:
    import csv

    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(["编号", "姓名", "部门", "备注"])
    writer.writerows([f"P{number}", *row[1:]] for number, row in enumerate(rows))
    path = put(tmp_path_factory.mktemp("text"), "a.csv", buffer.getvalue().encode(encoding))
    sheet = only(read_file(path))
    assert everything(sheet) == len(rows) + 1
    for line, number in zip(sheet.cells.to_numpy().tolist(), sheet.rows, strict=True):
        assert [cell or "" for cell in line] == [
            f"P{number - 2}",
            *(c if c.strip() else "" for c in rows[number - 2][1:]),
        ]
    for number, cells in zip(sheet.aside["row"], sheet.aside["cells"], strict=True):
        assert [cell or "" for cell in cells][1:] == [c if c.strip() else "" for c in rows[number - 2][1:]]


# ---- workbooks


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", exports.as_xlsx(ROWS)),
        ("a.xlsm", exports.as_xlsx(ROWS)),
        ("strict.xlsx", exports.as_strict(exports.as_xlsx(ROWS))),
        ("a.xls", exports.as_xls(ROWS)),
    ],
)
def test_every_workbook_gives_the_same_cells(tmp_path: Path, name: str, data: bytes) -> None:
    reading = read_file(put(tmp_path, name, data))
    sheet = only(reading)
    assert reading.problems == []
    assert sheet.columns == ["工号", "姓名", "金额"]
    assert sheet.cells.to_numpy().tolist() == [["00123", "张三", 1200], ["00124", "李四", 800.5]]
    assert isinstance(sheet.cells["金额"][0], int)
    assert sheet.sheet in ("Sheet", "数据")


def test_strict_open_xml_really_is_strict() -> None:
    data = exports.as_strict(exports.as_xlsx(ROWS))
    book = exports.zipfile.ZipFile(io.BytesIO(data)).read("xl/workbook.xml")
    assert b"purl.oclc.org" in book
    assert b"schemas.openxmlformats.org/spreadsheetml" not in book


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", exports.as_xls(ROWS)),
        ("a.xls", exports.as_xlsx(ROWS)),
        ("a.csv", exports.as_xlsx(ROWS)),
        ("a.xls", TEXT.encode()),
    ],
)
def test_contents_count_and_not_the_name(tmp_path: Path, name: str, data: bytes) -> None:
    reading = read_file(put(tmp_path, name, data))
    assert only(reading).cells["姓名"].tolist() == ["张三", "李四"]
    assert [p.code for p in reading.problems] == ["sources.other_kind"]
    assert reading.problems[0].level == "note"


def test_typed_cells_keep_their_meaning(tmp_path: Path) -> None:
    day = dt.datetime(2025, 1, 2)
    sheet = only(
        read_file(
            put(
                tmp_path,
                "a.xlsx",
                exports.as_xlsx(
                    [
                        ["日期", "时间", "占比", "是否", "编号"],
                        [day.date(), dt.datetime(2025, 1, 2, 3, 4), 0.125, True, "007"],
                        [day, None, 1, False, 7],
                    ]
                ),
            )
        )
    )
    assert sheet.cells.to_numpy().tolist() == [
        [day, dt.datetime(2025, 1, 2, 3, 4), 0.125, True, "007"],
        [day, None, 1, False, 7],
    ]


def error_book() -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("一月")
    sheet.write_row(0, 0, ["姓名", "金额", "占比"])
    sheet.write_row(1, 0, ["张三", 5])
    sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    sheet.write(2, 0, "李四")
    sheet.write_formula(2, 1, "=NA()", None, "#N/A")
    sheet.write_row(3, 0, ["王五", 7, 0.5])
    sheet.set_row(3, None, None, {"hidden": True})
    book.close()
    return buffer.getvalue()


def test_error_cells_are_errors_and_not_blank(tmp_path: Path) -> None:
    reading = read_file(put(tmp_path, "a.xlsx", error_book()))
    sheet = only(reading)
    assert sheet.cells.to_numpy().tolist() == [
        ["张三", 5, "#DIV/0!"],
        ["李四", "#N/A", None],
        ["王五", 7, 0.5],
    ]
    found = {p.code: p for p in sheet.problems}
    assert found["sources.error_cells"].values["count"] == 2
    assert found["sources.hidden_rows"].values["count"] == 1


def test_error_cells_of_old_workbooks(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("一月")
    for row, cells in enumerate([["姓名", "金额"], ["张三", 5], ["李四"], ["王五", 7]]):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    sheet.row(2).set_cell_error(1, "#N/A!")
    sheet.row(3).hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    found = only(read_file(put(tmp_path, "a.xls", buffer.getvalue())))
    assert found.cells["金额"].tolist() == [5, "#N/A", 7]
    assert {"sources.error_cells", "sources.hidden_rows"} <= {p.code for p in found.problems}


def test_binary_workbooks(tmp_path: Path) -> None:
    sheet = only(read_file(put(tmp_path, "a.xlsb", exports.as_xlsb())))
    assert sheet.cells.to_numpy().tolist() == [["张三", 12.5], ["李四", "#N/A"]]


def test_open_document_sheets(tmp_path: Path) -> None:
    reading = read_file(put(tmp_path, "a.ods", exports.as_ods()))
    assert only(reading).cells.to_numpy().tolist() == [
        ["张三", dt.datetime(2025, 1, 2), 0.125],
        ["李四", dt.datetime(2025, 1, 3), None],
    ]
    assert "sources.error_cells_blank" in codes(reading)


def test_formulas_without_a_result_are_told(tmp_path: Path) -> None:
    reading = read_file(
        put(
            tmp_path,
            "a.xlsx",
            exports.as_xlsx([["姓名", "金额"], ["张三", 5], ["李四", "=B2*2"], ["王五", 4]]),
        )
    )
    problem = next(p for p in only(reading).problems if p.code == "sources.uncalculated")
    assert problem.values["row"] == 3
    assert problem.values["count"] == 1


def test_a_formula_that_gives_an_empty_text_is_no_doubt(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["姓名", "备注"])
    sheet.write(1, 0, "张三")
    sheet.write_formula(1, 1, '=IF(1,"","x")', None, "")
    book.close()
    as_excel_writes = exports.rewrite_zip(
        buffer.getvalue(), lambda entry: entry.replace(b'<c r="B2"><f>', b'<c r="B2" t="str"><f>')
    )
    assert as_excel_writes != buffer.getvalue()
    assert codes(read_file(put(tmp_path, "a.xlsx", as_excel_writes))) == set()


def test_several_sheets_hidden_ones_and_empty_ones(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "订单"
    for row in ROWS:
        first.append(row)
    hidden = book.create_sheet("旧数据")
    for row in ROWS:
        hidden.append(row)
    hidden.sheet_state = "hidden"
    book.create_sheet("空表")
    pivot = book.create_sheet("透视")
    for row in [["行标签", "求和项:金额"], ["张三", 5], ["总计", 5]]:
        pivot.append(row)
    reading = read_file(put(tmp_path, "a.xlsx", exports.book_bytes(book)))
    assert [sheet.sheet for sheet in reading.sheets] == ["订单", "旧数据"]
    assert [p.code for p in reading.sheets[1].problems] == ["sources.hidden_sheet"]
    assert [(p.code, p.level, p.values["sheet"]) for p in reading.problems] == [
        ("sources.empty_sheet", "note", "空表"),
        ("sources.refused_pivot", "doubt", "透视"),
    ]


def test_a_cell_far_away_is_named_and_does_not_eat_the_memory(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["A2"], sheet["XFD1048576"] = "姓名", "张三", "x"
    reading = read_file(put(tmp_path, "a.xlsx", exports.book_bytes(book)))
    assert reading.sheets == []
    assert [(p.code, p.level, p.values["found"]) for p in reading.problems] == [
        ("sources.stray_cell", "stop", "XFD1048576")
    ]


def test_blank_formatted_rows_end_with_the_data(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [["姓名", "金额"], ["张三", 5]]:
        sheet.append(row)
    for row in range(3, 10_000):
        sheet.cell(row, 1).font = Font(bold=True)
    sheet["XFD1048576"].font = Font(bold=True)
    found = only(read_file(put(tmp_path, "a.xlsx", exports.book_bytes(book))))
    assert (len(found.cells), len(found.aside)) == (1, 0)


# ---- parquet and tables in disguise


def test_parquet_keeps_money_exact_and_drops_pictures(tmp_path: Path) -> None:
    table = pa.table(
        {
            "订单号": ["00123", None],
            "金额": pa.array([Decimal("0.1000"), Decimal("12.3400")]),
            "日期": pa.array([dt.date(2025, 1, 2), None]),
            "数量": pa.array([3, None], pa.int64()),
            "照片": pa.array([b"\x89PNG", None]),
            "单价": pa.array([1.5, float("nan")]),
        }
    )
    path = tmp_path / "a.parquet"
    pq.write_table(table, path)
    reading = read_file(path)
    sheet = only(reading)
    assert sheet.columns == ["订单号", "金额", "日期", "数量", "单价"]
    assert sheet.cells.to_numpy().tolist() == [
        ["00123", Decimal("0.1000"), dt.datetime(2025, 1, 2), 3, 1.5],
        [None, Decimal("12.3400"), None, None, None],
    ]
    assert codes(reading) == {"sources.binary_columns"}
    assert (sheet.rows.tolist(), sheet.header_row) == ([1, 2], 0)


HTML = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<style>td {{mso-number-format:"\\@";}}</style></head><body><table border=1>
<tr><th rowspan=2>部门</th><th colspan=2>销售额</th></tr><tr><th>1月</th><th>2月</th></tr>
<tr><td rowspan=2>华东</td><td>1,200</td><td>&yen;300</td></tr><tr><td>7<br>8</td><td>&nbsp;</td></tr>
<tr><td>华北</td><td>5</td><td>6</table></body></html>""".replace("{{", "{").replace("}}", "}")


def test_a_web_page_named_xls_is_read_as_its_table(tmp_path: Path) -> None:
    reading = read_file(put(tmp_path, "导出.xls", HTML.encode("gbk")))
    sheet = only(reading)
    assert sheet.columns == ["部门", "销售额 / 1月", "销售额 / 2月"]
    assert sheet.cells.to_numpy().tolist() == [
        ["华东", "1,200", "¥300"],
        ["华东", "7\n8", None],
        ["华北", "5", "6"],
    ]
    assert codes(reading) == {"sources.other_kind", "sources.filled_down"}


def test_a_single_file_web_page_is_read_too(tmp_path: Path) -> None:
    page = (
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\n'
        'Content-Type: text/html; charset="utf-8"\nContent-Transfer-Encoding: 8bit\n\n'
        "<html><table><tr><td>姓名<td>金额<tr><td>张三<td>5</table></html>\n--b--\n"
    )
    assert only(read_file(put(tmp_path, "a.xls", page))).cells.to_numpy().tolist() == [["张三", "5"]]


def test_xml_spreadsheets_of_2003(tmp_path: Path) -> None:
    page = (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="订单"><Table>'
        '<Row><Cell><Data ss:Type="String">姓名</Data></Cell>'
        '<Cell><Data ss:Type="String">金额</Data></Cell></Row>'
        '<Row ss:Index="3"><Cell ss:Index="2"><Data ss:Type="Number">12.50</Data></Cell></Row>'
        '<Row><Cell><Data ss:Type="String">李四</Data></Cell>'
        '<Cell><Data ss:Type="Number">7</Data></Cell></Row>'
        "</Table></Worksheet></Workbook>"
    )
    sheet = only(read_file(put(tmp_path, "a.xls", page)))
    assert sheet.sheet == "订单"
    assert sheet.rows.tolist() == [3, 4]
    assert sheet.cells.to_numpy().tolist() == [[None, Decimal("12.50")], ["李四", 7]]


# ---- refusals

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + bytes(range(256))


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.xlsx", PNG, "a picture"),
        ("a.csv", PNG, "a picture"),
        ("a.xls", b"%PDF-1.7\n...", "a PDF"),
        ("a.xlsx", exports.as_zip({"readme.txt": "x"}), "an archive"),
        ("a.xlsx", exports.as_zip({"word/document.xml": "<x/>"}), "Word"),
        ("a.xlsx", exports.as_zip({"Index/Document.iwa": "x"}), "Apple Numbers"),
        ("a.xlsx", exports.as_xlsx(ROWS)[:2000], "damaged"),
        ("a.xls", exports.as_xls(ROWS)[:200], "damaged"),
        ("a.ods", exports.with_broken_mimetype(), "damaged"),
        ("a.xlsx", exports.as_encrypted_xlsx(), "password"),
        ("a.xls", exports.as_xls_with_password(), "password"),
        ("a.parquet", b"PAR1" + b"\0" * 50, "damaged"),
        ("a.csv", b'{"rows": [1, 2]}', "JSON"),
        ("a.xls", b"<html><body>Please log in</body></html>", "web page without a table"),
        ("a.xml", b"<?xml version='1.0'?><a><b/></a>", "XML"),
        ("a.csv", bytes(range(1, 32)) * 40, "binary"),
        (
            "a.txt",
            b"The quick brown fox jumps over the lazy dog and then some more words follow it.\n" * 5,
            "running text",
        ),
        ("a.txt", b"Permission is granted, free of charge, to any person who obtains, or reads, this text.\n"
         b"The above notice, and this permission notice, shall be included in all copies, or portions.\n"
         b"It is provided as it is, without any warranty, of any kind, at all.\n", "running text"),
        ("a.csv", b"", "empty"),
        ("a.csv", b"\xef\xbb\xbf\r\n \r\n", "empty"),
        ("a.csv", b",,,\n,,,\n", "empty"),
        ("a.xlsx", exports.as_xlsx([]), "empty"),
    ],
)
def test_what_is_no_table_is_refused_by_name(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    reading = read_file(put(tmp_path, name, data))
    assert reading.sheets == []
    stops = [p for p in reading.problems if p.level == "stop"]
    assert len(stops) == 1
    assert says in stops[0].text()
    with in_language("zh"):
        assert name in stops[0].text()


def test_files_that_are_left_beside_open_ones_are_skipped_with_a_note(tmp_path: Path) -> None:
    reading = read_file(put(tmp_path, "~$订单.xlsx", b"\x05user"))
    assert [(p.code, p.level) for p in reading.problems] == [("sources.lock_file", "note")]
    assert reading.sheets == []


def test_a_missing_file_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    assert [p.code for p in read_file(tmp_path / "none.csv").problems] == ["sources.cannot_open"]
    assert [p.code for p in read_file(tmp_path).problems] == ["sources.cannot_open"]


@settings(deadline=None, max_examples=60)
@given(
    data=st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=100).map(lambda b: b"PK\x03\x04" + b),
        st.binary(max_size=600).map(lambda b: exports.as_xls(ROWS)[:512] + b),
        st.binary(min_size=1, max_size=8).map(lambda b: exports.as_xlsx(ROWS).replace(b"\x03", b, 1)),
    )
)
def test_no_file_makes_it_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    reading = read_file(put(tmp_path_factory.mktemp("any"), "a.xlsx", data))
    assert reading.sheets or any(p.level == "stop" for p in reading.problems)
    assert all(p.text() for p in reading.problems)


# ---- public data


def test_public_files(shared_data: Path) -> None:
    superstore = only(read_file(shared_data / "superstore_cn" / "超市.xls"))
    assert len(superstore.cells) == 9935
    assert "客户名称" in superstore.columns
    sellers = only(read_file(shared_data / "adventureworks_dw" / "FactResellerSales.parquet"))
    assert len(sellers.cells) == 60_855
    assert sum(sellers.cells["SalesAmount"], Decimal(0)).quantize(Decimal("0.01")) == Decimal("80450596.98")
    returns = read_file(shared_data / "superstore_en" / "Sample - Superstore.xls")
    assert {sheet.sheet: len(sheet.cells) for sheet in returns.sheets} == {
        "Orders": 9994,
        "Returns": 296,
        "People": 4,
    }
    pivot = read_file(shared_data / "maven_crm" / "pivot_export_of_sales_pipeline.csv")
    assert [p.code for p in pivot.problems] == ["sources.refused_pivot"]
    headless = read_file(shared_data / "adventureworks_dw" / "FactSalesQuota.csv")
    assert [p.code for p in headless.problems] == ["sources.refused_no_header"]
    pipeline = only(read_file(shared_data / "maven_crm" / "sales_pipeline.csv"))
    assert len(pipeline.cells) == 8800
    assert len(pipeline.aside) == 0
