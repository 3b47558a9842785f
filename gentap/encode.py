"""A question and a table as the ids a model reads, each id knowing which cell it came from (GenTaP, section 3).

`<question> q <title> t <row> header <value> cell …`: the structure ids are ours, the texts are text, letter case kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from tabtext.errors import InputError, unknown_name
from tabtext.linearize import STYLES, Cut, linearize
from tabtext.table import Cell, Table
from tabtext.tokenizers import TextCodec

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

QUESTION = "<question>"
"""What every input begins with."""

MAX_REMEMBERED = 1 << 18
"""Texts whose ids an encoder keeps: the cells of a table are met with every question about it, several times each."""


class Encoded(NamedTuple):
    """A model's input: ids, end token included; `cells[i]` is the cell that id i came from, if any; what was cut."""

    ids: list[int]
    cells: list[Cell | None]
    cut: Cut

    @property
    def seen(self) -> frozenset[Cell]:
        """The cells that the model reads something of."""
        return frozenset(cell for cell in self.cells if cell is not None)


def structure_of(style: str) -> tuple[str, ...]:
    """The structure tokens that a tokenizer must have for the linearisation of this name."""
    if style not in STYLES:
        raise unknown_name("linearisation", style, STYLES)
    return (QUESTION, *STYLES[style].structure)


class TableEncoder:
    """Encodes questions about tables for one tokenizer, in the named linearisation, within `max_length` ids."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, style: str = "keyed", max_length: int = 512) -> None:
        self.codec = TextCodec(tokenizer)
        self.style, self.max_length = style, max_length
        self._structure = {token: self.codec.id(token) for token in structure_of(style)}
        self._end = int(tokenizer.eos_token_id)
        self._remembered: dict[str, list[int]] = {}

    def source(self, question: str, table: Table, keep: Iterable[Cell] = ()) -> Encoded:
        """The input for a question about a table; rows and columns go by relevance, `keep` last, the question never.

        Raises InputError where the question alone leaves no room for the table.
        """
        asked = self._ids([question])[0]
        room = self.max_length - len(asked) - 2
        if room < self.max_length // 4:
            raise InputError(
                f"The question has {len(asked)} tokens and the model reads {self.max_length}; ask it in fewer words."
            )
        made = linearize(table, question, style=self.style, budget=room, lengths=self.lengths, keep=keep)
        texts = iter(self._ids([piece.text for piece in made.pieces if not piece.is_structure]))
        ids = [self._structure[QUESTION], *asked]
        cells: list[Cell | None] = [None] * len(ids)
        for piece in made.pieces:
            part = [self._structure[piece.text]] if piece.is_structure else next(texts)
            ids += part
            cells += [piece.cell] * len(part)
        return Encoded([*ids, self._end], [*cells, None], made.cut)

    def target(self, text: str, max_length: int = 128) -> list[int]:
        """The ids of an answer, end token included, at most `max_length`."""
        return [*self._ids([text])[0][: max_length - 1], self._end]

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """The number of ids of each text."""
        return list(map(len, self._ids(texts)))

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of each text, from memory where they are known."""
        if len(self._remembered) > MAX_REMEMBERED:
            self._remembered.clear()
        known = self._remembered
        new = list(dict.fromkeys(text for text in texts if text not in known))
        known.update(zip(new, self.codec.encode(new), strict=True))
        return [known[text] for text in texts]
