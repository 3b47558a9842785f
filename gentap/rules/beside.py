"""What else a row says, beside a statement: behind it in words that are known and that it bears, else in brackets.

Brackets leave open how a cell belongs to what is stated. A phrase says it, so it must be true: `Ann won it in 1990` is
where the row is of what happened then, `Ann owns it in 1990` is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gentap.grammar.english import noun, subject_kind
from gentap.grammar.header_words import words_of
from gentap.grammar.verbs import PARTICIPLES, PASTS
from gentap.rules.bearing import bearers
from gentap.rules.phrases import NAME, TIMES, Phrase, Phrases
from gentap.rules.told import plain, told_beside
from tabtext.table import Cell, Table
from tabtext.values import MONTHS, Kind

_APART = re.compile(
    r"\b(?:not|no|nor|never|without|except|besides|other|before|after|than|next|previous|prior|follow\w*|preced\w*"
    r"|succe\w*|replac\w*|since|until|between|from|if|because|what|which|whom?|whose|when|where|how|why|did|does)\b"
    r"|n['’]t\b|\d{4} and (?:in )?\d{4}",
    re.IGNORECASE,
)
"""Words of a statement that speaks of other rows, too, of what is not so, or in several clauses."""
_WEIGHS = re.compile(
    r"\b(?:most|least|fewest|best|worst|first|last|only|latest|total|all|every|each|\w{3,}est|ever|more|less|average)\b",
    re.IGNORECASE,
)
"""Words of a statement about all the table: what is the most of all is not so of one year."""
_HAPPENED = re.compile(rf"\b(?:was|were|{'|'.join(sorted(PASTS))}|[a-z]+ed)\b")
_LASTS = re.compile(
    r"\b(?:is|are|has|have|had|can|born|died|lived|known|called|named|owned|wrote|written|composed|invented"
    rf"|(?:was|were)(?! +(?:{'|'.join(sorted(PARTICIPLES))}|\w+ed)\b))\b",
    re.IGNORECASE,
)
"""Verbs of what happened, and those of what may have been at another time than the row's."""
_IS = re.compile(r"\b(?:is|are)\b", re.IGNORECASE)
_DATED = re.compile(rf"\b(?:1[5-9]|20)\d\d|\b(?:{'|'.join(MONTHS)})\b|\bseasons?\b|\byears?\b")
_BEATEN = re.compile(r"\b(?:defeat\w*|beat\w*|lost to|over|against)\b")
"""Behind which stands one whose figures are not those of who the statement speaks of."""
_BEATS = re.compile(r"\b(?:won|wins?|beat|defeated|lost)\b")
_GAINS = re.compile(
    r"\b(?:won|got|receiv|scor|finish|lost|elect|defeat|beat|plac|rank|came|play|earn|gain|record|set|compet|led\b|poll"
    r"|lead|result|outcome|winn)"
)
"""Verbs by which one has a score, a time, or so many of something."""
_GAINED = words_of(
    "appearance assist cap catch goal medal podium point rebound run sack seat tackle touchdown try vote wicket win "
    "yard"
)
"""What one has many of by such a verb."""
_SCORED = frozenset(("final score", "margin", "score", "time"))
"""Other columns of what such a verb comes with."""
_DISTINCT = 0.8
"""The share of rows that a column names differently which says what each row is of."""
_PREPOSITION = re.compile(r"\b(?:about|against|among|as|at|by|during|for|in|into|of|on|over|through|to|under|with)\b")


class Stated(NamedTuple):
    """A statement about a table, without its full stop, the value in it that answers, and the cell that holds it."""

    text: str
    value: str
    table: Table
    cell: Cell

    @property
    def around(self) -> str:
        """The statement without the value."""
        return self.text.replace(self.value, "", 1)

    @property
    def last_preposition(self) -> str:
        """The preposition that its last phrase begins with, if it has any."""
        return next(reversed(_PREPOSITION.findall(self.text)), "")


def beside(stated: Stated, cells: Sequence[Cell]) -> str:
    """The statement, and these cells of its row beside it."""
    text, taken = stated.text, set[Cell]()
    for first, *others in _borne(stated, cells):
        said = " and ".join([first.text, *(phrase.said for phrase in others)])
        behind = stated.value if first.behind == "made" else text
        text = text.replace(behind, f"{behind} {said}", 1)
        taken.update(phrase.cell for phrase in (first, *others))
    return text + bracketed([told_beside(stated.table, cell) for cell in cells if cell not in taken])


def beside_each(stated: Stated, values: Sequence[str], cells: Sequence[Cell]) -> list[str] | None:
    """Several values, each with the cell beside it; None where one of these is not known in words, or the statement,
    which holds all the values as one, does not bear them there."""
    phrases = [Phrases.load().said(stated.table, cell) for cell in cells]
    begins = stated.text.startswith(stated.value)
    said = [
        f"{value} {phrase.text}"
        for value, phrase in zip(values, phrases, strict=True)
        if phrase
        and "," not in phrase.said.rstrip(",")
        and not (begins and not phrase.counts)
        and _bears(stated, phrase)
    ]
    return said if len(said) == len(values) else None


def bracketed(said: Sequence[str]) -> str:
    """What is said in brackets, behind a space; nothing where nothing is."""
    return f" ({', '.join(said)})" if said else ""


def _borne(stated: Stated, cells: Sequence[Cell]) -> list[list[Phrase]]:
    """The cells that stand in words, those together that one preposition is for: so many of several things."""
    borne: dict[str, list[Phrase]] = {}
    for cell in cells:
        phrase = Phrases.load().said(stated.table, cell)
        if phrase is None or not _bears(stated, phrase) or _ends_alike(stated, phrase):
            continue
        alike = borne.get(phrase.preposition, [])
        if all(one.counts and phrase.counts for one in alike) and not _goes_ill(phrase, borne):
            borne.setdefault(phrase.preposition, []).append(phrase)
    return list(borne.values())


def _goes_ill(phrase: Phrase, borne: Mapping[str, Sequence[Phrase]]) -> bool:
    """Whether a phrase is a second time, or one of two of which the second would speak of the first: `Night Sea by
    J. Park as Mia`."""
    is_second = phrase.kind in TIMES and any(one.kind in TIMES for alike in borne.values() for one in alike)
    return is_second or {phrase.preposition, *borne} >= {"as", "by"}


def _ends_alike(stated: Stated, phrase: Phrase) -> bool:
    """Whether the last phrase of the statement begins as this one, which no time does that is said by itself."""
    return phrase.kind not in TIMES and stated.last_preposition == phrase.preposition


def _bears(stated: Stated, phrase: Phrase) -> bool:
    """Whether a phrase beside a statement says what the row does."""
    if phrase.behind == "made":
        return _is_of_work(stated)
    if _APART.search(stated.around):
        return False
    if NAME in phrase.pattern:
        return _bears_figure(stated, phrase)
    if _WEIGHS.search(stated.around):
        return False
    if phrase.kind in TIMES:
        happened = _HAPPENED.search(stated.around) and not _LASTS.search(stated.around)
        return bool(happened) and not _DATED.search(stated.text)
    if phrase.behind == "took place" and not _is_of_event(stated):
        return False
    return phrase.behind in bearers(phrase.preposition, stated.text)


def _is_of_event(stated: Stated) -> bool:
    """Whether the row is of what happened at a time, and so, if it says one, at a place."""
    return any(column.kind is Kind.DATE for column in stated.table.columns) and not _IS.search(stated.around)


def _is_of_work(stated: Stated) -> bool:
    """Whether the answer is a work, of which `by` tells who made it."""
    kind = subject_kind(noun(stated.table.header[stated.cell.column]).text)
    return kind == "work" and stated.text.count(stated.value) == 1 and " by " not in stated.text


def _is_one_of_each_row(stated: Stated) -> bool:
    """Whether the statement begins with no cell of the row, so that it speaks of whom the table is about, or with one
    of a column that names another in nearly every row: Celtic in a league, not among one player's clubs."""
    row = stated.cell.row
    texts = ((number, plain(stated.table, Cell(row, number)).lower()) for number in range(stated.table.width))
    said = re.sub(rf"(?:in|on|at) {re.escape(stated.value.lower())}, ", "", stated.text.lower(), count=1)
    number = next((number for number, text in texts if text and said.startswith(text)), None)
    if number is None:
        return True
    return len({cells[number] for cells in stated.table.rows}) >= _DISTINCT * len(stated.table)


def _bears_figure(stated: Stated, phrase: Phrase) -> bool:
    """Whether a figure is of who or what the statement speaks of, which does not say another of its kind."""
    before, _, behind = stated.text.partition(stated.value)
    what = phrase.name.split()[-1]
    if _BEATEN.search(before) or re.search(rf"\d\S* (?:[\w%]+ ){{0,4}}?{what}", stated.text):
        return False
    columns = stated.table.columns
    if not phrase.counts and phrase.name not in _SCORED:  # of a thing, behind which it stands
        texts = (number for number, column in enumerate(columns) if column.kind is Kind.TEXT)
        return not behind and stated.cell.column == next(texts, None) and what not in stated.around
    if not _is_one_of_each_row(stated):
        return False
    if phrase.preposition == "by":
        return _BEATS.search(stated.text) is not None
    is_odd = what not in _GAINED | _SCORED or (what == "appearance" and re.search("scor|goal", stated.text))
    of_name = bool(behind) or columns[stated.cell.column].kind is Kind.TEXT
    return of_name and not is_odd and _GAINS.search(stated.text) is not None
