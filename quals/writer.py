"""The two models of QAGS: one asks for a given answer about a text, the other answers a given question from a source.

Both read what is given, `<sep>`, and the source, and write a text. A model of other people's that knows no `<sep>` gets
the words that T5 and its kin were trained with: `question: … context: …` and `answer: … context: …`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from quals.pairs import Pair
from quals.qagen import SEPARATOR
from quals.sources import STRUCTURE, Source, SourceEncoder, text_of
from tabtext.candidates import Candidate
from tabtext.errors import InputError, unknown_name
from tabtext.generation import generate

if TYPE_CHECKING:
    import torch

    from tabtext.models import Seq2Seq

MAX_GIVEN = 1 / 3
"""The share of an input that the given question or answer may take; a longer one is cut."""

_KEY = "quals_task"


class Task(NamedTuple):
    """What is given and written, and how many tokens are written at most."""

    given: str
    written: str
    max_new_tokens: int


ASKING = "question"
"""The task of an asker, whose questions all have an answer."""

TASKS = {
    ASKING: Task("answer", "question", 48),
    "answer": Task("question", "answer", 30),
}


@dataclass(frozen=True)
class Writer:
    """A model for one of `TASKS`, with its tokenizer and the length of the inputs it was trained on."""

    seq2seq: Seq2Seq
    task: str
    max_length: int

    @classmethod
    def from_pretrained(cls, name: str | Path, task: str, *, device: str | torch.device | None = None) -> Writer:
        """The model of this name, folder or hub id; an InputError where it was trained on another task."""
        if task not in TASKS:
            raise unknown_name("task", task, TASKS)
        from tabtext.models import load_seq2seq

        seq2seq = load_seq2seq(name, device=device)
        stored: Any = getattr(seq2seq.model.config, _KEY, None) or {}
        if stored.get("task", task) != task or getattr(seq2seq.model.config, "qagen", None):
            raise InputError(
                f"Model {str(name)!r}: writes {stored.get('task', 'pair')}s, where a model for {task}s is needed; make "
                f"one with quals train --task {task}."
            )
        return cls(seq2seq, task, int(stored.get("max_length", seq2seq.max_length)))

    def store(self) -> None:
        """Write the settings into the model's config, with which they travel."""
        setattr(self.seq2seq.model.config, _KEY, {"task": self.task, "max_length": self.max_length})

    @cached_property
    def encoder(self) -> SourceEncoder:
        """Makes this model's inputs."""
        return SourceEncoder(self.seq2seq.tokenizer, self.max_length)

    @cached_property
    def knows_structure(self) -> bool:
        """Whether the tokenizer has our structure tokens."""
        return set(self.seq2seq.tokenizer.get_vocab()).issuperset((SEPARATOR, *STRUCTURE))

    @cached_property
    def _gap(self) -> str:
        """What is put before a text so that it goes on after another one: tokenizers such as BART's add no space."""
        first = self.seq2seq.tokenizer.convert_ids_to_tokens(self.encoder.codec.encode(["a"])[0][0])
        return "" if str(first).startswith(("Ġ", "▁")) else " "

    def windows(self, source: Source, pair: Pair) -> list[list[int]]:
        """The inputs for what is given of a pair, one per window of the source, end included."""
        task, codec, room = TASKS[self.task], self.encoder.codec, int(MAX_GIVEN * self.max_length)
        given = getattr(pair, task.given)
        if self.knows_structure:
            return self.encoder.windows(source, [*codec.encode([given])[0][:room], codec.id(SEPARATOR)])
        first, last = codec.encode([f"{task.given}: {given}", f"{self._gap}context:"])
        return self.encoder.windows(f"{self._gap}{text_of(source)}", [*first[:room], *last])

    def target(self, pair: Pair) -> list[int]:
        """The ids of what is to be written of a pair, end included."""
        task = TASKS[self.task]
        ids = self.encoder.codec.encode([getattr(pair, task.written)])[0]
        return [*ids[: task.max_new_tokens - 1], int(self.seq2seq.tokenizer.eos_token_id)]

    def write(self, inputs: Sequence[tuple[Source, Pair]], *, beams: int, each: int = 1) -> Iterator[list[Candidate]]:
        """For each (source, pair with what is given) the `each` likeliest texts of any window, no two the same."""
        from transformers import GenerationConfig

        windows = [self.windows(*one) for one in inputs]
        config = GenerationConfig(
            num_beams=beams,
            num_return_sequences=each,
            max_new_tokens=TASKS[self.task].max_new_tokens,
            decoder_start_token_id=self.seq2seq.model.config.decoder_start_token_id,
            eos_token_id=self.seq2seq.tokenizer.eos_token_id,
        )
        rows = ({"input_ids": window} for one in windows for window in one)
        found = generate(self.seq2seq, rows, config)
        for one in windows:
            distinct: dict[str, Candidate] = {}
            for candidate in sorted((c for _ in one for c in next(found)), key=lambda c: -c.logprob):
                distinct.setdefault(candidate.text, candidate)
            yield list(distinct.values())[:each]
