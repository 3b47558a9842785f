"""CSV with a header, read so that nothing of it is lost or made up: every row has a cell for every column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from tabtext.errors import InputError
from tabtext.jsonl import display_name, read_text


def csv_rows(path: str | Path, needed: Sequence[str]) -> Iterator[dict[str, str]]:
    """The rows of a CSV file by column; an InputError where it is not UTF-8, lacks a needed column, has a quotation
    mark too few, or a row has not as many cells as the header."""
    name = display_name(path)
    rows = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    try:
        header = next(rows, [])
        if not set(needed) <= set(header):
            raise InputError(f"{name}: needs the columns {', '.join(needed)}; found {', '.join(header) or 'none'}.")
        for row in filter(None, rows):
            if len(row) != len(header):
                place = f"{name}, line {rows.line_num}"
                raise InputError(f"{place}: {len(row)} cells where the header has {len(header)}.")
            yield dict(zip(header, row, strict=True))
    except csv.Error as error:
        raise InputError(f"{name}, line {rows.line_num}: not valid CSV ({error}).") from None
