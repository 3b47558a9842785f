"""Which column and which row of a table words mean that the grammar itself does not read as their names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gentap.grammar.alike import name_words, singular, stands_for
from gentap.grammar.programs import Call
from gentap.grammar.view import ColumnView, TableView, fold
from tabtext.values import Kind

_ARTICLE = re.compile(r"(?:the|an?) ", re.IGNORECASE)
_GENERAL = frozenset(("name", "person", "people", "place", "location"))
_SAYS_LITTLE = re.compile(r" (?:medals?|marks?|scores?|grades?|times?|points|results?|prices?)$", re.IGNORECASE)
"""What may stand behind a column's name: `the maths mark`."""
_DISTINCT = 0.9
"""The share of different texts in a column that names its rows."""


def columns_with(view: TableView, nouns: Sequence[str]) -> list[ColumnView]:
    """The columns in whose names one of these words is, in the words' order."""
    words = [set(name_words(name)) for name in view.table.header]
    fit = (column for noun in nouns for column in _named(view) if noun in words[column.index])
    return list(dict.fromkeys(fit))


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


def row_called(view: TableView, said: str) -> Call | None:
    """The condition that picks the one row with this cell, or with a text that holds it as whole words."""
    bare = said.strip(" ,\"'“”")
    for name in dict.fromkeys((bare, _ARTICLE.sub("", bare, count=1))):
        fit = [(column, rows) for column in _named(view) if (rows := column.rows_of_text(name))]
        if fit and any(len(rows) == 1 for _, rows in fit):
            column, rows = next((column, rows) for column, rows in fit if len(rows) == 1)
            return Call("equals", (view.table.header[column.index], column.texts[rows[0]])) if len(fit) == 1 else None
    word = re.compile(rf"(?<!\w){re.escape(fold(_ARTICLE.sub('', bare, count=1)))}(?!\w)")
    if len(bare) < 2 or bare.isdecimal():
        return None
    holding = [
        (column, key)
        for column in _named(view)
        if column.kind is Kind.TEXT
        for key in column.rows_of
        if word.search(key)
    ]
    if len(holding) != 1 or len(holding[0][0].rows_of[holding[0][1]]) != 1:
        return None
    column, key = holding[0]
    return Call("equals", (view.table.header[column.index], column.texts[column.rows_of[key][0]]))


def counted_column(view: TableView, kind: str) -> ColumnView | None:
    """The column of this kind of thing, if one is called so or alike."""
    found = column_called(view, kind)
    last = singular(kind.lower().split()[-1])
    alike = (c for c in _naming(view) if any(_same_kind(word, last) for word in name_words(_header(view, c))))
    return found or next(alike, None)


def asked_column(view: TableView, kind: str | None, beside: Call | None = None) -> ColumnView | None:
    """The column that is asked for: that of this kind of thing, else that which names the row `beside`, else the first
    that names all rows.

    None where the kind is none of the table's, and more than one column could be meant.
    """
    if kind and kind.lower() not in ("one", "ones"):
        if found := counted_column(view, kind):
            return found
        last = singular(kind.lower().split()[-1])
        texts = [column for column in view.columns if column.kind is Kind.TEXT]
        if len(texts) > 1 and last not in fold(view.table.title):
            return None
    if beside:
        return view.named(str(beside.arguments[0]))
    naming = _naming(view)
    people = [c for c in naming if any(stands_for(word, "who") for word in name_words(_header(view, c)))]
    return people[0] if people and not kind else naming[0] if naming else None


def _same_kind(word: str, kind: str) -> bool:
    """Whether a column's word stands for a kind of thing: a film for a movie, a name for a coach, no player for one."""
    general = not _GENERAL.isdisjoint((word, kind))
    roles = any(stands_for(word, asks) and stands_for(kind, asks) for asks in ("who", "where"))
    return stands_for(word, kind) and (general or not roles)


def _naming(view: TableView) -> list[ColumnView]:
    """The columns whose texts name the rows."""
    texts = [column for column in _named(view) if column.kind is Kind.TEXT]
    return [column for column in texts if len(column.rows_of) >= _DISTINCT * len(column.keys)] or texts[:1]


def _named(view: TableView) -> list[ColumnView]:
    """The columns that have a name."""
    return [column for column in view.columns if column.noun.text and _header(view, column).strip()]


def _header(view: TableView, column: ColumnView) -> str:
    return view.table.header[column.index]
