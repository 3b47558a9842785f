"""From a program to a question: the rules of `grammars/question.lark` as phrases with slots, compiled once."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from gentap.grammar import slots
from gentap.grammar.conditions import CONDITIONS
from gentap.grammar.programs import Call
from gentap.grammar.value_kinds import RELATIONS
from gentap.grammar.view import ColumnView, TableView, quoted
from gentap.grammar.vocabulary import vocabulary
from tabtext.grammar import Alternative, Grammar, Slot, load
from tabtext.tokens import TokenLexer

COLUMN_SLOTS = frozenset(slots.COLUMN_SLOTS)
RELATION_SLOTS = frozenset(RELATIONS)
ROW_SLOTS = frozenset((*slots.ROW_SLOTS, *RELATIONS))
VALUE_SLOTS = frozenset((*slots.VALUE_SLOTS, "value", "unit"))
_ALONE = (COLUMN_SLOTS - slots.OF_SUBJECTS) | slots.VALUE_SLOTS.keys() | {"unit"}
"""Slots whose text does not depend on what stands before them."""
CALL_SLOTS = frozenset((
    "fitted", "feature", "equal", "compared", "within", "spelled", "ordered", "being", "being_equal", "being_ordered",
    "being_within", "given", "given_equal", "given_otherwise", "given_compared", "given_within", "given_ordered",
    "spelt", "spelt_of_many",
))  # fmt: skip
"""The rules of conditions that stand in phrases."""

STATEMENTS = ("list", "give")
"""A phrase that begins with one of these ends with a full stop, not with a question mark."""

LISTS = frozenset(("lookup", "comparison", "range", "spelling", "dated_rows"))
"""Operations with one condition that ask for one row; asked for many, they are a `listing`."""

IN_NUMBER = LISTS | {"conjunction", "negation", "exception", "same_as", "listing"}
"""Operations that ask for a cell or for several, in the singular or the plural."""

NATURAL, PLAIN, CLAUSE, STIFF = range(4)
"""How well a phrase reads; what reads better is tried first, and what is stiff only where nothing else fits."""


ONE, MANY = "one", "many"
"""The books of questions for one cell and for many."""

_MOST_REMEMBERED = 1 << 15


class Place(NamedTuple):
    """A slot of a phrase, the argument of the call that goes there, and the argument that is its subject, if any."""

    slot: str
    argument: int
    subject: int


class Phrase(NamedTuple):
    """One way to say an operation: text with its spaces, and places."""

    parts: tuple[str | Place, ...]
    rank: int


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
        self._remembered: dict[tuple[object, ...], Groups] = {}

    def say(self, program: Call, view: TableView, rng: random.Random, answers: int = 1) -> str | None:
        """A question for the program, in the singular or plural by the number of answers.

        None where no phrase can name its columns and values without doubt.
        """
        phrases = self._fitting(MANY if answers > 1 else ONE, program, view, None)
        text = self._first(phrases, program, view, rng, None, CLAUSE)
        text = text or self._first(phrases, program, view, rng, None, STIFF)
        if text is None:
            return None
        mark = "?" if not text.startswith(STATEMENTS) else "" if text.endswith(".") else "."
        return f"{text[0].upper()}{text[1:]}{mark}"

    def phrases(self) -> Iterator[Phrase]:
        """All the ways to ask."""
        for number in (ONE, MANY):
            for groups in self.books[number].values():
                for group in groups:
                    yield from group

    def _first(
        self, groups: Groups, call: Call, view: TableView, rng: random.Random, subject: ColumnView | None, stiffest: int
    ) -> str | None:
        """The first phrase that can be filled, from the best group on, in random order within a group."""
        for phrases in groups:
            if phrases[0].rank > stiffest:
                break
            first = int(rng.random() * len(phrases)) if len(phrases) > 1 else 0
            for phrase in (*phrases[first:], *phrases[:first]) if first else phrases:
                text = self._filled(phrase, call, view, rng, subject, stiffest)
                if text is not None:
                    return text
        return None

    def _fitting(self, slot: str, call: Call, view: TableView, subject: ColumnView | None) -> Groups:
        """The phrases that the columns of a call and what stands before it allow, remembered for this table.

        `slot` is that of a condition, or the number in which a question asks.
        """
        named = call.arguments if slot in (ONE, MANY) else call.arguments[:1]
        here = (slot, call.name, _kind(subject), *[name if isinstance(name, str) else None for name in named])
        groups = view.phrases.get(here)
        if groups is None:
            groups = view.phrases[here] = self._suiting(slot, call, view, subject)
        return groups

    def _suiting(self, slot: str, call: Call, view: TableView, subject: ColumnView | None) -> Groups:
        """The same, remembered for columns of the same kind in all tables."""
        columns = [view.named(argument) if isinstance(argument, str) else None for argument in call.arguments]
        shapes = tuple(
            [column and (column.noun, column.kind, view.table.header[column.index] in view.years) for column in columns]
        )
        key = (slot, call.name, shapes, _kind(subject))
        groups = self._remembered.get(key)
        if groups is None:
            calls = sum(not isinstance(argument, str) for argument in call.arguments)
            found = self.books[slot].get((call.name, len(columns) - calls, calls), ())
            fitting = (tuple(p for p in phrases if _suits(p, columns, key[3])) for phrases in found)
            groups = tuple(phrases for phrases in fitting if phrases)
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[key] = groups
        return groups

    def _filled(
        self, phrase: Phrase, call: Call, view: TableView, rng: random.Random, subject: ColumnView | None, stiffest: int
    ) -> str | None:
        """The phrase with the call's arguments in its places; None where one does not fit."""
        pieces: list[str] = []
        named: dict[int, str] = {}
        for part in phrase.parts:
            if isinstance(part, str):
                pieces.append(part)
                continue
            if part.slot in _ALONE:
                text = self._word(part.slot, str(call.arguments[part.argument]), view, "")
                if text is None or (part.slot == "amount" and pieces[-2:] == ["1", " "]):
                    return None
                pieces.append(text)
                continue
            about = subject if part.subject < 0 else _column_of(call, part.subject, view)
            if part.slot in ROW_SLOTS:
                argument = call if part.slot in RELATIONS else call.arguments[part.argument]
                assert isinstance(argument, Call)
                text = slots.row_text(part.slot, view, argument, _kind(about), about)
                named[len(pieces)] = str(argument.arguments[-1])
            elif part.slot == "value":
                text = slots.value_text(view, str(call.arguments[0]), str(call.arguments[part.argument]))
            elif isinstance(argument := call.arguments[part.argument], str):
                text = self._word(part.slot, argument, view, _kind(about))
            else:
                fitting = self._fitting(part.slot, argument, view, about)
                text = self._first(fitting, argument, view, rng, about, stiffest) if fitting else None
            if text is None:
                return None
            pieces.append(text)
        return "".join(_evenly_quoted(pieces, named) if len(named) > 1 else pieces)

    def _word(self, slot: str, argument: str, view: TableView, subject: str) -> str | None:
        """A column or value as it stands in a slot behind a kind of subject, remembered."""
        key = (slot + subject if slot in slots.OF_SUBJECTS else slot, argument)
        text = view.fills.get(key, "")
        if text == "":
            if slot in COLUMN_SLOTS:
                text = slots.column_text(slot, view, argument, subject)
            else:
                fill = slots.VALUE_SLOTS.get(slot)
                text = fill(view, argument) if fill else self.units.get(argument)
            view.fills[key] = text
        return text


@lru_cache(maxsize=1)
def phrasebook() -> Phrasebook:
    """The phrases of the grammar that ships."""
    return Phrasebook(load("question", lexer=TokenLexer))


def _suits(phrase: Phrase, columns: Sequence[ColumnView | None], subject: str) -> bool:
    """Whether a call's columns fit the slots of a phrase, whatever its values."""
    for part in phrase.parts:
        column = None if isinstance(part, str) else columns[part.argument]
        if isinstance(part, str) or column is None:
            continue
        before = columns[part.subject] if part.subject >= 0 else None
        if part.slot in RELATIONS and not slots.relates(part.slot, column, subject):
            return False
        if part.slot in COLUMN_SLOTS and not (
            slots.COLUMN_SLOTS[part.slot][0](column)
            and (
                (part.subject >= 0 and before is None) or slots.may_follow(part.slot, column, _kind(before) or subject)
            )
        ):
            return False
    return True


def asked_of_many(program: Call) -> Call:
    """The program for a question that asks for several cells: a listing, where an operation asks for one cell alone."""
    return program._replace(name="listing") if program.name in LISTS else program


def _kind(subject: ColumnView | None) -> str:
    return slots.kind_of(subject) if subject else ""


def _column_of(call: Call, place: int, view: TableView) -> ColumnView:
    """The column that an argument is, or that it looks at."""
    argument = call.arguments[place]
    return view.columns[view.by_header[argument if isinstance(argument, str) else str(argument.arguments[0])]]


def _evenly_quoted(pieces: list[str], named: Mapping[int, str]) -> list[str]:
    """The pieces of a phrase, with all of its names (those at these places) in quotation marks or none."""
    if len({pieces[place][0] in '"“' for place in named}) > 1:
        for place, name in named.items():
            if pieces[place][0] not in '"“':
                pieces[place] = quoted(name) or pieces[place]
    return pieces


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
        parts.append(Place(part.name, counters[kind], asked if part.name in slots.ROW_SLOTS else subject))
        if kind is COLUMN_SLOTS or part.name in slots.ROW_SLOTS:
            subject = counters[kind]
        asked = counters[kind] if kind is COLUMN_SLOTS else asked
        counters[kind] += 1
    return key, Phrase(tuple(parts), _rank(parts))


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
