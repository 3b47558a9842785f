"""What the readers of records and texts share: the file of a split, its groups, and the counts it must have."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tabtext.errors import InputError, unknown_name
from tabtext.examples import TextExample
from tabtext.record import Record

Counts = Mapping[str, tuple[tuple[int, int], ...]]
"""By split, the (records, texts) of its known versions."""


def grouped(rows: Iterable[tuple[str, str]], split: str, category: str = "") -> Iterator[TextExample]:
    """One example per distinct meaning representation of (representation, text) rows, in order of first appearance."""
    texts: dict[str, list[str]] = {}
    for mr, text in rows:
        texts.setdefault(mr, []).append(text)
    for number, (mr, its) in enumerate(texts.items(), 1):
        yield TextExample(Record.from_mr(mr, category=category, id=f"{split}-{number}"), tuple(its), split)


def counted(name: str, examples: Iterable[TextExample], split: str, known: Counts) -> Iterator[TextExample]:
    """The examples, and after the last a line on standard error where their counts are of no known version."""
    records = texts = 0
    for example in examples:
        records, texts = records + 1, texts + len(example.texts)
        yield example
    if split in known and (records, texts) not in known[split]:
        expected = " or ".join(f"{r:,} records with {t:,} texts" for r, t in known[split])
        print(f"{name} {split}: {records:,} records with {texts:,} texts, where {expected} are known", file=sys.stderr)


def split_file(folder: Path, split: str, files: Mapping[str, tuple[str, ...]]) -> Path:
    """The file of a split, under the first of its names that is there."""
    if split not in files:
        raise unknown_name("split", split, files)
    for name in files[split]:
        if (folder / name).is_file():
            return folder / name
    raise InputError(f"{folder}: no file of the split {split!r}; expected {' or '.join(files[split])}.")
