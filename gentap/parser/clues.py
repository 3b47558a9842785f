"""The clues of a program: how well its pieces go with the words of the question, and its answer with what is asked for.

A program's clues are those of its pieces (its form, its conditions, what orders its rows, what it tells), which several
programs share, so that each piece is looked at once for a question.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import NamedTuple

from gentap.grammar.results import Result
from gentap.parser.column_clues import Clues, of_column, of_order
from gentap.parser.programs import Program
from gentap.parser.question import Question
from gentap.parser.row_clues import of_left_over, of_rows
from tabtext.values import parse_value

_FLAGS = ("yes", "no", "something", "nothing", "none")
_MANY = 4

Form = tuple[str, str, str]
"""The kinds of conditions of a program, its pick, and what it tells."""


class Weighed(NamedTuple):
    """A program, its answer, and the numbers of the pieces that its clues are those of."""

    program: Program
    result: Result
    pieces: tuple[int, ...]


class ClueBook:
    """The clues of a question's programs, piece by piece: `pieces[n]` are those of the piece of number n."""

    def __init__(self, asked: Question) -> None:
        self.asked = asked
        self.pieces: list[Clues] = []
        self._numbers: dict[Hashable, int] = {}

    def weigh(self, program: Program, result: Result) -> Weighed:
        """The program, which gives this result, with its clues."""
        asked, form = self.asked, _form(program)
        filters, either, pick, by, tells, column = program
        limited = {one.column for one in filters}
        used = frozenset(place for place in (by, column, *limited) if place is not None)
        spans = tuple((one.start, one.end) for one in filters)
        same, ordered = by is not None and by == column, by in limited
        answer = _answer(asked, result)
        pieces = [
            self._piece(("form", form), lambda: _of_form(asked, form)),
            self._piece(("rows", filters, either), lambda: of_rows(asked, filters, either)),
            self._piece(("left", used, spans), lambda: of_left_over(asked, used, spans)),
            self._piece(("answer", answer, tells), lambda: _of_answer(asked, answer, tells)),
            self._piece(("ties", same, ordered), lambda: _of_ties(same, ordered)),
        ]
        if by is not None and pick:
            pieces.append(self._piece(("by", pick, by), lambda: of_order(asked, pick, by)))
        if tells == "gap" and by is not None:
            pieces.append(self._piece(("column", tells, by), lambda: of_column(asked, tells, by)))
        if column is not None:
            pieces.append(self._piece(("column", tells, column), lambda: of_column(asked, tells, column)))
        return Weighed(program, result, tuple(pieces))

    def _piece(self, key: Hashable, make: Callable[[], Clues]) -> int:
        """The number of the piece with this key, which is made where there is none yet."""
        if key not in self._numbers:
            self._numbers[key] = len(self.pieces)
            self.pieces.append({name: value for name, value in make().items() if value} or {"nothing": 1.0})
        return self._numbers[key]


def _form(program: Program) -> Form:
    hows = sorted(map(_kind, (one.how for one in program.filters)))
    tells = f"{program.tells}*" if program.tells == "count" and program.column is not None else program.tells
    return f"{'or ' if program.either else ''}{'+'.join(hows)}", program.pick, tells


def _kind(how: str) -> str:
    return how if how in ("is", "has", "not") else "flag" if how in _FLAGS else "limit"


def _of_form(asked: Question, form: Form) -> Clues:
    """The words of the question with the form of the program."""
    rows, pick, tells = form
    how = f"{pick}/{tells}"
    some = "or" if rows.startswith("or ") else "not" if "not" in rows else "some" if rows else "all"
    clues: Clues = {
        f"rows {rows}": 1,
        f"pick {pick}": 1,
        f"tells {tells}": 1,
        f"form {how}": 1,
        f"rows {rows}/{how}": 1,
    }
    clues |= {f"{how} | {gram}": 1 for gram in asked.grams}
    clues |= {f"{some} | {gram}": 1 for gram in asked.grams if " " not in gram}
    clues[f"{how} wh {asked.wh}"] = 1
    clues[f"{how} begins {' '.join(token.text for token in asked.tokens[:2])}"] = 1
    return clues


def _of_ties(same: bool, ordered: bool) -> Clues:
    return {"tells what it orders by": float(same), "orders what it limits": float(ordered)}


class _Answer(NamedTuple):
    """How many texts an answer has (4: or more), whether the question says one, what kind of value the first is, and
    whether it is a nought."""

    many: int
    is_said: bool
    kind: str
    is_zero: bool


def _answer(asked: Question, result: Result) -> _Answer:
    texts = result.answer
    is_said = any(len(text) > 2 and text.strip().lower() in asked.low for text in texts[:_MANY])
    return _Answer(min(len(texts), _MANY), is_said, parse_value(texts[0]).kind.value, texts[0] == "0")


def _of_answer(asked: Question, answer: _Answer, tells: str) -> Clues:
    """How well an answer fits what is asked for: one or several, a figure or words."""
    head = asked.head
    plural = head.endswith("s") and not head.endswith("ss") and asked.wh not in ("how many", "how much")
    return {
        f"{tells} answers {answer.many}": 1,
        f"answers {answer.many} {'plural' if plural else 'one'} {asked.wh}": 1,
        f"answer {answer.kind} wh {asked.wh}": 1,
        f"answer {answer.kind} head {head}": 1,
        "answer said": float(answer.is_said),
        f"answer said {tells}": float(answer.is_said),
        "answer said of or": float(answer.is_said and " or " in asked.low),
        f"answer 0 {tells}": float(answer.is_zero),
    }
