"""From a program to a question: the rules of `grammars/question.lark` as phrases with slots, compiled once."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from gentap.grammar.english import ordinal
from gentap.grammar.programs import Call
from gentap.grammar.view import ColumnView, TableView, fold, quoted
from tabtext.grammar import Alternative, Grammar, Slot, load
from tabtext.tokens import TokenLexer
from tabtext.values import Kind

COLUMN_SLOTS = (
    "column", "single", "several", "odd", "a_column", "columns", "amount", "measure", "level", "quantity", "dated",
    "annual",
)  # fmt: skip
CALL_SLOTS = ("entity", "feature", "equal", "compared", "within", "spelled", "ordered",
              "near_year", "in_year", "about_year", "year_range")  # fmt: skip
VALUE_SLOTS = ("value", "fragment", "nth", "unit")
STATEMENTS = ("list", "give")
"""A phrase that begins with one of these ends with a full stop, not with a question mark."""


class Place(NamedTuple):
    """A slot of a phrase and the argument of the call that goes there."""

    slot: str
    argument: int


class Phrase(NamedTuple):
    """One way to say an operation: text with its spaces, and places."""

    parts: tuple[str | Place, ...]
    columns: int
    calls: int
    values: int


class Phrasebook:
    """The phrases of every operation, by name and by the number of strings and calls that it takes."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self.words = frozenset(grammar.words) - {","}
        self.units = {a.name: " ".join(map(str, a.parts)) for a in grammar.rules["unit"]}
        self.questions = self._phrases(_named(grammar, "start"))
        self.conditions = self._phrases(_named(grammar, "feature"))
        self.of_years = {
            key: about for key, phrases in self.questions.items() if (about := [p for p in phrases if _of_year(p)])
        }
        self.years = self._phrases((*_named(grammar, "near_year"), *grammar.rules["year_range"]))

    def say(self, program: Call, view: TableView, rng: random.Random) -> str | None:
        """A question for the program; None where no phrase can name its columns and values without doubt."""
        text = self._said(self.of_years, program, view, rng) if _asks_of_year(program, view) else None
        text = text or self._said(self.questions, program, view, rng)
        if text is None:
            return None
        mark = "." if text.startswith(STATEMENTS) else "?"
        return f"{text[0].upper()}{text[1:]}{mark}"

    def phrases(self, name: str) -> list[Phrase]:
        """All the ways to say an operation."""
        return [p for (n, _, _), phrases in self.questions.items() if n == name for p in phrases]

    def _phrases(self, alternatives: Iterable[Alternative]) -> dict[tuple[str, int, int], list[Phrase]]:
        phrases: dict[tuple[str, int, int], list[Phrase]] = {}
        for alternative in alternatives:
            phrase = _phrase(alternative)
            key = (alternative.name, phrase.columns + phrase.values, phrase.calls)
            phrases.setdefault(key, []).append(phrase)
        return phrases

    def _said(
        self, book: Mapping[tuple[str, int, int], list[Phrase]], call: Call, view: TableView, rng: random.Random
    ) -> str | None:
        calls = sum(not isinstance(argument, str) for argument in call.arguments)
        phrases = book.get((call.name, len(call.arguments) - calls, calls), ())
        first = int(rng.random() * len(phrases))
        for offset in range(len(phrases)):
            text = self._filled(phrases[(first + offset) % len(phrases)], call, view, rng)
            if text is not None:
                return text
        return None

    def _filled(self, phrase: Phrase, call: Call, view: TableView, rng: random.Random) -> str | None:
        """The phrase with the call's arguments in its places; None where one does not fit."""
        arguments, pieces = call.arguments, []
        for part in phrase.parts:
            if isinstance(part, str):
                pieces.append(part)
                continue
            argument = arguments[part.argument]
            if isinstance(argument, str):
                text = view.fills.get((part.slot, argument), "")
                if text == "":
                    fill = _FILLS.get(part.slot)
                    text = fill(view, argument) if fill else self.units.get(argument)
                    view.fills[part.slot, argument] = text
            elif part.slot == "entity":
                text = _entity(view, argument)
            elif part.slot == "feature" or argument.name in _ONLY[part.slot]:
                conditions = self.years if part.slot in _YEAR_SLOTS else self.conditions
                text = self._said(conditions, argument, view, rng)
            else:
                text = None
            if text is None or (part.slot == "amount" and pieces[-2:] == ["1", " "]):
                return None
            pieces.append(text)
        return "".join(pieces)


@lru_cache(maxsize=1)
def phrasebook() -> Phrasebook:
    """The phrases of the grammar that ships."""
    return Phrasebook(load("question", lexer=TokenLexer))


def _named(grammar: Grammar, rule: str) -> Iterator[Alternative]:
    """The alternatives of a rule whose own alternatives are rules, one level down."""
    for alternative in grammar.rules[rule]:
        for part in alternative.parts:
            yield from grammar.rules[part.name if isinstance(part, Slot) else part]


def _phrase(alternative: Alternative) -> Phrase:
    """An alternative with its literals joined to texts, and its slots numbered: columns, then calls, then values."""
    slots = [part.name for part in alternative.parts if isinstance(part, Slot)]
    columns, calls, values = (sum(s in kind for s in slots) for kind in (COLUMN_SLOTS, CALL_SLOTS, VALUE_SLOTS))
    counters = {COLUMN_SLOTS: 0, CALL_SLOTS: columns, VALUE_SLOTS: columns + calls}
    parts: list[str | Place] = []
    for part in alternative.parts:
        space = "" if not parts or part == "," else " "
        if isinstance(part, str):
            _append(parts, space + part)
            continue
        _append(parts, space)
        kind = next(kind for kind in counters if part.name in kind)
        parts.append(Place(part.name, counters[kind]))
        counters[kind] += 1
    return Phrase(tuple(parts), columns, calls, values)


def _of_year(phrase: Phrase) -> bool:
    return any(isinstance(part, Place) and (part.slot == "annual" or part.slot in _YEAR_SLOTS) for part in phrase.parts)


def _asks_of_year(program: Call, view: TableView) -> bool:
    """Whether the program names a column of years, itself or in a condition."""
    years = view.years
    return bool(years) and any(
        (argument if isinstance(argument, str) else argument.arguments[0]) in years for argument in program.arguments
    )


def _append(parts: list[str | Place], text: str) -> None:
    if text and parts and isinstance(last := parts[-1], str):
        parts[-1] = last + text
    elif text:
        parts.append(text)


def _entity(view: TableView, condition: Call) -> str | None:
    """The value that names a row, where its column goes without saying."""
    header, value = condition.arguments
    if condition.name != "equals" or view.owners.get(fold(str(value)), -1) != view.by_header[str(header)]:
        return None
    return view.written(str(value))


def _column_fill(
    text: Callable[[TableView, ColumnView], str | None], fits: Callable[[ColumnView], bool]
) -> Callable[[TableView, str], str | None]:
    def fill(view: TableView, header: str) -> str | None:
        column = view.columns[view.by_header[header]]
        return text(view, column) if fits(column) else None

    return fill


def _nth(view: TableView, number: str) -> str | None:
    return ordinal(int(number))


def _counts(column: ColumnView) -> bool:
    return column.kind is Kind.NUMBER and column.noun.counts


def _is_quantity(column: ColumnView) -> bool:
    return column.kind is Kind.NUMBER and not column.noun.is_plural


_FILLS: dict[str, Callable[[TableView, str], str | None]] = {
    "column": _column_fill(TableView.column_text, lambda column: not column.noun.is_plural),
    "a_column": _column_fill(TableView.column_with_article, lambda column: not _counts(column)),
    "columns": _column_fill(TableView.plural_text, lambda column: True),
    "amount": _column_fill(TableView.column_text, _counts),
    "single": _column_fill(TableView.column_text, lambda column: column.noun.known and not column.noun.is_plural),
    "several": _column_fill(TableView.column_text, lambda column: column.noun.is_plural),
    "odd": _column_fill(TableView.column_text, lambda column: not column.noun.known),
    "quantity": _column_fill(TableView.column_text, _is_quantity),
    "measure": _column_fill(TableView.column_text, lambda column: column.kind is Kind.NUMBER),
    "level": _column_fill(TableView.column_text, lambda column: column.kind is Kind.NUMBER and not column.noun.counts),
    "dated": _column_fill(TableView.column_text, lambda column: column.kind is Kind.DATE),
    "annual": _column_fill(TableView.column_text, ColumnView.is_year),
    "value": TableView.written,
    "fragment": lambda view, text: quoted(text),
    "nth": _nth,
}
_ONLY = {
    "equal": {"equals"},
    "compared": {"above", "below"},
    "within": {"between"},
    "spelled": {"starts", "ends", "contains"},
    "ordered": {"before", "after"},
    "near_year": {"equals", "before", "after"},
    "in_year": {"equals"},
    "about_year": {"before", "after"},
    "year_range": {"between"},
}
_YEAR_SLOTS = frozenset(("near_year", "in_year", "about_year", "year_range"))
