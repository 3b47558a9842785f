"""ROUGE-1/2/L/Lsum F1, equal to the package rouge-score and many times as fast (Lin 2004).

Each text is tokenised once, n-grams are counted on tuples, and a longest common subsequence takes one step on a wide
integer per predicted token (Crochemore et al. 2001, Hyyrö 2004) in place of a table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from typing import Any

from tabtext.errors import MissingExtraError
from tabtext.metrics.base import Items, MeanMetric

Tokens = tuple[str, ...]

_LETTERS = b"abcdefghijklmnopqrstuvwxyz0123456789"
_SEPARATED = bytes(code if code in _LETTERS else ord(" ") for code in range(256))
"""All that is not a letter or digit becomes a space; letters beyond a-z too, as rouge-score has it."""


class Rouge(MeanMetric):
    """Mean ROUGE F1 in percent over the items; of several references the best one counts.

    `kind` is `rouge1` … `rouge9`, `rougeL` (one sequence) or `rougeLsum` (a sentence per line).
    """

    scale = 100.0

    def __init__(self, kind: str, *, stem: bool = False) -> None:
        self.kind, self.stem = kind, stem
        self.name = f"{kind}_stem" if stem else kind
        self.settings = ("f1", "case:lc", "tok:a-z0-9", f"stem:{'porter' if stem else 'no'}")

    def segment_scores(self, items: Items) -> list[float]:
        """ROUGE F1 of every item, from 0 to 1."""
        score = _KINDS.get(self.kind) or _ngram_score(int(self.kind.removeprefix("rouge")))
        return [
            max(score(prediction, reference, self.stem) for reference in references)
            for prediction, references in zip(items.predictions, items.references, strict=True)
        ]


@lru_cache(maxsize=1 << 14)
def tokenize(text: str, stem: bool) -> Tokens:
    """Runs of Latin letters and digits, lower-cased; with `stem`, words of more than 3 letters lose their endings."""
    tokens = text.lower().encode("ascii", "replace").translate(_SEPARATED).decode().split()
    if stem:
        stemmed = _stemmer()
        tokens = [stemmed(token) if len(token) > 3 else token for token in tokens]
    return tuple(tokens)


@cache
def _stemmer() -> Callable[[str], str]:
    try:
        from nltk.stem.porter import PorterStemmer
    except ImportError:
        raise MissingExtraError("ROUGE with stemming", "nltk", "metrics") from None
    return lru_cache(maxsize=1 << 16)(PorterStemmer().stem)


def clear_caches() -> None:
    """Forget all texts and stems, so that a measurement starts cold."""
    for cached in (tokenize, _stemmer):
        cached.cache_clear()


def _ngram_score(order: int) -> Callable[[str, str, bool], float]:
    def score(prediction: str, reference: str, stem: bool) -> float:
        predicted, wanted = tokenize(prediction, stem), tokenize(reference, stem)
        left: dict[Any, int] = {}
        for ngram in _ngrams(wanted, order):
            left[ngram] = left.get(ngram, 0) + 1
        matched = 0
        for ngram in _ngrams(predicted, order):
            if left.get(ngram):
                left[ngram] -= 1
                matched += 1
        return f1(matched, max(0, len(predicted) - order + 1), max(0, len(wanted) - order + 1))

    return score


def _ngrams(tokens: Tokens, order: int) -> Iterable[Any]:
    return tokens if order == 1 else zip(*[tokens[i:] for i in range(order)], strict=False)


def _lcs_score(prediction: str, reference: str, stem: bool) -> float:
    predicted, wanted = tokenize(prediction, stem), tokenize(reference, stem)
    return f1(lcs_length(wanted, predicted), len(predicted), len(wanted))


def _summary_score(prediction: str, reference: str, stem: bool) -> float:
    """Union of the longest common subsequences of each reference sentence with all predicted ones (Lin 2004, 3.2);
    a token counts at most as often as each side has it."""
    predicted, wanted = (
        [tokenize(line, stem) for line in text.split("\n") if line] for text in (prediction, reference)
    )
    left = [Counter(token for sentence in side for token in sentence) for side in (predicted, wanted)]
    sizes = [side.total() for side in left]
    matched = 0
    for sentence in wanted:
        union = set[int]().union(*(_lcs_places(sentence, other) for other in predicted))
        for place in sorted(union):
            token = sentence[place]
            if all(side[token] > 0 for side in left):
                matched += 1
                for side in left:
                    side[token] -= 1
    return f1(matched, sizes[0], sizes[1])


_KINDS: dict[str, Callable[[str, str, bool], float]] = {"rougeL": _lcs_score, "rougeLsum": _summary_score}


def lcs_length(wanted: Sequence[str], predicted: Sequence[str]) -> int:
    """The length of the longest common subsequence."""
    row = lcs_rows(wanted, predicted)[-1]
    return len(wanted) - (row & (1 << len(wanted)) - 1).bit_count()


def lcs_rows(wanted: Sequence[str], predicted: Sequence[str]) -> list[int]:
    """After each predicted token, a number whose bit i is 0 where the longest common subsequence grows at `wanted[i]`.

    The first row, before any token, is all ones; zeros among the lowest i bits of a row count the length for
    `wanted[:i]`. Bits from `len(wanted)` on are carries that mean nothing.
    """
    places: dict[str, int] = {}
    for place, token in enumerate(wanted):
        places[token] = places.get(token, 0) | 1 << place
    row = (1 << len(wanted)) - 1
    rows = [row]
    for matches in map(places.get, predicted):
        if matches:
            matches &= row
            row = (row + matches) | (row - matches)
        rows.append(row)
    return rows


def _lcs_places(wanted: Tokens, predicted: Tokens) -> list[int]:
    """Where in `wanted` the tokens of one longest common subsequence stand; which one is rouge-score's choice."""
    rows = lcs_rows(wanted, predicted)
    i, j = len(wanted), len(predicted)
    places = []
    while i and j:
        if wanted[i - 1] == predicted[j - 1]:
            i, j = i - 1, j - 1
            places.append(i)
        elif rows[j] >> (i - 1) & 1:
            i -= 1
        else:
            j -= 1
    return places


def f1(matched: int, predicted: int, wanted: int) -> float:
    """The harmonic mean of matched/predicted and matched/wanted; 0 where nothing matched."""
    return 2 * matched / (predicted + wanted) if matched else 0.0
