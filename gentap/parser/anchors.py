"""What the words of a question may stand for in a table: cells, parts of cells, countries, and other conditions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from gentap.parser.conditions import CONDITIONS, rows_compared
from gentap.parser.demonyms import countries
from gentap.parser.programs import Filter
from gentap.parser.said import Said
from gentap.parser.tokens import NUMBER_WORDS, Token, stem
from tabtext.variants import STRENGTHS

MOST_FILTERS = 8
"""Names and other conditions of a question that are tried, so many of each."""
_PART, _LONGER_PART, _ADJECTIVE = 0.4, 0.1, 0.7
"""How surely one word means a part of a cell, how much surer every further word makes it, and a country's adjective."""


def filters_of(asked: Said) -> list[Filter]:
    """The conditions that a question may set: names of cells, then all others, the surest first."""
    names = _surest(chain(_cells(asked), _parts(asked), _adjectives(asked)))
    others = chain.from_iterable(find(asked) for find in CONDITIONS)
    return [*names, *_surest(chain(others, rows_compared(asked, names)))]


def _surest(found: Iterable[Filter]) -> list[Filter]:
    """The surest conditions, each once; of two as sure that made of more letters."""
    best: dict[tuple[str, int, frozenset[int], int], Filter] = {}
    for one in found:
        place = (one.how, one.column, one.rows, one.start)
        if place not in best or best[place].sure < one.sure:
            best[place] = one
    worth = {one: (-one.sure * (one.end - one.start) ** 0.5, one.start, one.column) for one in best.values()}
    return sorted(worth, key=worth.__getitem__)[:MOST_FILTERS]


def _cells(asked: Said) -> Iterator[Filter]:
    """Cells that the question names."""
    rows: dict[tuple[int, int, int], set[int]] = defaultdict(set)
    sure: dict[tuple[int, int, int], float] = {}
    for (row, column), start, end, how in asked.about.matcher.match(asked.text):
        if row in asked.about.view.in_body and not _is_small(asked.tokens, start, end):
            place = start, end, column
            rows[place].add(row)
            sure[place] = max(sure.get(place, 0.0), STRENGTHS[how])
    for place, its in rows.items():
        start, end, column = place
        yield Filter("is", column, asked.text[start:end], frozenset(its), start, end, sure[place])


def _is_small(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether a place in the question holds nothing that stands for something, or only a figure in words."""
    inside = [token for token in tokens if start <= token.start and token.end <= end]
    return all(token.is_small for token in inside) or (len(inside) == 1 and inside[0].text in NUMBER_WORDS)


def _parts(asked: Said) -> Iterator[Filter]:
    """Words of the question that cells hold beside others, as many of them in a row as there are."""
    index, tokens = asked.about.words, asked.tokens
    for place, token in enumerate(tokens):
        if token.is_small:
            continue
        for column, rows in index.get(token.stem, {}).items():
            before = index.get(tokens[place - 1].stem, {}).get(column, frozenset()) if place else frozenset()
            if before & rows and not tokens[place - 1].is_small:
                continue  # told with the word before
            end, kept = place + 1, rows
            while end < len(tokens) and (further := kept & index.get(tokens[end].stem, {}).get(column, frozenset())):
                end, kept = end + 1, further
            while tokens[end - 1].is_small:
                end -= 1
            first, last = token.start, tokens[end - 1].end
            sure = _PART + _LONGER_PART * min(3, end - place)
            yield Filter("has", column, asked.text[first:last], frozenset(kept), first, last, sure)


def _adjectives(asked: Said) -> Iterator[Filter]:
    """Countries that are said by their adjective, or the other way round: `German` riders."""
    for token in asked.tokens:
        if len(token.text) < 3 and asked.text[token.start].islower():  # `what did it cost us`
            continue
        for country in countries(token.text):
            for column, rows in asked.about.words.get(stem(country), {}).items():
                if stem(country) != token.stem:
                    yield Filter("is", column, token.text, rows, token.start, token.end, _ADJECTIVE)


def overlap(one: Filter, other: Filter) -> bool:
    """Whether two conditions are made of the same words."""
    return one.start < other.end and other.start < one.end
