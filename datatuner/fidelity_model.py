"""The fidelity classifier's network: an encoder over facts and text, and three heads that one pass of it feeds.

One head judges every fact (its mean state), one every token of the text, and one the whole: from the first state and
from the worst that the others saw, since a text omits something if and only if one fact is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, one_hot
from transformers import AutoConfig, AutoModel, PreTrainedConfig, PreTrainedModel

from tabtext.batches import IGNORED
from tabtext.examples import Fidelity
from tabtext.slots import Verdict

CLASSES = tuple(fidelity.value for fidelity in Fidelity)
VERDICTS = tuple(verdict.value for verdict in Verdict)
HEADS = ("classes", "facts", "spans")

_NOTHING = -20.0
"""The logit that stands for the worst of no facts or no text."""


class FidelityConfig(PreTrainedConfig):
    """The encoder's own configuration as a dict, the names of what is told apart, and a temperature per head."""

    model_type = "fidelity"

    encoder: dict[str, Any] | None = None
    classes: list[str] | None = None
    verdicts: list[str] | None = None
    temperatures: dict[str, float] | None = None
    max_length: int = 512
    seen: list[str] | None = None


class FidelityOutput(NamedTuple):
    """Logits [rows, 5], [rows, facts, 4] and [rows, tokens], and before them the loss, None without labels."""

    loss: torch.Tensor | None
    classes: torch.Tensor
    facts: torch.Tensor
    spans: torch.Tensor


class FidelityModel(PreTrainedModel):
    """Any encoder of transformers (RoBERTa, BERT, MiniLM, DeBERTa, …) with the three heads."""

    config_class = FidelityConfig
    base_model_prefix = "encoder"
    _supports_sdpa = True
    accepts_loss_kwargs = True  # transformers would not find `num_items_in_batch` among the arguments by itself

    def __init__(self, config: FidelityConfig) -> None:
        super().__init__(config)
        encoder = dict(config.encoder or {})
        self.encoder = AutoModel.from_config(AutoConfig.for_model(**encoder))
        if getattr(self.encoder, "pooler", None) is not None:
            self.encoder.pooler = None  # the heads read the states themselves
        self._start_heads()
        self.post_init()

    def _start_heads(self) -> None:
        width = self.encoder.config.hidden_size
        self.dropout = nn.Dropout(0.1)
        self.facts = nn.Linear(width, len(VERDICTS))
        self.spans = nn.Linear(width, 1)
        self.classes = nn.Linear(width + len(VERDICTS), len(CLASSES))

    @classmethod
    def around(cls, encoder: Any, max_length: int) -> FidelityModel:
        """A model with the weights of `encoder`, a transformers encoder, and fresh heads."""
        model = cls(_config(encoder, max_length))
        weights = {name: weight for name, weight in encoder.state_dict().items() if not name.startswith("pooler.")}
        model.encoder.load_state_dict(weights)
        return model

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        fact_ids: torch.Tensor,
        text_mask: torch.Tensor,
        labels: torch.Tensor | None = None,
        fact_labels: torch.Tensor | None = None,
        span_labels: torch.Tensor | None = None,
        num_items_in_batch: torch.Tensor | int | None = None,
    ) -> FidelityOutput:
        """Ids, masks and `fact_ids` are [rows, tokens]; a fact id is 0 outside of facts, k in the k-th one.

        With `labels` [rows, 5], `fact_labels` [rows, facts] and `span_labels` [rows, tokens], in which `IGNORED` is
        not learnt from, the loss is the mean over the rows of the whole update.
        """
        kinds = {"token_type_ids": text_mask} if getattr(self.encoder.config, "type_vocab_size", 0) > 1 else {}
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask, **kinds)[0]
        states = self.dropout(states)
        facts = self.facts(_fact_means(states, fact_ids))
        spans = self.spans(states).squeeze(-1)
        faults = facts[..., 1:] - facts[..., :1]  # each fault's log-odds against ok, which comes first
        worst = (_worst(faults, _fact_mask(fact_ids)[..., None]), _worst(spans[..., None], text_mask[..., None] > 0))
        classes = self.classes(torch.cat([states[:, 0], *(part.to(states.dtype) for part in worst)], -1))
        loss = None
        if labels is not None and fact_labels is not None and span_labels is not None:
            rows = len(labels) if num_items_in_batch is None else num_items_in_batch / len(CLASSES)
            loss = _summed_loss((classes, facts, spans), (labels, fact_labels, span_labels)) / rows
        return FidelityOutput(loss, classes.float(), facts.float(), spans.float())


def _config(encoder: Any, max_length: int) -> FidelityConfig:
    return FidelityConfig(
        encoder=encoder.config.to_dict(), classes=list(CLASSES), verdicts=list(VERDICTS), max_length=max_length
    )


def _fact_mask(fact_ids: torch.Tensor) -> torch.Tensor:
    """Which facts each row has: [rows, tokens] -> [rows, facts]."""
    numbers = torch.arange(1, max(1, int(fact_ids.max())) + 1, device=fact_ids.device)
    return numbers <= fact_ids.max(1, keepdim=True).values


def _fact_means(states: torch.Tensor, fact_ids: torch.Tensor) -> torch.Tensor:
    """The mean state of each fact's tokens: [rows, tokens, width] -> [rows, facts, width], 0 where there is none."""
    members = one_hot(fact_ids, max(1, int(fact_ids.max())) + 1)[..., 1:].to(states.dtype)
    return members.transpose(1, 2) @ states / members.sum(1).clamp(min=1)[..., None]


def _worst(logits: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """The highest of each logit over facts or tokens: [rows, many, n] -> [rows, n]."""
    return logits.masked_fill(~mask, _NOTHING).max(1).values


def _summed_loss(logits: tuple[torch.Tensor, ...], labels: tuple[torch.Tensor, ...]) -> torch.Tensor:
    """The losses of the three heads summed over the rows: sums over the five classes and over a row's facts, the mean
    over its tokens, which are many and alike."""
    classes, facts, spans = (part.float() for part in logits)
    total = binary_cross_entropy_with_logits(classes, labels[0].float(), reduction="sum")
    total = total + cross_entropy(facts.flatten(0, 1), labels[1].flatten(), ignore_index=IGNORED, reduction="sum")
    by_token = binary_cross_entropy_with_logits(spans, labels[2].clamp(min=0).float(), reduction="none")
    return total + _row_means(by_token, labels[2])


def _row_means(losses: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The sum over rows of each row's mean over what it has labels for."""
    known = (labels != IGNORED).float()
    return ((losses * known).sum(1) / known.sum(1).clamp(min=1)).sum()


def temperatures(config: Any) -> Mapping[str, float]:
    """The temperature of each head; 1 where none was fitted."""
    return {head: float((config.temperatures or {}).get(head, 1.0)) for head in HEADS}


AutoConfig.register(FidelityConfig.model_type, FidelityConfig)
AutoModel.register(FidelityConfig, FidelityModel)
