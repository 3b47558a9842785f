"""ROUGE-1/2/L F1 of sentence pairs, with and without stemming: ours against the package rouge-score."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tabtext.metrics.base import Items
from tabtext.metrics.rouge import Rouge, clear_caches

KINDS = ("rouge1", "rouge2", "rougeL")
ROUNDS = 3
"""Both take turns, each starting cold; the quickest round of each counts, in processor time."""
PAIRS, WORDS, VOCABULARY = 3000, 25, 2000
"""A pair is two texts of about this many words, two thirds of them shared."""


class Timed(NamedTuple):
    """How long it took, and the scores by kind and pair."""

    seconds: float
    scores: list[list[float]]


def measure() -> Iterator[str]:
    """Pairs per second of both, their ratio, and the largest difference of any score."""
    pairs = _pairs(random.Random(1))
    items = Items.of([first for first, _ in pairs], [second for _, second in pairs])
    for stem in (False, True):
        rounds = [(_timed(_ours, items, stem), _timed(_theirs, items, stem)) for _ in range(ROUNDS)]
        ours, theirs = rounds[0][0].scores, rounds[0][1].scores
        seconds, peer_seconds = (min(timed.seconds for timed in side) for side in zip(*rounds, strict=True))
        gap = max(
            abs(a - b) for mine, other in zip(ours, theirs, strict=True) for a, b in zip(mine, other, strict=True)
        )
        yield (
            f"{'with' if stem else 'without'} stemming {PAIRS / seconds:,.0f} pairs/s, rouge-score "
            f"{PAIRS / peer_seconds:,.0f} pairs/s: {peer_seconds / seconds:.1f} times as fast, "
            f"largest difference {gap:.1e}"
        )


def _ours(items: Items, stem: bool) -> list[list[float]]:
    return [Rouge(kind, stem=stem).segment_scores(items) for kind in KINDS]


def _theirs(items: Items, stem: bool) -> list[list[float]]:
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(list(KINDS), use_stemmer=stem)
    scores = [scorer.score(refs[0], text) for text, refs in zip(items.predictions, items.references, strict=True)]
    return [[score[kind].fmeasure for score in scores] for kind in KINDS]


def _timed(compute: Callable[[Items, bool], list[list[float]]], items: Items, stem: bool) -> Timed:
    clear_caches()
    start = time.process_time()
    scores = compute(items, stem)
    return Timed(time.process_time() - start, scores)


def _pairs(rng: random.Random) -> list[tuple[str, str]]:
    words = ["".join(rng.choices("etaoinshrdlu", k=rng.randint(2, 9))) for _ in range(VOCABULARY)]
    words += [word + ending for word in words for ending in ("s", "ed", "ing", "ation")]
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    rng.shuffle(words)
    pairs = []
    for _ in range(PAIRS):
        first = rng.choices(words, weights, k=WORDS)
        second = [word if rng.random() < 2 / 3 else rng.choices(words, weights)[0] for word in first]
        pairs.append((" ".join(first) + ".", " ".join(second) + "."))
    return pairs
