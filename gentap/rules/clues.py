"""What speaks for each cell of a table as the answer to a question: clues of its row, of its column and of itself.

A question names cells of the row that it speaks of, says what kind of thing it wants (`what film`, `when`, `how many
votes`), and wants nothing that it says itself. Every clue is a number, most of them 0 or 1; what each is worth is
learnt (`choice`). A model's own answer is a clue among them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import chain, product
from typing import TYPE_CHECKING, NamedTuple

from gentap.grammar.alike import name_words, same_root, stands_for
from gentap.grammar.flags import is_flag
from gentap.grammar.verbs import other_tenses
from gentap.rules.extremes import TIMES, WINS, WON
from gentap.rules.reading import Reading, is_note, is_said, says
from gentap.rules.wanted import names, words_said
from tabtext.summary_rows import sums_up
from tabtext.table import Cell, Table
from tabtext.values import MONTHS, Kind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Bools = NDArray[np.bool_]

MOST_ROWS = 256
"""Rows looked at: those that the question speaks of and their neighbours, then the first."""

_ASKS = ("what", "which", "who", "when", "where", "how", "how many", "why", "whose", "")
_NAMES = ("name", "year", "title", "date", "result", "role", "award", "votes", "rank", "team", "notes")
_KINDS = tuple(kind.value for kind in Kind)
_NO_COUNTS = frozenset("$€£%")

_LONG, _LONGEST = 60, 80
_CLOCK = re.compile(r"\s*\d{1,2}(?::\d\d)?(?:\s*[ap]\.?m\b|(?<=:\d\d)(?!\d)\s*$)", re.IGNORECASE)
_DAYS = "(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_WHEN = re.compile(rf"(?:{_CLOCK.pattern})|\b[12]\d{{3}}\b(?!,)|\b(?:{'|'.join(MONTHS)}|{_DAYS})\b", re.IGNORECASE)
_FIGURE = re.compile(r"\d+")
_ACTS = re.compile(r"\b(?:did|does|do) .* (?P<verb>[a-z]+)\W*$", re.IGNORECASE)

ROW_CLUES = (
    "said", "behind the best", "the best", "among the best", "first of the best", "cells named", "nothing named",
    "extreme", "first", "last", "below the best", "above the best", "best though related", "best though weighed",
    "extreme, weighed", "first, weighed", "last, weighed", "won", "a sum", "a sum of many", "latest", "earliest",
    "more or less", "part of a cell", "below, asked for", "above, asked for", "best, left out",
    "named, others left out", "the model's", "one text", "label alike",
)  # fmt: skip
COLUMN_CLUES = (
    "alike", "the word", "alike to the first word", "root of the verb", "share said", "notes", "first", "second",
    "last", "place", "a cell named", "share of texts", "time", "money or share", "how many money", "the model's",
    "name said", "says when", "times of day", "yes or no", *_KINDS,
    *(f"{asks} {kind}" for asks in _ASKS for kind in _KINDS),
    *(f"{asks} time" for asks in _ASKS), *(f"{asks} {name}" for asks in _ASKS for name in _NAMES),
)  # fmt: skip
CELL_CLUES = (
    "said",
    "said, related",
    "named",
    "in the title",
    "length",
    "long",
    "digit",
    "best row, alike",
    "the model's",
    "no model's",
    "nothing",
)


class Clues(NamedTuple):
    """The clues of some rows [rows, `ROW_CLUES`], of all columns [columns, `COLUMN_CLUES`] and of their cells [rows,
    columns, `CELL_CLUES`]; the rows' numbers in the table; and which cells say anything [rows, columns]."""

    numbers: tuple[int, ...]
    rows: Floats
    columns: Floats
    cells: Floats
    says: Bools


class _Asked(NamedTuple):
    """What all clues of a question are made of: its reading, the table, a model's cell; the cells that it names and how
    many of each row, how much it speaks of the row that it speaks of most, and the rows of which it speaks as much; its
    words, and the verb behind did at its end."""

    reading: Reading
    table: Table
    own: Cell | None
    named: frozenset[Cell]
    counts: Mapping[int, int]
    most: float
    best: frozenset[int]
    said: frozenset[str]
    act: str

    @classmethod
    def of(cls, reading: Reading, table: Table, own: Cell | None) -> _Asked:
        named = frozenset(match.cell for row in reading.ranked for match in row.matches)
        counts = {row.row: len(row.matches) for row in reading.ranked}
        most, acts = max(reading.scores.values(), default=0.0), _ACTS.search(reading.question)
        said, act = words_said(reading.question), acts["verb"].lower() if acts else ""
        return cls(reading, table, own, named, counts, most, frozenset(reading.best), said, act)


def clues(reading: Reading, table: Table, own: Cell | None = None) -> Clues:
    """The clues for the cells of a table; `own` is a model's answer."""
    import numpy as np

    asked = _Asked.of(reading, table, own)
    numbers = tuple(_looked_at(reading, table, own))
    named_columns = {cell.column for cell in asked.named}
    of_columns = [_column_clues(asked, column, column in named_columns) for column in range(table.width)]
    of_rows = [_row_clues(asked, row) for row in numbers]
    cells = [Cell(row, column) for row in numbers for column in range(table.width)]
    of_cells = [_cell_clues(asked, cell) for cell in cells]
    for found, (of_row, of_column) in zip(of_cells, product(of_rows, of_columns), strict=True):
        found["best row, alike"] = of_row["among the best"] and of_column["alike"]
    shape = len(numbers), table.width
    return Clues(
        numbers,
        _array(of_rows, ROW_CLUES),
        _array(of_columns, COLUMN_CLUES),
        _array(of_cells, CELL_CLUES).reshape(*shape, len(CELL_CLUES)),
        np.array([says(table[cell]) for cell in cells], dtype=bool).reshape(shape),
    )


def _array(found: Sequence[dict[str, float]], names: Sequence[str]) -> Floats:
    """The values [found, names] of clues by their names, 0 where one is not there."""
    import numpy as np

    values = np.zeros((len(found), len(names)), dtype=np.float32)
    places = {name: place for place, name in enumerate(names)}
    for row, clues_found in zip(values, found, strict=True):
        for name, value in clues_found.items():
            row[places[name]] = value
    return values


def _looked_at(reading: Reading, table: Table, own: Cell | None) -> list[int]:
    """The rows whose cells may answer, in the table's order."""
    outermost = (own.row if own else None, reading.extreme, reading.latest, reading.earliest)
    near = chain.from_iterable((row, row - 1, row + 1) for row in reading.best)
    ranked = sorted(reading.scores, key=lambda row: -reading.scores[row])
    asked = sorted(reading.compared | reading.spelled)
    others = chain((len(table) - 1,), range(min(len(table), MOST_ROWS)))
    chosen = dict.fromkeys(chain((row for row in outermost if row is not None), near, ranked, asked, others))
    return sorted([row for row in chosen if 0 <= row < len(table)][:MOST_ROWS])


def _row_clues(asked: _Asked, row: int) -> dict[str, float]:
    reading, table, own, _, _, most, spoken_of = asked[:7]
    said = reading.scores.get(row, 0.0)
    best, first, last, extreme = said == most > 0, row == 0, row == len(table) - 1, row == reading.extreme
    above, below = row + 1 in spoken_of, row - 1 in spoken_of
    sums = any(sums_up(text.strip().casefold()) for text in table.rows[row])
    wins = WINS.search(reading.question) is not None
    return {
        "said": said,
        "behind the best": most - said,
        "the best": best,
        "among the best": row in spoken_of,
        "first of the best": reading.best[:1] == (row,),
        "cells named": asked.counts.get(row, 0),
        "nothing named": not most,
        "extreme": extreme,
        "first": first,
        "last": last,
        "below the best": reading.relates and below,
        "above the best": reading.relates and above,
        "below, asked for": reading.below and below,
        "above, asked for": reading.above and above,
        "best though related": reading.relates and best,
        "best though weighed": reading.weighs and best,
        "extreme, weighed": reading.weighs and extreme,
        "first, weighed": reading.weighs and first,
        "last, weighed": reading.weighs and last,
        "won": wins and any(WON.fullmatch(text.strip()) for text in table.rows[row]),
        "a sum": sums,
        "a sum of many": sums and reading.want.is_number,
        "latest": row == reading.latest,
        "earliest": row == reading.earliest,
        "more or less": row in reading.compared,
        "part of a cell": row in reading.spelled,
        "best, left out": reading.excepts and best,
        "named, others left out": reading.excepts and not best and said > 0,
        "the model's": own is not None and own.row == row,
        "one text": table.width > 1 and len(set(table.rows[row])) == 1,
        "label alike": any(
            stands_for(word, kind) for word in name_words(table.rows[row][0][:_LONGEST]) for kind in reading.want.words
        ),
    }


def _column_clues(asked: _Asked, column: int, is_named: bool) -> dict[str, float]:
    reading, table, own = asked[:3]
    want, header, kind = reading.want, table.header[column], table.columns[column].kind.value
    words, said = name_words(header), asked.said
    is_act = column == 0 and words == [asked.act]  # `what did Ann order`, beside Order
    said = said.difference(words) if is_act else said
    said = said.union(other_tenses(said), _FIGURE.findall(reading.question))
    tokens = [*words, *_FIGURE.findall(header)]
    asks = want.wh if want.wh in _ASKS else "who"  # whom
    time, no_count = not TIMES.isdisjoint(words), table.columns[column].unit in _NO_COUNTS
    return {
        "alike": any(stands_for(word, wanted) for word in words for wanted in want.words),
        "the word": not set(words).isdisjoint(want.words),
        "alike to the first word": any(stands_for(word, wanted) for word in words for wanted in want.words[:1]),
        "root of the verb": any(same_root(word, verb) for word in words for verb in want.verbs),
        "share said": sum(token in said for token in tokens) / max(1, len(tokens)),
        "notes": is_note(header),
        "first": column == 0,
        "second": column == 1,
        "last": column == table.width - 1,
        "place": column / max(1, table.width - 1),
        "a cell named": is_named,
        "share of texts": len({row[column] for row in table.rows}) / max(1, len(table)),
        "time": time,
        "says when": _says_when(table, column),
        "yes or no": is_flag(table, column),
        "times of day": _says_when(table, column, _CLOCK),
        "money or share": no_count,
        "how many money": no_count and asks == "how many",
        "the model's": own is not None and own.column == column,
        "name said": not is_act and _is_named(header, reading),
        kind: True,
        f"{asks} {kind}": True,
        f"{asks} time": time,
        **{f"{asks} {name}": True for name in _NAMES if name in words},
    }


def _says_when(table: Table, column: int, form: re.Pattern[str] = _WHEN) -> bool:
    """Whether all cells of a column, but for those that say nothing, hold a time of this form."""
    said = [row[column] for row in table.rows if says(row[column])]
    return bool(said) and all(map(form.search, said))


def _is_named(header: str, reading: Reading) -> bool:
    """Whether a question says the whole name of a column, also where it is a figure."""
    return bool(header.strip()) and is_said(header, reading.question)


def _cell_clues(asked: _Asked, cell: Cell) -> dict[str, float]:
    reading, table, own = asked[:3]
    text, header = table[cell], table.header[cell.column]
    said = is_said(text, reading.question)
    return {
        "said": said,
        "said, related": said and reading.relates,
        "named": cell in asked.named,
        "in the title": bool(table.title) and is_said(text, table.title),
        "length": min(len(text), _LONGEST) / _LONGEST,
        "long": len(text) > _LONG,
        "digit": text[:1].isdigit(),
        "the model's": cell == own,
        "no model's": own is None,
        "nothing": text.strip() == "0" and not (names(reading.question, header) or _is_named(header, reading)),
    }
