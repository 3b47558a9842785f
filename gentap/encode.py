"""A question and a table as the ids a model reads, each id knowing which cell it came from (GenTaP, section 3).

`<question> q <title> t <row> header <value> cell …`: the structure ids are ours, the texts are text, letter case kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from gentap.rules.choice import Choice
from gentap.rules.compose import compose
from tabtext.errors import InputError, unknown_name
from tabtext.linearize import STYLES, Cut, linearize
from tabtext.matching import TableMatcher
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
    """Encodes questions about tables for one tokenizer, in the named linearisation, within `max_length` ids.

    With `drafts` a question is read with the sentence behind it that rules compose for it (`gentap.rules`), around
    cells chosen by `choice`, or else by what ships.
    """

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerBase,
        style: str = "keyed",
        max_length: int = 512,
        *,
        drafts: bool = False,
        choice: Choice | None = None,
    ) -> None:
        self.codec = TextCodec(tokenizer)
        self.style, self.max_length, self.drafts, self.choice = style, max_length, drafts, choice
        self._structure = {token: self.codec.id(token) for token in structure_of(style)}
        self._end = int(tokenizer.eos_token_id)
        self._remembered: dict[str, list[int]] = {}

    def source(self, question: str, table: Table, keep: Iterable[Cell] = ()) -> Encoded:
        """The input for a question about a table; rows and columns go by relevance, `keep` last, the question never.

        Raises InputError where the question alone leaves no room for the table.
        """
        question = self._with_draft(question, table) if self.drafts else question
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

    def _with_draft(self, question: str, table: Table) -> str:
        """The question and its draft; alone where there is none, or where both would take half of the input."""
        draft = (
            compose(question, TableMatcher(table), choice=self.choice, in_brackets=True) if question.strip() else None
        )
        both = f"{question} {draft.text}" if draft else question
        return both if self.lengths([both])[0] <= self.max_length // 2 else question

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
