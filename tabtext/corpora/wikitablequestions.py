"""WikiTableQuestions: short questions about Wikipedia tables (Pasupat and Liang, 2015), release 1.0.2."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from tabtext.errors import InputError
from tabtext.examples import QAExample
from tabtext.jsonl import display_name, read_json
from tabtext.readers.decoding import decode
from tabtext.readers.delimited import parse_delimited
from tabtext.readers.limits import read_bytes
from tabtext.table import Table

_FIELDS = ["id", "utterance", "context", "targetValue"]
_ESCAPES = {"\\n": "\n", "\\p": "|", "\\\\": "\\"}
_ESCAPE = re.compile(r"\\[np\\]")


def read_wikitablequestions(path: str | Path) -> Iterator[QAExample]:
    """The questions of a file such as `data/training.tsv` (14,152), with the tables from `csv/` beside its folder."""
    name = display_name(path)
    root = Path(path).resolve().parent.parent
    lines = decode(read_bytes(path), name, "utf-8").split("\n")
    if lines[0].split("\t") != _FIELDS:
        raise InputError(f"{name}: expected the columns {', '.join(_FIELDS)}; found {lines[0]!r:.100}.")
    for number, line in enumerate(lines[1:], 2):
        if not line:
            continue
        fields = line.split("\t")
        if len(fields) != len(_FIELDS):
            raise InputError(f"{name}, line {number}: {len(fields)} fields where {len(_FIELDS)} were expected.")
        answers = tuple(map(_unescaped, fields[3].split("|")))
        table = read_table(root / fields[2])
        yield QAExample(fields[0], _unescaped(fields[1]), ", ".join(answers), answers, table)


def read_wikitablequestions_tables(folder: str | Path) -> Iterator[Table]:
    """All tables below `csv/` (2,108), in the order of their folder and number."""
    paths = sorted((Path(folder) / "csv").glob("*-csv/*.csv"), key=lambda path: (path.parent.name, int(path.stem)))
    if not paths:
        raise InputError(f"{folder}: no tables in csv/*-csv; name the folder that the data set unpacks into.")
    yield from map(read_table, paths)


@lru_cache(maxsize=256)
def read_table(path: Path) -> Table:
    """One table of the data set: CSV whose quotes are escaped by a backslash; the title is the page's, where the
    release's `page/` folder is there."""
    name = str(path)
    rows, _ = parse_delimited(decode(read_bytes(path), name, "utf-8"), ",", name, backslash=True)
    id = f"{path.parent.name.removesuffix('-csv')}-{path.stem}"
    return Table.from_rows(rows, header_rows=None, title=_title(path), id=id)


def _title(table: Path) -> str:
    """The title of the page that a table is from: the release keeps it in `page/200-page/1.json`."""
    folder = table.parent.name.replace("-csv", "-page")
    page = table.parent.parent.parent / "page" / folder / f"{table.stem}.json"
    if not page.is_file():
        return ""
    fields = read_json(page)
    return str(fields.get("title", "")) if isinstance(fields, dict) else ""


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: _ESCAPES[found[0]], text)
