"""`gentap records`: sentences that speak of table rows as records with their texts, to learn data to text and questions
about facts from pages.

A row says of its name, the leftmost cell that is words, what the other cells are: [name, header, cell].
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from gentap.mentions import Mention, read_mention
from tabtext.corpora.questions import read_questions
from tabtext.errors import unknown_name
from tabtext.examples import QAExample
from tabtext.jsonl import Line, read_lines
from tabtext.stages import Options, Source, Stage, run_stage
from tabtext.table import Cell, Table
from tabtext.triples import Triple
from tabtext.values import Kind

MENTIONS = "mentions"
"""What `gentap mine` writes."""


FETAQA = "fetaqa"
"""The set of questions whose answers are sentences and whose cells people marked."""


def write_records(path: Path, dataset: str, options: Options) -> Counter[str]:
    """Write the records of a file of mentions, or of a set of questions whose answers mark their cells (`fetaqa`)."""
    if dataset not in (MENTIONS, FETAQA):
        raise unknown_name("set of texts about rows", dataset, (MENTIONS, FETAQA))
    if dataset == MENTIONS:
        source = Source(read_lines(path), "sentences")
        return run_stage(Stage("records", {"dataset": dataset}, _of_line), source, options)
    examples = Source(read_questions(path, dataset), "answers")
    return run_stage(Stage("records", {"dataset": dataset}, _of_example), examples, options)


def facts_of(table: Table, cells: tuple[Cell, ...]) -> list[Triple]:
    """What the rows of these cells say of their names in these cells; nothing of a row without a name among them."""
    facts = []
    for _, row in groupby(sorted(set(cells)), key=lambda cell: cell.row):
        said = [cell for cell in row if table[cell].strip()]
        name = next((cell for cell in said if table.columns[cell.column].kind is Kind.TEXT), None)
        facts += [
            Triple(table[name], table.header[cell.column], table[cell])
            for cell in said
            if name is not None and table[cell] != table[name] and table.header[cell.column].strip()
        ]
    return facts


def _of_line(line: Line, rng: random.Random, counts: Counter[str]) -> Iterator[dict[str, Any]]:
    mention: Mention = read_mention(line)
    yield from _record(str(line.number), mention.table, mention.cells, mention.sentence, counts)


def _of_example(example: QAExample, rng: random.Random, counts: Counter[str]) -> Iterator[dict[str, Any]]:
    yield from _record(example.id, example.table, example.evidence, example.answer, counts)


def _record(
    id: str, table: Table, cells: tuple[Cell, ...], text: str, counts: Counter[str]
) -> Iterator[dict[str, Any]]:
    facts = facts_of(table, cells)
    if not text.strip():
        counts["no sentence"] += 1
    elif facts:
        yield {"id": id, "triples": facts, "texts": [text]}
    else:
        counts["no cell beside a name"] += 1
