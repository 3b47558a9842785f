"""Names that a model never saw: how many of a record's invented ones its text says whole, by the rule that names stay
whole (`tabtext.whole_names`) and without it.

`python -m benchmarks names MODEL RECORDS.jsonl`, of records with a `name` (E2E, ViGGO).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from unittest.mock import patch

from datatuner.generate import Generator
from datatuner.new_names import invented_name
from tabtext.record import Record
from tabtext.record_files import read_records

RECORDS = 200
"""Records measured, evenly spread over the file."""

NAMED = frozenset({"name", "near"})
"""The slots that get an invented name."""


def measure(*paths: str) -> Iterator[str]:
    """The share of names that the likeliest text says whole, both ways."""
    if len(paths) != 2:
        yield "needs a model and records; run: python -m benchmarks names MODEL RECORDS.jsonl"
        return
    generator, rng = Generator.from_pretrained(paths[0]), random.Random(0)
    every = [record for record, _ in read_records(paths[1])]
    records = [_renamed(record, rng) for record in every[:: max(1, len(every) // RECORDS)][:RECORDS]]
    with_rule = _whole(generator, records)
    with patch("tabtext.generation.WholeNames", lambda *_: None):
        without = _whole(generator, records)
    yield f"invented names said whole: {with_rule:.1%} by the rule, {without:.1%} without, in {len(records)} records"


def _renamed(record: Record, rng: random.Random) -> Record:
    named = (t._replace(object=invented_name(rng)) if t.predicate in NAMED else t for t in record.triples)
    return replace(record, triples=tuple(named))


def _whole(generator: Generator, records: Sequence[Record]) -> float:
    """The share of the records' names that stand as whole words in the likeliest text."""
    texts = [found[0].text for found in generator.candidates(records, 1)]
    names = [
        (t.object, text) for r, text in zip(records, texts, strict=True) for t in r.triples if t.predicate in NAMED
    ]
    said = sum(bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)) for name, text in names)
    return said / max(1, len(names))
