"""What every way of answering returns, and how answers are shown: as text, as JSON lines, as a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, NamedTuple, TypeVar

from tabtext.errors import InputError
from tabtext.jsonl import dumps
from tabtext.table import Cell, Table

_SHOWN_CELLS = 8


GRAMMAR = "grammar"
"""The name that stands for no model: the question is read as a program."""

RULES = "rules"
"""The name that stands for no model, and a guess: sentences composed of cells that the question seems to ask for."""


PARSER = "parser"
"""The name that stands for no model, and a guess: the likeliest program, by weights learnt from answers."""

NO_MODELS = (GRAMMAR, PARSER, RULES)
"""The names that stand for no model."""

WINDOW = 512
"""Questions read ahead, so that a model finds inputs of like length."""

NO_CELL = "The rules find no cell that the question asks for."
"""Why there is no answer."""
EMPTY_QUESTION = "The question is empty; ask something such as: Which city hosted the games in 2008?"


@dataclass(frozen=True)
class Answer:
    """An answer to a question about a table.

    `cell` is the text of the one cell that answers, `evidence` the cells of the caller's own table that the answer
    rests on, `score` how sure the answer is (0 to 1), `cut` what of the table was not looked at. Where `answerable` is
    False the table does not answer: `reason` says why, and `text` is at most a guess; or the question could not be
    read, where `is_read` is False. `model` says who answered, if known, and `composed` whether rules made the sentence
    rather than the model.
    """

    question: str
    text: str
    cell: str | None = None
    evidence: tuple[Cell, ...] = ()
    score: float = 1.0
    answerable: bool = True
    cut: str = ""
    reason: str = ""
    model: str = ""
    composed: bool = False
    is_read: bool = True

    @property
    def refusal(self) -> str:
        """That there is no answer, and why, for people."""
        return f"{'not in this table' if self.is_read else 'question not read'}: {self.reason}"

    @property
    def origin(self) -> str:
        """Who says so, for people."""
        who = f"{self.model}, score {self.score:.2f}" if self.model else f"score {self.score:.2f}"
        return f"{who}; the sentence is made by rules" if self.composed and self.model != RULES else who

    def to_json(self) -> dict[str, Any]:
        """The fields that every model's answers have; `cut` is null where the whole table was looked at. Where there is
        no answer, `answer` and `cell` are null and `reason` says why."""
        return {
            "question": self.question,
            "answer": self.text if self.answerable else None,
            "cell": self.cell if self.answerable else None,
            "evidence": self.evidence if self.answerable else (),
            "score": self.score,
            "answerable": self.answerable,
            "reason": None if self.answerable else self.reason,
            "cut": self.cut or None,
            "model": self.model or None,
            "composed": self.composed,
        }


class Asked(NamedTuple):
    """A question and the table that it is about; `place` is where it stands, for errors."""

    question: str
    table: Table
    place: str = ""

    def error(self, error: InputError) -> InputError:
        """What is wrong with the question, and where it stands."""
        return InputError(f"{self.place}: {error}") if self.place else error


T = TypeVar("T")
A = TypeVar("A", bound=Answer)


def by_table(
    asked: Iterable[Asked],
    answers_about: Callable[[Table], Callable[[str], A]],
    unread: Callable[[str, str], A],
    *,
    on_error: str,
) -> Iterator[A]:
    """The answers to questions, by what answers about each table in turn.

    A question that cannot be read is an InputError, or with `on_error="skip"` what `unread` makes of it and the reason.
    """
    for table, questions in groupby(asked, key=lambda one: one.table):
        answer = answers_about(table)
        for one in questions:
            try:
                yield answer(one.question)
            except InputError as error:
                if on_error == "stop":
                    raise one.error(error) from None
                yield unread(one.question, str(error))


def in_windows(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of `size`; what came before an InputError is given out before that is raised."""
    waiting = iter(items)
    while True:
        window: list[T] = []
        try:
            for item in islice(waiting, size):
                window.append(item)
        except InputError:
            if window:
                yield window
            raise
        if not window:
            return
        yield window


Answered = tuple[Answer, Table]
"""An answer and the table that it is about."""


def as_text(answer: Answer, table: Table) -> str:
    """An answer for the terminal: what it is, the cells behind it, what was cut, who says so."""
    cut = f"\n  {answer.cut}" if answer.cut else ""
    if not answer.answerable:
        return f"{answer.refusal}{cut}\n  ({answer.origin})"
    cells = ", ".join(f"({c.row}, {c.column}) {table[c]!r}" for c in answer.evidence[:_SHOWN_CELLS])
    more = len(answer.evidence) - _SHOWN_CELLS
    evidence = f"{cells or 'none'}{f' and {more} more' if more > 0 else ''}"
    return f"{answer.text}\n  evidence: {evidence}{cut}\n  ({answer.origin})"


def _page(answered: Iterable[Answered]) -> Iterator[str]:
    """One page that draws every answer's table with its evidence marked."""
    from tabtext.report import draw_table, facts, page, section

    sections = []
    for answer, table in answered:
        told = {"answer": answer.text if answer.answerable else answer.refusal}
        told |= {"cell": answer.cell} if answer.cell and answer.answerable else {}
        told |= {"score": f"{answer.score:.2f}"} | ({"table": answer.cut} if answer.cut else {})
        sections.append(section(answer.question, facts(told), draw_table(table, answer.evidence)))
    yield page("Answers", *sections)


FORMATS: Mapping[str, Callable[[Iterable[Answered]], Iterator[str]]] = {
    "text": lambda answered: (as_text(*pair) for pair in answered),
    "json": lambda answered: (dumps(answer.to_json()) for answer, _ in answered),
    "html": _page,
}
"""How answers are shown, by name: pieces of output, each as soon as it is known."""
