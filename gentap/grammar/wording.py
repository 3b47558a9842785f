"""How a program is said of one table: among the phrases that suit its columns one is chosen, and its places filled."""

from __future__ import annotations

import random
from typing import Any

from gentap.grammar import slots
from gentap.grammar.phrasing import (
    BY_CALL,
    BY_COLUMN,
    BY_RELATION,
    BY_ROW,
    BY_VALUE,
    CLAUSE,
    LISTS,
    MANY,
    ONE,
    STIFF,
    Groups,
    Phrase,
    Phrasebook,
    Place,
)
from gentap.grammar.programs import Call
from gentap.grammar.view import TableView, quoted

STATEMENTS = ("list", "give")
"""A phrase that begins with one of these ends with a full stop, not with a question mark."""

_MOST_REMEMBERED = 1 << 16
"""Shapes of calls whose phrases are remembered."""

NO_SHAPE = -1
"""What stands for the shape of an argument that is no column."""


def asked_of_many(program: Call) -> Call:
    """The program for a question that asks for several cells: a listing, where an operation asks for one cell alone."""
    return program._replace(name="listing") if program.name in LISTS else program


class Wording:
    """The words for one table's columns, rows and values, each found once."""

    def __init__(self, book: Phrasebook, view: TableView) -> None:
        self.book = book
        self.view = view
        self.shapes = {view.table.header[column.index]: book.shapes.number(column) for column in view.columns}
        self._columns: dict[tuple[str, str], str | None] = {}
        self._rows: dict[tuple[str, Call], str | None] = {}
        self._values: dict[tuple[str, str], str | None] = {}

    def say(self, program: Call, rng: random.Random, answers: int = 1) -> str | None:
        """A question for the program, in the singular or plural by the number of answers.

        None where no phrase can name its columns and values without doubt.
        """
        groups = self._fitting(MANY if answers > 1 else ONE, program, "")
        text = self._first(groups, program, rng, "", CLAUSE) or self._first(groups, program, rng, "", STIFF)
        if text is None:
            return None
        mark = "?" if not text.startswith(STATEMENTS) else "" if text.endswith(".") else "."
        return f"{text[0].upper()}{text[1:]}{mark}"

    # --- the phrases that suit a call

    def _fitting(self, slot: str, call: Call, subject: str) -> Groups:
        """The phrases that the columns of a call and the kind of what stands before it allow.

        `slot` is that of a condition, or the number in which a question asks. They depend on the shapes of the columns
        alone, and are remembered for all tables.
        """
        shapes = self.shapes
        key: list[str | int] = [slot, subject, call.name]
        for argument in call.arguments:
            if isinstance(argument, str):
                key.append(shapes.get(argument, NO_SHAPE))
            else:
                key += (argument.name, shapes[str(argument.arguments[0])])
        remembered, here = self.book.suited, tuple(key)
        groups = remembered.get(here)
        if groups is None:
            fitting = self._suiting(self.book.alternatives(slot, call), call, subject)
            if len(remembered) >= _MOST_REMEMBERED:
                remembered.clear()
            groups = remembered[here] = tuple([phrases for phrases in fitting if phrases])
        return groups

    def _suiting(self, groups: Groups, call: Call, subject: str) -> list[tuple[Phrase, ...]]:
        """The phrases whose places a call's columns fit, whatever its values; equal places are judged once."""
        places = {place for phrases in groups for phrase in phrases for place in phrase.places}
        fitting = {place for place in places if self._fits(place, call, subject)}
        return [tuple([phrase for phrase in phrases if fitting.issuperset(phrase.places)]) for phrases in groups]

    def _fits(self, place: Place, call: Call, subject: str) -> bool:
        """Whether an argument fits a place, by the shape of its column."""
        slot, argument = place.slot, call.arguments[place.argument]
        about = self._shape(call.arguments[place.subject]) if place.subject >= 0 else None
        kind = about.subject if about else subject
        if place.filled_by == BY_COLUMN:
            shape = self._shape(argument)
            return slot in shape.slots and slots.may_follow(slot, shape, kind)
        if place.filled_by == BY_RELATION:
            return slots.relates(slot, self._shape(argument), subject)
        if place.filled_by == BY_ROW:
            shape = self._shape(argument)
            return slot in shape.slots and slots.may_name(slot, shape, about)
        return place.filled_by != BY_CALL or bool(self._fitting(slot, _called(argument), kind))

    def _shape(self, argument: Call | str) -> slots.Shape:
        """The shape of the column that an argument is, or that it looks at."""
        header = argument if isinstance(argument, str) else str(argument.arguments[0])
        return self.book.shapes.known[self.shapes[header]]

    # --- their places filled

    def _first(self, groups: Groups, call: Call, rng: random.Random, subject: str, stiffest: int) -> str | None:
        """The first phrase that can be filled, from the best group on, in random order within a group."""
        for phrases in groups:
            if phrases[0].rank > stiffest:
                break
            first = int(rng.random() * len(phrases)) if len(phrases) > 1 else 0
            for phrase in (*phrases[first:], *phrases[:first]) if first else phrases:
                text = self._filled(phrase, call, rng, subject, stiffest)
                if text is not None:
                    return text
        return None

    def _filled(self, phrase: Phrase, call: Call, rng: random.Random, subject: str, stiffest: int) -> str | None:
        """The phrase with the call's arguments in its places; None where one does not fit."""
        pieces: list[str] = []
        for part in phrase.parts:
            if isinstance(part, str):
                pieces.append(part)
                continue
            slot, place, before, filled_by = part
            argument: Any = call.arguments[place]
            if filled_by == BY_COLUMN:
                text = self._column(slot, argument)
                if slot == "amount" and pieces[-2:] == ["1", " "]:
                    return None
            elif filled_by == BY_CALL:
                kind = self._shape(call.arguments[before]).subject if before >= 0 else subject
                text = self._first(self._fitting(slot, argument, kind), argument, rng, kind, stiffest)
            elif filled_by == BY_ROW:
                text = self._row(slot, argument)
            elif filled_by == BY_VALUE:
                text = self._value(str(call.arguments[0]), argument)
            elif filled_by == BY_RELATION:
                text = slots.related_text(slot, self.view, argument, str(call.arguments[-1]))
            else:
                fill = slots.VALUE_SLOTS.get(slot)
                text = fill(self.view, argument) if fill else self.book.units.get(argument)
            if text is None:
                return None
            pieces.append(text)
        return "".join(_evenly_quoted(phrase, pieces, call) if phrase.names > 1 else pieces)

    def _column(self, slot: str, header: str) -> str | None:
        """A column's name as it stands in a slot."""
        text = self._columns.get((slot, header), "")
        if text == "":
            text = self._columns[slot, header] = slots.column_text(slot, self.view, header)
        return text

    def _row(self, slot: str, condition: Call) -> str | None:
        """The value that names a row in a slot."""
        text = self._rows.get((slot, condition), "")
        if text == "":
            text = self._rows[slot, condition] = slots.row_text(slot, self.view, condition)
        return text

    def _value(self, header: str, value: str) -> str | None:
        """A value as it stands behind its column."""
        text = self._values.get((header, value), "")
        if text == "":
            text = self._values[header, value] = slots.value_text(self.view, header, value)
        return text


def _called(argument: Call | str) -> Call:
    assert isinstance(argument, Call)
    return argument


def _evenly_quoted(phrase: Phrase, pieces: list[str], call: Call) -> list[str]:
    """The pieces of a phrase, with all of the names in it in quotation marks or none."""
    names = {
        number: str(_called(call.arguments[part.argument]).arguments[-1])
        for number, part in enumerate(phrase.parts)
        if isinstance(part, Place) and part.filled_by == BY_ROW
    }
    if len({pieces[number][0] in '"“' for number in names}) > 1:
        for number, name in names.items():
            if pieces[number][0] not in '"“':
                pieces[number] = quoted(name) or pieces[number]
    return pieces
