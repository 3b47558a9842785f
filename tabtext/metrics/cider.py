"""CIDEr-D: n-gram vectors weighed by how rare they are in the references, compared by cosine (Vedantam et al. 2015).

Equal to pycocoevalcap's `Cider` on the same tokens. COCO tokenises with a Java program first; `tokenize` imitates it,
and agrees on nearly all of plain text.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tabtext.metrics.base import Items, MeanMetric

ORDERS = 4
SIGMA = 6.0
"""The width of the length penalty, in bigrams."""

_TOKEN = re.compile(
    r"n't\b|'(?:s|re|ve|ll|d|m)\b"  # the second half of isn't, it's
    r"|\.?\d+(?:[.,:]\d+)*\w*(?:-\w+)*"  # 2,702  12.4  .261  29th  1-star
    r"|(?<!\w)(?:[^\W\d]\.)+|\b(?:no|mr|mrs|ms|dr|st|jr|vs)\."  # t.i.  b.  no.
    r"|[^\W\d]\w*?(?=n't\b)|\w+(?:[-/]\w+)*"
    r"|[()\[\]£$%/&@+=×]"
)
_WRITTEN = {"(": "-lrb-", ")": "-rrb-", "[": "-lsb-", "]": "-rsb-", "£": "#"}
"""How the Penn Treebank, and so COCO's program, writes some signs."""


def tokenize(text: str) -> list[str]:
    """Lower-cased tokens as the Penn Treebank has them, without punctuation."""
    return [_WRITTEN.get(token, token) for token in _TOKEN.findall(text.lower().replace("’", "'"))]


class Cider(MeanMetric):
    """CIDEr-D, from 0 to 10 and averaged over the references; rarity is counted over this run's own references.

    With one item nothing is rare and the score is 0: this is a measure of whole corpora.
    """

    name = "cider"

    def __init__(self, tokenize: Callable[[str], list[str]] = tokenize) -> None:
        self.tokenize = tokenize
        self.settings = ("case:lc", "tok:ptb-like", "d", f"sigma:{SIGMA:g}")

    def segment_scores(self, items: Items) -> list[float]:
        """CIDEr-D of every item."""
        groups = [[_ngram_counts(self.tokenize(text)) for text in group] for group in items.references]
        documents = Counter(ngram for group in groups for ngram in set().union(*group))
        size = math.log(len(items))

        def vector(counts: Counter[tuple[str, ...]]) -> Vector:
            return Vector.of(counts, lambda ngram: size - math.log(max(1, documents[ngram])))

        scores = []
        for prediction, group in zip(items.predictions, groups, strict=True):
            predicted = vector(_ngram_counts(self.tokenize(prediction)))
            alike = [_similarity(predicted, vector(reference)) for reference in group]
            scores.append(10 * sum(alike) / len(alike))
        return scores


class Vector(NamedTuple):
    """The weights of a text's n-grams, by order, with each order's norm, and its number of bigrams."""

    weights: tuple[dict[tuple[str, ...], float], ...]
    norms: tuple[float, ...]
    bigrams: int

    @classmethod
    def of(cls, counts: Counter[tuple[str, ...]], rarity: Callable[[tuple[str, ...]], float]) -> Vector:
        """The vector of these counts."""
        weights: tuple[dict[tuple[str, ...], float], ...] = tuple({} for _ in range(ORDERS))
        for ngram, count in counts.items():
            weights[len(ngram) - 1][ngram] = count * rarity(ngram)
        norms = tuple(math.sqrt(sum(weight * weight for weight in order.values())) for order in weights)
        return cls(weights, norms, sum(count for ngram, count in counts.items() if len(ngram) == 2))


def _ngram_counts(tokens: Sequence[str]) -> Counter[tuple[str, ...]]:
    def ngrams() -> Iterable[tuple[str, ...]]:
        for order in range(1, ORDERS + 1):
            yield from zip(*(tokens[i:] for i in range(order)), strict=False)

    return Counter(ngrams())


def _similarity(predicted: Vector, wanted: Vector) -> float:
    """The mean cosine over the orders, weights clipped to the reference's, times the length penalty."""
    cosines = 0.0
    for order in range(ORDERS):
        ours, theirs = predicted.weights[order], wanted.weights[order]
        dot = sum(min(weight, theirs[ngram]) * theirs[ngram] for ngram, weight in ours.items() if ngram in theirs)
        norm = predicted.norms[order] * wanted.norms[order]
        cosines += dot / norm if norm else dot
    difference = predicted.bigrams - wanted.bigrams
    return cosines / ORDERS * math.exp(-(difference**2) / (2 * SIGMA**2))
