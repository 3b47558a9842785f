"""ViGGO, dialogue acts about video games (Juraska, Bowden and Walker, 2019): CSV with the columns mr and ref."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tabtext.corpora.e2e import mr_rows
from tabtext.corpora.splits import Counts, counted, grouped, split_file
from tabtext.examples import TextExample

COUNTS: Counts = {"train": ((1_675, 5_103),), "dev": ((238, 714),), "test": ((359, 1_083),)}
FILES = {
    "train": ("train.csv", "viggo-train.csv"),
    "dev": ("valid.csv", "viggo-valid.csv"),
    "test": ("test.csv", "viggo-test.csv"),
}


def read_viggo(folder: str | Path, split: str) -> Iterator[TextExample]:
    """The dialogue acts of a split with all their references; dev has 238 with 714."""
    rows = mr_rows(split_file(Path(folder), split, FILES))
    return counted("ViGGO", grouped(rows, split, "video game"), split, COUNTS)
