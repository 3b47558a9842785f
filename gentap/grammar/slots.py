"""What fills the slots of `grammars/question.lark`: which column, value or named row may stand in which, and how."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from gentap.grammar.english import Noun, head_of, ordinal, subject_kind
from gentap.grammar.header_words import NO_CATEGORY
from gentap.grammar.programs import Call
from gentap.grammar.value_kinds import DAYS, EXTENTS, PERIODS, RELATIONS, SPANS, STATURES, TITLED, TRAITS
from gentap.grammar.view import ColumnView, TableView, fold, quoted
from tabtext.values import Kind

Fits = Callable[[ColumnView], bool]
Says = Callable[[TableView, ColumnView], "str | None"]

NO_BEARERS = ("day", "name")
"""Kinds of subject of which nobody says that they have something: `Which date has a crowd of 500?`"""

DATED_SUBJECTS = ("event", "work", "")
"""Kinds of subject that are `from the year 2004`: works, events, and rows of which nothing is known."""


class Shape(NamedTuple):
    """What decides which phrases suit a column: the slots that it fits, and what it is as a subject or asked for."""

    slots: frozenset[str]
    subject: str
    says_when: bool
    is_role: bool


class Shapes:
    """The shapes of columns by noun and kind, each a small number that stands for it."""

    def __init__(self) -> None:
        self.known: list[Shape] = []
        self._number_of: dict[Shape, int] = {}
        self._seen: dict[tuple[Noun, Kind, bool], int] = {}

    def number(self, column: ColumnView) -> int:
        """The number of a column's shape."""
        key = (column.noun, column.kind, column.is_year())
        number = self._seen.get(key)
        if number is None:
            shape = shape_of(column)
            number = self._number_of.setdefault(shape, len(self.known))
            if number == len(self.known):
                self.known.append(shape)
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            self._seen[key] = number
        return number


_MOST_SEEN = 1 << 14
"""Nouns whose shapes are remembered."""


def shape_of(column: ColumnView) -> Shape:
    """The shape of a column; that of a column without a name fits nowhere."""
    if not column.noun.text:
        return Shape(frozenset(), "odd", False, False)
    kind, text = kind_of(column), column.noun.text
    fitting = {slot for slot, (fits, _) in COLUMN_SLOTS.items() if fits(column)}
    fitting |= {slot for slot, fits_kind in ROW_SLOTS.items() if fits_kind(kind)}
    fitting |= {slot for slot, relation in RELATIONS.items() if text in relation.headers}
    return Shape(frozenset(fitting), kind, _is_when(column), text in _ROLES)


def column_text(slot: str, view: TableView, header: str) -> str | None:
    """A column's name as it stands in a slot that it fits; None where it cannot be written there."""
    column = view.columns[view.by_header[header]]
    text = COLUMN_SLOTS[slot][1](view, column)
    return None if text and column.noun.known and '"' in text else text


def may_follow(slot: str, shape: Shape, subject: str) -> bool:
    """Whether a column may stand in a slot behind a kind of subject."""
    return slot not in OF_SUBJECTS or subject in DATED_SUBJECTS or (slot == "dated" and not shape.says_when)


OF_SUBJECTS = frozenset(("of_year", "the_date", "dated"))
"""Slots that say when something was, which is said of works and events alone."""


def may_name(slot: str, shape: Shape, about: Shape | None) -> bool:
    """Whether a value names a row in a slot, `about` being the column that is asked for.

    One says `the height of Ann`; the date or season of a person is one of a match, not hers, and a role is one in a
    film, not of it.
    """
    plays = shape.subject == "work" and about is not None and about.is_role
    if slot == "owner":
        return not plays and (about is None or shape.subject in DATED_SUBJECTS or not about.says_when)
    return slot != "in_which" or shape.subject != "work" or plays


def value_text(view: TableView, header: str, value: str) -> str | None:
    """A value as it stands behind its column: the titles of works in quotation marks."""
    text, column = view.written(value), view.columns[view.by_header[header]]
    return quoted(value) if text == value and head_of(column.noun.text) in TITLED else _named(view, value, text)


def _named(view: TableView, value: str, text: str | None) -> str | None:
    """A value as written, behind `the` where its kind of name has one."""
    return f"the {text}" if text == value and view.is_behind_the(fold(value)) else text


def row_text(slot: str, view: TableView, condition: Call) -> str | None:
    """The value that names a row in a slot that its column fits; None where it does not."""
    if condition.name != "equals":
        return None
    header, value = map(str, condition.arguments)
    column = view.columns[view.by_header[header]]
    if view.owners.get(fold(value), -1) != column.index:
        return None
    if slot in ("on_day", "in_which") and kind_of(column) == "day" and (slot == "on_day") != _has_day(column, value):
        return None
    return quoted(value) if head_of(column.noun.text) in TITLED else _named(view, value, view.written(value))


def related_text(slot: str, view: TableView, header: str, value: str) -> str | None:
    """A value behind a word of relation, which says the column; None where it cannot stand there."""
    column = view.columns[view.by_header[header]]
    if value[:3].lower() in _FOREIGN or related_column(slot, view, value) != column.index:
        return None
    if column.noun.text == "nationality" and _DEMONYM.search(value):
        return None
    return _named(view, value, view.written(value))


def relates(slot: str, shape: Shape, subject: str) -> bool:
    """Whether a word of relation leads from this kind of subject to the values of a column."""
    return slot in shape.slots and subject in RELATIONS[slot].subjects


def related_column(slot: str, view: TableView, value: str) -> int:
    """The first column whose values may stand behind a word of relation and that has this one; else -1."""
    key, headers = fold(value), RELATIONS[slot].headers
    return next((c.index for c in view.columns if c.noun.text in headers and key in c.rows_of), -1)


_DEMONYM = re.compile(r"(?:ish|ese|ian|[ck]an|ean|ch|eek|iss|ai|aqi|eli|ani|German|Norman)$")
"""Endings of nationalities that are adjectives: nobody is `from Danish`."""

_FOREIGN = frozenset(("at ", "vs ", "vs.", "@ ", "v. "))


def kind_of(column: ColumnView) -> str:
    """What bears a column: one of the kinds of subject, or `odd` where its header is no noun."""
    kind = subject_kind(column.noun.text)
    return kind if column.noun.known or kind != "thing" else "odd"


def _is_number(column: ColumnView) -> bool:
    return column.kind is Kind.NUMBER


def _counts(column: ColumnView) -> bool:
    return column.kind is Kind.NUMBER and column.noun.counts


def _is_single(column: ColumnView) -> bool:
    return column.noun.known and not column.noun.is_plural and column.noun.text not in NO_CATEGORY


def _is_several(column: ColumnView) -> bool:
    return column.noun.is_plural and not _counts(column) and column.noun.text not in NO_CATEGORY


def _is_odd(column: ColumnView) -> bool:
    if not column.noun.known:
        return any(map(str.isalpha, column.noun.text))
    return column.noun.is_plural and not column.noun.counts


def _is_trait(column: ColumnView) -> bool:
    """Whether one says `with a height of 1.9 m`: numbers that count nothing, other attributes, dates of something."""
    if not _is_single(column):
        return False
    head = head_of(column.noun.text)
    return (
        (_is_number(column) and kind_of(column) == "thing")
        or head in TRAITS
        or (head in DAYS and column.noun.text not in DAYS)
    )


def _measured_by(words: frozenset[str]) -> Fits:
    return lambda column: _is_number(column) and not column.noun.counts and head_of(column.noun.text) in words


def _is_level(column: ColumnView) -> bool:
    return _is_number(column) and not column.noun.counts and head_of(column.noun.text) not in _SIZED


def _is_when(column: ColumnView) -> bool:
    """Whether a column says when, and not of what: a bare date, year, season."""
    return column.noun.text in _WHEN


_WHEN = DAYS | PERIODS
_SIZED = EXTENTS | SPANS | STATURES


def _bears(column: ColumnView) -> bool:
    return kind_of(column) not in NO_BEARERS


def _asked_of(*kinds: str) -> Fits:
    return lambda column: not column.noun.is_plural and kind_of(column) in kinds


def _asks_for(column: ColumnView) -> bool:
    return not column.noun.is_plural and kind_of(column) not in ("day", "period")


def _plural(view: TableView, column: ColumnView) -> str | None:
    """The plural, where it is not the singular too."""
    return view.plural_text(column) if column.noun.plural != column.noun.text else None


def _with_article(view: TableView, column: ColumnView) -> str | None:
    return view.column_with_article(column)


_NAME, _NAMES = TableView.column_text, _plural

COLUMN_SLOTS: dict[str, tuple[Fits, Says]] = {
    "column": (lambda column: not column.noun.is_plural, _NAME),
    "columns": (lambda column: True, TableView.plural_text),
    "bearer": (lambda column: not column.noun.is_plural and _bears(column), _NAME),
    "bearers": (_bears, TableView.plural_text),
    "asked": (_asks_for, _NAME),
    "asked_many": (_asks_for, _NAMES),
    "day": (_asked_of("day"), _NAME),
    "day_many": (_asked_of("day"), _NAMES),
    "period": (_asked_of("period"), _NAME),
    "period_many": (_asked_of("period"), _NAMES),
    "a_column": (lambda column: not _counts(column) and not _is_when(column), _with_article),
    "a_trait": (_is_trait, _with_article),
    "single": (_is_single, _NAME),
    "several": (_is_several, _NAME),
    "plural": (lambda column: column.noun.is_plural, _NAME),
    "thing": (_is_single, _NAME),
    "odd": (_is_odd, _NAME),
    "amount": (_counts, _NAME),
    "measure": (lambda column: _is_number(column) and not column.noun.counts, _NAME),
    "figures": (lambda column: _is_number(column) and column.noun.is_plural and not column.noun.counts, _NAME),
    "quantity": (lambda column: _is_number(column) and not column.noun.is_plural, _NAME),
    "level": (_is_level, _NAME),
    "extent": (_measured_by(EXTENTS), _NAME),
    "span": (_measured_by(SPANS), _NAME),
    "stature": (_measured_by(STATURES), _NAME),
    "little": (_measured_by(EXTENTS | STATURES), _NAME),
    "scaled": (lambda column: not column.noun.is_plural and column.kind in (Kind.NUMBER, Kind.DATE), _NAME),
    "dated": (lambda column: column.kind is Kind.DATE, _NAME),
    "listed_date": (lambda column: column.kind is Kind.DATE, _NAME),
    "of_year": (ColumnView.is_year, _NAME),
    "the_date": (lambda column: column.noun.text == "date" and column.kind is Kind.DATE, lambda view, column: "dated"),
}
"""The slots of columns: which column fits, and how it reads."""


def _has_day(column: ColumnView, value: str) -> bool:
    rows = column.rows_of_text(value)
    date = column.values[rows[0]].date if rows else None
    return date is not None and date.day > 0


_ROLES = frozenset(("role", "character"))
"""What one has in a film, and not of it."""

ROW_SLOTS: dict[str, Callable[[str], bool]] = {
    "entity": lambda kind: True,
    "bearing": lambda kind: kind not in (*NO_BEARERS, "period"),
    "owner": lambda kind: kind not in ("day", "period"),
    "on_day": lambda kind: kind == "day",
    "in_which": lambda kind: kind in ("day", "period", "work"),
}
"""The slots of values that name rows, and the kinds of column whose values they take."""

VALUE_SLOTS: dict[str, Callable[[TableView, str], str | None]] = {
    "fragment": lambda view, text: quoted(text),
    "nth": lambda view, number: ordinal(int(number)),
}
"""The slots of values behind a column, and how these read; units stand in the grammar."""
