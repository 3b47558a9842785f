"""What the words of a question say of a table: what they want, the rows that they speak of, and how.

A question names cells of the rows that it speaks of; or it asks for the row with the most of something, the latest, the
second, for rows with more than a figure; or it names a row only to ask for another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from gentap.grammar.header_words import NO_CATEGORY, words_of
from gentap.wanted import Wanted, kinds_of, name_words, singular, wanted, words_said
from tabtext.matching import CellMatch, RowMatch, TableMatcher
from tabtext.table import Table
from tabtext.values import EMPTY_MARKS, MONTHS, Kind, Value

_SURE = 0.3
"""A row speaks as much for itself as another if what the question says of it is worth so little less."""

TIMES = frozenset(("year", "date", "season"))
"""Words of the names of columns that tell times."""

_SPAN = re.compile(r"\b(?:from|between) (?P<first>[12]\d{3}) ?(?:to|and|until|-|–) ?(?P<last>[12]\d{3})\b")
_YEAR = re.compile(r"\b[12]\d{3}\b")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_MOST = re.compile(
    rf"(?<!at )\b(?:(?:(?P<word>{'|'.join(_ORDINALS)})|(?P<nth>\d{{1,3}})(?:st|nd|rd|th))[ -])?"
    r"(?:(?P<most>most|highest|largest|biggest|greatest|longest|latest)|"
    r"(?P<least>least|fewest|lowest|smallest|shortest|earliest)) (?P<what>\w+(?: \w+)?)",
    re.IGNORECASE,
)
_MEASURED = (
    ("tallest highest", True, "height elevation"),
    ("lowest", False, "height elevation"),
    ("longest", True, "length distance duration"),
    ("shortest", False, "length distance duration height"),
    ("largest biggest", True, "area size population capacity"),
    ("smallest", False, "area size population capacity"),
    ("heaviest", True, "weight mass"),
    ("lightest", False, "weight mass"),
    ("fastest quickest", False, "time"),
    ("fastest quickest", True, "speed"),
    ("slowest", True, "time"),
    ("slowest", False, "speed"),
    ("oldest", True, "age"),
    ("youngest", False, "age"),
    ("deepest", True, "depth"),
    ("widest", True, "width"),
    ("expensive", True, "price cost fee"),
    ("cheapest", False, "price cost fee"),
    ("populous", True, "population"),
)
"""Words that say by themselves what there is the most of (or else the least), and words for it in columns' names."""
_OF_TWO = re.compile(
    r"\b(?:(?P<most>more|higher|larger|bigger|greater|longer|later)|"
    r"(?P<least>less|fewer|lower|smaller|shorter|earlier)) (?!than)(?P<what>\w+(?: \w+)?)",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:(?P<more>(?:more|greater|higher|larger|later) than|over|above|after|since)|"
    r"(?P<less>(?:less|fewer|lower|smaller|earlier) than|under|below|before|prior to)) (?:the (?:year|season) )?"
    rf"(?P<figure>\d[\d,]*(?:\.\d+)?)\b(?! (?:{'|'.join(MONTHS)}))(?: (?P<scale>thousand|million|billion)\b)?",
    re.IGNORECASE,
)
"""Words that ask for the row with the most or least of something, or the n-th, for one of two, or for rows with more or
less than a figure."""
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_OFFERS = re.compile(r"\bor\b", re.IGNORECASE)
"""Words by which a question offers what it names for a choice."""
_RELATES = re.compile(
    r"\b(?:before|after|next|previous|prior|follow\w*|preced\w*|succe\w*|replac\w*|above|below|than|except|besides"
    r"|apart|other|not|never|without|both|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|or|\d+(?:st|nd|rd|th))\b|n['’]t\b",
    re.IGNORECASE,
)
"""Words by which a question names a row that does not answer it."""
_BELOW = re.compile(r"\b(?:after|below|next|follow\w*|succe\w*|replac\w*)\b", re.IGNORECASE)
_ABOVE = re.compile(r"\b(?:before|above|previous\w*|preced\w*|prior)\b", re.IGNORECASE)
"""Those of them that ask for the row below the one named, and for the row above."""
_EXCEPTS = re.compile(r"\b(?:except|besides|apart|other|another|not|without)\b|n['’]t\b", re.IGNORECASE)
"""Those of them by which it names a row only to leave it out."""
_WEIGHS = re.compile(
    r"\b(?:\w{2,}est|most|least|best|worst|first|last|recent|total|average|mean|sum|difference|altogether"
    r"|by how (?:many|much))\b",
    re.IGNORECASE,
)
"""Words by which a question wants one of several rows, or something that none of them says."""

_SPELLED = re.compile(
    r"\b(?:(?P<start>(?:start|begin)\w* with)|(?P<end>end\w* (?:in|with))|(?P<has>contain\w*|has the word)) "
    r"[\"'“](?P<part>[^\"”]+?)[\"”']",
    re.IGNORECASE,
)
"""Words that ask for rows with a cell of which they quote a part."""

WINS = re.compile(r"\b(?:win|wins|won|winning|winners?|champions?|victor\w*|gold)\b", re.IGNORECASE)
WON = re.compile(r"(?:won|1st|1|winners?|gold|champions?)\b", re.IGNORECASE)
_RECENT = re.compile(r"\b(?:recent(?:ly)?|latest|last|newest|final)\b", re.IGNORECASE)
_FIRST = re.compile(r"\b(?:first|earliest|oldest|debut\w*)\b", re.IGNORECASE)
"""Words that ask for the rows that won, and words of such rows; for the latest row, and for the earliest."""

_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
"""Letters of scripts that write no spaces between words."""
_TOKEN = re.compile(r"\w+(?:['’.-]\w+)*")
_ARTICLES = words_of("a i")


class Reading(NamedTuple):
    """What a question's words say of a table: what it wants, the rows of which it names cells, how much it speaks of
    each row, the rows that it speaks of most, the row with the most or least of what it asks for, that of the latest or
    the earliest time, those with more or less than it says, those of which it quotes a part of a cell, and whether it
    relates the rows that it names, asks for one below or above them, leaves them out, offers them for a choice, or
    weighs them."""

    question: str
    want: Wanted
    ranked: tuple[RowMatch, ...]
    scores: dict[int, float]
    best: tuple[int, ...]
    extreme: int | None
    latest: int | None
    earliest: int | None
    compared: frozenset[int]
    spelled: frozenset[int]
    relates: bool
    below: bool
    above: bool
    excepts: bool
    offers: bool
    weighs: bool

    @property
    def speaks(self) -> bool:
        """Whether the question names anything of the table."""
        return bool(self.scores or self.compared or self.spelled) or self.extreme is not None


def read_question(question: str, matcher: TableMatcher) -> Reading:
    """What the words of a question say of the matcher's table."""
    table = matcher.table
    compares, titled = _COMPARES.search(question), _titled(question, table.title)
    ranked = tuple(
        row._replace(matches=kept)
        for row in matcher.ranked_rows(question)
        if (
            kept := tuple(
                match
                for match in row.matches
                if not (_is_kind(match, question, table) or _within(match, compares) or _is_part(match, titled))
            )
        )
    )
    bare = _without(question, (match for row in ranked for match in row.matches))
    scores = _scores(question, matcher, ranked)
    most = max(scores.values(), default=0.0)
    best = tuple(row for row in sorted(scores) if scores[row] >= most - _SURE)
    extreme = _extreme(question, table, frozenset(best) if most > _SURE else range(len(table)))
    relates, weighs = bool(_RELATES.search(bare)), bool(_WEIGHS.search(bare))
    among = frozenset(best) if len(best) > 1 else range(len(table))
    latest = _outermost(table, among, min) if _RECENT.search(bare) else None
    earliest = _outermost(table, among, max) if _FIRST.search(bare) else None
    below, above, excepts, offers = (bool(words.search(bare)) for words in (_BELOW, _ABOVE, _EXCEPTS, _OFFERS))
    return Reading(
        question, wanted(question), ranked, scores, best, extreme, latest, earliest, _compared(question, table),
        _spelled(question, table), relates, below, above, excepts, offers, weighs,
    )  # fmt: skip


def says(text: str) -> bool:
    """Whether a cell says anything."""
    return text.strip().lower() not in EMPTY_MARKS


def is_said(text: str, within: str) -> bool:
    """Whether a text stands in another as words; a letter alone only as it is written."""
    text = text.strip()
    if _UNSPACED.search(text):
        return text in within
    if text.lower() not in within.lower():
        return False
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


def _titled(question: str, title: str) -> list[tuple[int, int]]:
    """The longest places of a question that say two words or more of a title, one behind the other."""
    known = f" {' '.join(_TOKEN.findall(title.casefold()))} "
    tokens = [(found.start(), found.end(), found[0].casefold()) for found in _TOKEN.finditer(question)]
    places: list[tuple[int, int]] = []
    first = 0
    for end in range(1, len(tokens) + 1):
        while first < end and f" {' '.join(word for *_, word in tokens[first:end])} " not in known:
            first += 1
        if end - first > 1:
            if places and places[-1][0] == tokens[first][0]:
                places.pop()
            places.append((tokens[first][0], tokens[end - 1][1]))
    return places


def _is_part(match: CellMatch, places: Iterable[tuple[int, int]]) -> bool:
    """Whether a match is only a part of one of these places."""
    size = match.end - match.start
    return any(start <= match.start and match.end <= end and size < end - start for start, end in places)


def _without(question: str, matches: Iterable[CellMatch]) -> str:
    """A question with blanks in place of the cells that it names."""
    for match in matches:
        question = question[: match.start] + " " * (match.end - match.start) + question[match.end :]
    return question


def _scores(question: str, matcher: TableMatcher, ranked: Iterable[RowMatch]) -> dict[int, float]:
    """How much the question speaks of each row that it speaks of."""
    span = _SPAN.search(question)
    scores = {row.row: sum(matcher.weight(m) for m in row.matches if not _within(m, span)) for row in ranked}
    for row in _in_span(span, matcher.table):
        scores[row] = scores.get(row, 0.0) + 1.0
    return scores


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
    """Of these rows that with the most or least of what the question names, or the n-th, if it names a column with an
    order; rows that sum others up are none."""
    found = _MOST.search(question) or (_OF_TWO.search(question) if _OFFERS.search(question) else None)
    nth = _nth(found.groupdict()) if found else 0
    for most, column in _measures(question, found, table):
        places = {row: place for row, place in table.places[column].of.items() if row in rows}
        if len(places) > nth:  # the first place is the highest figure, and the lowest rank is the best
            first = most != (table.columns[column].kind is Kind.RANK)
            return sorted(places, key=lambda row: (places[row] if first else -places[row], row))[nth]
    return None


def _measures(question: str, found: re.Match[str] | None, table: Table) -> Iterator[tuple[bool, int]]:
    """The columns by which rows are to be ordered, the likeliest first, and whether there the most is asked for."""
    if found:
        yield from ((bool(found["most"]), column) for column in _columns_of(kinds_of(found["what"]), question, table))
    said = set(question.lower().rstrip("?. ").split())
    for words, most, nouns in _MEASURED:
        if not said.isdisjoint(words.split()):
            yield from ((most, column) for column in _columns_of(nouns.split(), question, table))


def _nth(found: Mapping[str, str | None]) -> int:
    """Which of the most or least is asked for, 0 for the very most."""
    word, figure = found.get("word"), found.get("nth")
    return _ORDINALS.index(word.lower()) if word else max(1, int(figure)) - 1 if figure else 0


def _columns_of(words: Collection[str], question: str, table: Table) -> list[int]:
    """The columns in whose names one of these words is, those first of which the question says most."""
    asked = set(map(singular, re.findall(r"\w+", question.lower())))
    fit = [column for column, name in enumerate(table.header) if set(words) & set(name_words(name))]
    said = {column: set(map(singular, re.findall(r"\w+", table.header[column].lower()))) & asked for column in fit}
    return sorted(fit, key=lambda column: (-len(said[column]), column))


def _compared(question: str, table: Table) -> frozenset[int]:
    """The rows with more or less than a figure, in the column whose name the question says, or of a year in one of
    times."""
    found = _COMPARES.search(question)
    if not found:
        return frozenset()
    figure = float(found["figure"].replace(",", "")) * _SCALES.get((found["scale"] or "").lower(), 1)
    is_year = _YEAR.fullmatch(found["figure"]) is not None
    times = [column for column in range(table.width) if is_year and tells_times(table, column)]
    for column in dict.fromkeys(chain(times, _columns_of(words_said(question), question, table))):
        its, ordered = table.columns[column], table.places[column].of
        if ordered and its.kind in (Kind.DATE, Kind.NUMBER):
            numbers = {row: _figure(its.values[row]) for row in ordered}
            more, since = bool(found["more"]), (found["more"] or "").lower() == "since"
            return frozenset(
                row for row, number in numbers.items() if (since if number == figure else (number > figure) == more)
            )
    return frozenset()


def _spelled(question: str, table: Table) -> frozenset[int]:
    """The rows with a cell that starts with or ends in what the question quotes, or holds it as words."""
    found = _SPELLED.search(question)
    if not found or not found["part"].strip():
        return frozenset()
    part = re.escape(found["part"].strip())
    form = rf"^\W*{part}" if found["start"] else rf"{part}\W*$" if found["end"] else rf"(?<!\w){part}(?!\w)"
    fits = re.compile(form, re.IGNORECASE)
    return frozenset(row for row, cells in enumerate(table.rows) if any(map(fits.search, cells)))


def _figure(value: Value) -> float:
    return value.date.year if value.date else value.number


def tells_times(table: Table, column: int) -> bool:
    """Whether a column's cells are times, by their kind or by its name."""
    return table.columns[column].kind is Kind.DATE or not TIMES.isdisjoint(name_words(table.header[column]))


def _outermost(table: Table, rows: Collection[int], outermost: Callable[..., int]) -> int | None:
    """Of these rows the one with the latest time (`min`) or the earliest (`max`), if a column tells times."""
    for column in range(table.width):
        if tells_times(table, column):
            places = {row: place for row, place in table.places[column].of.items() if row in rows}
            if places:
                return outermost(places, key=places.__getitem__)
    return None
