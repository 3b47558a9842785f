"""Questions about tables as the batches a dual-decoder model trains on, long and short ones in equal numbers.

The item of the data set is a `Bundle`: a long and a short example of like length. A batch of bundles is then balanced
however it is drawn, split over processes or accumulated.
"""

from __future__ import annotations

import random
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from gentap.encode import TableEncoder
from tabtext.batches import IGNORED, PAD_MULTIPLE, Collator, pad_features
from tabtext.errors import InputError
from tabtext.examples import QAExample

if TYPE_CHECKING:
    from torch import Tensor

MAX_ANSWER = 128
"""Tokens of an answer, end included; what a longer one says beyond is not learnt."""


class Row(TypedDict):
    """One example as ids, and the decoder that it trains (`gentap.model.SENTENCE` or `CELL`)."""

    input_ids: array[int]
    labels: array[int]
    kind: int


class Bundle(TypedDict):
    """Rows that always come into the same batch."""

    rows: tuple[Row, ...]


def encode_rows(encoder: TableEncoder, examples: Iterable[QAExample], kind: int, counts: Counter[str]) -> Iterator[Row]:
    """The examples as ids; rows and columns with evidence are the last to go where a table is too large.

    `counts` learns how many came in, and why examples were dropped.
    """
    for example in examples:
        counts["in"] += 1
        if not example.answer.strip() or not example.question.strip():
            counts["no question or no answer"] += 1
            continue
        try:
            source = encoder.source(example.question, example.table, keep=example.evidence)
        except InputError:
            counts["does not fit the model's input"] += 1
            continue
        counts["out"] += 1
        yield Row(
            input_ids=array("i", source.ids), labels=array("i", encoder.target(example.answer, MAX_ANSWER)), kind=kind
        )


def bundles(forms: Sequence[Sequence[Row]], seed: int) -> list[Bundle]:
    """One row of each form per bundle, rows of like length together; where forms differ in size the smaller repeat."""
    if not all(forms):
        return []
    size = max(map(len, forms))
    rng = random.Random(f"{seed}/bundles")
    filled = [[*list(form) * (size // len(form)), *rng.sample(list(form), size % len(form))] for form in forms]
    ordered = [sorted(form, key=row_length) for form in filled]
    return [Bundle(rows=rows) for rows in zip(*ordered, strict=True)]


def row_length(row: Row) -> int:
    """The tokens that a row takes, source and target."""
    return len(row["input_ids"]) + len(row["labels"])


class BundleCollator(Collator):
    """Bundles to a padded batch of their rows, each with its decoder."""

    def length(self, example: Mapping[str, Any]) -> int:
        """The length of the longest row."""
        return max(map(row_length, example["rows"]))

    def __call__(self, examples: Sequence[Mapping[str, Any]]) -> dict[str, Tensor]:
        """`input_ids`, `attention_mask` [rows, source], `labels` [rows, target], `decoder_kinds` [rows]."""
        import torch

        rows: list[Row] = [row for example in examples for row in example["rows"]]
        batch = pad_features(
            [{"input_ids": row["input_ids"]} for row in rows], self.pad_token_id, multiple=PAD_MULTIPLE
        )
        batch["labels"] = pad_features([{"input_ids": row["labels"]} for row in rows], IGNORED)["input_ids"]
        batch["decoder_kinds"] = torch.tensor([row["kind"] for row in rows])
        if "row" in examples[0]:
            batch["rows"] = torch.tensor([example["row"] for example in examples])
        return batch
