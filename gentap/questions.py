"""Short questions about tables, with executed answers: the second source of GenTaP's pretraining data.

A type's sampler writes a program, the executor answers it, the phrasebook says it. A question is kept when its answer
is one that may be asked for, is not in the question already, and has not been asked of this table.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any, NamedTuple

from gentap.grammar.executor import Result, execute
from gentap.grammar.phrasing import phrasebook
from gentap.grammar.profile import Profile
from gentap.grammar.programs import Call
from gentap.grammar.reading import read_question
from gentap.grammar.types import TYPES, QuestionType
from gentap.grammar.view import TableView
from gentap.grammar.wording import Wording, asked_of_many
from gentap.question_mix import QuestionMix
from tabtext.errors import InputError, unknown_name
from tabtext.jsonl import dumps
from tabtext.readers import tables_of
from tabtext.stages import Stage
from tabtext.table import Table

MAX_CELLS = 200_000
"""A table with more cells than this is no item to train on, and is passed over."""

TRIES = 3
"""How many programs of a type are sampled for one question."""

LAST_TRIES = 8
"""How often every type is tried again where a table has no question yet."""


class GrammarQuestion(NamedTuple):
    """A question about a table, the program that it says, and what the program gives."""

    question: str
    type: str
    program: Call
    result: Result

    def to_json(self) -> dict[str, Any]:
        """The fields of the question's record, but for the table."""
        return {
            "question": self.question,
            "answer": self.result.answer,
            "type": self.type,
            "program": str(self.program),
            "evidence": self.result.evidence,
            "single_cell": self.result.single_cell,
        }

    def record(self, table: str) -> str:
        """The question's record as JSON; `table` is the table's JSON, written once for all its questions."""
        text = encode_basestring_ascii if table.isascii() else encode_basestring
        answer = ", ".join(map(text, self.result.answer))
        evidence = list(map(list, self.result.evidence))
        return (
            f'{{"question": {text(self.question)}, "answer": [{answer}], "type": "{self.type}", '
            f'"program": {text(str(self.program))}, "evidence": {evidence}, '
            f'"single_cell": {"true" if self.result.single_cell else "false"}, "table": {table}}}'
        )


def questions(
    tables: Iterable[Table], mix: QuestionMix | None = None, seed: int = 0, counts: Counter[str] | None = None
) -> Iterator[tuple[Table, GrammarQuestion]]:
    """Questions about each table in turn, with their answers; `counts` learns why tables give none."""
    counts, mix = Counter() if counts is None else counts, mix or QuestionMix()
    for number, table in enumerate(tables):
        for question in table_questions(table, random.Random(f"{seed}/questions/{number}"), mix, counts):
            yield table, question


def questions_stage(mix: QuestionMix) -> Stage:
    """The stage `gentap questions`: files with tables in, records of questions out."""
    for name in mix.types:
        if name not in TYPES:
            raise unknown_name("question type", name, TYPES)
    settings = {"types": sorted(mix.types), "per_table": mix.per_table, "single_cell": mix.single_cell,
                "verify": mix.verify}  # fmt: skip
    return Stage("questions", settings, partial(_records, mix), shard_size=16)


def _records(mix: QuestionMix, item: Any, rng: random.Random, counts: Counter[str]) -> Iterator[str]:
    for table in tables_of(item):
        written = dumps(table.to_json())
        for question in table_questions(table, rng, mix, counts):
            yield question.record(written)


def table_questions(
    table: Table, rng: random.Random, mix: QuestionMix, counts: Counter[str]
) -> Iterator[GrammarQuestion]:
    """Up to `mix.per_table` questions about one table, of as many types as it can serve."""
    reason = _unfit(table)
    if reason:
        counts[reason] += 1
        return
    book = phrasebook()
    view = TableView(table, book.words)
    profile, wording = Profile(view), Wording(book, view)
    seen: set[object] = set()
    made = 0
    possible = [name for name in mix.types or TYPES if TYPES[name].needs(profile)]
    names = possible.copy()
    while names and made < mix.per_table:
        for name in _order(names, rng)[: mix.per_table - made]:
            question = _sample(name, profile, wording, rng, seen, mix)
            if question is None:
                names.remove(name)
            elif mix.verify and not _reads_back(question, view):
                counts["questions that do not read back"] += 1
            else:
                yield question
                made += 1
    if not made and (question := _last_resort(possible, profile, wording, rng, seen, mix)):
        yield question
    elif not made:
        counts["tables without a question"] += 1


def _last_resort(
    names: Sequence[str], profile: Profile, wording: Wording, rng: random.Random, seen: set[object], mix: QuestionMix
) -> GrammarQuestion | None:
    """One question about a table of which no type made one at the first attempt."""
    for name in _order(names, rng) * LAST_TRIES:
        question = _sample(name, profile, wording, rng, seen, mix)
        if question and not (mix.verify and not _reads_back(question, profile.view)):
            return question
    return None


def _order(names: Sequence[str], rng: random.Random) -> list[str]:
    """The types in random order, rare ones first as a rule."""
    return sorted(names, key=lambda name: rng.random() ** TYPES[name].share, reverse=True)


def _unfit(table: Table) -> str:
    """Why nothing is asked of a table, else an empty string."""
    if len(table) < 2:
        return "tables with fewer than two rows"
    if table.width < 2:
        return "tables of one column"
    if len(table) * table.width > MAX_CELLS:
        return f"tables of more than {MAX_CELLS:,} cells"
    return ""


def _sample(
    name: str, profile: Profile, wording: Wording, rng: random.Random, seen: set[object], mix: QuestionMix
) -> GrammarQuestion | None:
    """A new question of a type, or None when three programs gave none."""
    kind = TYPES[name]
    for _ in range(TRIES):
        program = kind.sample(profile, rng)
        if program is None or program in seen:
            continue
        result = execute(program, profile.view)
        if not _may_be_asked(kind, program, result, mix):
            continue
        if len(result.answer) > 1:
            program = asked_of_many(program)
        text = wording.say(program, rng, len(result.answer))
        if text is None or text in seen or _gives_itself_away(program, result, text, profile.view):
            continue
        seen.update((program, text))
        return GrammarQuestion(text, name, program, result)
    return None


_NOT_ZERO = frozenset(("count", "percentage", "difference", "excess", "ratio", "share", "days_between"))


def _may_be_asked(kind: QuestionType, program: Call, result: Result, mix: QuestionMix) -> bool:
    if mix.single_cell and not result.single_cell:
        return False
    if kind.most_answers == 0:
        return not result.answer
    if program.name in _NOT_ZERO and result.answer and result.answer[0].strip("%") in ("0", ""):
        return False
    fewest = 2 if program.name in ("listing", "values") else 1
    return fewest <= len(result.answer) <= kind.most_answers


def _gives_itself_away(program: Call, result: Result, text: str, view: TableView) -> bool:
    """Whether the answer's cell stands in the question, where the question does not offer a choice."""
    if not result.cells or program.name in ("larger", "smaller"):
        return False
    key = view.columns[result.cells[0].column].keys[result.cells[0].row]
    return len(key) > 2 and key in text.lower()


def _reads_back(question: GrammarQuestion, view: TableView) -> bool:
    """Whether the question's words alone give the same program and the same answer."""
    try:
        return read_question(question.question, view) == question.program and (
            execute(question.program, view) == question.result
        )
    except InputError:
        return False
