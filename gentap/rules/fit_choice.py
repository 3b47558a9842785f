"""`gentap fit-choice`: learn what clues are worth from questions of which the cells are known."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gentap.material import QuestionSet
from gentap.rules.asked_for import may_answer
from gentap.rules.choice import NAMES, Choice
from gentap.rules.clues import Clues, clues
from gentap.rules.compose import first_question
from gentap.rules.reading import is_said, read_question, says
from tabtext.corpora.questions import read_questions
from tabtext.errors import InputError
from tabtext.examples import QAExample
from tabtext.matching import TableMatcher
from tabtext.table import Cell

if TYPE_CHECKING:
    import torch


_EVERY = 10
"""Of so many questions one is held out to choose the pass by."""


@dataclass(frozen=True, kw_only=True)
class Fitting:
    """How weights are learnt: from `limit` questions of every set at most, by how many units in how many passes.

    `model` is asked the same questions, and its cells are a clue; every question is also learnt without them.
    """

    model: str | None = None
    units: int = 32
    passes: int = 5
    learning_rate: float = 3e-3
    limit: int | None = None
    seed: int = 0
    overwrite: bool = False


FITTING = Fitting()


class Known(NamedTuple):
    """The clues of a question, which call empty what may not answer it, and the cells that do [rows, columns]."""

    clues: Clues
    answers: torch.Tensor


def fit_choice(sets: Sequence[str], output: Path, how: Fitting = FITTING) -> float:
    """Learn from sets of questions, `[DATASET=]PATH` each, write the weights into a file, and return the share of held
    out questions whose likeliest cell is right."""
    from tabtext.jsonl import refuse_existing

    refuse_existing(output, overwrite=how.overwrite)
    examples = [example for part in map(QuestionSet.parse, sets) for example in islice(_asked(part), how.limit)]
    random.Random(how.seed).shuffle(examples)
    owns = _owns(examples, how.model)
    held = [known for one, own in zip(examples[::_EVERY], owns[::_EVERY], strict=True) if (known := _known(one, own))]
    learnt = [
        known
        for number, (one, own) in enumerate(zip(examples, owns, strict=True))
        if number % _EVERY
        for cell in dict.fromkeys((own, None))
        if (known := _known(one, cell)) and known.answers.any()
    ]
    if len(learnt) + len(held) < 2 * _EVERY:
        raise InputError(
            f"{', '.join(sets)}: {len(learnt) + len(held)} questions that cells answer; {2 * _EVERY} are needed."
        )
    choice, share = learn(learnt, held, how)
    choice.save(output)
    print(f"fit-choice: {len(examples):,} questions; {share:.1%} of those held out answered by a cell that is right",
          file=sys.stderr)  # fmt: skip
    return share


def _asked(part: QuestionSet) -> Iterator[QAExample]:
    """The questions of a set that cells answer, these as evidence."""
    from gentap.asked import asked_of_cells

    read = read_questions(part.path, part.dataset)
    return asked_of_cells(read, Counter()) if part.form == "short" and part.dataset != "jsonl" else read


def _known(example: QAExample, own: Cell | None) -> Known | None:
    """What is known of a question; None where no cell answers it. There may be one that the rules do not let answer."""
    import torch

    answers = answering(example)
    if not answers:
        return None
    reading = read_question(first_question(example.question), TableMatcher(example.table))
    found = clues(reading, example.table, own)
    found = found._replace(says=found.says & may_answer(reading, found, own))
    right = [[(row, column) in answers for column in range(example.table.width)] for row in found.numbers]
    return Known(found, torch.tensor(right, dtype=torch.bool).reshape(found.says.shape) & torch.tensor(found.says))


def answering(example: QAExample) -> frozenset[Cell]:
    """The cells that answer a question: those with the very text of its answer, else those marked as evidence that the
    question does not say itself."""
    cells = [Cell(row, column) for row, texts in enumerate(example.table.rows) for column in range(len(texts))]
    same = [cell for cell in example.evidence or cells if example.table[cell] in (example.answers or (example.answer,))]
    unsaid = (cell for cell in example.evidence if not is_said(example.table[cell], example.question))
    return frozenset(cell for cell in same or unsaid if says(example.table[cell]))


def _owns(examples: Sequence[QAExample], model: str | None) -> list[Cell | None]:
    """The cells with which a model answers, none without a model."""
    if model is None:
        return [None] * len(examples)
    from gentap.table_qa import TableQA

    qa = TableQA.from_pretrained(model, beams=1)
    return list(qa.cells((example.question, example.table) for example in examples))


def learn(learnt: Sequence[Known], held: Iterable[Known], how: Fitting) -> tuple[Choice, float]:
    """The weights that choose best among those held out, after one of the passes, and how often they are right."""
    import torch

    torch.manual_seed(how.seed)
    weights = [_drawn(len(names), how.units) for names in NAMES.values()]
    weights += [torch.zeros(how.units, requires_grad=True), _drawn(how.units, 1)[:, 0].detach().requires_grad_()]
    optimizer = torch.optim.AdamW(weights, how.learning_rate)
    order, held, best = random.Random(how.seed), list(held), (-1.0, Choice(*(w.detach().numpy() for w in weights)))
    for _ in range(how.passes):
        for number, known in enumerate(order.sample(learnt, len(learnt)), 1):
            _loss(weights, known).backward()
            if number % 16 == 0:
                optimizer.step()
                optimizer.zero_grad()
        choice = Choice(*(w.detach().numpy().copy() for w in weights))
        best = max(best, (_share_right(choice, held), choice), key=lambda scored: scored[0])
    return best[1], best[0]


def _drawn(count: int, units: int) -> torch.Tensor:
    import torch

    return (torch.randn(count, units) / 8).requires_grad_()


def _loss(weights: Sequence[torch.Tensor], known: Known) -> torch.Tensor:
    """What is missing from the probability of the cells that answer."""
    import torch

    rows, columns, cells, bias, units = weights
    of_rows, of_columns, of_cells = map(torch.from_numpy, (known.clues.rows, known.clues.columns, known.clues.cells))
    hidden = of_cells @ cells + (of_rows @ rows)[:, None] + (of_columns @ columns)[None] + bias
    scores = (torch.relu(hidden) @ units).masked_fill(~torch.from_numpy(known.clues.says), -torch.inf)
    return (scores.logsumexp((0, 1)) - scores[known.answers].logsumexp(0)) / 16


def _share_right(choice: Choice, held: Sequence[Known]) -> float:
    """How often the likeliest of the cells that say anything is right."""
    import numpy as np

    worth = (np.where(known.clues.says, choice.worth(known.clues), -np.inf) for known in held)
    right = [bool(known.answers.flatten()[int(its.argmax())]) for known, its in zip(held, worth, strict=True)]
    return sum(right) / max(1, len(right))
