"""The data sets of records and texts by name, and the counts that each split must have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from tabtext.errors import InputError, unknown_name
from tabtext.examples import TextExample


def read_examples(
    path: str | Path, dataset: str = "auto", split: str = "", on_error: str = "stop"
) -> Iterator[TextExample]:
    """The examples of a data set's folder (`dataset` one of `DATASETS`, `split` such as `dev`), or of a file of
    records with texts in a format of `tabtext.record_files` (`dataset` its name, or `auto`: by suffix), where with
    `on_error="skip"` a record that cannot be read is told on standard error and passed over."""
    from tabtext.record_files import READERS, read_records

    if dataset not in ("auto", *DATASETS, *READERS):
        raise unknown_name("data set", dataset, dict.fromkeys(("auto", *DATASETS, *READERS)))
    if Path(path).is_dir() and dataset not in DATASETS:
        raise InputError(f"{path}: a folder; say with --dataset which data set it holds: {', '.join(DATASETS)}.")
    if dataset == "auto" or (dataset in READERS and not Path(path).is_dir()):
        return (TextExample(record, texts, split) for record, texts in read_records(path, dataset, on_error))
    return DATASETS[dataset](Path(path), split or "train")


def _lazily(module: str) -> Callable[[Path, str], Iterator[TextExample]]:
    """The reader `read_<module>` of a module beside this one, imported when it is called."""

    def read(folder: Path, split: str) -> Iterator[TextExample]:
        reader = getattr(import_module(f"tabtext.corpora.{module}"), f"read_{module}")
        examples: Iterator[TextExample] = reader(folder, split)
        return examples

    return read


DATASETS = {name: _lazily(name) for name in ("e2e", "viggo", "rnnlg", "webnlg", "dart")}
