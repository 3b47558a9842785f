"""The pairs that a text is judged by: asked of the text itself by diverse beam search, kept if they make sense,
spread over its answers (QUALS, section 3).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from quals.pairs import Pair, tells_its_answer
from quals.qagen import QAGen
from quals.sources import Source, text_of
from tabtext.diverse import DiverseSearch, Hypothesis, diverse_hypotheses
from tabtext.slots import POLAR

WANTED = 10
"""Pairs that are enough; rounds over the answers end when there are so many."""


class AskedPair(NamedTuple):
    """A pair, its ids, and the log-probability of each id given the text that it was asked of."""

    pair: Pair
    ids: tuple[int, ...]
    given_text: tuple[float, ...]


def ask(
    qagen: QAGen, sources: Sequence[Source], search: DiverseSearch, wanted: int = WANTED
) -> Iterator[list[AskedPair]]:
    """The pairs of each text or other source; of one longer than the model's input, those of all its windows."""
    texts = [text_of(source) for source in sources]
    windows = [
        qagen.encoder.windows(source) if text.strip() else [] for source, text in zip(sources, texts, strict=True)
    ]
    rows = ({"input_ids": ids} for each in windows for ids in each)
    found = diverse_hypotheses(qagen.seq2seq, rows, search, goes_on=qagen.separator_id)  # who asks wants an answer
    for text, each in zip(texts, windows, strict=True):
        yield chosen(qagen, [hypothesis for _ in each for hypothesis in next(found)], text, wanted)


def chosen(qagen: QAGen, hypotheses: Iterable[Hypothesis], text: str, wanted: int = WANTED) -> list[AskedPair]:
    """The likeliest well-formed pairs whose answer is in the text and not in the question, or yes or no, round by round
    one per answer, until there are `wanted`; a question is asked once."""
    folded = _folded(text)
    by_answer: dict[str, list[AskedPair]] = {}
    for hypothesis in sorted(set(hypotheses), key=lambda one: (-one.logprob, one.ids)):
        pair = qagen.pair(list(hypothesis.ids))
        answer = _folded(pair.answer) if pair else ""
        if pair is None or tells_its_answer(pair):
            continue
        if answer in by_answer or answer in POLAR or _within(answer, folded):
            by_answer.setdefault(answer, []).append(AskedPair(pair, hypothesis.ids, hypothesis.logprobs))
    return _spread(list(by_answer.values()), wanted)


def answers_within(pairs: Iterable[AskedPair], text: str) -> list[AskedPair]:
    """The pairs whose answer stands in a text as whole words."""
    folded = _folded(text)
    return [one for one in pairs if _within(_folded(one.pair.answer), folded)]


def _spread(groups: Sequence[list[AskedPair]], wanted: int) -> list[AskedPair]:
    """One pair of each group in turn, in whole rounds, until there are enough; a question that was asked is dropped."""
    kept: list[AskedPair] = []
    asked: set[str] = set()
    waiting = [iter(group) for group in groups]
    while waiting and len(kept) < wanted:
        left = []
        for group in waiting:
            fresh = next((one for one in group if _folded(one.pair.question) not in asked), None)
            if fresh is not None:
                asked.add(_folded(fresh.pair.question))
                kept.append(fresh)
                left.append(group)
        waiting = left
    return kept


def _within(answer: str, text: str) -> bool:
    """Whether the answer stands in the text as whole words."""
    if answer not in text:  # far quicker than the pattern in a source of many windows
        return False
    return re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text) is not None


def _folded(text: str) -> str:
    return " ".join(text.lower().split())
