"""Beam search that must say given phrases: dynamic beam allocation (Post and Vilar, NAACL 2018) for language models.

A phrase is a choice of wordings, each a sequence of ids, of which one must come. At every step each hypothesis may go
on as it likes or with a phrase that is still due; the beam is shared out between those that have said more and less of
the phrases, so that no step has to prefer a forced token to a likely one. transformers 5 has no such search any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from tabtext.batches import Features, length_batches
from tabtext.beams import Hypothesis, PromptDecoder
from tabtext.generation import BATCH_TOKENS
from tabtext.models import Seq2Seq
from tabtext.whole_names import WholeNames

if TYPE_CHECKING:
    import numpy as np
    import torch

Phrase = Sequence[Sequence[int]]
"""The wordings of one phrase, any of which will do; none is empty."""


class ConstrainedPrompt(NamedTuple):
    """What the model reads, and the phrases that it must say then."""

    prompt: Features
    phrases: Sequence[Phrase]


def constrained_search(
    seq2seq: Seq2Seq,
    prompts: Sequence[ConstrainedPrompt],
    *,
    beams: int,
    limit: int,
    length_penalty: float = 1.0,
    batch_tokens: int = BATCH_TOKENS,
) -> list[list[Hypothesis]]:
    """For each prompt the ended hypotheses that say all its phrases, the best by log-probability / length **
    `length_penalty` first; none where none came to an end.

    Each has at most `limit` tokens. Prompts of like length share a batch of `batch_tokens` padded tokens, times the
    beams.
    """
    end = int(seq2seq.tokenizer.eos_token_id)
    searches = [_Search(each.phrases, beams, end) for each in prompts]
    for batch in length_batches([len(each.prompt["input_ids"]) for each in prompts], batch_tokens // beams):
        _run(seq2seq, [prompts[i].prompt for i in batch], [searches[i] for i in batch], limit)
    return [search.best(length_penalty) for search in searches]


def _run(seq2seq: Seq2Seq, rows: Sequence[Features], searches: list[_Search], limit: int) -> None:
    """Take searches to their end, one for each prompt; what is done leaves the batch."""
    import torch

    decoder, names = PromptDecoder(seq2seq, rows), WholeNames.of(seq2seq, rows)
    inputs = {id(search): number for number, search in enumerate(searches)}
    with torch.inference_mode():
        logprobs = decoder.start()
        for row, search in enumerate(searches):
            search.running = [_Running((), 0.0, row)]
        for _ in range(limit):
            _advance(searches, logprobs)
            searches = [search for search in searches if not search.done]
            if not searches:
                break
            running = [each for search in searches for each in search.running]
            parents, tokens = ([each.row for each in running], [each.ids[-1] for each in running])
            logprobs = decoder.step(torch.tensor(parents), torch.tensor(tokens))
            if names:
                said = [(inputs[id(search)], each.ids) for search in searches for each in search.running]
                logprobs = names.mask(logprobs, *zip(*said, strict=True))
            following = count()
            for search in searches:
                search.running = [each._replace(row=next(following)) for each in search.running]


def _advance(searches: Sequence[_Search], logprobs: torch.Tensor) -> None:
    """Have every search go one token on, from `logprobs` [rows, vocabulary]."""
    width = min(1 + max(search.beams for search in searches), logprobs.shape[1])
    likely = logprobs.topk(width).indices.tolist()
    values = logprobs.cpu().numpy()
    for search in searches:
        search.advance(values, likely)


class _Running(NamedTuple):
    """A hypothesis under way, the decoder's row that it goes on from, and the numbers of the phrases it has said."""

    ids: tuple[int, ...]
    logprob: float
    row: int
    said: frozenset[int] = frozenset()


@dataclass
class _Search:
    """The hypotheses of one prompt: those under way, and those that have said all phrases and the end."""

    phrases: Sequence[Phrase]
    beams: int
    end: int
    running: list[_Running] = field(default_factory=list)
    ended: list[Hypothesis] = field(default_factory=list)

    @property
    def done(self) -> bool:
        """Whether enough was found, or nothing more can be."""
        return not self.running or len(self.ended) >= self.beams

    def best(self, length_penalty: float) -> list[Hypothesis]:
        """The ended hypotheses, best first."""
        return sorted(self.ended, key=lambda one: -one.logprob / len(one.ids) ** length_penalty)[: self.beams]

    def advance(self, logprobs: np.ndarray, likely: Sequence[Sequence[int]]) -> None:
        """Go one token on from `logprobs` [rows, vocabulary]; `likely` are each row's likeliest tokens."""
        following = [each for one in self.running for each in self._following(one, logprobs[one.row], likely[one.row])]
        self.ended += [Hypothesis(list(each.ids), each.logprob) for each in following if each.ids[-1] == self.end]
        self.running = self._shared_out([each for each in following if each.ids[-1] != self.end])

    def _following(self, one: _Running, logprobs: np.ndarray, likely: Sequence[int]) -> Iterator[_Running]:
        """The ways to go on: the likeliest tokens, and those that begin or continue a phrase that is due; none that is
        ruled out."""
        still = self._open(one)
        due = [wording[_begun(one.ids, wording)] for number in still for wording in self.phrases[number]]
        for token in dict.fromkeys([*likely, *due]):
            if logprobs[token] == -inf:
                continue
            ids = (*one.ids, token)
            now = [n for n in still if any(ids[-len(words) :] == tuple(words) for words in self.phrases[n])]
            said = one.said.union(now)
            if token != self.end or len(said) == len(self.phrases):
                yield _Running(ids, one.logprob + float(logprobs[token]), one.row, said)

    def _open(self, one: _Running) -> list[int]:
        """The numbers of the phrases that are due."""
        return [number for number in range(len(self.phrases)) if number not in one.said]

    def _shared_out(self, following: list[_Running]) -> list[_Running]:
        """The best `beams` hypotheses, taken in turn from those that have said most of the phrases down to the
        fewest."""
        banks: dict[int, list[_Running]] = {}
        for each in sorted(following, key=lambda each: -each.logprob):
            begun = [max(_begun(each.ids, wording) for wording in self.phrases[n]) for n in self._open(each)]
            tokens = sum(len(self.phrases[number][0]) for number in each.said) + max(begun, default=0)
            banks.setdefault(tokens, []).append(each)
        chosen: list[_Running] = []
        while len(chosen) < self.beams and any(banks.values()):
            for tokens in sorted(banks, reverse=True):
                if banks[tokens] and len(chosen) < self.beams:
                    chosen.append(banks[tokens].pop(0))
        return chosen


def _begun(ids: tuple[int, ...], wording: Sequence[int]) -> int:
    """How many tokens of a wording, but not all, the ids end with."""
    longest = min(len(ids), len(wording) - 1)
    return next((n for n in range(longest, 0, -1) if ids[-n:] == tuple(wording[:n])), 0)
