"""The data sets of records and texts by name, and the counts that each split must have."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path

from tabtext.errors import InputError, unknown_name
from tabtext.examples import TextExample
from tabtext.record import Record

Counts = Mapping[str, tuple[tuple[int, int], ...]]
"""By split, the (records, texts) of its known versions."""


def read_examples(path: str | Path, dataset: str = "auto", split: str = "") -> Iterator[TextExample]:
    """The examples of a data set's folder (`dataset` one of `DATASETS`, `split` such as `dev`), or of a file of
    records with texts in a format of `tabtext.record_files` (`dataset` its name, or `auto`: by suffix)."""
    from tabtext.record_files import READERS, read_records

    if dataset not in ("auto", *DATASETS, *READERS):
        raise unknown_name("data set", dataset, dict.fromkeys(("auto", *DATASETS, *READERS)))
    if Path(path).is_dir() and dataset not in DATASETS:
        raise InputError(f"{path}: a folder; say with --dataset which data set it holds: {', '.join(DATASETS)}.")
    if dataset == "auto" or (dataset in READERS and not Path(path).is_dir()):
        return (TextExample(record, texts, split) for record, texts in read_records(path, dataset))
    return DATASETS[dataset](Path(path), split or "train")


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


def _lazily(module: str) -> Callable[[Path, str], Iterator[TextExample]]:
    """The reader `read_<module>` of a module beside this one, imported when it is called."""

    def read(folder: Path, split: str) -> Iterator[TextExample]:
        reader = getattr(import_module(f"tabtext.corpora.{module}"), f"read_{module}")
        examples: Iterator[TextExample] = reader(folder, split)
        return examples

    return read


DATASETS = {name: _lazily(name) for name in ("e2e", "viggo", "rnnlg", "webnlg", "dart")}
