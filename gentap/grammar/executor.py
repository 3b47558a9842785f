"""Running a program on a table: one method per operation of `grammars/question.lark`, by the same name.

Nothing is evaluated but these methods; values of the program are only ever compared with cells.
"""

from __future__ import annotations

from collections.abc import Callable

from gentap.grammar.calculations import (
    add_up,
    aggregate,
    arg_extreme,
    average,
    compared,
    difference,
    excess,
    extreme,
    higher,
    in_unit,
    lower,
    nth,
    of_extreme,
    of_two,
    rank_of,
    ratio,
    share,
    time_between,
    two,
)
from gentap.grammar.conditions import Match, NothingComparableError, select
from gentap.grammar.programs import Call
from gentap.grammar.results import NO_ANSWER, Result, cells_of, percent, select_cells
from gentap.grammar.view import ColumnView, TableView
from tabtext.errors import InputError
from tabtext.table import Cell


def execute(program: Call, view: TableView) -> Result:
    """The result of a program; one that asks for what the table cannot give has no answer.

    Raises InputError for a program with an unknown operation, column or number of arguments.
    """
    method = OPERATIONS.get(program.name)
    if method is None:
        raise InputError(f"Unknown operation {program.name!r}; known: {', '.join(sorted(OPERATIONS))}.")
    values = program.arguments[-1:] if program.name in TAKES_A_VALUE else ()
    try:
        arguments = [_argument(one, view) for one in program.arguments[: len(program.arguments) - len(values)]]
        return method(view, *arguments, *values)
    except NothingComparableError:
        return NO_ANSWER
    except (TypeError, AttributeError, AssertionError):
        raise InputError(f"The program {program} has arguments of the wrong kind or number.") from None


def _argument(argument: Call | str, view: TableView) -> Match | ColumnView:
    if isinstance(argument, Call):
        return select(argument, view)
    column = view.named(argument)
    if column is None:
        raise InputError(f"The program names a column {argument!r} that the table does not have.")
    return column


# --- cells of the rows that meet conditions


def _exception(view: TableView, asked: ColumnView, known: Match, match: Match) -> Result:
    rows = [row for row in match.rows if row not in known.rows]
    if len(rows) == len(match.rows):
        return NO_ANSWER
    return select_cells(view, asked, Match(rows, match.column))


def _values(view: TableView, asked: ColumnView) -> Result:
    rows = _first_rows(view, asked)
    return Result(tuple(asked.cells[row] for row in rows), cells_of(rows, asked))


def _first_rows(view: TableView, column: ColumnView) -> list[int]:
    """The first row of each value of a column."""
    firsts = {column.keys[row]: row for row in reversed(view.body) if column.keys[row]}
    return sorted(firsts.values())


def _same_as(view: TableView, asked: ColumnView, shared: ColumnView, known: Match) -> Result:
    if len(known.rows) != 1:
        return NO_ANSWER
    here = known.rows[0]
    rows = [row for row in shared.rows_of.get(shared.keys[here], ()) if row != here and row in view.in_body]
    return select_cells(view, asked, Match(rows, shared))._replace(support=cells_of([here, *rows], shared))


def _neighbour(step: int) -> Callable[..., Result]:
    def neighbour(view: TableView, asked: ColumnView, known: Match) -> Result:
        if len(known.rows) != 1 or not 0 <= (row := known.rows[0] + step) < len(view.table) or not asked.keys[row]:
            return NO_ANSWER
        return Result((asked.cells[row],), cells_of([row], asked), cells_of(known.rows, known.column))

    return neighbour


# --- counting


def _count(view: TableView, *arguments: Match | ColumnView) -> Result:
    match = arguments[-1]
    assert isinstance(match, Match)
    return Result((str(len(match.rows)),), support=cells_of(match.rows, match.column))


def _count_without(view: TableView, *arguments: Match | ColumnView) -> Result:
    match = arguments[-1]
    assert isinstance(match, Match)
    rows = _without(view, match)
    return Result((str(len(rows)),), support=cells_of(rows, match.column))


def _without(view: TableView, match: Match) -> list[int]:
    """The rows that do not meet a condition; what says nothing does not meet it."""
    met = set(match.rows)
    return [row for row in view.body if row not in met]


def _negation(view: TableView, asked: ColumnView, match: Match) -> Result:
    return select_cells(view, asked, Match(_without(view, match), match.column))


def _distinct(view: TableView, column: ColumnView) -> Result:
    rows = _first_rows(view, column)
    return Result((str(len(rows)),), support=cells_of(rows, column))


def _most_frequent(view: TableView, column: ColumnView) -> Result:
    in_body = view.in_body
    rows_of = {key: kept for key, rows in column.rows_of.items() if (kept := [row for row in rows if row in in_body])}
    most = max(map(len, rows_of.values()), default=0)
    winners = [rows for rows in rows_of.values() if len(rows) == most]
    if most < 2:
        return NO_ANSWER
    return Result(
        tuple(column.cells[rows[0]] for rows in winners),
        support=cells_of([row for rows in winners for row in rows], column),
    )


def _percentage(view: TableView, *arguments: Match | ColumnView) -> Result:
    match = arguments[-1]
    assert isinstance(match, Match)
    if not view.body:
        return NO_ANSWER
    return Result((percent(len(match.rows) / len(view.body)),), support=cells_of(match.rows, match.column))


# --- yes or no


def _yes(truth: bool, support: tuple[Cell, ...]) -> Result:
    return Result(("yes" if truth else "no",), support=support)


def _verify(view: TableView, known: Match, match: Match) -> Result:
    if len(known.rows) != 1 or not match.column.keys[known.rows[0]]:
        return NO_ANSWER
    return _yes(known.rows[0] in match.rows, cells_of(known.rows, match.column))


def _verify_compared(wanted: Callable[[float, float], bool]) -> Callable[..., Result]:
    def verify(view: TableView, by: ColumnView, first: Match, second: Match) -> Result:
        numbers = two(view, by, first, second)
        if not numbers:
            return NO_ANSWER
        return _yes(wanted(*numbers), cells_of([*first.rows, *second.rows], by))

    return verify


def _only(view: TableView, column: ColumnView, known: Match, match: Match) -> Result:
    if len(known.rows) != 1:
        return NO_ANSWER
    return _yes(match.rows == known.rows, cells_of(match.rows or known.rows, match.column))


def _share_at_least(part: Callable[[int, int], bool]) -> Callable[..., Result]:
    def enough(view: TableView, *arguments: Match | ColumnView) -> Result:
        match = arguments[-1]
        assert isinstance(match, Match)
        return (
            _yes(part(len(match.rows), len(view.body)), cells_of(view.body, match.column)) if view.body else NO_ANSWER
        )

    return enough


OPERATIONS: dict[str, Callable[..., Result]] = {
    **dict.fromkeys(
        ("lookup", "conjunction", "comparison", "range", "spelling", "dated_rows", "listing"), select_cells
    ),
    "negation": _negation,
    "exception": _exception,
    "values": _values,
    "same_as": _same_as,
    "previous": _neighbour(-1),
    "following": _neighbour(1),
    "count": _count,
    "count_without": _count_without,
    "distinct": _distinct,
    "most_frequent": _most_frequent,
    "percentage": _percentage,
    "sum": aggregate(add_up),
    "average": aggregate(average),
    **dict.fromkeys(("maximum", "latest"), extreme(True)),
    **dict.fromkeys(("minimum", "earliest"), extreme(False)),
    **dict.fromkeys(("argmax", "argmax_among"), arg_extreme(True)),
    **dict.fromkeys(("argmin", "argmin_among"), arg_extreme(False)),
    "of_argmax": of_extreme(True),
    "of_argmin": of_extreme(False),
    "nth_highest": nth(True),
    "nth_lowest": nth(False),
    "rank_of": rank_of,
    "larger": compared(higher),
    "smaller": compared(lower),
    "difference": of_two(difference),
    "excess": of_two(excess),
    "ratio": of_two(ratio),
    "share": share,
    "years_between": time_between(False),
    "days_between": time_between(True),
    "in_unit": in_unit,
    "verify": _verify,
    "verify_larger": _verify_compared(higher),
    "verify_smaller": _verify_compared(lower),
    "only": _only,
    "every": _share_at_least(lambda met, rows: met == rows),
    "most": _share_at_least(lambda met, rows: 2 * met > rows),
}
"""The operations of a program, by the names of the grammar's rules."""

TAKES_A_VALUE = frozenset(("nth_highest", "nth_lowest", "in_unit"))
"""Operations whose last argument is a value, not a column."""
