"""From a grid of cells, as every file format gives it, to a table: size limits, ragged rows, header rows."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from tabtext.errors import InputError
from tabtext.readers.limits import check_size
from tabtext.table import Table

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reading:
    """What a person may say about a file that is else found out: None is `find out`."""

    encoding: str | None = None
    delimiter: str | None = None
    header_rows: int | None = None

    def __post_init__(self) -> None:
        if self.delimiter is not None and (len(self.delimiter) != 1 or self.delimiter in '"\r\n'):
            raise InputError(f"The delimiter is one character such as , ; | or a tab; found {self.delimiter!r}.")
        if self.header_rows is not None and self.header_rows < 0:
            raise InputError(f"--header-rows is {self.header_rows}; it takes 0 or more.")


def grid_table(
    name: str,
    rows: Sequence[Sequence[object]],
    reading: Reading,
    *,
    title: str = "",
    section: str = "",
    lines: Sequence[int] = (),
) -> Table:
    """The table in these rows; `name` says in messages where they stand, `lines` the file's line of each row.

    Short rows are filled with empty cells; where a row is longer than the header, the header gets empty names, so
    that no cell moves. Raises InputError where there is nothing below the header, or too much.
    """
    check_size(name, len(rows), max(map(len, rows), default=0))
    _report_ragged(name, rows, lines)
    table = Table.from_rows(rows, header_rows=reading.header_rows, title=title, section=section)
    if not table.rows:
        raise InputError(f"{name}: {'a header and no rows' if rows else 'no rows'}.")
    return table


def _report_ragged(name: str, rows: Sequence[Sequence[object]], lines: Sequence[int]) -> None:
    if not rows:
        return
    width = len(rows[0])
    ragged = [index for index, row in enumerate(rows) if len(row) != width]
    if ragged:
        first = ragged[0]
        where = f"line {lines[first]}" if lines else f"row {first}"
        log.warning(
            f"{name}: {len(ragged):,} of {len(rows):,} rows are ragged; the first is {where}: {len(rows[first])} cells "
            f"where the header has {width}; short rows are filled, longer ones get columns without a name."
        )
