"""Answers of the parser: the likeliest program is run, and its answer stated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from gentap.answers import EMPTY_QUESTION, PARSER, Answer, Asked, by_table
from gentap.parser.about import About, too_large
from gentap.parser.parse import Parse, parse
from gentap.parser.programs import as_text
from gentap.parser.weights import Weights
from gentap.rules.compose import composed_around, composed_of
from tabtext.errors import InputError
from tabtext.metrics.match import joined
from tabtext.table import Table
from tabtext.values import Kind, parse_value

if TYPE_CHECKING:
    import pandas as pd

SURE = 0.2
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


class ParserQA:
    """Answers questions about one table or DataFrame; `ParserQA(table)("Who has won there more than once?")`.

    What is less sure than the threshold is no answer; without `in_sentences` an answer is its texts with `|` between
    them (`\\p` for one within a text). `weights` are those of `gentap fit-parser`, if not what ships.
    """

    def __init__(
        self,
        table: Table | pd.DataFrame,
        *,
        threshold: float = 0.0,
        in_sentences: bool = True,
        weights: Weights | None = None,
    ) -> None:
        self.table = table if isinstance(table, Table) else Table.from_frame(table)
        self.threshold, self.in_sentences, self.weights = threshold, in_sentences, weights
        self._too_large = too_large(self.table)
        self._about = None if self._too_large else About(self.table)

    def __call__(self, question: str) -> ParserAnswer:
        """The likeliest answer; an InputError for an empty question."""
        if not question.strip():
            raise InputError(EMPTY_QUESTION)
        if self._about is None:
            return _nothing(question, self._too_large)
        found = parse(question, self._about, self.weights)
        if found is None:
            return _nothing(question, NO_PROGRAM)
        if found.score < self.threshold:
            guess = ", ".join(found.result.answer)
            why = f"has a score of {found.score:.2g}, below {self.threshold:g}"
            return _nothing(question, f"The best guess, {guess!r}, {why}.")
        return self._answer(question, self._about, found)

    def _answer(self, question: str, about: About, found: Parse) -> ParserAnswer:
        result, evidence = found.result, tuple(found.result.evidence)
        if not self.in_sentences:
            text = joined(map(_bare, result.answer) if not result.cells else result.answer)
        elif result.cells:
            composed = composed_around(question, about.matcher, result.cells)
            text, evidence = composed.text, tuple(dict.fromkeys((*result.cells, *composed.cells, *evidence)))
        else:
            text = composed_of(question, result.answer)
        cell = result.answer[0] if result.single_cell else None
        return ParserAnswer(
            question, text, cell, evidence, found.score, model=PARSER, composed=self.in_sentences, texts=result.answer,
            program=found.program.written(self.table.header),
        )  # fmt: skip


def _bare(text: str) -> str:
    """A computed figure without its unit and marks between its digits."""
    value = parse_value(text)
    return as_text(value.number) if value.kind is Kind.NUMBER else text


def parser_answers(
    asked: Iterable[Asked], *, on_error: str = "stop", threshold: float = 0.0, in_sentences: bool = True
) -> Iterator[Answer]:
    """The likeliest answers to questions, each about its table, as `ParserQA` gives them.

    An empty question is an InputError, or with `on_error="skip"` an answer with the reason.
    """
    about = partial(ParserQA, threshold=threshold, in_sentences=in_sentences)
    return by_table(asked, about, partial(_nothing, is_read=False), on_error=on_error)


def _nothing(question: str, reason: str, *, is_read: bool = True) -> ParserAnswer:
    return ParserAnswer(question, "", score=0.0, answerable=False, reason=reason, model=PARSER, is_read=is_read)
