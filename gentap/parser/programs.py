"""The programs of the learnt parser: which rows, which one of them, and what of it; and how they are run.

They forgive more than the grammar's do: a column orders rows where most of its cells hold a figure or a date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from math import isfinite
from typing import NamedTuple

from gentap.grammar.english import PLAIN
from gentap.grammar.results import NO_ANSWER, Result, cells_of
from gentap.grammar.view import ColumnView, TableView
from tabtext.table import Cell
from tabtext.values import MONTHS, Date, Kind, clock_time, date_key

MOST_DIGITS = 15
_FIGURE = re.compile(r"[-−–+]?\d[\d,]*(?:\.\d+)?")
_SHORT_DATE = re.compile(
    r"(?P<first>\d{1,2})[-/. ](?P<second>\d{1,2}|[A-Za-z]{3,9})[-/. ](?P<year>\d{2}|\d{4})(?: \d{1,2}:\d\d)?"
)
_PIVOT = 50
"""Years of two digits from here on are of the last century."""
_MONTHS = {name[:3].lower(): number for number, name in enumerate(MONTHS, 1)}
_ORDERED = 0.6
"""The share of a column's cells that must hold a figure for rows to be ordered by it."""


class Filter(NamedTuple):
    """A condition that rows meet: how (`is`, `has`, `not`, `above`, …), of which column, said as which text at
    `question[start:end]`; `sure` is how surely the words mean these cells (0 to 1)."""

    how: str
    column: int
    text: str
    rows: frozenset[int]
    start: int
    end: int
    sure: float = 1.0


class Program(NamedTuple):
    """What a question may ask: of the rows that meet the filters (all of them, or any where `either`), the one that
    `pick` takes (`most` and `least` by the column `by`), and what is told of it: `cells` of a `column`, a `count`, …,
    or the `gap` between the columns `column` and `by`."""

    filters: tuple[Filter, ...] = ()
    either: bool = False
    pick: str = ""
    by: int | None = None
    tells: str = "cells"
    column: int | None = None

    def written(self, header: Sequence[str]) -> str:
        """The program for people."""
        joined = " or " if self.either else " and "
        header = [_on_one_line(name) for name in header]
        where = joined.join(f"{header[one.column]} {one.how} {one.text!r}" for one in self.filters)
        rows = f"rows where {where}" if where else "all rows"
        if self.tells == "gap" and self.by is not None and self.column is not None:
            return f"difference of {header[self.by]} and {header[self.column]} of {rows}"
        if self.pick:
            by = f" {header[self.by]}" if self.by is not None else ""
            rows = f"{self.pick}{by} of {rows}"
        what = f"{self.tells} {header[self.column]}" if self.column is not None else self.tells
        return f"{what} of {rows}"


def _on_one_line(name: str) -> str:
    """The name of a column without breaks of lines and signs that steer terminals."""
    return "".join(letter for letter in " ".join(name.split()) if letter.isprintable())


class Figures:
    """The figures, dates and times of a table's columns, as numbers that sort and add up."""

    def __init__(self, view: TableView) -> None:
        self.view = view
        self._columns: dict[int, dict[int, float]] = {}
        self._short_dates: set[int] = set()

    def of(self, column: int) -> dict[int, float]:
        """Rows with the number that their cell holds; empty where too few do."""
        if column not in self._columns:
            its = self.view.columns[column]
            said = [row for row in self.view.body if its.keys[row]]
            if found := _short_dates(its, said):
                self._short_dates.add(column)
            else:
                found = {row: number for row in said if (number := _number(its, row)) is not None}
            self._columns[column] = found if found and len(found) >= _ORDERED * len(said) else {}
        return self._columns[column]

    def are_dates(self, column: int) -> bool:
        """Whether the numbers of a column only sort its dates: they neither add up nor tell how far these are apart."""
        return self.view.columns[column].kind is Kind.DATE or (bool(self.of(column)) and column in self._short_dates)

    def gap(self, one: Cell, other: Cell) -> Result:
        """What two cells differ by, dates in years; none where they do not tell."""
        first, second = (self.of(cell.column)[cell.row] for cell in (one, other))
        dates = [self.view.columns[cell.column].values[cell.row].date for cell in (one, other)]
        if dates[0] and dates[1]:
            first, second = dates[0].year, dates[1].year
        elif self.are_dates(one.column) and self.are_dates(other.column):
            first, second = first // 10_000, second // 10_000
        elif self.are_dates(one.column) != self.are_dates(other.column):
            return NO_ANSWER
        is_date = self.are_dates(one.column) or bool(dates[0] and dates[1])
        if not isfinite(first - second) or (is_date and not (first and second)):
            return NO_ANSWER
        return Result((as_text(abs(first - second)),), support=(one, other))


def _short_dates(column: ColumnView, rows: Sequence[int]) -> dict[int, float]:
    """The rows of a column of dates such as 13/03/25 or 29-Jan-25 with numbers that sort them; empty where most of its
    cells are none, or where nobody can tell days from months."""
    found = {row: parts for row in rows if (parts := _SHORT_DATE.fullmatch(column.texts[row]))}
    if not found or len(found) < _ORDERED * len(rows):
        return {}
    month_first = any(parts["second"].isdecimal() and int(parts["second"]) > 12 for parts in found.values())
    day_first = any(int(parts["first"]) > 12 or not parts["second"].isdecimal() for parts in found.values())
    if month_first == day_first:
        return {}
    dates = {}
    for row, parts in found.items():
        day, month = (parts["second"], parts["first"]) if month_first else (parts["first"], parts["second"])
        year = int(parts["year"]) + (0 if len(parts["year"]) == 4 else 1900 if int(parts["year"]) >= _PIVOT else 2000)
        number = int(month) if month.isdecimal() else _MONTHS.get(month[:3].lower(), 0)
        dates[row] = date_key(Date(year, number, int(day)))
    return dates


def _number(column: ColumnView, row: int) -> float | None:
    value = column.values[row]
    if value.kind in (Kind.NUMBER, Kind.DATE, Kind.RANK):
        return value.number
    text = column.texts[row]
    if (time := clock_time(text)) is not None:
        return time
    found = _FIGURE.match(text)
    if found is None or len(found[0]) > MOST_DIGITS:
        return None
    return float(re.sub(r"^[−–]", "-", found[0]).replace(",", ""))


def run(program: Program, view: TableView, figures: Figures) -> Result:
    """The answer of a program and the cells behind it; none where the table has none."""
    rows = _picked(program, _rows(program, view), view, figures)
    return _TELLS[program.tells](program, rows, view, figures)


def _rows(program: Program, view: TableView) -> list[int]:
    """The rows that meet the filters, in the table's order."""
    return sorted(common(program.filters, program.either)) if program.filters else view.body


def common(filters: Sequence[Filter], either: bool) -> frozenset[int]:
    """The rows that meet all of some conditions, or any of them."""
    sets = [one.rows for one in filters]
    return frozenset.union(*sets) if either else frozenset.intersection(*sets)


def _picked(program: Program, rows: list[int], view: TableView, figures: Figures) -> list[int]:
    if not program.pick or not rows:
        return rows
    if program.by is not None:
        numbers = figures.of(program.by)
        ends = sorted({numbers[row] for row in rows if row in numbers}, reverse=program.pick.endswith("most"))
        place = _PLACES.get(program.pick.partition(" ")[0], 0)
        return [row for row in rows if numbers.get(row) == ends[place]] if place < len(ends) else []
    if program.pick in ("next", "previous"):
        near = rows[-1] + 1 if program.pick == "next" else rows[0] - 1
        return [near] if near in view.in_body else []
    place = _PLACES[program.pick]
    return [rows[place]] if -len(rows) <= place < len(rows) else []


_PLACES = {"first": 0, "second": 1, "third": 2, "last": -1}


def _cells(program: Program, rows: list[int], view: TableView, figures: Figures) -> Result:
    asked = view.columns[_column(program)]
    said = [row for row in rows if asked.keys[row]]
    return Result(
        tuple(dict.fromkeys(asked.cells[row] for row in said)), cells_of(said, asked), _support(program, rows, view)
    )


def _count(program: Program, rows: list[int], view: TableView, figures: Figures) -> Result:
    if program.column is not None:
        asked = view.columns[program.column]
        said = {asked.keys[row]: row for row in reversed(rows) if asked.keys[row]}
        return Result((str(len(said)),), support=cells_of(sorted(said.values()), asked)) if said else NO_ANSWER
    return Result((str(len(rows)),), support=_support(program, rows, view))


def _groups(column: ColumnView, rows: Iterable[int]) -> dict[str, list[int]]:
    """The rows that say the same in a column, by what they say."""
    groups: dict[str, list[int]] = {}
    for row in rows:
        if column.keys[row]:
            groups.setdefault(column.keys[row], []).append(row)
    return groups


def _commonest(program: Program, rows: list[int], view: TableView, figures: Figures) -> Result:
    asked = view.columns[_column(program)]
    groups = _groups(asked, rows)
    most = max(map(len, groups.values()), default=0)
    if most < 2:
        return NO_ANSWER
    winners = [group for group in groups.values() if len(group) == most]
    if len(winners) > 3:
        return NO_ANSWER
    told = tuple(asked.cells[group[0]] for group in winners)
    return Result(told, support=cells_of([row for group in winners for row in group], asked))


def _repeated(program: Program, rows: list[int], view: TableView, figures: Figures) -> Result:
    """What a column says of more than one of the rows."""
    asked = view.columns[_column(program)]
    groups = _groups(asked, rows)
    several = [group for group in groups.values() if len(group) > 1]
    told = tuple(asked.cells[group[0]] for group in several)
    return Result(told, support=cells_of([row for group in several for row in group], asked))


def _computed(of: Callable[[list[float]], float]) -> Callable[[Program, list[int], TableView, Figures], Result]:
    def computed(program: Program, rows: list[int], view: TableView, figures: Figures) -> Result:
        column = _column(program)
        numbers = figures.of(column)
        held = [row for row in rows if row in numbers]
        if len(held) < 2 or figures.are_dates(column):
            return NO_ANSWER
        number = of([numbers[row] for row in held])
        if not isfinite(number):
            return NO_ANSWER
        style = view.columns[column].style if view.columns[column].kind is Kind.NUMBER else PLAIN
        return Result(
            (style.format(number, more_decimals=max(0, 2 - style.decimals)),),
            support=cells_of(held, view.columns[column]),
        )

    return computed


def _difference(program: Program, rows: list[int], view: TableView, figures: Figures) -> Result:
    """What two rows differ by: those of two filters, or the most and the least of all."""
    column = _column(program)
    numbers = figures.of(column)
    if program.filters:
        held = [next((row for row in sorted(one.rows) if row in numbers), None) for one in program.filters]
        if len(held) != 2 or None in held or held[0] == held[1]:
            return NO_ANSWER
        two = [row for row in held if row is not None]
    else:
        two = sorted(numbers, key=numbers.__getitem__)[:: max(1, len(numbers) - 1)][:2]
        if len(two) < 2:
            return NO_ANSWER
    one, other = cells_of(two, view.columns[column])
    return figures.gap(one, other)


def _gap(program: Program, rows: list[int], view: TableView, figures: Figures) -> Result:
    """What two columns of one row differ by."""
    assert program.by is not None
    column, other = _column(program), program.by
    if len(rows) != 1 or rows[0] not in figures.of(column).keys() & figures.of(other).keys():
        return NO_ANSWER
    return figures.gap(view.columns[column].places[rows[0]], view.columns[other].places[rows[0]])


def _whether(program: Program, rows: list[int], view: TableView, figures: Figures) -> Result:
    support = _support(program, rows, view) or cells_of(
        sorted(program.filters[0].rows), view.columns[program.filters[1].column]
    )
    return Result(("yes" if rows else "no",), support=support)


def _whether_any(program: Program, rows: list[int], view: TableView, figures: Figures) -> Result:
    support = _support(program, rows, view) or cells_of(view.body, view.columns[program.filters[0].column])
    return Result(("yes" if rows else "no",), support=support)


def _more(program: Program, rows: list[int], view: TableView, figures: Figures) -> Result:
    """Whether the first of two rows has more, or less with the pick `least`, than the second."""
    column = _column(program)
    numbers = figures.of(column)
    held = [next((row for row in sorted(one.rows) if row in numbers), None) for one in program.filters]
    if len(held) != 2 or held[0] is None or held[1] is None or held[0] == held[1]:
        return NO_ANSWER
    first, second = numbers[held[0]], numbers[held[1]]
    support = cells_of([held[0], held[1]], view.columns[column])
    return Result(
        ("yes" if (first > second) == (program.tells == "whether more") and first != second else "no",), support=support
    )


def _column(program: Program) -> int:
    assert program.column is not None
    return program.column


def _support(program: Program, rows: Iterable[int], view: TableView) -> tuple:
    if program.pick in ("next", "previous"):  # behind or before the rows that are named, which are what says so
        met = _rows(program, view)
        rows = [met[-1] if program.pick == "next" else met[0]]
    columns = [one.column for one in program.filters] + ([program.by] if program.by is not None else [])
    return tuple(cell for column in dict.fromkeys(columns) for cell in cells_of(rows, view.columns[column]))


def as_text(number: float) -> str:
    """A computed number with at most two decimals."""
    return PLAIN.format(number, more_decimals=2)


_TELLS = {
    "cells": _cells,
    "count": _count,
    "commonest": _commonest,
    "repeated": _repeated,
    "sum": _computed(sum),
    "average": _computed(lambda numbers: sum(numbers) / len(numbers)),
    "difference": _difference,
    "gap": _gap,
    "whether": _whether,
    "whether any": _whether_any,
    "whether more": _more,
    "whether less": _more,
}
"""What may be told of rows."""
