"""A table as the sequence a model reads, within a budget of tokens, and what had to be left out for it.

A linearisation is a list of `Piece`s: structure (a token such as `<row>`, which no text can ever become) and text as
written. Where the table is too large, the rows and columns that share rare words with the question stay.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import log
from typing import NamedTuple

from tabtext.errors import InputError, unknown_name
from tabtext.table import Cell, Table

TITLE, HEADER, ROW, CELL, VALUE = STRUCTURE = ("<title>", "<header>", "<row>", "<cell>", "<value>")
"""The structure tokens of a table, in the order in which they first appear."""

NEAR_ENDS, BANDS = 4, 8
"""Places at either end of a column's order that have a mark of their own, and marks for those between."""

HIGHS, MIDDLES, LOWS = (
    tuple(f"<{name}{i}>" for i in range(1, n + 1))
    for name, n in (("high", NEAR_ENDS), ("middle", BANDS), ("low", NEAR_ENDS))
)
ORDERS = (*HIGHS, *MIDDLES, *LOWS)
"""Structure tokens for a cell's place among the figures or dates of its column: from the highest, in eighths of what is
between, from the lowest. Only the style `ordered` writes them."""

FIRST_ROWS = 4
"""Rows that share most with the question, which stay before its neighbours and the ends of columns do."""

MAX_CELL_SHARE = 0.25
"""A cell longer than this share of the budget is cut."""

MAX_HEADER_SHARE = 0.5
"""Columns are dropped until the header takes at most this share of the budget."""

Lengths = Callable[[Sequence[str]], Sequence[int]]
"""The number of tokens of each text, for the tokenizer at hand."""


class Piece(NamedTuple):
    """A part of a linearisation: a structure token, or text, with the table's cell that it comes from, if any."""

    text: str
    is_structure: bool = False
    cell: Cell | None = None


class Cut(NamedTuple):
    """What was left out to fit: numbers of rows and columns dropped and of cells shortened. False when nothing was."""

    rows: int = 0
    columns: int = 0
    cells: int = 0

    def __bool__(self) -> bool:
        return any(self)

    def __str__(self) -> str:
        nouns = ("row", "column", "cell")
        parts = [f"{n:,} {noun}{'s' * (n != 1)}" for n, noun in zip(self, nouns, strict=True) if n]
        return f"left out to fit the model: {', '.join(parts)}" if parts else ""


@dataclass(frozen=True)
class Linearized:
    """The pieces of a table, the original numbers of the rows and columns that stayed, and what was cut."""

    pieces: tuple[Piece, ...]
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    cut: Cut

    def __str__(self) -> str:
        return " ".join(piece.text for piece in self.pieces if piece.text)


def linearize(
    table: Table,
    question: str = "",
    *,
    style: str = "keyed",
    budget: int | None = None,
    lengths: Lengths | None = None,
    keep: Iterable[Cell] = (),
) -> Linearized:
    """The table as pieces in the named style (`STYLES`), of at most `budget` tokens by `lengths`.

    Structure tokens count one each. `keep` are cells whose rows and columns go last, such as the evidence of a
    training example. Raises InputError where the table's caption leaves no room for a cell.
    """
    if style not in STYLES:
        raise unknown_name("linearisation", style, STYLES)
    lengths = lengths or _no_lengths
    fit = _Fit(table, STYLES[style], lengths, budget or 0)
    if budget is None or len(table) * table.width <= budget:
        whole = fit.linearized(range(len(table)), range(table.width), str)
        if budget is None or fit.tokens(whole.pieces) <= budget:
            return whole
    shorten = _Shortener(lengths, max(4, int(MAX_CELL_SHARE * budget)))
    kept_rows, kept_columns = [cell.row for cell in keep], [cell.column for cell in keep]
    columns = fit.columns(question, kept_columns)
    rows = fit.rows(question, columns, kept_rows, shorten)
    if len(table) and not rows:
        columns = fit.columns_of_best_row(question, kept_rows, kept_columns, shorten)
        rows = fit.rows(question, columns, kept_rows, shorten)
    if len(table) and not (rows and columns):
        raise InputError(
            f"Not one cell of the table {table.title!r} fits into {budget} tokens beside its title; "
            "raise --max-length or shorten the title."
        )
    return fit.linearized(rows, columns, shorten)


def relevance(question: str, texts: Sequence[str]) -> list[float]:
    """How much each text shares with the question: the summed rarity of the words they have in common."""
    asked = set(_words(question))
    common = [asked.intersection(_words(text)) for text in texts]
    frequency = Counter(word for words in common for word in words)
    rarity = {word: log(1 + len(texts) / count) for word, count in frequency.items()}
    return [sum(rarity[word] for word in sorted(words)) for words in common]


class Style(NamedTuple):
    """How a table is written: `prefix(table, columns)`, then `row(table, row, columns, text)` for every row.

    `structure` are the tokens that a tokenizer must have for it.
    """

    prefix: Callable[[Table, Sequence[int]], Iterable[Piece]]
    row: Callable[[Table, int, Sequence[int], Callable[[str], str]], Iterable[Piece]]
    structure: tuple[str, ...] = STRUCTURE


def _caption(table: Table) -> Iterable[Piece]:
    for text in dict.fromkeys((table.title, table.section)):
        if text:
            yield Piece(TITLE, True)
            yield Piece(text)


def _header(table: Table, columns: Sequence[int]) -> Iterable[Piece]:
    for position, column in enumerate(columns):
        yield Piece(CELL if position else HEADER, True)
        yield Piece(table.header[column])


def _keyed_prefix(table: Table, columns: Sequence[int]) -> Iterable[Piece]:
    yield from _caption(table)
    if not len(table):
        yield from _header(table, columns)


def _keyed_row(table: Table, row: int, columns: Sequence[int], text: Callable[[str], str]) -> Iterable[Piece]:
    mark = ROW
    for column in columns:
        if table.rows[row][column]:
            yield Piece(mark, True)
            yield Piece(table.header[column])
            yield Piece(VALUE, True)
            yield Piece(text(table.rows[row][column]), cell=Cell(row, column))
            mark = CELL


def _plain_prefix(table: Table, columns: Sequence[int]) -> Iterable[Piece]:
    yield from _caption(table)
    yield from _header(table, columns)


def _plain_row(table: Table, row: int, columns: Sequence[int], text: Callable[[str], str]) -> Iterable[Piece]:
    for position, column in enumerate(columns):
        yield Piece(CELL if position else ROW, True)
        yield Piece(text(table.rows[row][column]), cell=Cell(row, column))


def _ordered_row(table: Table, row: int, columns: Sequence[int], text: Callable[[str], str]) -> Iterable[Piece]:
    for piece in _plain_row(table, row, columns, text):
        if piece.cell is not None:
            places = table.places[piece.cell.column]
            if row in places.of:
                yield Piece(_mark(places.of[row], places.last), True)
        yield piece


def _mark(place: int, lowest: int) -> str:
    """The mark, one of `ORDERS`, of a place from 0, the highest."""
    from_lowest = lowest - place
    if place <= from_lowest and place < NEAR_ENDS:
        return HIGHS[place]
    if from_lowest < NEAR_ENDS:
        return LOWS[from_lowest]
    return MIDDLES[(place - NEAR_ENDS) * BANDS // (lowest + 1 - 2 * NEAR_ENDS)]


STYLES = {
    "keyed": Style(_keyed_prefix, _keyed_row),
    "plain": Style(_plain_prefix, _plain_row),
    "ordered": Style(_plain_prefix, _ordered_row, (*STRUCTURE, *ORDERS)),
}
"""The linearisations by name; a model stores the name of the one that it was trained with.

keyed: `<title> t <row> h <value> v <cell> h <value> v <row> …`, every cell under its name, empty cells left out.
plain: `<title> t <header> h <cell> h <row> v <cell> v <row> …`, the names once, then the rows.
ordered: as plain, a figure or date behind its place in its column, `<cell> <high1> v`, of the whole table also where
rows are cut; a model need then not learn to compare numbers.
"""


class _Shortener:
    """Cuts a text that is longer than `limit` tokens, and remembers which texts it cut."""

    def __init__(self, lengths: Lengths, limit: int) -> None:
        self.lengths, self.limit = lengths, limit
        self.cut: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        if len(text) <= self.limit or text in self.cut or self.lengths([text])[0] <= self.limit:
            return self.cut.get(text, text)
        short = text[: 8 * self.limit]
        while self.lengths([short + "…"])[0] > self.limit:
            short = short[: int(0.8 * len(short))]
        self.cut[text] = short.rstrip() + "…"
        return self.cut[text]


@dataclass(frozen=True)
class _Fit:
    """Chooses the columns and rows of a table that fit a budget of tokens."""

    table: Table
    style: Style
    lengths: Lengths
    budget: int

    def columns(self, question: str, keep: Iterable[int]) -> tuple[int, ...]:
        """All columns, or the first and those that matter most to the question, within the header's share."""
        sizes = [length + 1 for length in self.lengths(self.table.header)]
        room = MAX_HEADER_SHARE * self.budget
        if sum(sizes) <= room:
            return tuple(range(self.table.width))
        order = self._columns_by_relevance(question, keep)
        return tuple(sorted(_within(room, order, sizes.__getitem__))) or (order[0],)

    def columns_of_best_row(
        self, question: str, rows: Iterable[int], columns: Iterable[int], text: Callable[[str], str]
    ) -> tuple[int, ...]:
        """Those columns that matter most to the question and let the row that matters most fit."""
        best = next(iter(self._rows_by_relevance(question, rows)))
        room = self.budget - self.tokens(self.style.prefix(self.table, ()))

        def size(column: int) -> int:
            alone = self.tokens(self.style.row(self.table, best, [column], text))
            return alone + self.lengths([self.table.header[column]])[0] + 1  # the header, where it stands apart

        return tuple(sorted(_within(room, self._columns_by_relevance(question, columns), size)))

    def _columns_by_relevance(self, question: str, keep: Iterable[int]) -> list[int]:
        """What must be kept first, then the first column, then those that share most with the question."""
        table, keep = self.table, frozenset(keep)
        samples = [" ".join([name, *(row[i] for row in table.rows[:200])]) for i, name in enumerate(table.header)]
        scores = relevance(question, samples)
        return sorted(range(table.width), key=lambda i: (i not in keep, i != 0, -scores[i], i))

    def _rows_by_relevance(self, question: str, keep: Iterable[int]) -> Iterable[int]:
        """What must be kept first, then the rows that share most with the question, the neighbours of the first of
        these and the ends of the columns that it names in front of the many that share little."""
        scores = relevance(question, [" ".join(row) for row in self.table.rows])
        ranked = sorted(range(len(self.table)), key=lambda i: (-scores[i], i))
        best = [row for row in ranked[:FIRST_ROWS] if scores[row]]
        beside = [row for row in (best[0] - 1, best[0] + 1) if row in range(len(self.table))] if best else []
        return dict.fromkeys([*keep, *best[:1], *beside, *best, *self._ends(question), *ranked])

    def _ends(self, question: str) -> Iterator[int]:
        """The rows at either end of the order of each column that the question names, the outermost first."""
        named = [i for i, score in enumerate(relevance(question, self.table.header)) if score]
        at: dict[int, list[int]] = {}  # distance from an end -> rows
        for places in (self.table.places[i] for i in named):
            for row, place in places.of.items():
                if (distance := min(place, places.last - place)) < NEAR_ENDS:
                    at.setdefault(distance, []).append(row)
        return chain.from_iterable(at[distance] for distance in sorted(at))

    def rows(
        self, question: str, columns: Sequence[int], keep: Iterable[int], text: Callable[[str], str]
    ) -> tuple[int, ...]:
        """The rows that matter most to the question, in the table's order, while they fit."""
        room = self.budget - self.tokens(self.style.prefix(self.table, columns))

        def size(row: int) -> int:
            return self.tokens(self.style.row(self.table, row, columns, text))

        return tuple(sorted(_within(room, self._rows_by_relevance(question, keep), size)))

    def linearized(self, rows: Sequence[int], columns: Sequence[int], text: Callable[[str], str]) -> Linearized:
        """The pieces of these rows and columns, with what was cut."""
        table = self.table
        pieces = [*self.style.prefix(table, columns)]
        for row in rows:
            pieces.extend(self.style.row(table, row, columns, text))
        shortened = sum(piece.cell is not None and piece.text != table[piece.cell] for piece in pieces)
        cut = Cut(len(table) - len(rows), table.width - len(columns), shortened)
        return Linearized(tuple(pieces), tuple(rows), tuple(columns), cut)

    def tokens(self, pieces: Iterable[Piece]) -> int:
        """The number of tokens that the pieces take."""
        pieces = list(pieces)
        texts = [piece.text for piece in pieces if not piece.is_structure]
        return len(pieces) - len(texts) + sum(self.lengths(texts))


def _within(room: float, order: Iterable[int], size: Callable[[int], int]) -> list[int]:
    """The first of `order` whose sizes add up to at most `room`."""
    chosen = []
    for index in order:
        room -= size(index)
        if room < 0:
            break
        chosen.append(index)
    return chosen


def _no_lengths(texts: Sequence[str]) -> list[int]:
    raise ValueError("A budget needs `lengths`, the tokenizer's count of tokens of each text.")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
