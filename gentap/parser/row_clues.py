"""Clues of the conditions of a program, and of the words of the question that nothing in it accounts for."""

from __future__ import annotations

from collections import Counter

from gentap.parser.column_clues import TRIGGERS, Clues, share
from gentap.parser.programs import Filter, common
from gentap.parser.question import Question

_LETTERS_NEAR = 16
_FAR = 0.4
_LONG = 30


def of_rows(asked: Question, filters: tuple[Filter, ...], either: bool) -> Clues:
    """How well conditions go with the question, and what it says that none of them does."""
    clues: Counter[str] = Counter()
    for one in filters:
        clues.update(_of_filter(asked, one))
        clues.update(_of_name(asked, one) if one.how in ("is", "has") else {})
    spans = [(one.start, one.end) for one in filters]
    names = {
        one.start
        for one in asked.filters
        if one.how == "is" and not any(start <= one.start and one.end <= end for start, end in spans)
    }
    limits = {
        (one.start, one.end)
        for one in asked.filters
        if one.how not in ("is", "has") and not any(start <= one.end and one.start <= end for start, end in spans)
    }
    rows = {f"rows {min(3, len(common(filters, either)))}": 1} if filters else {}
    return {**clues, "names left": min(4, len(names)), "limits left": min(3, len(limits)), **rows}


def _of_filter(asked: Question, one: Filter) -> Clues:
    about, how = asked.about, f"filter {one.how}"
    header = about.headers[one.column]
    around = [
        token
        for token in asked.tokens
        if 0 <= one.start - token.end < _LETTERS_NEAR or 0 <= token.start - one.end < _LETTERS_NEAR
    ]
    clues: Clues = {
        how: 1,
        f"{how} {about.view.columns[one.column].kind.value}": 1,
        f"{how} shape {about.shapes[one.column]}": 1,
        f"{how} sure": one.sure,
        f"{how} long": min(one.end - one.start, _LONG) / _LONG,
        f"{how} share": len(one.rows) / max(1, len(about.view.body)),
        f"{how} capital": float(one.start > 0 and asked.text[one.start].isupper()),
        f"{how} column near": float(any(token.stem in header for token in around)),
        f"{how} column said": share(header, asked.stems),
        f"{how} column near in meaning": max((asked.near(token, one.column) for token in around), default=0.0),
        f"{how} first column": float(one.column == 0),
    }
    if one.how not in ("is", "has"):
        clues |= {f"{one.how} of {name}": 1 for name in header}
    return clues


def _of_name(asked: Question, one: Filter) -> Clues:
    """How surely the words of a condition are the name of these cells."""
    column, how = asked.about.view.columns[one.column], f"filter {one.how}"
    said = asked.low[one.start : one.end]
    rivals = sum(
        other.start == one.start and other.how in ("is", "has") and other.column != one.column
        for other in asked.filters
    )
    clues: Clues = {
        f"{how} whole": sum(column.keys[row] == said for row in one.rows) / len(one.rows),
        f"{how} rivals": min(3, rivals),
    }
    before = next((token.text for token in reversed(asked.tokens) if token.end <= one.start), "")
    if before:
        clues[f"behind {before} {column.kind.value}"] = 1
        clues |= {f"behind {before} in {name}": 1 for name in asked.about.headers[one.column]}
    return clues


def of_left_over(asked: Question, columns: frozenset[int], spans: tuple[tuple[int, int], ...]) -> Clues:
    """The words that stand for something and that neither conditions (at these places) nor columns account for."""
    headers = asked.about.headers
    names = {word for column in columns for word in headers[column]}
    others = {word for column, header in enumerate(headers) if column not in columns for word in header}
    content = [token for token in asked.tokens if not token.is_small]
    left = [
        token
        for token in content
        if token.stem not in names
        and token.stem not in TRIGGERS
        and not any(start <= token.start < end for start, end in spans)
    ]
    far = sum(all(asked.near(token, column) < _FAR for column in columns) for token in left)
    return {
        "words left": min(6, len(left)) / 2,
        "words left, far": min(6, far) / 2,
        "share left": len(left) / max(1, len(content)),
        "names of other columns left": min(3, sum(token.stem in others for token in left)),
        "words of cells left": min(4, sum(token.stem in asked.about.words for token in left)),
        "figures left": sum(token.text[0].isdigit() for token in left),
    }
