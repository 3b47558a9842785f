"""What the cells of a column look like, where its kind says too little: codes, names of people, times of day."""

from __future__ import annotations

import re
from collections import Counter

from gentap.grammar.view import ColumnView
from tabtext.values import Kind, clock_time

_FORMS = (
    ("person", re.compile(r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Lord|Lady|Rev|Capt)\b\.? ?|[A-Z]\. ?)+[^\W\d_].*")),
    (
        "date",
        re.compile(r"\d{1,2}[-/. ](?:\d{1,2}|[A-Za-z]{3,9})(?:[-/. ]\d{2,4})?(?: \d{1,2}:\d\d)?|\d{4}-\d\d-\d\d.*"),
    ),
    ("code", re.compile(r"(?=\S*\d)(?=\S*[^\W\d_])[\w/.#-]+|#\d+")),
    ("period", re.compile(r"\d{4}\s?[–-]\s?(?:\d{2,4}|present)?", re.IGNORECASE)),
    (
        "names",
        re.compile(r"[^\W\d_a-z][\w.'’-]*(?: (?:[^\W\d_a-z][\w.'’-]*|de|van|von|da|of|the|and|la|le|al|bin)){1,3}"),
    ),
    ("name", re.compile(r"[^\W\d_a-z][^\W\d_]*(?:['’-][^\W\d_]+)*")),
    ("place", re.compile(r"[^\W\d_a-z][^,\d]*, [^\W\d_a-z][^,\d]*")),
    ("word", re.compile(r"[^\W\d_]+")),
    ("figures", re.compile(r"\W*\d.*")),
)
_ENOUGH = 0.5
_LONG = 5
"""Words of a cell that is a text."""


def shape_of(column: ColumnView) -> str:
    """The form that at least half of a column's cells have, else `mixed`."""
    said = [text for text in column.texts if text]
    if not said:
        return "empty"
    if column.kind is Kind.NUMBER:
        units = Counter(value.unit for value in column.values if value.kind is Kind.NUMBER)
        unit = units.most_common(1)[0][0] if units else ""
        return (
            "money" if unit[-1:] in "$€£¥" and unit else "percent" if unit == "%" else "measure" if unit else "number"
        )
    if column.kind is not Kind.TEXT:
        return column.kind.value
    found = Counter(_form(text) for text in said)
    form, count = found.most_common(1)[0]
    if form == "name" and found["names"] + count >= _ENOUGH * len(said) and count < _ENOUGH * len(said):
        return "names"
    kind = form if count >= _ENOUGH * len(said) else "mixed"
    few = len(column.rows_of) <= len(said) / 2
    return f"{kind}, few" if few else kind


def _form(text: str) -> str:
    if clock_time(text) is not None:
        return "time"
    if len(text.split()) >= _LONG:
        return "text"
    return next((name for name, form in _FORMS if form.fullmatch(text)), "other")
