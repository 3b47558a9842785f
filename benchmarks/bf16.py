"""A training step of T5 in bfloat16, as `tabtext.training` takes it where the hardware can, and in fp32."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from transformers import T5Config, T5ForConditionalGeneration

from benchmarks.steps import quickest, step
from tabtext.models import SIZES
from tabtext.training import bf16_is_fast

ROWS, SOURCE, TARGET = 8, 256, 32
"""Rows of a batch, and their tokens."""
SIZE, VOCABULARY = "mini", 6016


def measure() -> Iterator[str]:
    """Tokens per second of both and their ratio; the goal is 2."""
    if not bf16_is_fast():
        yield "this processor multiplies no faster in bfloat16, so that training uses fp32"
        return
    torch.manual_seed(0)
    settings: dict[str, Any] = {"vocab_size": VOCABULARY, "decoder_start_token_id": 0, **SIZES[SIZE]}
    model: Any = T5ForConditionalGeneration(T5Config(**settings))
    model.set_attn_implementation("eager")  # as training does on a CPU
    ids = torch.randint(3, VOCABULARY, (ROWS, SOURCE))
    batch = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    batch["labels"] = torch.randint(3, VOCABULARY, (ROWS, TARGET))

    def loss(bf16: bool) -> torch.Tensor:
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
            return model(**batch).loss

    seconds = quickest({"bf16": step(model, lambda: loss(True)), "fp32": step(model, lambda: loss(False))})
    tokens = ROWS * (SOURCE + TARGET)
    yield (
        f"bf16 {tokens / seconds['bf16']:,.0f} tokens/s, fp32 {tokens / seconds['fp32']:,.0f} tokens/s: "
        f"{seconds['fp32'] / seconds['bf16']:.2f} times as fast"
    )
