"""`gentap evaluate`: a model's answers to a data set, scored beside the floors that need no model.

What the model saw in training is told with the scores, so that zero-shot means what it says. Gold cells are not read
unless asked for, and then that is told too.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gentap.answers import GRAMMAR, NO_MODELS, PARSER, RULES, Answer, Asked
from gentap.finetune import SHORT_ANSWERS
from gentap.table_qa import BEAMS, TableQA
from tabtext.corpora.questions import read_questions
from tabtext.errors import InputError, unknown_name
from tabtext.examples import QAExample
from tabtext.jsonl import atomic_output, dumps, refuse_existing
from tabtext.metrics.base import Items
from tabtext.metrics.breakdowns import shuffled
from tabtext.metrics.evaluated import PREDICTIONS, SCORES, Evaluated, computable, named
from tabtext.metrics.match import joined
from tabtext.models import refuse_near_name
from tabtext.table import Cell, Table

if TYPE_CHECKING:
    from tabtext.metrics.formats import Row

SENTENCE_METRICS = ("sacrebleu_lc", "sacrebleu", "brevity_penalty", "rouge1", "rouge2", "rougeL", "meteor")
SHORT_METRICS = ("exact_match", "denotation_accuracy")


@dataclass(frozen=True)
class Evaluating:
    """How a model is evaluated: by which `metrics`, else those that suit the answers.

    `shuffle` answers again with the rows and columns of every table in another order; `gold_cells` shows the model
    only the rows that the data set marks as evidence; `beside` names further models whose scores stand in the table.
    Without `decoder` the data set's form of answers chooses which one speaks, and what is scored; a model with one
    trained decoder speaks with that one, and the report says which it was. Without `length_penalty` and `composed` the
    model's own count. `resamples` of the questions give every score its interval; 0 leaves them out.
    """

    dataset: str = "fetaqa"
    metrics: tuple[str, ...] = ()
    shuffle: bool = False
    gold_cells: bool = False
    beams: int = BEAMS
    limit: int | None = None
    seed: int = 0
    overwrite: bool = False
    beside: tuple[str, ...] = ()
    decoder: str | None = None
    length_penalty: float | None = None
    composed: bool | None = None
    resamples: int = 1000

    def __post_init__(self) -> None:
        if self.decoder not in (None, "sentence", "cell"):
            raise unknown_name("decoder", self.decoder, ("sentence", "cell"))

    @property
    def is_short(self) -> bool:
        """Whether the answers are cells rather than sentences."""
        return self.decoder == "cell" if self.decoder else self.dataset in SHORT_ANSWERS


EVALUATING = Evaluating()


def evaluate(model: str, data: Path, output: Path, how: Evaluating = EVALUATING) -> Evaluated:
    """Answer the questions of a file, score the answers, and write both into the folder `output`.

    `predictions.jsonl` is written whatever becomes of the scoring. Raises InputError for a model or file that cannot
    be read, and where the output exists.
    """
    if how.shuffle and how.gold_cells:
        raise InputError("Shuffled tables are answered whole; pass --shuffle or --gold-cells, not both.")
    how = replace(how, metrics=named(how.metrics))
    for name in (PREDICTIONS, SCORES):
        refuse_existing(output / name, overwrite=how.overwrite)
    examples = list(islice(read_questions(data, how.dataset), how.limit))
    if not examples:
        raise InputError(f"{data}: holds no questions.")
    if how.gold_cells and not any(example.evidence for example in examples):
        raise InputError(f"{data}: marks no cells, which --gold-cells would show alone; leave the option out.")
    system, *others = (_system(name, how) for name in (model, *how.beside))
    answers = _answers(system, examples, how)
    _write(output / PREDICTIONS, examples, answers, how)
    systems = {model: answers}
    if how.shuffle:
        rngs = (random.Random(f"{how.seed}/{number}") for number in range(len(examples)))
        moved = [replace(e, table=shuffled(e.table, rng)) for e, rng in zip(examples, rngs, strict=True)]
        systems[f"{model}, rows and columns shuffled"] = _answers(system, moved, how)
    systems |= {other.name: _answers(other, examples, how) for other in others}
    rows = _scored(systems, examples, how)
    evaluated = Evaluated(rows, _facts(system, data, answers, how) | _marked(examples, answers))
    evaluated.save(output)
    return evaluated


class System(NamedTuple):
    """What is evaluated: how it answers questions, and the data that it saw."""

    name: str
    answers: Callable[..., Iterator[Answer]]
    seen: tuple[str, ...] = ()
    decoder: str = ""
    composed: bool = False


def _system(name: str, how: Evaluating) -> System:
    """The grammar, the rules, or the model of this name, by the decoder that the data set's answers are of."""
    if name == GRAMMAR:
        from gentap.grammar.answer import grammar_answers

        return System(name, grammar_answers)
    if name == PARSER:
        from gentap.parser.answer import parser_answers

        return System(name, partial(parser_answers, in_sentences=not how.is_short), composed=True)
    if name == RULES:
        from gentap.rules.compose import composed_answers

        return System(name, _cells_of(composed_answers) if how.is_short else composed_answers, composed=True)
    refuse_near_name(name, NO_MODELS)
    qa = TableQA.from_pretrained(name, beams=how.beams, composed=how.composed)
    trained = qa.settings.decoders
    decoder = "cell" if how.is_short and "cell" in trained else trained[0]
    penalty = how.length_penalty or qa.settings.length_penalty
    settings = replace(qa.settings, decoders=(decoder,), length_penalty=penalty)
    qa = TableQA(qa.seq2seq, settings, beams=how.beams, composed=qa.composed)
    return System(name, qa.answers, settings.seen, decoder, qa.composed)


def _cells_of(answers: Callable[..., Iterator[Answer]]) -> Callable[..., Iterator[Answer]]:
    """The same answers, each said by the cell alone."""
    return lambda *asked, **how: (
        replace(answer, text=(answer.cell or "").strip()) for answer in answers(*asked, **how)
    )


def _answers(system: System, examples: Sequence[QAExample], how: Evaluating) -> list[Answer]:
    """An answer per example, evidence in the example's own table; one without text where the question does not fit."""
    from tqdm import tqdm

    shown = [_shown(example, how) for example in examples]
    asked = (Asked(example.question, table) for example, (table, _) in zip(examples, shown, strict=True))
    answers = system.answers(asked, on_error="skip")
    told = tqdm(answers, total=len(examples), unit=" answers", disable=None, file=sys.stderr)
    return [
        replace(answer, evidence=tuple(Cell(rows[cell.row], cell.column) for cell in answer.evidence))
        for answer, (_, rows) in zip(told, shown, strict=True)
    ]


def _shown(example: QAExample, how: Evaluating) -> tuple[Table, Sequence[int]]:
    """What the model gets to see of a table, and the original numbers of its rows."""
    if not how.gold_cells:
        return example.table, range(len(example.table))
    rows = sorted({cell.row for cell in example.evidence}) or list(range(len(example.table)))
    return replace(example.table, rows=tuple(example.table.rows[row] for row in rows), highlighted=()), rows


def _references(example: QAExample, how: Evaluating) -> tuple[str, ...]:
    """The answers that count as right; a short one may be a list."""
    if not how.is_short:
        return (example.answer,)
    answers = example.answers or (example.answer,)
    return (joined(answers),)


def _write(path: Path, examples: Iterable[QAExample], answers: Iterable[Answer], how: Evaluating) -> None:
    with atomic_output(path, overwrite=how.overwrite) as file:
        for number, (example, answer) in enumerate(zip(examples, answers, strict=True)):
            fields = {name: value for name, value in answer.to_json().items() if name != "answer"}
            record = {"id": example.id or str(number), "prediction": answer.text, **fields}
            file.write(dumps({**record, "references": _references(example, how)}).encode() + b"\n")


def _scored(systems: dict[str, list[Answer]], examples: Sequence[QAExample], how: Evaluating) -> list[Row]:
    """A row of scores per system, then the floors."""
    from tabtext.metrics.runs import Run, Scoring, score_runs

    fields = tuple({"question": e.question, "table": replace(e.table, highlighted=()).to_json()} for e in examples)
    references = tuple(_references(example, how) for example in examples)
    ids = tuple(example.id for example in examples)
    runs = [
        Run(name, Items(tuple(answer.text for answer in answers), references, ids, fields))
        for name, answers in systems.items()
    ]
    metrics = how.metrics or (SHORT_METRICS if how.is_short else tuple(computable(SENTENCE_METRICS)))
    return score_runs(runs, Scoring(metrics, how.resamples, how.seed))


def _marked(examples: Sequence[QAExample], answers: Sequence[Answer]) -> dict[str, float]:
    """The share of answers, in percent, whose cell says what a cell does that people marked and the question does not
    say; nothing where none are marked."""
    from gentap.rules.fit_choice import answering

    pairs = zip(examples, answers, strict=True)
    marked = [(answer.cell, {e.table[cell] for cell in answering(e)}) for e, answer in pairs if e.evidence]
    right = [cell in texts for cell, texts in marked if texts]
    return {"marked_cells": round(100 * sum(right) / len(right), 2)} if right else {}


def _facts(system: System, data: Path, answers: Sequence[Answer], how: Evaluating) -> dict[str, Any]:
    """What belongs beside the scores."""
    names = (how.dataset, f"{how.dataset}-cells")  # the same questions with the cells that people marked
    own = [said for said in system.seen if any(f" questions of {name} (" in said for name in names)]
    return {
        "n": len(answers),
        "model": system.name,
        "data": f"{how.dataset} ({data.name})",
        "decoder": system.decoder,
        "composed": system.composed,
        "setting": "fine-tuned" if own else "zero-shot",
        "seen": list(system.seen),
        "gold_cells": how.gold_cells,
        "below_threshold": sum(not answer.answerable for answer in answers),
        "cut": sum(bool(answer.cut) for answer in answers),
        "evaluating": {name: value for name, value in asdict(how).items() if name != "overwrite"},
    }
