"""Samplers of questions that count, add up, order and compare."""

from __future__ import annotations

import random
import re

from gentap.grammar.profile import Profile
from gentap.grammar.programs import Call
from gentap.grammar.sampling import (
    Sampler,
    any_condition,
    asked_column,
    choose,
    column_of,
    counted,
    entity,
    header_of,
    pair_of,
    shared_value,
    two_entities,
)
from gentap.grammar.units import convert
from tabtext.values import Kind

# --- counting


def count(profile: Profile, rng: random.Random) -> Call | None:
    """How many rows meet a condition."""
    condition = any_condition(profile, rng)
    return counted("count", profile, rng, condition) if condition else None


def distinct(profile: Profile, rng: random.Random) -> Call | None:
    """How many different values a column has."""
    return Call("distinct", (header_of(profile, choose(rng, profile.sorts)[0]),))


def most_frequent(profile: Profile, rng: random.Random) -> Call | None:
    """The value that occurs most often."""
    column, groups = choose(rng, profile.countable)
    sizes = sorted((len(rows) for _, rows in groups), reverse=True)
    return Call("most_frequent", (header_of(profile, column),)) if sizes[0] > sizes[1] else None


def percentage(profile: Profile, rng: random.Random) -> Call | None:
    """The share of rows that meet a condition, or of a sum that a row has."""
    if profile.additive and len(profile.entities) > 2 and rng.random() < 0.5:
        column = choose(rng, profile.additive)
        if column is not profile.key:
            return Call("share", (header_of(profile, column), entity(profile, choose(rng, profile.entities))))
    condition = any_condition(profile, rng)
    return counted("percentage", profile, rng, condition) if condition else None


# --- numbers

_SCALE = re.compile(r"\b(?:mil|mn|bn|b|k|000s?|millions?|billions?|thousands?)\b", re.IGNORECASE)
"""What a header says of a scale, which the sum of the figures below it would lack."""


def total(name: str, additive: bool) -> Sampler:
    """The sampler of a sum, of columns that may be added up, or of an average."""

    def total(profile: Profile, rng: random.Random) -> Call | None:
        full = len(profile.rows)
        columns = profile.additive if additive else [c for c, rows, _ in profile.measures if len(rows) == full]
        if not columns or full < 3:
            return None
        column = choose(rng, columns)
        if _SCALE.search(column.noun.note) or (column.noun.counts and column.noun.note == "m"):
            return None
        condition = shared_value(profile, rng, column) if rng.random() < 0.5 else None
        if condition is None:
            return Call(name, (header_of(profile, column),))
        if len(column_of(profile, condition).rows_of_text(condition.arguments[1])) < 2:
            return None
        return counted(name, profile, rng, condition, header_of(profile, column))

    return total


def extreme(profile: Profile, rng: random.Random) -> Call | None:
    """The highest or lowest number, the earliest or latest date."""
    if len(profile.rows) < 3:
        return None
    column = choose(rng, profile.ordered)[0]
    names = ("maximum", "minimum") if column.kind is Kind.NUMBER else ("latest", "earliest")
    return Call(choose(rng, names), (header_of(profile, column),))


def superlative(profile: Profile, rng: random.Random) -> Call | None:
    """The row with the highest or lowest number, or the first or last date."""
    if len(profile.rows) < 3:
        return None
    column, rows, keys = choose(rng, profile.ordered)
    asked = asked_column(profile, rng, column)
    high = rng.random() < 0.5
    end = rows[-1] if high else rows[0]
    if asked is None or keys[end] == keys[rows[-2] if high else rows[1]]:
        return None
    return Call("argmax" if high else "argmin", (header_of(profile, asked), header_of(profile, column)))


def superlative_among(profile: Profile, rng: random.Random) -> Call | None:
    """The highest or lowest of the rows that meet a condition."""
    column, _, keys = choose(rng, profile.measures)
    condition = shared_value(profile, rng, column)
    if condition is None:
        return None
    asked = asked_column(profile, rng, column, column_of(profile, condition))
    rows = [row for row in column_of(profile, condition).rows_of_text(condition.arguments[1]) if row in keys]
    if asked is None or not 2 <= len(rows) < len(keys):
        return None
    name = choose(rng, ("argmax_among", "argmin_among"))
    return counted(name, profile, rng, condition, header_of(profile, asked), header_of(profile, column))


def rank(profile: Profile, rng: random.Random) -> Call | None:
    """The row that is the n-th highest or lowest."""
    column, rows, _ = choose(rng, profile.ranked)
    asked = asked_column(profile, rng, column)
    place = str(2 + int(rng.random() * min(len(rows) - 2, 4)))
    name = choose(rng, ("nth_highest", "nth_lowest"))
    return Call(name, (header_of(profile, asked), header_of(profile, column), place)) if asked else None


def rank_of(profile: Profile, rng: random.Random) -> Call | None:
    """Which place a row takes by a number."""
    if len(profile.entities) < 3:
        return None
    column, _, keys = choose(rng, profile.measures)
    row = choose(rng, profile.entities)
    if row not in keys or column is profile.key or list(keys.values()).count(keys[row]) > 1:
        return None
    return Call("rank_of", (header_of(profile, column), entity(profile, row)))


# --- two rows


def compare_two(profile: Profile, rng: random.Random) -> Call | None:
    """Which of two rows has more, or is earlier."""
    pair = pair_of(profile, rng, dates=True)
    if pair is None or profile.key is None:
        return None
    name = choose(rng, ("larger", "smaller"))
    headers = header_of(profile, profile.key), header_of(profile, pair[0])
    return Call(name, (*headers, entity(profile, pair[1]), entity(profile, pair[2])))


def difference(profile: Profile, rng: random.Random) -> Call | None:
    """By how much two rows differ."""
    pair = pair_of(profile, rng, dates=False)
    if pair is None:
        return None
    column, first, second = pair
    if rng.random() < 0.5:
        if column.values[first].number < column.values[second].number:
            first, second = second, first
        return Call("excess", (header_of(profile, column), entity(profile, first), entity(profile, second)))
    return Call("difference", (header_of(profile, column), entity(profile, first), entity(profile, second)))


def ratio(profile: Profile, rng: random.Random) -> Call | None:
    """How many times as much one row has as another."""
    pair = pair_of(profile, rng, dates=False)
    if pair is None:
        return None
    column, first, second = pair
    if column.values[first].number < column.values[second].number:
        first, second = second, first
    if column.values[second].number <= 0 or column not in profile.additive:
        return None
    return Call("ratio", (header_of(profile, column), entity(profile, first), entity(profile, second)))


def date_distance(profile: Profile, rng: random.Random) -> Call | None:
    """The years or days between two dates."""
    choices = [item for item in profile.dated if item[0] is not profile.key]
    if not choices:
        return None
    ordered = choose(rng, choices)
    rows = two_entities(profile, rng, ordered)
    if rows is None:
        return None
    dates = [ordered[0].values[row].date for row in rows]
    years = [date.year for date in dates if date]
    if all(date and date.day for date in dates):
        name = "days_between"
    elif any(date and date.month for date in dates) or abs(years[0] - years[1]) < 1:
        return None
    else:
        name = "years_between"
    return Call(name, (header_of(profile, ordered[0]), entity(profile, rows[0]), entity(profile, rows[1])))


def unit_aware(profile: Profile, rng: random.Random) -> Call | None:
    """A number in another unit or scale."""
    column, units = choose(rng, profile.converted)
    row = choose(rng, profile.entities)
    unit = choose(rng, units)
    if column is profile.key or column.values[row].kind is not Kind.NUMBER or not column.values[row].number:
        return None
    if "(" in column.texts[row] or profile.key is None or profile.key.kind is not Kind.TEXT:
        return None  # the cell converts it itself, or a date has no height
    converted = convert(column.values[row].number, column.unit or column.noun.note, unit)
    if converted is None or not 1 <= abs(converted) < (1_000 if unit == "cm" else 100_000):
        return None
    return Call("in_unit", (header_of(profile, column), entity(profile, row), unit))
