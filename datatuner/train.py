"""`datatuner train`: a GPT-2, pretrained or from scratch, learns to say records (DataTuner, section 3)."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from datatuner.new_names import renamed
from datatuner.states import StateEncoder, StateSettings, gather_predicates, gather_tags, parts
from tabtext.batches import IGNORED
from tabtext.corpora.records import read_examples
from tabtext.errors import InputError
from tabtext.examples import TextExample
from tabtext.identity import identity
from tabtext.record import Record
from tabtext.stages import summary
from tabtext.training_settings import ModelTraining

if TYPE_CHECKING:
    from tabtext.models import Seq2Seq
    from tabtext.training import Report

RATE_FROM_SCRATCH, RATE_FROM_MODEL = 1e-3, 1e-4
"""The highest learning rates where none is given; the paper's for GPT-2 medium is the second."""

MAX_DEV = 1000
"""Texts of the dev split that the loss is measured on while training."""

_HELD_OUT = 0.1
_ROOM = 1.2
"""A model may write this many times the tokens of the longest text it learned from, where records have room enough."""
_MANY = 0.1
"""The share of texts that may take more than half of a model's positions from the records."""


@dataclass(frozen=True, kw_only=True)
class Training(ModelTraining):
    """How a generator is trained; `model` is a GPT-2.

    `states` is what it is told of its input's structure. `copy` gives a new model a head that can point at its record,
    and `vocabulary` is the number of pieces of its tokenizer. `new_names` is the share of texts that are learnt under
    invented names, for the sake of names that no training text has.
    """

    dataset: str = "auto"
    states: str = "fine"
    copy: bool = True
    vocabulary: int | None = None
    new_names: float = 0.3
    epochs: float = 10.0

    @property
    def rate(self) -> float:
        """The highest learning rate; by default what suits the start."""
        return self.learning_rate or (RATE_FROM_MODEL if self.model else RATE_FROM_SCRATCH)


TRAINING = Training()


def train_generator(data: Path, output: Path, how: Training, dev: Path | None = None) -> Report:
    """Train a model on records with texts and save it into the folder `output`.

    `data` is a file, or the folder of a data set, whose split `dev` is measured on; without that, and without a file
    `dev`, a tenth of the records is held out. Says on standard error what was dropped and why; a run that was killed
    goes on from its last checkpoint. Raises InputError for data or models that do not fit.
    """
    examples, held_out = _read(data, how, dev)
    seq2seq = _start(examples, how)
    settings = _settings(seq2seq, examples, f"{how.dataset} ({data.name})", how)
    encoder = StateEncoder(seq2seq.tokenizer, settings, seq2seq.model.config.n_positions)
    rows = list(_features(encoder, _renamed(examples, how), random.Random(how.seed)))
    dev_rows = list(islice(_features(encoder, _texts_apart(held_out), None), MAX_DEV))
    replace(settings, max_new_tokens=new_tokens(rows, encoder.positions)).store(seq2seq.model.config)
    if seq2seq.model.device.type == "cpu":
        seq2seq.model.set_attn_implementation("eager")  # short rows train slower by the fused kernel's backward pass
    facts = {"task": "datatuner", "data": str(data), "dev": str(dev), "inputs": identity(data, dev)}
    return how.train(seq2seq, rows, output, facts, dev=dev_rows, own_loss=True)


def new_tokens(rows: Sequence[Mapping[str, Sequence[int]]], positions: int) -> int:
    """The tokens that a model trained on these rows may write; the rest of its positions is for the record.

    Texts get what the longest takes, but of the positions half at most: one long text shall not keep all records out.
    Where many are longer they get what these take, as far as the longest record still fits beside it.
    """
    texts = sorted(sum(label != IGNORED for label in row["labels"]) for row in rows) or [0]
    longest_record = max((sum(label == IGNORED for label in row["labels"]) for row in rows), default=0)
    many = texts[int((1 - _MANY) * (len(texts) - 1))]
    beside_records = min(_ROOM * many, positions - _ROOM * longest_record)
    return int(min(_ROOM * texts[-1], max(positions // 2, beside_records)))


def _read(data: Path, how: Training, dev: Path | None) -> tuple[list[TextExample], list[TextExample]]:
    """The records to train on and those to measure on, without such as have no text."""
    is_folder = data.is_dir()
    examples = list(_with_texts(islice(read_examples(data, how.dataset, "train" if is_folder else ""), how.limit)))
    if dev is not None:
        held_out = list(_with_texts(read_examples(dev, how.dataset if dev.is_dir() else "auto", "dev")))
    elif is_folder:
        held_out = list(_with_texts(read_examples(data, how.dataset, "dev")))
    else:
        random.Random(f"{how.seed}/held out").shuffle(examples)
        size = int(_HELD_OUT * len(examples))
        examples, held_out = examples[size:], examples[:size]
    if not examples:
        raise InputError(f"{data}: no record with a text to learn from.")
    return examples, held_out


def _with_texts(examples: Iterable[TextExample]) -> Iterator[TextExample]:
    return (example for example in examples if any(text.strip() for text in example.texts))


def _start(examples: Sequence[TextExample], how: Training) -> Seq2Seq:
    """The model to train, with tokens for the structure of these records."""
    from datatuner.model import from_scratch, pretrained

    tags = gather_tags(example.record for example in examples)
    if how.model:
        return pretrained(how.model, tags)
    values = (part.text for example in examples for part in parts(example.record))
    texts = chain(values, chain.from_iterable(example.texts for example in examples))
    return from_scratch(how.from_scratch, texts, tags, copy=how.copy, vocabulary=how.vocabulary, seed=how.seed)


def _settings(seq2seq: Seq2Seq, examples: Iterable[TextExample], data: str, how: Training) -> StateSettings:
    """What the model must be told again; the predicates that it knew before it still knows."""
    try:
        known = StateSettings.of(seq2seq.model.config, "").predicates or ()
    except InputError:
        known = ()
    predicates = {*known, *gather_predicates(example.record for example in examples)}
    return StateSettings(how.states, data=data, predicates=tuple(sorted(predicates)))


def _texts_apart(examples: Iterable[TextExample]) -> Iterator[tuple[Record, str]]:
    """Each text with its record."""
    return ((example.record, text) for example in examples for text in example.texts if text.strip())


def _renamed(examples: Iterable[TextExample], how: Training) -> Iterator[tuple[Record, str]]:
    """The same, a share of them under invented names."""
    rng = random.Random(f"{how.seed}/new names")
    for record, text in _texts_apart(examples):
        yield renamed(record, text, rng) if rng.random() < how.new_names else (record, text)


def _features(
    encoder: StateEncoder, pairs: Iterable[tuple[Record, str]], hide: random.Random | None
) -> Iterator[dict[str, list[int]]]:
    """One row of ids per text, with a line on standard error that counts what was dropped and lost."""
    counts: Counter[str] = Counter()
    for record, text in pairs:
        counts["in"] += 1
        row = encoder.example(record, text, hide)
        counts["out" if row else f"longer than {encoder.positions} tokens"] += 1
        if row:
            yield row
    print(summary("train", "texts", counts), file=sys.stderr)
    for loss, number in sorted(encoder.codec.counts.items()):
        print(f"train: {number:,} {loss}", file=sys.stderr)
    encoder.codec.counts.clear()
