"""Tables as text for a terminal, and as files: JSON, JSON Lines, CSV, TSV, Markdown, HTML."""

from __future__ import annotations

import html
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from tabtext.errors import InputError, unknown_name
from tabtext.jsonl import dumps
from tabtext.readers.markdown import with_marks_escaped
from tabtext.table import Table

ROWS_SHOWN = 40
"""How many rows of a table a terminal gets."""
WIDEST_COLUMN = 40
"""Columns of a terminal that one column of a table takes at most."""

_GAP = "  "
_ESCAPE_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_NEEDS_QUOTES = re.compile(r'[,;\t|"\r\n]|^\s|\s$|^$')


def as_text(table: Table, width: int, kinds: bool = False) -> Iterator[str]:
    """Aligned lines of at most `width` terminal columns, the last ones saying what was left out.

    `kinds` puts the kind and unit of each column under its name.
    """
    shown = [list(map(plain, row)) for row in islice(table.rows, ROWS_SHOWN)]
    head = [list(map(plain, table.header))]
    if kinds:
        head.append([f"{column.kind.value} {plain(column.unit)}".strip() for column in table.columns])
    widths = [
        min(WIDEST_COLUMN, max(map(display_width, column), default=0)) for column in zip(*head, *shown, strict=True)
    ]
    fit = _columns_that_fit(widths, width)
    title = " · ".join(filter(None, (plain(table.title), plain(table.section)))) or plain(table.id)
    yield fitted(title, width).rstrip()
    for row in (*head, ["─" * size for size in widths], *shown):
        yield _GAP.join(map(fitted, row[:fit], widths)).rstrip()
    yield from _left_out(table, fit, max(widths, default=0) == WIDEST_COLUMN)


def as_csv(table: Table, delimiter: str = ",") -> Iterator[str]:
    """Lines that `read_tables` reads back to the same cells; NUL characters, which CSV cannot hold, are left out."""
    for row in (table.header, *table.rows):
        yield delimiter.join(map(_quoted, row))


def as_markdown(table: Table) -> Iterator[str]:
    """A pipe table; line breaks inside cells become spaces."""
    if table.section:
        yield f"## {with_marks_escaped(plain(table.section))}\n"
    for index, row in enumerate((table.header, *table.rows)):
        yield "| " + " | ".join(with_marks_escaped(plain(cell)).replace("|", "\\|") for cell in row) + " |"
        if not index:
            yield "|" + " --- |" * table.width


def as_html(table: Table) -> Iterator[str]:
    """A `<table>` element, its cells escaped."""
    yield "<table>"
    title = " · ".join(filter(None, (table.title, table.section)))
    if title:
        yield f"<caption>{html.escape(title)}</caption>"
    yield "<thead>" + _html_row(table.header, "th") + "</thead>"
    yield "<tbody>"
    yield from (_html_row(row, "td") for row in table.rows)
    yield "</tbody>"
    yield "</table>"


def convert(tables: Iterable[Table], format: str, *, kinds: bool = False) -> Iterator[str]:
    """The lines of a file that holds these tables, or with `format="text"` of what a terminal shows of them."""
    if format == "text":
        return _text(tables, shutil.get_terminal_size((120, 24)).columns, kinds)
    if format not in CONVERTERS:
        raise unknown_name("table format", format, ["text", *CONVERTERS])
    return CONVERTERS[format](tables)


def plain(text: str) -> str:
    """The text on one line, without escape sequences and control characters, so that a terminal shows what it says."""
    if text.isascii() and text.isprintable():
        return text
    text = " ".join(_ESCAPE_SEQUENCE.sub("", text).split())
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs") and c not in _BIDI_CONTROLS)


def display_width(text: str) -> int:
    """How many columns of a terminal the text takes: two for wide letters and emoji, none for combining marks."""
    return len(text) if text.isascii() else sum(map(_width, text))


def fitted(text: str, width: int) -> str:
    """The text in exactly `width` columns: filled with spaces, or cut and ended with an ellipsis."""
    size = display_width(text)
    if size <= width:
        return text + " " * (width - size)
    kept, room = [], width - 1
    for character in text:
        room -= _width(character)
        if room < 0:
            break
        kept.append(character)
    cut = "".join(kept) + "…"
    return cut + " " * (width - display_width(cut))


_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of what follows: one in a cell would reorder the cells behind it."""


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _columns_that_fit(widths: list[int], width: int) -> int:
    """How many of the first columns a terminal has room for: at least one."""
    used = -len(_GAP)
    for count, size in enumerate(widths):
        used += len(_GAP) + size
        if used > width and count:
            return count
    return len(widths)


def _left_out(table: Table, columns: int, cut: bool) -> Iterator[str]:
    """What of the table is not shown, in one line, if anything."""
    parts = [f"cells are cut to {WIDEST_COLUMN} characters"] if cut else []
    if columns < table.width:
        names = ", ".join(plain(name) or "(no name)" for name in table.header[columns : columns + 5])
        more = table.width - columns
        parts.append(f"{more:,} more column{'s' * (more > 1)} ({names}{', …' if more > 5 else ''})")
    if len(table) > ROWS_SHOWN:
        parts.append(f"{len(table) - ROWS_SHOWN:,} more rows")
    if parts:
        yield f"… of {len(table):,} rows and {table.width:,} columns: {'; '.join(parts)}"


def _quoted(cell: str) -> str:
    cell = cell.replace("\0", "")
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell


def _html_row(row: Iterable[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in row) + "</tr>"


def _one_table(tables: Iterable[Table], delimiter: str) -> Iterator[str]:
    found = list(islice(tables, 2))
    if len(found) > 1:
        raise InputError("The file holds several tables and CSV holds one; choose one with --table, or use jsonl.")
    for table in found:
        yield from as_csv(table, delimiter)


def _text(tables: Iterable[Table], width: int, kinds: bool) -> Iterator[str]:
    for index, table in enumerate(tables):
        yield from ("",) * bool(index)
        yield from as_text(table, width, kinds)


def _json_list(tables: Iterable[Table]) -> Iterator[str]:
    for index, table in enumerate(tables):
        yield ("," if index else "[") + dumps(table)
    yield "]"


def _html_page(tables: Iterable[Table]) -> Iterator[str]:
    yield '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>Tables</title></head><body>'
    for table in tables:
        yield from as_html(table)
    yield "</body></html>"


def _markdown_file(tables: Iterable[Table]) -> Iterator[str]:
    for index, table in enumerate(tables):
        yield from ("",) * bool(index)
        yield from as_markdown(table)


CONVERTERS: Mapping[str, Callable[[Iterable[Table]], Iterator[str]]] = {
    "json": _json_list,
    "jsonl": lambda tables: map(dumps, tables),
    "csv": lambda tables: _one_table(tables, ","),
    "tsv": lambda tables: _one_table(tables, "\t"),
    "markdown": _markdown_file,
    "html": _html_page,
}
"""Every format that tables are written in, as lines without their ends."""
