"""DualDecoderT5: one T5 encoder, a decoder for sentence answers and a decoder for cell answers (GenTaP, section 3).

Both decoders read the same encoding of question and table. A batch may mix both kinds of answers: `decoder_kinds` says
which decoder each row trains, the encoder runs once over all of them, and each decoder sees its own rows only, so a
step costs what a plain T5 step costs on the same tokens.

Small models made from scratch have `copies` set: each decoder then has a `CopyHead` and can point at its input.
"""

from __future__ import annotations

import copy
from collections.abc import Collection
from typing import Any, NamedTuple

import torch
from torch import nn
from transformers import (
    AutoConfig,
    AutoModelForSeq2SeqLM,
    GenerationConfig,
    T5Config,
    T5ForConditionalGeneration,
)
from transformers.cache_utils import Cache
from transformers.modeling_outputs import BaseModelOutput, Seq2SeqLMOutput
from transformers.models.t5.modeling_t5 import T5PreTrainedModel, T5Stack

from gentap.echo import EchoStack
from tabtext.copying import CopyHead, CopyT5, said_so_far
from tabtext.errors import InputError, unknown_name
from tabtext.training_settings import per_token

DECODERS = {"sentence": "decoder", "cell": "cell_decoder"}
"""The name of a decoder -> the name of its module. The sentence decoder has the place of a plain T5's only decoder."""

SENTENCE, CELL = range(len(DECODERS))
"""The values of `decoder_kinds`: which decoder a row of a batch belongs to."""


COPY_HEADS = {"decoder": "copy_head", "cell_decoder": "cell_copy_head"}
"""The module of a decoder -> that of its pointer, in models that copy."""


_ECHOES = ("encoder.echo.", "encoder.place.", "encoder.folded")
"""How the names of what only an `EchoStack` has begin."""

_ECHO_STD = 0.05
"""The spread of fresh embeddings of echoes: that of a fresh `CopyT5`'s tokens."""


class DualDecoderT5Config(T5Config):
    """The configuration of a plain T5; both decoders have its decoder's shape.

    `copies`: each has a `CopyHead`, which minds `copy_context` tokens just said, with `copy_coverage` all that was
    said, and with `copy_reads` reads what it points at. Without `has_cells` there is no cell decoder. `table_ids`, the
    structure tokens of tables, give the encoder places and echoes. `cell_weight` is what a token of a cell answer
    weighs in the loss beside one of a sentence, of which there are about ten times as many.
    """

    model_type = "dual_decoder_t5"
    has_cells: bool = True
    copies: bool = False
    copy_context: int = 0
    copy_coverage: bool = False
    copy_reads: bool = False
    table_ids: tuple[int, ...] | list[int] = ()
    cell_weight: float = 1.0


class DualDecoderT5(T5ForConditionalGeneration):
    """A T5 with a second decoder. The embedding is shared by the encoder, both decoders and, where tied, the head.

    `from_pretrained` takes a folder or hub id of this class; `from_t5` starts from any plain T5.
    `generate(..., decoder_name="sentence" | "cell")` chooses who speaks.
    """

    config_class = DualDecoderT5Config
    _tied_weights_keys = T5ForConditionalGeneration._tied_weights_keys | {
        "cell_decoder.embed_tokens.weight": "shared.weight"
    }

    def __init__(self, config: DualDecoderT5Config) -> None:
        # The parent's own __init__ ends by tying weights, which needs the second decoder: build everything first.
        T5PreTrainedModel.__init__(self, config)
        self.model_dim = config.d_model
        self.shared = nn.Embedding(config.vocab_size, config.d_model)
        reading = _stack_config(config, is_decoder=False)
        echoes = config.table_ids
        self.encoder = EchoStack(reading, echoes) if echoes else T5Stack(reading)
        self.decoder = T5Stack(_stack_config(config, is_decoder=True))
        if config.has_cells:
            self.cell_decoder = T5Stack(_stack_config(config, is_decoder=True))
        else:
            self._tied_weights_keys = T5ForConditionalGeneration._tied_weights_keys
        self.lm_head = nn.Linear(config.d_model, config.vocab_size, bias=False)
        for module, head in COPY_HEADS.items() if config.copies else ():
            if hasattr(self, module):
                minds = (config.copy_context, config.copy_coverage, config.copy_reads)
                self.add_module(head, CopyHead(config.d_model, *minds))
        self.post_init()

    @classmethod
    def from_t5(
        cls,
        model: T5ForConditionalGeneration,
        *,
        copies: bool = True,
        folded: torch.Tensor | None = None,
        **settings: Any,
    ) -> DualDecoderT5:
        """Two decoders that both equal the one of `model`, with its encoder, embedding, head and generation settings.

        A head of its own (T5 v1.1, Flan) stays untied, also when tokens are added later. A `CopyT5` gives a model
        that copies; with `copies=False` its pointer is left behind. `settings` are those of our configuration; where
        they have `table_ids`, `folded` says for each id which one the echoes take it for.
        """
        pointing = {"copies": copies, "scale_decoder_outputs": False} if isinstance(model, CopyT5) else {}
        dual = cls(DualDecoderT5Config(**(_shared_settings(model.config) | pointing | settings)))
        dual.to(dtype=model.dtype)  # type: ignore[call-arg]
        if model.lm_head.weight is not model.shared.weight:
            dual.lm_head.weight = nn.Parameter(model.lm_head.weight.detach().clone())
            dual.config.tie_word_embeddings = False
        weights = {k: v for k, v in model.state_dict().items() if copies or not k.startswith("copy_head.")}
        weights |= {
            f"cell_{name}": weight for name, weight in weights.items() if name.startswith(("decoder.", "copy_head."))
        }
        if isinstance(dual.encoder, EchoStack):
            dual.encoder.start(dual.encoder.folded[:0] if folded is None else folded, _ECHO_STD)
            weights |= {name: value for name, value in dual.state_dict().items() if name.startswith(_ECHOES)}
        dual.load_state_dict(weights)
        dual.generation_config = copy.deepcopy(model.generation_config)
        return dual.train(model.training)

    @classmethod
    def from_pretrained(cls, *args: Any, **kwargs: Any) -> Any:
        """As everywhere in transformers; a head that the checkpoint keeps apart stays apart when tokens are added."""
        loaded = super().from_pretrained(*args, **kwargs)
        model = loaded[0] if isinstance(loaded, tuple) else loaded
        if model.lm_head.weight is not model.shared.weight:
            model.config.tie_word_embeddings = False
        return loaded

    def set_input_embeddings(self, new_embeddings: nn.Module) -> None:
        """Share this embedding between the encoder and both decoders."""
        super().set_input_embeddings(new_embeddings)
        if self.config.has_cells:
            self.cell_decoder.set_input_embeddings(new_embeddings)

    def without_cells(self) -> DualDecoderT5:
        """The same model, its weights not copied, without the cell decoder: enough where only sentences are wanted."""
        with torch.device("meta"):
            model = type(self)(DualDecoderT5Config.from_dict(self.config.to_dict() | {"has_cells": False}))
        for name, _ in list(model.named_children()):
            setattr(model, name, getattr(self, name))
        model.config.tie_word_embeddings = self.config.tie_word_embeddings
        model.generation_config = copy.deepcopy(self.generation_config)
        return model.train(self.training)

    def decoder_module(self, name: str) -> T5Stack:
        """The decoder called `sentence` or `cell`."""
        if name not in DECODERS:
            raise unknown_name("decoder", name, DECODERS)
        if not hasattr(self, DECODERS[name]):
            raise InputError(f"This model has no {name} decoder; it was saved with the other alone.")
        return getattr(self, DECODERS[name])

    def loss_per(self, decoders: Collection[str]) -> str:
        """What the loss that these decoders are trained by is a mean over, for the training's report."""
        return per_token("cells", self.config.cell_weight if "cell" in decoders else 1.0)

    def forward(
        self,
        input_ids: torch.LongTensor | None = None,
        attention_mask: torch.Tensor | None = None,
        decoder_input_ids: torch.LongTensor | None = None,
        decoder_attention_mask: torch.Tensor | None = None,
        decoder_name: str = "sentence",
        decoder_kinds: torch.LongTensor | None = None,
        decoder_source_ids: torch.LongTensor | None = None,
        encoder_outputs: BaseModelOutput | tuple | None = None,
        past_key_values: Cache | None = None,
        inputs_embeds: torch.Tensor | None = None,
        labels: torch.LongTensor | None = None,
        use_cache: bool | None = None,
        num_items_in_batch: torch.Tensor | int | None = None,
        **kwargs: Any,
    ) -> Seq2SeqLMOutput:
        """One pass of the encoder (unless `encoder_outputs` is given) and of one or both decoders.

        input_ids, attention_mask: (batch, source). labels: (batch, target), -100 where nothing is to be learnt.
        decoder_kinds: (batch,) of SENTENCE or CELL, with `labels`: each row trains its own decoder and `logits` is
        None; without it, `decoder_name` decodes all rows. `decoder_source_ids` are the input's ids for a model that
        copies, where `encoder_outputs` stand for the input. The loss is the mean over target tokens, or their sum over
        `num_items_in_batch` where the caller accumulates gradients.
        """
        if encoder_outputs is None:
            encoder_outputs = self.encoder(
                input_ids=input_ids, attention_mask=attention_mask, inputs_embeds=inputs_embeds, **kwargs
            )
        encoded = encoder_outputs[0]
        source_ids = decoder_source_ids if decoder_source_ids is not None else input_ids
        if decoder_kinds is not None:
            if labels is None:
                raise ValueError("decoder_kinds says which decoder each row of `labels` trains; give `labels` too.")
            total = self._loss_of_both(_Source(encoded, attention_mask, source_ids), labels, decoder_kinds)
            return Seq2SeqLMOutput(loss=_mean(total, labels, num_items_in_batch), encoder_last_hidden_state=encoded)
        if labels is not None and decoder_input_ids is None:
            decoder_input_ids = self._shift_right(labels)
        decoded, logits = self._decoded(
            decoder_name,
            _Source(encoded, attention_mask, source_ids),
            input_ids=decoder_input_ids,
            attention_mask=decoder_attention_mask,
            past_key_values=past_key_values,
            use_cache=use_cache,
            **kwargs,
        )
        loss = None if labels is None else _mean(_summed_loss(logits, labels), labels, num_items_in_batch)
        return Seq2SeqLMOutput(
            loss=loss,
            logits=logits,
            past_key_values=decoded.past_key_values,
            decoder_hidden_states=decoded.hidden_states,
            decoder_attentions=decoded.attentions,
            cross_attentions=decoded.cross_attentions,
            encoder_last_hidden_state=encoded,
        )

    def as_t5(self, decoder_name: str) -> T5ForConditionalGeneration:
        """A plain T5 made of the encoder and one decoder: a view, no weight is copied.

        `model.as_t5("sentence").save_pretrained(folder)` is the export that stock transformers loads. Raises InputError
        for a model that copies, since a plain T5 cannot.
        """
        if self.config.copies or self.config.table_ids:
            raise InputError(
                "This model points at words of its input, which no plain T5 does; pretrain with --no-copy."
            )
        with torch.device("meta"):
            view = T5ForConditionalGeneration(T5Config(**_shared_settings(self.config)))
        view.config.tie_word_embeddings = self.config.tie_word_embeddings
        view.shared, view.encoder, view.lm_head = self.shared, self.encoder, self.lm_head
        view.decoder = self.decoder_module(decoder_name)
        view.generation_config = GenerationConfig.from_dict(self.generation_config.to_dict())
        return view.train(self.training)

    @torch.no_grad()
    def generate(self, inputs: torch.Tensor | None = None, **kwargs: Any) -> Any:  # type: ignore[override]
        """As a T5's; what a model that copies can point at is the input."""
        if self.config.copies:
            kwargs.setdefault("decoder_source_ids", inputs if inputs is not None else kwargs.get("input_ids"))
        return super().generate(inputs, **kwargs)  # type: ignore[misc]

    def _decoded(self, name: str, source: _Source, *, input_ids: Any, **kwargs: Any) -> tuple[Any, torch.Tensor]:
        """What one decoder makes of the source, and its logits; `kwargs` are its module's."""
        decoded = self.decoder_module(name)(
            input_ids=input_ids,
            encoder_hidden_states=source.encoded,
            encoder_attention_mask=source.mask,
            **kwargs,
        )
        said = None
        if self.config.copies and input_ids is not None and getattr(self, COPY_HEADS[DECODERS[name]]).minds_the_past:
            said = said_so_far(decoded.past_key_values, input_ids, len(self.decoder.block))
        return decoded, self._logits(decoded[0], source, DECODERS[name], said)

    def _logits(
        self, decoded: torch.Tensor, source: _Source, module: str, said: torch.Tensor | None = None
    ) -> torch.Tensor:
        """(rows, target, d_model) -> (rows, target, vocabulary), by this decoder's pointer where it has one."""
        if self.config.scale_decoder_outputs:
            decoded = decoded * self.model_dim**-0.5
        if not self.config.copies:
            logits: torch.Tensor = self.lm_head(decoded)
            return logits
        if source.ids is None:
            raise ValueError("A model that copies needs input_ids, or decoder_source_ids beside encoder_outputs.")
        mask = torch.ones_like(source.ids) if source.mask is None else source.mask
        head: CopyHead = getattr(self, COPY_HEADS[module])
        return head(decoded, source.encoded, source.ids, mask, self.lm_head, said)

    def _loss_of_both(self, source: _Source, labels: torch.Tensor, kinds: torch.Tensor) -> torch.Tensor:
        """The summed loss of every row under its own decoder, that of cells by `cell_weight`.

        A decoder without rows in this batch decodes one row for no loss, so that under data parallelism every process
        has a gradient for every parameter.
        """
        total = source.encoded.new_zeros((), dtype=torch.float32)
        for kind, (name, module) in enumerate(DECODERS.items()):
            if kind == CELL and not self.config.has_cells and not (kinds == CELL).any():
                continue
            rows = (kinds == kind).nonzero().squeeze(1)
            weight = 0.0 if not len(rows) else self.config.cell_weight if kind == CELL else 1.0
            rows = rows if len(rows) else kinds.new_zeros(1)
            targets, part = _without_padding(labels[rows]), source.rows(rows)
            said = self._shift_right(targets)
            decoded = self.decoder_module(name)(
                input_ids=said,
                encoder_hidden_states=part.encoded,
                encoder_attention_mask=part.mask,
                use_cache=False,
            )[0]
            total = total + weight * _summed_loss(self._logits(decoded, part, module, said), targets)
        return total


class _Source(NamedTuple):
    """What a decoder looks at: encoded (rows, source, d_model), the attention mask and the ids, both (rows, source)."""

    encoded: torch.Tensor
    mask: torch.Tensor | None
    ids: torch.Tensor | None

    def rows(self, chosen: torch.Tensor) -> _Source:
        """Some of the rows."""
        return _Source(*(None if part is None else part[chosen] for part in self))  # type: ignore[arg-type]


def _shared_settings(config: T5Config) -> dict[str, Any]:
    """What a plain and a dual configuration have in common; T5Config decides on tying anew from its own defaults."""
    own = ("model_type", "architectures", "tie_word_embeddings")
    return {name: value for name, value in config.to_dict().items() if name not in own}


def _stack_config(config: T5Config, *, is_decoder: bool) -> T5Config:
    stack = copy.deepcopy(config)
    stack.is_decoder, stack.use_cache = is_decoder, is_decoder
    stack.num_layers = (is_decoder and config.num_decoder_layers) or config.num_layers
    return stack


def _without_padding(labels: torch.Tensor) -> torch.Tensor:
    """(rows, target) without the last columns that no row learns from; at least one column stays."""
    learnt = (labels != -100).any(0).nonzero()
    return labels[:, : int(learnt[-1]) + 1] if len(learnt) else labels[:, :1]


def _summed_loss(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return nn.functional.cross_entropy(logits.flatten(0, 1).float(), labels.flatten(), reduction="sum")


def _mean(total: torch.Tensor, labels: torch.Tensor, items: torch.Tensor | int | None) -> torch.Tensor:
    """The summed loss over the number of target tokens: of this batch, or of all that are accumulated with it."""
    return total / (items if items is not None else (labels != -100).sum().clamp(min=1))


AutoConfig.register(DualDecoderT5Config.model_type, DualDecoderT5Config)
AutoModelForSeq2SeqLM.register(DualDecoderT5Config, DualDecoderT5)
