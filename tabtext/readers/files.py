"""Which reader a file gets, by its suffix or by the format that a person names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path, PurePath

from tabtext.errors import InputError, unknown_name
from tabtext.readers.delimited import read_csv, read_tsv
from tabtext.readers.excel import read_excel
from tabtext.readers.grid import Reading
from tabtext.readers.html import read_html
from tabtext.readers.markdown import read_markdown
from tabtext.readers.parquet import read_parquet
from tabtext.readers.records import read_json, read_jsonl_tables
from tabtext.readers.sqlite import read_sqlite
from tabtext.table import Table

FORMATS: Mapping[str, Callable[[str | Path, Reading], Iterator[Table]]] = {
    "csv": read_csv,
    "tsv": read_tsv,
    "excel": read_excel,
    "html": read_html,
    "markdown": read_markdown,
    "parquet": read_parquet,
    "json": read_json,
    "jsonl": read_jsonl_tables,
    "sqlite": read_sqlite,
}
SUFFIXES = {
    ".csv": "csv", ".txt": "csv", ".tsv": "tsv", ".tab": "tsv",
    ".xlsx": "excel", ".xlsm": "excel", ".xlsb": "excel", ".xls": "excel", ".ods": "excel",
    ".html": "html", ".htm": "html", ".xhtml": "html", ".md": "markdown", ".markdown": "markdown",
    ".parquet": "parquet", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".db": "sqlite", ".sqlite": "sqlite", ".sqlite3": "sqlite",
}  # fmt: skip
_COMPRESSED = (".gz", ".zst")


def read_tables(
    path: str | Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_rows: int | None = None,
    format: str | None = None,
) -> Iterator[Table]:
    """The tables of one file; what is not said is found out, the format by the suffix.

    `-` is standard input and needs `format`; `file.db::table` and `file.db::SELECT …` read from a database. A table
    without an id of its own gets the file's stem, and its number from 0 where it is not the first. Raises InputError
    in one sentence for whatever cannot be read.
    """
    return read_named(path, stem(path), format_of(path, format), Reading(encoding, delimiter, header_rows))


def read_table(path: str | Path) -> Table:
    """The one table of a file; an InputError where it holds none or several."""
    tables = list(islice(read_tables(path), 2))
    if not tables:
        raise InputError(f"{path}: holds no table.")
    if len(tables) > 1:
        raise InputError(f"{path}: holds several tables, where one was expected; name a file with one table.")
    return tables[0]


def read_named(path: str | Path, name: str, format: str, reading: Reading) -> Iterator[Table]:
    """The tables of one file of this format; ids begin with `name`."""
    for index, table in enumerate(FORMATS[format](path, reading)):
        yield table if table.id else replace(table, id=f"{name}-{index}" if index else name)


def format_of(path: str | Path, format: str | None = None) -> str:
    """The name of a file's format: as said, else by its suffix (under .gz and .zst the one before)."""
    if format is not None:
        if format not in FORMATS:
            raise unknown_name("table format", format, FORMATS)
        return format
    if str(path) == "-":
        raise InputError(f"Standard input needs a named format; known: {', '.join(sorted(FORMATS))}.")
    suffix = suffix_of(path)
    if suffix not in SUFFIXES:
        if Path(path).is_dir():
            raise InputError(f"{path}: a folder, where a table file was expected.")
        raise InputError(
            f"{path}: unknown suffix {suffix!r}; known: {' '.join(SUFFIXES)}. Give the file its suffix, or "
            "convert it: tabtext table FILE --input-format FORMAT --format csv -o NEW.csv."
        )
    return SUFFIXES[suffix]


def suffix_of(path: str | Path) -> str:
    """The suffix that tells a file's format, in lower case."""
    name = PurePath(str(path).partition("::")[0])
    return (name.with_suffix("") if name.suffix.lower() in _COMPRESSED else name).suffix.lower()


def stem(path: str | Path) -> str:
    """A file's name without its suffixes, for ids."""
    if str(path) == "-":
        return "stdin"
    file, _, wanted = str(path).partition("::")
    name = PurePath(file)
    name = name.with_suffix("") if name.suffix.lower() in _COMPRESSED else name
    return name.stem + (f"::{wanted}" if wanted else "")
