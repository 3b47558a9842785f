"""The cells behind an answer that a model wrote: those whose texts it names, in the row it speaks of.

A model's words are matched against the part of the table that it read, so evidence is always in the caller's table and
never an attention weight that has to be believed.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from tabtext.matching import RowMatch, TableMatcher
from tabtext.table import Cell

MORE_ROWS = 2
"""A row beside the best one is evidence only with so many cells of its own, since single words match by chance."""


class Evidence(NamedTuple):
    """The cells behind an answer, in reading order, and the one of them that is the answer, if one is."""

    cells: tuple[Cell, ...]
    cell: Cell | None


def find_evidence(matcher: TableMatcher, seen: Collection[Cell], question: str, text: str, value: str) -> Evidence:
    """The cells (of those `seen`) that the answer `text` names, and the cell with the text `value`.

    Where several rows fit, the one that also shares most with the question is meant. A `value` from another row is no
    evidence for the text, since two decoders may disagree.
    """
    table = matcher.table
    cells = frozenset(seen)
    own = {row.row: row for row in matcher.ranked_rows(text, cells)}
    asked = {row.row: row.score for row in matcher.ranked_rows(question, cells)}
    rows = _rows(sorted(own.values(), key=lambda row: (-row.score - asked.get(row.row, 0.0), row.row)))
    holders = sorted(cell for cell in cells if value and table[cell].strip() == value.strip())
    holders.sort(key=lambda c: (c.row != rows[0].row if rows else False, -asked.get(c.row, 0.0)))
    found = {cell for row in rows for cell in row.cells}
    found.update(cell for cell in holders[:1] if not rows or cell.row in {row.row for row in rows})
    return Evidence(tuple(sorted(found)), holders[0] if holders else None)


def _rows(ranked: list[RowMatch]) -> list[RowMatch]:
    """The best row, and further ones that explain words of their own."""
    chosen: list[RowMatch] = []
    taken: list[tuple[int, int]] = []
    for row in ranked:
        own = [m for m in row.matches if all(m.end <= start or end <= m.start for start, end in taken)]
        if not chosen or len(own) >= MORE_ROWS:
            chosen.append(row._replace(matches=tuple(own)))
            taken += [(match.start, match.end) for match in own]
    return chosen
