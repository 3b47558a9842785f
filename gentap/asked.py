"""What people asked of tables, as pretraining learns it: answered by a cell, with names as the table spells them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tabtext.examples import QAExample
from tabtext.reading import content_words, share_said
from tabtext.table import Cell, Table

_HOW_MANY = re.compile(r"(?:^|\b)(?:how (?:many|much|long)|number of|total)\b", re.IGNORECASE)

_RESULTS = frozenset(("won", "win", "lost", "loss", "draw", "tie", "total", "first", "second", "third", "yes", "no"))
"""What cells say in words that any question may have."""


def asked_of_cells(examples: Iterable[QAExample], counts: Counter[str]) -> Iterator[QAExample]:
    """The questions that one cell answers, with the answer as the cell spells it and the cell as evidence.

    A number that was asked for stands in a column that the question names, or it was counted, and the cell that has it
    is there by chance. `counts` learns how many were left out.
    """
    for example in examples:
        cells = _cells_of(example)
        if not cells:
            counts["in"] += 1
            counts["answered by no cell"] += 1
            continue
        answer = example.table[cells[0]]
        evidence = cells if len(cells) == 1 else ()
        question = respelled(example.question, example.table)
        yield replace(example, question=question, answer=answer, answers=(answer,), evidence=evidence)


def _cells_of(example: QAExample) -> tuple[Cell, ...]:
    if len(example.answers) != 1:
        return ()
    wanted, table = " ".join(example.answers[0].casefold().split()), example.table
    counted = bool(_HOW_MANY.search(example.question))
    return tuple(
        Cell(i, j)
        for i, row in enumerate(table.rows)
        for j, text in enumerate(row)
        if text.strip() and " ".join(text.casefold().split()) == wanted
        if not counted or share_said(table.header[j], example.question)
    )


def respelled(question: str, table: Table) -> str:
    """A question that is all in lower case with the names of the table's cells as these spell them.

    A cell whose text stands more than once, or is a common word, is left alone.
    """
    if question != question.lower():
        return question
    cells = Counter(text.strip() for row in table.rows for text in row)
    names = {
        text for text, number in cells.items() if number == 1 and text != text.lower() and text.lower() in question
    }
    for name in sorted(filter(_is_name, names), key=lambda name: (len(name), name)):
        literal = name.replace("\\", r"\\")
        question = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", literal, question, flags=re.IGNORECASE)
    return question[:1].upper() + question[1:]


def _is_name(text: str) -> bool:
    return len(text) > 1 and bool(content_words(text) - _RESULTS)
