"""Pieces of the forms that everyday questions take, as regular expressions, and what a form's reader is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from gentap.grammar.programs import Call
from gentap.grammar.view import ColumnView, TableView

NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")

IS, DO = r"(?:is|was|are|were)", r"(?:do|does|did)"
_NO_NOUN = (
    "not|never|did|does|do|is|was|are|were|has|have|had|than|or|and|the|that|to|of|who|which|in|on|at|by|for|from"
)
_WORD = rf"(?!(?:{_NO_NOUN})\b)[^\W\d_][\w%]*"
NOUN = rf"(?!(?:{'|'.join(NUMBERS[1:])}|top)\b){_WORD}(?: {_WORD}){{0,2}}?"
VERB = r"(?!(?:is|was|are|were|be)\b)[a-z]+"
WHO = rf"(?:who|(?:which|what)(?: one)?(?: of (?:the|these|those))?(?: (?P<kind>{NOUN}))?)"
"""`who`, `which player`."""
FIGURE = r"[$€£]?\d[\d.,]*(?: (?:million|billion|thousand))?"

Reader = Callable[[TableView, "re.Match[str]"], "Call | None"]
"""What makes a program of a question that has a form; None where the table doesn't fit it."""

Forms = tuple[tuple["re.Pattern[str]", Reader], ...]


def forms(*said: tuple[str, Reader]) -> Forms:
    """Forms, each with its reader; a question has one if all of it fits."""
    return tuple((re.compile(form, re.IGNORECASE), read) for form, read in said)


def header(view: TableView, column: ColumnView) -> str:
    """A column's name as the table writes it."""
    return view.table.header[column.index]


def number(said: str | None, words: Sequence[str]) -> int:
    """The number of `two`, `second`, `3` or `3rd`; 1 of nothing."""
    if not said:
        return 1
    return words.index(said.lower()) + 1 if said.lower() in words else int(re.sub(r"\D", "", said))
