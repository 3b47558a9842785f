"""E2E restaurant descriptions, cleaned (Dušek, Howcroft and Rieser, 2019): CSV with the columns mr and ref."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tabtext.corpora.splits import Counts, counted, grouped, split_file
from tabtext.csv_text import csv_rows
from tabtext.examples import TextExample

COUNTS: Counts = {"train": ((12_549, 33_568),), "dev": ((1_484, 4_299),), "test": ((1_847, 4_693),)}
FILES = {
    "train": ("train.csv", "train-fixed.no-ol.csv"),
    "dev": ("dev.csv", "devel-fixed.no-ol.csv"),
    "test": ("test.csv", "test-fixed.csv"),
}


def read_e2e(folder: str | Path, split: str) -> Iterator[TextExample]:
    """The meaning representations of a split with all their references; dev has 1,484 with 4,299."""
    rows = mr_rows(split_file(Path(folder), split, FILES))
    return counted("E2E", grouped(rows, split, "restaurant"), split, COUNTS)


def mr_rows(path: Path) -> Iterator[tuple[str, str]]:
    """The (mr, ref) of a CSV file that has these columns."""
    return ((row["mr"], row["ref"]) for row in csv_rows(path, ("mr", "ref")))
