"""Questions parsed: the likeliest answer of all programs that a question may be read as, and how likely it is."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from typing import NamedTuple

from gentap.grammar.results import Result
from gentap.parser.about import About
from gentap.parser.candidates import candidates
from gentap.parser.clues import ClueBook, Weighed
from gentap.parser.programs import Program, run
from gentap.parser.question import Question
from gentap.parser.weights import Weights


class Parse(NamedTuple):
    """The likeliest program of a question, its answer, and the share of likelihood (0 to 1) that all programs with
    this answer have."""

    program: Program
    result: Result
    score: float


def parse(question: str, about: About, weights: Weights | None = None) -> Parse | None:
    """The parse of a question about a table; None where no program has an answer."""
    book, found = read(question, about)
    return likeliest(book, found, weights or Weights.load()) if found else None


def read(question: str, about: About) -> tuple[ClueBook, list[Weighed]]:
    """The programs that a question may be read as and that have an answer, with their clues."""
    asked = Question(question, about)
    book = ClueBook(asked)
    found = []
    for program in candidates(asked):
        result = run(program, about.view, about.figures)
        if result.answer:
            found.append(book.weigh(program, result))
    return book, found


def likeliest(book: ClueBook, found: Sequence[Weighed], weights: Weights) -> Parse:
    """The likeliest answer, with the likeliest of its programs."""
    worths = weights.worths(book.pieces, [one.pieces for one in found]).tolist()
    most = max(worths)
    total, answers = 0.0, dict[tuple[str, ...], float]()
    best: dict[tuple[str, ...], tuple[float, Weighed]] = {}
    for worth, one in zip(worths, found, strict=True):
        share = exp(worth - most)
        total += share
        answer = one.result.answer
        answers[answer] = answers.get(answer, 0.0) + share
        if answer not in best or best[answer][0] < share:
            best[answer] = (share, one)
    answer = max(answers, key=answers.__getitem__)
    chosen = best[answer][1]
    return Parse(chosen.program, chosen.result, answers[answer] / total)
