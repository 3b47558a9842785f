"""Figures, dates, places and pairs in a sentence, and the cells that mean the same.

Both sides become keys: the cell `$5.2m` and the words `$5.2 million` have the same one. A cell's come from its typed
view (`tabtext.values`), a sentence's from one scan of its folded text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from tabtext.values import MONTHS, Date, Kind, parse_value

Key = tuple[str, float, float]
"""What a figure or date means: a kind and up to two numbers."""


_SPAN = re.compile(r"(?P<first>[12]\d{3})\s?[–−‒—-]\s?(?:(?P<last>[12]\d{3}|\d\d)|present|)")


class Reading(NamedTuple):
    """One figure, date or pair in a folded sentence; `looser` keys stand for less than what was written."""

    start: int
    end: int
    key: Key
    looser: tuple[Key, ...] = ()


NUMBER_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
_ORDINALS = (
    "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
)  # fmt: skip
_WORD_NUMBER = {word: float(number) for number, word in enumerate(NUMBER_WORDS) if word not in ("zero", "one")}
_ORDINAL_NUMBER = {word: float(number) for number, word in enumerate(_ORDINALS) if number}
_MONTH_NUMBER = {name[:length].lower(): i for i, name in enumerate(MONTHS, 1) for length in (3, len(name))}
_MONTH_NUMBER["sept"] = 9
_MONTH = r"(?P<month{0}>" + "|".join(sorted(_MONTH_NUMBER, key=len, reverse=True)) + r")\b\.?"
_DAY, _YEAR = r"(?P<day{0}>[0-3]?\d)(?:st|nd|rd|th)?", r"(?P<year{0}>[12]\d{{3}})"
_FIGURE = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?: \d{3})+(?![\d,.])|\d+(?:\.\d+)?|\.\d+"
_DATES = (
    rf"{_DAY} (?:of )?{_MONTH}(?:,? {_YEAR})?",
    rf"{_MONTH} {_DAY}(?!\d)(?:,? {_YEAR})?",
    rf"{_MONTH},? (?:of )?{_YEAR}",
    r"(?P<year{0}>[12]\d{{3}})-(?P<month{0}>[01]\d)-(?P<day{0}>[0-3]\d)",
)
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "bn": 1e9, "m": 1e6, "k": 1e3}
_SCAN = re.compile(
    r"(?<![\w.,])(?:"
    + "|".join(form.format(i) for i, form in enumerate(_DATES))
    + rf"|(?P<first>{_FIGURE})\s?(?:-|to|and)\s?(?P<second>{_FIGURE})(?![\w%]|[.,]\d)"
    + r"|(?P<rank>\d{1,4})(?:st|nd|rd|th)\b"
    + rf"|(?P<sign>(?<![\w)]\s)-)?(?P<money>(?:us|a|c|nz|hk|r)?[$€£¥₹₽₩₪] ?)?(?P<figure>{_FIGURE})"
    + r"(?:[ -]?(?P<scale>thousand|million|billion|trillion)\b|(?P<short>bn|m|k)\b)?(?: ?%| percent| per cent)?"
    + r"|\b(?P<word>" + "|".join(_WORD_NUMBER) + "|" + "|".join(_ORDINAL_NUMBER) + r")\b)"
)  # fmt: skip


@lru_cache(maxsize=64)
def readings(folded: str) -> tuple[Reading, ...]:
    """The figures, dates, places and pairs in a folded sentence, from left to right, as long as they can be read.

    The last few sentences are remembered, since each is held against several tables.
    """
    return tuple(_readings(folded))


def _readings(folded: str) -> Iterator[Reading]:
    for found in _SCAN.finditer(folded):
        groups = found.groupdict()
        start, end = found.span()
        if found.lastgroup is None:
            continue
        if groups["word"]:
            yield _word_reading(groups["word"], start, end)
        elif groups["rank"]:
            yield Reading(start, end, ("rank", float(groups["rank"]), 0))
        elif groups["first"]:
            yield from _pair_readings(found)
        elif groups["figure"]:
            yield _number_reading(found)
        elif date := _scanned_date(groups):
            yield Reading(start, end, date_key(date), _looser_dates(date))


def cell_keys(cell: str) -> Iterator[tuple[Key, str]]:
    """What a cell's figure, date or pair may be called in a sentence, each with how it stands for the cell."""
    value = parse_value(cell)
    if value.kind is Kind.NUMBER:
        yield ("number", value.number, 0), "number"
        if 0 < value.number <= 40 and value.number == int(value.number) and not value.unit:
            yield ("rank", value.number, 0), "rank"
    elif value.kind is Kind.RANK:
        yield ("rank", value.number, 0), "number"
        yield ("number", value.number, 0), "rank"
    elif value.kind is Kind.DATE and value.date:
        yield date_key(value.date), "date"
        for key in _looser_dates(value.date):
            yield key, "year" if key[2] == 0 else "date part"
    elif value.kind is Kind.PAIR and value.pair:
        yield ("pair", *value.pair), "pair"
    elif span := _SPAN.fullmatch(cell.strip()):
        first, last = float(span["first"]), span["last"]
        yield ("number", first, 0), "year"
        if last:
            yield ("pair", *_years(first, float(last))), "pair"


def date_key(date: Date) -> Key:
    """A date's key; a bare year has a number's, since in a sentence they look the same."""
    if date.month:
        return "date", date.year, date.month * 100 + date.day
    return "number", date.year, 0


def _looser_dates(date: Date) -> tuple[Key, ...]:
    parts = []
    if date.day and date.year:
        parts = [Date(date.year, date.month), Date(0, date.month, date.day)]
    if date.month and date.year:
        parts.append(Date(date.year))
    return tuple(map(date_key, parts))


def _years(first: float, second: float) -> tuple[float, float]:
    """Two figures, a span of years written short, 2004–05, as both its years."""
    if 1000 <= first < 2200 and 0 <= second < 100 and second == int(second):
        century = first // 100 * 100
        return first, century + second + (100 if second < first % 100 else 0)
    return first, second


def _word_reading(word: str, start: int, end: int) -> Reading:
    if word in _WORD_NUMBER:
        return Reading(start, end, ("number", _WORD_NUMBER[word], 0))
    return Reading(start, end, ("rank", _ORDINAL_NUMBER[word], 0))


def _pair_readings(found: re.Match[str]) -> Iterator[Reading]:
    first, second = _plain(found["first"]), _plain(found["second"])
    pair = _years(first, second)
    yield Reading(found.start(), found.end(), ("pair", *pair))
    if "-" not in found[0] or pair[0] >= 1000:
        yield Reading(*found.span("first"), ("number", first, 0))
        yield Reading(*found.span("second"), ("number", second, 0))


def _number_reading(found: re.Match[str]) -> Reading:
    number = _plain(found["figure"]) * _SCALES.get(found["scale"] or found["short"], 1.0)
    number = float(f"{number:.12g}")
    return Reading(found.start(), found.end(), ("number", -number if found["sign"] else number, 0))


def _scanned_date(groups: dict[str, str | None]) -> Date | None:
    for form in range(len(_DATES)):
        if month := groups.get(f"month{form}"):
            number = int(month) if month.isdigit() else _MONTH_NUMBER[month]
            date = Date(int(groups.get(f"year{form}") or 0), number, int(groups.get(f"day{form}") or 0))
            return date if 0 < date.month <= 12 and date.day <= 31 else None
    return None


def _plain(figure: str) -> float:
    return float(figure.replace(",", "").replace(" ", ""))
