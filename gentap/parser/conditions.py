"""Conditions that a question may set beside names: limits, figures, yes and no, gaps, a column against another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import permutations

from gentap.grammar.conditions import as_date, same_precision
from gentap.grammar.flags import NO, YES
from gentap.parser.limits import KEEPS, Limit, limits
from gentap.parser.programs import Filter
from gentap.parser.said import Said
from gentap.parser.spans import spans
from gentap.parser.tokens import NUMBER_WORDS, stem
from tabtext.values import Kind

_MISSING = re.compile(
    r"\b(?:no|nobody|no one|none|nothing|missing|without|blank|empty|never|not|yet|still|lacks?|unknown|unassigned)\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)
_BEYOND = re.compile(
    r"\b(?:(?P<below>below|under|less|fewer|lower|smaller|earlier|before|short of|cheaper|worse|drop\w*|lost|lose|fell"
    r"|fall\w*|down|decrease\w*|shr[aiu]nk|slower|undershot|underspent)"
    r"|above|over\w*|more|exceed\w*|higher|greater|larger|later|beyond|bigger|after|beat|up|grew|grow\w*|gain\w*|rose"
    r"|ris\w*|increase\w*|better|improve\w*)\b",
    re.IGNORECASE,
)
_THAN = re.compile(r"\bthan (?:\w+ ){0,2}$|\b(?:after|before|above|below|over|under|beat|behind|ahead of) (?:the )?$")
MOST_COMPARED = 64
"""Columns of figures, from the left, that are compared with each other."""
_RANKS = frozenset(map(stem, ("rank", "position", "pos", "place", "peak", "finish", "standing", "no", "chart")))


def _limited(asked: Said) -> Iterator[Filter]:
    """Figures and dates between which, above or below which cells are."""
    for limit in limits(asked.text):
        if limit.date:
            yield from _dated(asked, limit)
        elif limit.how == "between":
            yield from _between(asked, limit)
        else:
            yield from _beyond(asked, limit)


def _beyond(asked: Said, limit: Limit) -> Iterator[Filter]:
    how = "at most" if limit.how == "top" else limit.how
    for column, numbers, figure in asked.about.comparable(limit.text):
        rows = frozenset(row for row, number in numbers.items() if KEEPS[how](number, figure))
        if rows and not (limit.how == "top" and _RANKS.isdisjoint(asked.about.headers[column])):
            yield Filter(how, column, limit.text, rows, limit.start, limit.end, 0.8)


def _between(asked: Said, limit: Limit) -> Iterator[Filter]:
    highest = {column: figure for column, _, figure in asked.about.comparable(limit.other)}
    for column, numbers, lowest in asked.about.comparable(limit.text):
        rows = frozenset(row for row, number in numbers.items() if lowest <= number <= highest.get(column, lowest))
        if rows and column in highest:
            yield Filter("between", column, f"{limit.text} and {limit.other}", rows, limit.start, limit.end, 0.9)


def _dated(asked: Said, limit: Limit) -> Iterator[Filter]:
    assert limit.date is not None
    view = asked.about.view
    for column in view.columns:
        if column.kind is Kind.DATE:
            dates = ((row, column.values[row].date) for row in view.body)
            keys = ((row, same_precision(date, limit.date)) for row, date in dates if date)
            rows = frozenset(row for row, both in keys if both and KEEPS[limit.how](*both))
            if rows:
                yield Filter(limit.how, column.index, limit.text, rows, limit.start, limit.end, 0.9)


def _numbers(asked: Said) -> Iterator[Filter]:
    """Figures in words that cells are: `eight golds`."""
    for token in asked.tokens:
        for column, numbers, wanted in asked.about.comparable(NUMBER_WORDS.get(token.text, "")):
            if rows := frozenset(row for row, number in numbers.items() if number == wanted):
                yield Filter("is number", column, token.text, rows, token.start, token.end, 0.4)


def _spans(asked: Said) -> Iterator[Filter]:
    """Months, decades and centuries in which dates and years lie: `in June`, `in the 1970s`, `in the nineties`."""
    for span in spans(asked.text):
        for column in asked.about.view.columns:
            dates = ((row, as_date(column.texts[row])) for row in asked.about.view.body)
            if rows := frozenset(row for row, date in dates if date and span.holds(date)):
                yield Filter("in", column.index, asked.text[span.start : span.end], rows, span.start, span.end, 0.7)


def _zeros(asked: Said) -> Iterator[Filter]:
    """Columns that hold a nought, where the question asks for what has none of what they count."""
    for column in range(asked.about.table.width) if _MISSING.search(asked.text) else ():
        rows = frozenset(row for row, number in asked.about.figures.of(column).items() if number == 0)
        for token in asked.naming(column)[:1] if rows else ():
            yield Filter("none", column, token.text, rows, token.start, token.end, 0.6)


def _flags(asked: Said) -> Iterator[Filter]:
    """Columns of yes and no that the question names."""
    view = asked.about.view
    for column in asked.about.flags:
        said = [(row, view.columns[column].cells[row].strip().lower()) for row in view.body]
        for token in asked.naming(column)[:1]:
            for how, words in (("yes", YES), ("no", NO)):
                if rows := frozenset(row for row, text in said if text in words):
                    yield Filter(how, column, token.text, rows, token.start, token.end, 0.7)


def _gaps(asked: Said) -> Iterator[Filter]:
    """Columns that say nothing of some rows, where the question asks for what is missing or names them."""
    asks = _MISSING.search(asked.text)
    for column in asked.about.view.columns:
        empty = frozenset(row for row in asked.about.view.body if not column.keys[row])
        rest = asked.about.view.in_body - empty
        if not empty or not rest:
            continue
        for token in asked.naming(column.index)[:1]:
            yield Filter("something", column.index, token.text, rest, token.start, token.end, 0.4)
            if asks:
                yield Filter("nothing", column.index, token.text, empty, token.start, token.end, 0.6)
        if asks:
            yield Filter("nothing", column.index, asks[0], empty, *asks.span(), 0.5)


def _columns(asked: Said) -> Iterator[Filter]:
    """Columns with figures below or above those of another; the question names this one behind the word, or both."""
    found, about = _BEYOND.search(asked.text), asked.about
    if found is None:
        return
    figures = [column for column in range(about.table.width) if about.figures.of(column)][:MOST_COMPARED]
    named = {column: asked.naming(column) for column in figures}
    for column, other in permutations(figures, 2):
        names, others = named[column], named[other]
        if not others:
            continue
        its, theirs = about.figures.of(column), about.figures.of(other)
        both = its.keys() & theirs.keys()
        if len(both) < 2 or not (names or others[-1].start > found.start()):
            continue
        how = "below" if found["below"] else "above"
        if rows := frozenset(row for row in both if KEEPS[how](its[row], theirs[row])):
            end = max(found.end(), others[-1].end)
            yield Filter(f"{how} column", column, about.table.header[other], rows, found.start(), end, 0.7)


def rows_compared(asked: Said, names: Iterable[Filter]) -> Iterator[Filter]:
    """Rows with more or less than a row that is named behind `than`."""
    for one in names:
        if len(one.rows) != 1 or not _THAN.search(asked.low[: one.start]):
            continue
        (row,) = one.rows
        for column in range(asked.about.table.width):
            numbers = asked.about.figures.of(column)
            for how in ("above", "below") if row in numbers else ():
                rows = frozenset(its for its, number in numbers.items() if KEEPS[how](number, numbers[row]))
                if rows:
                    yield Filter(f"{how} row", column, one.text, rows, one.start, one.end, 0.6)


CONDITIONS: tuple[Callable[[Said], Iterator[Filter]], ...] = (
    _limited,
    _numbers,
    _spans,
    _zeros,
    _flags,
    _gaps,
    _columns,
)  # fmt: skip
"""What finds the conditions of a question."""
