"""What a table's columns are good for: which names its rows, which can be added up, ordered, counted or asked for."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise

from gentap.conditions import ordering
from gentap.header_words import NO_MEASURE, NO_SUM
from gentap.units import SCALES, convertible
from gentap.view import ColumnView, TableView
from tabtext.values import Kind

LONGEST_VALUE = 60
"""Letters of the longest value that a question quotes."""


Ordered = tuple[ColumnView, list[int], dict[int, float]]
"""A column of numbers or dates, its rows from the lowest to the highest, and what sorts each row."""


class Profile:
    """The columns of a table by use. All lists hold named columns, and rows that are no totals of others."""

    def __init__(self, view: TableView) -> None:
        self.view = view
        self.rows = view.body
        self.named = [column for column in view.columns if column.noun.text and column.rows_of]
        self.key, self.entities = self._key()
        self.others = [column for column in self.named if column is not self.key]

    def _key(self) -> tuple[ColumnView | None, list[int]]:
        """The column whose values name rows, and the rows that are named by a value which occurs nowhere else."""
        best: tuple[float, ColumnView | None, list[int]] = (0.0, None, [])
        for place, column in enumerate(self.named):
            rows = self._entities(column)
            if len(rows) < max(2, 0.6 * len(self.rows)):
                continue
            liking = {Kind.TEXT: 3.0, Kind.DATE: 1.0}.get(column.kind, 0.0) * len(rows) / len(self.rows)
            liking *= 1.0 if column.noun.plural or place == 0 else 0.6
            liking *= 0.9**place
            if liking > best[0]:
                best = (liking, column, rows)
        return best[1], best[2]

    def _entities(self, column: ColumnView) -> list[int]:
        owners, rows_of, keys = self.view.owners, column.rows_of, column.keys
        return [
            row
            for row in self.rows
            if (key := keys[row])
            and len(rows_of[key]) == 1
            and owners[key] == column.index
            and len(key) <= LONGEST_VALUE
            and not (column.kind is Kind.TEXT and len(key) < 2)
        ]

    @cached_property
    def measures(self) -> list[Ordered]:
        """Columns of numbers that say how much, with their rows from the lowest number to the highest."""
        return self._ordered(Kind.NUMBER)

    @cached_property
    def dated(self) -> list[Ordered]:
        """Columns of dates with years, with their rows from the earliest to the latest."""
        return self._ordered(Kind.DATE)

    def _ordered(self, kind: Kind) -> list[Ordered]:
        found = []
        for column in self.named:
            if column.kind is not kind or (kind is Kind.NUMBER and not is_measure(column)):
                continue
            keys = ordering(self.view, column)
            if len(keys) >= 2 and len(set(keys.values())) >= 2 and not (kind is Kind.NUMBER and _is_index(keys)):
                found.append((column, sorted(keys, key=keys.__getitem__), keys))
        return found

    @cached_property
    def additive(self) -> list[ColumnView]:
        """Columns whose numbers may be added up, and are all there."""
        full = len(self.rows)
        return [column for column, rows, _ in self.measures if len(rows) == full and is_additive(column)]

    @cached_property
    def categories(self) -> list[tuple[ColumnView, list[tuple[str, list[int]]]]]:
        """Columns with a value that several rows share: each with its values, as written, and their rows."""
        found = []
        for column in self.named:
            if column.kind not in (Kind.TEXT, Kind.DATE) and column.noun.counts is False:
                continue
            groups = self.groups(column)
            if len(groups) >= 2 and any(len(rows) >= 2 for _, rows in groups):
                found.append((column, groups))
        return found

    def groups(self, column: ColumnView) -> list[tuple[str, list[int]]]:
        """A column's values that a question may quote, each with its rows."""
        in_body = self.view.in_body
        found = []
        for key, rows in column.rows_of.items():
            kept = [row for row in rows if row in in_body]
            if kept and len(key) <= LONGEST_VALUE:
                found.append((column.texts[rows[0]], kept))
        return found

    @cached_property
    def texts(self) -> list[ColumnView]:
        """Columns of text."""
        return [column for column in self.named if column.kind is Kind.TEXT]

    @cached_property
    def converted(self) -> list[tuple[ColumnView, list[str]]]:
        """Columns of numbers with the other units or scales in which one can ask for them."""
        found = []
        for column, rows, _ in self.measures:
            units = [] if column.noun.counts else list(convertible(column.unit or column.noun.note))
            most = max(abs(column.values[row].number) for row in rows)
            if not units and not (column.unit and column.unit.strip(".").isalpha()) and is_additive(column):
                units = [name for name, size in SCALES.items() if size <= most < 10_000 * size]
            if units:
                found.append((column, units))
        return found


def is_measure(column: ColumnView) -> bool:
    """Whether a column's numbers say how much of something there is, not which one it is."""
    name = column.noun.text.lower()
    return name[0].isalpha() and not NO_MEASURE & set(name.split())


def _is_index(keys: dict[int, float]) -> bool:
    """Whether the numbers count the rows: 1, 2, 3 …, up or down."""
    numbers = list(keys.values())
    steps = {after - before for before, after in pairwise(numbers)}
    return len(numbers) > 2 and steps in ({1.0}, {-1.0})


def is_additive(column: ColumnView) -> bool:
    """Whether the sum of a column's numbers means something."""
    return "%" not in column.unit and "%" not in column.noun.note and not NO_SUM & set(column.noun.text.lower().split())
