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
from tabtext.values import MONTHS

MAX_CELLS = 6
"""Cells of a row at most; the first of its sentence, and the answer."""

_MONTH = rf"(?:{'|'.join(MONTHS)})"
_DATE = rf"\d{{1,2}} {_MONTH}(?: \d{{4}})?|{_MONTH} (?:\d{{1,2}}(?:, \d{{4}})?|\d{{4}})"
_NUMBER = r"[£$€]?\d[\d.,:–-]*\d%?|\d%?"
_WORD = r"[^\W\d_a-zß-öø-ÿ][\w'’.-]*\w"
_NAME = rf"{_WORD}(?:(?: (?:of|the|de|and|&))* (?:{_WORD}|\d[\w.-]*))*"
_SPAN = re.compile(rf"(?<!\w)(?:(?P<date>{_DATE})(?!\w)|{_NAME}|{_NUMBER})")
_OPENING = re.compile(
    r"(?:after|an?|as|at|before|but|by|during|for|from|he|her|his|in|it|its|of|on|she|the|their|they|this|to|when|"
    r"while|with)(?: the)? ",
    re.IGNORECASE,
)
"""What a sentence begins with and no name has."""
_ASKED_FOR = re.compile(
    r"(?:what|which) (?P<noun>[a-z]+(?: [a-z]+)?) (?:did|does|do|was|were|is|are|has|have|had)\b", re.I
)


def read_reading_rows(path: str | Path) -> Iterator[QAExample]:
    """The questions of a SQuAD file that their sentence alone can be asked, each with a table of one row: what the
    sentence names, the answer among it. Of SQuAD's 87,599 training questions these are 58,149."""
    for number, example in enumerate(read_squad(path)):
        sentence = sentence_around(example.context, example.start, len(example.answer))
        if sentence is None or not example.answer.strip() or fault(example, sentence):
            continue
        question, answer = " ".join(example.question.split()), " ".join(example.answer.split())
        cells = cells_of(" ".join(sentence.split()), answer)
        header = tuple(_asked_for(example) if cell == answer else kind_of(cell) for cell in cells)
        table = Table(header, (tuple(cells),), title=example.title)
        evidence = (Cell(0, cells.index(answer)),)
        yield QAExample(f"{number}", question, answer, (answer,), table, evidence)


def kind_of(cell: str) -> str:
    """What a cell is, as tables head their columns: `1999` -> `Year`."""
    if re.fullmatch(r"[12]\d{3}", cell):
        return "Year"
    if re.fullmatch(rf"{_DATE}|{_MONTH}", cell):
        return "Date"
    return "Number" if re.fullmatch(_NUMBER, cell) else "Name"


def _asked_for(example: ReadingExample) -> str:
    """What a question says that it asks for, `What sport did Ann play?` -> `Sport`, else the kind of its answer."""
    match = _ASKED_FOR.match(example.question)
    is_thing = match and not FUNCTION_WORDS.intersection(match["noun"].lower().split())
    return match["noun"].capitalize() if match and is_thing else kind_of(example.answer)


def cells_of(sentence: str, answer: str) -> list[str]:
    """The names, dates and numbers of a sentence in its order, the answer among them, none within it or twice."""
    found = re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", sentence)
    at = found.start() if found else max(0, sentence.find(answer))
    spans = [(at, answer)]
    for match in _SPAN.finditer(sentence):
        opening = _OPENING.match(match[0]) if match.start() == 0 and not match["date"] else None
        name = match[0][opening.end() :] if opening else match[0]
        apart = match.end() <= at or match.start() >= at + len(answer)
        is_word = match.start() == 0 and name.lower() in FUNCTION_WORDS
        if apart and not is_word and len(spans) < MAX_CELLS and name not in [text for _, text in spans]:
            spans.append((match.start(), name))
    return [text for _, text in sorted(spans)]
