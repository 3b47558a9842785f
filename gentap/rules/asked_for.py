"""Which cells a question asks for, by the clues of its words and of a model's own answer: one, or several of a column.

A guess, for what the grammar does not read; what each clue is worth is learnt (`choice`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gentap.grammar.alike import name_words
from gentap.rules.choice import Choice
from gentap.rules.clues import CELL_CLUES, COLUMN_CLUES, ROW_CLUES, Clues, clues
from gentap.rules.idioms import MARGIN
from gentap.rules.reading import Reading, read_question, says
from gentap.rules.wanted import asks
from tabtext.matching import TableMatcher
from tabtext.table import Cell, Table
from tabtext.values import Kind

if TYPE_CHECKING:
    from gentap.rules.clues import Bools, Floats

MOST_ROWS = 6
"""Rows that may answer together; where more fit, the question asks for something else."""

_AS_LIKELY = 2.0
"""A cell answers beside the likeliest one of its column if the logarithm of its probability is so little less."""

_SAID = CELL_CLUES.index("said")
_LABEL = ROW_CLUES.index("label alike")
_NAME = COLUMN_CLUES.index("name said")
_NAMED = [COLUMN_CLUES.index(clue) for clue in ("the word", "share said", "name said")]
"""Clues that a column is named, all but the first that its whole name is said."""
_ALL_SAID = COLUMN_CLUES.index("share said")
_TIMES = [COLUMN_CLUES.index(clue) for clue in (Kind.DATE.value, "time", "says when")]
_FIGURES = [COLUMN_CLUES.index(kind.value) for kind in (Kind.NUMBER, Kind.RANK, Kind.DATE, Kind.PAIR)]
_ROOT, _FLAG = COLUMN_CLUES.index("root of the verb"), COLUMN_CLUES.index("yes or no")
_CLOCK = COLUMN_CLUES.index("times of day")
_FIRST_WORD, _WORD = COLUMN_CLUES.index("alike to the first word"), COLUMN_CLUES.index("the word")


def cells_asked_for(
    question: str, matcher: TableMatcher, own: Cell | None = None, choice: Choice | None = None
) -> list[Cell]:
    """The cells that seem to answer a question, of one column, the likeliest first and the others in the table's order.

    `own` is a model's answer. There is none where neither it nor the question speaks of anything in the table, or
    where the likeliest cell is not in a column that the question names and the row's cells there are empty.
    """
    import numpy as np

    table = matcher.table
    own = own if own is not None and says(table[own]) else None
    reading = read_question(question, matcher)
    if reading.offers and len(reading.best) > 1 and reading.extreme is None:  # no clue says which of them
        return [own] if own is not None else []
    if not len(table) or not table.width:
        return []
    found = clues(reading, table, own)
    may = np.logical_and(found.says, may_answer(reading, found, own))
    named, shorter = _named_columns(table, found)
    may[:, shorter] = False
    if reading.lacks:
        may &= np.asarray(~found.says[:, named].all(axis=1))[:, None]
    worth = np.where(may, (choice or Choice.load()).worth(found), -np.inf)
    place, column = divmod(int(worth.argmax()), table.width)
    first = found.numbers[place]
    if np.isneginf(worth[place, column]) or (not reading.lacks and _is_empty(reading, found, named, place, column)):
        return []
    rows = _answering_together(reading, found, worth[:, column], place)
    allowed = {row for row, it_may in zip(found.numbers, may[:, column], strict=True) if it_may}
    others = sorted((rows & allowed) - {first}) if len(rows) <= MOST_ROWS else ()
    return [Cell(first, column), *(Cell(row, column) for row in others)]


def _answering_together(reading: Reading, found: Clues, worth: Floats, place: int) -> set[int]:
    """The rows that answer like the one at this place, if several may: those that the question speaks of, or that are
    as likely; of whoever and whatever there is the former alone."""
    of_any = reading.want.wh == "who" or (reading.want.wh == "what" and not reading.want.words)
    spoken = reading.extreme is None and not reading.weighs and found.numbers[place] in reading.best
    if not ((of_any and spoken) or _wants_several(reading)):
        return set()
    as_likely = {row for row, its in zip(found.numbers, worth, strict=True) if its >= worth[place] - _AS_LIKELY}
    spoken_of = set(reading.best)
    if found.numbers[place] in spoken_of:
        return (spoken_of if reading.extreme is None else as_likely) - reading.denied
    return as_likely - spoken_of if reading.excepts else as_likely


def _is_empty(reading: Reading, found: Clues, named: list[int], place: int, column: int) -> bool:
    """Whether what a question asks for is empty and the likeliest cell stands elsewhere: in another column than these
    that the question names, or in a model's row in place of those that it speaks of."""
    import numpy as np

    columns = [column] if column in named or not named else named
    spoken_of = np.flatnonzero(np.isin(found.numbers, reading.best))
    elsewhere = _keeps_to_rows(reading) and spoken_of.size and place not in spoken_of
    rows = spoken_of if elsewhere else np.array([place])
    return not found.says[rows][:, columns].all(axis=1).any()


def _named_columns(table: Table, found: Clues) -> tuple[list[int], list[int]]:
    """The columns whose names a question says, and those whose names stand only in longer ones: `Sold` in May."""
    named = [column for column, clues_found in enumerate(found.columns[:, _NAMED]) if clues_found.max() >= 1]
    words = {column: set(name_words(table.header[column])) for column in named}
    whole = [column for column in named if found.columns[column, _NAMED[1:]].max() >= 1]
    shorter = [column for column in named if any(words[column] < words[longer] for longer in whole)]
    return [column for column in named if column not in shorter], shorter


def _keeps_to_rows(reading: Reading) -> bool:
    """Whether a question wants something of the rows that it speaks of most, and of no others."""
    return bool(reading.best) and not (reading.relates or reading.weighs or reading.compared or reading.spelled)


def may_answer(reading: Reading, found: Clues, own: Cell | None) -> Bools:
    """The cells [rows, columns] that a question may ask for: those that every one of `_RULES` lets answer."""
    import numpy as np

    may = np.ones(found.says.shape, dtype=bool)
    for rule in _RULES:
        if (allowed := rule(reading, found, own)) is not None:
            may &= allowed
    return may


def _unsaid(reading: Reading, found: Clues, _: Cell | None) -> Bools | None:
    """None that a question says itself, unless it sets cells beside others or quotes a part of them."""
    if reading.spelled or (reading.relates and not (reading.below or reading.above)):
        return None
    return found.cells[:, :, _SAID] == 0


def _in_rows(reading: Reading, found: Clues, own: Cell | None) -> Bools | None:
    """Where it relates and weighs nothing, those of the rows that it speaks of most, or of the model's."""
    import numpy as np

    if not _keeps_to_rows(reading):
        return None
    return np.isin(found.numbers, [*reading.best, *([own.row] if own else [])])[:, None]


def _undenied(reading: Reading, found: Clues, _: Cell | None) -> Bools | None:
    """None of rows that it leaves out."""
    import numpy as np

    return ~np.isin(found.numbers, list(reading.denied))[:, None] if reading.denied else None


def _at_crossing(reading: Reading, found: Clues, own: Cell | None) -> Bools | None:
    """Where it names no cell, one with both its row's label and its column's name from it."""
    if reading.speaks:
        return None
    crossing = (found.rows[:, _LABEL] > 0)[:, None] & (found.columns[:, _NAME] > 0)
    return crossing if own is None or crossing.any() else None


def _words(reading: Reading, found: Clues, _: Cell | None) -> Bools | None:
    """Where it asks who or where, no column of figures or dates."""
    if reading.want.unnamed or reading.want.wh not in ("who", "whom", "where"):
        return None
    return found.columns[:, _FIGURES].max(axis=1) == 0


def _no_times(reading: Reading, found: Clues, _: Cell | None) -> Bools | None:
    """Where it asks what was done, no column of times: `what did Ann win`."""
    times = found.columns[:, _TIMES].max(axis=1) > 0
    return ~times if reading.want.wh == "what" and not reading.want.words and not times.all() else None


def _told(reading: Reading, found: Clues, _: Cell | None) -> Bools | None:
    """Where it says what it wants in so many words, what is called so, if anything is: `what is Ann's phone number`."""
    called = found.columns[:, _WORD] > 0
    return called if reading.want.direct and _keeps_to_rows(reading) and called.any() else None


def _doers(reading: Reading, found: Clues, _: Cell | None) -> Bools | None:
    """Where a column is called by those who do what it asks who does, that: `who sings it` of Singer; or by how what it
    asks about is: `how difficult is it` of Difficulty."""
    doers = (found.columns[:, _ROOT] > 0) & ((found.columns[:, _FIGURES].max(axis=1) == 0) | (reading.want.wh == "how"))
    doers &= found.columns[:, _FLAG] == 0
    return doers if reading.want.wh in ("who", "how") and not reading.want.unnamed and doers.any() else None


def _flags(reading: Reading, found: Clues, _: Cell | None) -> Bools | None:
    """What says only yes or no where it asks whether, and else none of that."""
    flags = found.columns[:, _FLAG] > 0
    if not asks(reading.question):
        named = flags & (found.columns[:, _ALL_SAID] > 0)
        return named if named.any() else None
    return ~flags if flags.any() else None


def _times(reading: Reading, found: Clues, _: Cell | None) -> Bools | None:
    """Where it asks when, what tells times, or at what time, times of day: of such columns those in whose names most of
    its words are."""
    asks_time = reading.want.words[:1] == ("time",)
    times = found.columns[:, _CLOCK if asks_time else _TIMES].reshape(len(found.columns), -1).max(axis=1) > 0
    if not (asks_time or reading.want.wh == "when") or not times.any():
        return None
    said = found.columns[:, _ALL_SAID] * times
    return times & (said == said.max())


def _called_so(reading: Reading, found: Clues, _: Cell | None) -> Bools | None:
    """Where it wants something without naming it, what is called so, if anything is: for what it costs a price, and for
    a margin nothing else."""
    if not reading.want.unnamed:
        return None
    rows, columns = found.rows[:, _LABEL] > 0, found.columns[:, [_FIRST_WORD, _WORD]].max(axis=1) > 0
    if reading.want.unnamed == (MARGIN,):
        return rows[:, None] | (found.columns[:, _FIRST_WORD] > 0)
    return columns[None] if columns.any() else None


_RULES = (_unsaid, _in_rows, _undenied, _at_crossing, _words, _no_times, _told, _doers, _flags, _times, _called_so)


def _wants_several(reading: Reading) -> bool:
    """Whether a question wants several cells, or names several of a column."""
    named = {
        (match.cell.column, match.start) for row in reading.ranked if row.row in reading.best for match in row.matches
    }
    return reading.want.several or reading.want.is_number or len(named) > len({column for column, _ in named})
