"""Training with `tabtext.training` and with transformers' Trainer as it comes: the same T5, examples and batch size.

Trainer runs in fp32, once with batches in random order and once with batches of like length.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from transformers import PrinterCallback, T5Config, T5ForConditionalGeneration, Trainer, TrainingArguments

from tabtext.batches import Collator
from tabtext.models import SIZES, Seq2Seq
from tabtext.tokenizers import train_tokenizer
from tabtext.training import arguments, train
from tabtext.training_settings import LEARNING_RATE

EXAMPLES, BATCH = 320, 16
SOURCE, TARGET = (3.7, 0.9), (2.5, 0.5)
"""Mean and deviation of the logarithm of lengths in tokens: 60 and 14 on average, a few of hundreds."""
LONGEST = 512
SIZE, VOCABULARY = "mini", 6016


def measure() -> Iterator[str]:
    """Tokens (padding not counted) per second of processor time; the goals are 2.5 and 1.5 times Trainer's."""
    examples = list(_examples(random.Random(0)))
    tokens = sum(len(example["input_ids"]) + len(example["labels"]) for example in examples)
    _ours(examples[: 4 * BATCH])
    ours = tokens / _timed(_ours, examples)
    for order, strategy in {"random order": "random", "grouped by length": "group_by_length"}.items():
        plain = tokens / _timed(_plain, examples, strategy)
        yield (
            f"ours {ours:,.0f} tokens/s, Trainer in fp32 and {order} {plain:,.0f} tokens/s: "
            f"{ours / plain:.2f} times as fast ({tokens:,} tokens in {EXAMPLES} examples)"
        )


def _examples(rng: random.Random) -> Iterator[dict[str, list[int]]]:
    def ids(course: tuple[float, float]) -> list[int]:
        length = min(LONGEST, max(4, int(rng.lognormvariate(*course))))
        return [rng.randrange(100, VOCABULARY) for _ in range(length)]

    for _ in range(EXAMPLES):
        yield {"input_ids": ids(SOURCE), "labels": ids(TARGET)}


def _model() -> Any:
    torch.manual_seed(0)
    settings: dict[str, Any] = {"vocab_size": VOCABULARY, "decoder_start_token_id": 0, **SIZES[SIZE]}
    return T5ForConditionalGeneration(T5Config(**settings))


def _timed(run: Callable[..., None], *given: Any) -> float:
    start = time.process_time()
    run(*given)
    return time.process_time() - start


def _ours(examples: list[dict[str, list[int]]]) -> None:
    seq2seq = Seq2Seq(_model(), train_tokenizer(["a text"], size=300))
    with TemporaryDirectory() as folder, redirect_stderr(StringIO()):
        train(
            seq2seq,
            examples,
            arguments(Path(folder), learning_rate=LEARNING_RATE, per_device_train_batch_size=BATCH, save_strategy="no"),
        )


def _plain(examples: list[dict[str, list[int]]], strategy: str) -> None:
    model = _model()
    with TemporaryDirectory() as folder, redirect_stderr(StringIO()):
        settings = TrainingArguments(
            folder, per_device_train_batch_size=BATCH, num_train_epochs=1, save_strategy="no", disable_tqdm=True,
            logging_strategy="no", train_sampling_strategy=strategy, use_cpu=not torch.accelerator.is_available(),
        )  # fmt: skip
        trainer = Trainer(model, settings, data_collator=Collator(model, 0), train_dataset=examples)
        trainer.remove_callback(PrinterCallback)
        trainer.train()
