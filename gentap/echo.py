"""An encoder that is told what the question says of the table: which tokens, and how far each row.

A small model made from scratch would have to find out that a row which shares rare tokens with the question is the one
asked about. Here every token of the input gets an embedding of two facts beside its own: whether the question holds
that token, and how warm its row is, the warmth being the sum over the row's tokens that the question holds of the
logarithm of rows per row with that token.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from transformers import T5Config
from transformers.modeling_outputs import BaseModelOutput
from transformers.models.t5.modeling_t5 import T5Stack

COLD, COOL, WARM, WARMEST = range(4)
"""No row, or one without warmth; less than half as warm as the warmest row; at least half; as warm as any."""


class EchoStack(T5Stack):
    """A T5 encoder with an embedding for echoes; `table_ids` are a table's structure tokens, `row_id` is `<row>`."""

    def __init__(self, config: T5Config, table_ids: Sequence[int], row_id: int) -> None:
        super().__init__(config)
        self.table_ids, self.row_id = tuple(table_ids), row_id
        self.echo = nn.Embedding(2 * (WARMEST + 1), config.d_model)

    def forward(
        self, input_ids: Any = None, attention_mask: Any = None, inputs_embeds: Any = None, **kwargs: Any
    ) -> BaseModelOutput:
        """As a T5's; what comes as `inputs_embeds` has no echoes."""
        if inputs_embeds is None:
            inputs_embeds = self.embed_tokens(input_ids) + self.echo(echoes(input_ids, self.table_ids, self.row_id))
        return super().forward(inputs_embeds=inputs_embeds, attention_mask=attention_mask, **kwargs)


def echoes(ids: torch.Tensor, table_ids: Sequence[int], row_id: int) -> torch.Tensor:
    """For each id [rows, tokens] of inputs twice the warmth of its table row, and one more if the question holds it.

    The question is what comes before the first structure token of the table.
    """
    structure = torch.isin(ids, ids.new_tensor(table_ids))
    in_table = structure.cumsum(1) > 0
    row = (ids == row_id).cumsum(1)  # 0 in front of the first row
    same = ids[:, :, None] == ids[:, None, :]
    asked = (same & ~in_table[:, None, :]).any(2) & in_table & ~structure
    in_row = same & (row[:, :, None] == row[:, None, :])
    first = ~in_row.tril(-1).any(2) & (row > 0)  # of its kind in its row
    having = (same & first[:, None, :]).sum(2)  # rows that have this token
    rows = row.amax(1, keepdim=True)
    worth = (rows / having.clamp(min=1)).log() * (asked & first)
    heat = torch.zeros_like(worth).scatter_add_(1, row, worth).gather(1, row)
    return 2 * _warmth(heat) + asked.long()


def _warmth(heat: torch.Tensor) -> torch.Tensor:
    """The heat [rows, tokens] of every token's row as one of four grades."""
    most = heat.amax(1, keepdim=True)
    grade = COOL + (heat >= most / 2).long() + (heat >= most).long()
    return torch.where(heat > 0, grade, COLD)
