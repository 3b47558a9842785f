"""What a table's columns are good for: which names its rows, which can be added up, ordered, counted or asked for."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise

from gentap.grammar.conditions import ordering
from gentap.grammar.consistency import NO_VALUES, can_be_counted, fits_header, stands_alone
from gentap.grammar.header_words import NO_CATEGORY, NO_MEASURE, NO_NAME, NO_SUM
from gentap.grammar.units import SCALES, convertible
from gentap.grammar.view import ColumnView, TableView
from tabtext.values import Kind

LONGEST_VALUE = 60
"""Letters of the longest value that a question quotes."""

MOST_WORDS = 8
"""Words of the longest value that a question quotes."""

_NO_NAMES = ("at ", "vs ", "vs. ", "v ", "@", "(", "#", "+", "-", "–", "−", "±", "$", "£", "€")
"""Beginnings of values that no question can use as a name: `at Georgia Tech`."""


Ordered = tuple[ColumnView, list[int], dict[int, float]]
"""A column of numbers or dates, its rows from the lowest to the highest, and what sorts each row."""


class Profile:
    """The columns of a table by use. All lists hold named columns, and rows that are no totals of others."""

    def __init__(self, view: TableView) -> None:
        self.view = view
        self.rows = view.body
        self._groups: dict[int, list[tuple[str, list[int]]]] = {}
        self._alone: dict[tuple[int, str], bool] = {}
        self.named = [c for c in view.columns if c.noun.text and c.rows_of and fits_header(c)]
        self.key, self.entities = self._key()
        self.others = [column for column in self.named if column is not self.key]
        self.described = [c for c in self.others if c.noun.known] or self.others

    def _key(self) -> tuple[ColumnView | None, list[int]]:
        """The column whose values name rows, and the rows that are named by a value which occurs nowhere else."""
        best: tuple[float, ColumnView | None, list[int]] = (0.0, None, [])
        for place, column in enumerate(self.named):
            most = {Kind.TEXT: 3.0, Kind.DATE: 1.0}.get(column.kind, 0.0) * 0.9**place
            most *= 1.0 if column.noun.plural or place == 0 else 0.6
            most *= 1.0 if column.noun.known else 0.6
            if most <= best[0] or _names_nothing(column):
                continue
            rows = self._entities(column)
            if len(rows) < max(2, 0.6 * len(self.rows)):
                continue
            liking = most * len(rows) / len(self.rows)
            if liking > best[0]:
                best = (liking, column, rows)
        return best[1], best[2]

    def _entities(self, column: ColumnView) -> list[int]:
        owners, rows_of, keys = self.view.owners, column.rows_of, column.keys
        doubled = {key.partition(" (")[0] for key in rows_of if key[-1] == ")"}
        return [
            row
            for row in self.rows
            if (key := keys[row])
            and len(rows_of[key]) == 1
            and key not in doubled
            and owners[key] == column.index
            and may_be_quoted(column, row)
            and not (column.kind is Kind.TEXT and (len(key) < 2 or key.startswith(_NO_NAMES)))
        ]

    @cached_property
    def named_rows(self) -> frozenset[int]:
        """The rows of `entities`, to look up."""
        return frozenset(self.entities)

    @cached_property
    def measures(self) -> list[Ordered]:
        """Columns of numbers that say how much, one in each row, with their rows from the lowest to the highest."""
        return self._ordered(Kind.NUMBER)

    @cached_property
    def dated(self) -> list[Ordered]:
        """Columns of dates with years, one in each row, with their rows from the earliest to the latest."""
        return self._ordered(Kind.DATE)

    @cached_property
    def ordered(self) -> list[Ordered]:
        """The `measures`, then the columns of dates."""
        return [*self.measures, *self.dated]

    @cached_property
    def ranked(self) -> list[Ordered]:
        """The columns of `ordered` in which every one of four rows or more has a place of its own."""
        return [item for item in self.ordered if len(set(item[2].values())) == len(item[1]) >= 4]

    @cached_property
    def bare_years(self) -> list[Ordered]:
        """The columns of dates that write nothing but years."""
        return [item for item in self.dated if all(len(text) == 4 or not text for text in item[0].texts)]

    def _ordered(self, kind: Kind) -> list[Ordered]:
        found, rows = [], len(self.rows)
        for column in self.named:
            if column.kind is not kind or (kind is Kind.NUMBER and not is_measure(column)):
                continue
            keys = ordering(self.view, column)
            if (
                rows == len(keys) >= 2
                and len(set(keys.values())) >= 2
                and not (kind is Kind.NUMBER and _is_index(keys))
            ):
                found.append((column, sorted(keys, key=keys.__getitem__), keys))
        return found

    @cached_property
    def telling(self) -> list[ColumnView]:
        """Columns of text or dates whose values are mostly different, and that name something."""
        return [
            column
            for column in self.named
            if column.kind in (Kind.TEXT, Kind.DATE)
            and column.noun.known
            and not column.noun.is_plural
            and not _names_nothing(column)
            and len(column.rows_of) > 0.8 * len(self.rows)
        ]

    @cached_property
    def additive(self) -> list[ColumnView]:
        """Columns whose numbers may be added up."""
        return [column for column, _, _ in self.measures if is_additive(column)]

    @cached_property
    def categories(self) -> list[tuple[ColumnView, list[tuple[str, list[int]]]]]:
        """Columns with a value that several rows share, named by nouns where there are some.

        Each comes with its values, as written, and their rows.
        """
        found = []
        for column in self.named:
            if column.kind not in (Kind.TEXT, Kind.DATE) and column.noun.counts is False:
                continue
            if column.noun.text in NO_CATEGORY:
                continue
            if len(column.rows_of) + column.keys.count("") == len(column.keys):
                continue
            groups = self.groups(column)
            if len(groups) >= 2 and any(len(rows) >= 2 for _, rows in groups):
                found.append((column, groups))
        return [item for item in found if item[0].noun.known] or found

    @cached_property
    def countable(self) -> list[tuple[ColumnView, list[tuple[str, list[int]]]]]:
        """The `categories` whose different values are different things."""
        return [item for item in self.categories if can_be_counted(item[0])]

    @cached_property
    def sorts(self) -> list[tuple[ColumnView, int]]:
        """The columns of `countable` that hold text and have a plural, with how many values they have."""
        return [(c, len(groups)) for c, groups in self.countable if c.kind is Kind.TEXT and c.noun.plural]

    @cached_property
    def shared(self) -> dict[int, list[tuple[str, list[int]]]]:
        """The values of each of the `categories`, by its index, that several rows share."""
        return {column.index: [group for group in groups if len(group[1]) > 1] for column, groups in self.categories}

    def stands_alone(self, column: ColumnView, key: str) -> bool:
        """Whether no other cell of a column names this value beside others; judged once."""
        alone = self._alone.get((column.index, key))
        if alone is None:
            alone = self._alone[column.index, key] = stands_alone(column, key)
        return alone

    def groups(self, column: ColumnView) -> list[tuple[str, list[int]]]:
        """A column's values that a question may quote, each with its rows; found once."""
        groups = self._groups.get(column.index)
        if groups is None:
            groups = self._groups[column.index] = self._quotable(column)
        return groups

    def _quotable(self, column: ColumnView) -> list[tuple[str, list[int]]]:
        """The same, found."""
        in_body = self.view.in_body
        all_rows = len(in_body) == len(self.view.table)
        found = []
        for rows in column.rows_of.values():
            kept = rows if all_rows else [row for row in rows if row in in_body]
            if kept and may_be_quoted(column, rows[0]):
                found.append((column.texts[rows[0]], kept))
        return found

    @cached_property
    def texts(self) -> list[ColumnView]:
        """Columns of text, named by nouns where there are some."""
        texts = [column for column in self.named if column.kind is Kind.TEXT]
        return [column for column in texts if column.noun.known] or texts

    @cached_property
    def converted(self) -> list[tuple[ColumnView, list[str]]]:
        """Columns of numbers with the other units or scales in which one can ask for them."""
        found = []
        for column, rows, _ in self.measures:
            units = [] if column.noun.counts else list(convertible(column.unit or column.noun.note))
            most = max(abs(column.values[row].number) for row in rows)
            plain = not column.noun.note and not column.unit.strip(".").isalpha()
            if not units and plain and is_additive(column):
                units = [name for name, size in SCALES.items() if size <= most < 10_000 * size]
            if units:
                found.append((column, units))
        return found


def may_be_quoted(column: ColumnView, row: int) -> bool:
    """Whether a question can quote what a row says in a column: it says something, in few words, on one line."""
    key = column.keys[row]
    return (
        0 < len(key) <= LONGEST_VALUE
        and key not in NO_VALUES
        and key.count(" ") < MOST_WORDS
        and "\n" not in column.cells[row]
    )


def _names_nothing(column: ColumnView) -> bool:
    """Whether the values of a column describe rows, but are no names for them."""
    head = column.noun.text.lower().split()[-1]
    if not column.noun.text[0].isalpha():
        return True
    return column.kind is not Kind.DATE and (head in NO_NAME or head.removesuffix("s") in NO_NAME)


def is_measure(column: ColumnView) -> bool:
    """Whether a column's numbers say how much of something there is, not which one it is."""
    return column.noun.known and not NO_MEASURE & set(column.noun.text.lower().split())


def _is_index(keys: dict[int, float]) -> bool:
    """Whether the numbers count the rows: 1, 2, 3 …, up or down."""
    numbers = list(keys.values())
    steps = {after - before for before, after in pairwise(numbers)}
    return len(numbers) > 2 and steps in ({1.0}, {-1.0})


def is_additive(column: ColumnView) -> bool:
    """Whether the sum of a column's numbers means something."""
    return "%" not in column.unit and "%" not in column.noun.note and not NO_SUM & set(column.noun.text.lower().split())
