"""Samplers of questions about rows: which cells meet a condition, and whether it is so."""

from __future__ import annotations

import random
import re

from gentap.grammar.consistency import NO_VALUES
from gentap.grammar.profile import Profile, may_be_quoted
from gentap.grammar.programs import Call
from gentap.grammar.sampling import (
    Sampler,
    any_condition,
    asked_column,
    choose,
    column_of,
    counted,
    entity,
    equals,
    header_of,
    limit_few,
    limit_text,
    named_rows,
    pair_of,
    picking,
    said_alone,
    shared_value,
)
from tabtext.values import Kind


def lookup(profile: Profile, rng: random.Random) -> Call | None:
    """The cell of a row named by one value."""
    if profile.entities and rng.random() < 0.8:
        row = choose(rng, profile.entities)
        asked, condition = choose(rng, profile.described) if profile.described else None, entity(profile, row)
    else:
        if len(profile.named) < 2 or not profile.rows:
            return None
        row, columns = choose(rng, profile.rows), profile.telling
        column = choose(rng, columns) if columns else None
        if column is None or not may_be_quoted(column, row) or len(column.rows_of[column.keys[row]]) > 1:
            return None
        asked, condition = asked_column(profile, rng, column), equals(profile, column, row)
    if asked is None or not asked.keys[row] or asked.keys[row] in NO_VALUES:
        return None
    return Call("lookup", (header_of(profile, asked), condition))


def conjunction(profile: Profile, rng: random.Random) -> Call | None:
    """The row that meets two conditions."""
    if len(profile.named) < 3 or len(profile.rows) < 3:
        return None
    row = choose(rng, profile.rows)
    asked = asked_column(profile, rng)
    first = picking(profile, rng, row, asked) if asked and asked.keys[row] else None
    second = picking(profile, rng, row, asked, column_of(profile, first)) if asked and first else None
    if second and column_of(profile, second).is_year():
        first, second = second, first
    return Call("conjunction", (header_of(profile, asked), first, second)) if asked and first and second else None


def comparison(profile: Profile, rng: random.Random) -> Call | None:
    """Rows above or below a number."""
    ordered = choose(rng, profile.measures)
    asked = asked_column(profile, rng, ordered[0])
    condition = limit_few(profile, rng, ordered, ("above", "below"))
    return Call("comparison", (header_of(profile, asked), condition)) if asked and condition else None


def between(profile: Profile, rng: random.Random) -> Call | None:
    """Rows between two numbers or dates."""
    column, rows, keys = choose(rng, profile.ordered)
    asked = asked_column(profile, rng, column)
    if asked is None or len(rows) < 4:
        return None
    low = int(rng.random() * (len(rows) - 2))
    high = min(low + 1 + int(rng.random() * 2), len(rows) - 1)
    limits = tuple(column.texts[column.rows_of[column.keys[rows[place]]][0]] for place in (low, high))
    lowest, highest = keys[rows[low]], keys[rows[high]]
    if lowest == highest or highest - lowest in (_NEXT_NUMBER, _NEXT_YEAR):
        return None
    return Call("range", (header_of(profile, asked), Call("between", (header_of(profile, column), *limits))))


_NEXT_NUMBER, _NEXT_YEAR = 1, 10_000
"""What neighbouring whole numbers and years, as sort keys, differ by: nothing lies between them."""

_WORD = re.compile(r"\b[^\W\d_]{4,}\b")


def spelling(profile: Profile, rng: random.Random) -> Call | None:
    """Rows whose text starts with, ends with or contains a word."""
    column = choose(rng, profile.texts)
    asked = asked_column(profile, rng, column)
    text = column.texts[choose(rng, profile.rows)]
    words = list(_WORD.finditer(text))
    if asked is None or len(words) < 2:
        return None
    word = choose(rng, words)
    name = "starts" if word.start() == 0 else "ends" if word.end() == len(text) else "contains"
    return Call("spelling", (header_of(profile, asked), Call(name, (header_of(profile, column), word[0]))))


def date_order(profile: Profile, rng: random.Random) -> Call | None:
    """Rows before or after a date."""
    ordered = choose(rng, profile.dated)
    asked = asked_column(profile, rng, ordered[0])
    if asked is None or len(ordered[1]) < 3:
        return None
    condition = limit_few(profile, rng, ordered, ("after", "before"))
    return Call("dated_rows", (header_of(profile, asked), condition)) if condition else None


def negation(profile: Profile, rng: random.Random) -> Call | None:
    """Rows that do not have a value, or how many."""
    condition = shared_value(profile, rng)
    if condition is None:
        return None
    column = column_of(profile, condition)
    met = column.rows_of_text(condition.arguments[1])
    if len(met) < 2:
        return None
    if len(profile.rows) - len(met) <= 3 and (asked := asked_column(profile, rng, column)):
        return Call("negation", (header_of(profile, asked), condition))
    return counted("count_without", profile, rng, condition)


def exception(profile: Profile, rng: random.Random) -> Call | None:
    """The rows that meet a condition, apart from one."""
    assert profile.key is not None
    condition = shared_value(profile, rng, profile.key)
    if condition is None:
        return None
    rows = named_rows(profile, condition)
    if not 2 <= len(rows) <= 4:
        return None
    return Call("exception", (header_of(profile, profile.key), entity(profile, choose(rng, rows)), condition))


def listing(profile: Profile, rng: random.Random) -> Call | None:
    """All rows that meet a condition, or all values of a column."""
    if rng.random() < 0.3:
        columns = [column for column, values in profile.sorts if values <= 10]
        return Call("values", (header_of(profile, choose(rng, columns)),)) if columns else None
    condition = any_condition(profile, rng)
    asked = asked_column(profile, rng, column_of(profile, condition)) if condition else None
    return Call("listing", (header_of(profile, asked), condition)) if asked and condition else None


def adjacent(profile: Profile, rng: random.Random) -> Call | None:
    """The row before or after one."""
    row = choose(rng, profile.entities)
    step, name = choose(rng, ((-1, "previous"), (1, "following")))
    asked = asked_column(profile, rng)
    if asked is None or row + step not in profile.view.in_body or not asked.keys[row + step]:
        return None
    return Call(name, (header_of(profile, asked), entity(profile, row)))


def two_hops(profile: Profile, rng: random.Random) -> Call | None:
    """A row found through another row, or through the highest or lowest."""
    assert profile.key is not None
    if rng.random() < 0.5 and profile.ordered:
        column, rows, keys = choose(rng, profile.ordered)
        asked = [other for other in profile.described if other is not column]
        if not asked or column is profile.key:
            return None
        high = rng.random() < 0.5
        end = rows[-1] if high else rows[0]
        if keys[end] == keys[rows[-2] if high else rows[1]]:
            return None
        headers = (header_of(profile, c) for c in (choose(rng, asked), profile.key, column))
        return Call("of_argmax" if high else "of_argmin", tuple(headers))
    shared = [column for column, _ in profile.categories if column is not profile.key]
    if not shared:
        return None
    column, row = choose(rng, shared), choose(rng, profile.entities)
    if not said_alone(profile, column, row) or not 2 <= len(column.rows_of[column.keys[row]]) <= 4:
        return None
    return Call("same_as", (header_of(profile, profile.key), header_of(profile, column), entity(profile, row)))


# --- yes or no


def yes_no(profile: Profile, rng: random.Random) -> Call | None:
    """Whether a row has a value, or more than another."""
    if rng.random() < 0.4 and (pair := pair_of(profile, rng, dates=True)):
        name = choose(rng, ("verify_larger", "verify_smaller"))
        return Call(name, (header_of(profile, pair[0]), entity(profile, pair[1]), entity(profile, pair[2])))
    column, row = choose(rng, profile.described), choose(rng, profile.entities)
    other = row if rng.random() < 0.5 else choose(rng, profile.rows)
    condition = said_alone(profile, column, other) if column.keys[row] else None
    return Call("verify", (entity(profile, row), condition)) if condition else None


def only(profile: Profile, rng: random.Random) -> Call | None:
    """Whether a row, one of those that meet a condition, is the only one."""
    assert profile.key is not None
    if rng.random() < 0.5 and (condition := shared_value(profile, rng, profile.key)):
        rows = named_rows(profile, condition)
        if not rows:
            return None
        row = choose(rng, rows)
    else:
        row = choose(rng, profile.entities)
        condition = said_alone(profile, choose(rng, profile.described), row)
    if condition is None:
        return None
    return Call("only", (header_of(profile, profile.key), entity(profile, row), condition))


def all_or_most(name: str) -> Sampler:
    """The sampler of whether `every` row or `most` rows meet a condition."""

    def all_or_most(profile: Profile, rng: random.Random) -> Call | None:
        if len(profile.rows) < 3:
            return None
        often = rng.random() < (0.2 if name == "every" else 0.5)
        condition = _most_often(profile, rng) if often else _low_limit(profile, rng, name == "every")
        return counted(name, profile, rng, condition) if condition else None

    return all_or_most


def _most_often(profile: Profile, rng: random.Random) -> Call | None:
    """The condition of the value that most rows share in a column."""
    columns = [column for column in profile.others if column.kind in (Kind.TEXT, Kind.DATE)]
    groups = profile.groups(column) if columns and (column := choose(rng, columns)) else []
    if not groups:
        return None
    rows = max((rows for _, rows in groups), key=len)
    return said_alone(profile, column, rows[0]) if len(rows) >= 2 else None


def _low_limit(profile: Profile, rng: random.Random, below_all: bool) -> Call | None:
    """A condition above a round number that lies below all numbers of a column, or in their midst."""
    if profile.dated and (not profile.measures or rng.random() < 0.5):
        return _late_year(profile, rng, below_all)
    if not profile.measures:
        return None
    column, rows, keys = choose(rng, profile.measures)
    lowest = keys[rows[0]]
    number = keys[rows[int(len(rows) * rng.uniform(0.2, 0.8))]]
    if below_all and rng.random() < 0.6:
        number = lowest - 1 if lowest == int(lowest) else float(int(lowest))
    if number > 1e9 or round_down(number) <= 0:
        return None
    return Call("above", (header_of(profile, column), limit_text(profile, column, round_down(number))))


def _late_year(profile: Profile, rng: random.Random, below_all: bool) -> Call | None:
    """A condition after a year that lies before all years of a column, or in their midst."""
    columns = [item for item in profile.dated if item[0].is_year()]
    if not columns:
        return None
    column, rows, keys = choose(rng, columns)
    row = rows[int(len(rows) * rng.uniform(0.2, 0.8))]
    year = int(keys[row]) // 10_000
    if below_all and rng.random() < 0.6:
        year = int(keys[rows[0]]) // 10_000 - 1 - int(rng.random() * 3)
    return Call("after", (header_of(profile, column), column.canonical(str(year))))


def round_down(number: float) -> float:
    """The next lower number with two figures."""
    step = 10 ** max(0, len(str(int(number))) - 2)
    return float(int(number // step) * step)


def unanswerable(profile: Profile, rng: random.Random) -> Call | None:
    """A question whose rows the table does not have: two values of different rows, or a year that is left out."""
    if len(profile.rows) < 3:
        return None
    if rng.random() < 0.5:
        first, second = shared_value(profile, rng), shared_value(profile, rng)
        if first is None or second is None or set(first.arguments) & set(second.arguments):
            return None
        if column_of(profile, second).is_year():
            first, second = second, first
        asked = asked_column(profile, rng, column_of(profile, first), column_of(profile, second))
        return Call("conjunction", (header_of(profile, asked), first, second)) if asked else None
    if not profile.bare_years:
        return None
    column, _, keys = choose(rng, profile.bare_years)
    known = {int(key) // 10_000 for key in keys.values()}
    year = str(choose(rng, range(min(known) - 2, max(known) + 3)))
    asked = asked_column(profile, rng, column)
    if asked is None or year in column.rows_of:
        return None
    return Call("lookup", (header_of(profile, asked), Call("equals", (header_of(profile, column), year))))
