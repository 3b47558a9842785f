"""JSON and JSON Lines: our own tables, records, rows, columns, and the lines of FeTaQA.

A JSON object is a table of ours (`header` and `rows`), a FeTaQA line (`table_array`), or columns (`{"name": [cells]}`);
a list holds tables, records or rows. Each line of a JSON Lines file is a table, or all are records of one table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

from tabtext.errors import InputError
from tabtext.json_text import parse_json
from tabtext.jsonl import Line, display_name, read_lines
from tabtext.readers.decoding import decode
from tabtext.readers.fetaqa import fetaqa_table
from tabtext.readers.grid import Reading, grid_table
from tabtext.readers.limits import read_bytes
from tabtext.table import Table


def read_json(path: str | Path, reading: Reading) -> Iterator[Table]:
    """The tables of a JSON file."""
    name = display_name(path)
    yield from _tables(name, parse_json(decode(read_bytes(path), name, reading.encoding), name), reading)


def read_jsonl_tables(path: str | Path, reading: Reading) -> Iterator[Table]:
    """The tables of a JSON Lines file: one per line, or one whose records are the lines."""
    name = display_name(path)
    lines = read_lines(path)
    first = next(lines, None)
    if first is None:
        raise InputError(f"{name}: the file is empty.")
    if is_table(first.json()):
        yield line_table(first, reading)
        yield from (line_table(line, reading) for line in lines)
    else:
        yield grid_table(
            name, _rows_of_records([first.json(), *(line.json() for line in lines)]), Reading(header_rows=1)
        )


def is_table(fields: Mapping[str, Any]) -> bool:
    """Whether a JSON object stands for a table by itself, or holds one in its field `table`."""
    return ("header" in fields and "rows" in fields) or "table_array" in fields or isinstance(fields.get("table"), dict)


def line_table(line: Line, reading: Reading) -> Table:
    """The table on a line; without an id of its own it gets the file's stem and the line's number."""
    fields = line.json()
    try:
        if not is_table(fields):
            raise InputError(f"expected a table with 'header' and 'rows'; found the fields {sorted(fields)}.")
        table = _table(fields, reading)
    except InputError as error:
        raise InputError(f"{line.name}, line {line.number}: {error}") from None
    return table if table.id else replace(table, id=f"{PurePath(line.name).name.partition('.')[0]}-{line.number}")


def _tables(name: str, content: object, reading: Reading) -> Iterator[Table]:
    if isinstance(content, dict) and is_table(content):
        yield _table(content, reading)
    elif isinstance(content, dict) and content and all(isinstance(cells, list) for cells in content.values()):
        yield grid_table(name, _rows_of_columns(name, content), Reading(header_rows=1))
    elif not isinstance(content, list) or not content:
        raise InputError(f"{name}: expected records, rows, columns or tables; found {_described(content)}.")
    elif all(isinstance(item, dict) and is_table(item) for item in content):
        for item in content:
            yield _table(item, reading)
    elif all(isinstance(item, dict) for item in content):
        yield grid_table(name, _rows_of_records(content), Reading(header_rows=1))
    elif all(isinstance(item, list) for item in content):
        yield grid_table(name, content, reading)
    else:
        raise InputError(f"{name}: the list's items must all be objects or all be lists of cells.")


def _table(fields: Mapping[str, Any], reading: Reading) -> Table:
    if "table_array" in fields:
        return fetaqa_table(fields, reading.header_rows)
    return Table.from_json(fields["table"] if isinstance(fields.get("table"), dict) else fields)


def _rows_of_records(records: Iterable[Mapping[str, Any]]) -> list[Sequence[object]]:
    """A header of all the records' fields in order of appearance, and a row for each record."""
    records = list(records)
    header = list(dict.fromkeys(name for record in records for name in record))
    return [header, *([record.get(name) for name in header] for record in records)]


def _rows_of_columns(name: str, columns: Mapping[str, list[object]]) -> list[Sequence[object]]:
    lengths = {header: len(cells) for header, cells in columns.items()}
    if len(set(lengths.values())) > 1:
        raise InputError(f"{name}: the columns have different numbers of cells: {lengths!r:.200}.")
    return [list(columns), *zip(*columns.values(), strict=True)]


def _described(content: object) -> str:
    if isinstance(content, dict):
        return f"an object with the fields {sorted(content)!r:.200}"
    return "an empty list" if content == [] else f"a {type(content).__name__}"
