"""Read files of records: JSON Lines, JSON, TSV, CSV, RDF, WebNLG XML, meaning representations and AMR, by suffix.

A reader is a function from a path to the (record, texts) of the file, texts being the references that stand with a
record, if any; `READERS` names it, and a format is added by a line there.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from tabtext.errors import InputError, unknown_name
from tabtext.jsonl import Line, display_name, read_lines, read_text
from tabtext.meaning import BrokenMeaningError
from tabtext.record import Record, Triple, record_and_texts

Read = tuple[Record, tuple[str, ...]]
_TRIPLE_HEADER = ("subject", "predicate", "object")
_ONCE = frozenset({*_TRIPLE_HEADER, "id", "mr", "ref"})
"""Columns that say something of the whole row, which one alone can."""

Cells = list[tuple[str, str]]
"""The names and cells of a row, in order; a name may come twice."""


def read_records(path: str | Path, format: str = "auto") -> Iterator[Read]:
    """The records of a file with their reference texts; `auto` takes the format from the suffix.

    A record without an id gets its number in the file, from 1. An InputError names the file and the place.
    """
    format = format_of(path) if format == "auto" else format
    if format not in READERS:
        raise unknown_name("record format", format, READERS)
    for number, (record, texts) in enumerate(READERS[format](path), 1):
        yield replace(record, id=record.id or str(number)), texts


def format_of(path: str | Path) -> str:
    """The name in `READERS` that a file's suffix stands for; standard input is JSON Lines."""
    suffixes = Path(path).suffixes or [".jsonl"]
    suffix = suffixes[-2] if suffixes[-1] in (".gz", ".zst") and len(suffixes) > 1 else suffixes[-1]
    if str(path) == "-":
        return "jsonl"
    if suffix not in _SUFFIXES:
        raise InputError(f"{path}: no record format has the suffix {suffix!r}; name one of {', '.join(READERS)}.")
    return _SUFFIXES[suffix]


def _at(path: str | Path, place: str, error: InputError) -> InputError:
    if isinstance(error, BrokenMeaningError):
        return error.at(f"{display_name(path)}, {place}")
    return InputError(f"{display_name(path)}, {place}: {error}")


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


def _read_by_line(read: Callable[[Line], Read]) -> Callable[[str | Path], Iterator[Read]]:
    return lambda path: map(read, read_lines(path))


def _read_json(path: str | Path) -> Iterator[Read]:
    import json

    try:
        value = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InputError(f"{display_name(path)}, {place}: not valid JSON ({error.msg}).") from None
    except RecursionError:
        raise InputError(f"{display_name(path)}: JSON nested too deeply.") from None
    for number, item in enumerate(value if isinstance(value, list) else [value], 1):
        if not isinstance(item, Mapping | list):
            raise InputError(f"{display_name(path)}, item {number}: expected a record, found {type(item).__name__}.")
        try:
            yield record_and_texts(item if isinstance(item, Mapping) else {"triples": item})
        except InputError as error:
            raise _at(path, f"item {number}", error) from None


def _read_separated(separator: str) -> Callable[[str | Path], Iterator[Read]]:
    """A reader of separated values: columns `subject`, `predicate`, `object` (and `id`: the record), or one record
    per row of any other table, or columns named `mr` and `ref`."""

    def read(path: str | Path) -> Iterator[Read]:
        rows = csv.reader(io.StringIO(read_text(path), newline=""), delimiter=separator, strict=True)
        try:
            header = next(rows, [])
            _check_header(path, header)
            numbered = ((rows.line_num, _cells(path, header, row, rows.line_num)) for row in rows if any(row))
            yield from (_grouped_triples if set(_TRIPLE_HEADER) <= set(header) else _rows)(path, numbered)
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


def _cells(path: str | Path, header: list[str], row: list[str], line: int) -> Cells:
    if len(row) != len(header):
        raise InputError(f"{display_name(path)}, line {line}: {len(row)} fields where the header has {len(header)}.")
    return list(zip(header, row, strict=True))


def _grouped_triples(path: str | Path, rows: Iterator[tuple[int, Cells]]) -> Iterator[Read]:
    """One record per run of rows with the same `id`; without that column the file is one record."""
    current, triples = "", list[Triple]()
    for line, cells in rows:
        row = dict(cells)
        if triples and row.get("id", "") != current:
            yield Record(tuple(triples), id=current), ()
            triples = []
        current = row.get("id", "")
        if not row["predicate"].strip():
            raise InputError(f"{display_name(path)}, line {line}: the predicate is empty.")
        triples.append(Triple(*(row[name] for name in _TRIPLE_HEADER)))
    if triples:
        yield Record(tuple(triples), id=current), ()


def _rows(path: str | Path, rows: Iterator[tuple[int, Cells]]) -> Iterator[Read]:
    """One record per row: of its `mr`, else of its cells, those of a name that comes twice too."""
    for line, cells in rows:
        row = dict(cells)
        try:
            if "mr" in row:
                yield Record.from_mr(row["mr"], id=row.get("id", "")), (row["ref"],) if row.get("ref") else ()
            else:
                record = Record.from_cells((name, cell) for name, cell in cells if name != "id")
                yield replace(record, id=row.get("id", "")).said(), ()
        except InputError as error:
            raise _at(path, f"line {line}", error) from None


def _read_rdf(format: str) -> Callable[[str | Path], Iterator[Read]]:
    def read(path: str | Path) -> Iterator[Read]:
        from tabtext.rdf import entities, parse_rdf

        try:
            found = list(entities(parse_rdf(read_text(path), format)))
        except InputError as error:
            raise InputError(f"{display_name(path)}: {error}") from None
        for subject, triples in found:
            yield Record(tuple(triples), id=subject), ()

    return read


def _read_amr(path: str | Path) -> Iterator[Read]:
    from tabtext.amr import read_graphs

    for number, (said, graph) in enumerate(read_graphs(read_text(path)), 1):
        try:
            yield Record.from_amr(graph, id=said.get("id", "")), (said["snt"],) if said.get("snt") else ()
        except InputError as error:
            raise _at(path, f"graph {number}", error) from None


def _read_webnlg(path: str | Path) -> Iterator[Read]:
    from tabtext.corpora.webnlg import read_file

    for example in read_file(path):
        yield example.record, example.texts


READERS: dict[str, Callable[[str | Path], Iterator[Read]]] = {
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
