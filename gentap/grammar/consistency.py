"""What a careful reader would dispute: a value that other cells name too, a column that writes one thing in several
ways, and cells that are not what their header announces."""

from __future__ import annotations

import re
from itertools import pairwise

from gentap.grammar.header_words import words_of
from gentap.grammar.view import ColumnView
from tabtext.values import MONTHS, Kind

_PLACEHOLDERS = words_of("none n/a unknown unnamed various vacant na nil other others self tba tbd tbc tbc. ? - — –")
NO_VALUES = _PLACEHOLDERS | {
    "cancelled", "did not finish", "did not play", "did not qualify", "did not start", "dnf", "dnq", "dns", "dq", "dsq",
    "non-album", "non-album single", "non-album singles", "other parties", "minor parties", "postponed", "ret",
    "undisclosed", "wd",
}  # fmt: skip
"""What stands in a cell instead of a value: no one asks for it, or takes it for an answer."""

_LIST = re.compile(r"[;•&+]|/|, | and | or | with | feat")
_LIST_OF_PLACES = re.compile(r"[;•&+]|/| and | or ")
"""Marks of a cell that names several things; `Lyon, France` is one place."""

_PLACES = frozenset(
    ("base", "birthplace", "city", "college", "destination", "home", "hometown", "location", "place", "residence",
     "school", "site", "town", "venue")
)  # fmt: skip
_NOT_ONE_OF_THEM = ("did not ", "no ", "non-album", "not ", "withdrew")
"""Beginnings of notes that stand where a value should."""

_SHORTEST_SLIP = 6
"""Letters of a value from which one letter more or less is more likely a slip than another value."""

_MOST_COMPARED = 50
"""Values of a column that are compared with their neighbours in the alphabet."""


def stands_alone(column: ColumnView, key: str) -> bool:
    """Whether no other cell of a column names this value beside others: `Reds` where one says `Reds, Blues`."""
    text = column.joined
    if column.kind is Kind.NUMBER or text.count(key) < 2:
        return True
    found, place = 0, text.find(key)
    while place >= 0 and found < 2:
        found += not (text[place - 1].isalnum() or text[place + len(key)].isalnum())
        place = text.find(key, place + 1)
    return found < 2


def can_be_counted(column: ColumnView) -> bool:
    """Whether the different values of a column are different things: each cell names one, always in the same way."""
    keys = column.rows_of
    lists = _LIST_OF_PLACES if _head(column) in _PLACES else _LIST
    if lists.search(column.joined) or not NO_VALUES.isdisjoint(keys):
        return False
    if len({*column.texts, ""}) > len(keys) + 1:
        return False
    return not any(key.startswith(_NOT_ONE_OF_THEM) or _without_parenthesis(key) in keys for key in keys) and (
        len(keys) > _MOST_COMPARED or not any(_is_slip(one, other) for one, other in pairwise(sorted(keys)))
    )


def _without_parenthesis(key: str) -> str | None:
    return key.partition(" (")[0] if key[-1] == ")" and not key.startswith("(") else None


def _is_slip(one: str, other: str) -> bool:
    """Whether of two words one is the other with a letter changed or added: `defence`, `defense`; not `pool a`."""
    if abs(len(one) - len(other)) > 1 or len(one) < _SHORTEST_SLIP or any(map(str.isdigit, one)):
        return False
    start = next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(min(one, other, key=len))
    )
    rest, left = one[start:], other[start:]
    if left == "s" and not rest:
        return True
    return len(rest) > 1 and left[1:] in (rest, rest[1:])


# --- headers and what stands below them


_SIZES = frozenset(
    ("area", "attendance", "capacity", "crowd", "depth", "distance", "elevation", "height", "length", "margin",
     "population", "price", "purse", "weight", "width")
)  # fmt: skip
_TIMES = frozenset(("birthday", "date", "year"))
_THINGS = frozenset(
    ("away", "city", "club", "conference", "country", "division", "home", "league", "location", "name", "nation",
     "opponent", "player", "position", "season", "team", "tournament", "venue")
)  # fmt: skip
"""Last words of headers whose cells are sizes, times, and things with names."""


def fits_header(column: ColumnView) -> bool:
    """Whether a column holds what its header announces: no dates under `Attendance`, no measures under `Month`."""
    head = _head(column)
    if head in _SIZES or column.noun.counts:
        return column.kind is not Kind.DATE
    if head in _TIMES:
        return column.kind not in (Kind.NUMBER, Kind.PAIR)
    if head == "month":
        return column.kind is not Kind.TEXT or any(key.startswith(_MONTHS) for key in column.rows_of)
    if head in _THINGS and column.kind in (Kind.TEXT, Kind.PAIR):
        return 2 * sum(value.kind is Kind.PAIR for value in column.values) < len(column.values)
    return True


_MONTHS = tuple(month[:3].lower() for month in MONTHS)


def _head(column: ColumnView) -> str:
    """The last word of a column's name."""
    return column.noun.text.rpartition(" ")[2]
