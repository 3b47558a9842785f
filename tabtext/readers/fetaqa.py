"""The table in a line of FeTaQA (Nan et al., 2022), with the header rows and highlighted cells as we count them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tabtext.errors import InputError
from tabtext.table import Cell, Table, cell_text


def fetaqa_table(fields: Mapping[str, Any], header_rows: int | None = None) -> Table:
    """The table of a FeTaQA line. Its row 0 is the header, and more rows are where they carry sub-names (None: found
    out); highlighted cells are counted anew from the first body row, those in the header are left out. A dash, by
    which FeTaQA marks an empty cell, is no name."""
    array = fields.get("table_array")
    if not isinstance(array, list) or not array or not all(isinstance(row, list) for row in array):
        raise InputError("'table_array' must be a list of rows of cells.")
    table = Table.from_rows(
        [_names(array), *array[1:]],
        header_rows=header_rows,
        title=cell_text(fields.get("table_page_title")),
        section=cell_text(fields.get("table_section_title")),
        id=cell_text(fields.get("feta_id")),
    )
    depth = len(array) - len(table)
    marked = fields.get("highlighted_cell_ids") or ()
    try:
        cells = [Cell(int(row) - depth, int(column)) for row, column in marked]
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"'highlighted_cell_ids' is [[row, column], …]; found {marked!r:.60}.") from None
    highlighted = tuple(cell for cell in cells if 0 <= cell.row < len(table))
    table.refuse_outside("highlighted_cell_ids", highlighted)
    return replace(table, highlighted=highlighted)


def _names(array: list[list[str]]) -> list[str]:
    """The first row of a FeTaQA table, its empty cells empty.

    Where narrow spacer columns part groups of columns, FeTaQA's merged names lack the spacers and stand that many
    columns too far left, with empty cells filling the end; they go back to their places.
    """
    names = ["" if cell == "-" else cell for cell in array[0]]
    spacers = [column for column in range(len(names)) if all(row[column : column + 1] == ["-"] for row in array[1:])]
    missing = len(spacers)
    if missing and not any(names[-missing:]) and len(array) > 1:
        del names[-missing:]
        for column in spacers:
            names.insert(column, "")
    return names
