"""Answers of the parser: the likeliest program is run, and its answer stated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from gentap.answers import EMPTY_QUESTION, PARSER, Answer, Asked
from gentap.parser.about import MOST_ROWS, About
from gentap.parser.parse import Parse, parse
from gentap.rules.compose import composed_around, composed_of
from tabtext.errors import InputError

SURE = 0.5
"""The score from which an answer of the parser is given before a model is asked."""
NO_PROGRAM = "No program that the question may be read as has an answer in this table."


@dataclass(frozen=True)
class ParserAnswer(Answer):
    """An answer, and the program that gave it, in words; `texts` are what the program gave."""

    texts: tuple[str, ...] = ()
    program: str = ""

    @property
    def origin(self) -> str:
        """The parser, how sure it is, and the program."""
        return f"{self.model}, score {self.score:.2f}: {self.program}"

    def to_json(self) -> dict[str, Any]:
        """The fields that every model's answers have, and the program."""
        return {**super().to_json(), "program": self.program or None}


def parser_answers(
    asked: Iterable[Asked], *, on_error: str = "stop", threshold: float = 0.0, in_sentences: bool = True
) -> Iterator[Answer]:
    """The likeliest answers to questions, each about its table, in sentences or as texts with `|` between them.

    What is less sure than the threshold is no answer. An empty question is an InputError, or with `on_error="skip"` an
    answer with the reason.
    """
    for table, questions in groupby(asked, key=lambda one: one.table):
        about = About(table) if len(table) <= MOST_ROWS else None
        for one in questions:
            if not one.question.strip():
                if on_error == "stop":
                    raise one.error(InputError(EMPTY_QUESTION))
                yield _nothing(one.question, EMPTY_QUESTION, is_read=False)
                continue
            if about is None:
                yield _nothing(
                    one.question, f"The table has {len(table):,} rows; the parser reads up to {MOST_ROWS:,}."
                )
                continue
            found = parse(one.question, about)
            if not found or found.score < threshold:
                yield _nothing(one.question, NO_PROGRAM if not found else _unsure(found, threshold))
            else:
                yield _answer(one.question, about, found, in_sentences)


def _answer(question: str, about: About, found: Parse, in_sentences: bool) -> ParserAnswer:
    result, table = found.result, about.table
    evidence = tuple(result.evidence)
    if not in_sentences:
        text = "|".join(result.answer)
    elif result.cells:
        composed = composed_around(question, about.matcher, result.cells)
        text, evidence = composed.text, tuple(sorted({*composed.cells, *evidence}))
    else:
        text = composed_of(question, ", ".join(result.answer))
    cell = result.answer[0] if result.single_cell else None
    return ParserAnswer(
        question, text, cell, evidence, found.score, model=PARSER, composed=in_sentences, texts=result.answer,
        program=found.program.written(table.header),
    )  # fmt: skip


def _unsure(found: Parse, threshold: float) -> str:
    guess = ", ".join(found.result.answer)
    return f"The best guess, {guess!r}, has a score of {found.score:.2g}, below {threshold:g}."


def _nothing(question: str, reason: str, *, is_read: bool = True) -> Answer:
    return Answer(question, "", score=0.0, answerable=False, reason=reason, model=PARSER, is_read=is_read)
