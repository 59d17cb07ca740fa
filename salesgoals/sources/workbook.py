"""Workbooks (.xlsx, .xlsm, Strict OOXML, .xls, .xlsb, .ods): every worksheet as a grid of cells."""

from __future__ import annotations

import io
import re
import zipfile

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from salesgoals.problems import Problem
from salesgoals.sources.inside import Inside, look_inside
from salesgoals.sources.sheet import Grid, name_rows, tidy_cell


def read_workbook(data: bytes, kind: str, file: str) -> tuple[list[Grid], list[Problem]]:
    """Read every worksheet with its merged cells and its error cells.

    Parameters
    ----------
    data : bytes
        The whole file.
    kind : str
        xlsx, xls, xlsb or ods, as its contents tell.
    file : str
        Its name, for messages.

    Returns
    -------
    grids : list of Grid
        One for each worksheet that holds anything; its first row is row 1 of the worksheet.
    problems : list of Problem
        Why the file, or one of its sheets, could not be read.
    """
    findings = look_inside(data, kind)
    problems = [Problem("sources.stray_cell", file=file, sheet=name, found=inside.stray_cell)
                for name, inside in findings.items() if inside.stray_cell]
    if problems:
        return [], problems  # the reader would ask for more memory than there is
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            grids = []
            for about in book.sheets_metadata:
                if about.typ is not SheetTypeEnum.WorkSheet:
                    continue
                try:
                    sheet = book.get_sheet_by_name(about.name)
                    cells = sheet.to_python(skip_empty_area=False)
                    merges = [(r0, c0, r1, c1) for (r0, c0), (r1, c1) in sheet.merged_cell_ranges or []]
                except CalamineError as error:
                    problems.append(Problem("sources.damaged_sheet", level="doubt", file=file,
                                            sheet=about.name, reason=str(error)))
                    continue
                rows = [[tidy_cell(cell) for cell in row] for row in cells]
                grid = Grid(file, about.name, rows, merges)
                _add_findings(grid, findings.get(about.name, Inside()))
                if about.visible is not SheetVisibleEnum.Visible:
                    grid.problems.append(Problem("sources.hidden_sheet", level="note", file=file,
                                                 sheet=about.name))
                grids.append(grid)
    except PasswordError:
        return [], [Problem("sources.refused_encrypted", file=file)]
    except (CalamineError, OSError, ValueError) as error:
        return [], [Problem("sources.damaged", file=file, reason=str(error))]
    if kind == "ods" and (count := _count_ods_errors(data)):
        problems.append(Problem("sources.error_cells_blank", level="doubt", file=file, count=count))
    return grids, problems


def _add_findings(grid: Grid, inside: Inside) -> None:
    for (row, column), text in inside.errors.items():
        while len(grid.rows) <= row:
            grid.rows.append([])
        line = grid.rows[row]
        line.extend([None] * (column + 1 - len(line)))
        line[column] = text
    if inside.errors:
        rows = sorted({row + 1 for row, _ in inside.errors})
        found = ", ".join(sorted(set(inside.errors.values())))
        grid.problems.append(Problem("sources.error_cells", level="doubt", file=grid.file, sheet=grid.sheet,
                                     row=rows[0], count=len(inside.errors), found=found,
                                     rows=name_rows(rows)))
    empty = [(row, column) for row, column in inside.uncalculated
             if row >= len(grid.rows) or column >= len(grid.rows[row]) or grid.rows[row][column] is None]
    if empty:
        rows = sorted({row + 1 for row, _ in empty})
        grid.problems.append(Problem("sources.uncalculated", level="doubt", file=grid.file, sheet=grid.sheet,
                                     row=rows[0], count=len(empty), rows=name_rows(rows)))
    if inside.hidden_rows:
        grid.problems.append(Problem("sources.hidden_rows", level="note", file=grid.file, sheet=grid.sheet,
                                     count=inside.hidden_rows))


def _count_ods_errors(data: bytes) -> int:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return len(re.findall(rb'calcext:value-type="error"', archive.read("content.xml")))
    except (zipfile.BadZipFile, KeyError, OSError):
        return 0
