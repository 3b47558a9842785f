"""Names that a small model copies stay whole: what it has begun of a name of its input, it says to the end.

A name of several pieces is copied piece by piece, and each step may break it off (`Zum Weißen Hirs`) or go on behind
its end (`Hirschchch`). Where what was just said, more than a piece, begins a name or number of the input, only pieces
that go on with one may follow; where it is one, none that would make it longer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedTokenizerBase

    from tabtext.batches import Features
    from tabtext.models import Seq2Seq

_SPACES = ("Ġ", "▁")
"""How pieces of byte-level and of SentencePiece tokenizers write the space before a word."""

Going = Mapping[tuple[int, ...], tuple[bool, frozenset[int]]]
"""Of what has been said of a name: whether it is one, and the pieces that go on with one."""


class WholeNames:
    """The rule for a batch of inputs, as a logits processor of transformers' (`__call__`) and for our own searches."""

    @classmethod
    def of(cls, seq2seq: Seq2Seq, rows: Iterable[Features]) -> WholeNames | None:
        """The rule for what a model writes of these inputs; none for one that does not point at them."""
        from tabtext.models import points

        return cls(seq2seq.tokenizer, [row["input_ids"] for row in rows]) if points(seq2seq.model) else None

    def __init__(self, tokenizer: PreTrainedTokenizerBase, inputs: Iterable[Sequence[int]]) -> None:
        self._kinds = _kinds(tokenizer)
        self._inside = [piece for piece, kind in self._kinds.items() if kind == _INSIDE]
        self._going = [self._names(ids) for ids in inputs]
        self._last = [{said[-1] for said in going} for going in self._going]

    def mask(self, logprobs: torch.Tensor, inputs: Sequence[int], said: Sequence[Sequence[int]]) -> torch.Tensor:
        """`logprobs` [rows, vocabulary] with all that must not follow at minus infinity; each row's input and ids."""
        for row, (number, ids) in enumerate(zip(inputs, said, strict=True)):
            if not ids or ids[-1] not in self._last[number]:
                continue
            is_whole, following = self._going[number].get(_last_word(ids, self._kinds), (True, None))
            if following is not None:
                kept = list(following)
                values = logprobs[row, kept].clone()
                logprobs[row, self._inside if is_whole else slice(None)] = -float("inf")
                logprobs[row, kept] = values
        return logprobs

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """As `mask`, for rows that are the inputs' in turn, as many for each."""
        each = len(input_ids) // len(self._going)
        return self.mask(scores.clone(), [row // each for row in range(len(input_ids))], input_ids.tolist())

    def _names(self, ids: Sequence[int]) -> Going:
        """What may follow an input's names and their beginnings of more than a piece."""
        words = {word for word in _words(ids, self._kinds) if self._kinds[word[0]] != _WORD}
        going: dict[tuple[int, ...], set[int]] = {}
        for word in words:
            for cut in range(3 if self._kinds[word[0]] == _SPACE else 2, len(word) + 1):
                going.setdefault(word[:cut], set()).update(word[cut : cut + 1])
        return {said: (said in words, frozenset(pieces)) for said, pieces in going.items()}


_BREAK, _INSIDE, _WORD, _NAME, _SPACE = range(5)
"""What a piece is: a sign, the inside of a word, the beginning of one, that of a name or number, or a space alone,
behind which comes a letter that has no piece with it."""


@lru_cache(maxsize=4)
def _kinds(tokenizer: PreTrainedTokenizerBase) -> Mapping[int, int]:
    """The kind of each piece; ids without one, which a model may have more of, are signs."""
    special = set(tokenizer.all_special_ids)
    pieces = tokenizer.convert_ids_to_tokens(list(range(len(tokenizer))))
    return defaultdict(int, {i: _kind(str(piece)) for i, piece in enumerate(pieces) if i not in special})


def _kind(piece: str) -> int:
    if piece in _SPACES:
        return _SPACE
    first = piece.lstrip("".join(_SPACES))[:1]
    if not (first.isalnum() or ord(first or " ") > 127):  # bytes beyond ASCII are letters of byte-level pieces
        return _BREAK
    if not piece.startswith(_SPACES):
        return _INSIDE
    return _WORD if first.islower() else _NAME


def _last_word(ids: Sequence[int], kinds: Mapping[int, int]) -> tuple[int, ...]:
    """The pieces of the word that `ids` end in, none where they end in a sign."""
    for at in range(len(ids) - 1, -1, -1):
        if kinds[ids[at]] != _INSIDE:
            return tuple(ids[at:]) if kinds[ids[at]] != _BREAK else ()
    return ()


def _words(ids: Sequence[int], kinds: Mapping[int, int]) -> Iterable[tuple[int, ...]]:
    """The words of `ids` that begin behind a space."""
    word: list[int] = []
    for number in ids:
        if kinds[number] == _INSIDE:
            if word:
                word.append(number)
            continue
        if word:
            yield tuple(word)
        word = [number] if kinds[number] != _BREAK else []
    if word:
        yield tuple(word)
