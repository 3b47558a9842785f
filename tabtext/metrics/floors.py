"""What stands beside a number: answers that anyone can give without a model, and what people reach against each other.

A floor is a function from an item's fields to a text, or None where the item does not hold what it takes. The ceiling
scores one human reference against the others of its group.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from tabtext.errors import InputError
from tabtext.metrics.base import Items, Metric
from tabtext.metrics.rouge import tokenize
from tabtext.record import FORMS, Record, Triple
from tabtext.table import Table
from tabtext.verbal import said


class Bound(NamedTuple):
    """A floor or ceiling: its name, its kind (`floor`, `gold`, `ceiling`), and the items as it answers them."""

    name: str
    kind: str
    items: Items


def bounds(items: Items, seed: int) -> list[Bound]:
    """All floors and ceilings that these items have; one that only some items have says for how many it stands."""
    found = [_answered(name, kind, answer, items) for name, (kind, answer) in ANSWERS.items()]
    found += [human_ceiling(items, random.Random(seed)), human_references(items)]
    return [bound for bound in found if bound is not None]


def usable(metric: Metric, bound: Bound) -> bool:
    """Whether the metric says something of the bound: people are scored against people, or checked, not both."""
    if metric.name.startswith("fidelity_"):
        return False
    return bound.kind in ("floor", "gold") or metric.needs_references == bool(bound.items.references[0])


def human_ceiling(items: Items, rng: random.Random) -> Bound | None:
    """One reference of each group, drawn by chance, against the others; groups of one are left out."""
    indices = tuple(i for i, group in enumerate(items.references) if len(group) > 1)
    if not indices:
        return None
    predictions, references = [], []
    for index in indices:
        group = items.references[index]
        drawn = rng.randrange(len(group))
        predictions.append(group[drawn])
        references.append((*group[:drawn], *group[drawn + 1 :]))
    chosen = items.select(indices)
    ceiling = Items(tuple(predictions), tuple(references), chosen.ids, _unjudged(chosen.fields))
    return Bound(_covering("one reference against the others", indices, items), "ceiling", ceiling)


def human_references(items: Items) -> Bound | None:
    """Every human reference as a prediction, for checkers: what they find there is their own noise."""
    holders = [i for i, group in enumerate(items.references) for _ in group]
    if not items.fields or not any(form in fields for fields in items.fields[:1] for form in FORMS):
        return None
    chosen = items.select(holders)
    texts = tuple(text for group in items.references for text in group)
    checked = Items(texts, ((),) * len(texts), chosen.ids, _unjudged(chosen.fields))
    return Bound(f"all {len(texts):,} references, checked", "ceiling", checked)


def copy_question(fields: Mapping[str, Any]) -> str | None:
    """The question itself."""
    question = fields.get("question")
    return question if isinstance(question, str) else None


def best_row(fields: Mapping[str, Any]) -> str | None:
    """The cells, joined by commas, of the table's row that shares most words with the question."""
    table, question = table_of(fields), copy_question(fields)
    if table is None or question is None or not table.rows:
        return None
    asked = set(tokenize(question, False))
    shared = [len(asked & {word for cell in row for word in tokenize(cell, False)}) for row in table.rows]
    row = table.rows[shared.index(max(shared))]
    return ", ".join(dict.fromkeys(cell for cell in row if cell.strip()))


def gold_cells(fields: Mapping[str, Any]) -> str | None:
    """The cells that the data set marks as evidence, joined by commas: not a floor but what copying them would give."""
    table = table_of(fields)
    cells = fields.get("evidence") or (table.highlighted if table else ())
    if table is None or not cells:
        return None
    try:
        return ", ".join(dict.fromkeys(table[row, column] for row, column in cells))
    except (TypeError, ValueError, IndexError):
        raise InputError(f"A reference's 'evidence' is [[row, column], …] of its table; found {cells!r:.60}.") from None


def template(fields: Mapping[str, Any]) -> str | None:
    """A sentence per fact: `The food of Alimentum is Indian. Alimentum is not family friendly.`"""
    record = _record_of(fields)
    if record is None:
        return None
    name = record.slots.get("name", "") if record.is_slots else ""
    facts = [triple for triple in record.triples if not (record.is_slots and triple.predicate == "name")]
    return " ".join(map(_sentence, (fact.readable() for fact in facts), [name] * len(facts))) or f"{name}."


def by_rules(fields: Mapping[str, Any]) -> str | None:
    """What rules say of the record, as `datatuner say` does without a model."""
    record = _record_of(fields)
    return said(record) if record else None


def _record_of(fields: Mapping[str, Any]) -> Record | None:
    """The record that an item's fields hold, if any."""
    try:
        return Record.from_json(fields) if any(form in fields for form in FORMS) else None
    except InputError:
        return None


ANSWERS: dict[str, tuple[str, Callable[[Mapping[str, Any]], str | None]]] = {
    "copy the question": ("floor", copy_question),
    "best row, joined": ("floor", best_row),
    "gold cells, joined": ("gold", gold_cells),
    "template": ("floor", template),
    "said by rules": ("floor", by_rules),
}
"""What anyone can answer, by name, with its kind; `gold` has read what a system must not read."""


def table_of(fields: Mapping[str, Any]) -> Table | None:
    """The table that an item's fields hold, in our form or FeTaQA's, or None."""
    if isinstance(fields.get("table"), Mapping):
        return Table.from_json(fields["table"])
    if isinstance(fields.get("table_array"), list):
        from tabtext.readers.records import fetaqa_table

        return fetaqa_table(fields)
    return None


def _answered(name: str, kind: str, answer: Callable[[Mapping[str, Any]], str | None], items: Items) -> Bound | None:
    answers = [answer(fields) for fields in items.fields]
    indices = tuple(i for i, text in enumerate(answers) if text is not None)
    if not indices:
        return None
    chosen = items.select(indices)
    predictions = tuple(text for text in answers if text is not None)
    answered = Items(predictions, chosen.references, chosen.ids, _unjudged(chosen.fields))
    return Bound(_covering(name, indices, items), kind, answered)


def _unjudged(fields: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """The fields without verdicts on the predictions that they came with."""
    verdicts = {"missing", "added", "wrong", "repeated", "slots", "verdicts", "fidelity", "label"}
    return tuple({name: value for name, value in item.items() if name not in verdicts} for item in fields)


def _covering(name: str, indices: Sequence[int], items: Items) -> str:
    return name if len(indices) == len(items) else f"{name} ({len(indices):,} of {len(items):,} items)"


def _sentence(fact: Triple, name: str) -> str:
    subject, predicate = fact.subject or name or "it", fact.predicate
    if fact.object.lower() not in ("yes", "no"):
        return f"The {predicate} of {subject} is {fact.object}."
    affirmed = fact.object.lower() == "yes"
    if predicate.startswith("has "):
        return f"{subject} has {'' if affirmed else 'no '}{predicate.removeprefix('has ')}."
    return f"{subject} is {'' if affirmed else 'not '}{predicate.removeprefix('is ')}."
