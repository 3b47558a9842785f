"""`datatuner train-fidelity`: an encoder learns to judge, from the pairs that `datatuner corrupt` writes.

The probabilities are then calibrated on pairs of records that it never saw; the temperatures travel in its config.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tabtext.errors import InputError, unknown_name
from tabtext.examples import FidelityExample
from tabtext.identity import identity
from tabtext.jsonl import read_lines
from tabtext.stages import summary
from tabtext.training_settings import ModelTraining

if TYPE_CHECKING:
    from datatuner.fidelity_input import FidelityRow, PairEncoder
    from tabtext.models import Seq2Seq
    from tabtext.training import Report

SIZES: dict[str, dict[str, Any]] = {
    "tiny": {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 256},
    "mini": {"hidden_size": 192, "num_hidden_layers": 4, "num_attention_heads": 4, "intermediate_size": 768},
    "small": {"hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 12, "intermediate_size": 1536},
    "base": {"hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072},
}
"""Shapes of an encoder from scratch, with the vocabularies of `tabtext.models.VOCABULARIES`."""

HELD_OUT, MOST_HELD_OUT = 20, 2000
"""Without a dev file the pairs of one record in so many are held out; of dev pairs so many at most are used."""


@dataclass(frozen=True, kw_only=True)
class FidelityTraining(ModelTraining):
    """How a classifier is trained; `model` is an encoder, or a classifier to go on with.

    `max_length` counts tokens of record and text together; `limit` is of each file.
    """

    learning_rate: float = 1e-4
    max_length: int = 512


TRAINING = FidelityTraining()


def train_fidelity(
    pairs: Sequence[Path], output: Path, how: FidelityTraining = TRAINING, dev: Path | None = None
) -> Report:
    """Train a classifier on files of pairs, calibrate it on `dev` (or on held-out records), and save it into `output`.

    Pairs that are too long are counted and left out; a run that was killed goes on from its last checkpoint.
    """
    from datatuner.fidelity_input import FidelityCollator

    examples, held_out = _split(list(chain.from_iterable(islice(read_pairs(path), how.limit) for path in pairs)), dev)
    seq2seq = _start(how, examples)
    encoder = _encoder(seq2seq)
    rows, dev_rows = (_rows(encoder, part, name) for part, name in ((examples, "training"), (held_out, "dev")))
    facts = {"task": "fidelity", "data": [path.name for path in pairs], "inputs": identity(*pairs, dev)}
    collator = FidelityCollator(seq2seq.tokenizer.pad_token_id)
    return how.train(
        seq2seq, rows, output, facts, dev=dev_rows, collator=collator, own_loss=True, per="pair",
        finish=partial(calibrate, rows=dev_rows) if dev_rows else None,
    )  # fmt: skip


def calibrate(model: Path, rows: Sequence[FidelityRow]) -> None:
    """Fit the temperatures of the classifier in a folder to rows that it did not see, and put them into its config."""
    from datatuner.calibration import fit_temperatures
    from datatuner.fidelity import FidelityClassifier

    classifier = FidelityClassifier.from_pretrained(model.absolute())  # a bare name may be that of a shipped model
    classifier.model.config.temperatures = fit_temperatures(classifier.outputs(rows), rows)
    classifier.model.config.save_pretrained(model)


def read_pairs(path: str | Path) -> Iterator[FidelityExample]:
    """The pairs of a file as `datatuner corrupt` writes them; an InputError names the line."""
    for line in read_lines(path):
        try:
            example = FidelityExample.from_json(line.json())
        except InputError as error:
            raise InputError(f"{line.name}, line {line.number}: {error}") from None
        yield example


def names_and_texts(examples: Iterable[FidelityExample]) -> Iterator[str]:
    """All that the classifier reads of pairs: the names in their facts, as they are read, and the texts."""
    for example in examples:
        yield from chain.from_iterable(triple.readable() for triple in example.record.triples)
        yield example.text


def _split(examples: list[FidelityExample], dev: Path | None) -> tuple[list[FidelityExample], list[FidelityExample]]:
    """What to train on, and what to calibrate on: a file, or all pairs of some records."""
    if dev is not None:
        return examples, _thinned(list(read_pairs(dev)))
    held = [int(sha256(repr(e.record.triples).encode()).hexdigest(), 16) % HELD_OUT == 0 for e in examples]
    kept = [example for example, out in zip(examples, held, strict=True) if not out]
    return kept, _thinned([example for example, out in zip(examples, held, strict=True) if out])


def _thinned(examples: list[FidelityExample]) -> list[FidelityExample]:
    """At most `MOST_HELD_OUT` of the examples, from all over the file."""
    step = -(-len(examples) // MOST_HELD_OUT) or 1
    return examples[::step]


def _rows(encoder: PairEncoder, examples: Iterable[FidelityExample], name: str) -> list[FidelityRow]:
    """The examples as rows, with a line on standard error that counts what was left out or could not be read."""
    from datatuner.fidelity_input import TooLongError, labelled

    counts: Counter[str] = Counter()
    rows = []
    for example in examples:
        counts["in"] += 1
        try:
            rows.append(labelled(encoder, example))
        except TooLongError:
            counts["longer than --max-length"] += 1
    counts["out"] = len(rows)
    print(summary(f"train-fidelity ({name})", "pairs", counts), file=sys.stderr)
    for loss, number in sorted(encoder.codec.counts.items()):
        print(f"train-fidelity ({name}): {number:,} {loss}", file=sys.stderr)
    encoder.codec.counts.clear()
    return rows


def _encoder(seq2seq: Seq2Seq) -> PairEncoder:
    from datatuner.fidelity_input import PairEncoder

    return PairEncoder(seq2seq.tokenizer, seq2seq.model.config.max_length)


def _start(how: FidelityTraining, examples: Sequence[FidelityExample]) -> Seq2Seq:
    """The model to train: a classifier as it is, an encoder with fresh heads, or one made for these texts."""
    if not examples:
        raise InputError("There is nothing to train on: the files hold no pairs.")
    import torch

    from datatuner.fidelity_model import FidelityModel
    from tabtext.models import Seq2Seq, default_device

    torch.manual_seed(how.seed)
    encoder, tokenizer = load_encoder(how.model) if how.model else _from_scratch(how, examples)
    if not isinstance(encoder, FidelityModel):
        fits = _longest(encoder, tokenizer)
        encoder = FidelityModel.around(encoder, min(how.max_length, fits))
    model: Any = encoder
    return Seq2Seq(model.to(default_device()), tokenizer)


def load_encoder(name: str) -> tuple[Any, Any]:
    """An encoder, or a classifier of ours, in single precision, with its tokenizer."""
    import datatuner.fidelity_model  # noqa: F401  (makes FidelityModel known to the Auto classes)
    from tabtext import models

    return models.load_encoder(name)


def _from_scratch(how: FidelityTraining, examples: Sequence[FidelityExample]) -> tuple[Any, Any]:
    """A BERT of one of `SIZES` with fresh weights, and a tokenizer trained on the records and texts."""
    if how.from_scratch not in SIZES:
        raise unknown_name("size", how.from_scratch, SIZES)
    from transformers import BertConfig, BertModel

    from tabtext.models import VOCABULARIES
    from tabtext.tokenizers import train_tokenizer

    tokenizer = train_tokenizer(names_and_texts(examples), size=VOCABULARIES[how.from_scratch], extra_ids=0)
    config = BertConfig(
        vocab_size=-(-len(tokenizer) // 64) * 64,
        max_position_embeddings=how.max_length,
        pad_token_id=tokenizer.pad_token_id,
        **SIZES[how.from_scratch],
    )
    tokenizer.model_max_length = how.max_length
    return BertModel(config), tokenizer


def _longest(encoder: Any, tokenizer: Any) -> int:
    """The tokens that an encoder reads: its positions, less those that RoBERTa keeps for its padding's offset."""
    positions = int(getattr(encoder.config, "max_position_embeddings", 512))
    offset = getattr(getattr(encoder, "embeddings", None), "padding_idx", None)
    return min(int(tokenizer.model_max_length), positions - (0 if offset is None else offset + 1))
