"""Read files of records: JSON Lines, JSON, TSV, CSV, RDF, WebNLG XML, meaning representations and AMR, by suffix.

A reader is a function from a path to the (record, texts) of the file, texts being the references that stand with a
record, if any, and in the place of a record that cannot be read the error that says why; what leaves all of the file in
doubt it raises. `READERS` names it, and a format is added by a line there.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from tabtext.errors import InputError, MissingExtraError, unknown_name
from tabtext.json_text import parse_json
from tabtext.jsonl import Line, display_name, read_lines, read_text
from tabtext.meaning import BrokenMeaningError
from tabtext.record import Record, Triple, record_and_texts

Read = tuple[Record, tuple[str, ...]]
Tried = Read | InputError
"""A record with its texts, or why it could not be read."""

Item = TypeVar("Item")
_TRIPLE_HEADER = ("subject", "predicate", "object")
_ONCE = frozenset({*_TRIPLE_HEADER, "id", "mr", "ref"})
"""Columns that say something of the whole row, which one alone can."""

Cells = list[tuple[str, str]]
"""The names and cells of a row, in order; a name may come twice."""


def read_records(path: str | Path, format: str = "auto", on_error: str = "stop") -> Iterator[Read]:
    """The records of a file with their reference texts; `auto` takes the format from the suffix.

    A record without an id gets its number in the file, from 1. An InputError names the file and the place of one that
    cannot be read; with `on_error="skip"` it is told on standard error, and the others are read.
    """
    for tried in try_records(path, format):
        if not isinstance(tried, InputError):
            yield tried
        elif on_error == "stop":
            raise tried
        else:
            print(f"skipped: {tried}", file=sys.stderr)


def try_records(path: str | Path, format: str = "auto") -> Iterator[Tried]:
    """`read_records` with the errors of those that cannot be read in their places."""
    format = format_of(path) if format == "auto" else format
    if format not in READERS:
        raise unknown_name("record format", format, READERS)
    for number, tried in enumerate(READERS[format](path), 1):
        if isinstance(tried, InputError):
            yield tried
        else:
            record, texts = tried
            yield replace(record, id=record.id or str(number)), texts


def format_of(path: str | Path) -> str:
    """The name in `READERS` that a file's suffix stands for; standard input is JSON Lines."""
    suffixes = Path(path).suffixes or [".jsonl"]
    suffix = suffixes[-2] if suffixes[-1] in (".gz", ".zst") and len(suffixes) > 1 else suffixes[-1]
    if str(path) == "-":
        return "jsonl"
    if suffix not in _SUFFIXES:
        raise InputError(f"{path}: no record format has the suffix {suffix!r}; known: {' '.join(_SUFFIXES)}.")
    return _SUFFIXES[suffix]


def _at(path: str | Path, place: str, error: InputError) -> InputError:
    if isinstance(error, MissingExtraError):
        return error
    if isinstance(error, BrokenMeaningError):
        return error.at(f"{display_name(path)}, {place}")
    return InputError(f"{display_name(path)}, {place}: {error}")


def _tried(read: Callable[[Item], Read], items: Iterable[Item]) -> Iterator[Tried]:
    """What is read of each item, or its error; a library that is not installed is no fault of an item."""
    for item in items:
        try:
            yield read(item)
        except MissingExtraError:
            raise
        except InputError as error:
            yield error


def _of_json(line: Line) -> Read:
    fields = line.json()
    try:
        return record_and_texts(fields)
    except InputError as error:
        raise _at(line.name, f"line {line.number}", error) from None


def _of_mr(line: Line) -> Read:
    text = line.utf8()
    try:
        return Record.from_mr(text), ()
    except InputError as error:
        raise _at(line.name, f"line {line.number}", error) from None


LINE_READERS: dict[str, Callable[[Line], Read]] = {"jsonl": _of_json, "mr": _of_mr}
"""The formats with a record per line, each with what reads a line: where one is bad, the others can still be read."""


def _read_by_line(read: Callable[[Line], Read]) -> Callable[[str | Path], Iterator[Tried]]:
    return lambda path: _tried(read, read_lines(path))


def _read_json(path: str | Path) -> Iterator[Tried]:
    value = parse_json(read_text(path), display_name(path))
    yield from _tried(partial(_of_item, path), enumerate(value if isinstance(value, list) else [value], 1))


def _of_item(path: str | Path, numbered: tuple[int, Any]) -> Read:
    number, item = numbered
    if not isinstance(item, Mapping | list):
        raise InputError(f"{display_name(path)}, item {number}: expected a record, found {type(item).__name__}.")
    try:
        return record_and_texts(item if isinstance(item, Mapping) else {"triples": item})
    except InputError as error:
        raise _at(path, f"item {number}", error) from None


def _read_separated(separator: str) -> Callable[[str | Path], Iterator[Tried]]:
    """A reader of separated values: columns `subject`, `predicate`, `object` (and `id`: the record), or one record
    per row of any other table, or columns named `mr` and `ref`. Behind a broken quotation mark no row is sure."""

    def read(path: str | Path) -> Iterator[Tried]:
        rows = csv.reader(io.StringIO(read_text(path), newline=""), delimiter=separator, strict=True)
        try:
            header = next(rows, [])
            _check_header(path, header)
            numbered = (Row(path, rows.line_num, header, row) for row in rows if any(row))
            if set(_TRIPLE_HEADER) <= set(header):
                yield from _tried(_of_run, _runs(numbered))
            else:
                yield from _tried(_of_row, numbered)
        except csv.Error as error:
            raise InputError(f"{display_name(path)}, line {rows.line_num}: {error}.") from None

    return read


def _check_header(path: str | Path, header: list[str]) -> None:
    """An InputError where there is no header, a column has no name or one too many, or columns of triples lack one."""
    if not header:
        raise InputError(f"{display_name(path)}: empty; it needs a header row.")
    for number, name in enumerate(header, 1):
        if not name.strip():
            raise InputError(f"{display_name(path)}: column {number} has no name; a fact needs a predicate.")
        if name in _ONCE and header.index(name) < number - 1:
            raise InputError(f"{display_name(path)}: there are two columns {name!r}, {header.index(name) + 1} and "
                             f"{number}; only one can be read.")  # fmt: skip
    lacking = [name for name in _TRIPLE_HEADER if name not in header]
    if len(lacking) == 1:
        there = " and ".join(repr(name) for name in _TRIPLE_HEADER if name in header)
        raise InputError(f"{display_name(path)}: it has the columns {there} but no column {lacking[0]!r}; triples need "
                         "all three.")  # fmt: skip


class Row(NamedTuple):
    """A row of a file, the number of its line, and the header."""

    path: str | Path
    line: int
    header: list[str]
    cells: list[str]

    def named(self) -> Cells:
        """The cells with their names; an InputError where there are more or fewer than names."""
        if len(self.cells) != len(self.header):
            found = f"{len(self.cells)} fields where the header has {len(self.header)}"
            raise InputError(f"{display_name(self.path)}, line {self.line}: {found}.")
        return list(zip(self.header, self.cells, strict=True))

    def fields(self) -> dict[str, str]:
        """The cells by name, the last of those that share one."""
        return dict(self.named())

    def whose(self) -> str:
        """The id of its record, which a broken row has only where that stands first."""
        return self.cells[0] if self.header[0] == "id" else self.fields().get("id", "")


def _runs(rows: Iterable[Row]) -> Iterator[tuple[str, list[Row]]]:
    """The rows of each record: a run with the same `id`; without that column the file is one record."""
    return ((identifier, list(run)) for identifier, run in groupby(rows, Row.whose))


def _of_run(run: tuple[str, list[Row]]) -> Read:
    identifier, rows = run
    return Record(tuple(map(_triple, rows)), id=identifier), ()


def _triple(row: Row) -> Triple:
    fields = row.fields()
    if not fields["predicate"].strip():
        raise InputError(f"{display_name(row.path)}, line {row.line}: the predicate is empty.")
    return Triple(*(fields[name] for name in _TRIPLE_HEADER))


def _of_row(row: Row) -> Read:
    """A row's `mr`, else its cells."""
    fields = row.fields()
    identifier = fields.get("id", "")
    try:
        if "mr" in fields:
            return Record.from_mr(fields["mr"], id=identifier), (fields["ref"],) if fields.get("ref") else ()
        record = Record.from_cells((name, cell) for name, cell in row.named() if name != "id")
        return replace(record, id=identifier).said(), ()
    except InputError as error:
        raise _at(row.path, f"line {row.line}", error) from None


def _read_rdf(format: str) -> Callable[[str | Path], Iterator[Tried]]:
    def read(path: str | Path) -> Iterator[Tried]:
        from tabtext.rdf import entities, parse_rdf

        text = read_text(path)
        try:
            found = list(entities(parse_rdf(text, format)))
        except InputError as error:
            raise InputError(f"{display_name(path)}: {error}") from None
        for subject, triples in found:
            yield Record(tuple(triples), id=subject), ()

    return read


def _read_amr(path: str | Path) -> Iterator[Tried]:
    from tabtext.amr import read_graphs

    return _tried(partial(_of_graph, path), enumerate(read_graphs(read_text(path)), 1))


def _of_graph(path: str | Path, numbered: tuple[int, tuple[dict[str, str], str]]) -> Read:
    number, (said, graph) = numbered
    try:
        return Record.from_amr(graph, id=said.get("id", "")), (said["snt"],) if said.get("snt") else ()
    except InputError as error:
        raise _at(path, f"graph {number}", error) from None


def _read_webnlg(path: str | Path) -> Iterator[Tried]:
    from tabtext.corpora.webnlg import read_file

    for example in read_file(path):
        yield example.record, example.texts


READERS: dict[str, Callable[[str | Path], Iterator[Tried]]] = {
    **{name: _read_by_line(read) for name, read in LINE_READERS.items()},
    "json": _read_json,
    "csv": _read_separated(","),
    "tsv": _read_separated("\t"),
    "turtle": _read_rdf("turtle"),
    "nt": _read_rdf("nt"),
    "json-ld": _read_rdf("json-ld"),
    "webnlg": _read_webnlg,
    "amr": _read_amr,
}
_SUFFIXES = {f".{name}": name for name in READERS} | {
    ".ttl": "turtle", ".jsonld": "json-ld", ".xml": "webnlg", ".txt": "mr", ".penman": "amr",
}  # fmt: skip
