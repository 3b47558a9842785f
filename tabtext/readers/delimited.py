"""CSV, TSV and their kin: delimiter, encoding and the way quotes are escaped are found out."""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from tabtext.errors import InputError
from tabtext.jsonl import display_name
from tabtext.readers.decoding import decode
from tabtext.readers.grid import Reading, grid_table
from tabtext.readers.limits import MAX_CELL_CHARACTERS, read_bytes
from tabtext.table import Table

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 200
_SAMPLE_CHARACTERS = 2**18
_BACKSLASH_QUOTE = re.compile(r'\\"[^,;\t|\r\n"]')
"""A quote behind a backslash that ends no cell: the file escapes quotes so instead of doubling them."""
_END = "end of file"


def read_csv(path: str | Path, reading: Reading, usual: str = ",") -> Iterator[Table]:
    """The one table of a CSV file, whose delimiter is most likely `usual`."""
    name = display_name(path)
    text = decode(read_bytes(path), name, reading.encoding)
    delimiter = reading.delimiter or find_delimiter(text, usual)
    rows, lines = _parse_either_way(text, delimiter, name)
    yield grid_table(name, rows, reading, lines=lines)


def read_tsv(path: str | Path, reading: Reading) -> Iterator[Table]:
    """The one table of a TSV file."""
    return read_csv(path, reading, usual="\t")


def parse_delimited(
    text: str, delimiter: str, name: str, *, backslash: bool = False
) -> tuple[list[list[str]], array[int]]:
    """The rows that are not blank, and the line each begins on; `backslash` escapes quotes, else they are doubled.

    Raises InputError for a quote that is never closed and a cell beyond MAX_CELL_CHARACTERS.
    """
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    # A quote still open swallows the line that we add behind the last one.
    lines = io.StringIO(text + f"\n{_END}", newline="")
    reader = csv.reader(lines, delimiter=delimiter, escapechar="\\" if backslash else None, doublequote=not backslash)
    rows: list[list[str]] = []
    starts = array("L")
    start = 1
    try:
        for row in reader:
            if row:
                rows.append(row)
                starts.append(start)
            start = reader.line_num + 1
    except csv.Error:
        raise InputError(f"{name}, line {start}: a cell longer than {MAX_CELL_CHARACTERS:,} characters.") from None
    if rows.pop() != [_END]:
        raise InputError(f"{name}, line {starts[-1]}: a quote is opened and never closed.")
    starts.pop()
    return rows, starts


def _parse_either_way(text: str, delimiter: str, name: str) -> tuple[list[list[str]], array[int]]:
    """The rows under the way of escaping quotes that the text shows, or else the one that makes fewer rows ragged."""
    if '\\"' not in text:
        return parse_delimited(text, delimiter, name)
    try:
        escaped = parse_delimited(text, delimiter, name, backslash=True)
    except InputError:
        return parse_delimited(text, delimiter, name)
    if _BACKSLASH_QUOTE.search(text):
        return escaped
    try:
        doubled = parse_delimited(text, delimiter, name)
    except InputError:
        return escaped
    return min((doubled, escaped), key=lambda parsed: _count_ragged(parsed[0]))


def _count_ragged(rows: list[list[str]]) -> int:
    return sum(len(row) != len(rows[0]) for row in rows)


def find_delimiter(text: str, usual: str) -> str:
    """The delimiter that cuts the first rows into equally many cells, more than one; else the usual one."""
    best, best_rank = usual, (False, 0.0, 0)
    for delimiter in (usual, *(other for other in DELIMITERS if other != usual)):
        widths = _sample_widths(text, delimiter)
        width, count = Counter(widths).most_common(1)[0] if widths else (1, 0)
        if width < 2 or widths[0] < 2:
            continue
        if delimiter == usual and count == len(widths):
            return usual
        rank = (count >= 0.8 * len(widths), count / len(widths), width)
        if rank > best_rank:
            best, best_rank = delimiter, rank
    return best


def _sample_widths(text: str, delimiter: str) -> list[int]:
    """How many cells the first rows have; the last is left out where the sample may have cut it."""
    sample = text[:_SAMPLE_CHARACTERS]
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    try:
        rows = islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), _SAMPLE_ROWS)
        widths = [len(row) for row in rows if row]
    except csv.Error:
        return []
    return widths[:-1] if len(text) > len(sample) and len(widths) > 1 else widths
