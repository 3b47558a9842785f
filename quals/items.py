"""What is to be judged: a text and its source, from the command line, from files, or from JSON Lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quals.sources import Source
from tabtext.errors import InputError
from tabtext.jsonl import Line, read_text
from tabtext.readers.files import suffix_of
from tabtext.record import FORMS, Record
from tabtext.table import Table

DOCUMENT, TABLE, RECORD = "source", "table", "record"
_DOCUMENT_SUFFIXES = (".txt", "")
_RECORD_SUFFIXES = (".mr", ".ttl", ".nt", ".jsonld", ".xml", ".amr", ".penman", ".json", ".jsonl")


@dataclass(frozen=True)
class Item:
    """A text and the source that should support it; `fields` are all of its line's, which travel to the output."""

    source: Source
    text: str
    fields: Mapping[str, Any] = field(default_factory=dict)


def read_item(line: Line) -> Item:
    """The item of a line; an InputError, with file and line, says what it lacks."""
    fields = line.json()
    text = fields.get("text")
    try:
        if not isinstance(text, str):
            raise InputError(f"needs 'text', a text; found the fields {sorted(fields)}.")
        return Item(source_of(fields), text, fields)
    except InputError as error:
        raise InputError(f"{line.name}, line {line.number}: {error}") from None


def named_text(given: str, option: str) -> str:
    """A text that is given as itself, or as the name of a file that holds it."""
    return read_text(Path(given)).strip() if _is_file(given, option) else given


def named_source(given: str) -> Source:
    """A source given as itself, or as a file: a document (.txt), one record (.mr, .json, .ttl, …), or one table."""
    if not _is_file(given, "--source"):
        return given
    path = Path(given)
    suffix = suffix_of(path)
    if suffix in _DOCUMENT_SUFFIXES:
        return read_text(path).strip()
    if suffix in _RECORD_SUFFIXES:
        from tabtext.record_files import read_records

        return _one([record for record, _ in read_records(path)], path, "records")
    from tabtext.readers import read_tables

    return _one(list(read_tables(path)), path, "tables")


def source_of(fields: Mapping[str, Any]) -> Source:
    """The document, table or record of a line's fields; a document must not be empty."""
    document = fields.get(DOCUMENT)
    if isinstance(document, str):
        if not document.strip():
            raise InputError("its 'source' is empty; there is nothing that could support the text.")
        return document
    inner = document if isinstance(document, Mapping) else fields
    if isinstance(inner.get(TABLE), Mapping):
        return Table.from_json(inner[TABLE])
    if isinstance(inner.get(RECORD), Mapping):
        return Record.from_json(inner[RECORD])
    if any(form in inner for form in FORMS):
        return Record.from_json({name: inner[name] for name in (*FORMS, "act") if name in inner})
    raise InputError(f"needs 'source', 'table', 'record' or one of {', '.join(FORMS)}; found {sorted(fields)}.")


def _is_file(given: str, option: str) -> bool:
    """Whether a file of this name exists; a single word that names none is more likely a slip than a text."""
    try:
        if Path(given).is_file():
            return True
    except OSError:  # too long for a file's name
        return False
    if given.strip() and len(given.split()) == 1:
        raise InputError(f"{option} {given!r}: no such file; a text of one word can be judged from JSON Lines.")
    return False


def _one(found: list[Any], path: Path, noun: str) -> Any:
    if len(found) != 1:
        raise InputError(f"{path}: holds {len(found)} {noun}, and a text is about one; put several in JSON Lines.")
    return found[0]
