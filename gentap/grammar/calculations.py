"""Operations over numbers and dates: sums, averages, extremes, ranks, and what two rows differ by."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from math import inf

from gentap.grammar.conditions import Match, at_the_end, in_doubt, ordering, same_precision
from gentap.grammar.english import PLAIN, ordinal
from gentap.grammar.results import NO_ANSWER, Result, cells_of, percent, select_cells
from gentap.grammar.units import convert, format_converted
from gentap.grammar.view import ColumnView, TableView
from tabtext.values import Kind, clock_time


def _numbers(view: TableView, column: ColumnView, rows: Iterable[int]) -> list[int]:
    """The rows with something to compute with; empty where a cell that says something cannot be computed with."""
    said = [row for row in rows if column.keys[row]]
    units = {column.values[row].unit for row in said}
    if len(units) > 1 or any(column.values[row].kind is not Kind.NUMBER for row in said):
        return []
    return said


def _with_rest(view: TableView) -> list[int]:
    return sorted({*view.body, *view.rest}) if view.rest else view.body


def aggregate(total: Callable[[ColumnView, list[float]], str]) -> Callable[..., Result]:
    """The operation that makes one text of a column's numbers, over all rows or those of a condition.

    A sum counts in what a row says of all that is not listed; an average does not.
    """

    def aggregate(view: TableView, column: ColumnView, *arguments: Match | ColumnView) -> Result:
        among = arguments[-1].rows if arguments and isinstance(arguments[-1], Match) else None
        everything = _with_rest(view) if total is add_up else view.body
        rows = _numbers(view, column, among if among is not None else everything)
        if not rows:
            return NO_ANSWER
        return Result((total(column, [column.values[row].number for row in rows]),), support=cells_of(rows, column))

    return aggregate


def add_up(column: ColumnView, numbers: list[float]) -> str:
    """The sum, as the column writes numbers."""
    return column.style.format(sum(numbers))


def average(column: ColumnView, numbers: list[float]) -> str:
    """The average, with up to two decimals more than the column has."""
    return column.style.format(sum(numbers) / len(numbers), more_decimals=2)


def extreme(highest: bool) -> Callable[..., Result]:
    """The operation that gives the cells with a column's highest or lowest number or date."""

    def extreme(view: TableView, column: ColumnView) -> Result:
        rows = at_the_end(view, column, highest)
        return Result((column.cells[rows[0]],), cells_of(rows, column)) if rows else NO_ANSWER

    return extreme


# --- the row that stands out


def arg_extreme(highest: bool) -> Callable[..., Result]:
    """The operation that gives cells of the rows with the highest or lowest number or date, all rows or some."""

    def arg_extreme(view: TableView, asked: ColumnView, by: ColumnView, *named: Match | ColumnView) -> Result:
        among = named[-1] if named and isinstance(named[-1], Match) else None
        rows = at_the_end(view, by, highest, among.rows if among else None)
        if not rows:
            return NO_ANSWER
        support = [*cells_of(rows, by), *(cells_of(rows, among.column) if among else ())]
        return select_cells(view, asked, Match(rows, by))._replace(support=tuple(support))

    return arg_extreme


def of_extreme(highest: bool) -> Callable[..., Result]:
    """As `arg_extreme`, with the cells that name those rows as evidence."""

    def of_extreme(view: TableView, asked: ColumnView, known: ColumnView, by: ColumnView) -> Result:
        result = arg_extreme(highest)(view, asked, by)
        return result._replace(support=(*result.support, *cells_of([row for row, _ in result.cells], known)))

    return of_extreme


def nth(highest: bool) -> Callable[..., Result]:
    """The operation that gives a cell of the n-th highest or lowest row, where no two rows up to it are equal."""

    def nth(view: TableView, asked: ColumnView, by: ColumnView, place: str) -> Result:
        keys = ordering(view, by)
        ranked = sorted(keys.values(), reverse=highest)
        if not place.isdecimal() or not 1 <= int(place) <= len(ranked):
            return NO_ANSWER
        known = ranked[: int(place) + 1]
        if len(set(known)) < len(known):
            return NO_ANSWER
        rows = [row for row in keys if keys[row] == ranked[int(place) - 1]]
        return select_cells(view, asked, Match(rows, by))

    return nth


def rank_of(view: TableView, by: ColumnView, known: Match) -> Result:
    """The place of a row, counted from the highest number."""
    keys = ordering(view, by)
    if len(known.rows) != 1 or known.rows[0] not in keys:
        return NO_ANSWER
    place = 1 + sum(number > keys[known.rows[0]] for number in keys.values())
    return Result((ordinal(place),), support=cells_of(known.rows, by))


# --- two rows


def two(view: TableView, by: ColumnView, first: Match, second: Match) -> tuple[float, float] | None:
    """What two rows have in a column of numbers with one unit, of times, or of dates that are not in doubt."""
    if len(first.rows) != 1 or len(second.rows) != 1:
        return None
    one, other = by.values[first.rows[0]], by.values[second.rows[0]]
    if one.kind is Kind.DATE and other.kind is Kind.DATE and one.date and other.date:
        return None if in_doubt(one.date, other.date) else same_precision(one.date, other.date)
    if one.kind is Kind.NUMBER and other.kind is Kind.NUMBER and one.unit == other.unit:
        return one.number, other.number
    times = clock_time(by.texts[first.rows[0]]), clock_time(by.texts[second.rows[0]])
    return (times[0], times[1]) if times[0] is not None and times[1] is not None else None


def compared(wanted: Callable[[float, float], bool]) -> Callable[..., Result]:
    """The operation that gives the cell of the one of two rows that is wanted."""

    def compared(view: TableView, asked: ColumnView, by: ColumnView, first: Match, second: Match) -> Result:
        numbers = two(view, by, first, second)
        if not numbers or numbers[0] == numbers[1]:
            return NO_ANSWER
        rows = first.rows if wanted(*numbers) else second.rows
        result = select_cells(view, asked, Match(rows, by))
        return result._replace(support=cells_of([*first.rows, *second.rows], by))

    return compared


def of_two(answer: Callable[[ColumnView, float, float], str | None]) -> Callable[..., Result]:
    """The operation that makes one text of two rows' numbers."""

    def of_two(view: TableView, by: ColumnView, first: Match, second: Match) -> Result:
        numbers = two(view, by, first, second) if by.kind is Kind.NUMBER else None
        text = answer(by, *numbers) if numbers else None
        return Result((text,), support=cells_of([*first.rows, *second.rows], by)) if text else NO_ANSWER

    return of_two


def difference(by: ColumnView, one: float, other: float) -> str:
    """The difference, as the column writes numbers."""
    return by.style.format(abs(one - other))


def excess(by: ColumnView, one: float, other: float) -> str:
    """By how much the first is higher than the second."""
    return by.style.format(one - other)


def ratio(by: ColumnView, one: float, other: float) -> str | None:
    """The first divided by the second, with up to two decimals."""
    return PLAIN.format(one / other, more_decimals=2) if other > 0 and one / other >= 0.01 else None


def share(view: TableView, by: ColumnView, known: Match) -> Result:
    """What percentage of a column's sum one row has."""
    rows = _numbers(view, by, _with_rest(view))
    whole = sum(by.values[row].number for row in rows)
    if len(known.rows) != 1 or known.rows[0] not in rows or not 0 < whole < inf:
        return NO_ANSWER
    return Result((percent(by.values[known.rows[0]].number / whole),), support=cells_of([*known.rows, *rows], by))


def time_between(days: bool) -> Callable[..., Result]:
    """The operation that counts the days or years between the dates of two rows."""

    def time_between(view: TableView, by: ColumnView, first: Match, second: Match) -> Result:
        if len(first.rows) != 1 or len(second.rows) != 1:
            return NO_ANSWER
        one, other = by.values[first.rows[0]].date, by.values[second.rows[0]].date
        if one is None or other is None or not one.year or not other.year:
            return NO_ANSWER
        try:
            apart = (date(*one) - date(*other)).days if days else one.year - other.year
        except ValueError:
            return NO_ANSWER
        return Result((PLAIN.format(abs(apart)),), support=cells_of([*first.rows, *second.rows], by))

    return time_between


def in_unit(view: TableView, by: ColumnView, known: Match, wanted: str) -> Result:
    """A row's number in another unit or scale."""
    value = by.values[known.rows[0]] if len(known.rows) == 1 else None
    if value is None or value.kind is not Kind.NUMBER:
        return NO_ANSWER
    number = convert(value.number, value.unit or by.noun.note, wanted)
    return NO_ANSWER if number is None else Result((format_converted(number),), support=cells_of(known.rows, by))


def higher(one: float, other: float) -> bool:
    """Whether the first is higher."""
    return one > other


def lower(one: float, other: float) -> bool:
    """Whether the first is lower."""
    return one < other
