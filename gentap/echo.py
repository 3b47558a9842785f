"""An encoder that is told what the question says of the table: which tokens, which columns' names, how far each row.

A small model made from scratch would have to find out that the cell asked for stands under a name that the question
says, in a row that shares rare tokens with it. Here every token of the input gets an embedding of three facts beside
its own: whether the question holds it, how much of its cell's name the question says, and how warm its row is, the
warmth being the sum over the row's tokens that the question holds of the logarithm of rows per row with that token.
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

UNNAMED, PARTLY, NAMED = range(3)
"""The question says nothing of the name of the token's cell; some of it; all of it."""

NAMES, WARMTHS = NAMED + 1, WARMEST + 1


class EchoStack(T5Stack):
    """A T5 encoder with an embedding for echoes; `table_ids` are in the order of `tabtext.linearize.STRUCTURE`."""

    def __init__(self, config: T5Config, table_ids: Sequence[int]) -> None:
        super().__init__(config)
        self.table_ids = tuple(table_ids)
        self.echo = nn.Embedding(2 * NAMES * WARMTHS, config.d_model)

    def forward(
        self, input_ids: Any = None, attention_mask: Any = None, inputs_embeds: Any = None, **kwargs: Any
    ) -> BaseModelOutput:
        """As a T5's; what comes as `inputs_embeds` has no echoes."""
        if inputs_embeds is None:
            inputs_embeds = self.embed_tokens(input_ids) + self.echo(echoes(input_ids, self.table_ids))
        return super().forward(inputs_embeds=inputs_embeds, attention_mask=attention_mask, **kwargs)


def echoes(ids: torch.Tensor, table_ids: Sequence[int]) -> torch.Tensor:
    """The number (warmth, name, asked) of each id [rows, tokens], asked being its last digit.

    The question is what comes before the first structure token of the table.
    """
    _, _, row, cell, value = table_ids
    structure = torch.isin(ids, ids.new_tensor(table_ids))
    in_table = structure.cumsum(1) > 0
    same = ids[:, :, None] == ids[:, None, :]
    asked = (same & ~in_table[:, None, :]).any(2) & in_table & ~structure
    cells = ((ids == row) | (ids == cell)).cumsum(1)
    in_name = (cells > (ids == value).cumsum(1)) & ~structure
    warmth = _warmth(same, asked, (ids == row).cumsum(1))
    return (warmth * NAMES + _named(asked, in_name, cells)) * 2 + asked.long()


def _named(asked: torch.Tensor, in_name: torch.Tensor, cells: torch.Tensor) -> torch.Tensor:
    """How much of the name of each token's cell is asked about; UNNAMED in tables whose cells bring no names."""
    said, whole = (_sums(part.float(), cells) for part in (asked & in_name, in_name))
    has_values = ~in_name[:, -1:]
    return ((said > 0).long() + ((said > 0) & (said == whole)).long()) * has_values


def _warmth(same: torch.Tensor, asked: torch.Tensor, row: torch.Tensor) -> torch.Tensor:
    """The grade of each token's `row` [rows, tokens], 0 in front of the first; `same` [rows, tokens, tokens]."""
    in_row = same & (row[:, :, None] == row[:, None, :])
    first = ~in_row.tril(-1).any(2) & (row > 0)  # of its kind in its row
    having = (same & first[:, None, :]).sum(2)  # rows that have this token
    rows = row.amax(1, keepdim=True)
    heat = _sums((rows / having.clamp(min=1)).log() * (asked & first), row)
    most = heat.amax(1, keepdim=True)
    grade = COOL + (heat >= most / 2).long() + (heat >= most).long()
    return torch.where(heat > 0, grade, COLD)


def _sums(values: torch.Tensor, group: torch.Tensor) -> torch.Tensor:
    """For each place [rows, tokens] the sum of the values of its group."""
    return torch.zeros_like(values).scatter_add_(1, group, values).gather(1, group)
