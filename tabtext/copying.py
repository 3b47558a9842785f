"""CopyT5: a T5 that can point at a token of its input and say it (pointer-generator, See et al., ACL 2017).

What our small models write is mostly names and numbers of their input. A plain T5 of a few million parameters has to
find out for itself that attending to a token and saying it go together, which takes it hundreds of thousands of
examples; a head that points needs a few thousand. The decoder's last state chooses between the vocabulary and a
distribution over the input's positions; the mixture of both is what the model predicts. Going on with a name that has
been begun is given rather than found out: places of the input behind the very tokens just said are pointed at first.
A head that reads tells the words, too, what is pointed at: to say `no` where the input says `not` is no copying, and
the decoder's own attention learns it late.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from transformers import (
    AutoConfig,
    AutoModelForSeq2SeqLM,
    Cache,
    PreTrainedModel,
    T5Config,
    T5ForConditionalGeneration,
)  # fmt: skip
from transformers.cache_utils import DynamicLayer
from transformers.modeling_outputs import BaseModelOutput, Seq2SeqLMOutput

_TINY = 1e-9

_FOLLOW = 3.0
"""What a place of the input is worth at first for each token that it shares with what was just said, as a logit."""


class CopyT5Config(T5Config):
    """A plain T5's configuration, how many tokens just said a place of the input may lie behind, whether it counts that
    a token was said before, and whether what is pointed at is read."""

    model_type = "copy_t5"
    copy_context: int = 0
    copy_coverage: bool = False
    copy_reads: bool = False


class CopyHead(nn.Module):
    """Mixes a model's word distribution with one over the tokens of its input.

    The pointer starts out undecided, and the gate even between the two. With a `context`, a place of the input is worth
    more for lying behind the last token said, and more again for each token before that one that is the same in both,
    up to `context` tokens; how much, each decoded state says. With `coverage` it says, too, what a place is worth whose
    token was said before, which keeps texts from going in circles (See et al., section 2.3). One that `reads` adds the
    state of what it points at to the decoded state, which then chooses the word and opens the gate (their section 2.2).
    """

    def __init__(self, width: int, context: int = 0, coverage: bool = False, reads: bool = False) -> None:
        super().__init__()
        self.match = nn.Linear(width, width, bias=False)
        self.gate = nn.Linear(width, 1)
        self.add_context(context)
        self.again: nn.Linear | None = None
        if coverage:
            self.again = nn.Linear(width, 1)
            nn.init.zeros_(self.again.weight)
            nn.init.zeros_(self.again.bias)
        self.read: nn.Linear | None = None
        if reads:
            self.add_reading()

    def add_reading(self) -> None:
        """Read what is pointed at, which at first says nothing; a head that reads already stays as it is."""
        if self.read is None:
            width = self.gate.in_features
            self.read = nn.Linear(width, width, bias=False, device=self.gate.weight.device)
            nn.init.zeros_(self.read.weight)

    def add_context(self, context: int) -> None:
        """Mind this many tokens just said, which at first are worth nothing."""
        self.context = context
        if context:
            self.follow = nn.Linear(self.gate.in_features, context, device=self.gate.weight.device)
            nn.init.zeros_(self.follow.weight)
            nn.init.zeros_(self.follow.bias)

    def start(self) -> None:
        """Set the head's weights for training from scratch."""
        nn.init.normal_(self.match.weight, std=0.5 * self.match.in_features**-0.5)
        nn.init.zeros_(self.gate.weight)
        nn.init.zeros_(self.gate.bias)
        if self.context:
            nn.init.constant_(self.follow.bias, _FOLLOW)

    def forward(
        self,
        decoded: torch.Tensor,
        encoded: torch.Tensor,
        source_ids: torch.Tensor,
        source_mask: torch.Tensor,
        words_of: Callable[[torch.Tensor], torch.Tensor],
        said: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Log-probabilities [rows, steps, vocabulary] in fp32.

        `decoded` [rows, steps, width], `encoded` [rows, source, width], `source_ids`, `source_mask` [rows, source],
        `words_of` makes logits [rows, steps, vocabulary] of states, `said` [rows, tokens so far] are the decoder's
        inputs, of which the last `steps` are those decoded here; a head with a context needs them.
        """
        scores = (self.match(decoded) @ encoded.transpose(1, 2) * decoded.shape[-1] ** -0.5).float()
        if self.minds_the_past:
            assert said is not None, "A pointer that minds what was said needs it."
            read = source_ids.masked_fill(source_mask == 0, -1)
            scores = scores + self._following(decoded, read, said) + self._repeating(decoded, read, said)
        scores = scores.masked_fill(source_mask[:, None] == 0, -float("inf"))
        places = scores.softmax(-1)
        if self.read is not None:
            decoded = decoded + self.read(places.to(encoded.dtype) @ encoded)
        copying = torch.sigmoid(self.gate(decoded).float())
        words = words_of(decoded).float().softmax(-1) * (1 - copying)
        pointed = places * copying
        ids = source_ids[:, None].expand(-1, decoded.shape[1], -1)
        return (words.scatter_add(2, ids, pointed) + _TINY).log()

    @property
    def minds_the_past(self) -> bool:
        """Whether `forward` needs what was said so far."""
        return bool(self.context) or self.again is not None

    def _repeating(self, decoded: torch.Tensor, source_ids: torch.Tensor, said: torch.Tensor) -> torch.Tensor | float:
        """What places of the input are worth for their token having been said: [rows, steps, source]."""
        if self.again is None:
            return 0.0
        steps = decoded.shape[1]
        times = (said[:, :, None] == source_ids[:, None, :]).cumsum(1)[:, -steps:]
        return (times > 0) * self.again(decoded).float()

    def _following(self, decoded: torch.Tensor, source_ids: torch.Tensor, said: torch.Tensor) -> torch.Tensor | float:
        """What places of the input (-1: padding) are worth for the tokens before them: [rows, steps, source]."""
        if not self.context:
            return 0.0
        steps, worth = decoded.shape[1], self.follow(decoded).float()
        alike: list[torch.Tensor] = []
        for back in range(self.context):
            before = _moved(source_ids, back + 1, -1)[:, None, :]
            here = _moved(said, back, -2)[:, -steps:, None] == before  # -1 and -2: nothing, and never alike
            alike.append(alike[-1] & here if alike else here)
        return (torch.stack(alike, -1) * worth[:, :, None, :]).sum(-1)


def start_reading(model: PreTrainedModel) -> None:
    """Have every pointer of a `CopyT5`, or of a model with the same configuration, read what it points at."""
    for module in model.modules():
        if isinstance(module, CopyHead):
            module.add_reading()
    model.config.copy_reads = True


def _moved(ids: torch.Tensor, by: int, nothing: int) -> torch.Tensor:
    """[rows, tokens] moved to the right, `nothing` where there was no token."""
    return nn.functional.pad(ids, (by, 0), value=nothing)[:, : ids.shape[1]]


def said_so_far(cache: Cache | None, new: torch.Tensor, layers: int) -> torch.Tensor:
    """The decoder's inputs [rows, tokens so far], those of this call last.

    Those of earlier calls are kept in the decoder's cache as one layer behind its `layers`, which reorders and splits
    as the others do.
    """
    if cache is None:
        return new
    kept = getattr(cache, "self_attention_cache", cache)
    if len(kept.layers) <= layers:
        kept.layers.append(DynamicLayer())
    ids = new[:, None, :, None].float()
    said: torch.Tensor = kept.update(ids, ids, layers)[0]
    return said[:, 0, :, 0].long()


class CopyT5(T5ForConditionalGeneration):
    """A T5 with a `CopyHead`; `logits` are the mixture's log-probabilities, so every loss and search works on them."""

    config_class = CopyT5Config

    def __init__(self, config: CopyT5Config) -> None:
        super().__init__(config)
        self.copy_head = CopyHead(config.d_model, config.copy_context, config.copy_coverage, config.copy_reads)

    def forward(
        self,
        input_ids: torch.LongTensor | None = None,
        attention_mask: torch.Tensor | None = None,
        decoder_input_ids: torch.LongTensor | None = None,
        decoder_source_ids: torch.LongTensor | None = None,
        encoder_outputs: BaseModelOutput | None = None,
        past_key_values: Any = None,
        labels: torch.LongTensor | None = None,
        use_cache: bool | None = None,
        **kwargs: Any,
    ) -> Seq2SeqLMOutput:
        """As a T5's; `decoder_source_ids` are the input's ids once `encoder_outputs` stand for the input."""
        source_ids = decoder_source_ids if decoder_source_ids is not None else input_ids
        assert source_ids is not None, "CopyT5 needs input_ids, or decoder_source_ids beside encoder_outputs"
        if attention_mask is None:
            attention_mask = torch.ones_like(source_ids)
        if encoder_outputs is None:
            encoder_outputs = self.encoder(input_ids=input_ids, attention_mask=attention_mask)
        if decoder_input_ids is None and labels is not None:
            decoder_input_ids = self.prepare_decoder_input_ids_from_labels(labels)
        encoded = encoder_outputs[0]
        decoded = self.decoder(
            input_ids=decoder_input_ids,
            encoder_hidden_states=encoded,
            encoder_attention_mask=attention_mask,
            past_key_values=past_key_values,
            use_cache=use_cache,
        )
        cache = decoded.past_key_values
        said = None
        if self.copy_head.minds_the_past and decoder_input_ids is not None:
            said = said_so_far(cache, decoder_input_ids, len(self.decoder.block))
        logits = self.copy_head(decoded[0], encoded, source_ids, attention_mask, self.lm_head, said)
        loss = None
        if labels is not None:
            loss = nn.functional.nll_loss(logits.flatten(0, 1), labels.flatten(), ignore_index=-100)
        return Seq2SeqLMOutput(loss=loss, logits=logits, past_key_values=cache)

    @torch.no_grad()
    def generate(self, inputs: torch.Tensor | None = None, **kwargs: Any) -> Any:  # type: ignore[override]
        """As a T5's; what can be pointed at is the input."""
        ids = inputs if inputs is not None else kwargs.get("input_ids")
        kwargs.setdefault("decoder_source_ids", ids)
        return super().generate(inputs, **kwargs)  # type: ignore[misc]

    def start_ready_to_copy(self) -> None:
        """Set fresh weights from which attending to like tokens, and to neighbours, need not be found first.

        T5 starts its embeddings at standard deviation 1, where steps of Adam's size hardly move them. Here they start
        small and what layers add smaller still, so that a token's own embedding stays visible to the last layer.
        Cross-attention starts with like queries and keys, and hands on what it sees (after "mimetic" initialisation,
        Trockman and Kolter, ICML 2023); one head of each stack starts out looking at the token before, one of the
        encoder at the token after.
        """
        self.copy_head.start()
        with torch.no_grad():
            self.shared.weight.normal_(0, 0.05)
            for name, weight in self.named_parameters():
                if name.endswith((".o.weight", ".wo.weight")):
                    weight.mul_(0.05)
            for block in self.decoder.block:
                _start_alike(block.layer[1].EncDecAttention)  # type: ignore[index, union-attr]
            _look_at(self.encoder, buckets=(1, 17))
            _look_at(self.decoder, buckets=(1,))


def _look_at(stack: Any, buckets: tuple[int, ...]) -> None:
    """Make the first heads of a stack prefer these buckets of relative position: 1 is the token before, 17 after."""
    bias = stack.block[0].layer[0].SelfAttention.relative_attention_bias.weight  # [buckets, heads]
    bias.normal_(0, 0.1)
    for head, bucket in enumerate(buckets):
        bias[bucket, head] = 4.0


def _start_alike(attention: Any) -> None:
    """Queries like keys, outputs the inverse of values."""
    width, inner = attention.d_model, attention.inner_dim
    shared, own = width**-0.5 * 0.7, width**-0.5 * 0.3
    alike = torch.randn(inner, width) * shared
    attention.k.weight.copy_(alike + own * torch.randn(inner, width))
    attention.q.weight.copy_((alike + own * torch.randn(inner, width)) * attention.key_value_proj_dim**-0.5)
    nn.init.orthogonal_(attention.v.weight)
    attention.o.weight.copy_(attention.v.weight.T * 0.05)


AutoConfig.register(CopyT5Config.model_type, CopyT5Config)
AutoModelForSeq2SeqLM.register(CopyT5Config, CopyT5)
