"""Matching on FeTaQA, where every answer is a sentence about its table: how often two cells of a row are found.

`python -m benchmarks matching FETAQA.jsonl`
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

from tabtext.corpora.fetaqa import read_fetaqa
from tabtext.errors import InputError
from tabtext.matching import TableMatcher


def measure(*paths: str) -> Iterator[str]:
    """The share of answers matched to two cells of one row, and of those rows the share that is highlighted."""
    if not paths:
        yield "needs data; run: python -m benchmarks matching FETAQA.jsonl"
    for path in paths:
        yield _measure(path)


def _measure(path: str) -> str:
    counts: Counter[str] = Counter()
    begin = time.process_time()
    for example in read_fetaqa(path):
        counts["answers"] += 1
        best = TableMatcher(example.table).best_row(example.answer)
        if best is not None and len(best.matches) > 1:
            counts["matched"] += 1
            counts["highlighted"] += best.row in {row for row, _ in example.table.highlighted}
    seconds = time.process_time() - begin
    if not counts["matched"]:
        raise InputError(f"{path}: no answer names two cells of a row; is it a FeTaQA file with tables?")
    return (
        f"{path}: {counts['matched'] / counts['answers']:.1%} of {counts['answers']:,} answers name two cells of a row "
        f"(of these rows {counts['highlighted'] / counts['matched']:.1%} are highlighted), "
        f"{counts['answers'] / seconds:,.0f} answers/s"
    )
