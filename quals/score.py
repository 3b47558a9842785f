"""QUALS: is a text supported by its source? (Nan et al., ACL 2021, section 3)

A generator asks the text, and answers from it; the score is the mean over these pairs of what their words' mean
log-probability gains from being read with the source instead of the text. It is at most about 0, and the lower, the
more the text says that the source does not. Pairs that the text itself makes likelier weigh more here, since a small
generator also asks what nobody would; the paper's plain mean is a `sureness` of 0. A record is read in its text's own
words where rules know them (`tabtext.slots.worded`).

What a text leaves out it cannot be asked about: with `coverage` (ours) the source is asked too. What it says twice it
is asked once: with `repetition` (ours) each sentence is asked of the others. The score is the sum of all parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import exp
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

from quals.asking import WANTED, AskedPair, ask
from quals.likelihood import Likelihood
from quals.qagen import QAGen
from quals.repetition import repetitions
from quals.sources import Source, in_words_of
from tabtext.diverse import DiverseSearch

if TYPE_CHECKING:
    import torch

NO_EVIDENCE = float("nan")
"""The score of a text that is empty or that no pair could be asked of; `Scorer`s say NaN for no verdict."""

SURENESS = 8.0
"""A pair weighs its words' mean probability given the text, to this power; chosen on spoiled texts of E2E dev."""

TEXTS = 64
"""Texts that are judged together."""


@dataclass(frozen=True)
class JudgedPair:
    """A pair with its words' mean log-probability given the source and given the text, and the same of its answer's."""

    question: str
    answer: str
    given_source: float
    given_text: float
    answer_given_source: float
    answer_given_text: float

    @property
    def gain(self) -> float:
        """What the pair adds to the score: below 0 where the source says it less than the text."""
        return self.given_source - self.given_text


@dataclass(frozen=True)
class Judged:
    """A text's score, NaN where there is no evidence, the pairs behind it, and those asked of the source.

    `supported`, `covered` and `repetition` are the score's parts. Where the source was not asked, `of_source` is None
    and `covered` no part of it; where it was and gave no pair, there is no evidence either. `repetition` is 0 where
    nothing is said twice, below where something is, and None where that was not asked.
    """

    text: str
    supported: float
    pairs: tuple[JudgedPair, ...] = ()
    covered: float = NO_EVIDENCE
    of_source: tuple[JudgedPair, ...] | None = None
    repetition: float | None = None

    @property
    def score(self) -> float:
        """How far the text is supported, says all of its source and says it once, as far as that was asked; higher is
        better."""
        covered = 0.0 if self.of_source is None else self.covered
        return self.supported + covered + (self.repetition or 0.0)


class QUALS:
    """A `Scorer` by questions and answers: higher is better supported, NaN where a text gives no pair.

    >>> quals = QUALS.from_pretrained("quals-mini")
    >>> quals("Beijing hosted the games in 2008.", ["Beijing hosted in 2008.", "Rome hosted in 2008."])
    """

    def __init__(
        self,
        qagen: QAGen,
        *,
        search: DiverseSearch | None = None,
        wanted: int = WANTED,
        sureness: float = SURENESS,
        coverage: bool = False,
        repetition: bool = False,
    ) -> None:
        self.qagen, self.search, self.wanted = qagen, search or DiverseSearch(), wanted
        self.sureness, self.coverage, self.repetition = sureness, coverage, repetition
        self._likelihood = Likelihood(qagen)

    @classmethod
    def from_pretrained(
        cls,
        name: str | Path,
        *,
        device: str | torch.device | None = None,
        **how: Any,
    ) -> QUALS:
        """QUALS with the generator of this name, folder or hub id; an InputError says why it cannot be one."""
        return cls(QAGen.from_pretrained(name, device=device), **how)

    def __call__(self, source: Any, texts: Sequence[str]) -> list[float]:
        """The score of each text about the source (a document, a `Table`, a `Record`)."""
        return [judged.score for judged in self.judge((source, text) for text in texts)]

    def explain(self, source: Source, text: str) -> Judged:
        """The pairs behind a text's score, with both probabilities."""
        return next(self.judge([(source, text)]))

    def judge(self, items: Iterable[tuple[Source, str]]) -> Iterator[Judged]:
        """Judge texts, each about its own source, in order and many at once; may go on for ever."""
        waiting = iter(items)
        while ahead := list(islice(waiting, TEXTS)):
            yield from self._judge(ahead)

    def _judge(self, items: Sequence[tuple[Source, str]]) -> Iterator[Judged]:
        items = [(in_words_of(text, source), text) for source, text in items]
        asked = self._pairs([text for _, text in items])
        supported = self._read([(text, source) for source, text in items], asked)
        both = [(source, text) for source, text in items if self.coverage and text.strip()]
        covered = self._read(both, self._pairs([source for source, _ in both]), of_source=True)
        repeated = self._repeated([(text, asked[text]) for _, text in items])
        for _, text in items:
            pairs, repetition = next(supported), next(repeated)
            gain = weighted_gain(pairs, self.sureness)
            if not self.coverage:
                yield Judged(text, gain, pairs, repetition=repetition)
                continue
            theirs = next(covered) if text.strip() else ()
            coverage = weighted_gain(theirs, self.sureness, of_source=True)
            yield Judged(text, gain, pairs, coverage, theirs, repetition)

    def _pairs(self, sources: Iterable[Source]) -> dict[Source, list[AskedPair]]:
        """The pairs of each distinct text or source."""
        distinct = list(dict.fromkeys(sources))
        return dict(zip(distinct, ask(self.qagen, distinct, self.search, self.wanted), strict=True))

    def _repeated(self, asked: Sequence[tuple[str, Sequence[AskedPair]]]) -> Iterator[float | None]:
        """What each text says twice, None for all where that is not asked for."""
        return iter(repetitions(self.qagen, self._likelihood, asked) if self.repetition else [None] * len(asked))

    def _read(
        self,
        items: Sequence[tuple[Source, Source]],
        asked: Mapping[Source, Sequence[AskedPair]],
        *,
        of_source: bool = False,
    ) -> Iterator[tuple[JudgedPair, ...]]:
        """The pairs `asked` of the first of two, the text or the source, each read with both."""
        others = {other: self.qagen.encoder.windows(other) for other in dict.fromkeys(other for _, other in items)}
        given_other = self._likelihood.best([(others[other], _ids(asked[one])) for one, other in items])
        long = {
            one: windows
            for one in dict.fromkeys(one for one, _ in items)
            if asked[one] and len(windows := self.qagen.encoder.windows(one)) > 1
        }
        read_long = self._likelihood.best([(windows, _ids(asked[one])) for one, windows in long.items()])
        given_long = dict(zip(long, read_long, strict=True))
        for (one, _), theirs in zip(items, given_other, strict=True):
            own = given_long.get(one) or [pair.given_text for pair in asked[one]]
            read = zip(own, theirs, strict=True) if of_source else zip(theirs, own, strict=True)
            yield tuple(self._pair(pair, *both) for pair, both in zip(asked[one], read, strict=True))

    def _pair(self, asked: AskedPair, source: Sequence[float], text: Sequence[float]) -> JudgedPair:
        cut = asked.ids.index(self.qagen.separator_id) + 1
        means = (fmean(source), fmean(text), fmean(source[cut:]), fmean(text[cut:]))
        return JudgedPair(*asked.pair, *means)


def _ids(pairs: Iterable[AskedPair]) -> list[tuple[int, ...]]:
    return [pair.ids for pair in pairs]


def weighted_gain(pairs: Sequence[JudgedPair], sureness: float = SURENESS, *, of_source: bool = False) -> float:
    """The mean of the pairs' gains, weighted by how sure the text makes them; NaN without pairs. Of pairs that were
    asked of the source, what they gain from being read with the text, by how sure the source makes them."""
    if not pairs:
        return NO_EVIDENCE
    sure = [pair.given_source if of_source else pair.given_text for pair in pairs]
    weights = [exp(sureness * (one - max(sure))) for one in sure]
    gains = [-pair.gain if of_source else pair.gain for pair in pairs]
    return sum(weight * gain for weight, gain in zip(weights, gains, strict=True)) / sum(weights)
