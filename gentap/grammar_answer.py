"""Answers from the grammar alone, without weights: a question is read as a program, and the program is run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gentap.executor import NO_ANSWER, Result, execute
from gentap.phrasing import phrasebook
from gentap.programs import Call
from gentap.reading import NotInTableError, read_question
from gentap.view import TableView
from tabtext.errors import InputError
from tabtext.table import Cell, Table


@dataclass(frozen=True)
class GrammarAnswer:
    """What the grammar makes of a question: the answer's texts, the cells behind it, and the program it was read as.

    `reason` says why a question has no answer in this table; it is empty where there is one.
    """

    question: str
    texts: tuple[str, ...]
    cell: Cell | None
    evidence: tuple[Cell, ...]
    program: Call | None
    reason: str = ""

    @property
    def answerable(self) -> bool:
        """Whether the table holds an answer."""
        return bool(self.texts)

    def to_json(self) -> dict[str, Any]:
        """The fields that every model's answers have; an executed program is certain, so its score is 1."""
        return {
            "question": self.question,
            "answer": ", ".join(self.texts),
            "cell": self.texts[0] if self.cell is not None else None,
            "evidence": self.evidence,
            "score": 1.0,
            "answerable": self.answerable,
            "cut": None,
            "program": str(self.program) if self.program else None,
            "model": "grammar",
        }


class GrammarQA:
    """Answers questions about one table; `GrammarQA(table)("Which city hosted the games in 2008?")`."""

    def __init__(self, table: Table) -> None:
        self.view = TableView(table, phrasebook().words)

    def __call__(self, question: str) -> GrammarAnswer:
        """The answer; OutsideLanguageError, an InputError, where the grammar has no such question."""
        if not question.strip():
            raise InputError("The question is empty; ask something such as: What is the COLUMN of VALUE?")
        try:
            program = read_question(question, self.view)
            result = execute(program, self.view)
        except NotInTableError as error:
            return _answer(question, None, NO_ANSWER, str(error))
        return _answer(question, program, result, "" if result.answer else "No row of the table gives an answer.")


def _answer(question: str, program: Call | None, result: Result, reason: str) -> GrammarAnswer:
    cell = result.cells[0] if result.single_cell else None
    return GrammarAnswer(question, result.answer, cell, tuple(result.evidence), program, reason)


def answer_lines(table: Table, questions: Iterable[Mapping[str, Any]]) -> Iterator[GrammarAnswer]:
    """The answers to records with a `question`, about their own `table` where they have one."""
    default = GrammarQA(table)
    for record in questions:
        if not isinstance(record.get("question"), str):
            raise InputError(f"A question's record needs the field 'question'; found {sorted(record)}.")
        own = record.get("table")
        yield (GrammarQA(Table.from_json(own)) if isinstance(own, dict) else default)(record["question"])


def as_text(answer: GrammarAnswer, table: Table) -> str:
    """An answer for the terminal: what it is, the cells behind it, and who says so."""
    if not answer.answerable:
        return f"not in this table: {answer.reason}\n  (grammar{_program(answer)})"
    cells = ", ".join(f"({c.row}, {c.column}) {table[c]!r}" for c in answer.evidence[:8])
    more = f" and {len(answer.evidence) - 8} more" if len(answer.evidence) > 8 else ""
    return f"{', '.join(answer.texts)}\n  evidence: {cells or 'none'}{more}\n  (grammar{_program(answer)})"


def _program(answer: GrammarAnswer) -> str:
    return f": {answer.program}" if answer.program else ""
