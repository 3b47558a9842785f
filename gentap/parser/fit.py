"""`gentap fit-parser`: learn what clues are worth from questions and their answers, the programs unknown.

The likelihood of all programs with the right answer is made greater (Pasupat and Liang 2015, section 5), by AdaGrad
with weights drawn to zero.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gentap.material import QuestionSet
from gentap.parser.about import About, too_large
from gentap.parser.parse import read
from gentap.parser.weights import Weights
from tabtext.corpora.questions import read_questions
from tabtext.errors import InputError
from tabtext.examples import QAExample
from tabtext.metrics.match import joined, same_denotation
from tabtext.values import Kind, parse_value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

_SMALLEST = 0.02
"""Weights nearer to zero are left out of the file."""
_SLOWER = 0.3
"""The rate at which hidden units learn beside clues by themselves."""
_COMMON = 40
"""Times as many questions must have a clue for hidden units to see it."""


@dataclass(frozen=True, kw_only=True)
class ParserFitting:
    """How weights are learnt: in how many passes, with how many hidden `units`, of clues that so many questions have at
    least; `decay` draws those of single clues to zero, and of every `held_out` questions one is held out (of none
    with 0)."""

    passes: int = 2
    units: int = 16
    learning_rate: float = 0.15
    decay: float = 1e-3
    questions_a_clue: int = 5
    held_out: int = 10
    limit: int | None = None
    seed: int = 0
    overwrite: bool = False


PARSER_FITTING = ParserFitting()


class Item(NamedTuple):
    """A question's programs as numbers: of every piece's clues (`clues`, their `values`, the `owners` they are of), the
    pieces of every program [programs, most pieces], which programs are right, and which share an answer."""

    pieces: int
    clues: Numbers
    values: Floats
    owners: Numbers
    programs: Numbers
    right: Bools
    answers: Numbers


class _Names(dict[str, int]):
    """The numbers of clues, given as they come."""

    def __missing__(self, name: str) -> int:
        self[name] = len(self)
        return self[name]


def fit_parser(sets: Sequence[str], output: Path, how: ParserFitting = PARSER_FITTING) -> float:
    """Learn from sets of questions, `[DATASET=]PATH` each, write the weights into a file, and return the share of held
    out questions that are answered rightly."""
    from tabtext.jsonl import refuse_existing

    refuse_existing(output, overwrite=how.overwrite)
    names = _Names()
    examples = (
        one
        for part in map(QuestionSet.parse, sets)
        for one in islice(read_questions(part.path, part.dataset), how.limit)
    )
    items = list(_items(examples, names))
    if not any(item.right.any() for item in items):
        raise InputError(f"{', '.join(sets)}: no program gives the answer of any of the {len(items):,} questions.")
    random.Random(how.seed).shuffle(items)
    held = items[:: how.held_out] if how.held_out else []
    learnt = [item for number, item in enumerate(items) if not how.held_out or number % how.held_out]
    if not any(item.right.any() for item in learnt):
        raise InputError(
            f"{', '.join(sets)}: all questions that a program answers are held out; pass more of them, or --held-out 0."
        )
    network = learn(learnt, len(names), how)
    share = share_right(held, network)
    weights = network.named(names)
    weights.save(output, overwrite=True)
    reachable = sum(bool(item.right.any()) for item in items) / len(items)
    said = f"; {share:.1%} of those held out answered rightly" if held else ""
    learnt_of = f"{len(items):,} questions, a right program for {reachable:.1%}; {len(weights.linear):,} clues"
    print(f"fit-parser: {learnt_of}{said}", file=sys.stderr)
    return share


def _items(examples: Iterable[QAExample], names: _Names) -> Iterator[Item]:
    """The questions that have an answer and a program, about tables that are not too large, as numbers."""
    about: About | None = None
    for example in examples:
        if too_large(example.table):
            continue
        if about is None or about.table is not example.table:
            about = About(example.table)
        if any(text.strip() for text in example.answers or (example.answer,)) and (
            item := _item(example, about, names)
        ):
            yield item


def _item(example: QAExample, about: About, names: _Names) -> Item | None:
    import numpy as np

    book, found = read(example.question, about)
    if not found:
        return None
    wanted = example.answers or (example.answer,)
    judged: dict[tuple[str, ...], tuple[int, bool]] = {}
    for one in found:
        answer = one.result.answer
        if answer not in judged:
            judged[answer] = len(judged), denotes(answer, wanted)
    width = max(len(one.pieces) for one in found)
    none = len(book.pieces)
    return Item(
        none,
        np.array([names[name] for clues in book.pieces for name in clues], np.int64),
        np.array([value for clues in book.pieces for value in clues.values()], np.float64),
        np.repeat(np.arange(none), [len(clues) for clues in book.pieces]),
        np.array([(*one.pieces, *[none] * (width - len(one.pieces))) for one in found], np.int64),
        np.array([judged[one.result.answer][1] for one in found], np.bool_),
        np.array([judged[one.result.answer][0] for one in found], np.int64),
    )


def denotes(answer: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether an answer is the one that is wanted: the same cells, or the same number with or without its unit."""
    if len(answer) > len(wanted) + 1:
        return False
    if same_denotation(joined(answer), joined(wanted)):
        return True
    if len(answer) != 1 or len(wanted) != 1:
        return False
    its, theirs = parse_value(answer[0]), parse_value(wanted[0])
    return its.kind is theirs.kind is Kind.NUMBER and abs(its.number - theirs.number) < 1e-6


class Network(NamedTuple):
    """The weights while they are learnt: those of every clue [clues, 1 + units], the first by itself; what is added to
    the units [units] and what they are worth [units]."""

    clues: Floats
    bias: Floats
    units: Floats

    def named(self, names: Mapping[str, int]) -> Weights:
        """The weights that are not nearly zero, by the names of clues."""
        linear, hidden = self.clues[:, 0], self.clues[:, 1:]
        return Weights(
            {name: float(linear[place]) for name, place in names.items() if abs(linear[place]) >= _SMALLEST},
            {name: hidden[place].tolist() for name, place in names.items() if hidden[place].any()},
            self.bias.tolist(),
            self.units.tolist(),
        )


def learn(items: Sequence[Item], clues: int, how: ParserFitting = PARSER_FITTING) -> Network:
    """The weights by which the right programs of questions are likeliest; `clues` is how many clues there are."""
    import numpy as np

    learnt, common = _counted(items, clues, how)
    rng = np.random.default_rng(how.seed)
    network = Network(np.zeros((clues, 1 + how.units)), np.zeros(how.units), rng.normal(0, 0.3, how.units))
    network.clues[common, 1:] = rng.normal(0, 0.1, (int(common.sum()), how.units))
    squares = [np.full_like(part, 0.1) for part in network]
    squares[0][:, 0] = 1e-2
    useful = [item for item in items if item.right.any() and not item.right.all()]
    order = random.Random(how.seed)
    for _ in range(how.passes):
        for item in order.sample(useful, len(useful)):
            places, of_clues, of_bias, of_units = _slopes(item, network)
            of_clues[:, 0] *= learnt[places]
            of_clues[:, 1:] *= common[places][:, None]
            for part, its, slope, at in (
                (network.clues, squares[0], of_clues, places),
                (network.bias, squares[1], of_bias, ...),
                (network.units, squares[2], of_units, ...),
            ):
                its[at] += slope * slope
                part[at] += how.learning_rate * (1 if part is network.clues else _SLOWER) * slope / np.sqrt(its[at])
            drawn = how.learning_rate * how.decay / np.sqrt(squares[0][places, 0])
            linear = network.clues[places, 0]
            network.clues[places, 0] = np.sign(linear) * np.maximum(np.abs(linear) - drawn, 0.0)
    return network


def _counted(items: Sequence[Item], clues: int, how: ParserFitting) -> tuple[Bools, Bools]:
    """Which clues enough questions have to be learnt, and which enough for hidden units."""
    import numpy as np

    seen = np.zeros(clues, np.int64)
    for item in items:
        seen[np.unique(item.clues)] += 1
    return seen >= how.questions_a_clue, seen >= _COMMON * how.questions_a_clue


def _forward(item: Item, network: Network) -> tuple[Floats, Floats, Floats]:
    """How likely every program is [programs], its hidden units [programs, units], and which pieces it is made of
    [programs, pieces]."""
    import numpy as np

    starts = np.searchsorted(item.owners, np.arange(item.pieces))
    pieces = np.add.reduceat(network.clues[item.clues] * item.values[:, None], starts)
    made_of = np.zeros((len(item.programs), item.pieces + 1))
    made_of[np.arange(len(item.programs))[:, None], item.programs] = 1
    made_of = made_of[:, :-1]
    sums = made_of @ pieces
    hidden = np.maximum(sums[:, 1:] + network.bias, 0)
    worth = sums[:, 0] + hidden @ network.units
    likely = np.exp(worth - worth.max())
    return likely / likely.sum(), hidden, made_of


def _slopes(item: Item, network: Network) -> tuple[Numbers, Floats, Floats, Floats]:
    """The clues of a question, and by how much the likelihood of its right programs grows with their weights, with the
    units' bias and with their worth."""
    import numpy as np

    likely, hidden, made_of = _forward(item, network)
    right = np.where(item.right, likely, 0.0)
    wanted = right / max(right.sum(), 1e-12) - likely
    of_hidden = wanted[:, None] * network.units * (hidden > 0)
    of_pieces = made_of.T @ np.concatenate([wanted[:, None], of_hidden], 1)
    order = np.argsort(item.clues, kind="stable")
    places, starts = np.unique(item.clues[order], return_index=True)
    of_entries = of_pieces[item.owners[order]] * item.values[order, None]
    return places, np.add.reduceat(of_entries, starts), of_hidden.sum(0), hidden.T @ wanted


def share_right(items: Sequence[Item], network: Network) -> float:
    """How often the likeliest answer is right."""
    import numpy as np

    right = 0
    for item in items:
        best = np.bincount(item.answers, _forward(item, network)[0]).argmax()
        right += bool(item.right[item.answers == best].any())
    return right / max(1, len(items))
