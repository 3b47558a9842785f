"""A training step of the dual-decoder T5, and of a plain T5 with one decoder, on the same tokens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from transformers import T5Config, T5ForConditionalGeneration

from benchmarks.steps import quickest, step
from gentap.model import CELL, SENTENCE, DualDecoderT5
from tabtext.models import SIZES

ROWS, SOURCE, TARGET = 16, 256, 32
"""Rows of a batch, half of them of each kind, and their tokens."""
SIZE, VOCABULARY = "mini", 6016


def measure() -> Iterator[str]:
    """Tokens per second of both and what the dual step costs in terms of the plain one; the goal is at most 1.10."""
    torch.manual_seed(0)
    settings: dict[str, Any] = {"vocab_size": VOCABULARY, "decoder_start_token_id": 0, **SIZES[SIZE]}
    plain = T5ForConditionalGeneration(T5Config(**settings))
    dual = DualDecoderT5.from_t5(plain)
    ids = torch.randint(3, VOCABULARY, (ROWS, SOURCE))
    batch = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    batch["labels"] = torch.randint(3, VOCABULARY, (ROWS, TARGET))
    kinds = torch.tensor([SENTENCE, CELL] * (ROWS // 2))
    steps = {
        "plain": step(plain, lambda: plain(**batch).loss),
        "dual": step(dual, lambda: dual(**batch, decoder_kinds=kinds).loss),
    }
    seconds = quickest(steps)
    tokens = ROWS * (SOURCE + TARGET)
    yield (
        f"dual decoder {tokens / seconds['dual']:,.0f} tokens/s, plain T5 {tokens / seconds['plain']:,.0f} tokens/s: "
        f"a step costs {seconds['dual'] / seconds['plain']:.2f} times as much"
    )
