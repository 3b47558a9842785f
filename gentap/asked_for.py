"""Which cells a question asks for, by its words alone: the rows that it names cells of, and the column that it wants.

A guess, for what the grammar does not read: a question names cells of the row it speaks of, says what kind of thing it
wants (`what film`, `when`, `how many votes`), and wants nothing that it says itself. A model's own cell is a voice
among these, and the only one where a question relates or denies what it names.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from gentap.grammar.header_words import NO_CATEGORY, words_of
from gentap.wanted import Wanted, kinds_of, name_words, same_root, singular, stands_for, wanted, words_said
from tabtext.matching import CellMatch, RowMatch, TableMatcher
from tabtext.table import Cell, Table
from tabtext.values import EMPTY_MARKS, Kind

MOST_ROWS = 6
"""Rows that may answer together; where more fit, the question asks for something else."""

_SURE = 0.3
"""What a model's cell is worth to its row, where a cell that the question names is worth up to 1."""
_AS_GOOD = 0.3
"""A row answers beside the best one if it is worth so little less."""

_ALIKE_NAME, _NAME, _OF_KIND, _OWN, _SAID, _NOTE = 2.0, 2.5, 2.0, 2.0, -4.0, -2.0
"""What it is worth to a column that its name is alike to what is asked for, or the very word; that its values are of
the kind asked for; that the model's cell lies in it; that the question says its cell; that it holds notes."""
_LEAST = -2.0
"""Of columns that are worth no more none answers."""

_SPAN = re.compile(r"\b(?:from|between) (?P<first>[12]\d{3}) ?(?:to|and|until|-|–) ?(?P<last>[12]\d{3})\b")
_YEAR = re.compile(r"\b[12]\d{3}\b")
_MOST = re.compile(
    r"(?<!at )\b(?:(?P<most>most|highest|largest|biggest|greatest|longest|latest)|"
    r"(?P<least>least|fewest|lowest|smallest|shortest|earliest)) (?P<what>\w+(?: \w+)?)",
    re.IGNORECASE,
)
_RELATES = re.compile(
    r"\b(?:before|after|next|previous|follow\w*|preced\w*|above|below|than|except|besides|apart|other|not|never|without"
    r"|both|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|or|\d+(?:st|nd|rd|th))\b|n['’]t\b",
    re.IGNORECASE,
)
"""Words by which a question names a row that does not answer it."""
_WEIGHS = re.compile(
    r"\b(?:\w{2,}est|most|least|best|worst|first|last|recent|total|average|mean|sum|difference|altogether"
    r"|by how (?:many|much))\b",
    re.IGNORECASE,
)
"""Words by which a question wants one of several rows, or something that none of them says."""

_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
"""Letters of scripts that write no spaces between words."""
_ARTICLES = words_of("a i")


def cells_asked_for(question: str, matcher: TableMatcher, own: Cell | None = None) -> list[Cell]:
    """The cells that seem to answer a question, of one column, those of the likeliest row first.

    `own` is a model's answer. There is none where nothing in the table is named, by the question or the model, and,
    without a model, where the question relates or denies what it names.
    """
    table = matcher.table
    own = own if own is not None and says(table[own]) else None
    alone = [own] if own is not None else []
    ranked = [
        row._replace(matches=kept)
        for row in matcher.ranked_rows(question)
        if (kept := tuple(match for match in row.matches if not _is_kind(match, question, table)))
    ]
    bare = _without(question, (match for row in ranked for match in row.matches))
    if _RELATES.search(bare):
        return alone
    rows = _rows(question, table, _scores(question, matcher, ranked, own), own)
    if len(rows) > 1 and _WEIGHS.search(bare):
        return alone
    want = wanted(question)
    column = _column(want, question, table, rows, ranked, own)
    if column is None:
        return []
    named = {(match.cell.column, match.start) for row in ranked if row.row in rows for match in row.matches}
    several = want.several or want.is_number or len(named) > len({place[0] for place in named})
    return [Cell(row, column) for row in (rows if several else rows[:1]) if says(table[row, column])]


def says(text: str) -> bool:
    """Whether a cell says anything."""
    return text.strip().lower() not in EMPTY_MARKS


def is_said(text: str, within: str) -> bool:
    """Whether a text stands in another as words; a letter alone only as it is written."""
    text = text.strip()
    if _UNSPACED.search(text):
        return text in within
    flags = re.IGNORECASE if len(text) > 1 else 0
    return re.search(rf"(?<![\w.,]){re.escape(text)}(?!\w|[.,]\d)", within, flags) is not None


def is_note(header: str) -> bool:
    """Whether a column's name promises notes, sources or running numbers."""
    low = header.lower().strip()
    return low in ("no", "no.", "#") or not NO_CATEGORY.isdisjoint(low.split())


def _is_kind(match: CellMatch, question: str, table: Table) -> bool:
    """Whether a match is only the word for a kind of thing, `award` for `Saturn Award` under Award, or an article."""
    said = question[match.start : match.end]
    words = words_said(said)
    named = set(name_words(table.header[match.cell.column]))
    return said in _ARTICLES or (match.how != "verbatim" and bool(words) and words <= named)


def _without(question: str, matches: Iterable[CellMatch]) -> str:
    """A question with blanks in place of the cells that it names."""
    for match in matches:
        question = question[: match.start] + " " * (match.end - match.start) + question[match.end :]
    return question


def _scores(question: str, matcher: TableMatcher, ranked: Iterable[RowMatch], own: Cell | None) -> dict[int, float]:
    """How much the question and the model speak of each row that they speak of."""
    span = _SPAN.search(question)
    scores = {row.row: sum(matcher.weight(m) for m in row.matches if not _within(m, span)) for row in ranked}
    for row in _in_span(span, matcher.table):
        scores[row] = scores.get(row, 0.0) + 1.0
    if own is not None:
        scores[own.row] = scores.get(own.row, 0.0) + _SURE
    return scores


def _rows(question: str, table: Table, scores: dict[int, float], own: Cell | None) -> list[int]:
    """The rows that are spoken of as much as any: the model's first, or only the first where they are many."""
    best = max(scores.values(), default=0.0)
    rows = [row for row in sorted(scores) if scores[row] >= best - _AS_GOOD]
    is_spoken_of = best > _SURE  # more than the model's cell speaks for a row
    extreme = _extreme(question, table, frozenset(rows) if is_spoken_of else range(len(table)))
    if extreme is not None:
        return [extreme]
    rows.sort(key=lambda row: (own is None or row != own.row, -scores[row], row))
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
    """Of these rows that with the most or least of what the question names, if it names a column with an order; rows
    that sum others up are none."""
    found = _MOST.search(question)
    if not found:
        return None
    what = set(kinds_of(found["what"]))
    asked = set(map(singular, re.findall(r"\w+", question.lower())))
    fit = [column for column, name in enumerate(table.header) if not what.isdisjoint(name_words(name))]
    said = {column: set(map(singular, re.findall(r"\w+", table.header[column].lower()))) & asked for column in fit}
    for column in sorted(fit, key=lambda column: (-len(said[column]), column)):
        places = {row: place for row, place in table.places[column].of.items() if row in rows}
        if places:  # the first place is the highest figure, and the lowest rank is the best
            first = bool(found["most"]) != (table.columns[column].kind is Kind.RANK)
            return (min if first else max)(places, key=places.__getitem__)
    return None


def _column(
    want: Wanted, question: str, table: Table, rows: Sequence[int], ranked: Iterable[RowMatch], own: Cell | None
) -> int | None:
    """The column that answers, None where nothing speaks for any."""
    named = {match.cell.column for row in ranked if row.row in rows for match in row.matches}
    best: tuple[float, int | None] = _LEAST, None
    for column in range(table.width) if rows else ():
        cell = Cell(rows[0], column)
        if says(table[cell]):
            worth = _worth(want, question, table, cell)
            worth += _OWN if own is not None and own.column == column else 0.0
            worth += _SAID if column in named or is_said(table[cell], question) else 0.0
            best = max(best, (worth, column), key=lambda each: each[0])
    return best[1]


def _worth(want: Wanted, question: str, table: Table, cell: Cell) -> float:
    """How likely a column is asked for, by its name and its kind."""
    header, about = table.header[cell.column], table.columns[cell.column]
    name = name_words(header)
    worth = _ALIKE_NAME * _share([any(stands_for(word, kind) for kind in want.words) for word in name])
    worth += _NAME * _share([word in want.words or any(same_root(word, verb) for verb in want.verbs) for word in name])
    if name and want.wh not in ("who", "whom", "whose", "where", "when") and is_said(header, question):
        worth += _OF_KIND
    if want.is_number:
        worth += _OF_KIND if about.kind is Kind.NUMBER and about.unit not in ("$", "€", "£", "%") else -_OF_KIND
    elif want.wh == "when":
        worth += _OF_KIND if about.kind is Kind.DATE else 0.0
    elif about.kind is not Kind.TEXT:
        worth -= _OF_KIND if want.wh in ("who", "whom", "where") else 0.5
    return worth + (_NOTE if is_note(header) else 0.0)


def _share(said: Sequence[bool]) -> float:
    """How much of a name is said: at least half once a word of it is."""
    return (1 + sum(said) / len(said)) / 2 if any(said) else 0.0
