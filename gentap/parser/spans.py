"""Spans of time that a question names: months, decades and centuries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gentap.parser.tokens import in_ascii
from tabtext.values import MONTHS, Date

_DECADES = ("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties")
_CENTURIES = {"sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20}
_SPAN = re.compile(
    rf"\b(?:(?P<month>{'|'.join(MONTHS)})(?! \d)|(?P<years>[12]\d\d0)['’]?s|['’]?(?P<short>[2-9]0)['’]?s"
    rf"|(?P<decade>{'|'.join(_DECADES)})|(?P<century>\d\d?(?:st|nd|rd|th)|{'|'.join(_CENTURIES)})[ -]century)\b",
    re.IGNORECASE,
)
_MAY = MONTHS.index("May") + 1


class Span(NamedTuple):
    """A span at `question[start:end]`: a month of any year (0: none), or the years from the first to the last."""

    start: int
    end: int
    month: int = 0
    first: int = 0
    last: int = 0

    def holds(self, date: Date) -> bool:
        """Whether a date lies in it."""
        return date.month == self.month if self.month else self.first <= date.year <= self.last


def spans(text: str) -> Iterator[Span]:
    """The spans of time that a text names, decades without their century as those of the last one."""
    for found in _SPAN.finditer(in_ascii(text)):
        start, end = found.span()
        if found["month"]:
            month = [name.lower() for name in MONTHS].index(found["month"].lower()) + 1
            if month != _MAY or found["month"][0].isupper():
                yield Span(start, end, month)
        elif found["century"]:
            said = found["century"].lower()
            century = _CENTURIES.get(said) or int(re.sub(r"\D", "", said))
            yield Span(start, end, first=100 * century - 99, last=100 * century)
        else:
            decade = found["decade"]
            years = found["years"] or f"19{found['short'] or 10 * (_DECADES.index(decade.lower()) + 2)}"
            yield Span(start, end, first=int(years), last=int(years) + 9)
