"""An encoder that is told where in the table each token stands, and what the question says of that place.

A small model made from scratch would have to find out that the cell asked for stands under a name that the question
says, in a row that shares rare tokens with it, or in the row above that one. Here every token of the input gets,
beside its own embedding, those of its places (as TAPAS has them): its row, its column, its cell's order mark, and its
row's in the column that the question seems to order by. And it gets one for its echoes: whether the question holds
it, how much of its cell and of its column's name the question says, how warm its row is and whether a neighbour is
the warmest. The warmth of a row is the sum, over the question's tokens that it has, of the logarithm of rows per row
with that token. Tokens count as the same whatever their letter case.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any, NamedTuple, cast

import torch
from torch import nn
from transformers import T5Config
from transformers.modeling_outputs import BaseModelOutput
from transformers.models.t5.modeling_t5 import T5Stack

COLD, COOL, WARM, WARMEST = range(4)
"""No row, or one without warmth; less than half as warm as the warmest row; at least half; as warm as any."""

UNSAID, PARTLY, WHOLLY = range(3)
"""The question says nothing of a cell, or of a name; some of it; all of it."""

ALONE, ABOVE, BELOW, BETWEEN = range(4)
"""No neighbour of the row is a warmest one; the row below is; the row above is; both are."""

PLACES = 32
"""Rows and columns with an embedding of their own; those beyond share the last one's."""

_MARKS = 5
"""Structure tokens in front of those for orders."""

_GRADES = (WARMEST + 1, BETWEEN + 1, WHOLLY + 1, WHOLLY + 1, 2)
"""How many there are of warmth, nearness, what is said of the name and of the cell, and whether the token is asked."""

_ECHOES = prod(_GRADES)


class EchoStack(T5Stack):
    """A T5 encoder with embeddings for places and echoes.

    `table_ids` are the ids of `tabtext.linearize.STRUCTURE`, in that order, and then those of `ORDERS`, if the model
    reads these. `folded` [vocabulary] holds for every id the one that it counts as.
    """

    folded: torch.Tensor

    def __init__(self, config: T5Config, table_ids: Sequence[int]) -> None:
        super().__init__(config)
        self.table_ids = tuple(table_ids)
        self.echo = nn.Embedding(_ECHOES, config.d_model)
        orders = len(self.table_ids) - _MARKS + 1
        self.place = nn.ModuleList(nn.Embedding(size, config.d_model) for size in (PLACES, PLACES, orders, orders))
        self.register_buffer("folded", torch.arange(config.vocab_size))

    def forward(
        self, input_ids: Any = None, attention_mask: Any = None, inputs_embeds: Any = None, **kwargs: Any
    ) -> BaseModelOutput:
        """As a T5's; what comes as `inputs_embeds` has no places and no echoes."""
        if inputs_embeds is None:
            seen = look(input_ids, self.folded[input_ids], self.table_ids)
            inputs_embeds = self.embed_tokens(input_ids) + self.echo(seen.echo)
            for weight, place in zip(self.place.parameters(), seen[1:], strict=True):
                inputs_embeds = inputs_embeds + nn.functional.embedding(place.clamp(max=len(weight) - 1), weight)
        return super().forward(inputs_embeds=inputs_embeds, attention_mask=attention_mask, **kwargs)

    def set_input_embeddings(self, new_embeddings: nn.Module) -> None:
        """As a T5's; tokens that were added count as themselves."""
        super().set_input_embeddings(new_embeddings)
        number = len(cast("nn.Embedding", new_embeddings).weight)
        more = torch.arange(min(number, len(self.folded)), number, device=self.folded.device)
        self.folded = torch.cat((self.folded, more))[:number]

    def start(self, folded: torch.Tensor, spread: float) -> None:
        """Fresh embeddings of this standard deviation, and what the first of the ids count as."""
        for embedding in (self.echo, *self.place):
            nn.init.normal_(embedding.weight, std=spread)
        self.folded[: len(folded)] = folded


class Seen(NamedTuple):
    """What `look` finds, all [rows, tokens]: the number of the echo (warmth, near, name, cell, asked), row and column
    from 1, and order marks from 1: the cell's, and its row's in the column that the question orders by; each 0 where
    there is none."""

    echo: torch.Tensor
    row: torch.Tensor
    column: torch.Tensor
    order: torch.Tensor
    row_order: torch.Tensor


def look(ids: torch.Tensor, folded: torch.Tensor, table_ids: Sequence[int]) -> Seen:
    """Places and echoes of the tokens `ids` [rows, tokens]; `folded`, of the same shape, says which are the same.

    The question is what comes before the first structure token of the table.
    """
    _, header, row, cell, value = table_ids[:_MARKS]
    structure = torch.isin(ids, ids.new_tensor(table_ids))
    in_table = structure.cumsum(1) > 0
    starts = (ids == row) | (ids == header)
    cells = (starts | (ids == cell)).cumsum(1)
    column = cells - torch.where(starts, cells - 1, 0).cummax(1).values
    rows = (ids == row).cumsum(1)
    match = _matches(folded, ~in_table, in_table & ~structure)
    asked = match.any(1)
    said = _share_said(asked, in_table & ~structure, cells + (ids == value).cumsum(1))
    in_name = _in_names(ids, structure, cells, column, value)
    name = _share_said(asked, in_name, torch.where(_is_keyed(ids, value), cells, column)) * (cells > 0)
    warmth, near = _warmth(match & _first(folded, match.shape[1])[:, :, None], rows)
    order = torch.zeros_like(ids)
    for number, mark in enumerate(table_ids[_MARKS:], 1):
        order = order.masked_fill(ids == mark, number)
    echo = torch.zeros_like(ids)
    for size, grade in zip(_GRADES, (warmth, near, name, said, asked.long()), strict=True):
        echo = echo * size + grade
    order = _sums(order, cells) * (rows > 0)
    return Seen(echo, rows, column, order, _row_orders(match, name * in_name, order, rows, column))


def _matches(folded: torch.Tensor, in_question: torch.Tensor, in_text: torch.Tensor) -> torch.Tensor:
    """[rows, question, tokens]: which token of the question is said where in the table."""
    length = max(1, int(in_question.sum(1).max()))
    same = folded[:, :length, None] == folded[:, None, :]
    return same & in_question[:, :length, None] & in_text[:, None, :]


def _first(folded: torch.Tensor, length: int) -> torch.Tensor:
    """[rows, question]: whether a token of the question is none that was said before in it."""
    question = folded[:, :length]
    return ~(question[:, :, None] == question[:, None, :]).tril(-1).any(2)


def _share_said(asked: torch.Tensor, text: torch.Tensor, group: torch.Tensor) -> torch.Tensor:
    """For each token how much of the `text` of its group the question says: UNSAID, PARTLY or WHOLLY."""
    said, whole = (_sums(part.long(), group) for part in (asked & text, text))
    return (said > 0).long() + ((said > 0) & (said == whole)).long()


def _is_keyed(ids: torch.Tensor, value: int) -> torch.Tensor:
    """[rows, 1]: whether names stand in the cells, in front of a mark, and not in a header."""
    return (ids == value).any(1, keepdim=True)


def _in_names(
    ids: torch.Tensor, structure: torch.Tensor, cells: torch.Tensor, column: torch.Tensor, value: int
) -> torch.Tensor:
    """Which tokens are of columns' names; the header is the first row of cells, ahead of all others."""
    in_name = torch.where(_is_keyed(ids, value), cells > (ids == value).cumsum(1), cells == column)
    return in_name & (cells > 0) & ~structure


def _row_orders(
    match: torch.Tensor, named: torch.Tensor, order: torch.Tensor, rows: torch.Tensor, column: torch.Tensor
) -> torch.Tensor:
    """For each token the order mark of its row in the column that the question orders by.

    That is, of those that have orders, the one whose name it says most of, and last; `named` is how much of a name it
    says, at the tokens of names in the header.
    """
    length = match.shape[1]
    said_at = (match * torch.arange(1, length + 1, device=match.device)[:, None]).amax(1)
    worth = _most(torch.where(said_at > 0, named * (length + 1) + said_at, 0) * (named > 0), column)
    worth = worth * (_most(order, column) > 0)
    most, chosen = worth.max(1, keepdim=True)
    return _most(order * ((column == chosen) & (most > 0)), rows).gather(1, rows)


def _most(values: torch.Tensor, group: torch.Tensor) -> torch.Tensor:
    """[rows, groups]: the largest value of each group; nothing in group 0, which is outside."""
    found = values.new_zeros(len(values), int(group.max()) + 1).scatter_reduce_(1, group, values, "amax")
    return found.index_fill(1, group.new_zeros(1), 0)


def _warmth(match: torch.Tensor, rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The grade of each token's row [rows, tokens], 0 in front of the first, and whether it is near a warmest one."""
    number = int(rows.max()) + 2
    has = torch.zeros(*match.shape[:2], number, device=match.device)
    has.scatter_add_(2, rows[:, None].expand_as(match), match.float())
    has = (has > 0).float()
    has[:, :, 0] = 0
    count = rows.amax(1)[:, None] / has.sum(2).clamp(min=1)
    heat = (count.clamp(min=1).log()[:, :, None] * has).sum(1)
    most = heat.amax(1, keepdim=True)
    grade = torch.where(heat > 0, COOL + (heat >= most / 2).long() + (heat >= most).long(), COLD)
    hottest = (grade == WARMEST).long()
    near = nn.functional.pad(hottest[:, 1:], (0, 1)) + BELOW * nn.functional.pad(hottest[:, :-1], (1, 0))
    near[:, 0] = ALONE
    return grade.gather(1, rows), near.gather(1, rows)


def _sums(values: torch.Tensor, group: torch.Tensor) -> torch.Tensor:
    """For each place [rows, tokens] the sum of the values of its group."""
    return torch.zeros_like(values).scatter_add_(1, group, values).gather(1, group)


def folded_ids(texts: Sequence[str]) -> torch.Tensor:
    """For the text of each id the first id with that text, whatever the letter case and the space in front."""
    first: dict[str, int] = {}
    return torch.tensor([first.setdefault(text.strip().casefold() or f"<{i}>", i) for i, text in enumerate(texts)])
