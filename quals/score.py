"""QUALS: is a text supported by its source? (Nan et al., ACL 2021, section 3)

A generator asks the text, and answers from it; the score is the mean over these pairs of what their words' mean
log-probability gains from being read with the source instead of the text. It is at most about 0, and the lower, the
more the text says that the source does not. Pairs that the text itself makes likelier weigh more here, since a small
generator also asks what nobody would; the paper's plain mean is a `sureness` of 0. What a text leaves out it cannot be
asked about: with `coverage` (ours) the source is asked too, and the score is the sum of both ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import exp
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

from quals.asking import WANTED, AskedPair, ask
from quals.likelihood import Asked, Likelihood
from quals.qagen import QAGen
from quals.sources import Source
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

    `supported` and `covered` are the score's two parts. Where the source was not asked, `of_source` is None and the
    score is `supported` alone; where it was and gave no pair, there is no evidence either.
    """

    text: str
    supported: float
    pairs: tuple[JudgedPair, ...] = ()
    covered: float = NO_EVIDENCE
    of_source: tuple[JudgedPair, ...] | None = None

    @property
    def score(self) -> float:
        """How far the text is supported, and where its source was asked how far it says it all; higher is better."""
        return self.supported if self.of_source is None else self.supported + self.covered


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
    ) -> None:
        self.qagen, self.search, self.wanted = qagen, search or DiverseSearch(), wanted
        self.sureness, self.coverage = sureness, coverage
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
        supported = self._asked([(text, source) for source, text in items])
        both = [(source, text) for source, text in items if self.coverage and text.strip()]
        covered = self._asked(both, of_source=True)
        for _, text in items:
            pairs = next(supported)
            gain = weighted_gain(pairs, self.sureness)
            if not self.coverage:
                yield Judged(text, gain, pairs)
                continue
            theirs = next(covered) if text.strip() else ()
            yield Judged(text, gain, pairs, weighted_gain(theirs, self.sureness, of_source=True), theirs)

    def _asked(
        self, items: Sequence[tuple[Source, Source]], *, of_source: bool = False
    ) -> Iterator[tuple[JudgedPair, ...]]:
        """The pairs of the first of two, the text or the source, each read with both."""
        pairs = _pairs_of(self.qagen, [asked for asked, _ in items], self.search, self.wanted)
        others = {other: _windows(self.qagen, other) for other in dict.fromkeys(other for _, other in items)}
        given_other = self._best([(others[other], pairs[asked]) for asked, other in items])
        long = {asked: windows for asked in pairs if pairs[asked] and len(windows := _windows(self.qagen, asked)) > 1}
        given_long = dict(zip(long, self._best([(long[asked], pairs[asked]) for asked in long]), strict=True))
        for (asked, _), theirs in zip(items, given_other, strict=True):
            own = given_long.get(asked) or [one.given_text for one in pairs[asked]]
            read = zip(own, theirs, strict=True) if of_source else zip(theirs, own, strict=True)
            yield tuple(self._pair(one, *both) for one, both in zip(pairs[asked], read, strict=True))

    def _best(
        self, read: Sequence[tuple[Sequence[tuple[int, ...]], Sequence[AskedPair]]]
    ) -> list[list[tuple[float, ...]]]:
        """For every (windows, pairs), each pair's log-probabilities in the window where it is likeliest."""
        asked = [Asked(window, one.ids) for windows, pairs in read for one in pairs for window in windows]
        found = iter(self._likelihood(asked))
        return [[max((next(found) for _ in windows), key=fmean) for _ in pairs] for windows, pairs in read]

    def _pair(self, asked: AskedPair, source: Sequence[float], text: Sequence[float]) -> JudgedPair:
        cut = asked.ids.index(self.qagen.separator_id) + 1
        means = (fmean(source), fmean(text), fmean(source[cut:]), fmean(text[cut:]))
        return JudgedPair(*asked.pair, *means)


def _pairs_of(
    qagen: QAGen, sources: Iterable[Source], search: DiverseSearch, wanted: int
) -> dict[Source, list[AskedPair]]:
    """The pairs of each distinct text or source."""
    distinct = list(dict.fromkeys(sources))
    return dict(zip(distinct, ask(qagen, distinct, search, wanted), strict=True))


def _windows(qagen: QAGen, source: Source) -> list[tuple[int, ...]]:
    return [tuple(ids) for ids in qagen.encoder.windows(source)]


def weighted_gain(pairs: Sequence[JudgedPair], sureness: float = SURENESS, *, of_source: bool = False) -> float:
    """The mean of the pairs' gains, weighted by how sure the text makes them; NaN without pairs. Of pairs that were
    asked of the source, what they gain from being read with the text, by how sure the source makes them."""
    if not pairs:
        return NO_EVIDENCE
    sure = [pair.given_source if of_source else pair.given_text for pair in pairs]
    weights = [exp(sureness * (one - max(sure))) for one in sure]
    gains = [-pair.gain if of_source else pair.gain for pair in pairs]
    return sum(weight * gain for weight, gain in zip(weights, gains, strict=True)) / sum(weights)
