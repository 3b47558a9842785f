"""DART, triples drawn from tables, questions and dialogue acts (Nan et al., 2021): JSON, one file per split."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tabtext.corpora.splits import Counts, counted, split_file
from tabtext.examples import TextExample
from tabtext.jsonl import read_json
from tabtext.record import Record

COUNTS: Counts = {"train": ((30_526, 62_659),), "dev": ((2_768, 6_980),), "test": ((5_097, 12_552),)}
FILES = {split: (f"dart-v1.1.1-full-{split}.json", f"v1.1.1/dart-v1.1.1-full-{split}.json") for split in COUNTS}


def read_dart(folder: str | Path, split: str) -> Iterator[TextExample]:
    """The triple sets of a split with their texts; dev has 2,768 with 6,980.

    The category is the source of the first text.
    """
    path = split_file(Path(folder), split, FILES)
    numbered = enumerate(read_json(path), 1)
    return counted("DART", (_example(item, split, number) for number, item in numbered), split, COUNTS)


def _example(item: dict, split: str, number: int) -> TextExample:
    texts = tuple(" ".join(annotation["text"].split()) for annotation in item["annotations"])
    category = item["annotations"][0]["source"] if item["annotations"] else ""
    return TextExample(Record.from_triples(item["tripleset"], category=category, id=f"{split}-{number}"), texts, split)
