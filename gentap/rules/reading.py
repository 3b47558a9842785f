"""What the words of a question say of a table: what they want, the rows that they speak of, and how.

A question names cells of the rows that it speaks of; or it asks for the row with the most of something, the latest, the
second, for rows with more than a figure; or it names a row only to ask for another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import NamedTuple

from gentap.grammar.alike import name_words, same_root
from gentap.grammar.header_words import NO_CATEGORY, words_of
from gentap.rules.extremes import COMPARES, compared, extreme, outermost, winner
from gentap.rules.implied import ENDS, STARTS, implied_rows
from gentap.rules.wanted import Wanted, wanted, words_said
from tabtext.matching import CellMatch, RowMatch, TableMatcher
from tabtext.table import Table
from tabtext.values import EMPTY_MARKS

_SURE = 0.3
"""A row speaks as much for itself as another if what the question says of it is worth so little less."""

_SPAN = re.compile(r"\b(?:from|between) (?P<first>[12]\d{3}) ?(?:to|and|until|-|–) ?(?P<last>[12]\d{3})\b")
_YEAR = re.compile(r"\b[12]\d{3}\b")
_OFFERS = re.compile(r"\bor\b", re.IGNORECASE)
"""Words by which a question offers what it names for a choice."""
_RELATES = re.compile(
    r"\b(?:before|after|next|previous|prior|follow\w*|preced\w*|succe\w*|replac\w*|above|below|behind|ahead of|than"
    r"|except|besides|apart|other|not|never|without|both|or|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
    r"|\d+(?:st|nd|rd|th))\b|n['’]t\b",
    re.IGNORECASE,
)
"""Words by which a question names a row that does not answer it."""
_BELOW = re.compile(
    r"\b(?:after|behind|below|next|follow\w*|succe\w*|replac\w*)\b",
    re.IGNORECASE,
)
_ABOVE = re.compile(r"\b(?:before|ahead of|above|previous\w*|preced\w*|prior)\b", re.IGNORECASE)
"""Those of them that ask for the row below the one named, and for the row above."""
_BECAME = re.compile(r"\b(?:became|become|took (?:over|office)|elected|appointed|joined)\b", re.IGNORECASE)
_LEFT = re.compile(r"\b(?:left|leave|leaves|resigned|retired|stepped down)\b", re.IGNORECASE)
"""Words that tell the start of a term, and its end."""
_SUCCEEDED = re.compile(r"\bwhom? (?:did|does|had|has) .+ (?:succeed|follow|replace)(?:ed|d)?\b", re.IGNORECASE)
"""Words that ask for the row above by a verb that otherwise asks for the row below: `whom did Ann succeed`."""
_BESIDE = re.compile(r"\b(?:before|after|behind|ahead of|above|below|next to)\b", re.IGNORECASE)
"""Words behind which a cell is named of the column that is asked for."""
_EXCEPTS = re.compile(r"\b(?:except|besides|apart|other|another|not|without)\b|n['’]t\b", re.IGNORECASE)
"""Those of them by which it names a row only to leave it out."""
_LACKS = re.compile(r"\b(?:has|have|had|with) no\b|\black(?:s|ed|ing)?\b", re.IGNORECASE)
"""Words by which it asks for what has none of something."""
_DENIES = re.compile(
    r"(?:(?<!did )(?<!does )(?<!do )\bnot|\b(?:is|are)n['’]t|\bexcept(?: for)?|\bbesides|\bapart from|\bother than"
    r"|\bexcluding)"
    r"(?: (?:in|on|by|from|for|of|to|at|the|an?)){0,3} ?[\"'“]?$",
    re.IGNORECASE,
)
"""What stands before a name that is left out."""
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

_RECENT = re.compile(r"\b(?:recent(?:ly)?|latest|last|newest|final)\b", re.IGNORECASE)
_FIRST = re.compile(r"\b(?:first|earliest|oldest|debut\w*)\b", re.IGNORECASE)
"""Words that ask for the latest row, and for the earliest."""

_FIRST_DONE = re.compile(r"\b(?:first|last) (?=[a-z]+ed\b)", re.IGNORECASE)
"""What weighs nothing beside a name: `when was Denali first climbed`."""
_CARED = re.compile(r"\b(?:look(?:s|ed)?|named?) after\b", re.IGNORECASE)
"""What relates no rows."""
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
"""Letters of scripts that write no spaces between words."""
_TOKEN = re.compile(r"\w+(?:['’.-]\w+)*")
_LONGEST_TITLE, _LONGEST = 60, 200
"""Words of a title and of a question in which one is looked for in the other."""
MOST_LETTERS = 1000
"""Letters of a question that are read."""
_ARTICLES = words_of("a i")


class Reading(NamedTuple):
    """What a question's words say of a table.

    What it wants; the rows of which it names cells, how much it speaks of each row, and those that it speaks of most;
    the row with the most or least of what it asks for, that of the latest and that of the earliest time; the rows with
    more or less than it says, and those of which it quotes a part of a cell. Whether it relates the rows that it names,
    asks for one below or above them, or leaves them out; the rows that it denies; and whether it asks for what has
    none of something, offers rows for a choice, or weighs them.
    """

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
    denied: frozenset[int]
    lacks: bool
    offers: bool
    weighs: bool

    @property
    def speaks(self) -> bool:
        """Whether the question names anything of the table."""
        return bool(self.scores or self.compared or self.spelled) or self.extreme is not None


def read_question(question: str, matcher: TableMatcher) -> Reading:
    """What the words of a question say of the matcher's table."""
    question = question[:MOST_LETTERS]
    table, want = matcher.table, wanted(question)
    titled = _titled(question, table.title)
    ranked = _named_rows(question, want, matcher, titled)
    bare = _without(question, ((match.start, match.end) for row in ranked for match in row.matches))
    bare = _CARED.sub(" ", bare)
    scores = _scores(question, matcher, ranked)
    implied = implied_rows(question, want, table, names_rows=bool(scores))
    scores |= {row: scores.get(row, 0.0) + 1.0 for row in implied}
    most = max(scores.values(), default=0.0)
    best = tuple(row for row in sorted(scores) if scores[row] >= most - _SURE)
    weighed = _FIRST_DONE.sub("", bare) if ranked else bare
    words = (_RELATES, _BELOW, _ABOVE, _EXCEPTS, _LACKS, _OFFERS)
    relates, below, above, excepts, lacks, offers = (bool(it.search(bare)) for it in words)
    weighs, recent, first = (bool(it.search(weighed)) for it in (_WEIGHS, _RECENT, _FIRST))
    if implied:  # what is denied of them is denied already
        relates = excepts = lacks = False
    if _SUCCEEDED.search(bare):
        below, above = False, True
    every, than = frozenset(range(len(table))), compared(question, table)
    among = than or (every.difference(best) if excepts else frozenset(best) if most > _SURE else every)
    best_of = extreme(question, _without(bare, titled), table, among, of_two=offers)
    best_of = winner(bare, table, among) if best_of is None and not weighs else best_of
    named = frozenset(best) if len(best) > 1 else every
    latest, earliest = outermost(table, named, min) if recent else None, outermost(table, named, max) if first else None
    return Reading(
        question=question, want=want, ranked=ranked, scores=scores, best=best, extreme=best_of, latest=latest,
        earliest=earliest, compared=than, spelled=_spelled(question, table), relates=relates, below=below, above=above,
        excepts=excepts, denied=_denied(question, ranked), lacks=lacks, offers=offers, weighs=weighs,
    )  # fmt: skip


def _named_rows(
    question: str, want: Wanted, matcher: TableMatcher, titled: Sequence[tuple[int, int]]
) -> tuple[RowMatch, ...]:
    """The rows of which a question names cells, with those alone that it means: no kinds, figures or parts of the
    title."""
    compares = COMPARES.search(question)
    found = matcher.ranked_rows(question)
    meant = _columns_meant(question, want, matcher.table, found)
    kept = (
        row._replace(
            matches=tuple(
                match
                for match in row.matches
                if match.cell.column in meant[match.start, match.end]
                and not (
                    _is_kind(match, question, matcher.table) or _within(match, compares) or _is_part(match, titled)
                )
            )
        )
        for row in found
    )
    return tuple(row for row in kept if row.matches)


def _denied(question: str, ranked: Iterable[RowMatch]) -> frozenset[int]:
    """The rows that a question names only to leave them out: `which parties are not Labour`."""
    return frozenset(row.row for row in ranked for match in row.matches if _DENIES.search(question[: match.start]))


def _columns_meant(
    question: str, want: Wanted, table: Table, found: Iterable[RowMatch]
) -> dict[tuple[int, int], set[int]]:
    """For each place where a question names cells their columns: where it wants the manager of Bob, not the managers,
    and where Bob is in a row of his own, no other column that it does not speak of."""
    columns: dict[tuple[int, int], set[int]] = {}
    for match in chain.from_iterable(row.matches for row in found):
        columns.setdefault((match.start, match.end), set()).add(match.cell.column)
    names = [set(name_words(name)) for name in table.header]
    wants = set(want.words)
    asked = {
        column
        for column, its in enumerate(names)
        if its & wants and not any(its < longer <= wants for longer in names)  # `away goals` wants no Away
    }
    said = words_said(question)
    spoken_of = {
        column
        for column, its in enumerate(names)
        if any(word in said or any(same_root(word, verb) for verb in said) for word in its)
    }
    beside = _BESIDE.search(question) is not None  # `who was king before Conrad`
    has_own_rows = len({row[:1] for row in table.rows}) == len(table) > 1
    for place, its in columns.items():
        before = {column for column in its if _stands_before(table.header[column], question[: place[0]])}
        before = before or _of_its_end(question, table, its)
        its = before or (its if beside else its - asked) or its
        columns[place] = (its & spoken_of | {0}) if has_own_rows and 0 in its else its & spoken_of or its
    return columns


def _of_its_end(question: str, table: Table, columns: Iterable[int]) -> set[int]:
    """Of these columns those of starts, where a question tells one: `who became mayor in 2002`; or those of ends."""
    words = STARTS if _BECAME.search(question) else ENDS if _LEFT.search(question) else frozenset()
    return {column for column in columns if not words.isdisjoint(name_words(table.header[column]))}


def _stands_before(name: str, said: str) -> bool:
    """Whether a column's name is what is said right before a cell: `from Oslo` of a column From."""
    words = said.lower().removesuffix(" the ").split()
    return len(words) > 0 and words[-1] == name.strip().lower()


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
    known = f" {' '.join(_TOKEN.findall(title.casefold())[:_LONGEST_TITLE])} "
    tokens = [
        (found.start(), found.end(), found[0].casefold()) for found in islice(_TOKEN.finditer(question), _LONGEST)
    ]
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


def _without(question: str, places: Iterable[tuple[int, int]]) -> str:
    """A question with blanks in these places."""
    for start, end in places:
        question = question[:start] + " " * (end - start) + question[end:]
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


def _spelled(question: str, table: Table) -> frozenset[int]:
    """The rows with a cell that starts with or ends in what the question quotes, or holds it as words."""
    found = _SPELLED.search(question)
    if not found or not found["part"].strip():
        return frozenset()
    part = re.escape(found["part"].strip())
    form = rf"^\W*{part}" if found["start"] else rf"{part}\W*$" if found["end"] else rf"(?<!\w){part}(?!\w)"
    fits = re.compile(form, re.IGNORECASE)
    return frozenset(row for row, cells in enumerate(table.rows) if any(map(fits.search, cells)))
