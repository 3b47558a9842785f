"""How large a table, a cell or a file may be before reading it is refused, and the bytes of a file within that."""

from __future__ import annotations

from pathlib import Path

from tabtext.errors import InputError
from tabtext.jsonl import display_name, open_input

MAX_COLUMNS = 10_000
"""A wider table is a matrix or an accident (a wrong delimiter, a colspan bomb)."""
MAX_CELLS = 50_000_000
"""About 5 GB in memory."""
MAX_CELL_CHARACTERS = 16 * 2**20
MAX_BYTES = 2 * 2**30
"""The most a file may hold, counted after decompression."""


def read_bytes(path: str | Path) -> bytes:
    """The bytes of a file, decompressed by suffix; an InputError where it is empty or larger than MAX_BYTES."""
    with open_input(path) as file:
        data = file.read(MAX_BYTES + 1)
    if not data.strip():
        raise InputError(f"{display_name(path)}: the file is empty.")
    if len(data) > MAX_BYTES:
        raise InputError(f"{display_name(path)}: larger than {MAX_BYTES >> 30} GiB; split the file.")
    return data


def check_size(name: str, rows: int, columns: int) -> None:
    """An InputError where a table of this many rows and columns is too large to read."""
    if columns > MAX_COLUMNS:
        raise InputError(f"{name}: {columns:,} columns where at most {MAX_COLUMNS:,} are read; keep those you need.")
    if rows * columns > MAX_CELLS:
        raise InputError(
            f"{name}: {rows:,} rows of {columns:,} columns where at most {MAX_CELLS:,} cells are read; split the table."
        )
