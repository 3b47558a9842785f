"""Scores of parts of a corpus: by number of facts, category, table size, question type, answer length, or any field.

Statistics of segments are summed per part, so a breakdown looks at no text twice.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from tabtext.errors import InputError
from tabtext.examples import QAExample
from tabtext.metrics.base import Items, Metric
from tabtext.metrics.floors import table_of
from tabtext.record import FORMS, Record
from tabtext.table import Cell, Table

if TYPE_CHECKING:
    from tabtext.metrics.base import Floats

QUESTION_WORDS = ("how many", "how much", "how", "what", "which", "who", "whom", "whose", "when", "where", "why")


class Part(NamedTuple):
    """One part of a corpus: what its items share, how many they are, their score."""

    label: str
    size: int
    value: float


def breakdown(metric: Metric, statistics: Floats, labels: Sequence[str | None]) -> list[Part]:
    """The score of each part; items without a label are left out. Parts come in natural order."""
    rows: dict[str, list[int]] = {}
    for row, label in enumerate(labels):
        if label is not None:
            rows.setdefault(label, []).append(row)
    return [
        Part(label, len(rows[label]), float(metric.value(statistics[rows[label]].sum(axis=0))))
        for label in sorted(rows, key=_natural)
    ]


def labels(items: Items, by: str, *, seen: Container[str] | None = None) -> list[str | None]:
    """Each item's label: `by` is one of `BREAKDOWNS`, else a field. `seen` are the categories of the training data."""
    if by == "seen":
        if seen is None:
            raise InputError("A breakdown by 'seen' needs the categories of the training data; pass --seen.")
        return [None if c is None else "seen" if c in seen else "unseen" for c in labels(items, "category")]
    if by in BREAKDOWNS:
        found = [
            BREAKDOWNS[by](items.fields[i] if items.fields else {}, items.references[i]) for i in range(len(items))
        ]
    else:
        values = [fields.get(by) for fields in items.fields]
        found = [None if value is None else str(value) for value in values]
    if not any(label is not None for label in found):
        raise InputError(
            f"No item has what a breakdown by {by!r} needs; known: {', '.join((*BREAKDOWNS, 'seen'))}, or a field."
        )
    return found


def by_facts(fields: Mapping[str, Any], references: Sequence[str]) -> str | None:
    """How many facts the record has."""
    return str(len(Record.from_json(fields).triples)) if any(form in fields for form in FORMS) else None


def by_category(fields: Mapping[str, Any], references: Sequence[str]) -> str | None:
    """The record's category."""
    return str(fields["category"]) if fields.get("category") else None


def by_table_size(fields: Mapping[str, Any], references: Sequence[str]) -> str | None:
    """How many rows the table has."""
    table = table_of(fields)
    return _range(len(table), (5, 10, 20, 40), "rows") if table else None


def by_evidence(fields: Mapping[str, Any], references: Sequence[str]) -> str | None:
    """How many cells the data set marks as evidence."""
    table = table_of(fields)
    cells = fields.get("evidence") or (table.highlighted if table else ())
    return _range(len(cells), (2, 4, 8, 16), "cells") if cells else None


def by_question(fields: Mapping[str, Any], references: Sequence[str]) -> str | None:
    """The question word: the first one among the question's words, `other` where there is none."""
    question = fields.get("question")
    if not isinstance(question, str):
        return None
    words = f" {' '.join(question.lower().replace(',', ' ').split())} "
    found = [(words.find(f" {word} "), -len(word), word) for word in QUESTION_WORDS if f" {word} " in words]
    return min(found)[2] if found else "other"


def by_answer_length(fields: Mapping[str, Any], references: Sequence[str]) -> str | None:
    """How many words the first reference has."""
    return _range(len(references[0].split()), (10, 15, 20, 30), "words") if references else None


BREAKDOWNS: dict[str, Callable[[Mapping[str, Any], Sequence[str]], str | None]] = {
    "facts": by_facts,
    "category": by_category,
    "table-size": by_table_size,
    "evidence": by_evidence,
    "question": by_question,
    "answer-length": by_answer_length,
}


def shuffled(table: Table, rng: random.Random) -> Table:
    """The same table with rows and columns in another order, its highlighted cells moved along."""
    rows, columns = (rng.sample(range(size), size) for size in (len(table), table.width))
    moved = tuple(Cell(rows.index(cell.row), columns.index(cell.column)) for cell in table.highlighted)
    body = tuple(tuple(table.rows[row][column] for column in columns) for row in rows)
    return replace(table, header=tuple(table.header[c] for c in columns), rows=body, highlighted=moved)


def shuffled_example(example: QAExample, rng: random.Random) -> QAExample:
    """The same question about the shuffled table: what a model loses by it, it had learnt from the order."""
    table = shuffled(replace(example.table, highlighted=example.evidence or example.table.highlighted), rng)
    evidence = table.highlighted if example.evidence else ()
    return replace(example, table=table, evidence=evidence)


def _range(number: int, bounds: Sequence[int], noun: str) -> str:
    """`1-5 rows`, `6-10 rows` … `41+ rows`."""
    low = 0
    for bound in bounds:
        if number <= bound:
            return f"{low}-{bound} {noun}"
        low = bound + 1
    return f"{low}+ {noun}"


def _natural(label: str) -> tuple[float, str]:
    """Labels that begin with a number in its order, then the others by letters."""
    digits = label[: len(label) - len(label.lstrip("0123456789"))]
    return (float(digits), label) if digits else (float("inf"), label)
