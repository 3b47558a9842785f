"""The table that travels through the toolkit: a title, a header and rows of cells, all text as written, all frozen.

Rows are counted from 0 at the first body row, columns from 0. `Table.column` gives the typed view of a column.
Reading files lives in `tabtext.readers`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from tabtext.errors import InputError
from tabtext.values import Kind, Value, as_year, parse_value

if TYPE_CHECKING:
    import pandas as pd

TYPED_SHARE = 0.8
"""A column has a kind when at least this share of its cells that say something has it."""

_YEAR_WORDS = ("year", "season", "date", "founded", "established", "built", "born", "died", "released", "opened")
_FIRST_YEAR, _LAST_YEAR = 1800, 2100


class Cell(NamedTuple):
    """A place in a table: row from 0 at the first body row, column from 0."""

    row: int
    column: int


@dataclass(frozen=True)
class Column:
    """The typed view of one column: its kind, and one `Value` per row.

    Cells that do not have the column's kind keep their own, so `typed_rows` are the rows one may compute with.
    """

    name: str
    kind: Kind
    values: tuple[Value, ...]
    unit: str = ""

    @cached_property
    def typed_rows(self) -> tuple[int, ...]:
        """The rows whose cell has the column's kind."""
        return tuple(row for row, value in enumerate(self.values) if value.kind is self.kind)

    @property
    def is_complete(self) -> bool:
        """Whether every cell has the column's kind, so that a sum over the column leaves nothing out."""
        return len(self.typed_rows) == len(self.values)

    @classmethod
    def of(cls, name: str, cells: Iterable[str]) -> Column:
        """The typed view of these cells under this header."""
        values = tuple(map(parse_value, cells))
        years = _years(name, values)
        if years is not None:
            return cls(name, Kind.DATE, years)
        counts = Counter(value.kind for value in values if value.kind is not Kind.EMPTY)
        if not counts:
            return cls(name, Kind.EMPTY, values)
        kind, count = counts.most_common(1)[0]
        if kind is Kind.TEXT or count < TYPED_SHARE * sum(counts.values()):
            return cls(name, Kind.TEXT, values)
        return cls(name, kind, values, _shared_unit(values) if kind is Kind.NUMBER else "")


@dataclass(frozen=True)
class Table:
    """A table as written. `header` has one name per column, distinct; every row has exactly as many cells.

    `highlighted` are cells that a data set marks as the ones that matter; models never read them unless asked to.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    section: str = ""
    id: str = ""
    highlighted: tuple[Cell, ...] = ()

    def __post_init__(self) -> None:
        width = len(self.header)
        for index, row in enumerate(self.rows):
            if len(row) != width:
                raise InputError(
                    f"Table {self.id or self.title!r}: row {index} has {len(row)} cells where the header has {width}."
                )

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.header)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, cell: tuple[int, int]) -> str:
        row, column = cell
        return self.rows[row][column]

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The typed view of every column, computed once."""
        by_column = zip(*self.rows, strict=True) if self.rows else ((),) * self.width
        return tuple(Column.of(name, cells) for name, cells in zip(self.header, by_column, strict=True))

    @classmethod
    def from_rows(
        cls,
        rows: Sequence[Sequence[object]],
        *,
        header_rows: int = 1,
        title: str = "",
        section: str = "",
        id: str = "",
        highlighted: Iterable[tuple[int, int]] = (),
    ) -> Table:
        """A table from rows of anything, ragged or not, the first `header_rows` of which are the header.

        Cells become text (None, NaN and NaT become the empty string), short rows are filled with empty cells, and
        header names are made distinct by `distinct_headers`.
        """
        ragged = [tuple(cell_text(cell) for cell in row) for row in rows]
        width = max(map(len, ragged), default=0)
        text = [row + ("",) * (width - len(row)) for row in ragged]
        header = distinct_headers(text[:header_rows], width)
        cells = tuple(Cell(row, column) for row, column in highlighted)
        return cls(header, tuple(text[header_rows:]), title, section, id, cells)

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, *, title: str = "", section: str = "", id: str = "") -> Table:
        """A table from a DataFrame of any dtype; the index is dropped unless it has a name, rows keep their order."""
        if any(frame.index.names):
            frame = frame.reset_index()
        names = [name if isinstance(name, tuple) else (name,) for name in frame.columns]
        depth = max(map(len, names), default=1)
        header = [[name[level] if level < len(name) else "" for name in names] for level in range(depth)]
        body = zip(*(_plain_cells(frame.iloc[:, i]) for i in range(frame.shape[1])), strict=True)
        rows: list[Sequence[object]] = [*header, *body]
        return cls.from_rows(rows, header_rows=depth, title=title, section=section, id=id)

    def to_frame(self) -> pd.DataFrame:
        """The table as a DataFrame of strings."""
        import pandas as pd

        return pd.DataFrame(list(self.rows), columns=list(self.header), dtype=str)

    def to_json(self) -> dict[str, Any]:
        """The JSON object that stands for this table in our files; empty fields are left out."""
        fields = {name: getattr(self, name) for name in ("id", "title", "section", "header", "rows", "highlighted")}
        return {name: value for name, value in fields.items() if value or name in ("header", "rows")}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Table:
        """The table that `to_json` wrote; an InputError names what is missing or of the wrong shape."""
        header, rows = fields.get("header"), fields.get("rows")
        if not isinstance(header, list | tuple) or not isinstance(rows, list | tuple):
            raise InputError(f"A table needs 'header' and 'rows' as lists; found the fields {sorted(fields)}.")
        if not all(isinstance(row, list | tuple) for row in rows):
            raise InputError("A table's 'rows' must be lists of cells; found something else.")
        return cls.from_rows(
            [header, *rows],
            title=cell_text(fields.get("title")),
            section=cell_text(fields.get("section")),
            id=cell_text(fields.get("id")),
            highlighted=[(int(r), int(c)) for r, c in fields.get("highlighted") or ()],
        )


def cell_text(cell: object) -> str:
    """A cell as text: a string as it is, a missing value as the empty string, 3.0 as `3`, midnight as its day."""
    if isinstance(cell, str):
        return cell
    if cell is None or cell != cell or type(cell).__name__ in ("NAType", "NaTType"):
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).removesuffix(" 00:00:00")


def distinct_headers(header_rows: Sequence[Sequence[str]], width: int) -> tuple[str, ...]:
    """One distinct name per column from any number of header rows.

    The rows' names are joined from top to bottom, a name repeated below itself once (`Medals`, `Gold` give
    `Medals Gold`); a name that still occurs twice gets a number: `Venue`, `Venue (2)`. An empty name stays empty.
    """
    names = []
    for column in range(width):
        parts: list[str] = []
        for row in header_rows:
            part = " ".join(row[column].split())
            if part and part not in parts:
                parts.append(part)
        names.append(" ".join(parts))
    taken = set(names)
    seen: Counter[str] = Counter()
    for column, name in enumerate(names):
        seen[name] += 1
        if name and seen[name] > 1:
            number = seen[name]
            while f"{name} ({number})" in taken:
                number += 1
            names[column] = f"{name} ({number})"
            taken.add(names[column])
    return tuple(names)


def _plain_cells(series: pd.Series) -> list[object]:
    """A column's cells as Python objects; whole floats that only NaN made floats come back as integers in text."""
    return series.astype(object).where(series.notna(), None).tolist()


def _years(name: str, values: Sequence[Value]) -> tuple[Value, ...] | None:
    """The column read as years, where its header says so or all its numbers look like years; else None."""
    said = [value for value in values if value.kind is not Kind.EMPTY]
    years = {value: as_year(value) for value in said}
    count = sum(year is not None for year in years.values())
    if not said or not count:
        return None
    readable = sum(years[value] is not None or value.kind is Kind.DATE for value in said)
    low_name = name.lower()
    if readable < TYPED_SHARE * len(said):
        return None
    plausible = all(_FIRST_YEAR <= year.number // 10_000 <= _LAST_YEAR for year in years.values() if year)
    if any(word in low_name for word in _YEAR_WORDS) or (plausible and readable == len(said)):
        return tuple(years.get(value) or value for value in values)
    return None


def _shared_unit(values: Sequence[Value]) -> str:
    """The unit that all of a column's numbers have, else the empty string."""
    units = {value.unit for value in values if value.kind is Kind.NUMBER}
    return units.pop() if len(units) == 1 else ""
