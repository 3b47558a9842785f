"""The conditions of a program: which rows of a table one picks, and how numbers and dates are put in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from gentap.grammar.programs import Call
from gentap.grammar.units import in_one_unit
from gentap.grammar.view import ColumnView, TableView, fold
from tabtext.errors import InputError, unknown_name
from tabtext.values import Date, Kind, Value, as_year, clock_time, date_key, parse_value


class NothingComparableError(Exception):
    """No cell of a column can be compared with a limit, so that nobody knows which are more."""


class Match(NamedTuple):
    """The rows that a condition picks, in order, and the column that it looks at."""

    rows: list[int]
    column: ColumnView


def select(condition: Call, view: TableView) -> Match:
    """The rows that meet a condition; rows that sum up others only where no other row does."""
    test = CONDITIONS.get(condition.name)
    if test is None:
        raise unknown_name("condition", condition.name, CONDITIONS)
    header, *values = map(str, condition.arguments)
    column = view.named(header)
    if column is None:
        raise InputError(f"The condition {condition} names a column that the table does not have.")
    return Match(test(view, column, *values), column)


def _equals(view: TableView, column: ColumnView, text: str) -> list[int]:
    rows = column.rows_of.get(fold(text), [])
    in_body = view.in_body
    if len(in_body) == len(column.keys):
        return rows
    return [row for row in rows if row in in_body] or rows


def _compares(wanted: Callable[[float, float], bool]) -> Callable[[TableView, ColumnView, str], list[int]]:
    def compares(view: TableView, column: ColumnView, text: str) -> list[int]:
        limit = parse_value(text)
        if (time := clock_time(text)) is not None:
            times = ((row, clock_time(column.texts[row])) for row in _sort_keys(view, column, None))
            return [row for row, its in times if its is not None and wanted(its, time)]
        number = limit.number
        comparable = list(_comparable(view, column, limit)) if limit.kind is Kind.NUMBER else []
        if not comparable:
            raise NothingComparableError
        return [row for row, value in comparable if wanted(value.number, number)]

    return compares


def _between(view: TableView, column: ColumnView, low: str, high: str) -> list[int]:
    first, last = parse_value(low), parse_value(high)
    if column.kind is Kind.DATE:
        reached = set(_dated(_not_after)(view, column, high))
        return [row for row in _dated(_not_before)(view, column, low) if row in reached]
    if first.kind is not Kind.NUMBER or last.kind is not Kind.NUMBER:
        return []
    return [row for row, value in _comparable(view, column, first) if first.number <= value.number <= last.number]


def _comparable(view: TableView, column: ColumnView, limit: Value) -> Iterable[tuple[int, Value]]:
    """The rows whose number may be compared with a limit: one unit, or none given."""
    for row in view.body:
        value = column.values[row]
        if value.kind is Kind.NUMBER and limit.unit in ("", value.unit or column.noun.note):
            yield row, value


def _dated(wanted: Callable[[float, float], bool]) -> Callable[[TableView, ColumnView, str], list[int]]:
    def dated(view: TableView, column: ColumnView, text: str) -> list[int]:
        limit = as_date(text)
        if limit is None:
            return []
        rows = []
        for row in view.body:
            date = column.values[row].date
            if date and (keys := same_precision(date, limit)) and wanted(*keys):
                rows.append(row)
        return rows

    return dated


def _spelled(test: Callable[[str, str], bool]) -> Callable[[TableView, ColumnView, str], list[int]]:
    def spelled(view: TableView, column: ColumnView, text: str) -> list[int]:
        part = fold(text)
        return [row for row in view.body if column.keys[row] and test(column.keys[row], part)]

    return spelled


def _not_before(date: float, limit: float) -> bool:
    return date >= limit


def _not_after(date: float, limit: float) -> bool:
    return date <= limit


CONDITIONS: dict[str, Callable[..., list[int]]] = {
    "equals": _equals,
    "above": _compares(lambda number, limit: number > limit),
    "below": _compares(lambda number, limit: number < limit),
    "between": _between,
    "before": _dated(lambda date, limit: date < limit),
    "after": _dated(lambda date, limit: date > limit),
    "starts": _spelled(str.startswith),
    "ends": _spelled(str.endswith),
    "contains": _spelled(str.__contains__),
}
"""The conditions of a program, by the names of the grammar's rules."""


def as_date(text: str) -> Date | None:
    """The date that a text is, a bare year included."""
    value = parse_value(text)
    year = as_year(value)
    return value.date or (year.date if year else None)


def same_precision(one: Date, other: Date) -> tuple[float, float] | None:
    """Two dates as numbers that sort, as precise as the less precise of them; None where a year is missing."""
    if not one.year or not other.year:
        return None
    if not one.month or not other.month:
        return one.year, other.year
    if not one.day or not other.day:
        return date_key(one._replace(day=0)), date_key(other._replace(day=0))
    return date_key(one), date_key(other)


def ordering(view: TableView, column: ColumnView, rows: Iterable[int] | None = None) -> dict[int, float]:
    """Rows with a number that sorts them by a column; empty where some cannot be put in order.

    Numbers need one unit. Dates need a year, and none may lie within another that is less precise.
    """
    keys = _sort_keys(view, column, rows)
    if column.kind is Kind.DATE and _any_within_another([column.values[row].date or Date(0) for row in keys]):
        return {}
    return keys


def at_the_end(view: TableView, column: ColumnView, highest: bool, rows: Iterable[int] | None = None) -> list[int]:
    """The rows with a column's highest or lowest number or date; none where another may be as high or as low."""
    keys = _sort_keys(view, column, rows)
    if not keys:
        return []
    best = max(keys.values()) if highest else min(keys.values())
    ends = [row for row in keys if keys[row] == best]
    date = column.values[ends[0]].date
    if date and any(key != best and in_doubt(date, column.values[row].date) for row, key in keys.items()):
        return []
    return ends


def in_doubt(one: Date, other: Date | None) -> bool:
    """Whether nobody can say which of two different dates is the earlier: 5 May 1881 or `1881`."""
    keys = same_precision(one, other) if other else None
    return keys is not None and keys[0] == keys[1] and one != other


def _sort_keys(view: TableView, column: ColumnView, rows: Iterable[int] | None) -> dict[int, float]:
    """Rows with their numbers in one unit, or dates or times as numbers; empty where a cell says something else."""
    said = [row for row in (view.body if rows is None else rows) if column.keys[row]]
    values = [column.values[row] for row in said]
    if column.kind is Kind.TEXT:
        times = {row: time for row in said if (time := clock_time(column.texts[row])) is not None}
        return times if len(times) == len(said) else {}
    if column.kind is Kind.NUMBER:
        figures = in_one_unit(values) if all(value.kind is Kind.NUMBER for value in values) else None
        return dict(zip(said, figures, strict=True)) if figures else {}
    fit = column.kind is Kind.DATE and all(value.date and value.date.year for value in values)
    return {row: value.number for row, value in zip(said, values, strict=True)} if fit else {}


def _any_within_another(dates: Sequence[Date]) -> bool:
    """Whether a date lies in the month or year that a less precise one names."""
    vague = {date for date in dates if not date.day}
    return bool(vague) and any(
        (date.month and Date(date.year) in vague) or (date.day and Date(date.year, date.month) in vague)
        for date in dates
    )
