"""Limits that a question sets to figures, dates and times: `more than 3`, `2010 or later`, `before 4 May 2001`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from gentap.parser.tokens import NUMBER_WORDS, in_ascii, lowered
from tabtext.values import MONTHS, Date, parse_value

_ABOVE = (
    "more than", "over", "above", "greater than", "higher than", "larger than", "longer than", "exceeding", "exceed",
    "exceeds", "after", "later than", "older than", "better than", "bigger than", "taller than", "heavier than",
    "beyond", "exceeded", "north of", "upwards of", "in excess of",
)  # fmt: skip
_BELOW = (
    "less than", "under", "below", "fewer than", "lower than", "smaller than", "shorter than", "before",
    "earlier than", "younger than", "prior to", "cheaper than", "within", "faster than", "lighter than",
)  # fmt: skip
_AT_LEAST = ("at least", "since", "from", "no less than", "no fewer than", "not less than", "minimum of", "starting in")
_AT_MOST = ("at most", "up to", "no more than", "until", "by", "not more than", "maximum of", "through")
_BEHIND_LEAST = re.compile(
    r"\W*(?:or|and) (?:more|over|above|later|higher|older|after|greater|better|up)\b|\+|\W*onwards?\b"
)
_BEHIND_MOST = re.compile(r"\W*(?:or|and) (?:less|fewer|under|below|earlier|lower|younger|before)\b")
_LIMITS = {
    **dict.fromkeys(_ABOVE, "above"), **dict.fromkeys(_BELOW, "below"), **dict.fromkeys(_AT_LEAST, "at least"),
    **dict.fromkeys(_AT_MOST, "at most"),
}  # fmt: skip
_LIMIT = re.compile(
    rf"(?:^|(?<=\s))(?P<how>{'|'.join(sorted(_LIMITS, key=len, reverse=True))})(?: (?:the|year|an?|of|about))* "
    rf"(?P<text>[$€£]?\d[\d.,:]*(?:%|\s?(?:million|billion|thousand|am|pm|m|bn|k)\b)?|{'|'.join(NUMBER_WORDS)})"
    r"(?![^\s?.,;!%])",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    rf"(?P<text>[$€£]?\d[\d.,:]*%?)(?:(?P<least>{_BEHIND_LEAST.pattern})|(?P<most>{_BEHIND_MOST.pattern}))"
)
_BEFORE_A_DATE = re.compile(
    rf"\b(?P<how>{'|'.join(sorted(_LIMITS, key=len, reverse=True))}) (?:the )?"
    rf"(?P<text>(?:\d{{1,2}}(?:st|nd|rd|th)? )?(?:of )?(?:{'|'.join(MONTHS)})[\w ,]{{0,12}}"
    r"|\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{4})",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\b(?:between|from) (?P<low>[$€£]?\d[\d.,]*) (?:and|to|until|-|through) (?P<high>[$€£]?\d[\d.,]*)", re.IGNORECASE
)
_TOP = re.compile(rf"\b(?:top|first|best) (?P<text>\d+|{'|'.join(NUMBER_WORDS)})\b")

KEEPS: dict[str, Callable[[float, float], bool]] = {
    "above": lambda number, limit: number > limit,
    "below": lambda number, limit: number < limit,
    "at least": lambda number, limit: number >= limit,
    "at most": lambda number, limit: number <= limit,
}
"""Which figures a limit lets pass."""


class Limit(NamedTuple):
    """A limit at `question[start:end]`: how it limits (a key of `KEEPS`, `between` or `top`), its figure as a text, the
    other one of `between`, or its date."""

    how: str
    text: str
    start: int
    end: int
    other: str = ""
    date: Date | None = None


def limits(text: str) -> Iterator[Limit]:
    """The limits that a question may set; some of its words may set several."""
    text = in_ascii(text)
    for found in _TOP.finditer(lowered(text)):
        yield Limit("top", _figure(found["text"]), *found.span())
    for found in _LIMIT.finditer(text):
        how, behind = _LIMITS[found["how"].lower()], text[found.end() :].lower()
        if how not in ("above", "below") or not _BEHIND_LEAST.match(behind):
            yield Limit(how, _figure(found["text"]), *found.span())
    for found in _BEFORE_A_DATE.finditer(text):
        if dated := _dated(found):
            yield dated
    for found in _BEHIND.finditer(lowered(text)):
        yield Limit("at least" if found["least"] else "at most", found["text"], *found.span())
    for found in _BETWEEN.finditer(text):
        yield Limit("between", found["low"], *found.span(), other=found["high"])


def _figure(text: str) -> str:
    return NUMBER_WORDS.get(text.lower(), text)


def _dated(found: re.Match[str]) -> Limit | None:
    """The limit by the longest date that the words behind it are."""
    words = found["text"].split()
    for count in range(len(words), 0, -1):
        text = " ".join(words[:count]).rstrip(".,?")
        if date := parse_value(text).date:
            end = found.start("text") + len(text)
            return Limit(_LIMITS[found["how"].lower()], text, found.start(), end, date=date)
    return None
