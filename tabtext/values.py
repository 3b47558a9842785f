"""What a cell says beside its letters: a number with its unit, a date, a rank, a pair such as a score, or just text.

Cells stay as written; a `Value` is a second look at one, which the question grammar computes with and the matcher
finds variants from. Reading is strict: what is not wholly a number (or date …) is text.
"""

import re
from enum import Enum
from functools import lru_cache
from typing import NamedTuple


class Kind(str, Enum):
    """What a cell, or most of a column, is."""

    EMPTY = "empty"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    RANK = "rank"
    PAIR = "pair"


class Date(NamedTuple):
    """A date as precise as it was written: month and day are 0 where they were not given, and so is the year."""

    year: int
    month: int = 0
    day: int = 0


class Value(NamedTuple):
    """The typed view of one cell.

    `number` is the figure in plain units (`$5.2m` is 5,200,000; `12 %` is 12; the place for a rank; for a date
    year·10,000 + month·100 + day, which sorts); `unit` is the currency sign, `%` or the word behind the figure.
    """

    kind: Kind
    text: str
    number: float = 0.0
    unit: str = ""
    date: Date | None = None
    pair: tuple[float, float] | None = None


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
EMPTY_MARKS = frozenset({"", "-", "–", "—", "−", "―", "n/a", "na", "none", "nan", "null", "tba", "tbd", "?", "..."})

_MONTH_NUMBER = {name[:length].lower(): i for i, name in enumerate(MONTHS, 1) for length in (3, len(name))}
_MONTH_NUMBER["sept"] = 9
_MONTH = "(?P<month>" + "|".join(sorted(_MONTH_NUMBER, key=len, reverse=True)) + r")\.?"
_YEAR = r"(?P<year>[12]\d{3})"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_DATE_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_DAY}[ -]{_MONTH},?[ -]{_YEAR}",
        rf"{_MONTH} {_DAY},? {_YEAR}",
        rf"{_MONTH},? {_YEAR}",
        rf"{_DAY} {_MONTH}",
        rf"{_MONTH} {_DAY}",
        r"(?P<year>[12]\d{3})-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?:[ T]00:00:00(?:\.0+)?)?",
    )
)
_FIGURE = r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?:[    ]\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_CURRENCY = r"(?:US|A|C|NZ|HK|R)?[$€£¥₹₽₩₪]|USD|EUR|GBP|CHF|Rs\.?"
_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "b": 1e9, "billion": 1e9,
           "tn": 1e12, "trillion": 1e12}  # fmt: skip
_NUMBER = re.compile(
    rf"(?P<sign>[+\-−–]?)\s?(?P<currency>{_CURRENCY})?\s?(?P<sign2>[\-−]?)(?P<figure>{_FIGURE})"
    r"\s?(?P<unit>[^\W\d_]{1,12}\.?(?:[²³23]|/[^\W\d_]{1,6})?|[%‰°€£¥₹₽\"″'′]|°[CF])?"
)
_RANK = re.compile(r"(?P<figure>\d{1,4})(?:st|nd|rd|th)(?: place)?", re.IGNORECASE)
_PAIR = re.compile(rf"(?P<first>{_FIGURE})\s?[–−‒—:\-]\s?(?P<second>{_FIGURE})")
_FOOTNOTE = re.compile(r"\s*(?:\[[^\[\]]{1,12}\]|[*†‡§¶^#]+|\((?:[a-z]|note \d+)\))\s*$")
_STARTS_LIKE_A_VALUE = re.compile(r"[\d+\-−–.$€£¥₹₽₩₪]|US|USD|EUR|GBP|CHF|Rs|[ACNHR][A-Z]?\$|" + _MONTH, re.IGNORECASE)


def without_footnotes(text: str) -> str:
    """The text without the marks that point to notes: `1,234[a]`, `Paris*` and `10.2 †` lose them."""
    stripped = text.strip()
    while stripped and (mark := _FOOTNOTE.search(stripped)) and mark.start() > 0:
        stripped = stripped[: mark.start()]
    return stripped


@lru_cache(maxsize=1 << 16)
def parse_value(text: str) -> Value:
    """The typed view of a cell's text."""
    bare = text.strip()
    if bare.lower() in EMPTY_MARKS:
        return Value(Kind.EMPTY, text)
    if not _STARTS_LIKE_A_VALUE.match(bare):
        return Value(Kind.TEXT, text)
    bare = without_footnotes(bare)
    if len(bare) > 40:
        return Value(Kind.TEXT, text)
    for read in (_read_number, _read_date, _read_rank, _read_pair):
        value = read(text, bare)
        if value is not None:
            return value
    return Value(Kind.TEXT, text)


def date_key(date: Date) -> float:
    """A date as one number that sorts like it."""
    return date.year * 10_000 + date.month * 100 + date.day


def as_year(value: Value) -> Value | None:
    """A bare four-digit number read as a year, else None: columns decide when to (`tabtext.table.Column`)."""
    plain = value.kind is Kind.NUMBER and not value.unit and value.number == int(value.number)
    if not plain or not 1000 <= value.number <= 2199 or "," in value.text or "." in value.text:
        return None
    date = Date(int(value.number))
    return Value(Kind.DATE, value.text, date_key(date), date=date)


def _figure(text: str) -> float:
    return float(re.sub(r"[,\s]", "", text))


def _read_number(text: str, bare: str) -> Value | None:
    found = _NUMBER.fullmatch(bare)
    if not found:
        return None
    number, unit, currency = _figure(found["figure"]), found["unit"] or "", found["currency"] or ""
    if unit.lower() in {"st", "nd", "rd", "th"}:
        return None
    scale = _SCALES.get(unit.lower())
    if scale and (currency or len(unit) > 2):
        number, unit = number * scale, ""
    if (found["sign"] or found["sign2"]) not in ("", "+"):
        number = -number
    return Value(Kind.NUMBER, text, number, currency or unit)


def _read_date(text: str, bare: str) -> Value | None:
    for form in _DATE_FORMS:
        if found := form.fullmatch(bare):
            parts = found.groupdict()
            month = parts["month"]
            date = Date(
                int(parts.get("year") or 0),
                int(month) if month.isdigit() else _MONTH_NUMBER[month.lower()],
                int(parts.get("day") or 0),
            )
            if date.month <= 12 and date.day <= 31:
                return Value(Kind.DATE, text, date_key(date), date=date)
    return None


def _read_rank(text: str, bare: str) -> Value | None:
    found = _RANK.fullmatch(bare)
    return Value(Kind.RANK, text, float(found["figure"])) if found else None


def _read_pair(text: str, bare: str) -> Value | None:
    found = _PAIR.fullmatch(bare)
    if not found:
        return None
    pair = (_figure(found["first"]), _figure(found["second"]))
    return Value(Kind.PAIR, text, pair[0], pair=pair)
