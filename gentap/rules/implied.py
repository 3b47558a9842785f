"""Rows that a question means though it names none of their cells: by a year within a term, by `yes` under what it says,
by a verb that a cell is a form of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gentap.grammar.header_words import words_of
from gentap.rules.verbs import PASTS
from gentap.rules.wanted import Wanted, asks, name_words, same_root, singular
from tabtext.table import Table

_YES = frozenset(("yes", "y", "true", "✓", "✔", "x"))
_NO = frozenset(("no", "n", "false", "✗", "✘", "-"))
"""What the cells of a column say that only says whether."""

STARTS = words_of("start started from took begin began beginning elected appointed inaugurated since entered")
ENDS = words_of("end ended until to left retired leave resigned")
"""Words of the names of columns in which a term starts, and of those in which it ends."""

_YEAR = re.compile(r"\b[12]\d{3}\b")
_TERM = re.compile(r"(?P<first>[12]\d{3})\s*(?:[–−‒—-]|to|until)\s*(?P<last>[12]\d{3}|present)", re.IGNORECASE)
_DENIES = re.compile(r"\b(?:no|not|without|never)\b|n['’]t\b", re.IGNORECASE)
_NOW = 9999


def implied_rows(question: str, want: Wanted, table: Table, *, names_rows: bool) -> frozenset[int]:
    """The rows that a question means by what it says of them; `names_rows` says that it names some of their cells."""
    flagged = frozenset(_flagged(question, table)) if asks(question) else frozenset()
    if flagged or names_rows:
        return flagged
    years = list(map(int, _YEAR.findall(question)))
    if len(years) == 1:
        return frozenset(_in_office(years[0], table))
    return frozenset(_of_verb(question, table)) if want.wh in ("who", "which", "what") else frozenset()


def is_flag(table: Table, column: int) -> bool:
    """Whether a column says of every row no more than yes or no, and of some yes."""
    said = {row[column].strip().lower() for row in table.rows}
    return bool(said & _YES) and said <= _YES | _NO | {""} and len(said) > 1


def _says_flag(question: str, name: str) -> bool:
    """Whether a question says the name of a column, also as something that is not: `unpaid` of Paid."""
    said = set(map(singular, re.findall(r"\w+", question.lower())))
    words = name_words(name)
    return bool(words) and all(word in said or f"un{word}" in said for word in words)


def _flagged(question: str, table: Table) -> Iterator[int]:
    """The rows with yes under what the question says, or with no where it denies that."""
    for column, name in enumerate(table.header):
        if _says_flag(question, name) and is_flag(table, column):
            denied = bool(_DENIES.search(question)) or any(f"un{word}" in question.lower() for word in name_words(name))
            yes = (texts[column].strip().lower() in _YES for texts in table.rows)
            yield from (row for row, its in enumerate(yes) if its != denied)


def _in_office(year: int, table: Table) -> list[int]:
    """The rows with a term that a year is in: in two columns for its start and its end, or in one."""
    names = [set(name_words(name)) for name in table.header]
    starts, ends = ([column for column, its in enumerate(names) if its & words] for words in (STARTS, ENDS))
    if len(starts) == 1 and len(ends) == 1:
        terms: Iterable[tuple[int, ...]] = (
            tuple(int(found[0]) for c in (*starts, *ends) if (found := _YEAR.search(row[c]))) for row in table.rows
        )
    else:
        terms = (_term(row) for row in table.rows)
    return [row for row, term in enumerate(terms) if len(term) == 2 and term[0] <= year <= term[1]]


def _term(texts: Iterable[str]) -> tuple[int, ...]:
    """The first and last year of the only span of years in a row's cells."""
    found = [match for text in texts if len(text) < 40 and (match := _TERM.search(text))]
    if len(found) != 1:
        return ()
    last = found[0]["last"]
    return int(found[0]["first"]), int(last) if last.isdigit() else _NOW


def _of_verb(question: str, table: Table) -> Iterator[int]:
    """The rows with a short cell that is a form of a verb of the question: `failed`, `Failure`."""
    verbs = [word for word in re.findall(r"[a-z]{4,}", question.lower()) if word in PASTS or word.endswith("ed")]
    for row, texts in enumerate(table.rows):
        words = [text.strip().lower() for text in texts if text.strip().isalpha()]
        if any(len(word) > 3 and (same_root(word, verb) or verb.startswith(word)) for word in words for verb in verbs):
            yield row
