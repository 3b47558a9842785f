"""An answer's sentence, composed by rules of its question and of cells: what a small model finds it cannot say well.

The question is turned into a statement (`declare`) around the cells that answer it; what else their rows say stands
behind, in words (`beside`) or in brackets. Where no rule knows how to state a question, its topic stands before
a colon.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from typing import NamedTuple

from gentap.answers import EMPTY_QUESTION, NO_CELL, RULES, Answer, Asked
from gentap.asked import respelled
from gentap.grammar.alike import name_words
from gentap.grammar.flags import is_flag
from gentap.grammar.measures import MEASURED_BY
from gentap.rules.asked_for import cells_asked_for
from gentap.rules.beside import Stated, beside, beside_each, bracketed
from gentap.rules.choice import Choice
from gentap.rules.declare import declared
from gentap.rules.reading import MOST_LETTERS, is_note, is_said, says
from gentap.rules.told import plain, told, told_beside
from gentap.rules.topic import topic
from gentap.rules.wanted import WH, Wanted, asks, names, spelled_out, wanted
from tabtext.errors import InputError
from tabtext.matching import TableMatcher
from tabtext.table import Cell, Table
from tabtext.values import Kind

MORE_CELLS = 3
"""Further cells of a row that are said."""

SURENESS = 0.6
"""The score of an answer that no model found: on FeTaQA dev's first 300 questions, people marked the cell of six to
seven in ten."""

LONGEST_CELL = 60
"""Letters of the longest further cell that is said."""

_BEFORE = "in|on|at|for|by|with|from|to|of|during|under|about"
_SECOND = re.compile(
    rf"\?\s+\S.*|[,;]?\s+(?:and|or)\s+(?:(?:{_BEFORE})\s+)?{WH}\b.*"
    r"|[,;]\s+and\s+(?:did|was|were|is|are|does|do)\b.*|[,;]\s+(?:how|why)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_PHRASE = rf"(?:{_BEFORE}) {WH}(?: [\w'’-]+){{0,3}}?"
_TWO_IN_ONE = re.compile(
    rf"(?:(?P<first>(?:when|where|why|how|(?:{_BEFORE}) (?:what|which) \w+)),? and "
    rf"(?:{_PHRASE}|{WH}(?: [\w'’-]+){{0,3}}?)"
    rf"|(?P<one>(?:who|whom|(?:what|which) (?!happened)\w+)),? and (?:when|where|why|how|{_PHRASE})"
    r") (?P<rest>(?:did|do|does|was|were|is|are|has|have|had) .+)",
    re.IGNORECASE | re.DOTALL,
)
"""`When and for which film did Ann win`: two questions about the same."""
_INTRODUCED = re.compile(
    rf"(?P<first>(?:{_BEFORE}|as|since|according|besides|among|out|between|before|after|starting|beginning)\b[^,?]*(?=,)"
    r"|(?:in|during|from|between) (?:the )?[12]\d{3}[\w–-]*(?: (?:and|to) [12]\d{3}[\w–-]*)?),? "
    rf"(?P<question>(?:(?:{_BEFORE}) )?{WH} .+)",
    re.IGNORECASE | re.DOTALL,
)


class Composed(NamedTuple):
    """A sentence, the cells that answer, the likeliest first, and all of their rows that the question or the sentence
    names, in reading order."""

    text: str
    answers: tuple[Cell, ...]
    cells: tuple[Cell, ...]

    @property
    def cell(self) -> Cell:
        """The likeliest cell that answers."""
        return self.answers[0]


class _Asking(NamedTuple):
    """A question of one or several, the first of them, what this wants, and the table."""

    question: str
    asked: str
    want: Wanted
    table: Table


def compose(
    question: str,
    matcher: TableMatcher,
    own: Cell | None = None,
    choice: Choice | None = None,
    *,
    in_brackets: bool = False,
) -> Composed | None:
    """The sentence that answers a question about the matcher's table; `choice` is by what cells are chosen, if not by
    what ships. With `in_brackets` all that stands beside what answers is in brackets.

    None where neither it nor the model, whose answer is `own`, names anything there, and without a model where only yes
    or no would answer.
    """
    table = matcher.table
    question = respelled(question[:MOST_LETTERS], table)
    asked = first_question(question)
    answers = cells_asked_for(asked, matcher, own, choice) or cells_asked_for(question, matcher, own, choice)
    if not answers or (own is None and not asks(question) and not is_flag(table, answers[0].column)):
        return None
    return composed_around(question, matcher, answers, in_brackets=in_brackets)


def composed_around(
    question: str, matcher: TableMatcher, answers: Sequence[Cell], *, in_brackets: bool = False
) -> Composed:
    """The sentence that answers a question by these cells."""
    table, asked = matcher.table, first_question(question)
    asking = _Asking(question, asked, wanted(asked), table)
    labelled = not (asking.want.is_number or asking.want.direct)  # `which line goes`, not `how many games did Ann play`
    values: dict[str, list[Cell]] = {}
    for cell in sorted(answers):
        values.setdefault(told(table, cell, labelled=labelled), []).append(cell)
    rows = {cell.row for cell in answers}
    matches = [match for match in matcher.match(question) if match.cell.row in rows]
    dated = () if in_brackets else (table[match.cell] for match in matches if match.how == "date")
    known = " ".join([question, table.title, *values, *dated])
    named = [match.cell for match in matches]
    if len(values) == 1:
        more = [_more(table, answers[0].row, known, question, MORE_CELLS)] if len(rows) == 1 else [[]]
        text = _of_one(asking, answers[0], next(iter(values)), more[0], in_brackets=in_brackets)
    else:
        apart, firsts = _apart(table, named), [cells[0].row for cells in values.values()]
        more = [[apart[row]] if row in apart else _more(table, row, known, question, 1) for row in firsts]
        text = _of_several(asking, answers[0], list(values), more, in_brackets=in_brackets)
    cells = sorted({*answers, *chain.from_iterable(more), *named})
    return Composed(text if text.endswith((".", "!", "?")) else f"{text}.", tuple(answers), tuple(cells))


def _of_one(asking: _Asking, cell: Cell, value: str, more: Sequence[Cell], *, in_brackets: bool) -> str:
    """The sentence around one value, with the further cells beside it."""
    stated = _stated(asking, cell, value)
    if stated and not in_brackets:
        return beside(Stated(stated, value, asking.table, cell), more)
    return (stated or f"{topic(asking.asked)}: {value}") + _bracketed(asking.table, more)


def _of_several(
    asking: _Asking, cell: Cell, values: Sequence[str], more: Sequence[Sequence[Cell]], *, in_brackets: bool
) -> str:
    """The sentence around several values, each with the further cell of its row, if it has one, beside it."""
    said, value = None, _joined(values)
    stated = None if in_brackets else _stated(asking, cell, value, several=True)
    if stated and all(more):
        said = beside_each(Stated(stated, value, asking.table, cell), values, [cells[0] for cells in more])
    if said is None:
        said = [f"{one}{_bracketed(asking.table, cells)}" for one, cells in zip(values, more, strict=True)]
    return _stated(asking, cell, _joined(said), several=True) or f"{topic(asking.asked)}: {_joined(said)}"


def _apart(table: Table, named: Sequence[Cell]) -> dict[int, Cell]:
    """For each row the cell by which the question names it, if it names rows by different ones of a column: `when did A
    and B come out`."""
    columns: dict[int, dict[int, Cell]] = {}
    for cell in named:
        columns.setdefault(cell.column, {})[cell.row] = cell
    for cells in columns.values():
        if len({table[cell] for cell in cells.values()}) > 1:
            return cells
    return {}


def composed_answers(asked: Iterable[Asked], *, on_error: str = "stop") -> Iterator[Answer]:
    """The answers of the rules alone, without weights: a guess that the words of the question lead to.

    An empty question is an InputError, or with `on_error="skip"` an answer with the reason.
    """
    for table, questions in groupby(asked, key=lambda one: one.table):
        matcher = TableMatcher(table)
        for one in questions:
            if not one.question.strip():
                if on_error == "stop":
                    raise one.error(InputError(EMPTY_QUESTION))
                yield _nothing(one.question, EMPTY_QUESTION, is_read=False)
            elif found := compose(one.question, matcher):
                cell = table[found.cell]
                yield Answer(one.question, found.text, cell, found.cells, SURENESS, model=RULES, composed=True)
            else:
                yield _nothing(one.question, NO_CELL)


def _nothing(question: str, reason: str, *, is_read: bool = True) -> Answer:
    return Answer(question, "", score=0.0, answerable=False, reason=reason, model=RULES, is_read=is_read)


def first_question(question: str) -> str:
    """The first of several questions in one, what introduces it behind it: `In 1999, who won and how?` -> `who won in
    1999`."""
    asked = " ".join(spelled_out(question).split())
    asked = asked.rstrip(" ?") if "?" in asked else asked.rstrip(" .")
    introduced = _INTRODUCED.fullmatch(asked)
    asked = introduced["question"] if introduced else asked
    if both := _TWO_IN_ONE.fullmatch(asked):
        asked = f"{both['first'] or both['one']} {both['rest']}"
    first = _SECOND.sub("", asked).strip()
    first = first if len(first.split()) > 2 else asked
    if introduced:
        first = f"{first} {introduced['first'][0].lower()}{introduced['first'][1:]}"
    return first


def composed_of(question: str, answers: Sequence[str]) -> str:
    """The sentence that answers a question by what no one cell says, such as a number of rows."""
    asked, answer = first_question(question), _joined(answers)
    statement = declared(asked, answer, several=len(answers) > 1) if asks(question) else None
    return statement or f"{topic(asked)}: {answer}."


def _stated(asking: _Asking, cell: Cell, answer: str, *, several: bool = False) -> str | None:
    """The statement without its full stop; None of a number that is none, of what does not measure what is asked for,
    and of what no rule can state."""
    asked, want, table = asking.asked, asking.want, asking.table
    counts_words = want.is_number and table.columns[cell.column].kind is not Kind.NUMBER
    measure = MEASURED_BY.get(asked.lower().removeprefix("how ").partition(" ")[0], ()) if want.wh == "how" else ()
    other = answer.isdecimal() and bool(measure) and set(measure).isdisjoint(name_words(table.header[cell.column]))
    statement = None if counts_words or other else declared(asked, answer, several=several)
    if statement and several and want.is_number and statement.startswith(answer):  # `how many countries won 7 medals`
        statement = None
    return statement.removesuffix(".") if statement else None


def _more(table: Table, row: int, known: str, question: str, most: int) -> list[Cell]:
    """So many further cells of a row that say something short that is not known, from left to right; those first whose
    columns the question names."""
    found = []
    for column in sorted(range(table.width), key=lambda column: not names(question, table.header[column])):
        text = plain(table, Cell(row, column))
        if says(text) and len(text) <= LONGEST_CELL and not is_said(text, known) and not is_note(table.header[column]):
            known += f" {text}"
            found.append(Cell(row, column))
    return sorted(found[:most])


def _bracketed(table: Table, cells: Sequence[Cell]) -> str:
    """The cells in brackets, bare figures under their columns' names."""
    return bracketed([told_beside(table, cell) for cell in cells])


def _joined(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} and {values[-1]}"
