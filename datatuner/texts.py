"""Texts that were said of records: JSON Lines with `id` and `text`, or plain lines (`.txt`) in the records' order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tabtext.errors import InputError
from tabtext.jsonl import Line, display_name, read_lines
from tabtext.metrics.references import read_texts


class Said(NamedTuple):
    """A text with the id of its record and all fields of its line; of a line that could not be read only why."""

    line: int
    id: str = ""
    text: str = ""
    fields: Mapping[str, Any] = {}
    fault: str = ""


def is_plain(path: str | Path) -> bool:
    """Whether a file has nothing but a text per line."""
    return ".txt" in Path(path).suffixes[-2:]


def plain_texts(path: str | Path, records: int) -> list[str]:
    """The lines of a file, empty ones too; an InputError where there is not one per record."""
    texts = read_texts(path)
    if len(texts) != records:
        raise InputError(
            f"{display_name(path)}: {len(texts):,} texts for {records:,} records; one line per record is needed, "
            "empty where nothing is said."
        )
    return texts


def texts_by_id(path: str | Path) -> Iterator[Said]:
    """The texts of a JSON Lines file; a line without `id` and `text`, or with an id that was there before, is a fault
    that names file and line."""
    lines: dict[str, int] = {}
    for line in read_lines(path):
        try:
            said = _said(line)
            if (first := lines.setdefault(said.id, line.number)) != line.number:
                place = f"{line.name}, line {line.number}"
                raise InputError(f"{place}: a second text for the id {said.id!r}; line {first} has one.")
            yield said
        except InputError as error:
            yield Said(line.number, fault=str(error))


def _said(line: Line) -> Said:
    fields = line.json()
    if "text" not in fields or "id" not in fields:
        raise InputError(f"{line.name}, line {line.number}: needs 'id' and 'text'; found the fields {sorted(fields)}.")
    return Said(line.number, str(fields["id"]), line.text_of(fields, "text"), fields)
