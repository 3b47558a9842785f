"""The rows of a table that are not among what it lists: totals, the rest that is not listed, headings and notes."""

from __future__ import annotations

from collections.abc import Sequence

TOTALS = frozenset(
    (
        "total", "totals", "total:", "totals:", "overall", "sum", "average", "mean", "career", "majority", "turnout",
        "all", "write-in", "invalid/blank votes", "invalid votes", "registered voters", "registered electors", "swing",
        "win–loss", "win-loss", "w–l", "w-l", "titles–finals", "year-end ranking",
    )
)  # fmt: skip
"""A row with one of these in a cell of text, or a total of something, sums others up; it is not counted among them."""

_SUMMING = (
    "total ", "career ", "registered ", "majority ", "all places", "source:", "rejected ", "spoilt ", "electors ",
    "invalid", "informal ", "eligible ", "valid votes", "overall 1", "overall 2",
)  # fmt: skip
_REST = ("other", "others", "all others", "rest of the world")
_REST_OF = ("other ", "minor ", "remaining ", "all other ")
_KINDS_OF_REST = ("parties", "candidates", "countries", "nations", "religions", "languages", "groups", "independents",
                  "lists", "regions", "nationalities", "ethnicities", "sources")  # fmt: skip
"""A row named like these, `other parties`, is a sum of what the table does not list."""

_LONG_TEXT = 40
"""Letters of a text that is a note on the rows around it where it spans columns."""


def sums_up(key: str) -> bool:
    """Whether the row of this folded value sums others up."""
    return key in TOTALS or key.startswith(_SUMMING) or key.endswith((" total", " totals", ":"))


def is_rest(key: str) -> bool:
    """Whether the row of this folded value sums up what is not listed."""
    return key in _REST or (key.startswith(_REST_OF) and key.endswith(_KINDS_OF_REST))


def is_heading(cells: Sequence[str], header: Sequence[str]) -> bool:
    """Whether a row says one text across all columns, or across the first three of many, or repeats the header.

    So does a row with one long text in its second and third column and the last, and one of `Country` and twice its
    name.
    """
    first, second = cells[0], cells[1]
    if cells.count(first) == len(cells) or (first == header[0] and second == header[1]):
        return True
    if second == cells[2] and (first == "Country" or (len(second) > _LONG_TEXT and second == cells[-1])):
        return True
    return len(cells) > 4 and first == cells[1] == cells[2] and len(first) > 3 and first.replace(" ", "").isalpha()
