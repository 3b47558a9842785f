"""SQLite databases: `file.db` is all its tables, `file.db::table` one, `file.db::SELECT …` the result of a query."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tabtext.errors import InputError, unknown_name
from tabtext.readers.grid import Reading, grid_table
from tabtext.readers.limits import MAX_CELLS, check_size
from tabtext.table import Table, cell_text

MAX_SECONDS = 60.0
"""A query that takes longer is stopped."""
_STEPS_BETWEEN_LOOKS = 100_000
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}


def read_sqlite(path: str | Path, reading: Reading) -> Iterator[Table]:
    """The tables that `path` names; the database is opened read-only and only a single SELECT is run."""
    file, _, wanted = str(path).partition("::")
    if file == "-" or not Path(file).is_file():
        raise InputError(f"{file}: no such file; a database is read from a file, not from standard input.")
    try:
        with closing(sqlite3.connect(f"{Path(file).resolve().as_uri()}?mode=ro", uri=True)) as database:
            database.text_factory = lambda data: data.decode(errors="replace")
            yield from _tables(database, file, wanted.strip())
    except sqlite3.DatabaseError as error:
        raise InputError(f"{path}: {error}.") from None


def _tables(database: sqlite3.Connection, file: str, wanted: str) -> Iterator[Table]:
    names = [name for (name,) in database.execute(
        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
    )]  # fmt: skip
    _restrict(database)
    if " " in wanted and wanted.lower().split()[0] in ("select", "with") and wanted not in names:
        yield _result(database, f"{file}::{wanted}", wanted, "")
    elif wanted:
        if wanted not in names:
            raise unknown_name("table", wanted, names)
        yield _result(database, f"{file}::{wanted}", _all_of(wanted), wanted)
    else:
        if not names:
            raise InputError(f"{file}: the database has no tables.")
        for name in names:
            yield _result(database, f"{file}::{name}", _all_of(name), name)


def _restrict(database: sqlite3.Connection) -> None:
    """From here on the connection reads, and for no longer than MAX_SECONDS."""
    end = time.monotonic() + MAX_SECONDS
    database.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY)
    database.set_progress_handler(lambda: time.monotonic() > end, _STEPS_BETWEEN_LOOKS)


def _all_of(table: str) -> str:
    quoted = table.replace('"', '""')
    return f'SELECT * FROM "{quoted}"'


def _result(database: sqlite3.Connection, name: str, query: str, section: str) -> Table:
    try:
        cursor = database.execute(query)
    except (sqlite3.Warning, sqlite3.ProgrammingError):
        raise InputError(f"{name}: one SELECT at a time.") from None
    header = [column for column, *_ in cursor.description]
    limit = MAX_CELLS // max(len(header), 1)
    rows = cursor.fetchmany(limit + 1)
    check_size(name, len(rows), len(header))
    return grid_table(
        name, [header, *(tuple(map(cell_text, row)) for row in rows)], Reading(header_rows=1), section=section
    )
