"""The table that travels through the toolkit: a title, a header and rows of cells, all text as written, all frozen.

Rows are counted from 0 at the first body row, columns from 0. `Table.columns` gives the typed view.
Reading files lives in `tabtext.readers`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from tabtext.errors import InputError
from tabtext.headers import count_header_rows, distinct_headers
from tabtext.summary_rows import sums_up
from tabtext.values import Kind, Value, as_year, parse_value

if TYPE_CHECKING:
    import pandas as pd

TYPED_SHARE = 0.8
"""A column has a kind when at least this share of its cells that say something has it."""

_YEAR_WORDS = ("year", "season", "date", "founded", "established", "built", "born", "died", "released", "opened")
_COUNT_WORDS = ("votes", "points", "attendance", "population", "capacity", "number", "total", "height", "elevation",
                "length", "distance", "area", "weight", "price", "cost", "(m)", "(ft)", "(km)", "(mi)")  # fmt: skip
_ORDERED = frozenset({Kind.NUMBER, Kind.DATE, Kind.RANK})
_FIRST_YEAR, _LAST_YEAR = 1800, 2100


class Cell(NamedTuple):
    """A place in a table: row from 0 at the first body row, column from 0."""

    row: int
    column: int


class Places(NamedTuple):
    """The rows of a column in the order of their values: the place `of` each, 0 the highest, and the `last` place.

    Equal values share a place.
    """

    of: dict[int, int]
    last: int


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

    def places(self, left_out: Collection[int] = ()) -> Places:
        """The order of the rows that have a figure, date or rank, but for some; empty where all are the same."""
        if self.kind not in _ORDERED:
            return Places({}, 0)
        numbers = {row: self.values[row].number for row in self.typed_rows if row not in left_out}
        order = {number: place for place, number in enumerate(sorted(set(numbers.values()), reverse=True))}
        if len(order) < 2:
            return Places({}, 0)
        return Places({row: order[number] for row, number in numbers.items()}, len(order) - 1)

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
        kinds: list[Kind] = [value.kind for value in values if value.kind is not Kind.EMPTY]
        if not kinds:
            return cls(name, Kind.EMPTY, values)
        kind = max(Kind, key=kinds.count)
        if kind is Kind.TEXT or kinds.count(kind) < TYPED_SHARE * len(kinds):
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

    def refuse_outside(self, name: str, cells: Iterable[tuple[int, int]]) -> None:
        """Raise InputError where the field `name` names a cell that the table has not."""
        for row, column in cells:
            if not (0 <= row < len(self) and 0 <= column < self.width):
                size = f"{len(self)} rows and {self.width} columns, both counted from 0"
                raise InputError(f"{name!r} names the cell [{row}, {column}], and the table has {size}.")

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The typed view of every column, computed once."""
        by_column = zip(*self.rows, strict=True) if self.rows else ((),) * self.width
        return tuple(Column.of(name, cells) for name, cells in zip(self.header, by_column, strict=True))

    @cached_property
    def places(self) -> tuple[Places, ...]:
        """For every column the order of its rows, those that sum others up left out."""
        by_column = map(set, zip(*self.rows, strict=True))
        sums = {text for texts in by_column for text in texts if sums_up(text.strip().casefold())}
        left_out = {number for number, row in enumerate(self.rows) if not sums.isdisjoint(row)} if sums else ()
        return tuple(column.places(left_out) for column in self.columns)

    @classmethod
    def from_rows(
        cls,
        rows: Sequence[Sequence[object]],
        *,
        header_rows: int | None = 1,
        title: str = "",
        section: str = "",
        id: str = "",
        highlighted: Iterable[tuple[int, int]] = (),
    ) -> Table:
        """A table from rows of anything, ragged or not, the first `header_rows` of which (None: as many as
        `count_header_rows` finds) are the header.

        Cells become text (None, NaN and NaT become the empty string), short rows are filled with empty cells, and
        header names are made distinct by `distinct_headers`.
        """
        ragged = [tuple(map(cell_text, row)) for row in rows]
        width = max(map(len, ragged), default=0)
        text = [row if len(row) == width else row + ("",) * (width - len(row)) for row in ragged]
        depth = count_header_rows(text) if header_rows is None else header_rows
        header = distinct_headers(text[:depth], width, text[depth:])
        cells = tuple(Cell(row, column) for row, column in highlighted)
        return cls(header, tuple(text[depth:]), title, section, id, cells)

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, *, title: str = "", section: str = "", id: str = "") -> Table:
        """A table from a DataFrame of any dtype; the index is dropped unless it has a name, rows keep their order."""
        if any(name is not None for name in frame.index.names):
            frame = frame.set_axis(range(frame.shape[1]), axis=1).reset_index().set_axis(_frame_names(frame), axis=1)
        names = [name if isinstance(name, tuple) else (name,) for name in frame.columns]
        depth = max(map(len, names), default=1)
        header = [[cell_text(name[level]) if level < len(name) else "" for name in names] for level in range(depth)]
        rows = tuple(zip(*(_column_text(frame.iloc[:, i]) for i in range(frame.shape[1])), strict=True))
        return cls(distinct_headers(header, len(names), rows), rows, title, section, id)

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
            highlighted=_cells(fields.get("highlighted") or ()),
        )


def cell_text(cell: object) -> str:
    """A cell as text: a string as it is, a missing value as the empty string, 3.0 as `3`, midnight as its day.

    Lists and objects inside a cell become JSON, bytes the text they hold or else their hexadecimal digits.
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bytes):
        return _bytes_text(cell)
    if hasattr(cell, "tolist"):
        cell = cell.tolist()
    if isinstance(cell, list | tuple | dict):
        return json.dumps(cell, ensure_ascii=False, default=str)
    if isinstance(cell, float):
        whole = cell.is_integer() and abs(cell) < 1e15
        return "" if cell != cell else str(int(cell)) if whole else str(cell)
    if cell is None or type(cell).__name__ in ("NAType", "NaTType"):
        return ""
    return str(cell).removesuffix(" 00:00:00")


def _cells(pairs: Any) -> list[tuple[int, int]]:
    try:
        return [(int(row), int(column)) for row, column in pairs]
    except (TypeError, ValueError):
        raise InputError(f"'highlighted' must be a list of [row, column] pairs; found {pairs!r:.80}.") from None


def _bytes_text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.hex()


def _frame_names(frame: pd.DataFrame) -> list[object]:
    """The names of a DataFrame's index levels, then of its columns, whatever their types."""
    levels = [f"level {level}" if name is None else name for level, name in enumerate(frame.index.names)]
    return [*levels, *frame.columns]


def _column_text(series: pd.Series) -> list[str]:
    """A column's cells as text; whole floats that only NaN made floats come back as integers."""
    if series.dtype == "float32":
        series = series.astype(str).astype(float)
    return list(map(cell_text, series.astype(object).where(series.notna(), None).tolist()))


def _years(name: str, values: Sequence[Value]) -> tuple[Value, ...] | None:
    """The column read as years, where its header says so or all its numbers look like years; else None."""
    said = [value for value in values if value.kind is not Kind.EMPTY]
    years = [as_year(value) for value in said]
    count = len(years) - years.count(None)
    if not count:
        return None
    readable = count + sum(value.kind is Kind.DATE for value in said)
    if readable < TYPED_SHARE * len(said):
        return None
    low_name = name.lower()
    plausible = all(_FIRST_YEAR <= year.number // 10_000 <= _LAST_YEAR for year in years if year)
    only_years = count == sum(value.kind is Kind.NUMBER for value in said)
    counts_things = any(word in low_name for word in _COUNT_WORDS)
    if any(word in low_name for word in _YEAR_WORDS) or (plausible and only_years and not counts_things):
        return tuple(as_year(value) or value for value in values)
    return None


def _shared_unit(values: Sequence[Value]) -> str:
    """The unit that all of a column's numbers have, else the empty string."""
    units = {value.unit for value in values if value.kind is Kind.NUMBER}
    return units.pop() if len(units) == 1 else ""
