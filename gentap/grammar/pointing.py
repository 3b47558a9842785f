"""Which column and which row of a table words mean that the grammar itself does not read as their names: only what is
sure, since what is computed of them is said to be so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gentap.grammar.alike import name_words, same_root, singular, stands_for
from gentap.grammar.header_words import words_of
from gentap.grammar.programs import Call
from gentap.grammar.verbs import PARTICIPLES, PASTS
from gentap.grammar.view import ColumnView, TableView, fold, is_literal
from tabtext.values import Kind, is_unit

_ARTICLE = re.compile(r"(?:the|an?) ", re.IGNORECASE)
_GENERAL = words_of("name person people place location")
_ANYTHING = words_of("name title item")
"""Names of columns that name whatever a table is about."""
_SAYS_LITTLE = re.compile(r" (?:medals?|marks?|scores?|grades?|times?|points|results?|prices?)$", re.IGNORECASE)
"""What may stand behind a column's name: `the maths mark`."""
_FAILED = words_of(
    "lose lost loses losing concede conceded concedes miss missed misses fail failed fails lack lacks lacked drop "
    "dropped allow allowed allows waste wasted reject rejected against"
)
"""What is not done where a column tells how much was done."""
_ENDS_OF = {"from": words_of("from origin departure"), "to": words_of("to destination arrival")}
_ENDS = words_of("from to origin destination home away opponent visitor seller buyer sender receiver departure arrival")
"""Names of columns of which a table has two of a kind, and what tells which is meant."""
_LISTED = words_of("listed named called mentioned")
"""What is said of the table's order, and not of a time."""
_TIMES = words_of("year date season time day month when")
"""Names of columns that tell when whatever the table is about was."""
_PLAIN = words_of("in of per best total overall full current net annual yearly monthly hourly adult final finishing")
"""Words in a column's name that leave it what it is."""
_DISTINCT = 0.9
"""The share of different texts in a column that names its rows."""


def column_with(view: TableView, nouns: Sequence[str]) -> ColumnView | None:
    """The only column that one of these words names, with nothing else in its name but units and such; None where
    there are several."""
    fit = [column for column in _named(view) if _is_plainly(_words(view, column), nouns)]
    return fit[0] if len(fit) == 1 else None


def _is_plainly(words: Sequence[str], nouns: Sequence[str]) -> bool:
    others = [word for word in words if word not in nouns and word not in _PLAIN and not is_unit(word)]
    return not others and not set(words).isdisjoint(nouns)


def column_called(view: TableView, noun: str) -> ColumnView | None:
    """The only column of this name, or with all its words in its name."""
    bare = _ARTICLE.sub("", noun)
    for name in dict.fromkeys((noun, bare, _SAYS_LITTLE.sub("", bare))):
        index = view.forms.get(fold(name), view.column_like(name))
        if index is not None and (name in (noun, bare) or _is_said_so(bare, view.columns[index])):
            return view.columns[index]
    return None


def _is_said_so(noun: str, column: ColumnView) -> bool:
    """Whether what stands behind a column's name says its kind: times behind that of times, figures behind others."""
    return column.kind is (Kind.TEXT if noun.endswith(("time", "times")) else Kind.NUMBER)


def column_of_time(view: TableView, verb: str) -> ColumnView | None:
    """The column that tells when what a verb in the past says was done: Born, or one that is only called Year or so."""
    verb = verb.lower()
    if verb in _LISTED or not (verb in PARTICIPLES | PASTS or verb.endswith("ed")):
        return None
    dates = [column for column in view.columns if column.kind is Kind.DATE]
    rooted = [column for column in dates if any(same_root(word, verb) for word in _words(view, column))]
    fit = rooted or [column for column in dates if _TIMES.issuperset(_words(view, column))]
    return fit[0] if len(fit) == 1 else None


def is_done(view: TableView, column: ColumnView, verb: str) -> bool:
    """Whether a column may tell how much was done of this: no Goals of `conceded`, no Games lost of `won`."""
    words, verb = _words(view, column), verb.lower()
    rooted = any(same_root(word, verb) for word in words)
    return rooted or (verb not in _FAILED and _FAILED.isdisjoint(words))


def is_unique(column: ColumnView) -> bool:
    """Whether a column says of every row something else, so that its rows are what it names."""
    return all(len(rows) == 1 for rows in column.rows_of.values())


def standing(view: TableView, preposition: str, said: str) -> Call | None:
    """The rows with a value, in the column that its preposition names or, for a word, the only one that has it."""
    for value in dict.fromkeys((said, said.removeprefix("the "))):
        named = view.forms.get(fold(preposition))
        index = named if named is not None else -1 if is_literal(value) else view.owners.get(fold(value), -1)
        column = view.columns[index]
        if index < 0 or column.kind is Kind.DATE or not column.rows_of_text(value):
            continue
        ends = _ENDS.intersection(_words(view, column))
        if named is not None or not ends or not ends.isdisjoint(_ENDS_OF.get(preposition.lower(), ())):
            return Call("equals", (_header(view, column), column.canonical(value)))
    return None


def row_called(view: TableView, said: str) -> Call | None:
    """The condition that picks the one row with this cell, or with a name that holds it as whole words."""
    bare = said.strip(" ,\"'“”")
    for name in dict.fromkeys((bare, _ARTICLE.sub("", bare, count=1))):
        fit = [(column, rows) for column in _named(view) if (rows := column.rows_of_text(name))]
        if fit:
            column, rows = fit[0]
            return _equals(view, column, rows[0]) if len(fit) == len(rows) == 1 else None
    naming = _naming(view)[:1]
    part = fold(_ARTICLE.sub("", bare, count=1))
    is_name = bare[:1].isupper() or (len(part) > 3 and part != fold(bare))  # `the lamp`
    if not is_name or len(part) < 2 or not any(map(str.isalpha, part)):
        return None
    word = re.compile(rf"(?<!\w){re.escape(part)}(?!\w)")
    holding = [(column, row) for column in naming for row, key in enumerate(column.keys) if word.search(key)]
    return _equals(view, *holding[0]) if len(holding) == 1 else None


def _equals(view: TableView, column: ColumnView, row: int) -> Call:
    return Call("equals", (_header(view, column), column.texts[row]))


def counted_column(view: TableView, kind: str) -> ColumnView | None:
    """The column of this kind of thing, if one is called so or alike, or names whatever the table is about."""
    if found := column_called(view, kind):
        return found
    words = kind.lower().split()
    if len(words) > 1:  # `vegan dishes`, of which some are not
        return None
    naming, last = _naming(view), singular(words[-1])
    alike = (column for column in naming if any(_same_kind(word, last) for word in _words(view, column)))
    return next(alike, None) or next((column for column in naming if _ANYTHING.issuperset(_words(view, column))), None)


def asked_column(view: TableView, kind: str | None, beside: Call | None = None) -> ColumnView | None:
    """The column that is asked for: that of this kind of thing, else that which names the row `beside`, else the first
    that names all rows. None where the kind is none of the table's."""
    if kind and kind.lower() not in ("one", "ones"):
        return counted_column(view, kind)
    if beside:
        return view.named(str(beside.arguments[0]))
    naming = _naming(view)
    people = [column for column in naming if any(stands_for(word, "who") for word in _words(view, column))]
    return people[0] if people else naming[0] if naming else None


def _same_kind(word: str, kind: str) -> bool:
    """Whether a column's word stands for a kind of thing: a film for a movie, a name for a coach, no player for one."""
    general = not _GENERAL.isdisjoint((word, kind))
    roles = any(stands_for(word, asks) and stands_for(kind, asks) for asks in ("who", "where"))
    return word == kind or (stands_for(word, kind) and (general or not roles))


def _naming(view: TableView) -> list[ColumnView]:
    """The columns whose texts name the rows."""
    texts = [column for column in _named(view) if column.kind is Kind.TEXT]
    return [column for column in texts if len(column.rows_of) >= _DISTINCT * len(column.keys)]


def _named(view: TableView) -> list[ColumnView]:
    """The columns that have a name."""
    return [column for column in view.columns if column.noun.text and _header(view, column).strip()]


def _words(view: TableView, column: ColumnView) -> list[str]:
    return name_words(_header(view, column))


def _header(view: TableView, column: ColumnView) -> str:
    return view.table.header[column.index]
