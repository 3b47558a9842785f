"""The tables of an HTML file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tabtext.errors import InputError
from tabtext.jsonl import display_name
from tabtext.readers.decoding import decode
from tabtext.readers.grid import Reading
from tabtext.readers.limits import check_size, read_bytes
from tabtext.table import Table


def read_html(path: str | Path, reading: Reading) -> Iterator[Table]:
    """The tables of a page that have rows, in the order of their first tag."""
    from tabtext.html import html_tables

    name = display_name(path)
    data = read_bytes(path)
    found = 0
    for table in html_tables(decode(data, name, reading.encoding) if reading.encoding else data):
        if table.rows:
            check_size(name, len(table), table.width)
            found += 1
            yield _with_header_rows(table, reading.header_rows)
    if not found:
        raise InputError(f"{name}: no table with a header and rows in this page.")


def _with_header_rows(table: Table, header_rows: int | None) -> Table:
    """The table with as many header rows as a person said: the page's own header row counts as one."""
    if header_rows in (None, 1):
        return table
    rows = [table.header, *table.rows]
    again = Table.from_rows(rows, header_rows=header_rows)
    return replace(table, header=again.header, rows=again.rows)
