"""The language models that write texts: GPT-2 of any size, and a small one from scratch that can point at its input.

Both get states as GPT-2's `token_type_ids`, which it embeds with the matrix of its tokens: the state of a token is the
id of a structure token (`datatuner.states`), as in the paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import AutoConfig, AutoModelForCausalLM, DynamicCache, GPT2Config, GPT2LMHeadModel
from transformers.cache_utils import DynamicLayer
from transformers.modeling_outputs import CausalLMOutputWithPast

from datatuner.states import STRUCTURE, TEXT
from tabtext.batches import IGNORED
from tabtext.copying import CopyHead, said_so_far
from tabtext.errors import InputError, unknown_name
from tabtext.models import COPY_CONTEXT, Seq2Seq, add_tokens, default_device, load_decoder
from tabtext.tokenizers import TextCodec, train_tokenizer

SIZES: Mapping[str, Mapping[str, int]] = {
    "tiny": {"n_embd": 64, "n_layer": 2, "n_head": 4},
    "mini": {"n_embd": 256, "n_layer": 4, "n_head": 4},
    "small": {"n_embd": 512, "n_layer": 8, "n_head": 8},
    "base": {"n_embd": 768, "n_layer": 12, "n_head": 12},
}
"""GPT-2 shapes for `from_scratch`; mini has 4 M parameters."""

VOCABULARIES = {"tiny": 600, "mini": 2000, "small": 6000, "base": 16000}
"""Pieces of the tokenizer of each size."""

_TAG = re.compile(r"<(?:\w+:)?|>")
"""What a structure token has around its name."""

POSITIONS = 512
"""Tokens that a model made from scratch reads and writes, record and text together."""


class CopyGPT2Config(GPT2Config):
    """GPT-2's configuration, the id of `<text>`, up to which a sequence is the input that can be pointed at, and how
    many tokens just said a place of it may lie behind."""

    model_type = "copy_gpt2"
    text_token_id: int = 0
    copy_context: int = 0


class CopyGPT2(GPT2LMHeadModel):
    """A GPT-2 with a `CopyHead` over its record; `logits` are the mixture's log-probabilities.

    A position of the record is pointed at by its own last state and by that of the token before it, so that going on
    with a name is one step: point behind what was just said. Both are kept in the cache as one more layer, which does
    not grow and whose values are token ids (or -1 for what is no input).
    """

    config_class = CopyGPT2Config

    def __init__(self, config: CopyGPT2Config) -> None:
        super().__init__(config)
        self.copy_head = CopyHead(config.n_embd, config.copy_context)
        self.before = nn.Linear(config.n_embd, config.n_embd, bias=False)
        self.here = nn.Linear(config.n_embd, config.n_embd, bias=False)

    def start_ready_to_copy(self) -> None:
        """Set fresh weights of the head: what it points at first is the place behind a token like the last one."""
        self.copy_head.start()
        nn.init.eye_(self.copy_head.match.weight)
        nn.init.eye_(self.before.weight)
        nn.init.zeros_(self.here.weight)

    def forward(
        self,
        input_ids: torch.LongTensor | None = None,
        past_key_values: Any = None,
        attention_mask: torch.Tensor | None = None,
        token_type_ids: torch.LongTensor | None = None,
        position_ids: torch.LongTensor | None = None,
        labels: torch.LongTensor | None = None,
        use_cache: bool | None = None,
        logits_to_keep: int = 0,
        num_items_in_batch: torch.Tensor | int | None = None,
        **kwargs: Any,
    ) -> CausalLMOutputWithPast:
        """As GPT-2's. All of the record comes in one call; with `labels` there are a loss and no logits."""
        assert input_ids is not None
        use_cache = (self.config.use_cache if use_cache is None else use_cache) and labels is None
        if use_cache and past_key_values is None:
            past_key_values = DynamicCache(config=self.config)
        is_start = past_key_values is None or past_key_values.get_seq_length() == 0
        hidden = self.transformer(
            input_ids,
            past_key_values=past_key_values,
            attention_mask=attention_mask,
            token_type_ids=token_type_ids,
            position_ids=position_ids,
            use_cache=use_cache,
        ).last_hidden_state
        shown = torch.ones_like(input_ids) if attention_mask is None else attention_mask[:, -input_ids.shape[1] :]
        keys, ids = self._pointed_at(hidden, input_ids, shown, past_key_values if use_cache else None, is_start)
        mask = (ids >= 0) if attention_mask is None else (ids >= 0) & attention_mask[:, : ids.shape[1]].bool()
        source = (keys, ids.clamp(min=0), mask)
        if labels is not None:
            return CausalLMOutputWithPast(loss=self._loss(hidden, source, input_ids, labels, num_items_in_batch))
        kept = past_key_values if use_cache and self.config.copy_context else None
        said = said_so_far(kept, input_ids, self.config.n_layer + 1)  # behind the layer of what is pointed at
        hidden = hidden[:, -logits_to_keep:] if logits_to_keep else hidden
        logits = self.copy_head(hidden, *source, self.lm_head, said)
        return CausalLMOutputWithPast(logits=logits, past_key_values=past_key_values if use_cache else None)

    def _pointed_at(
        self, hidden: torch.Tensor, input_ids: torch.Tensor, shown: torch.Tensor, cache: Any, is_start: bool
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Keys [rows, tokens of the first call, width] and ids [rows, tokens of the first call], -1 from `<text>` on.

        `shown` [rows, tokens] is 0 at padding, whose states must not reach the key of the first token.
        """
        keys = self.here(hidden)
        keys[:, 1:] += self.before(hidden[:, :-1] * shown[:, :-1, None])
        is_input = (input_ids == self.config.text_token_id).cumsum(-1) == 0
        ids = torch.where(is_input & is_start, input_ids, -1)
        if cache is None:
            return keys, ids
        layer = self.config.n_layer
        if is_start:
            cache.layers.append(DynamicLayer())
            cache.update(keys[:, None], ids[:, None, :, None].float(), layer)
        kept = cache.layers[layer]
        return kept.keys[:, 0], kept.values[:, 0, :, 0].long()

    def _loss(
        self,
        hidden: torch.Tensor,
        source: tuple[torch.Tensor, torch.Tensor, torch.Tensor],
        input_ids: torch.Tensor,
        labels: torch.Tensor,
        count: torch.Tensor | int | None,
    ) -> torch.Tensor:
        """The mean negative log-likelihood per target token of the whole update, from the last target places alone.

        The record in front of a text has no loss, so its places need no distribution: only the last `steps` places
        are looked at, `steps` being the most that a row has behind its record.
        """
        targets = labels[:, 1:]
        first = int((targets != IGNORED).int().argmax(-1).min())
        decoded, said = hidden[:, first:-1], input_ids[:, :-1]
        logits = self.copy_head(decoded, *source, self.lm_head, said)
        total = nn.functional.nll_loss(
            logits.flatten(0, 1), targets[:, first:].flatten(), ignore_index=IGNORED, reduction="sum"
        )
        return total / (count if count is not None else (targets != IGNORED).sum())


AutoConfig.register(CopyGPT2Config.model_type, CopyGPT2Config)
AutoModelForCausalLM.register(CopyGPT2Config, CopyGPT2)


def from_scratch(
    size: str,
    texts: Iterable[str],
    tags: Sequence[str],
    *,
    copy: bool = True,
    vocabulary: int | None = None,
    seed: int = 0,
) -> Seq2Seq:
    """A model of one of `SIZES` with fresh weights, able to point at its record (`copy`) or a plain GPT-2.

    Its tokenizer is trained on `texts` and holds `tags`, the structure tokens.
    """
    if size not in SIZES:
        raise unknown_name("size", size, SIZES)
    tokenizer = train_tokenizer(texts, size=vocabulary or VOCABULARIES[size], structure=tags, extra_ids=0)
    tokenizer.model_max_length = POSITIONS
    settings: dict[str, Any] = {
        "vocab_size": -(-len(tokenizer) // 64) * 64,
        "n_positions": POSITIONS,
        "bos_token_id": None,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
        "activation_function": "gelu_pytorch_tanh",  # GPT-2's own, in one kernel
        "attn_pdrop": 0.0,  # else attention is computed without its fast kernel
        "text_token_id": tokenizer.convert_tokens_to_ids(TEXT),
        "copy_context": COPY_CONTEXT,
        **SIZES[size],
    }
    torch.manual_seed(seed)
    model: Any = CopyGPT2(CopyGPT2Config(**settings)) if copy else GPT2LMHeadModel(GPT2Config(**settings))
    if copy:
        model.start_ready_to_copy()
    return Seq2Seq(model.to(default_device()).eval(), tokenizer)


def pretrained(name: str | Path, tags: Sequence[str]) -> Seq2Seq:
    """A GPT-2 from a folder or the hub, with embeddings for `tags` that start as the mean of their names' words.

    A pointer without a context gets one that starts out worth nothing.
    """
    model, tokenizer = seq2seq = load_decoder(name)
    new = [tag for tag in tags if tag not in tokenizer.get_vocab()]
    padding = ["<pad>"] if tokenizer.pad_token_id is None else []
    if new or padding:
        rows = max(len(tokenizer) + len(new) + len(padding), model.get_input_embeddings().weight.shape[0])
        model.resize_token_embeddings(rows, mean_resizing=False)
        add_tokens(seq2seq, [*padding, *new])
    if padding:
        tokenizer.pad_token = padding[0]
    codec = TextCodec(tokenizer)
    embeddings = model.get_input_embeddings().weight
    with torch.no_grad():
        for tag, words in zip(new, codec.encode_words([_TAG.sub("", tag) for tag in new]), strict=True):
            if words:
                embeddings[codec.id(tag)] = embeddings[words].mean(0)
    if isinstance(model, CopyGPT2):
        model.config.text_token_id = codec.id(TEXT)
        if not model.config.copy_context:
            model.config.copy_context = COPY_CONTEXT
            model.copy_head.add_context(COPY_CONTEXT)
    return seq2seq


def load(name: str | Path) -> Seq2Seq:
    """A model that `datatuner train` made, in evaluation mode; an InputError says what is wrong with it."""
    seq2seq = load_decoder(name, kind="data_to_text")
    missing = [token for token in STRUCTURE if token not in seq2seq.tokenizer.get_vocab()]
    if missing:
        raise InputError(
            f"Model {str(name)!r}: has never read a record (no {missing[0]}); make one by datatuner train."
        )
    return seq2seq
