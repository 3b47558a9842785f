"""Rows that a question means though it names none of their cells: by a year within a term, by `yes` under what it says,
by a verb that a cell is a form of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gentap.grammar.alike import name_words, same_root
from gentap.grammar.flags import YES, is_flag
from gentap.grammar.header_words import words_of
from gentap.grammar.verbs import PASTS
from gentap.rules.wanted import Wanted, asks, words_said
from tabtext.table import Table

STARTS = words_of("start started from took begin began beginning elected appointed inaugurated since entered")
ENDS = words_of("end ended until to left retired leave resigned")
"""Words of the names of columns in which a term starts, and of those in which it ends."""

_YEAR = re.compile(r"\b[12]\d{3}\b")
_TERM = re.compile(
    r"(?P<first>[12]\d{3})[^\d–−‒—-]{0,4}\s*(?:[–−‒—-]|to|until)(?:[^\d]{0,12}?\b(?:\d{1,2} )?[a-z]{3,9}\.?,?)?\s*"
    r"(?P<last>[12]\d{3}\b|\d\d\b|present|incumbent|now|$)",
    re.IGNORECASE,
)
_LONGEST_TERM = 60
_DENIES = re.compile(r"\b(?:no|not|without|never)\b|n['’]t\b", re.IGNORECASE)
_NOW = 9999


def implied_rows(question: str, want: Wanted, table: Table, *, names_rows: bool) -> frozenset[int]:
    """The rows that a question means by what it says of them; `names_rows` says that it names some of their cells."""
    flagged = _flagged(question, table) if asks(question) else frozenset()
    if flagged or names_rows:
        return flagged
    years = list(map(int, _YEAR.findall(question)))
    if len(years) == 1:
        return frozenset(_in_office(years[0], table))
    return frozenset(_of_verb(question, table)) if want.wh in ("who", "which", "what") else frozenset()


def _flagged(question: str, table: Table) -> frozenset[int]:
    """The rows with yes under all that the question says, or with no where it denies that: `unpaid` of Paid."""
    said, rows = words_said(question), []
    for column, name in enumerate(table.header):
        words = name_words(name)
        denied = bool(_DENIES.search(question)) or any(f"un{word}" in said for word in words)
        if words and all(word in said or f"un{word}" in said for word in words) and is_flag(table, column):
            yes = (texts[column].strip().lower() in YES for texts in table.rows)
            rows.append(frozenset(row for row, its in enumerate(yes) if its != denied))
    return frozenset.intersection(*rows) if rows else frozenset()


def _in_office(year: int, table: Table) -> list[int]:
    """The rows with a term that a year is in: in two columns for its start and its end, or in one."""
    names = [set(name_words(name)) for name in table.header]
    starts, ends = ([column for column, its in enumerate(names) if its & words] for words in (STARTS, ENDS))
    both = len(starts) == 1 and len(ends) == 1
    spans = ([f"{row[starts[0]]} – {row[ends[0]]}"] if both else row for row in table.rows)
    terms = map(_term, spans)
    return [row for row, term in enumerate(terms) if term and term[0] <= year <= term[1]]


def _term(texts: Iterable[str]) -> tuple[int, int] | None:
    """The first and last year of the only span of years in a row's cells; one without an end goes on."""
    found = [match for text in texts if len(text) < _LONGEST_TERM and (match := _TERM.search(text))]
    if len(found) != 1:
        return None
    first, last = int(found[0]["first"]), found[0]["last"]
    return first, _NOW if not last.isdigit() else int(last) if len(last) == 4 else first // 100 * 100 + int(last)


def _of_verb(question: str, table: Table) -> Iterator[int]:
    """The rows with a short cell that is a form of a verb of the question: `failed`, `Failure`."""
    verbs = [word for word in re.findall(r"[a-z]{4,}", question.lower()) if word in PASTS or word.endswith("ed")]
    for row, texts in enumerate(table.rows):
        words = [text.strip().lower() for text in texts[1:] if text.strip().isalpha()]
        if any(len(word) > 3 and (same_root(word, verb) or verb.startswith(word)) for word in words for verb in verbs):
            yield row
