"""Sources of any kind as what a model reads: a document, a table or a record, whole or in overlapping windows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from tabtext.errors import InputError
from tabtext.linearize import CELL, ROW, VALUE, Piece, linearize
from tabtext.linearize import STRUCTURE as STRUCTURE
from tabtext.record import Record, Triple
from tabtext.slots import worded
from tabtext.table import Table
from tabtext.tokenizers import TextCodec
from tabtext.verbal import said

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Source: TypeAlias = str | Table | Record
"""What a text may be about: a document, a table, a record of facts."""

OVERLAP = 1 / 3
"""The share of a window that the next one repeats, so that what is cut by one is whole in another."""

MAX_PREFIX = 1 / 4
"""The share of a window that a table's title may take."""


def pieces_of(source: Source) -> list[list[Piece]]:
    """A source as pieces: what stands before every window (a table's title), then its parts, whole rows and facts.

    A fact of a record is `<row> subject <cell> predicate <value> object`, a slot `<row> predicate <value> value`.
    """
    if isinstance(source, str):
        return [[], [Piece(source)]]
    if isinstance(source, Record):
        return [[], *(_fact(triple) for triple in source.triples)]
    parts: list[list[Piece]] = [[]]
    for piece in linearize(source).pieces:
        if piece == Piece(ROW, True):
            parts.append([])
        parts[-1].append(piece)
    return parts if len(parts) > 1 else [[], *parts]


def text_of(source: Source) -> str:
    """A source as plain text, for a model that knows no structure tokens: `name: Aromi; food: French`."""
    if isinstance(source, str):
        return source
    if isinstance(source, Record):
        facts = (triple.readable() for triple in source.triples)
        return "; ".join(f"{fact.subject} {fact.predicate}: {fact.object}".strip() for fact in facts)
    rows = (
        "; ".join(f"{name}: {cell}" for name, cell in zip(source.header, row, strict=True) if cell)
        for row in source.rows
    )
    return "\n".join(filter(None, (source.title, *rows)))


def in_words_of(text: str, source: Source) -> Source:
    """A source as it is to be read beside a text: a record as rules say it (`tabtext.verbal`), in the text's own words
    where rules know them."""
    return said(worded(source, text)) if isinstance(source, Record) and source.triples else source


class SourceEncoder:
    """Sources to ids for one tokenizer that has `STRUCTURE`; windows are of at most `max_length` ids, end included."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, max_length: int) -> None:
        self.codec = TextCodec(tokenizer)
        self.max_length = max_length
        self._end = int(tokenizer.eos_token_id)

    def windows(self, source: Source, before: Sequence[int] = ()) -> list[list[int]]:
        """The source's ids, in one window if it fits, else in several that overlap, each after the ids `before`;
        InputError if the source says nothing."""
        prefix, *parts = self._ids(pieces_of(source))
        if not any(parts):
            raise InputError(f"The source is empty ({type(source).__name__}); it needs text, rows or facts.")
        if isinstance(source, str):
            parts = [[i] for part in parts for i in part]
        prefix = [*before, *prefix[: int(MAX_PREFIX * self.max_length)]]
        return [[*window, self._end] for window in _windows(prefix, parts, self.max_length - 1)]

    def whole(self, text: str) -> list[int]:
        """A text's ids in one window, cut to the model's length (counted as `cut to fit` in the codec's counts)."""
        ids = self.codec.encode([text])[0]
        if len(ids) >= self.max_length:
            self.codec.counts["cut to fit"] += 1
        return [*ids[: self.max_length - 1], self._end]

    def _ids(self, parts: Sequence[Sequence[Piece]]) -> list[list[int]]:
        """The ids of each part."""
        texts = [piece.text for part in parts for piece in part if not piece.is_structure]
        encoded = iter(self.codec.encode(texts))
        return [
            list(chain.from_iterable([self.codec.id(p.text)] if p.is_structure else next(encoded) for p in part))
            for part in parts
        ]


def _windows(prefix: list[int], parts: Sequence[list[int]], size: int) -> Iterator[list[int]]:
    """Runs of whole parts after the prefix, of at most `size` ids; a part that is longer is cut."""
    room = size - len(prefix)
    parts = [part[i : i + room] for part in parts for i in range(0, len(part), room)]
    first = 0
    while True:
        last = _run(parts, range(first, len(parts)), room)
        yield [*prefix, *chain.from_iterable(parts[first:last])]
        if last == len(parts):
            return
        repeated = _run(parts, range(last - 1, first, -1), int(OVERLAP * room))
        first = repeated + 1


def _run(parts: Sequence[list[int]], order: range, room: int) -> int:
    """The first index in this order that has no room left, or the one after the last."""
    for index in order:
        room -= len(parts[index])
        if room < 0:
            return index
    return order.stop


def _fact(triple: Triple) -> list[Piece]:
    fact = triple.readable()
    said = [Piece(ROW, True), *([Piece(fact.subject), Piece(CELL, True)] if fact.subject else [])]
    return [*said, Piece(fact.predicate), Piece(VALUE, True), Piece(fact.object)]
