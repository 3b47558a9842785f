"""QAGen, the joint question-answer generator: one model that reads a source and writes `question <sep> answer`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quals.pairs import Pair
from quals.sources import STRUCTURE as SOURCE_STRUCTURE
from quals.sources import Source, SourceEncoder
from tabtext.errors import InputError

if TYPE_CHECKING:
    import torch

    from tabtext.models import Seq2Seq

SEPARATOR = "<sep>"
"""Stands between a question and its answer."""

STRUCTURE = (SEPARATOR, *SOURCE_STRUCTURE)
"""The structure tokens that a generator's tokenizer must have."""

MAX_PAIR = 60
"""Tokens of a pair, separator and end included, as in the paper."""

_KEY = "qagen"


@dataclass(frozen=True)
class QAGen:
    """A model with its tokenizer, and the length of the inputs it was trained on."""

    seq2seq: Seq2Seq
    max_length: int

    @classmethod
    def from_pretrained(cls, name: str | Path, *, device: str | torch.device | None = None) -> QAGen:
        """The generator of this name, folder or hub id; an InputError says why a model cannot be one."""
        from tabtext.models import load_seq2seq

        seq2seq = load_seq2seq(name, device=device, kind="qagen")
        vocabulary = seq2seq.tokenizer.get_vocab()
        missing = [token for token in STRUCTURE if token not in vocabulary]
        if missing:
            raise InputError(
                f"Model {str(name)!r}: is no question-answer generator (its tokenizer lacks {missing[0]}); "
                "make one with quals train."
            )
        stored: Any = getattr(seq2seq.model.config, _KEY, None) or {}
        return cls(seq2seq, int(stored.get("max_length", seq2seq.max_length)))

    def store(self) -> None:
        """Write the settings into the model's config, with which they travel."""
        setattr(self.seq2seq.model.config, _KEY, {"max_length": self.max_length})

    @cached_property
    def encoder(self) -> SourceEncoder:
        """Makes this model's inputs."""
        return SourceEncoder(self.seq2seq.tokenizer, self.max_length)

    @cached_property
    def separator_id(self) -> int:
        """The id of the separator."""
        return self.encoder.codec.id(SEPARATOR)

    def windows(self, source: Source, pair: Pair | None = None) -> list[list[int]]:
        """The inputs for a source, one per window; no pair changes them."""
        return self.encoder.windows(source)

    def target(self, pair: Pair) -> list[int]:
        """The ids of a pair, end included; a longer question loses its end, so that separator and answer stay. After a
        question without an answer the end follows the separator."""
        question, answer = self.encoder.codec.encode([pair.question, pair.answer])
        answer = answer[: MAX_PAIR // 2]
        question = question[: MAX_PAIR - len(answer) - 2]
        return [*question, self.separator_id, *answer, int(self.seq2seq.tokenizer.eos_token_id)]

    def pair(self, ids: list[int]) -> Pair | None:
        """The pair that these ids say, or None where they are none: not one separator, an empty side, no end."""
        if ids.count(self.separator_id) != 1 or ids[-1] != self.seq2seq.tokenizer.eos_token_id:
            return None
        cut = ids.index(self.separator_id)
        question, answer = (text.strip() for text in self.encoder.codec.decode([ids[:cut], ids[cut + 1 :]]))
        return Pair(question, answer) if question and answer else None
