"""What the personnel office and the sales office kept in Excel: the roster, the products, the goals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import xlsxwriter

from .cast import manager_of
from .catalogue import PRODUCTS
from .setting import LAST_DAY, Person, setting
from .tally import Tally
from .workbooks import write_workbook
from .yardsticks import Goal


def by_team(people: list[Person]) -> list[Person]:
    """Sort people as the roster does: by team, heads first."""
    rank, teams = {"销售经理": 0, "销售主管": 0}, list(setting().departments)
    return sorted(people, key=lambda p: (teams.index(p.team_on(LAST_DAY)), rank.get(p.role, 1), p.person_id))


def export_roster(folder: Path) -> list[Tally]:
    """Write 花名册.xlsx: people with merged department cells, and a sheet with everybody's teams."""
    people = Tally("花名册.xlsx", "people", layout={"title": 1, "header": 1, "footer": 1})
    teams = Tally("花名册.xlsx", "membership", layout={"header": 1})

    def fill(book: xlsxwriter.Workbook) -> None:
        head = book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter"})
        day = book.add_format({"num_format": "yyyy/m/d"})
        _roster_sheet(book.add_worksheet("花名册"), head, day, people)
        _team_sheet(book.add_worksheet("调岗记录"), head, day, teams)

    write_workbook(folder / people.file, fill)
    return [people, teams]


def _roster_sheet(sheet: xlsxwriter.worksheet.Worksheet, head: object, day: object, tally: Tally) -> None:
    sheet.merge_range(0, 0, 0, 7, f"{setting().company} 销售人员花名册（截至{LAST_DAY:%Y-%m-%d}）", head)
    titles = ["部门", "小组", "工号", "姓名", "岗位", "直属上级工号", "入职日期", "离职日期"]
    sheet.write_row(1, 0, titles, head)
    listed, departments = by_team(list(setting().people)), setting().departments
    for column, unit in ((0, lambda p: departments[p.team_on(LAST_DAY)]), (1, lambda p: p.team_on(LAST_DAY))):
        row = 2
        for name, members in groupby(listed, unit):
            count = len(list(members))
            sheet.merge_range(row, column, row + count - 1, column, name, head)
            tally.written["merged_cells"] += 1
            row += count
    for row, person in enumerate(listed, 2):
        sheet.write_row(row, 2, [person.person_id, person.name, person.role, manager_of(person) or ""])
        if person.hire < date(2014, 1, 1):  # taken over from an older list
            sheet.write_string(row, 6, f"{person.hire.year}.{person.hire.month}.{person.hire.day}")
            tally.written["date_as_text"] += 1
        else:
            sheet.write_datetime(row, 6, person.hire, day)
        if person.leave:
            sheet.write_datetime(row, 7, person.leave, day)
        tally.keep()
    sheet.write(len(listed) + 2, 0, "制表人：人事行政部")
    sheet.set_column(0, 7, 13)


def _team_sheet(sheet: xlsxwriter.worksheet.Worksheet, head: object, day: object, tally: Tally) -> None:
    sheet.write_row(0, 0, ["工号", "姓名", "部门", "小组", "开始日期", "结束日期"], head)
    row = 1
    for person in sorted(setting().people, key=lambda p: p.person_id):
        for team, start, end in person.stints():
            sheet.write_row(row, 0, [person.person_id, person.name, setting().departments[team], team])
            sheet.write_datetime(row, 4, start, day)
            if end:
                sheet.write_datetime(row, 5, end, day)
            tally.keep()
            row += 1
    sheet.set_column(0, 5, 12)


PRODUCT_HEADS = ("产品编码", "产品名称", "产品线", "规格", "标准售价(元)", "单位成本(元)")


def export_products(folder: Path, file: str = "products.xls") -> Tally:
    """Write the products; by default in the old binary format, which needs one more library."""
    tally = Tally(file, "products", layout={"header": 1})
    cells: list[Sequence[object]] = [PRODUCT_HEADS]
    for product in PRODUCTS:
        size = "无" if product.line == "安装维保服务" else "标准"
        tally.written["the_word_none"] += size == "无"
        cells.append((product.product_id, product.name, product.line, size, product.price, product.cost))
        tally.keep()
    if file.endswith(".xls"):
        _save_old(folder / file, cells)
    else:
        write_workbook(folder / file, lambda book: _fill_sheet(book.add_worksheet("产品档案"), cells))
    return tally


def _fill_sheet(sheet: Any, cells: list[Sequence[object]]) -> None:
    for row, values in enumerate(cells):
        for column, value in enumerate(values):
            sheet.write(row, column, value)


def _save_old(path: Path, cells: list[Sequence[object]]) -> None:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    _fill_sheet(book.add_sheet("产品档案"), cells)
    book.save(str(path))


def export_goals(folder: Path, goals: list[Goal]) -> Tally:
    """Write 销售目标.xlsx (Strict Open XML): people by months in ten thousands of yuan, blanks included."""
    tally = Tally("销售目标.xlsx", "goals")

    def fill(book: xlsxwriter.Workbook) -> None:
        head = book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter"})
        number = book.add_format({"num_format": "0.0"})
        for year in sorted({goal.year for goal in goals}):
            of_year = [goal for goal in goals if goal.year == year]
            _goal_sheet(book.add_worksheet(f"{year}年"), year, of_year, head, number, tally)

    write_workbook(folder / tally.file, fill, strict=True)
    return tally


def _goal_sheet(sheet: xlsxwriter.worksheet.Worksheet, year: int, goals: list[Goal], head: object,
                number: object, tally: Tally) -> None:
    sheet.merge_range(0, 0, 0, 16, f"{year}年销售目标分解表", head)
    for column, text in ((0, "部门"), (1, "小组"), (2, "工号"), (3, "姓名"), (16, "全年合计（万元）")):
        sheet.merge_range(1, column, 2, column, text, head)
    sheet.merge_range(1, 4, 1, 15, "月度目标（万元）", head)
    sheet.write_row(2, 4, [f"{month}月" for month in range(1, 13)], head)
    tally.layout.update({"title": 1, "header": 2, "subtotal": 1, "footer": 1})
    teams = list(setting().departments)
    ordered = sorted(goals, key=lambda g: (teams.index(g.team), g.person.person_id, g.month))
    row, sums = 3, [0] * 13
    for (team, person_id), group in groupby(ordered, lambda g: (g.team, g.person.person_id)):
        months = {goal.month.month: goal.fen for goal in group}
        name = setting().person(person_id).name
        sheet.write_row(row, 0, [setting().departments[team], team, person_id, name])
        for month, fen in months.items():  # no entry: the cell stays blank, which is not zero
            sheet.write_number(row, 3 + month, fen / 1_000_000, number)
            sums[month] += fen
            tally.keep(fen)
            tally.written["zero_goals"] += fen == 0
        tally.written["blank_goals"] += 12 - len(months)
        sheet.write_number(row, 16, sum(months.values()) / 1_000_000, number)
        tally.written["people_rows"] += 1
        row += 1
    sheet.write(row, 0, "合计", head)
    for month in range(1, 13):
        if sums[month]:
            sheet.write_number(row, 3 + month, sums[month] / 1_000_000, number)
    sheet.write_number(row, 16, sum(sums) / 1_000_000, number)
    sheet.write(row + 1, 0, "制表人：销售管理部")
