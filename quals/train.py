"""Training on sources with pairs: a question-answer generator for `QUALS` (QAGen), an asker or answerer for `QAGS`."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quals.pairs import PairExample, read_pairs
from quals.qagen import SEPARATOR, STRUCTURE, QAGen
from quals.sources import text_of
from quals.writer import ASKING, TASKS, Writer
from tabtext.errors import InputError, unknown_name
from tabtext.identity import identity
from tabtext.stages import summary
from tabtext.training_settings import LEARNING_RATE, ModelTraining

if TYPE_CHECKING:
    from tabtext.models import Seq2Seq
    from tabtext.training import Report

PAIR = "pair"
"""The task of a QAGen: questions with their answers."""

DEV_EXAMPLES = 500
"""Examples held out, at most a tenth of all."""


@dataclass(frozen=True, kw_only=True)
class QAGenTraining(ModelTraining):
    """How a generator is trained; its input has `max_length` tokens at most.

    `limit` takes the first pairs of each file, and `per_set` so many of those, drawn at random; of the pairs of a file
    a share of at most `unanswerable` is questions that their source does not answer. Of a share `answering` of the
    pairs the question is given and only the answer learnt. `task` is what it learns to write: `pair`, or one of
    `quals.writer.TASKS`.
    """

    epochs: float = 2.0
    batch_size: int = 24
    learning_rate: float = LEARNING_RATE
    max_length: int = 192
    per_set: int | None = None
    unanswerable: float = 0.0
    answering: float = 0.0
    task: str = PAIR

    @property
    def share_unanswered(self) -> float:
        """The share of questions without an answer; an asker, which is given one, learns from none."""
        return self.unanswerable if self.task != ASKING else 0.0


TRAINING = QAGenTraining()


def train_qagen(data: Sequence[str], output: Path, how: QAGenTraining = TRAINING) -> Report:
    """Train a generator on `KIND=PATH` data and save it into the folder `output`.

    Says on standard error what each file gave and what was dropped; a run that was killed goes on from its last
    checkpoint.
    """
    if how.task not in (PAIR, *TASKS):
        raise unknown_name("task", how.task, (PAIR, *TASKS))
    if how.answering and how.task != PAIR:
        raise InputError(f"--answering is for --task {PAIR}; --task {how.task} learns nothing else anyway.")
    if not 0 <= how.unanswerable < 1:
        raise InputError(f"--unanswerable {how.unanswerable}: a share from 0 to less than 1 was expected.")
    examples = list(chain.from_iterable(read_named(named, how) for named in data))
    if not examples:
        raise InputError(f"{', '.join(data) or 'no data'}: no usable pair; see the counts above.")
    random.Random(how.seed).shuffle(examples)
    held_out = min(DEV_EXAMPLES, len(examples) // 10)
    qagen = _for_task(_start(examples, how), how)
    qagen.store()
    encoded = list(features(qagen, examples, how))
    for reason, count in sorted(qagen.encoder.codec.counts.items()):
        print(f"train: {count:,} {reason}", file=sys.stderr)
    facts = {"data": list(data), "inputs": identity(*(named.partition("=")[2] for named in data))}
    return how.train(qagen.seq2seq, encoded[held_out:], output, facts, dev=encoded[:held_out])


def read_named(named: str, how: QAGenTraining) -> list[PairExample]:
    """The pairs of one file, with a line on standard error that counts what was dropped."""
    counts: Counter[str] = Counter()
    rng = random.Random(f"{how.seed}/{named.partition('=')[0]}")
    pairs = (pair for pair in read_pairs(named, rng, counts) if pair.answered or how.share_unanswered)
    examples = list(islice(pairs, how.limit))
    chosen = draw(examples, how, rng)
    counts["out"] = len(chosen)
    print(summary(f"train {named}", "questions or texts", counts), file=sys.stderr)
    return chosen


def draw(examples: Sequence[PairExample], how: QAGenTraining, rng: random.Random) -> list[PairExample]:
    """So many examples of a file as are asked for, those without an answer at most in their share."""
    answered = [example for example in examples if example.answered]
    unanswered = [example for example in examples if not example.answered]
    whole = min(how.per_set or len(examples), int(len(answered) / (1 - how.share_unanswered)))
    some = rng.sample(unanswered, min(len(unanswered), int(how.share_unanswered * whole)))
    return [*rng.sample(answered, min(len(answered), whole - len(some))), *some]


def _start(examples: Sequence[PairExample], how: QAGenTraining) -> Seq2Seq:
    """The model to train: loaded and given our structure tokens, or made from scratch for these texts.

    A new one's pointer minds no tokens just said: with them it goes on to the end of any span that it has begun, and
    its answers are longer than what is asked for. It reads what it points at, without which it answers yes and no by
    the question alone (both measured in docs/results.md).
    """
    from tabtext.copying import start_reading
    from tabtext.models import add_tokens, from_scratch, load_seq2seq

    if how.model:
        seq2seq = load_seq2seq(how.model)
        if how.max_length > seq2seq.max_length:
            raise InputError(
                f"Model {how.model!r} reads {seq2seq.max_length} tokens, and --max-length asks for {how.max_length}."
            )
        add_tokens(seq2seq, STRUCTURE)
        return seq2seq
    texts = chain.from_iterable((text_of(example.source), *example.pair) for example in examples)
    made = from_scratch(how.from_scratch, texts, structure=STRUCTURE, copy_context=0, seed=how.seed)
    start_reading(made.model)
    return made


def _for_task(seq2seq: Seq2Seq, how: QAGenTraining) -> QAGen | Writer:
    return QAGen(seq2seq, how.max_length) if how.task == PAIR else Writer(seq2seq, how.task, how.max_length)


def features(qagen: QAGen | Writer, examples: Sequence[PairExample], how: QAGenTraining) -> Iterator[dict[str, Any]]:
    """Inputs and labels; of a source that is too long the window that holds the answer. A question without an answer
    is always given, so that none is learnt to be asked."""
    separator, rng = qagen.encoder.codec.id(SEPARATOR), random.Random(how.seed)
    for source, pair in examples:
        windows, answer = qagen.windows(source, pair), qagen.encoder.codec.encode([pair.answer])[0]
        if len(windows) > 1:
            qagen.encoder.codec.counts["cut to fit"] += 1
        chosen = next((window for window in windows if _holds(_source_part(window, separator), answer)), windows[0])
        target = qagen.target(pair)
        is_given = how.task == PAIR and (rng.random() < how.answering or not pair.answer)
        yield {"input_ids": chosen, "labels": target, "given": target.index(separator) + 1 if is_given else 0}


def _source_part(window: list[int], separator: int) -> list[int]:
    """A window without what is given before the source, if anything is."""
    return window[window.index(separator) + 1 :] if separator in window else window


def _holds(window: Sequence[int], ids: Sequence[int]) -> bool:
    """Whether the ids stand in the window, one after another."""
    return any(list(window[i : i + len(ids)]) == list(ids) for i in range(len(window) - len(ids)))
