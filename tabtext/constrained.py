"""Beam search that must say given phrases: dynamic beam allocation (Post and Vilar, NAACL 2018) for language models.

A phrase is a choice of wordings, each a sequence of ids, of which one must come. At every step each hypothesis may go
on as it likes or with a phrase that is still due; the beam is shared out between those that have said more and less of
the phrases, so that no step has to prefer a forced token to a likely one. transformers 5 has no such search any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from tabtext.batches import Features
from tabtext.beams import Hypothesis, PromptDecoder
from tabtext.models import Seq2Seq

if TYPE_CHECKING:
    import torch

Phrase = Sequence[Sequence[int]]
"""The wordings of one phrase, any of which will do; none is empty."""


class _Running(NamedTuple):
    """A hypothesis under way, the decoder's row that it goes on from, and the numbers of the phrases it has said."""

    ids: tuple[int, ...]
    logprob: float
    row: int
    said: frozenset[int] = frozenset()


def constrained_search(
    seq2seq: Seq2Seq,
    prompt: Features,
    phrases: Sequence[Phrase],
    *,
    beams: int,
    limit: int,
    length_penalty: float = 1.0,
) -> list[Hypothesis]:
    """The ended hypotheses that say every phrase, best by log-probability / length ** `length_penalty` first.

    Each has at most `limit` tokens. The list is empty where none came to an end.
    """
    import torch

    end = int(seq2seq.tokenizer.eos_token_id)
    running = [_Running((), 0.0, 0)]
    ended: list[Hypothesis] = []
    with torch.inference_mode():
        decoder = PromptDecoder(seq2seq, [prompt])
        logprobs = decoder.start()
        for _ in range(limit):
            following = [each for one in running for each in _following(one, logprobs, phrases, beams, end)]
            ended += [Hypothesis(list(each.ids), each.logprob) for each in following if each.ids[-1] == end]
            running = _shared_out([each for each in following if each.ids[-1] != end], phrases, beams)
            if not running or len(ended) >= beams:
                break
            rows = torch.tensor([each.row for each in running])
            logprobs = decoder.step(rows, torch.tensor([each.ids[-1] for each in running]))
            running = [each._replace(row=row) for row, each in enumerate(running)]
    return sorted(ended, key=lambda one: -one.logprob / len(one.ids) ** length_penalty)[:beams]


def _following(
    one: _Running, logprobs: torch.Tensor, phrases: Sequence[Phrase], beams: int, end: int
) -> Iterator[_Running]:
    """The ways to go on: the likeliest tokens, and those that begin or continue a phrase that is due."""
    row = logprobs[one.row]
    likely = row.topk(min(beams + 1, len(row))).indices.tolist()
    due = [wording[_begun(one.ids, wording)] for number in _open(one, phrases) for wording in phrases[number]]
    for token in dict.fromkeys([*likely, *due]):
        ids = (*one.ids, token)
        now = [n for n in _open(one, phrases) if any(ids[-len(words) :] == tuple(words) for words in phrases[n])]
        said = one.said.union(now)
        if token != end or len(said) == len(phrases):
            yield _Running(ids, one.logprob + float(row[token]), one.row, said)


def _open(one: _Running, phrases: Sequence[Phrase]) -> list[int]:
    """The numbers of the phrases that are due."""
    return [number for number in range(len(phrases)) if number not in one.said]


def _begun(ids: tuple[int, ...], wording: Sequence[int]) -> int:
    """How many tokens of a wording, but not all, the ids end with."""
    longest = min(len(ids), len(wording) - 1)
    return next((n for n in range(longest, 0, -1) if ids[-n:] == tuple(wording[:n])), 0)


def _shared_out(following: list[_Running], phrases: Sequence[Phrase], beams: int) -> list[_Running]:
    """The best `beams` hypotheses, taken in turn from those that have said most of the phrases down to the fewest."""
    banks: dict[int, list[_Running]] = {}
    for each in sorted(following, key=lambda each: -each.logprob):
        begun = [max(_begun(each.ids, wording) for wording in phrases[n]) for n in _open(each, phrases)]
        tokens = sum(len(phrases[number][0]) for number in each.said) + max(begun, default=0)
        banks.setdefault(tokens, []).append(each)
    chosen: list[_Running] = []
    while len(chosen) < beams and any(banks.values()):
        for tokens in sorted(banks, reverse=True):
            if banks[tokens] and len(chosen) < beams:
                chosen.append(banks[tokens].pop(0))
    return chosen
