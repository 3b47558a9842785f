"""Which cells a question asks for, by its words alone: the rows that it names cells of, and the column that it wants.

A guess, for what the grammar does not read: a question names cells of the row it speaks of, says what kind of thing it
wants (`what film`, `when`, `how many votes`), and wants nothing that it says itself. A model's own cell is a voice
among these.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from gentap.grammar.header_words import words_of
from tabtext.matching import CellMatch, RowMatch, TableMatcher
from tabtext.table import Cell, Table
from tabtext.values import EMPTY_MARKS, Kind

MOST_ROWS = 6
"""Rows that may answer together; where more fit, the question asks for something else."""

_SURE = 0.3
"""What a model's cell is worth to its row, where a cell that the question names is worth up to 1."""

_NAMED_ALIKE, _NAMED = 2.0, 2.0
"""What a column's name is worth that is the kind of thing asked for, and more where it is the very word."""
_OF_KIND, _OWN, _SAID, _LITTLE = 2.0, 2.0, -4.0, -2.0
"""What it is worth that a column's values are of the kind asked for; that the model's cell lies in it; that the
question says its cell; and that its name promises notes."""

_LEAST = -2.0
"""Of columns that are worth no more none answers."""

WH = r"(?:what|which|who|whom|whose|how|when|where|why)"
"""The words that ask."""

_ASKING = re.compile(rf"(?:[a-z]+ )?(?P<wh>{WH})\b(?P<rest>.*)", re.IGNORECASE)
_VERB = re.compile(r"\b(?:did|does|do|was|were|is|are|has|have|had|can|could|will|would)\b.*", re.IGNORECASE)
_IS_THE = re.compile(
    r" (?:was|were|is|are) (?P<noun>.+?)(?: (?:of|in|at|for|by|on|to|from|between|when)\b.*)?", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+")
_SPAN = re.compile(r"\b(?:from|between) (?P<first>[12]\d{3}) ?(?:to|and|until|-|–) ?(?P<last>[12]\d{3})\b")
_YEAR = re.compile(r"\b[12]\d{3}\b")
_MOST = re.compile(
    r"\b(?:(?P<most>most|highest|largest|biggest|greatest|longest|latest)|"
    r"(?P<least>least|fewest|lowest|smallest|shortest|earliest)) (?P<what>\w+(?: \w+)?)",
    re.IGNORECASE,
)

_RELATES = re.compile(
    r"\b(?:before|after|next|previous|follow\w*|preced\w*|above|below|than|except|besides|apart|other|not|second|third|"
    r"\d+(?:st|nd|rd|th))\b|\bor\b",
    re.IGNORECASE,
)
"""Words by which a question names a row that does not answer it; a model's cell is worth more then."""

_ALIKE = (
    "film films movie movies show shows series drama dramas program programs programme song songs single singles track "
    "tracks album albums book books game games work works production productions title titles play plays episode",
    "role roles part parts character characters",
    "club clubs team teams side",
    "award awards nomination nominations prize honor honour category",
    "position positions office post job",
    "date dates year years season period when",
    "place venue location city country stadium where town site",
    "name names person people winner winners player players candidate candidates artist driver rider athlete nominee "
    "recipient member director actor actress who whom",
    "result results outcome place position rank finish performance how",
    "score scores record points",
    "vote votes percentage",
)
"""Words of questions and of columns' names that stand for each other."""

_NOTES = words_of("notes note ref ref. refs reference references comment comments no. no # source")
_FUNCTION_WORDS = words_of("a an the of in at it his her its their many much first last")


def _like() -> dict[str, frozenset[str]]:
    like: dict[str, set[str]] = {}
    for group in _ALIKE:
        words = set(map(_stem, group.split()))
        for word in words:
            like.setdefault(word, set()).update(words)
    return {word: frozenset(words) for word, words in like.items()}


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


_LIKE = _like()


class Wanted(NamedTuple):
    """What a question wants, by its words: the word that asks, and the words for the kind of thing, in the singular."""

    wh: str
    words: tuple[str, ...]
    several: bool

    @property
    def is_number(self) -> bool:
        """Whether a number is asked for."""
        return self.wh == "how many"


def wanted(question: str) -> Wanted:
    """What a question wants: of `what films did Ann make?` `film`, several of them."""
    found = _ASKING.match(question)
    if not found:
        return Wanted("", (), False)
    wh, rest = found["wh"].lower(), found["rest"].rstrip(" ?.")
    counted = wh == "how" and rest.lower().lstrip().startswith(("many ", "much "))
    is_the = _IS_THE.fullmatch(rest)
    noun = is_the["noun"] if is_the and not counted else _VERB.sub("", rest).partition(" the ")[0]
    words = [word for word in map(str.lower, _WORD.findall(noun)[:6]) if word not in _FUNCTION_WORDS]
    several = wh not in ("when", "how") and (
        rest.lower().startswith((" were ", " are ")) or any(word != _stem(word) for word in words[:4])
    )
    kinds = [] if counted or wh in ("what", "which", "whose", "why") else [wh]
    return Wanted("how many" if counted else wh, tuple(map(_stem, [*words, *kinds])), several)


def cells_asked_for(question: str, matcher: TableMatcher, own: Cell | None = None) -> list[Cell]:
    """The cells that seem to answer a question, of one column, one for each text, the likeliest first.

    `own` is a model's answer. There is none where nothing in the table is named, by the question or the model.
    """
    want, table = wanted(question), matcher.table
    if own is not None and _RELATES.search(question):
        return [own]
    ranked = matcher.ranked_rows(question)
    rows = _rows(question, matcher, ranked, own)
    if not rows:
        return []
    named = {match.cell.column for row in ranked if row.row in rows for match in row.matches}
    scored = [
        (_worth(want, question, table, Cell(rows[0], column), named, own), -column)
        for column in range(table.width)
        if says(table[rows[0], column])
    ]
    worth, place = max(scored, default=(_LEAST, 0))
    if worth <= _LEAST:
        return []
    column = -place
    texts: dict[str, Cell] = {}
    for row in rows if want.several else rows[:1]:
        if says(table[row, column]):
            texts.setdefault(table[row, column].strip(), Cell(row, column))
    return list(texts.values())


def says(text: str) -> bool:
    """Whether a cell says anything."""
    return text.strip().lower() not in EMPTY_MARKS


def names(question: str, header: str) -> bool:
    """Whether a question says a word of a column's name."""
    return not {_stem(w) for w in _WORD.findall(question.lower())}.isdisjoint(_name(header))


def is_note(header: str) -> bool:
    """Whether a column's name promises notes, sources or running numbers."""
    return not _NOTES.isdisjoint(header.lower().split())


def _rows(question: str, matcher: TableMatcher, ranked: Iterable[RowMatch], own: Cell | None) -> list[int]:
    """The rows that the question speaks of as much as of any: the model's first, or only the first where they are
    many."""
    span = _SPAN.search(question)
    scores = {row.row: sum(matcher.weight(m) for m in row.matches if not _within(m, span)) for row in ranked}
    for row in _in_span(span, matcher.table):
        scores[row] = scores.get(row, 0.0) + 1.0
    if own is not None:
        scores[own.row] = scores.get(own.row, 0.0) + _SURE
    best = max(scores.values(), default=0.0)
    rows = [row for row in sorted(scores) if scores[row] >= best - _SURE]
    extreme = _extreme(question, matcher.table, rows if len(rows) > 1 else range(len(matcher.table)))
    if extreme is not None:
        return [extreme]
    rows.sort(key=lambda row: own is None or row != own.row)
    return rows if len(rows) <= MOST_ROWS else rows[:1]


def _within(match: CellMatch, span: re.Match[str] | None) -> bool:
    return span is not None and span.start() <= match.start and match.end <= span.end()


def _in_span(span: re.Match[str] | None, table: Table) -> list[int]:
    """The rows of the years that a question spans: `from 2012 to 2014`."""
    if not span:
        return []
    years = range(int(span["first"]), int(span["last"]) + 1)
    said = [[int(year) for text in cells if len(text) < 24 for year in _YEAR.findall(text)] for cells in table.rows]
    return [row for row, its in enumerate(said) if any(year in years for year in its)]


def _extreme(question: str, table: Table, rows: Collection[int]) -> int | None:
    """Of these rows that with the most or least of what the question names, if it names a column of figures."""
    found = _MOST.search(question)
    if not found:
        return None
    what = {_stem(word) for word in found["what"].lower().split()}
    for column, about in enumerate(table.columns):
        if about.kind in (Kind.NUMBER, Kind.DATE, Kind.RANK) and what.intersection(
            map(_stem, table.header[column].lower().split())
        ):
            numbers = {row: about.values[row].number for row in about.typed_rows if row in rows}
            if numbers:
                return (max if found["most"] else min)(numbers, key=numbers.__getitem__)
    return None


def _name(header: str) -> list[str]:
    """The words of a column's name, in the singular."""
    return [_stem(word) for word in _WORD.findall(header.lower()) if word not in _FUNCTION_WORDS]


def _share(said: Sequence[bool]) -> float:
    """How much of a name is said: at least half once a word of it is."""
    return (1 + sum(said) / len(said)) / 2 if any(said) else 0.0


def _worth(want: Wanted, question: str, table: Table, cell: Cell, named: set[int], own: Cell | None) -> float:
    """How likely a column answers, by its name, its kind and its cell in the row spoken of."""
    header, kind = table.header[cell.column], table.columns[cell.column].kind
    name = _name(header)
    worth = _NAMED_ALIKE * _share([any(word in _LIKE.get(w, (w,)) for w in want.words) for word in name])
    worth += _NAMED * _share([word in want.words for word in name])
    if want.is_number:
        worth += _OF_KIND if kind is Kind.NUMBER else -_OF_KIND
    elif want.wh == "when":
        worth += _OF_KIND if kind is Kind.DATE else 0.0
    elif kind is not Kind.TEXT:
        worth -= _OF_KIND if want.wh in ("who", "whom", "where") else 0.5
    if own is not None and own.column == cell.column:
        worth += _OWN
    if cell.column in named or table[cell].strip().lower() in question.lower():
        worth += _SAID
    return worth + (_LITTLE if is_note(header) else 0.0)
