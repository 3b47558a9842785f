"""The rules of `grammars/question.lark` as phrases with places for columns, rows and values, compiled once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from gentap.grammar import slots
from gentap.grammar.conditions import CONDITIONS
from gentap.grammar.programs import Call
from gentap.grammar.value_kinds import RELATIONS
from gentap.grammar.vocabulary import vocabulary
from tabtext.grammar import Alternative, Grammar, Slot, load
from tabtext.tokens import TokenLexer

COLUMN_SLOTS = frozenset(slots.COLUMN_SLOTS)
RELATION_SLOTS = frozenset(RELATIONS)
ROW_SLOTS = frozenset((*slots.ROW_SLOTS, *RELATIONS))
VALUE_SLOTS = frozenset((*slots.VALUE_SLOTS, "value", "unit"))
CALL_SLOTS = frozenset((
    "fitted", "feature", "equal", "compared", "within", "spelled", "ordered", "being", "being_equal", "being_ordered",
    "being_within", "given", "given_equal", "given_otherwise", "given_compared", "given_within", "given_ordered",
    "spelt", "spelt_of_many",
))  # fmt: skip
"""The rules of conditions that stand in phrases."""

LISTS = frozenset(("lookup", "comparison", "range", "spelling", "dated_rows"))
"""Operations with one condition that ask for one row; asked for many, they are a `listing`."""

IN_NUMBER = LISTS | {"conjunction", "negation", "exception", "same_as", "listing"}
"""Operations that ask for a cell or for several, in the singular or the plural."""

NATURAL, PLAIN, CLAUSE, STIFF = range(4)
"""How well a phrase reads; what reads better is tried first, and what is stiff only where nothing else fits."""


ONE, MANY = "one", "many"
"""The books of questions for one cell and for many."""


BY_COLUMN, BY_CALL, BY_ROW, BY_RELATION, BY_VALUE, BY_LITERAL = range(6)
"""What fills a place: a column, a condition, a named row, a condition after a word of relation, a value, or a text."""


class Place(NamedTuple):
    """A slot of a phrase, the argument of the call that goes there, and the argument that is its subject, or -1."""

    slot: str
    argument: int
    subject: int
    filled_by: int


class Phrase(NamedTuple):
    """One way to say an operation: text with its spaces, and places; `names`: how many of these name rows."""

    parts: tuple[str | Place, ...]
    places: tuple[Place, ...]
    rank: int
    names: int = 0


Key = tuple[str, int, int]
"""A name and how many strings and calls it takes."""

Groups = tuple[tuple[Phrase, ...], ...]
"""Phrases in groups of one rank, the best first."""

Book = Mapping[Key, Groups]
"""The phrases of every operation or condition."""


class Phrasebook:
    """The phrases of every operation, by name and by the number of strings and calls that it takes."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self.words = vocabulary(grammar)
        self.units = {a.name: " ".join(map(str, a.parts)) for a in grammar.rules["unit"]}
        asked = list(_questions(grammar))
        self.books = {number: _book(_in_number(asked, number == MANY)) for number in (ONE, MANY)}
        self.books |= {slot: _book(_conditions(grammar, slot)) for slot in CALL_SLOTS}
        self.suited: dict[tuple[object, ...], Groups] = {}
        """The phrases that suit columns of some shapes, remembered for all tables."""
        self.shapes = slots.Shapes()

    def phrases(self) -> Iterator[Phrase]:
        """All the ways to ask."""
        for number in (ONE, MANY):
            for groups in self.books[number].values():
                for group in groups:
                    yield from group

    def alternatives(self, slot: str, call: Call) -> Groups:
        """The phrases of a call in a slot, or in the number in which a question asks, whatever its columns."""
        calls = sum(not isinstance(argument, str) for argument in call.arguments)
        return self.books[slot].get((call.name, len(call.arguments) - calls, calls), ())


@lru_cache(maxsize=1)
def phrasebook() -> Phrasebook:
    """The phrases of the grammar that ships."""
    return Phrasebook(load("question", lexer=TokenLexer))


# --- from rules to phrases


def _questions(grammar: Grammar) -> Iterator[Alternative]:
    """The alternatives of every operation, with the rules between them and their slots written out."""
    for operation in grammar.rules["start"]:
        part = operation.parts[0]
        for alternative in grammar.rules[part.name if isinstance(part, Slot) else part]:
            yield from _written_out(grammar, alternative)


def _written_out(grammar: Grammar, alternative: Alternative) -> Iterator[Alternative]:
    """An alternative for each way to put the alternatives of rules that are no slots in their places."""
    for place, part in enumerate(alternative.parts):
        if isinstance(part, Slot) and part.name not in _SLOTS:
            for inner in grammar.rules[part.name]:
                parts = (*alternative.parts[:place], *inner.parts, *alternative.parts[place + 1 :])
                yield from _written_out(grammar, Alternative(alternative.name, parts))
            return
    yield alternative


_SLOTS = COLUMN_SLOTS | ROW_SLOTS | VALUE_SLOTS | CALL_SLOTS


def _conditions(grammar: Grammar, rule: str) -> Iterator[Alternative]:
    """The conditions of a rule, down to their columns and values."""
    for alternative in grammar.rules[rule]:
        inner = [n for n, p in enumerate(alternative.parts) if isinstance(p, Slot) and p.name not in _LEAVES]
        if not inner:
            yield Alternative(alternative.name if alternative.name in CONDITIONS else "equals", alternative.parts)
        for place in inner:
            part = alternative.parts[place]
            assert isinstance(part, Slot)
            for condition in _conditions(grammar, part.name):
                parts = (*alternative.parts[:place], *condition.parts, *alternative.parts[place + 1 :])
                yield Alternative(condition.name, parts)


_LEAVES = COLUMN_SLOTS | ROW_SLOTS | VALUE_SLOTS


def _in_number(alternatives: Iterable[Alternative], many: bool) -> Iterator[Alternative]:
    """The alternatives that ask for one cell or for many, where an operation has the choice."""
    for name, parts in alternatives:
        first = next((part.name for part in parts if isinstance(part, Slot) and part.name in _ASKING), "")
        if name not in IN_NUMBER or not first:
            yield Alternative(name, parts)
        elif first in _ASKING_EITHER:
            parts = tuple(Slot(f"{first}_many") if many and part == Slot(first) else part for part in parts)
            yield Alternative("listing" if many and name in LISTS else name, parts)
        elif (first in _ASKING_MANY) == many or name == "listing":
            yield Alternative(name, parts)


_ASKING_EITHER = frozenset(("asked", "day", "period"))
_ASKING_MANY = frozenset(("columns", "bearers"))
_ASKING = _ASKING_EITHER | _ASKING_MANY | {"column", "bearer"}


def _book(alternatives: Iterable[Alternative]) -> Book:
    """The phrases of alternatives by key, in groups of one rank."""
    phrases: dict[Key, list[Phrase]] = {}
    for alternative in alternatives:
        key, phrase = _phrase(alternative)
        phrases.setdefault(key, []).append(phrase)
    ranked = {key: sorted(found, key=lambda phrase: phrase.rank) for key, found in phrases.items()}
    return {
        key: tuple(tuple(group) for _, group in groupby(found, key=lambda phrase: phrase.rank))
        for key, found in ranked.items()
    }


def _phrase(alternative: Alternative) -> tuple[Key, Phrase]:
    """An alternative with its literals joined to texts, and its slots numbered: columns, then calls, then values."""
    names = [part.name for part in alternative.parts if isinstance(part, Slot)]
    calls = CALL_SLOTS | (ROW_SLOTS - RELATION_SLOTS)
    columns, called = sum(name in COLUMN_SLOTS for name in names), sum(name in calls for name in names)
    key = (alternative.name, len(names) - called, called)
    if RELATION_SLOTS & set(names):
        key = ("equals", 2, 0)
    counters = {COLUMN_SLOTS: 0, calls: columns, VALUE_SLOTS: columns + called, RELATION_SLOTS: 0}
    parts: list[str | Place] = []
    subject = asked = -1
    for part in alternative.parts:
        space = "" if not parts or part == "," else " "
        if isinstance(part, str):
            _append(parts, space + part)
            subject = -1 if part in ("rows", "row") else subject
            continue
        _append(parts, space)
        kind = next(kind for kind in counters if part.name in kind)
        before = asked if part.name in slots.ROW_SLOTS else subject
        parts.append(Place(part.name, counters[kind], before, _filled_by(part.name)))
        if kind is COLUMN_SLOTS or part.name in slots.ROW_SLOTS:
            subject = counters[kind]
        asked = counters[kind] if kind is COLUMN_SLOTS else asked
        counters[kind] += 1
    places = tuple(part for part in parts if isinstance(part, Place))
    return key, Phrase(tuple(parts), places, _rank(parts), sum(name in slots.ROW_SLOTS for name in names))


def _filled_by(slot: str) -> int:
    """What fills a slot."""
    if slot in COLUMN_SLOTS:
        return BY_COLUMN
    if slot in ROW_SLOTS:
        return BY_RELATION if slot in RELATIONS else BY_ROW
    return BY_VALUE if slot == "value" else BY_LITERAL if slot in VALUE_SLOTS else BY_CALL


def _rank(parts: list[str | Place]) -> int:
    """How well a phrase reads."""
    said = {part.slot for part in parts if isinstance(part, Place)}
    text = " ".join(part for part in parts if isinstance(part, str))
    unrounded = {"single", "unit"} <= said and "decimals" not in text
    if unrounded or said & _STIFF_SLOTS or any(words in text.replace("listed under", "") for words in _STIFF_WORDS):
        return STIFF
    if said & _NATURAL_SLOTS:
        return NATURAL
    if said & _PLAIN_SLOTS:
        return PLAIN
    return CLAUSE if said & _CLAUSE_SLOTS or any(words in text for words in _CLAUSE_WORDS) else PLAIN


_NATURAL_SLOTS = frozenset(("being", "being_equal", "being_ordered", "being_within", "of_year", "the_date", *RELATIONS))
_CLAUSE_SLOTS = frozenset(("asked", "asked_many", "day", "day_many", "period", "period_many", "given",
                           "given_otherwise"))  # fmt: skip
_CLAUSE_WORDS = ("whose", "listed for ", " for ")
_PLAIN_SLOTS = frozenset(("spelt", "spelt_of_many"))
_STIFF_SLOTS = frozenset(("thing",))
_STIFF_WORDS = ("listed with", " under ", "listed without", "is given for", "starting", "ending", "containing")


def _append(parts: list[str | Place], text: str) -> None:
    if text and parts and isinstance(last := parts[-1], str):
        parts[-1] = last + text
    elif text:
        parts.append(text)
