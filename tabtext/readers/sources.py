"""Tables as the input of a stage: light items (a file, or a line not parsed yet) that workers turn into tables."""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from tabtext.errors import InputError
from tabtext.identity import identity
from tabtext.jsonl import Line, read_lines
from tabtext.readers.files import SUFFIXES, format_of, read_named, stem, suffix_of
from tabtext.readers.grid import Reading
from tabtext.readers.records import is_table, line_table
from tabtext.stages import Source
from tabtext.table import Table


class TableFile(NamedTuple):
    """A file to read tables from; `name` is what their ids begin with, and distinct among a source's files."""

    path: str
    name: str
    format: str | None = None

    @property
    def identity(self) -> object:
        """What changes when the file does."""
        return (*self, *identity(self.path.partition("::")[0]))


def table_source(paths: Sequence[str | Path], format: str | None = None) -> Source:
    """The tables of files, folders (all that is below them), globs, and standard input (`-`, JSON Lines if not said).

    An item is a `TableFile`, or for a JSON Lines file with a table on every line a `Line`; `tables_of` reads either.
    The order is that of `paths`, sorted inside folders and globs.
    """
    files = list(chain.from_iterable(_files(str(path)) for path in paths))
    if not files:
        raise InputError("No table file was named; name files, folders or globs, or - for standard input.")
    stems = Counter(map(stem, files))
    items = (TableFile(path, stem(path) if stems[stem(path)] == 1 else path, format) for path in files)
    lines = any(_format(TableFile(path, "", format)) == "jsonl" for path in files)
    return Source(
        chain.from_iterable(map(_unpacked, items)),
        noun="tables" if lines else "files",
        total=None if lines else len(files),
    )


def tables_of(item: TableFile | Line) -> Iterator[Table]:
    """The tables of one item of a `table_source`, each with an id of its own."""
    if isinstance(item, Line):
        yield line_table(item, Reading())
    else:
        yield from read_named(item.path, item.name, _format(item), Reading())


def _files(path: str) -> Iterable[str]:
    """The files that a path stands for: itself, what is below a folder, or what a glob matches."""
    if path == "-" or "::" in path or Path(path).is_file():
        return [path]
    if Path(path).is_dir():
        found = sorted(str(file) for file in Path(path).rglob("*") if file.is_file() and suffix_of(file) in SUFFIXES)
        missing = f"no table file in this folder; known suffixes: {' '.join(SUFFIXES)}"
    else:
        found = sorted(file for file in glob.glob(path, recursive=True) if Path(file).is_file())  # noqa: PTH207
        missing = "no such file" if not glob.has_magic(path) else "no file matches"
    if not found:
        raise InputError(f"{path}: {missing}.")
    return found


def _format(item: TableFile) -> str:
    return format_of(item.path, item.format or ("jsonl" if item.path == "-" else None))


def _unpacked(item: TableFile) -> Iterator[TableFile | Line]:
    """The file's lines where each is a table, else the file itself."""
    if _format(item) != "jsonl":
        yield item
        return
    lines = read_lines(item.path)
    first = next(lines, None)
    if first is None or _is_record(first):
        if item.path == "-":
            raise InputError(
                "Standard input holds no tables, one a line; `tabtext table - --input-format FORMAT --format jsonl` "
                "makes such lines from other formats."
            )
        yield item
    else:
        yield first
        yield from lines


def _is_record(line: Line) -> bool:
    """Whether the line is a JSON object that is no table, so that the file's lines are the rows of one."""
    try:
        return not is_table(line.json())
    except InputError:
        return False
