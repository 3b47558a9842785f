"""The command `gentap answer`: one question or a file of them, about a table, to a model chosen by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import tee
from pathlib import Path
from typing import Any

import typer

from gentap.answers import FORMATS, Answer, Answered
from tabtext.errors import InputError, unknown_name
from tabtext.jsonl import read_jsonl
from tabtext.readers import read_tables
from tabtext.table import Table

GRAMMAR = "grammar"
"""The name that stands for no model: the question is read as a program."""


def answer_command(
    question: str,
    table: str,
    *,
    model: str = GRAMMAR,
    questions: Path | None = None,
    format: str = "text",
    threshold: float | None = None,
    beams: int | None = None,
) -> None:
    """Print the answers to one question or to those of a file, which may bring tables of their own."""
    if format not in FORMATS:
        raise unknown_name("--format", format, FORMATS)
    if bool(question) == (questions is not None):
        raise InputError("Ask one question, or name a file with --questions; found both or neither.")
    records: Iterable[Mapping[str, Any]] = read_jsonl(questions) if questions is not None else [{"question": question}]
    asked, again = tee(_asked(records, _table(table) if table else None))
    for piece in FORMATS[format](_answered(_answers(model, asked, threshold, beams), again)):
        typer.echo(piece)


def _answers(
    model: str, asked: Iterable[tuple[str, Table]], threshold: float | None, beams: int | None
) -> Iterable[Answer]:
    """The answers of the grammar, or of the model of this name."""
    if model == GRAMMAR:
        from gentap.grammar.answer import grammar_answers

        return grammar_answers(asked)
    from gentap.table_qa import BEAMS, TableQA

    return TableQA.from_pretrained(model, threshold=threshold, beams=beams or BEAMS).answers(asked)


def _answered(answers: Iterable[Answer], asked: Iterable[tuple[str, Table]]) -> Iterator[Answered]:
    return ((answer, table) for answer, (_, table) in zip(answers, asked, strict=True))


def _asked(records: Iterable[Mapping[str, Any]], default: Table | None) -> Iterator[tuple[str, Table]]:
    """The question of each record, with the record's own table or the one that was named."""
    for record in records:
        if not isinstance(record.get("question"), str):
            raise InputError(f"A question's record needs the field 'question'; found {sorted(record)}.")
        own = record.get("table")
        about = Table.from_json(own) if isinstance(own, dict) else default
        if about is None:
            raise InputError("No table was named, and the question brings none; pass --table FILE.")
        yield record["question"], about


def _table(file: str) -> Table:
    """The one table of a file."""
    tables = list(read_tables(file))
    if len(tables) != 1:
        raise InputError(
            f"{file}: holds {len(tables)} tables, and a question is about one; name a file with one table."
        )
    return tables[0]
