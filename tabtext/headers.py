"""Which rows of a table are its header, and one distinct name per column from any number of them.

Web tables and spreadsheets spread a header over two rows (`League` above `Apps` and `Goals`) and merge cells; flat
files repeat the merged name or leave it empty. About a fifth of FeTaQA's tables come that way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from tabtext.values import Kind, parse_value

MAX_HEADER_ROWS = 3
"""More header rows than this are never detected."""

_NOTHING = frozenset({"", "-", "–", "—", "−"})
_SURE_REPEATS = 2
"""A row that repeats so many names in their own columns is a header row."""
_SAMPLE = 50
"""Body rows looked at to tell a header row from a body row."""


def count_header_rows(rows: Sequence[Sequence[str]]) -> int:
    """How many of the first rows are the header: 1, and more only where a row clearly carries sub-names.

    A row that repeats two names in their own columns goes on with the header. So does one that splits names merged
    over several columns, where every column whose name is its own repeats that name or stays empty; if none repeats
    it, all the row's cells must be words and columns below must hold figures, and if the merged names had to be
    filled in, some such column must stay empty.
    """
    count = 1
    while count < min(MAX_HEADER_ROWS, len(rows) - 1) and _goes_on(rows[count - 1], rows[count], rows[count + 1 :]):
        count += 1
    return min(count, len(rows))


def distinct_headers(
    header_rows: Sequence[Sequence[str]], width: int, body: Sequence[Sequence[str]] = ()
) -> tuple[str, ...]:
    """One distinct name per column from any number of header rows.

    The rows' names are joined from top to bottom, a name repeated below itself once (`Medals`, `Gold` give
    `Medals Gold`); a name that still occurs twice gets a number: `Venue`, `Venue (2)`. Of two columns with one name,
    where a merged heading spans a column of flags or colours, the one that says more in `body` keeps the bare name.
    An empty name stays empty.
    """
    rows = [_filled(row, below) for row, below in pairwise(header_rows)] + [*header_rows[-1:]]
    names = [_joined([" ".join(row[column].split()) for row in rows]) for column in range(width)]
    columns_of: dict[str, list[int]] = {}
    for column, name in enumerate(names):
        columns_of.setdefault(name, []).append(column)
    taken = set(names)
    for name, columns in columns_of.items():
        number = 1
        for column in _tellers_first(columns, body) if name and len(columns) > 1 else ():
            if number > 1:
                while f"{name} ({number})" in taken:
                    number += 1
                names[column] = f"{name} ({number})"
                taken.add(names[column])
            number += 1
    return tuple(names)


def _joined(parts: Sequence[str]) -> str:
    """The parts of one column's name in one; dashes that only mark an empty cell are left out beside a name."""
    if len(parts) == 1:
        return parts[0]
    return " ".join(part for part in dict.fromkeys(parts) if part not in _NOTHING)


def _filled(top: Sequence[str], below: Sequence[str]) -> list[str]:
    """A header row with empty cells filled from the left where sub-names show that one name spans them.

    A row that repeats names side by side has its merged cells filled already; what is empty there is empty.
    """
    filled = list(top)
    if any(left == right and left not in _NOTHING for left, right in pairwise(top)):
        return filled
    for column in range(1, len(filled)):
        splits = below[column] not in _NOTHING and below[column - 1] not in _NOTHING
        if filled[column] == "" and splits and below[column - 1] != filled[column - 1]:
            filled[column] = filled[column - 1]
    return filled


def _goes_on(above: Sequence[str], row: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether `row` is one more header row under `above`."""
    top = _filled(above, row)
    times = Counter(top)
    merged = [column for column, name in enumerate(top) if name not in _NOTHING and times[name] > 1]
    single = [column for column, name in enumerate(top) if name not in _NOTHING and times[name] == 1]
    repeated = sum(row[column] == top[column] for column in single)
    if repeated >= _SURE_REPEATS:
        return True
    if not _splits(top, row, merged) or any(row[column] not in (top[column], *_NOTHING) for column in single):
        return False
    if repeated:
        return True
    if list(above) != top and not any(row[column] in _NOTHING for column in single):
        return False
    kinds = [parse_value(cell).kind for cell in row]
    words = all(kind in (Kind.TEXT, Kind.EMPTY) for kind in kinds)
    return words and any(kinds[column] is Kind.TEXT and _holds_figures(body, column) for column in merged)


def _splits(top: Sequence[str], row: Sequence[str], merged: Sequence[int]) -> bool:
    """Whether some two neighbours under one merged name have different sub-names, both of them said."""
    return any(
        left + 1 == right
        and top[left] == top[right]
        and row[left] != row[right]
        and not {row[left], row[right]} & _NOTHING
        for left, right in pairwise(merged)
    )


def _holds_figures(body: Sequence[Sequence[str]], column: int) -> bool:
    kinds = [parse_value(row[column]).kind for row in body[:_SAMPLE]]
    said = [kind for kind in kinds if kind is not Kind.EMPTY]
    return bool(said) and sum(kind is not Kind.TEXT for kind in said) > len(said) / 2


def _tellers_first(columns: list[int], body: Sequence[Sequence[str]]) -> list[int]:
    """The columns in order, but the first of those that say half as much of their own as any comes first of all."""
    own = dict.fromkeys(columns, 0)
    for row in body[:_SAMPLE]:
        cells = Counter(row[column] for column in columns)
        for column in columns:
            own[column] += row[column] not in _NOTHING and cells[row[column]] == 1
    first = next(column for column in columns if 2 * own[column] >= max(own.values()))
    return [first, *(column for column in columns if column != first)]
