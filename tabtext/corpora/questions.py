"""The data sets of questions about tables by name, and how many questions their files must have."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tabtext.corpora.fetaqa import read_fetaqa
from tabtext.corpora.wikitablequestions import read_wikitablequestions
from tabtext.errors import unknown_name
from tabtext.examples import QAExample
from tabtext.jsonl import read_jsonl

log = logging.getLogger(__name__)


def read_questions(path: str | Path, dataset: str = "jsonl") -> Iterator[QAExample]:
    """The questions of a file of the data set (one of `QUESTION_SETS`); `jsonl` is our own form.

    A number of questions that no file of the data set has is reported at the end.
    """
    if dataset not in QUESTION_SETS:
        raise unknown_name("data set of questions", dataset, QUESTION_SETS)
    count = 0
    for example in QUESTION_SETS[dataset](path):
        yield example
        count += 1
    known = COUNTS.get(dataset, ())
    if known and count not in known:
        expected = " or ".join(f"{number:,}" for number in known)
        log.warning(f"{path}: {count:,} questions, where files of {dataset} have {expected}.")


def read_own_questions(path: str | Path) -> Iterator[QAExample]:
    """The questions of a JSON Lines file of ours."""
    return map(QAExample.from_json, read_jsonl(path))


QUESTION_SETS: Mapping[str, Callable[[str | Path], Iterator[QAExample]]] = {
    "jsonl": read_own_questions,
    "fetaqa": read_fetaqa,
    "wikitablequestions": read_wikitablequestions,
}
COUNTS: Mapping[str, tuple[int, ...]] = {
    "fetaqa": (7326, 1001, 2003),
    "wikitablequestions": (14152, 4344, 11321, 2831),
}
"""The questions of the files of each release: FeTaQA's train, dev and test; WikiTableQuestions' training, its test, and
the parts of its first random split."""
