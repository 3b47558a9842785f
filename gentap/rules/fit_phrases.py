"""`gentap fit-phrases`: learn how cells of columns are said, from sentences that speak of rows of tables.

What is counted is in how many tables' sentences the same words stand before a column's cells: `with a population of`
before those of Population, `against` before those of Opponent where something was played; and before which names `the`
stands, and `at`.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from gentap.corpus import Corpus, read_manifest
from gentap.grammar.alike import name_words, singular
from gentap.grammar.english import noun
from gentap.grammar.header_words import words_of
from gentap.mentions import Mention, read_mention
from gentap.rules.bearing import LEARNT, bearers
from gentap.rules.phrases import (
    AMOUNTS,
    CELL,
    FIGURES,
    MAYBE_THE,
    NAME,
    THE,
    Phrases,
    end_of,
    finer,
    is_event,
    key_of,
    kind_of,
)
from gentap.rules.told import plain
from tabtext.errors import InputError
from tabtext.jsonl import read_lines, refuse_existing
from tabtext.matching import CellMatch, TableMatcher

_PREPOSITIONS = words_of(
    "about against after along alongside among around as at before behind between by during for from in into near of "
    "off on onto over since through throughout to toward towards under until upon via with within without"
)
_INSIDE = frozenset(("a", "of", "total", "record", NAME))
"""Of what else phrases with a column's name are made."""
_SAID = frozenset(("number", "measure", "share", "score", "clock", "edition", "site", "town", "text"))
"""The kinds of cells of which it is learnt how they are said."""
_ORIGINS = words_of(
    "award base based birthplace born country from home hometown nation nationality origin prize residence state to"
)
"""Names of columns whose cells are said in two ways: of where someone is from, and of where something took place."""
_WHOLE = frozenset(("verbatim", "folded", "number", "date", "pair", "name"))
"""How a cell is matched that is named by more than a part of it."""
_WORD = re.compile(r"\w+(?:[’'-]\w+)*|[^\w\s]")
_MOST_WORDS = 6
"""Words that are read before a cell."""
_PROPER = re.compile(
    r"\b(?P<before>against|at|by|for|from|in|of|on|to|with) (?P<the>the )?"
    r"(?P<name>(?:\d\S* )?(?:[A-Z][\w’'-]+ )+(?:of(?: [A-Z][\w’'-]+)+|[A-Z][\w’'-]+(?! of [A-Z])))(?= [a-z]|[,.;)])"
)
"""A name of several words behind a preposition."""


@dataclass(frozen=True, kw_only=True)
class PhraseFitting:
    """What is known of a column: words before its cells that stand in the sentences of so many `tables`, in that
    `share` of the tables where anything that could be learnt does, and that of all where its cells are named.

    Of an end of names: that it bears an article, or stands behind `at` and not `in`, in so many of its `names`.
    """

    tables: int = 3
    share: float = 0.55
    of_all: float = 0.02
    names: int = 5
    names_share: float = 0.6
    overwrite: bool = False


PHRASE_FITTING = PhraseFitting()


class Said(NamedTuple):
    """How a sentence says a cell: what it is, the words around it, if any can be learnt from, whether `the` is the last
    of them, and what they stand behind."""

    header: str
    text: str
    kind: str
    pattern: str = ""
    the: bool = False
    behind: tuple[str, ...] = ()


def fit_phrases(corpora: Sequence[Path], output: Path, how: PhraseFitting = PHRASE_FITTING) -> Phrases:
    """Learn from corpora, folders of `gentap synthesize` or files of `gentap mine`; write the phrases into a file."""
    refuse_existing(output, overwrite=how.overwrite)
    counts = Counts()
    for corpus in corpora:
        counts.add(_mentions(corpus))
    phrases = counts.phrases(how)
    if not phrases.columns:
        raise InputError(
            f"{', '.join(map(str, corpora))}: {counts.sentences:,} sentences, and in those of {how.tables} tables no "
            "column's cells are said alike; mine more pages."
        )
    phrases.save(output, overwrite=how.overwrite)
    print(f"fit-phrases: {counts.sentences:,} sentences; cells of {len(phrases.columns)} columns are said in words",
          file=sys.stderr)  # fmt: skip
    return phrases


def _mentions(corpus: Path) -> Iterator[Mention]:
    """The mentions of a corpus folder or of a file."""
    if not corpus.is_dir():
        yield from map(read_mention, read_lines(corpus))
        return
    read_manifest(corpus)
    shards = Corpus(corpus).step("mentions")
    for name in shards.names():
        yield from map(read_mention, shards.lines(name))


class Counts:
    """What was counted: how cells are said, once for the tables of a title, and what stands before ends of names."""

    def __init__(self) -> None:
        self.sentences = 0
        self._said: set[tuple[str, Said]] = set()
        self._read: set[str] = set()
        self._before: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, mentions: Iterable[Mention]) -> None:
        """Count what mentions say."""
        for table, of_table in groupby(mentions, key=lambda mention: mention.table):
            matcher = TableMatcher(table)
            for mention in of_table:
                self._said.update((table.title, said) for said in said_in(mention, matcher))
                self._add_names(mention.sentence)

    def _add_names(self, sentence: str) -> None:
        self.sentences += 1
        if sentence in self._read:
            return
        self._read.add(sentence)
        for found in _PROPER.finditer(sentence):
            self._before[end_of(found["name"])].update(("the" if found["the"] else "no article", found["before"]))

    def phrases(self, how: PhraseFitting) -> Phrases:
        """What is known."""
        the = self._ends(("the", "no article"), how)
        at = self._ends(("at", "in"), how)
        columns: dict[str, dict[str, str]] = {}
        for (name, kind), of_column in sorted(self._by_column(at).items()):
            if pattern := _known(of_column, kind, how):
                columns.setdefault(name, {})[kind] = pattern
        return Phrases(columns, the, at)

    def _ends(self, words: tuple[str, str], how: PhraseFitting) -> frozenset[str]:
        """The ends of names before which the first of two words stands, and the second seldom."""
        counted = {end: [before[word] for word in words] for end, before in self._before.items()}
        return frozenset(
            end for end, (first, second) in counted.items()
            if first >= how.names and first >= how.names_share * (first + second) and not end[0].isdigit()
        )  # fmt: skip

    def _by_column(self, at: frozenset[str]) -> dict[tuple[str, str], list[Said]]:
        """By column and kind, how its cells are said, each way once for the tables of a title."""
        found: dict[tuple[str, str], set[tuple[str, Said]]] = defaultdict(set)
        for title, said in self._said:
            kind, bare = finer(said.kind, said.text, at), said._replace(header="", text="")
            for name in _names(said):
                if kind in _SAID and _ORIGINS.isdisjoint(name.split()):
                    found[name, kind].add((title, bare))
        return {key: [said for _, said in all_said] for key, all_said in found.items()}


def _names(said: Said) -> Iterator[str]:
    """The names under which it is counted how a cell is said."""
    if name := key_of(said.header):
        yield name
    if said.kind == "number" and noun(said.header).counts:
        yield AMOUNTS


def _known(all_said: Sequence[Said], kind: str, how: PhraseFitting) -> str:
    """The pattern of a kind of cells of a column, with what it stands behind; nothing where none is known."""
    patterns = Counter(said.pattern for said in all_said)
    usable = {pattern: count for pattern, count in patterns.items() if _is_usable(pattern, kind)}
    pattern = max(usable, key=lambda one: (usable[one], one), default="")
    count = usable.get(pattern, 0)
    if count < max(how.tables, how.share * sum(usable.values()), how.of_all * len(all_said), 1):
        return ""
    alike = [said for said in all_said if said.pattern == pattern]
    if NAME in pattern:
        return pattern
    behind = Counter(label for said in alike for label in said.behind)
    label = max(behind, key=lambda one: (behind[one], one))
    the = sum(said.the for said in alike) / count
    cell = CELL if the < 0.1 else MAYBE_THE if the <= 0.5 or kind == "site" else THE
    return f"{label}: {pattern.replace(CELL, cell)}"


def _is_usable(pattern: str, kind: str) -> bool:
    """Whether a pattern is a preposition and the cell, or of a figure such words with the column's name."""
    first, *others = pattern.split() or [""]
    inside = others[: others.index(CELL)] if CELL in others else []
    if NAME in others:
        return kind in FIGURES and first in LEARNT and _INSIDE.issuperset(inside)
    return first in LEARNT and others == [CELL]


def said_in(mention: Mention, matcher: TableMatcher) -> Iterator[Said]:
    """How a sentence says the cells that it mentions."""
    end = 0
    for match in sorted(matcher.match(mention.sentence, mention.cells), key=lambda one: (one.start, -one.end)):
        if match.start >= end and match.how in _WHOLE:
            end = match.end
            yield _said(mention, match)


def _said(mention: Mention, match: CellMatch) -> Said:
    """How a sentence says a cell."""
    table, sentence = mention.table, mention.sentence
    header = table.header[match.cell.column]
    said = Said(header, plain(table, match.cell), kind_of(table, match.cell))
    words = _words_before(sentence, match.start)
    the = bool(words) and words[-1][0].lower() == "the"
    words = words[:-1] if the else words
    places = [place for place, word in enumerate(words) if word[0].lower() in _PREPOSITIONS]
    if not places:
        return said
    first = places[-1] if words[places[-1]][0] != "of" or len(places) == 1 else places[-2]
    before = _with_names_for([word[0].lower() for word in words[first:]], header)
    behind = bearers(before[0], sentence[: words[first].start()])
    pattern = [*before, CELL, *_name_behind(sentence, match.end, header)]
    if NAME in pattern if said.kind in FIGURES and not is_event(header) else behind:
        said = said._replace(pattern=" ".join(pattern), the=the, behind=tuple(behind))
    return said


def _words_before(sentence: str, end: int) -> list[re.Match[str]]:
    """The last words before a place, back to a mark."""
    words: list[re.Match[str]] = []
    for word in reversed(list(_WORD.finditer(sentence, 0, end))):
        if not word[0][0].isalnum() or len(words) == _MOST_WORDS:
            break
        words.insert(0, word)
    return words


def _with_names_for(words: Sequence[str], header: str) -> list[str]:
    """Words with one sign in place of those of a column's name, and one article."""
    names = name_words(noun(header).text)
    marked = (NAME if singular(word) in names else "a" if word == "an" else word for word in words)
    return [word for word, alike in groupby(marked) for word in ([word] if word == NAME else alike)]


def _name_behind(sentence: str, start: int, header: str) -> list[str]:
    """The sign for a column's name where the next word is of it: `115 votes`."""
    word = _WORD.match(sentence, start + 1)
    return [NAME] if word and singular(word[0].lower()) in name_words(noun(header).text) else []
