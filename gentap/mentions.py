"""A mention: a sentence that speaks of a row of a table, as `mine` writes it and `ask` reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tabtext.errors import InputError
from tabtext.jsonl import Line
from tabtext.table import Cell, Table


@dataclass(frozen=True)
class Mention:
    """A sentence, and the cells of one row of a table that it names; `fields` is what else its record holds."""

    sentence: str
    table: Table
    cells: tuple[Cell, ...]
    fields: Mapping[str, Any]

    @property
    def row(self) -> int:
        """The row that the sentence speaks of, from 0."""
        return self.cells[0].row

    def to_json(self) -> dict[str, Any]:
        """The JSON object that stands for this mention in our files, the table last."""
        own = {"sentence": self.sentence, "cells": self.cells, "row": self.row}
        return {**own, **self.fields, "table": self.table}


def read_mention(line: Line) -> Mention:
    """The mention of a line; an InputError says what it lacks."""
    fields = dict(line.json())
    place = f"{line.name}, line {line.number}"
    try:
        table = Table.from_json(fields.pop("table"))
        cells = tuple(Cell(int(row), int(column)) for row, column in fields.pop("cells"))
        sentence = fields.pop("sentence")
        inside = all(0 <= row < len(table) and 0 <= column < table.width for row, column in cells)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"{place}: a mention needs 'sentence', 'cells' [[row, column], …] and 'table' ({error})."
        ) from None
    if not isinstance(sentence, str) or not inside or not cells:
        raise InputError(
            f"{place}: 'sentence' must be text, and every cell of 'cells' inside the table; it names one at least."
        )
    return Mention(sentence, table, cells, fields)
