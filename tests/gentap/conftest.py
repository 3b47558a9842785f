"""A small corpus about lighthouses, as `gentap synthesize` would have made it."""

import json
from collections import Counter

import pytest

from tabtext import Table
from tabtext.jsonl import dumps
from tabtext.shards import ShardFolder
from tabtext.stages import ShardResult

TOWNS = ("Ostby", "Velmar", "Port Maren", "Hallam", "Sandrey", "Norvik")


def _table(number):
    rows = [[town, str(1800 + 7 * number + i)] for i, town in enumerate(TOWNS[: 3 + number % 4])]
    return Table.from_rows([["Town", "Built"], *rows], title="Lighthouses", id=f"t{number}")


def _write_corpus(folder, tables=8):
    made = [_table(number) for number in range(tables)]
    long = [
        {"question": f"When was the lighthouse of {row[0]} built?", "sentence": f"{row[0]} was built in {row[1]}.",
         "cells": [[i, 0], [i, 1]], "asked": [i, 1], "table": t.id}
        for t in made for i, row in enumerate(t.rows[:2])
    ]  # fmt: skip
    short = [
        {"question": f"Which town has built {row[1]}?", "answer": [row[0]], "evidence": [[i, 0]], "table": t.id}
        for t in made for i, row in enumerate(t.rows[:2])
    ]  # fmt: skip
    for step, records in {"tables": [t.to_json() for t in made], "long": long, "short": short}.items():
        lines = "".join(dumps(record) + "\n" for record in records).encode()
        ShardFolder(folder / step).write("00000", ShardResult(lines, Counter(out=len(records)), []))
    manifest = {"long": len(long), "short": len(short), "run": {"pages": "pages 10 3"}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


@pytest.fixture(scope="session")
def lighthouses():
    """The table of this number."""
    return _table


@pytest.fixture(scope="session")
def write_corpus():
    """Write a finished corpus of some tables into a folder, and return it."""
    return _write_corpus
