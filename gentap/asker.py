"""The inverted question generator of GenTaP: learns sentence + entries -> question from a reading-comprehension set,
then asks, about every mined sentence, the questions that the sentence answers.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gentap.asker_data import (
    MAX_GIVEN,
    STRUCTURE,
    AskerExample,
    AskerInput,
    Entry,
    asker_examples,
    learnt_headers,
    source_ids,
    spoken_header,
)
from gentap.mentions import Mention, read_mention
from gentap.question_filters import degenerate, names_another
from tabtext.candidates import Candidate
from tabtext.corpora.squad import read_squad
from tabtext.errors import InputError
from tabtext.identity import identity, model_identity
from tabtext.jsonl import read_lines, refuse_existing
from tabtext.stages import Options, Source, Stage, run_stage, summary
from tabtext.table import Cell
from tabtext.tokenizers import TextCodec
from tabtext.training_settings import LEARNING_RATE, ModelTraining

if TYPE_CHECKING:
    from tabtext.models import Seq2Seq
    from tabtext.training import Report

MAX_NEW_TOKENS = 48
MAX_ASKED = 6
"""Entries of one sentence that are asked about."""

_DEV_EXAMPLES = 500
_KEPT_PER_SEARCH = 4

_LEARNT_HEADERS = "asker_headers"
"""Where a model's config keeps the headers that it has learnt to ask with."""
_MAX_LENGTH = "asker_max_length"
"""Where it keeps the input tokens that it has learnt to read; one that says nothing has learnt the default."""


@dataclass(frozen=True, kw_only=True)
class AskerTraining(ModelTraining):
    """How an asker is trained; its input has `max_length` tokens at most."""

    batch_size: int = 24
    learning_rate: float = LEARNING_RATE
    max_length: int = 192


@dataclass(frozen=True)
class Asking:
    """How questions are asked: at most `per_sentence`, from `beams` searched (or drawn, with `sample`) per entry.

    A question must say another cell of its row, without which it could be asked of any row; `any_row` keeps all.
    """

    per_sentence: int = 1
    beams: int = 4
    sample: bool = False
    any_row: bool = False


TRAINING, ASKING = AskerTraining(), Asking()


def train_asker(squad: Sequence[Path], output: Path, how: AskerTraining, dev: Path | None = None) -> Report:
    """Train a question generator on SQuAD-shaped files and save it into the folder `output`.

    Without a `dev` file the last 500 examples (at most a tenth) are held out. Says on standard error what the data
    gave and what was dropped; a run that was killed goes on from its last checkpoint.
    """
    examples = _read(squad, how)
    held_out = _read([dev], how)[: 2 * _DEV_EXAMPLES] if dev else []
    if not dev:
        size = min(_DEV_EXAMPLES, len(examples) // 10)
        examples, held_out = examples[: len(examples) - size], examples[len(examples) - size :]
    if not examples:
        raise InputError(f"{', '.join(map(str, squad))}: no usable question; see the counts above.")
    seq2seq = _start(examples, how)
    setattr(seq2seq.model.config, _LEARNT_HEADERS, learnt_headers(examples))
    setattr(seq2seq.model.config, _MAX_LENGTH, how.max_length)
    codec = TextCodec(seq2seq.tokenizer)
    features = _features(codec, examples, how.max_length)
    dev_features = _features(codec, held_out, how.max_length)
    _say_losses(codec)
    facts = {"task": "asker", "files": [str(path) for path in squad], "inputs": identity(*squad, dev)}
    return how.train(seq2seq, features, output, facts, dev=dev_features)


def ask(mentions: Path, options: Options, *, model: str, how: Asking = ASKING) -> Counter[str]:
    """Write, for every mention (`gentap mine`), the questions that its sentence answers: the mention's fields, and
    `question`, `logprob`, `asked` (the [row, column] asked for).

    Each matched entry is asked for in turn; of the questions that pass the filters the `per_sentence` likeliest are
    kept, those about different entries first.
    """
    refuse_existing(options.output, overwrite=options.overwrite)
    _loaded(model)
    stage = Stage(
        "ask",
        {"model": model_identity(model), **asdict(how)},
        process_shard=Asker(model, how),
        read=read_mention,
        shard_size=64,
    )
    return run_stage(stage, Source(read_lines(mentions), "sentences"), options)


@dataclass(frozen=True)
class Asker:
    """Mentions to questions, many at once: the shard function of `ask`."""

    model: str
    how: Asking = ASKING

    def __call__(
        self, mentions: list[Mention], rngs: list[random.Random], counts: Counter[str]
    ) -> Iterator[dict[str, Any]]:
        """The records of these mentions, in order; why questions were dropped goes to `counts`."""
        learnt = getattr(_loaded(self.model).model.config, _LEARNT_HEADERS, None)
        asked = [list(asker_inputs(mention, learnt and frozenset(learnt))) for mention in mentions]
        seeds = [rng.getrandbits(32) for rng, inputs in zip(rngs, asked, strict=True) for _ in inputs]
        found = self._candidates([source for inputs in asked for _, source in inputs], seeds)
        for mention, inputs in zip(mentions, asked, strict=True):
            questions = [(cell, source, next(found)) for cell, source in inputs]
            for cell, candidate in self._chosen(mention, questions, counts):
                yield {
                    **mention.to_json(),
                    "question": candidate.text,
                    "logprob": round(candidate.logprob, 4),
                    "asked": list(cell),
                }

    def _candidates(self, sources: list[AskerInput], seeds: list[int]) -> Iterator[list[Candidate]]:
        from transformers import GenerationConfig

        from tabtext.generation import generate

        seq2seq = _loaded(self.model)
        codec = TextCodec(seq2seq.tokenizer)
        max_length = getattr(seq2seq.model.config, _MAX_LENGTH, TRAINING.max_length)
        rows = [{"input_ids": ids} for ids in source_ids(codec, sources, max_length)]
        count = self.how.beams if self.how.sample else min(self.how.beams, _KEPT_PER_SEARCH)
        config = GenerationConfig(
            num_beams=1 if self.how.sample else self.how.beams,
            do_sample=self.how.sample,
            num_return_sequences=count,
            max_new_tokens=MAX_NEW_TOKENS,
            no_repeat_ngram_size=4,
            decoder_start_token_id=seq2seq.model.config.decoder_start_token_id,
            eos_token_id=seq2seq.tokenizer.eos_token_id,
            **({"top_p": 0.9, "temperature": 0.8} if self.how.sample else {}),
        )
        return generate(seq2seq, rows, config, seeds=seeds)

    def _chosen(
        self, mention: Mention, questions: list[tuple[Cell, AskerInput, list[Candidate]]], counts: Counter[str]
    ) -> list[tuple[Cell, Candidate]]:
        """The `per_sentence` likeliest questions that are of use, one per entry before a second about any."""
        kept: list[tuple[int, float, Cell, Candidate]] = []
        seen: set[str] = set()
        for cell, source, candidates in questions:
            rank, others = 0, [mention.table[other] for other in mention.cells if other != cell]
            for candidate in candidates:
                reason = degenerate(candidate.text, source)
                reason = reason or ("duplicate" if candidate.text.lower() in seen else None)
                if not reason and not self.how.any_row and not names_another(candidate.text, others):
                    reason = "asks of any row"
                if reason:
                    counts[reason] += 1
                    continue
                seen.add(candidate.text.lower())
                kept.append((rank, -candidate.logprob / (1 + len(candidate.text.split())), cell, candidate))
                rank += 1
        kept.sort(key=lambda entry: entry[:3])
        if not kept:
            counts["sentence without a question"] += 1
        return [(cell, candidate) for _, _, cell, candidate in kept[: self.how.per_sentence]]


def asker_inputs(mention: Mention, learnt: Container[str] | None = None) -> Iterator[tuple[Cell, AskerInput]]:
    """One input per matched cell: that cell asked for, the others and the table's title given.

    Headers are said in words that the model has `learnt`; without these, as they stand.
    """
    found = ((cell, mention.table.header[cell.column], mention.table[cell]) for cell in mention.cells)
    entries = {
        cell: Entry(header if learnt is None else spoken_header(header, value, learnt), value)
        for cell, header, value in found
        if value.strip()
    }
    title = [Entry("title", mention.table.title)] if mention.table.title else []
    for cell, asked in list(entries.items())[:MAX_ASKED]:
        others = [entry for entry in entries.values() if entry.value != asked.value]
        yield cell, AskerInput(mention.sentence, asked, tuple([*title, *others][:MAX_GIVEN]))


@lru_cache(maxsize=1)
def _loaded(model: str) -> Seq2Seq:
    from tabtext.models import load_seq2seq

    seq2seq = load_seq2seq(model, kind="asker_headers")
    missing = [token for token in STRUCTURE if token not in seq2seq.tokenizer.get_vocab()]
    if missing:
        raise InputError(f"Model {model!r}: is no asker (its tokenizer lacks {missing[0]}); make one with train-asker.")
    return seq2seq


def _read(files: Sequence[Path], how: AskerTraining) -> list[AskerExample]:
    """The training pairs of these files, with a line on standard error that counts what was dropped."""
    counts: Counter[str] = Counter()
    questions = chain.from_iterable(map(read_squad, files))
    if how.limit is not None:
        questions = islice(questions, how.limit)  # type: ignore[assignment]
    examples = list(asker_examples(questions, random.Random(how.seed), counts))
    tally = {"in": counts.pop("questions", 0), "out": counts.pop("kept", 0), **counts}
    print(summary("train-asker", "questions", tally), file=sys.stderr)
    return examples


def _start(examples: Sequence[AskerExample], how: AskerTraining) -> Seq2Seq:
    """The model to train: loaded and given our structure tokens, or made from scratch for these texts."""
    from tabtext.models import add_tokens, from_scratch, load_seq2seq

    if how.model:
        seq2seq = load_seq2seq(how.model)
        add_tokens(seq2seq, STRUCTURE)
        return seq2seq
    texts = chain.from_iterable((x.source.sentence, x.question, *x.source.asked) for x in examples)
    return from_scratch(how.from_scratch, texts, structure=STRUCTURE, seed=how.seed)


def _features(codec: TextCodec, examples: Sequence[AskerExample], max_length: int) -> list[dict[str, list[int]]]:
    sources = source_ids(codec, [example.source for example in examples], max_length)
    questions = codec.encode([example.question for example in examples])
    end = codec.tokenizer.eos_token_id
    return [
        {"input_ids": source, "labels": [*question[: MAX_NEW_TOKENS - 1], end]}
        for source, question in zip(sources, questions, strict=True)
    ]


def _say_losses(codec: TextCodec) -> None:
    for reason, count in sorted(codec.counts.items()):
        print(f"train-asker: {count:,} {reason}", file=sys.stderr)
