"""A table that questions are parsed about, and what is found in it once for all of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from gentap.grammar.alike import name_words
from gentap.grammar.flags import is_flag
from gentap.grammar.phrasing import phrasebook
from gentap.grammar.view import TableView
from gentap.parser.programs import Figures
from gentap.parser.shapes import shape_of
from gentap.parser.tokens import stem, tokens
from gentap.parser.words import WordVectors
from tabtext.matching import TableMatcher
from tabtext.table import Table
from tabtext.values import Kind, clock_time, parse_value

if TYPE_CHECKING:
    from gentap.parser.words import Floats

_NAMING = ("person", "names", "name", "place", "word", "text", "mixed", "other")
"""Forms of cells that may name rows; none of columns with few different texts."""
LARGEST, WIDEST = 30_000, 200
"""Cells and columns of the largest table that questions are parsed about: some seconds a question."""

_HOUR = re.compile(
    r"(?P<hour>\d{1,2})(?::(?P<minutes>[0-5]\d))?(?: ?(?P<half>[ap])\.?m\.?)?(?: o'clock)?", re.IGNORECASE
)


def too_large(table: Table) -> str:
    """Why questions are not parsed about a table; nothing where they are."""
    if table.width <= WIDEST and len(table) * table.width <= LARGEST:
        return ""
    size = f"{len(table):,} rows and {table.width:,} columns"
    return f"The table has {size}; the parser reads {LARGEST:,} cells in {WIDEST} columns at most."


class About:
    """A table that questions are asked about, and what is found in it once for all of them."""

    def __init__(self, table: Table, matcher: TableMatcher | None = None) -> None:
        self.table = table
        self.view = TableView(table, phrasebook().words)
        self.matcher = matcher or TableMatcher(table)
        self.figures = Figures(self.view)
        self.flags = [column for column in range(table.width) if is_flag(table, column)]
        self.headers = [[stem(word) for word in name_words(name)] for name in table.header]

    @cached_property
    def shapes(self) -> list[str]:
        """What the cells of every column look like: codes, names of people, times, money, …"""
        return ["flag" if column.index in self.flags else shape_of(column) for column in self.view.columns]

    @cached_property
    def subject(self) -> int:
        """The column that names what the table is about: the first of texts that are no codes, else the first."""
        texts = (place for place, shape in enumerate(self.shapes) if shape in _NAMING)
        return next(texts, 0)

    @cached_property
    def header_vectors(self) -> list[Floats]:
        """The vectors of the words of every column's name."""
        return [WordVectors.shipped().of([word.lower() for word in name_words(name)]) for name in self.table.header]

    @cached_property
    def words(self) -> dict[str, dict[int, frozenset[int]]]:
        """Words of cells without their endings: the columns, and the rows there, in which they stand."""
        index: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
        for column in self.view.columns:
            for row in self.view.body:
                for token in tokens(column.keys[row]):
                    index[token.stem][column.index].add(row)
        return {word: {column: frozenset(rows) for column, rows in places.items()} for word, places in index.items()}

    def comparable(self, text: str) -> Iterator[tuple[int, dict[int, float], float]]:
        """The columns whose figures may be compared with that of a text: their rows' numbers, and its own."""
        yield from self._times(text)
        limit = parse_value(text.rstrip(".,"))
        if limit.kind is not Kind.NUMBER:
            return
        for column in self.view.columns:
            numbers = self.figures.of(column.index)
            if not numbers:
                continue
            if column.kind is Kind.DATE:
                if 1000 <= limit.number <= 2199:
                    years = {
                        row: float(date.year) for row in numbers if (date := column.values[row].date) and date.year
                    }
                    yield column.index, years, limit.number
            else:
                yield column.index, numbers, limit.number

    def _times(self, text: str) -> Iterator[tuple[int, dict[int, float], float]]:
        """The columns of times of day, where a text may be one: `10`, `6 pm`, `9:30`."""
        said = _HOUR.fullmatch(text.strip(".,"))
        if not said or int(said["hour"]) > 24:
            return
        for column in self.view.columns:
            if not self.shapes[column.index].startswith("time"):
                continue
            numbers = self.figures.of(column.index)
            halves = any(key.rstrip(".").endswith("m") for key in column.rows_of)
            hour, half = int(said["hour"]), (said["half"] or "").lower()
            if not halves and half:
                hour = hour % 12 + (12 if half == "p" else 0)
            written = f"{hour}:{said['minutes'] or '00'}{f' {half}m' if halves and half else ''}"
            limit = clock_time(written)
            if numbers and limit is not None and not (halves and not half):
                yield column.index, numbers, limit
