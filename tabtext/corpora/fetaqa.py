"""FeTaQA: questions about Wikipedia tables that a sentence answers (Nan et al., 2022, TACL 10)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tabtext.errors import InputError
from tabtext.examples import QAExample
from tabtext.jsonl import read_lines
from tabtext.readers.fetaqa import fetaqa_table
from tabtext.table import Cell, Table


def read_fetaqa(path: str | Path) -> Iterator[QAExample]:
    """The examples of a FeTaQA JSON Lines file (dev 1,001, train 7,326, test 2,003).

    Header rows that FeTaQA left in the body are merged into the header, and highlighted cells counted from the first
    row below it. A line without a table is an InputError.
    """
    for line in read_lines(path):
        fields = line.json()
        missing = [name for name in ("table_array", "question", "answer") if name not in fields]
        if missing:
            raise InputError(
                f"{line.name}, line {line.number}: no {missing[0]!r}; a FeTaQA line with its table needs it."
            )
        try:
            table = fetaqa_table(fields)
        except InputError as error:
            raise InputError(f"{line.name}, line {line.number}: {error}") from None
        answer = fields["answer"]
        yield QAExample(table.id, fields["question"], answer, (answer,), table, table.highlighted)


def read_fetaqa_cells(path: str | Path) -> Iterator[QAExample]:
    """The examples of a FeTaQA file that has no tables, only the highlighted cells (train 7,325): a table of one row.

    `highlighted_cells` is `[one], [two]`. Columns have no names; a cell that is highlighted again stands there once.
    """
    for line in read_lines(path):
        fields = line.json()
        missing = [name for name in ("highlighted_cells", "question", "answer") if name not in fields]
        if missing:
            raise InputError(f"{line.name}, line {line.number}: no {missing[0]!r}; a FeTaQA line of cells needs it.")
        marked = fields["highlighted_cells"]
        if not (isinstance(marked, str) and marked.startswith("[") and marked.endswith("]")):
            raise InputError(
                f"{line.name}, line {line.number}: 'highlighted_cells' is {marked!r:.60}; expected '[one], [two]'."
            )
        cells = tuple(dict.fromkeys(marked[1:-1].split("], [")))
        table = Table(("",) * len(cells), (cells,), id=str(line.number))
        evidence = tuple(Cell(0, column) for column in range(len(cells)))
        yield QAExample(table.id, fields["question"], fields["answer"], (fields["answer"],), table, evidence)
