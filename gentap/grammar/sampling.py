"""What the samplers of questions share: choosing columns, rows and conditions from a table's profile."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

from gentap.grammar.header_words import NO_CATEGORY
from gentap.grammar.profile import Ordered, Profile, may_be_quoted
from gentap.grammar.programs import Call
from gentap.grammar.view import ColumnView
from tabtext.values import Kind

SHARE_OF_KEYS = 0.95
"""How often a question says what is counted, `players`, and not just `rows`, where it can."""

OF_ALL_ROWS = frozenset(("count_without", "every", "most", "percentage"))
"""Operations over all rows of a table, also those that do not meet the condition."""

T = TypeVar("T")

Sampler = Callable[[Profile, random.Random], "Call | None"]
"""Writes a program which the table answers, or gives None."""


def choose(rng: random.Random, items: Sequence[T]) -> T:
    """One of the items, all equally likely."""
    return items[int(rng.random() * len(items))]


def header_of(profile: Profile, column: ColumnView) -> str:
    """A column's header as written."""
    return profile.view.table.header[column.index]


def equals(profile: Profile, column: ColumnView, row: int) -> Call:
    """The condition of the value that a row has in a column."""
    return Call("equals", (header_of(profile, column), column.texts[column.rows_of[column.keys[row]][0]]))


def said_alone(profile: Profile, column: ColumnView, row: int) -> Call | None:
    """The condition of the value that a row has in a column, if no other cell names this value beside others."""
    if not may_be_quoted(column, row) or not profile.stands_alone(column, column.keys[row]):
        return None
    return equals(profile, column, row)


def entity(profile: Profile, row: int) -> Call:
    """The condition that names a row."""
    assert profile.key is not None
    return equals(profile, profile.key, row)


def two_entities(profile: Profile, rng: random.Random, ordered: Ordered) -> tuple[int, int] | None:
    """Two named rows that differ in a column."""
    rows, keys = profile.entities, ordered[2]
    first, second = choose(rng, rows), choose(rng, rows)
    return (first, second) if keys[first] != keys[second] else None


def asked_column(profile: Profile, rng: random.Random, *besides: ColumnView) -> ColumnView | None:
    """A column to ask for: mostly the one that names rows, else one whose values are mostly different."""
    if profile.key is not None and profile.key not in besides and rng.random() < 0.85:
        return profile.key
    columns = [column for column in profile.telling if column not in besides]
    return choose(rng, columns) if columns else None


def limit_text(profile: Profile, column: ColumnView, number: float) -> str:
    """A limit as the column would write it, without its unit."""
    style = column.style._replace(prefix="", suffix="")
    return column.canonical(style.format(number))


def picking(profile: Profile, rng: random.Random, row: int, *besides: ColumnView) -> Call | None:
    """A condition that a given row meets, and that others may meet too."""
    columns = [
        column
        for column in profile.named
        if column not in besides and column.keys[row] and column.noun.text not in NO_CATEGORY
    ]
    if not columns:
        return None
    column = choose(rng, [column for column in columns if column.noun.known] or columns)
    if column.kind in (Kind.NUMBER, Kind.DATE) and rng.random() < 0.7:
        return limit_by(profile, rng, column, row)
    return said_alone(profile, column, row)


def limit_by(profile: Profile, rng: random.Random, column: ColumnView, row: int) -> Call | None:
    """A condition above, below, before or after another row's number or date, that this row meets."""
    lists = profile.measures if column.kind is Kind.NUMBER else profile.dated
    ordered = next((ordered for ordered in lists if ordered[0] is column), None)
    if ordered is None or row not in ordered[2]:
        return None
    other = choose(rng, ordered[1])
    number, limit = ordered[2][row], ordered[2][other]
    if number == limit or not limit:
        return None
    names = ("above", "below") if column.kind is Kind.NUMBER else ("after", "before")
    return Call(
        names[number < limit], (header_of(profile, column), column.texts[column.rows_of[column.keys[other]][0]])
    )


def limit_few(profile: Profile, rng: random.Random, ordered: Ordered, names: tuple[str, str]) -> Call | None:
    """A condition that one to three rows at one end of an order meet; `names` of the high and of the low end."""
    column, rows, keys = ordered
    few = 1 + int(rng.random() * min(3, len(rows) - 1))
    low = rng.random() < 0.5
    row = rows[few] if low else rows[-few - 1]
    if not keys[row]:
        return None
    return Call(names[low], (header_of(profile, column), column.texts[column.rows_of[column.keys[row]][0]]))


def shared_value(profile: Profile, rng: random.Random, *besides: ColumnView) -> Call | None:
    """The condition of a value, mostly one that several rows share."""
    categories = [item for item in profile.categories if item[0] not in besides] if besides else profile.categories
    if not categories:
        return None
    column, groups = choose(rng, categories)
    shared = profile.shared[column.index] if rng.random() < 0.85 else groups
    return said_alone(profile, column, choose(rng, shared)[1][0])


def any_condition(profile: Profile, rng: random.Random, *besides: ColumnView) -> Call | None:
    """A condition over many rows: a shared value, or a limit in the middle of an order."""
    if rng.random() < 0.5 and (found := shared_value(profile, rng, *besides)):
        return found
    ordered = [item for item in profile.ordered if item[0] not in besides] if besides else profile.ordered
    if not ordered:
        return shared_value(profile, rng, *besides)
    column, rows, keys = choose(rng, ordered)
    names = ("above", "below") if column.kind is Kind.NUMBER else ("after", "before")
    row = choose(rng, rows)
    if not keys[row]:
        return None
    return Call(choose(rng, names), (header_of(profile, column), column.texts[column.rows_of[column.keys[row]][0]]))


def column_of(profile: Profile, condition: Call) -> ColumnView:
    """The column that a condition looks at."""
    return profile.view.columns[profile.view.by_header[str(condition.arguments[0])]]


def named_rows(profile: Profile, condition: Call) -> list[int]:
    """The rows with a value that have a name."""
    named = profile.named_rows
    return [row for row in column_of(profile, condition).rows_of_text(condition.arguments[1]) if row in named]


def counted(name: str, profile: Profile, rng: random.Random, condition: Call, *headers: str) -> Call | None:
    """A program over the rows that meet a condition, mostly with the column that names rows, where each has a name.

    None where a question would have to speak of `rows`, and a reader would take totals for some.
    """
    key = profile.key
    if (
        key is not None
        and key.noun.plural
        and not key.noun.is_plural
        and len(profile.entities) == len(profile.rows)
        and column_of(profile, condition) is not key
        and rng.random() < SHARE_OF_KEYS
        and profile.view.is_plain(key.noun.plural)
    ):
        return Call(name, (*headers, header_of(profile, key), condition))
    clear = len(profile.rows) == len(profile.view.table) or (condition.name == "equals" and name not in OF_ALL_ROWS)
    return Call(name, (*headers, condition)) if clear else None


def pair_of(profile: Profile, rng: random.Random, dates: bool) -> tuple[ColumnView, int, int] | None:
    """An ordered column that does not name rows, and two named rows that differ in it."""
    choices = profile.ordered if dates else profile.measures
    ordered = choose(rng, choices) if choices else None
    if ordered is None or ordered[0] is profile.key:
        return None
    if profile.key and profile.key.kind is Kind.DATE and ordered[0].kind is Kind.DATE:
        return None
    rows = two_entities(profile, rng, ordered)
    return (ordered[0], *rows) if rows else None
