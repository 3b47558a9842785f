"""Columns that only say yes or no, and the questions about them: `which invoices are not paid`, `is the soup vegan`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gentap.grammar.alike import name_words, singular
from gentap.grammar.asking import DO, IS, NOUN, VERB, WHO, forms, header
from gentap.grammar.pointing import asked_column, row_called
from gentap.grammar.programs import Call
from gentap.grammar.view import ColumnView, TableView
from tabtext.table import Table

YES = frozenset(("yes", "y", "true", "✓", "✔", "x", "ja", "oui", "sí"))
NO = frozenset(("no", "n", "false", "✗", "✘", "-", "nein", "non"))
"""What the cells of a column say that only says whether."""

_SMALL = frozenset(
    ["a", "an", "any", "the", "been", "have", "had", "got", "in", "on", "of", "by", "it", "to", "for", "with", "be"]
)
"""Words between what is asked about and what is asked of it."""


def is_flag(table: Table, column: int) -> bool:
    """Whether a column says of every row no more than yes or no, and of some yes."""
    said = {row[column].strip().lower() for row in table.rows}
    return bool(said & YES) and said <= YES | NO | {""} and len(said) > 1


def _flagged(view: TableView, said: str) -> tuple[ColumnView, bool] | None:
    """The column of yes and no that these words name, all of them, and whether they ask for its yes: `unpaid`."""
    if re.search(r"\d|[^\w\s'’-]", said):  # `paid in 2024`
        return None
    words = [singular(word) for word in re.findall(r"[^\W\d_]+", said.lower()) if word not in _SMALL]
    for column in view.columns:
        name = [word for word in name_words(header(view, column)) if word not in _SMALL]
        if not name or len(name) != len(words) or not is_flag(view.table, column.index):
            continue
        for denies, meant in ((False, words), (True, [word.removeprefix("un") for word in words])):
            if all(map(_is_form, meant, name)):
                return column, not denies
    return None


def _is_form(word: str, its: str) -> bool:
    """Whether two words are one, or one the past of the other: `finish`, `Finished`."""
    short, long = sorted((word, its), key=len)
    return long in (short, f"{short}d", f"{short}ed")


def _those(view: TableView, found: re.Match[str]) -> Call | None:
    """`which invoices are not paid`, `how many plans have an API`."""
    flag, asked = _flagged(view, found["flag"]), asked_column(view, found["kind"])
    if not flag or asked is None or asked is flag[0]:
        return None
    column, yes = flag[0], flag[1] != bool(found.groupdict().get("denied"))
    said = [text for text in dict.fromkeys(column.texts) if text.lower() in (YES if yes else NO)]
    if len(said) != 1:
        return None
    name = "count" if found.groupdict().get("count") else "listing"
    return Call(name, (header(view, asked), Call("equals", (header(view, column), said[0]))))


def _is_it(view: TableView, found: re.Match[str]) -> Call | None:
    """`is the soup vegan`: the cell says it."""
    for said, about in _halves(found["all"]):
        row, flag = row_called(view, said), _flagged(view, about)
        if row and flag and flag[1]:
            return Call("lookup", (header(view, flag[0]), row))
    return None


def _halves(said: str) -> Iterator[tuple[str, str]]:
    words = said.split()
    for place in range(1, len(words)):
        yield " ".join(words[:place]), " ".join(words[place:])


_HAS = r"(?:has|have|had|do|does|did|offers?|includes?|contains?|needs?|accepts?|allows?|supports?)"
_STATE = rf"(?:{IS}|{_HAS})(?P<denied>(?: not| no|n['’]t)\b)? (?P<flag>.+)"

FORMS = forms(
    (rf"(?P<count>how many)(?: of (?:the|these|those))? (?P<kind>{NOUN}) {_STATE}", _those),
    (rf"{WHO} {_STATE}", _those),
    (rf"{WHO} (?P<flag>{VERB})", _those),
    (rf"(?:{IS}|has|have|had|{DO}) (?P<all>.+)", _is_it),
)
"""The forms that they take, each with what reads it."""
