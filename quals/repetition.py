"""What a text says twice: ours, since the paper asks what a text says, and not how often.

Each sentence is asked of the rest of its text. One whose answers the rest gives as surely as the text itself adds
nothing to it. What a sentence begins with is what it is about, and may come as often as it likes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp, log, nan
from statistics import fmean

from quals.asking import AskedPair, answers_within
from quals.likelihood import Likelihood, Read
from quals.qagen import QAGen
from tabtext.sentences import split_sentences

SURE = log(0.5)
"""The mean log-probability that an answer must have given the text to be asked of the rest."""

LEAST = 0.03
"""The least chance that a sentence says something new; keeps scores finite."""


def repetitions(qagen: QAGen, likelihood: Likelihood, asked: Sequence[tuple[str, Sequence[AskedPair]]]) -> list[float]:
    """For each text with its pairs the log of the chance that its least needed sentence says something new: 0 where
    nothing is repeated, down to log(`LEAST`); of a text of one sentence 0, and NaN without a pair."""
    rows = [(place, *row) for place, (text, pairs) in enumerate(asked) for row in _apart(qagen, text, pairs)]
    given_rest = likelihood.best([read for _, read, _ in rows])
    gains: list[list[float]] = [[] for _ in asked]
    for (place, (_, read), own), found in zip(rows, given_rest, strict=True):
        cuts = [ids.index(qagen.separator_id) + 1 for ids in read]
        gains[place].append(fmean(fmean(ids[cut:]) for ids, cut in zip(found, cuts, strict=True)) - fmean(own))
    chances = [log(max(LEAST, 1 - exp(min(0.0, max(its))))) if its else 0.0 for its in gains]
    return [one if pairs else nan for one, (_, pairs) in zip(chances, asked, strict=True)]


def _apart(qagen: QAGen, text: str, pairs: Sequence[AskedPair]) -> Iterator[tuple[Read, list[float]]]:
    """For each sentence of several the rest of the text, to be read with the pairs that the sentence surely answers,
    and how likely the text makes their answers."""
    sentences = split_sentences(text)
    told = [pair for pair in pairs if not any(_begins(sentence, pair.pair.answer) for sentence in sentences)]
    own = {pair.ids: fmean(pair.given_text[pair.ids.index(qagen.separator_id) + 1 :]) for pair in told}
    for place, sentence in enumerate(sentences if len(sentences) > 1 else ()):
        rest = " ".join((*sentences[:place], *sentences[place + 1 :]))
        chosen = [pair.ids for pair in answers_within(told, sentence) if own[pair.ids] > SURE]
        if chosen:
            yield (qagen.encoder.windows(rest), chosen), [own[ids] for ids in chosen]


def _begins(sentence: str, answer: str) -> bool:
    return sentence.lower().removeprefix("the ").startswith(answer.lower().removeprefix("the "))
