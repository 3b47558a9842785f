"""The command `gentap answer`: one question or a file of them, about a table, to a model chosen by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import typer

from gentap.grammar_answer import GrammarAnswer, answer_lines, as_text
from tabtext.errors import InputError, unknown_name
from tabtext.jsonl import dumps, read_jsonl
from tabtext.readers import read_tables
from tabtext.table import Table

FORMATS: dict[str, Callable[[GrammarAnswer, Table], str]] = {
    "text": as_text,
    "json": lambda answer, table: dumps(answer.to_json()),
}
"""How answers are shown, by name."""

MODELS: dict[str, Callable[[Table, Iterable[Mapping[str, Any]]], Iterable[GrammarAnswer]]] = {"grammar": answer_lines}
"""What answers records with a `question` about a table, by name."""


def answer_command(
    question: str, table: str, *, model: str = "grammar", questions: Path | None = None, format: str = "text"
) -> None:
    """Print the answers to one question or to those of a file."""
    if format not in FORMATS:
        raise unknown_name("--format", format, FORMATS)
    if model not in MODELS:
        raise unknown_name("--model", model, MODELS)
    if bool(question) == (questions is not None):
        raise InputError("Ask one question, or name a file with --questions; found both or neither.")
    about = _table(table)
    records = read_jsonl(questions) if questions is not None else [{"question": question}]
    for answer in MODELS[model](about, records):
        typer.echo(FORMATS[format](answer, about))


def _table(file: str) -> Table:
    """The one table of a file."""
    if not file:
        raise InputError("No table was named; pass --table FILE.")
    tables = list(read_tables(file))
    if len(tables) != 1:
        raise InputError(
            f"{file}: holds {len(tables)} tables, and a question is about one; name a file with one table."
        )
    return tables[0]
