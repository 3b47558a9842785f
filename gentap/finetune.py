"""`gentap finetune`: a pretrained model, or a plain T5 or BART as a baseline, learns to answer a set of questions."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from gentap.batches import Bundle, BundleCollator, Row, encode_rows
from gentap.encode import TableEncoder, structure_of
from gentap.model_settings import ModelSettings
from gentap.rules.choice import Choice
from tabtext.corpora.questions import SHORT_ANSWERS, read_questions
from tabtext.errors import InputError, unknown_name
from tabtext.examples import QAExample
from tabtext.identity import digest_of
from tabtext.stages import summary
from tabtext.training_settings import TrainingSettings

if TYPE_CHECKING:
    from tabtext.models import Seq2Seq
    from tabtext.training import Report

LIST_SEPARATOR = " | "
"""Between the items of a short answer that is a list, as denotation accuracy reads it."""


@dataclass(frozen=True, kw_only=True)
class Finetuning(TrainingSettings):
    """How a model is fine-tuned. `model` is a name, folder or hub id: a model of ours, or any T5 or BART.

    Without `linearization`, `max_length` and `length_penalty` the model's own count; without `decoder` the data set's
    form of answers chooses, and a model with one decoder has no choice. With `one_decoder` a model of two that learns
    sentences is saved without the decoder of cells. With `drafts` it learns to make its sentence of the one that rules
    compose (`gentap.rules`), around cells chosen as the model chooses them. `limit` is the number of questions, at
    most.
    """

    model: str
    dataset: str = "jsonl"
    decoder: str | None = None
    one_decoder: bool = False
    linearization: str | None = None
    max_length: int | None = None
    length_penalty: float | None = None
    drafts: bool = False
    epochs: float = 10.0
    batch_size: int = 16
    learning_rate: float = 3e-4
    limit: int | None = None

    @property
    def takes_short_answers(self) -> bool:
        """Whether the answers are cells rather than sentences."""
        return self.decoder == "cell" if self.decoder else self.dataset in SHORT_ANSWERS


FINETUNING = Finetuning(model="")


def finetune(data: Path, output: Path, how: Finetuning, dev: Path | None = None) -> Report:
    """Fine-tune a model on a file of questions and save it into the folder `output`.

    `dev` is measured on, and stops the run where `how.patience` says so. Says on standard error what was dropped and
    why; a run that was killed goes on from its last checkpoint. Raises InputError for data or models that do not fit.
    """
    examples = list(islice(read_questions(data, how.dataset), how.limit))
    held_out = list(read_questions(dev, how.dataset)) if dev else []
    said = f"{len(examples):,} questions of {how.dataset} ({data.name})"
    return finetune_on(examples, output, how, dev=held_out, said=said)


def finetune_on(
    examples: Sequence[QAExample], output: Path, how: Finetuning, *, dev: Sequence[QAExample] = (), said: str
) -> Report:
    """`finetune` on examples in memory; `said` names them in the model's list of what it saw."""
    seq2seq, settings = _start(how, said)
    kind = _kind(seq2seq, settings)
    choice = Choice.of_model(how.model)
    encoder = TableEncoder(
        seq2seq.tokenizer, settings.linearization, settings.max_length, drafts=settings.drafts, choice=choice
    )
    rows, dev_rows = (list(_rows(encoder, part, how, kind)) for part in (examples, dev))
    facts = {"task": "finetune", "data": settings.seen, "inputs": [digest_of(examples), digest_of(dev)]}
    dev_batched = _batched(dev_rows, seq2seq)

    def finish(folder: Path) -> None:
        Choice.keep(None, output)  # what a model that is replaced left there
        Choice.keep(choice, folder)

    return how.train(
        seq2seq, _batched(rows, seq2seq), output, facts, dev=dev_batched, finish=finish, **_collating(seq2seq, settings)
    )


Example = TypeVar("Example")


def drawn(examples: Sequence[Example], size: int | None, seed: int) -> Sequence[Example]:
    """So many examples, by their order drawn from `seed`, or all: every system that is compared learns from the same.

    Raises InputError where there are not so many.
    """
    if size is None:
        return examples
    if size > len(examples):
        raise InputError(f"{size:,} examples to learn from were asked for; there are {len(examples):,}.")
    return random.Random(f"{seed}/{size}").sample(examples, size)


def _start(how: Finetuning, said: str) -> tuple[Seq2Seq, ModelSettings]:
    """The model with our structure tokens, and the settings it will have."""
    import gentap.model  # noqa: F401  (makes DualDecoderT5 known to the Auto classes)
    from tabtext.copying import start_reading
    from tabtext.models import add_tokens, load_seq2seq, points

    seq2seq = load_seq2seq(how.model)
    if points(seq2seq.model):
        start_reading(seq2seq.model)
    try:
        before = ModelSettings.of(seq2seq.model.config, how.model)
    except InputError:
        before = ModelSettings(max_length=seq2seq.max_length)
    settings = replace(
        before,
        linearization=how.linearization or before.linearization,
        max_length=how.max_length or before.max_length,
        length_penalty=how.length_penalty or before.length_penalty,
        composed=False,  # what it learns to write it shall say
        drafts=how.drafts or before.drafts,
        decoders=(how.decoder or ("cell" if how.takes_short_answers and _has_cells(seq2seq) else "sentence"),),
        seen=(*before.seen, said),
    )
    add_tokens(seq2seq, structure_of(settings.linearization))
    settings.store(seq2seq.model.config)
    if how.one_decoder and _is_dual(seq2seq) and settings.decoders == ("sentence",):
        seq2seq = seq2seq._replace(model=seq2seq.model.without_cells())
    return seq2seq, settings


def _rows(encoder: TableEncoder, examples: Iterable[QAExample], how: Finetuning, kind: int) -> Iterator[Row]:
    """The examples as ids, with a line on standard error that counts what was dropped."""
    counts: Counter[str] = Counter()
    if how.takes_short_answers:
        examples = (replace(example, answer=LIST_SEPARATOR.join(example.answers)) for example in examples)
    yield from encode_rows(encoder, examples, kind, counts)
    if counts:
        print(summary("finetune", "questions", counts), file=sys.stderr)
        for loss, number in sorted(encoder.codec.counts.items()):
            print(f"finetune: {number:,} {loss}", file=sys.stderr)


def _is_dual(seq2seq: Seq2Seq) -> bool:
    from gentap.model import DualDecoderT5

    return isinstance(seq2seq.model, DualDecoderT5)


def _has_cells(seq2seq: Seq2Seq) -> bool:
    return _is_dual(seq2seq) and bool(seq2seq.model.config.has_cells)


def _kind(seq2seq: Seq2Seq, settings: ModelSettings) -> int:
    from gentap.model import DECODERS

    [decoder] = settings.decoders
    if decoder not in DECODERS:
        raise unknown_name("decoder", decoder, DECODERS)
    if decoder != "sentence" and not _has_cells(seq2seq):
        raise InputError(f"A {type(seq2seq.model).__name__} has one decoder and no {decoder!r} one; leave it unnamed.")
    return list(DECODERS).index(decoder)


def _batched(rows: Sequence[Row], seq2seq: Seq2Seq) -> list[Mapping[str, Any]]:
    """What the model's collator takes: bundles of one row for the dual decoder, else the row without its decoder."""
    if _is_dual(seq2seq):
        return [Bundle(rows=(row,)) for row in rows]
    return [{"input_ids": row["input_ids"], "labels": row["labels"]} for row in rows]


def _collating(seq2seq: Seq2Seq, settings: ModelSettings) -> dict[str, Any]:
    """How the model's batches are made, who computes its loss and what that is; a plain model's are the usual ones."""
    if not _is_dual(seq2seq):
        return {}
    collator = BundleCollator(seq2seq.model, seq2seq.tokenizer.pad_token_id)
    return {"collator": collator, "own_loss": True, "per": seq2seq.model.loss_per(settings.decoders)}
