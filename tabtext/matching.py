"""Where the cells of a table occur in a sentence, and which row a sentence speaks of.

The matcher serves mining (GenTaP's rule: a sentence that holds two cell values of one row), evidence for answers and
the slots of records. It knows a cell's words in any letter case and Unicode form, figures, dates, scores, names
without their parenthesis, and simple inflections; see `tabtext.variants`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from functools import cached_property
from itertools import chain
from math import log
from typing import NamedTuple

from tabtext.figures import Key, cell_keys, readings
from tabtext.folding import Folded, fold
from tabtext.phrases import PhraseIndex
from tabtext.table import Cell, Table
from tabtext.values import EMPTY_MARKS
from tabtext.variants import STRENGTHS, text_variants


class CellMatch(NamedTuple):
    """A cell that a sentence names at `sentence[start:end]`; `how` is a name in `STRENGTHS`."""

    cell: Cell
    start: int
    end: int
    how: str


class RowMatch(NamedTuple):
    """The row that a sentence speaks of, its matches from left to right (one a cell, none overlapping), its score."""

    row: int
    matches: tuple[CellMatch, ...]
    score: float

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells of the row that the sentence names, by column."""
        return tuple(sorted(match.cell for match in self.matches))


def match_cells(sentence: str, table: Table) -> list[CellMatch]:
    """Every cell of a table that a sentence names, from left to right; for many sentences keep a `TableMatcher`."""
    return TableMatcher(table).match(sentence)


class TableMatcher:
    """Finds a table's cells in sentences. Cells are made ready when they are first asked for."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._phrases: PhraseIndex[tuple[Cell, str]] = PhraseIndex()
        self._keys: dict[Key, list[tuple[Cell, str]]] = defaultdict(list)
        self._ready: set[Cell] = set()

    def match(self, sentence: str, cells: Collection[Cell] | None = None) -> list[CellMatch]:
        """The cells (of these) that a sentence names: the best way for each cell and place, longest first where they
        begin together; what lies within a longer match that is as sure is left out."""
        wanted = self._all_cells if cells is None else cells
        for cell in wanted:
            self._make_ready(cell)
        folded = fold(sentence)
        best: dict[tuple[Cell, int, int], str] = {}
        for start, end, (cell, how) in self._found(folded):
            place = (cell, start, end)
            if cell in wanted and STRENGTHS[how] > STRENGTHS.get(best.get(place, ""), 0):
                best[place] = how
        matches = []
        for (cell, start, end), how in best.items():
            start, end = folded.span(start, end)
            how = "verbatim" if sentence[start:end] == self.table[cell] else how
            matches.append(CellMatch(cell, start, end, how))
        return _without_contained(matches)

    @cached_property
    def _all_cells(self) -> frozenset[Cell]:
        return frozenset(Cell(row, column) for row in range(len(self.table)) for column in range(self.table.width))

    def ranked_rows(self, sentence: str, cells: Collection[Cell] | None = None) -> list[RowMatch]:
        """The rows of which a sentence names a cell (of these), that with the most and rarest cells first."""
        by_row: dict[int, list[CellMatch]] = defaultdict(list)
        for match in self.match(sentence, cells):
            by_row[match.cell.row].append(match)
        return sorted((self._row_match(*item) for item in by_row.items()), key=lambda found: (-found.score, found.row))

    def best_row(self, sentence: str) -> RowMatch | None:
        """The row that a sentence speaks of, None where it names no cell."""
        return next(iter(self.ranked_rows(sentence)), None)

    def count(self, cell: Cell) -> int:
        """The number of rows that have this cell's text."""
        return self._rows_with[self.table[cell]]

    @cached_property
    def _rows_with(self) -> Counter[str]:
        return Counter(chain.from_iterable(map(set, self.table.rows)))

    def weight(self, match: CellMatch) -> float:
        """How much a match says about its row: its strength, more for a text that is rare in the table."""
        size = len(self.table) + 1
        rarity = log(size / self.count(match.cell)) / log(size)
        return STRENGTHS[match.how] * (0.3 + 0.7 * rarity)

    def _row_match(self, row: int, matches: list[CellMatch]) -> RowMatch:
        """A row's surest matches that do not overlap, one for each cell."""
        taken: list[CellMatch] = []
        score = 0.0
        for match in sorted(matches, key=lambda m: (-self.weight(m), m.start - m.end, m.start, m.cell)):
            if not any(m.cell == match.cell or _overlap(m, match) for m in taken):
                taken.append(match)
                score += self.weight(match)
        return RowMatch(row, tuple(sorted(taken, key=lambda m: m.start)), score)

    def _make_ready(self, cell: Cell) -> None:
        if cell in self._ready:
            return
        self._ready.add(cell)
        text = self.table[cell]
        if text.strip().lower() in EMPTY_MARKS:
            return
        typed = False
        for key, how in cell_keys(text):
            typed = True
            self._keys[key].append((cell, how))
        for phrase, how in text_variants(text).items():
            if not typed or any(map(str.isalpha, phrase)):
                self._phrases.add(phrase, (cell, how))

    def _found(self, folded: Folded) -> Iterator[tuple[int, int, tuple[Cell, str]]]:
        for start, end, entries in self._phrases.find(folded.text):
            for entry in entries:
                yield start, end, entry
        for reading in readings(folded.text):
            for entry in self._keys.get(reading.key, ()):
                yield reading.start, reading.end, entry
            for key in reading.looser:
                for cell, how in self._keys.get(key, ()):
                    if how in ("date", "number"):
                        yield reading.start, reading.end, (cell, "date part" if how == "date" else "year")


def _overlap(one: CellMatch, other: CellMatch) -> bool:
    return one.start < other.end and other.start < one.end


def _without_contained(matches: list[CellMatch]) -> list[CellMatch]:
    """The matches that do not lie within a longer one that is at least as sure, from left to right."""
    matches.sort(key=lambda match: (match.start, -match.end, -STRENGTHS[match.how], match.cell))
    kept: list[CellMatch] = []
    longest: set[tuple[int, int, float]] = set()  # end, size and strength of those that may hold what follows
    for match in matches:
        size, strength = match.end - match.start, STRENGTHS[match.how]
        if any(end >= match.end and its > size and sure >= min(strength, 0.7) for end, its, sure in longest):
            continue
        kept.append(match)
        longest = {known for known in longest if known[0] > match.start}
        longest.add((match.end, size, strength))
    return kept
