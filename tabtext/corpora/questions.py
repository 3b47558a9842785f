"""The data sets of questions about tables by name, and how many questions their files must have."""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from tabtext.corpora.fetaqa import read_fetaqa, read_fetaqa_cells
from tabtext.corpora.qtsumm import read_qtsumm
from tabtext.corpora.reading_rows import read_reading_rows
from tabtext.corpora.wikitablequestions import read_wikitablequestions
from tabtext.errors import InputError, unknown_name
from tabtext.examples import QAExample
from tabtext.jsonl import display_name, open_input, read_lines
from tabtext.readers import read_table
from tabtext.readers.decoding import decode
from tabtext.table import Table

log = logging.getLogger(__name__)


def read_questions(path: str | Path, dataset: str = "jsonl") -> Iterator[QAExample]:
    """The questions of a file of the data set (one of `QUESTION_SETS`); `jsonl` is our own form.

    A number of questions that no file of the data set has is reported at the end.
    """
    if dataset not in QUESTION_SETS:
        raise unknown_name("data set of questions", dataset, QUESTION_SETS)
    count = 0
    for count, example in enumerate(QUESTION_SETS[dataset](path), 1):
        if not (isinstance(example.question, str) and isinstance(example.answer, str)):
            raise InputError(f"{path}, question {count}: question and answer must be texts.")
        yield example
    known = COUNTS.get(dataset, ())
    if known and count not in known:
        expected = " or ".join(f"{number:,}" for number in known)
        log.warning(f"{path}: {count:,} questions, where files of {dataset} have {expected}.")


def read_own_questions(path: str | Path) -> Iterator[QAExample]:
    """The questions of a file of one's own: JSON Lines, or CSV with the columns question, answer, table.

    `table` is a table in our form or the path of a table file, counted from where the file of questions is.
    """
    records = _csv_records(path) if str(path).endswith(".csv") else _jsonl_records(path)
    for place, fields in records:
        table = fields.get("table")
        try:
            if isinstance(table, str):
                fields = {**fields, "table": beside(path, table).to_json()}
            yield QAExample.from_json(fields)
        except InputError as error:
            raise InputError(f"{place}: {error}") from None


def _jsonl_records(path: str | Path) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((f"{line.name}, line {line.number}", line.json()) for line in read_lines(path))


def _csv_records(path: str | Path) -> Iterator[tuple[str, dict[str, Any]]]:
    name = display_name(path)
    with open_input(path) as file:
        text = decode(file.read(), name, None)
    rows: Iterable[dict[str, Any]] = csv.DictReader(io.StringIO(text, newline=""), restkey="", strict=True)
    number = 1
    try:
        for number, row in enumerate(rows, 2):
            if isinstance(row.get(""), list):
                raise InputError(f"{name}, row {number}: more cells than columns; put a text with commas in quotes.")
            yield f"{name}, row {number}", {key: value for key, value in row.items() if key and value is not None}
    except csv.Error as error:
        raise InputError(f"{name}, after row {number}: not valid CSV ({error}).") from None


@lru_cache(maxsize=64)
def beside(questions: str | Path, table: str) -> Table:
    """The table in the file that a file of questions names, counted from where that file is."""
    return read_table(Path(questions).parent / table)


QUESTION_SETS: Mapping[str, Callable[[str | Path], Iterator[QAExample]]] = {
    "jsonl": read_own_questions,
    "fetaqa": read_fetaqa,
    "fetaqa-cells": read_fetaqa_cells,
    "qtsumm": read_qtsumm,
    "squad": read_reading_rows,
    "wikitablequestions": read_wikitablequestions,
}
SHORT_ANSWERS = frozenset({"squad", "wikitablequestions"})
"""The data sets whose answers are cells or lists of them; sentences are the others'."""

COUNTS: Mapping[str, tuple[int, ...]] = {
    "fetaqa": (7326, 1001, 2003),
    "fetaqa-cells": (7325,),
    "qtsumm": (4981, 1052),
    "wikitablequestions": (14152, 4344, 11321, 2831),
}
"""The questions of the files of each release: FeTaQA's train, dev and test, and its train without tables; QTSumm's
train and dev; WikiTableQuestions' training, its test, and the parts of its first random split."""
