"""Reads predictions and references from text, JSON Lines, TSV or CSV files and brings them together.

References that share an id or a record are one group. Predictions with ids are matched by id, others by position, and
then the counts must agree: a mismatch names both files and says how many each holds.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tabtext.errors import InputError
from tabtext.jsonl import display_name, dumps, open_input, read_lines, refuse_binary
from tabtext.metrics.base import Items

ID_FIELDS = ("id", "feta_id", "example_id", "eid")
RECORD_FIELDS = ("record", "mr", "source", "triples")
PREDICTION_FIELDS = ("prediction", "text", "answer", "output", "hypothesis")
REFERENCE_FIELDS = ("references", "reference", "refs", "ref", "texts", "answer", "target", "text")


class Entry(NamedTuple):
    """What one line or row holds: a key where it has one, its texts, and all its fields."""

    key: str | None
    texts: tuple[str, ...]
    fields: Mapping[str, Any]


class Fields(NamedTuple):
    """The field names to read, where a person gave them; None means the first known name that is there."""

    prediction: str | None = None
    reference: str | None = None
    group_by: str | None = None


ANY_FIELD = Fields()


def read_predictions(path: str | Path, fields: Fields = ANY_FIELD) -> list[Entry]:
    """The predictions of a file, one each; an empty line is an empty prediction."""
    entries = list(_read(path, fields.prediction, PREDICTION_FIELDS, _key_field(fields)))
    if not entries:
        raise InputError(f"{display_name(path)}: no predictions; the file is empty.")
    for number, entry in enumerate(entries, 1):
        if len(entry.texts) != 1:
            raise InputError(f"{display_name(path)}: prediction {number} has {len(entry.texts)} texts; one is wanted.")
    return entries


def read_references(paths: Sequence[str | Path], fields: Fields = ANY_FIELD) -> list[Entry]:
    """The groups of references of one or more files, in the order in which they first appear.

    In each file, entries with the same key are one group. The groups of several files are joined, by key where all
    have keys, else by position; an empty line in one of several text files is a reference that is not there.
    """
    if not paths:
        raise InputError("No references were given.")
    by_file = [_grouped(path, fields) for path in paths]
    for path, groups in zip(paths, by_file, strict=True):
        if len(groups) != len(by_file[0]):
            raise InputError(
                f"{display_name(paths[0])} has {len(by_file[0]):,} references and {display_name(path)} "
                f"{len(groups):,}; files of references must have the same items."
            )
    if len(paths) == 1:
        return by_file[0]
    return [_joined(groups, paths) for groups in _in_step(by_file, paths)]


def match(given: list[Entry], wanted: list[Entry], ours: str, theirs: str) -> Items:
    """Predictions and groups of references as items, in the order of the references; the names go into errors."""
    matched = _matched(given, wanted, ours, theirs)
    return Items(
        tuple(prediction.texts[0] for prediction, _ in matched),
        tuple(group.texts for _, group in matched),
        tuple(group.key or str(number) for number, (_, group) in enumerate(matched, 1)),
        tuple({**_own(prediction.fields), **group.fields} for prediction, group in matched),
    )


def _own(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A prediction's fields; the cells that it rests on must not pass for the data set's."""
    return {"predicted_evidence" if name == "evidence" else name: value for name, value in fields.items()}


def _grouped(path: str | Path, fields: Fields) -> list[Entry]:
    groups: dict[str, Entry] = {}
    loose: list[Entry] = []
    for entry in _read(path, fields.reference, REFERENCE_FIELDS, _key_field(fields)):
        if entry.key is None:
            loose.append(entry)
        elif entry.key in groups:
            before = groups[entry.key]
            groups[entry.key] = Entry(entry.key, before.texts + entry.texts, before.fields)
        else:
            groups[entry.key] = entry
    if loose and groups:
        raise InputError(
            f"{display_name(path)}: some entries have a key to group them by and {len(loose):,} have none."
        )
    if not loose and not groups:
        raise InputError(f"{display_name(path)}: no references; the file is empty.")
    return loose or list(groups.values())


def _in_step(files: list[list[Entry]], paths: Sequence[str | Path]) -> Iterator[tuple[Entry, ...]]:
    if any(groups[0].key is None for groups in files):
        yield from zip(*files, strict=True)
        return
    by_key = [{group.key: group for group in groups} for groups in files]
    for first in files[0]:
        for path, groups in zip(paths, by_key, strict=True):
            if first.key not in groups:
                raise InputError(f"{display_name(path)} has no references for {first.key}, which {paths[0]} has.")
        yield tuple(groups[first.key] for groups in by_key)


def _joined(groups: tuple[Entry, ...], paths: Sequence[str | Path]) -> Entry:
    texts = tuple(text for group in groups for text in group.texts if text.strip())
    fields = {name: value for group in reversed(groups) for name, value in group.fields.items()}
    return Entry(groups[0].key, texts, fields)


def _matched(given: list[Entry], wanted: list[Entry], ours: str, theirs: str) -> list[tuple[Entry, Entry]]:
    """Each group with its prediction, in the order of the references."""
    keyed = given[0].key is not None and wanted[0].key is not None
    if not keyed or not {entry.key for entry in given} & {entry.key for entry in wanted}:
        if keyed:
            raise InputError(f"No id of {ours} (such as {given[0].key}) is in {theirs} (such as {wanted[0].key}).")
        if len(given) != len(wanted):
            raise InputError(
                f"{ours} has {len(given):,} predictions and {theirs} {len(wanted):,} groups of references; "
                "give one prediction per group, in the same order, or ids in both files."
            )
        return list(zip(given, wanted, strict=True))
    by_key: dict[str | None, Entry] = {}
    for entry in given:
        if entry.key in by_key:
            raise InputError(f"{ours}: two predictions for {entry.key}; one per id is wanted.")
        by_key[entry.key] = entry
    _same_keys(set(by_key), {entry.key for entry in wanted}, ours, theirs)
    return [(by_key[group.key], group) for group in wanted]


def _same_keys(given: set[str | None], wanted: set[str | None], ours: str, theirs: str) -> None:
    for held, others, name, other_name in ((wanted, given, ours, theirs), (given, wanted, theirs, ours)):
        if lacking := held - others:
            example = min(map(str, lacking))
            raise InputError(f"{name} lacks {len(lacking):,} of the ids of {other_name}, such as {example}.")


def _key_field(fields: Fields) -> Callable[[Mapping[str, Any]], str | None]:
    names = (fields.group_by,) if fields.group_by else ID_FIELDS + RECORD_FIELDS

    def key(entry: Mapping[str, Any]) -> str | None:
        for name in names:
            value = entry.get(name)
            if value is not None and value != "":
                return value if isinstance(value, str) else dumps(value)
        return None

    return key


def _read(
    path: str | Path, field: str | None, known: tuple[str, ...], key: Callable[[Mapping[str, Any]], str | None]
) -> Iterator[Entry]:
    suffixes = Path(path).suffixes[-2:]
    if ".json" in suffixes:
        raise InputError(f"{display_name(path)}: a JSON file; write JSON Lines (.jsonl), one object per line.")
    if {".jsonl", ".ndjson"} & set(suffixes):
        rows: Iterable[tuple[str, Mapping[str, Any]]] = _json_rows(path)
    elif {".tsv", ".csv"} & set(suffixes):
        rows = _table_rows(path, "\t" if ".tsv" in suffixes else ",")
    else:
        yield from (Entry(None, (text,), {}) for text in read_texts(path))
        return
    for place, fields in rows:
        yield Entry(key(fields), _texts(fields, field, known, place), fields)


def read_texts(path: str | Path) -> list[str]:
    """The lines of a text file, empty ones too; a byte order mark and carriage returns at line ends are dropped."""
    with open_input(path) as file:
        data = file.read().removeprefix(b"\xef\xbb\xbf")
    lines = data.removesuffix(b"\n").split(b"\n") if data else []
    texts = []
    for number, line in enumerate(lines, 1):
        try:
            texts.append(line.removesuffix(b"\r").decode())
        except UnicodeDecodeError as error:
            raise InputError(f"{display_name(path)}, line {number}: not UTF-8 at byte {error.start + 1}.") from None
    refuse_binary("\n".join(texts), display_name(path))
    return texts


def _json_rows(path: str | Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for line in read_lines(path):
        yield f"{line.name}, line {line.number}", line.json()


def _table_rows(path: str | Path, delimiter: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The rows of a file with a header; TSV has no quotes, CSV has them as usual."""
    name = display_name(path)
    if delimiter == "\t":
        rows: Iterator[list[str]] = (line.split("\t") for line in read_texts(path))
    else:
        rows = csv.reader(io.StringIO("\n".join(read_texts(path)) + "\n"), strict=True)
    number = 0
    try:
        header = next(rows, [])
        if len(Counter(header)) != len(header):
            raise InputError(f"{name}: the header has a name twice: {', '.join(header)}.")
        number = 1
        for number, row in enumerate(rows, 2):
            if len(row) != len(header):
                raise InputError(f"{name}, row {number}: {len(row)} fields where the header has {len(header)}.")
            yield f"{name}, row {number}", dict(zip(header, row, strict=True))
    except csv.Error as error:
        raise InputError(f"{name}, after row {number}: not valid CSV ({error}).") from None


def _texts(fields: Mapping[str, Any], asked: str | None, known: tuple[str, ...], place: str) -> tuple[str, ...]:
    name = asked if asked is not None else next((name for name in known if name in fields), None)
    if name is None or name not in fields:
        raise InputError(f"{place}: no field {asked or ' or '.join(known)}; found {', '.join(fields) or 'none'}.")
    value = fields[name]
    texts = tuple(value) if isinstance(value, list) else (value,)
    for text in texts:
        if not isinstance(text, str):
            raise InputError(f'{place}: the field {name!r} holds {text!r}, not a text; write "" for nothing said.')
    return texts
