"""Rows of unequal length made into batches with little padding, for training and for generation."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from torch import Tensor

Features = Mapping[str, Sequence[int]]
"""One input: `input_ids` and whatever else the model takes per token, all of one length; for training `labels` too."""

IGNORED = -100
"""The label of a position that no loss is computed for."""


PAD_MULTIPLE = 8
"""What the lengths of training batches are rounded up to. Every shape costs the CPU's kernels time and memory once: one
run over batches of any length held 5.6 GB where 1.2 would do."""


def length_batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """The indices 0 … n-1 from the longest to the shortest, in batches of at most `budget` padded tokens.

    A batch holds at least one. Long ones come first, so that too little memory shows at once.
    """
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > budget:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def pad_features(
    rows: Sequence[Features],
    pad_token_id: int,
    *,
    left: bool = False,
    device: str | torch.device = "cpu",
    multiple: int = 1,
) -> dict[str, torch.Tensor]:
    """Rows as one padded batch: every feature [rows, longest], and `attention_mask`, 1 where there is a token.

    The longest is rounded up to a `multiple`.
    """
    import torch

    longest = -(-max(len(row["input_ids"]) for row in rows) // multiple) * multiple

    def padded(values: Sequence[int], filler: int) -> list[int]:
        padding = [filler] * (longest - len(values))
        return [*padding, *values] if left else [*values, *padding]

    batch = {
        name: torch.tensor([padded(row[name], pad_token_id) for row in rows], device=device) for name in rows[0]
    }  # fmt: skip
    mask = [padded([1] * len(row["input_ids"]), 0) for row in rows]
    return {**batch, "attention_mask": torch.tensor(mask, device=device)}


class Collator:
    """Examples to a padded batch; labels are padded with `IGNORED` and shifted into the decoder's inputs.

    The first `given` labels of an example are read by the decoder and not learnt. `rows`, the examples' numbers, is for
    messages and never reaches the model.
    """

    def __init__(self, model: Any, pad_token_id: int) -> None:
        self.model, self.pad_token_id = model, pad_token_id

    def length(self, example: Mapping[str, Any]) -> int:
        """What an example takes, in tokens: those of like length come into one batch."""
        return len(example["input_ids"]) + len(example["labels"])

    def __call__(self, examples: Sequence[Mapping[str, Any]]) -> dict[str, Tensor]:
        """`input_ids`, `attention_mask` [rows, source], `decoder_input_ids`, `labels` [rows, target]."""
        import torch

        inputs = [{k: v for k, v in example.items() if k not in ("labels", "given", "row")} for example in examples]
        targets = [{"input_ids": example["labels"]} for example in examples]
        batch = pad_features(inputs, self.pad_token_id, multiple=PAD_MULTIPLE)
        labels = pad_features(targets, IGNORED, multiple=PAD_MULTIPLE)["input_ids"]
        batch["labels"] = labels
        if self.model.config.is_encoder_decoder:
            batch["decoder_input_ids"] = self.model.prepare_decoder_input_ids_from_labels(labels=labels)
        for row, example in enumerate(examples):
            labels[row, : example.get("given", 0)] = IGNORED
        if "row" in examples[0]:
            batch["rows"] = torch.tensor([example["row"] for example in examples])
        return batch


class LengthBatches:
    """Batches of examples of like length, in an order that depends on seed and epoch alone.

    Each epoch is shuffled, cut into stretches of `stretch` batches, each stretch sorted by length and its batches
    shuffled; a last smaller batch comes last. transformers' own `group_by_length` draws from the global random state,
    so that a run resumed in its second epoch sees other batches than the unbroken one.
    """

    def __init__(self, lengths: Sequence[int], batch_size: int, seed: int, stretch: int = 50) -> None:
        self.lengths, self.batch_size, self.seed, self.stretch = lengths, batch_size, seed, stretch
        self.drop_last = False
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Choose the order; the Trainer calls it."""
        self.epoch = epoch

    def __len__(self) -> int:
        return -(-len(self.lengths) // self.batch_size)

    def __iter__(self) -> Iterator[list[int]]:
        rng = random.Random(f"{self.seed}/{self.epoch}")
        order = rng.sample(range(len(self.lengths)), len(self.lengths))
        whole = len(order) // self.batch_size * self.batch_size
        for first in range(0, whole, self.batch_size * self.stretch):
            chosen = order[first : min(whole, first + self.batch_size * self.stretch)]
            chosen.sort(key=lambda i: self.lengths[i])
            batches = [chosen[i : i + self.batch_size] for i in range(0, len(chosen), self.batch_size)]
            yield from rng.sample(batches, len(batches))
        if whole < len(order):
            yield order[whole:]
