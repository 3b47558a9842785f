"""Excel and OpenDocument workbooks, one table per sheet that holds something, merged cells filled."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from tabtext.errors import InputError, MissingExtraError
from tabtext.jsonl import display_name
from tabtext.readers.grid import Reading, grid_table
from tabtext.readers.limits import check_size, read_bytes
from tabtext.table import Table

log = logging.getLogger(__name__)

MAX_UNPACKED_BYTES = 2**30
"""The most that a workbook's parts may unpack to, together."""
MAX_RATIO = 200
"""A part of more than FREE_BYTES that unpacks to more than so many times its size is a bomb; sheets reach 50."""
FREE_BYTES = 16 * 2**20

_CELL = re.compile(rb'<(?:\w+:)?c [^>]*?r="([A-Z]{1,3})(\d{1,7})"')
_LONGEST_TAG = 4096


def read_excel(path: str | Path, reading: Reading) -> Iterator[Table]:
    """The tables of a workbook's sheets, `section` being the sheet's name; a sheet without rows is reported."""
    try:
        import python_calamine as calamine
    except ImportError:
        raise MissingExtraError("Reading Excel and OpenDocument files", "python-calamine", "tables") from None
    name = display_name(path)
    data = read_bytes(path)
    _refuse_bombs(name, data)
    try:
        workbook = calamine.load_workbook(io.BytesIO(data))
        sheets = [workbook.get_sheet_by_name(sheet) for sheet in workbook.sheet_names]
    except calamine.PasswordError:
        raise InputError(f"{name}: protected by a password; save it without one.") from None
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise InputError(f"{name}: not a workbook that can be read ({error}).") from None
    yield from _tables(name, sheets, reading)


def _tables(name: str, sheets: list[Any], reading: Reading) -> Iterator[Table]:
    found = 0
    for sheet in sheets:
        where = f"{name}, sheet {sheet.name!r}"
        check_size(where, sheet.height, sheet.width)
        title, rows = _title_and_rows(sheet, _grid(sheet))
        try:
            table = grid_table(where, rows, reading, title=title, section=sheet.name)
        except InputError as error:
            log.warning(f"left out: {error}")
            continue
        found += 1
        yield table
    if not found:
        raise InputError(f"{name}: none of its {len(sheets)} sheets has a header and rows.")


def _grid(sheet: Any) -> list[list[str]]:
    """The sheet's cells from its first used row and column, each merged range filled with its first cell's text."""
    grid = [[_shown(cell) for cell in row] for row in sheet.to_python()]
    if not grid:
        return grid
    top, left = sheet.start
    for (first_row, first_column), (last_row, last_column) in sheet.merged_cell_ranges or ():
        rows = range(max(first_row - top, 0), min(last_row - top + 1, len(grid)))
        columns = range(max(first_column - left, 0), min(last_column - left + 1, len(grid[0])))
        if rows and columns:
            text = grid[rows[0]][columns[0]]
            for row in rows:
                grid[row][columns[0] : columns[-1] + 1] = [text] * len(columns)
    return [row for row in grid if any(row)]


def _title_and_rows(sheet: Any, grid: list[list[str]]) -> tuple[str, list[list[str]]]:
    """A first row that is one cell merged over all columns is the table's title."""
    whole = (sheet.start, (sheet.start[0], sheet.end[1])) if grid else None
    if len(grid) > 2 and len(grid[0]) > 1 and whole in (sheet.merged_cell_ranges or ()):
        return grid[0][0], grid[1:]
    return "", grid


def _shown(cell: object) -> str:
    """A cell as the workbook shows it without a format: 15 digits, TRUE, hours:minutes:seconds."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.15g}"
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(cell).removesuffix(" 00:00:00")


def _refuse_bombs(name: str, data: bytes) -> None:
    """An InputError where the archive's parts, or a sheet's cells, would need far more memory than the file has."""
    if not data.startswith(b"PK"):
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise InputError(f"{name}: a damaged workbook ({error}).") from None
    parts = archive.infolist()
    worst = max(
        (part.file_size / max(part.compress_size, 1) for part in parts if part.file_size > FREE_BYTES), default=0
    )
    total = sum(part.file_size for part in parts)
    if total > MAX_UNPACKED_BYTES or worst > MAX_RATIO:
        raise InputError(
            f"{name}: unpacks to {total >> 20:,} MiB from {len(data) >> 10:,} KiB, which looks like a zip bomb; "
            "save it as CSV if it is not."
        )
    for part in parts:
        if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
            with archive.open(part) as sheet:
                check_size(f"{name}, {part.filename}", *_extent(sheet))


def _extent(sheet: IO[bytes]) -> tuple[int, int]:
    """How many rows and columns lie between a worksheet's first and last cell: the reader makes room for them all."""
    rows: list[int] = []
    columns: list[int] = []
    tail = b""
    while block := sheet.read(2**20):
        found = _CELL.findall(tail + block)
        if found:
            numbers = [int(row) for _, row in found]
            rows += (min(numbers), max(numbers))
            letters = {_column_number(column) for column in {column for column, _ in found}}
            columns += (min(letters), max(letters))
        tail = block[-_LONGEST_TAG:]
    return (max(rows) - min(rows) + 1, max(columns) - min(columns) + 1) if rows else (0, 0)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
