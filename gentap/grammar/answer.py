"""Answers from the grammar alone, without weights: a question is read as a program, and the program is run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from gentap.answers import GRAMMAR, Answer, Asked, by_table
from gentap.grammar.everyday import read_everyday
from gentap.grammar.executor import NO_ANSWER, Result, execute
from gentap.grammar.phrasing import phrasebook
from gentap.grammar.programs import Call
from gentap.grammar.reading import NotInTableError, read_question
from gentap.grammar.view import TableView
from tabtext.errors import InputError
from tabtext.table import Table


@dataclass(frozen=True)
class GrammarAnswer(Answer):
    """What the grammar makes of a question: an answer's texts, and the program that the question was read as.

    An executed program is certain, so the score of its answer is 1; what has no answer scores 0.
    """

    texts: tuple[str, ...] = ()
    program: Call | None = None

    @property
    def origin(self) -> str:
        """The grammar, and the program."""
        return f"{self.model}: {self.program}" if self.program else self.model

    def to_json(self) -> dict[str, Any]:
        """The fields that every model's answers have, and the program."""
        return {**super().to_json(), "program": str(self.program) if self.program else None}


class GrammarQA:
    """Answers questions about one table; `GrammarQA(table)("Which city hosted the games in 2008?")`."""

    def __init__(self, table: Table) -> None:
        self.view = TableView(table, phrasebook().words)

    def __call__(self, question: str) -> GrammarAnswer:
        """The answer; OutsideLanguageError, an InputError, where the grammar has no such question."""
        if not question.strip():
            raise InputError("The question is empty; ask something such as: What is the COLUMN of VALUE?")
        found: tuple[Call, Result] | None = None
        error = InputError("")
        try:
            found = self._strict(question)
        except InputError as caught:
            error = caught
        if not found or not found[1].answer:
            found = self._everyday(question) or found
        if not found:
            if isinstance(error, NotInTableError):
                return _answer(question, None, NO_ANSWER, str(error))
            raise error
        program, result = found
        return _answer(question, program, result, "" if result.answer else "No row of the table gives an answer.")

    def _strict(self, question: str) -> tuple[Call, Result]:
        """The program of a question of the grammar, and its result."""
        program = read_question(question, self.view)
        if any(_says_no(call, self.view) for call in program.arguments if isinstance(call, Call)):
            raise NotInTableError("The table has no cell 'no', and nothing says what has none.")
        return program, execute(program, self.view)

    def _everyday(self, question: str) -> tuple[Call, Result] | None:
        """The program of a question in everyday words, and its result."""
        program = read_everyday(question, self.view)
        return (program, execute(program, self.view)) if program else None


def _says_no(condition: Call, view: TableView) -> bool:
    """Whether a condition is of `no goals`, which no cell of the column says."""
    column = view.named(str(condition.arguments[0])) if condition.arguments else None
    return condition.arguments[1:] == ("no",) and column is not None and not column.rows_of_text("no")


def _answer(question: str, program: Call | None, result: Result, reason: str) -> GrammarAnswer:
    texts, evidence = result.answer, tuple(result.evidence)
    cell = texts[0] if texts and result.single_cell else None
    return GrammarAnswer(
        question, ", ".join(texts), cell, evidence, float(bool(texts)), bool(texts), reason=reason, model=GRAMMAR,
        texts=texts, program=program,
    )  # fmt: skip


def grammar_answers(asked: Iterable[Asked], *, on_error: str = "stop") -> Iterator[GrammarAnswer]:
    """The answers to questions, each about its table.

    A question that the grammar does not have is an InputError, or with `on_error="skip"` an answer with the reason.
    """
    return by_table(asked, GrammarQA, _unread, on_error=on_error)


def _unread(question: str, reason: str) -> GrammarAnswer:
    return replace(_answer(question, None, NO_ANSWER, reason), is_read=False)
