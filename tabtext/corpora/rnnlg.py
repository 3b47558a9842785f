"""RNNLG hotels, laptops and televisions (Wen et al., 2015, 2016): JSON below comment lines, one folder per domain."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tabtext.corpora.splits import counted, grouped, split_file
from tabtext.errors import InputError
from tabtext.examples import TextExample
from tabtext.json_text import parse_json
from tabtext.jsonl import read_text

COUNTS = {  # texts; dialogue acts recur
    "hotel": {"train": 3_223, "dev": 1_075, "test": 1_075},
    "laptop": {"train": 7_944, "dev": 2_649, "test": 2_649},
    "tv": {"train": 4_221, "dev": 1_407, "test": 1_407},
}
FILES = {"train": ("train.json",), "dev": ("valid.json",), "test": ("test.json",)}


def read_rnnlg(folder: str | Path, split: str) -> Iterator[TextExample]:
    """The dialogue acts of one domain's folder, or of all domains below it, with the texts that people wrote.

    Each item also holds the text of a hand-written generator, which is left out. Laptop train has 7,944 texts.
    """
    folder = Path(folder)
    domains = [folder] if folder.name in COUNTS else [folder / name for name in COUNTS if (folder / name).is_dir()]
    if not domains:
        raise InputError(f"{folder}: no folder of RNNLG; expected {', '.join(COUNTS)} in it.")
    for domain in domains:
        rows = list(_rows(split_file(domain, split, FILES)))
        known = {split: ((len({mr for mr, _ in rows}), COUNTS[domain.name][split]),)}
        yield from counted(f"RNNLG {domain.name}", grouped(rows, f"{domain.name}-{split}", domain.name), split, known)


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    lines = read_text(path).splitlines()
    for item in parse_json("\n".join("" if line.startswith("#") else line for line in lines), str(path)):
        yield item[0], item[1]
