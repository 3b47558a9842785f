"""What a cell says beside its letters: a number with its unit, a date, a rank, a pair such as a score, or just text.

Cells stay as written; a `Value` is a second look at one, which the question grammar computes with and the matcher
finds variants from. Reading is strict: what is not wholly a number (or date …) is text.
"""

import datetime
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
_WEEKDAY = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? )?"
_DATE_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_WEEKDAY}{_DAY}[ -]{_MONTH},?[ -]{_YEAR}",
        rf"{_WEEKDAY}{_MONTH} {_DAY},? {_YEAR}",
        rf"{_MONTH},? {_YEAR}",
        rf"{_WEEKDAY}{_DAY} {_MONTH}",
        rf"{_WEEKDAY}{_MONTH} {_DAY}",
        rf"{_YEAR} {_MONTH} {_DAY}",
        r"(?P<year>[12]\d{3})-(?P<month>[01]?\d)-(?P<day>[0-3]?\d)(?:[ T]00:00:00(?:\.0+)?)?",
        r"(?P<day>[0-3]?\d)\.[ ]?(?P<month>[01]?\d)\.[ ]?(?P<year>[12]\d{3})",
    )
)
_FIGURE = (
    r"(?:\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}|\d{1,3}(?:[    ]\d{3})+|\d+)(?:\.\d+)?(?:[eE][+\-]\d{1,3})?|\.\d+"
)
_WITH_COMMA = r"\d{1,3}(?:\.\d{3})+,\d{1,2}|\d+,\d{2}"
"""A figure with a comma before its decimals, as in most of Europe: `1.250,00`."""
_CURRENCY = r"(?:US|A|C|NZ|HK|R)?[$€£¥₹₽₩₪]|USD|EUR|GBP|CHF|Rs\.?"
_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "b": 1e9, "billion": 1e9,
           "tn": 1e12, "trillion": 1e12}  # fmt: skip
_UNITS = frozenset((
    "%", "‰", "°", "°C", "°F", "€", "£", "¥", "₹", "₽", "USD", "EUR", "GBP", "CHF", '"', "″", "'", "′",
    "m", "km", "cm", "mm", "ft", "in", "mi", "yd", "nmi", "m²", "km²", "cm²", "m³", "m2", "km2", "m3", "ha",
    "kg", "g", "mg", "lb", "lbs", "oz", "t", "s", "sec", "min", "h", "hr", "hrs", "ms", "mph", "kph", "kn", "kt",
    "km/h", "m/s", "g/cm³", "kg/m³", "kW", "hp", "bhp", "PS", "MW", "GW", "kWh", "Hz", "kHz", "MHz", "GHz",
    "KB", "kB", "MB", "GB", "TB", "l", "ml", "mL", "cc", "px", "pt", "pts", "pp",
))  # fmt: skip
"""Units that may stand right behind a figure; behind a space any word in small letters may."""
_NUMBER = re.compile(
    rf"(?P<sign>[+\-−–]?)[  ]?(?P<currency>{_CURRENCY})?[  ]?(?P<sign2>[\-−]?)(?P<figure>{_WITH_COMMA}|{_FIGURE})"
    r"(?P<gap>[  ]?)(?P<unit>[^\W\d_]{1,12}\.?(?:[²³23]|/[^\W\d_]{1,6}[²³]?)?|[%‰°€£¥₹₽\"″'′]|°[CF])?"
)
_CONVERTED = re.compile(r"(?P<value>[^()]*[^\W\d_²³]) ?\([\d.,⁄/ ]+[^\W\d_][^()]{0,20}\)")
"""A measure with its conversion behind it: `1.73 m (5 ft 8 in)`."""
_RANK = re.compile(
    r"#?(?P<figure>\d{1,4})(?:(?:st|nd|rd|th)(?: place)?|\.|=|[ªº])|[#=](?P<place>\d{1,4})", re.IGNORECASE
)
_PAIR = re.compile(rf"(?P<first>{_FIGURE})\s?[–−‒—\-]\s?(?P<second>{_FIGURE})")
_YEARS_FROM_TO = re.compile(r"[12]\d{3}\s?[–−‒—\-]\s?(?:[12]\d{3}|\d\d)")
_FOOTNOTE = re.compile(r"\s*(?:\[[^\[\]]{1,12}\]|[*†‡§¶^#]+|\((?:[a-z]|note \d+)\))\s*$")
_ENDS_LIKE_A_FOOTNOTE = frozenset("])*†‡§¶^#")
_STARTS_LIKE_A_VALUE = re.compile(
    r"[\d+\-−–.$€£¥₹₽₩₪#=]|US|USD|EUR|GBP|CHF|Rs|[ACNHR][A-Z]?\$|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)|" + _MONTH,
    re.IGNORECASE,
)
_LONGEST_VALUE = 40
_CLOCK = re.compile(
    r"(?P<first>\d{1,3}):(?P<second>[0-5]\d(?:\.\d+)?)(?::(?P<third>[0-5]\d(?:\.\d+)?))?(?: ?(?P<half>[ap])\.?m\.?)?",
    re.IGNORECASE,
)
_HOURS = re.compile(
    r"(?P<hours>\d{1,3}) ?h(?:ours?|rs?)?(?:,? ?(?P<minutes>\d{1,2}) ?(?:m(?:in(?:ute)?s?)?)?)?", re.IGNORECASE
)
_ZERO_IN_FRONT = re.compile(r"0\d")
"""A code or a time of day (`007`, `07.30`), not a number."""
_LEAP_YEAR = 2000
_NO_UNITS = frozenset({"st", "nd", "rd", "th", "am", "pm", "bc", "ad", "bce", "ce"}) | _MONTH_NUMBER.keys()


def is_unit(text: str) -> bool:
    """Whether a text is a unit that may stand right behind a figure: `km`, `%`."""
    return text in _UNITS


def without_footnotes(text: str) -> str:
    """The text without the marks that point to notes: `1,234[a]`, `Paris*` and `10.2 †` lose them."""
    stripped = text.strip()
    while stripped and stripped[-1] in _ENDS_LIKE_A_FOOTNOTE:
        mark = _FOOTNOTE.search(stripped)
        if not mark or not mark.start():
            break
        stripped = stripped[: mark.start()]
    return stripped


@lru_cache(maxsize=1 << 16)
def parse_value(text: str) -> Value:
    """The typed view of a cell's text."""
    bare = text.strip()
    if bare.isdecimal():
        return _read_digits(text, bare)
    if bare.lower() in EMPTY_MARKS:
        return Value(Kind.EMPTY, text)
    if not _STARTS_LIKE_A_VALUE.match(bare):
        return Value(Kind.TEXT, text)
    bare = without_footnotes(bare)
    if len(bare) > _LONGEST_VALUE:
        return Value(Kind.TEXT, text)
    for read in (_read_number, _read_date, _read_rank, _read_pair):
        value = read(text, bare)
        if value is not None:
            return value
    return Value(Kind.TEXT, text)


def clock_time(text: str) -> float | None:
    """A time such as 3:45, 1:02:45.3, 7:30 pm or 4h 25m as a number that sorts like others of its form, else None."""
    if hours := _HOURS.fullmatch(text.strip()):
        return 3600 * float(hours["hours"]) + 60 * float(hours["minutes"] or 0)
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        return None
    first, second, third = (float(found[part] or 0) for part in ("first", "second", "third"))
    if found["half"]:
        first = first % 12 + (12 if found["half"].lower() == "p" else 0)
    if (
        not found["third"] and not found["half"]
    ):  # minutes and seconds, or hours and minutes: all of one column are alike
        return 60 * first + second
    return 3600 * first + 60 * second + third


def date_key(date: Date) -> float:
    """A date as one number that sorts like it."""
    return date.year * 10_000 + date.month * 100 + date.day


def as_year(value: Value) -> Value | None:
    """A bare four-digit number read as a year, else None: columns decide when to (`tabtext.table.Column`)."""
    plain = value.kind is Kind.NUMBER and not value.unit and 1000 <= value.number <= 2199
    if not plain or value.number != int(value.number) or "," in value.text or "." in value.text:
        return None
    date = Date(int(value.number))
    return Value(Kind.DATE, value.text, date_key(date), date=date)


def _figure(text: str) -> float:
    if re.fullmatch(_WITH_COMMA, text):
        text = text.replace(".", "").replace(",", ".")
    return float(re.sub(r"[,\s]", "", text))


def _read_digits(text: str, bare: str) -> Value:
    """Digits alone: a number, or with zeros in front a code."""
    if bare[0] == "0" and len(bare) > 1:
        return Value(Kind.TEXT, text)
    return Value(Kind.NUMBER, text, float(bare))


def _read_number(text: str, bare: str) -> Value | None:
    if bare[-1] == ")" and (converted := _CONVERTED.fullmatch(bare)):
        bare = converted["value"]
    found = _NUMBER.fullmatch(bare)
    if not found:
        return None
    sign, currency, second_sign, figure, gap, unit = found.groups(default="")
    if unit:
        if not _is_unit(unit, gap, currency):
            return None
    elif not currency and _ZERO_IN_FRONT.match(figure):
        return None
    number = _figure(figure)
    scale = _SCALES.get(unit.lower())
    if scale and (currency or len(unit) > 2):
        number, unit = number * scale, ""
    if (sign or second_sign) not in ("", "+"):
        number = 0.0 - number
    return Value(Kind.NUMBER, text, number, currency or unit)


def _is_unit(unit: str, gap: str, currency: str) -> bool:
    """Whether what stands behind a figure makes it a measure: not `1950s`, `480i`, `1 July` or `107 Piccadilly`."""
    if unit == "s" and not gap:
        return False
    if unit in _UNITS:
        return True
    word = unit.rstrip(".")
    if word.lower() in _SCALES:
        return bool(gap or currency) or len(word) > 1
    return bool(gap) and len(word) > 1 and word.islower() and word not in _NO_UNITS


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
            if _is_in_calendar(date):
                return Value(Kind.DATE, text, date_key(date), date=date)
    return None


def _is_in_calendar(date: Date) -> bool:
    try:
        datetime.date(date.year or _LEAP_YEAR, date.month, date.day or 1)
    except ValueError:
        return False
    return True


def _read_rank(text: str, bare: str) -> Value | None:
    found = _RANK.fullmatch(bare)
    return Value(Kind.RANK, text, float(found["figure"] or found["place"])) if found else None


def _read_pair(text: str, bare: str) -> Value | None:
    found = _PAIR.fullmatch(bare)
    if not found or _YEARS_FROM_TO.fullmatch(bare):
        return None
    pair = (_figure(found["first"]), _figure(found["second"]))
    return Value(Kind.PAIR, text, pair[0], pair=pair)
