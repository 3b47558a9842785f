"""Reading-comprehension questions as questions about a table: the sentence that answers one, as a row of its names,
dates and numbers.

The row tells less than the sentence, so it teaches nothing about the world; it teaches how people ask for a cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tabtext.corpora.squad import ReadingExample, read_squad
from tabtext.examples import QAExample
from tabtext.reading import FUNCTION_WORDS, fault, sentence_around
from tabtext.table import Cell, Table

MAX_CELLS = 6
"""Cells of a row at most; the first of its sentence, and the answer."""

_NUMBER = r"[£$€]?\d[\d.,:–-]*\d%?|\d%?"
_NAME = r"[A-Z][\w'’.-]*\w(?:(?: (?:of|the|de|and|&))* [A-Z\d][\w'’.-]*\w)*"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_SPAN = re.compile(
    rf"\b(?:\d{{1,2}} (?:{_MONTHS})(?: \d{{4}})?|(?:{_MONTHS}) \d{{1,2}}(?:, \d{{4}})?)\b|{_NAME}|{_NUMBER}"
)
_ASKED_FOR = re.compile(
    r"(?:what|which) (?P<noun>[a-z]+(?: [a-z]+)?) (?:did|does|do|was|were|is|are|has|have|had)\b", re.I
)


def read_reading_rows(path: str | Path) -> Iterator[QAExample]:
    """The questions of a SQuAD file that their sentence alone can be asked, each with a table of one row: what the
    sentence names, the answer among it. Of SQuAD's 87,599 training questions these are 58,149."""
    for number, example in enumerate(read_squad(path)):
        sentence = sentence_around(example.context, example.start, len(example.answer))
        if sentence is None or fault(example, sentence):
            continue
        question, answer = " ".join(example.question.split()), " ".join(example.answer.split())
        cells = _cells(" ".join(sentence.split()), answer)
        header = tuple(_asked_for(example) if cell == answer else kind_of(cell) for cell in cells)
        table = Table(header, (tuple(cells),), title=example.title)
        evidence = (Cell(0, cells.index(answer)),)
        yield QAExample(f"{number}", question, answer, (answer,), table, evidence)


def kind_of(cell: str) -> str:
    """What a cell is, as tables head their columns: `1999` -> `Year`."""
    if re.fullmatch(r"[12]\d{3}", cell):
        return "Year"
    if re.search(_MONTHS, cell):
        return "Date"
    return "Number" if re.fullmatch(_NUMBER, cell) else "Name"


def _asked_for(example: ReadingExample) -> str:
    """What a question says that it asks for, `What sport did Ann play?` -> `Sport`, else the kind of its answer."""
    match = _ASKED_FOR.match(example.question)
    return match["noun"].capitalize() if match else kind_of(example.answer)


def _cells(sentence: str, answer: str) -> list[str]:
    """The names, dates and numbers of a sentence in its order, the answer among them, none within it or twice."""
    at = max(0, sentence.find(answer))
    spans = [(at, answer)]
    for match in _SPAN.finditer(sentence):
        first, _, rest = match[0].partition(" ")
        name = rest if first.lower() in FUNCTION_WORDS else match[0]  # `In Rome` at its beginning
        apart = match.end() <= at or match.start() >= at + len(answer)
        if name and apart and len(spans) < MAX_CELLS and name not in [text for _, text in spans]:
            spans.append((match.start(), name))
    return [text for _, text in sorted(spans)]
