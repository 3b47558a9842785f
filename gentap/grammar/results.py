"""What a program gives, and the pieces that operations make it from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gentap.grammar.conditions import Match
from gentap.grammar.english import half_up
from gentap.grammar.view import ColumnView, TableView
from tabtext.table import Cell

NOTHING: tuple[Cell, ...] = ()


class Result(NamedTuple):
    """What a program gives: the answer's texts, the cells that they are if they are cells, and the cells behind them.

    An empty answer says that the table does not hold one.
    """

    answer: tuple[str, ...]
    cells: tuple[Cell, ...] = NOTHING
    support: tuple[Cell, ...] = NOTHING

    @property
    def evidence(self) -> list[Cell]:
        """The cells of the answer, then those behind it, each once."""
        return list(dict.fromkeys((*self.cells, *self.support)))

    @property
    def single_cell(self) -> bool:
        """Whether the answer is the text of exactly one cell."""
        return len(self.cells) == 1 and len(self.answer) == 1


NO_ANSWER = Result(())


def cells_of(rows: Iterable[int], column: ColumnView) -> tuple[Cell, ...]:
    """The cells of these rows in one column."""
    places = column.places
    return tuple([places[row] for row in rows])


def select_cells(view: TableView, asked: ColumnView, *matches: Match) -> Result:
    """The cells of a column in the rows that meet all conditions."""
    rows = common_rows(matches)
    answering = [row for row in rows if asked.keys[row]]
    answer = tuple(dict.fromkeys(asked.cells[row] for row in answering))
    return Result(answer, cells_of(answering, asked), support_of(matches, rows))


def common_rows(matches: Sequence[Match]) -> list[int]:
    """The rows that all conditions pick, in order."""
    rows = matches[0].rows
    for match in matches[1:]:
        others = set(match.rows)
        rows = [row for row in rows if row in others]
    return rows


def support_of(matches: Sequence[Match], rows: Sequence[int]) -> tuple[Cell, ...]:
    """The cells that conditions look at in these rows."""
    if len(matches) == 1:
        return cells_of(rows, matches[0].column)
    return tuple([match.column.places[row] for row in rows for match in matches])


def percent(ratio: float) -> str:
    """A ratio in percent with one decimal, where it needs one."""
    return f"{half_up(100 * ratio, 1):.1f}".removesuffix(".0") + "%"
