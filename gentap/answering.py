"""The command `gentap answer`: one question or a file of them, about a table, to a model chosen by name.

What the grammar can read and answer exactly it answers, then what the parser is sure of, before a model guesses; every
answer says who gave it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import tee
from pathlib import Path

import typer

from gentap.answers import (
    EMPTY_QUESTION,
    FORMATS,
    GRAMMAR,
    NO_MODELS,
    PARSER,
    RULES,
    WINDOW,
    Answer,
    Answered,
    Asked,
    in_windows,
)
from tabtext.corpora.questions import beside
from tabtext.errors import InputError, unknown_name
from tabtext.jsonl import Line, read_lines
from tabtext.readers import read_table
from tabtext.stages import ON_ERROR
from tabtext.table import Table


def answer_command(
    question: str | None,
    table: str,
    *,
    model: str = GRAMMAR,
    grammar: bool = True,
    questions: Path | None = None,
    format: str = "text",
    threshold: float | None = None,
    beams: int | None = None,
    on_error: str = "stop",
    composed: bool | None = None,
) -> None:
    """Print the answers to one question or to those of a file, which may bring tables of their own.

    Beside a `model`, the `grammar` and the parser answer the questions that they can.
    """
    if format not in FORMATS:
        raise unknown_name("--format", format, FORMATS)
    if on_error not in ON_ERROR:
        raise unknown_name("--on-error", on_error, ON_ERROR)
    if model == GRAMMAR and not grammar:
        raise InputError("--no-grammar leaves nobody to answer beside --model grammar; name another --model.")
    if question is not None and not question.strip() and questions is None:
        raise InputError(EMPTY_QUESTION)
    if bool(question) == (questions is not None):
        raise InputError("Ask one question, or name a file with --questions; found both or neither.")
    default = read_table(table) if table else None
    if questions is not None:
        asked: Iterable[Asked] = _asked(questions, default, on_error)
    elif default is None:
        raise InputError("No table was named; pass --table FILE.")
    else:
        asked = [Asked(question or "", default)]
    asked, again = tee(asked)
    answer = _answerer(model, threshold, beams, composed)
    answers = _in_turn([*(before(model) if grammar else ()), answer], asked, on_error)
    answers = (found if found.model else replace(found, model=model) for found in answers)
    for piece in FORMATS[format](_answered(answers, again)):
        typer.echo(piece)


Answerer = Callable[..., Iterator[Answer]]
"""What answers questions, each about its table; told by `on_error` what to do about one that it cannot read."""


def _answerer(name: str, threshold: float | None, beams: int | None, composed: bool | None) -> Answerer:
    """The grammar, the rules, or the model of this name; only a model has options."""
    if name in NO_MODELS and (threshold, beams, composed) != (None, None, None):
        raise InputError(f"--threshold, --beams and --composed are for a model; --model {name} has none of them.")
    if name == GRAMMAR:
        from gentap.grammar.answer import grammar_answers

        return grammar_answers
    if name == PARSER:
        from gentap.parser.answer import parser_answers

        return parser_answers
    if name == RULES:
        from gentap.rules.compose import composed_answers

        return composed_answers
    from gentap.table_qa import BEAMS, TableQA
    from tabtext.models import refuse_near_name

    refuse_near_name(name, NO_MODELS)
    qa = TableQA.from_pretrained(name, threshold=threshold, beams=beams or BEAMS, composed=composed)
    return qa.answers


def before(name: str) -> Iterator[Answerer]:
    """What answers the questions that it can before the model of this name does: the grammar, then the parser where it
    is sure."""
    if name != GRAMMAR:
        yield _answerer(GRAMMAR, None, None, None)
    if name not in (GRAMMAR, PARSER):
        from gentap.parser.answer import SURE, parser_answers

        yield partial(parser_answers, threshold=SURE)


def _in_turn(answerers: Sequence[Answerer], asked: Iterable[Asked], on_error: str) -> Iterator[Answer]:
    """The answer of the first that has one to each question, in order; the last one is told what to do about errors."""
    first, *others = answerers
    if not others:
        yield from first(asked, on_error=on_error)
        return
    for ahead in in_windows(asked, WINDOW):
        found = list(first(ahead, on_error="skip"))
        left = (one for one, its in zip(ahead, found, strict=True) if not its.answerable)
        rest = _in_turn(others, left, on_error)
        yield from (its if its.answerable else next(rest) for its in found)


def _answered(answers: Iterable[Answer], asked: Iterable[Asked]) -> Iterator[Answered]:
    return ((answer, one.table) for answer, one in zip(answers, asked, strict=True))


def _asked(questions: Path, default: Table | None, on_error: str) -> Iterator[Asked]:
    """The question of each line, with the line's own table or the one that was named.

    A line that holds no question stops, or with `on_error="skip"` is reported on standard error and passed over.
    """
    for line in read_lines(questions):
        try:
            yield _question(line, questions, default)
        except InputError as error:
            if on_error == "stop":
                raise
            print(f"skipped: {error}", file=sys.stderr)


def _question(line: Line, questions: Path, default: Table | None) -> Asked:
    fields, place = line.json(), f"{line.name}, line {line.number}"
    question = line.text_of(fields, "question")
    own = fields.get("table")
    if own and not isinstance(own, dict | str):
        raise InputError(f"{place}: 'table' must be a table or the name of a file; found {own!r:.60}.")
    try:
        about = Table.from_json(own) if isinstance(own, dict) else beside(questions, own) if own else default
    except InputError as error:
        raise InputError(f"{place}: {error}") from None
    if about is None:
        raise InputError(f"{place}: no table was named, and the question brings none; pass --table FILE.")
    return Asked(question, about, place)
