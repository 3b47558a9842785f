"""Parquet files."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from tabtext.errors import InputError, MissingExtraError
from tabtext.jsonl import display_name
from tabtext.readers.grid import Reading, grid_table
from tabtext.readers.limits import MAX_BYTES, check_size, read_bytes
from tabtext.table import Table


def read_parquet(path: str | Path, reading: Reading) -> Iterator[Table]:
    """The one table of a Parquet file; its size is checked in the footer before anything is unpacked."""
    try:
        import pyarrow
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise MissingExtraError("Reading Parquet files", "pyarrow", "tables") from None
    name = display_name(path)
    try:
        file = ParquetFile(io.BytesIO(read_bytes(path)))
        footer = file.metadata
        check_size(name, footer.num_rows, footer.num_columns)
        unpacked = sum(footer.row_group(group).total_byte_size for group in range(footer.num_row_groups))
        if unpacked > MAX_BYTES:
            raise InputError(f"{name}: unpacks to {unpacked >> 20:,} MiB; split the file.")
        content = file.read()
    except (pyarrow.ArrowException, OSError) as error:
        raise InputError(f"{name}: not a Parquet file that can be read ({error}).") from None
    header = tuple(content.column_names)
    body = zip(*(column.to_pylist() for column in content.columns), strict=True)
    yield grid_table(name, [header, *body], Reading(header_rows=1))
