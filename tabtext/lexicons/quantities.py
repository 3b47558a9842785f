"""Figures and dates in forms that the matcher of cells leaves out: words for large figures, signs, dates in figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tabtext.figures import NUMBER_WORDS, date_key, readings
from tabtext.folding import fold
from tabtext.values import MONTHS, Date, Kind, parse_value

TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = {word: number for number, word in enumerate(NUMBER_WORDS)} | {
    word: 10 * tens for tens, word in enumerate(TENS, 2)
}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_WORDS = "|".join(sorted((*_SMALL, *_SCALES, "hundred"), key=len, reverse=True))
_PHRASE = re.compile(rf"(?<![\w.,])(?:{_WORDS})(?:(?: and |[ -])(?:{_WORDS}))*\b", re.IGNORECASE)
_AMOUNT = re.compile(r"(?P<sign>[-−–+]?) ?(?P<figure>\d[\d,]*(?:\.\d+)?)(?:[eE](?P<exponent>[+-]?\d{1,2}))?")
_SIGN = re.compile(r"(?:\b(?:minus|negative) ?|(?<![\w)\]%/])[-−–])$", re.IGNORECASE)
_SIGNED = re.compile(r"[-−–]\s?[\d.]")
_FIGURES_OF_DATE = re.compile(
    r"(?<![\w./-])(?:(?P<first>\d{1,2})(?P<mark>[./-]) ?(?P<second>\d{1,2})(?P=mark) ?(?P<year>[12]\d{3})"
    r"|(?P<year2>[12]\d{3})(?P<mark2>[./])(?P<month>\d{1,2})(?P=mark2)(?P<day>\d{1,2}))(?![\w/-]|[.]\d)"
)
_MONTH = "|".join((*MONTHS, *(month[:3] for month in MONTHS), "Sept"))
_MONTH_FIRST = re.compile(rf"\b(?:{_MONTH})\b\.? \d{{1,2}}(?!\d)", re.IGNORECASE)


class Place(NamedTuple):
    """Characters [start, end) of a text."""

    start: int
    end: int


def places(text: str, value: str) -> list[Place]:
    """The places where a text says a bare figure in words (`three million`), one with an exponent or below zero also in
    figures (`minus 12`), or a whole date in figures; 11/02/1961 may be of either month, but those with dots have the
    day first."""
    if date := _whole_date(value):
        return [place for place, dates in _dates(text) if date in dates]
    found = _AMOUNT.fullmatch(value.strip())
    if not found:
        return []
    number = float(found["figure"].replace(",", "")) * 10 ** int(found["exponent"] or 0)
    below = bool(_SIGNED.match(value.strip()))
    every = [*_phrases(text, 1 if below else 2), *(_figures(text) if found["exponent"] or below else ())]
    return [with_sign(text, place) for place, its in every if its == number and same_sign(value, text, place)]


def fits(value: str, text: str, place: Place) -> bool:
    """Whether what the matcher of cells found may be the value: of the same sign, and no year within a date that is
    another one."""
    if not same_sign(value, text, place):
        return False
    return not _whole_date(value) or not any(its.start <= place.start < its.end for its, _ in _dates(text))


def same_sign(value: str, text: str, place: Place) -> bool:
    """Whether the figure at a place of a text is below zero just where the value is; of no figure always."""
    value = value.strip()
    if not re.match(r"[-−–+]?\s?[\d.]", value) or not any(map(str.isdigit, value)):
        return True
    said = bool(_SIGNED.match(text[place.start :]) or _SIGN.search(text[: place.start]))
    said |= text[place.start :].lower().startswith(("minus ", "negative "))
    return said == bool(_SIGNED.match(value))


def unlike(value: str, text: str) -> str:
    """A value that a text does not say in a form that no reader takes for what the text does say, or as it is.

    A whole date is spelled out where the text has it with day and month exchanged (`11 February 1961` is not
    1961-11-02), and a figure below zero has the true minus sign, which is not taken for a hyphen.
    """
    if date := _whole_date(value):
        exchanged = Date(date.year, date.day, date.month)
        key = date_key(exchanged)
        said = any(exchanged in dates for _, dates in _dates(text))
        if date.day != date.month and (said or any(each.key == key for each in readings(fold(text).text))):
            month = MONTHS[date.month - 1]
            first = _MONTH_FIRST.search(text)
            return f"{month} {date.day}, {date.year}" if first else f"{date.day} {month} {date.year}"
    return "\N{MINUS SIGN}" + value.strip()[1:] if _SIGNED.match(value.strip()) else value


def _whole_date(value: str) -> Date | None:
    """The date that a value written year first is, if its day is known."""
    if not re.match(r"[12]\d{3}-\d", value):
        return None
    read = parse_value(value)
    return read.date if read.kind is Kind.DATE and read.date and read.date.day else None


def _dates(text: str) -> Iterator[tuple[Place, tuple[Date, ...]]]:
    """The dates in figures, each with what it may mean."""
    for found in _FIGURES_OF_DATE.finditer(text):
        if found["year"]:
            year, first, second = (int(found[part]) for part in ("year", "first", "second"))
            either = (Date(year, second, first), Date(year, first, second))
            yield Place(*found.span()), either[:1] if found["mark"] == "." else either
        else:
            yield Place(*found.span()), (Date(*(int(found[part]) for part in ("year2", "month", "day"))),)


def _phrases(text: str, least: int) -> Iterator[tuple[Place, float]]:
    """The figures in words, of at least so many."""
    for found in _PHRASE.finditer(text):
        words = re.findall(r"[a-z]+", found[0].lower())
        if len(words) >= least:
            yield Place(*found.span()), _number(words)


def _number(words: list[str]) -> float:
    """The figure that words say: `two hundred and fifty thousand` is 250000."""
    whole = part = 0
    for word in words:
        if word in _SMALL:
            part += _SMALL[word]
        elif word == "hundred":
            part = max(part, 1) * 100
        elif word in _SCALES:
            whole, part = whole + max(part, 1) * _SCALES[word], 0
    return float(whole + part)


def _figures(text: str) -> Iterator[tuple[Place, float]]:
    """The figures that stand as such, with the word for their scale."""
    folded = fold(text)
    for reading in readings(folded.text):
        if reading.key[0] == "number":
            yield Place(*folded.span(reading.start, reading.end)), abs(reading.key[1])


def signed(text: str, place: Place) -> str:
    """What stands at a place, with the sign before it."""
    start, end = with_sign(text, place)
    return text[start:end]


def with_sign(text: str, place: Place) -> Place:
    """A place with the sign before it."""
    sign = _SIGN.search(text[: place.start])
    return Place(sign.start(), place.end) if sign else place
