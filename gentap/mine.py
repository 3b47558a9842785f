"""`gentap mine`: sentences of a page that hold at least two cell values of one row of its tables (GenTaP, mining step).

A page's prose is searched once for all cells of its tables that say something by themselves (anchors); only sentences
with an anchor are split off and matched in full, against the rows of their anchors. A sentence goes to the row with
the most and rarest cells.
"""

from __future__ import annotations

import gc
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from gentap.mentions import Mention
from gentap.pages import Item, Page, read_page
from tabtext.errors import InputError
from tabtext.folding import fold, fold_key
from tabtext.jsonl import dumps, read_lines
from tabtext.matching import RowMatch, TableMatcher
from tabtext.phrases import is_whole, words_of
from tabtext.sentences import sentence_spans
from tabtext.stages import Stage
from tabtext.table import Cell, Table
from tabtext.variants import EDGES, without_parenthesis

MAX_ANCHOR_ROWS = 2
"""A name that stands in more rows of a table tells of none of them, even beside a year; without a figure two names of
one row only are needed."""
MIN_ANCHOR_CHARS = 5
"""A shorter text alone tells nothing (`_substance`), so the anchor is the cell that does."""
MIN_SENTENCE_WORDS, MAX_SENTENCE_WORDS = 5, 80
"""Shorter or longer is a caption, a list or a heap of text rather than a sentence."""

LONG_NAME = 10
"""Without a figure or year, one of the names must have so many letters or be of several words."""
STEM_CHARS = 4
"""Words that begin with the same letters may be forms of one another."""
STOP_WORDS = frozenset(
    ("a", "an", "the", "and", "or", "but", "of", "in", "on", "at", "to", "by", "for", "from", "with", "as", "into",
     "is", "was", "were", "are", "be", "been", "has", "had", "have", "he", "she", "it", "they", "his", "her", "its",
     "their", "who", "which", "that", "this", "not", "also", "after", "s")
)  # fmt: skip

_THOUSANDS = re.compile(r",(?<=\d,)(?=\d{3})")
_HAS_END = re.compile(r"[.!?…]")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
_SMALL_NUMBER = re.compile(r"[#+−–-]?\d{1,2}(?:st|nd|rd|th)?\.?|\w")
_YEAR = re.compile(r"[12]\d{3}")
_FIGURE = re.compile(r"[^\w]*\d[\d.,:% -]*")


def mine(
    pages: Iterable[Page], *, exclude_titles: frozenset[str] = frozenset(), counts: Counter[str] | None = None
) -> Iterator[Mention]:
    """The mentions of pages; `counts` gets why pages and sentences were passed over."""
    counts = Counter() if counts is None else counts
    for page in pages:
        if title_key(page.title) in exclude_titles:
            counts["pages with an excluded title"] += 1
        else:
            yield from _mine_page(page, counts)


@dataclass(frozen=True)
class MinePage:
    """The work of the stage on one item, picklable: the page's mentions as JSON lines, each table encoded once."""

    exclude_titles: frozenset[str] = frozenset()

    def __call__(self, item: Item, rng: random.Random, counts: Counter[str]) -> list[str]:
        """The item's mentions, each a finished JSON line."""
        with _no_cycle_search():
            return list(self._lines(read_page(item), counts))

    def _lines(self, page: Page, counts: Counter[str]) -> Iterator[str]:
        tables: dict[int, str] = {}
        for mention in mine([page], exclude_titles=self.exclude_titles, counts=counts):
            table = tables.get(id(mention.table)) or tables.setdefault(id(mention.table), dumps(mention.table))
            fields = {name: value for name, value in mention.to_json().items() if name != "table"}
            yield f'{dumps(fields)[:-1]}, "table": {table}}}'


@contextmanager
def _no_cycle_search() -> Iterator[None]:
    """Let Python not look for reference cycles: a page makes a hundred thousand tuples, and no cycle among them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def mine_stage(exclude_titles: frozenset[str] = frozenset()) -> Stage:
    """The stage behind `gentap mine`."""
    return Stage("mine", {"exclude_titles": sorted(exclude_titles)}, MinePage(exclude_titles))


def read_titles(path: str | Path) -> frozenset[str]:
    """The page titles to keep out: one a line, or the `table_page_title` of a FeTaQA JSON Lines file."""
    titles = set()
    for line in read_lines(path):
        if line.text.lstrip().startswith(b"{"):
            title = line.json().get("table_page_title")
            if not isinstance(title, str):
                raise InputError(f"{line.name}, line {line.number}: no 'table_page_title' to exclude.")
        else:
            title = line.text.decode(errors="replace")
        titles.add(title_key(title))
    return frozenset(titles)


def title_key(title: str) -> str:
    """A title as it is compared: letter case, underscores and dashes evened out."""
    return fold_key(title.replace("_", " "))


class _Place(NamedTuple):
    """A row of one of the page's tables, by their numbers."""

    table: int
    row: int


def _mine_page(page: Page, counts: Counter[str]) -> Iterator[Mention]:
    if not page.tables:
        counts["pages without a table that holds data"] += 1
        return
    anchors = _Anchors(page.tables, title_key(page.title))
    matchers = [TableMatcher(table) for table in page.tables]
    words = _CellWords(page.tables)
    seen: set[str] = set()
    for paragraph in filter(_HAS_END.search, page.paragraphs):
        for sentence, anchored in _anchored_sentences(paragraph, anchors):
            if sentence in seen:
                continue
            seen.add(sentence)
            if not is_sentence(sentence):
                counts["fragments that are no sentence"] += 1
            elif mention := _mention(page, matchers, sentence, words.candidates(sentence, anchored), counts):
                yield mention


class _Anchors:
    """The texts that lead to a row: what stands in few rows of its table, is not short, and is not what the
    page is about."""

    def __init__(self, tables: Iterable[Table], title: str) -> None:
        self._rows: dict[str, list[tuple[int, list[int]]]] = {}
        for number, table in enumerate(tables):
            for text, rows in _rows_by_text(table).items():
                if len(rows) <= MAX_ANCHOR_ROWS:
                    key = fold_key(without_parenthesis(text) if "(" in text else text).strip(EDGES)
                    if key and key not in title:
                        self._rows.setdefault(key, []).append((number, rows))
        self._keys = list(self._rows)
        self._automaton = AhoCorasick(self._keys, store_patterns=False, implementation=Implementation.ContiguousNFA)

    def find(self, folded: str) -> list[tuple[int, int, set[_Place]]]:
        """The anchors in a folded text as whole words: start, end and the rows that they lead to."""
        return [
            (start, end, {_Place(table, row) for table, rows in self._rows[self._keys[number]] for row in rows})
            for number, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True)
            if is_whole(folded, start, end)
        ]


def _rows_by_text(table: Table) -> dict[str, list[int]]:
    """Where the texts stand that are long enough for an anchor."""
    rows: dict[str, list[int]] = defaultdict(list)
    for index, cells in enumerate(table.rows):
        for text in set(cells):
            if len(text) >= MIN_ANCHOR_CHARS:
                rows[text].append(index)
    return rows


def _anchored_sentences(paragraph: str, anchors: _Anchors) -> Iterator[tuple[str, set[_Place]]]:
    """The sentences of a paragraph that hold an anchor, with the rows that their anchors lead to."""
    folded = fold(paragraph)
    found = anchors.find(folded.text)
    if not found:
        return
    spans = [(*folded.span(start, end), places) for start, end, places in found]
    for start, end in sentence_spans(paragraph):
        places = {place for first, last, places in spans if start <= first and last <= end for place in places}
        if places:
            yield paragraph[start:end], places


class _CellWords:
    """Tells cheaply which cells of a row may be in a sentence at all: a figure that shares a word with it, a text that
    shares half of its words."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self._tables = tables
        self._rows: dict[_Place, list[tuple[frozenset[str], int]]] = {}

    def candidates(self, sentence: str, places: set[_Place]) -> dict[int, set[Cell]]:
        """By table, the cells to look for: two or more of each row."""
        of_sentence = _stems(sentence)
        cells: dict[int, set[Cell]] = defaultdict(set)
        for place in sorted(places):
            row = self._rows.get(place) or self._rows.setdefault(place, self._needs(place))
            columns = [i for i, (stems, needed) in enumerate(row) if needed and len(stems & of_sentence) >= needed]
            if len(columns) > 1:
                cells[place.table].update(Cell(place.row, column) for column in columns)
        return cells

    def _needs(self, place: _Place) -> list[tuple[frozenset[str], int]]:
        """For each cell of a row its words and how many of them a sentence must have."""
        return list(map(_need, self._tables[place.table].rows[place.row]))


@lru_cache(maxsize=1 << 12)
def _need(cell: str) -> tuple[frozenset[str], int]:
    has_digit = any(map(str.isdigit, cell))
    stems = _stems(cell if has_digit or "(" not in cell else without_parenthesis(cell))
    return stems, min(1, len(stems)) if has_digit else (len(stems) + 1) // 2


def _stems(text: str) -> frozenset[str]:
    """The beginnings of a text's words, those that every sentence has left out; `1,234` is one word."""
    words = words_of(_THOUSANDS.sub("", fold_key(text)))
    return frozenset([word[:STEM_CHARS] for word in words - STOP_WORDS])


def _mention(
    page: Page, matchers: list[TableMatcher], sentence: str, cells: dict[int, set[Cell]], counts: Counter[str]
) -> Mention | None:
    """The mention that a sentence makes of a row that has these cells, or None and a count of the reason."""
    ranked = [(matchers[table].ranked_rows(sentence, wanted), table) for table, wanted in cells.items()]
    best, table = max(
        ((rows, table) for rows, table in ranked if rows), key=lambda rt: (rt[0][0].score, -rt[1]), default=([], 0)
    )
    reason = why_not(sentence, best, matchers[table])
    if reason:
        counts[reason] += 1
        return None
    about = {"page": {"title": page.title, "url": page.url}}
    return Mention(sentence, page.tables[table], best[0].cells, about)


def is_sentence(text: str) -> bool:
    """Whether a text has a sentence's length, beginning and end."""
    words = text.split(maxsplit=MAX_SENTENCE_WORDS)
    return (
        MIN_SENTENCE_WORDS <= len(words) <= MAX_SENTENCE_WORDS
        and bool(_SENTENCE_END.search(text))
        and not text[0].islower()
    )


def why_not(sentence: str, ranked: list[RowMatch], matcher: TableMatcher) -> str | None:
    """Why a sentence does not count as a mention of the first of these rows, best first; None where it does."""
    if not ranked or len(ranked[0].matches) < 2:
        return "sentences that name one cell only"
    best = ranked[0]
    if len(ranked) > 1 and ranked[1].score == best.score:
        return "sentences that several rows fit"
    title = title_key(matcher.table.title)
    substance = {match: _substance(sentence[match.start : match.end], match.how, title) for match in best.matches}
    told = [match for match, worth in substance.items() if worth > 0]
    if len(told) < 2 or max(substance.values()) < 2:
        return "trivial overlaps"
    names = [match for match in told if not sentence[match.end - 1].isdigit()]
    rarest = min((matcher.count(match.cell) for match in names), default=1)
    if len(names) < len(told):
        return None if rarest <= MAX_ANCHOR_ROWS else "overlaps in names that tell too little"
    lengths = [len(text) if " " not in (text := sentence[m.start : m.end]) else LONG_NAME for m in names]
    unique = sum(matcher.count(match.cell) == 1 for match in names)
    if unique < (1 if len(names) > 2 else 2) or max(lengths) < LONG_NAME:
        return "overlaps in names that tell too little"
    return None


def _substance(text: str, how: str, title: str) -> int:
    """2 for what hardly stands in a sentence by chance, 1 for a year or a short text, 0 for what tells nothing of the
    row: a small number, a letter, a mere part of a cell, what the page is about anyway."""
    if how in ("part", "surname", "rank") or _SMALL_NUMBER.fullmatch(text) or fold_key(text) in title:
        return 0
    if _YEAR.fullmatch(text) or how in ("year", "inflected"):
        return 1
    if how == "number" and not any(map(str.isdigit, text)):
        return 0
    if _FIGURE.fullmatch(text):
        return 2 if sum(map(str.isdigit, text)) > 3 else 1
    return 2 if len(text) > 4 else 1
