"""`gentap pretrain`: a dual-decoder T5 learns equal numbers of long and short questions (GenTaP, section 3).

`gentap export` takes one decoder out as a plain T5.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gentap.batches import Bundle, BundleCollator, bundles, encode_rows
from gentap.encode import TableEncoder, structure_of
from gentap.material import Material, QuestionSet
from gentap.model_settings import ModelSettings, seen_before
from tabtext.errors import InputError
from tabtext.examples import QAExample
from tabtext.identity import identity
from tabtext.linearize import STYLES
from tabtext.stages import summary
from tabtext.training_settings import LEARNING_RATE, ModelTraining

if TYPE_CHECKING:
    from transformers import TrainingArguments

    from tabtext.models import Seq2Seq
    from tabtext.table import Table
    from tabtext.training import Report

RATE_FROM_SCRATCH, RATE_FROM_MODEL = LEARNING_RATE, 3e-4
"""The highest learning rates where none is given."""

_VOCABULARY_EXAMPLES = 50_000
"""Of either form, also where a run learns one: the next may learn the other."""
_DEV_SHARE, _MAX_DEV = 0.02, 200


@dataclass(frozen=True, kw_only=True)
class Pretraining(ModelTraining):
    """How a model is pretrained; `model` is a T5.

    `batch_size` counts rows, half of them long, and `limit` questions of each form. The ablations of the paper: without
    `short_form` or `long_form` all rows are of the other form; with `one_decoder` the sentence decoder learns both.
    `copies` lets a model from scratch point at its input. `questions` are more questions, each `[DATASET=]PATH`: files
    as `gentap questions --single-cell` writes them, or a data set's of people's; the smaller of the two forms is
    repeated. `min_said`, `statements` and `exclude_tables` are `Material`'s (ours; the paper learns from every mined
    sentence, and from no others). `length_penalty` and `composed` are kept with the model for when it speaks.
    """

    short_form: bool = True
    long_form: bool = True
    one_decoder: bool = False
    copies: bool = True
    linearization: str = "ordered"
    max_length: int = 512
    questions: tuple[str, ...] = ()
    min_said: float = 0.0
    statements: int = 0
    exclude_tables: Path | None = None
    cell_weight: float = 1.0
    length_penalty: float | None = None
    composed: bool = False

    @property
    def forms(self) -> dict[str, str]:
        """The forms of questions that are learnt, each with the decoder that learns it."""
        forms = {"long": "sentence"} if self.long_form else {}
        if self.short_form:
            forms["short"] = "sentence" if self.one_decoder else "cell"
        if not forms:
            raise InputError("Without long and without short questions nothing is left to learn; leave one form in.")
        return forms

    @property
    def rate(self) -> float:
        """The highest learning rate; by default what suits the start."""
        return self.learning_rate or (RATE_FROM_MODEL if self.model else RATE_FROM_SCRATCH)

    def material(self, corpora: Sequence[Path]) -> Material:
        """What is learnt from corpora and from the questions beside them."""
        sets = tuple(part for part in map(QuestionSet.parse, self.questions) if part.form in self.forms)
        return Material(corpora, sets, self.min_said, self.statements, self.exclude_tables, self.limit)

    def arguments(self, output: Path, **more: Any) -> TrainingArguments:
        """As any training's, of bundles with a row of each form."""
        bundles = max(1, self.batch_size // len(self.forms))
        return super().arguments(output, per_device_train_batch_size=bundles, **more)


PRETRAINING = Pretraining()


def pretrain(corpora: Sequence[Path], output: Path, how: Pretraining = PRETRAINING) -> Report:
    """Pretrain a model on corpus folders that `gentap synthesize` made, and save it into the folder `output`.

    A run that was killed goes on from its last checkpoint. Says on standard error what was dropped and why. Raises
    InputError for a folder that is no finished corpus, a model that is no T5, an output folder of another run.
    """
    from gentap.corpus import MANIFEST
    from tabtext.checkpoints import digest

    material = how.material(corpora)
    seq2seq = _start(material, how)
    seen = tuple(dict.fromkeys((*seen_before(seq2seq.model.config), *material.said)))
    decoders = tuple(dict.fromkeys(how.forms.values()))
    penalty = how.length_penalty or ModelSettings.length_penalty
    settings = ModelSettings(
        how.linearization, how.max_length, decoders, length_penalty=penalty, composed=how.composed, seen=seen
    )
    settings.store(seq2seq.model.config)
    seq2seq.model.config.cell_weight = how.cell_weight
    examples, dev = _bundles(material, seq2seq, how)
    inputs = identity(*(part.path for part in material.questions), how.exclude_tables)
    manifests = [digest(corpus / MANIFEST) for corpus in corpora]
    facts = {"task": "pretrain", "data": seen, "corpora": manifests, "inputs": inputs}
    collator = BundleCollator(seq2seq.model, seq2seq.tokenizer.pad_token_id)
    per = seq2seq.model.loss_per(decoders)
    return how.train(seq2seq, examples, output, facts, dev=dev, collator=collator, own_loss=True, per=per)


def export(model: str | Path, output: Path, decoder: str = "sentence", *, overwrite: bool = False) -> None:
    """Write one decoder of a dual-decoder model, with the encoder, as a plain T5 that stock transformers loads.

    Raises InputError for a model of another kind, for one that copies, and for an output that exists.
    """
    from gentap.model import DualDecoderT5
    from tabtext.models import load_seq2seq

    seq2seq = load_seq2seq(model)
    if not isinstance(seq2seq.model, DualDecoderT5):
        raise InputError(f"Model {str(model)!r}: has one decoder, and is what export would write already.")
    if output.exists() and not overwrite and (not output.is_dir() or any(output.iterdir())):
        raise InputError(f"{output}: exists already; pass --overwrite to replace it.")
    seq2seq._replace(model=seq2seq.model.as_t5(decoder)).save(output)


def _start(material: Material, how: Pretraining) -> Seq2Seq:
    """The model to train: loaded and given our structure tokens, or made from scratch for the corpora's texts."""
    from transformers import T5ForConditionalGeneration

    from gentap.model import DualDecoderT5
    from tabtext.models import add_tokens, from_scratch, load_seq2seq

    structure = structure_of(how.linearization)
    if how.model is None:
        examples = chain.from_iterable(
            islice(material.examples(form), _VOCABULARY_EXAMPLES) for form in ("long", "short")
        )
        seq2seq = from_scratch(
            how.from_scratch, _texts(examples), structure=structure, copy_coverage=True, seed=how.seed
        )
    else:
        seq2seq = load_seq2seq(how.model)
        add_tokens(seq2seq, structure)
    if isinstance(seq2seq.model, DualDecoderT5):
        for decoder in how.forms.values():
            seq2seq.model.decoder_module(decoder)  # one that was left out is named before anything is read
        return seq2seq
    if not isinstance(seq2seq.model, T5ForConditionalGeneration):
        kind = type(seq2seq.model).__name__
        raise InputError(f"Model {how.model!r}: is a {kind}; pretraining gives a T5 a second decoder, so name a T5.")
    dual: Any = DualDecoderT5.from_t5(seq2seq.model, copies=how.copies, **_echoes(seq2seq, how))
    return seq2seq._replace(model=dual.to(seq2seq.model.device))


def _echoes(seq2seq: Seq2Seq, how: Pretraining) -> dict[str, Any]:
    """The settings of a new model that copies, whose encoder is told what the question says of the table."""
    if how.model or not how.copies:
        return {}
    from gentap.echo import folded_ids

    tokenizer = seq2seq.tokenizer
    marks = list(STYLES[how.linearization].structure)
    return {
        "table_ids": tokenizer.convert_tokens_to_ids(marks),
        "folded": folded_ids([str(tokenizer.decode([i])) for i in range(len(tokenizer))]),
    }


def _texts(examples: Iterator[QAExample]) -> Iterator[str]:
    """What a tokenizer learns from: questions, answers, and a table once for all examples in a row that ask of it."""
    last: Table | None = None
    for example in examples:
        yield example.question
        yield example.answer
        if (table := example.table) and table is not last:
            last = table
            yield from (table.title, table.section, *table.header)
            yield from chain.from_iterable(table.rows)


def _bundles(material: Material, seq2seq: Seq2Seq, how: Pretraining) -> tuple[list[Bundle], list[Bundle]]:
    """What is trained on, and what is held out to measure on."""
    from gentap.model import DECODERS

    encoder = TableEncoder(seq2seq.tokenizer, how.linearization, how.max_length)
    rows = []
    for form, decoder in how.forms.items():
        counts: Counter[str] = Counter()
        kind = list(DECODERS).index(decoder)
        rows.append(list(encode_rows(encoder, material.examples(form, counts), kind, counts)))
        print(summary("pretrain", f"{form} questions", counts), file=sys.stderr)
    for loss, number in sorted(encoder.codec.counts.items()):
        print(f"pretrain: {number:,} {loss}", file=sys.stderr)
    if not all(rows):
        names, forms = ", ".join(map(str, material.corpora)), " and ".join(how.forms)
        raise InputError(f"{names}: no questions of the forms {forms} to learn from.")
    every = max(int(1 / _DEV_SHARE), -(-min(map(len, rows)) // _MAX_DEV))
    dev = [form[every - 1 :: every] for form in rows]
    learnt = [[row for i, row in enumerate(form) if i % every != every - 1] for form in rows]
    return bundles(learnt, how.seed), bundles(dev, how.seed)[:_MAX_DEV]
